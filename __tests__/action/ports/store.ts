import { GitHubError } from "../../../src/core/failure/github-error.ts";
import type {
  PublicKey,
  SealedBox,
  SealedPayload,
  SecretMetadata,
  SecretStore,
  Variable,
  Variables,
  WriteCredential,
  WriteSession,
} from "../../../src/ports/action.ts";
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

type VariableRequest = "LIST" | "GET" | "POST" | "POST answer" | "PATCH" | "PATCH answer" | "DELETE";

/** The Actions variables of one scope, in memory. Every request takes a moment. */
export class MemoryVariables implements Variables {
  readonly kept = new Map<string, Variable>();
  /** Called for each request before it is served, and for a write once more when it has been: may throw. */
  interfere: (request: VariableRequest, name: string) => void = () => {};
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async read(name: string): Promise<Variable | null> {
    this.#pass("GET", name);
    return this.kept.get(name) ?? null;
  }

  async list(): Promise<readonly Variable[]> {
    this.#pass("LIST", "");
    return [...this.kept.values()];
  }

  async create(name: string, value: string): Promise<"created" | "exists"> {
    this.#pass("POST", name);
    if (this.kept.has(name)) return "exists";
    const createdAt = new Date(Math.floor(this.#clock.rightNow().getTime() / 1000) * 1000);
    this.kept.set(name, { name, value, createdAt });
    this.interfere("POST answer", name);
    return "created";
  }

  async update(name: string, value: string): Promise<boolean> {
    this.#pass("PATCH", name);
    const present = this.kept.get(name);
    if (present) this.kept.set(name, { ...present, value });
    this.interfere("PATCH answer", name);
    return present !== undefined;
  }

  async remove(name: string): Promise<void> {
    this.#pass("DELETE", name);
    this.kept.delete(name);
  }

  #pass(request: VariableRequest, name: string): void {
    this.#clock.advance(REQUEST_MS);
    this.interfere(request, name);
  }
}

/** The secrets of one scope, in memory, with whole seconds. Every request takes a moment. */
export class MemoryStore implements SecretStore {
  readonly secrets = new Map<string, Kept>();
  /** Called for each request before it is served, and for a PUT once more when it has been: may throw. */
  interfere: (request: Request, name: string) => void = () => {};
  /** What is sealed to another key is refused. */
  key: PublicKey = { id: "1", key: new Uint8Array(32) };
  /** When the write token ends, as far as GitHub says. */
  tokenExpiresAt: Date | null = null;
  /** `false`: nothing was ever answered, and GitHub cannot be asked. */
  tellsDate = true;
  readonly variables: MemoryVariables;
  /** Sessions of a write token that are open now. */
  openSessions = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
    this.variables = new MemoryVariables(clock);
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

  /** What a write token that may write it works with. */
  open(): WriteSession {
    this.openSessions += 1;
    return {
      store: this,
      variables: this.variables,
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

  /** A write token that may write it. */
  get writeCredential(): WriteCredential {
    return { kind: "token", open: async () => this.open() };
  }
}
