import sodium from "libsodium-wrappers";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import { type Aead, openEnvelope, sealEnvelope } from "../../core/handoff/envelope.ts";
import { handoffKeys } from "../../core/handoff/keys.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import type { EnvelopeCipher } from "../../ports/handoff.ts";
import type { Randomness } from "../../ports/machine.ts";

const NONCE_BYTES = 24;

/** libsodium's XChaCha20-Poly1305. */
export async function sodiumAead(): Promise<Aead> {
  await sodium.ready;
  return {
    seal: ({ key, nonce, plaintext, associated }) =>
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated, null, nonce, key),
    open: ({ key, nonce, sealed, associated }) => {
      try {
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, associated, nonce, key);
      } catch {
        return null;
      }
    },
  };
}

/** Envelopes that only a holder of the login can open. */
export function envelopeCipher(place: SecretLocation, randomness: Randomness): EnvelopeCipher {
  return {
    seal: async (holder: AuthJson, label, text) => {
      const { encryptionKey: key } = handoffKeys(holder, place);
      return sealEnvelope(await sodiumAead(), { key, nonce: randomness.bytes(NONCE_BYTES), label, text });
    },
    open: async (holder, label, envelope) => {
      const { encryptionKey: key } = handoffKeys(holder, place);
      return openEnvelope(await sodiumAead(), { key, label, envelope });
    },
  };
}
