import { canRepair, GitHubError } from "../core/failure/github-error.ts";
import type { Clock, Log } from "../ports/action.ts";

const PAUSE_MS = 1_000;
/** A stale answer of GitHub's has been seen to last for seconds. */
const POLL_MS = 1_000;

export interface Patience {
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a rate limit is waited for: the secondary ones want a minute. */
const LIMIT_WITHIN_MS = 150_000;

/**
 * Asks GitHub again while that may help. Only for what may be asked twice.
 *
 * @param withinMs of three tries; a rate limit is waited for longer
 * @throws {GitHubError} the last answer
 */
export async function insist<Answer>(
  { clock, log }: Patience,
  { withinMs, tries = 3 }: { withinMs: number; tries?: number },
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
      const deadlineMs = beganMs + (isLimit ? LIMIT_WITHIN_MS : withinMs);
      if ((attempt >= tries && !isLimit) || clock.monotonicMs() + waitMs > deadlineMs) throw error;
      log.info(`${error.message} Trying again in ${Math.ceil(waitMs / 1000)} s.`);
      await clock.sleep(waitMs);
    }
  }
}

/** Asks until the answer will do, or the time is over. @returns the last answer */
export async function poll<Answer>(
  clock: Clock,
  { withinMs, everyMs = POLL_MS }: { withinMs: number; everyMs?: number },
  ask: () => Promise<Answer>,
  willDo: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadlineMs = clock.monotonicMs() + withinMs;
  for (;;) {
    const answer = await ask();
    if (willDo(answer) || clock.monotonicMs() + everyMs > deadlineMs) return answer;
    await clock.sleep(everyMs);
  }
}
