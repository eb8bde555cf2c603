import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { REFUSALS } from "../../../lab/github/refusals.ts";
import { explainToPerson } from "../../../src/cli/explain-github.ts";
import { canRepair, GitHubError, waitAskedFor } from "../../../src/core/failure/github-error.ts";
import { explainRefusal, explainUnreachable } from "../../../src/core/failure/github-refusal.ts";
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
    [403, null, { "retry-after": "0" }],
    [403, null, { "retry-after": "soon" }],
    [404, "Not Found", {}],
    [503, null, {}],
  ])("is not %p %j %j", (status, said, headers) => {
    expect(wait(status, said, headers as Record<string, string>)).toBeNull();
  });

  test("that outlasts the job says when to try again", () => {
    const error = new GitHubError("…", { status: 403, said: "rate limit", retryAfterMs: 2_400_000 });

    expect(explained(error).hint).toContain("in 40 min or later");
  });
});

describe("an answer that helps nobody", () => {
  test.each([
    [503, "GitHub Enterprise is currently down for maintenance", /usually passes.*githubstatus/],
    [500, null, /usually passes/],
    [null, null, /usually passes/],
    [null, "Sign in", /usually passes/],
    [422, "Validation Failed", /does not take this request.*report/],
    [400, null, /report/],
  ])("%p %j", (status, said, hint) => {
    const failure = explainUnreachable(new GitHubError("…", { status, said }), "Run the job again");

    expect(failure).toMatchObject({ code: "github-unreachable", hint: expect.stringMatching(hint) });
    if (said) expect(failure.message).toContain(foreign(said));
  });
});
