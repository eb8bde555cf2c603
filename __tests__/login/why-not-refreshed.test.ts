import { describe, expect, test } from "@jest/globals";
import type { Claim, ClaimState } from "../../src/core/claim/claim.ts";
import type { FailureCode } from "../../src/core/failure/failure.ts";
import type { MissingProof } from "../../src/login/position.ts";
import {
  cancelledBeforeRefresh,
  claimBusy,
  claimedSinceStored,
  explainMissingProof,
  handoffDenied,
} from "../../src/login/why-not-refreshed.ts";

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

describe("why a job does not know the newest login", () => {
  test.each<[MissingProof, FailureCode, RegExp, RegExp]>([
    ["secret-is-newer", "copy-stale", /secret has been written since/, /Start a new run \(not a re-run\)/],
    ["handoff-not-answered", "freshness-unproven", /cache does not tell/, /cache service works again/],
    ["in-doubt", "freshness-unproven", /^9 jobs have died/, /log in again and seed/],
    [
      "successor-not-found",
      "write-back-pending",
      /could not store it/,
      /Dispatch maintenance on that run's branch/,
    ],
    [
      "run-time-permission",
      "freshness-unproven",
      /cannot ask when its run was created/,
      /Grant `actions: read`/,
    ],
    ["run-not-found", "freshness-unproven", /knows no run/, /act, for example/],
    ["runner-name-missing", "freshness-unproven", /does not set RUNNER_NAME/, /Set RUNNER_NAME/],
    [
      "run-time-unknown",
      "freshness-unproven",
      /did not say when this run was created/,
      /^Start a new run\.$/,
    ],
  ])("(%s) is told with what helps, and that nothing was refreshed", (missing, code, message, hint) => {
    const failure = explainMissingProof(missing);

    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.message).toMatch(/ Nothing was refreshed\.$/);
    expect(failure.hint).toMatch(hint);
  });
});

describe("why a job did not refresh", () => {
  test("is told with what to do where another job is at work", () => {
    expect(claimBusy({ seen: null, now, looks: 1 }).hint).toMatch(
      /^Wait until that job has ended.*after ten minutes, if this job has `actions: read`, or with `refresh: force`/,
    );
  });

  test("is told with what to do where another job has claimed what this one has stored", () => {
    const { code, hint } = claimedSinceStored();

    expect(code).toBe("claim-busy");
    expect(hint).toMatch(/`refresh-token: present` one concurrency group\.$/);
  });

  test("is told in the cache service's words, and with them as no command, where the cache takes nothing", () => {
    const { code, message, hint } = handoffDenied("denied\n::warning::x");

    expect(code).toBe("handoff-denied");
    expect(message).toMatch(
      /^The Actions cache stores nothing for this job \(.*denied.*\).* Nothing was refreshed\.$/,
    );
    expect(message).not.toContain("\n");
    expect(hint).toMatch(/refresh on `schedule`, `push` or `workflow_dispatch`.*`handoff: off`/);
  });

  test("is told as a cancel where it was one", () => {
    expect(cancelledBeforeRefresh()).toMatchObject({
      code: "cancelled",
      message: "The job was cancelled before anything was refreshed.",
      hint: "Run it again.",
    });
  });
});
