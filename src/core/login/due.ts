import type { AuthJson } from "./auth-json.ts";

export type RefreshPolicy = "auto" | "force" | "never";

export interface DueQuestion {
  readonly policy: RefreshPolicy;
  readonly login: Pick<AuthJson, "accessTokenExpiresAt">;
  readonly now: Date;
  readonly refreshWindowMs: number;
  readonly minimumLifetimeMs: number;
  /** A handoff saved on another branch is invisible to the rest: there `auto` waits until it must. */
  readonly branch: "default" | "other";
}

/** Whether a refresh job should refresh now. The boundary itself is due. */
export function refreshDue(question: DueQuestion): boolean {
  const { policy, login, now, branch, refreshWindowMs, minimumLifetimeMs } = question;
  if (policy !== "auto") return policy === "force";
  const threshold = branch === "default" ? Math.max(refreshWindowMs, minimumLifetimeMs) : minimumLifetimeMs;
  return remainingMs(login, now) <= threshold;
}

/** Milliseconds the access token still lives; negative when it is over. */
export function remainingMs(login: Pick<AuthJson, "accessTokenExpiresAt">, now: Date): number {
  return login.accessTokenExpiresAt.getTime() - now.getTime();
}

/** Maintenance runs at least twice a week, so no copy is so near its end where it does. */
export const COPY_OVERDUE_MS = 4 * 86_400_000;

/** Codex's own gate (login/src/auth/manager.rs). */
const CODEX_WINDOW_MS = 300_000;

/** Whether Codex refreshes this login as soon as it reads it. */
export function codexWouldRefresh(login: Pick<AuthJson, "accessTokenExpiresAt">, now: Date): boolean {
  return remainingMs(login, now) <= CODEX_WINDOW_MS;
}
