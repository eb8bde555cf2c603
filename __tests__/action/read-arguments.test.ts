import { describe, expect, test } from "@jest/globals";
import { readArguments } from "../../src/action/job/read-arguments.ts";

describe("codex-args", () => {
  test.each([
    ["nothing", null, []],
    ["a word", "--json", ["--json"]],
    ["quoted words", `-c 'a="b c"' "d e" f\\ g`, ["-c", 'a="b c"', "d e", "f g"]],
    ["a JSON array", '["-c", "a=\\"b c\\"", "$HOME"]', ["-c", 'a="b c"', "$HOME"]],
    ["an empty array", "[]", []],
  ])("are %s", (_what, text, words) => {
    expect(readArguments(text)).toEqual(words);
  });

  test.each(['["-c", 1]', "[", "[1]", '{"a":1', "a | b", "a > b", "a; b", "a && b", "*.ts"])(
    "are not %j",
    (text) => {
      const read = (): readonly string[] => readArguments(text);
      if (text.startsWith("{")) expect(read()).toEqual(["{a:1"]);
      else expect(read).toThrow(expect.objectContaining({ code: "input-invalid" }));
    },
  );

  test("leave a shell's variables as they are written", () => {
    expect(readArguments("-c a=$HOME")).toEqual(["-c", "a=$HOME"]);
  });
});
