import { Command } from "commander";
import { Failure } from "../../core/failure/failure.ts";
import { FAILED } from "../exit-code.ts";
import { parseApiUrl, parseRepository } from "../options.ts";
import type { CliServices } from "../services.ts";
import {
  readApp,
  readWriteToken,
  WRITE_TOKEN_SECRET,
  type WriteCredentialSource,
} from "../write-credential-source.ts";
import { examineWorkflows } from "./checks/all.ts";
import { readSubject } from "./checks/subject.ts";
import { type DoctorServices, examineRepository } from "./examine-repository.ts";
import { openCheckout } from "./open-checkout.ts";
import { describeAsJson, render, type Section, tally } from "./render.ts";

interface DoctorOptions {
  readonly repo?: string;
  readonly probeWriteToken?: true;
  readonly clientId?: string;
  readonly privateKeyFile?: string;
  readonly apiUrl: string;
  readonly json?: true;
}

export function doctorCommand(
  services: DoctorServices &
    Pick<
      CliServices,
      "actionInputs" | "directory" | "checkout" | "environment" | "exitWith" | "files" | "github"
    >,
): Command {
  const { environment, screen, exitWith } = services;
  return new Command("doctor")
    .summary("look for mistakes in workflows and in a repository's settings")
    .description(
      "Looks for mistakes that end a login: in the workflows of a checkout and, with --repo, in the settings on GitHub. " +
        "It changes nothing, unless --probe-write-token asks it to write what a refresh writes beside the login.",
    )
    .argument("[dir]", "the checkout, or a directory in it", ".")
    .option("--repo <owner/name>", "ask GitHub about this repository as well")
    .option(
      "--probe-write-token",
      `check that jobs can write: make and delete a variable beside the login and, in a repository, write a probe secret, with the token in $${WRITE_TOKEN_SECRET} or the App below`,
    )
    .option("--client-id <id>", "jobs use a GitHub App instead of a write token: its client ID …")
    .option("--private-key-file <pem>", "… and its private key")
    .option("--api-url <url>", "GitHub's REST API", environment.GITHUB_API_URL || "https://api.github.com")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nThe GitHub token is GH_TOKEN, GITHUB_TOKEN, or what `gh auth token` prints.\n" +
        "It should be allowed to read the repository's secrets, environments and\nactions; what it cannot read becomes a warning.\n\n" +
        "Exit codes: 0 no check failed (warnings do not count), 1 a check failed,\n2 wrong usage.\n\nExamples:\n" +
        "  npx codex-auth-roundtrip doctor\n" +
        "  npx codex-auth-roundtrip doctor --repo octo/app --json",
    )
    .action(async (directory: string, options: DoctorOptions) => {
      const repository = readRepository(options);
      const credential = options.probeWriteToken ? await readCredential(options, services) : null;
      const { files, base } = await openCheckout(directory, services);
      const subject = await readSubject(files, services.actionInputs);
      const sections: Section[] = [{ title: "Workflows", base, results: examineWorkflows(subject) }];
      if (repository) {
        const github = await services.github(parseApiUrl(options.apiUrl));
        sections.push(await examineRepository(services, github, { repository, credential, subject, base }));
      }
      screen.write(
        options.json
          ? `${JSON.stringify(describeAsJson(sections), null, 2)}\n`
          : render(sections, screen.look),
      );
      if (tally(sections.flatMap(({ results }) => results)).fail > 0) exitWith(FAILED);
    });
}

function readRepository({ repo, probeWriteToken }: DoctorOptions): ReturnType<typeof parseRepository> | null {
  if (repo !== undefined) return parseRepository(repo);
  if (!probeWriteToken) return null;
  throw new Failure("input-invalid", "`--probe-write-token` needs a repository.", "Add `--repo OWNER/NAME`.");
}

async function readCredential(
  options: DoctorOptions,
  { environment, files }: Pick<CliServices, "environment" | "files">,
): Promise<WriteCredentialSource> {
  const credential = (await readApp(options, files)) ?? readWriteToken(environment);
  if (credential) return credential;
  throw new Failure(
    "input-invalid",
    "`--probe-write-token` needs the jobs' write token or App.",
    `Set ${WRITE_TOKEN_SECRET} in the environment, or pass \`--client-id\` and \`--private-key-file\`.`,
  );
}
