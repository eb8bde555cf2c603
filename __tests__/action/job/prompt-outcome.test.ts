import { beforeEach, describe, expect, test } from "@jest/globals";
import { type AskedPrompt, type EndedPrompt, judgePrompt } from "../../../src/action/job/prompt-outcome.ts";
import type { Usage } from "../../../src/core/codex/session-usage.ts";
import { MemoryChannel } from "../ports/channel.ts";
import { FakeClock } from "../ports/clock.ts";
import { MemoryFiles } from "../ports/files.ts";
import { MemoryLog } from "../ports/log.ts";
import { MemoryProgram } from "../ports/program.ts";
import { HOUR_MS, loginNamed } from "../step.ts";

const HOME = "/base/home";
const DEAD = "Your access token could not be refreshed. Please log out and sign in again.";
const LIMIT = "You've hit your usage limit. Try again later.";
const RESETS_AT = "2026-11-22T15:00:00.000Z";

let files: MemoryFiles;
let clock: FakeClock;
let log: MemoryLog;
let channel: MemoryChannel;
let program: MemoryProgram;
let recorded: Usage[];
beforeEach(async () => {
  files = new MemoryFiles();
  clock = new FakeClock("2026-11-22T14:00:00.000Z");
  log = new MemoryLog();
  channel = new MemoryChannel();
  program = new MemoryProgram();
  recorded = [];
  await putLogin();
});

/** Of an access token that was issued so long ago. */
async function putLogin({ ageMs = 30 * 60_000, validMs = 24 * HOUR_MS } = {}): Promise<void> {
  const issuedAt = new Date(clock.now().getTime() - ageMs);
  await files.write(`${HOME}/auth.json`, loginNamed("job", { issuedAt, validMs }).withheld().reveal());
}

function noteUsage(usedPercent: number): void {
  const primary = { used_percent: usedPercent, window_minutes: 300, resets_at: Date.parse(RESETS_AT) / 1000 };
  const payload = { type: "token_count", rate_limits: { limit_id: "codex", primary } };
  program.sessions.set("thread", JSON.stringify({ payload }));
}

const QUIET = { failure: null, threadId: "thread", isOver: false, finalMessage: null };

function judge(
  ended: Partial<Omit<EndedPrompt, "events">> & { readonly events?: Partial<EndedPrompt["events"]> } = {},
  asked: Partial<AskedPrompt> = {},
): Promise<void> {
  return judgePrompt(
    { files, channel, log, clock, program },
    {
      codex: { command: "/usr/bin/codex", version: "0.169.0" },
      timeoutMs: 600_000,
      home: HOME,
      token: "own",
      zone: "UTC",
      recordUsage: (usage) => recorded.push(usage),
      ...asked,
    },
    {
      exitCode: 1,
      signal: null,
      overstay: null,
      errorOutput: "",
      hasAnswer: false,
      hadLogin: true,
      ...ended,
      events: { ...QUIET, ...ended.events },
    },
  );
}

describe("a prompt that has succeeded", () => {
  const DONE = { exitCode: 0, hasAnswer: true, events: { isOver: true } } as const;

  test("has nothing to tell, and what is used of the limits is kept", async () => {
    noteUsage(42);

    await judge(DONE);

    expect(log.lines).toEqual([]);
    expect(recorded).toEqual([[{ windowMinutes: 300, usedPercent: 42, resetsAt: RESETS_AT }]]);
  });

  test.each([
    ["Codex has not named its session", { threadId: null }],
    ["the session has no notes", { threadId: "another" }],
  ])("keeps no limits where %s", async (_, events) => {
    noteUsage(42);

    await judge({ ...DONE, events: { ...DONE.events, ...events } });

    expect(recorded).toEqual([]);
  });

  test.each(["lingering", "timeout"] as const)(
    "is one also where Codex did not exit after its turn, which is a warning: %s",
    async (overstay) => {
      await judge({ ...DONE, exitCode: null, signal: "SIGTERM", overstay });

      expect(log.lines).toEqual([
        expect.stringMatching(
          /^warning: .*did not exit within 20 s, so it was ended. Its answer is complete/,
        ),
      ]);
    },
  );

  test.each([
    [{ isOver: false }, false, 1],
    [{ isOver: false }, true, 0],
    [{ isOver: true }, false, 0],
  ])(
    "without a turn and without an answer is a warning: %j, answer %j: %i",
    async (events, hasAnswer, warned) => {
      await judge({ exitCode: 0, hasAnswer, events });

      expect(log.lines).toHaveLength(warned);
      expect(log.lines.join()).toMatch(warned ? /^warning: .*has answered nothing/ : /^$/);
    },
  );
});

