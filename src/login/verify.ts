import { join } from "node:path";
import { accessCopyOf } from "../core/login/access-copy.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { remainingMs } from "../core/login/due.ts";
import type { Verification } from "../core/login/verification.ts";
import type { CodexVerifier } from "../ports/copies.ts";
import { authPath, loginDirectory } from "./home-layout.ts";
import type { Services } from "./services.ts";

type VerifyServices = Pick<Services, "files" | "randomness" | "clock" | "base" | "environment">;

/** What was learnt after a rotation. */
export interface Verified {
  readonly current: Verification;
  /** Of the access token from before the rotation; `null` where it has ended by itself, or there is none. */
  readonly earlier: Verification | null;
}

/**
 * Uses the new access token, and once more the one before it, each in a private home that holds an access copy: nothing
 * that can be refreshed. Never throws.
 */
export async function verify(
  services: VerifyServices,
  verifier: CodexVerifier,
  { login, predecessor, mode }: { login: AuthJson; predecessor: AuthJson | null; mode: "usage" | "exec" },
): Promise<Verified> {
  const current = await tryOut(services, login, (request) => verifier[mode](request));
  const isOver =
    predecessor === null ||
    predecessor.accessToken.equals(login.accessToken) ||
    remainingMs(predecessor, services.clock.now()) <= 0;
  const earlier = isOver ? null : await tryOut(services, predecessor, (request) => verifier.usage(request));
  return { current, earlier };
}

async function tryOut(
  { files, randomness, base, environment }: VerifyServices,
  login: AuthJson,
  act: CodexVerifier["usage"],
): Promise<Verification> {
  // Where no command of the model's may read.
  const home = join(loginDirectory(base), `verify-${Buffer.from(randomness.bytes(6)).toString("hex")}`);
  try {
    await files.makePrivateDirectory(loginDirectory(base));
    await files.makePrivateDirectory(home);
    await files.write(authPath(home), accessCopyOf(login).reveal(), 0o600);
    return await act({ home, environment });
  } catch {
    return { kind: "unknown", because: "There was no room for a home to try it out in." };
  } finally {
    await files.remove(home).catch(() => {});
  }
}
