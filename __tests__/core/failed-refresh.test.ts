import { describe, expect, test } from "@jest/globals";
import { needsAPerson } from "../../src/core/alert.ts";
import {
  type Consequence,
  consequenceOf,
  explainFailedRefresh,
  type FailedRefresh,
  type Standing,
} from "../../src/core/failed-refresh.ts";
import { Failure } from "../../src/core/failure.ts";
import { reseedHint } from "../../src/core/reseed.ts";

const PLACE = {
  owner: "octo",
  repository: "app",
  repositoryId: "7000001",
  environment: "codex",
  secretName: "CODEX_AUTH_JSON",
};

const transient: FailedRefresh = { kind: "transient" };
const reused: FailedRefresh = { kind: "permanent", code: "refresh-token-reused" };
const expired: FailedRefresh = { kind: "permanent", code: "refresh-token-expired" };
const revoked: FailedRefresh = { kind: "permanent", code: "refresh-token-revoked" };
const rejected: FailedRefresh = { kind: "permanent", code: "refresh-rejected" };
const lost: FailedRefresh = { kind: "answer-lost" };
const broken: FailedRefresh = {
  kind: "broken",
  cause: new Failure("document-empty", "Codex left no auth.json.", "The document before it is kept."),
};
const EVERY: readonly FailedRefresh[] = [transient, reused, expired, revoked, rejected, lost, broken];

const comfortable: Standing = { accessToken: "lives", insistence: "when-due", triesLeft: 0 };

describe("what a failed refresh means for the job", () => {
  test.each<[string, FailedRefresh, Partial<Standing>, Consequence]>([
    ["the issuer did not decide, and there are tries left", transient, { triesLeft: 1 }, "retry"],
    [
      "the issuer did not decide, tries are left, and nothing else would help",
      transient,
      { triesLeft: 1, accessToken: "dying", insistence: "forced" },
      "retry",
    ],
    ["the issuer did not decide to the end", transient, {}, "borrow"],
    ["the refresh token is dead", reused, {}, "borrow"],
    ["a dead refresh token is not tried again", reused, { triesLeft: 2 }, "borrow"],
    ["the answer was lost", lost, {}, "borrow"],
    ["a token whose answer was lost is not tried again", lost, { triesLeft: 2 }, "borrow"],
    ["Codex left a broken file", broken, { triesLeft: 2 }, "borrow"],
  ])("%s", (_, failed, standing, consequence) => {
    expect(consequenceOf(failed, { ...comfortable, ...standing })).toBe(consequence);
  });

  test.each(EVERY.map((failed) => [explainFailedRefresh(failed, reseedHint(PLACE)).code, failed] as const))(
    "%s stops a job whose access token is dying, and one that was told to rotate",
    (_, failed) => {
      expect(consequenceOf(failed, { ...comfortable, accessToken: "dying" })).toBe("stop");
      expect(consequenceOf(failed, { ...comfortable, insistence: "forced" })).toBe("stop");
    },
  );
});

describe("who must act", () => {
  test.each(
    EVERY.filter((failed) => failed !== transient).map((failed) => {
      const { code, hint } = explainFailedRefresh(failed, reseedHint(PLACE));
      return [code, hint] as const;
    }),
  )("%s: a person, who is given the commands", (code, hint) => {
    expect(needsAPerson(code)).toBe(true);
    expect(hint).toContain("CODEX_HOME=$home codex -c 'cli_auth_credentials_store=\"file\"' login");
    expect(hint).toContain(
      "gh secret set CODEX_AUTH_JSON --repo octo/app --env 'codex' < \"$home/auth.json\"",
    );
  });

  test("nobody, when the issuer did not decide: the login is still good", () => {
    const { code, hint } = explainFailedRefresh(transient, reseedHint(PLACE));

    expect(needsAPerson(code)).toBe(false);
    expect(hint).not.toContain("gh secret set");
  });

  test("an answer that was lost is called lost", () => {
    expect(explainFailedRefresh(lost, reseedHint(PLACE)).message).toMatch(/^The answer is lost:/);
  });
});
