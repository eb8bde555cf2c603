import type { Usage } from "../core/codex/session-usage.ts";
import type { Alert } from "../core/failure/alert-text.ts";
import { type Failure, hasMark } from "../core/failure/failure.ts";
import type { AuthJson, WorkingCopy } from "../core/login/auth-json.ts";
import { type RedactedStatus, redactedStatus } from "../core/login/status.ts";
import {
  fields,
  isNumber,
  isText,
  isTime,
  isTruth,
  oneOf,
  orNull,
  parseChecked,
  textThat,
} from "../core/phase-state/shape.ts";
import { ALERT_SHAPE } from "../login/notice.ts";
import type { StepChannel } from "../ports/runner.ts";

/**
 * `branch-waits`: in the refresh window, but off the default branch `auto` waits until it must. `never`: `refresh: never`.
 * `untrusted`: anybody can start this run.
 */
export type Unrefreshed = "not-due" | "branch-waits" | "never" | "untrusted";

/** What a job did with the login, as far as it may be shown; kept in state for post's summary. */
export interface Report {
  /**
   * `refresh`: it could have refreshed. `codex`: it went on with the access token it had. `host`: a persistent one, which
   * refreshes its own login.
   */
  readonly job: "refresh" | "codex" | "host";
  readonly restoredFrom: "secret" | "handoff" | "home";
  /** Why it was not refreshed, where nothing went wrong: {@link alert} says what did. */
  readonly unrefreshed: Unrefreshed;
  readonly rotated: boolean;
  readonly stored: boolean;
  readonly accessTokenExpiresAt: string;
  readonly accessTokenIssuedAt: string;
  readonly status: RedactedStatus;
  /** How much of the plan's limits is used; `null` where Codex has not said. */
  readonly usage: Usage | null;
  /** Sentences for the summary, oldest first. */
  readonly events: readonly string[];
  /** What went wrong; post decides whether it requires manual action. */
  readonly alert: Alert | null;
  /** A command that stores what could not be stored; only ciphertext. */
  readonly rescue: string | null;
}

export function reportOf(
  login: AuthJson,
  rest: Omit<Report, "accessTokenExpiresAt" | "accessTokenIssuedAt" | "status">,
): Report {
  return {
    ...rest,
    accessTokenExpiresAt: login.accessTokenExpiresAt.toISOString(),
    accessTokenIssuedAt: login.accessTokenIssuedAt.toISOString(),
    status: redactedStatus(login),
  };
}

/** As it stands in the home: an earlier step may have refreshed it. */
export function withPresentCopy(report: Report, copy: WorkingCopy): Report {
  return {
    ...report,
    accessTokenExpiresAt: copy.accessTokenExpiresAt.toISOString(),
    accessTokenIssuedAt: copy.accessTokenIssuedAt.toISOString(),
    status: { ...report.status, last_refresh: copy.lastRefresh },
  };
}

/**
 * Adds what went wrong. What somebody must see to is not hidden by what nobody must, and why the login was not refreshed
 * outlasts what the job fails of then.
 */
export function withFailure(report: Report, { code, message, hint }: Failure, rescue: string | null): Report {
  const { alert } = report;
  const needs = (candidate: string): boolean => hasMark(candidate, "manual-action");
  const isJobs = (candidate: string): boolean => hasMark(candidate, "of-the-job");
  const stays =
    alert !== null &&
    ((needs(alert.code) && !needs(code)) ||
      (isJobs(code) && !isJobs(alert.code) && (needs(alert.code) || !needs(code))));
  const events = [...report.events, message];
  return { ...report, events, alert: stays ? alert : { code, message, hint }, rescue };
}

export function saveReport(channel: StepChannel, report: Report): void {
  channel.saveState("report", JSON.stringify(report));
}

export function loadReport(channel: StepChannel): Report | null {
  return parseChecked<Report>(channel.state("report"), REPORT);
}

const REPORT = fields({
  job: oneOf("refresh", "codex", "host"),
  restoredFrom: oneOf("secret", "handoff", "home"),
  unrefreshed: oneOf("not-due", "branch-waits", "never", "untrusted"),
  rotated: isTruth,
  stored: isTruth,
  accessTokenExpiresAt: isTime,
  accessTokenIssuedAt: isTime,
  status: fields({ auth_mode: oneOf("chatgpt"), last_refresh: isText }),
  usage: orNull(
    (usage): usage is Usage =>
      Array.isArray(usage) &&
      usage.every(fields({ windowMinutes: isNumber, usedPercent: isNumber, resetsAt: orNull(isTime) })),
  ),
  events: (events): events is string[] => Array.isArray(events) && events.every(isText),
  alert: orNull(ALERT_SHAPE),
  // It stands in a fenced block of the summary.
  rescue: orNull(textThat((rescue) => !rescue.includes("```"))),
});

export function setOutputs(channel: StepChannel, home: string, report: Report): void {
  channel.setOutputs({
    "codex-home": home,
    "restored-from": report.restoredFrom,
    rotated: String(report.rotated),
    stored: String(report.stored),
    "access-token-expires-at": report.accessTokenExpiresAt,
    "last-refresh": report.status.last_refresh,
  });
}
