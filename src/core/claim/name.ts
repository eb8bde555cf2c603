import { createHash } from "node:crypto";
import type { SecretLocation } from "../github/secret-location.ts";
import type { AuthJson } from "../login/auth-json.ts";

const PREFIX = "CODEX_AUTH_CLAIM_";
const DOMAIN = "codex-auth-roundtrip/claim/v1";
const HEX_DIGITS = 20;

/**
 * The name of a generation's claim.
 *
 * ```text
 * CODEX_AUTH_CLAIM_ 20 hexadecimal digits of SHA-256(domain NUL repository id NUL refresh token)  [ _R1 … _R9 ]
 * ```
 *
 * @param takeover 0, or which attempt to take over a claim in doubt
 */
export function claimName(login: AuthJson, { repositoryId }: SecretLocation, takeover = 0): string {
  return `${PREFIX}${digest(DOMAIN, repositoryId, login)}${takeover === 0 ? "" : `_R${takeover}`}`;
}

/** The name of the marker by which a seed says what the secret holds. */
export function seedMarkerName(login: AuthJson, { repositoryId }: SecretLocation): string {
  return `${PREFIX}${digest(`${DOMAIN}/seed`, repositoryId, login)}`;
}

function digest(domain: string, repositoryId: string, login: AuthJson): string {
  return createHash("sha256")
    .update([domain, repositoryId, login.refreshToken.reveal()].join("\0"))
    .digest("hex")
    .slice(0, HEX_DIGITS)
    .toUpperCase();
}
