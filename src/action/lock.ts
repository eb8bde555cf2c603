import { Failure } from "../core/failure.ts";
import { canHeal, explainStoreError, GitHubError, type WriterKind } from "../core/github-error.ts";
import { describePlace, type Place } from "../core/place.ts";
import { Secret } from "../core/secret.ts";
import type { Clock, Log, PublicKey, SealedBox, WriterSession } from "../ports.ts";

export const LOCK_NAME = "CODEX_AUTH_ROUNDTRIP_LOCK";
/** Longer than any critical section, so an older lock is a dead machine's. */
const LOCK_LIFETIME_MS = 10 * 60_000;
/**
 * From taking the lock, for everything that is done under it. What has been begun by then takes less than the rest of
 * the lock's life: a write and its look-ups (10 s each), three hand-over notes (15 s each).
 */
export const SECTION_MS = 8 * 60_000;
/** GitHub's limit for the secrets of one scope. */
const MAXIMUM_SECRETS = 100;
const UNLOCK_TRIES = 3;

export interface Lock {
  readonly key: PublicKey;
  /** Monotonic; a moment before it was made. */
  readonly takenMs: number;
}

export type LockAttempt = ({ readonly kind: "held" } & Lock) | { readonly kind: "busy" };

export interface LockCollaborators {
  readonly session: WriterSession;
  readonly writer: WriterKind;
  readonly box: SealedBox;
  readonly place: Place;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Creates the lock secret beside the store: at once the proof that the writer can write there, and mutual exclusion.
 *
 * @throws {Failure} when the writer cannot write, the scope is full, or the lock is somebody else's secret
 */
export async function acquireLock(collaborators: LockCollaborators): Promise<LockAttempt> {
  const { session, box, clock, log } = collaborators;
  const { store, serverClock } = session;
  const takenMs = clock.monotonicMs();
  try {
    const present = await store.metadata(LOCK_NAME);
    if (present) {
      // Ours is created once and never written again.
      if (present.updatedAt.getTime() - present.createdAt.getTime() > LOCK_LIFETIME_MS)
        throw foreignLock(collaborators.place);
      const ageMs = (await serverClock.now()).getTime() - present.createdAt.getTime();
      if (ageMs < LOCK_LIFETIME_MS) return { kind: "busy" };
      // Another keeper may have found it old, too, and have put its own there meanwhile.
      const again = await store.metadata(LOCK_NAME);
      if (again && again.createdAt.getTime() !== present.createdAt.getTime()) return { kind: "busy" };
      log.info("Removed a lock that a dead machine had left.");
      await store.remove(LOCK_NAME);
    }
    const key = await store.publicKey();
    const content = new Secret(
      "A keeper of codex-auth-roundtrip is refreshing the login. Older than ten minutes: delete it.",
    );
    const outcome = await store.put(LOCK_NAME, await box.seal(content, key));
    return outcome === "created" ? { kind: "held", key, takenMs } : { kind: "busy" };
  } catch (error) {
    throw await explainLockError(error, collaborators);
  }
}

/** Deletes our lock. One that cannot be deleted ends by its age, and one that has ended is no longer ours. */
export async function releaseLock(
  { session, clock, log }: Pick<LockCollaborators, "session" | "clock" | "log">,
  { takenMs }: Pick<Lock, "takenMs">,
): Promise<void> {
  if (clock.monotonicMs() - takenMs >= LOCK_LIFETIME_MS) return;
  for (let attempt = 1; ; attempt++) {
    try {
      await session.store.remove(LOCK_NAME);
      return;
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      if (attempt === UNLOCK_TRIES || !canHeal(error)) {
        log.info("The lock could not be removed; it ends by itself within ten minutes.");
        return;
      }
      await clock.sleep(1000 * attempt);
    }
  }
}

function foreignLock(place: Place): Failure {
  return new Failure(
    "lock-foreign",
    `A secret named ${LOCK_NAME} stands beside the ${describePlace(place)}, and it is not one of our locks.`,
    "Rename or delete it: this name is used as a lock while the login is refreshed.",
  );
}

async function explainLockError(
  error: unknown,
  { session, writer, place }: LockCollaborators,
): Promise<unknown> {
  if (!(error instanceof GitHubError)) return error;
  const refusedForAnotherReason = !canHeal(error) && ![401, 403, 404].includes(error.status ?? 0);
  if (refusedForAnotherReason && (await session.store.count().catch(() => 0)) >= MAXIMUM_SECRETS) {
    return new Failure(
      "secret-limit",
      `The scope of the ${describePlace(place)} is full: GitHub keeps ${MAXIMUM_SECRETS} secrets there, and the lock needs one place.`,
      "Delete a secret that is no longer used.",
    );
  }
  return explainStoreError(error, { place, writer, workedEarlier: false });
}
