import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Failure } from "../../../src/core/failure/failure.ts";
import { parseLogin } from "../../../src/core/login/stored-instead.ts";
import { WHOLE_SENTENCES } from "../sentences.ts";
import { authJson, jwt } from "./documents.ts";

const whole = JSON.stringify(authJson());
const pretty = JSON.stringify(authJson(), null, 2);
const { tokens } = authJson();
const base64 = (text: string | Buffer): string => Buffer.from(text).toString("base64");

function refusal(content: string): Failure {
  try {
    parseLogin(content);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

/** The content of the secret; the code; a part of the sentence that names it. */
const STORED: readonly (readonly [content: string, code: string, named: string])[] = [
  ...[
    "-",
    "1",
    "a",
    "***",
    "...",
    "xxx",
    "TODO",
    "null",
    "true",
    "changeme",
    '""',
    "''",
    "N/A",
    "<your auth.json>",
  ].map((text) => [text, "login-placeholder", "a placeholder"] as const),
  ["REDACTED", "login-placeholder", "a placeholder"],
  ["put the content of your auth.json here", "login-placeholder", "a placeholder"],
  ["your-codex-auth-json-goes-here", "login-placeholder", "a placeholder"],
  ["CODEX_AUTH_JSON", "login-placeholder", "a placeholder"],
  ["$" + "{{ secrets.CODEX_AUTH_JSON }}", "login-placeholder", "expression"],
  ["$CODEX_AUTH_JSON", "login-placeholder", "variable"],
  ["%CODEX_AUTH_JSON%", "login-placeholder", "variable"],

  ["Tr0ub4dor&3", "login-placeholder", "a short text"],
  ["Tr0ub4dor&3-Tr0ub4d", "login-placeholder", "a short text"],
  ["Tr0ub4dor&3-Tr0ub4do", "login-not-json", "neither JSON nor base64 of JSON: it is one long word"],
  ["Tr0ub4dor&3 and a horse", "login-not-json", "neither JSON nor base64 of JSON."],
  ["a {b c7}", "login-not-json", "neither JSON nor base64 of JSON."],
  ['7 "tokens" and nothing else', "login-not-json", "neither JSON nor base64 of JSON."],
  ['7 "tokens" before a {brace}', "login-not-json", "neither JSON nor base64 of JSON."],
  ["7 words, and {nothing} in braces", "login-not-json", "neither JSON nor base64 of JSON."],
  [base64("it7is1a2long3word4and5nothing6else"), "login-not-json", "it is one long word"],
  [base64("7 BZh words that nobody compressed"), "login-not-json", "neither JSON nor base64 of JSON."],
  [base64("\u0001".repeat(30)), "login-not-json", "it is one long word"],

  ["op://vault/codex/auth.json", "login-is-a-path", "secret manager"],
  ["vault:secret/data/codex#auth", "login-is-a-path", "secret manager"],
  ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:codex-AbCdEf", "login-is-a-path", "secret manager"],
  ["projects/123/secrets/codex/versions/latest", "login-is-a-path", "secret manager"],
  [
    "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/codex/)",
    "login-is-a-path",
    "secret manager",
  ],
  ["~/.codex/auth.json", "login-is-a-path", "a path"],
  ["/home/somebody/.codex/auth.json", "login-is-a-path", "a path"],
  ["C:\\Users\\Some Body\\.codex\\auth.json", "login-is-a-path", "a path"],
  ["$HOME/.codex/auth.json", "login-is-a-path", "a path"],
  ["%USERPROFILE%\\.codex\\auth.json", "login-is-a-path", "a path"],
  ["auth.json", "login-is-a-path", "a path"],
  ["./codex auth/auth.json", "login-is-a-path", "a path"],
  ["$(cat ~/.codex/auth.json)", "login-is-a-path", "a command"],
  ["cat ~/.codex/auth.json | base64", "login-is-a-path", "a command"],
  ["< ~/.codex/auth.json", "login-is-a-path", "a command"],
  ["@auth.json", "login-is-a-path", "a command"],
  ["https://example.com/auth.json", "login-is-a-path", "an address"],

  ["sk-proj-0a1b2c3d4e5f6a7b8c9d", "login-api-key", "an API key"],
  ["sk-ant-api03-0a1b2c3d4e5f6a7b8c9d", "login-is-a-token", "Anthropic"],
  ["github_pat_11AAAAAAA0a1b2c3d4e5f6a7b8c9d", "login-is-a-token", "GitHub"],
  ["ghp_0a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b", "login-is-a-token", "GitHub"],
  ["rt_0a1b2c3d4e5f6a7b8c9d", "login-is-a-token", "a refresh token"],
  [jwt({ exp: 1 }), "login-is-a-token", "a single token"],
  [`Bearer ${jwt({ exp: 1 })}`, "login-is-a-token", "Authorization"],
  [
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow1BAAKCAQEA\n-----END RSA PRIVATE KEY-----",
    "login-is-a-token",
    "PEM",
  ],

  [`CODEX_AUTH_JSON=${whole}`, "login-not-json", "an assignment"],
  [`export CODEX_AUTH_JSON='${whole}'`, "login-not-json", "an assignment"],
  [`$env:CODEX_AUTH_JSON = '${whole}'`, "login-not-json", "an assignment"],
  [`export CODEX_AUTH_JSON=${base64(whole)}`, "login-not-json", "an assignment"],
  ["OPENAI_API_KEY=sk-1\nCODEX_HOME=/x", "login-not-json", "assignments"],
  ['model = "gpt-5"\n[features]\napps = false', "login-not-json", "config.toml"],
  ["auth_mode: chatgpt\ntokens:\n  access_token: x\n  refresh_token: y", "login-not-json", "YAML"],
  ["<!doctype html><html><body>Sign in</body></html>", "login-not-json", "a web page"],
  [JSON.stringify([authJson()]), "login-not-json", "a JSON array"],
  [`\`\`\`json\n${pretty}\n\`\`\``, "login-not-json", "Markdown"],
  ["OPENAI_API_KEY=\nFOO=bar", "login-not-json", "assignments"],
  ["export A=1\nexport OPENAI_API_KEY=sk-0a1b2c3d4e5f6a7b8c9d", "login-not-json", "assignments"],
  ["<!-- saved from url=(0026)x --><html></html>", "login-not-json", "a web page"],
  ["cat: /root/.codex/auth.json: No such file or directory", "login-not-json", "an error message"],
  ["Logged in using ChatGPT", "login-not-json", "what a command has printed"],
  ["Not logged in", "login-not-json", "what a command has printed"],
  [
    "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: x",
    "login-not-json",
    "an error message",
  ],
  ["[ERROR] 2026/11/26 10:00:00 no item", "login-not-json", "an error message"],
  [`The login is: ${whole}`, "login-not-json", "an auth.json somewhere in it"],

  ["age-encryption.org/v1\n-> X25519 abc\n", "login-encrypted", "encrypted"],
  ["$ANSIBLE_VAULT;1.1;AES256\n3031", "login-encrypted", "encrypted"],
  ["-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----", "login-encrypted", "encrypted"],
  [
    "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----",
    "login-encrypted",
    "encrypted",
  ],
  [base64(`Salted__${"\u0001".repeat(60)}`), "login-encrypted", "OpenSSL"],
  [base64("age-encryption.org/v1\n-> X25519 abc\n"), "login-encrypted", "base64"],

  [JSON.stringify(whole), "login-encoded-twice", "quotation marks"],
  [JSON.stringify(JSON.stringify(whole)), "login-encoded-twice", "quotation marks"],
  [base64(base64(whole)), "login-encoded-twice", "base64 of base64"],
  [base64(base64(pretty)), "login-encoded-twice", "base64 of base64"],
  [base64(base64(`\n${pretty}`)), "login-encoded-twice", "base64 of base64"],
  [
    Buffer.from(whole.replace("chatgpt", "~~~???>>>")).toString("base64url"),
    "login-encoded-twice",
    "base64url",
  ],
  [`${base64(pretty).slice(0, 500)}…`, "login-truncated", "cut with dots"],
  [`${base64(whole).slice(0, 501)}...`, "login-truncated", "cut with dots"],
  [whole.slice(1), "login-truncated", "lacks its beginning"],
  [pretty.split("\n").slice(1).join("\n"), "login-truncated", "lacks its beginning"],
  [base64(Buffer.from("377abcaf271c0004aa", "hex")), "login-encoded-twice", "compressed"],
  [base64(Buffer.concat([Buffer.alloc(257, "a"), Buffer.from("ustar\0")])), "login-encoded-twice", "tar"],
  [base64(JSON.stringify(whole)), "login-encoded-twice", "quotation marks"],
  [encodeURIComponent(whole), "login-encoded-twice", "percent signs"],
  [`data:application/json;base64,${base64(whole)}`, "login-encoded-twice", "data URL"],
  [Buffer.from(whole).toString("hex"), "login-encoded-twice", "hexadecimal"],
  [base64(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0])), "login-encoded-twice", "compressed"],

  [pretty.replaceAll('"', "\u201d"), "login-not-json", "typographic"],
  [whole.replace("chatgpt", "chat\u200bgpt").replace(",", ",\u200b"), "login-not-json", "invisible"],
  [pretty.replaceAll("  ", "\u00a0\u00a0"), "login-not-json", "invisible"],
  [`${whole}\0`, "login-not-json", "invisible"],
  [base64(`${whole}\0\0`), "login-not-json", "invisible"],
  [`${pretty}\x1a`, "login-not-json", "invisible"],
  [`\u00ef\u00bb\u00bf${whole}`, "login-byte-order-mark", "byte order mark"],
  [JSON.stringify(whole).slice(1, -1), "login-not-json", "escaped"],
  [whole.replaceAll('"', "&quot;"), "login-not-json", "HTML entities"],
  [whole.replaceAll('"', "'").replace("null", "None"), "login-not-json", "Python"],
  [whole.replace("CANARY", "CANA\nRY"), "login-not-json", "line breaks"],
  [whole.replaceAll('"', ""), "login-not-json", "quotation marks are gone"],
  [whole + whole, "login-not-json", "two objects"],
  [Buffer.from(whole, "utf16le").toString("latin1"), "login-byte-order-mark", "UTF-16"],
  [base64(Buffer.from(whole, "utf16le")), "login-byte-order-mark", "UTF-16"],

  [JSON.stringify(tokens), "login-not-codex", "only the `tokens` part"],
  ['{"access_token":"x","refresh_token":"y","expires_in":1}', "login-not-codex", "another program"],
  [
    JSON.stringify({ ...tokens, last_refresh: "2026-01-01T00:00:00Z", email: "x", type: "codex" }),
    "login-not-codex",
    "another program's copy",
  ],
  ['{"access_token":"x","refresh_token":"y","email":"z"}', "login-not-codex", "another program's copy"],
  ['{"access_token":"x","refresh_token":"y","resource_url":"z","expiry_date":1}', "login-not-codex", "Qwen"],
  ['{"github.com:Iv1.x":{"user":"x","oauth_token":"y"}}', "login-not-codex", "a GitHub login"],
  ['{"numStartups":3,"oauthAccount":{}}', "login-not-codex", "Claude Code"],
  ['{"openai":{"type":"oauth","refresh":"x","access":"y","expires":1}}', "login-not-codex", "OpenCode"],
  ['{"openai-codex":{"type":"oauth","refresh":"x","access":"y","expires":1}}', "login-not-codex", "OpenCode"],
  ['{"openai":{"type":"api","key":"x"}}', "login-not-codex", "OpenCode"],
  ['{"claudeAiOauth":{"accessToken":"x"}}', "login-not-codex", "Claude Code"],
  ['{"user":{"id":"x"},"expires":"x","accessToken":"y"}', "login-not-codex", "session page"],
  ['{"access_token":"x","expiry_date":1,"refresh_token":"y"}', "login-not-codex", "Google"],
  ['{"type":"service_account","private_key":"x"}', "login-not-codex", "Google Cloud"],
  ['{"github.com":{"user":"x","oauth_token":"y"}}', "login-not-codex", "a GitHub login"],
  ['{"sops":{"mac":"x"},"data":"y"}', "login-not-codex", "SOPS"],
  [base64('\n {"sops":{"mac":"x"},"data":"y"}'), "login-not-codex", "SOPS"],
  [JSON.stringify({ CODEX_AUTH_JSON: whole, github_token: "x" }), "login-not-codex", "one of its fields"],
  [JSON.stringify({ data: authJson() }), "login-not-codex", "one of its fields"],
  ['{"message":"Bad credentials","documentation_url":"x"}', "login-not-codex", "an error message"],

  ...[
    "<redacted>",
    "***",
    "...",
    "REDACTED",
    "xxxxxxxx",
    "your-token-here",
    "[removed]",
    "*".repeat(60),
    `${"eyJhbGciOiJSUzI1NiJ9".repeat(3)}…`,
    `${"rt_0a1b".repeat(9)}...${"9z".repeat(9)}`,
  ].flatMap((text) => [
    [
      JSON.stringify(authJson({ refresh_token: text })),
      "login-refresh-token-missing",
      "a placeholder",
    ] as const,
    [
      JSON.stringify(authJson({ access_token: text })),
      "login-access-token-missing",
      "a placeholder",
    ] as const,
  ]),
];

