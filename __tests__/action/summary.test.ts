import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Report, reportOf } from "../../src/action/job-report.ts";
import { renderSummary } from "../../src/action/summary.ts";
import { generation } from "../core/login/documents.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** When the login's access token was issued; it lives ten days. */
const ISSUED = Date.parse("2026-11-20T00:00:00Z");

const FORBIDDEN = {
  code: "write-token-forbidden",
  message: "The write token may not write the secret (403).",
  hint: "Give the token the permission.",
};
const LOCK_BUSY = { code: "lock-busy", message: "Another refresh job is at work.", hint: "Wait for it." };

function report(instead: Partial<Report> = {}): Report {
  const quiet = {
    unrefreshed: "not-due",
    rotated: false,
    stored: false,
    events: [],
    alert: null,
    rescue: null,
    usage: null,
  } as const;
  return { ...reportOf(generation(0), { job: "refresh", restoredFrom: "secret", ...quiet }), ...instead };
}

function summary(instead: Partial<Report> = {}, daysAfterIssue = 1, refreshWindowMs = 72 * HOUR_MS): string {
  const now = new Date(ISSUED + daysAfterIssue * DAY_MS);
  const minimumLifetimeMs = 6 * HOUR_MS;
  return renderSummary({ report: report(instead), now, refreshWindowMs, minimumLifetimeMs });
}

test.each([
  [300, 42.4, "2026-11-26T04:49:01.000Z", "5 hours: 42 %, resets 2026-11-26 04:49 UTC"],
  [60, 99.5, null, "1 hour: 100 %"],
  [1440, 0, null, "1 day: 0 %"],
  [10_080, 7, null, "7 days: 7 %"],
  [90, 7, null, "90 minutes: 7 %"],
])(
  "a limit of %i minutes is told in the words for its length",
  (windowMinutes, usedPercent, resetsAt, words) => {
    const markdown = summary({ usage: [{ windowMinutes, usedPercent, resetsAt }] });

    expect(line(markdown, "- usage in ")).toBe(`- usage in ${words}`);
  },
);

test("limits stand in a list of their own, one a line", () => {
  const five = { windowMinutes: 300, usedPercent: 1, resetsAt: null };

  expect(summary({ usage: [five, { ...five, windowMinutes: 10_080 }] })).toContain(
    "\n\n- usage in 5 hours: 1 %\n- usage in 7 days: 1 %\n\n",
  );
});

/** The one line of a summary that begins so. */
function line(markdown: string, start: string): string {
  const found = markdown.split("\n").filter((candidate) => candidate.startsWith(start));
  expect(found).toHaveLength(1);
  return String(found[0]);
}

