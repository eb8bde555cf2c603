import type { Clock } from "../ports/machine.ts";

/** On the monotonic clock and by the machine's date: a machine that sleeps moves only one of them. */
export interface Moment {
  readonly monotonicMs: number;
  readonly dateMs: number;
}

export function momentOf(clock: Clock): Moment {
  return { monotonicMs: clock.monotonicMs(), dateMs: clock.now().getTime() };
}

/** By the clock that has gone further. */
export function msSince({ monotonicMs, dateMs }: Moment, clock: Clock): number {
  const now = momentOf(clock);
  return Math.max(now.monotonicMs - monotonicMs, now.dateMs - dateMs);
}