describe("what was stored in a login's place", () => {
  test.each(STORED)("%j is called what it is", (content, code, named) => {
    for (const text of [content, `\n ${content}\n`]) {
      const failure = refusal(text);
      expect(failure).toMatchObject({ code, message: expect.stringContaining(named) });
      expect(failure.message).toMatch(WHOLE_SENTENCES);
      expect(failure.hint).toMatch(WHOLE_SENTENCES);
    }
  });

  test("is never quoted, and never breaks the reader", () => {
    const around = fc.string({ maxLength: 12 });
    const stored = fc.constantFrom(...STORED.map(([content]) => content), whole, base64(whole));
    fc.assert(
      fc.property(stored, around, around, fc.boolean(), (content, before, after, encoded) => {
        const text = `${before}CANARY-9z${content}CANARY-9z${after}`;
        const failure = refusal(encoded ? base64(text) : text);
        expect(`${failure.message} ${failure.hint} ${String(failure.cause)}`).not.toContain("CANARY-9z");
      }),
      { numRuns: 500 },
    );
  });

  test("takes no time to tell, however long it is", () => {
    for (const unit of ["{", "}", "{}", "a ", "ab=c\n", '"', "\\", "[", "<a ", "eyJ.", "/*", "key: ", "x"]) {
      // Of the processor: on a busy machine anything takes a second by the clock.
      const began = process.cpuUsage();
      refusal(unit.repeat(44_000 / unit.length));
      refusal(`{${unit.repeat(43_000 / unit.length)}}`);
      expect(process.cpuUsage(began).user / 1_000).toBeLessThan(1_000);
    }
  });
});
