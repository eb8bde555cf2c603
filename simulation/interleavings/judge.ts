import { Failure } from "../../src/core/failure/failure.ts";
import { describeOutcome } from "./job.ts";
import { familyOf, type LoginId, numberOf } from "./logins.ts";
import { settled } from "./settled.ts";
import { type Excuse, type Loss, MINUTE_MS, sameToken, type World } from "./world.ts";

export interface Judgement {
  /** `null`: nothing that has no excuse. */
  readonly violation: string | null;
  /** Why the login that was lost is a loss that the design lists; empty where nothing was lost. */
  readonly excuses: readonly Loss[];
}

/** Services work again, all runs are over, and a quarter of an hour has passed: two forced jobs at most put it right. */
export async function judge(world: World): Promise<Judgement> {
  const { budget, violation } = world;
  if (violation !== null) return { violation, excuses: [] };
  for (const name of Object.keys(budget) as (keyof typeof budget)[]) budget[name] = 0;
  let last = "no job";
  for (let tries = 0; tries < 2; tries++) {
    world.nowMs += 15 * MINUTE_MS;
    world.jumps += 1;
    world.forget();
    world.story.push("   services work again");
    const job = world.addJob({ insistence: "forced" });
    job.create();
    await settled();
    for (let steps = 0; job.phase !== "ended"; steps++) {
      const [move] = job.moves().concat(job.movesOfPatience());
      if (!move || steps > 500) return { violation: `${job.name} does not end`, excuses: [] };
      world.story.push(move.label());
      move.act();
      await settled();
      if (world.violation !== null) break;
    }
    const { outcome } = job;
    last = outcome instanceof Failure ? outcome.code : describeOutcome(outcome);
    if (world.violation !== null) break;
    if (outcome !== null && !(outcome instanceof Failure) && outcome.kind === "refreshed") break;
  }
  if (world.violation !== null)
    return { violation: `${world.violation} (when services work again)`, excuses: [] };
  const { livingLogin, newestLogin } = world;
  if (livingLogin !== null && sameToken(livingLogin, world.secret.login))
    return { violation: null, excuses: [] };
  // Only what explains the loss of this very login.
  const excuses = world.excuses.filter((excuse) => explains(excuse, world, last)).map(({ loss }) => loss);
  if (excuses.length === 0) {
    const holds = `the secret holds ${world.secret.login}, ${livingLogin ?? `nothing since ${newestLogin}`} lives`;
    return { violation: `lost (the next job: ${last}; ${holds})`, excuses: [] };
  }
  if (isMisread(last, excuses) || TOLD.has(last) || world.isLiving(world.secret.login))
    return { violation: null, excuses };
  return { violation: `blocked after a listed loss (${excuses.join(", ")}): ${last}`, excuses: [] };
}

/** The secret is as our own write left it, as far as anybody can tell, and this run was handed something else. */
function isMisread(last: string, losses: readonly Loss[]): boolean {
  return last === "secret-mismatch" && losses.some((loss) => IN_OUR_SECONDS.has(loss));
}

/** Whether that is why the newest login is lost. */
function explains({ loss, login }: Excuse, world: World, last: string): boolean {
  const { newestLogin, versions } = world;
  // What the handoff leads to, the next job must find.
  const isReachable = world.livingLogin !== null && world.isReachable(newestLogin);
  if (isReachable && !isMisread(last, [loss])) return false;
  if (sameToken(login, newestLogin)) return true;
  // A job at work on what was written over may rotate it still, and cannot store that any more.
  const isLater = (other: LoginId): boolean =>
    familyOf(other) === familyOf(login) && numberOf(other) > numberOf(login);
  return (
    WRITTEN_OVER.has(loss) && isLater(newestLogin) && !versions.some((version) => isLater(version.login))
  );
}

const WRITTEN_OVER = new Set<Loss>([
  "person in the gap",
  "person behind a stale answer",
  "person in our seconds",
  "old file over the only copy",
]);

const IN_OUR_SECONDS = new Set<Loss>([
  "person in our seconds",
  "late write in our seconds",
  "forced over an unknown run",
]);

const TOLD = new Set([
  "copy-stale",
  "refresh-token-reused",
  "refresh-answer-lost",
  "freshness-unproven",
  "write-back-pending",
]);
