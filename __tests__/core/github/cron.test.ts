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
    ["two schedules at different minutes of a Monday", ["0 0 * * 1", "36 2 * * 1"], 7 - 156 / 1440],
    ["a step over the days of a month, and a weekday: both", ["0 0 */2 * 1"], 21],
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

describe("a field", () => {
  test.each([
    ["jan", 1],
    ["feb", 2],
    ["mar", 3],
    ["apr", 4],
    ["may", 5],
    ["jun", 6],
    ["jul", 7],
    ["aug", 8],
    ["sep", 9],
    ["oct", 10],
    ["nov", 11],
    ["dec", 12],
  ])("of months has a name, as well as a number: %s is %i", (name, month) => {
    expect(parseCron(`0 0 1 ${name} *`)?.months).toEqual(new Set([month]));
    expect(parseCron(`0 0 1 ${month} *`)?.months).toEqual(new Set([month]));
  });

  test.each([
    ["SUN", 0],
    ["MON", 1],
    ["TUE", 2],
    ["WED", 3],
    ["THU", 4],
    ["FRI", 5],
    ["SAT", 6],
  ])("of weekdays has a name, as well as a number: %s is %i", (name, weekday) => {
    expect(parseCron(`0 0 * * ${name}`)?.weekdays).toEqual(new Set([weekday]));
    expect(parseCron(`0 0 * * ${weekday}`)?.weekdays).toEqual(new Set([weekday]));
  });

  test.each([
    ["17", [17]],
    ["0,30", [0, 30]],
    ["3-6", [3, 4, 5, 6]],
    ["5-5", [5]],
    ["*/20", [0, 20, 40]],
    ["50/5", [50, 55]],
    ["1-10/4,59", [1, 5, 9, 59]],
  ])("of minutes that is %s", (text, minutes) => {
    expect([...(parseCron(`${text} 0 * * *`)?.minutes ?? [])]).toEqual(minutes);
  });

  test("may have any blanks around it", () => {
    expect(parseCron(" 17  6\t* * 1\n")).toEqual(parseCron("17 6 * * 1"));
    expect(parseCron(" 17  6\t* * 1\n")?.hours).toEqual(new Set([6]));
  });

  test.each([
    ["0 0 1 * 1", "either"],
    ["0 0 1-7 * MON", "either"],
    ["0 0 1 * *", "both"],
    ["0 0 * * 1", "both"],
    ["0 0 */2 * 1", "both"],
    ["0 0 1 * */2", "both"],
  ])("of days that begins with a star restricts the other: %s fires on %s", (text, days) => {
    expect(parseCron(text)?.days).toBe(days);
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
  "60/5 0 * * *",
  "x-5 0 * * *",
  "0-60 0 * * *",
  "1-2-3 0 * * *",
  "1/2/3 0 * * *",
  "*5 0 * * *",
  "5/ 0 * * *",
  "MON 0 * * *",
])("GitHub does not take `%s`", (text) => {
  expect(parseCron(text)).toBeNull();
});
