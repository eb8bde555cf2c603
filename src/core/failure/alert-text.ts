import { describePlace, type Place } from "../github/secret-location.ts";
import { reseedCommand, reseedHint } from "../login/reseed-command.ts";
import { markdown } from "../text/escape.ts";
import { LOGIN_FILE_CODES } from "./failure.ts";

/** Something that only a person can repair. */
export interface Alert {
  /** A failure code, or `write-token-expires-soon`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface AlertIssue {
  readonly title: string;
  readonly body: string;
}

/** Codes that stay until a person has done something; all others may pass by themselves. */
const NEEDS_A_PERSON = new Set([
  "secret-empty",
  "secret-not-found",
  "secret-limit",
  "secret-changed-elsewhere",
  "claim-limit",
  "secret-mismatch",
  "login-shared",
  "write-token-missing",
  "write-token-expires-soon",
  "write-token-invalid",
  "write-token-rejected",
  "write-token-revoked",
  "write-token-forbidden",
  "write-token-cannot-reach-repository",
  "app-invalid",
  "app-not-installed",
  "app-permission-missing",
  "refresh-token-reused",
  "refresh-token-expired",
  "refresh-token-revoked",
  "refresh-rejected",
  "refresh-answer-lost",
  "refresh-broke-login",
  "write-back-pending",
  "access-token-expiring",
  "codex-outdated",
]);

export function needsAPerson(code: string): boolean {
  return NEEDS_A_PERSON.has(code) || isAboutLoginFile(code);
}

function isAboutLoginFile(code: string): boolean {
  return LOGIN_FILE_CODES.some((known) => known === code);
}

/** Found again by this line, whatever people do to the title. */
export function alertMarker(place: Place): string {
  return `<!-- codex-auth-roundtrip alert: ${describePlace(place)} -->`;
}

/**
 * Writes the one issue about a login that needs a person.
 *
 * @param since when the issue was opened; `null` for a new one
 */
export function renderAlert(
  alert: Alert,
  { place, runUrl, now, since }: { place: Place; runUrl: string; now: Date; since: Date | null },
): AlertIssue {
  const advice = alert.hint.replace(reseedHint(place), "Log in again, with the commands below.");
  const lines = [
    alertMarker(place),
    `**${markdown(alert.message)}** (\`${alert.code}\`)`,
    "",
    `- What to do: ${markdown(advice)}`,
    `- Who: somebody who may write the ${describePlace(place)}.`,
    `- Since: ${day(since ?? now)}. Last seen: ${day(now)}, in [this run](${runUrl}).`,
    "",
    ...(isAboutLogin(alert.code)
      ? [
          "To log in again, on a machine with a browser:",
          "",
          "```sh",
          reseedCommand(place).replaceAll(" && ", " &&\n"),
          "```",
          "",
        ]
      : []),
    "This issue is closed when a job has refreshed the login and stored it again.",
  ];
  return { title: "The Codex login needs a person", body: lines.join("\n") };
}

/** The comment that closes the issue. */
export function renderRecovery(runUrl: string): string {
  return `The login was refreshed and stored in [this run](${runUrl}). Nothing more is to be done.`;
}

function isAboutLogin(code: string): boolean {
  return (
    code.startsWith("refresh-") ||
    isAboutLoginFile(code) ||
    code === "access-token-expiring" ||
    code === "secret-empty"
  );
}

function day(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
