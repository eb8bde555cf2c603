import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { REFUSALS } from "../../../lab/github/refusals.ts";
import { refusalOf } from "../../../src/adapters/github/client.ts";
import { explainToPerson } from "../../../src/cli/explain-github.ts";
import { hasMark } from "../../../src/core/failure/failure.ts";
import {
  canRepair,
  describeAnswer,
  GitHubError,
  waitAskedFor,
} from "../../../src/core/failure/github-error.ts";
import { answerOf, explainRefusal, explainUnreachable } from "../../../src/core/failure/github-refusal.ts";
import { explainSecretError } from "../../../src/core/failure/secret-error.ts";
import { foreign } from "../../../src/core/text/escape.ts";

const place = {
  owner: "octo",
  repository: "app",
  repositoryId: "7",
  environment: null,
  secretName: "CODEX_AUTH_JSON",
};
const refused = (status: number, said: string | null) => new GitHubError("…", { status, said });
const explained = (error: GitHubError, credential: "token" | "app" = "token") =>
  explainSecretError(error, { place, credential, workedEarlier: false });

const ADVICE: Readonly<Record<keyof typeof REFUSALS, string>> = {
  ipAllowList: "runner whose address",
  saml: "Configure SSO",
  suspendedInstallation: "Unsuspend",
  suspendedAccount: "another account",
  archived: "Unarchive",
  lifetime: "expires earlier",
  fineGrainedForbidden: "GitHub App",
  classicForbidden: "fine-grained token",
  plan: "paid plan",
  disabled: "GitHub's support",
  legal: "GitHub's support",
  gone: "does not exist any more",
  email: "Verify the e-mail",
  oauthAppForbidden: "fine-grained token",
  billing: "Billing",
  migration: "has been moved",
};

