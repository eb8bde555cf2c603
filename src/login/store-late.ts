import type { SeenClaim } from "../core/claim/claim.ts";
import { type Ledger, ledgerOf, type OwnClaim, type WriteWindow } from "../core/claim/ledger.ts";
import { claimName } from "../core/claim/name.ts";
import { Failure } from "../core/failure/failure.ts";
import { describeAnswer, GitHubError } from "../core/failure/github-error.ts";
import type { SecretLocation } from "../core/github/secret-location.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { saveNotes } from "./handoff.ts";
import { poll, unlessGitHubFails } from "./retry.ts";
import type { Services } from "./services.ts";
import { type StoreOutcome, settleLedger } from "./store-outcome.ts";
import { takeoverOf } from "./successor.ts";
import { writeBack } from "./write-back.ts";
import { explainRefusal, type OpenServices, timeOf, withWriteToken } from "./write-session.ts";

/** What an earlier phase has rotated. */
export interface LateLogin {
  readonly login: AuthJson;
  readonly predecessor: AuthJson;
  readonly claim: OwnClaim | null;
  /** Under which main has renewed the tokens, and which it has given back if GitHub heard it. */
  readonly renewedUnder?: OwnClaim | null;
  /** `null`: the claim says it. */
  readonly before?: Date;
  readonly writes?: readonly WriteWindow[];
}

const WRITE_TIMEOUT_MS = 60_000;
/** An outdated answer of GitHub's about a variable lasts for seconds at most. */
const OUTDATED_MS = 10_000;

/** As a phase after main opens the write token. */
export const LATE = { workedEarlier: true, insistence: "when-due" } as const;

/** Stores what an earlier phase has rotated. Goes by what GitHub's claim says, and not by state alone. */
export async function storeLate(services: Services, late: LateLogin): Promise<StoreOutcome> {
  const { handed, clock, place } = services;
  const { login, predecessor, claim, renewedUnder = null, before, writes = [] } = late;
  const own = claim ?? renewedUnder;
  const ledger = ledgerOf({ login, predecessor, claim: own, before: before ?? new Date(0), writes });
  const isRotated = !login.refreshToken.equals(predecessor.refreshToken);
  return withWriteToken(services, LATE, async (open) => {
    const seen = open instanceof Failure ? "not-answered" : await askForClaim(open, claim);
    const settled = settledBy(seen, { ledger, place });
    if (settled !== null) return settled;
    const savedAt = open instanceof Failure ? clock.now() : await timeOf(open);
    const inHandoff = await saveNotes(services, { under: [predecessor, handed], login, savedAt });
    const pending = { kind: "pending", ledger, inHandoff, rescue: null } as const;
    if (open instanceof Failure) return { ...pending, failure: open };
    // Without a ledger only the claim says what may be written over. Saving the notes took a moment: ask once more.
    const again = seen === "not-answered" && before === undefined ? await askForClaim(open, claim) : seen;
    const settledSince = settledBy(again, { ledger, place });
    if (settledSince !== null) return settledSince;
    const known = again === "not-answered" ? null : (again?.claim ?? null);
    const expected = before ?? known?.before ?? null;
    const spent = isRotated && claim && known ? { name: claim.name, claim: known } : null;
    const rotated = { state: "rotated", next: open.claims.nameOf(login) } as const;
    if (spent !== null) await open.claims.tell(spent.name, spent.claim, rotated);
    if (expected === null) {
      const silence = new GitHubError(describeAnswer(null, null), { status: null });
      return { ...pending, failure: explainRefusal(open, silence, LATE) };
    }
    const outcome = await writeBack(open, {
      login,
      before: expected,
      spent,
      ...(own && { holder: own.holder, takeover: isRotated ? 0 : takeoverOf(own.name) }),
      timeoutMs: WRITE_TIMEOUT_MS,
      ledger: { ...ledger, before: expected },
    });
    // Nobody of this job writes any more: the next one may repair at once.
    if (spent !== null && outcome.kind === "pending")
      await open.claims.tell(spent.name, spent.claim, { ...rotated, released: true });
    return settleLedger(open, { ledger, outcome, inHandoff });
  });
}

/** What the claim says against storing a login. @returns `null` when it says nothing */
function settledBy(
  seen: SeenClaim | null | "not-answered",
  { ledger, place }: { ledger: Ledger; place: SecretLocation },
): StoreOutcome | null {
  if (seen === "not-answered") return null;
  // State is only text on a machine where anybody's code has run: GitHub says that this is not ours to store.
  const refused = { kind: "refused", ledger, failure: notHeld(), rescue: null } as const;
  if (seen === null) return refused;
  if (seen.claim?.state === "stored") return { kind: "stored", ledger };
  const next = seen.claim?.next;
  return next && next !== claimName(ledger.login, place) ? refused : null;
}

/** Settles a claim under which nothing came to be stored. @param sent whether the login may have been presented */
export async function letGoOf(
  services: Services,
  claim: OwnClaim,
  { sent }: { sent: "nothing" | "perhaps" },
): Promise<void> {
  await withWriteToken(services, LATE, async (open) => {
    if (open instanceof Failure) return;
    // The first claim stands for the doubt; a takeover that came to nothing adds none.
    if (sent === "nothing" || /_R\d$/.test(claim.name)) return open.claims.giveBack(claim);
    const seen = await askForClaim(open, claim);
    if (seen === null || seen === "not-answered" || seen.claim?.state !== "open") return;
    await open.claims.tell(claim.name, seen.claim, { released: true });
  });
}

/** @returns `null` where GitHub says that the claim is not ours; a login without a claim needs none */
async function askForClaim(
  { claims, clock }: Pick<OpenServices, "claims" | "clock">,
  claim: OwnClaim | null,
): Promise<SeenClaim | null | "not-answered"> {
  if (claim === null) return "not-answered";
  // A claim that main has just made may not be shown yet, and this is the last chance of what it rotated.
  const isShown = (seen: SeenClaim | null): boolean => seen !== null;
  return unlessGitHubFails(
    () => poll(clock, { withinMs: OUTDATED_MS }, () => claims.isHeld(claim), isShown),
    () => "not-answered" as const,
  );
}

function notHeld(): Failure {
  return new Failure(
    "write-back-refused",
    "What this job left behind does not agree with the claim that GitHub holds, so nothing was stored. The secret is as it was.",
    "Run maintenance. If it says that the login is over, log in again; and look what else runs in this job.",
  );
}