describe("a summary's first sentence", () => {
  test.each<[string, Partial<Report>, string]>([
    [
      "is due, and waits off the default branch",
      { unrefreshed: "branch-waits" },
      "Restored from the secret; **not refreshed**, although it is due: off the default branch, `refresh: auto` waits until less than 6 h 0 min is left.",
    ],
    [
      "is not refreshed by this step",
      { unrefreshed: "never" },
      "Restored from the secret; **not refreshed**: this step has `refresh: never`.",
    ],
    [
      "is not refreshed in a run like this",
      { job: "codex", unrefreshed: "untrusted" },
      "Restored from the secret; **not refreshed**: anybody can start a run like this one.",
    ],
    ["was not due", {}, "Restored from the secret; **not due**, left as it was."],
    [
      "was refreshed and stored",
      { rotated: true, stored: true },
      "Restored from the secret; **refreshed and stored**.",
    ],
    [
      "was refreshed, and could not be stored",
      { rotated: true, alert: FORBIDDEN },
      "Restored from the secret; **refreshed, but not stored yet**.",
    ],
    ["was stored without a refresh", { stored: true }, "Restored from the secret; **stored**."],
    [
      "could not be refreshed",
      { alert: LOCK_BUSY },
      "Restored from the secret; **not refreshed** (`lock-busy`), left as it was.",
    ],
    [
      "was not due, though a copy of it could not be written",
      { alert: { ...LOCK_BUSY, code: "access-copy-failed" } },
      "Restored from the secret; **not due**, left as it was.",
    ],
    [
      "is a Codex job's",
      { job: "codex", unrefreshed: "never" },
      "Restored from the secret; **not refreshed**: this step has `refresh: never`.",
    ],
    [
      "could not be refreshed",
      { job: "codex", alert: LOCK_BUSY },
      "Restored from the secret; **not refreshed** (`lock-busy`), left as it was.",
    ],
    [
      "was not due, and the job failed of something else",
      { alert: { code: "usage-limit", message: "Used up.", hint: "Wait." } },
      "Restored from the secret; **not due**, left as it was.",
    ],
    [
      "came by the handoff",
      { restoredFrom: "handoff" },
      "Restored from the handoff of an earlier run; **not due**, left as it was.",
    ],
    [
      "stood in the home already",
      { restoredFrom: "home" },
      "Restored from an earlier step of this job; **not due**, left as it was.",
    ],
    ["seeded a host", { job: "host" }, "This host was seeded from the secret."],
    ["is a host's own", { job: "host", restoredFrom: "home" }, "This host keeps a login of its own."],
  ])("says that the login %s", (_what, instead, sentence) => {
    expect(summary(instead).split("\n\n").slice(0, 2)).toEqual(["### Codex login", sentence]);
  });
});

