import { Autopsy } from "./autopsy.ts";
import { CacheService } from "./cache.ts";
import type { Climate } from "./faults.ts";
import { GitHub, outages } from "./github.ts";
import { generationOf, Issuer } from "./issuer.ts";
import { SECRET } from "./place.ts";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { Story } from "./story.ts";
import { DAY_MS } from "./units.ts";

export const YEAR_MS = 52 * 7 * DAY_MS;
const START_MS = Date.parse("2026-11-23T00:00:00.000Z");

/** One account with one repository, for a year. */
export class World {
  readonly climate: Climate;
  readonly scheduler = new Scheduler(START_MS);
  readonly story = new Story(this.scheduler);
  readonly issuer: Issuer;
  /** What people and jobs do. */
  readonly plan: Random;
  /** What the network does. */
  readonly random: Random;
  readonly github: GitHub;
  readonly cache: CacheService;
  readonly autopsy: Autopsy;
  readonly startMs = START_MS;
  readonly #issuerOutages: readonly (readonly [number, number])[];
  #jobsInFlight = 0;
  #idle: () => void = () => {};

  constructor(climate: Climate, seed: string) {
    this.climate = climate;
    this.plan = new Random(`${seed} plan`);
    this.random = new Random(`${seed} chance`);
    this.issuer = new Issuer(this.scheduler, climate);
    this.github = new GitHub(this);
    this.cache = new CacheService(this);
    this.autopsy = new Autopsy(this);
    this.#issuerOutages = outages(this, climate.issuerOutagesPerYear);
  }

  /** Told whenever no job runs or waits. */
  whenIdle(act: () => void): void {
    this.#idle = act;
  }

  enter(): void {
    this.#jobsInFlight += 1;
  }

  leave(): void {
    this.#jobsInFlight -= 1;
    if (this.#jobsInFlight === 0) this.#idle();
  }

  get isIdle(): boolean {
    return this.#jobsInFlight === 0;
  }

  get issuerIsDown(): boolean {
    const { nowMs } = this.scheduler;
    return this.#issuerOutages.some(([from, to]) => from <= nowMs && nowMs < to);
  }

  /** A person logs in and stores it by hand. */
  seed(lifetimeMs?: number): void {
    const document = this.issuer.login(lifetimeMs);
    this.github.set(SECRET, document);
    if (this.plan.chance(this.climate.markedSeeds)) this.github.mark(document);
    this.autopsy.seeded();
    this.story.tell(`a person seeds login ${describe(document)}`);
  }

  /** Whether the store holds the living token of the newest login. */
  get storeIsAlive(): boolean {
    const stored = this.github.value(SECRET);
    if (stored === null) return false;
    const { login, number } = generationOf(stored);
    return (
      login === this.issuer.newestLogin &&
      number === this.issuer.livingNumber(login) &&
      !this.issuer.isRevoked(login)
    );
  }
}

/** `0.3`: the first login, rotated three times. */
export function describe(document: string): string {
  const { login, number } = generationOf(document);
  return login < 0 ? "(withheld)" : `${login}.${number}`;
}
