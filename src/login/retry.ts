import { canRepair, GitHubError } from "../core/failure/github-error.ts";
import type { Clock } from "../ports/machine.ts";
import type { Log } from "../ports/runner.ts";

const PAUSE_MS = 1_000;
/** An outdated answer of GitHub's has been seen to last for seconds. */
const POLL_MS = 1_000;
const ATTEMPTS = 3;
const WITHIN_MS = 15_000;
/** How long a rate limit is waited for: the secondary ones want a minute. */
const LIMIT_WITHIN_MS = 150_000;

/**
 * Acts again and again.
 *
 * @param pauseMs how long to wait after an outcome and before the next attempt; `null`: this outcome will do
 */
export async function repeat<Outcome>(
  clock: Pick<Clock, "sleep">,
  act: (attempt: number) => Promise<Outcome>,
  pauseMs: (outcome: Outcome, attempt: number) => number | null,
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await act(attempt);
    const waitMs = pauseMs(outcome, attempt);
    if (waitMs === null) return outcome;
    await clock.sleep(waitMs);
  }
}

/** Asks until the answer will do, or the time is over. @returns the last answer */
export async function poll<Answer>(
  clock: Clock,
  {
    withinMs,
    everyMs = POLL_MS,
    waiting = () => {},
    cancelled = () => false,
  }: {
    withinMs: number;
    everyMs?: number;
    /** Called before the first pause. */
    waiting?: () => void;
    cancelled?: () => boolean;
  },
  ask: () => Promise<Answer>,
  willDo: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadlineMs = clock.monotonicMs() + withinMs;
  return repeat(clock, ask, (answer, attempt) => {
    if (willDo(answer) || cancelled() || clock.monotonicMs() + everyMs > deadlineMs) return null;
    if (attempt === 1) waiting();
    return everyMs;
  });
}

/**
 * Asks GitHub again while that may help: three times within fifteen seconds, longer for a rate limit. Only for what may
 * be asked twice.
 *
 * @throws {GitHubError} the last answer
 */
export async function insist<Answer>(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const beganMs = clock.monotonicMs();
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof GitHubError) || !canRepair(error)) throw error;
      const waitMs = Math.max(PAUSE_MS * attempt, error.retryAfterMs ?? 0);
      const isLimit = error.retryAfterMs !== null;
      const deadlineMs = beganMs + (isLimit ? LIMIT_WITHIN_MS : WITHIN_MS);
      if ((attempt >= ATTEMPTS && !isLimit) || clock.monotonicMs() + waitMs > deadlineMs) throw error;
      log.info(`${error.message} Trying again in ${Math.ceil(waitMs / 1000)} s.`);
      await clock.sleep(waitMs);
    }
  }
}

/** For what can be done without GitHub's answer. @returns the answer, or what is made of its failure */
export async function unlessGitHubFails<Answer, Instead>(
  ask: () => Promise<Answer>,
  instead: (error: GitHubError) => Instead,
): Promise<Answer | Instead> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GitHubError) return instead(error);
    throw error;
  }
}
