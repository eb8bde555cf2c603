import { expect, test } from "@jest/globals";
import { CHECKS } from "../../conformance/checks/all.ts";
import { unaskedChecks } from "../../conformance/checks/unasked.ts";
import { askLab } from "./ask.ts";

const UNASKED = unaskedChecks.map(({ number }) => number);

test("the lab contradicts no fact, and every fact that can be asked is", async () => {
  const { rows, left } = await askLab(CHECKS);

  const others = rows.filter(({ answer, number }) => answer !== "holds" && !UNASKED.includes(number));
  expect(others).toEqual([]);
  expect(rows.map(({ number }) => number)).toEqual(CHECKS.map(({ number }) => number));
  expect(left).toEqual([]);
});

test("no two facts have one number", () => {
  const numbers = CHECKS.map(({ number }) => number);

  expect(new Set(numbers).size).toBe(numbers.length);
});
