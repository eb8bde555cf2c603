import { fieldsOf } from "../text/json.ts";
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
  const claims = claimsOf(idToken.reveal());
  return { email: textIn(claims.email), plan: textIn(fieldsOf(claims[OWN_CLAIM]).chatgpt_plan_type) };
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (character) => character.codePointAt(0) ?? 0);
    return fieldsOf(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // Not a token that can be read: then nobody is named. The error would quote it.
    return {};
  }
}

function textIn(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
