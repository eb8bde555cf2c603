import { Failure } from "../core/failure/failure.ts";
import { isAllowed } from "../core/github/trigger.ts";
import type { Clock, RunInformation } from "../ports/action.ts";
import type { Inputs } from "./inputs.ts";
import { refusePublic } from "./preflight.ts";

const TRIES = 3;
const PAUSE_MS = 2_000;

type Asked = Pick<RunInformation, "mayWrite" | "visibility">;

/**
 * A run that anybody can start uses the login only for those who may write to the repository. All who are named must be
 * allowed: whoever caused the run, and whoever had it run again.
 *
 * @throws {Failure} `actor-not-allowed`, also where GitHub does not say
 */
export async function demandWriters(
  { inputs, information, clock }: { inputs: Inputs; information: Asked; clock: Clock },
  { eventName, actors }: { eventName: string; actors: readonly string[] },
): Promise<void> {
  if (actors.length === 0) throw notAllowed(`\`${eventName}\` does not say who has caused it`);
  for (const actor of actors.filter((candidate) => !isAllowed(candidate, inputs))) {
    const answer = await insist(clock, () => information.mayWrite(actor));
    if (answer === true) continue;
    throw notAllowed(
      answer === null
        ? `GitHub does not say whether ${nameOf(actor)}, who has started it by \`${eventName}\`, may write to this repository`
        : `${nameOf(actor)}, who has started it by \`${eventName}\`, may not write to this repository`,
    );
  }
}

/**
 * For a run whose event does not say how public its repository is. What cannot be known counts as public.
 *
 * @throws {Failure} `public-repository`
 */
export async function demandPrivate({
  inputs,
  information,
  clock,
}: {
  inputs: Pick<Inputs, "allowPublicRepository">;
  information: Pick<Asked, "visibility">;
  clock: Clock;
}): Promise<void> {
  if (inputs.allowPublicRepository) return;
  const answer = await insist(clock, () => information.visibility());
  if (answer === "private") return;
  if (answer === "public") refusePublic(inputs);
  throw new Failure(
    "public-repository",
    "Neither this run's event nor GitHub's API says whether this repository is public, so it is taken for public.",
    "Leave `github-token` as it is, which may always ask, and start a new run; or set `allow-public-repository: true` if you know who can run this workflow.",
  );
}

/** Asks again while there is no answer. */
async function insist<Answer>(clock: Clock, ask: () => Promise<Answer | null>): Promise<Answer | null> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    if (answer !== null || tries === TRIES) return answer;
    await clock.sleep(PAUSE_MS);
  }
}

/** A login is letters, digits and dashes; anything else was put there by somebody. */
function nameOf(actor: string): string {
  return /^[\w-]+(\[bot\])?$/.test(actor) ? `@${actor}` : "Somebody with an impossible name";
}

function notAllowed(why: string): Failure {
  return new Failure(
    "actor-not-allowed",
    `The login is not used in this run: ${why}.`,
    "Let somebody who may write start it, or name those whom you trust in `allow-users` (`allow-bots: true` for Dependabot and github-actions).",
  );
}
