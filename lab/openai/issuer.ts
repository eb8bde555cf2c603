import { randomBytes, randomUUID } from "node:crypto";
import type { LabClock } from "../clock.ts";
import type { LabRequest, LabResponse } from "../loopback-server.ts";
import {
  authDocument,
  CODEX_CLIENT_ID,
  type Identity,
  mintAccessToken,
  mintIdToken,
  mintRefreshToken,
  type Tokens,
  withNanoseconds,
} from "./tokens.ts";

const TEN_DAYS_SECONDS = 10 * 86_400;

/** A fresh login: the whole document, and its parts. */
export interface Login {
  readonly document: string;
  readonly account: string;
  readonly refreshToken: string;
  readonly accessToken: string;
  readonly idToken: string;
}

export interface LoginOptions {
  readonly account?: string;
  readonly email?: string;
  readonly accessTokenLifetimeSeconds?: number;
}

export type RefreshOutcome = "rotated" | "reused" | "expired" | "revoked" | "unknown";

/** One `POST /oauth/token` with a refresh grant. */
export interface RefreshRecord {
  readonly at: Date;
  /** `undefined` when the token was never one of ours, the empty one included. */
  readonly account: string | undefined;
  readonly outcome: RefreshOutcome;
  /** Of the token that was presented: 0 is the login itself, n what n rotations made of it. */
  readonly generation: number | undefined;
  /** What Codex gives as `refresh_reason`. */
  readonly reason: string | undefined;
}

/** One `codex login` and everything refreshed from it. A second login of the account is another session. */
interface Session extends Identity {
  state: "alive" | "expired" | "revoked";
  generation: number;
  livingRefreshToken: string;
  readonly ownerId: string;
}

interface IssuedAccessToken {
  readonly session: Session;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** The OAuth issuer: one-time refresh tokens, and access tokens that are checked by what was issued, not by signature. */
export class Issuer {
  accessTokenLifetimeSeconds = TEN_DAYS_SECONDS;
  readonly refreshes: RefreshRecord[] = [];
  /** Every token value ever issued, of all three kinds. */
  readonly issued: string[] = [];
  readonly #clock: LabClock;
  readonly #url: () => string;
  readonly #sessions: Session[] = [];
  readonly #refreshTokens = new Map<string, { session: Session; generation: number }>();
  readonly #accessTokens = new Map<string, IssuedAccessToken>();
  #rejectIssuedBefore: Date | undefined;

  /** `url` is asked when a document is made: where the server listens is known only after it has started. */
  constructor(clock: LabClock, url: () => string) {
    this.#clock = clock;
    this.#url = url;
  }

