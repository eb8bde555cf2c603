import { describe, expect, test } from "@jest/globals";
import { Failure } from "../../../src/core/failure/failure.ts";
import {
  explainSystemError,
  isScarcity,
  systemCodeOf,
  whyNotStarted,
} from "../../../src/core/failure/system-error.ts";

const refused = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: CANARY, open '${path}'`), { code, syscall: "open", errno: -1, path });

describe("what the operating system refuses", () => {
  test.each([
    ["EACCES", "owns it"],
    ["EPERM", "immutable"],
    ["EROFS", "read-only"],
    ["ENOSPC", "df -h"],
    ["EDQUOT", "df -h"],
    ["EMFILE", "ulimit"],
    ["ENFILE", "ulimit"],
    ["EAGAIN", "ulimit"],
    ["ENOMEM", "memory"],
    ["ENAMETOOLONG", "Shorten"],
    ["E2BIG", "Shorten"],
    ["ENOENT", "removed"],
    ["ELOOP", "replaced"],
    ["EUCLEAN", "errno"],
  ])("%s is a failure with a code and a remedy, and no bug", (code, hint) => {
    const failure = explainSystemError(refused(code, "/temp/a`b\n::error::x"));

    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({
      code: "system-error",
      message: expect.stringContaining(code),
      hint: expect.stringContaining(hint),
    });
    expect(failure?.message).toContain("/temp/a'b");
    expect(failure?.message).not.toMatch(/\n|CANARY/);
  });

  test.each([
    ["EEXIST", "owns it"],
    ["ENOTDIR", "removed"],
    ["EISDIR", "removed"],
    ["XEACCES", null],
    ["EACCESX", "errno"],
    ["EROFSX", "errno"],
    ["ENOSPCX", "errno"],
    ["EMFILEX", "errno"],
    ["E2BIGX", "errno"],
    ["ENOENTX", "errno"],
    ["EXEACCES", "errno"],
    ["EXEROFS", "errno"],
    ["EXENOSPC", "errno"],
    ["EXEMFILE", "errno"],
    ["EXE2BIG", "errno"],
    ["EXELOOP", "errno"],
    ["EACCESé", null],
    ["EX", null],
    ["E_X", null],
    ["EAI_AGAIN", null],
  ])("is known by the whole of its code: %s", (code, hint) => {
    expect(explainSystemError(refused(code))?.hint ?? null).toEqual(
      hint === null ? null : expect.stringContaining(hint),
    );
  });

  test("is told in one sentence, with what was behind it", () => {
    const error = refused("EACCES", "/home/x");

    expect(explainSystemError(error)).toMatchObject({
      message: "The operating system refused `open` of `/home/x`: EACCES.",
      cause: error,
    });
  });

  test("has a code that is text, of an error with a call", () => {
    expect(systemCodeOf(refused("EACCES"))).toBe("EACCES");
    expect(systemCodeOf(Object.assign(new Error("x"), { code: "EACCES" }))).toBeNull();
    expect(systemCodeOf(Object.assign(new Error("x"), { syscall: "open" }))).toBeNull();
    expect(systemCodeOf(Object.assign(new Error("x"), { syscall: "open", code: 13 }))).toBeNull();
    expect(systemCodeOf({ code: "EACCES", syscall: "open" })).toBeNull();
  });

  test("may name no path", () => {
    expect(explainSystemError(refused("EAGAIN"))?.message).toContain("a file or a process");
  });

  test.each([
    ["a bug", new TypeError("x is not a function")],
    ["an error of Node's own", Object.assign(new Error("x"), { code: "ERR_INVALID_ARG_TYPE" })],
    ["an error of the network's", Object.assign(new Error("x"), { code: "UND_ERR_CONNECT_TIMEOUT" })],
    ["no error at all", "EACCES"],
    ["nothing", undefined],
  ])("is not %s", (_what, error) => {
    expect(explainSystemError(error)).toBeNull();
  });
});

test("an error in which Node wraps the system's is the system's", () => {
  const info = { code: "ENOENT", errno: 2, message: "no such file", syscall: "uv_os_homedir" };
  const error = Object.assign(new Error("x"), { code: "ERR_SYSTEM_ERROR", info, syscall: info.syscall });

  expect(explainSystemError(error)?.message).toMatch(/`uv_os_homedir`.*: ENOENT\.$/);
});

test("a current directory that is gone is named", () => {
  const error = Object.assign(new Error("x"), { code: "ENOENT", syscall: "uv_cwd" });

  expect(explainSystemError(error)?.message).toContain("of the current directory: ENOENT");
});

describe("a program that was not started", () => {
  const missing = new Failure("run-failed", "There is no such program.", "Check it.");

  test.each(["ENOENT", "ENOTDIR"])("is missing, or its directory: %s", (code) => {
    expect(whyNotStarted(refused(code), missing)).toBe(missing);
  });

  test.each(["EAGAIN", "EACCES", "E2BIG", "ENOMEM"])("may be there: %s", (code) => {
    expect(whyNotStarted(refused(code), missing)).toMatchObject({
      code: "run-failed",
      message: expect.stringContaining(code),
    });
  });

  test("for a bug of ours stays that", () => {
    const bug = new TypeError("x");

    expect(whyNotStarted(bug, missing)).toBe(bug);
  });
});

test.each([
  ["EMFILE", true],
  ["ENOMEM", true],
  ["EACCES", false],
  ["ENOSPC", false],
])("%s is a want of the whole machine: %s", (code, expected) => {
  expect(isScarcity(refused(code))).toBe(expected);
});
