import { readClaim } from "../../src/core/claim/claim.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { markSeed } from "../../src/login/seed-marker.ts";
import type { RunInformation } from "../../src/ports/github.ts";
import type { WriteCredential, WriteSession } from "../../src/ports/secrets.ts";
import { type Ask, asItIs, atOnce, type Request, type Sight } from "../models/request.ts";
import { Secrets } from "../models/secrets.ts";
import { wholeSeconds } from "../models/time.ts";
import { Variables } from "../models/variables.ts";
import type { Process } from "./machine.ts";
import { exchange, type Wire } from "./network.ts";
import { PLACE, SECRET } from "./place.ts";
import { HOUR_MS, SECOND_MS } from "./units.ts";
import { describe, type World, YEAR_MS } from "./world.ts";

/** One attempt of a run, as GitHub knows it. */
export interface Run {
  readonly id: number;
  readonly attempt: number;
  /** Of the first attempt. */
  readonly createdAtMs: number;
  startedAtMs: number;
  readonly ref: "main" | "topic";
  readonly kind: "maintenance" | "push";
  /** What a repository secret was when the run was queued. */
  readonly queuedSecret: string | null;
  /** What the job was handed in the end; a re-run may get it again. */
  handed: string | null;
  readonly rerunOf: Run | null;
}

const DEFAULT_PATIENCE_MS = 10 * SECOND_MS;

/** One repository: its secrets, with whole seconds and no read; its concurrency group; what it tells a run. */
export class GitHub {
  /** Of the main secret, by jobs. */
  writes = 0;
  readonly #world: World;
  readonly #secrets: Secrets;
  readonly #variables: Variables;
  /** Attempts of runs that are under way. */
  readonly #running = new Set<string>();
  readonly #outages: readonly (readonly [number, number])[];
  #writesFailUntilMs = 0;
  #writesFailWith = 502;
  /** Whether the claims beside the secret cannot be written either. */
  #claimsFailToo = false;
  #downUntilMs = 0;
  #writeTokenEndedUntilMs = 0;
  #holder: symbol | null = null;
  #pending: { readonly who: symbol; readonly decide: (granted: boolean) => void }[] = [];

  constructor(world: World) {
    this.#world = world;
    const nowMs = (): number => world.scheduler.nowMs;
    this.#secrets = new Secrets(nowMs);
    this.#secrets.refusesWrites = (name) =>
      name === SECRET && nowMs() < this.#writesFailUntilMs ? this.#writesFailWith : null;
    this.#variables = new Variables(nowMs);
    this.#outages = outages(world, world.climate.apiOutagesPerYear);
  }

  value(name: string): string | null {
    return this.#secrets.kept.get(name)?.value ?? null;
  }

  updatedAt(name: string): Date | null {
    return this.#secrets.kept.get(name)?.updatedAt ?? null;
  }

  set(name: string, value: string): void {
    this.#secrets.set(name, value);
  }

  /** What our own `seed` leaves beside the secret, and a plain `gh secret set` does not. */
  mark(value: string): void {
    const login = AuthJson.read(value);
    const updatedAt = this.updatedAt(SECRET);
    if (login === null || updatedAt === null) return;
    void markSeed(this.#variables.port(atOnce), { login, place: PLACE, updatedAt });
  }

  begins({ id, attempt }: Run): void {
    this.#running.add(`${id} ${attempt}`);
  }

  ends({ id, attempt }: Run): void {
    this.#running.delete(`${id} ${attempt}`);
  }

  /** Bad luck that begins with a rotation. */
  rotated(): void {
    const { climate, random, scheduler } = this.#world;
    if (random.chance(climate.outageAtRotation)) {
      this.#downUntilMs = scheduler.nowMs + 8 * HOUR_MS;
      this.#world.cache.downUntil(this.#downUntilMs);
      this.#world.story.tell("store and cache go down for 8 h");
    }
    if (random.chance(climate.writesFailAfterRotation))
      this.failWrites(
        random.pick([403, 502]),
        random.between(...climate.writesFailForMs),
        random.chance(0.5),
      );
    if (random.chance(climate.writeTokenEndsAtRotation)) this.endWriteToken(random.between(0, 24 * HOUR_MS));
  }

  failWrites(status: number, forMs: number, claimsToo = false): void {
    this.#writesFailWith = status;
    this.#writesFailUntilMs = this.#world.scheduler.nowMs + forMs;
    this.#claimsFailToo = claimsToo;
    this.#world.story.tell(
      `the writes of the store${this.#claimsFailToo ? " and of claims" : ""} fail with ${status} for ${Math.round(forMs / 60_000)} min`,
    );
  }

