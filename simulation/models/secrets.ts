import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { PublicKey, SealedPayload, SecretStore } from "../../src/ports/secrets.ts";
import { History } from "./history.ts";
import { openBox } from "./open.ts";
import type { Ask } from "./request.ts";
import { wholeSeconds } from "./time.ts";

interface Kept {
  value: string;
  createdAt: Date;
  updatedAt: Date;
}

/** The secrets of one scope: their times have whole seconds, and there is no compare-and-swap. */
export class Secrets {
  readonly kept: History<Kept>;
  /** What is sealed to another key is refused. */
  key: PublicKey = { id: "1", key: new Uint8Array(32) };
  /** The status with which GitHub refuses to write a secret now. */
  refusesWrites: (name: string) => number | null = () => null;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.kept = new History(nowMs);
  }

  set(name: string, value: string): "created" | "updated" {
    const updatedAt = wholeSeconds(this.#nowMs());
    const present = this.kept.get(name);
    this.kept.set(name, { value, createdAt: present?.createdAt ?? updatedAt, updatedAt });
    return present ? "updated" : "created";
  }

  #put(name: string, sealed: SealedPayload): "created" | "updated" {
    const status = sealed.keyId === this.key.id ? this.refusesWrites(name) : 422;
    if (status !== null) throw new GitHubError(`GitHub's API answered ${status}.`, { status });
    return this.set(name, openBox.open(sealed));
  }

  /** The port of somebody who asks for them in that way. */
  port(ask: Ask): SecretStore {
    const of = "secret";
    return {
      metadata: (name) => ask({ of, verb: "GET", name }, (see) => see(this.kept, name)),
      publicKey: () => ask({ of, verb: "KEY", name: "" }, () => this.key),
      put: (name, sealed) =>
        ask({ of, verb: "PUT", name, value: openBox.open(sealed) }, () => this.#put(name, sealed)),
      remove: (name) => ask({ of, verb: "DELETE", name }, () => this.kept.delete(name)),
      count: () => ask({ of, verb: "COUNT", name: "" }, () => this.kept.size),
    };
  }
}
