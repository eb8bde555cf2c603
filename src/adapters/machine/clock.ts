import type { Clock } from "../../ports/machine.ts";

export const machineClock: Clock = {
  now: () => new Date(),
  // CLOCK_MONOTONIC counts from boot, so pre and main may compare their readings.
  monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
