import { Failure } from "../core/failure/failure.ts";

/** Done, or healthy. */
export const DONE = 0;
/** Something failed, or a check failed. */
export const FAILED = 1;
/** The command was not understood. */
export const WRONG_USAGE = 2;

/** Ended by Ctrl-C, a kill or a closed terminal: as a shell says it for SIGINT. */
export const INTERRUPTED = 130;

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof Failure)) return FAILED;
  return error.code === "input-invalid" ? WRONG_USAGE : error.code === "cancelled" ? INTERRUPTED : FAILED;
}