  login(options: LoginOptions = {}): Login {
    const tokens = this.newSession(options);
    return {
      document: authDocument(tokens, this.#clock.now()),
      account: tokens.account_id,
      refreshToken: tokens.refresh_token,
      accessToken: tokens.access_token,
      idToken: tokens.id_token,
    };
  }

  /** What a person signing in gets, whichever way they did. */
  newSession(options: LoginOptions): Tokens {
    const account = options.account ?? randomUUID();
    const session: Session = {
      account,
      user: `user-${account.replaceAll("-", "").slice(0, 24)}`,
      email: options.email ?? "somebody@example.com",
      session: randomUUID(),
      state: "alive",
      generation: 0,
      livingRefreshToken: "",
      ownerId: randomBytes(32).toString("base64url"),
    };
    this.#sessions.push(session);
    return this.#issue(session, options.accessTokenLifetimeSeconds ?? this.accessTokenLifetimeSeconds);
  }

  withAccessTokenExpiringIn(document: string, seconds: number): string {
    const parsed = JSON.parse(document) as { tokens: Record<string, string>; last_refresh?: string };
    const session = this.#sessionOf(parsed.tokens);
    const expiresAt = new Date(this.#clock.now().getTime() + seconds * 1000);
    const aged = expiresAt.getTime() - this.accessTokenLifetimeSeconds * 1000;
    const issuedAt = new Date(Math.min(this.#clock.now().getTime(), aged));
    parsed.tokens.access_token = this.#issueAccessToken(session, { issuedAt, expiresAt });
    if (parsed.last_refresh !== undefined) parsed.last_refresh = withNanoseconds(issuedAt);
    return JSON.stringify(parsed, null, document.includes("\n") ? 2 : undefined);
  }

  /** Answers a `refresh_token` grant: rotates when the token is the living one, else says why not. */
  refresh(request: LabRequest, presented: string, reason: string | undefined): LabResponse {
    const known = this.#refreshTokens.get(presented);
    const outcome = known ? judge(known.session, presented) : "unknown";
    this.refreshes.push({
      at: request.at,
      account: known?.session.account,
      outcome,
      generation: known?.generation,
      reason,
    });
    switch (outcome) {
      case "rotated":
        return { status: 200, body: tokenAnswer(this.#rotate(presented)) };
      case "reused":
        return refusal(
          "refresh_token_reused",
          "Your refresh token has already been used to generate a new access token. Please try signing in again.",
        );
      case "expired":
        return refusal(
          "refresh_token_expired",
          "Your refresh token has expired. Please try signing in again.",
        );
      case "revoked":
        return refusal("refresh_token_invalidated", "Your session has ended. Please log in again.");
      case "unknown":
        return {
          status: 400,
          body: { error: "invalid_grant", error_description: "Unknown or invalid refresh token." },
        };
    }
  }

  /** `codex logout` and `codex login` over an existing login: the session is over at the server, everywhere. */
  revokeToken(token: string): void {
    const session = this.#refreshTokens.get(token)?.session ?? this.#accessTokens.get(token)?.session;
    if (session) session.state = "revoked";
  }

  revoke(account: string): void {
    for (const session of this.#sessionsOf(account)) session.state = "revoked";
  }

  expireRefreshTokens(account: string): void {
    for (const session of this.#sessionsOf(account)) session.state = "expired";
  }

  rejectAccessTokensIssuedBefore(date: Date): void {
    this.#rejectIssuedBefore = date;
  }

  acceptAccessTokens(): void {
    this.#rejectIssuedBefore = undefined;
  }

  /** @returns whose request it is; `undefined` = 401. */
  bearer(authorization: string | undefined): Identity | undefined {
    const token = this.#accessTokens.get(authorization?.replace(/^Bearer /i, "") ?? "");
    if (!token || token.session.state === "revoked") return undefined;
    if (token.expiresAt <= this.#clock.now()) return undefined;
    if (this.#rejectIssuedBefore && token.issuedAt < this.#rejectIssuedBefore) return undefined;
    return token.session;
  }

  generationOf(refreshToken: string): number | undefined {
    return this.#refreshTokens.get(refreshToken)?.generation;
  }

  livingRefreshToken(account: string): string {
    const newest = this.#sessionsOf(account).at(-1);
    if (!newest) throw new Error(`lab: nobody has logged in as ${account}`);
    return newest.livingRefreshToken;
  }

  #rotate(refreshToken: string): Tokens {
    const session = this.#sessionOf({ refresh_token: refreshToken });
    session.generation += 1;
    return this.#issue(session, this.accessTokenLifetimeSeconds);
  }

  #issue(session: Session, lifetimeSeconds: number): Tokens {
    const issuedAt = this.#clock.now();
    const expiresAt = new Date(issuedAt.getTime() + lifetimeSeconds * 1000);
    const accessToken = this.#issueAccessToken(session, { issuedAt, expiresAt });
    const idToken = mintIdToken(session, accessToken, issuedAt);
    const refreshToken = mintRefreshToken();
    this.issued.push(idToken, refreshToken);
    session.livingRefreshToken = refreshToken;
    this.#refreshTokens.set(refreshToken, { session, generation: session.generation });
    return {
      id_token: idToken,
      access_token: accessToken,
      refresh_token: refreshToken,
      oauth_provenance: { issuer: this.#url(), client_id: CODEX_CLIENT_ID },
      login_owner_id: session.ownerId,
      account_id: session.account,
    };
  }

  #issueAccessToken(session: Session, lifetime: { issuedAt: Date; expiresAt: Date }): string {
    const token = mintAccessToken(session, lifetime);
    this.#accessTokens.set(token, { session, ...lifetime });
    this.issued.push(token);
    return token;
  }

  #sessionOf(tokens: Record<string, string>): Session {
    // A working copy has no refresh token: then the access token says whose it is.
    const session =
      this.#refreshTokens.get(tokens.refresh_token ?? "")?.session ??
      this.#accessTokens.get(tokens.access_token ?? "")?.session;
    if (!session) throw new Error("lab: this document was not issued here");
    return session;
  }

  #sessionsOf(account: string): Session[] {
    return this.#sessions.filter((session) => session.account === account);
  }
}

/** The successful answer of the token endpoint. */
export function tokenAnswer(tokens: Tokens): object {
  return {
    access_token: tokens.access_token,
    id_token: tokens.id_token,
    refresh_token: tokens.refresh_token,
  };
}

function judge(session: Session, presented: string): RefreshOutcome {
  if (session.state !== "alive") return session.state;
  return presented === session.livingRefreshToken ? "rotated" : "reused";
}

function refusal(code: string, message: string): LabResponse {
  return { status: 401, body: { error: { message, type: "invalid_request_error", param: null, code } } };
}
