import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { RefreshJobs, SECRET } from "./refresh-jobs.ts";

let jobs: RefreshJobs;
beforeEach(() => {
  jobs = new RefreshJobs();
});

describe("something that nobody foresaw", () => {
  test("after a rotation leaves the new document where post finds it", async () => {
    const { files, handoff, issuer } = jobs;
    const run = jobs.newRun();
    handoff.save = async () => {
      throw new TypeError("a bug");
    };

    await expect(run()).rejects.toThrow("a bug");

    const left = [...files.contents].find(([path]) => /critical-\w+\/home\/auth\.json$/.test(path));
    expect(AuthJson.parse(String(left?.[1])).refreshToken.reveal()).toBe(issuer.living);
    expect(jobs.claim()).toMatchObject({ state: "open", released: false });
  });

  test("that GitHub does before a rotation leaves no login on the machine", async () => {
    const { files, issuer, store } = jobs;
    const run = jobs.newRun();
    issuer.living = "rotated by somebody else";
    store.interfere = (request, name) => {
      if (request === "GET" && name === SECRET && issuer.presented.length > 0)
        throw new GitHubError("no", { status: 502 });
    };

    await expect(run()).resolves.toMatchObject({ kind: "not-refreshed" });

    expect([...files.contents.keys()].filter((path) => path.includes("critical-"))).toEqual([]);
  });
});
