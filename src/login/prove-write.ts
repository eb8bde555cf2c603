import { GitHubError } from "../core/failure/github-error.ts";
import { permissionOf } from "../core/github/secret-location.ts";
import { Secret } from "../core/login/secret.ts";
import type { PublicKey, WriteSession } from "../ports/secrets.ts";
import { insist } from "./retry.ts";
import type { Services } from "./services.ts";

/** A secret that is left standing, and a variable that is not. */
export const PROBE_NAME = "CODEX_AUTH_WRITE_PROBE";
const PROBE_CONTENT =
  "codex-auth-roundtrip writes this to learn whether its token may write here. It means nothing.";
/** GitHub's limit for a scope (docs, "Limits for secrets"). */
const SECRET_LIMIT = 100;
const KEYS = 3;

type ProofServices = Pick<Services, "box" | "clock" | "log" | "place"> & {
  readonly session: Pick<WriteSession, "store" | "variables">;
};

/**
 * Writes a secret of no meaning beside the login: in a repository, the right to make claims says nothing of the right to
 * write secrets. In an environment one permission gives both.
 *
 * @returns the scope's key, where it was needed
 * @throws {GitHubError}
 */
export async function proveSecretsWritable({
  session,
  box,
  clock,
  log,
  place,
}: ProofServices): Promise<PublicKey | null> {
  if (permissionOf(place) === "environments") return null;
  const { store } = session;
  return insist({ clock, log }, async () => {
    for (let keys = 1; ; keys++) {
      const key = await store.publicKey();
      try {
        await store.put(PROBE_NAME, await box.seal(new Secret(PROBE_CONTENT), key));
        return key;
      } catch (error) {
        if (!(error instanceof GitHubError) || error.status !== 422) throw error;
        // Full: who may not write is told so before that, and the login's own secret is there already.
        if ((await store.count()) >= SECRET_LIMIT) return key;
        // Sealed to a key that GitHub has replaced meanwhile.
        if (keys === KEYS) throw error;
      }
    }
  });
}

/** The same, and makes and deletes a variable as well: everything that a refresh needs. @throws {GitHubError} */
export async function proveWritable(services: ProofServices): Promise<void> {
  const { session, clock, log } = services;
  const { variables } = session;
  await insist({ clock, log }, () => variables.create(PROBE_NAME, PROBE_CONTENT));
  await insist({ clock, log }, () => variables.remove(PROBE_NAME));
  await proveSecretsWritable(services);
}
