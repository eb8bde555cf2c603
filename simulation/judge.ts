import { Failure } from "../src/core/failure/failure.ts";
import { describeOutcome } from "./job.ts";
import { settled } from "./settled.ts";
import { type Excuse, MINUTE_MS, sameToken, type World } from "./world.ts";

export interface Judgement {
  /** `null`: nothing that has no excuse. */
  readonly violation: string | null;
  /** Why a loss is one that the design lists; empty where nothing was lost. */
  readonly excuses: readonly Excuse[];
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
  const excuses = [...world.excuses].filter((excuse) => excuse !== "note missing");
  if (world.violation !== null)
    return excuses.length > 0 && !world.violation.startsWith("unforeseen")
      ? { violation: null, excuses }
      : { violation: `${world.violation} (when services work again)`, excuses: [] };
  const { livingLogin } = world;
  if (livingLogin !== null && sameToken(livingLogin, world.secret.login))
    return { violation: null, excuses: [] };
  if (excuses.length > 0) {
    // The secret is as our own write left it, as far as anybody can tell, and this run was handed something else.
    const isMisread =
      last === "secret-mismatch" &&
      (["person in our seconds", "late write in our seconds", "forced over an unknown run"] as const).some(
        (excuse) => world.excuses.has(excuse),
      );
    const isTold = isMisread || TOLD.has(last) || world.isLiving(world.secret.login);
    return isTold
      ? { violation: null, excuses }
      : { violation: `blocked after a listed loss (${excuses.join(", ")}): ${last}`, excuses: [] };
  }
  return {
    violation: `lost (the next job: ${last}; the secret holds ${world.secret.login}, ${world.livingLogin} lives)`,
    excuses: [],
  };
}

const TOLD = new Set(["copy-stale", "refresh-token-reused", "refresh-answer-lost", "freshness-unproven"]);
