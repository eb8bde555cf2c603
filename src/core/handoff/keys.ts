import { hkdfSync } from "node:crypto";
import type { SecretLocation } from "../github/secret-location.ts";
import type { AuthJson } from "../login/auth-json.ts";

/** What the holder of one login can find, and open, and nobody else. */
export interface HandoffKeys {
  /** Cache keys of the login's notes begin so; what follows is unique a note. */
  readonly cacheKeyPrefix: string;
  /** 32 bytes for XChaCha20-Poly1305. */
  readonly encryptionKey: Uint8Array;
}

const SALT = "codex-auth-roundtrip/handoff/v1";

/**
 * Derives both keys with HKDF-SHA-256 under separate labels.
 *
 * ```text
 * ikm   refresh_token LF access_token     both: a model that saw an access token finds nothing
 * salt  "codex-auth-roundtrip/handoff/v1"
 * info  LABEL NUL repository id NUL environment NUL SECRET NAME
 *       LABEL = "find" → 16 bytes, hexadecimal, in the cache key
 *       LABEL = "open" → 32 bytes, the encryption key
 * ```
 */
export function handoffKeys(login: AuthJson, place: SecretLocation): HandoffKeys {
  const material = `${login.refreshToken.reveal()}\n${login.accessToken.reveal()}`;
  const derive = (label: string, bytes: number): Uint8Array => {
    // GitHub treats secret and environment names without regard to case.
    const info = [
      label,
      place.repositoryId,
      (place.environment ?? "").toLowerCase(),
      place.secretName.toUpperCase(),
    ];
    return new Uint8Array(hkdfSync("sha256", material, SALT, info.join("\0"), bytes));
  };
  return {
    cacheKeyPrefix: `codex-auth-handoff-v1-${Buffer.from(derive("find", 16)).toString("hex")}-`,
    encryptionKey: derive("open", 32),
  };
}
