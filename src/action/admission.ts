import { Failure } from "../core/failure/failure.ts";
import { isAllowed } from "../core/github/trigger.ts";
import { repeat } from "../login/retry.ts";
import type { RunInformation } from "../ports/github.ts";
import type { Clock } from "../ports/machine.ts";
import type { Log } from "../ports/runner.ts";
import type { Inputs } from "./inputs.ts";
import { refusePublic } from "./preflight.ts";
import type { RunContext } from "./run-context.ts";

const ATTEMPTS = 3;
const PAUSE_MS = 2_000;

type Asked = Pick<RunInformation, "mayWrite" | "visibility">;

/**
 * A run that anybody can start uses the login only for those who may write to the repository. All who are named must be
 * allowed: whoever caused the run, and whoever had it run again.
 *
 * @throws {Failure} `actor-not-allowed`, also where GitHub does not say
 */
export async function demandWriteAccess(
  { inputs, information, clock }: { inputs: Inputs; information: Asked; clock: Clock },
  { eventName, actors }: { eventName: string; actors: readonly string[] },
): Promise<void> {
  if (actors.length === 0) throw notAllowed(`\`${eventName}\` does not say who has caused it`);
  for (const actor of actors.filter((candidate) => !isAllowed(candidate, inputs))) {
    const answer = await untilAnswered(clock, () => information.mayWrite(actor));
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
  const answer = await untilAnswered(clock, () => information.visibility());
  if (answer === "private") return;
  if (answer === "public") refusePublic(inputs);
  throw new Failure(
    "public-repository",
    "Neither this run's event nor GitHub's API says whether this repository is public, so it is taken for public.",
    "Leave `github-token` as it is, which may always ask, and start a new run; or set `allow-public-repository: true` if you know who can run this workflow.",
  );
}

/**
 * Guards that cost a request, so they are asked only before a refresh.
 *
 * @throws {Failure} `public-repository`, `concurrency-unguarded`
 */
export async function demandGuardedRefresh(
  { runInformation, log, clock }: { runInformation: RunInformation; log: Log; clock: Clock },
  {
    inputs,
    visibility,
  }: {
    inputs: Pick<Inputs, "allowPublicRepository" | "concurrencyCheck" | "refreshToken">;
    visibility: RunContext["visibility"];
  },
): Promise<void> {
  if (visibility === "unknown") await demandPrivate({ inputs, information: runInformation, clock });
  if (inputs.concurrencyCheck === "off") return;
  const concurrency = await runInformation.concurrency();
  if (concurrency === null || concurrency.groups.length > 0) return;
  const unguarded = new Failure(
    "concurrency-unguarded",
    concurrency.otherRunsInProgress > 0
      ? "This run holds no concurrency group, and another run of this workflow is in progress."
      : "This run holds no concurrency group, so nothing keeps two refresh jobs of this login apart.",
    "Add `concurrency: { group: codex-auth, queue: max }` to every workflow with a refresh job, the same name in all of them.",
  );
  if (inputs.concurrencyCheck === "fail" || inputs.refreshToken === "present") throw unguarded;
  log.warning(`${unguarded.message} ${unguarded.hint}`);
}

/** Asks again while there is no answer. */
async function untilAnswered<Answer>(
  clock: Clock,
  ask: () => Promise<Answer | null>,
): Promise<Answer | null> {
  return repeat(clock, ask, (answer, attempt) => (answer !== null || attempt === ATTEMPTS ? null : PAUSE_MS));
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
