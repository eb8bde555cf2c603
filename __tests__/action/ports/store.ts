import { openBox } from "../../../simulation/models/open.ts";
import { type Ask, asItIs, type Request } from "../../../simulation/models/request.ts";
import { Secrets } from "../../../simulation/models/secrets.ts";
import { Variables } from "../../../simulation/models/variables.ts";
import { GitHubError } from "../../../src/core/failure/github-error.ts";
import type { SecretStore, WriteCredential, WriteSession } from "../../../src/ports/secrets.ts";
import type { Variables as VariablesPort } from "../../../src/ports/variables.ts";
import type { FakeClock } from "./clock.ts";

export { openBox };

type Write = "PUT" | "POST" | "PATCH" | "DELETE";
/** Called for each request before it is served, and for a write once more when it has been: may throw. */
type Interfere = (request: Request["verb"] | `${Write} answer`, name: string) => void;

const REQUEST_MS = 100;

/** Every request takes a moment. */
function inAMoment(clock: FakeClock, interfere: Interfere): Ask {
  return async ({ verb, name }, serve) => {
    clock.advance(REQUEST_MS);
    interfere(verb, name);
    const answer = serve(asItIs);
    if (verb === "PUT" || verb === "POST" || verb === "PATCH" || verb === "DELETE")
      interfere(`${verb} answer`, name);
    return answer;
  };
}

interface MemoryVariables extends VariablesPort {
  readonly kept: Variables["kept"];
  interfere: Interfere;
}

function memoryVariables(clock: FakeClock): MemoryVariables {
  const variables = new Variables(() => clock.rightNow().getTime());
  const memory: MemoryVariables = {
    kept: variables.kept,
    interfere: () => {},
    ...variables.port(inAMoment(clock, (...request) => memory.interfere(...request))),
  };
  return memory;
}

/** The secrets of one scope, in memory, and the variables beside them. */
export class MemoryStore extends Secrets implements SecretStore {
  interfere: Interfere = () => {};
  /** When the write token ends, as far as GitHub says. */
  tokenExpiresAt: Date | null = null;
  /** `false`: nothing was ever answered, and GitHub cannot be asked. */
  tellsDate = true;
  /** Sessions of a write token that are open now. */
  openSessions = 0;
  readonly variables: MemoryVariables;
  metadata: SecretStore["metadata"];
  publicKey: SecretStore["publicKey"];
  put: SecretStore["put"];
  remove: SecretStore["remove"];
  count: SecretStore["count"];
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    super(() => clock.rightNow().getTime());
    this.#clock = clock;
    this.variables = memoryVariables(clock);
    const port = this.port(inAMoment(clock, (...request) => this.interfere(...request)));
    ({
      metadata: this.metadata,
      publicKey: this.publicKey,
      put: this.put,
      remove: this.remove,
      count: this.count,
    } = port);
  }

  get secrets(): Secrets["kept"] {
    return this.kept;
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
