import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  loadReport,
  type Report,
  reportOf,
  saveReport,
  setOutputs,
  withFailure,
} from "../../src/action/job-report.ts";
import { Failure, type FailureCode } from "../../src/core/failure/failure.ts";
import { loadNotice, saveNotice } from "../../src/login/notice.ts";
import { generation } from "../core/login/documents.ts";
import { MemoryChannel } from "./ports/channel.ts";

const REFRESHED: Report = reportOf(generation(0), {
  job: "refresh",
  restoredFrom: "handoff",
  unrefreshed: "not-due",
  rotated: true,
  stored: false,
  events: ["The write token may not write the secret (403)."],
  alert: { code: "write-token-forbidden", message: "No.", hint: "Grant it." },
  usage: null,
  rescue: "gh api",
});
const NOTICE = { code: "write-token-expires-soon", message: "It ends soon.", hint: "Make a new one." };

let channel: MemoryChannel;
beforeEach(() => {
  channel = new MemoryChannel();
});

describe("what went wrong", () => {
  const after = (...codes: FailureCode[]): string | undefined =>
    codes.reduce<Report>((report, code) => withFailure(report, new Failure(code, `${code}.`, "Do."), null), {
      ...REFRESHED,
      alert: null,
    }).alert?.code;

  test.each<[FailureCode, FailureCode, FailureCode]>([
    ["refresh-token-reused", "prompt-failed", "refresh-token-reused"],
    ["write-token-rejected", "usage-limit", "write-token-rejected"],
    ["claim-busy", "run-failed", "claim-busy"],
    ["refresh-rejected", "login-refused", "refresh-rejected"],
    ["claim-busy", "workspace-deactivated", "workspace-deactivated"],
    ["refresh-unavailable", "write-token-rejected", "write-token-rejected"],
    ["write-token-rejected", "claim-busy", "write-token-rejected"],
    ["claim-busy", "refresh-unavailable", "refresh-unavailable"],
    ["refresh-rejected", "write-token-revoked", "write-token-revoked"],
    ["run-failed", "prompt-failed", "prompt-failed"],
    ["run-failed", "claim-busy", "claim-busy"],
  ])("first %s, and then %s: a person is told of %s", (one, other, told) => {
    expect(after(one, other)).toBe(told);
  });

  test("is all told among the events", () => {
    const reports = withFailure(
      withFailure(REFRESHED, new Failure("claim-busy", "One.", ""), null),
      new Failure("prompt-failed", "Other.", ""),
      null,
    );
    expect(reports.events.slice(-2)).toEqual(["One.", "Other."]);
  });
});

describe("a report", () => {
  test("tells when the access token was issued and ends, and shows nothing of the login", () => {
    expect(REFRESHED).toMatchObject({
      accessTokenIssuedAt: "2026-11-20T00:00:00.000Z",
      accessTokenExpiresAt: "2026-11-30T00:00:00.000Z",
      status: { last_refresh: "2026-11-20T00:00:00.123456789Z", has_refresh_token: true },
      job: "refresh",
      restoredFrom: "handoff",
    });
    expect(JSON.stringify(REFRESHED)).not.toContain("CANARY");
  });

  test("of main is read by post as it was", () => {
    saveReport(channel, REFRESHED);
    channel.nextPhase();

    expect(loadReport(channel)).toEqual(REFRESHED);
  });

  test.each<Partial<Report>>([
    { unrefreshed: "branch-waits" },
    { unrefreshed: "never" },
    { unrefreshed: "untrusted" },
    { usage: [] },
    {
      usage: [
        { windowMinutes: 300, usedPercent: 42.4, resetsAt: "2026-11-26T04:49:01.000Z" },
        { windowMinutes: 10_080, usedPercent: 0, resetsAt: null },
      ],
    },
  ])("is read by post as it was: %j", (change) => {
    saveReport(channel, { ...REFRESHED, ...change });
    channel.nextPhase();

    expect(loadReport(channel)).toEqual({ ...REFRESHED, ...change });
  });

  test("that was corrected is read as it was last", () => {
    saveReport(channel, REFRESHED);
    saveReport(channel, { ...REFRESHED, stored: true });
    channel.nextPhase();

    expect(loadReport(channel)).toMatchObject({ stored: true });
  });

  test("is none where main made none", () => {
    saveNotice(channel, NOTICE);
    channel.nextPhase();

    expect(loadReport(channel)).toBeNull();
  });
});

test.each([
  "",
  "{",
  "{}",
  JSON.stringify({ ...REFRESHED, alert: { code: "made-up", message: "x", hint: "y" } }),
  JSON.stringify({ ...REFRESHED, events: [7] }),
  JSON.stringify({ ...REFRESHED, rescue: "x\n```\n# forged" }),
  JSON.stringify({ ...REFRESHED, accessTokenExpiresAt: "soon" }),
  JSON.stringify({ ...REFRESHED, status: { auth_mode: "chatgpt" } }),
  JSON.stringify({ ...REFRESHED, status: { ...REFRESHED.status, auth_mode: "# forged" } }),
  JSON.stringify({ ...REFRESHED, usage: "5 %" }),
  JSON.stringify({ ...REFRESHED, usage: { length: 0 } }),
  JSON.stringify({ ...REFRESHED, usage: [{ windowMinutes: 300, usedPercent: 1, resetsAt: null }, {}] }),
  JSON.stringify({ ...REFRESHED, usage: [{ windowMinutes: 300, usedPercent: "# forged", resetsAt: null }] }),
  JSON.stringify({ code: "made-up", message: "x", hint: "y" }),
])("what is no report is none, and no notice: %j", (text) => {
  channel.saveState("report", text);
  channel.saveState("notice", text);
  channel.nextPhase();

  expect(loadReport(channel)).toBeNull();
  expect(loadNotice(channel)).toBeNull();
});

describe("a notice", () => {
  test("of main is read by post as it was, beside the report", () => {
    saveReport(channel, REFRESHED);
    saveNotice(channel, NOTICE);
    channel.nextPhase();

    expect(loadNotice(channel)).toEqual(NOTICE);
    expect(loadReport(channel)).toEqual(REFRESHED);
  });

  test("is none where nothing was to be said", () => {
    saveReport(channel, REFRESHED);
    channel.nextPhase();

    expect(loadNotice(channel)).toBeNull();
  });
});

test("the outputs tell later steps what became of the login, in the words of action.yml", () => {
  setOutputs(channel, "/temp/home", REFRESHED);

  expect(Object.fromEntries(channel.outputs)).toEqual({
    "codex-home": "/temp/home",
    "restored-from": "handoff",
    rotated: "true",
    stored: "false",
    "access-token-expires-at": "2026-11-30T00:00:00.000Z",
    "last-refresh": "2026-11-20T00:00:00.123456789Z",
  });
});
