import { CLAIM_LIFETIME_MS } from "../core/claim/claim.ts";
import { isRenewal, type Ledger, ledgerOf } from "../core/claim/ledger.ts";
import type { Failure } from "../core/failure/failure.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { Claimed } from "./claim-login.ts";
import { ownOf } from "./claims.ts";
import { saveNotes } from "./handoff.ts";
import type { CurrentPosition, UnstoredPosition } from "./position.ts";
import type { HomeInUse } from "./private-home.ts";
import type { RefreshOutcome } from "./refresh.ts";
import { runCreated } from "./secret-time.ts";
import type { Section } from "./section.ts";
import { type StoreOutcome, saveLedger, settleLedger } from "./store-outcome.ts";
import { takeoverOf } from "./successor.ts";
import { tidyClaims } from "./variable-limits.ts";
import { writeBack } from "./write-back.ts";
import { timeOf } from "./write-session.ts";

/** Stores what Codex has rotated: on disk, in the handoff, in the claim, in the secret. */
export async function storeRotated(
  section: Section,
  {
    outcome: { kind, login: next },
    claimed: { login, updatedAt, held, takeover, isHanded },
    home,
  }: {
    outcome: Exclude<RefreshOutcome, { kind: "failed" }>;
    claimed: Claimed;
    /** Told whether it holds the only copy. */
    home: Pick<HomeInUse, "holdsOnlyCopy">;
  },
): Promise<StoreOutcome> {
  const { claims, clock, handed } = section;
  const rotated = kind === "rotated";
  const ledger = ledgerOf({ login: next, predecessor: login, claim: ownOf(held), before: updatedAt });
  const isOnDisk = await saveLedger(section, ledger);
  const savedAt = await timeOf(section);
  const inHandoff = await saveNotes(section, { under: [login, handed], login: next, savedAt });
  // Post goes by the one or the other.
  home.holdsOnlyCopy = !isOnDisk;
  // Too late: whoever has taken the claim over has written it since.
  const isOurs = clock.monotonicMs() - held.since.monotonicMs < CLAIM_LIFETIME_MS;
  if (rotated && isOurs)
    await claims.tell(held.name, held.claim, { state: "rotated", next: claims.nameOf(next) });
  const outcome = await writeBack(section, {
    login: next,
    before: updatedAt,
    mayReplace: async (at) => isHanded && (await runCreated(section, at)) === "after",
    spent: rotated ? held : null,
    held,
    takeover: rotated ? 0 : takeover,
    key: (await section.prepare()).key,
    ledger,
  });
  if (outcome.kind === "stored") {
    home.holdsOnlyCopy = false;
    await tidyClaims(section, section.session);
  }
  const settled = await settleLedger(section, { ledger, outcome, inHandoff });
  // Nothing was spent, so whoever stores it makes a claim of his own; only a private home is stored under this one.
  if (!rotated && !home.holdsOnlyCopy) await claims.giveBack(ownOf(held));
  return settled;
}

/** The newest login cannot be written just now; the handoff still has it. */
export interface Blocked {
  readonly kind: "blocked";
  readonly newest: AuthJson;
  readonly failure: Failure;
}

/**
 * An earlier job could not write what it had rotated; the handoff has it.
 *
 * @returns `null` where it stands in the secret, and others may have gone on from it
 */
export async function repair(
  section: Section,
  { login, predecessor, updatedAt, takeover, origin }: UnstoredPosition,
): Promise<CurrentPosition | Blocked | null> {
  section.log.info(
    `An earlier run could not store login ${login.generation}. Storing it now from the handoff.`,
  );
  const outcome = await writeBack(section, {
    login,
    before: updatedAt,
    spent: origin.claim && { name: origin.name, claim: origin.claim },
    takeover,
  });
  if (outcome.kind === "pending" || outcome.kind === "refused")
    return { kind: "blocked", newest: login, failure: outcome.failure };
  if (outcome.kind === "settled" || outcome.updatedAt === null) return null;
  return { kind: "current", login, predecessor, updatedAt: outcome.updatedAt, takeover, origin };
}

/** Stores what an earlier step of this job has rotated and could not store. */
export async function finishPending(section: Section, ledger: Ledger): Promise<StoreOutcome> {
  const { claims, handed } = section;
  const { claim, login, predecessor, before } = ledger;
  const seen = claim && (await claims.isHeld(claim));
  const savedAt = await timeOf(section);
  const inHandoff = await saveNotes(section, { under: [predecessor ?? handed, handed], login, savedAt });
  const outcome = await writeBack(section, {
    login,
    before,
    spent: seen?.claim && !isRenewal(ledger) ? { name: seen.name, claim: seen.claim } : null,
    ...(claim && { holder: claim.holder, takeover: isRenewal(ledger) ? takeoverOf(claim.name) : 0 }),
    ledger,
  });
  return settleLedger(section, { ledger, outcome, inHandoff });
}
