import { fieldsOf } from "../text/json.ts";
import { jwtClaims } from "./access-token.ts";
import type { AuthJson } from "./auth-json.ts";

/** Whose login it is, as far as its id token tells; nothing of it is verified. */
export interface Account {
  readonly email: string | null;
  /** ChatGPT's word for it: `plus`, `pro`, `team`, … */
  readonly plan: string | null;
}

/** The id token's claim of OpenAI's own things (docs/facts.md §1). */
const OWN_CLAIM = "https://api.openai.com/auth";

export function accountOf({ idToken }: Pick<AuthJson, "idToken">): Account {
  const claims = jwtClaims(idToken.reveal());
  return { email: textIn(claims.email), plan: textIn(fieldsOf(claims[OWN_CLAIM]).chatgpt_plan_type) };
}

function textIn(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
