import { describe, expect, test } from "@jest/globals";
import { AuthJson } from "../../../src/core/login/auth-json.ts";
import { judge } from "../../../src/core/login/judge-change.ts";
import { WHOLE_SENTENCES } from "../sentences.ts";
import { authJson, jwt } from "./documents.ts";

const before = AuthJson.parse(JSON.stringify(authJson()));
const fileWith = (tokens: Record<string, unknown>, top: Record<string, unknown> = {}): string =>
  JSON.stringify(authJson(tokens, top), null, 2);

describe("the file after Codex", () => {
  test("with the same tokens is unchanged, whatever else it says", () => {
    expect(judge(before, fileWith({}))).toEqual({ kind: "unchanged" });
    expect(judge(before, fileWith({}, { last_refresh: "2026-11-22T00:00:00Z" }))).toEqual({
      kind: "unchanged",
    });
  });

  test("with another refresh token is rotated", () => {
    const verdict = judge(before, fileWith({ refresh_token: "rt_CANARY-1", access_token: jwt({ exp: 1 }) }));

    expect(verdict.kind === "rotated" && verdict.login.refreshToken.reveal()).toBe("rt_CANARY-1");
  });

  test("with another refresh token under the same access token is rotated, too", () => {
    expect(judge(before, fileWith({ refresh_token: "rt_CANARY-1" })).kind).toBe("rotated");
  });

  test("with only another access token is renewed", () => {
    const access_token = jwt({ exp: 1 });

    const verdict = judge(before, fileWith({ access_token }));

    expect(verdict.kind === "renewed" && verdict.login.accessToken.reveal()).toBe(access_token);
  });

  test.each([
    ["is gone", null, "no auth.json"],
    ["is empty", "", "no refresh token"],
    [
      "breaks off before its refresh token",
      '{"auth_mode":"chatgpt","tokens":{"id_token":"CANARY',
      "no refresh token",
    ],
    ["has lost its refresh token", fileWith({ refresh_token: "" }), "no refresh token"],
    ["became an API key", '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-CANARY"}', "no refresh token"],
  ] as const)("that %s is broken, as the failure says, and not quoted", (_how, text, said) => {
    const verdict = judge(before, text);

    expect(verdict).toMatchObject({ kind: "broken", failure: { code: "refresh-broke-login" } });
    if (verdict.kind !== "broken") return;
    expect(verdict.failure.message).toContain(said);
    expect(verdict.failure.message).toMatch(WHOLE_SENTENCES);
    expect(verdict.failure.hint).toMatch(WHOLE_SENTENCES);
    expect(`${verdict.failure.stack} ${verdict.failure.hint}`).not.toContain("CANARY");
  });

  test.each([
    ["names another account", fileWith({ refresh_token: "rt_CANARY-1", account_id: "CANARY-2" })],
    ["names no account", fileWith({ refresh_token: "rt_CANARY-1", account_id: undefined })],
    ["has another mode", fileWith({ refresh_token: "rt_CANARY-1" }, { auth_mode: "chatgpt-2027" })],
    ["has no date", fileWith({ refresh_token: "rt_CANARY-1" }, { last_refresh: undefined })],
    [
      "names another issuer",
      fileWith({ refresh_token: "rt_CANARY-1", oauth_provenance: { issuer: "https://x.example" } }),
    ],
  ])("with a new refresh token is a rotation although it %s, and the oddity is told", (_how, text) => {
    const verdict = judge(before, text);

    expect(verdict).toMatchObject({ kind: "rotated", oddity: expect.stringMatching(WHOLE_SENTENCES) });
    expect(verdict.kind === "rotated" && verdict.login.refreshToken.reveal()).toBe("rt_CANARY-1");
    expect(verdict.kind === "rotated" && verdict.oddity).not.toContain("CANARY");
  });

  test("that breaks off behind its new refresh token is a rotation", () => {
    const text = '{"auth_mode":"chatgpt","tokens":{"refresh_token":"rt_CANARY-1","access_token":"eyJ';

    const verdict = judge(before, text);

    expect(verdict.kind === "rotated" && verdict.login.refreshToken.reveal()).toBe("rt_CANARY-1");
    expect(verdict.kind === "rotated" && verdict.login.accessToken.equals(before.accessToken)).toBe(true);
  });
});
