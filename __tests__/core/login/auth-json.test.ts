import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { FAILURE_CODES, Failure, hasMark } from "../../../src/core/failure/failure.ts";
import { AuthJson, readWorkingCopy } from "../../../src/core/login/auth-json.ts";
import { MAXIMUM_SECRET_BYTES } from "../../../src/core/login/secret-text.ts";
import { WHOLE_SENTENCES } from "../sentences.ts";
import { BAD_DOCUMENTS } from "./bad-documents.ts";
import { authJson, jwt } from "./documents.ts";

const compact = JSON.stringify(authJson());
const pretty = JSON.stringify(authJson(), null, 2);

function refusal(content: string): Failure {
  try {
    AuthJson.parse(content);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("expected the document to be refused");
}

/** Everything an error could ever be printed as. */
function everythingOf(error: Error): string {
  return [
    error.message,
    error.stack,
    String(error.cause),
    inspect(error, { depth: 9, showHidden: true }),
  ].join();
}

/** What stored-instead.ts tells, and OpenAI. */
const BY_NAME_ONLY = [
  "login-refused",
  "login-placeholder",
  "login-is-a-path",
  "login-is-a-token",
  "login-encrypted",
  "login-encoded-twice",
];

describe("a bad document", () => {
  test.each(BAD_DOCUMENTS)("%s is refused", (_what, content, code) => {
    expect(refusal(content).code).toBe(code);
  });

  test.each(BAD_DOCUMENTS)("%s is refused in whole sentences", (_what, content) => {
    const { message, hint } = refusal(content);

    expect(message).toMatch(WHOLE_SENTENCES);
    expect(hint).toMatch(WHOLE_SENTENCES);
  });

  test("is refused for every reason a document has", () => {
    const judged = new Set(BAD_DOCUMENTS.map(([, , code]) => code));

    // Whose account it is can only be told beside another document, and whether OpenAI takes it by asking OpenAI.
    const elsewhere: readonly string[] = ["login-other-account", "login-refused"];
    const reasons = FAILURE_CODES.filter(
      (code) =>
        code.startsWith("login-") &&
        hasMark(code, "new-login") &&
        !BY_NAME_ONLY.includes(code) &&
        !elsewhere.includes(code),
    );
    expect([...judged].sort()).toEqual([...reasons].sort());
    expect(BAD_DOCUMENTS.length).toBeGreaterThanOrEqual(60);
  });

  test.each(BAD_DOCUMENTS)("%s is not quoted by its refusal", (_what, content) => {
    const said = everythingOf(refusal(content));

    expect(said).not.toContain("CANARY");
    expect(said).not.toContain(Buffer.from("CANARY").toString("base64").slice(0, 7));
  });

  test("is never quoted, wherever it is damaged", () => {
    const damaged = fc.oneof(
      // Cut, or with something else in the place of some characters, or both and in base64.
      fc.tuple(fc.nat(compact.length), fc.nat(20), fc.string({ maxLength: 12 })).map(([at, count, text]) => {
        return `${compact.slice(0, at)}${text}${compact.slice(at + count)}`;
      }),
      fc.nat(compact.length).map((at) => compact.slice(0, at)),
      fc.json().map((json) => `{"CANARY":${json}`),
      fc.string().map((text) => `CANARY${text}`),
    );

    fc.assert(
      fc.property(damaged, fc.boolean(), (text, encoded) => {
        try {
          AuthJson.parse(encoded ? Buffer.from(text).toString("base64") : text);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect(everythingOf(error as Failure)).not.toContain("CANARY");
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a good document", () => {
  const base64 = Buffer.from(pretty).toString("base64");
  const wrapped = `${base64.match(/.{1,76}/g)?.join("\r\n")}\r\n`;

  test.each([
    ["pretty", pretty, "json"],
    ["pretty with CRLF", pretty.replaceAll("\n", "\r\n"), "json"],
    ["compact with a newline", `${compact}\n`, "json"],
    ["among blanks", `\n  ${compact}\t\n`, "json"],
    ["base64", base64, "base64"],
    ["base64 among blanks", ` \n${base64}\t`, "base64"],
    ["base64 of blanks around it", Buffer.from(`\n ${compact}\n`).toString("base64"), "base64"],
    ["base64 of the compact form", Buffer.from(compact).toString("base64"), "base64"],
    ["base64 without padding", Buffer.from(`${compact} `).toString("base64").replace(/=+$/, ""), "base64"],
    ["base64 in lines that end in CRLF", wrapped, "base64"],
    ["base64 in lines", wrapped.replaceAll("\r", ""), "base64"],
  ] as const)("is read %s, and keeps its encoding when it is written back", (_form, content, encoding) => {
    const login = AuthJson.parse(content);

    expect(login.encoding).toBe(encoding);
    const written = login.content(login.encoding).reveal();
    expect(written).not.toMatch(/\s/);
    expect(written.startsWith("{")).toBe(encoding === "json");
    expect(AuthJson.parse(written)).toMatchObject({ encoding, generation: login.generation });
    expect(JSON.parse(AuthJson.parse(written).whole().reveal())).toEqual(authJson());
  });

  test("survives every round trip, whatever else stands in it", () => {
    const names = fc
      .string()
      .filter((name) => !["tokens", "auth_mode", "OPENAI_API_KEY", "last_refresh"].includes(name));
    const filled = fc
      .string({ minLength: 1 })
      .filter((text) => text.trim() !== "" && !/\.{3}|\*{3}|\u2026/.test(text))
      .map((text) => text + "0a1b2c3d".repeat(5));
    const texts = fc.record({
      refresh_token: filled,
      access_token: filled,
      id_token: filled,
      account_id: filled,
    });

    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), texts, fc.boolean(), (unknown, tokens, encoded) => {
        const json = JSON.parse(JSON.stringify({ ...unknown, ...authJson(tokens) })) as unknown;
        const text = JSON.stringify(json, null, encoded ? 0 : 2);

        const login = AuthJson.parse(encoded ? Buffer.from(text).toString("base64") : text);

        expect(login.refreshToken.reveal()).toBe(tokens.refresh_token);
        expect(login.accountId).toBe(tokens.account_id);
        for (const form of [login.whole(), login.line(), login.content("json")]) {
          expect(JSON.parse(form.reveal())).toEqual(json);
          expect(AuthJson.parse(form.reveal()).generation).toBe(login.generation);
        }
        expect(JSON.parse(Buffer.from(login.content("base64").reveal(), "base64").toString())).toEqual(json);
      }),
    );
  });

  test("may be as large as a secret, to the byte", () => {
    const padding = (bytes: number) => compact.replace("}", `}${" ".repeat(bytes - compact.length)}`);

    expect(AuthJson.parse(padding(MAXIMUM_SECRET_BYTES)).accountId).toBe("account-1");
    expect(refusal(padding(MAXIMUM_SECRET_BYTES + 1)).code).toBe("login-too-large");
  });

  test.each([
    ["without a mode", { auth_mode: undefined }],
    ["with a null mode", { auth_mode: null }],
    ["with an empty API key and no mode", { auth_mode: undefined, OPENAI_API_KEY: "" }],
    ["with an API key that its mode leaves unused", { OPENAI_API_KEY: "sk-CANARY" }],
    ["with byte order marks within a text", { note: "a\uFEFF b\u00EF\u00BB\u00BF" }],
    ["with whole seconds", { last_refresh: "2026-11-20T00:00:00Z" }],
    ["with an offset", { last_refresh: "2026-11-20T02:00:00.5+02:00" }],
  ])("may come %s", (_how, top) => {
    expect(AuthJson.parse(JSON.stringify(authJson({}, top))).accountId).toBe("account-1");
  });

  test.each([
    ["OpenAI's own", "https://auth.openai.com"],
    ["OpenAI's own with a slash", "https://auth.openai.com/"],
    ["of ChatGPT's", "https://chatgpt.com"],
    ["of OpenAI's, further down", "https://eu.auth.openai.com/oauth"],
    ["on this machine", "http://127.0.0.1:4711"],
    ["on this machine by name", "http://localhost:4711/"],
    ["on this machine in IPv6", "http://[::1]:4711"],
  ])("may name an issuer %s", (_whose, issuer) => {
    expect(AuthJson.parse(JSON.stringify(authJson({ oauth_provenance: { issuer } }))).accountId).toBe(
      "account-1",
    );
  });

  test.each([
    ["no provenance", undefined],
    ["a null provenance", null],
    ["a provenance without an issuer", { client_id: "app" }],
  ])("of an older Codex has %s", (_what, oauth_provenance) => {
    expect(AuthJson.parse(JSON.stringify(authJson({ oauth_provenance }))).accountId).toBe("account-1");
  });
});

test("a token with a placeholder's words in it is a token from 40 characters on", () => {
  const with_ = (refresh_token: string) => JSON.stringify(authJson({ refresh_token }));
  const token = "rt_your-0a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f";

  expect(AuthJson.parse(with_(token.slice(0, 40))).refreshToken.reveal()).toHaveLength(40);
  expect(refusal(with_(token.slice(0, 39)))).toMatchObject({
    code: "login-refresh-token-missing",
    message: expect.stringContaining("a placeholder"),
  });
});

describe("an access copy", () => {
  const copy = JSON.stringify(authJson({ refresh_token: "" }));

  test.each([
    ["as it is", copy],
    ["in base64", Buffer.from(copy).toString("base64")],
    ["pretty", JSON.stringify(JSON.parse(copy), null, 2)],
  ])("is read where one is accepted, %s", (_how, content) => {
    const login = AuthJson.parse(content, "login-or-copy");

    expect(login.isAccessCopy).toBe(true);
    expect(login.accessTokenExpiresAt).toEqual(AuthJson.parse(compact).accessTokenExpiresAt);
    expect(login.tokens.map((token) => token.isEmpty)).toEqual([false, false]);
  });

  test("is refused where a login is needed, and told from a login that somebody has stripped", () => {
    expect(refusal(copy)).toMatchObject({
      code: "login-is-a-copy",
      message: expect.stringMatching(/^This is an access copy: its refresh token is empty/),
      hint: expect.stringMatching(/`refresh: never`.*login/),
    });
    for (const content of [
      withoutRefreshToken(undefined),
      withoutRefreshToken(null),
      withoutRefreshToken(" "),
    ])
      expect(() => AuthJson.parse(content, "login-or-copy")).toThrow(
        expect.objectContaining({ code: "login-refresh-token-missing" }),
      );
  });

  test("is no login of another version of Codex, unless one is accepted", () => {
    expect(AuthJson.read(copy)).toBeNull();
    expect(AuthJson.read(copy, "login-or-copy")?.isAccessCopy).toBe(true);
    expect(AuthJson.read(withoutRefreshToken(null), "login-or-copy")).toBeNull();
  });

  test("a login is none", () => {
    expect(AuthJson.parse(compact, "login-or-copy").isAccessCopy).toBe(false);
  });

  function withoutRefreshToken(instead: unknown): string {
    return JSON.stringify(authJson({ refresh_token: instead }));
  }
});

describe("a working copy", () => {
  test("lacks the refresh token and nothing else", () => {
    const copy = AuthJson.parse(compact).withheld().reveal();

    expect(copy).not.toContain("rt_CANARY-0");
    expect(JSON.parse(copy)).toEqual(authJson({ refresh_token: "" }));
    expect(Object.keys(JSON.parse(copy).tokens)).toEqual(Object.keys(authJson().tokens));
    expect(refusal(copy).code).toBe("login-is-a-copy");
  });

  test("leaves the document whole", () => {
    const login = AuthJson.parse(compact);

    login.withheld();

    expect(JSON.parse(login.whole().reveal())).toEqual(authJson());
  });

  test("is read back, withheld or whole", () => {
    const login = AuthJson.parse(compact);

    const withheld = readWorkingCopy(login.withheld().reveal());
    const whole = readWorkingCopy(login.whole().reveal());

    expect(withheld?.refreshToken.isEmpty).toBe(true);
    expect(whole?.refreshToken.reveal()).toBe("rt_CANARY-0");
    expect(withheld?.accessTokenExpiresAt).toEqual(login.accessTokenExpiresAt);
    expect(withheld?.accessTokenIssuedAt).toEqual(login.accessTokenIssuedAt);
    expect(withheld?.lastRefresh).toBe(login.lastRefresh);
  });

  test.each([
    ["the access token", authJson({}, { last_refresh: "yesterday" })],
    ["last_refresh", authJson({ access_token: "opaque" })],
  ])("is read where only %s tells a date", (_which, document) => {
    expect(readWorkingCopy(JSON.stringify(document))).not.toBeNull();
  });

  test.each([
    ["nothing", ""],
    ["a cut one", compact.slice(0, 200)],
    ["an array", "[]"],
    ["null", "null"],
    ["no tokens", "{}"],
    ["no access token", JSON.stringify(authJson({ access_token: "" }))],
    ["no last_refresh", JSON.stringify(authJson({}, { last_refresh: undefined }))],
    ["no date anywhere", JSON.stringify(authJson({ access_token: "opaque" }, { last_refresh: "yesterday" }))],
  ])("is not read from %s", (_what, text) => {
    expect(readWorkingCopy(text)).toBeNull();
  });
});

describe("the access token's dates", () => {
  test("are its claims", () => {
    const login = AuthJson.parse(compact);

    expect(login.accessTokenIssuedAt).toEqual(new Date("2026-11-20T00:00:00Z"));
    expect(login.accessTokenExpiresAt).toEqual(new Date("2026-11-30T00:00:00Z"));
  });

  test.each([
    ["is no JWT", "opaque"],
    ["has no claims", jwt({})],
    ["has a word for its expiry", jwt({ exp: "CANARY" })],
    ["has dates in quotation marks", jwt({ iat: "1795000000", exp: "1795000000" })],
    ["has no value for its dates", jwt({ iat: null, exp: null })],
    ["has a truth for its dates", jwt({ iat: true, exp: true })],
    ["has lists for its dates", jwt({ iat: [1_795_000_000], exp: [1_795_000_000] })],
    ["has an expiry beyond all dates", jwt({ exp: 1e300 })],
    ["has a list for its claims", jwt([])],
    ["has claims that are no JSON", "a.b.c"],
  ])("are told by last_refresh where it %s", (_what, access_token) => {
    const login = AuthJson.parse(JSON.stringify(authJson({ access_token })));

    expect(login.accessTokenIssuedAt).toEqual(new Date("2026-11-20T00:00:00.123Z"));
    expect(login.accessTokenExpiresAt).toEqual(new Date("2026-11-28T00:00:00.123Z"));
  });
});

describe("a login of another version of Codex", () => {
  const later = JSON.stringify(
    authJson({ account_id: 42, vault: ["ö"] }, { auth_mode: "chatgpt-2027", last_refresh: null }),
    null,
    2,
  );

  test.each([
    ["json", later],
    ["json", `\n ${later}\n`],
    ["base64", Buffer.from(later).toString("base64")],
    ["base64", ` ${Buffer.from(later).toString("base64")}\r\n`],
  ])("is read from %s, and nothing of it is lost", (encoding, content) => {
    const login = AuthJson.read(content);

    expect(login?.encoding).toBe(encoding);
    expect(login?.refreshToken.reveal()).toBe("rt_CANARY-0");
    expect(JSON.parse(login?.whole().reveal() ?? "")).toEqual(JSON.parse(later));
  });

  test("has neither an account nor a date where they are no text", () => {
    expect(AuthJson.read(later)).toMatchObject({ accountId: "", lastRefresh: "" });
  });

  test.each([
    ["a cut one", compact.slice(0, 200)],
    ["no object", "42"],
    ["base64 of null", Buffer.from("null").toString("base64")],
    ["no tokens", "{}"],
    ["null tokens", '{"tokens":null}'],
    ["no access token", JSON.stringify(authJson({ access_token: "" }))],
    ["no refresh token", JSON.stringify(authJson({ refresh_token: null }))],
  ])("is not read from %s", (_what, content) => {
    expect(AuthJson.read(content)).toBeNull();
  });
});

describe("a file that broke off while Codex was writing it", () => {
  const before = AuthJson.parse(compact);

  test("gives its new tokens, and everything else is as it was before", () => {
    const access_token = jwt({ exp: 1 });
    const whole = JSON.stringify(authJson({ access_token, refresh_token: "rt_CANARY-1" }), null, 2);

    const saved = before.salvage(whole.slice(0, whole.indexOf("oauth_provenance")));

    expect(JSON.parse(saved?.whole().reveal() ?? "")).toEqual(
      authJson({ access_token, refresh_token: "rt_CANARY-1" }),
    );
  });

  test("gives nothing where its refresh token is the old one, or cut", () => {
    expect(before.salvage(compact.slice(0, -1))).toBeNull();
    expect(before.salvage('{"tokens":{"refresh_token":"rt_CANARY-')).toBeNull();
  });
});

describe("two logins", () => {
  const login = (tokens: Record<string, unknown>): AuthJson | null =>
    AuthJson.read(JSON.stringify(authJson(tokens)));

  test.each([
    ["account-1", "account-1", false],
    ["account-1", "account-2", true],
    ["account-1", "", false],
    ["", "account-2", false],
    ["", "", false],
  ])("of the accounts %j and %j are known to be of different accounts: %j", (one, other, isOther) => {
    const [left, right] = [login({ account_id: one }), login({ account_id: other })];

    expect(left && right && left.isOfOtherAccount(right)).toBe(isOther);
  });

  test.each([
    [{}, true],
    [{ id_token: jwt({ other: true }) }, true],
    [{ refresh_token: "rt_CANARY-1" }, false],
    [{ access_token: jwt({ exp: 1 }) }, false],
    [{ refresh_token: "rt_CANARY-1", access_token: jwt({ exp: 1 }) }, false],
  ])("are of the same generation where both tokens are the same: with %j, %j", (tokens, isSame) => {
    const [left, right] = [login({}), login(tokens)];

    expect(left && right && left.isSameGeneration(right)).toBe(isSame);
  });
});

test("a login whose access token is made to look expired is the same login in everything else", () => {
  const claims = { sub: "CANARY-somebody", iat: 1_795_000_000 };
  const json = (exp: number) =>
    JSON.parse(JSON.stringify(authJson({ access_token: jwt({ ...claims, exp }) })));

  const expired = AuthJson.parse(JSON.stringify(json(1_795_864_000))).withExpiredAccessToken();

  expect(expired.accessTokenExpiresAt.getTime()).toBe(1_000);
  expect(JSON.parse(expired.whole().reveal())).toEqual(json(1));
});

describe("a generation", () => {
  test("is told apart by both tokens that make it, and by nothing else", () => {
    const of = (tokens: Record<string, unknown>, top = {}) =>
      AuthJson.parse(JSON.stringify(authJson(tokens, top))).generation;

    expect(of({ id_token: jwt({ other: true }) }, { last_refresh: "2026-11-21T00:00:00Z" })).toBe(of({}));
    expect(of({ refresh_token: "rt_CANARY-1" })).not.toBe(of({}));
    expect(of({ access_token: jwt({ exp: 1 }) })).not.toBe(of({}));
  });

  test("names the tokens that a log must hide", () => {
    const { tokens } = authJson();

    expect(
      AuthJson.parse(compact)
        .tokens.map((token) => token.reveal())
        .sort(),
    ).toEqual([tokens.refresh_token, tokens.access_token, tokens.id_token].sort());
  });

  test("prints as nothing of the login", () => {
    const login = AuthJson.parse(compact);

    expect([String(login), JSON.stringify(login), inspect(login, { showHidden: true })].join()).not.toContain(
      "CANARY",
    );
  });
});
