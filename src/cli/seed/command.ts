import { Command, Option } from "commander";
import type { Environment } from "../../core/environment/scrub.ts";
import { Failure } from "../../core/failure/failure.ts";
import { Secret } from "../../core/login/secret.ts";
import type { Files } from "../../ports/action.ts";
import type { Reporter, Result } from "../../ports/cli.ts";
import { parseRepository, parseSecretName } from "../options.ts";
import type { LoginSource } from "./obtain-login.ts";
import type { SeedRequest } from "./seed.ts";
import { WRITER_TOKEN_SECRET, type WriterToStore } from "./write-credential-source.ts";

/** What the entry lends to the command. */
export interface SeedPorts {
  readonly environment: Environment;
  readonly files: Files;
  readonly directory: string;
  readonly reporter: (options: { json: boolean }) => Reporter;
  readonly seed: (request: SeedRequest, options: { apiUrl: string; reporter: Reporter }) => Promise<Result>;
}

interface SeedOptions {
  readonly repo: string;
  readonly environment?: string;
  readonly secretName: string;
  readonly from?: string;
  readonly browser?: true;
  readonly reseed?: true;
  readonly createEnvironment?: true;
  readonly writerToken?: true;
  readonly clientId?: string;
  readonly privateKeyFile?: string;
  readonly writeWorkflows?: true;
  readonly allowPublicRepository?: true;
  readonly dryRun?: true;
  readonly apiUrl: string;
  readonly json?: true;
}

export function seedCommand({
  environment,
  files,
  directory,
  reporter: reporterOf,
  seed,
}: SeedPorts): Command {
  return new Command("seed")
    .summary("put a login into a repository's secret, once")
    .description(
      "Puts a ChatGPT login into a repository's secret. By default a fresh one, made in a temporary home of its own and " +
        "shredded from this machine afterwards: your own login is neither used nor touched.",
    )
    .requiredOption("--repo <owner/name>", "the repository")
    .option(
      "--environment <name>",
      "store it as a secret of this environment (recommended); else of the repository",
    )
    .option("--secret-name <name>", "the secret's name", "CODEX_AUTH_JSON")
    .addOption(
      new Option(
        "--from <file>",
        "store this auth.json instead of logging in; `-` reads it from stdin",
      ).conflicts("browser"),
    )
    .option("--browser", "log in with a browser on this machine instead of a one-time code")
    .option("--reseed", "replace a secret that is there")
    .option("--create-environment", "create the environment if it is missing, for the default branch alone")
    .addOption(
      new Option(
        "--writer-token",
        `store the jobs' writer as well: the fine-grained token in $${WRITER_TOKEN_SECRET}, or one you paste`,
      ).conflicts(["clientId", "privateKeyFile"]),
    )
    .option("--client-id <id>", "store the jobs' writer as well: this GitHub App …")
    .option("--private-key-file <pem>", "… with this private key")
    .option("--write-workflows", "write the example workflows into the checkout here, never over a file")
    .option("--allow-public-repository", "override the refusal of public repositories")
    .option("--dry-run", "check everything, change nothing")
    .option("--api-url <url>", "GitHub's REST API", environment.GITHUB_API_URL || "https://api.github.com")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nThe GitHub token is GH_TOKEN, GITHUB_TOKEN, or what `gh auth token` prints. It needs to administer the repository,\n" +
        "or at least to write its secrets.\n\nExamples:\n" +
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
        writer: await writerSource(rest, { environment, files }),
        workflowsFrom: rest.writeWorkflows ? directory : null,
        reseed: rest.reseed ?? false,
        createEnvironment: rest.createEnvironment ?? false,
        allowPublicRepository: rest.allowPublicRepository ?? false,
        dryRun: rest.dryRun ?? false,
      };
      const reporter = reporterOf({ json: json ?? false });
      reporter.result(await seed(request, { apiUrl, reporter: reporter }));
    });
}

export function loginSource({ from, browser }: { from?: string; browser?: true }): LoginSource {
  if (from !== undefined) return { kind: "file", path: from };
  return { kind: "fresh", method: browser ? "browser" : "device" };
}

async function writerSource(
  { writerToken, clientId, privateKeyFile }: Pick<SeedOptions, "writerToken" | "clientId" | "privateKeyFile">,
  { environment, files }: Pick<SeedPorts, "environment" | "files">,
): Promise<WriterToStore | "ask" | null> {
  if (writerToken) {
    const token = environment[WRITER_TOKEN_SECRET]?.trim();
    return token ? { kind: "token", token: new Secret(token) } : "ask";
  }
  if (clientId === undefined && privateKeyFile === undefined) return null;
  if (clientId === undefined || privateKeyFile === undefined) {
    throw new Failure(
      "input-invalid",
      `The GitHub App lacks its ${clientId === undefined ? "`--client-id`" : "`--private-key-file`"}.`,
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
