/** Every failure a person may meet. Stable; each has a section in docs/troubleshooting.md. */
export const FAILURE_CODES = [
  // the document
  "document-empty",
  "document-too-large",
  "document-byte-order-mark",
  "document-not-json",
  "document-truncated",
  "document-not-codex",
  "document-api-key",
  "document-not-chatgpt",
  "document-tokens-missing",
  "document-access-token-missing",
  "document-refresh-token-missing",
  "document-id-token-missing",
  "document-account-missing",
  "document-last-refresh-missing",
  "document-other-account",
  "document-foreign-issuer",
  // inputs and surroundings
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
  "writer-missing",
  "writer-invalid",
  "writer-rejected",
  "writer-revoked",
  "writer-forbidden",
  "writer-cannot-reach-repository",
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
  "currency-unproven",
  "access-token-expiring",
  // refresh and publish
  "refresh-failed",
  "refresh-token-reused",
  "refresh-token-expired",
  "refresh-token-revoked",
  "refresh-rejected",
  "refresh-unavailable",
  "refresh-answer-lost",
  "refresh-broke-document",
  "refresh-not-rotated",
  "reseed-failed",
  "reseed-other-account",
  "publish-pending",
  "publish-refused",
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
