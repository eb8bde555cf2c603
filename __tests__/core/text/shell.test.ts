import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { shellQuoted } from "../../../src/core/text/shell.ts";

test.each(["word", "a_b-c.d/e", "user@host:1", "A=1,b+2%"])("%s needs no quotes", (word) => {
  expect(shellQuoted(word)).toBe(word);
});

const onPosix = process.platform === "win32" ? test.skip : test;

onPosix.each([
  "",
  "two words",
  "$HOME",
  "`id`",
  "it's",
  "'",
  "a\nb",
  "*",
  "~",
  "a;b",
  "ä",
  "!x",
  'a"b',
  "a\\b",
])("a shell reads %j back", (word) => {
  expect(shellQuoted(word)).toMatch(/^'.*'$/s);
  expect(execFileSync("/bin/sh", ["-c", `printf %s ${shellQuoted(word)}`], { encoding: "utf8" })).toBe(word);
});
