import { Failure } from "../../core/failure/failure.ts";
import { canRepair, GitHubError } from "../../core/failure/github-error.ts";
import type { Secret } from "../../core/login/secret.ts";
import type { Clock, SealedBox, SecretMetadata, SecretStore, ServerClock } from "../../ports/action.ts";

const TRIES = 3;
const PAUSE_MS = 1_500;

export interface StoreCollaborators {
  readonly store: SecretStore;
  readonly serverClock: ServerClock;
  readonly box: SealedBox;
  readonly clock: Clock;
}

/**
 * Seals a value, writes it, and looks whether it has arrived. Writing the same value twice does no harm, so what may
 * repair is tried again.
 *
 * @throws {Failure} `seed-unverified`
 * @throws {GitHubError}
 */
export async function storeSecret(
  { store, serverClock, box, clock }: StoreCollaborators,
  name: string,
  value: Secret,
): Promise<SecretMetadata> {
  const began = await serverClock.now();
  for (let tries = 1; ; tries++) {
    try {
      // Anew each time: a 422 says that the key has been replaced meanwhile.
      await store.put(name, await box.seal(value, await store.publicKey()));
      break;
    } catch (error) {
      const mayHeal = error instanceof GitHubError && (canRepair(error) || error.status === 422);
      if (!mayHeal || tries === TRIES) throw error;
      await clock.sleep(PAUSE_MS * tries);
    }
  }
  const written = await store.metadata(name);
  // Both are GitHub's times; `updated_at` has whole seconds.
  if (written && written.updatedAt.getTime() >= Math.floor(began.getTime() / 1000) * 1000) return written;
  throw new Failure(
    "seed-unverified",
    `GitHub accepted the secret ${name}, but does not show it as written.`,
    "Look at the repository's secrets; then seed again with `--reseed`.",
  );
}
