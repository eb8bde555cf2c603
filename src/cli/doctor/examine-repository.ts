import type { CopyDestination } from "../../core/copies/destination.ts";
import { parseDestinations } from "../../core/copies/parse-destinations.ts";
import { Failure } from "../../core/failure/failure.ts";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import { unlessAborted } from "../abort.ts";
import type { CliServices, GitHub, RepositoryName } from "../services.ts";
import type { WriteCredentialSource } from "../write-credential-source.ts";
import { fail, type Result, runAll } from "./checks/check.ts";
import { onlineChecks } from "./checks/online.ts";
import { onlineCopyChecks } from "./checks/online-copies.ts";
import { mayUseCopy, type Subject } from "./checks/subject.ts";
import { triggerChecks } from "./checks/triggers.ts";
import { learn } from "./learn.ts";
import { probeCopies, probeWriteCredential } from "./probe.ts";
import type { Section } from "./render.ts";
import { type LoginLocation, survey } from "./survey.ts";

export type DoctorServices = Pick<CliServices, "box" | "clock" | "screen" | "signal">;

interface Examination {
  readonly repository: RepositoryName;
  /** To be probed, where it is given. */
  readonly credential: WriteCredentialSource | null;
  readonly subject: Pick<Subject, "checkout" | "uses">;
  readonly base: string;
}

/** Checks everything that only GitHub knows about a repository. */
export async function examineRepository(
  services: DoctorServices,
  github: GitHub,
  { repository, credential, subject, base }: Examination,
): Promise<Section> {
  const { screen, signal } = services;
  const fullName = `${repository.owner}/${repository.repository}`;
  const answers = github.answers(repository);
  const progress = screen.watch();
  let probing: Promise<unknown> = Promise.resolve();
  const probe = (used: WriteCredentialSource) => (location: LoginLocation) => {
    signal.throwIfAborted();
    const place: SecretLocation = { ...repository, repositoryId: "", ...location };
    const probeAll = async () => {
      const probed = await probeWriteCredential(services, github.writeCredential(used, place), place);
      if (probed.kind === "refused" || signal.aborted) return probed;
      return probeCopies(github.copyAccess(used), destinationsOf(location, place));
    };
    const probed = probeAll();
    probing = probed.catch(() => {});
    // Nothing more is asked once somebody has interrupted it.
    return probed.finally(() => signal.throwIfAborted());
  };
  const look = async (): Promise<readonly Result[]> => {
    const description = await learn(() => answers.describe());
    if (!description.known) return [invisible(`${description.why}.`)];
    if (!description.value) return [invisible(`The token cannot see ${fullName}.`)];
    const found = await survey(answers, {
      fullName,
      repository: description.value,
      uses: subject.uses,
      usesCopy: mayUseCopy(subject.checkout),
      probe: credential && probe(credential),
      progress: (sentence) => progress.now(sentence),
    });
    return [
      visible(description.value.defaultBranch),
      ...runAll([...onlineChecks, ...triggerChecks, ...onlineCopyChecks], found),
    ];
  };
  try {
    return { title: `GitHub, ${fullName}`, base, results: await unlessAborted(signal, look()) };
  } finally {
    progress.end();
    // Also after a Ctrl-C: it is about to delete a variable.
    await probing;
  }
}

/** A line that the action refuses has a check of its own. */
function destinationsOf({ uses }: LoginLocation, place: SecretLocation): readonly CopyDestination[] {
  const lines = new Set(uses.flatMap(({ copies }) => copies.map(({ text }) => text)));
  return [...lines].flatMap((line) => {
    try {
      return parseDestinations(line, place, "access-copies");
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  });
}

const VISIBLE = { id: "repository-visible", title: "The repository is visible to the token" };

function visible(defaultBranch: string): Result {
  return { ...VISIBLE, verdict: { outcome: "pass", reason: `default branch \`${defaultBranch}\`` } };
}

function invisible(reason: string): Result {
  const remedy = "Check `--repo`, and log in with `gh auth login` or set GH_TOKEN.";
  return { ...VISIBLE, verdict: { outcome: "fail", findings: [fail(reason, remedy)] } };
}
