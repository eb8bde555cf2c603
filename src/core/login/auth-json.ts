import { isLoopbackUrl } from "../environment/loopback.ts";
import { Failure, type FailureCode } from "../failure/failure.ts";
import { fingerprint, Secret } from "./secret.ts";

/** How the login stood in the secret; kept when it is written back. */
export type Encoding = "json" | "base64";

/** GitHub stores 48 KB a secret, and a login written back must fit in base64 of a sealed box. */
export const MAXIMUM_SECRET_BYTES = 45_000;

/** Codex goes by `last_refresh` when it cannot read the access token's `exp` (login/src/auth/manager.rs). */
const DAYS_WITHOUT_READABLE_EXPIRY = 8;
const DAY_MS = 86_400_000;

const LOGIN_AGAIN =
  "Log in with `codex login` (ChatGPT) in a fresh CODEX_HOME and store the whole auth.json as the secret.";

/** What a reader takes: a login, or an access copy as well, which is the same file with an empty refresh token. */
export type Accepted = "login" | "login-or-copy";

/** A JSON object as Codex writes it; fields we do not know are carried along. */
interface AuthJsonFields {
  readonly [field: string]: unknown;
  readonly tokens: { readonly [field: string]: unknown };
}

/**
 * One whole `auth.json`: a ChatGPT login with all its tokens. Held opaquely: what leaves it is Codex's own JSON.
 *
 * ```text
 * { "auth_mode": "chatgpt", "OPENAI_API_KEY": null,
 *   "tokens": { "id_token": JWT, "access_token": JWT, "refresh_token": "…", "account_id": "…" },
 *   "last_refresh": "2026-11-22T09:48:00.123456789Z" }
 * ```
 */
export class AuthJson {
  readonly #json: AuthJsonFields;
  readonly encoding: Encoding;
  /** Empty where the file does not say. */
  readonly accountId: string;
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
  readonly idToken: Secret;
  /** RFC 3339, as Codex wrote it. */
  readonly lastRefresh: string;
  /** When Codex will want a new access token: `exp`, or 8 days after `last_refresh` where `exp` is unreadable. */
  readonly accessTokenExpiresAt: Date;
  /** `iat` of the access token, else `last_refresh`. */
  readonly accessTokenIssuedAt: Date;

  private constructor(json: AuthJsonFields, encoding: Encoding) {
    const { tokens } = json;
    this.#json = json;
    this.encoding = encoding;
    this.accountId = textOf(tokens.account_id);
    this.accessToken = new Secret(textOf(tokens.access_token));
    this.refreshToken = new Secret(textOf(tokens.refresh_token));
    this.idToken = new Secret(textOf(tokens.id_token));
    this.lastRefresh = textOf(json.last_refresh);
    const claims = jwtClaims(this.accessToken.reveal());
    this.accessTokenExpiresAt = expiryOf(claims, this.lastRefresh);
    this.accessTokenIssuedAt = secondsOf(claims.iat) ?? dateOf(this.lastRefresh);
  }

  /**
   * Reads a secret's content, or a file: raw JSON (pretty or compact), or base64 of it (wraps and a trailing newline allowed).
   *
   * @throws {Failure} `login-…`, one code a kind of damage; no message quotes the input.
   */
  static parse(content: string, accepted: Accepted = "login"): AuthJson {
    const { text, encoding } = decode(content);
    return new AuthJson(validate(parseJson(text), accepted), encoding);
  }

  /**
   * Reads a login that another version of Codex may have written: whatever has a refresh token and an access token. Of an
   * access copy the refresh token is empty.
   *
   * @returns `null` for anything else
   */
  static read(content: string, accepted: Accepted = "login"): AuthJson | null {
    try {
      const trimmed = content.trim();
      const isJson = trimmed.startsWith("{");
      const json: unknown = JSON.parse(isJson ? trimmed : Buffer.from(trimmed, "base64").toString("utf8"));
      if (!isObject(json) || !isObject(json.tokens)) return null;
      const { access_token: accessToken, refresh_token: refreshToken } = json.tokens;
      const isCopy = accepted === "login-or-copy" && refreshToken === "";
      if (!isFilled(accessToken) || !(isFilled(refreshToken) || isCopy)) return null;
      return new AuthJson(json as AuthJsonFields, isJson ? "json" : "base64");
    } catch {
      return null;
    }
  }

