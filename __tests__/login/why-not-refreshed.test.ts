import { describe, expect, test } from "@jest/globals";
import type { Claim, ClaimState } from "../../src/core/claim/claim.ts";
import { claimBusy } from "../../src/login/why-not-refreshed.ts";

const CLAIM: Claim = {
  holder: "0123456789abcdef0123456789abcdef",
  run: "77",
  attempt: 1,
  secret: "CODEX_AUTH_JSON",
  ref: "default",
  state: "open",
  before: null,
  next: null,
  after: null,
  released: false,
  wholeJob: false,
};
const now = new Date("2026-11-26T04:01:00Z");
const createdAt = new Date("2026-11-26T04:00:20Z");
const told = (claim: Claim | null, looks = 3) =>
  claimBusy({ seen: { name: "CODEX_AUTH_CLAIM_0", createdAt, claim }, now, looks }).message;

describe("a login that another job is at work with", () => {
  test.each<[ClaimState, string]>([
    ["open", "has not said yet what came of its refresh"],
    ["write", "is storing it"],
    ["rotated", "has refreshed it, and not stored the result yet"],
  ])("whose claim is %s: what was seen is said, since when, and how often", (state, doing) => {
    const message = told({ ...CLAIM, state });

    expect(message).toMatch(/^Run 77 has claimed this login 40 s ago/);
    expect(message).toContain(doing);
    expect(message).toContain("looked at 3 times");
  });

  test("for a whole job is said to be so", () => {
    expect(told({ ...CLAIM, wholeJob: true }, 1)).toMatch(
      /holds the whole login until it ends \(looked at once\)/,
    );
  });

  test("behind a claim that nobody shows names none", () => {
    expect(claimBusy({ seen: null, now, looks: 1 }).message).toMatch(
      /^Another job has claimed this login, and GitHub does not show/,
    );
    expect(told(null)).toMatch(/^Another job has claimed this login 40 s ago/);
  });
});
