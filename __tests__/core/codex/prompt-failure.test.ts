import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type FailedPrompt, promptFailure as judge } from "../../../src/core/codex/prompt-failure.ts";
import type { Failure } from "../../../src/core/failure/failure.ts";
import { WHOLE_SENTENCES } from "../sentences.ts";

const NOW = new Date("2026-11-26T04:00:00Z");
const CODEX = { command: "/tools/codex", version: "0.169.0" };

function promptFailure(end: string, error: string | null, more: Partial<FailedPrompt> = {}): Failure {
  return judge({
    end,
    error,
    complaint: null,
    codex: CODEX,
    tokenAgeMs: null,
    resetsAt: null,
    now: NOW,
    ...more,
  });
}

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
    ['{"error":{"message":"no Your access token could not be refreshed."}}'],
    [`unexpected status 403 Forbidden: Your access token could not be refreshed, url: ${URL}`],
    ["no You’ve hit your usage limit."],
    ["stream disconnected before completion: Your workspace is out of credits."],
    [`{"detail":"no: The 'gpt-6' model requires a newer version of Codex."}`],
    [`unexpected status 403 Forbidden: {"detail":"Forbidden"}, url: ${URL}`],
    [`unexpected status 402 Payment Required: {}, url: ${URL}`],
    ["We’re currently experiencing high demand, which may cause temporary errors."],
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

