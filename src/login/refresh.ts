import { classifyRefusal } from "../core/codex/refusal.ts";
import { consequenceOf, type FailedRefresh, type Standing } from "../core/failure/failed-refresh.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { judge } from "../core/login/compare.ts";
import { codexWouldRefresh } from "../core/login/due.ts";
import type { Clock, CodexRefresher, Files, Log } from "../ports/action.ts";
import { authPath } from "./home.ts";
import type { PrivateHome } from "./private-home.ts";
import { maskTokens } from "./read-login.ts";

export type RefreshOutcome =
  | { readonly kind: "rotated"; readonly document: AuthJson }
  /** New tokens, but the refresh token stayed. */
  | { readonly kind: "renewed"; readonly document: AuthJson }
  | { readonly kind: "failed"; readonly failed: FailedRefresh };

/** Told of each process before it is asked to refresh. */
export type StartedProcess = (process: { pid: number; startedAt: string | null }) => Promise<void>;

export interface RefreshServices {
  readonly refresher: CodexRefresher;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
}

const TRIES = 3;
const PAUSE_MS = 2_000;

/**
 * Lets Codex rotate the document in a private home, and judges by the file. What the issuer may repair is tried again, as
 * long as there is time for it.
 */
export async function refresh(
  { refresher, files, clock, log }: RefreshServices,
  request: {
    document: AuthJson;
    place: PrivateHome;
    environment: Readonly<Record<string, string>>;
    started: StartedProcess;
    /** What the job can go on with when this fails. */
    fallback: Omit<Standing, "triesLeft">;
    /** Whether one more try, and a publish after it, would still end in time. */
    timeLeft: () => boolean;
  },
): Promise<RefreshOutcome> {
  const { document, place, environment, started, fallback, timeLeft } = request;
  for (let tries = 1; ; tries++) {
    // Should an older Codex not do so, the last try makes it.
    const refreshes = tries < TRIES && codexWouldRefresh(document, clock.now()) ? "by-itself" : "on-request";
    const symptoms = await refresher.refresh({ home: place.home, environment, started, refreshes });
    const verdict = judge(document, await files.read(authPath(place.home)));
    if (verdict.kind === "rotated" || verdict.kind === "renewed") {
      maskTokens(verdict.document, log);
      if (verdict.oddity !== null)
        log.warning(
          `Codex writes the login as this version does not know it: ${verdict.oddity} It is stored as it is.`,
        );
      return verdict;
    }
    const failed: FailedRefresh =
      verdict.kind === "broken" ? { kind: "broken", cause: verdict.failure } : classifyRefusal(symptoms);
    const triesLeft = timeLeft() ? TRIES - tries : 0;
    if (consequenceOf(failed, { ...fallback, triesLeft }) !== "retry") return { kind: "failed", failed };
    const pauseMs = PAUSE_MS * tries;
    log.info(
      `OpenAI did not refresh the login just now (try ${tries} of ${TRIES}). Trying again in ${pauseMs / 1000} s.`,
    );
    await clock.sleep(pauseMs);
  }
}
