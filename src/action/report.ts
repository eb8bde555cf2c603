import type { Document } from "../core/document.ts";
import { describeDuration } from "../core/duration.ts";
import { redactedStatus } from "../core/status.ts";
import type { StepChannel } from "../ports.ts";

/** What a job did with the login, as far as it may be shown; kept in state for post's summary. */
export interface Report {
  readonly role: "keeper" | "borrower";
  readonly restoredFrom: "secret" | "handover" | "home";
  readonly rotated: boolean;
  readonly published: boolean;
  readonly accessTokenExpiresAt: string;
  readonly lastRefresh: string;
  /** Sentences for the summary, oldest first. */
  readonly events: readonly string[];
  /** A command that stores what could not be stored; only ciphertext. */
  readonly rescue: string | null;
}

export function reportOf(
  document: Document,
  rest: Omit<Report, "accessTokenExpiresAt" | "lastRefresh">,
): Report {
  return {
    ...rest,
    accessTokenExpiresAt: document.accessTokenExpiresAt.toISOString(),
    lastRefresh: document.lastRefresh,
  };
}

export function saveReport(channel: StepChannel, report: Report): void {
  channel.saveState("report", JSON.stringify(report));
}

export function loadReport(channel: StepChannel): Report | null {
  const text = channel.state("report");
  return text ? (JSON.parse(text) as Report) : null;
}

export function setOutputs(channel: StepChannel, home: string, report: Report): void {
  channel.setOutput("codex-home", home);
  channel.setOutput("role", report.role);
  channel.setOutput("restored-from", report.restoredFrom);
  channel.setOutput("rotated", String(report.rotated));
  channel.setOutput("published", String(report.published));
  channel.setOutput("access-token-expires-at", report.accessTokenExpiresAt);
  channel.setOutput("last-refresh", report.lastRefresh);
}

/** The job summary: redacted, for people. */
export function renderSummary(report: Report, document: Document | null, now: Date): string {
  const leftMs = new Date(report.accessTokenExpiresAt).getTime() - now.getTime();
  const life = leftMs > 0 ? `valid for ${describeDuration(leftMs)}` : "expired";
  const rows: [string, string][] = [
    ["Role in this job", report.role],
    ["Restored from", report.restoredFrom],
    ["Rotated", report.rotated ? "yes" : "no"],
    ["Published", report.published ? "yes" : "no"],
    ["Access token", `${life} (until ${report.accessTokenExpiresAt.slice(0, 16).replace("T", " ")} UTC)`],
  ];
  // Post knows the handed document; the report tells what the job made of it.
  if (document)
    for (const [name, value] of Object.entries({
      ...redactedStatus(document),
      last_refresh: report.lastRefresh,
    }))
      rows.push([`\`${name}\``, `\`${String(value)}\``]);
  const table = ["| Codex login | |", "|---|---|", ...rows.map(([name, value]) => `| ${name} | ${value} |`)];
  const events = report.events.length > 0 ? ["", ...report.events.map((event) => `- ${event}`)] : [];
  const rescue = report.rescue
    ? [
        "",
        "**The refreshed login could not be stored.** Dispatch the maintenance workflow now, or run this (it holds only what GitHub can open):",
        "",
        "```sh",
        report.rescue,
        "```",
      ]
    : [];
  return `${["### Codex login", "", ...table, ...events, ...rescue].join("\n")}\n`;
}
