import { isSameTime } from "../core/claim/claim.ts";
import { claimName } from "../core/claim/name.ts";
import { Failure } from "../core/failure/failure.ts";
import { describeLocation, type SecretLocation } from "../core/github/secret-location.ts";
import { unlessGitHubFails } from "./retry.ts";
import { metadataOf } from "./secret-time.ts";
import type { Services } from "./services.ts";
import { LATE } from "./store-late.ts";
import { withWriteToken } from "./write-session.ts";

/**
 * After a rotation that main has stored: a later step of the job may have written a copy over it.
 *
 * @throws {Failure} `secret-changed-elsewhere`
 */
export async function demandUnmovedSecret(services: Services): Promise<void> {
  const { ledgerFile, place, log } = services;
  const ledger = await ledgerFile.load();
  if (ledger === null || !ledger.stored || ledger.before.getTime() === 0) return;
  await withWriteToken(services, LATE, async (open) => {
    if (open instanceof Failure) return;
    const demand = async (): Promise<void> => {
      const metadata = await metadataOf(open);
      if (metadata === null || metadata.updatedAt.getTime() <= ledger.before.getTime()) return;
      // Another job that went on from this login, or a seed, says so; a write of ours that could not be confirmed, too.
      const claims = await open.claims.list();
      const name = claimName(ledger.login, place);
      const isOurs = claims.some(
        ({ name: seen, claim }) =>
          seen === name ||
          isSameTime(claim?.after ?? null, metadata.updatedAt) ||
          (claim?.next === name && claim.state !== "stored"),
      );
      if (!isOurs) throw movedSince(place);
    };
    await unlessGitHubFails(demand, ({ message }) =>
      log.debug(`GitHub did not say whether the secret is as this job left it. ${message}`),
    );
  });
}

function movedSince(place: SecretLocation): Failure {
  return new Failure(
    "secret-changed-elsewhere",
    `Somebody has written the ${describeLocation(place)} after this job stored the refreshed login there.`,
    "If a step of this job does that (`gh secret set`), remove it: it has put a copy over the login, and the next job cannot refresh. Dispatch maintenance: it puts the login back from the handoff. If that was a fresh login on purpose, nothing is to be done.",
  );
}
