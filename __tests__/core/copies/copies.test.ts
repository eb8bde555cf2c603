import { describe, expect, test } from "@jest/globals";
import { isCopyDue } from "../../../src/core/copies/due.ts";
import { parseDestinations } from "../../../src/core/copies/parse-destinations.ts";
import { type CopyResult, describeResults, failureOf } from "../../../src/core/copies/result.ts";
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
