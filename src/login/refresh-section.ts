import { ledgerOf } from "../core/claim/ledger.ts";
import { Failure } from "../core/failure/failure.ts";
import { warnOfWriteTokenExpiry } from "../core/github/write-token-expiry.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { claimLogin, keep, standingClaim } from "./claim-login.ts";
import { ownOf } from "./claims.ts";
import { goOnWithAccessToken } from "./go-on-with-access-token.ts";
import { saveNotice } from "./notice.ts";
import type { BusyPosition, CurrentPosition, Position } from "./position.ts";
import { maskTokens } from "./read-login.ts";
import { unlessGitHubFails } from "./retry.ts";
import { rotate } from "./rotate.ts";
import { openSection, type Section, type SectionOutcome, type SectionRequest } from "./section.ts";
import { closeCriticalSection } from "./section-state.ts";
import type { Services } from "./services.ts";
import { type Blocked, finishPending, repair } from "./store-rotated.ts";
import { waitForClaim } from "./wait-for-claim.ts";
import { claimBusy, explainMissingProof, handoffDenied } from "./why-not-refreshed.ts";
import { explainRefusal, noWriteToken, timeOf, withWriteToken } from "./write-session.ts";

/** A claim that somebody else was faster with, or a secret that moved meanwhile: looked at again so often. */
const ROUNDS = 8;

/**
 * Claims the current generation, lets Codex rotate it, and stores the next one. No user code runs meanwhile.
 * See docs/design.md, "Life of a refresh job".
 *
 * @throws {Failure} when the job can neither refresh nor go on with the access token it has, or manual action is required
 */
export async function refreshSection(services: Services, request: SectionRequest): Promise<SectionOutcome> {
  if (services.writeCredential === null) throw noWriteToken();
  const { handed } = services;
  const options = { workedEarlier: false, insistence: request.insistence };
  return withWriteToken({ ...services, ...request }, options, async (open) => {
    if (open instanceof Failure) return goOnWithAccessToken({ ...services, ...request }, handed, open);
    const section = openSection(open);
    try {
      return await unlessGitHubFails(
        () => run(section),
        (error) => goOnWithAccessToken(section, handed, explainRefusal(section, error, options)),
      );
    } finally {
      await warnOfExpiry(section);
    }
  });
}

async function warnOfExpiry(section: Section): Promise<void> {
  const { session, log, channel } = section;
  const notice = warnOfWriteTokenExpiry(section.place, session.expiresAt(), await timeOf(section));
  if (notice === null) return;
  log.warning(`${notice.message} ${notice.hint}`);
  saveNotice(channel, notice);
}

async function run(section: Section): Promise<SectionOutcome> {
  const { ledgerFile, handed, due, claimFor } = section;
  let job = await ledgerFile.load();
  if (job && !job.stored) {
    const outcome = await finishPending(section, job);
    if (outcome.kind !== "stored") return goOnWithAccessToken(section, job.login, outcome.failure);
    job = outcome.ledger;
  }
  const standing = job && claimFor === "whole-job" ? await standingClaim(section, job) : null;
  if (job !== null && standing !== null) {
    await section.prepare();
    return due(job.login) ? rotate(section, job, standing) : { kind: "kept", ledger: job };
  }
  return job === null ? goOnFrom(section, handed, "handed") : goOnFrom(section, job.login, "known");
}

/** From a login to the newest, and from there to a refresh; round by round, as others are at work, too. */
async function goOnFrom(
  section: Section,
  start: AuthJson,
  from: "handed" | "known",
): Promise<SectionOutcome> {
  const { log } = section;
  let position: Position | Blocked = await waitForClaim(section, start, from);
  for (let round = 1; round <= ROUNDS; round++) {
    switch (position.kind) {
      case "stale":
        return goOnWithAccessToken(section, position.newest, explainMissingProof(position.missing));
      case "busy":
        return goOnWithAccessToken(section, position.newest, await busy(section, position));
      case "blocked":
        return goOnWithAccessToken(section, position.newest, position.failure);
      case "to-repair":
        maskTokens(position.login, log);
        position =
          (await repair(section, position)) ?? (await waitForClaim(section, position.login, "known"));
        continue;
      case "current": {
        maskTokens(position.login, log);
        if (from === "handed" && !position.login.isSameGeneration(section.handed))
          log.info(
            `Took login ${position.login.generation} from the handoff: the secret of this run is older.`,
          );
        const reached: SectionOutcome | Position = await refreshCurrent(section, position);
        if (reached.kind === "kept" || reached.kind === "refreshed" || reached.kind === "not-refreshed")
          return reached;
        position = reached;
      }
    }
  }
  return goOnWithAccessToken(section, start, await busy(section, { seen: null, looks: ROUNDS }));
}

/** @returns where things stand now, if somebody else was faster */
async function refreshCurrent(
  section: Section,
  position: CurrentPosition,
): Promise<SectionOutcome | Position> {
  const { ledgerFile, due, claimFor, channel, claims } = section;
  const { login, predecessor, updatedAt } = position;
  const isDue = due(login);
  const found = ledgerOf({ login, predecessor, before: updatedAt, stored: true });
  const ledger = await keep(ledgerFile, found);
  if (!isDue && claimFor === "refresh") return { kind: "kept", ledger };
  const denied = await section.handoff.refusesWrites();
  if (denied !== null) return goOnWithAccessToken(section, login, handoffDenied(denied));
  const claimed = await claimLogin(section, position);
  if (claimed.kind !== "claimed") return claimed;
  if (isDue) return rotate(section, ledger, claimed);
  const holding = await keep(ledgerFile, { ...ledger, claim: ownOf(claimed.held) });
  // From here on the ledger knows of the claim.
  closeCriticalSection(channel, claims);
  return { kind: "kept", ledger: holding };
}

async function busy(
  section: Section,
  { seen, looks = 1 }: Pick<BusyPosition, "seen" | "looks">,
): Promise<Failure> {
  return claimBusy({ seen, looks, now: await timeOf(section) });
}
