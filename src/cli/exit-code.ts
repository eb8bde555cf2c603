/** Something failed, or a check failed. */
export const FAILED = 1;
/** The command was not understood. */
export const WRONG_USAGE = 2;
