import type { Alert } from "../core/alert.ts";
import type { Document } from "../core/document.ts";
import { type RedactedStatus, redactedStatus } from "../core/status.ts";
import type { StepChannel } from "../ports.ts";

/** What a job did with the login, as far as it may be shown; kept in state for post's summary. */
export interface Report {
  /** `host`: a persistent one, whose login is its own affair. */
  readonly role: "keeper" | "borrower" | "host";
  readonly restoredFrom: "secret" | "handover" | "home";
  readonly rotated: boolean;
  readonly published: boolean;
  readonly accessTokenExpiresAt: string;
  readonly accessTokenIssuedAt: string;
  readonly status: RedactedStatus;
  /** Sentences for the summary, oldest first. */
  readonly events: readonly string[];
  /** The last thing that went wrong; post decides whether it needs a person. */
  readonly alert: Alert | null;
  /** A command that stores what could not be stored; only ciphertext. */
  readonly rescue: string | null;
}

export function reportOf(
  document: Document,
  rest: Omit<Report, "accessTokenExpiresAt" | "accessTokenIssuedAt" | "status">,
): Report {
  return {
    ...rest,
    accessTokenExpiresAt: document.accessTokenExpiresAt.toISOString(),
    accessTokenIssuedAt: document.accessTokenIssuedAt.toISOString(),
    status: redactedStatus(document),
  };
}

export function saveReport(channel: StepChannel, report: Report): void {
  channel.saveState("report", JSON.stringify(report));
}

export function loadReport(channel: StepChannel): Report | null {
  const text = channel.state("report");
  return text ? (JSON.parse(text) as Report) : null;
}

/** Keeps what a person should know although nothing has failed. */
export function saveNotice(channel: StepChannel, { code, message, hint }: Alert): void {
  channel.saveState("notice", JSON.stringify({ code, message, hint }));
}

export function loadNotice(channel: StepChannel): Alert | null {
  const text = channel.state("notice");
  return text ? (JSON.parse(text) as Alert) : null;
}

export function setOutputs(channel: StepChannel, home: string, report: Report): void {
  channel.setOutputs({
    "codex-home": home,
    role: report.role,
    "restored-from": report.restoredFrom,
    rotated: String(report.rotated),
    published: String(report.published),
    "access-token-expires-at": report.accessTokenExpiresAt,
    "last-refresh": report.status.last_refresh,
  });
}
