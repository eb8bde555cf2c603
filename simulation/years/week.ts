import type { Death } from "./autopsy.ts";
import { CALM, type Climate, type Fault } from "./faults.ts";
import type { Run } from "./github.ts";
import { generationOf } from "./issuer.ts";
import { type Conclusion, Job } from "./job.ts";
import { SECRET } from "./place.ts";
import type { Policy } from "./policies.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, WEEK_MS } from "./units.ts";
import { World, YEAR_MS } from "./world.ts";

/** An unlucky store must be repaired before the access token in it ends; what takes longer is no life. */
const LONGEST_LIMBO_MS = 14 * DAY_MS;
/** Until a person has noticed that a login is dead, and logged in again. */
const RESEEDED_AFTER_MS = 12 * HOUR_MS;
/** Until GitHub notices that a machine is gone. */
const LOST_AFTER_MS = 12 * MINUTE_MS;
const SILENCE_WEEKS = 4;
const STORY_LINES = 60;

export interface Year {
  readonly startMs: number;
  readonly deaths: readonly Death[];
  readonly jobs: number;
  /** Jobs that failed although nobody cancelled or killed them. */
  readonly failed: number;
  readonly rotations: number;
  /** Spent tokens that were presented. */
  readonly reuses: number;
  readonly codes: ReadonlyMap<string, number>;
}

/** One account: its repository, its runs, and whether its login lives. */
export class Account {
  readonly world: World;
  readonly policy: Policy;
  readonly deaths: Death[] = [];
  readonly codes = new Map<string, number>();
  readonly conclusions: Conclusion[] = [];
  jobs = 0;
  failed = 0;
  /** Shapes the next jobs, for stories that want something particular. */
  prepare: (job: Job) => void = () => {};
  #runs = 0;
  #limboSinceMs: number | null = null;
  #writesSeen = 0;
  #isDead = false;

  /** @param firstLifetimeMs of the access token that the account begins with */
  constructor(policy: Policy, climate: Partial<Climate>, seed: string, firstLifetimeMs?: number) {
    this.policy = policy;
    const scope = policy.scope === undefined ? {} : { scope: policy.scope };
    this.world = new World({ ...CALM, ...climate, ...scope }, seed);
    this.world.whenIdle(() => this.check());
    this.seed(firstLifetimeMs);
  }

  seed(lifetimeMs?: number): void {
    this.world.seed(lifetimeMs);
    this.#isDead = false;
    this.#limboSinceMs = null;
  }

  /** Queues a run now. @returns what became of it, `null` for one that a newer one displaced */
  async start(options: { kind: Run["kind"]; ref?: Run["ref"]; rerunOf?: Run }): Promise<Conclusion | null> {
    const { world, policy } = this;
    const { kind, ref = "main", rerunOf = null } = options;
    const { scheduler, github, climate, plan, story } = world;
    world.enter();
    try {
      const run: Run = {
        id: rerunOf?.id ?? ++this.#runs,
        attempt: (rerunOf?.attempt ?? 0) + 1,
        createdAtMs: rerunOf?.createdAtMs ?? scheduler.nowMs,
        startedAtMs: 0,
        ref,
        kind,
        queuedSecret: rerunOf?.queuedSecret ?? github.value(SECRET),
        handed: null,
        rerunOf,
      };
      story.tell(`run ${run.id} attempt ${run.attempt} (${kind}, ${ref}) is queued`);
      const isSerialized = policy.serialized === "all" || kind === "maintenance";
      const leave = isSerialized ? await github.enterGroup() : () => {};
      if (leave === null) {
        story.tell(`run ${run.id} is displaced by a newer one`);
        return null;
      }
      try {
        await scheduler.sleep(plan.between(2, 20) * SECOND_MS);
        run.startedAtMs = scheduler.nowMs;
        github.begins(run);
        const replays = rerunOf !== null && (climate.scope === "repository" || plan.chance(0.5));
        run.handed = replays
          ? rerunOf.handed
          : climate.scope === "repository"
            ? run.queuedSecret
            : github.value(SECRET);
        const job = new Job(world, run, policy.awaits);
        this.prepare(job);
        if (plan.chance(climate.reseedsInJobs))
          scheduler.at(scheduler.nowMs + plan.between(0, job.durationMs), () => this.seed());
        const conclusion = await policy.job(job);
        this.#conclude(job, conclusion);
        if (conclusion === "lost") await scheduler.sleep(LOST_AFTER_MS);
        if (plan.chance(climate.reruns)) {
          scheduler.at(scheduler.nowMs + plan.between(MINUTE_MS, 9 * DAY_MS), () => {
            void this.start({ kind, ref, rerunOf: run });
          });
        }
        return conclusion;
      } finally {
        github.ends(run);
        leave();
      }
    } finally {
      world.leave();
    }
  }

