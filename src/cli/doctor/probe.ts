import { acquireLock, type LockCollaborators, releaseLock } from "../../action/lock.ts";
import { Failure } from "../../core/failure.ts";
import { explainStoreError, GitHubError } from "../../core/github-error.ts";
import type { Place } from "../../core/place.ts";
import type { Clock, Log, SealedBox, Writer } from "../../ports.ts";
import type { Probe } from "./repository.ts";

/** Takes and returns the lock beside a login, as a keeper does before it refreshes; the login itself is not touched. */
export async function probeWriter(
  writer: Writer,
  { place, box, clock, log }: { place: Place; box: SealedBox; clock: Clock; log: Log },
): Promise<Probe> {
  const complaints: string[] = [];
  try {
    const session = await writer.open();
    try {
      const collaborators: LockCollaborators = {
        session,
        writer: writer.kind,
        box,
        place,
        clock,
        log,
      };
      const lock = await acquireLock(collaborators);
      if (lock.kind === "busy") return { kind: "busy" };
      const listener = { ...log, info: (sentence: string) => void complaints.push(sentence) };
      await releaseLock({ session, clock, log: listener }, lock);
    } finally {
      await session.close();
    }
  } catch (error) {
    const failure =
      error instanceof GitHubError
        ? explainStoreError(error, { place, writer: writer.kind, workedEarlier: false })
        : error;
    if (!(failure instanceof Failure)) throw failure;
    return { kind: "refused", message: failure.message, hint: failure.hint };
  }
  const [complaint] = complaints;
  if (complaint === undefined) return { kind: "writes" };
  return { kind: "refused", message: complaint, hint: "Let the writer delete secrets, too: read and write." };
}
