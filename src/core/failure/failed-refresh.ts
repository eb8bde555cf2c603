import { CHANGE_SETTING, tellForbidden } from "../codex/login-rules.ts";
import type { PermanentCode, Refusal } from "../codex/refusal.ts";
import { remainingMs } from "../login/due.ts";
import { foreign } from "../text/escape.ts";
import { Failure } from "./failure.ts";

/** Why a refresh brought no new login. */
export type FailedRefresh =
  | Refusal
  /** Codex left a file that is no login of this account. */
  | { readonly kind: "broken"; readonly cause: Failure };

/** From what says that OpenAI was not asked to what says the most of its answer. */
const STRENGTHS = [
  "unstarted",
  "forbidden",
  "transient",
  "unexplained",
  "permanent",
  "answer-lost",
  "broken",
] as const satisfies readonly FailedRefresh["kind"][];

/** Which of two attempts says what became of the login: the later one, unless the earlier one says more of OpenAI's answer. */
export function strongerOf(earlier: FailedRefresh, later: FailedRefresh): FailedRefresh {
  return STRENGTHS.indexOf(later.kind) < STRENGTHS.indexOf(earlier.kind) ? earlier : later;
}

/** What a job has to go on with when there is no new login. */
export interface Standing {
  /** `lives`: at least `minimum-lifetime` longer. */
  readonly accessToken: "lives" | "dying";
  /** `forced`: a job that does not rotate has failed, whatever the access token is still good for. */
  readonly insistence: "forced" | "when-due";
  readonly attemptsLeft: number;
}

/** `go-on`: the job goes on with the access token it has, and says why. */
export type Consequence = "retry" | "go-on" | "stop";

/**
 * What a failed refresh means for the job.
 *
 * ```text
 *               attempts left | none left, or no use in one:
 *                             | lives, when due       dying, or forced
 * transient     retry         | go on                 stop
 * permanent     –             | go on, manual action  stop, manual action
 * answer-lost   –             | go on, manual action  stop, manual action
 * unstarted     –             | go on                 stop
 * forbidden     –             | go on                 stop
 * unexplained   –             | go on                 stop
 * broken        –             | go on, manual action  stop, manual action
 * ```
 *
 * Whether manual action is required follows from the failure's code (failure.ts).
 */
export function consequenceOf(failed: FailedRefresh, standing: Standing): Consequence {
  if (failed.kind === "transient" && standing.attemptsLeft > 0) return "retry";
  return mayGoOn(standing) ? "go-on" : "stop";
}

/** Whether a job can go on without a refresh, whatever kept it from one. */
export function mayGoOn({ accessToken, insistence }: Omit<Standing, "attemptsLeft">): boolean {
  return accessToken === "lives" && insistence === "when-due";
}

export function vitality(
  login: Parameters<typeof remainingMs>[0],
  { now, minimumLifetimeMs }: { now: Date; minimumLifetimeMs: number },
): Standing["accessToken"] {
  return remainingMs(login, now) >= minimumLifetimeMs ? "lives" : "dying";
}

/**
 * Says why, and what to do.
 *
 * @param reseed how a person logs in again there
 */
export function explainFailedRefresh(failed: FailedRefresh, reseed: string): Failure {
  switch (failed.kind) {
    case "permanent":
      return new Failure(
        failed.code,
        PERMANENT[failed.code],
        // Codex passes on the issuer's reasons, and not its page where a proxy has answered 401 (docs/facts.md §1).
        failed.code === "refresh-rejected"
          ? `Start one more run with \`refresh: force\`, in case a proxy has answered in OpenAI's place. Only if that run says the same, ${lowerFirst(reseed)}`
          : reseed,
      );
    case "answer-lost":
      return new Failure(
        "refresh-answer-lost",
        "The answer is lost: Codex was told to ask for new tokens, and ended without an answer or heard nothing within its 45 seconds. If OpenAI has rotated the login, nobody holds the new refresh token.",
        `Start a new run with \`refresh: force\`. Only if it fails with refresh-token-reused, ${lowerFirst(reseed)}`,
      );
    case "unstarted":
      if (ABOUT_CONFIGURATION.test(failed.output))
        return new Failure(
          "refresh-unexplained",
          `Codex did not start, because of its configuration on this machine, so OpenAI was not asked. It says: ${foreign(failed.output)}.`,
          "Keep the login: nothing speaks against it. Correct that configuration (`/etc/codex`, the `CODEX_…` variables), then start a new run.",
        );
      return new Failure(
        "codex-outdated",
        `The \`codex\` of this machine cannot refresh a login: it has no app-server that answers. It says: ${foreign(failed.output)}. OpenAI was not asked.`,
        "Install a newer Codex, or let this action do it: set `codex-version`.",
      );
    case "forbidden":
      return new Failure("login-forbidden", tellForbidden(failed), CHANGE_SETTING);
    case "unexplained":
      return new Failure(
        "refresh-unexplained",
        `Codex did not refresh the login, and nothing shows that OpenAI was asked${failed.output === "" ? "." : `. It says: ${foreign(failed.output)}.`}`,
        "Keep the login: nothing speaks against it. Look at Codex's configuration on this machine (`/etc/codex`), and try the tested Codex: remove the one on PATH, or set `codex-version`.",
      );
    case "broken":
      return new Failure(
        "refresh-broke-login",
        `Codex left an unusable file after the refresh: ${failed.cause.message}`,
        reseed,
        { cause: failed.cause },
      );
    case "transient":
      return new Failure(
        "refresh-unavailable",
        "OpenAI did not refresh the login: it was unreachable, overloaded or answered with an error.",
        "The login is still good. Run the job again later, and see status.openai.com.",
      );
  }
}

/** How Codex complains of a setting that it cannot read; one that does not know a command complains of an argument. */
const ABOUT_CONFIGURATION =
  /config\.toml|requirements\.toml|loading config|configuration|unknown (variant|field)|invalid type|TOML/i;

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

const PERMANENT: Readonly<Record<PermanentCode, string>> = {
  "refresh-token-reused":
    "OpenAI says that the refresh token was already used: somebody else rotated this login.",
  "refresh-token-expired": "OpenAI says that the refresh token has expired.",
  "refresh-token-revoked": "OpenAI says that the login was revoked.",
  "refresh-rejected":
    "OpenAI does not accept the refresh token any more, and gives no reason that Codex knows.",
};
