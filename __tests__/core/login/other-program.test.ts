import { describe, expect, test } from "@jest/globals";
import { describeOtherProgram } from "../../../src/core/login/other-program.ts";
import { LOGIN_AGAIN } from "../../../src/core/login/secret-text.ts";

/** An object with these fields, all filled. */
const fields = (...names: string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, "x"]));

describe("an object that is another program's", () => {
  test.each<[object: Record<string, unknown>, what: string, hint: string]>([
    [fields("sops"), "SOPS", LOGIN_AGAIN],
    [fields("refresh_token", "access_token", "last_refresh"), "another program's copy", LOGIN_AGAIN],
    [fields("refresh_token", "access_token", "email"), "another program's copy", LOGIN_AGAIN],
    [fields("refresh_token", "access_token", "account_id"), "only the `tokens` part", LOGIN_AGAIN],
    [fields("accessToken", "user"), "ChatGPT's session page", "It cannot be refreshed"],
    [fields("claudeAiOauth"), "the login of Claude Code", LOGIN_AGAIN],
    [{ a: { type: "oauth", access: "x" } }, "OpenCode", LOGIN_AGAIN],
    [{ a: 1, b: { type: "oauth", refresh: "x" } }, "OpenCode", LOGIN_AGAIN],
    [{ a: { type: "api", key: "x" } }, "OpenCode", LOGIN_AGAIN],
    [fields("access_token", "expiry_date"), "Google's libraries", LOGIN_AGAIN],
    [{ type: "service_account" }, "Google Cloud", LOGIN_AGAIN],
    [{ type: "authorized_user" }, "Google Cloud", LOGIN_AGAIN],
    [fields("auths"), "Docker's", LOGIN_AGAIN],
    [fields("oauthAccount"), "the settings of Claude Code", LOGIN_AGAIN],
    [fields("github.com"), "a GitHub login", LOGIN_AGAIN],
    [fields("x", "github.com:app"), "a GitHub login", LOGIN_AGAIN],
    [fields("private_key"), "a private key", LOGIN_AGAIN],
    [fields("encrypted_value", "key_id"), "already sealed", LOGIN_AGAIN],
    [fields("key_id", "key"), "GitHub's API about secrets", LOGIN_AGAIN],
    [fields("name", "created_at", "updated_at"), "GitHub's API about secrets", LOGIN_AGAIN],
    [fields("user_code"), "a device login", LOGIN_AGAIN],
    [fields("error"), "an error message", "Look at what has produced the secret"],
    [fields("message", "documentation_url"), "an error message", "Look at what has produced the secret"],
    [fields("access_token"), "the token file of another program", LOGIN_AGAIN],
    [fields("refresh_token"), "the token file of another program", LOGIN_AGAIN],
    [fields("accessToken"), "the token file of another program", LOGIN_AGAIN],
    [fields("refreshToken"), "the token file of another program", LOGIN_AGAIN],
    [fields("token"), "the token file of another program", LOGIN_AGAIN],
    [fields("name", "version"), "a package.json", LOGIN_AGAIN],
    [{ a: 1, b: { tokens: {} } }, "in one of its fields", "Pass the field by itself"],
    [{ a: ' \n{"x":1, "tokens" : {' }, "in one of its fields", "Pass the field by itself"],
    [{ sops: 1, a: { tokens: {} } }, "in one of its fields", "Pass the field by itself"],
  ])("%j is called by its name", (object, what, hint) => {
    const found = describeOtherProgram(object);

    expect(found?.what).toContain(what);
    expect(found?.hint).toContain(hint);
  });

  test.each<Record<string, unknown>>([
    {},
    fields("user"),
    fields("account_id"),
    fields("email", "last_refresh"),
    fields("expiry_date"),
    fields("encrypted_value"),
    fields("key_id"),
    fields("key"),
    fields("name"),
    fields("version"),
    fields("name", "created_at"),
    fields("updated_at", "created_at"),
    fields("message"),
    fields("documentation_url"),
    fields("my.github.com"),
    fields("github.community"),
    fields("githubXcom"),
    { type: "user" },
    { a: { type: "oauth" } },
    { a: { type: "oauth", key: "x" } },
    { a: { type: "api", access: "x" } },
    { a: { access: "x", key: "x" } },
    { a: null },
    { a: { tokens: [] } },
    { a: [{ tokens: {} }] },
    { a: 'x {"tokens":{' },
    { a: '{"tokens":[' },
  ])("%j is nobody's that is known", (object) => {
    expect(describeOtherProgram(object)).toBeNull();
  });
});
