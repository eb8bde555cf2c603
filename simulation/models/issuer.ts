/** One login at OpenAI. Exactly one of its refresh tokens lives, and whoever presents that gets the next one. */
export class IssuedLogin<Token> {
  living: Token;
  /** Why no token of it lives any more. */
  ended: "revoked" | "reused" | null = null;

  constructor(living: Token) {
    this.living = living;
  }

  revoke(): void {
    this.ended ??= "revoked";
  }

  /**
   * What a request to refresh does when it arrives.
   *
   * @param next the token that is living from then on
   */
  present(
    token: Token,
    { next, reuseEnds }: { next: () => Token; reuseEnds: boolean },
  ): "rotated" | "reused" | "revoked" {
    if (this.ended !== null) return "revoked";
    if (token !== this.living) {
      if (reuseEnds) this.ended = "reused";
      return "reused";
    }
    this.living = next();
    return "rotated";
  }
}

/** What the issuer says to a refresh token that is dead. */
export const REFUSALS = {
  reused: "refresh_token_reused: it was already used",
  revoked: "refresh_token_invalidated: it was revoked",
  unknown: "Your access token could not be refreshed.",
} as const;

/** Real access tokens live about ten days (docs/facts.md §1). */
export const ACCESS_TOKEN_LIFETIME_MS = 10 * 24 * 3_600_000;

/** What Codex writes after a login or a refresh, in the form of 0.169. */
export function authJsonOf({
  refreshToken,
  jti,
  issuedAtMs,
  lifetimeMs = ACCESS_TOKEN_LIFETIME_MS,
}: {
  refreshToken: string;
  /** Of the access token: two with one refresh token differ in it. */
  jti: string;
  issuedAtMs: number;
  lifetimeMs?: number | undefined;
}): string {
  const iat = Math.floor(issuedAtMs / 1000);
  const [header, payload] = [{}, { iat, exp: iat + Math.floor(lifetimeMs / 1000), jti }].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  return JSON.stringify({
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: `${header}.id-CANARY.signature`,
      access_token: `${header}.${payload}.${jti}`,
      refresh_token: refreshToken,
      account_id: "account-1",
    },
    last_refresh: new Date(issuedAtMs).toISOString(),
  });
}
