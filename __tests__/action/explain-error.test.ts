import { describe, expect, test } from "@jest/globals";
import { explainError, tellEarlyFailure } from "../../src/action/explain-error.ts";
import { Failure, type FailureCode } from "../../src/core/failure/failure.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { reseedHint } from "../../src/core/login/reseed-command.ts";
import { Secret } from "../../src/core/login/secret.ts";
import { LOGIN_AGAIN } from "../../src/core/login/secret-text.ts";
import { loadNotice } from "../../src/login/notice.ts";
import { MemoryChannel } from "./ports/channel.ts";

const NOT_JSON = new Failure("login-not-json", "The login is no JSON.", "Store the file.");
const NO_COPY = new Failure("access-copy-missing", "There is no copy yet.", "Wait.");
const PRIVATE_KEY = "-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----";

describe("an error that ends a phase", () => {
  test.each([null, new Secret("a login")])(
    "is told in words where the system refused something: secret %j",
    (secret) => {
      const refused = Object.assign(new Error("EACCES"), { code: "EACCES", syscall: "open", path: "/x" });

      expect(explainError(refused, secret, "not-refreshed")).toMatchObject({
        code: "system-error",
        cause: refused,
      });
    },
  );

  test.each([new TypeError("a bug"), "a text", undefined])(
    "stays what it is where nobody foresaw it: %p",
    (error) => {
      expect(explainError(error, new Secret("a login"), "not-refreshed")).toBe(error);
    },
  );

  test("stays what it is where there is no secret to look at, or nothing more to say of it", () => {
    expect(explainError(NOT_JSON, null, "not-refreshed")).toBe(NOT_JSON);
    const busy = new Failure("claim-busy", "Busy.", "Wait.");
    expect(explainError(busy, new Secret(PRIVATE_KEY), "not-refreshed")).toBe(busy);
  });

  test.each([NOT_JSON, NO_COPY])("names what the secret holds in place of a login: $code", (failure) => {
    const named = explainError(failure, new Secret(PRIVATE_KEY), "not-refreshed");

    expect(named).toBeInstanceOf(Failure);
    expect(named).not.toBe(failure);
    expect(named).toMatchObject({ code: expect.stringMatching(/^login-/) });
    expect(`${named}`).not.toContain("CANARY");
  });

  test.each(["new", "Thu Nov 26 05:03:53 UTC 2026", "no login at all"])(
    "leaves it at a copy that is not there yet, where its secret holds only %j",
    (text) => {
      expect(explainError(NO_COPY, new Secret(text), "not-refreshed")).toBe(NO_COPY);
    },
  );
});

const PLACE = {
  owner: "octo",
  repository: "app",
  repositoryId: "1",
  environment: "codex",
  secretName: "MINE",
};

describe("how to log in again", () => {
  test.each([
    "",
    "{",
    "sk-a",
    "~/.codex/auth.json",
    "\uFEFF{}",
    "x".repeat(50_000),
    '{"a":1}',
    '{"sops":{}}',
  ])("names the secret of the step: %j", (text) => {
    const failure = captured(() => AuthJson.parse(text));

    expect(explainError(failure, new Secret(text), "not-refreshed", PLACE)).toMatchObject({
      hint: expect.stringContaining(reseedHint(PLACE)),
    });
    expect(explainError(failure, new Secret(text), "not-refreshed")).toMatchObject({
      hint: expect.stringContaining(LOGIN_AGAIN),
    });
  });
});

function captured(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return null;
}

describe("what goes wrong before there is a login to report on", () => {
  test("is left for post, and has a summary of its own", async () => {
    const channel = new MemoryChannel();

    await tellEarlyFailure(channel, NOT_JSON);
    channel.nextPhase();

    expect(loadNotice(channel)).toMatchObject({ code: "login-not-json", message: "The login is no JSON." });
    expect(channel.summaries).toEqual([expect.stringContaining("The login is no JSON.")]);
  });

  test("is nothing of that where nobody foresaw it", async () => {
    const channel = new MemoryChannel();

    await tellEarlyFailure(channel, new TypeError("a bug"));

    expect(channel.summaries).toEqual([]);
    expect(channel.saved.size).toBe(0);
  });
});

const NO_NEW_LOGIN = /^Do it\. This step refreshed nothing, so no new login is needed for that\.$/;

describe("what is wrong with the write token", () => {
  test.each<FailureCode>([
    "write-token-missing",
    "write-token-rejected",
    "write-token-revoked",
    "write-token-forbidden",
    "write-token-cannot-reach-repository",
    "app-invalid",
    "app-not-installed",
    "app-permission-missing",
    "github-refused",
    "secret-limit",
    "claim-limit",
  ])("takes no new login where nothing was refreshed: %s", (code) => {
    const failure = new Failure(code, "It is so.", "Do it.", { cause: "this" });

    expect(explainError(failure, null, "not-refreshed")).toMatchObject({
      ...{ code, message: "It is so.", hint: expect.stringMatching(NO_NEW_LOGIN), cause: "this" },
    });
    expect(explainError(failure, null, "refreshed")).toBe(failure);
  });

  test.each<FailureCode>([
    "secret-not-found",
    "write-back-pending",
    "copy-stale",
    "refresh-token-reused",
    "input-invalid",
  ])("is not what %s says", (code) => {
    const failure = new Failure(code, "It is so.", "Do it.");

    expect(explainError(failure, null, "not-refreshed")).toBe(failure);
  });
});
