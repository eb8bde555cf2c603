import { mayGoOn } from "../core/failure/failed-refresh.ts";
import { Failure } from "../core/failure/failure.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { findCurrent } from "./find-current.ts";
import { standingOf } from "./go-on-with-access-token.ts";
import type { Position } from "./position.ts";
import { poll } from "./retry.ts";
import { updatedAtOf } from "./secret-time.ts";
import type { Section } from "./section.ts";

const BUSY_WAIT_MS = 120_000;
const BUSY_POLL_MS = 5_000;
const MOMENT_MS = 10_000;

/** Where things stand; while another job is at work, and this one cannot go on without it, a moment later. */
export async function waitForClaim(
  section: Section,
  login: AuthJson,
  from: "handed" | "known",
): Promise<Position> {
  const { clock, log, cancellation } = section;
  let looks = 0;
  const beganMs = clock.monotonicMs();
  // Whoever can go on without it gives the other job the few seconds that a refresh takes.
  const mayLeave = (newest: AuthJson): boolean =>
    clock.monotonicMs() - beganMs >= MOMENT_MS && mayGoOn(standingOf(section, newest));
  return poll(
    clock,
    {
      withinMs: BUSY_WAIT_MS,
      everyMs: BUSY_POLL_MS,
      waiting: () => log.info("Another job is refreshing this login. Waiting for it, two minutes at most."),
      cancelled: () => cancellation.requested(),
    },
    async () => {
      looks += 1;
      const found = await findCurrent(section, login, { updatedAt: await updatedAt(section), from });
      return found.kind === "busy" ? { ...found, looks } : found;
    },
    (position) => position.kind !== "busy" || mayLeave(position.newest),
  );
}

/** A scope that the token cannot see answers like one without the secret; its key tells them apart. */
async function updatedAt(section: Section): Promise<Date> {
  try {
    return await updatedAtOf(section);
  } catch (error) {
    if (error instanceof Failure && error.code === "secret-not-found")
      await section.session.store.publicKey();
    throw error;
  }
}
