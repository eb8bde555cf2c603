import type {
  PublicKey,
  SealedBox,
  SealedPayload,
  SecretMetadata,
  SecretStore,
  Writer,
} from "../../../src/ports.ts";
import type { FakeClock } from "./clock.ts";

interface Kept {
  value: string;
  createdAt: Date;
  updatedAt: Date;
}

const KEY: PublicKey = { id: "1", key: new Uint8Array(32) };
const REQUEST_MS = 100;

/** Shows what was sealed to whoever asks: there is nobody to hide it from here. */
export const openBox: SealedBox = {
  seal: async (content) => ({
    keyId: KEY.id,
    encryptedValue: Buffer.from(content.reveal()).toString("base64"),
  }),
};

/** The secrets of one scope, in memory, with whole seconds. Every request takes a moment. */
export class MemoryStore implements SecretStore {
  readonly secrets = new Map<string, Kept>();
  /** Called for each request before it is served, and for a PUT once more when it has been: may throw. */
  interfere: (request: "GET" | "PUT" | "PUT answer" | "DELETE", name: string) => void = () => {};
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  set(name: string, value: string): "created" | "updated" {
    const at = new Date(Math.floor(this.#clock.now().getTime() / 1000) * 1000);
    const present = this.secrets.get(name);
    this.secrets.set(name, { value, createdAt: present?.createdAt ?? at, updatedAt: at });
    return present ? "updated" : "created";
  }

  async metadata(name: string): Promise<SecretMetadata | null> {
    this.#clock.advance(REQUEST_MS);
    this.interfere("GET", name);
    return this.secrets.get(name) ?? null;
  }

  async publicKey(): Promise<PublicKey> {
    this.#clock.advance(REQUEST_MS);
    return KEY;
  }

  async put(name: string, sealed: SealedPayload): Promise<"created" | "updated"> {
    this.#clock.advance(REQUEST_MS);
    this.interfere("PUT", name);
    const outcome = this.set(name, Buffer.from(sealed.encryptedValue, "base64").toString("utf8"));
    this.interfere("PUT answer", name);
    return outcome;
  }

  async remove(name: string): Promise<void> {
    this.#clock.advance(REQUEST_MS);
    this.interfere("DELETE", name);
    this.secrets.delete(name);
  }

  async count(): Promise<number> {
    return this.secrets.size;
  }

  /** A writer that may write it. */
  get writer(): Writer {
    const clock = this.#clock;
    return {
      kind: "token",
      open: async () => ({
        store: this,
        serverClock: { now: async () => clock.now() },
        expiresAt: () => null,
        close: async () => {},
      }),
    };
  }
}
