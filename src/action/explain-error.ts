import { Failure } from "../core/failure/failure.ts";
import { explainSystemError } from "../core/failure/system-error.ts";
import type { SecretLocation } from "../core/github/secret-location.ts";
import { reseedHint } from "../core/login/reseed-command.ts";
import type { Secret } from "../core/login/secret.ts";
import { LOGIN_AGAIN } from "../core/login/secret-text.ts";
import { nameStored } from "../core/login/stored-instead.ts";
import { saveNotice } from "../login/notice.ts";
import type { StepChannel } from "../ports/runner.ts";
import { renderFailure } from "./failure-summary.ts";

/** What is wrong with who may write, and not with the login. */
const OF_THE_WRITE_TOKEN =
  /^(write-token-.*|app-.*|environment-not-found|secret-limit|claim-limit|github-refused)$/;

/**
 * An error in words that say the most: what the system refused, what the secret holds in place of a login, or that the
 * login is not what has to be replaced.
 *
 * @param has whether this step, or Codex in its job, may have refreshed the login: then it may be lost
 * @param place the secret that holds the login; `null` where the step may have read another one
 */
export function explainError(
  error: unknown,
  secret: Secret | null,
  has: "refreshed" | "not-refreshed",
  place: SecretLocation | null = null,
): unknown {
  const explained = explain(error, secret, has);
  if (place === null || !(explained instanceof Failure) || !explained.hint.includes(LOGIN_AGAIN))
    return explained;
  const { code, message, hint, cause } = explained;
  return new Failure(
    code,
    message,
    hint.replace(LOGIN_AGAIN, () => reseedHint(place)),
    { cause },
  );
}

function explain(error: unknown, secret: Secret | null, has: "refreshed" | "not-refreshed"): unknown {
  if (!(error instanceof Failure)) return explainSystemError(error) ?? error;
  const { code, message, hint, cause } = error;
  if (has === "not-refreshed" && OF_THE_WRITE_TOKEN.test(code))
    return new Failure(
      code,
      message,
      `${hint} This step refreshed nothing, so no new login is needed for that.`,
      { cause },
    );
  if (secret === null) return error;
  const named = nameStored(secret.reveal(), error);
  // A word or a date is what a new copy's secret holds; what is something else is named.
  if (error.code !== "access-copy-missing") return named;
  const something = nameStored(secret.reveal(), new Failure("login-not-json", error.message, error.hint));
  return ["login-not-json", "login-placeholder"].includes(something.code) ? error : something;
}

/** For what goes wrong before there is a login to report on: post's alert, and a summary of its own. */
export async function tellEarlyFailure(channel: StepChannel, error: unknown): Promise<void> {
  if (!(error instanceof Failure)) return;
  saveNotice(channel, error);
  await channel.writeSummary(renderFailure(error));
}
