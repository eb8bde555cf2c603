import { describe, expect, test } from "@jest/globals";
import { FAILURE_CODES, Failure, hasMark } from "../../../src/core/failure/failure.ts";

describe("failure codes", () => {
  test("are kebab-case, and each is there once", () => {
    expect(FAILURE_CODES.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
    expect(new Set(FAILURE_CODES).size).toBe(FAILURE_CODES.length);
  });
});

test("a failure says what is wrong, what to do, and what was behind it", () => {
  const cause = new Error("behind it");

  const failure = new Failure("claim-busy", "What is wrong.", "What to do.", { cause });

  expect(failure).toMatchObject({
    name: "Failure",
    code: "claim-busy",
    message: "What is wrong.",
    hint: "What to do.",
    cause,
  });
  expect(failure).toBeInstanceOf(Error);
});

const marked = (mark: Parameters<typeof hasMark>[1]): string[] =>
  FAILURE_CODES.filter((code) => hasMark(code, mark)).sort();

describe("what a failure means", () => {
  test("is that a new login helps, for nearly every login that is unusable, and for these", () => {
    const unusable = FAILURE_CODES.filter((code) => code.startsWith("login-"));
    const ofTheLogin = unusable.filter((code) => hasMark(code, "new-login"));

    expect(unusable.filter((code) => !ofTheLogin.includes(code)).sort()).toEqual([
      "login-failed",
      "login-forbidden",
      "login-in-keychain",
      "login-is-a-copy",
      "login-shared",
    ]);
    for (const code of ofTheLogin) expect([code, hasMark(code, "manual-action")]).toEqual([code, true]);
    expect(marked("new-login").filter((code) => !code.startsWith("login-"))).toEqual([
      "access-token-expiring",
      "new-token-refused",
      "refresh-answer-lost",
      "refresh-broke-login",
      "refresh-failed",
      "refresh-not-rotated",
      "refresh-rejected",
      "refresh-token-expired",
      "refresh-token-reused",
      "refresh-token-revoked",
      "refresh-unavailable",
      "secret-empty",
    ]);
  });

  test("is that another version of Codex may read the login", () => {
    expect(marked("tolerated")).toEqual([
      "login-account-missing",
      "login-id-token-missing",
      "login-last-refresh-missing",
      "login-not-chatgpt",
    ]);
  });

  test("is that a job stops, although its access token is still good", () => {
    expect(marked("stops-job")).toEqual([
      "app-invalid",
      "app-not-installed",
      "app-permission-missing",
      "claim-limit",
      "codex-missing",
      "github-refused",
      "home-unwritable",
      "login-shared",
      "secret-limit",
      "secret-mismatch",
      "secret-not-found",
      "write-token-cannot-reach-repository",
      "write-token-forbidden",
      "write-token-rejected",
      "write-token-revoked",
    ]);
  });

  test("is that no later run stores the login", () => {
    expect(marked("not-stored-later")).toEqual([
      "secret-changed-elsewhere",
      "secret-not-found",
      "write-back-refused",
    ]);
  });

  test("is that the job has failed, and not the refresh", () => {
    expect(marked("of-the-job")).toEqual([
      "access-token-refused",
      "file-refused",
      "login-refused",
      "prompt-failed",
      "prompt-timeout",
      "prompt-unreadable",
      "region-refused",
      "run-failed",
      "sandbox-unavailable",
      "usage-limit",
      "workspace-deactivated",
    ]);
  });

  test("is that OpenAI refuses the access token", () => {
    expect(marked("token-refused")).toEqual([
      "access-token-refused",
      "login-refused",
      "new-token-refused",
      "workspace-deactivated",
    ]);
  });

  test("is nothing for what is no failure, whatever JavaScript's objects are called", () => {
    for (const code of ["constructor", "toString", "", "Login-Empty"])
      expect(hasMark(code, "manual-action")).toBe(false);
    expect(hasMark("write-token-expires-soon", "manual-action")).toBe(true);
    expect(hasMark("write-token-expires-soon", "new-login")).toBe(false);
  });
});
