import type { AuthJson } from "../login/auth-json.ts";

/** What GitHub shows of a secret that holds a copy. Whole seconds. */
export interface CopyDates {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * Whether the secret holds no copy of this login yet: it was last written before the login was issued, or before it was
 * stored, since copies are written after that. A secret that nobody has written since it was created was made by a
 * person, who may have put anything in: this action creates none.
 *
 * @param storedAt since when the login's secret holds it, by GitHub's clock; `null` where nobody was asked
 */
export function isCopyDue(
  { createdAt, updatedAt }: CopyDates,
  { accessTokenIssuedAt }: Pick<AuthJson, "accessTokenIssuedAt">,
  storedAt: Date | null,
): boolean {
  const issuedMs = accessTokenIssuedAt.getTime();
  // Neither an `iat` nor a `last_refresh` can be read: nothing tells.
  if (issuedMs === 0) return true;
  const issuedSecond = Math.floor(issuedMs / 1000) * 1000;
  const since = Math.max(issuedSecond, storedAt?.getTime() ?? 0);
  return updatedAt.getTime() <= since || updatedAt.getTime() === createdAt.getTime();
}
