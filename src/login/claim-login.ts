import { isSameTime } from "../core/claim/claim.ts";
import type { Ledger } from "../core/claim/ledger.ts";
import { type HeldClaim, newHolder } from "./claims.ts";
import { findCurrent, followClaims, isStillInDoubt } from "./find-current.ts";
import { momentOf } from "./moment.ts";
import type { CurrentPosition, Position } from "./position.ts";
import { noRoom, noRoomForClaim } from "./private-home.ts";
import { updatedAtOf } from "./secret-time.ts";
import type { Section } from "./section.ts";
import { closeCriticalSection, saveCriticalSection } from "./section-state.ts";
import { cancelledBeforeRefresh, claimedSinceStored } from "./why-not-refreshed.ts";

/** A login that may be spent by us alone. */
export interface Claimed extends Omit<CurrentPosition, "kind" | "origin"> {
  readonly kind: "claimed";
  readonly held: HeldClaim;
  /** Whether it is the very login that the run was given. */
  readonly isHanded: boolean;
}

/**
 * Everything that can be known to fail is asked for before the claim; then the claim, and whether it still holds.
 *
 * @returns where things stand now, if somebody else was faster
 * @throws {Failure}
 */
export async function claimLogin(section: Section, position: CurrentPosition): Promise<Claimed | Position> {
  const { login, predecessor, updatedAt, takeover, origin } = position;
  const { channel, cancellation, claims, claimFor, handed } = section;
  await section.prepare();
  if (cancellation.requested()) throw cancelledBeforeRefresh();
  const name = claims.nameOf(login, takeover);
  const own = { name, holder: newHolder(section.randomness) };
  saveCriticalSection(channel, { directory: null, process: null, claim: own });
  const wholeJob = claimFor === "whole-job";
  const taking = await claims.take(name, { holder: own.holder, state: "open", before: updatedAt, wholeJob });
  if (taking.kind === "theirs") {
    const { seen } = taking;
    // It may be ours, made by a request that GitHub did not answer: post looks again.
    if (seen === null) return { kind: "busy", newest: login, seen };
    closeCriticalSection(channel, claims);
    return followClaims(section, login, seen);
  }
  const { held } = taking;
  const giveBack = async (): Promise<void> => {
    await claims.giveBack(own);
    closeCriticalSection(channel, claims);
  };
  const isUnspent = await isStillInDoubt(section, { login, takeover });
  const now = await updatedAtOf(section);
  if (!isUnspent || now.getTime() !== updatedAt.getTime() || !claims.isFresh(held)) {
    await giveBack();
    const from = origin === null ? "handed" : "known";
    return findCurrent(section, login, { updatedAt: now, from });
  }
  if (cancellation.requested()) {
    await giveBack();
    throw cancelledBeforeRefresh();
  }
  const isHanded = origin === null && login.isSameGeneration(handed);
  return { kind: "claimed", login, predecessor, updatedAt, held, takeover, isHanded };
}

/** The claim that an earlier step of this job has made for all of it. */
export async function standingClaim(
  { claims, clock }: Pick<Section, "claims" | "clock">,
  { login, predecessor, before, claim: own }: Ledger,
): Promise<Claimed | null> {
  const seen = own && (await claims.isHeld(own));
  if (seen?.claim?.state !== "open" || !seen.claim.wholeJob || seen.claim.released) return null;
  const held = { name: seen.name, claim: seen.claim, since: momentOf(clock) };
  return { kind: "claimed", login, predecessor, updatedAt: before, held, takeover: 0, isHanded: false };
}

/**
 * With the whole login in the home, its generation is claimed for as long as the job lasts.
 *
 * @param claimed what the login was rotated from
 * @throws {Failure} `claim-busy`, `claim-limit`, `secret-not-found`, `home-unwritable`, `system-error`
 * @throws {GitHubError}
 */
export async function claimForJob(
  section: Section,
  ledger: Ledger,
  claimed: Pick<Claimed, "updatedAt">,
): Promise<Ledger> {
  const { claims, channel, randomness, ledgerFile } = section;
  const name = claims.nameOf(ledger.login);
  const own = { name, holder: newHolder(randomness) };
  saveCriticalSection(channel, { directory: null, process: null, claim: own });
  try {
    const draft = { holder: own.holder, state: "open", before: ledger.before, wholeJob: true } as const;
    if ((await claims.take(name, draft)).kind === "theirs") throw claimedSinceStored();
    // Where our write was confirmed, a later time of the secret says that another job has used this login meanwhile.
    const isConfirmed = !isSameTime(ledger.before, claimed.updatedAt);
    if (isConfirmed && (await updatedAtOf(section)).getTime() > ledger.before.getTime())
      throw claimedSinceStored();
    const holding = { ...ledger, claim: own };
    await ledgerFile.save(holding).catch((error: unknown) => {
      throw noRoomForClaim(error);
    });
    return holding;
  } catch (error) {
    await claims.giveBack(own);
    throw error;
  } finally {
    // From here on the ledger knows of the claim, or there is none, or GitHub did not take it back.
    closeCriticalSection(channel, claims);
  }
}

/** Writes down what this job lives on. @throws {Failure} `home-unwritable` */
export async function keep(ledgerFile: Section["ledgerFile"], ledger: Ledger): Promise<Ledger> {
  await ledgerFile.save(ledger).catch((error: unknown) => {
    throw noRoom(error);
  });
  return ledger;
}
