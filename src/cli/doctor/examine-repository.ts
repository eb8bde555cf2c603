import type { SecretLocation } from "../../core/github/secret-location.ts";
import type { Probe } from "../../ports/doctor.ts";
import type { CliServices, GitHub, RepositoryName } from "../services.ts";
import type { WriteCredentialSource } from "../write-credential-source.ts";
import { type Result, runAll } from "./checks/all.ts";
import { onlineChecks } from "./checks/online.ts";
import { probeWriteCredential } from "./probe.ts";
import type { Section } from "./render.ts";
import { type LoginLocation, learn, survey } from "./survey.ts";
import type { Use } from "./workflow/use.ts";

export type DoctorServices = Pick<CliServices, "box" | "clock" | "screen" | "signal">;

interface Examination {
  readonly repository: RepositoryName;
  /** To be probed, where it is given. */
  readonly credential: WriteCredentialSource | null;
  readonly uses: readonly Use[];
}

/** Checks everything that only GitHub knows about a repository. */
export async function examineRepository(
  services: DoctorServices,
  github: GitHub,
  { repository, credential, uses }: Examination,
): Promise<Section> {
  const { screen, signal } = services;
  const fullName = `${repository.owner}/${repository.repository}`;
  const title = `GitHub, ${fullName}`;
  const answers = github.answers(repository);
  const progress = screen.watch();
  try {
    // After a Ctrl-C only a variable that is about to be deleted is waited for.
    let probing: Promise<unknown> = Promise.resolve();
    const cancelled = interrupted(signal, () => probing);
    const probe = (used: WriteCredentialSource, { secretName, environment }: LoginLocation) => {
      const place: SecretLocation = { ...repository, repositoryId: "", environment, secretName };
      const probed: Promise<Probe> = probeWriteCredential(
        services,
        github.writeCredential(used, place),
        place,
      );
      probing = probed.catch(() => {});
      return probed.then((outcome) => {
        signal.throwIfAborted();
        return outcome;
      });
    };
    const description = await Promise.race([learn(() => answers.describe()), cancelled]);
    if (!description.known) return { title, results: [invisible(`${description.why}.`)] };
    if (!description.value) return { title, results: [invisible(`The token cannot see ${fullName}.`)] };
    const found = await Promise.race([
      survey(answers, {
        fullName,
        repository: description.value,
        uses,
        probe: credential && ((location) => probe(credential, location)),
        progress: (sentence) => progress.now(sentence),
      }),
      cancelled,
    ]);
    return { title, results: [visible(description.value.defaultBranch), ...runAll(onlineChecks, found)] };
  } finally {
    progress.end();
  }
}

async function interrupted(signal: AbortSignal, mustEnd: () => Promise<unknown>): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  await mustEnd();
  throw signal.reason;
}

const VISIBLE = { id: "repository-visible", title: "The repository is visible to the token" };

function visible(defaultBranch: string): Result {
  return { ...VISIBLE, verdict: { outcome: "pass", reason: `default branch \`${defaultBranch}\`` } };
}

function invisible(reason: string): Result {
  const remedy = "Check `--repo`, and log in with `gh auth login` or set GH_TOKEN.";
  const finding = { level: "fail", reason, remedy, positions: [] } as const;
  return { ...VISIBLE, verdict: { outcome: "fail", findings: [finding] } };
}
