import { Failure } from "../core/failure/failure.ts";
import { GitHubError } from "../core/failure/github-error.ts";
import { describeLocation, type SecretLocation } from "../core/github/secret-location.ts";
import type { ReadTime } from "../ports/action.ts";
import type { MissingProof } from "./position.ts";
import { insist, poll } from "./retry.ts";
import type { OpenServices } from "./write-session.ts";

const WITHIN_MS = 15_000;
const PAUSE_MS = 4_000;
/** An outdated answer of GitHub's about a secret has been reported to last for seconds. */
const OUTDATED_MS = 4_000;
/** After a write, for longer. */
const WRITE_OUTDATED_MS = 40_000;

type Services = Pick<OpenServices, "session" | "runInformation" | "place" | "clock" | "log">;

/** Since when the secret holds what it holds. @throws {Failure} `secret-not-found` */
export async function updatedAtOf({
  session,
  place,
  clock,
  log,
}: Omit<Services, "runInformation">): Promise<Date> {
  const metadata = await insist({ clock, log }, { withinMs: WITHIN_MS }, () =>
    session.store.metadata(place.secretName),
  );
  if (metadata === null) throw secretNotFound(place);
  return metadata.updatedAt;
}

/** Asked again for a moment where the answer may be an outdated one. @throws {Failure} `secret-not-found` */
export async function updatedAtUnlessOutdated(
  services: Omit<Services, "runInformation">,
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
  { session, place, clock, log }: Omit<Services, "runInformation">,
  seen: Date,
  asked: () => void,
): Promise<Date | null> {
  const ask = async (): Promise<Date | null> => {
    const metadata = await insist({ clock, log }, { withinMs: WITHIN_MS }, () => {
      asked();
      return session.store.metadata(place.secretName);
    });
    return metadata?.updatedAt ?? null;
  };
  const isOutdated = (at: Date | null): boolean => at !== null && at.getTime() < seen.getTime();
  const updatedAt = await poll(clock, { withinMs: WRITE_OUTDATED_MS }, ask, (at) => !isOutdated(at));
  if (!isOutdated(updatedAt)) return updatedAt;
  throw new GitHubError("GitHub's API answers with the secret's state of some time ago.", { status: null });
}

/** Whether this run was given what the secret has held since that time; or why nobody knows. */
export async function runCreated(
  services: Pick<Services, "runInformation" | "place" | "clock">,
  after: Date,
): Promise<"after" | "not-after" | MissingProof> {
  const { runInformation, place } = services;
  const created = await readTime(services, "repository");
  if (created.kind === "known" && created.at.getTime() > after.getTime()) return "after";
  if (place.environment === null || runInformation.isRerun) return compare(created, after);
  // An environment secret is read when the job starts, which is later.
  return compare(await readTime(services, "environment"), after);
}

/** A moment's silence is no reason to stop. */
async function readTime(
  { runInformation, clock }: Pick<Services, "runInformation" | "clock">,
  scope: "repository" | "environment",
): Promise<ReadTime> {
  return poll(
    clock,
    { withinMs: WITHIN_MS, everyMs: PAUSE_MS },
    () => runInformation.readTime(scope),
    (time) => time.kind === "known" || time.because !== "unreachable",
  );
}

function compare(time: ReadTime, after: Date): "after" | "not-after" | MissingProof {
  if (time.kind === "known") return time.at.getTime() > after.getTime() ? "after" : "not-after";
  return time.because === "permission" ? "run-time-permission" : "run-time-unknown";
}

export function secretNotFound(place: SecretLocation): Failure {
  return new Failure(
    "secret-not-found",
    `There is no ${describeLocation(place)}. This action never creates it.`,
    "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.",
  );
}
