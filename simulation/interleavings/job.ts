import { loadCriticalSection } from "../../src/login/section-state.ts";
import "./small-room.ts";
import { type Claim, readClaim } from "../../src/core/claim/claim.ts";
import { claimName } from "../../src/core/claim/name.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { recover, storePending } from "../../src/login/finish-killed-main.ts";
import { ledgerFile } from "../../src/login/ledger-file.ts";
import { refreshSection } from "../../src/login/refresh-section.ts";
import type { SectionOutcome } from "../../src/login/section.ts";
import type { Services } from "../../src/login/services.ts";
import { storeChangedHome } from "../../src/login/store-home.ts";
import type { StoreOutcome } from "../../src/login/store-outcome.ts";
import type { CodexRefresher } from "../../src/ports/codex.ts";
import type { RunInformation } from "../../src/ports/github.ts";
import type { HandoffCache } from "../../src/ports/handoff.ts";
import type { Clock } from "../../src/ports/machine.ts";
import type { StepChannel } from "../../src/ports/runner.ts";
import type { SecretMetadata, WriteSession } from "../../src/ports/secrets.ts";
import type { Variable } from "../../src/ports/variables.ts";
import { type Refresh, runAppServer } from "../models/app-server.ts";
import { REFUSALS } from "../models/issuer.ts";
import { openBox, openCipher, silentLog } from "../models/open.ts";
import { type Ask, asItIs, type Request, type Sight } from "../models/request.ts";
import { Disk } from "./disk.ts";
import { familyOf, idOf, type LoginId, loginOf, successorOf } from "./logins.ts";
import type { Budget, Move, World } from "./world.ts";

export interface JobPlan {
  readonly insistence: "forced" | "when-due";
  /** `refresh-token: present`: the whole login is in the home for as long as the job lasts. */
  readonly isWhole?: boolean;
}

type Phase =
  /** Not created yet. */
  | "unborn"
  /** Created, and waiting for its group. */
  | "queued"
  | "main"
  /** Its main was killed, and post comes in fifteen minutes. */
  | "between"
  | "post"
  | "ended"
  /** The machine is gone; GitHub notices after ten minutes. */
  | "dead";

/** One way in which an operation may end. */
interface Ending {
  /** Made only where somebody reads it. */
  readonly label: () => string;
  readonly cost: keyof Budget | null;
  readonly carryOut: (isLate?: boolean) => Answer;
}

interface Answer {
  /** The same for every order in which the same was answered. */
  readonly words: string;
  readonly value?: unknown;
  readonly error?: unknown;
}

interface Operation {
  readonly label: string;
  /** `silent`: nobody else can tell when it happens. */
  readonly kind: "read" | "write" | "silent" | "wait" | "codex";
  readonly endings: () => readonly Ending[];
}

interface Pending {
  readonly operation: Operation;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What is left of a process that was killed at some moment: its disk, and its state. */
interface Snapshot {
  readonly contents: ReadonlyMap<string, string | Uint8Array>;
  readonly state: ReadonlyMap<string, string>;
}

const BUSY_POLL_MS = 5_000;
const HOUR_MS = 3_600_000;
const BASE = "/t/codex-auth";
const HOME = "/t/codex-auth/home";
const NAMES = "ABCDEFGH";
const MAY_LAND_LATE = " and lands later";

/** One job on its own machine: the real code on ports at which every operation waits to be let through. */
export class Job {
  readonly world: World;
  readonly name: string;
  readonly plan: JobPlan;
  readonly run: string;
  /** What a sabotage keeps of it. */
  readonly memory = new Map<string, unknown>();
  /** Of its claims. */
  readonly holders = new Set<string>();
  phase: Phase = "unborn";
  handed: LoginId = "a0";
  /** What became of main; `null` where it did not end by itself. */
  outcome: SectionOutcome | Failure | null = null;
  /** What post had to do. */
  stored: StoreOutcome | Failure | null = null;
  #trace = "";
  #pending: Pending | null = null;
  #epoch = 0;
  #createdMs = 0;
  #startedMs = 0;
  #randomness = 0;
  #outage: { label: string; left: number } | null = null;
  #moments: Snapshot[] = [];
  /** Of the secret, when we last looked: the newest version, and the one that we were told of. */
  #look = { newest: -1, told: -1 };
  /** What was answered last. */
  #previous = "";
  /** Logins that the cache, and the secret, have not taken in this phase. */
  readonly #unnoted = new Set<LoginId>();
  readonly #unwritten = new Set<LoginId>();
  /** Logins for which a PUT was asked. */
  readonly #written = new Set<LoginId>();
  /** A change of a claim has failed, so the claims need not tell how far we are. */
  #isUntold = false;
  #waitsSince = -1;
  readonly #disk: Disk;
  readonly #saved = new Map<string, string>();
  #atBegin: ReadonlyMap<string, string> = new Map();
  /** Throws nothing away: what a phase could not foresee is a fault of ours. */
  unforeseen: unknown = null;

