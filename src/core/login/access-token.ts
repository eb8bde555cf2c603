import { isObject } from "../text/json.ts";

/** Codex goes by `last_refresh` when it cannot read the access token's `exp` (login/src/auth/manager.rs). */
const DAYS_WITHOUT_READABLE_EXPIRY = 8;
const DAY_MS = 86_400_000;

/** The claims of a JWT, which nobody has verified; none where it is no JWT. */
export function jwtClaims(token: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}

/** When Codex will want a new access token: `exp`, or 8 days after `last_refresh` where `exp` is unreadable. */
export function expiryOf(claims: Record<string, unknown>, lastRefresh: string): Date {
  return (
    secondsOf(claims.exp) ?? new Date(dateOf(lastRefresh).getTime() + DAYS_WITHOUT_READABLE_EXPIRY * DAY_MS)
  );
}

/** A claim in seconds as a date. @returns `null` for anything else */
export function secondsOf(claim: unknown): Date | null {
  if (typeof claim !== "number") return null;
  const date = new Date(claim * 1000);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** 1970 for what is no date: long over. */
export function dateOf(text: string): Date {
  const time = Date.parse(text);
  return new Date(Number.isNaN(time) ? 0 : time);
}
