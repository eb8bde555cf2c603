import { createHash, randomBytes, randomUUID } from "node:crypto";

/** The client id Codex sends; public, the same in every installation. */
export const CODEX_CLIENT_ID = "app_EMoamEEZ73f0CkXaXp7hrann";

/** Who a token speaks for. */
export interface Identity {
  readonly account: string;
  readonly user: string;
  readonly email: string;
  /** One `codex login`; its refreshes keep it. */
  readonly session: string;
}

export interface Lifetime {
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Long and random as the real one; `CANARY` stands in the clear so that a leak can be found by searching. */
export function mintRefreshToken(): string {
  return `rt_CANARY-${randomBytes(32).toString("base64url")}.${randomBytes(32).toString("base64url")}`;
}

/** A JWT with the claims Codex reads (`exp`, `https://api.openai.com/auth`) and the usual ones beside them. */
export function mintAccessToken(identity: Identity, lifetime: Lifetime): string {
  return jwt({
    aud: ["https://api.openai.com/v1"],
    client_id: CODEX_CLIENT_ID,
    exp: seconds(lifetime.expiresAt),
    "https://api.openai.com/auth": {
      chatgpt_account_id: identity.account,
      chatgpt_account_user_id: `${identity.user}__${identity.account}`,
      chatgpt_compute_residency: "no_constraint",
      chatgpt_plan_type: "pro",
      chatgpt_user_id: identity.user,
      localhost: true,
      user_id: identity.user,
    },
    "https://api.openai.com/mfa": { required: "no" },
    "https://api.openai.com/profile": { email: identity.email, email_verified: true },
    iat: seconds(lifetime.issuedAt),
    iss: "https://auth.openai.com",
    jti: randomUUID(),
    nbf: seconds(lifetime.issuedAt),
    pwd_auth_time: lifetime.issuedAt.getTime(),
    scp: ["openid", "profile", "email", "offline_access"],
    session_id: identity.session,
    sub: `auth0|${identity.user}`,
  });
}

/** Lives one hour, as the real one: Codex takes only the account's description from it. */
export function mintIdToken(identity: Identity, accessToken: string, issuedAt: Date): string {
  return jwt({
    amr: ["pwd", "otp", "mfa"],
    at_hash: createHash("sha256").update(accessToken).digest().subarray(0, 16).toString("base64url"),
    aud: [CODEX_CLIENT_ID],
    auth_provider: "password",
    auth_time: seconds(issuedAt),
    email: identity.email,
    email_verified: true,
    exp: seconds(issuedAt) + 3600,
    "https://api.openai.com/auth": {
      chatgpt_account_id: identity.account,
      chatgpt_plan_type: "pro",
      chatgpt_subscription_active_start: new Date(issuedAt.getTime() - 40 * 86_400_000).toISOString(),
      chatgpt_subscription_active_until: new Date(issuedAt.getTime() + 20 * 86_400_000).toISOString(),
      chatgpt_subscription_last_checked: issuedAt.toISOString(),
      chatgpt_user_id: identity.user,
      groups: [],
      localhost: true,
      organizations: [{ id: `org-${identity.user}`, is_default: true, role: "owner", title: "Personal" }],
      user_id: identity.user,
    },
    iat: seconds(issuedAt),
    iss: "https://auth.openai.com",
    jti: randomUUID(),
    rat: seconds(issuedAt),
    sid: identity.session,
    sub: `auth0|${identity.user}`,
  });
}

/** The `tokens` object of an auth.json, in the order in which Codex 0.169 writes it. */
export interface Tokens {
  readonly id_token: string;
  readonly access_token: string;
  readonly refresh_token: string;
  /** Since 0.169: where this login refreshes, unless the environment says otherwise. Logins of older Codex lack it. */
  readonly oauth_provenance: { readonly issuer: string; readonly client_id: string };
  /** Since 0.169: random, one for each login, kept by its refreshes. */
  readonly login_owner_id: string;
  readonly account_id: string;
}

/** A document as Codex writes it: two spaces, no newline at the end, `last_refresh` with nine digits. */
export function authDocument(tokens: Tokens, lastRefresh: Date): string {
  return JSON.stringify(
    { auth_mode: "chatgpt", OPENAI_API_KEY: null, tokens, last_refresh: withNanoseconds(lastRefresh) },
    null,
    2,
  );
}

/** RFC 3339 as Rust's chrono prints it; what lies below a millisecond is made up. */
export function withNanoseconds(date: Date): string {
  const below = String(1 + (randomBytes(4).readUInt32BE() % 999_999)).padStart(6, "0");
  return date.toISOString().replace("Z", `${below}Z`);
}

// Codex verifies no signature, so its place is free for a word that survives no decoding: a claim would be base64.
function jwt(claims: object): string {
  const header = { alg: "RS256", kid: "19344e65-bbc9-44d1-a9d0-f957b079bd0e", typ: "JWT" };
  const encoded = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  return [...encoded, `CANARY${randomBytes(252).toString("base64url")}`].join(".");
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
