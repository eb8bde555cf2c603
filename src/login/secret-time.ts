import { Failure } from "../core/failure/failure.ts";
import { GitHubError } from "../core/failure/github-error.ts";
import type { SecretLocation } from "../core/github/secret-location.ts";
import { describeLocation } from "../core/github/secret-location.ts";
import type { ReadTime } from "../ports/github.ts";
import type { SecretMetadata, WriteSession } from "../ports/secrets.ts";
import type { MissingProof } from "./position.ts";
import { insist, poll } from "./retry.ts";
import type { OpenServices } from "./write-session.ts";

const WITHIN_MS = 15_000;
const PAUSE_MS = 4_000;
/** An outdated answer of GitHub's about a secret has been reported to last for seconds. */
const OUTDATED_MS = 4_000;
/** After a write, for longer. */
const WRITE_OUTDATED_MS = 40_000;

type SecretServices = Pick<OpenServices, "place" | "clock" | "log"> & {
  readonly session: Pick<WriteSession, "store">;
};
type RunServices = Pick<OpenServices, "runInformation" | "place" | "clock">;

/** What GitHub says of the secret. @param asked called as each request is sent */
export function metadataOf(
  { session, place, clock, log }: SecretServices,
  asked = (): void => {},
): Promise<SecretMetadata | null> {
  return insist({ clock, log }, () => {
    asked();
    return session.store.metadata(place.secretName);
  });
}

/** Since when the secret holds what it holds. @throws {Failure} `secret-not-found` */
export async function updatedAtOf(services: SecretServices): Promise<Date> {
  const metadata = await metadataOf(services);
  if (metadata === null) throw secretNotFound(services.place);
  return metadata.updatedAt;
}

/** Asked again for a moment where the answer may be an outdated one. @throws {Failure} `secret-not-found` */
export async function updatedAtUnlessOutdated(
  services: SecretServices,
  expected: (at: Date) => boolean,
): Promise<Date> {
  return poll(services.clock, { withinMs: OUTDATED_MS }, () => updatedAtOf(services), expected);
}

/**
 * Since when the secret holds what it holds; `null` where there is none.
 *
 * @param seen a time that was seen already: an earlier one is an outdated answer, and says nothing
 * @param asked called as each request is sent
 * @throws {GitHubError}
 */
export async function updatedAtSince(
  services: SecretServices,
  seen: Date,
  asked: () => void,
): Promise<Date | null> {
  const ask = async (): Promise<Date | null> => (await metadataOf(services, asked))?.updatedAt ?? null;
  const isOutdated = (at: Date | null): boolean => at !== null && at.getTime() < seen.getTime();
  const updatedAt = await poll(services.clock, { withinMs: WRITE_OUTDATED_MS }, ask, (at) => !isOutdated(at));
  if (!isOutdated(updatedAt)) return updatedAt;
  throw new GitHubError("GitHub's API answers with the secret's state of some time ago.", { status: null });
}

/** Whether this run was given what the secret has held since that time; or why that is not known. */
export async function runCreated(services: RunServices, after: Date): Promise<"after" | MissingProof> {
  const { runInformation, place } = services;
  const created = compare(await readTime(services, "repository"), after);
  if (created === "after" || place.environment === null || runInformation.isRerun) return created;
  // An environment secret is read when the job starts, which is later.
  return compare(await readTime(services, "environment"), after);
}

/** A moment's silence is no reason to stop. */
async function readTime(
  { runInformation, clock }: RunServices,
  scope: "repository" | "environment",
): Promise<ReadTime> {
  return poll(
    clock,
    { withinMs: WITHIN_MS, everyMs: PAUSE_MS },
    () => runInformation.readTime(scope),
    (time) => time.kind === "known" || time.because !== "unreachable",
  );
}

const UNKNOWN = {
  permission: "run-time-permission",
  unreachable: "run-time-unknown",
  ambiguous: "run-time-unknown",
  "no-such-run": "run-not-found",
  "no-runner-name": "runner-name-missing",
} as const satisfies Record<string, MissingProof>;

function compare(time: ReadTime, after: Date): "after" | MissingProof {
  if (time.kind === "known") return time.at.getTime() > after.getTime() ? "after" : "secret-is-newer";
  return UNKNOWN[time.because];
}

export function secretNotFound(place: SecretLocation): Failure {
  return new Failure(
    "secret-not-found",
    `There is no ${describeLocation(place)}. This action never creates it.`,
    "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.",
  );
}

export function heldUp(): Failure {
  return new Failure(
    "write-back-pending",
    "This machine stood still between its last look at the secret and its write.",
    "Run maintenance now: it repairs the secret from the handoff.",
  );
}

export function changedElsewhere(place: SecretLocation): Failure {
  return new Failure(
    "secret-changed-elsewhere",
    `Somebody else has written the ${describeLocation(place)} while this job refreshed the login. It is left alone.`,
    "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, the handoff keeps this job's login: run maintenance, or use the printed command.",
  );
}
