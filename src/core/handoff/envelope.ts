interface Keyed {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly associated: Uint8Array;
}

/** XChaCha20-Poly1305 (libsodium's `crypto_aead_xchacha20poly1305_ietf`), 24-byte nonce, 16-byte tag at the end. */
export interface Aead {
  seal(options: Keyed & { readonly plaintext: Uint8Array }): Uint8Array;
  /** @returns `null` when the tag does not fit: another key, or altered bytes. */
  open(options: Keyed & { readonly sealed: Uint8Array }): Uint8Array | null;
}

/** What an envelope is for; bound to it as associated data, so one cannot stand in for another. */
export type Label = "note" | "ledger";

const MAGIC = "codex-auth-roundtrip envelope v1 ";
const NONCE_BYTES = 24;
const TAG_BYTES = 16;

/** More than the largest login: no note is larger. */
export const MAXIMUM_ENVELOPE_BYTES = 64 * 1024;
/** A ledger holds two logins, and stays on the machine. */
const MAXIMUM_LEDGER_BYTES = 160 * 1024;

/**
 * Encrypts a text.
 *
 * ```text
 * "codex-auth-roundtrip envelope v1 " LABEL LF    ASCII; the whole line is the associated data
 * nonce                                           24 bytes
 * ciphertext                                      as long as the UTF-8 text
 * tag                                             16 bytes
 * ```
 *
 * @param nonce 24 random bytes, never used twice under one key
 * @throws {RangeError} when the envelope would be larger than its label allows
 */
export function sealEnvelope(
  aead: Aead,
  { key, nonce, label, text }: { key: Uint8Array; nonce: Uint8Array; label: Label; text: string },
): Uint8Array {
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`A nonce has ${NONCE_BYTES} bytes.`);
  const header = headerOf(label);
  const sealed = aead.seal({ key, nonce, plaintext: Buffer.from(text, "utf8"), associated: header });
  const envelope = Buffer.concat([header, nonce, sealed]);
  if (envelope.length > maximumBytes(label)) throw new RangeError("The envelope is too large.");
  return envelope;
}

/** @returns the text, or `null` for anything that this key did not seal under this label: foreign, truncated or altered. */
export function openEnvelope(
  aead: Aead,
  { key, label, envelope }: { key: Uint8Array; label: Label; envelope: Uint8Array },
): string | null {
  const header = headerOf(label);
  if (envelope.length > maximumBytes(label)) return null;
  if (envelope.length < header.length + NONCE_BYTES + TAG_BYTES) return null;
  if (!header.equals(envelope.subarray(0, header.length))) return null;
  const nonce = envelope.subarray(header.length, header.length + NONCE_BYTES);
  const sealed = envelope.subarray(header.length + NONCE_BYTES);
  const opened = aead.open({ key, nonce, sealed, associated: header });
  return opened === null ? null : Buffer.from(opened).toString("utf8");
}

function maximumBytes(label: Label): number {
  return label === "ledger" ? MAXIMUM_LEDGER_BYTES : MAXIMUM_ENVELOPE_BYTES;
}

function headerOf(label: Label): Buffer {
  return Buffer.from(`${MAGIC}${label}\n`, "ascii");
}
