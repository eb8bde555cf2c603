import { type CopyDestination, copyPermission } from "../../core/copies/destination.ts";
import { Failure } from "../../core/failure/failure.ts";
import { canRepair, GitHubError } from "../../core/failure/github-error.ts";
import { explainSecretError } from "../../core/failure/secret-error.ts";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import { proveWritable } from "../../login/prove-write.ts";
import type { CopyAccess } from "../../ports/copies.ts";
import type { Probe } from "../../ports/doctor.ts";
import type { WriteCredential } from "../../ports/secrets.ts";
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

/** Asks for what a refresh asks for before it writes an access copy, and writes none. */
export async function probeCopies(
  access: CopyAccess,
  destinations: readonly CopyDestination[],
): Promise<Probe> {
  const reach = access.open(destinations);
  try {
    for (const { scope, text } of destinations) {
      try {
        await (await reach.secretsOf(scope)).publicKey();
      } catch (error) {
        if (error instanceof Failure) return { kind: "refused", message: error.message, hint: error.hint };
        if (!(error instanceof GitHubError)) throw error;
        return {
          kind: "refused",
          message: `The access copy \`${text}\` cannot be written. ${error.message}`,
          hint: canRepair(error)
            ? "This usually passes: try again."
            : `Give the write token or the App ${copyPermission(scope)}. Check the name, too.`,
        };
      }
    }
  } finally {
    await reach.close();
  }
  return { kind: "writes" };
}
