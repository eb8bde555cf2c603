import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { promptFailure } from "../../../src/core/codex/prompt-verdict.ts";

const END = "Codex exited with code 1";
const URL = "http://127.0.0.1:39305/backend-api/codex/responses";

// As `codex exec --json` 0.169.0 says them, on loopback.
describe("an error of Codex's", () => {
  test.each([
    ["the issuer refuses", "Your access token could not be refreshed. Please log out and sign in again."],
    [
      "the refresh token was revoked",
      "Your access token could not be refreshed because your refresh token was revoked. Please log out and sign in again.",
    ],
    [
      "the refresh token was used",
      "Your access token could not be refreshed because your refresh token was already used. Please log out and sign in again.",
    ],
    ["the issuer is down", "Failed to refresh token: 503 Service Unavailable"],
    ["there is no way to the issuer", "error sending request for url (http://127.0.0.1:41093/oauth/token)"],
  ])("means that the access token is refused and no other was to be had: %s", (_what, error) => {
    expect(promptFailure(END, error)).toMatchObject({
      code: "access-token-refused",
      message: `The API refused the access token, and Codex could not get a new one: \`${error}\`.`,
      hint: "Run the maintenance workflow (or a run with `refresh: force`), then start a new run.",
    });
  });

  test("means that the access token is refused, a new one, too", () => {
    const error = `unexpected status 401 Unauthorized: Provided authentication token is expired or revoked. Please try signing in again., url: ${URL}`;

    expect(promptFailure(END, error)).toMatchObject({
      code: "access-token-refused",
      message: `The API refused the access token: \`${error}\`.`,
      hint: expect.stringContaining("log in again"),
    });
  });

  test.each([
    [
      "You’ve hit your usage limit. Visit https://chatgpt.com/settings/usage to purchase more credits or try again at 11:14 PM.",
    ],
    ['{"error":{"message":"no Your access token could not be refreshed."}}'],
    [
      `{"detail":"The 'gpt-6' model requires a newer version of Codex. Please upgrade to the latest app or CLI and try again."}`,
    ],
    [`unexpected status 403 Forbidden: Your access token could not be refreshed, url: ${URL}`],
    ["exceeded retry limit, last status: 429 Too Many Requests"],
    ["Reconnecting... 1/1 (Failed to refresh token: 503 Service Unavailable)"],
    ["stream disconnected before completion: Your access token could not be refreshed"],
    [`error sending request for url (${URL})`],
    [`error sending request for url (${URL}) http://x/oauth/token)`],
  ])("is told as it is, where it means nothing to us: %s", (error) => {
    expect(promptFailure(END, error)).toMatchObject({
      code: "prompt-failed",
      message: `${END}: \`${error}\`.`,
      hint: expect.stringContaining("login"),
    });
  });

  test.each([[null], [""], [" \n"]])(
    "that says nothing (%j) leaves the end, and the output above",
    (error) => {
      expect(promptFailure(END, error)).toMatchObject({
        code: "prompt-failed",
        message: `${END}.`,
        hint: expect.stringContaining("output above"),
      });
    },
  );
});

describe("Codex's words in ours", () => {
  test.each([
    ["a\n::error::b\r\nc\td", "a ::error::b c d"],
    ["a\u2028b\u0085c\u001b[31md\u0000", "a b cd"],
    ["##[error]x ##[add-mask]y", "## [error]x ## [add-mask]y"],
    [`key ${"CANARY.".repeat(20)}!`, "key …!"],
    ["word ".repeat(200), `${"word ".repeat(100)}…`],
  ])("are one short line without commands and tokens: %j", (error, line) => {
    expect(promptFailure(END, error).message).toBe(`${END}: \`${line}\`.`);
  });

  test("are that whatever they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (error) => {
        const { message } = promptFailure(END, error);

        expect(message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]|##\[/u);
        expect(message.length).toBeLessThan(1100);
      }),
    );
  });
});
