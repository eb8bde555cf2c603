import type { Log } from "../ports/action.ts";
import type { Reporter } from "../ports/cli.ts";

/** Lets what a step also runs speak to a person. */
export function logTo({ say, warn }: Pick<Reporter, "say" | "warn">): Log {
  const nothing = (): void => {};
  return {
    ...{ info: say, warning: warn, error: warn },
    ...{ debug: nothing, group: nothing, endGroup: nothing, mask: nothing },
  };
}
