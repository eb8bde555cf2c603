import type { FailureCode } from "../../../src/core/failure/failure.ts";
import { authJson, jwt } from "./documents.ts";

/** What people and programs have put in a document's place: what it is, the content, how it is refused. */
export type BadDocument = readonly [what: string, content: string, code: FailureCode];

const whole = JSON.stringify(authJson());
const pretty = JSON.stringify(authJson(), null, 2);
const base64 = (content: string | Buffer): string => Buffer.from(content).toString("base64");
const without = (field: string): string => {
  const { [field]: _gone, ...tokens } = authJson().tokens;
  return JSON.stringify({ ...authJson(), tokens });
};
const withToken = (field: string, value: unknown): string => JSON.stringify(authJson({ [field]: value }));
const withTop = (field: string, value: unknown): string => JSON.stringify(authJson({}, { [field]: value }));
const withIssuer = (issuer: unknown): string => withToken("oauth_provenance", { issuer, client_id: "app" });

const fields: readonly [field: string, code: FailureCode][] = [
  ["access_token", "document-access-token-missing"],
  ["refresh_token", "document-refresh-token-missing"],
  ["id_token", "document-id-token-missing"],
  ["account_id", "document-account-missing"],
];

export const BAD_DOCUMENTS: readonly BadDocument[] = [
  ["nothing", "", "document-empty"],
  ["blanks", "   ", "document-empty"],
  ["newlines and tabs", "\n\t\r\n", "document-empty"],

  ["a UTF-8 byte order mark", `\uFEFF${whole}`, "document-byte-order-mark"],
  ["a UTF-8 byte order mark before pretty JSON", `\uFEFF${pretty}`, "document-byte-order-mark"],
  [
    "UTF-16 read as UTF-8",
    Buffer.from(`\uFEFF${whole}`, "utf16le").toString("utf8"),
    "document-byte-order-mark",
  ],
  ["base64 of a UTF-8 byte order mark", base64(`\uFEFF${whole}`), "document-byte-order-mark"],
  ["base64 of UTF-16", base64(Buffer.from(`\uFEFF${whole}`, "utf16le")), "document-byte-order-mark"],
  [
    "base64 of big-endian UTF-16",
    base64(Buffer.from(`\uFEFF${whole}`, "utf16le").swap16()),
    "document-byte-order-mark",
  ],

  ["more than a secret holds", withTop("padding", "x".repeat(45_000)), "document-too-large"],
  [
    "base64 of more than a secret holds",
    base64(withTop("padding", "x".repeat(34_000))),
    "document-too-large",
  ],
  ["more bytes than characters", withTop("padding", "€".repeat(15_000)), "document-too-large"],
  ["blanks around it beyond the limit", whole + " ".repeat(45_000), "document-too-large"],

  ["an opening brace", "{", "document-truncated"],
  ["a document cut in its first field", whole.slice(0, 9), "document-truncated"],
  ["a document cut in half", whole.slice(0, whole.length / 2), "document-truncated"],
  ["a document cut before its last brace", whole.slice(0, -1), "document-truncated"],
  ["a pretty document cut at a line", pretty.split("\n").slice(0, 5).join("\n"), "document-truncated"],
  ["base64 of a cut document", base64(whole.slice(0, 300)), "document-truncated"],
  ["base64 cut in the middle", base64(whole).slice(0, 400), "document-truncated"],
  ["base64 cut within a group of four", base64(whole).slice(0, 401), "document-truncated"],

  ["a word", "CANARY", "document-not-json"],
  ["the name of the file", "~/.codex/auth.json", "document-not-json"],
  ["an unexpanded expression", "$" + "{{ secrets.CODEX_AUTH_JSON }}", "document-not-json"],
  ["an HTML page", "<!doctype html><html><body>CANARY</body></html>", "document-not-json"],
  ["a masked value", "***", "document-not-json"],
  ["a refresh token alone", "rt_CANARY-0", "document-not-json"],
  ["an access token alone", jwt({ exp: 1 }), "document-not-json"],
  ["an array", JSON.stringify([authJson()]), "document-not-json"],
  ["a number", "42", "document-not-json"],
  ["null", "null", "document-not-json"],
  ["true", "true", "document-not-json"],
  ["a JSON string of it", JSON.stringify(whole), "document-not-json"],
  ["TOML", 'auth_mode = "chatgpt"', "document-not-json"],
  ["a shell assignment", `CODEX_AUTH_JSON='${whole}'`, "document-not-json"],
  ["single quotes", "{'auth_mode': 'CANARY'}", "document-not-json"],
  ["a trailing comma", whole.replace(/}$/, ",}"), "document-not-json"],
  ["two documents", whole + whole, "document-not-json"],
  ["a comment in it", whole.replace("{", "{/* CANARY */"), "document-not-json"],
  ["a newline inside a string", whole.replace("rt_CANARY", "rt_\nCANARY"), "document-not-json"],
  ["base64 of a word", base64("CANARY CANARY"), "document-not-json"],
  ["base64 of an array", base64(JSON.stringify([authJson()])), "document-not-json"],
  ["base64 of HTML", base64("<html>CANARY</html>"), "document-not-json"],
  ["base64 of base64", base64(base64(whole)), "document-not-json"],
  ["base64url of it", Buffer.from(withTop("note", "~~~???>>>")).toString("base64url"), "document-not-json"],
  ["base64 with a foreign character", `${base64(whole)}!`, "document-not-json"],
  ["base64 with padding in the middle", `${base64(whole)}==${base64(whole)}`, "document-not-json"],
  ["hexadecimal of it", Buffer.from(whole).toString("hex"), "document-not-json"],
  ["padding only", "==", "document-not-json"],

  ["an empty object", "{}", "document-not-codex"],
  ["another program's object", '{"access_token":"CANARY"}', "document-not-codex"],
  ["base64 of another program's object", base64('{"name":"CANARY"}'), "document-not-codex"],

  ["an API-key login", '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-CANARY"}', "document-api-key"],
  ["an API-key login of an old Codex", '{"OPENAI_API_KEY":"sk-CANARY"}', "document-api-key"],
  [
    "an API key that wins over tokens, for want of a mode",
    JSON.stringify({ ...authJson(), auth_mode: undefined, OPENAI_API_KEY: "sk-CANARY" }),
    "document-api-key",
  ],
  [
    "an API key that wins over tokens under a null mode",
    JSON.stringify({ ...authJson(), auth_mode: null, OPENAI_API_KEY: "sk-CANARY" }),
    "document-api-key",
  ],
  ["base64 of an API-key login", base64('{"OPENAI_API_KEY":"sk-CANARY"}'), "document-api-key"],

  ["external tokens", withTop("auth_mode", "chatgptAuthTokens"), "document-not-chatgpt"],
  ["a personal access token", withTop("auth_mode", "personalAccessToken"), "document-not-chatgpt"],
  ["an agent identity", withTop("auth_mode", "agentIdentity"), "document-not-chatgpt"],
  ["an unknown mode", withTop("auth_mode", "CANARY"), "document-not-chatgpt"],
  ["the mode in capitals", withTop("auth_mode", "ChatGPT"), "document-not-chatgpt"],
  ["an empty mode", withTop("auth_mode", ""), "document-not-chatgpt"],
  ["a number for a mode", withTop("auth_mode", 1), "document-not-chatgpt"],

  ["no tokens", '{"auth_mode":"chatgpt","last_refresh":"CANARY"}', "document-tokens-missing"],
  ["null tokens", withTop("tokens", null), "document-tokens-missing"],
  ["an array of tokens", withTop("tokens", ["CANARY"]), "document-tokens-missing"],
  ["a string of tokens", withTop("tokens", "CANARY"), "document-tokens-missing"],
  ["empty tokens", withTop("tokens", {}), "document-access-token-missing"],

  ...fields.flatMap(([field, code]): BadDocument[] => [
    [`no ${field}`, without(field), code],
    [`an empty ${field}`, withToken(field, ""), code],
    [`a blank ${field}`, withToken(field, " \n"), code],
    [`a null ${field}`, withToken(field, null), code],
    [`a number for ${field}`, withToken(field, 42), code],
    [`an object for ${field}`, withToken(field, { value: "CANARY" }), code],
    [`base64 of no ${field}`, base64(without(field)), code],
  ]),

  ["no last_refresh", withTop("last_refresh", undefined), "document-last-refresh-missing"],
  ["a null last_refresh", withTop("last_refresh", null), "document-last-refresh-missing"],
  ["an empty last_refresh", withTop("last_refresh", ""), "document-last-refresh-missing"],
  ["a last_refresh in words", withTop("last_refresh", "yesterday, CANARY"), "document-last-refresh-missing"],
  ["a last_refresh in seconds", withTop("last_refresh", 1_795_000_000), "document-last-refresh-missing"],
  [
    "a last_refresh that only a browser reads",
    withTop("last_refresh", "CANARY 5"),
    "document-last-refresh-missing",
  ],
  [
    "a last_refresh without a zone",
    withTop("last_refresh", "2026-11-20T00:00:00"),
    "document-last-refresh-missing",
  ],
  [
    "a last_refresh on no day",
    withTop("last_refresh", "2026-13-40T00:00:00Z"),
    "document-last-refresh-missing",
  ],
  [
    "a last_refresh at the end of time",
    withTop("last_refresh", "+275760-09-12T00:00:00Z"),
    "document-last-refresh-missing",
  ],

  ["an issuer elsewhere", withIssuer("https://auth.openai.com.CANARY.example"), "document-foreign-issuer"],
  [
    "an issuer that ends like OpenAI's",
    withIssuer("https://auth-openai.com/CANARY"),
    "document-foreign-issuer",
  ],
  [
    "an issuer with OpenAI as the user",
    withIssuer("https://auth.openai.com@CANARY.example"),
    "document-foreign-issuer",
  ],
  ["an issuer in clear", withIssuer("http://auth.openai.com"), "document-foreign-issuer"],
  ["an issuer in capitals", withIssuer("HTTPS://AUTH.OPENAI.COM"), "document-foreign-issuer"],
  [
    "an issuer that sounds like loopback",
    withIssuer("http://127.0.0.1.CANARY.example"),
    "document-foreign-issuer",
  ],
  ["a null issuer", withIssuer(null), "document-foreign-issuer"],
  ["a list of issuers", withIssuer(["https://auth.openai.com"]), "document-foreign-issuer"],
  ["base64 of an issuer elsewhere", base64(withIssuer("https://CANARY.example")), "document-foreign-issuer"],
];
