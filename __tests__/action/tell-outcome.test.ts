import { beforeEach, describe, expect, test } from "@jest/globals";
import { notRotated, tellGoingOn, tellStoring } from "../../src/action/tell-outcome.ts";
import type { Ledger } from "../../src/core/claim/ledger.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { FakeClock } from "./ports/clock.ts";
import { MemoryLog } from "./ports/log.ts";
import { HOUR_MS, loginNamed } from "./step.ts";

const RESCUE = "gh api --method PUT";
const login = loginNamed("next");
const ledger: Ledger = {
  login,
  predecessor: null,
  claim: null,
  before: new Date(),
  stored: false,
  writes: [],
};
const failure = new Failure("github-unreachable", "GitHub does not answer.", "Try again.");

let log: MemoryLog;
beforeEach(() => {
  log = new MemoryLog();
});

describe("what became of a login that was to be stored", () => {
  test("is that it is stored, by its generation", () => {
    expect(tellStoring(log, { kind: "stored", ledger })).toBeNull();

    expect(log.lines).toEqual([expect.stringContaining(`Stored login ${login.generation}.`)]);
  });

  test.each([RESCUE, null])("is that the handoff has it, and the job goes on (command: %j)", (rescue) => {
    const stops = tellStoring(log, { kind: "pending", ledger, failure, inHandoff: true, rescue });

    expect(stops).toBeNull();
    expect(log.lines).toEqual([
      "warning: GitHub does not answer. The refreshed login is not stored yet; post tries again. Try again. See https://github.com/codex-auth-roundtrip/codex-auth-roundtrip/blob/main/docs/troubleshooting.md#github-unreachable [github-unreachable]",
    ]);
  });

  test("is that its refresh token is unspent, and the job goes on, whoever has it", () => {
    const renewed = { ...ledger, predecessor: login.withExpiredAccessToken() };
    const outcome = { kind: "pending", ledger: renewed, failure, inHandoff: false, rescue: RESCUE } as const;

    expect(tellStoring(log, outcome)).toBeNull();
    expect(log.lines).toHaveLength(1);
  });

  test.each([
    [RESCUE, ["To store this job's login by hand:", RESCUE]],
    [null, []],
  ])("is that nothing else has it, and the job stops (command: %j)", (rescue, told) => {
    const stops = tellStoring(log, { kind: "pending", ledger, failure, inHandoff: false, rescue });

    expect(stops).toBe(failure);
    expect(log.lines.slice(1)).toEqual(told.map((line) => expect.stringContaining(line)));
  });

  test.each([
    [RESCUE, ["To store this job's login all the same:", RESCUE]],
    [null, []],
  ])("is that it is not ours to write, and the job stops (command: %j)", (rescue, told) => {
    expect(tellStoring(log, { kind: "refused", ledger, failure, rescue })).toBe(failure);

    expect(log.lines).toEqual(told.map((line) => expect.stringContaining(line)));
  });
});

test.each([
  ["github-unreachable", "warning"],
  ["refresh-token-reused", "error"],
] as const)("a job that goes on after %s tells it as: %s", (code, level) => {
  const clock = new FakeClock();
  const living = loginNamed("living", { issuedAt: clock.now(), validMs: 10 * HOUR_MS });
  const because = new Failure(code, "No refresh.", "Do this.");

  tellGoingOn({ clock, log }, { login: living, because });

  expect(log.lines).toEqual([
    `${level}: No refresh. This job goes on with the access token it has, which expires in 10 h 0 min. Do this. See https://github.com/codex-auth-roundtrip/codex-auth-roundtrip/blob/main/docs/troubleshooting.md#${code} [${code}]`,
  ]);
});

test("a forced refresh that rotated nothing says what was renewed and that it is stored", () => {
  expect(notRotated()).toMatchObject({
    code: "refresh-not-rotated",
    message: expect.stringContaining("the refresh token did not change"),
    hint: expect.stringContaining("The renewed login is stored."),
  });
});
