import { expect, test } from "@jest/globals";
import type { SecretLocation } from "../../../src/core/github/secret-location.ts";
import { describeCurrent, describeEarlier, newTokenRefused } from "../../../src/core/login/verification.ts";

const PLACE: SecretLocation = {
  owner: "octo",
  repository: "app",
  repositoryId: "1",
  environment: "a b",
  secretName: "LOGIN",
};

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
  expect(newTokenRefused(PLACE)).toMatchObject({
    code: "new-token-refused",
    message: "The login was refreshed and stored, but OpenAI refuses its new access token.",
    hint: expect.stringMatching(
      /^Log in again.*seed --repo octo\/app --environment 'a b' --secret-name LOGIN --reseed.*Access copies were left as they are\.$/,
    ),
  });
});
