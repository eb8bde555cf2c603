import type { Usage, UsageWindow } from "../core/codex/session-usage.ts";
import type { Alert } from "../core/failure/alert-text.ts";
import { hasMark } from "../core/failure/failure.ts";
import { COPY_OVERDUE_MS } from "../core/login/due.ts";
import { describeDuration } from "../core/text/duration.ts";
import { foreign, markdown } from "../core/text/escape.ts";
import { alertSection } from "./failure-summary.ts";
import type { Report, Unrefreshed } from "./job-report.ts";

const BAR_CELLS = 40;

export interface SummaryQuestion {
  readonly report: Report;
  readonly now: Date;
  readonly refreshWindowMs: number;
  readonly minimumLifetimeMs: number;
  /** What somebody must see to although nothing has failed. */
  readonly notice?: Alert | null;
}

/** The job summary: redacted, for people. */
export function renderSummary(question: SummaryQuestion): string {
  const { report, now, refreshWindowMs, notice = null } = question;
  const alert = report.alert && isBoxed(report.alert) ? report.alert : null;
  // Main and post may have failed of the same.
  const events = [...new Set(report.events)].filter((event) => event !== alert?.message).map(markdown);
  const sections = [
    "### Codex login",
    headline(question),
    ...[alert, notice].filter((told) => told !== null).map(alertSection),
    lifeBar(report, now, refreshWindowMs),
    ...(report.usage === null ? [] : [usageSection(report.usage)]),
    ...(events.length > 0 ? [events.map((event) => `- ${event}`).join("\n")] : []),
    ...(report.rescue ? [rescueSection(report.rescue)] : []),
    next(question),
    statusSection(report),
  ];
  return `${sections.join("\n\n")}\n`;
}

function headline({ report, minimumLifetimeMs }: SummaryQuestion): string {
  const { job, restoredFrom, rotated, stored, alert, unrefreshed } = report;
  const source = {
    secret: "the secret",
    handoff: "the handoff of an earlier run",
    home: "an earlier step of this job",
  }[restoredFrom];
  if (job === "host")
    return restoredFrom === "secret"
      ? "This host was seeded from the secret."
      : "This host keeps a login of its own.";
  const fate = rotated
    ? stored
      ? "**refreshed and stored**"
      : "**refreshed, but not stored yet**"
    : stored
      ? "**stored**"
      : alert !== null && alert.code !== "access-copy-failed" && !hasMark(alert.code, "of-the-job")
        ? `**not refreshed** (\`${alert.code}\`), left as it was`
        : isCopy(report)
          ? "**an access copy**, which no job refreshes"
          : UNREFRESHED[unrefreshed](describeDuration(minimumLifetimeMs));
  return `Restored from ${source}; ${fate}.`;
}

const UNREFRESHED = {
  "not-due": () => "**not due**, left as it was",
  "branch-waits": (least: string) =>
    `**not refreshed**, although it is due: off the default branch, \`refresh: auto\` waits until less than ${least} is left`,
  never: () => "**not refreshed**: this step has `refresh: never`",
  untrusted: () => "**not refreshed**: anybody can start a run like this one",
} as const satisfies Readonly<Record<Unrefreshed, (least: string) => string>>;

function refreshesNever({ unrefreshed }: Report): boolean {
  return unrefreshed === "never" || unrefreshed === "untrusted";
}

function isCopy({ status }: Report): boolean {
  return status.has_refresh_token === false;
}

/**
 * ```text
 * access token    ██████████████▒▒▒▒▒▒░░░░  6 days 4 h left
 *                 █ gone   ▒ left   ░ refresh window
 * ```
 *
 * A persistent host refreshes its own login, and a step that never refreshes has no window.
 */
function lifeBar(report: Report, now: Date, refreshWindowMs: number): string {
  const from = Date.parse(report.accessTokenIssuedAt);
  const until = Date.parse(report.accessTokenExpiresAt);
  const cell = (time: number): number =>
    Math.max(0, Math.min(BAR_CELLS, Math.round(((time - from) / Math.max(1, until - from)) * BAR_CELLS)));
  const refreshedFrom = report.job === "host" || refreshesNever(report) ? null : until - refreshWindowMs;
  const used = cell(now.getTime());
  const due = Math.max(used, cell(refreshedFrom ?? until));
  const bar = "█".repeat(used) + "▒".repeat(due - used) + "░".repeat(BAR_CELLS - due);
  const isRefused = report.alert !== null && hasMark(report.alert.code, "token-refused");
  const left =
    until <= now.getTime()
      ? "expired"
      : isRefused
        ? "refused by OpenAI"
        : `${describeDuration(until - now.getTime())} left`;
  return [
    "```text",
    `access token    ${bar}  ${left}`,
    `                █ gone   ▒ left${refreshedFrom === null ? "" : "   ░ refresh window"}`,
    `issued          ${day(from)}`,
    ...(refreshedFrom === null ? [] : [`refresh due     ${day(refreshedFrom)}`]),
    `expires         ${day(until)}`,
    "```",
  ].join("\n");
}

