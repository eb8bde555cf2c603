import type { ProcessIdentity } from "../ports/machine.ts";
import { poll } from "./retry.ts";
import type { Services } from "./services.ts";

/** Codex gives a refresh 45 s. */
const WAIT_MS = 50_000;
const POLL_MS = 250;

/**
 * Waits until no process uses a home any more, 50 s at most.
 *
 * @param known one that is known to have used it
 */
export async function waitUntilUnused(
  { processes, clock, log }: Pick<Services, "processes" | "clock" | "log">,
  home: string,
  known: ProcessIdentity | null = null,
): Promise<void> {
  const isUsed = await poll(
    clock,
    {
      withinMs: WAIT_MS,
      everyMs: POLL_MS,
      waiting: () => log.info("Waiting for Codex to finish, 50 s at most."),
    },
    async () =>
      (await processes.usingHome(home)).length > 0 || (known !== null && (await processes.isAlive(known))),
    (used) => !used,
  );
  if (isUsed) log.warning("Codex still runs on the login after 50 s; going by what it has written so far.");
}
