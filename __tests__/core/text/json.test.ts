import { expect, test } from "@jest/globals";
import { fieldsOf, isFiniteNumber, isObject } from "../../../src/core/text/json.ts";

test("an object is no list, and nothing else", () => {
  expect([{}, { a: 1 }].every(isObject)).toBe(true);
  expect([null, undefined, [], [1], "text", 1, true, () => {}].some(isObject)).toBe(false);
});

test("a value without fields has none", () => {
  const object = { a: 1 };

  expect(fieldsOf(object)).toBe(object);
  for (const value of [null, undefined, "text", 1, true]) expect(fieldsOf(value)).toEqual({});
});

test("a number is finite, and no text that looks like one", () => {
  expect([0, -1, 1.5, 1e300].every(isFiniteNumber)).toBe(true);
  expect([Number.NaN, Number.POSITIVE_INFINITY, "1", null, undefined, true, [1]].some(isFiniteNumber)).toBe(
    false,
  );
});
