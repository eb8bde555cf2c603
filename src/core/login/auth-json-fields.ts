import { isLoopbackUrl } from "../environment/loopback.ts";
import { Failure, type FailureCode } from "../failure/failure.ts";
import { isObject } from "../text/json.ts";
import { LOGIN_AGAIN } from "./secret-text.ts";

/** What a reader takes: a login, or an access copy as well, which is the same file with an empty refresh token. */
export type Accepted = "login" | "login-or-copy";

/** A JSON object as Codex writes it; fields we do not know are carried along. */
export interface AuthJsonFields {
  readonly [field: string]: unknown;
  readonly tokens: { readonly [field: string]: unknown };
}

/** Checks that an object is a ChatGPT login with all its tokens. @throws {Failure} `login-…`, quoting nothing */
export function demandAuthJson(json: Readonly<Record<string, unknown>>, accepted: Accepted): AuthJsonFields {
  const { auth_mode: mode, OPENAI_API_KEY: apiKey, tokens, last_refresh: lastRefresh } = json;
  const known = ["auth_mode", "OPENAI_API_KEY", "tokens", "last_refresh"].some((field) => field in json);
  if (!known) throw notCodex();
  // Without auth_mode an API key wins over tokens (login/src/auth/manager.rs).
  if (mode === "apikey" || (mode == null && typeof apiKey === "string" && apiKey !== "")) {
    throw new Failure(
      "login-api-key",
      "This is an API-key login, which has nothing to refresh.",
      `Pass the API key to openai/codex-action instead. Or log in with ChatGPT. ${LOGIN_AGAIN}`,
    );
  }
  if (mode != null && mode !== "chatgpt") {
    throw new Failure("login-not-chatgpt", "This is not a ChatGPT login.", LOGIN_AGAIN);
  }
  if (!isObject(tokens)) throw missing("login-tokens-missing", "tokens");
  demandToken(tokens.access_token, "login-access-token-missing", "tokens.access_token");
  if (tokens.refresh_token === "") {
    if (accepted === "login") throw isCopy();
  } else {
    demandToken(tokens.refresh_token, "login-refresh-token-missing", "tokens.refresh_token");
  }
  demandToken(tokens.id_token, "login-id-token-missing", "tokens.id_token");
  if (!isFilled(tokens.account_id)) {
    throw missing("login-account-missing", "tokens.account_id (without it Codex never refreshes)");
  }
  if (!isRfc3339(lastRefresh)) {
    throw missing("login-last-refresh-missing", "last_refresh (without it Codex sends no token at all)");
  }
  refuseForeignIssuer(tokens.oauth_provenance);
  return json as AuthJsonFields;
}

/** Whether a value is text that is not blank. */
export function isFilled(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function demandToken(value: unknown, code: FailureCode, field: string): void {
  if (!isFilled(value)) throw missing(code, field);
  if (!isBlanked(value)) return;
  throw new Failure(
    code,
    `In place of ${field} there is a placeholder: somebody has taken the token out of this file.`,
    LOGIN_AGAIN,
  );
}

function isCopy(): Failure {
  return new Failure(
    "login-is-a-copy",
    "This is an access copy: its refresh token is empty, so it can never be refreshed.",
    "Set `refresh: never` here, or hand the login.",
  );
}

function notCodex(): Failure {
  return new Failure("login-not-codex", "This is not an auth.json of Codex.", LOGIN_AGAIN);
}

/**
 * Codex sends the refresh token to `tokens.oauth_provenance.issuer`, whoever that is (measured with 0.169.0): a planted
 * document would carry its successor off.
 */
function refuseForeignIssuer(provenance: unknown): void {
  if (!isObject(provenance) || provenance.issuer === undefined) return;
  const { issuer } = provenance;
  if (typeof issuer === "string" && (isOpenAi(issuer) || isLoopbackUrl(issuer))) return;
  throw new Failure(
    "login-foreign-issuer",
    "The login names an issuer that is not OpenAI's, and Codex would send the refresh token there.",
    LOGIN_AGAIN,
  );
}

function isOpenAi(url: string): boolean {
  return /^https:\/\/([a-z0-9-]+\.)*(openai|chatgpt)\.com(\/|$)/.test(url);
}

function missing(code: FailureCode, field: string): Failure {
  return new Failure(code, `The login lacks ${field}.`, LOGIN_AGAIN);
}

/** `<redacted>`, `***`, `xxxxxxxx`: no token is so short and has such words or signs in it, and none is cut with dots. */
function isBlanked(token: string): boolean {
  return CUT.test(token) || (token.length < 40 && BLANKED.test(token));
}
const CUT = /\u2026|\.{3}|\*{3}|^(.)\1*$/;
const BLANKED = /[ <>[\]()*]|\.\.|redacted|removed|hidden|your|todo|placeholder/i;

/** As Codex's own parser takes it: JavaScript's `Date` reads much more, and Codex refuses the whole file for it. */
function isRfc3339(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
