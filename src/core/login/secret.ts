/**
 * Eight hexadecimal digits that tell two secrets apart (32-bit FNV-1a). They say 32 bits of a token that has hundreds;
 * a cryptographic hash would say no less and cost a quiet job a tenth of a bare Node start.
 */
export function fingerprint(value: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < value.length; index++)
    hash = Math.imul(hash ^ value.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
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

  toString(): string {
    return `[secret ${fingerprint(this.#value)}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
