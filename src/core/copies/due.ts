import type { AuthJson } from "../login/auth-json.ts";

/** What GitHub shows of a secret that holds a copy. Whole seconds. */
export interface CopyDates {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * Whether the secret holds no copy of this login yet: it was last written before the login was issued. A secret that
 * nobody has written since it was created was made by a person, who may have put anything in: this action creates none.
 */
export function isCopyDue(
  { createdAt, updatedAt }: CopyDates,
  login: Pick<AuthJson, "accessTokenIssuedAt">,
): boolean {
  const issuedMs = login.accessTokenIssuedAt.getTime();
  // Neither an `iat` nor a `last_refresh` can be read: nothing tells.
  if (issuedMs === 0) return true;
  const issuedSecond = Math.floor(issuedMs / 1000) * 1000;
  return updatedAt.getTime() <= issuedSecond || updatedAt.getTime() === createdAt.getTime();
}
