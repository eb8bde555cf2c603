import { describe, expect, test } from "@jest/globals";
import { codexWouldRefresh, type DueQuestion, refreshDue, remainingMs } from "../../../src/core/login/due.ts";

const HOUR_MS = 3_600_000;
const now = new Date("2026-11-22T12:00:00Z");

function question(leftMs: number, rest: Partial<DueQuestion> = {}): DueQuestion {
  return {
    policy: "auto",
    login: { accessTokenExpiresAt: new Date(now.getTime() + leftMs) },
    now,
    refreshWindowMs: 72 * HOUR_MS,
    minimumLifetimeMs: 6 * HOUR_MS,
    branch: "default",
    ...rest,
  };
}

describe("on the default branch a refresh", () => {
  test.each([
    ["is not due a millisecond before the window", 72 * HOUR_MS + 1, false],
    ["is due at the window's very beginning", 72 * HOUR_MS, true],
    ["is due inside the window", 10 * HOUR_MS, true],
    ["is due for a token that is over", -HOUR_MS, true],
  ])("%s", (_when, leftMs, due) => {
    expect(refreshDue(question(leftMs))).toBe(due);
  });

  test("is due below the minimum lifetime even when the window is smaller", () => {
    const small = { refreshWindowMs: HOUR_MS };

    expect(refreshDue(question(6 * HOUR_MS, small))).toBe(true);
    expect(refreshDue(question(6 * HOUR_MS + 1, small))).toBe(false);
  });
});

describe("on another branch a refresh", () => {
  test.each([
    ["waits inside the window", 72 * HOUR_MS, false],
    ["waits until a millisecond before the minimum lifetime", 6 * HOUR_MS + 1, false],
    ["is due at the minimum lifetime", 6 * HOUR_MS, true],
    ["is due for a token that is over", 0, true],
  ])("%s", (_when, leftMs, due) => {
    expect(refreshDue(question(leftMs, { branch: "other" }))).toBe(due);
  });
});

describe("a policy", () => {
  test.each([
    ["force", "other", 240, true],
    ["force", "default", -1, true],
    ["never", "default", -1, false],
    ["never", "other", 1, false],
  ] as const)("of %s on the %s branch with %d hours left decides: %p", (policy, branch, hours, due) => {
    expect(refreshDue(question(hours * HOUR_MS, { policy, branch }))).toBe(due);
  });
});

test("what remains of a dead token is negative", () => {
  expect(remainingMs({ accessTokenExpiresAt: new Date(now.getTime() - 1) }, now)).toBe(-1);
});

describe("Codex refreshes a document by itself", () => {
  const now = new Date("2026-11-22T09:48:00Z");
  const endsIn = (ms: number) => ({ accessTokenExpiresAt: new Date(now.getTime() + ms) });

  test.each([
    [-1, true],
    [0, true],
    [299_999, true],
    [300_000, true],
    [300_001, false],
    [86_400_000, false],
  ])("when its access token ends in %d ms: %s", (ms, itself) => {
    expect(codexWouldRefresh(endsIn(ms), now)).toBe(itself);
  });
});
