import { Command, Option } from "commander";
import { Failure } from "../../core/failure/failure.ts";
import { Secret } from "../../core/login/secret.ts";
import { parseApiUrl, parseRepository, parseSecretName } from "../options.ts";
import type { CliServices } from "../services.ts";
import { WRITE_TOKEN_SECRET, type WriteCredentialSource } from "../write-credential-source.ts";
import type { LoginSource } from "./obtain-login.ts";
import { seed } from "./seed.ts";
import type { SeedRequest, SeedServices } from "./seed-request.ts";

interface SeedOptions {
  readonly repo: string;
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
  readonly allowPublicRepository?: true;
  readonly dryRun?: true;
  readonly apiUrl: string;
  readonly json?: true;
}

export function seedCommand(
  services: Omit<SeedServices, "reporter"> &
    Pick<CliServices, "directory" | "environment" | "github" | "reporterFor">,
): Command {
  const { environment, files, directory, reporterFor, github } = services;
  return new Command("seed")
    .summary("put a login into a repository's secret, once")
    .description(
      "Puts a ChatGPT login into a repository's secret. By default you log in again, in a temporary home that is " +
        "shredded afterwards: the login you use yourself is neither used nor touched.",
    )
    .requiredOption("--repo <owner/name>", "the repository")
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
    .option("--write-workflows", "write the example workflows into this checkout, never over a file")
    .option("--allow-public-repository", "allow a public repository")
    .option("--dry-run", "check everything, change nothing")
    .option("--api-url <url>", "GitHub's REST API", environment.GITHUB_API_URL || "https://api.github.com")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nThe GitHub token is GH_TOKEN, GITHUB_TOKEN, or what `gh auth token` prints.\n" +
        "It must be allowed to administer the repository, or at least to write its\nsecrets.\n\nExamples:\n" +
        "  codex-auth-roundtrip seed --repo octo/app --environment codex --write-workflows\n" +
        "  codex-auth-roundtrip seed --repo octo/app --environment codex --reseed",
    )
    .action(async (options: SeedOptions) => {
      const { repo, apiUrl, json, ...rest } = options;
      const request: SeedRequest = {
        ...parseRepository(repo),
        environment: rest.environment || null,
        secretName: parseSecretName(rest.secretName),
        source: loginSource(rest),
        writeCredential: await readCredential(rest, { environment, files }),
        workflowsFrom: rest.writeWorkflows ? directory : null,
        reseed: rest.reseed ?? false,
        createEnvironment: rest.createEnvironment ?? false,
        allowPublicRepository: rest.allowPublicRepository ?? false,
        dryRun: rest.dryRun ?? false,
      };
      const reporter = reporterFor({ json: json ?? false });
      reporter.result(await seed({ ...services, reporter }, await github(parseApiUrl(apiUrl)), request));
    });
}

export function loginSource({ from, browser }: { from?: string; browser?: true }): LoginSource {
  if (from !== undefined) return { kind: "file", path: from };
  return { kind: "fresh", method: browser ? "browser" : "device" };
}

async function readCredential(
  { writeToken, clientId, privateKeyFile }: Pick<SeedOptions, "writeToken" | "clientId" | "privateKeyFile">,
  { environment, files }: Pick<CliServices, "environment" | "files">,
): Promise<WriteCredentialSource | "ask" | null> {
  if (writeToken) {
    const token = environment[WRITE_TOKEN_SECRET]?.trim();
    return token ? { kind: "token", token: new Secret(token) } : "ask";
  }
  if (clientId === undefined && privateKeyFile === undefined) return null;
  if (clientId === undefined || privateKeyFile === undefined) {
    throw new Failure(
      "input-invalid",
      `The GitHub App needs ${clientId === undefined ? "`--client-id`" : "`--private-key-file`"} as well.`,
      "Pass both.",
    );
  }
  const key = await files.read(privateKeyFile).catch(() => null);
  if (key === null || key.trim() === "") {
    throw new Failure(
      "file-unreadable",
      `${privateKeyFile} cannot be read, or is empty.`,
      "Pass the PEM file that GitHub gave you when the App's private key was made.",
    );
  }
  return { kind: "app", clientId, privateKey: new Secret(key) };
}
