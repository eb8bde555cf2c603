import { describe, expect, test } from "@jest/globals";
import { alertMarker, renderAlert, renderRecovery } from "../../../src/core/failure/alert-text.ts";
import { FAILURE_CODES, hasMark } from "../../../src/core/failure/failure.ts";
import { reseedCommand, reseedHint } from "../../../src/core/login/reseed-command.ts";

const place = {
  owner: "octo",
  repository: "app",
  repositoryId: "7",
  environment: "prod's eu",
  secretName: "CODEX_AUTH_JSON",
};
const dead = { code: "refresh-token-reused", message: "It was used.", hint: "Log in again." };
const runUrl = "https://github.com/octo/app/actions/runs/1";
const now = new Date("2026-11-22T10:00:00Z");

describe("an alert issue", () => {
  test("says the cause, what to do, who, since when and in which run, and is found by its marker", () => {
    const { title, body } = renderAlert(dead, {
      place,
      runUrl,
      now,
      since: new Date("2026-11-20T08:30:00Z"),
    });

    expect(title).toBe("The Codex login needs manual action");
    expect(body.split("\n")[0]).toBe(alertMarker(place));
    expect(body).toContain(
      "**It was used.** ([`refresh-token-reused`](https://github.com/codex-auth-roundtrip/codex-auth-roundtrip/blob/main/docs/troubleshooting.md#refresh-token-reused))",
    );
    expect(body).toContain("What to do: Log in again.");
    expect(body).toContain("secret CODEX_AUTH_JSON of environment prod's eu of octo/app");
    expect(body).toContain("Since: 2026-11-20 08:30 UTC. Last seen: 2026-11-22 10:00 UTC");
    expect(body).toContain(runUrl);
  });

  test("says foreign words as words: no line, mention, link or markup of theirs", () => {
    const hostile = "no\n# head\n<img src=x> @everybody [x](http://x.test) ::error::a";
    const { body } = renderAlert(
      { ...dead, message: hostile, hint: hostile },
      { place, runUrl, now, since: null },
    );

    expect(body).not.toMatch(/^# head/m);
    expect(body).not.toMatch(/(?<!\\)<img|@everybody|(?<!\\)\[x\]/);
  });

  test("about a dead login has commands that a shell reads as they are meant", () => {
    const { body } = renderAlert(dead, { place, runUrl, now, since: null });

    expect(body).toContain("seed --repo octo/app --environment 'prod'\\''s eu' --reseed\n");
  });

  test("about a write token does not tell anybody to log in", () => {
    const forbidden = { code: "write-token-forbidden", message: "No.", hint: "Grant it." };

    expect(renderAlert(forbidden, { place, runUrl, now, since: null }).body).not.toContain("seed --repo");
  });

  test("differs by the secret, so that two logins of a repository have an issue each", () => {
    expect(alertMarker(place)).not.toBe(alertMarker({ ...place, environment: null }));
    expect(alertMarker(place)).not.toBe(alertMarker({ ...place, secretName: "OTHER" }));
  });
});

describe("what needs a person", () => {
  test.each([
    "refresh-token-reused",
    "write-token-forbidden",
    "workspace-deactivated",
    "write-back-pending",
    "login-truncated",
    "refresh-answer-lost",
  ])("%s does", (code) => expect(hasMark(code, "manual-action")).toBe(true));

  test.each([
    "github-unreachable",
    "lock-busy",
    "copy-stale",
    "refresh-unavailable",
    "run-failed",
    "cancelled",
  ])("%s passes by itself", (code) => expect(hasMark(code, "manual-action")).toBe(false));
});

test("of all failures, these need a person", () => {
  const codes = FAILURE_CODES.filter(
    (code) => hasMark(code, "manual-action") && !(code.startsWith("login-") && hasMark(code, "new-login")),
  );

  expect(codes.sort()).toEqual(
    [
      "access-copy-ended",
      "access-copy-missing",
      "access-copy-failed",
      "access-token-expiring",
      "github-refused",
      "app-invalid",
      "app-not-installed",
      "app-permission-missing",
      "claim-limit",
      "codex-outdated",
      "login-is-a-copy",
      "login-shared",
      "new-token-refused",
      "workspace-deactivated",
      "write-back-pending",
      "refresh-answer-lost",
      "refresh-broke-login",
      "refresh-rejected",
      "refresh-token-expired",
      "refresh-token-reused",
      "refresh-token-revoked",
      "secret-changed-elsewhere",
      "secret-empty",
      "secret-limit",
      "secret-mismatch",
      "secret-not-found",
      "write-token-cannot-reach-repository",
      "write-token-forbidden",
      "write-token-invalid",
      "write-token-missing",
      "write-token-rejected",
      "write-token-revoked",
    ].sort(),
  );
  expect(hasMark("write-token-expires-soon", "manual-action")).toBe(true);
});

describe("the text of an alert", () => {
  const place = {
    owner: "octo",
    repository: "app",
    repositoryId: "7000001",
    environment: null,
    secretName: "CODEX_AUTH_JSON",
  };
  const now = new Date("2026-11-22T09:48:00Z");
  const body = (code: string): string =>
    renderAlert(
      { code, message: "It is over.", hint: "Do this." },
      { place, runUrl: "https://run", now, since: null },
    ).body;

  test.each(["refresh-token-reused", "login-empty", "access-token-expiring", "secret-empty"])(
    "about %s has the command for a fresh login",
    (code) => {
      expect(body(code)).toContain(
        `\n\nTo log in again:\n\n\`\`\`sh\n${reseedCommand(place)}\n\`\`\`\n\nThis issue is closed when`,
      );
    },
  );

  test.each(["write-token-forbidden", "secret-limit", "write-back-pending"])("about %s has none", (code) => {
    expect(body(code)).not.toContain("```");
    expect(body(code)).toContain(".\n\nThis issue is closed when");
  });

  test("shows foreign words in one line, and does nothing that they say", () => {
    const words =
      "a](http://evil) <img src=x> ![b](c) @octo/all #7 `code @x` www.evil ` \n## head\r\n<!-- x -->";
    const { body: text } = renderAlert(
      { code: "write-token-forbidden", message: words, hint: words },
      { place, runUrl: "https://run", now, since: null },
    );

    const shown = text.split("\n").filter((line) => line.includes("evil"));
    expect(shown).toHaveLength(2);
    for (const line of shown) {
      expect(
        line.replace("`code @x`", "").replace(/\(\[`write-token-forbidden`\]\(https:[^)]*\)\)$/, ""),
      ).not.toMatch(/[<>[\]@`]|:\/\/|www\.|#(?!\d+;)/);
      expect(line).toContain("`code @x`");
    }
  });

  test("is written for the codes that there are, and for no other", () => {
    expect(hasMark("login-empty", "manual-action")).toBe(true);
    expect(hasMark("login-**forged**", "manual-action")).toBe(false);
  });

  test("says who can repair it", () => {
    expect(body("write-token-forbidden")).toContain("- Who: somebody who may write the ");
  });

  test("is this, line by line", () => {
    expect(body("write-token-forbidden").split("\n")).toEqual([
      "<!-- codex-auth-roundtrip alert: secret CODEX_AUTH_JSON of repository octo/app -->",
      "**It is over.** ([`write-token-forbidden`](https://github.com/codex-auth-roundtrip/codex-auth-roundtrip/blob/main/docs/troubleshooting.md#write-token-forbidden))",
      "",
      "- What to do: Do this.",
      "- Who: somebody who may write the secret CODEX_AUTH_JSON of repository octo/app.",
      "- Since: 2026-11-22 09:48 UTC. Last seen: 2026-11-22 09:48 UTC, in [this run](https://run).",
      "",
      "This issue is closed when a job has refreshed the login and stored it again.",
    ]);
  });

  test("has the command once: the advice points to it", () => {
    const alert = { code: "login-empty", message: "It is over.", hint: `So: ${reseedHint(place)}` };
    const { body: text } = renderAlert(alert, { place, runUrl: "https://run", now, since: null });

    expect(text).toContain("- What to do: So: Log in again, with the command below.\n");
    expect(text.split("seed --repo")).toHaveLength(2);
  });

  test("of a recovery names the run", () => {
    expect(renderRecovery("https://run")).toContain("stored in [this run](https://run)");
  });
});
