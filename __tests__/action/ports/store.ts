import { GitHubError } from "../../../src/core/github-error.ts";
import type {
  PublicKey,
  SealedBox,
  SealedPayload,
  SecretMetadata,
  SecretStore,
  Writer,
  WriterSession,
} from "../../../src/ports.ts";
import type { FakeClock } from "./clock.ts";

type Request = "GET" | "KEY" | "PUT" | "PUT answer" | "DELETE" | "COUNT";

interface Kept {
  value: string;
  createdAt: Date;
  updatedAt: Date;
}

const REQUEST_MS = 100;

/** Shows what was sealed to whoever asks: there is nobody to hide it from here. */
export const openBox: SealedBox = {
  seal: async (content, { id }) => ({
    keyId: id,
    encryptedValue: Buffer.from(content.reveal()).toString("base64"),
  }),
};

/** The secrets of one scope, in memory, with whole seconds. Every request takes a moment. */
export class MemoryStore implements SecretStore {
  readonly secrets = new Map<string, Kept>();
  /** Called for each request before it is served, and for a PUT once more when it has been: may throw. */
  interfere: (request: Request, name: string) => void = () => {};
  /** What is sealed to another key is refused. */
  key: PublicKey = { id: "1", key: new Uint8Array(32) };
  /** When the writer's token ends, as far as GitHub says. */
  tokenExpiresAt: Date | null = null;
  /** `false`: nothing was ever answered, and GitHub cannot be asked. */
  tellsDate = true;
  /** Sessions of a writer that are open now. */
  openSessions = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  set(name: string, value: string): "created" | "updated" {
    const at = new Date(Math.floor(this.#clock.rightNow().getTime() / 1000) * 1000);
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
    this.interfere("KEY", "");
    return this.key;
  }

  async put(name: string, sealed: SealedPayload): Promise<"created" | "updated"> {
    this.#clock.advance(REQUEST_MS);
    this.interfere("PUT", name);
    if (sealed.keyId !== this.key.id) throw new GitHubError("GitHub's API answered 422.", { status: 422 });
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
    this.interfere("COUNT", "");
    return this.secrets.size;
  }

  /** What a writer that may write it works with. */
  open(): WriterSession {
    this.openSessions += 1;
    return {
      store: this,
      serverClock: {
        now: async () => {
          if (!this.tellsDate) throw new GitHubError("GitHub's API did not answer.", { status: null });
          return this.#clock.rightNow();
        },
      },
      expiresAt: () => this.tokenExpiresAt,
      close: async () => {
        this.openSessions -= 1;
      },
    };
  }

  /** A writer that may write it. */
  get writer(): Writer {
    return { kind: "token", open: async () => this.open() };
  }
}
