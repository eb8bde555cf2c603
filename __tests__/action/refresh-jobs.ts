import { type Claim, readClaim, writeClaim } from "../../src/core/claim/claim.ts";
import type { Ledger } from "../../src/core/claim/ledger.ts";
import { claimName } from "../../src/core/claim/name.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { refreshDue } from "../../src/core/login/due.ts";
import type { LedgerFile } from "../../src/login/ledger-file.ts";
import { refreshSection } from "../../src/login/refresh-section.ts";
import type { SectionOutcome, SectionRequest } from "../../src/login/section.ts";
import type { Services } from "../../src/login/services.ts";
import { MemoryChannel } from "./ports/channel.ts";
import { FakeClock } from "./ports/clock.ts";
import { MemoryFiles } from "./ports/files.ts";
import { MemoryHandoff } from "./ports/handoff.ts";
import { MemoryIssuer } from "./ports/issuer.ts";
import { MemoryLog } from "./ports/log.ts";
import { MemoryProcesses } from "./ports/processes.ts";
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

/** What the steps of one job write down about the store. */
export class MemoryLedger implements LedgerFile {
  ledger: Ledger | null;

  constructor(ledger: Ledger | null = null) {
    this.ledger = ledger;
  }

  load = async (): Promise<Ledger | null> => this.ledger;
  save = async (next: Ledger): Promise<void> => {
    this.ledger = next;
  };
}

/** A claim of a job that is at work somewhere else. */
export const ELSEWHERE: Claim = {
  holder: "e".repeat(32),
  run: "99",
  attempt: 1,
  secret: SECRET,
  ref: "default",
  state: "open",
  before: null,
  next: null,
  after: null,
  released: false,
  wholeJob: false,
};

/** One login that has been stored for an hour and is due, and the jobs' runs that are about it. */
export class RefreshJobs {
  readonly clock = new FakeClock();
  readonly store: MemoryStore = new MemoryStore(this.clock);
  readonly handoff = new MemoryHandoff();
  readonly files = new MemoryFiles();
  readonly issuer = new MemoryIssuer(this.clock, this.files);
  readonly log = new MemoryLog();
  readonly channel = new MemoryChannel();
  readonly login: AuthJson;
  runs = 0;
  /** What GitHub says of other runs. */
  runStatus: "ended" | "in-progress" | "unknown" = "in-progress";

  constructor() {
    this.login = this.issuer.login(24 * HOUR_MS);
    this.store.set(SECRET, this.login.line().reveal());
    this.clock.advance(HOUR_MS);
  }

  /** A claim as another job has made it. */
  claimElsewhere(name: string, change: Partial<Claim> = {}, ageMs = 0): void {
    const value = writeClaim({ ...ELSEWHERE, ...change });
    const createdAt = new Date(this.clock.rightNow().getTime() - ageMs);
    this.store.variables.kept.set(name, { name, value, createdAt });
  }

  get stored(): AuthJson {
    return AuthJson.parse(this.store.secrets.get(SECRET)?.value ?? "");
  }

  /** What became of the claim on a generation. */
  claim(login: AuthJson = this.login, takeover = 0): Claim | null {
    return readClaim(this.store.variables.kept.get(claimName(login, PLACE, takeover))?.value ?? "");
  }

  /** A run that is created and begins now, on a machine of its own. */
  newRun(
    policy: "auto" | "force" = "auto",
    instead: Partial<Services> = {},
    request: Partial<SectionRequest> = {},
  ): () => Promise<SectionOutcome> {
    const { clock } = this;
    const createdAt = clock.rightNow();
    const services = { ...this.services(createdAt), ...instead };
    const windows = { refreshWindowMs: 72 * HOUR_MS, minimumLifetimeMs: 6 * HOUR_MS };
    return () =>
      refreshSection(services, {
        due: (login) => refreshDue({ policy, login, now: clock.now(), ...windows, branch: "default" }),
        insistence: policy === "force" ? "forced" : "when-due",
        minimumLifetimeMs: windows.minimumLifetimeMs,
        claimFor: "refresh",
        ...request,
      });
  }

  /** What the next run has, on a machine of its own. */
  services(createdAt = this.clock.rightNow()): Services {
    const run = ++this.runs;
    return {
      writeCredential: this.store.writeCredential,
      box: openBox,
      handoff: this.handoff,
      runInformation: {
        isRerun: false,
        readTime: async () => ({ kind: "known", at: createdAt }),
        statusOf: async () => this.runStatus,
        concurrency: async () => null,
        visibility: async () => "private",
        mayWrite: async () => null,
      },
      refresher: async () => this.issuer,
      ledgerFile: new MemoryLedger(),
      files: this.files,
      clock: this.clock,
      randomness: { bytes: (count) => new Uint8Array(count).fill(run) },
      log: this.log,
      channel: this.channel,
      processes: new MemoryProcesses(this.clock),
      cancellation: { requested: () => false },
      place: PLACE,
      claimant: { run: String(run), attempt: 1, ref: "default" },
      handed: this.stored,
      base: "/temp/base",
      environment: {},
    };
  }
}
