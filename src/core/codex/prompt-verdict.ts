import { Failure, type FailureCode } from "../failure/failure.ts";
import { foreign } from "../text/escape.ts";

interface Verdict {
  readonly code: FailureCode;
  /** The whole beginning of Codex's error, which is never what a model or a command says (docs/facts.md §1). */
  readonly error: RegExp;
  readonly message: string;
  readonly hint: string;
}

const REFRESH = "Run the maintenance workflow (or a run with `refresh: force`), then start a new run.";

/** What Codex's error says of its cause; the first that fits. */
const VERDICTS: readonly Verdict[] = [
  {
    code: "access-token-refused",
    error:
      /^Your access token could not be refreshed|^Failed to refresh token: |^error sending request for url \(\S+\/oauth\/token\)/,
    message: "The API refused the access token, and Codex could not get a new one",
    hint: REFRESH,
  },
  {
    code: "access-token-refused",
    error: /^unexpected status 401 Unauthorized: /,
    message: "The API refused the access token",
    hint: `${REFRESH} If it refuses new ones, too, log in again and seed that login.`,
  },
];

/**
 * Why a prompt failed.
 *
 * @param end how the process ended, as in `Codex exited with code 1`
 * @param error what Codex gave as the reason in its events; `null` where it gave none
 */
export function promptFailure(end: string, error: string | null): Failure {
  if (!error?.trim()) return new Failure("prompt-failed", `${end}.`, "See its output above.");
  const verdict = VERDICTS.find((candidate) => candidate.error.test(error));
  if (verdict) return new Failure(verdict.code, `${verdict.message}: ${quoted(error)}.`, verdict.hint);
  return new Failure(
    "prompt-failed",
    `${end}: ${quoted(error)}.`,
    "Nothing in this speaks against the login.",
  );
}

/** What is as long as a token may be one: an answer of the API's may quote it. */
function quoted(error: string): string {
  return foreign(error.replaceAll(/[\w.-]{64,}/g, "…"));
}
