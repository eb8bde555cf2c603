import {
  type PublishCollaborators,
  type PublishOutcome,
  type PublishRequest,
  publish,
} from "../../src/action/publish.ts";
import { GitHubError } from "../../src/core/github-error.ts";
import type { Ledger } from "../../src/core/ledger.ts";
import { Keepers, MemoryLedger, PLACE, SECRET } from "./keepers.ts";
import { openBox } from "./ports/store.ts";

/** A job that has rotated the login: it holds the one copy of the new document, and nobody else knows of it yet. */
export class RotatedJob {
  readonly keepers = new Keepers();
  readonly seededAt = this.updatedAt();
  readonly next = this.keepers.issuer.rotate();
  readonly ledgerFile = new MemoryLedger();
  cancelled = false;

  /** What the store's secret says of its last write. */
  updatedAt(): Date {
    return this.keepers.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
  }

  get ledger(): Ledger {
    return {
      document: this.next,
      predecessor: this.keepers.login,
      expectedUpdatedAt: this.seededAt,
      published: false,
      attempts: [],
    };
  }

  publish(
    request: Partial<PublishRequest> = {},
    instead: Partial<PublishCollaborators> = {},
  ): Promise<PublishOutcome> {
    const { store, handover, clock, log, login } = this.keepers;
    return publish(
      {
        writer: "token",
        box: openBox,
        handover,
        ledgerFile: this.ledgerFile,
        clock,
        log,
        place: PLACE,
        encoding: "json",
        handed: login,
        ...instead,
      },
      {
        ledger: this.ledger,
        session: store.open(),
        key: null,
        patienceMs: 240_000,
        cancelled: () => this.cancelled,
        ...request,
      },
    );
  }

  /** Somebody stores a login that is not ours. */
  seedElsewhere(): string {
    const foreign = "somebody else's login CANARY";
    this.keepers.store.set(SECRET, foreign);
    return foreign;
  }

  /** Whatever of these requests comes while it lasts is answered so. @returns what ends it */
  breakDown(
    requests: readonly string[],
    status: number | null,
    retryAfterMs: number | null = null,
  ): () => void {
    const { store } = this.keepers;
    store.interfere = (request) => {
      if (requests.includes(request))
        throw new GitHubError(`GitHub's API answered ${status}.`, { status, retryAfterMs });
    };
    return () => {
      store.interfere = () => {};
    };
  }
}
