import { AuthJson } from "../../../src/core/login/auth-json.ts";

export interface Tokens {
  [field: string]: unknown;
  id_token: string;
  access_token: string;
  refresh_token: string;
  account_id: string;
}

export interface AuthJsonFields {
  [field: string]: unknown;
  auth_mode: string;
  OPENAI_API_KEY: null;
  tokens: Tokens;
  last_refresh: string;
}

/** A JWT as far as anyone here reads it; the signature is a word to search for. */
export function jwt(claims: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.CANARY-signature`;
}

/** What `codex login` of 0.169 leaves, always the same. */
export function authJson(
  tokens: Record<string, unknown> = {},
  top: Record<string, unknown> = {},
): AuthJsonFields {
  return {
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: jwt({ sub: "CANARY-somebody" }),
      access_token: jwt({ iat: Date.UTC(2026, 10, 20) / 1000, exp: Date.UTC(2026, 10, 30) / 1000 }),
      refresh_token: "rt_CANARY-0",
      oauth_provenance: { issuer: "https://auth.openai.com", client_id: "app_lab" },
      login_owner_id: "owner-CANARY",
      account_id: "account-1",
      ...tokens,
    },
    last_refresh: "2026-11-20T00:00:00.123456789Z",
    ...top,
  };
}

/** The same login, `rotations` later; equal arguments make equal documents. */
export function generation(rotations: number, account = "account-1"): AuthJson {
  const iat = Date.UTC(2026, 10, 20) / 1000 + rotations;
  return AuthJson.parse(
    JSON.stringify(
      authJson({
        refresh_token: `rt_CANARY-${rotations}`,
        access_token: jwt({ iat, exp: iat + 864_000 }),
        account_id: account,
      }),
    ),
  );
}
