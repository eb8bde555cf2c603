import type { CopyDestination } from "../../core/copies/destination.ts";
import type { CopyResult } from "../../core/copies/result.ts";
import { Failure } from "../../core/failure/failure.ts";
import { GitHubError } from "../../core/failure/github-error.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import type { CopyAccess, CopyReach } from "../../ports/copies.ts";
import { insist } from "../retry.ts";
import type { Services } from "../services.ts";
import { withWriteToken } from "../write-session.ts";
import { watchClaim } from "./claim-watch.ts";
import { explainCopyError } from "./explain-copy.ts";
import { look } from "./look.ts";
import { writeCopy } from "./write-copy.ts";

/** What access copies need beside what the login needs. */
export type CopyServices = Services & { readonly copyAccess: CopyAccess };

/** GitHub asks for a second between two writes (docs, "Best practices for using the REST API"). */
const BETWEEN_WRITES_MS = 1_000;
/** With a hundred destinations and one rate limit there is time to spare. */
const ALL_WITHIN_MS = 15 * 60_000;
const FIRST_PROGRESS_MS = 2_000;
const PROGRESS_EVERY_MS = 15_000;

/**
 * Looks at each destination, and writes nothing: one GET each.
 *
 * @returns what is due, and what is settled already
 */
export async function surveyCopies(
  services: CopyServices,
  login: AuthJson,
  destinations: readonly CopyDestination[],
): Promise<{ readonly due: readonly CopyDestination[]; readonly settled: readonly CopyResult[] }> {
  const due: CopyDestination[] = [];
  const results = await inTurn(services, destinations, "looked at", async (reach, destination) => {
    const copying = { login, storedAt: null, destination };
    const looked = await insist(services, async () =>
      look(await reach.secretsOf(destination.scope), copying, services),
    );
    if (looked !== null) return looked;
    due.push(destination);
    return null;
  });
  return { due, settled: results.filter((result) => result !== null) };
}

/**
 * Writes the copies that are older than a login, which must be stored and current. Stops as soon as another job claims
 * the login: that one writes newer copies.
 *
 * @param storedAt the secret's `updated_at` when it held the login
 */
export async function writeCopies(
  services: CopyServices,
  { login, storedAt }: { login: AuthJson; storedAt: Date },
  destinations: readonly CopyDestination[],
): Promise<readonly CopyResult[]> {
  return withWriteToken(services, { workedEarlier: true, insistence: "when-due" }, async (open) => {
    if (open instanceof Failure)
      return destinations.map((destination) => ({ kind: "failed", destination, failure: open }) as const);
    const { clock } = open;
    const watch = watchClaim(open, login);
    let lastWriteMs = Number.NEGATIVE_INFINITY;
    let isClaimed = false;
    return inTurn(open, destinations, "done", async (reach, destination) => {
      if (isClaimed) return { kind: "left", destination } as const;
      await clock.sleep(Math.max(0, lastWriteMs + BETWEEN_WRITES_MS - clock.monotonicMs()));
      try {
        const result = await writeCopy(open, { login, storedAt, destination, reach, watch });
        isClaimed = result.kind === "left";
        return result;
      } finally {
        lastWriteMs = clock.monotonicMs();
      }
    });
  });
}

/** One destination after another; what fails at one ends nothing. */
async function inTurn<Outcome extends CopyResult | null>(
  services: CopyServices,
  destinations: readonly CopyDestination[],
  verb: string,
  act: (reach: CopyReach, destination: CopyDestination) => Promise<Outcome>,
): Promise<readonly (Outcome | CopyResult)[]> {
  const { copyAccess, clock, log, cancellation } = services;
  const beganMs = clock.monotonicMs();
  let toldMs = beganMs - PROGRESS_EVERY_MS + FIRST_PROGRESS_MS;
  const results: (Outcome | CopyResult)[] = [];
  const reach = copyAccess.open(destinations);
  try {
    for (const destination of destinations) {
      if (cancellation.requested()) {
        results.push({ kind: "left", destination });
        continue;
      }
      const nowMs = clock.monotonicMs();
      if (nowMs - toldMs >= PROGRESS_EVERY_MS) {
        toldMs = nowMs;
        log.info(`Access copies: ${results.length} of ${destinations.length} ${verb}.`);
      }
      if (nowMs - beganMs > ALL_WITHIN_MS) {
        results.push({ kind: "failed", destination, failure: outOfTime() });
        continue;
      }
      try {
        results.push(await act(reach, destination));
      } catch (error) {
        if (!(error instanceof GitHubError || error instanceof Failure)) throw error;
        results.push({
          kind: "failed",
          destination,
          failure: explainCopyError(services, destination, error),
        });
      }
    }
    return results;
  } finally {
    await reach.close();
  }
}

function outOfTime(): Failure {
  return new Failure(
    "access-copy-failed",
    `There was no time left for it: access copies may take ${ALL_WITHIN_MS / 60_000} minutes.`,
    "Run the maintenance workflow again: it goes on where this run stopped.",
  );
}
