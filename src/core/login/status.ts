import type { AuthJson } from "./auth-json.ts";

/** What may be shown of a login. */
export interface RedactedStatus {
  readonly auth_mode: "chatgpt";
  readonly last_refresh: string;
  readonly has_access_token: boolean;
  readonly has_id_token: boolean;
  readonly has_refresh_token: boolean;
}

export function redactedStatus(login: AuthJson): RedactedStatus {
  return {
    auth_mode: "chatgpt",
    last_refresh: login.lastRefresh,
    has_access_token: !login.accessToken.isEmpty,
    has_id_token: !login.idToken.isEmpty,
    has_refresh_token: !login.refreshToken.isEmpty,
  };
}
