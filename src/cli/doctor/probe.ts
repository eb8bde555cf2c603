import { Failure } from "../../core/failure/failure.ts";
import { explainSecretError, GitHubError } from "../../core/failure/github-error.ts";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import { proveWritable } from "../../login/prove-write.ts";
import type { WriteCredential } from "../../ports/action.ts";
import type { Probe } from "../../ports/doctor.ts";
import { silentLog } from "../reporter-log.ts";
import type { CliServices } from "../services.ts";

/** Writes what a refresh would write beside a login, and not the login itself. */
export async function probeWriteCredential(
  { box, clock }: Pick<CliServices, "box" | "clock">,
  credential: WriteCredential,
  place: SecretLocation,
): Promise<Probe> {
  try {
    const session = await credential.open();
    try {
      await proveWritable({ session, box, clock, log: silentLog, place });
    } finally {
      await session.close();
    }
  } catch (error) {
    const failure =
      error instanceof GitHubError
        ? explainSecretError(error, { place, credential: credential.kind, workedEarlier: false })
        : error;
    if (!(failure instanceof Failure)) throw failure;
    return { kind: "refused", message: failure.message, hint: failure.hint };
  }
  return { kind: "writes" };
}
