import { describe, expect, test } from "@jest/globals";
import { isCopyDue } from "../../../src/core/copies/due.ts";
import { parseDestinations } from "../../../src/core/copies/parse-destinations.ts";
import { type CopyResult, describeResults, failureOf } from "../../../src/core/copies/result.ts";
import { describeUsage, readUsage } from "../../../src/core/copies/usage.ts";
import { describeCurrent, describeEarlier, newTokenRefused } from "../../../src/core/copies/verdict.ts";
import { Failure } from "../../../src/core/failure/failure.ts";

const at = (text: string): Date => new Date(text);
const CREATED = at("2026-11-01T00:00:00Z");

describe("a copy", () => {
  test.each([
    ["written a week before the login", "2026-11-15T10:00:00Z", true],
    ["written in the second in which the login was issued", "2026-11-22T10:00:00Z", true],
    ["written a second later", "2026-11-22T10:00:01Z", false],
    ["never written since it was created", "2026-11-01T00:00:00Z", true],
  ])("%s: due %#", (_, updated, due) => {
    const login = { accessTokenIssuedAt: at("2026-11-22T10:00:00.700Z") };

    expect(isCopyDue({ createdAt: CREATED, updatedAt: at(updated) }, login, null)).toBe(due);
  });

  test("that a person has created after the login was issued is due until it is written once", () => {
    const login = { accessTokenIssuedAt: at("2026-11-22T10:00:00Z") };
    const createdAt = at("2026-11-24T10:00:00Z");

    expect(isCopyDue({ createdAt, updatedAt: createdAt }, login, null)).toBe(true);
    expect(isCopyDue({ createdAt, updatedAt: at("2026-11-24T11:00:00Z") }, login, null)).toBe(false);
  });

  test("that was written before the login was stored is due, whenever that was issued", () => {
    const login = { accessTokenIssuedAt: at("2026-11-22T10:00:00Z") };
    const storedAt = at("2026-11-22T10:00:05Z");

    expect(isCopyDue({ createdAt: CREATED, updatedAt: storedAt }, login, storedAt)).toBe(true);
    expect(isCopyDue({ createdAt: CREATED, updatedAt: at("2026-11-22T10:00:06Z") }, login, storedAt)).toBe(
      false,
    );
  });

  test("of a login that does not say when it was issued is always due", () => {
    const login = { accessTokenIssuedAt: new Date(0) };

    expect(isCopyDue({ createdAt: CREATED, updatedAt: at("2026-11-22T10:00:00Z") }, login, null)).toBe(true);
  });
});

describe("the results", () => {
  const [one, other] = parseDestinations(
    "secret ONE\norganization acme OTHER",
    { owner: "octo", repository: "app", repositoryId: "1", environment: null, secretName: "L" },
    "x",
  );
  if (!one || !other) throw new Error("two destinations");
  const failed: CopyResult = {
    kind: "failed",
    destination: other,
    failure: new Failure("access-copy-failed", "GitHub's API answered 403: `no`.", "Give it."),
  };

  test("are counted in one sentence", () => {
    const all: CopyResult[] = [
      { kind: "written", destination: one },
      { kind: "newer", destination: one },
      { kind: "left", destination: one },
      failed,
    ];

    expect(describeResults(all)).toBe(
      "Access copies: 1 written, 1 up to date already, 1 left to another run, 1 failed.",
    );
    expect(describeResults([{ kind: "written", destination: one }])).toBe("Access copies: 1 written.");
  });

  test("name what failed, and GitHub's words", () => {
    const failure = failureOf([{ kind: "written", destination: one }, failed]);

    expect(failure).toMatchObject({
      code: "access-copy-failed",
      message: "The access copy `organization acme OTHER` was not written. GitHub's API answered 403: `no`.",
      hint: "Give it. The login itself is stored; the next refresh job writes what is missing.",
    });
    expect(failureOf([{ kind: "written", destination: one }])).toBeNull();
  });

  test("name all five of five", () => {
    expect(failureOf(Array<CopyResult>(5).fill(failed))?.message).toMatch(
      /^5 of 5 access copies were not written: (`organization acme OTHER`, ){4}`organization acme OTHER`\. The first: GitHub's/,
    );
  });

  test("name five at most", () => {
    expect(failureOf(Array<CopyResult>(7).fill(failed))?.message).toContain(
      "7 of 7 access copies were not written: `organization acme OTHER`, `organization acme OTHER`, `organization acme OTHER`, `organization acme OTHER`, `organization acme OTHER` and 2 more. The first: GitHub's",
    );
  });
});

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

  test.each([null, undefined, "soon", 1e300])(
    "keeps a limit that is reset at %j, without a time",
    (resetsAt) => {
      expect(readUsage({ rateLimits: { primary: { ...primary, resetsAt } } })).toEqual([
        { usedPercent: 12.4, minutes: 300, resetsAt: null },
      ]);
    },
  );
});

test("what was observed of a token is told as it was observed", () => {
  expect(describeCurrent({ kind: "accepted", usage: null })).toBe("OpenAI accepts the new access token.");
  expect(describeCurrent({ kind: "refused" })).toBe("OpenAI refuses the new access token.");
  expect(describeCurrent({ kind: "unknown", because: "Codex says `x`." })).toBe(
    "The new access token could not be tried out. Codex says `x`.",
  );
  expect(describeEarlier({ kind: "accepted", usage: null })).toContain("still works");
  expect(describeEarlier({ kind: "refused" })).toContain("has ended the access token from before it");
  expect(describeEarlier({ kind: "unknown", because: "Codex says `x`." })).toContain("is not known. Codex");
});

test("the usage is told with an accepted token", () => {
  const usage = [{ usedPercent: 7, minutes: 300, resetsAt: null }];

  expect(describeCurrent({ kind: "accepted", usage })).toBe(
    "OpenAI accepts the new access token. Usage: 5-hour limit 7 % used.",
  );
});

test("a refused new token says what is stored, and how to log in again", () => {
  expect(newTokenRefused()).toMatchObject({
    code: "new-token-refused",
    message: "The login was refreshed and stored, but OpenAI refuses its new access token.",
    hint: "Log in again: `npx codex-auth-roundtrip seed --reseed`, or run the reseed workflow. Access copies were left as they are.",
  });
});
