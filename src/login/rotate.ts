import type { Ledger } from "../core/claim/ledger.ts";
import {
  consequenceOf,
  explainFailedRefresh,
  type FailedRefresh,
  strongerOf,
} from "../core/failure/failed-refresh.ts";
import { Failure } from "../core/failure/failure.ts";
import { GitHubError } from "../core/failure/github-error.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { remainingMs } from "../core/login/due.ts";
import { reseedHint } from "../core/login/reseed-command.ts";
import { describeDuration } from "../core/text/duration.ts";
import type { ProcessIdentity } from "../ports/machine.ts";
import { type Claimed, claimForJob } from "./claim-login.ts";
import { type HeldClaim, ownOf } from "./claims.ts";
import { goOnWithAccessToken, standingOf } from "./go-on-with-access-token.ts";
import { type HomeInUse, isExpected, usePrivateHome } from "./private-home.ts";
import { type RefreshOutcome, refresh } from "./refresh.ts";
import { updatedAtOf } from "./secret-time.ts";
import type { Section, SectionOutcome } from "./section.ts";
import { closeCriticalSection } from "./section-state.ts";
import type { StoreOutcome } from "./store-outcome.ts";
import { storeRotated } from "./store-rotated.ts";
import { explainMissingProof } from "./why-not-refreshed.ts";
import { explainRefusal } from "./write-session.ts";

/** The longest that one attempt to refresh and one to write back may take. */
const REFRESH_AND_STORE_MS = 150_000;

/** What Codex made of a login: nothing, or another one, and what became of that. */
type Attempt =
  | Extract<RefreshOutcome, { kind: "failed" }>
  | { readonly kind: "stored"; readonly rotated: boolean; readonly storing: StoreOutcome };

/** Lets Codex rotate a login that we have claimed, and stores what comes of it. @throws {Failure} */
export async function rotate(section: Section, ledger: Ledger, claimed: Claimed): Promise<SectionOutcome> {
  const { claims, claimFor } = section;
  const { login, held } = claimed;
  let state = "unsent" as "unsent" | "in-doubt" | "settled";
  let last: ProcessIdentity | null = null;
  let used: HomeInUse | null = null;
  // A home is wiped only after what Codex has left in it is stored, and the claim says how it ended.
  const attempt = (
    asked: AuthJson,
    { earlier, isLast }: { earlier: FailedRefresh | null; isLast: (failed: FailedRefresh) => boolean },
  ): Promise<Attempt> =>
    usePrivateHome(section, { login, asked, claim: ownOf(held), process: last }, async (home) => {
      used = home;
      const started: HomeInUse["started"] = async (process) => {
        state = "in-doubt";
        last = process;
        await home.started(process);
      };
      const outcome = await askCodex(section, claimed, { login: asked, home: home.home, started });
      if (outcome.kind === "failed") {
        const failed = earlier === null ? outcome.failed : strongerOf(earlier, outcome.failed);
        if (!isLast(failed)) return { kind: "failed", failed };
        await settle(section, claimed, failed);
        state = "settled";
        return { kind: "failed", failed };
      }
      // Whatever happens now, the claim says what is true, or post tells it.
      home.holdsOnlyCopy = true;
      state = "settled";
      const storing = await storeRotated(section, { outcome, claimed, home });
      return { kind: "stored", rotated: outcome.kind === "rotated", storing };
    });
  // Post has nothing to finish but what is left for it in a home, or a claim that GitHub did not take back.
  const closeSection = (): void => {
    if (!used?.holdsOnlyCopy) closeCriticalSection(section.channel, claims);
  };
  try {
    const isLast = (failed: FailedRefresh): boolean => !saysNotWhy(failed) || !isTimeLeft(section, held);
    let outcome = await attempt(login, { earlier: null, isLast });
    if (outcome.kind === "failed" && state !== "settled") {
      // Codex says why only when it refreshes an expired access token by itself. The refresh token is dead by then, or
      // Codex has asked nobody; should it be neither, this is one more attempt.
      const once = { earlier: outcome.failed, isLast: () => true };
      outcome = await attempt(login.withExpiredAccessToken(), once);
    }
    closeSection();
    if (outcome.kind === "failed") return await afterFailedRefresh(section, ledger, outcome.failed);
    const { rotated, storing } = outcome;
    const holds = claimFor === "whole-job" && storing.ledger.stored;
    const claim = holds ? await holdForJob(section, storing.ledger, claimed) : storing.ledger;
    return claim instanceof Failure
      ? { kind: "refreshed", ledger: storing.ledger, rotated, storing, unclaimed: claim }
      : { kind: "refreshed", ledger: claim, rotated, storing, unclaimed: null };
  } catch (error) {
    // Nothing was sent, so the generation is as good as before.
    if (state === "unsent") await claims.giveBack(ownOf(held));
    if (state === "in-doubt" && isExpected(error)) await leaveInDoubt(section, claimed);
    if (isExpected(error)) closeSection();
    throw error;
  }
}

