import { type Chain, followChain } from "../core/chain.ts";
import { type Currency, judgeCurrency, type MissingProof, type ReadTime } from "../core/currency.ts";
import type { Document } from "../core/document.ts";
import { Failure } from "../core/failure.ts";
import type { Ledger } from "../core/ledger.ts";
import { describePlace, type Place } from "../core/place.ts";
import type { Clock, HandoverCache, RunInformation, WriterSession } from "../ports.ts";

export interface ProofCollaborators {
  readonly handover: HandoverCache;
  readonly runInformation: RunInformation;
  readonly clock: Clock;
  readonly place: Place;
}

export interface ProofRequest {
  readonly handed: Document;
  /** Of this job; `null` before any of our steps has proven anything. */
  readonly ledger: Ledger | null;
  readonly session: WriterSession;
  /** When our first phase began, on the monotonic clock. */
  readonly beganMonotonicMs: number;
}

/** Without `actions: read` an environment secret is taken to have been read within the minute before pre. */
const BEFORE_PRE_MS = 60_000;

/**
 * Asks both witnesses whether our copy is what the store holds.
 *
 * @throws {Failure} `secret-not-found`
 * @throws {GitHubError} when the store did not say when it was written
 */
export async function proveCurrency(
  collaborators: ProofCollaborators,
  request: ProofRequest,
): Promise<{ currency: Currency; chain: Chain; updatedAt: Date }> {
  const [chain, updatedAt, readTime] = await Promise.all([
    askChain(request, collaborators.handover),
    storeUpdatedAt(request.session, collaborators.place),
    askReadTime(collaborators, request),
  ]);
  return { currency: judgeCurrency({ chain, updatedAt, readTime }), chain, updatedAt };
}

/** @throws {Failure} `secret-not-found` */
export async function storeUpdatedAt({ store }: WriterSession, place: Place): Promise<Date> {
  const metadata = await store.metadata(place.secretName);
  if (metadata === null) throw secretNotFound(place);
  return metadata.updatedAt;
}

/** When our secret was read, on GitHub's clock. */
async function askReadTime(
  { runInformation, place, clock }: ProofCollaborators,
  { session, beganMonotonicMs }: ProofRequest,
): Promise<ReadTime> {
  const answer = await runInformation.readTime(place.environment === null ? "repository" : "environment");
  const withoutPermission = answer.kind === "unknown" && answer.because === "permission";
  if (!withoutPermission || place.environment === null || runInformation.isRerun) return answer;
  const sinceBeganMs = clock.monotonicMs() - beganMonotonicMs;
  return {
    kind: "known",
    at: new Date((await session.serverClock.now()).getTime() - sinceBeganMs - BEFORE_PRE_MS),
  };
}

export function secretNotFound(place: Place): Failure {
  return new Failure(
    "secret-not-found",
    `There is no ${describePlace(place)}. A keeper never creates one.`,
    "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.",
  );
}

/**
 * Asks the hand-over for what became of the handed document. Where earlier steps of this job have kept a ledger, the
 * question begins at the ledger's document, for which the ledger itself is a witness.
 */
export async function askChain(
  { handed, ledger }: { handed: Document; ledger: Ledger | null },
  handover: HandoverCache,
): Promise<Chain> {
  const start = ledger?.document ?? handed;
  const chain = await followChain(start, (document) => handover.look(document));
  if (ledger === null || !chain.newest.isSameGeneration(start)) return chain;
  const witness = {
    kind: ledger.published ? "confirmed" : "replaces",
    updatedAt: ledger.expectedUpdatedAt,
  } as const;
  return { ...chain, predecessor: ledger.predecessor, witnesses: [...chain.witnesses, witness] };
}

/** The failure for a job that can neither refresh nor borrow: which proof was missing, and what gives it. */
export function explainMissingProof(missing: MissingProof): Failure {
  switch (missing) {
    case "store-is-newer":
      return new Failure(
        "copy-stale",
        "The secret has been written since this run read it, so its copy of the login may be an old one. Nothing was refreshed.",
        "Start a new run (not a re-run): it is handed the present secret.",
      );
    case "handover-not-learnt":
      return new Failure(
        "currency-unproven",
        "The Actions cache did not answer, so this job cannot know whether its copy of the login is current. Nothing was refreshed.",
        "Start a new run when the cache service is well again (githubstatus.com).",
      );
    case "read-time-permission":
      return new Failure(
        "currency-unproven",
        "This job cannot ask when its run was created, so it cannot know whether its copy of the login is current. Nothing was refreshed.",
        "Grant `actions: read` in the job's `permissions:`, then start a new run.",
      );
    case "read-time-unknown":
      return new Failure(
        "currency-unproven",
        "GitHub did not say when this job read its secret, so it cannot know whether its copy of the login is current. Nothing was refreshed.",
        "Start a new run.",
      );
  }
}
