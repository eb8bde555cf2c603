import type { Alert } from "../failure/alert-text.ts";
import { replaceWriteToken, type SecretLocation } from "./secret-location.ts";

const SOON_MS = 14 * 86_400_000;
/** Tokens of a GitHub App live no longer, and are minted again for every job. */
const HOUR_MS = 3_600_000;

/** Whether somebody should make a new write token before this one expires. @returns `null` while there is time */
export function warnOfWriteTokenExpiry(
  place: SecretLocation,
  expiresAt: Date | null,
  now: Date,
): Alert | null {
  if (expiresAt === null) return null;
  const leftMs = expiresAt.getTime() - now.getTime();
  if (leftMs > SOON_MS || leftMs <= HOUR_MS) return null;
  const day = expiresAt.toISOString().slice(0, 10);
  return {
    code: "write-token-expires-soon",
    message: `The token in \`secret-write-token\` expires on ${day}.`,
    hint: `${replaceWriteToken(place, " before that day")} No new login is needed for that.`,
  };
}
