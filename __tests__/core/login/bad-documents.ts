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
  ["access_token", "login-access-token-missing"],
  ["refresh_token", "login-refresh-token-missing"],
  ["id_token", "login-id-token-missing"],
  ["account_id", "login-account-missing"],
];

export const BAD_DOCUMENTS: readonly BadDocument[] = [
  ["nothing", "", "login-empty"],
  ["blanks", "   ", "login-empty"],
  ["newlines and tabs", "\n\t\r\n", "login-empty"],

  ["a UTF-8 byte order mark", `\uFEFF${whole}`, "login-byte-order-mark"],
  ["a UTF-8 byte order mark before pretty JSON", `\uFEFF${pretty}`, "login-byte-order-mark"],
  [
    "UTF-16 read as UTF-8",
    Buffer.from(`\uFEFF${whole}`, "utf16le").toString("utf8"),
    "login-byte-order-mark",
  ],
  [
    "big-endian UTF-16 without a mark, read as Latin-1",
    Buffer.from(whole, "utf16le").swap16().toString("latin1"),
    "login-byte-order-mark",
  ],
  [
    "base64 of big-endian UTF-16 without a mark",
    base64(Buffer.from(whole, "utf16le").swap16()),
    "login-byte-order-mark",
  ],
  ["base64 of a UTF-8 byte order mark", base64(`\uFEFF${whole}`), "login-byte-order-mark"],
  ["base64 of UTF-16", base64(Buffer.from(`\uFEFF${whole}`, "utf16le")), "login-byte-order-mark"],
  [
    "base64 of big-endian UTF-16",
    base64(Buffer.from(`\uFEFF${whole}`, "utf16le").swap16()),
    "login-byte-order-mark",
  ],

  ["more than a secret holds", withTop("padding", "x".repeat(45_000)), "login-too-large"],
  ["base64 of more than a secret holds", base64(withTop("padding", "x".repeat(34_000))), "login-too-large"],
  ["more bytes than characters", withTop("padding", "€".repeat(15_000)), "login-too-large"],
  ["blanks around it beyond the limit", whole + " ".repeat(45_000), "login-too-large"],

  ["an opening brace", "{", "login-truncated"],
  ["a document cut in its first field", whole.slice(0, 9), "login-truncated"],
  ["a document cut in half", whole.slice(0, whole.length / 2), "login-truncated"],
  ["a document cut before its last brace", whole.slice(0, -1), "login-truncated"],
  ["a pretty document cut at a line", pretty.split("\n").slice(0, 5).join("\n"), "login-truncated"],
  ["base64 of a cut document", base64(whole.slice(0, 300)), "login-truncated"],
  ["base64 cut in the middle", base64(whole).slice(0, 400), "login-truncated"],
  ["base64 cut within a group of four", base64(whole).slice(0, 401), "login-truncated"],

  ["a word", "CANARY", "login-not-json"],
  ["the name of the file", "~/.codex/auth.json", "login-not-json"],
  ["an unexpanded expression", "$" + "{{ secrets.CODEX_AUTH_JSON }}", "login-not-json"],
  ["an HTML page", "<!doctype html><html><body>CANARY</body></html>", "login-not-json"],
  ["a masked value", "***", "login-not-json"],
  ["a refresh token alone", "rt_CANARY-0", "login-not-json"],
  ["an access token alone", jwt({ exp: 1 }), "login-not-json"],
  ["an array", JSON.stringify([authJson()]), "login-not-json"],
  ["a number", "42", "login-not-json"],
  ["null", "null", "login-not-json"],
  ["true", "true", "login-not-json"],
  ["a JSON string of it", JSON.stringify(whole), "login-not-json"],
  ["TOML", 'auth_mode = "chatgpt"', "login-not-json"],
  ["a shell assignment", `CODEX_AUTH_JSON='${whole}'`, "login-not-json"],
  ["single quotes", "{'auth_mode': 'CANARY'}", "login-not-json"],
  ["a trailing comma", whole.replace(/}$/, ",}"), "login-not-json"],
  ["two documents", whole + whole, "login-not-json"],
  ["a comment in it", whole.replace("{", "{/* CANARY */"), "login-not-json"],
  ["a newline inside a string", whole.replace("rt_CANARY", "rt_\nCANARY"), "login-not-json"],
  ["base64 of a word", base64("CANARY CANARY"), "login-not-json"],
  ["base64 of a word with a zero in it", base64("CA\0NARY"), "login-not-json"],
  ["base64 of any bytes", base64(Buffer.from("0fffe043414e415259", "hex")), "login-not-json"],
  ["base64 of an array", base64(JSON.stringify([authJson()])), "login-not-json"],
  ["base64 of HTML", base64("<html>CANARY</html>"), "login-not-json"],
  ["base64 of base64", base64(base64(whole)), "login-not-json"],
  ["base64url of it", Buffer.from(withTop("note", "~~~???>>>")).toString("base64url"), "login-not-json"],
  ["base64 with a foreign character", `${base64(whole)}!`, "login-not-json"],
  ["base64 with padding in the middle", `${base64(whole)}==${base64(whole)}`, "login-not-json"],
  ["hexadecimal of it", Buffer.from(whole).toString("hex"), "login-not-json"],
  ["padding only", "==", "login-not-json"],

  ["an empty object", "{}", "login-not-codex"],
  ["another program's object", '{"access_token":"CANARY"}', "login-not-codex"],
  ["base64 of another program's object", base64('{"name":"CANARY"}'), "login-not-codex"],

  ["an API-key login", '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-CANARY"}', "login-api-key"],
  ["an API-key login of an old Codex", '{"OPENAI_API_KEY":"sk-CANARY"}', "login-api-key"],
  [
    "an API key that wins over tokens, for want of a mode",
    JSON.stringify({ ...authJson(), auth_mode: undefined, OPENAI_API_KEY: "sk-CANARY" }),
    "login-api-key",
  ],
  [
    "an API key that wins over tokens under a null mode",
    JSON.stringify({ ...authJson(), auth_mode: null, OPENAI_API_KEY: "sk-CANARY" }),
    "login-api-key",
  ],
  ["base64 of an API-key login", base64('{"OPENAI_API_KEY":"sk-CANARY"}'), "login-api-key"],

  ["external tokens", withTop("auth_mode", "chatgptAuthTokens"), "login-not-chatgpt"],
  ["a personal access token", withTop("auth_mode", "personalAccessToken"), "login-not-chatgpt"],
  ["an agent identity", withTop("auth_mode", "agentIdentity"), "login-not-chatgpt"],
  ["an unknown mode", withTop("auth_mode", "CANARY"), "login-not-chatgpt"],
  ["the mode in capitals", withTop("auth_mode", "ChatGPT"), "login-not-chatgpt"],
  ["an empty mode", withTop("auth_mode", ""), "login-not-chatgpt"],
  ["a number for a mode", withTop("auth_mode", 1), "login-not-chatgpt"],

  ["only a mode", '{"auth_mode":"chatgpt"}', "login-tokens-missing"],
  ["only a date", '{"last_refresh":"CANARY"}', "login-tokens-missing"],
  ["only tokens", '{"tokens":{"id_token":"CANARY"}}', "login-access-token-missing"],
  ["no tokens", '{"auth_mode":"chatgpt","last_refresh":"CANARY"}', "login-tokens-missing"],
  ["null tokens", withTop("tokens", null), "login-tokens-missing"],
  ["an array of tokens", withTop("tokens", ["CANARY"]), "login-tokens-missing"],
  ["a string of tokens", withTop("tokens", "CANARY"), "login-tokens-missing"],
  ["empty tokens", withTop("tokens", {}), "login-access-token-missing"],

  ...fields.flatMap(([field, code]): BadDocument[] => [
    [`no ${field}`, without(field), code],
    // An empty refresh token makes an access copy.
    ...(field === "refresh_token" ? [] : [[`an empty ${field}`, withToken(field, ""), code] as const]),
    [`a blank ${field}`, withToken(field, " \n"), code],
    [`a null ${field}`, withToken(field, null), code],
    [`a number for ${field}`, withToken(field, 42), code],
    [`an object for ${field}`, withToken(field, { value: "CANARY" }), code],
    [`base64 of no ${field}`, base64(without(field)), code],
  ]),

  ["no last_refresh", withTop("last_refresh", undefined), "login-last-refresh-missing"],
  ["a null last_refresh", withTop("last_refresh", null), "login-last-refresh-missing"],
  ["an empty last_refresh", withTop("last_refresh", ""), "login-last-refresh-missing"],
  ["a last_refresh in words", withTop("last_refresh", "yesterday, CANARY"), "login-last-refresh-missing"],
  [
    "a last_refresh in a list",
    withTop("last_refresh", ["2026-11-20T00:00:00Z"]),
    "login-last-refresh-missing",
  ],
  ["a last_refresh in seconds", withTop("last_refresh", 1_795_000_000), "login-last-refresh-missing"],
  [
    "a last_refresh that only a browser reads",
    withTop("last_refresh", "CANARY 5"),
    "login-last-refresh-missing",
  ],
  [
    "a last_refresh with a remark",
    withTop("last_refresh", "2026-11-20 00:00:00Z (CANARY)"),
    "login-last-refresh-missing",
  ],
  [
    "a last_refresh without a zone",
    withTop("last_refresh", "2026-11-20T00:00:00"),
    "login-last-refresh-missing",
  ],
  ["a last_refresh on no day", withTop("last_refresh", "2026-13-40T00:00:00Z"), "login-last-refresh-missing"],
  [
    "a last_refresh at the end of time",
    withTop("last_refresh", "+275760-09-12T00:00:00Z"),
    "login-last-refresh-missing",
  ],

  ["an issuer elsewhere", withIssuer("https://auth.openai.com.CANARY.example"), "login-foreign-issuer"],
  ["an issuer that ends like OpenAI's", withIssuer("https://auth-openai.com/CANARY"), "login-foreign-issuer"],
  [
    "an issuer with OpenAI as the user",
    withIssuer("https://auth.openai.com@CANARY.example"),
    "login-foreign-issuer",
  ],
  [
    "an issuer with OpenAI's address in its path",
    withIssuer("https://CANARY.example/https://auth.openai.com"),
    "login-foreign-issuer",
  ],
  ["an issuer in clear", withIssuer("http://auth.openai.com"), "login-foreign-issuer"],
  ["an issuer in capitals", withIssuer("HTTPS://AUTH.OPENAI.COM"), "login-foreign-issuer"],
  [
    "an issuer that sounds like loopback",
    withIssuer("http://127.0.0.1.CANARY.example"),
    "login-foreign-issuer",
  ],
  ["a null issuer", withIssuer(null), "login-foreign-issuer"],
  ["a list of issuers", withIssuer(["https://auth.openai.com"]), "login-foreign-issuer"],
  ["base64 of an issuer elsewhere", base64(withIssuer("https://CANARY.example")), "login-foreign-issuer"],
];
