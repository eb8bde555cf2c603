import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readUsage, resetTime } from "../../../src/core/codex/session-usage.ts";

/** As 0.169.0 writes it. */
function line(limits: object | null): string {
  const payload = { type: "token_count", info: null, rate_limits: limits };
  return JSON.stringify({ timestamp: "2026-11-26T03:49:04.299Z", ordinal: 13, type: "event_msg", payload });
}
const LIMITS = {
  limit_id: "codex",
  primary: { used_percent: 100, window_minutes: 300, resets_at: 1795668541 },
  secondary: { used_percent: 42.4, window_minutes: 10080, resets_at: 1796064941 },
};
const USAGE = [
  { windowMinutes: 300, usedPercent: 100, resetsAt: "2026-11-26T04:49:01.000Z" },
  { windowMinutes: 10080, usedPercent: 42.4, resetsAt: "2026-11-30T18:55:41.000Z" },
];

describe("a session file", () => {
  test("tells the newest limits, the shortest first", () => {
    const older = { ...LIMITS, primary: { used_percent: 1, window_minutes: 300, resets_at: 1 } };
    const { primary, secondary, ...rest } = LIMITS;
    const swapped = { ...rest, primary: secondary, secondary: primary };
    const none = { limit_id: "codex", primary: null, secondary: null };

    expect(
      readUsage(["}cut", line(older), line(swapped), line(none), line(null), "", "{"].join("\n")),
    ).toEqual(USAGE);
  });

  test("tells none of another limit's, none of a message that only quotes one, and none of nonsense", () => {
    const quoted = JSON.stringify({
      type: "event_msg",
      payload: { type: "agent_message", message: line(LIMITS) },
    });
    const other = line({ ...LIMITS, limit_id: "codex_other" });
    const odd = line({ primary: { used_percent: "1", window_minutes: 300 }, secondary: [] });

    expect(readUsage([quoted, other, odd, "null", "[]", '"x"'].join("\n"))).toBeNull();
  });

  test("tells limits without a name as well, and those of which nothing is used", () => {
    const primary = { used_percent: 0, window_minutes: 300, resets_at: null };

    for (const limit_id of [undefined, null, "codex"])
      expect(readUsage(line({ limit_id, primary }))).toEqual([
        { windowMinutes: 300, usedPercent: 0, resetsAt: null },
      ]);
  });

  test("tells none of a window that has no length, and none of another event", () => {
    const primary = { used_percent: 5, window_minutes: 0, resets_at: 1 };

    expect(readUsage(line({ primary }))).toBeNull();
    expect(readUsage(line(LIMITS).replace('"token_count"', '"turn_context"'))).toBeNull();
  });

  test("says so where it names no time", () => {
    const limits = { primary: { used_percent: 5, window_minutes: 300, resets_at: 1e300 } };

    expect(readUsage(line(limits))).toEqual([{ windowMinutes: 300, usedPercent: 5, resetsAt: null }]);
  });

  test.each([
    [1795668541, "2026-11-26T04:49:01.000Z"],
    [1795668541000, "2026-11-26T04:49:01.000Z"],
    [99_999_999_999, "5138-11-16T09:46:39.000Z"],
    [100_000_000_000, "1973-03-03T09:46:40.000Z"],
    [0, null],
    [-1, null],
    ["1795668541", null],
  ])("may tell the time in seconds or in milliseconds: %j", (told, resetsAt) => {
    const limits = { primary: { used_percent: 5, window_minutes: 300, resets_at: told } };

    expect(readUsage(line(limits))).toEqual([{ windowMinutes: 300, usedPercent: 5, resetsAt }]);
  });

  test("may hold anything", () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 5 }), fc.anything(), (lines, limits) => {
        expect(() =>
          readUsage(
            [...lines, JSON.stringify({ payload: { type: "token_count", rate_limits: limits } })].join("\n"),
          ),
        ).not.toThrow();
      }),
    );
  });
});