/** The login is stored by now, whatever keeps the job from having all of it. */
async function holdForJob(section: Section, stored: Ledger, claimed: Claimed): Promise<Ledger | Failure> {
  try {
    return await claimForJob(section, stored, claimed);
  } catch (error) {
    if (error instanceof Failure) return error;
    if (error instanceof GitHubError) return explainRefusal(section, error, { workedEarlier: true });
    throw error;
  }
}

async function askCodex(
  section: Section,
  { login: { generation }, held }: Claimed,
  asked: { login: AuthJson; home: string; started: HomeInUse["started"] },
): Promise<RefreshOutcome> {
  const { clock, log, environment } = section;
  const startedMs = clock.monotonicMs();
  const { refresher } = await section.prepare();
  const fallback = standingOf(section, asked.login);
  const timeLeft = (): boolean => isTimeLeft(section, held);
  const outcome = await refresh({ ...section, refresher }, { ...asked, environment, fallback, timeLeft });
  if (outcome.kind === "failed") return outcome;
  const took = describeDuration(clock.monotonicMs() - startedMs);
  const left = describeDuration(remainingMs(outcome.login, clock.now()));
  log.info(
    outcome.kind === "rotated"
      ? `Codex rotated login ${generation} to ${outcome.login.generation} in ${took} (access token valid ${left}).`
      : `Codex renewed the tokens and kept the refresh token (access token valid ${left}).`,
  );
  return outcome;
}

/** Whether one more attempt, and a write-back after it, would still end in time. */
function isTimeLeft({ claims }: Pick<Section, "claims">, held: HeldClaim): boolean {
  return claims.msLeft(held) >= REFRESH_AND_STORE_MS;
}

/** Nothing changed. Where Codex has asked nobody, the generation is as good as before. */
async function settle(section: Section, claimed: Claimed, { kind }: FailedRefresh): Promise<void> {
  if (kind === "unstarted" || kind === "forbidden") await section.claims.giveBack(ownOf(claimed.held));
  else await leaveInDoubt(section, claimed);
}

/** Codex has been asked: the next job may try, as one who takes over a claim in doubt. */
async function leaveInDoubt(
  { claims }: Pick<Section, "claims">,
  { held, takeover }: Pick<Claimed, "held" | "takeover">,
): Promise<void> {
  // The first claim stands for the doubt; a takeover that came to nothing adds none.
  if (takeover > 0) await claims.giveBack(ownOf(held));
  else await claims.tell(held.name, held.claim, { released: true });
}

/** A token that is called dead may only be an old one: the secret is asked once more. */
async function afterFailedRefresh(
  section: Section,
  { login, before }: Ledger,
  failed: FailedRefresh,
): Promise<SectionOutcome> {
  if ((await updatedAtOf(section)).getTime() !== before.getTime())
    return goOnWithAccessToken(section, login, explainMissingProof("secret-is-newer"));
  const failure = explainFailedRefresh(failed, reseedHint(section.place));
  const standing = { ...standingOf(section, login), attemptsLeft: 0 };
  if (consequenceOf(failed, standing) === "stop") throw failure;
  return { kind: "not-refreshed", login, because: failure };
}

function saysNotWhy(failed: FailedRefresh): boolean {
  return failed.kind === "unexplained" || (failed.kind === "permanent" && failed.code === "refresh-rejected");
}
