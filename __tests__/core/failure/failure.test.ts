import { describe, expect, test } from "@jest/globals";
import { FAILURE_CODES, Failure } from "../../../src/core/failure/failure.ts";

describe("failure codes", () => {
  test("are kebab-case, and each is there once", () => {
    expect(FAILURE_CODES.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
    expect(new Set(FAILURE_CODES).size).toBe(FAILURE_CODES.length);
  });
});

test("a failure says what is wrong, what to do, and what was behind it", () => {
  const cause = new Error("behind it");

  const failure = new Failure("claim-busy", "What is wrong.", "What to do.", { cause });

  expect(failure).toMatchObject({
    name: "Failure",
    code: "claim-busy",
    message: "What is wrong.",
    hint: "What to do.",
    cause,
  });
  expect(failure).toBeInstanceOf(Error);
});
