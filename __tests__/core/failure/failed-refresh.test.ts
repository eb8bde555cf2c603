import { describe, expect, test } from "@jest/globals";
import {
  type Consequence,
  consequenceOf,
  explainFailedRefresh,
  type FailedRefresh,
  mayGoOn,
  type Standing,
  vitality,
} from "../../../src/core/failure/failed-refresh.ts";
import { Failure, hasMark } from "../../../src/core/failure/failure.ts";
import { reseedHint } from "../../../src/core/login/reseed-command.ts";

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
  cause: new Failure("login-empty", "Codex left no auth.json.", "The document before it is kept."),
};
const EVERY: readonly FailedRefresh[] = [transient, reused, expired, revoked, rejected, lost, broken];

const comfortable: Standing = { accessToken: "lives", insistence: "when-due", attemptsLeft: 0 };

describe("what a failed refresh means for the job", () => {
  test.each<[string, FailedRefresh, Partial<Standing>, Consequence]>([
    ["the issuer did not decide, and there are attempts left", transient, { attemptsLeft: 1 }, "retry"],
    [
      "the issuer did not decide, attempts are left, and nothing else would help",
      transient,
      { attemptsLeft: 1, accessToken: "dying", insistence: "forced" },
      "retry",
    ],
    ["the issuer did not decide to the end", transient, {}, "go-on"],
    ["the refresh token is dead", reused, {}, "go-on"],
    ["a dead refresh token is not tried again", reused, { attemptsLeft: 2 }, "go-on"],
    ["the answer was lost", lost, {}, "go-on"],
    ["a token whose answer was lost is not tried again", lost, { attemptsLeft: 2 }, "go-on"],
    ["Codex left a broken file", broken, { attemptsLeft: 2 }, "go-on"],
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

test.each([
  ["lives", "when-due", true],
  ["lives", "forced", false],
  ["dying", "when-due", false],
  ["dying", "forced", false],
] as const)(
  "a job whose access token %s and that refreshes %s goes on: %s",
  (accessToken, insistence, goesOn) => {
    expect(mayGoOn({ accessToken, insistence })).toBe(goesOn);
  },
);

describe("who must act", () => {
  test.each(
    EVERY.filter((failed) => failed !== transient).map((failed) => {
      const { code, hint } = explainFailedRefresh(failed, reseedHint(PLACE));
      return [code, hint] as const;
    }),
  )("%s: a person, who is given the commands", (code, hint) => {
    expect(hasMark(code, "manual-action")).toBe(true);
    expect(hint).toContain("`npx codex-auth-roundtrip seed --repo octo/app --environment codex --reseed`");
  });

  test("nobody, when the issuer did not decide: the login is still good", () => {
    const { code, hint } = explainFailedRefresh(transient, reseedHint(PLACE));

    expect(hasMark(code, "manual-action")).toBe(false);
    expect(hint).not.toContain("gh secret set");
  });

  test("an answer that was lost is called lost", () => {
    expect(explainFailedRefresh(lost, reseedHint(PLACE)).message).toMatch(/^The answer is lost:/);
  });
});

describe("an access token", () => {
  const now = new Date("2026-11-22T09:48:00Z");
  const endsIn = (ms: number) => ({ accessTokenExpiresAt: new Date(now.getTime() + ms) });

  test.each([
    [3_600_001, "lives"],
    [3_600_000, "lives"],
    [3_599_999, "dying"],
    [-1, "dying"],
  ])("that ends in %d ms, where an hour is demanded: %s", (ms, expected) => {
    expect(vitality(endsIn(ms), { now, minimumLifetimeMs: 3_600_000 })).toBe(expected);
  });
});

describe("what a person is told of a failed refresh", () => {
  const told = (failed: FailedRefresh): Failure => explainFailedRefresh(failed, reseedHint(PLACE));

  test.each([
    [reused, /already used/],
    [expired, /has expired/],
    [revoked, /was revoked/],
  ])("names the cause of a dead token, and how to log in again", (failed, words) => {
    expect(told(failed).message).toMatch(words);
    expect(told(failed).hint).toBe(reseedHint(PLACE));
  });

  test.each([
    [
      rejected,
      /does not accept.*no reason/,
      /^Start one more run.*Only if that run says the same, log in again/,
    ],
    [lost, /ended without an answer or heard nothing/, /^Start a new run.*Only if .* log in again/],
  ])(
    "is to try once more before anybody logs in again, where that may have been all",
    (failed, words, hint) => {
      expect(told(failed).message).toMatch(words);
      expect(told(failed).hint).toMatch(hint);
    },
  );

  test.each([
    "Error: unknown variant `ChatGPT`, expected `chatgpt` or `api` in `forced_login_method`",
    "Error loading config.toml: expected value at line 1 column 1",
    "Error: invalid type: integer `1`, expected a string",
    "error loading requirements.toml: TOML parse error at line 2",
    "Error: failed to load configuration",
  ])("is the configuration, and no old Codex, where Codex did not start for it: %s", (output) => {
    const { code, message, hint } = told({ kind: "unstarted", output: `codex-cli 0.169.0: ${output}` });

    expect(code).toBe("refresh-unexplained");
    expect(message).toMatch(/because of its configuration.*OpenAI was not asked/);
    expect(hint).toMatch(/Keep the login.*Correct that configuration/);
    expect(hasMark(code, "manual-action")).toBe(false);
  });

  test.each(["unrecognized subcommand 'app-server'", "error: unexpected argument '--listen' found", ""])(
    "is an old Codex where it knows no app-server: %j",
    (output) => {
      expect(told({ kind: "unstarted", output }).code).toBe("codex-outdated");
    },
  );

  test("is the command as it is, also in the middle of a sentence", () => {
    expect(told(lost).hint).toBe(
      `Start a new run with \`refresh: force\`. Only if it fails with refresh-token-reused, l${reseedHint(PLACE).slice(1)}`,
    );
  });

  test("is which setting forbids the login, and to change that", () => {
    const failure = told({ kind: "forbidden", setting: 'forced_login_method = "api"', source: "/etc/codex" });

    expect(failure).toMatchObject({
      code: "login-forbidden",
      message: expect.stringContaining('`forced_login_method = "api"` in `/etc/codex`'),
      hint: expect.stringMatching(/^Change that setting/),
    });
  });

  test.each([
    ["", /that OpenAI was asked\.$/],
    ["no `idea`", /that OpenAI was asked\. It says: `no 'idea'`\.$/],
  ])("is to keep the login where Codex explains nothing: %j", (output, words) => {
    const failure = told({ kind: "unexplained", output });

    expect(failure.code).toBe("refresh-unexplained");
    expect(failure.message).toMatch(words);
    expect(failure.hint).toMatch(/^Keep the login/);
  });

  test("is to install a newer Codex in place of an old one, in whose own words", () => {
    const failure = told({ kind: "unstarted", output: "no `app-server`" });

    expect(failure.message).toContain("It says: `no 'app-server'`. OpenAI was not asked.");
    expect(failure.hint).toMatch(/^Install a newer Codex/);
  });

  test("is to log in again where Codex left a broken file", () => {
    expect(told(broken).hint).toBe(reseedHint(PLACE));
  });

  test("is that the login is still good where the issuer did not decide", () => {
    expect(told(transient)).toMatchObject({
      code: "refresh-unavailable",
      message: expect.stringContaining("did not refresh"),
      hint: expect.stringContaining("still good"),
    });
  });

  test("is what is wrong with the file that Codex left", () => {
    expect(told(broken)).toMatchObject({
      code: "refresh-broke-login",
      message: expect.stringContaining("Codex left no auth.json."),
      cause: broken.kind === "broken" ? broken.cause : null,
    });
  });
});
