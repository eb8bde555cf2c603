import { describeLocation, type SecretLocation } from "../github/secret-location.ts";
import { reseedCommand, reseedHint } from "../login/reseed-command.ts";
import { markdown } from "../text/escape.ts";
import { EXPIRES_SOON, hasMark, pageOf } from "./failure.ts";

/** Something that may require manual action. */
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

/** Found again by this line, whatever people do to the title. */
export function alertMarker(place: SecretLocation): string {
  return `<!-- codex-auth-roundtrip alert: ${describeLocation(place)} -->`;
}

/**
 * Writes the one issue about a login that needs manual action.
 *
 * @param since when the issue was opened; `null` for a new one
 */
export function renderAlert(
  alert: Alert,
  { place, runUrl, now, since }: { place: SecretLocation; runUrl: string; now: Date; since: Date | null },
): AlertIssue {
  const advice = alert.hint.replace(reseedHint(place), "Log in again, with the command below.");
  const lines = [
    alertMarker(place),
    `**${markdown(alert.message)}** ([\`${alert.code}\`](${pageOf(alert.code)}))`,
    "",
    `- What to do: ${markdown(advice)}`,
    `- Who: somebody who may write the ${describeLocation(place)}.`,
    `- Since: ${day(since ?? now)}. Last seen: ${day(now)}, in [this run](${runUrl}).`,
    "",
    ...(hasMark(alert.code, "new-login")
      ? ["To log in again:", "", "```sh", reseedCommand(place), "```", ""]
      : []),
    alert.code === EXPIRES_SOON
      ? "This issue is closed when a job has refreshed the login and stored it with the new token."
      : "This issue is closed when a job has refreshed the login and stored it again.",
  ];
  return { title: "The Codex login needs manual action", body: lines.join("\n") };
}

/** The comment that closes the issue. */
export function renderRecovery(runUrl: string): string {
  return `The login was refreshed and stored in [this run](${runUrl}). Nothing more is to be done.`;
}

function day(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
