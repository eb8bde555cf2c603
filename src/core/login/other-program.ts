import { fieldsOf, isObject } from "../text/json.ts";
import { LOGIN_AGAIN } from "./secret-text.ts";

/** Whose JSON it is, as the end of "In place of a login there is …", and what helps. */
export interface OtherProgram {
  readonly what: string;
  readonly hint: string;
}

const has =
  (...names: readonly string[]) =>
  (json: Fields) =>
    names.every((name) => name in json);
type Fields = Readonly<Record<string, unknown>>;

/** The first that fits counts. Forms of November 2026 (docs/facts.md §1, "Other programs' logins"). */
const PROGRAMS: readonly [is: (json: Fields) => boolean, what: string, hint?: string][] = [
  [has("sops"), "a file that is encrypted with SOPS", `GitHub encrypts secrets itself. ${LOGIN_AGAIN}`],
  [
    (json) =>
      has("refresh_token", "access_token")(json) && ["last_refresh", "email"].some((name) => name in json),
    "another program's copy of the login (CLIProxyAPI's or Roo Code's, for example): its tokens are not under `tokens`, where Codex has them",
  ],
  [has("refresh_token", "access_token", "account_id"), "only the `tokens` part of an auth.json"],
  [
    has("accessToken", "user"),
    "the answer of ChatGPT's session page, which has no refresh token",
    `It cannot be refreshed. ${LOGIN_AGAIN}`,
  ],
  [has("claudeAiOauth"), "the login of Claude Code"],
  [hasOAuthEntry, "the login file of OpenCode or of a program like it, which Codex cannot read"],
  [
    has("access_token", "expiry_date"),
    "an OAuth token file as Google's libraries write it (Gemini CLI and Qwen Code, for example)",
  ],
  [(json) => json.type === "service_account" || json.type === "authorized_user", "a Google Cloud credential"],
  [has("auths"), "Docker's config.json"],
  [has("oauthAccount"), "the settings of Claude Code"],
  [
    (json) => Object.keys(json).some((name) => /^github\.com(:|$)/.test(name)),
    "a GitHub login (Copilot's or gh's)",
  ],
  [has("private_key"), "a private key in JSON"],
  [has("encrypted_value", "key_id"), "a value that is already sealed for GitHub"],
  [
    (json) => has("key_id", "key")(json) || has("name", "created_at", "updated_at")(json),
    "an answer of GitHub's API about secrets",
  ],
  [has("user_code"), "the answer to a device login that nobody has finished"],
  [
    (json) => has("error")(json) || has("message", "documentation_url")(json),
    "an error message in JSON",
    `Look at what has produced the secret. ${LOGIN_AGAIN}`,
  ],
  [
    (json) =>
      ["access_token", "refresh_token", "accessToken", "refreshToken", "token"].some((name) => name in json),
    "the token file of another program: its tokens are not where Codex has them",
  ],
  [has("name", "version"), "a package.json, or a file like it"],
];

/** @returns `null` for an object that nobody here knows */
export function describeOtherProgram(json: Fields): OtherProgram | null {
  const wrapped = Object.values(json).find(holdsLogin);
  if (wrapped !== undefined) {
    return {
      what: "a JSON object that holds the auth.json in one of its fields, as `toJSON(secrets)` gives it",
      hint: "Pass the field by itself, `secrets.CODEX_AUTH_JSON` in an expression.",
    };
  }
  const known = PROGRAMS.find(([is]) => is(json));
  if (!known) return null;
  const [, what, hint = LOGIN_AGAIN] = known;
  return { what, hint };
}

/** `{ "openai": { "type": "oauth", "refresh": …, "access": …, "expires": … } }`, one entry for each provider. */
function hasOAuthEntry(json: Fields): boolean {
  return Object.values(json).some((entry) => {
    const { type, access, refresh, key } = fieldsOf(entry);
    return (type === "oauth" && (access ?? refresh) !== undefined) || (type === "api" && key !== undefined);
  });
}

function holdsLogin(value: unknown): boolean {
  if (typeof value !== "string") return isObject(value) && isObject(value.tokens);
  return /^\s*\{.*"tokens"\s*:\s*\{/s.test(value);
}
