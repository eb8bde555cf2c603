import { fieldsOf, isObject } from "../text/json.ts";
import { dateOf, expiryOf, jwtClaims, secondsOf } from "./access-token.ts";
import { type Accepted, type AuthJsonFields, demandAuthJson, isFilled } from "./auth-json-fields.ts";
import { fingerprint, Secret } from "./secret.ts";
import { type Encoding, readSecretText } from "./secret-text.ts";

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
    const { json, encoding } = readSecretText(content);
    return new AuthJson(demandAuthJson(json, accepted), encoding);
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
      const { access_token: accessToken, refresh_token: refreshToken } = fieldsOf(fieldsOf(json).tokens);
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

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