  constructor(world: World, index: number, plan: JobPlan) {
    this.world = world;
    this.name = NAMES[index] ?? `job ${index}`;
    this.run = String(100 + index);
    this.plan = plan;
    this.#disk = new Disk(() => this.#moment());
  }

  // Life

  get isUnborn(): boolean {
    return this.phase === "unborn";
  }

  get wouldBeHanded(): LoginId {
    return this.#firstAttempt?.handed ?? this.world.secret.login;
  }

  create(): void {
    const { world } = this;
    this.handed = this.wouldBeHanded;
    // Strictly after the last write, as `created_at` tells it in whole seconds.
    const first = this.#firstAttempt;
    this.#createdMs = first === null ? world.nextSecond() : first.#createdMs;
    this.phase = "queued";
    this.#trace = `handed ${this.handed} v${world.versions.length}`;
    if (!world.plan.group || this.#predecessorIsOver) this.#start();
  }

  /** Of a re-run: the job whose secrets and whose time of creation it has. */
  get #firstAttempt(): Job | null {
    const { plan, jobs } = this.world;
    const index = jobs.indexOf(this);
    return plan.rerun && index > 0 && index < plan.jobs ? (jobs[0] ?? null) : null;
  }

  /** The jobs that come when services work again have it. */
  get #mayReadActions(): boolean {
    const { plan, jobs } = this.world;
    return plan.actionsRead || jobs.indexOf(this) >= plan.jobs;
  }

