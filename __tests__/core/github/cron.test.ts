import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { longestGapMs, parseCron } from "../../../src/core/github/cron.ts";

const DAY_MS = 86_400_000;

/** In days. */
function gap(...schedules: string[]): number {
  return longestGapMs(schedules.map((text) => parseCron(text)).filter((cron) => cron !== null)) / DAY_MS;
}

describe("the longest gap between two firings", () => {
  test.each([
    ["a weekly schedule", ["17 6 * * 1"], 7],
    ["Monday and Thursday", ["17 6 * * 1,4"], 4],
    ["names, in any case", ["17 6 * * mon,THU"], 4],
    ["a range of weekdays: over the weekend", ["0 0 * * 1-5"], 3],
    ["every day", ["30 5 * * *"], 1],
    ["every six hours", ["0 */6 * * *"], 0.25],
    ["twice a day, unevenly", ["0 6,12 * * *"], 0.75],
    ["a step over the days of a month", ["0 0 */5 * *"], 5],
    ["a step with a start: 3, 13, 23", ["0 0 3/10 * *"], 11],
    ["one day of each month", ["0 0 1 * *"], 31],
    ["the 31st, which some months lack", ["0 0 31 * *"], 61],
    ["a range of months", ["0 0 * JAN-MAR *"], 276],
    ["day of the month or weekday, when both are given", ["0 0 1 * 1"], 7],
    ["two schedules together", ["0 0 * * 1", "0 0 * * 4"], 4],
    ["two schedules at different hours", ["0 0 * * 1", "0 12 * * 4"], 3.5],
  ])("%s", (_, schedules, days) => {
    expect(gap(...schedules)).toBe(days);
  });

  test("a day that no month has never comes", () => {
    expect(gap("0 0 31 2 *")).toBe(Number.POSITIVE_INFINITY);
    expect(gap()).toBe(Number.POSITIVE_INFINITY);
  });

  test("of two schedules it is no longer than of either", () => {
    const cron = fc
      .tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 6 }))
      .map(([minute, hour, weekday]) => `${minute} ${hour} * * ${weekday}`);

    fc.assert(
      fc.property(cron, cron, (one, other) => {
        expect(gap(one, other)).toBeLessThanOrEqual(Math.min(gap(one), gap(other)));
      }),
      { numRuns: 30 },
    );
  });
});

test.each([
  "",
  "* * * *",
  "* * * * * *",
  "60 0 * * *",
  "0 24 * * *",
  "0 0 0 * *",
  "0 0 32 * *",
  "0 0 * 13 *",
  "0 0 * * 7",
  "0 0 * * 5-1",
  "*/0 0 * * *",
  "*-5 0 * * *",
  "0,,1 0 * * *",
  "0 0 * FEBR *",
  "@weekly",
  "0 0 ? * *",
  "-1 0 * * *",
  "0x1 0 * * *",
])("GitHub does not take `%s`", (text) => {
  expect(parseCron(text)).toBeNull();
});
