import { type Claim, readClaim } from "../../src/core/claim/claim.ts";
import type { SecretLocation } from "../../src/core/github/secret-location.ts";
import { markSeed } from "../../src/login/seed-marker.ts";
import type { Variable } from "../../src/ports/variables.ts";
import { HandoffNotes } from "../models/handoff-cache.ts";
import { IssuedLogin } from "../models/issuer.ts";
import { atOnce, type Request } from "../models/request.ts";
import { Secrets } from "../models/secrets.ts";
import { wholeSeconds } from "../models/time.ts";
import { Variables } from "../models/variables.ts";
import { Job, type JobPlan } from "./job.ts";
import {
  familyOf,
  idOf,
  type LoginId,
  loginOf,
  numberOf,
  START_MS,
  shortNameOf,
  successorOf,
} from "./logins.ts";
import type { Sabotage } from "./sabotage.ts";

/** What may go wrong, each so many times in one order. */
export interface Budget {
  /** Main is killed; its post follows at once or after fifteen minutes. */
  kill: number;
  /** The machine dies, in main or in post. */
  die: number;
  /** The answer to a write is lost, applied or not. */
  lost: number;
  /** As `lost`, but the request is carried out only later: at any later moment. */
  late: number;
  /** A read tells the state from before the last write. */
  stale: number;
  /** A note is not saved, or a look at the cache is not answered. */
  note: number;
  /** A write is refused. */
  refused: number;
  /** A read is not answered, and not when it is tried again either. */
  outage: number;
  /** A job is held up for ten minutes between two requests. */
  stall: number;
  /** OpenAI rotates, and the answer is lost. */
  unheard: number;
  /** OpenAI does not answer; nothing is rotated. */
  unavailable: number;
  /** OpenAI renews the access token and keeps the refresh token. */
  renewed: number;
  /** With the whole login in the home: the job's own Codex rotates it. */
  inJob: number;
  /** A person seeds a fresh login, of another family. */
  reseed: number;
  /** A person puts the first login back. */
  old: number;
}

const NOTHING: Budget = {
  kill: 0,
  die: 0,
  lost: 0,
  late: 0,
  stale: 0,
  note: 0,
  refused: 0,
  outage: 0,
  stall: 0,
  unheard: 0,
  unavailable: 0,
  renewed: 0,
  inJob: 0,
  reseed: 0,
  old: 0,
};

export interface Plan {
  readonly scope: "repository" | "environment";
  /** With a common concurrency group, a job starts when the one before it is over. */
  readonly group: boolean;
  readonly insistence: "forced" | "when-due";
  readonly jobs: number;
  readonly budget: Partial<Budget>;
  /** Whether the jobs have `actions: read`. */
  readonly actionsRead: boolean;
  /** Whether a seed left its marker. */
  readonly marked: boolean;
  /** The later jobs are re-runs: they are handed what the first was, and were created with it. */
  readonly rerun: boolean;
  /** Which jobs have `refresh-token: present`. */
  readonly whole: "none" | "all" | "first" | "second";
  readonly sabotage: Sabotage | null;
}

export const ORDINARY: Plan = {
  scope: "repository",
  group: false,
  insistence: "forced",
  jobs: 2,
  budget: {},
  actionsRead: true,
  marked: false,
  rerun: false,
  whole: "none",
  sabotage: null,
};

/** The losses that docs/design.md lists ("Losses that remain"), as far as something here can cause them. */
export type Loss =
  /** OpenAI rotated, and its answer was lost. */
  | "answer lost"
  /** A machine died between the rotation and the first save. */
  | "died unsaved"
  /** To the end of a job, its post included, neither the cache nor the secret took the login. */
  | "cache and secret failed"
  /** A person wrote between our last look and our PUT. */
  | "person in the gap"
  /** Our last look was answered from before the person's write. */
  | "person behind a stale answer"
  /** A person wrote in the seconds in which our own write may have landed. */
  | "person in our seconds"
  /** A write of ours that was given up, or of a machine that slept, landed in the seconds of another one. */
  | "late write in our seconds"
  /** `refresh: force` without `actions: read` presented the generation of a job that was not over. */
  | "forced over an unknown run"
  /** A person put an old file over a login of which the cache had refused the note. */
  | "old file over the only copy";

/** A listed loss explains that this one login is lost, and nothing else. */
export interface Excuse {
  readonly loss: Loss;
  readonly login: LoginId;
}

/** After these nobody can find the login. */
const NOWHERE = [
  "answer lost",
  "died unsaved",
  "cache and secret failed",
  "old file over the only copy",
] as const satisfies readonly Loss[];

/** Who has written the secret. */
interface Write {
  readonly login: LoginId;
  readonly by: string;
  /** The one who wrote it had given it up. */
  readonly isLate?: boolean;
}

