import { describe, expect, test } from "@jest/globals";
import { Document } from "../../src/core/document.ts";
import { isEarlier, judge } from "../../src/core/judge.ts";
import { authJson, generation, jwt } from "./documents.ts";

const before = Document.parse(JSON.stringify(authJson()));
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

    expect(verdict.kind === "rotated" && verdict.document.refreshToken.reveal()).toBe("rt_CANARY-1");
  });

  test("with another refresh token under the same access token is rotated, too", () => {
    expect(judge(before, fileWith({ refresh_token: "rt_CANARY-1" })).kind).toBe("rotated");
  });

  test("with only another access token is renewed", () => {
    const access_token = jwt({ exp: 1 });

    const verdict = judge(before, fileWith({ access_token }));

    expect(verdict.kind === "renewed" && verdict.document.accessToken.reveal()).toBe(access_token);
  });

  test.each([
    ["is gone", null, "document-empty"],
    ["is empty", "", "document-empty"],
    ["breaks off", fileWith({ refresh_token: "rt_CANARY-1" }).slice(0, 200), "document-truncated"],
    ["has lost its refresh token", fileWith({ refresh_token: "" }), "document-refresh-token-missing"],
    ["became an API key", '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-CANARY"}', "document-api-key"],
    [
      "belongs to another account",
      fileWith({ refresh_token: "rt_CANARY-1", account_id: "CANARY-2" }),
      "document-other-account",
    ],
  ] as const)("that %s is broken, and not quoted", (_how, text, code) => {
    const verdict = judge(before, text);

    expect(verdict).toMatchObject({ kind: "broken", failure: { code } });
    if (verdict.kind === "broken")
      expect(`${verdict.failure.stack} ${verdict.failure.hint}`).not.toContain("CANARY");
  });
});

describe("a document is earlier", () => {
  /** The same access token's date under another refresh token. */
  const beside = (rotations: number, refreshToken: string): Document => {
    const { tokens } = JSON.parse(generation(rotations).line().reveal());
    return Document.parse(JSON.stringify(authJson({ ...tokens, refresh_token: refreshToken })));
  };

  test("when its access token was issued before", () => {
    expect(isEarlier(generation(0), generation(1), [])).toBe(true);
  });

  test("when it holds a refresh token that the job has spent, even with a date that is no earlier", () => {
    const spent = beside(1, generation(0).refreshToken.reveal());

    expect(isEarlier(spent, generation(1), [generation(5), generation(0)])).toBe(true);
    expect(isEarlier(spent, generation(1), [])).toBe(false);
  });

  test("but not when it is later, as old with a token of its own, or the same", () => {
    const known = [generation(0), generation(1)];

    expect(isEarlier(generation(2), generation(1), known)).toBe(false);
    expect(isEarlier(beside(1, "rt_CANARY-new"), generation(1), known)).toBe(false);
    expect(isEarlier(generation(1), generation(1), known)).toBe(false);
  });
});

test("a file that is missing, or of another account, is refused with what that means", () => {
  const before = generation(0);

  expect(judge(before, null)).toMatchObject({
    failure: { message: "Codex left no auth.json.", hint: "The document before it is kept." },
  });
  expect(judge(before, JSON.stringify(authJson({ account_id: "another" })))).toMatchObject({
    failure: {
      message: expect.stringContaining("another ChatGPT account"),
      hint: expect.stringContaining("seed the secret again"),
    },
  });
});
