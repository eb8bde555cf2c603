import {
  type CriticalSectionCollaborators,
  type CriticalSectionOutcome,
  criticalSection,
} from "../../src/action/critical-section.ts";
import { Document } from "../../src/core/document.ts";
import { refreshDue } from "../../src/core/due.ts";
import type { Ledger } from "../../src/core/ledger.ts";
import { FakeClock } from "./ports/clock.ts";
import { MemoryFiles } from "./ports/files.ts";
import { MemoryHandover } from "./ports/handover.ts";
import { MemoryIssuer } from "./ports/issuer.ts";
import { MemoryStore, openBox } from "./ports/store.ts";

const HOUR_MS = 3_600_000;
export const SECRET = "CODEX_AUTH_JSON";
export const PLACE = {
  owner: "octo",
  repository: "app",
  repositoryId: "7000001",
  environment: null,
  secretName: SECRET,
};

/** One login that has been stored for an hour and is due, and the keepers' runs that are about it. */
export class Keepers {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore(this.clock);
  readonly handover = new MemoryHandover();
  readonly files = new MemoryFiles();
  readonly issuer = new MemoryIssuer(this.clock, this.files);
  readonly login: Document;

  constructor() {
    this.login = this.issuer.login(24 * HOUR_MS);
    this.store.set(SECRET, this.login.line().reveal());
    this.clock.advance(HOUR_MS);
  }

  get stored(): Document {
    return Document.parse(this.store.secrets.get(SECRET)?.value ?? "");
  }

  /** A run that is created and begins now, on a machine of its own. */
  newRun(
    policy: "auto" | "force" = "auto",
    instead: Partial<CriticalSectionCollaborators> = {},
  ): () => Promise<CriticalSectionOutcome> {
    const { clock } = this;
    const handed = this.stored;
    const createdAt = clock.now();
    const collaborators = { ...this.#collaborators(createdAt), ...instead };
    const windows = { refreshWindowMs: 72 * HOUR_MS, minimumLifetimeMs: 6 * HOUR_MS };
    return () =>
      criticalSection(collaborators, {
        handed,
        base: "/temp/base",
        home: "/temp/home",
        environment: {},
        due: (document) => refreshDue({ policy, document, now: clock.now(), ...windows, branch: "default" }),
        insistence: policy === "force" ? "forced" : "when-due",
        minimumLifetimeMs: windows.minimumLifetimeMs,
        beganMonotonicMs: clock.monotonicMs(),
      });
  }

  #collaborators(createdAt: Date): CriticalSectionCollaborators {
    let ledger: Ledger | null = null;
    return {
      writer: this.store.writer,
      box: openBox,
      handover: this.handover,
      runInformation: {
        isRerun: false,
        readTime: async () => ({ kind: "known", at: createdAt }),
        concurrency: async () => null,
        visibility: async () => "private",
      },
      refresher: async () => this.issuer,
      ledgerFile: {
        load: async () => ledger,
        save: async (next) => {
          ledger = next;
        },
      },
      files: this.files,
      clock: this.clock,
      randomness: { bytes: (count) => new Uint8Array(count) },
      log: {
        info: () => {},
        warning: () => {},
        error: () => {},
        group: () => {},
        endGroup: () => {},
        mask: () => {},
      },
      channel: {
        saveState: () => {},
        state: () => "",
        setOutputs: () => {},
        exportVariable: () => {},
        addPath: () => {},
        writeSummary: async () => {},
      },
      cancellation: { requested: () => false },
      place: PLACE,
    };
  }
}