interface Version extends Write {
  readonly atMs: number;
}

export interface Move {
  readonly label: () => string;
  readonly act: () => void;
  readonly isFault?: boolean;
}

export const MINUTE_MS = 60_000;
const JUMP_MS = 10.5 * MINUTE_MS;

/** GitHub, OpenAI, a person and the jobs: everything that an order can change. */
export class World {
  readonly plan: Plan;
  readonly place: SecretLocation;
  readonly budget: Budget;
  readonly jobs: Job[] = [];
  readonly versions: Version[] = [];
  readonly secrets = new Secrets(() => this.nowMs);
  readonly variables = new Variables(
    () => this.nowMs,
    (name) => {
      this.#unsettled.add(name);
      this.mutations += 1;
    },
  );
  readonly handoff = new HandoffNotes(() => this.nowMs);
  /** Each family at OpenAI: how many rotations of it there were. */
  readonly issued = new Map<string, IssuedLogin<number>>([["a", new IssuedLogin(0)]]);
  /** Requests in flight whose senders have given up on them. */
  readonly inFlight: { readonly label: string; readonly land: () => void }[] = [];
  readonly excuses: Excuse[] = [];
  /** The last living login of each family that is over because a spent token was presented. */
  readonly burnt = new Map<string, LoginId>();
  /** Logins of which the cache has refused a note. */
  readonly notesMissing = new Set<LoginId>();
  /** Generations that `refresh: force` has taken over from a job that was not over. */
  readonly forcedOver = new Set<LoginId>();
  readonly story: string[] = [];
  /** What must never happen. */
  violation: string | null = null;
  /** The family that the person wants in the secret. */
  family = "a";
  nowMs = START_MS;
  mutations = 0;
  /** How often ten minutes have passed at once. */
  jumps = 0;
  /** Variables of which a read may still tell what they were before their last write. */
  readonly #unsettled = new Set<string>();
  #isSecretSettled = true;

  constructor(plan: Plan) {
    this.plan = plan;
    this.place = {
      owner: "octo",
      repository: "app",
      repositoryId: "1001",
      environment: plan.scope === "environment" ? "codex" : null,
      secretName: "CODEX_AUTH_JSON",
    };
    this.budget = { ...NOTHING, ...plan.budget };
    this.#seed("a0");
    this.versions.push({ login: "a0", by: "person", atMs: START_MS });
    const marker = { login: loginOf("a0"), place: this.place, updatedAt: new Date(START_MS) };
    if (plan.marked) void markSeed(this.variables.port(atOnce), marker);
    this.forget();
    this.mutations = 0;
    this.nowMs += 60_000;
    for (let index = 0; index < plan.jobs; index++) {
      const isWhole = plan.whole === "all" || plan.whole === (["first", "second"] as const)[index];
      this.addJob({ insistence: plan.insistence, isWhole });
    }
    this.jobs[0]?.create();
  }

  addJob(plan: JobPlan): Job {
    const job = new Job(this, this.jobs.length, plan);
    this.jobs.push(job);
    return job;
  }

  // Time

  /** GitHub's `Date`. */
  serverNow(): Date {
    return wholeSeconds(this.nowMs);
  }

  /** Each write has a second of its own, but where a person comes into ours. */
  nextSecond(): number {
    this.nowMs = Math.floor(this.nowMs / 1000 + 1) * 1000;
    return this.nowMs;
  }

  jump(): void {
    this.nowMs += JUMP_MS;
    this.jumps += 1;
    this.mutations += 1;
    this.forget();
    for (const job of this.jobs) job.noteJump();
  }

  /** Old answers are given for seconds, not for minutes. */
  forget(): void {
    this.#unsettled.clear();
    this.#isSecretSettled = true;
  }

  // The secret

  get secret(): Version {
    const last = this.versions.at(-1);
    if (!last) throw new Error("There is always a secret.");
    return last;
  }

  /** What a stale read tells. */
  get earlierSecret(): Version | null {
    return this.#isSecretSettled ? null : (this.versions.at(-2) ?? null);
  }

  /** Each write has a second of its own. */
  writeSecret<Answer>(write: Write, act: () => Answer): Answer {
    this.nextSecond();
    const answer = act();
    this.versions.push({ ...write, atMs: this.nowMs });
    this.#isSecretSettled = false;
    this.mutations += 1;
    return answer;
  }