  #conclude(job: Job, conclusion: Conclusion): void {
    this.jobs += 1;
    this.conclusions.push(conclusion);
    this.world.story.tell(`run ${job.run.id} ends: ${conclusion}`);
    if (conclusion !== "failure" || job.wasStruck) return;
    this.failed += 1;
    for (const code of job.failures) this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }

  /** With no job under way, the living token must be where the next refresh job finds it. */
  check(): void {
    const { world, policy } = this;
    const { scheduler, issuer, cache, autopsy } = world;
    if (this.#isDead || !world.isIdle) return;
    if (world.storeIsAlive) {
      this.#limboSinceMs = null;
      return;
    }
    const login = issuer.newestLogin;
    const number = issuer.livingNumber(login);
    const isHandedOver =
      policy.isOurs &&
      !issuer.isRevoked(login) &&
      cache.everyGeneration().some((entry) => entry.login === login && entry.number === number);
    if (world.github.writes !== this.#writesSeen) this.#limboSinceMs = null;
    this.#writesSeen = world.github.writes;
    this.#limboSinceMs ??= scheduler.nowMs;
    if (isHandedOver && scheduler.nowMs - this.#limboSinceMs < LONGEST_LIMBO_MS) return;
    this.#isDead = true;
    const stored = world.github.value(SECRET);
    const held = stored === null ? null : generationOf(stored);
    world.story.tell(
      `login ${login} is lost: the issuer knows ${login}.${number}, the store ${held?.login}.${held?.number}`,
    );
    this.deaths.push({
      grave: autopsy.grave(),
      atMs: scheduler.nowMs,
      story: world.story.end(STORY_LINES),
    });
    scheduler.at(scheduler.nowMs + RESEEDED_AFTER_MS, () => this.seed());
  }

  /** Whether all is well again in the end: in the store, and not only on the way there. */
  demandHealth(): void {
    if (this.world.storeIsAlive || this.#isDead) return;
    this.deaths.push({
      grave: "lost",
      atMs: this.world.scheduler.nowMs,
      story: this.world.story.end(STORY_LINES),
    });
  }

  /** Lets everything that has begun come to its end. */
  async finish(): Promise<void> {
    await this.world.scheduler.run();
    if (!this.world.isIdle) throw new Error("A job of the simulation never ended.");
    this.check();
  }
}

/**
 * A year of one account under one fault.
 *
 * @param listener is told each event as it happens, except the seed that the account begins with
 */
export async function liveYear(
  policy: Policy,
  fault: Fault,
  seed: string,
  listener: (line: string) => void = () => {},
): Promise<Year> {
  const account = new Account(policy, fault.climate, seed);
  account.world.story.listen(listener);
  planYear(account);
  await account.finish();
  const { deaths, jobs, failed, world, codes } = account;
  const { rotations, reuses } = world.issuer;
  return { startMs: world.startMs, deaths, jobs, failed, rotations, reuses, codes };
}

/** Maintenance by cron; pushes on weekdays, now and then several at once; and what befalls the account itself. */
export function planYear(account: Account): void {
  const { world, policy } = account;
  const { plan, climate, scheduler, startMs, github, cache, issuer, autopsy, story } = world;
  const at = (ms: number, act: () => void): void => scheduler.at(ms, act);
  const silences = Array.from({ length: climate.longSilencesPerYear }, () => plan.between(0, YEAR_MS));
  const isSilent = (ms: number): boolean =>
    silences.some((from) => from <= ms - startMs && ms - startMs < from + SILENCE_WEEKS * WEEK_MS);
  for (let weekMs = startMs; weekMs < startMs + YEAR_MS; weekMs += WEEK_MS) {
    for (let night = 0; night < policy.maintenancePerWeek; night++) {
      const ms = weekMs + night * DAY_MS + 6.3 * HOUR_MS;
      if (!plan.chance(climate.droppedCrons) && !isSilent(ms))
        at(ms, () => void account.start({ kind: "maintenance" }));
    }
    for (let day = 0; day < 5; day++) {
      const ms = weekMs + day * DAY_MS + plan.between(6, 18) * HOUR_MS;
      const pushes = plan.chance(0.3) ? plan.integer(2, 4) : 1;
      for (let push = 0; push < pushes; push++) {
        const ref = plan.chance(climate.branchJobs) ? "topic" : "main";
        const pushedMs = ms + push * plan.between(0, climate.burstMs);
        if (!isSilent(pushedMs)) at(pushedMs, () => void account.start({ kind: "push", ref }));
      }
    }
    at(weekMs + 6.9 * DAY_MS, () => account.check());
  }
  const sometimes = (perYear: number, act: () => void): void => {
    for (let count = 0; count < perYear; count++) at(startMs + plan.between(0, YEAR_MS), act);
  };
  sometimes(climate.reseedsPerYear, () => account.seed());
  sometimes(climate.evictionsPerYear, () => cache.evictAll());
  sometimes(climate.revocationsPerYear, () => issuer.revoke(issuer.newestLogin));
  sometimes(climate.writeTokenExpiriesPerYear, () =>
    github.endWriteToken(plan.between(...climate.writeTokenRenewedAfterMs)),
  );
  sometimes(climate.copiesPerYear, () => {
    const answer = issuer.refresh(refreshTokenInStore(world));
    if (answer.kind !== "rotated") return;
    story.tell("somebody's own machine rotates a copy of the login");
    autopsy.rotated(answer.document, null);
  });
}

function refreshTokenInStore({ github }: World): string {
  const stored = github.value(SECRET);
  return stored === null
    ? ""
    : (JSON.parse(stored) as { tokens: { refresh_token: string } }).tokens.refresh_token;
}
