import { describe, expect, test } from "@jest/globals";
import { explainError } from "../../src/action/explain-error.ts";
import { Failure, type FailureCode } from "../../src/core/failure/failure.ts";

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
