/** Failure codes of a dead refresh token. */
export type PermanentCode =
  | "refresh-token-reused"
  | "refresh-token-expired"
  | "refresh-token-revoked"
  | "refresh-rejected";

/** Why a refresh that changed nothing failed. */
export type Refusal =
  /** The refresh token is dead: no retry will help. */
  | { readonly kind: "permanent"; readonly code: PermanentCode }
  /** The issuer did not decide: the token is still good. */
  | { readonly kind: "transient" }
  /** Codex never said how it ended, so the issuer may have rotated. */
  | { readonly kind: "answer-lost" }
  /** Codex has asked nobody: it is no app-server that we can talk to. */
  | { readonly kind: "unstarted"; readonly output: string };

/** What a `codex app-server` left us to judge by. */
export interface RefreshSymptoms {
  /**
   * `account` of the answer: `absent` (null) is Codex's sign of a dead token; a 5xx is not reported in it at all.
   * `unstarted`: it ended, by itself, before it said that it is there.
   * `late-error`: an error, when the 45 s were over that Codex waits for the issuer; it does not say which (0.169.0).
   */
  readonly account: "present" | "absent" | "error" | "late-error" | "no-answer" | "unstarted";
  /** Standard error, without colours. */
  readonly stderr: string;
}

const CAUSES: readonly [RegExp, PermanentCode][] = [
  [/refresh_token_reused|was already used/i, "refresh-token-reused"],
  [/refresh_token_expired|has expired/i, "refresh-token-expired"],
  [/refresh_token_invalidated|refresh_token_revoked|was revoked/i, "refresh-token-revoked"],
];

/** It also wants to list the models, which says nothing of the refresh. */
const ABOUT_MODELS = /^.*codex_models_manager.*$/gm;

/** Reads the symptoms (docs/facts.md §1, "Failures"; measured with `codex app-server` 0.169.0). */
export function classifyRefusal({ account, stderr }: RefreshSymptoms): Refusal {
  const output = stderr.replace(ABOUT_MODELS, "");
  if (account === "unstarted") return { kind: "unstarted", output: output.trim() };
  for (const [cause, code] of CAUSES) if (cause.test(output)) return { kind: "permanent", code };
  if (account === "absent" || /could not be refreshed/i.test(output))
    return { kind: "permanent", code: "refresh-rejected" };
  if (/Failed to refresh token|error sending request/i.test(output)) return { kind: "transient" };
  return account === "no-answer" || account === "late-error"
    ? { kind: "answer-lost" }
    : { kind: "transient" };
}