  #seed(login: LoginId): void {
    this.secrets.set(this.place.secretName, loginOf(login).line().reveal());
  }

  versionOf(time: Date | null): string {
    if (time === null) return "-";
    const index = this.versions.findIndex(({ atMs }) => atMs === time.getTime());
    return index === -1 ? "?" : `v${index}`;
  }

  // Variables

  /** The names of which that read may be answered from before the last write. */
  unsettled({ of, verb, name }: Request): readonly string[] {
    if (of === "secret") return this.earlierSecret === null ? [] : [name];
    if (verb === "LIST") return [...this.#unsettled];
    const { kept } = this.variables;
    const isOther = this.#unsettled.has(name) && kept.before(name)?.value !== kept.get(name)?.value;
    return isOther ? [name] : [];
  }

  shortName(name: string): string {
    return shortNameOf(name, this.place);
  }

  describeVariable(kept: Variable | null): string {
    if (kept === null) return "404";
    const claim = claimIn(kept.value);
    if (claim === null) return "unreadable";
    const old = this.nowMs - kept.createdAt.getTime() >= 10 * MINUTE_MS ? " old" : "";
    return `${this.describeClaim(claim)}${old}`;
  }

  describeVariables(variables: readonly Variable[]): string {
    return variables
      .map((kept) => `${this.shortName(kept.name)} ${this.describeVariable(kept)}`)
      .sort()
      .join("; ");
  }

  describeClaim(claim: Claim): string {
    const { state, holder, before, next, after, released } = claim;
    const who = this.jobs.find((job) => job.holders.has(holder))?.name ?? "seed";
    const parts = [
      `${state} by ${who}`,
      `before ${this.versionOf(before)}`,
      next === null ? "" : `next ${this.shortName(next)}`,
      after === null ? "" : `after ${this.versionOf(after)}`,
      released ? "released" : "",
    ];
    return parts.filter(Boolean).join(" ");
  }

  // OpenAI

  isLiving(login: LoginId): boolean {
    const issued = this.issued.get(familyOf(login));
    return issued?.ended === null && issued.living === numberOf(login);
  }

  /** Whether whoever is handed what the secret holds finds that login. */
  isReachable(login: LoginId): boolean {
    return this.isReachableFrom(this.secret.login, login);
  }

  /** Which login the handoff has for whoever holds another one. */
  get notes(): ReadonlyMap<LoginId, LoginId> {
    return new Map(this.handoff.entries.map(({ under, note }) => [idOf(under), idOf(note.login)]));
  }

  isReachableFrom(start: LoginId, login: LoginId): boolean {
    const { notes } = this;
    let at: LoginId | undefined = start;
    for (let links = 0; at !== undefined && links < 20; links++) {
      if (sameToken(at, login)) return true;
      at = notes.get(at);
    }
    return false;
  }

  /** The living login of a family that is not over. */
  get livingLogin(): LoginId | null {
    const issued = this.issued.get(this.family);
    return issued?.ended === null ? `${this.family}${issued.living}` : null;
  }

  /** @returns `null`: refused, because it was spent */
  present(job: Job, login: LoginId): LoginId | null {
    const family = familyOf(login);
    const issued = this.issued.get(family);
    if (!issued) return null;
    const next = successorOf(login);
    const living = `${family}${issued.living}`;
    const answer = issued.present(numberOf(login), { next: () => numberOf(next), reuseEnds: true });
    if (answer === "rotated") return next;
    if (answer === "reused") {
      const isHeld = this.jobs.some((other) => other !== job && other.mayStillSave(living));
      const isRecoverable =
        isHeld || [...this.notes.values(), this.secret.login].some((id) => sameToken(id, living));
      // The taker, or the one that it was taken from: one of the two comes second.
      if ([...this.forcedOver].some((taken) => sameToken(taken, login)))
        this.excuse("forced over an unknown run", living);
      else if (!job.isTakingOver)
        this.violate(`a spent token is presented without a takeover (${login} by ${job.name})`);
      else if (isRecoverable && !this.isExcused(living, ...NOWHERE))
        this.violate(`a takeover burns a login that lives (${login} by ${job.name}, living ${living})`);
      this.burnt.set(family, living);
    }
    return null;
  }

  /** The login that should be in the secret: the newest of the person's family. */
  get newestLogin(): LoginId {
    return this.livingLogin ?? this.burnt.get(this.family) ?? "?";
  }

  excuse(loss: Loss, login: LoginId): void {
    if (!this.isExcused(login, loss)) this.excuses.push({ loss, login });
  }

  isExcused(login: LoginId, ...losses: readonly Loss[]): boolean {
    return this.excuses.some((known) => losses.includes(known.loss) && sameToken(known.login, login));
  }

  violate(what: string): void {
    this.violation ??= what;
  }

  // Moves

  /** Everything that may happen next. The first is what happens when nothing goes wrong. */
  moves(): readonly Move[] {
    const ordinary = this.ordinaryMoves();
    if (ordinary.length === 0 || this.jobs.some((job) => job.isAtSilentOperation)) return ordinary;
    const faults = [...this.jobs.flatMap((job) => job.faults()), ...this.#personMoves()];
    return [...ordinary, ...faults.map((move) => ({ ...move, isFault: true }))];
  }

  /** What may happen next without a fault: the first of all moves. */
  ordinaryMoves(): readonly Move[] {
    if (this.violation !== null) return [];
    const silent = this.jobs.find((job) => job.isAtSilentOperation);
    if (silent) return silent.moves();
    const moves = this.jobs.flatMap((job) => job.moves());
    if (moves.length === 0) for (const job of this.jobs) moves.push(...job.movesOfPatience());
    for (const [index, job] of this.jobs.entries()) {
      if (!job.isUnborn) continue;
      // Jobs are created in their order.
      if (this.jobs.slice(0, index).some((earlier) => earlier.isUnborn)) break;
      moves.push({
        label: () => `${job.name} is created, handed ${job.wouldBeHanded}`,
        act: () => job.create(),
      });
      break;
    }
    const isQuiet = this.jobs.every((job) => job.isQuiet);
    const isAwaited = this.jobs.some((job) => job.isGoneForNow);
    // A request lands within a minute, or never.
    if (isQuiet && isAwaited && this.jumps < 2 && this.inFlight.length === 0)
      moves.push({ label: () => "ten minutes pass", act: () => this.jump() });
    for (const [index, request] of this.inFlight.entries())
      moves.push({
        label: () => request.label,
        act: () => {
          this.inFlight.splice(index, 1);
          request.land();
        },
      });
    return moves;
  }

  #personMoves(): readonly Move[] {
    const moves: Move[] = [];
    const write = (kind: "reseed" | "old", login: LoginId, pauseMs: number): void => {
      this.budget[kind] -= 1;
      this.nowMs += pauseMs;
      if (kind === "reseed") {
        this.family = familyOf(login);
        this.issued.set(this.family, new IssuedLogin(0));
      }
      this.writeSecret({ login, by: "person" }, () => this.#seed(login));
      const { livingLogin } = this;
      // Of the login itself, or of one between.
      const isUnnoted =
        livingLogin !== null &&
        [...this.notesMissing].some(
          (id) => familyOf(id) === familyOf(livingLogin) && numberOf(id) <= numberOf(livingLogin),
        );
      if (kind === "old" && isUnnoted && !this.isReachable(livingLogin))
        this.excuse("old file over the only copy", livingLogin);
    };
    for (const pauseMs of [0, 6000]) {
      const when = pauseMs === 0 ? "" : " a few seconds later";
      if (this.budget.reseed > 0)
        moves.push({
          label: () => `a person seeds b0${when}`,
          act: () => write("reseed", "b0", pauseMs),
        });
      if (this.budget.old > 0 && this.secret.login !== "a0")
        moves.push({ label: () => `a person puts a0 back${when}`, act: () => write("old", "a0", pauseMs) });
    }
    return moves;
  }

  /** Everything that decides how this goes on, in words that are the same however it came about. */
  describe(): string {
    const versions = this.versions.slice(-2).map(({ login, by }) => `${login} by ${by}`);
    const [one, two] = this.versions.slice(-2).map(({ atMs }) => atMs);
    const isClose = one !== undefined && two !== undefined && two - one < 5000;
    return [
      `${this.versions.length} ${versions.join(", ")}${this.earlierSecret ? "~" : ""}${isClose ? "!" : ""}`,
      this.describeVariables(this.variables.kept.values()),
      this.budget.stale > 0
        ? [...this.#unsettled]
            .map(
              (name) => `${this.shortName(name)} ${this.describeVariable(this.variables.kept.before(name))}`,
            )
            .sort()
        : "",
      [...this.notes].map(String).sort(),
      [...this.issued].map(([family, { living, ended }]) => `${family} ${ended ?? living}`),
      Object.values(this.budget),
      this.excuses.map(({ loss, login }) => `${loss} ${login}`).sort(),
      [...this.burnt].map(String),
      [...this.notesMissing].sort(),
      [...this.forcedOver].sort(),
      this.inFlight.map(({ label }) => label),
      this.jumps,
      this.jobs.map((job) => job.describe()),
    ].join("\n");
  }
}

const claims = new Map<string, Claim | null>();

/** As `readClaim` reads it, and only once. */
export function claimIn(value: string): Claim | null {
  const known = claims.get(value);
  if (known !== undefined) return known;
  if (claims.size > 50_000) claims.clear();
  const claim = readClaim(value);
  claims.set(value, claim);
  return claim;
}

export function sameToken(one: LoginId, other: LoginId): boolean {
  return one.replace(/'+$/, "") === other.replace(/'+$/, "");
}
