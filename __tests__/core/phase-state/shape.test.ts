import { describe, expect, test } from "@jest/globals";
import {
  type Check,
  fields,
  isNumber,
  isText,
  isTime,
  isTruth,
  oneOf,
  orNull,
  parseChecked,
  textThat,
} from "../../../src/core/phase-state/shape.ts";

const SHAPE = fields({ name: isText, count: orNull(isNumber) });

describe("a check of a value", () => {
  test.each<[name: string, check: Check<unknown>, taken: readonly unknown[], refused: readonly unknown[]]>([
    ["a text", isText, ["", "text"], [1, null, undefined, {}, []]],
    ["a truth", isTruth, [true, false], ["true", 1, null, undefined]],
    ["a number", isNumber, [0, -1.5], ["1", Number.NaN, Number.POSITIVE_INFINITY, null]],
    ["a time", isTime, ["2026-11-22T10:00:00.000Z"], ["yesterday", "", 0, null]],
    ["a text or null", orNull(isText), ["", null], [1, undefined]],
    ["a text that holds", textThat((text) => text === "a"), ["a"], ["b", ["a"], null]],
    ["any text", textThat(() => true), ["", "a"], [1, null, ["a"]]],
    ["one of some", oneOf("a", null), ["a", null], ["b", undefined]],
    [
      "an object",
      SHAPE,
      [
        { name: "", count: 1, more: 1 },
        { name: "a", count: null },
      ],
      [null, "text", 1, {}],
    ],
    ["an object of some length", fields({ length: isNumber }), [{ length: 1 }, []], ["text", null]],
    ["an object whose fields fit", SHAPE, [], [{ name: 1, count: 1 }, { name: "a" }, { count: 1 }, []]],
  ])("for %s", (_, check, taken, refused) => {
    expect(taken.filter((value) => !check(value))).toEqual([]);
    expect(refused.filter((value) => check(value))).toEqual([]);
  });
});

describe("a text of a phase before", () => {
  test("is read where it has the shape", () => {
    expect(parseChecked('{"name":"a","count":null}', SHAPE)).toEqual({ name: "a", count: null });
  });

  test.each(["", "{", "null", '{"name":"a"}'])("is not read from %j", (text) => {
    expect(parseChecked(text, SHAPE)).toBeNull();
  });
});
