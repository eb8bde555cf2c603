import type { Alert } from "../core/failure/alert-text.ts";
import { EXPIRES_SOON, FAILURE_CODES } from "../core/failure/failure.ts";
import { fields, isText, oneOf, parseChecked } from "../core/phase-state/shape.ts";
import type { StepChannel } from "../ports/runner.ts";

/** Keeps what a person should know although nothing has failed. */
export function saveNotice(channel: StepChannel, { code, message, hint }: Alert): void {
  channel.saveState("notice", JSON.stringify({ code, message, hint }));
}

export function loadNotice(channel: StepChannel): Alert | null {
  return parseChecked<Alert>(channel.state("notice"), ALERT_SHAPE);
}

export const ALERT_SHAPE = fields({
  code: oneOf(...FAILURE_CODES, EXPIRES_SOON),
  message: isText,
  hint: isText,
});
