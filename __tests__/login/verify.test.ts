import { beforeEach, describe, expect, test } from "@jest/globals";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { type Verified, verify } from "../../src/login/verify.ts";
import type { CodexVerifier, VerifyRequest } from "../../src/ports/copies.ts";
import { FakeClock } from "../action/ports/clock.ts";
import { MemoryVerifier } from "../action/ports/copies.ts";
import { MemoryFiles } from "../action/ports/files.ts";
import { loginNamed } from "../action/step.ts";

const BASE = "/temp/base";
const HOUR_MS = 3_600_000;
const NEXT = loginNamed("next", { issuedAt: new Date("2026-11-22T11:00:00.000Z") });
const BEFORE = loginNamed("before", { issuedAt: new Date("2026-11-22T11:00:00.000Z"), validMs: HOUR_MS });

let files: MemoryFiles;
let clock: FakeClock;
let verifier: MemoryVerifier;

beforeEach(() => {
  files = new MemoryFiles();
  clock = new FakeClock("2026-11-22T11:30:00.000Z");
  verifier = new MemoryVerifier(files);
});

function tryOut(
  predecessor: AuthJson | null = BEFORE,
  mode: "usage" | "exec" = "usage",
  by: CodexVerifier = verifier,
): Promise<Verified> {
  const randomness = { bytes: (count: number) => new Uint8Array(count).fill(0xab) };
  const services = { files, randomness, clock, base: BASE, environment: { PATH: "/bin" } };
  return verify(services, by, { login: NEXT, predecessor, mode });
}

/** The access tokens that were tried out, and how. */
function tried(): readonly (readonly [string, string])[] {
  return verifier.tried.map(({ how, file }) => [how, JSON.parse(file).tokens.access_token]);
}

describe("after a rotation", () => {
  test("the new access token is tried out, and the one before it once more", async () => {
    verifier.answer = (token) =>
      token === NEXT.accessToken.reveal() ? { kind: "accepted", usage: null } : { kind: "refused" };

    expect(await tryOut()).toEqual({
      current: { kind: "accepted", usage: null },
      earlier: { kind: "refused" },
    });
    expect(tried()).toEqual([
      ["usage", NEXT.accessToken.reveal()],
      ["usage", BEFORE.accessToken.reveal()],
    ]);
  });

  test("only the new one is used for a turn, where the workflow wants one", async () => {
    await tryOut(BEFORE, "exec");

    expect(tried().map(([how]) => how)).toEqual(["exec", "usage"]);
  });

  test.each([
    ["there is none", null, 0],
    ["it is the same one", NEXT, 0],
    ["it has just ended by itself", BEFORE, HOUR_MS / 2],
  ])("the one before is not tried out where %s", async (_, predecessor, laterMs) => {
    clock.advance(laterMs);

    expect((await tryOut(predecessor)).earlier).toBeNull();
    expect(verifier.tried).toHaveLength(1);
  });

  test("the one before is tried out until it ends", async () => {
    clock.advance(HOUR_MS / 2 - 1);

    expect((await tryOut()).earlier).not.toBeNull();
  });
});

describe("the home in which a token is tried out", () => {
  test("is private, holds nothing that can be refreshed, and does not stay", async () => {
    const seen: unknown[] = [];
    const usage = async ({ home, environment }: VerifyRequest) => {
      const { tokens } = JSON.parse((await files.read(`${home}/auth.json`)) ?? "{}");
      seen.push({
        home,
        environment,
        refreshToken: tokens.refresh_token,
        modes: [home, `${home}/auth.json`].map((path) => files.modes.get(path)),
      });
      return { kind: "accepted", usage: null } as const;
    };

    await tryOut(null, "usage", { usage, exec: usage });

    expect(seen).toEqual([
      {
        home: `${BASE}/login/verify-abababababab`,
        environment: { PATH: "/bin" },
        refreshToken: "",
        modes: [0o700, 0o600],
      },
    ]);
    expect(files.below("/")).toEqual([]);
  });

  test.each(["makePrivateDirectory", "write"] as const)(
    "that cannot be made (%s) leaves it unknown whether the token works, and is no failure",
    async (operation) => {
      files.interfere = (asked) => {
        if (asked === operation) throw new Error("full");
      };

      expect(await tryOut(null)).toEqual({
        current: { kind: "unknown", because: "There was no room for a home to try it out in." },
        earlier: null,
      });
    },
  );

  test("that cannot be removed is no failure", async () => {
    files.interfere = (asked) => {
      if (asked === "remove") throw new Error("busy");
    };

    expect((await tryOut(null)).current.kind).toBe("accepted");
  });
});
