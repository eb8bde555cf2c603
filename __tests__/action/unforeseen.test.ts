import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { Keepers, SECRET } from "./keepers.ts";

let keepers: Keepers;
beforeEach(() => {
  keepers = new Keepers();
});

describe("something that nobody foresaw", () => {
  test("after a rotation leaves the new document where post finds it", async () => {
    const { files, handoff, issuer } = keepers;
    const run = keepers.newRun();
    handoff.save = async () => {
      throw new TypeError("a bug");
    };

    await expect(run()).rejects.toThrow("a bug");

    const left = [...files.contents].find(([path]) => /critical-\w+\/home\/auth\.json$/.test(path));
    expect(AuthJson.parse(String(left?.[1])).refreshToken.reveal()).toBe(issuer.living);
    expect(keepers.claim()).toMatchObject({ state: "open", released: false });
  });

  test("that GitHub does before a rotation leaves no login on the machine", async () => {
    const { files, issuer, store } = keepers;
    const run = keepers.newRun();
    issuer.living = "rotated by somebody else";
    store.interfere = (request, name) => {
      if (request === "GET" && name === SECRET && issuer.presented.length > 0)
        throw new GitHubError("no", { status: 502 });
    };

    await expect(run()).resolves.toMatchObject({ kind: "borrowed" });

    expect([...files.contents.keys()].filter((path) => path.includes("critical-"))).toEqual([]);
  });
});