describe("a refusal with a cause of its own", () => {
  test.each(Object.entries(REFUSALS))(
    "%s is told in GitHub's words, with what cures it",
    (name, [status, said]) => {
      const error = refused(status, said);
      const expected = {
        code: "github-refused",
        message: expect.stringContaining(foreign(said)),
        hint: expect.stringContaining(ADVICE[name as keyof typeof REFUSALS]),
        cause: error,
      };

      expect(explained(error)).toMatchObject(expected);
      expect(explained(error, "app")).toMatchObject(expected);
      expect(explainToPerson(error, place)).toMatchObject(expected);
      expect(explained(error).hint).not.toContain("repository permission");
      expect(canRepair(error)).toBe(false);
    },
  );

  test.each([
    ["Your IP address is not allowed here.", "runner whose address"],
    ["Your single sign-on session has expired.", "Configure SSO"],
    ["The token needs SSO.", "Configure SSO"],
    ["Your app has been suspended.", "Unsuspend"],
    ["This user is suspended.", "another account"],
    ["Your request is pending.", "Pending requests"],
    ["The token was not approved.", "Pending requests"],
    ["Two-factor authentication is required.", "two-factor"],
    ["You must enable 2FA.", "two-factor"],
    ["There is a problem with your billing.", "Settings → Billing"],
    ["A payment has failed.", "Settings → Billing"],
    ["Your plan has no such thing.", "Settings → Billing"],
    ["Your current plan has no such thing.", "Settings → Billing"],
    ["You must verify your e-mail.", "Settings → Emails"],
    ["The license has expired.", "administrator of this GitHub server"],
    ["No licence is left.", "administrator of this GitHub server"],
    ["This repository is disabled.", "Only GitHub's support"],
    ["This violates the terms of service.", "Only GitHub's support"],
    ["There is a DMCA notice.", "Only GitHub's support"],
    ["Your account was flagged.", "Only GitHub's support"],
    ["A policy of the organization says no.", "Ask an owner"],
    ["Policies of the organization say no.", "Ask an owner"],
    ["The enterprise says no.", "Ask an owner"],
    ["The organization forbids it.", "Ask an owner"],
    ["This is not permitted.", "Ask an owner"],
    ["This is not allowed.", "Ask an owner"],
    ["Access is restricted.", "Ask an owner"],
    ["The spending limit is reached.", "Settings → Billing"],
  ])("is known by its words, in any case: %j", (said, advice) => {
    for (const words of [said, said.toLowerCase(), said.toUpperCase()])
      expect(explainRefusal(refused(403, words))?.hint).toContain(advice);
  });

  test.each([
    [402, "See Settings → Billing of the account"],
    [410, "This does not exist any more"],
    [451, "The repository is unavailable for legal reasons"],
  ])("is known by its status alone: %i", (status, advice) => {
    for (const said of [null, "No."]) {
      expect(explainRefusal(refused(status, said))?.hint).toContain(advice);
      expect(explainRefusal(refused(status, said))?.code).toBe("github-refused");
    }
    expect(explainRefusal(refused(status, "Archived."))?.hint).toContain("Unarchive");
  });

  test.each([400, 401, 404, 422, 500, null])("is not known by its words with %p", (status) => {
    expect(explainRefusal(new GitHubError("…", { status, said: "Archived." }))).toBeNull();
  });

  test.each([
    ["The installation works, and nobody was suspended.", "Unsuspend"],
    ["Suspended: see the application.", "another account"],
    ["Suspended, and approved.", "another account"],
    ["The happening was suspended.", "another account"],
    ["crossover", null],
  ])("is the first that fits, by whole words: %j", (said, advice) => {
    expect(explainRefusal(refused(403, said))?.hint ?? null).toEqual(
      advice === null ? null : expect.stringContaining(advice),
    );
  });

  test.each([
    "Resource not accessible by personal access token",
    "Resource not accessible by integration",
    "Must have admin rights to Repository.",
    null,
  ])("is not %j, which is about a permission", (said) => {
    expect(explainRefusal(refused(403, said))).toBeNull();
    expect(explained(refused(403, said)).code).toBe("write-token-forbidden");
  });

  test("is told from GITHUB_TOKEN in the write token's place", () => {
    expect(explained(refused(403, "Resource not accessible by integration")).hint).toMatch(
      /^The value in `secret-write-token` is GITHUB_TOKEN/,
    );
  });

  test("is one whatever else GitHub says, and the sentence never becomes ours", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom(403, 410, 422, 451, 503),
        (said, status) => {
          const failure = explained(refused(status, `${said}\n::error::SAML`));
          expect(failure.message).not.toContain("\n");
          expect(failure.hint).not.toContain("::error::");
        },
      ),
    );
  });
});

describe("an answer of somebody who stands in GitHub's place", () => {
  const page = (title: string): string => `<html><head><title>${title}</title></head><body></body></html>`;
  const answered = (status: number, data: unknown, headers: Record<string, string> = {}): GitHubError =>
    refusalOf(Object.assign(new Error("x"), { response: { status, headers, data } }), new Date());

  test.each([401, 403, 404, 407])("with %d in a web page says nothing of the token", (status) => {
    for (const headers of [{}, { "content-type": "text/html; charset=utf-8" }] as Record<string, string>[]) {
      const error = answered(status, `\n${page("Sign in to Corporate Proxy")}`, headers);

      expect(canRepair(error)).toBe(true);
      expect(explained(error)).toMatchObject({
        code: "github-unreachable",
        message: expect.stringContaining("Sign in to Corporate Proxy"),
        hint: expect.stringContaining("proxy settings"),
      });
      expect(hasMark(explained(error).code, "manual-action")).toBe(false);
    }
  });

  test("is a proxy that wants credentials, also without a page", () => {
    expect(explained(answered(407, "")).hint).toContain("proxy settings");
  });

  test.each([401, 403, 404])("is none with %d in JSON, or without a word", (status) => {
    for (const data of [{ message: "<html>" }, ""])
      expect(explained(answered(status, data)).code).toMatch(/^write-token-/);
  });

  test("is none with a 5xx or a 429, whose status says enough", () => {
    expect(answered(502, page("Unicorn!")).status).toBe(502);
    expect(answered(429, page("Whoa there!"))).toMatchObject({ status: 429, retryAfterMs: 60_000 });
  });

  test.each([403, 404])("a %d whose header asks for single sign-on is about that", (status) => {
    const header = { "x-github-sso": "required; url=https://github.com/orgs/octo/sso" };

    for (const data of [{ message: "Resource not accessible" }, ""])
      expect(explained(answered(status, data, header))).toMatchObject({
        code: "github-refused",
        hint: expect.stringContaining("Configure SSO"),
      });
    expect(
      explained(answered(status, "", { "x-github-sso": "partial-results; organizations=1" })).code,
    ).not.toBe("github-refused");
  });
});

