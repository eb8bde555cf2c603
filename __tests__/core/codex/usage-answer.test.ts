import { describe, expect, test } from "@jest/globals";
import { describeUsage, readUsage } from "../../../src/core/codex/usage-answer.ts";

const at = (text: string): Date => new Date(text);

describe("usage", () => {
  const primary = { usedPercent: 12.4, windowDurationMins: 300, resetsAt: 1_795_000_000 };
  const secondary = { usedPercent: 34, windowDurationMins: 10_080, resetsAt: 1_795_500_000 };

  test("is told with reset times in UTC", () => {
    const usage = readUsage({ rateLimits: { primary, secondary } });

    expect(usage && describeUsage(usage)).toBe(
      "5-hour limit 12 % used (resets 2026-11-18 11:06 UTC), weekly limit 34 % used (resets 2026-11-24 06:00 UTC)",
    );
  });

  test("of another window is told by its length", () => {
    const usage = readUsage({
      rateLimits: { primary: { ...primary, windowDurationMins: 60, resetsAt: null } },
    });

    expect(usage && describeUsage(usage)).toBe("limit of 1 h 0 min 12 % used");
  });

  test.each([null, "x", [], {}, { rateLimits: null }])("is not read from %j", (result) => {
    expect(readUsage(result)).toBeNull();
  });

  test.each([
    ["a percentage in words", { usedPercent: "12" }],
    ["no percentage", { usedPercent: undefined }],
    ["a percentage that is no number", { usedPercent: Number.NaN }],
    ["a length in words", { windowDurationMins: "300" }],
    ["no length", { windowDurationMins: null }],
    ["an endless length", { windowDurationMins: Number.POSITIVE_INFINITY }],
  ])("leaves out a limit with %s, and keeps the other", (_, wrong) => {
    expect(readUsage({ rateLimits: { primary: { ...primary, ...wrong } } })).toBeNull();
    expect(readUsage({ rateLimits: { primary: { ...primary, ...wrong }, secondary } })).toEqual([
      { usedPercent: 34, minutes: 10_080, resetsAt: at("2026-11-24T06:00:00Z") },
    ]);
  });

  test.each([
    [1_795_000_000, "2026-11-18T11:06:40.000Z"],
    [1_795_000_000_000, "2026-11-18T11:06:40.000Z"],
    [99_999_999_999, "5138-11-16T09:46:39.000Z"],
    [100_000_000_000, "1973-03-03T09:46:40.000Z"],
  ])("may tell the time in seconds or in milliseconds: %d", (resetsAt, time) => {
    expect(readUsage({ rateLimits: { primary: { ...primary, resetsAt } } })).toEqual([
      { usedPercent: 12.4, minutes: 300, resetsAt: at(time) },
    ]);
  });

  test.each([null, undefined, "soon", 1e300])(
    "keeps a limit that is reset at %j, without a time",
    (resetsAt) => {
      expect(readUsage({ rateLimits: { primary: { ...primary, resetsAt } } })).toEqual([
        { usedPercent: 12.4, minutes: 300, resetsAt: null },
      ]);
    },
  );
});
