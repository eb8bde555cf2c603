import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Failure } from "../../../src/core/failure/failure.ts";
import { describeDuration, parseDurationMs } from "../../../src/core/text/duration.ts";

describe("a duration in an input", () => {
  test.each([
    ["90s", 90_000],
    ["30m", 1_800_000],
    ["72h", 259_200_000],
    ["10d", 864_000_000],
    ["0h", 0],
    [" 6 h\n", 21_600_000],
    ["999999d", 999_999 * 86_400_000],
  ])("%j is read", (text, ms) => {
    expect(parseDurationMs(text, "refresh-window")).toBe(ms);
  });

  test.each([
    "",
    "72",
    "h",
    "-1h",
    "1.5h",
    "1h30m",
    "72 hours",
    "72H",
    "1w",
    "1e3s",
    "1000000s",
    "٣h",
    "h72",
  ])("%j is refused, and the input is named", (text) => {
    expect.assertions(2);
    try {
      parseDurationMs(text, "refresh-window");
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      expect(error).toMatchObject({
        code: "input-invalid",
        message: "The input `refresh-window` is not a duration.",
        hint: "Write a number and a unit: 90s, 30m, 72h or 10d.",
      });
    }
  });
});

describe("a duration for people", () => {
  test.each([
    [-1, "0 s"],
    [0, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_599_000, "59 min"],
    [3_600_000, "1 h 0 min"],
    [86_399_000, "23 h 59 min"],
    [86_400_000, "1 day 0 h"],
    [2 * 86_400_000 + 4 * 3_600_000, "2 days 4 h"],
  ])("%d ms is %s", (ms, words) => {
    expect(describeDuration(ms)).toBe(words);
  });

  test("is never longer than what it describes", () => {
    const unit = { day: 86_400, days: 86_400, h: 3_600, min: 60, s: 1 } as const;

    fc.assert(
      fc.property(fc.nat(400 * 86_400_000), (ms) => {
        const words = describeDuration(ms).matchAll(/(\d+) (days?|h|min|s)/g);
        const seconds = [...words].reduce(
          (sum, [, n, u]) => sum + Number(n) * unit[u as keyof typeof unit],
          0,
        );
        expect(seconds).toBeLessThanOrEqual(ms / 1000);
        expect(seconds).toBeGreaterThan(ms / 1000 - (ms < 60_000 ? 1 : ms < 86_400_000 ? 60 : 3_600));
      }),
    );
  });
});
