import { describe, expect, test } from "@jest/globals";
import { isPlaceholder } from "../../../src/core/login/placeholder.ts";

const WORDS = [
  ..."abc foo bar baz test testing dummy fake mock stub sample demo example todo tbd fixme wip n/a".split(
    " ",
  ),
  ..."none nil null undefined nan true false yes off empty blank unset default value string text".split(" "),
  ..."secret token password key login auth credential credentials placeholder changeme change-me".split(" "),
  ..."change_me redacted removed hidden masked stripped omitted censored 123 12345".split(" "),
  "change me",
];
const PHRASES = [
  ..."your my some replace insert paste put enter fill add here todo placeholder".split(" "),
  ..."example redacted dummy changeme change-me change_me".split(" "),
  "change me",
];

describe("a placeholder", () => {
  test.each(WORDS)("is %j, in any case, and with signs around it", (word) => {
    for (const text of [word, word.toUpperCase(), ` <${word}> `, `"${word}"`, `[${word}]`, `--${word}--`])
      expect([text, isPlaceholder(text)]).toEqual([text, true]);
  });

  test.each(PHRASES)("is a text of words with %j among them", (word) => {
    for (const text of [`codex ${word} xyzzy`, `codex_${word}_xyzzy`, `<codex, ${word}: xyzzy's/X.>`])
      expect([text, isPlaceholder(text)]).toEqual([text, true]);
  });

  test.each([
    "-",
    "***",
    "…",
    "<>",
    "[ ]",
    "a",
    "ab",
    "<a>",
    "xxxx",
    "0000",
    "<the auth.json>",
    "(auth)",
    "(the 7 tokens)",
    "[x y]",
  ])("is %j", (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  test("has a hundred characters at most", () => {
    expect(isPlaceholder("x".repeat(100))).toBe(true);
    expect(isPlaceholder("x".repeat(101))).toBe(false);
    expect(isPlaceholder(`  ${"x".repeat(100)}  `)).toBe(true);
  });

  test.each([
    ["nothing", ""],
    ["blanks", " \n"],
    ["two lines", "your\nsecret"],
    ["a word that none writes", "xyzzy"],
    ["a longer word", "tokens"],
    ["a word behind another", "xyzzytest"],
    ["a word before another", "testxyzzy"],
    ["words without one that gives it away", "codex xyzzy"],
    ["a part of a word", "codex yours"],
    ["words with a digit", "your codex 7"],
    ["a digit and words", "7 of your codex"],
    ["a word before a bracket", "codex7 <the file>"],
    ["a tag", "<body>"],
    ["a tag with an attribute", '<a href="x">'],
    ["an object", "{auth}x{}"],
    ["three characters", "abd"],
    ["letters that are not all the same", "xxxy"],
    ["a token", "rt_0a1b2c3d4e5f6a7b"],
  ])("is not %s: %j", (_, text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});
