import { type CopyDestination, type CopyScope, scopeKeyOf } from "../../../src/core/copies/destination.ts";
import { GitHubError } from "../../../src/core/failure/github-error.ts";
import type { Verification } from "../../../src/core/login/verification.ts";
import type {
  Audience,
  CodexVerifier,
  CopyAccess,
  CopyReach,
  CopySecrets,
  CurrentRepository,
  VerifyRequest,
} from "../../../src/ports/copies.ts";
import type { PublicKey } from "../../../src/ports/secrets.ts";
import type { FakeClock } from "./clock.ts";
import type { MemoryFiles } from "./files.ts";

interface KeptCopy {
  value: string;
  createdAt: Date;
  updatedAt: Date;
  writes: number;
  audience: Audience | null;
}

type CopyRequest = "GET" | "KEY" | "REPOSITORY" | "AUDIENCE" | "PUT" | "PUT answer" | "DELETE";

const REQUEST_MS = 100;

/** The secrets of any scope that hold copies, in memory, with whole seconds. Every request takes a moment. */
export class MemoryCopies implements CopyAccess {
  /** Called for each request before it is served, and for a PUT once more when it has been: may throw. */
  interfere: (request: CopyRequest, scope: CopyScope, name: string) => void = () => {};
  /** How repositories are called by now, by their old names. */
  readonly renamed = new Map<string, CurrentRepository>();
  /** Every request, oldest first. */
  readonly requests: string[] = [];
  key: PublicKey = { id: "1", key: new Uint8Array(32) };
  openReaches = 0;
  readonly #kept = new Map<string, KeptCopy>();
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** As a person creates it. */
  create(scope: CopyScope, name: string, audience: Audience | null = null): void {
    const at = this.#second();
    this.#kept.set(keyOf(scope, name), { value: "new", createdAt: at, updatedAt: at, writes: 0, audience });
  }

  at(scope: CopyScope, name: string): KeptCopy {
    const kept = this.#kept.get(keyOf(scope, name));
    if (!kept) throw new Error("there is no such secret");
    return kept;
  }

  delete(scope: CopyScope, name: string): void {
    this.#kept.delete(keyOf(scope, name));
  }

  /** The document in a copy. */
  read(scope: CopyScope, name: string): { tokens: Record<string, string>; last_refresh: string } {
    return JSON.parse(this.at(scope, name).value);
  }

  open(_destinations: readonly CopyDestination[]): CopyReach {
    this.openReaches += 1;
    return {
      secretsOf: async (scope) => this.#secretsOf(scope),
      close: async () => {
        this.openReaches -= 1;
      },
    };
  }

  #secretsOf(scope: CopyScope): CopySecrets {
    const pass = (request: CopyRequest, name = ""): void => {
      this.#clock.advance(REQUEST_MS);
      this.requests.push(`${request} ${scopeKeyOf(scope)}${name}`);
      this.interfere(request, scope, name);
    };
    return {
      metadata: async (name) => {
        pass("GET", name);
        return this.#kept.get(keyOf(scope, name)) ?? null;
      },
      publicKey: async () => {
        pass("KEY");
        return this.key;
      },
      repository: async () => {
        pass("REPOSITORY");
        if (scope.kind === "organization") return null;
        const { owner, repository } = scope;
        return this.renamed.get(`${owner}/${repository}`) ?? { id: "1", owner, repository };
      },
      audience: async (name) => {
        pass("AUDIENCE", name);
        if (scope.kind === "repository") return null;
        const kept = this.#kept.get(keyOf(scope, name));
        if (kept) return kept.audience;
        throw new GitHubError("GitHub's API answered 404: `Not Found`.", { status: 404, said: "Not Found" });
      },
      put: async (name, sealed, audience) => {
        pass("PUT", name);
        if (sealed.keyId !== this.key.id)
          throw new GitHubError("GitHub's API answered 422.", { status: 422 });
        const present = this.#kept.get(keyOf(scope, name));
        const at = this.#second();
        this.#kept.set(keyOf(scope, name), {
          value: Buffer.from(sealed.encryptedValue, "base64").toString("utf8"),
          createdAt: present?.createdAt ?? at,
          updatedAt: at,
          writes: (present?.writes ?? 0) + 1,
          audience,
        });
        this.interfere("PUT answer", scope, name);
        return present ? "updated" : "created";
      },
      remove: async (name) => {
        pass("DELETE", name);
        this.#kept.delete(keyOf(scope, name));
      },
    };
  }

  #second(): Date {
    return new Date(Math.floor(this.#clock.rightNow().getTime() / 1000) * 1000);
  }
}

/** A Codex with which access tokens are tried out. */
export class MemoryVerifier implements CodexVerifier {
  /** What comes of a token. */
  answer: (accessToken: string) => Verification = () => ({ kind: "accepted", usage: null });
  /** What was tried out, oldest first: how, and the whole file. */
  readonly tried: { readonly how: "usage" | "exec"; readonly file: string }[] = [];
  readonly #files: MemoryFiles;

  constructor(files: MemoryFiles) {
    this.#files = files;
  }

  usage = (request: VerifyRequest): Promise<Verification> => this.#try("usage", request);
  exec = (request: VerifyRequest): Promise<Verification> => this.#try("exec", request);

  async #try(how: "usage" | "exec", { home }: VerifyRequest): Promise<Verification> {
    const file = (await this.#files.read(`${home}/auth.json`)) ?? "";
    this.tried.push({ how, file });
    return this.answer((JSON.parse(file) as { tokens: { access_token: string } }).tokens.access_token);
  }
}

function keyOf(scope: CopyScope, name: string): string {
  return `${scopeKeyOf(scope)} ${name}`;
}
