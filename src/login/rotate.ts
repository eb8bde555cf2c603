import type { Ledger } from "../core/claim/ledger.ts";
import { consequenceOf, explainFailedRefresh, type FailedRefresh } from "../core/failure/failed-refresh.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { remainingMs } from "../core/login/due.ts";
import { reseedHint } from "../core/login/reseed-command.ts";
import { describeDuration } from "../core/text/duration.ts";
import { type Claimed, claimForJob } from "./claim-login.ts";
import { type HeldClaim, ownOf } from "./claims.ts";
import { goOnWithAccessToken, standingOf } from "./go-on-with-access-token.ts";
import { type HomeInUse, isExpected, usePrivateHome } from "./private-home.ts";
import { type RefreshOutcome, refresh } from "./refresh.ts";
import { updatedAtOf } from "./secret-time.ts";
import type { Section, SectionOutcome } from "./section.ts";
import { storeRotated } from "./store-rotated.ts";
import { explainMissingProof } from "./why-not-refreshed.ts";

/** The longest that one attempt to refresh and one to write back may take. */
const REFRESH_AND_STORE_MS = 150_000;

/** Lets Codex rotate a login that we have claimed, and stores what comes of it. @throws {Failure} */
export async function rotate(section: Section, ledger: Ledger, claimed: Claimed): Promise<SectionOutcome> {
  const { claims, claimFor } = section;
  const { login, held } = claimed;
  const claim = ownOf(held);
  let state = "unsent" as "unsent" | "in-doubt" | "settled";
  try {
    return await usePrivateHome(section, { login, claim }, async (home) => {
      const started: HomeInUse["started"] = async (process) => {
        state = "in-doubt";
        await home.started(process);
      };
      const outcome = await askCodex(section, held, { login, home: { ...home, started } });
      if (outcome.kind === "failed") {
        const { kind } = outcome.failed;
        if (kind === "unstarted" || kind === "forbidden") await claims.giveBack(claim);
        else await leaveInDoubt(section, claimed);
        state = "settled";
        return afterFailedRefresh(section, ledger, outcome.failed);
      }
      home.holdsOnlyCopy = true;
      const storing = await storeRotated(section, { outcome, claimed, home });
      state = "settled";
      const holds = claimFor === "whole-job" && storing.ledger.stored;
      const kept = holds ? await claimForJob(section, storing.ledger, claimed) : storing.ledger;
      return { kind: "refreshed", ledger: kept, rotated: outcome.kind === "rotated", storing };
    });
  } catch (error) {
    // Nothing was sent, so the generation is as good as before.
    if (state === "unsent") await claims.giveBack(claim);
    if (state === "in-doubt" && isExpected(error)) await leaveInDoubt(section, claimed);
    throw error;
  }
}

async function askCodex(
  section: Section,
  held: HeldClaim,
  { login, home }: { login: AuthJson; home: Pick<HomeInUse, "home" | "started"> },
): Promise<RefreshOutcome> {
  const { claims, clock, log } = section;
  const startedMs = clock.monotonicMs();
  const { refresher } = await section.prepare();
  const timeLeft = (): boolean => claims.msLeft(held) >= REFRESH_AND_STORE_MS;
  const services = { ...section, refresher };
  const ask = (before: AuthJson, { home, started }: Pick<HomeInUse, "home" | "started">) => {
    const fallback = standingOf(section, before);
    const { environment } = section;
    return refresh(services, { login: before, home, started, environment, fallback, timeLeft });
  };
  let outcome = await ask(login, home);
  if (saysNotWhy(outcome) && timeLeft()) {
    // Codex says why only when it refreshes an expired access token by itself. The refresh token is dead by then, or Codex
    // has asked nobody; should it be neither, this is one more attempt.
    const expired = login.withExpiredAccessToken();
    const again = await usePrivateHome(section, { login: expired, claim: ownOf(held) }, (second) =>
      ask(expired, second),
    );
    if (again.kind !== "failed" || again.failed.kind !== "transient") outcome = again;
  }
  if (outcome.kind === "failed") return outcome;
  const took = describeDuration(clock.monotonicMs() - startedMs);
  const left = describeDuration(remainingMs(outcome.login, clock.now()));
  log.info(
    outcome.kind === "rotated"
      ? `Codex rotated login ${login.generation} to ${outcome.login.generation} in ${took} (access token valid ${left}).`
      : `Codex renewed the tokens and kept the refresh token (access token valid ${left}).`,
  );
  return outcome;
}

/** Codex has been asked, and nothing changed: the next job may try, as one who takes over a claim in doubt. */
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

function saysNotWhy(outcome: RefreshOutcome): boolean {
  if (outcome.kind !== "failed") return false;
  const { failed } = outcome;
  return failed.kind === "unexplained" || (failed.kind === "permanent" && failed.code === "refresh-rejected");
}
