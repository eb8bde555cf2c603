import { Failure } from "../../core/failure/failure.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Turns Ctrl-C, a kill and a closed terminal into an abort, whose reason is the failure `cancelled`. A second signal
 * ends the process at once; what must not stay on the disk goes with an exit handler.
 */
export function watchInterruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(cancelled());
    });
  }
  return controller.signal;
}

export function cancelled(): Failure {
  return new Failure(
    "cancelled",
    "Cancelled.",
    "Nothing is left on this machine; start again when you like.",
  );
}