describe("a prompt that took too long", () => {
  test("tells how long, what was last, and what to change", async () => {
    const events = { finalMessage: "So far.", failure: "stream disconnected" };

    await expect(judge({ exitCode: null, overstay: "timeout", events })).rejects.toMatchObject({
      code: "prompt-timeout",
      message:
        "Codex had not finished after 10 min (`prompt-timeout`), and was ended with all that it had started. Its last error: `stream disconnected`. What the model said last is in the output `final-message`.",
      hint: expect.stringMatching(/raise `prompt-timeout`/),
    });
  });

  test("tells no more than there is", async () => {
    await expect(judge({ exitCode: 0, overstay: "timeout" })).rejects.toMatchObject({
      code: "prompt-timeout",
      message: expect.stringMatching(/with all that it had started\.$/),
    });
  });

  test("after its turn has failed is one that failed", async () => {
    const ended = { exitCode: 0, overstay: "lingering", events: { isOver: true, failure: "high demand" } };

    await expect(judge({ ...ended, overstay: "lingering" })).rejects.toMatchObject({
      code: "prompt-failed",
      message: expect.stringContaining("Codex did not exit: `high demand`"),
    });
  });
});

describe("a prompt that failed", () => {
  test.each([
    [{ exitCode: 3 }, "Codex exited with code 3."],
    [{ exitCode: null, signal: "SIGKILL" }, "Codex was ended by SIGKILL."],
    [
      { errorOutput: "a\r\nError loading config.toml: bad\r\nmore\n" },
      "code 1: `Error loading config.toml: bad`.",
    ],
    [{ errorOutput: "error: unexpected argument\nError: another" }, "code 1: `error: unexpected argument`."],
    [{ errorOutput: "no Error here\nErrors were found" }, "Codex exited with code 1."],
    [{ events: { failure: "stream disconnected" }, errorOutput: "Error: x" }, "`stream disconnected`."],
  ])("tells how Codex ended, and its own words: %j", async (ended, words) => {
    await expect(judge(ended)).rejects.toMatchObject({
      code: "prompt-failed",
      message: expect.stringContaining(words),
    });
  });

  test.each([
    ["was issued a moment ago", { ageMs: 30 * 60_000 }, "own", "login-refused"],
    ["is older", { ageMs: 2 * HOUR_MS }, "own", "access-token-refused"],
    ["is over", { ageMs: 30 * 60_000, validMs: 30 * 60_000 }, "own", "access-token-refused"],
    ["is another job's to refresh", { ageMs: 30 * 60_000 }, "lent", "access-token-refused"],
  ] as const)(
    "with its access token, which %s, is told for what that shows",
    async (_, login, token, code) => {
      await putLogin(login);

      await expect(judge({ events: { failure: DEAD } }, { token })).rejects.toMatchObject({ code });
    },
  );

  test.each([
    ["is gone", () => files.remove(`${HOME}/auth.json`)],
    ["cannot be read", () => Promise.resolve(Object.assign(files, { interfere: failing }))],
    ["is none any more", () => files.write(`${HOME}/auth.json`, "spoilt")],
  ])("says nothing of a login that %s, where Codex gave a reason", async (_, act) => {
    await act();

    await expect(judge({ events: { failure: DEAD } })).rejects.toMatchObject({
      code: "access-token-refused",
    });
  });

  function failing(): never {
    throw Object.assign(new Error("EIO"), { code: "EIO" });
  }
});

describe("a usage limit", () => {
  const ended = { events: { failure: LIMIT } };

  test("that is reached tells later steps when it resets", async () => {
    noteUsage(100);

    await expect(judge(ended)).rejects.toMatchObject({
      code: "usage-limit",
      message: expect.stringContaining("resets at 2026-11-22 15:00 UTC"),
    });
    expect(channel.outputs.get("usage-resets-at")).toBe(RESETS_AT);
    expect(recorded).toHaveLength(1);
  });

  test("by the time that Codex names is read on the clock that Codex goes by", async () => {
    const failure = "You've hit your usage limit. Try again at 4:30 PM.".replace("Try", "try");

    await expect(judge({ events: { failure } }, { zone: "Asia/Tokyo" })).rejects.toMatchObject({
      code: "usage-limit",
    });
    expect(channel.outputs.get("usage-resets-at")).toBe("2026-11-22T07:30:00.000Z");
  });

  test("of which nobody says when it resets sets no output", async () => {
    await expect(judge(ended)).rejects.toMatchObject({ code: "usage-limit" });

    expect([...channel.outputs]).toEqual([]);
  });

  test("that is used up is not why another prompt failed", async () => {
    noteUsage(100);

    await expect(judge({ events: { failure: "stream disconnected" } })).rejects.toMatchObject({
      code: "prompt-failed",
    });
    expect([...channel.outputs]).toEqual([]);
  });
});

describe("a login that Codex has removed", () => {
  beforeEach(() => files.remove(`${HOME}/auth.json`));

  test.each([
    [
      "Logging out.\r\n  API key login is required, but ChatGPT is used. \r\n\n",
      /It says: `API key login is .* is used\.`\. The/,
    ],
    ["", /asked the model nothing\. The stored login is untouched\.$/],
    [" \n\n", /asked the model nothing\. The stored login is untouched\.$/],
  ])("is told with the last that Codex said: %j", async (errorOutput, message) => {
    await expect(judge({ errorOutput })).rejects.toMatchObject({
      code: "login-forbidden",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/`forced_login_method`.*`forced_chatgpt_workspace_id`/),
    });
  });

  test.each([
    ["there was none before", { hadLogin: false }],
    ["Codex gave another reason", { events: { failure: "stream disconnected" } }],
  ])("is not one where %s", async (_, ended) => {
    await expect(judge(ended)).rejects.toMatchObject({ code: "prompt-failed" });
  });
});
