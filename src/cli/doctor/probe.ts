import { Failure } from "../../core/failure/failure.ts";
import { explainSecretError, GitHubError } from "../../core/failure/github-error.ts";
import type { Place } from "../../core/github/secret-location.ts";
import { proveWritable } from "../../login/prove-write.ts";
import type { Clock, Log, SealedBox, WriteCredential } from "../../ports/action.ts";
import type { Probe } from "../../ports/doctor.ts";

/** Writes what a refresh would write beside a login, and not the login itself. */
export async function probeWriter(
  writer: WriteCredential,
  { place, box, clock, log }: { place: Place; box: SealedBox; clock: Clock; log: Log },
): Promise<Probe> {
  try {
    const session = await writer.open();
    try {
      await proveWritable({ session, box, clock, log, place });
    } finally {
      await session.close();
    }
  } catch (error) {
    const failure =
      error instanceof GitHubError
        ? explainSecretError(error, { place, credential: writer.kind, workedEarlier: false })
        : error;
    if (!(failure instanceof Failure)) throw failure;
    return { kind: "refused", message: failure.message, hint: failure.hint };
  }
  return { kind: "writes" };
}