  get #predecessorIsOver(): boolean {
    const { jobs } = this.world;
    return jobs.slice(0, jobs.indexOf(this)).every(({ phase }) => phase === "ended" || phase === "dead");
  }

  #start(): void {
    const { world } = this;
    if (world.plan.scope === "environment" && this.#firstAttempt === null) {
      this.handed = world.secret.login;
      this.#trace += ` handed ${this.handed} v${world.versions.length}`;
    }
    this.#startedMs = world.nextSecond();
    this.phase = "main";
    this.#launch(() => this.#main());
  }

  #launch(act: () => Promise<void>): void {
    const epoch = ++this.#epoch;
    this.#moments = [];
    const ended = (): void => {
      if (epoch !== this.#epoch) return;
      this.#ended();
    };
    act().then(ended, (error: unknown) => {
      if (epoch !== this.#epoch) return;
      this.unforeseen = error;
      this.world.violate(`unforeseen in ${this.name} ${this.phase}: ${String(error)}`);
    });
  }

  async #main(): Promise<void> {
    const { world } = this;
    try {
      const online = this.#online();
      const wasDue = (login: AuthJson): boolean => this.plan.insistence === "forced" || idOf(login) === "a0";
      this.outcome = await refreshSection(online, {
        due: wasDue,
        insistence: this.plan.insistence,
        claimFor: this.plan.isWhole ? "whole-job" : "refresh",
        minimumLifetimeMs: HOUR_MS,
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.outcome = error;
    }
    world.story.push(`   ${this.name} main: ${describeOutcome(this.outcome)}`);
    await this.#runJob();
    // So that it can be killed between its last request and its end.
    const { kill, die } = world.budget;
    await this.#point({ ...silent("ends main"), kind: kill + die > 0 ? "read" : "silent" });
  }

  /** With the whole login in the home, the job's own Codex may rotate it there. */
  async #runJob(): Promise<void> {
    const { world, outcome } = this;
    if (!this.plan.isWhole || outcome === null || outcome instanceof Failure) return;
    // Nobody may build on a login that exists on this machine alone.
    if (outcome.kind === "refreshed" && outcome.storing.kind !== "stored") return;
    if (outcome.kind === "not-refreshed") return;
    const path = `${HOME}/auth.json`;
    await this.#disk.write(path, outcome.ledger.login.whole().reveal());
    this.#saved.set("written", (await this.#disk.stamp(path)) ?? "");
    const id = idOf(outcome.ledger.login);
    await this.#point({
      label: "the job",
      kind: "codex",
      endings: () => [
        { label: () => "the job runs", cost: null, carryOut: () => ({ words: "" }) },
        {
          label: () => `the job's Codex rotates ${id}`,
          cost: "inJob",
          carryOut: () => {
            const next = world.present(this, id);
            if (next !== null) this.#disk.put(path, loginOf(next).whole().reveal());
            return { words: next ?? "reused" };
          },
        },
      ],
    });
  }

  /** As `finish.ts` does it. */
  async #post(): Promise<void> {
    const section = loadCriticalSection(this.#channel, { base: BASE });
    let isRecovered = false;
    const act = async (store: (online: Services) => Promise<StoreOutcome | null>): Promise<boolean> => {
      try {
        const outcome = await store(this.#online());
        if (outcome !== null) this.stored = outcome;
        return outcome !== null;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        this.stored = error;
        return false;
      }
    };
    if (section !== null) isRecovered = await act((online) => recover(online, section));
    if (!isRecovered && this.#disk.contents.has(`${BASE}/ledger`)) await act(storePending);
    if (this.plan.isWhole && this.#atBegin.has("written"))
      await act((online) =>
        storeChangedHome(
          online,
          { base: BASE, home: HOME, written: this.#atBegin.get("written") ?? null },
          "job-ends",
        ),
      );
    if (this.stored !== null)
      this.world.story.push(
        `   ${this.name} post: ${this.stored instanceof Failure ? this.stored.code : this.stored.kind}`,
      );
  }

  #ended(): void {
    if (this.phase === "main") this.#beginPost();
    else this.#over("ended");
  }

  #beginPost(): void {
    this.phase = "post";
    this.#outage = null;
    this.#atBegin = new Map(this.#saved);
    // Nothing of main's process is left but its files and its state.
    this.#trace = `post with ${this.#leftovers()} ${[...this.#written]} ${this.#isUntold}`;
    // Post tries both again.
    this.#unnoted.clear();
    this.#unwritten.clear();
    this.#launch(() => this.#post());
  }

  #over(phase: "ended" | "dead"): void {
    const { world } = this;
    const lost = [...this.#disk.contents.entries()]
      .filter(([path]) => path.endsWith("auth.json") || path === `${BASE}/ledger`)
      .map(([path]) => this.#disk.textOf(path) ?? "");
    this.#epoch += 1;
    this.#pending = null;
    this.phase = phase;
    this.#trace = "";
    const living = world.livingLogin;
    if (
      phase === "dead" &&
      living !== null &&
      lost.some((text) => mentions(text, living)) &&
      !world.isReachable(living)
    )
      world.excuse("died unsaved", living);
    if (
      living !== null &&
      this.#unnoted.has(living) &&
      this.#unwritten.has(living) &&
      !world.isReachable(living)
    )
      world.excuse("cache and secret failed", living);
    this.#disk.contents.clear();
    this.#saved.clear();
    world.mutations += 1;
    for (const job of world.jobs) if (job.phase === "queued" && job.#predecessorIsOver) job.#start();
  }

  get isQuiet(): boolean {
    return this.phase !== "main" && this.phase !== "post" ? true : this.#pending?.operation.kind === "wait";
  }

  get isGoneForNow(): boolean {
    return this.phase === "dead" || this.phase === "between";
  }

  get isAtSilentOperation(): boolean {
    return this.#pending?.operation.kind === "silent";
  }

  get status(): "ended" | "in-progress" {
    return this.phase === "ended" || (this.phase === "dead" && this.world.jumps > 0)
      ? "ended"
      : "in-progress";
  }

  get isTakingOver(): boolean {
    const text = this.#saved.get("critical-section");
    return text !== undefined && /_R\d/.test(text);
  }

  /** Whether this job, undisturbed, may still bring a login into the secret or the cache. */
  mayStillSave(login: LoginId): boolean {
    if (this.phase === "ended" || this.phase === "dead") return false;
    return [...this.#disk.contents.keys()].some((path) => mentions(this.#disk.textOf(path) ?? "", login));
  }

  noteJump(): void {
    if (this.phase === "main" || this.phase === "post") this.#trace += " ten minutes";
  }

  // Moves

  moves(): readonly Move[] {
    const { world } = this;
    if (this.phase === "between")
      return world.jumps > 0
        ? [{ label: () => `${this.name} post begins`, act: () => this.#beginPost() }]
        : [];
    const { operation } = this.#pending ?? {};
    if (!operation) return [];
    if (operation.kind === "wait")
      return world.mutations > this.#waitsSince ? [this.#wake(BUSY_POLL_MS)] : [];
    const outage = this.#outage;
    if (outage?.label === operation.label)
      return this.#ways({
        ...unanswered(operation.label),
        carryOut: () => {
          outage.left -= 1;
          if (outage.left === 0) this.#outage = null;
          return unanswered(operation.label).carryOut();
        },
      });
    const [ordinary, ...others] = operation.endings();
    if (!ordinary) return [];
    return operation.kind === "silent" ? this.#ways(ordinary, ...others) : this.#ways(ordinary);
  }

  /** Where nobody else can do anything. */
  movesOfPatience(): readonly Move[] {
    return this.#pending?.operation.kind === "wait" ? [this.#wake(150_000)] : [];
  }

  #wake(ms: number): Move {
    return {
      label: () => `${this.name} looks again${ms > BUSY_POLL_MS ? " after two minutes" : ""}`,
      act: () => {
        this.world.nowMs += ms;
        this.#answer({ words: ms > BUSY_POLL_MS ? "late" : "." });
      },
    };
  }

  faults(): readonly Move[] {
    const { world } = this;
    const { operation } = this.#pending ?? {};
    if (!operation || operation.kind === "wait" || this.#outage) return [];
    const [ordinary, ...others] = operation.endings();
    if (!ordinary) return [];
    const moves = [...this.#ways(...others)];
    const { budget } = world;
    if (
      budget.stall > 0 &&
      world.inFlight.length === 0 &&
      world.jobs.every((job) => job === this || job.isQuiet)
    )
      moves.push({
        label: () => `${this.name} is held up for ten minutes before ${operation.label}`,
        act: () => {
          budget.stall -= 1;
          world.jump();
        },
      });
    if (this.phase === "main" && budget.kill > 0)
      moves.push(...this.#kills(operation, [ordinary, ...others], "kill"));
    if (budget.die > 0) moves.push(...this.#kills(operation, [ordinary, ...others], "die"));
    return moves;
  }

  #ways(...endings: readonly Ending[]): readonly Move[] {
    const { budget } = this.world;
    return endings
      .filter(({ cost }) => cost === null || budget[cost] > 0)
      .map((ending) => ({
        label: () => `${this.name}${this.phase === "post" ? " post" : ""}: ${ending.label()}`,
        act: () => {
          if (ending.cost !== null) budget[ending.cost] -= 1;
          this.world.nowMs += 40;
          this.#answer(ending.carryOut());
        },
      }));
  }

  #kills(
    operation: Operation,
    [ordinary, ...others]: readonly [Ending, ...Ending[]],
    cost: "kill" | "die",
  ): readonly Move[] {
    const { budget } = this.world;
    const moves: Move[] = [];
    const kill = (when: string, prepare: () => void): void => {
      const label = `${this.name} ${this.phase} ${cost === "kill" ? "is killed" : "loses its machine"} ${when}`;
      const end =
        (after: () => void): (() => void) =>
        () => {
          budget[cost] -= 1;
          prepare();
          this.#epoch += 1;
          this.#pending = null;
          after();
        };
      if (cost === "die") moves.push({ label: () => label, act: end(() => this.#over("dead")) });
      else {
        moves.push({ label: () => `${label}; post at once`, act: end(() => this.#beginPost()) });
        moves.push({
          label: () => `${label}; post in fifteen minutes`,
          act: end(() => {
            this.phase = "between";
            this.#trace = `between ${this.#leftovers()}`;
          }),
        });
        moves.push({ label: () => `${label}; the machine dies`, act: end(() => this.#over("dead")) });
      }
    };
    const moments = this.#distinctMoments();
    for (const [index, snapshot] of moments.entries()) {
      const isLast = index === moments.length - 1;
      kill(`${isLast ? "before" : `${moments.length - 1 - index} writes before`} ${operation.label}`, () =>
        this.#restore(snapshot),
      );
    }
    if (operation.kind === "write" && budget.late > 0)
      kill(`with ${operation.label} in flight`, () => {
        budget.late -= 1;
        this.world.inFlight.push({
          label: `${this.name}'s ${operation.label} lands`,
          land: () => void ordinary.carryOut(true),
        });
      });
    // Codex goes on without main.
    if (operation.kind === "codex") {
      kill("while Codex refreshes", () => void ordinary.carryOut());
      const unheard = others.find(({ cost: cause }) => cause === "unheard");
      if (unheard) kill("with Codex, which had asked", () => void unheard.carryOut());
    }
    return moves;
  }

  #answer({ words, value, error }: Answer): void {
    const pending = this.#pending;
    if (pending === null) throw new Error(`${this.name} waits for nothing.`);
    this.#pending = null;
    this.#previous = pending.operation.label;
    this.#trace = `${fold(this.#trace)} ${pending.operation.label} ${words}`;
    this.#moments = [];
    this.#takeSnapshot();
    if (this.#outage !== null && this.#outage.label !== pending.operation.label) this.#outage = null;
    if (error === undefined) pending.resolve(value);
    else pending.reject(error);
  }

  #point(operation: Operation): Promise<unknown> {
    const epoch = this.#epoch;
    return new Promise((resolve, reject) => {
      if (epoch !== this.#epoch) return;
      if (this.#pending !== null)
        throw new Error(
          `${this.name} does two things at once: ${this.#pending.operation.label}, ${operation.label}`,
        );
      this.#waitsSince = this.world.mutations;
      this.#pending = { operation, resolve, reject };
    });
  }

  // Moments at which a process may be killed

  async #moment(): Promise<void> {
    await Promise.resolve();
    this.#takeSnapshot();
  }

  #takeSnapshot(): void {
    const { budget } = this.world;
    if (budget.kill + budget.die === 0) return;
    this.#moments.push({ contents: new Map(this.#disk.contents), state: new Map(this.#saved) });
  }

  #distinctMoments(): readonly Snapshot[] {
    this.#takeSnapshot();
    const seen = new Set<string>();
    const distinct: Snapshot[] = [];
    // The last of each kind, so that the present one is there.
    for (const snapshot of [...this.#moments].reverse()) {
      const words = wordsOf(snapshot);
      if (!seen.has(words)) distinct.unshift(snapshot);
      seen.add(words);
    }
    this.#moments.pop();
    return distinct;
  }

  #restore({ contents, state }: Snapshot): void {
    this.#disk.contents.clear();
    for (const [path, content] of contents) this.#disk.contents.set(path, content);
    this.#saved.clear();
    for (const [name, value] of state) this.#saved.set(name, value);
  }

  #leftovers(): string {
    return this.#describeSnapshot({ contents: this.#disk.contents, state: this.#saved });
  }

  #describeSnapshot(snapshot: Snapshot): string {
    return fold(
      wordsOf(snapshot).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => this.world.versionOf(new Date(time))),
    );
  }

  describe(): string {
    const { operation } = this.#pending ?? {};
    return `${this.phase} ${this.#trace} ${operation?.label ?? ""} ${operation?.kind === "wait" && this.world.mutations > this.#waitsSince ? "awake" : ""} ${this.world.versions.length - this.#look.newest} ${this.#look.newest - this.#look.told} ${[...this.#unnoted]}/${[...this.#unwritten]}`;
  }

  // Ports

  #online(): Services {
    const { world } = this;
    const handed = loginOf(this.handed);
    const claimant = { run: this.run, attempt: 1, ref: "default" };
    const information = { ...this.#runInformation, isRerun: this.#firstAttempt !== null };
    return {
      writeCredential: {
        kind: "token",
        open: async () => {
          const session = this.#session();
          return world.plan.sabotage?.session?.(session, this) ?? session;
        },
      },
      box: openBox,
      handoff: world.plan.sabotage?.handoff?.(this.#handoff, this) ?? this.#handoff,
      runInformation: world.plan.sabotage?.runInformation?.(information, this) ?? information,
      refresher: async () => this.#codex,
      ledgerFile: ledgerFile(this.#disk, openCipher, { base: BASE, holder: handed }),
      files: this.#disk,
      clock: world.plan.sabotage?.clock?.(this.#clock, this) ?? this.#clock,
      randomness: {
        bytes: (count) => {
          const bytes = new Uint8Array(count).fill(Number(this.run));
          bytes[0] = ++this.#randomness;
          if (count === 16) this.holders.add(Buffer.from(bytes).toString("hex"));
          return bytes;
        },
      },
      log: silentLog,
      channel: world.plan.sabotage?.channel?.(this.#channel, this) ?? this.#channel,
      cancellation: { requested: () => false },
      processes: { isAlive: async () => false, usingHome: async () => [] },
      place: world.place,
      claimant,
      handed,
      base: BASE,
      environment: {},
    };
  }

  readonly #clock: Clock = {
    now: () => new Date(this.world.nowMs),
    monotonicMs: () => this.world.nowMs,
    sleep: async (ms) => {
      if (ms === BUSY_POLL_MS) await this.#point({ label: "waits", kind: "wait", endings: () => [] });
      else this.world.nowMs += ms;
    },
  };

  readonly #channel: StepChannel = {
    seal: () => {},
    saveState: (name, value) => {
      this.#saved.set(name, value);
      this.#takeSnapshot();
    },
    state: (name) => this.#atBegin.get(name) ?? "",
    setOutputs: () => {},
    exportVariable: () => {},
    addPath: () => {},
    writeSummary: async () => {},
  };

  readonly #runInformation: RunInformation = {
    isRerun: false,
    readTime: async (scope) => {
      if (!this.#mayReadActions) return { kind: "unknown", because: "permission" };
      return { kind: "known", at: new Date(scope === "repository" ? this.#createdMs : this.#startedMs) };
    },
    statusOf: async (run) => {
      const status = this.world.jobs.find((job) => job.run === run)?.status ?? "ended";
      if (this.#mayReadActions) return status;
      return "unknown";
    },
    concurrency: async () => null,
    visibility: async () => "private",
    mayWrite: async () => true,
  };

  readonly #handoff: HandoffCache = {
    prepare: () => {},
    refusesWrites: async () => null,
    look: async (login) => {
      const id = idOf(login);
      return (await this.#point({
        label: `look ${id}`,
        kind: "read",
        endings: () => {
          const lookup = this.world.handoff.look(login);
          const words = lookup.kind === "note" ? idOf(lookup.note.login) : "none";
          return [
            {
              label: () => `look under ${id}: ${words}`,
              cost: null,
              carryOut: () => ({ words, value: lookup }),
            },
            {
              label: () => `look under ${id}: not answered`,
              cost: "note",
              carryOut: () => ({ words: "not answered", value: { kind: "not-answered" } }),
            },
          ];
        },
      })) as Awaited<ReturnType<HandoffCache["look"]>>;
    },
    save: async (under, note) => {
      const [from, to] = [idOf(under), idOf(note.login)];
      return (await this.#point({
        label: `note ${from} → ${to}`,
        kind: "write",
        endings: () => [
          {
            label: () => `note ${from} → ${to}`,
            cost: null,
            carryOut: () => {
              this.world.handoff.save(under, note);
              return { words: "saved", value: "saved" };
            },
          },
          {
            label: () => `note ${from} → ${to}: failed`,
            cost: "note",
            carryOut: () => {
              this.#unnoted.add(to);
              this.world.notesMissing.add(to);
              return { words: "failed", value: "failed" };
            },
          },
        ],
      })) as "saved" | "failed";
    },
  };

  readonly #codex: CodexRefresher = {
    refresh: async ({ home, started, refreshes }) => {
      await started({ pid: 4711, startedAt: null });
      const path = `${home}/auth.json`;
      const id = loginIn(this.#disk.textOf(path) ?? "");
      const endsAtMs = loginOf(id).accessTokenExpiresAt.getTime();
      return runAppServer(
        { refreshes, accessTokenEndsInMs: endsAtMs - this.world.nowMs },
        () => this.#point(this.#refreshOf(id, path)) as Promise<Refresh>,
      );
    },
  };

  /** What may become of Codex's request to the issuer. */
  #refreshOf(id: LoginId, path: string): Operation {
    const label = `Codex refreshes ${id}`;
    const save = (login: LoginId): Answer => {
      this.#disk.put(path, loginOf(login).whole().reveal());
      return { words: login, value: "saved" };
    };
    const rotate = (): Answer => {
      const next = this.world.present(this, id);
      return next === null ? { words: "reused", value: { refused: REFUSALS.reused } } : save(next);
    };
    return {
      label,
      kind: "codex",
      endings: () => [
        { label: () => label, cost: null, carryOut: rotate },
        {
          label: () => `${label}: not heard`,
          cost: "unheard",
          carryOut: () => {
            const next = this.world.present(this, id);
            if (next !== null) this.world.excuse("answer lost", next);
            return { words: "not heard", value: "not-heard" };
          },
        },
        {
          label: () => `${label}: 503`,
          cost: "unavailable",
          carryOut: () => ({ words: "503", value: "unavailable" }),
        },
        {
          label: () => `Codex renews ${id}`,
          cost: "renewed",
          carryOut: () => (this.world.isLiving(id) ? { ...save(`${id}'`), words: "renewed" } : rotate()),
        },
      ],
    };
  }

  #session(): WriteSession {
    return {
      store: this.world.secrets.port(this.#ask),
      variables: this.world.variables.port(this.#ask),
      serverClock: { now: async () => this.world.serverNow() },
      expiresAt: () => null,
      close: async () => {},
    };
  }

  /** No newer login of a person's may be written over. */
  #judgeWrite(id: LoginId, isLate: boolean): void {
    const { world } = this;
    const { secret, versions, family } = world;
    if (familyOf(id) === family || familyOf(secret.login) !== family) return;
    const since = versions.findIndex(({ login }) => familyOf(login) === family);
    if (!isLate && this.#previous !== "metadata")
      world.violate(`${this.name} writes ${id} without a look before`);
    else if (this.#look.newest < since) world.excuse("person in the gap", secret.login);
    else if (this.#look.told < since) world.excuse("person behind a stale answer", secret.login);
    else if (!world.isExcused(secret.login, "person in our seconds"))
      world.violate(`${this.name} writes ${id} over the person's ${secret.login}`);
  }

  readonly #ask: Ask = async <Value>(request: Request, serve: (see: Sight) => Value): Promise<Value> => {
    const isRead = request.verb === "GET" || request.verb === "LIST";
    const isMain = request.of === "variable" || request.name === this.world.place.secretName;
    if (isMain) return (isRead ? this.#read(request, serve) : this.#write(request, serve)) as Promise<Value>;
    if (request.verb === "KEY")
      await this.#point({
        label: "public key",
        kind: "silent",
        endings: () => [
          { label: () => "public key", cost: null, carryOut: () => ({ words: "key" }) },
          { ...unanswered("public key"), cost: "outage", carryOut: () => this.#breakDown("public key") },
        ],
      });
    if (request.verb === "PUT") await this.#point(silent("probe"));
    return serve(asItIs);
  };

  /** A read, told as things are or as they were before the last write. */
  async #read(request: Request, serve: (see: Sight) => unknown): Promise<unknown> {
    const { world } = this;
    const label = this.#describeRequest(request);
    const told = (stale: string | null): Ending => {
      const see: Sight = (history, name) => (name === stale ? history.before(name) : history.get(name));
      return {
        label: () =>
          `${label}: ${this.#describeAnswer(request, serve(see))}${stale === null ? "" : " (stale)"}`,
        cost: stale === null ? null : "stale",
        carryOut: () => {
          const newest = world.versions.length - 1;
          if (request.of === "secret") this.#look = { newest, told: stale === null ? newest : newest - 1 };
          const value = serve(see);
          return { words: this.#describeAnswer(request, value), value };
        },
      };
    };
    return this.#point({
      label,
      kind: "read",
      endings: () => [
        told(null),
        ...world.unsettled(request).map(told),
        { ...unanswered(label), cost: "outage", carryOut: () => this.#breakDown(label) },
      ],
    });
  }

  #breakDown(label: string): Answer {
    this.#outage = { label, left: 2 };
    return unanswered(label).carryOut();
  }

  async #write(request: Request, serve: (see: Sight) => unknown): Promise<unknown> {
    const label = this.#describeRequest(request);
    const { verb, name, value: text = "" } = request;
    if (verb === "PUT") this.#written.add(loginIn(text));
    const apply = (isLate = false): Answer => {
      const value = this.#carryOut(request, () => serve(asItIs), isLate);
      return { words: value === false ? "404" : String(value ?? "deleted"), value };
    };
    const failed = (): void => {
      // What cannot be claimed is not written.
      if (verb === "PUT") this.#unwritten.add(loginIn(text));
      if (verb === "POST" && readClaim(text)?.state === "write")
        this.#unwritten.add(this.world.shortName(name).split("_")[0] ?? "");
      if (verb === "PATCH") this.#isUntold = true;
    };
    const lost = (): Answer => ({ words: "lost", error: new GitHubError("lost", { status: null }) });
    return this.#point({
      label,
      kind: "write",
      endings: () => [
        { label: () => label, cost: null, carryOut: apply },
        {
          label: () => `${label}: done, the answer is lost`,
          cost: "lost",
          carryOut: () => {
            apply();
            return lost();
          },
        },
        {
          label: () => `${label}: never arrives`,
          cost: "lost",
          carryOut: () => {
            failed();
            return lost();
          },
        },
        {
          label: () => `${label}: not answered${MAY_LAND_LATE}`,
          cost: "late",
          carryOut: () => {
            const land = (): void => void apply(true);
            this.world.inFlight.push({ label: `${this.name}'s ${label} lands`, land });
            return lost();
          },
        },
        {
          label: () => `${label}: refused`,
          cost: "refused",
          carryOut: () => {
            failed();
            return { words: "refused", error: new GitHubError("refused", { status: 403 }) };
          },
        },
      ],
    });
  }

  /** A write that has arrived, and what is to be said of it. */
  #carryOut({ verb, name, value = "" }: Request, serve: () => unknown, isLate: boolean): unknown {
    if (verb === "PUT") {
      const login = loginIn(value);
      this.#judgeWrite(login, isLate);
      return this.world.writeSecret({ login, by: this.name, isLate }, serve);
    }
    const answer = serve();
    if (verb === "POST" && answer === "created") this.#judgeTakeover(name, value);
    if (verb === "PATCH" && answer === true) this.#judgeClaim(readClaim(value));
    return answer;
  }

  #describeRequest({ of, verb, name, value = "" }: Request): string {
    const { world } = this;
    if (of === "secret") return verb === "GET" ? "metadata" : `${verb} ${loginIn(value)}`;
    if (verb === "LIST") return "list";
    const short = world.shortName(name);
    if (verb === "GET" || verb === "DELETE") return `${verb} ${short}`;
    const claim = readClaim(value);
    return `${verb} ${short} ${claim ? world.describeClaim(claim) : "unreadable"}`;
  }

  #describeAnswer({ of, verb }: Request, answer: unknown): string {
    const { world } = this;
    if (of === "secret") return world.versionOf((answer as SecretMetadata).updatedAt);
    return verb === "LIST"
      ? world.describeVariables(answer as readonly Variable[])
      : world.describeVariable(answer as Variable | null);
  }

  /** A claim that `force` takes over because it cannot ask, while its holder has yet to say whether it has rotated. */
  #judgeTakeover(name: string, value: string): void {
    const { world } = this;
    const [login = "", takeover] = world.shortName(name).split("_R");
    if (takeover === undefined || readClaim(value)?.state !== "open") return;
    if (this.#mayReadActions || this.plan.insistence !== "forced") return;
    const below = world.variables.kept.get(claimName(loginOf(login), world.place, Number(takeover) - 1));
    const claim = below ? readClaim(below.value) : null;
    const holder = world.jobs.find((job) => claim !== null && job.holders.has(claim.holder));
    if (!claim || claim.released || !holder || holder === this || holder.status === "ended") return;
    // `rotated` is said before the PUT.
    if (holder.#written.has(successorOf(login)) && !holder.#isUntold) return;
    world.forcedOver.add(login);
  }

  /** Who writes in the very seconds of our own write is taken for us. */
  #judgeClaim(claim: Claim | null): void {
    const { world } = this;
    if (claim?.after == null) return;
    const { versions } = world;
    const version = versions.find(({ atMs }) => atMs === claim.after?.getTime());
    const ours = versions.findLast((other) => other !== version && other.by === this.name);
    if (!version || !ours) return;
    const gapMs = version.atMs - ours.atMs;
    if (gapMs <= 0 || gapMs >= 5000) return;
    const isForced = !this.#mayReadActions && this.plan.insistence === "forced";
    if (version.by !== "person" && !version.isLate && !isForced) return;
    const loss =
      version.by === "person"
        ? "person in our seconds"
        : version.isLate
          ? "late write in our seconds"
          : "forced over an unknown run";
    // What the other has written, and what is thought to stand there.
    world.excuse(loss, version.login);
    world.excuse(loss, ours.login);
  }
}

function silent(label: string): Operation {
  return {
    label,
    kind: "silent",
    endings: () => [{ label: () => label, cost: null, carryOut: () => ({ words: "" }) }],
  };
}

function unanswered(label = "again"): Ending {
  return {
    label: () => `${label}: not answered`,
    cost: null,
    carryOut: () => ({ words: "unanswered", error: new GitHubError("unanswered", { status: null }) }),
  };
}

export function describeOutcome(outcome: SectionOutcome | Failure | null): string {
  if (outcome === null) return "killed";
  if (outcome instanceof Failure) return outcome.code;
  switch (outcome.kind) {
    case "refreshed":
      return `${outcome.rotated ? "rotated" : "renewed"} to ${idOf(outcome.ledger.login)}, ${outcome.storing.kind}`;
    case "kept":
      return `kept ${idOf(outcome.ledger.login)}`;
    case "not-refreshed":
      return `not refreshed ${idOf(outcome.login)} (${outcome.because.code})`;
  }
}

function wordsOf({ contents, state }: Snapshot): string {
  const texts: string[] = [];
  for (const [path, content] of contents)
    if (!path.endsWith("room"))
      texts.push(`${path} ${typeof content === "string" ? content : Buffer.from(content).toString("utf8")}`);
  for (const [name, value] of state) texts.push(`${name}=${value}`);
  return texts.sort().join("\n");
}

function loginIn(text: string): LoginId {
  const token = /rt-([a-z]\d+)/.exec(text)?.[1] ?? "?";
  return token + "'".repeat(((/-r(-r)*"/.exec(text)?.[0].length ?? 1) / 2) | 0);
}

function mentions(text: string, login: LoginId): boolean {
  return new RegExp(`rt-${login.replace(/'+$/, "")}(?!\\d)`).test(text);
}

/** 64 bits of a text, in hexadecimal. */
export function fold(text: string): string {
  let one = 0x811c9dc5;
  let two = 0x1b873593;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 0x01000193);
    two = Math.imul(two ^ code, 0x5bd1e995);
    two ^= two >>> 13;
  }
  return `${(one >>> 0).toString(36)}${(two >>> 0).toString(36)}`;
}