  endWriteToken(forMs: number): void {
    this.#writeTokenEndedUntilMs = this.#world.scheduler.nowMs + forMs;
    this.#world.story.tell(
      `the write token ends; a new one comes at ${new Date(this.#writeTokenEndedUntilMs).toISOString()}`,
    );
  }

  get isDown(): boolean {
    const { nowMs } = this.#world.scheduler;
    return nowMs < this.#downUntilMs || this.#outages.some(([from, to]) => from <= nowMs && nowMs < to);
  }

  /** Waits for the concurrency group. @returns how to leave it, or `null` for a run that a newer one displaced */
  async enterGroup(): Promise<(() => void) | null> {
    const { queue } = this.#world.climate;
    if (queue === "none") return () => {};
    const who = Symbol("run");
    const leave = (): void => {
      if (this.#holder !== who) return;
      const next = this.#pending.shift();
      this.#holder = next?.who ?? null;
      next?.decide(true);
    };
    if (this.#holder === null) {
      this.#holder = who;
      return leave;
    }
    if (queue === "single") for (const displaced of this.#pending.splice(0)) displaced.decide(false);
    const granted = await new Promise<boolean>((decide) => this.#pending.push({ who, decide }));
    return granted ? leave : null;
  }

  /** A request of anybody: throws what the port's adapters throw. */
  async request<Value>(process: Process, what: string, serve: () => Value): Promise<Value> {
    const answer = await exchange(process, this.#wire, serve);
    const { story } = this.#world;
    if (answer.kind === "answered") {
      if (what) story.tell(`${process.name}: ${what}`);
      return answer.value;
    }
    story.tell(`${process.name}: ${what || "a request"} → ${answer.kind}`);
    this.#world.autopsy.saveFailed("store");
    throw new GitHubError("GitHub's API did not answer well.", {
      status: answer.kind === "broke-down" ? 502 : null,
    });
  }

  /** A fine-grained token that may write. */
  writeCredential(process: Process): WriteCredential {
    return {
      kind: "token",
      open: async () => {
        await process.point();
        return this.#session(process);
      },
    };
  }

  runInformation(process: Process, run: Run): RunInformation {
    const { climate } = this.#world;
    const ask = async <Value>(serve: () => Value): Promise<Value> => this.request(process, "", serve);
    return {
      isRerun: run.attempt > 1,
      readTime: async (scope) => {
        if (!climate.actionsRead) return { kind: "unknown", because: "permission" };
        const ms = scope === "repository" || run.attempt > 1 ? run.createdAtMs : run.startedAtMs;
        try {
          return { kind: "known", at: await ask(() => wholeSeconds(ms)) };
        } catch {
          return { kind: "unknown", because: "unreachable" };
        }
      },
      statusOf: async (id, attempt) => {
        if (!climate.actionsRead) return "unknown";
        const serve = (): "in-progress" | "ended" =>
          this.#running.has(`${id} ${attempt}`) ? "in-progress" : "ended";
        return ask(serve).catch(() => "unknown" as const);
      },
      concurrency: async () => {
        if (!climate.actionsRead) return null;
        const groups = climate.queue === "none" ? [] : ["codex-auth"];
        return ask(() => ({ groups, otherRunsInProgress: 0 })).catch(() => null);
      },
      visibility: async () => "private",
      mayWrite: async () => true,
    };
  }

  get #wire(): Wire {
    const { climate, random } = this.#world;
    return { weather: climate.api, random, isDown: () => this.isDown, patienceMs: DEFAULT_PATIENCE_MS };
  }

  #session(process: Process): WriteSession {
    const { machine } = process;
    let known: { readonly serverMs: number; readonly atMs: number } | null = null;
    const ask = async <Value>(what: string, serve: () => Value): Promise<Value> =>
      this.request(process, what, () => {
        const { nowMs } = machine.scheduler;
        known = { serverMs: wholeSeconds(nowMs).getTime(), atMs: nowMs };
        return serve();
      });
    const withWriteToken: Ask = async <Value>(
      request: Request,
      serve: (see: Sight) => Value,
    ): Promise<Value> => {
      const what = describeRequest(request);
      if (request.verb === "PUT" && request.name === SECRET) this.#world.autopsy.attempted();
      const answer = await ask(what, () =>
        machine.scheduler.nowMs < this.#writeTokenEndedUntilMs
          ? { status: 401 }
          : this.#serve(request, serve, process),
      );
      if ("value" in answer) return answer.value;
      this.#world.story.tell(`${process.name}: ${what} → ${answer.status}`);
      this.#world.autopsy.saveFailed("store");
      throw new GitHubError(`GitHub's API answered ${answer.status}.`, { status: answer.status });
    };
    return {
      store: this.#secrets.port(withWriteToken),
      variables: this.#variables.port(withWriteToken),
      serverClock: {
        now: async () => {
          if (known === null) await ask("GET zen", () => {}).catch(() => {});
          if (known === null) throw new GitHubError("GitHub did not tell its time.", { status: null });
          await process.point();
          return new Date(known.serverMs + machine.scheduler.nowMs - known.atMs);
        },
      },
      expiresAt: () => null,
      close: async () => {},
    };
  }

  /** What GitHub does with a request that has arrived. */
  #serve<Value>(
    { of, verb, name, value = "" }: Request,
    serve: (see: Sight) => Value,
    { name: by }: Process,
  ): { value: Value } | { status: number | null } {
    const { climate, random, scheduler } = this.#world;
    const isMain = of === "secret" && name === SECRET;
    const isRead = verb === "GET" || verb === "LIST";
    const isFailing = scheduler.nowMs < this.#writesFailUntilMs;
    if (of === "variable" && !isRead && this.#claimsFailToo && isFailing)
      return { status: this.#writesFailWith };
    if (isMain && verb === "GET") this.#lookedAt();
    const see = isRead ? this.#sight() : asItIs;
    try {
      const served = serve(see);
      if (isMain && verb === "PUT") this.#written(by, value);
      if (verb === "KEY" && random.chance(climate.rotatedKeys))
        this.#secrets.key = { ...this.#secrets.key, id: String(Number(this.#secrets.key.id) + 1) };
      return { value: served };
    } catch (error) {
      if (error instanceof GitHubError) return { status: error.status };
      throw error;
    }
  }

  /** An answer is of this moment, or of a few seconds ago. */
  #sight(): Sight {
    const { climate, random, scheduler } = this.#world;
    if (!random.chance(climate.staleReads)) return asItIs;
    const seenMs = scheduler.nowMs - random.between(0, STALE_MS);
    return (history, name) => history.at(name, seenMs);
  }

  /** The plain policies' `gh secret set`: a key, a write. */
  async plainWrite(process: Process, value: string): Promise<void> {
    await this.request(process, "", () => this.#lookedAt());
    this.#world.autopsy.attempted();
    const { status } = await this.request(process, `PUT ${SECRET} ${describe(value)}`, () => {
      const { nowMs } = process.machine.scheduler;
      if (nowMs < this.#writeTokenEndedUntilMs) return { status: 401 };
      if (nowMs < this.#writesFailUntilMs) return { status: this.#writesFailWith };
      this.#written(process.name, value);
      this.set(SECRET, value);
      return { status: 204 };
    });
    if (status !== 204) throw new GitHubError(`GitHub's API answered ${status}.`, { status });
  }

  #written(by: string, value: string): void {
    this.writes += 1;
    this.#world.autopsy.savedIn("store", value);
    this.#world.story.tell(`the store is written by ${by}: ${describe(value)}`);
    this.#lookedAt();
  }

  /** A person who writes at the very moment. */
  #lookedAt(): void {
    const { climate, random, scheduler, issuer, autopsy } = this.#world;
    if (climate.reseedAtWrite === 0 || !autopsy.isUnstored(issuer)) return;
    if (!random.chance(climate.reseedAtWrite)) return;
    scheduler.at(scheduler.nowMs + random.between(0, 2 * SECOND_MS), () => this.#world.seed());
  }
}

/** How old an answer may be (docs/facts.md). */
const STALE_MS = 5 * SECOND_MS;

/** For the story. */
function describeRequest({ of, verb, name, value }: Request): string {
  if (verb === "KEY") return "GET public key";
  if (verb === "LIST") return "GET variables";
  if (verb === "COUNT") return "GET secrets";
  return `${verb} ${of === "secret" ? name : short(name, value)}`;
}

/** A claim, for the story. */
function short(name: string, value?: string): string {
  const label = name.replace(/^CODEX_AUTH_CLAIM_([0-9A-F]{4})[0-9A-F]*/, "claim $1");
  const claim = value === undefined ? null : readClaim(value);
  return claim === null ? label : `${label} ${claim.state}${claim.released ? ", released" : ""}`;
}

/** A year's outages, each with a beginning and an end. */
export function outages(world: World, perYear: number): readonly (readonly [number, number])[] {
  const { plan, climate, startMs } = world;
  return Array.from({ length: perYear }, () => {
    const from = startMs + plan.between(0, YEAR_MS);
    return [from, from + plan.between(30 * SECOND_MS, climate.longestOutageMs)] as const;
  });
}
