/** What can be wrong with an auth.json that is handed to us. Only a person can put another one in its place. */
export const LOGIN_FILE_CODES = [
  "login-empty",
  "login-too-large",
  "login-byte-order-mark",
  "login-not-json",
  "login-truncated",
  "login-not-codex",
  "login-api-key",
  "login-not-chatgpt",
  "login-tokens-missing",
  "login-access-token-missing",
  "login-refresh-token-missing",
  "login-id-token-missing",
  "login-account-missing",
  "login-last-refresh-missing",
  "login-other-account",
  "login-foreign-issuer",
] as const;

/** Every failure a person may meet. Stable; each has a section in docs/troubleshooting.md. */
export const FAILURE_CODES = [
  ...LOGIN_FILE_CODES,
  // inputs and run context
  "input-invalid",
  "secret-empty",
  "home-in-workspace",
  "home-has-login",
  "home-unwritable",
  "public-repository",
  "pull-request-target",
  "concurrency-unguarded",
  "environment-changed",
  "event-untrusted",
  "actor-not-allowed",
  "codex-missing",
  "codex-outdated",
  "codex-install-failed",
  "prompt-unreadable",
  "file-refused",
  "prompt-failed",
  "access-token-refused",
  "protection-impossible",
  "config-refused",
  // the writer and the store
  "write-token-missing",
  "write-token-invalid",
  "write-token-rejected",
  "write-token-revoked",
  "write-token-forbidden",
  "write-token-cannot-reach-repository",
  "app-invalid",
  "app-not-installed",
  "app-permission-missing",
  "environment-not-found",
  "secret-not-found",
  "secret-limit",
  "secret-changed-elsewhere",
  "github-unreachable",
  // claims
  "claim-busy",
  "claim-limit",
  "secret-mismatch",
  "login-shared",
  "copy-stale",
  "freshness-unproven",
  "access-token-expiring",
  // refresh and publish
  "refresh-failed",
  "refresh-token-reused",
  "refresh-token-expired",
  "refresh-token-revoked",
  "refresh-rejected",
  "refresh-unavailable",
  "refresh-answer-lost",
  "refresh-broke-login",
  "refresh-not-rotated",
  "reseed-failed",
  "reseed-other-account",
  "write-back-pending",
  "write-back-refused",
  // the user's job
  "run-failed",
  "cancelled",
  // the command line
  "token-missing",
  "repository-not-found",
  "secret-exists",
  "seed-unverified",
  "login-failed",
  "file-unreadable",
  "workflows-outside-checkout",
  // a persistent host
  "host-busy",
  "home-missing",
  "home-other-owner",
  "home-foreign-login",
  "seed-not-newer",
  "exec-failed",
  "timer-failed",
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** Something a person can repair: what is wrong, and what to do next. Neither text ever quotes a document. */
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
