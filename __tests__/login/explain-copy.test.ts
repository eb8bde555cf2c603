import { describe, expect, test } from "@jest/globals";
import { parseDestinations } from "../../src/core/copies/parse-destinations.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { describeAnswer, GitHubError } from "../../src/core/failure/github-error.ts";
import { explainCopyError, missingCopy } from "../../src/login/copies/explain-copy.ts";
import { PLACE } from "../action/refresh-jobs.ts";

const [WIDGETS, QUOTED] = parseDestinations(
  "repository acme/widgets COPY\nenvironment it's here COPY",
  PLACE,
  "x",
);

function explained(status: number, said: string, kind: "token" | "app" = "token"): Failure {
  if (!WIDGETS) throw new Error("no destination");
  const writeCredential = { kind, open: () => Promise.reject(new Error("not asked")) };
  const error = new GitHubError(describeAnswer(status, said), { status, said });
  return explainCopyError({ writeCredential }, WIDGETS, error);
}

describe("what keeps a copy from its destination", () => {
  test.each<[number, string, RegExp]>([
    [401, "Bad credentials", /^Make a new fine-grained token/],
    [403, "Resource not accessible by personal access token", /permission "Secrets: read and write"/],
    [404, "Not Found", /permission "Secrets: read and write" for acme\/widgets, and check the name/],
    [403, "Resource protected by organization SAML enforcement.", /Configure SSO/],
    [403, "Repository was archived so is read-only.", /Unarchive it/],
    [422, "Bad request - key_id is not valid", /run the maintenance workflow again/i],
    [502, "Bad Gateway", /usually passes/],
  ])("a %s (%s) is told with what cures it", (status, said, hint) => {
    const failure = explained(status, said);

    expect(failure.code).toBe("access-copy-failed");
    expect(failure.message).toBe(`GitHub's API answered ${status}: \`${said}\`.`);
    expect(failure.hint).toMatch(hint);
  });

  test("a permission is no cure for a key that GitHub does not take, or a token that it does not know", () => {
    for (const status of [401, 422]) expect(explained(status, "no").hint).not.toContain("permission");
  });

  test.each([
    ["app", 401, /^Give the GitHub App /],
    ["app", 404, /^Give the GitHub App the repository permission/],
    ["token", 404, /^Give the token in `secret-write-token` the repository permission/],
  ] as const)("is told as that of the credential: %s, %d", (kind, status, hint) => {
    expect(explained(status, "no", kind).hint).toMatch(hint);
  });

  test("is told as that of a token where it is not known which it was; GitHub's answer stays its cause", () => {
    if (!WIDGETS) throw new Error("no destination");
    const error = new GitHubError("No.", { status: 404, said: "no" });

    const failure = explainCopyError({ writeCredential: null }, WIDGETS, error);

    expect(failure.hint).toMatch(/^Give the token in `secret-write-token`/);
    expect(failure.cause).toBe(error);
  });

  test("an App's own refusal keeps its words", () => {
    if (!WIDGETS) throw new Error("no destination");
    const cause = new Failure("app-not-installed", "Not installed.", "Install it.");

    expect(explainCopyError({ writeCredential: null }, WIDGETS, cause)).toMatchObject({
      code: "access-copy-failed",
      message: "Not installed.",
      hint: "Install it.",
      cause,
    });
  });

  test("a missing secret is told with commands that a shell reads as they are meant", () => {
    if (!QUOTED) throw new Error("no destination");

    const { code, message, hint } = missingCopy(QUOTED, PLACE);

    expect([code, message]).toEqual(["access-copy-failed", "There is no such secret."]);

    expect(hint).toContain(`gh secret set COPY --repo octo/app --env 'it'\\''s here'`);
    expect(hint).toContain(`--copy-to 'environment it'\\''s here COPY'`);
  });
});
