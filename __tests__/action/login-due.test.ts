import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  demandLifetime,
  isDue,
  tellLifetime,
  tellNotDue,
  unrefreshedBecause,
} from "../../src/action/login-due.ts";
import type { RunContext } from "../../src/action/run-context.ts";
import { FakeClock } from "./ports/clock.ts";
import { MemoryLog } from "./ports/log.ts";
import { HOUR_MS } from "./step.ts";
import { stepInputs } from "./step-inputs.ts";

const MINUTE_MS = 60_000;
/** The defaults of `refresh-window` and `minimum-lifetime`. */
const WINDOW_MS = 72 * HOUR_MS;
const MINIMUM_MS = 6 * HOUR_MS;

let clock: FakeClock;
let log: MemoryLog;
beforeEach(() => {
  clock = new FakeClock();
  log = new MemoryLog();
});

/** A login whose access token ends in so long. */
const endingIn = (leftMs: number): { accessTokenExpiresAt: Date } => ({
  accessTokenExpiresAt: new Date(clock.now().getTime() + leftMs),
});

function services(
  inputs: Record<string, string> = {},
  { branch = "default", startedBy = { kind: "with-access" } }: Partial<RunContext> = {},
) {
  const context = { branch, startedBy } as RunContext;
  return { inputs: stepInputs(inputs), context, clock, log };
}

const TOKEN = { "secret-write-token": "CANARY-token" };
const ANYBODY = { startedBy: { kind: "anybody", actors: ["ann"] } } as const;
const OTHER = { branch: "other" } as const;

describe("why a login was not refreshed, where nothing went wrong", () => {
  test.each<[string, Record<string, string>, Partial<RunContext>, number, string]>([
    ["the token lives longer than the window", TOKEN, {}, WINDOW_MS + 1, "not-due"],
    ["it does so on another branch", TOKEN, OTHER, WINDOW_MS + 1, "not-due"],
    ["it is due where it is refreshed at once", TOKEN, {}, WINDOW_MS, "not-due"],
    ["it is due on another branch, which waits", TOKEN, OTHER, WINDOW_MS, "branch-waits"],
    [
      "it is due there by a `minimum-lifetime` that is longer than the window",
      { ...TOKEN, "minimum-lifetime": "96h" },
      OTHER,
      96 * HOUR_MS,
      "branch-waits",
    ],
    ["this step never refreshes", { refresh: "never" }, {}, WINDOW_MS, "never"],
    ["this step never refreshes, on another branch", { refresh: "never" }, OTHER, WINDOW_MS, "never"],
    ["it never refreshes, with a write token", { ...TOKEN, refresh: "never" }, {}, WINDOW_MS, "never"],
    ["anybody can start a run of a Codex job", { refresh: "never" }, ANYBODY, WINDOW_MS, "never"],
    [
      "anybody can start a run that has the write token",
      { ...TOKEN, refresh: "never" },
      ANYBODY,
      WINDOW_MS,
      "untrusted",
    ],
  ])("%s", (_, inputs, context, leftMs, why) => {
    expect(unrefreshedBecause(services(inputs, context), endingIn(leftMs))).toBe(why);
  });
});

test.each([
  ["default", WINDOW_MS, true],
  ["default", WINDOW_MS + 1, false],
  ["other", WINDOW_MS, false],
  ["other", MINIMUM_MS, true],
] as const)("on the %s branch a token with %i ms left is due: %s", (branch, leftMs, due) => {
  expect(isDue(services(TOKEN, { branch }), endingIn(leftMs))).toBe(due);
});

describe("that nothing is refreshed", () => {
  test("is told with the life of the access token", () => {
    tellNotDue(services(), endingIn(80 * HOUR_MS), "not-due");

    expect(log.lines).toEqual([
      expect.stringMatching(/Nothing is due: the access token is valid for 3 days 8 h\.$/),
    ]);
  });

  test("is told on another branch with what it waits for", () => {
    tellNotDue(services(), endingIn(10 * HOUR_MS), "branch-waits");

    expect(log.lines).toEqual([
      expect.stringMatching(
        /is due, and is not refreshed here: .* valid for 10 h 0 min, .* until less than 6 h 0 min is left\.$/,
      ),
    ]);
  });
});

describe("a job with the refresh token that this action does not refresh", () => {
  test.each([
    [MINIMUM_MS, []],
    [
      MINIMUM_MS - MINUTE_MS,
      [/access token is valid for only 5 h 59 min, .*only Codex itself can, in this job/],
    ],
    [1, [/is valid for only/]],
    [0, [/access token has expired, .*`refresh: never`.*only Codex itself can, in this job/]],
    [-HOUR_MS, [/has expired/]],
  ])("with %i ms left says so, and does not warn", (leftMs, words) => {
    tellLifetime(services(), endingIn(leftMs));

    expect(log.lines).toEqual(words.map((word) => expect.stringMatching(word)));
    expect(log.lines.filter((line) => /^(warning|error)/.test(line))).toEqual([]);
  });
});

describe("a job that does not refresh", () => {
  const LOGIN = { isAccessCopy: false };
  const COPY = { isAccessCopy: true };

  test.each([
    [WINDOW_MS + 1, false],
    [WINDOW_MS, true],
    [MINIMUM_MS, true],
  ])("says with %i ms left whether a refresh is due: %s", (leftMs, due) => {
    demandLifetime(services(), endingIn(leftMs), LOGIN);

    const sentence = "; this job never refreshes.";
    expect(log.lines).toEqual([
      expect.stringMatching(
        due ? `${sentence} A refresh is due: it is the next refresh job's.$` : `${sentence}$`,
      ),
    ]);
  });

  test.each([
    ["login", LOGIN, 1, /valid for only .*, less than `minimum-lifetime`, and this job does not refresh/],
    ["login", LOGIN, 0, /has expired, and this job does not refresh/],
    ["copy", COPY, 1, /ends at .* UTC, in less than `minimum-lifetime`/],
    ["copy", COPY, 0, /has ended: .* was valid until .* UTC/],
  ])("stops on a %s (%j) with %i ms left", (_, handed, leftMs, words) => {
    expect(() => demandLifetime(services(), endingIn(leftMs), handed)).toThrow(words);
  });

  test.each([
    [{}, "Run the maintenance workflow,"],
    [{ "maintenance-workflow": "keep.yml" }, "Run the maintenance workflow `keep.yml`,"],
  ])("is told where new tokens come from: %j", (inputs, words) => {
    for (const handed of [LOGIN, COPY])
      expect(() => demandLifetime(services(inputs), endingIn(0), handed)).toThrow(
        expect.objectContaining({ hint: expect.stringContaining(words) }),
      );
  });
});
