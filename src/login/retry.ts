import { canRepair, GitHubError } from "../core/failure/github-error.ts";
import type { Clock, Log } from "../ports/action.ts";

const PAUSE_MS = 1_000;
/** An outdated answer of GitHub's has been seen to last for seconds. */
const POLL_MS = 1_000;
const ATTEMPTS = 3;
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
 * Asks GitHub again while that may help. Only for what may be asked twice.
 *
 * @param withinMs for three attempts; a rate limit is waited for longer
 * @throws {GitHubError} the last answer
 */
export async function insist<Answer>(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { withinMs }: { withinMs: number },
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const beganMs = clock.monotonicMs();
  const outcome = await repeat(
    clock,
    () => answerOf(ask),
    ({ error = null }, attempt) => {
      if (error === null || !canRepair(error)) return null;
      const waitMs = Math.max(PAUSE_MS * attempt, error.retryAfterMs ?? 0);
      const isLimit = error.retryAfterMs !== null;
      const deadlineMs = beganMs + (isLimit ? LIMIT_WITHIN_MS : withinMs);
      if ((attempt >= ATTEMPTS && !isLimit) || clock.monotonicMs() + waitMs > deadlineMs) return null;
      log.info(`${error.message} Trying again in ${Math.ceil(waitMs / 1000)} s.`);
      return waitMs;
    },
  );
  if (outcome.error) throw outcome.error;
  return outcome.answer;
}

type Asked<Answer> =
  | { readonly answer: Answer; readonly error?: never }
  | { readonly error: GitHubError; readonly answer?: never };

async function answerOf<Answer>(ask: () => Promise<Answer>): Promise<Asked<Answer>> {
  try {
    return { answer: await ask() };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return { error };
  }
}
