import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * Eight hexadecimal digits that tell two secrets apart and tell nothing of either.
 * In JavaScript, because loading `node:crypto` costs a quiet job a fifth of a bare Node start.
 */
export function fingerprint(value: string): string {
  return bytesToHex(sha256(utf8ToBytes(value))).slice(0, 8);
}

/**
 * A value that must not leave its place: printing, serializing or inspecting it shows its fingerprint.
 * {@link Secret.reveal} is the one way out.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  get isEmpty(): boolean {
    return this.#value === "";
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  get fingerprint(): string {
    return fingerprint(this.#value);
  }

  toString(): string {
    return `[secret ${this.fingerprint}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
