import { authJsonOf, IssuedLogin, REFUSALS } from "../models/issuer.ts";
import type { Scheduler } from "./scheduler.ts";

/** What is in an `auth.json`, as far as the model cares: its login, and how often that has been rotated. */
export interface Generation {
  readonly login: number;
  readonly number: number;
}

export type RefreshAnswer =
  | { readonly kind: "rotated"; readonly document: string }
  | { readonly kind: "refused"; readonly words: string };

/** OpenAI's side: all logins that a person has made. */
export class Issuer {
  /** Refreshes that presented a spent token. */
  reuses = 0;
  rotations = 0;
  readonly #scheduler: Scheduler;
  readonly #reuseEnds: boolean;
  readonly #logins: IssuedLogin<number>[] = [];
  #documents = 0;

  constructor(scheduler: Scheduler, { reuseRevokes }: { reuseRevokes: boolean }) {
    this.#scheduler = scheduler;
    this.#reuseEnds = reuseRevokes;
  }

  /** A person logs in. @returns the whole document */
  login(accessTokenLifetimeMs?: number): string {
    this.#logins.push(new IssuedLogin(0));
    return this.#document({ login: this.#logins.length - 1, number: 0 }, accessTokenLifetimeMs);
  }

  /** The newest login: the one that the account's owner wants to be alive. */
  get newestLogin(): number {
    return this.#logins.length - 1;
  }

  livingNumber(login: number): number {
    return this.#logins[login]?.living ?? -1;
  }

  isRevoked(login: number): boolean {
    return (this.#logins[login]?.ended ?? null) !== null;
  }

  isRevokedByOpenAI(login: number): boolean {
    return this.#logins[login]?.ended === "revoked";
  }

  revoke(login: number): void {
    this.#logins[login]?.revoke();
  }

  /** What the request does when it arrives. */
  refresh(refreshToken: string): RefreshAnswer {
    const presented = readRefreshToken(refreshToken);
    const login = presented && this.#logins[presented.login];
    if (!presented || !login) return { kind: "refused", words: REFUSALS.unknown };
    const number = presented.number + 1;
    const answer = login.present(presented.number, { next: () => number, reuseEnds: this.#reuseEnds });
    if (answer === "reused") this.reuses += 1;
    if (answer !== "rotated") return { kind: "refused", words: REFUSALS[answer] };
    this.rotations += 1;
    return { kind: "rotated", document: this.#document({ ...presented, number }) };
  }

  /** Whether the API takes an access token. A rotation does not end the ones before it. */
  accepts(document: string): boolean {
    const { login } = generationOf(document);
    return accessTokenExpiresAtMs(document) > this.#scheduler.nowMs && !this.isRevoked(login);
  }

  #document({ login, number }: Generation, lifetimeMs?: number): string {
    return authJsonOf({
      refreshToken: `rt-CANARY-${login}-${number}`,
      jti: `CANARY-${++this.#documents}`,
      issuedAtMs: this.#scheduler.nowMs,
      lifetimeMs,
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
