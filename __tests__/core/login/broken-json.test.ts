import { describe, expect, test } from "@jest/globals";
import { describeBrokenJson } from "../../../src/core/login/broken-json.ts";

const UNCHANGED = /^Store the file again, unchanged: `gh secret set CODEX_AUTH_JSON < auth\.json`/;

describe("what is no JSON any more", () => {
  test.each<[text: string, how: string, hint: RegExp]>([
    ["{\u201ca\u201d: 1}", "it has typographic quotation marks", UNCHANGED],
    ["{\u00aba\u00bb: 1}", "it has typographic quotation marks", UNCHANGED],
    ["{\uff02a\uff02: 1}", "it has typographic quotation marks", UNCHANGED],
    ["{\u201fa\u201e: 1}", "it has typographic quotation marks", UNCHANGED],
    ['{"a":\u200b1}', "it has invisible characters", UNCHANGED],
    ['{"a":\u00a01}', "it has invisible characters", UNCHANGED],
    ['{"a":\u30001}', "it has invisible characters", UNCHANGED],
    ['{"a":1}\u0000', "it has invisible characters", UNCHANGED],
    ['{"a":1\u2028}', "it has invisible characters", UNCHANGED],
    ['{\u00ad"a":1\ufeff}', "it has invisible characters", UNCHANGED],
    ["{\u201ca\u201d:\u00a01}", "it has typographic quotation marks", UNCHANGED],
    ['{\\"a\\":1}', "it is escaped", /^Store the file as it is, not as a string/],
    ['{\\n\\"a\\":1\\n}', "it is escaped", /^Store the file as it is, not as a string/],
    ["{&quot;a&quot;:1}", "it has HTML entities", UNCHANGED],
    ["{&#34;a&#x22;:1}", "it has HTML entities", UNCHANGED],
    ["{&QUOT;a&amp;b&quot;:1}", "it has HTML entities", UNCHANGED],
    ["{'a':1}", "it is in single quotation marks", UNCHANGED],
    ["{'a':None}", "it is in single quotation marks", UNCHANGED],
    ['{"a":"b\nc"}', "it has line breaks inside its tokens", UNCHANGED],
    ['{"a":"b\r\n  c"}', "it has line breaks inside its tokens", UNCHANGED],
    ['{"a":"b\nc",\n"d":1}', "it has line breaks inside its tokens", UNCHANGED],
    ['{"a":1,}', "it has a comma too many", UNCHANGED],
    ['{"a":[1,\n ]}', "it has a comma too many", UNCHANGED],
    ['{"a":1}{"b":2}', "there are two objects in it", /^Store one auth\.json, and nothing else\.$/],
    ['{"a":{"b":"}\\"{"}} x', "there are two objects in it", /^Store one auth\.json, and nothing else\.$/],
    ['{"a":"}"} x', "there are two objects in it", /^Store one auth\.json, and nothing else\.$/],
    ['{"a":"{"} x', "there are two objects in it", /^Store one auth\.json, and nothing else\.$/],
    ['{"a":"\\"}"} x', "there are two objects in it", /^Store one auth\.json, and nothing else\.$/],
    ["{a:1}", "its quotation marks are gone", UNCHANGED],
    ["{\n a_b : x}", "its quotation marks are gone", UNCHANGED],
  ])("%j is told by what was done to it", (text, how, hint) => {
    const failure = describeBrokenJson(text);

    expect(failure?.code).toBe("login-not-json");
    expect(failure?.message).toMatch(/^The login is not valid JSON: .*\.$/s);
    expect(failure?.message).toContain(how);
    expect(failure?.hint).toMatch(hint);
  });

  test.each([
    "{",
    '{\\"a\\":1,}',
    "{1 {a:1}",
    '{"a"',
    '{"a":1',
    '{"a":x}',
    "{1 2}",
    '{"a" 1} x',
    "{-}",
    "{\u201ca: 1}",
    '{"a":"}',
  ])("%j is told by nobody", (text) => {
    expect(describeBrokenJson(text)).toBeNull();
  });
});
