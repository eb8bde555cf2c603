import type { Scheduler } from "./scheduler.ts";
import { DAY_MS } from "./units.ts";

/** Real access tokens live about ten days (docs/facts.md §1). */
const ACCESS_TOKEN_LIFETIME_MS = 10 * DAY_MS;

/** What is in an `auth.json`, as far as the model cares: its login, and how often that has been rotated. */
export interface Generation {
  readonly login: number;
  readonly number: number;
}

export type RefreshAnswer =
  | { readonly kind: "rotated"; readonly document: string }
  | { readonly kind: "refused"; readonly words: string };

/** OpenAI's side: each login has exactly one living refresh token, and a refresh spends it. */
export class Issuer {
  /** Refreshes that presented a spent token. */
  reuses = 0;
  rotations = 0;
  readonly #scheduler: Scheduler;
  readonly #reuseRevokes: boolean;
  readonly #logins: { number: number; revoked: "OpenAI" | "reuse" | "" }[] = [];
  #renewals = 0;

  constructor(scheduler: Scheduler, { reuseRevokes }: { reuseRevokes: boolean }) {
    this.#scheduler = scheduler;
    this.#reuseRevokes = reuseRevokes;
  }

  /** A person logs in. @returns the whole document */
  login(accessTokenLifetimeMs = ACCESS_TOKEN_LIFETIME_MS): string {
    this.#logins.push({ number: 0, revoked: "" });
    return this.#document({ login: this.#logins.length - 1, number: 0 }, accessTokenLifetimeMs);
  }

  /** The newest login: the one that the account's owner wants to be alive. */
  get newestLogin(): number {
    return this.#logins.length - 1;
  }

  livingNumber(login: number): number {
    return this.#logins[login]?.number ?? -1;
  }

  isRevoked(login: number): boolean {
    return Boolean(this.#logins[login]?.revoked);
  }

  isRevokedByOpenAI(login: number): boolean {
    return this.#logins[login]?.revoked === "OpenAI";
  }

  revoke(login: number): void {
    const present = this.#logins[login];
    if (present) present.revoked ||= "OpenAI";
  }

  /** What the request does when it arrives. */
  refresh(refreshToken: string): RefreshAnswer {
    const presented = readRefreshToken(refreshToken);
    const login = presented && this.#logins[presented.login];
    if (!presented || !login) return { kind: "refused", words: "Your access token could not be refreshed." };
    if (login.revoked) return { kind: "refused", words: "refresh_token_invalidated: it was revoked" };
    if (login.number !== presented.number) {
      this.reuses += 1;
      if (this.#reuseRevokes) login.revoked ||= "reuse";
      return { kind: "refused", words: "refresh_token_reused: it was already used" };
    }
    login.number += 1;
    this.rotations += 1;
    return { kind: "rotated", document: this.#document({ ...presented, number: login.number }) };
  }

  /** Whether the API takes an access token. A rotation does not end the ones before it. */
  accepts(document: string): boolean {
    const { login } = generationOf(document);
    return accessTokenExpiresAtMs(document) > this.#scheduler.nowMs && !this.isRevoked(login);
  }

  #document({ login, number }: Generation, lifetimeMs = ACCESS_TOKEN_LIFETIME_MS): string {
    const seconds = Math.floor(this.#scheduler.nowMs / 1000);
    const claims = { iat: seconds, exp: seconds + Math.floor(lifetimeMs / 1000), jti: ++this.#renewals };
    const [header, payload] = [{}, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    return JSON.stringify({
      auth_mode: "chatgpt",
      OPENAI_API_KEY: null,
      tokens: {
        id_token: `${header}.id-CANARY.signature`,
        access_token: `${header}.${payload}.CANARY`,
        refresh_token: `rt-CANARY-${login}-${number}`,
        account_id: "account-1",
      },
      last_refresh: new Date(this.#scheduler.nowMs).toISOString(),
    });
  }
}

export function refreshTokenOf(document: string): string {
  return (JSON.parse(document) as { tokens: { refresh_token: string } }).tokens.refresh_token;
}

export function accessTokenExpiresAtMs(document: string): number {
  const { access_token: token } = (JSON.parse(document) as { tokens: { access_token: string } }).tokens;
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
  return (JSON.parse(payload) as { exp: number }).exp * 1000;
}

/** @returns login -1 for a document without a refresh token */
export function generationOf(document: string): Generation {
  return readRefreshToken(refreshTokenOf(document)) ?? { login: -1, number: -1 };
}

function readRefreshToken(text: string): Generation | null {
  const match = /^rt-CANARY-(\d+)-(\d+)$/.exec(text);
  return match ? { login: Number(match[1]), number: Number(match[2]) } : null;
}
