import type { Reporter } from "../ports/cli.ts";
import type { Log } from "../ports/runner.ts";

const nothing = (): void => {};

/** Says nothing. */
export const silentLog: Log = {
  ...{ info: nothing, warning: nothing, error: nothing, debug: nothing },
  ...{ group: nothing, endGroup: nothing, mask: nothing },
};

/** Lets what a step also runs speak to a person. */
export function logTo({ say, warn }: Pick<Reporter, "say" | "warn">): Log {
  return { ...silentLog, info: say, warning: warn, error: warn };
}
