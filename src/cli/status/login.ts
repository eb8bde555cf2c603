import { readWorkingCopy } from "../../core/login/auth-json.ts";
import { fieldsOf, isObject } from "../../core/text/json.ts";

/** What may be shown of an auth.json, whole or not: never a token, nor a part of one. */
export interface LoginStatus {
  readonly auth_mode: string | null;
  readonly last_refresh: string | null;
  readonly has_access_token: boolean;
  readonly has_id_token: boolean;
  readonly has_refresh_token: boolean;
  readonly account_id: string | null;
  readonly access_token_expires_at: string | null;
  /** When Codex itself will want a new access token. */
  readonly next_refresh_at: string | null;
}

/** Codex refreshes in the last five minutes of the access token (docs/facts.md §1). */
const GATE_MS = 5 * 60_000;

/** @returns `null` for a text that is no JSON object */
export function readLoginStatus(text: string): LoginStatus | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {}
  if (!isObject(json)) return null;
  const tokens = fieldsOf(json.tokens);
  const expiresAt = readWorkingCopy(text)?.accessTokenExpiresAt ?? null;
  const refreshable = filled(tokens.refresh_token) !== null && expiresAt !== null;
  return {
    auth_mode: filled(json.auth_mode),
    last_refresh: filled(json.last_refresh),
    has_access_token: filled(tokens.access_token) !== null,
    has_id_token: filled(tokens.id_token) !== null,
    has_refresh_token: filled(tokens.refresh_token) !== null,
    account_id: filled(tokens.account_id),
    access_token_expires_at: expiresAt?.toISOString() ?? null,
    next_refresh_at: refreshable ? new Date(expiresAt.getTime() - GATE_MS).toISOString() : null,
  };
}

function filled(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}