describe("when a limit resets", () => {
  const now = new Date("2026-11-26T03:49:04Z");
  const told = (words: string, zone?: string, usage: typeof USAGE | null = null): string | undefined =>
    resetTime(`You’ve hit your usage limit. Or try again at ${words}.`, { usage, now, zone })?.toISOString();

  test.each([
    ["4:49 AM", "UTC", "2026-11-26T04:49:00.000Z"],
    ["12:05 AM", "UTC", "2026-11-26T00:05:00.000Z"],
    ["12:05 PM", "UTC", "2026-11-26T12:05:00.000Z"],
    // There it is 12:49 already, and in Los Angeles still the day before.
    ["1:49 PM", "Asia/Tokyo", "2026-11-26T04:49:00.000Z"],
    ["8:49 PM", "America/Los_Angeles", "2026-11-26T04:49:00.000Z"],
    ["10:19 AM", "Asia/Kolkata", "2026-11-26T04:49:00.000Z"],
    ["Nov 30th, 2026 6:55 PM", "UTC", "2026-11-30T18:55:00.000Z"],
    ["Dec 1st, 2026 3:55 AM", "Asia/Tokyo", "2026-11-30T18:55:00.000Z"],
    ["Jan 2nd, 2027 6:55 PM", "UTC", "2027-01-02T18:55:00.000Z"],
    ["Mar 28th, 2027 1:30 AM", "Europe/Berlin", "2027-03-28T00:30:00.000Z"],
    ["Mar 28th, 2027 3:30 AM", "Europe/Berlin", "2027-03-28T01:30:00.000Z"],
  ])("is what the machine's own clock shows: %s in %s", (words, zone, time) => {
    expect(told(words, zone)).toBe(time);
  });

  test("is known to the second where the session file names that minute", () => {
    expect(told("4:49 AM", "UTC", USAGE)).toBe("2026-11-26T04:49:01.000Z");
    expect(told("4:50 AM", "UTC", USAGE)).toBe("2026-11-26T04:50:00.000Z");
  });

  test("is that of the limit that is used up where the error names none", () => {
    const error = "Your workspace is out of credits.";

    expect(resetTime(error, { usage: USAGE, now, zone: "UTC" })?.toISOString()).toBe(
      "2026-11-26T04:49:01.000Z",
    );
    expect(resetTime(error, { usage: USAGE.slice(1), now, zone: "UTC" })).toBeNull();
  });

  test("is read in any month", () => {
    for (let month = 0; month < 12; month++) {
      const date = new Date(Date.UTC(2027, month, 5, 4, 49));
      const name = date.toLocaleString("en-US", { month: "short", timeZone: "UTC" });

      expect(told(`${name} 5th, 2027 4:49 AM`, "UTC")).toBe(date.toISOString());
    }
  });

  test("is that of the limit that stays used up the longest", () => {
    const usage = ["2026-11-26T04:49:01Z", "2026-11-30T18:55:41Z", "2026-11-27T00:00:00Z", null].map(
      (resetsAt) => ({ windowMinutes: 300, usedPercent: 100, resetsAt }),
    );

    for (const order of [usage, [...usage].reverse()])
      expect(resetTime("", { usage: order, now, zone: "UTC" })).toEqual(new Date("2026-11-30T18:55:41Z"));
    expect(resetTime("", { usage: usage.slice(3), now, zone: "UTC" })).toBeNull();
  });

  test.each(["later", "25 o'clock", "Foo 1st, 2026 1:00 AM"])("is not known from %j", (words) => {
    expect(told(words, "UTC")).toBeUndefined();
  });

  test("is not known in a zone that nobody knows", () => {
    expect(told("4:49 AM", ":/etc/localtime")).toBeUndefined();
    expect(told("5:00 AM", ":/etc/localtime", USAGE)).toBe("2026-11-26T04:49:01.000Z");
  });

  test("never throws, and is a date or nothing, whatever Codex says", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (words, zone) => {
        const time = resetTime(`try again at ${words}`, { usage: null, now, zone });
        expect(time === null || !Number.isNaN(time.getTime())).toBe(true);
      }),
    );
  });

  test("survives the way there and back in any zone", () => {
    fc.assert(
      fc.property(
        fc.date({ min: now, max: new Date("2040-01-01T00:00:00Z"), noInvalidDate: true }),
        fc.constantFrom("UTC", "Asia/Tokyo", "Asia/Kolkata", "Pacific/Chatham", "America/St_Johns"),
        (date, zone) => {
          const at = new Date(Math.floor(date.getTime() / 60_000) * 60_000);
          const part = (options: Intl.DateTimeFormatOptions): string =>
            new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }).format(at);
          const time = part({ hour: "numeric", minute: "2-digit" }).replaceAll("\u202f", " ");
          const words = `${part({ month: "short" })} ${part({ day: "numeric" })}th, ${part({ year: "numeric" })} ${time}`;
          const back = new Date(told(words, zone) ?? 0);
          // An hour that a clock shows twice is the one or the other.
          expect(Math.abs(back.getTime() - at.getTime()) % 3_600_000).toBe(0);
          expect(Math.abs(back.getTime() - at.getTime())).toBeLessThanOrEqual(3_600_000);
        },
      ),
    );
  });
});
