import { describe, expect, test } from "@jest/globals";
import { Failure } from "../../../src/core/failure/failure.ts";
import {
  demandNewer,
  digestOf,
  judgeLiveLogin,
  type LiveLogin,
  seedWanted,
} from "../../../src/core/host/live-login.ts";
import { authJson, generation } from "../login/documents.ts";

const live = generation(1);
const text = live.whole().reveal();
const dead = { at: "2026-11-22T09:48:00.000Z", code: "refresh-token-reused", login: digestOf(live) };

function failureOf(act: () => unknown): Failure {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}

describe("what stands in a host's home", () => {
  test("is none where there is no file", () => {
    expect(judgeLiveLogin(null, null)).toEqual({ kind: "none" });
  });

  test.each([
    ["nothing was ever recorded", null],
    ["nothing was refused", { lastProof: null, dead: null }],
    ["an earlier login was refused", { lastProof: null, dead: { ...dead, login: "0".repeat(64) } }],
  ])("is alive, a whole login of which %s", (_, record) => {
    const found = judgeLiveLogin(text, record);

    expect(found).toMatchObject({ kind: "alive", login: { generation: live.generation } });
  });

  test("is dead, with the reason, when OpenAI has refused this very one", () => {
    const found = judgeLiveLogin(text, { lastProof: null, dead });

    expect(found).toMatchObject({
      kind: "dead",
      code: "refresh-token-reused",
      login: { generation: live.generation },
    });
  });

  test.each([
    ["empty", ""],
    ["blank", " \n"],
    ["cut short", text.slice(0, 200)],
    ["no JSON", "{CANARY}"],
    ["something else altogether", "CANARY!"],
    ["a file with a byte order mark", `\uFEFF${text}`],
  ])("is broken when it is %s", (_, content) => {
    expect(judgeLiveLogin(content, null)).toEqual({ kind: "broken" });
  });

  test.each([
    ["an API key", JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: "sk-CANARY" })],
    ["a working copy of ours", JSON.stringify(authJson({ refresh_token: "" }))],
    ["another program's file", '{"CANARY":1}'],
  ])("is somebody else's affair when it is %s", (_, content) => {
    const failure = failureOf(() => judgeLiveLogin(content, null));

    expect(failure).toMatchObject({
      code: "home-foreign-login",
      message: expect.stringContaining("It is left as it is."),
      hint: expect.stringContaining("`--force`"),
      cause: expect.any(Failure),
    });
    expect(failure.message).toContain((failure.cause as Failure).message);
    expect(`${failure.message} ${failure.hint}`).not.toContain("CANARY");
  });
});

describe("a seed", () => {
  test.each<[LiveLogin, boolean]>([
    [{ kind: "none" }, true],
    [{ kind: "broken" }, true],
    [{ kind: "dead", login: live, code: dead.code }, true],
    [{ kind: "alive", login: live }, false],
  ])("is wanted where the host's login is $kind: %s", (found, wanted) => {
    expect(seedWanted(found)).toBe(wanted);
  });

  test.each<LiveLogin>([{ kind: "none" }, { kind: "broken" }, { kind: "alive", login: live }])(
    "need not be newer where the host's login is $kind",
    (found) => {
      expect(() => demandNewer(found, generation(0))).not.toThrow();
    },
  );

  test("may replace a dead login that is older", () => {
    expect(() => demandNewer({ kind: "dead", login: live, code: dead.code }, generation(2))).not.toThrow();
  });

  test.each([
    ["older", generation(0)],
    ["as old", generation(1)],
  ])("may not replace a dead login when it is %s", (_, seed) => {
    expect(failureOf(() => demandNewer({ kind: "dead", login: live, code: dead.code }, seed))).toMatchObject({
      code: "seed-not-newer",
      message: expect.stringContaining("refresh-token-reused"),
      hint: expect.stringContaining("Log in again"),
    });
  });

  test("may not replace a dead login with a newer access token under the same refresh token", () => {
    const renewed = {
      accessTokenIssuedAt: generation(2).accessTokenIssuedAt,
      refreshToken: live.refreshToken,
    };
    const seed = Object.assign(Object.create(generation(2)), renewed) as typeof live;

    expect(failureOf(() => demandNewer({ kind: "dead", login: live, code: dead.code }, seed)).code).toBe(
      "seed-not-newer",
    );
  });
});
