import { type ForbiddingSetting, forbiddingSetting, type LoginRules } from "./login-rules.ts";

/** Failure codes of a dead refresh token. */
export type PermanentCode =
  | "refresh-token-reused"
  | "refresh-token-expired"
  | "refresh-token-revoked"
  | "refresh-rejected";

/** Why a refresh that changed nothing failed. */
export type Refusal =
  /** The issuer has answered that the refresh token is dead: no retry will help. */
  | { readonly kind: "permanent"; readonly code: PermanentCode }
  /** The issuer did not decide: the token is still good. */
  | { readonly kind: "transient" }
  /** Codex never said how it ended, so the issuer may have rotated. */
  | { readonly kind: "answer-lost" }
  /** Codex has asked nobody: it is no app-server that we can talk to. */
  | { readonly kind: "unstarted"; readonly output: string }
  /** Codex has asked nobody: its configuration does not let it use this login. */
  | ({ readonly kind: "forbidden" } & ForbiddingSetting)
  /** Codex did not refresh, and nothing shows that it has asked the issuer. */
  | { readonly kind: "unexplained"; readonly output: string };

/** What a `codex app-server` left us to judge by. */
export interface RefreshSymptoms {
  /**
   * `account` of the answer: `absent` (null) is Codex's sign for a login that it cannot use, for whatever reason; a 5xx is
   * not reported in it at all.
   * `unstarted`: it ended, by itself, before it said that it is there.
   * `late-error`: an error, when the 45 s were over that Codex waits for the issuer; it does not say which (0.169.0).
   */
  readonly account: "present" | "absent" | "error" | "late-error" | "no-answer" | "unstarted";
  /** Standard error, without colours. */
  readonly stderr: string;
  /** Its configuration, the layer that wins first, or why it has none; asked only where it has no account for us. */
  readonly configuration?: ConfigurationAnswer | null;
}

/** What an app-server says about its own configuration. */
export type ConfigurationAnswer =
  | { readonly kind: "read"; readonly layers: readonly LoginRules[] }
  | { readonly kind: "unreadable"; readonly because: string };

/** Codex's own sentences and the issuer's codes, which name the refresh token: a certificate may have expired, too. */
const CAUSES: readonly [RegExp, PermanentCode][] = [
  [/refresh_token_reused|refresh token was already used/i, "refresh-token-reused"],
  [/refresh_token_expired|refresh token has expired/i, "refresh-token-expired"],
  [/refresh_token_invalidated|refresh_token_revoked|refresh token was revoked/i, "refresh-token-revoked"],
];

/** How Codex logs that the issuer has answered with a refusal: 0.149.1 and older name the status differently. */
const REFUSED = /Failed to refresh token(?: status=|: )40[01]\b|could not be refreshed/i;

/** It also wants to list the models, which says nothing of the refresh. */
const ABOUT_MODELS = /.*codex_models_manager.*/g;

/**
 * Reads the symptoms (docs/facts.md §1, "Failures"; measured with `codex app-server` 0.138.0 to 0.169.0).
 *
 * @param accountId of the login
 */
export function classifyRefusal(
  { account, stderr, configuration = null }: RefreshSymptoms,
  accountId: string,
): Refusal {
  const output = stderr.replace(ABOUT_MODELS, "").trim();
  if (account === "unstarted") return { kind: "unstarted", output };
  for (const [cause, code] of CAUSES) if (cause.test(output)) return { kind: "permanent", code };
  const isRefused = REFUSED.test(output);
  if (isRefused && (account === "absent" || /could not be refreshed/i.test(output)))
    return { kind: "permanent", code: "refresh-rejected" };
  if (isRefused || /Failed to refresh token|error sending request/i.test(output))
    return { kind: "transient" };
  if (account === "no-answer" || account === "late-error") return { kind: "answer-lost" };
  // The issuer has not been seen to answer: what the answer lacks is a matter of this machine.
  if (account === "absent" || configuration?.kind === "unreadable")
    return explain(output, configuration, accountId);
  return { kind: "transient" };
}

function explain(output: string, configuration: ConfigurationAnswer | null, accountId: string): Refusal {
  if (configuration?.kind === "unreadable") return { kind: "unexplained", output: configuration.because };
  const forbidding = forbiddingSetting(configuration?.layers ?? [], accountId);
  if (forbidding !== null) return { kind: "forbidden", ...forbidding };
  return { kind: "unexplained", output };
}
