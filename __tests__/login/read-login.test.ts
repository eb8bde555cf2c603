import { beforeEach, describe, expect, test } from "@jest/globals";
import { Secret } from "../../src/core/login/secret.ts";
import { maskTokens, readHanded, readHandedAgain } from "../../src/login/read-login.ts";
import { MemoryLog } from "../action/ports/log.ts";
import { loginNamed } from "../action/step.ts";

const LOGIN = loginNamed("handed");
const JSON_OF_LOGIN = JSON.parse(LOGIN.whole().reveal()) as {
  tokens: Record<string, unknown>;
  [field: string]: unknown;
};

let log: MemoryLog;

beforeEach(() => {
  log = new MemoryLog();
});

function secretOf(json: unknown): Secret {
  return new Secret(JSON.stringify(json, null, 2));
}

function withTokens(change: Record<string, unknown>): Secret {
  return secretOf({ ...JSON_OF_LOGIN, tokens: { ...JSON_OF_LOGIN.tokens, ...change } });
}

describe("a login in a form that this version does not know", () => {
  test.each([
    ["another mode", secretOf({ ...JSON_OF_LOGIN, auth_mode: "chatgpt-v2" })],
    ["no account", withTokens({ account_id: undefined })],
    ["no id token", withTokens({ id_token: undefined })],
  ])("is used as it is, with a warning, and hidden: %s", (_, secret) => {
    const login = readHanded(secret, log);

    expect(login.refreshToken.equals(LOGIN.refreshToken)).toBe(true);
    expect(log.masked).toContain(LOGIN.refreshToken.reveal());
    expect(log.masked).toContain(LOGIN.accessToken.reveal());
    expect(log.lines).toEqual([
      expect.stringMatching(
        /^warning: The login is written in a form that this version does not know: .+\. It is used as it is\.$/,
      ),
    ]);
  });

  test.each([
    ["no refresh token", withTokens({ refresh_token: undefined }), /./],
    [
      "the address of another issuer, to which Codex would send the refresh token",
      withTokens({ oauth_provenance: { issuer: "https://evil.example" } }),
      /./,
    ],
    ["half of it", new Secret(LOGIN.whole().reveal().slice(0, -40)), /breaks off/],
    ["an access copy", LOGIN.withheld(), /./],
  ])("is none, and hidden all the same: %s", (_, secret, message) => {
    expect(() => readHanded(secret, log)).toThrow(message);
    expect(log.masked.some((masked) => masked.includes("CANARY"))).toBe(true);
    expect(log.lines).toEqual([]);
  });
});

describe("what is hidden of a secret that is no login", () => {
  test("is each line that looks like a credential, without the blanks around it, and no other", () => {
    const text = [
      "{",
      "",
      `   credential-CANARY-0123456789a1b2c3d4  `,
      "  a word",
      "\r\n\r\n",
      "/a/path/to/somewhere/0123abcd4567",
    ];

    expect(() => readHanded(new Secret(text.join("\n")), log)).toThrow();

    expect(log.masked).toEqual(["credential-CANARY-0123456789a1b2c3d4"]);
  });
});

describe("where a login or a copy is expected", () => {
  const read = (content: string) => () => readHanded(new Secret(content), log, { accepted: "login-or-copy" });

  test("a copy is read, and hidden", () => {
    const copy = readHanded(LOGIN.withheld(), log, { accepted: "login-or-copy" });

    expect(copy.isAccessCopy).toBe(true);
    expect(log.masked).toContain(LOGIN.accessToken.reveal());
  });

  test("a copy in a form that this version does not know is used, with a warning", () => {
    const secret = withTokens({ account_id: undefined, refresh_token: "" });

    expect(readHanded(secret, log, { accepted: "login-or-copy" }).isAccessCopy).toBe(true);
    expect(log.lines).toHaveLength(1);
  });

  test.each(["x".repeat(99), "new", ` ${"x".repeat(99)}\n`])(
    "a short text says that there is no copy yet: %j",
    (text) => {
      expect(read(text)).toThrow(
        expect.objectContaining({
          code: "access-copy-missing",
          message:
            "There is no access copy in this secret: it holds only a short text, as it does when it was just created.",
          hint: expect.stringContaining("Run the maintenance workflow"),
        }),
      );
    },
  );

  test.each(["x".repeat(100), '{"tokens":', ' {"a":1}'])("another text is told as what it is: %j", (text) => {
    expect(read(text)).toThrow(expect.not.objectContaining({ code: "access-copy-missing" }));
  });

  test("a short text is a damaged login where only a login is expected", () => {
    expect(() => readHanded(new Secret("new"), log)).toThrow(
      expect.not.objectContaining({ code: "access-copy-missing" }),
    );
  });
});

describe("the tokens of a login", () => {
  test.each([
    ["shorter than eight characters", "a1b2c3d", false],
    ["of eight characters", "a1b2c3d4", true],
  ])("are hidden unless they would be found in harmless text: %s", (_, token, isHidden) => {
    const login = readHanded(withTokens({ id_token: token }), new MemoryLog());

    maskTokens(login, log);

    expect(log.masked.includes(token)).toBe(isHidden);
    expect(log.masked).toContain(login.refreshToken.reveal());
    expect(log.masked).toContain(login.content("base64").reveal());
  });

  test("are hidden again by a later phase, without every form of them", () => {
    readHanded(LOGIN.line(), log);
    const inAllForms = log.masked.length;
    log.masked.length = 0;

    const login = readHandedAgain(LOGIN.line(), log, "login");

    expect(login.isSameGeneration(LOGIN)).toBe(true);
    expect(log.masked).toEqual(expect.arrayContaining(LOGIN.tokens.map((token) => token.reveal())));
    expect(log.masked.length).toBeLessThan(inAllForms);
  });
});
