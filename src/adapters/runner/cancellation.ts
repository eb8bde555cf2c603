import type { Cancellation } from "../../ports/runner.ts";

/**
 * Holds back SIGINT and SIGTERM from now on: what must be finished is finished, and everything else asks first.
 * The runner sends SIGKILL ten seconds after the first of them.
 */
export function watchCancellation(): Cancellation {
  let requested = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      requested = true;
    });
  }
  return { requested: () => requested };
}