describe("a limit on requests", () => {
  const now = new Date("2026-11-26T04:00:00Z");
  const wait = (status: number, said: string | null, headers: Record<string, string> = {}) =>
    waitAskedFor({ status, said, headers, now });

  test.each([
    [
      403,
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      {},
      60_000,
    ],
    [403, "You have triggered an abuse detection mechanism.", {}, 60_000],
    [
      403,
      "You have been temporarily blocked from content creation. Please retry your request again later.",
      {},
      60_000,
    ],
    [
      403,
      "API rate limit exceeded for user ID 1.",
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now.getTime() / 1000 + 90) },
      90_000,
    ],
    [403, "You have exceeded the content creation limit", {}, 60_000],
    [403, "This endpoint is temporarily being throttled.", {}, 60_000],
    [403, "Too many requests", {}, 60_000],
    [403, "You do this TOO QUICKLY.", {}, 60_000],
    [403, "Please try again later.", {}, 60_000],
    [403, "Retry your request in a while.", {}, 60_000],
    [403, "You have exceeded a limit of pages limit", {}, 60_000],
    [403, "You have exceeded an hourly limit", {}, 60_000],
    [403, "You have exceeded your daily limit", {}, 60_000],
    [403, null, { "x-ratelimit-remaining": "0" }, 60_000],
    [403, null, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon" }, 60_000],
    [403, null, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" }, 60_000],
    [403, null, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now.getTime() / 1000) }, 60_000],
    [429, "Archived", { "x-ratelimit-remaining": "0" }, 60_000],
    [429, null, { "x-ratelimit-remaining": "4999" }, 60_000],
    [429, null, { "retry-after": "x7" }, 60_000],
    [429, null, { "retry-after": "7x" }, 60_000],
    [403, null, { "retry-after": " 12 " }, 12_000],
    [429, null, { "retry-after": "Thu, 26 Nov 2026 04:00:00 GMT" }, 60_000],
    [429, null, {}, 60_000],
    [429, "Too many requests", { "retry-after": "7" }, 7_000],
    [403, null, { "retry-after": "7" }, 7_000],
    [503, null, { "retry-after": "7" }, 7_000],
    [503, null, { "retry-after": "Thu, 26 Nov 2026 04:00:30 GMT" }, 30_000],
  ])("%p %j %j is waited for", (status, said, headers, waitMs) => {
    expect(wait(status, said, headers as Record<string, string>)).toBe(waitMs);
    const error = new GitHubError("…", { status, said, retryAfterMs: waitMs });
    expect(canRepair(error)).toBe(true);
    expect(explained(error).code).toBe("github-unreachable");
  });

  test.each([
    [403, "Resource not accessible by integration", {}],
    [403, null, { "x-ratelimit-remaining": "4999" }],
    [403, "Resource not accessible by personal access token", { "x-ratelimit-remaining": "0" }],
    [403, "Repository was archived so is read-only.", { "x-ratelimit-remaining": "0" }],
    [403, null, { "retry-after": "0" }],
    [403, null, { "retry-after": "soon" }],
    [403, null, { "retry-after": "Thu, 26 Nov 2026 03:59:30 GMT" }],
    [403, "You have exceeded nothing.", {}],
    [403, "Resource not accessible by integration", { "x-ratelimit-remaining": "0" }],
    [403, "You must have admin rights.", { "x-ratelimit-remaining": "0" }],
    [403, "It is archived.", { "x-ratelimit-remaining": "0" }],
    [403, "SAML", { "x-ratelimit-remaining": "0" }],
    [403, "There is an IP allow list.", { "x-ratelimit-remaining": "0" }],
    [404, "rate limit", { "x-ratelimit-remaining": "0" }],
    [404, "Not Found", {}],
    [503, null, {}],
  ])("is not %p %j %j", (status, said, headers) => {
    expect(wait(status, said, headers as Record<string, string>)).toBeNull();
  });

  test.each([
    [2_400_000, "in 40 min or later"],
    [2_399_000, "in 40 min or later"],
    [1, "in 1 min or later"],
    [172_800_000, "in 2 days 0 h or later"],
  ])("of %d ms says when to try again", (retryAfterMs, when) => {
    const error = new GitHubError("…", { status: 403, said: "rate limit", retryAfterMs });

    expect(explained(error).hint).toContain(when);
  });
});