// As `codex exec --json` 0.169.0 says them after the API's answer, on loopback.
describe("an answer of the API's", () => {
  const HEALTHY = /do not log in again/;

  test.each<[what: string, error: string, code: string, says: RegExp]>([
    [
      "usage_limit_reached, plan plus",
      "You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro), visit https://chatgpt.com/settings/usage to purchase more credits or try again at 4:49 AM.",
      "usage-limit",
      /reached its usage limit: /,
    ],
    [
      "usage_limit_reached, plan team",
      "You’ve hit your usage limit. To get more access now, send a request to your admin or try again at Nov 30th, 2026 6:55 PM.",
      "usage-limit",
      /reached its usage limit: /,
    ],
    ["usage_limit_reached", "You've hit your usage limit. Try again later.", "usage-limit", /usage limit: /],
    [
      "workspace_owner_credits_depleted",
      "Your workspace is out of credits. Add credits to continue.",
      "usage-limit",
      /no credits left/,
    ],
    [
      "workspace_member_credits_depleted",
      "Your workspace is out of credits. Ask your workspace owner to refill in order to continue.",
      "usage-limit",
      /no credits left/,
    ],
    [
      "workspace_member_usage_limit_reached",
      "You hit your spend cap set by the owner of your workspace. Ask an owner to increase your spend cap to continue.",
      "usage-limit",
      /spend cap for this account is reached: /,
    ],
    [
      "usage_not_included",
      "To use Codex with your ChatGPT plan, upgrade to Plus: https://chatgpt.com/explore/plus.",
      "usage-limit",
      /plan does not include Codex/,
    ],
    ["insufficient_quota", "Quota exceeded. Check your plan and billing details.", "usage-limit", /quota/],
    [
      "a plain 429",
      "exceeded retry limit, last status: 429 Too Many Requests",
      "prompt-failed",
      /limits the rate of requests/,
    ],
    [
      "rate_limit_exceeded",
      "rate limit exceeded: Rate limit reached for x. Please try again in 0.01s.",
      "prompt-failed",
      /limits the rate of requests/,
    ],
    [
      "400 for an outdated Codex",
      `{"detail":"The 'gpt-9-codex' model requires a newer version of Codex. Please upgrade to the latest app or CLI and try again."}`,
      "codex-outdated",
      /^Codex 0\.169\.0 at `\/tools\/codex` is too old for the model: /,
    ],
    [
      "the same with a status",
      `unexpected status 400 Bad Request: {"error":{"message":"The 'gpt-9-codex' model requires a newer version of Codex."}}`,
      "codex-outdated",
      /too old for the model/,
    ],
    [
      "400 for a model without ChatGPT accounts",
      `{"detail":"The 'gpt-5.9' model is not supported when using Codex with a ChatGPT account."}`,
      "prompt-failed",
      /does not offer this model.*not supported when using Codex with a ChatGPT account/,
    ],
    [
      "404 model_not_found",
      "The model `gpt-x` does not exist or you do not have access to it.",
      "prompt-failed",
      /does not offer this model.*does not exist or you do not have access/,
    ],
    [
      "403 for a country",
      `unexpected status 403 Forbidden: Country, region, or territory not supported, url: ${URL}`,
      "region-refused",
      /country/,
    ],
    [
      "403 for a country, by its code",
      `unexpected status 403 Forbidden: {"error":{"code":"unsupported_country_region_territory"}}, url: ${URL}`,
      "region-refused",
      /country/,
    ],
    [
      "a page of Cloudflare's",
      `Access blocked by Cloudflare. This usually happens when connecting from a restricted region (status 403 Forbidden), url: ${URL}, cf-ray: abc-FRA`,
      "region-refused",
      /Cloudflare/,
    ],
  ])("%s is told as what it is, and speaks for the login", (_what, error, code, says) => {
    const failure = promptFailure(END, error);

    expect(failure).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(failure.message).toMatch(WHOLE_SENTENCES);
    expect(failure.hint).toMatch(WHOLE_SENTENCES);
    expect(failure.hint).toMatch(HEALTHY);
    expect(failure.message).toContain(error.slice(0, 40).replaceAll("`", "'"));
  });

  test("of a sandbox that cannot keep the login closed says where it can, and what going without it means", () => {
    const words = "cannot enforce split filesystem read restrictions";

    for (const before of ["", "windows sandbox: ", "x".repeat(300)])
      expect(promptFailure(END, before + words)).toMatchObject({
        code: "sandbox-unavailable",
        message: expect.stringMatching(/^On this machine Codex cannot keep .* out of the login: `/),
        hint: expect.stringMatching(/WSL\. With `protect-auth: off` .* could read the login\.$/),
      });
    expect(promptFailure(END, `${"x".repeat(301)}${words}`).code).toBe("prompt-failed");
  });

  test("402 for a deactivated workspace says who can help", () => {
    const error = `unexpected status 402 Payment Required: {"detail":{"code":"deactivated_workspace"}}, url: ${URL}`;

    expect(promptFailure(END, error)).toMatchObject({
      code: "workspace-deactivated",
      message: expect.stringContaining("workspace of this login is deactivated"),
      hint: expect.stringContaining("owner"),
    });
  });

  test("that names a reset time says it in UTC", () => {
    const error = "You’ve hit your usage limit. Try again at 1:49 PM.";
    const resetsAt = new Date("2026-11-26T04:49:00Z");

    const { message, hint } = promptFailure(END, error, { resetsAt });

    expect(message).toContain("usage limit, which resets at 2026-11-26 04:49 UTC: ");
    expect(hint).toContain("after that");
  });

  test("that names a time which is past by this machine's clock asks nobody to wait for it", () => {
    const error = "You’ve hit your usage limit. Try again at 3:23 AM.";
    const told = (resetsAt: string) => promptFailure(END, error, { resetsAt: new Date(resetsAt) });

    expect(told("2026-11-26T03:23:00Z")).toMatchObject({
      message: expect.stringContaining(
        "was to reset at 2026-11-26 03:23 UTC; by this machine's clock that is past",
      ),
      hint: expect.stringMatching(/^Start a new run now .*do not log in again/),
    });
    // Codex names the minute that has begun.
    expect(told("2026-11-26T03:59:30Z").message).toContain("which resets at 2026-11-26 03:59 UTC");
  });

  test.each([
    "unexpected status 401 Unauthorized: <html><head><title>Sign in to the proxy</title></head>, url: x",
    "unexpected status 401 Unauthorized: \n<!DOCTYPE html>",
    "unexpected status 403 Forbidden: <HTML>",
    "unexpected status 404 Not Found: <!-- x --><html>",
    "unexpected status 451 Unavailable For Legal Reasons: <body>blocked</body>",
  ])("in a web page is a proxy's, and nobody has to log in for it: %j", (error) => {
    for (const tokenAgeMs of [1_000, 86_400_000, null])
      expect(promptFailure(END, error, { tokenAgeMs })).toMatchObject({
        code: "prompt-failed",
        message: expect.stringContaining("from a proxy perhaps"),
        hint: expect.stringMatching(/proxy settings.*do not log in again/),
      });
  });

  test.each([
    ["unexpected status 500 Internal Server Error: , url: x", /status\.openai\.com/],
    ["exceeded retry limit, last status: 503 Service Unavailable, request id: x", /status\.openai\.com/],
    ["unexpected status 502 Bad Gateway: <html>", /status\.openai\.com/],
    ["stream disconnected before completion: error sending request for url (x)", /usually passes/],
    ["Selected model is at capacity. Please try a different model.", /usually passes/],
    ["We’re currently experiencing high demand, which may cause temporary errors.", /usually passes/],
    [
      "unexpected status 407 Proxy Authentication Required: Unknown error, url: x",
      /credentials that the proxy/,
    ],
    ["unexpected status 413 Payload Too Large: Unknown error", /Ask for less/],
    ["Codex ran out of room in the model's context window. Start a new thread.", /Ask for less/],
    ['{"detail":"Unsupported parameter: max_output_tokens"}', /Follow Codex's words/],
    ["unexpected status 402 Payment Required: Unknown error, url: x", /Follow Codex's words/],
  ])("without a verdict of ours says what to do all the same: %s", (error, does) => {
    const { code, hint } = promptFailure(END, error, { tokenAgeMs: 1_000 });

    expect(code).toBe("prompt-failed");
    expect(hint).toMatch(does);
    expect(hint).toMatch(/Nothing in this speaks against the login\.$/);
  });

  const PASSES = /^This usually passes/;
  test.each([
    ["unexpected status 408 Request Timeout", PASSES],
    ["unexpected status 409 Conflict", PASSES],
    ["unexpected status 425 Too Early", PASSES],
    ["unexpected status 599", PASSES],
    ["exceeded retry limit, last status: 408", PASSES],
    ["Connection failed: x", PASSES],
    ["error sending request for url (x)", PASSES],
    ["We're currently experiencing high demand", PASSES],
    ["Failed to refresh token", PASSES],
    ["Reconnecting... 1/5", PASSES],
    ["The context window is full", /^Ask for less/],
    ["x unexpected status 500", /^Follow/],
    ["x exceeded retry limit, last status: 503", /^Follow/],
    ["x stream disconnected", /^Follow/],
    ["x Connection failed", /^Follow/],
    ["x error sending request", /^Follow/],
    ["x We're currently experiencing high demand", /^Follow/],
    ["x Selected model is at capacity", /^Follow/],
    ["x Failed to refresh token", /^Follow/],
    ["x Reconnecting", /^Follow/],
    ["x unexpected status 407", /^Follow/],
    ["x unexpected status 413", /^Follow/],
    ["x Codex ran out of room", /^Follow/],
    ["unexpected status 426 Upgrade Required", /^Follow/],
    ["unexpected status 50", /^Follow/],
  ])("without a verdict of ours is known by its beginning: %s", (error, does) => {
    expect(promptFailure(END, error).hint).toMatch(does);
  });

  test.each([
    "Your access token could not be refreshed",
    "Failed to refresh token: x",
    "error sending request for url (https://x/oauth/token)",
    "unexpected status 403 Forbidden: <html>",
    "unexpected status 401 Unauthorized: x",
    "You've hit your usage limit",
    "Your workspace is out of credits",
    "You hit your spend cap",
    "To use Codex with your ChatGPT plan, upgrade",
    "Quota exceeded.",
    "exceeded retry limit, last status: 429",
    "rate limit exceeded",
    "The 'x' model requires a newer version of Codex",
    "The 'x' model is not supported",
    "The 'x' model does not exist",
    "The model `x` does not exist",
    "unexpected status 402 Payment Required: deactivated_workspace",
    "unexpected status 403 Forbidden: unsupported_country_region_territory",
    "Access blocked by Cloudflare.",
  ])("has a verdict at its beginning, and none behind other words: %s", (error) => {
    expect(promptFailure(END, error).message).not.toContain(`${END}: `);
    expect(promptFailure(END, `x ${error}`)).toMatchObject({
      code: "prompt-failed",
      message: expect.stringMatching(new RegExp(`^${END}: `)),
    });
  });

  test.each([
    ["Codex exited with code 1370", "See its output above."],
    ["Codex exited with code 1", "See its output above."],
  ])("%s: nobody knows why", (end, hint) => {
    expect(promptFailure(end, null).hint).toBe(hint);
  });

  test("of a Codex without a version names its place only", () => {
    const error = "The 'x' model requires a newer version of Codex";

    expect(promptFailure(END, error, { codex: { command: "/x", version: null } }).message).toMatch(
      /^The Codex at `\/x` is too old/,
    );
  });

  test("of a usage limit without a time says where it is shown", () => {
    expect(promptFailure(END, "You've hit your usage limit.").hint).toMatch(
      /^Start a new run when the limit has reset \(chatgpt\.com\/codex\/settings\/usage shows when\), or get more/,
    );
  });

  test("of a limit is past a minute after its time, and not yet at it", () => {
    const at = (resetsAt: number) =>
      promptFailure(END, "You've hit your usage limit.", { resetsAt: new Date(resetsAt) }).message;

    expect(at(NOW.getTime() - 60_000)).toContain("which resets at 2026-11-26 03:59 UTC");
    expect(at(NOW.getTime() - 60_001)).toContain("which was to reset at 2026-11-26 03:58 UTC");
  });

  test.each(["Codex was ended by SIGKILL", "Codex exited with code 137"])("%s: memory, usually", (end) => {
    expect(promptFailure(end, null).hint).toContain("out of memory");
  });
});

describe("an access token that is refused although it is fresh", () => {
  const REFUSALS = [
    "Your access token could not be refreshed. Please log out and sign in again.",
    `unexpected status 401 Unauthorized: You have insufficient permissions for this operation. Missing scopes: api.responses.write., url: ${URL}`,
  ];

  test.each(REFUSALS)("is told as such, and no refresh is asked for: %s", (error) => {
    const failure = promptFailure(END, error, { tokenAgeMs: 4 * 60_000 });

    expect(failure).toMatchObject({
      code: "login-refused",
      message: expect.stringContaining("issued only 4 min ago, and is refused all the same"),
      hint: expect.stringMatching(/do not force one.*log in again and seed/),
    });
    expect(failure.hint).not.toContain("refresh: force");
  });

  test.each([60 * 60_000, 86_400_000])("is not fresh after %d ms", (tokenAgeMs) => {
    for (const error of REFUSALS)
      expect(promptFailure(END, error, { tokenAgeMs }).code).toBe("access-token-refused");
  });

  test("is not told from a clock that is behind the token's, but for some minutes", () => {
    const at = (tokenAgeMs: number) => promptFailure(END, REFUSALS[1] ?? "", { tokenAgeMs }).code;

    expect([-299_999, -300_000].map(at)).toEqual(["login-refused", "access-token-refused"]);
    expect([-60_000, -3_600_000, -86_400_000].map(at)).toEqual([
      "login-refused",
      "access-token-refused",
      "access-token-refused",
    ]);
  });

  test("is not what an issuer's outage says", () => {
    const failure = promptFailure(END, "Failed to refresh token: 503 Service Unavailable", { tokenAgeMs: 1 });

    expect(failure.code).toBe("access-token-refused");
  });
});

test("where Codex gives no reason, what it prints on its standard error is shown, and nothing concluded", () => {
  const complaint = "Error loading config.toml: data did not match any variant of untagged enum";

  expect(promptFailure(END, null, { complaint })).toMatchObject({
    code: "prompt-failed",
    message: `${END}: \`${complaint}\`.`,
  });
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
        const { message } = promptFailure(END, error, { complaint: error });

        expect(message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]|##\[/u);
        expect(message.length).toBeLessThan(1100);
      }),
    );
  });
});
