import { classifyRefusal } from "../core/codex/refusal.ts";
import {
  consequenceOf,
  type FailedRefresh,
  type Standing,
  strongerOf,
} from "../core/failure/failed-refresh.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { codexWouldRefresh } from "../core/login/due.ts";
import { judge } from "../core/login/judge-change.ts";
import type { CodexRefresher, RefreshRequest } from "../ports/codex.ts";
import { authPath } from "./home-layout.ts";
import { maskTokens } from "./read-login.ts";
import { repeat } from "./retry.ts";
import type { Services } from "./services.ts";

export type RefreshOutcome =
  | { readonly kind: "rotated"; readonly login: AuthJson }
  /** New tokens, but the refresh token stayed. */
  | { readonly kind: "renewed"; readonly login: AuthJson }
  | { readonly kind: "failed"; readonly failed: FailedRefresh };

const ATTEMPTS = 3;
const PAUSE_MS = 2_000;

/**
 * Lets Codex rotate the login in a private home, and judges by the file. What the issuer may repair is tried again, as
 * long as there is time for it.
 */
export async function refresh(
  services: Pick<Services, "files" | "clock" | "log"> & { readonly refresher: CodexRefresher },
  request: Pick<RefreshRequest, "home" | "environment" | "started"> & {
    login: AuthJson;
    /** What the job can go on with when this fails. */
    fallback: Omit<Standing, "attemptsLeft">;
    /** Whether one more attempt, and a write-back after it, would still end in time. */
    timeLeft: () => boolean;
  },
): Promise<RefreshOutcome> {
  const { refresher, files, clock, log } = services;
  const { login, home, environment, started, fallback, timeLeft } = request;
  const attemptOnce = async (attempt: number): Promise<RefreshOutcome> => {
    // Should an older Codex not do so, the last attempt makes it.
    const refreshes =
      attempt < ATTEMPTS && codexWouldRefresh(login, clock.now()) ? "by-itself" : "on-request";
    const symptoms = await refresher.refresh({ home, environment, started, refreshes });
    const verdict = judge(login, await files.read(authPath(home)));
    if (verdict.kind === "broken")
      return { kind: "failed", failed: { kind: "broken", cause: verdict.failure } };
    if (verdict.kind === "unchanged")
      return { kind: "failed", failed: classifyRefusal(symptoms, login.accountId) };
    maskTokens(verdict.login, log);
    if (verdict.oddity !== null)
      log.warning(
        `Codex writes the login in a form that this version does not know: ${verdict.oddity} It is stored as it is.`,
      );
    return verdict;
  };
  let said = null as FailedRefresh | null;
  const last = await repeat(clock, attemptOnce, (outcome, attempt) => {
    if (outcome.kind !== "failed") return null;
    said = said === null ? outcome.failed : strongerOf(said, outcome.failed);
    const attemptsLeft = timeLeft() ? ATTEMPTS - attempt : 0;
    if (consequenceOf(outcome.failed, { ...fallback, attemptsLeft }) !== "retry") return null;
    const pauseMs = PAUSE_MS * attempt;
    log.info(
      `OpenAI did not refresh the login just now (attempt ${attempt} of ${ATTEMPTS}). Trying again in ${pauseMs / 1000} s.`,
    );
    return pauseMs;
  });
  return last.kind === "failed" ? { kind: "failed", failed: said ?? last.failed } : last;
}