describe("an answer in one sentence", () => {
  test.each([
    [null, null, "GitHub's API did not answer."],
    [null, "x", "GitHub's API gave no answer that can be read: `x`."],
    [500, null, "GitHub's API answered 500."],
    [500, "x", "GitHub's API answered 500: `x`."],
  ])("%p %j", (status, said, sentence) => {
    expect(describeAnswer(status, said)).toBe(sentence);
  });

  test.each([
    [403, null, "403"],
    [403, "no\n`x`", "403: `no 'x'`"],
    [null, null, "null"],
  ])("or in the middle of one: %p %j", (status, said, words) => {
    expect(answerOf(new GitHubError("…", { status, said }))).toBe(words);
  });
});

test.each([400, 422, 500, null])("a header about single sign-on is not believed with %p", (status) => {
  expect(explainRefusal(new GitHubError("…", { status, said: null, wantsSso: true }))).toBeNull();
});

describe("what to do about an answer that tells nothing of the token", () => {
  const hint = (status: number | null, retryAfterMs: number | null = null): string =>
    explainUnreachable(new GitHubError("…", { status, retryAfterMs }), "Seed AGAIN").hint;

  test.each([
    [null, null, "This usually passes: seed AGAIN, and see githubstatus.com."],
    [302, null, "This usually passes: seed AGAIN, and see githubstatus.com."],
    [408, null, "This usually passes: seed AGAIN, and see githubstatus.com."],
    [500, null, "This usually passes: seed AGAIN, and see githubstatus.com."],
    [503, 60_000, "This usually passes: seed AGAIN, and see githubstatus.com."],
    [
      400,
      null,
      "GitHub does not take this request. Seed AGAIN; if it stays so, please report it, with GitHub's sentence.",
    ],
    [
      499,
      null,
      "GitHub does not take this request. Seed AGAIN; if it stays so, please report it, with GitHub's sentence.",
    ],
    [
      429,
      61_000,
      "This is a limit on requests, of the account that the token belongs to. Seed AGAIN in 2 min or later.",
    ],
    [
      403,
      60_000,
      "This is a limit on requests, of the account that the token belongs to. Seed AGAIN in 1 min or later.",
    ],
  ])("with %p, asked to wait %p ms", (status, retryAfterMs, expected) => {
    expect(hint(status, retryAfterMs)).toBe(expected);
  });
});

describe("an answer that helps nobody", () => {
  test.each([
    [503, "GitHub Enterprise is currently down for maintenance", /usually passes.*githubstatus/],
    [500, null, /usually passes/],
    [null, null, /usually passes/],
    [null, "Sign in", /proxy settings/],
    [422, "Validation Failed", /does not take this request.*report/],
    [400, null, /report/],
  ])("%p %j", (status, said, hint) => {
    const failure = explainUnreachable(new GitHubError("…", { status, said }), "Run the job again");

    expect(failure).toMatchObject({ code: "github-unreachable", hint: expect.stringMatching(hint) });
    if (said) expect(failure.message).toContain(foreign(said));
  });
});