  /**
   * What is left of a file that broke off while Codex was writing it: its new tokens, and everything else from here.
   *
   * @returns `null` when the text holds no other refresh token
   */
  salvage(text: string): AuthJson | null {
    const find = (name: string): string | null =>
      new RegExp(`"${name}"\\s*:\\s*"([^"\\\\\\s]+)"`).exec(text)?.[1] ?? null;
    const refreshToken = find("refresh_token");
    if (refreshToken === null || refreshToken === this.refreshToken.reveal()) return null;
    const tokens = {
      ...this.#json.tokens,
      refresh_token: refreshToken,
      access_token: find("access_token") ?? this.accessToken.reveal(),
    };
    return new AuthJson({ ...this.#json, tokens }, this.encoding);
  }

  /** Whether both are known to belong to different ChatGPT accounts. */
  isOfOtherAccount(other: AuthJson): boolean {
    return this.accountId !== "" && other.accountId !== "" && this.accountId !== other.accountId;
  }

  /** Whether both logins hold the same refresh token and the same access token. */
  isSameGeneration(other: AuthJson): boolean {
    return this.refreshToken.equals(other.refreshToken) && this.accessToken.equals(other.accessToken);
  }

  /** A name for the generation, for people. */
  get generation(): string {
    return fingerprint(`${endOf(this.refreshToken)}\n${endOf(this.accessToken)}`);
  }

  /** Whether it can never be refreshed: the refresh token is empty. */
  get isAccessCopy(): boolean {
    return this.refreshToken.isEmpty;
  }

  /** Each token that there is, by itself: the runner masks per line, and a token may be printed alone. */
  get tokens(): readonly Secret[] {
    return [this.refreshToken, this.accessToken, this.idToken].filter((token) => !token.isEmpty);
  }

  /** The whole login as a file in a home. */
  whole(): Secret {
    return new Secret(`${JSON.stringify(this.#json, null, 2)}\n`);
  }

  /** A working copy whose refresh token is withheld: Codex runs on it and can never rotate (docs/facts.md §1). */
  withheld(): Secret {
    const json = { ...this.#json, tokens: { ...this.#json.tokens, refresh_token: "" } };
    return new Secret(`${JSON.stringify(json, null, 2)}\n`);
  }

  /**
   * The same login with an access token that looks expired: Codex then refreshes on its own account, and says why it
   * could not, which it does not say of a refresh that it was asked for.
   */
  withExpiredAccessToken(): AuthJson {
    const [header, , signature] = this.accessToken.reveal().split(".");
    const claims = { ...jwtClaims(this.accessToken.reveal()), exp: 1 };
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    const tokens = { ...this.#json.tokens, access_token: [header, payload, signature].join(".") };
    return new AuthJson({ ...this.#json, tokens }, this.encoding);
  }

  /** The login on one line: what notes carry. */
  line(): Secret {
    return new Secret(JSON.stringify(this.#json));
  }

  /** What goes into the secret, in the encoding the secret had. */
  content(encoding: Encoding): Secret {
    const line = JSON.stringify(this.#json);
    return new Secret(encoding === "base64" ? Buffer.from(line).toString("base64") : line);
  }
}

/** Where a token is random: of a JWT, the end of its signature. All of it would cost a quiet job more to read than to parse. */
function endOf(token: Secret): string {
  return token.reveal().slice(-64);
}

/** A login in a home, perhaps without its refresh token. */
export type WorkingCopy = Pick<
  AuthJson,
  "refreshToken" | "accessTokenExpiresAt" | "accessTokenIssuedAt" | "lastRefresh"
>;

/**
 * Reads a working copy, whole or withheld.
 *
 * @returns `null` when the text is none
 */
export function readWorkingCopy(text: string): WorkingCopy | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const tokens = isObject(json) && isObject(json.tokens) ? json.tokens : null;
  if (!tokens || !isObject(json) || !isFilled(tokens.access_token) || !isFilled(json.last_refresh))
    return null;
  const claims = jwtClaims(tokens.access_token);
  if (secondsOf(claims.exp) === null && Number.isNaN(Date.parse(json.last_refresh))) return null;
  return {
    refreshToken: new Secret(isFilled(tokens.refresh_token) ? tokens.refresh_token : ""),
    accessTokenExpiresAt: expiryOf(claims, json.last_refresh),
    accessTokenIssuedAt: secondsOf(claims.iat) ?? dateOf(json.last_refresh),
    lastRefresh: json.last_refresh,
  };
}

function decode(content: string): { text: string; encoding: Encoding } {
  if (content.trim() === "") throw new Failure("login-empty", "The login is empty.", LOGIN_AGAIN);
  if (Buffer.byteLength(content) > MAXIMUM_SECRET_BYTES) {
    throw new Failure(
      "login-too-large",
      `The login is larger than ${MAXIMUM_SECRET_BYTES} bytes, more than a secret can hold when it is written back.`,
      "An auth.json has 4 to 6 kB: check that the secret holds this file and nothing else.",
    );
  }
  // UTF-16 that was read as UTF-8 begins with two replacement characters.
  if (/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)/.test(content)) throw byteOrderMark();
  const trimmed = content.trim();
  if (trimmed.startsWith("{")) return { text: trimmed, encoding: "json" };
  const compact = trimmed.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) {
    throw notJson("The login is neither JSON nor base64 of JSON.");
  }
  const bytes = Buffer.from(compact, "base64");
  if (/^(efbbbf|fffe|feff)/.test(bytes.subarray(0, 3).toString("hex"))) throw byteOrderMark();
  const text = bytes.toString("utf8");
  if (!text.trim().startsWith("{")) throw notJson("The login is neither JSON nor base64 of JSON.");
  return { text, encoding: "base64" };
}

function byteOrderMark(): Failure {
  return new Failure(
    "login-byte-order-mark",
    "The login begins with a byte order mark, which Codex cannot read.",
    "Store the file again without it (UTF-8 without BOM; in PowerShell, `Set-Content -Encoding utf8NoBOM`).",
  );
}

function notJson(message: string): Failure {
  return new Failure("login-not-json", message, LOGIN_AGAIN);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the input, so it is neither shown nor kept as the cause.
    if (text.trimEnd().endsWith("}")) throw notJson("The login is not valid JSON.");
    throw new Failure(
      "login-truncated",
      "The login breaks off before its end.",
      "Store the whole auth.json again; a kill while an old Codex was writing leaves such a file.",
    );
  }
}

function validate(json: unknown, accepted: Accepted): AuthJsonFields {
  if (!isObject(json))
    throw new Failure("login-not-codex", "This is not an auth.json of Codex.", LOGIN_AGAIN);
  const { auth_mode: mode, OPENAI_API_KEY: apiKey, tokens, last_refresh: lastRefresh } = json;
  const known = ["auth_mode", "OPENAI_API_KEY", "tokens", "last_refresh"].some((field) => field in json);
  if (!known) throw new Failure("login-not-codex", "This is not an auth.json of Codex.", LOGIN_AGAIN);
  // Without auth_mode an API key wins over tokens (login/src/auth/manager.rs).
  if (mode === "apikey" || (mode == null && typeof apiKey === "string" && apiKey !== "")) {
    throw new Failure(
      "login-api-key",
      "This is an API-key login, which has nothing to refresh.",
      "Pass the API key to openai/codex-action instead, or log in with ChatGPT and store that auth.json.",
    );
  }
  if (mode != null && mode !== "chatgpt") {
    throw new Failure("login-not-chatgpt", "This is not a ChatGPT login.", LOGIN_AGAIN);
  }
  if (!isObject(tokens)) throw missing("login-tokens-missing", "tokens");
  if (!isFilled(tokens.access_token)) throw missing("login-access-token-missing", "tokens.access_token");
  if (tokens.refresh_token === "") {
    if (accepted === "login") throw isCopy();
  } else if (!isFilled(tokens.refresh_token)) {
    throw new Failure(
      "login-refresh-token-missing",
      "The login has no refresh token: somebody has taken it out.",
      LOGIN_AGAIN,
    );
  }
  if (!isFilled(tokens.id_token)) throw missing("login-id-token-missing", "tokens.id_token");
  if (!isFilled(tokens.account_id)) {
    throw missing("login-account-missing", "tokens.account_id (without it Codex never refreshes)");
  }
  if (!isRfc3339(lastRefresh)) {
    throw missing("login-last-refresh-missing", "last_refresh (without it Codex sends no token at all)");
  }
  refuseForeignIssuer(tokens.oauth_provenance);
  return json as AuthJsonFields;
}

/**
 * Codex sends the refresh token to `tokens.oauth_provenance.issuer`, whoever that is (measured with 0.169.0): a planted
 * login would carry its successor off.
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

function isCopy(): Failure {
  return new Failure(
    "login-is-a-copy",
    "This is an access copy: its refresh token is empty, so it can never be refreshed.",
    "Set `refresh: never` here, or hand the login.",
  );
}

function missing(code: FailureCode, field: string): Failure {
  return new Failure(code, `The login lacks ${field}.`, LOGIN_AGAIN);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** As Codex's own parser takes it: JavaScript's `Date` reads much more, and Codex refuses the whole file for it. */
function isRfc3339(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function jwtClaims(token: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}

function expiryOf(claims: Record<string, unknown>, lastRefresh: string): Date {
  return (
    secondsOf(claims.exp) ?? new Date(dateOf(lastRefresh).getTime() + DAYS_WITHOUT_READABLE_EXPIRY * DAY_MS)
  );
}

/** 1970 for what is no date: long over. */
function dateOf(text: string): Date {
  const time = Date.parse(text);
  return new Date(Number.isNaN(time) ? 0 : time);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function secondsOf(claim: unknown): Date | null {
  if (typeof claim !== "number" || !Number.isFinite(claim)) return null;
  const date = new Date(claim * 1000);
  return Number.isNaN(date.getTime()) ? null : date;
}
