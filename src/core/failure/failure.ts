type Mark =
  /** It stays until somebody has done something; all others may pass by themselves. */
  | "manual-action"
  /** What helps is to log in again. */
  | "new-login"
  /** Another version of Codex may have written it so, and reads it. */
  | "tolerated"
  /** A fault of the set-up: a job that went on with its access token would hide it until that is over. */
  | "stops-job"
  /** No later run stores a login that was refused with this. */
  | "not-stored-later"
  /** Of what the job did with the login, and not of the login's refresh. */
  | "of-the-job"
  /** OpenAI refuses the access token itself. */
  | "token-refused";

/** Every failure that people may meet, and what it means. Stable; each has a section in docs/troubleshooting.md. */
const FAILURES = {
  // an auth.json that is given to us
  "login-empty": ["manual-action", "new-login"],
  "login-too-large": ["manual-action", "new-login"],
  "login-byte-order-mark": ["manual-action", "new-login"],
  "login-not-json": ["manual-action", "new-login"],
  "login-truncated": ["manual-action", "new-login"],
  "login-placeholder": ["manual-action", "new-login"],
  "login-is-a-path": ["manual-action", "new-login"],
  "login-is-a-token": ["manual-action", "new-login"],
  "login-encrypted": ["manual-action", "new-login"],
  "login-encoded-twice": ["manual-action", "new-login"],
  "login-not-codex": ["manual-action", "new-login"],
  "login-api-key": ["manual-action", "new-login"],
  "login-not-chatgpt": ["manual-action", "new-login", "tolerated"],
  "login-tokens-missing": ["manual-action", "new-login"],
  "login-access-token-missing": ["manual-action", "new-login"],
  "login-refresh-token-missing": ["manual-action", "new-login"],
  "login-is-a-copy": ["manual-action"],
  "login-id-token-missing": ["manual-action", "new-login", "tolerated"],
  "login-account-missing": ["manual-action", "new-login", "tolerated"],
  "login-last-refresh-missing": ["manual-action", "new-login", "tolerated"],
  "login-other-account": ["manual-action", "new-login"],
  "login-foreign-issuer": ["manual-action", "new-login"],
  // inputs and run context
  "input-invalid": [],
  "secret-empty": ["manual-action", "new-login"],
  "system-error": [],
  "home-in-workspace": [],
  "home-has-login": [],
  "home-unwritable": ["stops-job"],
  "public-repository": [],
  "pull-request-target": [],
  "concurrency-unguarded": [],
  "environment-changed": [],
  "event-untrusted": [],
  "actor-not-allowed": [],
  "codex-missing": ["stops-job"],
  "codex-outdated": ["manual-action"],
  "codex-install-failed": [],
  "prompt-unreadable": ["of-the-job"],
  "file-refused": ["of-the-job"],
  "prompt-failed": ["of-the-job"],
  "prompt-timeout": ["of-the-job"],
  "usage-limit": ["of-the-job"],
  "workspace-deactivated": ["manual-action", "of-the-job", "token-refused"],
  "region-refused": ["of-the-job"],
  "access-token-refused": ["of-the-job", "token-refused"],
  "login-refused": ["manual-action", "new-login", "of-the-job", "token-refused"],
  "sandbox-unavailable": ["of-the-job"],
  "protection-impossible": [],
  "config-refused": [],
  // the write token and the secret
  "write-token-missing": ["manual-action"],
  "write-token-invalid": ["manual-action"],
  "write-token-rejected": ["manual-action", "stops-job"],
  "write-token-revoked": ["manual-action", "stops-job"],
  "write-token-forbidden": ["manual-action", "stops-job"],
  "write-token-cannot-reach-repository": ["manual-action", "stops-job"],
  "app-invalid": ["manual-action", "stops-job"],
  "app-not-installed": ["manual-action", "stops-job"],
  "app-permission-missing": ["manual-action", "stops-job"],
  "environment-not-found": [],
  "secret-not-found": ["manual-action", "stops-job", "not-stored-later"],
  "secret-limit": ["manual-action", "stops-job"],
  "secret-changed-elsewhere": ["manual-action", "not-stored-later"],
  "github-unreachable": [],
  "github-refused": ["manual-action", "stops-job"],
  // claims
  "claim-busy": [],
  "claim-limit": ["manual-action", "stops-job"],
  "secret-mismatch": ["manual-action", "stops-job"],
  "login-shared": ["manual-action", "stops-job"],
  "copy-stale": [],
  "handoff-denied": [],
  "freshness-unproven": [],
  "access-token-expiring": ["manual-action", "new-login"],
  "access-copy-ended": ["manual-action"],
  "access-copy-missing": ["manual-action"],
  // refresh and write-back
  "refresh-failed": ["new-login"],
  "refresh-token-reused": ["manual-action", "new-login"],
  "refresh-token-expired": ["manual-action", "new-login"],
  "refresh-token-revoked": ["manual-action", "new-login"],
  "refresh-rejected": ["manual-action", "new-login"],
  "refresh-unavailable": ["new-login"],
  "refresh-unexplained": [],
  "login-forbidden": [],
  "refresh-answer-lost": ["manual-action", "new-login"],
  "refresh-broke-login": ["manual-action", "new-login"],
  "refresh-not-rotated": ["new-login"],
  "new-token-refused": ["manual-action", "new-login", "token-refused"],
  "access-copy-failed": ["manual-action"],
  "reseed-failed": [],
  "reseed-other-account": [],
  "write-back-pending": ["manual-action"],
  "write-back-refused": ["not-stored-later"],
  // the user's job
  "run-failed": ["of-the-job"],
  cancelled: [],
  // the command line
  "token-missing": [],
  "repository-not-found": [],
  "secret-exists": [],
  "seed-unverified": [],
  "login-failed": [],
  "login-in-keychain": [],
  "file-unreadable": [],
  "workflows-outside-checkout": [],
  "workflows-unwritable": [],
  // a persistent host
  "host-busy": [],
  "home-missing": [],
  "home-other-owner": [],
  "home-foreign-login": [],
  "seed-not-newer": [],
  "exec-failed": [],
  "timer-failed": [],
} as const satisfies Readonly<Record<string, readonly Mark[]>>;

export type FailureCode = keyof typeof FAILURES;

export const FAILURE_CODES = Object.keys(FAILURES) as readonly FailureCode[];

/** What is told before it fails. */
export const EXPIRES_SOON = "write-token-expires-soon";

/** Where a failure or a notice is explained, for readers who are in another repository. @param code of either */
export function pageOf(code: string): string {
  const section = code === EXPIRES_SOON ? "the-write-token-and-the-secret" : code;
  return `https://github.com/codex-auth-roundtrip/codex-auth-roundtrip/blob/main/docs/troubleshooting.md#${section}`;
}

/** The end of a sentence about a failure. */
export function cite(code: FailureCode): string {
  return `See ${pageOf(code)} [${code}]`;
}

/** @param code of a failure or of a notice */
export function hasMark(code: string, mark: Mark): boolean {
  if (code === EXPIRES_SOON) return mark === "manual-action";
  const failures: Readonly<Record<string, readonly Mark[]>> = FAILURES;
  return Object.hasOwn(failures, code) && failures[code]?.includes(mark) === true;
}

/** Something a person can repair: what is wrong, and what to do next. Neither text ever quotes a login. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly hint: string;

  constructor(code: FailureCode, message: string, hint: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "Failure";
    this.code = code;
    this.hint = hint;
  }
}
