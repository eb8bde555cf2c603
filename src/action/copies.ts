import type { CopyDestination } from "../core/copies/destination.ts";
import { parseDestinations } from "../core/copies/parse-destinations.ts";
import { type CopyResult, describeResults, failureOf } from "../core/copies/result.ts";
import { Failure } from "../core/failure/failure.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { describeCurrent, describeEarlier, newTokenRefused } from "../core/login/verification.ts";
import { foreign } from "../core/text/escape.ts";
import { type CopyServices, surveyCopies, writeCopies } from "../login/copies/write-copies.ts";
import { verify } from "../login/verify.ts";
import type { CodexVerifier } from "../ports/copies.ts";
import type { Log } from "../ports/runner.ts";
import { type Inputs, mayRefresh } from "./inputs.ts";
import { placeOf, type RunContext } from "./run-context.ts";

/** What access copies and the verification of a new token need; loaded only for them. */
export type LendServices = CopyServices & { readonly verifier: () => Promise<CodexVerifier> };

/** What was done, for the summary, and what the job fails with at its end. */
export interface Lent {
  readonly events: readonly string[];
  readonly failure: Failure | null;
}

/**
 * The destinations of this step.
 *
 * @param inputs as the workflow gives them
 * @throws {Failure} `input-invalid`
 */
export function readDestinations(inputs: Inputs, context: RunContext): readonly CopyDestination[] {
  const text = inputs.accessCopies ?? "";
  const destinations = parseDestinations(text, placeOf(context, inputs), "`access-copies`");
  if (destinations.length === 0) return destinations;
  if (!mayRefresh(inputs))
    throw new Failure(
      "input-invalid",
      "`access-copies` is for a job that refreshes the login, and this one does not.",
      "Remove it here, and set it in the maintenance workflow.",
    );
  if (inputs.refreshToken === "present")
    throw new Failure(
      "input-invalid",
      "`access-copies` does not go with `refresh-token: present`: Codex may refresh at any time during this job, and the copies would be of an older login.",
      "Write them in a maintenance workflow, with the refresh token withheld.",
    );
  return destinations;
}

/** What is known of the login when its copies are to be written. */
export type Settled =
  /** Nothing was due, and nobody was asked. */
  | { readonly kind: "quiet"; readonly login: AuthJson }
  /** The secret holds it. */
  | {
      readonly kind: "current";
      readonly login: AuthJson;
      /** What it was rotated from in this step; `null`: nothing was refreshed. */
      readonly predecessor: AuthJson | null;
      /** The secret's `updated_at` when it held the login. */
      readonly storedAt: Date;
    }
  /** It is not known to be stored, or not known to be current. */
  | { readonly kind: "unsettled" };

interface Attending {
  readonly destinations: readonly CopyDestination[];
  readonly mode: Inputs["verify"];
  readonly settled: Settled;
  /** Finds out which login is current. */
  readonly prove: () => Promise<Settled>;
}

/**
 * Tries a new access token out, and brings the access copies up to date with a login that is stored and current. With
 * nothing due it asks once for each destination, and writes only if one is older than the login.
 */
export async function attend(
  services: LendServices,
  { destinations, mode, settled, prove }: Attending,
): Promise<Lent> {
  switch (settled.kind) {
    case "quiet": {
      const { due, settled: results } = await surveyCopies(services, settled.login, destinations);
      if (due.length === 0) return tell(services.log, results);
      const found = await prove();
      return lend(services, { settled: found, mode, destinations: due, results });
    }
    default:
      return lend(services, { settled, mode, destinations, results: [] });
  }
}

async function lend(
  services: LendServices,
  {
    settled,
    mode,
    destinations,
    results,
  }: {
    settled: Settled;
    mode: Inputs["verify"];
    destinations: readonly CopyDestination[];
    /** What is settled already. */
    results: readonly CopyResult[];
  },
): Promise<Lent> {
  const { log } = services;
  if (settled.kind !== "current") {
    if (destinations.length > 0)
      log.warning("No access copies were written: the login is not known to be stored and current.");
    return tell(log, results);
  }
  const { login, predecessor, storedAt } = settled;
  const verified =
    predecessor === null || mode === "off"
      ? NOTHING
      : await verifyRefresh(services, { login, predecessor }, mode);
  // Older copies may still work.
  if (verified.failure !== null) return verified;
  const written =
    destinations.length > 0 ? await writeCopies(services, { login, storedAt }, destinations) : [];
  const told = tell(log, [...results, ...written]);
  return { events: [...verified.events, ...told.events], failure: told.failure };
}

const NOTHING: Lent = { events: [], failure: null };

/** Whether the new token works, and the one before it still does. */
async function verifyRefresh(
  services: LendServices,
  logins: { readonly login: AuthJson; readonly predecessor: AuthJson },
  mode: "usage" | "exec",
): Promise<Lent> {
  const { log, cancellation } = services;
  if (cancellation.requested()) return NOTHING;
  const verifier = await codexOf(services);
  if (verifier === null) return NOTHING;
  const { current, earlier } = await verify(services, verifier, { ...logins, mode });
  const ofEarlier = earlier === null ? [] : [describeEarlier(earlier)];
  if (current.kind === "unknown") log.warning(describeCurrent(current));
  if (current.kind === "accepted") log.info(describeCurrent(current));
  for (const sentence of ofEarlier) log.info(sentence);
  return current.kind === "refused"
    ? { events: ofEarlier, failure: newTokenRefused(services.place) }
    : { events: [describeCurrent(current), ...ofEarlier], failure: null };
}

/** @returns `null` where there is none any more: the login is stored all the same */
async function codexOf({ verifier, log }: LendServices): Promise<CodexVerifier | null> {
  try {
    return await verifier();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.warning(`The new access token was not tried out. ${error.message}`);
    return null;
  }
}

function tell(log: Log, results: readonly CopyResult[]): Lent {
  if (results.length === 0) return NOTHING;
  for (const result of results) {
    if (result.kind !== "failed") continue;
    const { destination, failure } = result;
    log.warning(`Access copy ${foreign(destination.text)}: ${failure.message} ${failure.hint}`);
  }
  const sentence = describeResults(results);
  log.info(sentence);
  return { events: [sentence], failure: failureOf(results) };
}
