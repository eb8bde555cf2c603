import { Command, Option } from "commander";
import { parseDestinations } from "../../core/copies/parse-destinations.ts";
import { Failure } from "../../core/failure/failure.ts";
import { parseApiUrl, parseSecretName } from "../options.ts";
import { chooseRepository, refuseOtherCheckout } from "../origin.ts";
import type { CliServices } from "../services.ts";
import { readApp, readWriteToken, WRITE_TOKEN_SECRET } from "../write-credential-source.ts";
import type { LoginSource } from "./obtain-login.ts";
import { seed } from "./seed.ts";
import type { SeedRequest, SeedServices } from "./seed-request.ts";

interface SeedOptions {
  readonly repo?: string;
  readonly environment?: string;
  readonly secretName: string;
  readonly from?: string;
  readonly browser?: true;
  readonly reseed?: true;
  readonly createEnvironment?: true;
  readonly writeToken?: true;
  readonly clientId?: string;
  readonly privateKeyFile?: string;
  readonly writeWorkflows?: true;
  readonly copyTo?: readonly string[];
  readonly allowPublicRepository?: true;
  readonly dryRun?: true;
  readonly apiUrl: string;
  readonly json?: true;
}

/** Where examples/codex.yml reads its access copy, and examples/maintenance.yml writes it. */
const COPY_OF_WORKFLOWS = "secret CODEX_ACCESS_JSON";

export function seedCommand(
  services: Omit<SeedServices, "reporter"> &
    Pick<CliServices, "directory" | "environment" | "github" | "origin" | "reporterFor">,
): Command {
  const { environment, directory } = services;
  return new Command("seed")
    .summary("put a login into a repository's secret, once")
    .description(
      "Puts a ChatGPT login into a repository's secret. By default you log in again, in a temporary home that is " +
        "shredded afterwards: the login you use yourself is neither used nor touched.",
    )
    .option("--repo <owner/name>", "the repository (default: this checkout's remote `origin`)")
    .option(
      "--environment <name>",
      "store it as a secret of this environment (recommended), not of the repository",
    )
    .option("--secret-name <name>", "the secret's name", "CODEX_AUTH_JSON")
    .addOption(
      new Option(
        "--from <file>",
        "store this auth.json instead of logging in; `-` reads it from stdin",
      ).conflicts("browser"),
    )
    .option("--browser", "log in with a browser on this machine instead of a one-time code")
    .option("--reseed", "replace a secret that exists")
    .option("--create-environment", "create the environment if it is missing, for the default branch only")
    .addOption(
      new Option(
        "--write-token",
        `store the jobs' write token as well: the fine-grained token in $${WRITE_TOKEN_SECRET}, or one you paste`,
      ).conflicts(["clientId", "privateKeyFile"]),
    )
    .option("--client-id <id>", "store a GitHub App for the jobs instead of a write token: its client ID …")
    .option("--private-key-file <pem>", "… and its private key")
    .option(
      "--copy-to <destination>",
      "make a first access copy there, as in the input `access-copies`, for example 'secret CODEX_ACCESS_JSON' (repeatable)",
      (destination: string, before: readonly string[] = []) => [...before, destination],
    )
    .option(
      "--write-workflows",
      "write maintenance.yml and codex.yml into this checkout, never over a file; makes their access copy, too",
    )
    .option("--allow-public-repository", "allow a public repository")
    .option("--dry-run", "say what would be done, change nothing; what a token may write is not checked")
    .option("--api-url <url>", "GitHub's REST API", environment.GITHUB_API_URL || "https://api.github.com")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nThe GitHub token is GH_TOKEN, GITHUB_TOKEN, or what `gh auth token` prints.\n" +
        "It must be allowed to administer the repository, or at least to write its\nsecrets.\n\nExamples:\n" +
        "  npx codex-auth-roundtrip seed --environment codex --create-environment --write-token --write-workflows\n" +
        "  npx codex-auth-roundtrip seed --repo octo/app --environment codex --reseed",
    )
    .action(async (options: SeedOptions) => {
      const { repo, apiUrl, ...rest } = options;
      if (rest.createEnvironment && !rest.environment)
        throw new Failure(
          "input-invalid",
          "`--create-environment` needs the name of the environment.",
          "For example: --environment codex --create-environment",
        );
      const repository = await chooseRepository(services, repo, parseApiUrl(apiUrl));
      if (rest.writeWorkflows) await refuseOtherCheckout(services, repository);
      const target = {
        ...repository,
        environment: rest.environment || null,
        secretName: parseSecretName(rest.secretName),
      };
      // The workflows read a copy there: without it, the first maintenance fails.
      const ofWorkflows = rest.writeWorkflows ? [COPY_OF_WORKFLOWS] : [];
      const copies = (rest.copyTo ?? ofWorkflows).join("\n");
      const request: SeedRequest = {
        ...target,
        copies: parseDestinations(copies, { ...target, repositoryId: "" }, "`--copy-to`"),
        source: loginSource(rest),
        writeCredential: rest.writeToken
          ? (readWriteToken(environment) ?? "ask")
          : await readApp(rest, services.files),
        workflowsFrom: rest.writeWorkflows ? directory : null,
        reseed: rest.reseed ?? false,
        createEnvironment: rest.createEnvironment ?? false,
        allowPublicRepository: rest.allowPublicRepository ?? false,
        dryRun: rest.dryRun ?? false,
      };
      const reporter = services.reporterFor(options);
      reporter.result(
        await seed({ ...services, reporter }, await services.github(parseApiUrl(apiUrl)), request),
      );
    });
}

export function loginSource({ from, browser }: { from?: string; browser?: true }): LoginSource {
  if (from !== undefined) return { kind: "file", path: from };
  return { kind: "fresh", method: browser ? "browser" : "device" };
}