/** Of the plan's limits, as OpenAI told Codex with the last answer. */
function usageSection(usage: Usage): string {
  const rows = usage.map((window) => {
    const resets = window.resetsAt === null ? "" : `, resets ${day(Date.parse(window.resetsAt))}`;
    return `- usage in ${windowName(window)}: ${Math.round(window.usedPercent)} %${resets}`;
  });
  return rows.join("\n");
}

/** `5 hours`, `7 days`, `90 minutes`. */
function windowName({ windowMinutes }: UsageWindow): string {
  if (windowMinutes % 1440 === 0) return windowMinutes === 1440 ? "1 day" : `${windowMinutes / 1440} days`;
  if (windowMinutes % 60 === 0) return windowMinutes === 60 ? "1 hour" : `${windowMinutes / 60} hours`;
  return `${windowMinutes} minutes`;
}

function isBoxed({ code }: Alert): boolean {
  return hasMark(code, "manual-action") || hasMark(code, "token-refused");
}

function next({ report, now, refreshWindowMs, notice }: SummaryQuestion): string {
  const { job, rotated, stored, accessTokenExpiresAt, alert, unrefreshed } = report;
  if (job === "host") return "**Next:** Codex refreshes this login by itself, on this host.";
  const repairable = alert === null || !hasMark(alert.code, "not-stored-later");
  if (rotated && !stored && repairable)
    return "**Next:** run the maintenance workflow now; it stores the login from the handoff.";
  if (alert?.code === "new-token-refused")
    return "**Next:** somebody must log in again: OpenAI refuses the new access token.";
  if (alert?.code === "access-copy-failed")
    return "**Next:** somebody must see to the access copies; the login itself needs nothing.";
  if (alert && hasMark(alert.code, "manual-action")) {
    const over = Date.parse(accessTokenExpiresAt);
    return over > now.getTime() && !hasMark(alert.code, "token-refused")
      ? `**Next:** somebody must act before ${day(over)} at the latest: then the access token expires, and OpenAI may refuse it sooner.`
      : "**Next:** somebody must act; until then no job can use this login.";
  }
  if (alert && hasMark(alert.code, "token-refused")) return `**Next:** ${markdown(alert.hint)}`;
  if (notice) return `**Next:** ${markdown(notice.hint)}`;
  if (alert?.code === "claim-busy")
    return "**Next:** nothing, if the job that has claimed it succeeds; else the next refresh job refreshes the login.";
  const nothing = alert === null ? "nothing to do" : "the login itself needs nothing";
  const end = Date.parse(accessTokenExpiresAt);
  const due = end - (isCopy(report) ? COPY_OVERDUE_MS : refreshWindowMs);
  if (due > now.getTime())
    return job === "codex" || refreshesNever(report)
      ? `**Next:** ${nothing}, if the maintenance workflow runs before ${day(end)}.`
      : `**Next:** ${nothing}. \`refresh: auto\` refreshes the login from ${day(due)} on, \`refresh: force\` in every run.`;
  if (unrefreshed === "branch-waits")
    return "**Next:** a refresh job on the default branch refreshes the login.";
  return job === "refresh" && unrefreshed !== "never"
    ? "**Next:** the next refresh job refreshes the login."
    : `**Next:** run the maintenance workflow: it ${isCopy(report) ? "writes a new copy" : "refreshes the login"}.`;
}

function rescueSection(rescue: string): string {
  return [
    "This stores the login by hand. It holds only what GitHub can open:",
    "",
    "```sh",
    rescue,
    "```",
  ].join("\n");
}

function statusSection(report: Report): string {
  const rows = [
    ...Object.entries(report.status),
    ["access_token_expires_at", report.accessTokenExpiresAt],
    ["rotated", report.rotated],
    ["stored", report.stored],
  ];
  const table = [
    "| | this login |",
    "|---|---|",
    ...rows.map(([name, value]) => `| \`${name}\` | ${foreign(String(value)).replaceAll("|", "\\|")} |`),
  ];
  return ["<details><summary>Redacted status</summary>", "", ...table, "", "</details>"].join("\n");
}

function day(time: number): string {
  const iso = new Date(time).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
