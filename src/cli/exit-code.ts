import { Failure } from "../core/failure/failure.ts";

/** Done, or healthy. */
export const DONE = 0;
/** Something failed, or a check failed. */
export const FAILED = 1;
/** The command was not understood. */
export const WRONG_USAGE = 2;

export function exitCodeOf(error: unknown): number {
  return error instanceof Failure && error.code === "input-invalid" ? WRONG_USAGE : FAILED;
}
