import { Command } from "commander";
import type { Environment } from "../../core/environment/scrub.ts";
import { Failure } from "../../core/failure/failure.ts";
import type { Place as StoredPlace } from "../../core/github/secret-location.ts";
import { Secret } from "../../core/login/secret.ts";
import type { Files } from "../../ports/action.ts";
import type { CheckoutFiles, Probe, RepositoryAnswers, Screen } from "../../ports/doctor.ts";
import { parseRepository } from "../options.ts";
import { WRITER_TOKEN_SECRET, type WriterToStore } from "../seed/write-credential-source.ts";
import { examineWorkflows, type Result, readSubject, runAll } from "./checks/all.ts";
import { onlineChecks } from "./checks/online.ts";
import { describeAsJson, render, type Section, tally } from "./render.ts";
import { learn, type Place, survey } from "./survey.ts";
import type { Use } from "./workflow/use.ts";

/** What the entry lends to the command. */
export interface DoctorPorts {
  readonly environment: Environment;
  readonly files: Pick<Files, "read">;
  /** @returns `null` when there is no such directory */
  readonly checkout: (directory: string) => Promise<CheckoutFiles | null>;
  /** @throws {Failure} when there is no token to ask with */
  readonly answers: (
    repository: { owner: string; repository: string },
    options: { apiUrl: string },
  ) => Promise<RepositoryAnswers>;
  readonly probe: (writer: WriterToStore, place: StoredPlace, options: { apiUrl: string }) => Promise<Probe>;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** How the process shall end. */
  readonly exitWith: (code: number) => void;
}

interface DoctorOptions {
  readonly repo?: string;
  readonly probeWriter?: true;
  readonly clientId?: string;
  readonly privateKeyFile?: string;
  readonly apiUrl: string;
  readonly json?: true;
}

type Examination = Required<Pick<DoctorOptions, "apiUrl">> & {
  readonly repository: { owner: string; repository: string };
  readonly writer: WriterToStore | null;
};

export function doctorCommand(ports: DoctorPorts): Command {
  return new Command("doctor")
    .summary("look for mistakes in workflows and in a repository's settings")
    .description(
      "Looks for mistakes that end a login: in the workflows of a checkout, and with --repo in the settings on GitHub. " +
        "It changes nothing, unless --probe-writer asks it to write beside the login what a refresh writes.",
    )
    .argument("[dir]", "the checkout", ".")
    .option("--repo <owner/name>", "ask GitHub about this repository as well")
    .option(
      "--probe-writer",
      `make and delete a variable beside the login, and write a probe secret in a repository, with the jobs' write token: the token in $${WRITER_TOKEN_SECRET}, or the App below`,
    )
    .option("--client-id <id>", "the jobs' writer is this GitHub App …")
    .option("--private-key-file <pem>", "… with this private key")
    .option(
      "--api-url <url>",
      "GitHub's REST API",
      ports.environment.GITHUB_API_URL || "https://api.github.com",
    )
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nThe GitHub token is GH_TOKEN, GITHUB_TOKEN, or what `gh auth token` prints.\n" +
        "It should be able to read the repository's secrets, environments and actions;\n" +
        "what it may not ask becomes a warning.\n\n" +
        "Warnings do not change the exit code; a check that failed makes it 1.\n\nExamples:\n" +
        "  codex-auth-roundtrip doctor\n" +
        "  codex-auth-roundtrip doctor --repo octo/app --json",
    )
    .action(async (directory: string, options: DoctorOptions) => {
      const examination = await readOptions(options, ports);
      const files = await ports.checkout(directory);
      if (!files) {
        throw new Failure(
          "input-invalid",
          `There is no directory ${directory}.`,
          "Name the directory of a checkout.",
        );
      }
      const subject = await readSubject(files);
      const sections: Section[] = [{ title: "Workflows", results: examineWorkflows(subject) }];
      if (examination) sections.push(await examineOnline(examination, subject.uses, ports));
      ports.screen.write(
        options.json
          ? `${JSON.stringify(describeAsJson(sections), null, 2)}\n`
          : render(sections, ports.screen.look),
      );
      ports.exitWith(tally(sections.flatMap(({ results }) => results)).fail > 0 ? 1 : 0);
    });
}

