import { Failure } from "../failure/failure.ts";
import { AuthJson } from "./auth-json.ts";

/**
 * What a file says about what Codex did to it. Codex's answers and exit codes say less: it rotates and exits 1,
 * and an app-server answers an error after a rotation (docs/facts.md §1).
 */
export type Verdict =
  | { readonly kind: "unchanged" }
  /** A new refresh token: a new generation, whatever else the file holds. */
  | { readonly kind: "rotated"; readonly login: AuthJson; readonly oddity: string | null }
  /** New tokens under the same refresh token: worth storing, not a rotation. */
  | { readonly kind: "renewed"; readonly login: AuthJson; readonly oddity: string | null }
  | { readonly kind: "broken"; readonly failure: Failure };

/**
 * Compares the login that was put into a home with the file that stands there now.
 *
 * @param after the file's text; `null` when there is none
 */
export function judge(before: AuthJson, after: string | null): Verdict {
  if (after === null) return broken("Codex left no auth.json.");
  const login = AuthJson.read(after) ?? before.salvage(after);
  if (login === null) return broken("Codex left an auth.json in which there is no refresh token.");
  const oddity = login.isOfOtherAccount(before)
    ? "The file belongs to another ChatGPT account."
    : oddityOf(after);
  if (!login.refreshToken.equals(before.refreshToken)) return { kind: "rotated", login, oddity };
  // One that looks expired is of our own making: Codex has left it as it was.
  const known = [before, before.withExpiredAccessToken()];
  if (!known.some(({ accessToken }) => accessToken.equals(login.accessToken)))
    return { kind: "renewed", login, oddity };
  return { kind: "unchanged" };
}

function broken(message: string): Verdict {
  return {
    kind: "broken",
    failure: new Failure("refresh-broke-login", message, "The login before it is kept."),
  };
}

/** What this version does not know about the file, as a sentence; `null` for one as it has always been. */
export function oddityOf(text: string): string | null {
  try {
    AuthJson.parse(text);
    return null;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}
