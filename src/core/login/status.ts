import type { AuthJson } from "./auth-json.ts";

/** What may be shown of a login. */
export type RedactedStatus = Readonly<ReturnType<typeof redactedStatus>>;

export function redactedStatus(login: AuthJson) {
  return {
    auth_mode: "chatgpt",
    last_refresh: login.lastRefresh,
    has_access_token: !login.accessToken.isEmpty,
    has_id_token: !login.idToken.isEmpty,
    has_refresh_token: !login.refreshToken.isEmpty,
  } as const;
}
