import { expect, test } from "@jest/globals";
import { CHECKS } from "../../conformance/checks/all.ts";
import { unaskedChecks } from "../../conformance/checks/unasked.ts";
import { askLab, usesJobs } from "./ask.ts";

const UNASKED = unaskedChecks.map(({ number }) => number);

test("the lab contradicts no fact, and every fact that can be asked is", async () => {
  const parts = [CHECKS.filter((check) => !usesJobs(check)), CHECKS.filter(usesJobs)];

  const results = await Promise.all(parts.map((checks) => askLab(checks)));

  const rows = results.flatMap((result) => result.rows);
  const others = rows.filter(({ answer, number }) => answer !== "holds" && !UNASKED.includes(number));
  expect(others).toEqual([]);
  expect(rows).toHaveLength(CHECKS.length);
  expect(results.flatMap(({ left }) => left)).toEqual([]);
});

test("no two facts have one number", () => {
  const numbers = CHECKS.map(({ number }) => number);

  expect(new Set(numbers).size).toBe(numbers.length);
});
