import { describe, expect, test } from "@jest/globals";
import { hasMark } from "../../../src/core/failure/failure.ts";
import { warnOfWriteTokenExpiry } from "../../../src/core/github/write-token-expiry.ts";

const NOW = new Date("2026-11-22T10:00:00Z");
const PLACE = { owner: "octo", repository: "app", repositoryId: "1", environment: "codex", secretName: "A" };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe("a write token", () => {
  test.each([
    ["that never ends", null, false],
    ["that ends in fifteen days", 15 * DAY_MS, false],
    ["that ends in fourteen days", 14 * DAY_MS, true],
    ["that ends in two hours", 2 * HOUR_MS, true],
    ["of a GitHub App, which lives an hour", HOUR_MS, false],
    ["that has ended", -DAY_MS, false],
  ])("%s", (_, leftMs, isNews) => {
    const expiresAt = leftMs === null ? null : new Date(NOW.getTime() + leftMs);

    expect(warnOfWriteTokenExpiry(PLACE, expiresAt, NOW) !== null).toBe(isNews);
  });

  test("that ends soon is for a person, who is told the day", () => {
    const alert = warnOfWriteTokenExpiry(PLACE, new Date("2026-11-30T08:00:00Z"), NOW);

    expect(alert?.message).toBe("The token in `secret-write-token` expires on 2026-11-30.");
    expect(alert?.hint).toMatch(
      /^Make a new fine-grained token before that day for octo\/app with "Environments: read and write" .* store it /,
    );
    expect(hasMark(alert?.code ?? "", "manual-action")).toBe(true);
  });
});