describe("the bar of a summary", () => {
  test.each<[string, number, number, string]>([
    ["a fresh token", 0, 72, `${"▒".repeat(28)}${"░".repeat(12)}  10 days 0 h left`],
    [
      "a token that is not due yet",
      6,
      72,
      `${"█".repeat(24)}${"▒".repeat(4)}${"░".repeat(12)}  4 days 0 h left`,
    ],
    ["a token that is due", 8.5, 72, `${"█".repeat(34)}${"░".repeat(6)}  1 day 12 h left`],
    ["a token that ends this minute", 10, 72, `${"█".repeat(40)}  expired`],
    ["a token that ended long ago", 300, 72, `${"█".repeat(40)}  expired`],
    ["a machine whose clock is behind", -1, 72, `${"▒".repeat(28)}${"░".repeat(12)}  11 days 0 h left`],
    ["a refresh job that waits to the end", 5, 0, `${"█".repeat(20)}${"▒".repeat(20)}  5 days 0 h left`],
    ["a refresh job that always refreshes", 5, 24_000, `${"█".repeat(20)}${"░".repeat(20)}  5 days 0 h left`],
  ])("shows %s", (_what, daysAfterIssue, windowHours, bar) => {
    const markdown = summary({}, daysAfterIssue, windowHours * HOUR_MS);

    expect(line(markdown, "access token ")).toBe(`access token    ${bar}`);
  });

  test("stands in a block of text above the times that it shows, in UTC", () => {
    const [, , block] = summary().split("\n\n");

    const lines = block?.split("\n");

    expect(lines?.[0]).toBe("```text");
    expect(lines?.at(-1)).toBe("```");
    expect(lines).toContainEqual(expect.stringMatching(/█ gone {3}▒ left {3}░ refresh window$/));
    expect(lines).toContain("issued          2026-11-20 00:00 UTC");
    expect(lines).toContain("refresh due     2026-11-27 00:00 UTC");
    expect(lines).toContain("expires         2026-11-30 00:00 UTC");
  });

  test("has the same length and the same order at every moment, for every token", () => {
    const date = fc.date({ min: new Date("2001-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
    const windowMs = fc.nat(400 * DAY_MS);

    fc.assert(
      fc.property(date, date, date, windowMs, (issued, expires, now, refreshWindowMs) => {
        const times = {
          accessTokenIssuedAt: issued.toISOString(),
          accessTokenExpiresAt: expires.toISOString(),
        };
        const markdown = renderSummary({ report: report(times), now, refreshWindowMs, minimumLifetimeMs: 1 });
        expect(line(markdown, "access token ")).toMatch(
          /^access token {4}(?=.{40} )█*▒*░* {2}(.+ left|expired)$/,
        );
      }),
    );
  });

  const COPY = { ...report().status, has_refresh_token: false };

  test.each<[string, Partial<Report>, string]>([
    ["takes an access copy", { job: "codex", unrefreshed: "never", status: COPY }, "an access copy"],
    ["has `refresh: never`", { job: "codex", unrefreshed: "never" }, "refresh: never"],
    ["has it with the refresh token", { unrefreshed: "never" }, "refresh: never"],
    ["anybody can start", { job: "codex", unrefreshed: "untrusted" }, "anybody can start"],
  ])("shows no refresh to come in a job that %s", (_what, instead, why) => {
    const markdown = summary(instead);

    expect(markdown).not.toMatch(/refresh due|refresh window|░|`refresh: (auto|force)`/);
    expect(markdown).toContain(why);
    expect(markdown).toContain(
      "nothing to do, if the maintenance workflow runs before 2026-11-30 00:00 UTC.",
    );
    expect(markdown).toContain(`${"█".repeat(4)}${"▒".repeat(36)}`);
  });

  test.each([
    [5.9, "nothing to do, if the maintenance workflow runs before"],
    [6.1, "run the maintenance workflow: it writes a new copy."],
  ])("after %s days says of an access copy when maintenance is overdue, as the log does", (days, next) => {
    const markdown = summary({ job: "codex", unrefreshed: "never", status: COPY }, days);

    expect(markdown).toContain(`**Next:** ${next}`);
  });

  test("still shows the window of a refresh job that could not refresh", () => {
    expect(summary({ job: "codex", alert: LOCK_BUSY })).toMatch(/░ refresh window.*refresh due/s);
  });

  test("tells of no refresh job where a host keeps its own login", () => {
    const markdown = summary({ job: "host" }, 8);

    expect(line(markdown, "access token ")).toBe(
      `access token    ${"█".repeat(32)}${"▒".repeat(8)}  2 days 0 h left`,
    );
    expect(markdown).not.toMatch(/refresh job|refresh due|░/);
    expect(markdown).toContain(
      "▒ left\nissued          2026-11-20 00:00 UTC\nexpires         2026-11-30 00:00 UTC\n",
    );
  });
});

describe("what comes next, says a summary,", () => {
  test.each<[string, Partial<Report>, number, string]>([
    [
      "is a refresh job after the window begins",
      {},
      6.9,
      "nothing to do. `refresh: auto` refreshes the login from 2026-11-27 00:00 UTC on, `refresh: force` in every run.",
    ],
    ["is the next refresh job when the window begins", {}, 7, "the next refresh job refreshes the login."],
    [
      "is the next refresh job after one that could not",
      { alert: LOCK_BUSY },
      8,
      "the next refresh job refreshes the login.",
    ],
    [
      "is nothing, where another job has claimed the login",
      { alert: { ...LOCK_BUSY, code: "claim-busy" } },
      8,
      "nothing, if the job that has claimed it succeeds; else the next refresh job refreshes the login.",
    ],
    [
      "is a refresh job on the default branch, for one that waits on another",
      { unrefreshed: "branch-waits" },
      8,
      "a refresh job on the default branch refreshes the login.",
    ],
    [
      "is the maintenance workflow after a step that leaves the refresh to Codex",
      { unrefreshed: "never" },
      8,
      "run the maintenance workflow: it refreshes the login.",
    ],
    [
      "is the maintenance workflow, before the access token ends, after a Codex job",
      { job: "codex" },
      6.9,
      "nothing to do, if the maintenance workflow runs before 2026-11-30 00:00 UTC.",
    ],
    [
      "is the maintenance workflow after a Codex job of a login that is due",
      { job: "codex" },
      8,
      "run the maintenance workflow: it refreshes the login.",
    ],
    [
      "is the maintenance workflow, now, where a new login is not stored",
      { rotated: true, alert: FORBIDDEN },
      0,
      "run the maintenance workflow now; it stores the login from the handoff.",
    ],
    ...["secret-changed-elsewhere", "secret-not-found"].map(
      (code): [string, Partial<Report>, number, string] => [
        `is a person where a new login was not to be stored (${code})`,
        { rotated: true, alert: { ...FORBIDDEN, code } },
        0,
        "somebody must act before 2026-11-30 00:00 UTC at the latest: then the access token expires, and OpenAI may refuse it sooner.",
      ],
    ),
    [
      "is a refresh job where a login that was put into the home was not to be stored",
      { rotated: true, alert: { ...LOCK_BUSY, code: "write-back-refused" } },
      8,
      "the next refresh job refreshes the login.",
    ],
    [
      "is a refresh job in a week where a new login is stored",
      { rotated: true, stored: true },
      0,
      "nothing to do. `refresh: auto` refreshes the login from 2026-11-27 00:00 UTC on, `refresh: force` in every run.",
    ],
    [
      "is a person, at once, where OpenAI refuses the new access token",
      { rotated: true, stored: true, alert: { ...FORBIDDEN, code: "new-token-refused" } },
      0,
      "somebody must log in again: OpenAI refuses the new access token.",
    ],
    [
      "is a person for an access copy, and nobody for the login",
      { rotated: true, stored: true, alert: { ...FORBIDDEN, code: "access-copy-failed" } },
      0,
      "somebody must see to the access copies; the login itself needs nothing.",
    ],
    [
      "is a person, before the access token ends",
      { alert: FORBIDDEN },
      9,
      "somebody must act before 2026-11-30 00:00 UTC at the latest: then the access token expires, and OpenAI may refuse it sooner.",
    ],
    [
      "is a person, at once, when it has ended",
      { alert: FORBIDDEN },
      10,
      "somebody must act; until then no job can use this login.",
    ],
    [
      "is a person, at once, when the token is refused although it has not ended",
      { alert: { code: "login-refused", message: "The API refuses this login.", hint: "Look." } },
      1,
      "somebody must act; until then no job can use this login.",
    ],
    [
      "is what helps where OpenAI refuses the token in a job, whoever can do it",
      { job: "codex", alert: { code: "access-token-refused", message: "It is refused.", hint: "Run it." } },
      1,
      "Run it.",
    ],
    [
      "is not called nothing where the job itself has failed",
      { alert: { code: "run-failed", message: "It ended with 1.", hint: "Look." } },
      1,
      "the login itself needs nothing. `refresh: auto` refreshes the login from 2026-11-27 00:00 UTC on, `refresh: force` in every run.",
    ],
    [
      "is Codex itself on a host, however old the token is",
      { job: "host" },
      11,
      "Codex refreshes this login by itself, on this host.",
    ],
  ])("%s", (_what, instead, daysAfterIssue, sentence) => {
    expect(line(summary(instead, daysAfterIssue), "**Next:**")).toBe(`**Next:** ${sentence}`);
  });
});

test.each(["access-token-refused", "login-refused", "new-token-refused"])(
  "%s stands in the box with its code, and no time is left",
  (code) => {
    const text = summary({ alert: { code, message: "OpenAI refuses it.", hint: "Run it." } });

    expect(text).toContain("> [!CAUTION]\n> **OpenAI refuses it.**");
    expect(line(text, "access token")).toMatch(/ {2}refused by OpenAI$/);
  },
);

test("a write token that expires soon is told, and is what comes next", () => {
  const notice = { code: "write-token-expires-soon", message: "It expires.", hint: "Make a new one." };
  const [now, refreshWindowMs] = [new Date(ISSUED), 72 * HOUR_MS];
  const told = (instead: Partial<Report>): string =>
    renderSummary({ report: report(instead), now, refreshWindowMs, minimumLifetimeMs: 0, notice });

  expect(told({})).toContain("> **It expires.**");
  expect(line(told({}), "**Next:**")).toBe("**Next:** Make a new one.");
  expect(line(told({ rotated: true }), "**Next:**")).toContain("run the maintenance workflow now");
  expect(line(told({ alert: FORBIDDEN }), "**Next:**")).toContain("somebody must act");
  expect(told({ alert: FORBIDDEN })).toContain("> **It expires.**");
});

describe("what needs a person", () => {
  test("stands above everything else, with its code and its remedy, and is said once", () => {
    const events = ["Somebody has logged in again.", FORBIDDEN.message];

    const markdown = summary({ alert: FORBIDDEN, events });

    const [, , caution, bar, list] = markdown.split("\n\n");
    expect(caution?.split("\n")).toEqual([
      "> [!CAUTION]",
      "> **The write token may not write the secret (403).** ([`write-token-forbidden`](https://github.com/codex-auth-roundtrip/codex-auth-roundtrip/blob/main/docs/troubleshooting.md#write-token-forbidden))",
      ">",
      "> Give the token the permission.",
    ]);
    expect(bar).toContain("access token");
    expect(list).toBe("- Somebody has logged in again.");
  });

  test("leaves no empty list where it was all that happened", () => {
    const markdown = summary({ alert: FORBIDDEN, events: [FORBIDDEN.message] });

    expect(markdown).not.toMatch(/^-|\n{3,}/m);
  });

  test("is not what passes by itself, which is one event among the others", () => {
    const markdown = summary({ alert: LOCK_BUSY, events: ["First.", LOCK_BUSY.message] });

    expect(markdown).not.toContain("CAUTION");
    expect(markdown).toContain("\n\n- First.\n- Another refresh job is at work.\n\n");
  });
});

describe("a summary", () => {
  test("says once what main and post have both met with", () => {
    const twice = summary({ events: ["GitHub was away.", "Stored in post.", "GitHub was away."] });

    expect(twice).toContain("- GitHub was away.\n- Stored in post.\n\n");
    expect(twice.match(/GitHub was away/g)).toHaveLength(1);
  });

  test("of a quiet job has no events, no alert and no command", () => {
    const [title, sentence, bar, next, status] = summary().split("\n\n");

    expect(title).toBe("### Codex login");
    expect(sentence).toMatch(/^Restored from/);
    expect(bar).toMatch(/^```text\n/);
    expect(next).toMatch(/^\*\*Next:\*\*/);
    expect(status).toMatch(/^<details>/);
  });

  test("shows the command that stores by hand, ready to be copied", () => {
    const markdown = summary({ rotated: true, rescue: "gh api one\ngh api two" });

    expect(markdown).toContain("stores the login by hand");
    expect(markdown).toContain("\n\n```sh\ngh api one\ngh api two\n```\n\n");
  });

  test("ends with the status, folded up, as a table of what may be shown", () => {
    const markdown = summary({ rotated: true, stored: true });

    const status = markdown.slice(markdown.indexOf("<details>"));
    const rows = [...status.matchAll(/^\| `(.+)` \| `(.+)` \|$/gm)].map(([, name, value]) => [name, value]);
    expect(Object.fromEntries(rows)).toEqual({
      auth_mode: "chatgpt",
      last_refresh: "2026-11-20T00:00:00.123456789Z",
      has_access_token: "true",
      has_id_token: "true",
      has_refresh_token: "true",
      access_token_expires_at: "2026-11-30T00:00:00.000Z",
      rotated: "true",
      stored: "true",
    });
    // Markdown inside HTML is read only after an empty line.
    expect(status).toMatch(/<\/summary>\n\n\| \| this login \|\n\|---\|---\|\n\| `/);
    expect(status).toMatch(/\|\n\n<\/details>\n$/);
  });

  test("shows nothing of the login", () => {
    const markdown = summary({
      rotated: true,
      alert: FORBIDDEN,
      events: ["First."],
      rescue: "gh api",
    });

    expect(markdown).not.toContain("CANARY");
    for (const token of generation(0).tokens) expect(markdown).not.toContain(token.reveal());
  });
});
