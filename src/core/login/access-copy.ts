import { fieldsOf } from "../text/json.ts";
import { jwtClaims } from "./access-token.ts";
import type { AuthJson } from "./auth-json.ts";
import { Secret } from "./secret.ts";

const AUTH_CLAIMS = "https://api.openai.com/auth";
/** What Codex reads of an id token beside the e-mail address (login/src/token_data.rs). */
const READ_CLAIMS = [
  "chatgpt_plan_type",
  "chatgpt_user_id",
  "user_id",
  "chatgpt_account_id",
  "chatgpt_account_is_fedramp",
] as const;

/**
 * A file on which Codex runs until the access token ends, and which can never become a login: the refresh token is empty.
 * Of everything else only what Codex needs is taken, so that no secret that a later Codex writes beside the tokens is
 * lent. The id token is reduced to the claims that Codex reads, without name and e-mail address; Codex verifies no
 * signature. Codex 0.148.0 and 0.169.0 run on it (docs/facts.md §1).
 *
 * The access token stays whole, and its own claims may name the account's e-mail address.
 */
export function accessCopyOf(login: AuthJson): Secret {
  const copy = {
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: reduced(login.idToken.reveal()),
      access_token: login.accessToken.reveal(),
      refresh_token: "",
      account_id: login.accountId,
    },
    last_refresh: login.lastRefresh,
  };
  return new Secret(JSON.stringify(copy));
}

/** A token that cannot be read is replaced by one that says nothing. */
function reduced(idToken: string): string {
  const claims = fieldsOf(jwtClaims(idToken)[AUTH_CLAIMS]);
  const kept = Object.fromEntries(
    READ_CLAIMS.flatMap((name) => (name in claims ? [[name, claims[name]]] : [])),
  );
  const parts = [{ alg: "none", typ: "JWT" }, { [AUTH_CLAIMS]: kept }];
  return [...parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")), "none"].join(".");
}
