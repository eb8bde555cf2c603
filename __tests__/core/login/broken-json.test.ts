import { describe, expect, test } from "@jest/globals";
import { describeBrokenJson } from "../../../src/core/login/broken-json.ts";
import { LOGIN_AGAIN } from "../../../src/core/login/secret-text.ts";

describe("what is no JSON any more", () => {
  test.each<[text: string, how: string]>([
    ["{\u201ca\u201d: 1}", "it has typographic quotation marks"],
    ["{\u00aba\u00bb: 1}", "it has typographic quotation marks"],
    ["{\uff02a\uff02: 1}", "it has typographic quotation marks"],
    ["{\u201fa\u201e: 1}", "it has typographic quotation marks"],
    ['{"a":\u200b1}', "it has invisible characters"],
    ['{"a":\u00a01}', "it has invisible characters"],
    ['{"a":\u30001}', "it has invisible characters"],
    ['{"a":1}\u0000', "it has invisible characters"],
    ['{"a":1\u2028}', "it has invisible characters"],
    ['{\u00ad"a":1\ufeff}', "it has invisible characters"],
    ["{\u201ca\u201d:\u00a01}", "it has typographic quotation marks"],
    ['{\\"a\\":1}', "it is escaped"],
    ['{\\n\\"a\\":1\\n}', "it is escaped"],
    ["{&quot;a&quot;:1}", "it has HTML entities"],
    ["{&#34;a&#x22;:1}", "it has HTML entities"],
    ["{&QUOT;a&amp;b&quot;:1}", "it has HTML entities"],
    ["{'a':1}", "it is in single quotation marks"],
    ["{'a':None}", "it is in single quotation marks"],
    ['{"a":"b\nc"}', "it has line breaks inside its tokens"],
    ['{"a":"b\r\n  c"}', "it has line breaks inside its tokens"],
    ['{"a":"b\nc",\n"d":1}', "it has line breaks inside its tokens"],
    ['{"a":1,}', "it has a comma too many"],
    ['{"a":[1,\n ]}', "it has a comma too many"],
    ['{"a":1}{"b":2}', "there are two objects in it"],
    ['{"a":{"b":"}\\"{"}} x', "there are two objects in it"],
    ['{"a":"}"} x', "there are two objects in it"],
    ['{"a":"{"} x', "there are two objects in it"],
    ['{"a":"\\"}"} x', "there are two objects in it"],
    ["{a:1}", "its quotation marks are gone"],
    ["{\n a_b : x}", "its quotation marks are gone"],
  ])("%j is told by what was done to it", (text, how) => {
    const failure = describeBrokenJson(text);

    expect(failure?.code).toBe("login-not-json");
    expect(failure?.message).toMatch(/^The login is not valid JSON: .*\.$/s);
    expect(failure?.message).toContain(how);
    expect(failure?.hint).toBe(LOGIN_AGAIN);
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