async function readOptions(
  { repo, probeWriter, clientId, privateKeyFile, apiUrl }: DoctorOptions,
  { environment, files }: DoctorPorts,
): Promise<Examination | null> {
  if (repo === undefined) {
    if (!probeWriter) return null;
    throw new Failure("input-invalid", "`--probe-writer` needs a repository.", "Add `--repo OWNER/NAME`.");
  }
  const repository = parseRepository(repo);
  if (!probeWriter) return { apiUrl, repository, writer: null };
  if (clientId !== undefined && privateKeyFile !== undefined) {
    const key = await files.read(privateKeyFile).catch(() => null);
    if (key === null) {
      throw new Failure(
        "input-invalid",
        `${privateKeyFile} cannot be read.`,
        "Pass the PEM file that GitHub gave you when the App's private key was made.",
      );
    }
    return { apiUrl, repository, writer: { kind: "app", clientId, privateKey: new Secret(key) } };
  }
  const token = environment[WRITER_TOKEN_SECRET]?.trim();
  if (token && clientId === undefined && privateKeyFile === undefined)
    return { apiUrl, repository, writer: { kind: "token", token: new Secret(token) } };
  throw new Failure(
    "input-invalid",
    "`--probe-writer` needs the jobs' writer.",
    `Set ${WRITER_TOKEN_SECRET} in the environment, or pass \`--client-id\` and \`--private-key-file\`.`,
  );
}

async function examineOnline(
  { repository: { owner, repository }, writer, apiUrl }: Examination,
  uses: readonly Use[],
  ports: DoctorPorts,
): Promise<Section> {
  const fullName = `${owner}/${repository}`;
  const title = `GitHub, ${fullName}`;
  const answers = await ports.answers({ owner, repository }, { apiUrl });
  const progress = ports.screen.watch();
  try {
    // Whoever is in a hurry waits for a variable that is about to be deleted, and for nothing else.
    let probing: Promise<unknown> = Promise.resolve();
    const cancelled = interrupted(ports.signal, () => probing);
    const description = await Promise.race([learn(() => answers.describe()), cancelled]);
    if (!description.known) return { title, results: [invisible(`${description.why}.`)] };
    if (!description.value) return { title, results: [invisible(`The token cannot see ${fullName}.`)] };
    const { defaultBranch } = description.value;
    const visible = { outcome: "pass", reason: `default branch \`${defaultBranch}\`` } as const;
    const probe = (used: WriterToStore, { secretName, environment }: Place): Promise<Probe> => {
      const place = { owner, repository, repositoryId: "", environment, secretName };
      const probed = ports.probe(used, place, { apiUrl });
      probing = probed.catch(() => {});
      return probed;
    };
    const found = await Promise.race([
      survey(answers, {
        fullName,
        repository: description.value,
        uses,
        probe: writer && ((place) => probe(writer, place)),
        progress: (sentence) => progress.now(sentence),
      }),
      cancelled,
    ]);
    return { title, results: [{ ...VISIBLE, verdict: visible }, ...runAll(onlineChecks, found)] };
  } finally {
    progress.end();
  }
}

async function interrupted(signal: AbortSignal, mustEnd: () => Promise<unknown>): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  await mustEnd();
  throw signal.reason;
}

const VISIBLE = { id: "repository-visible", title: "GitHub shows the repository" };

function invisible(reason: string): Result {
  const remedy = "Check `--repo`, and log in with `gh auth login` or set GH_TOKEN.";
  const finding = { level: "fail", reason, remedy, positions: [] } as const;
  return { ...VISIBLE, verdict: { outcome: "fail", findings: [finding] } };
}
