import type { Alert } from "../core/failure/alert-text.ts";
import { pageOf } from "../core/failure/failure.ts";
import { markdown } from "../core/text/escape.ts";

/** The summary of a step that has failed before there was a login to report on. */
export function renderFailure(alert: Alert): string {
  return `### Codex login\n\n${alertSection(alert)}\n`;
}

export function alertSection({ code, message, hint }: Alert): string {
  return `> [!CAUTION]\n> **${markdown(message)}** ([\`${code}\`](${pageOf(code)}))\n>\n> ${markdown(hint)}`;
}
