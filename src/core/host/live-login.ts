import { createHash } from "node:crypto";
import { Failure, type FailureCode } from "../failure/failure.ts";
import { AuthJson } from "../login/auth-json.ts";
import type { HostRecord } from "./record.ts";

/** What a host's home holds, as far as a seed is concerned. */
export type LiveLogin =
  | { readonly kind: "none" }
  /** A whole login that nobody has called dead: it may have been refreshed, so it is the authority. */
  | { readonly kind: "alive"; readonly login: AuthJson }
  /** OpenAI has rejected this very login for good. */
  | { readonly kind: "dead"; readonly login: AuthJson; readonly code: string }
  /** A file that holds no login any more. */
  | { readonly kind: "broken" };

const BROKEN: readonly FailureCode[] = [
  "login-empty",
  "login-truncated",
  "login-not-json",
  "login-byte-order-mark",
];

/**
 * @throws {Failure} `home-foreign-login` for another kind of login, or an access copy: not ours to judge
 */
export function judgeLiveLogin(text: string | null, record: HostRecord | null): LiveLogin {
  if (text === null) return { kind: "none" };
  try {
    const login = AuthJson.parse(text);
    return record?.dead?.login === digestOf(login)
      ? { kind: "dead", login, code: record.dead.code }
      : { kind: "alive", login };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (BROKEN.includes(error.code)) return { kind: "broken" };
    throw new Failure(
      "home-foreign-login",
      `The auth.json in the home is not a complete ChatGPT login. ${error.message} It is left as it is.`,
      "Check who owns it; pass `--force` to replace it.",
      { cause: error },
    );
  }
}

/**
 * By which a record knows a login again: SHA-256, because it decides whether a login may be replaced, over the refresh
 * token, a line feed and the access token.
 */
export function digestOf({ refreshToken, accessToken }: AuthJson): string {
  return createHash("sha256").update(`${refreshToken.reveal()}\n${accessToken.reveal()}`).digest("hex");
}

/** Whether a seed may replace what is there. `force` may replace anything. */
export function seedWanted(live: LiveLogin): boolean {
  return live.kind !== "alive";
}

/**
 * A dead login yields to a newer one only: the file it was once seeded from is as dead.
 *
 * @throws {Failure} `seed-not-newer`
 */
export function demandNewer(live: LiveLogin, seed: AuthJson): void {
  if (live.kind !== "dead") return;
  const { login, code } = live;
  const newer = seed.accessTokenIssuedAt.getTime() > login.accessTokenIssuedAt.getTime();
  if (newer && !seed.refreshToken.equals(login.refreshToken)) return;
  throw new Failure(
    "seed-not-newer",
    `The login in the home is dead (${code}), and the one to seed is not newer.`,
    "Log in again: leave `--from` out, or pass the auth.json of a new login.",
  );
}
