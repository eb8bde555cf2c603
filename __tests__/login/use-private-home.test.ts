import { beforeEach, describe, expect, test } from "@jest/globals";
import { Failure } from "../../src/core/failure/failure.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { type HomeInUse, isExpected, usePrivateHome } from "../../src/login/private-home.ts";
import { RefreshJobs } from "../action/refresh-jobs.ts";

const CLAIM = { name: `CODEX_AUTH_CLAIM_${"0".repeat(20)}`, holder: "a".repeat(32) };
const DIRECTORY = "/temp/base/login/critical-010101010101";
const PROCESS = { pid: 4711, startedAt: "1000" };
const FAILURE = new Failure("home-unwritable", "no", "no");
const FAULT = new TypeError("a fault");

let jobs: RefreshJobs;
let preparations: number;

beforeEach(() => {
  jobs = new RefreshJobs();
  preparations = 0;
  jobs.handoff.prepare = () => {
    preparations += 1;
  };
});

function use<Result>(act: (home: HomeInUse) => Promise<Result>): Promise<Result> {
  return usePrivateHome(jobs.services(), { login: jobs.login, claim: CLAIM }, act);
}

/** What post would be told now. */
function state(): unknown {
  const saved = jobs.channel.saved.get("critical-section");
  return saved ? JSON.parse(saved) : null;
}

function isWiped(): boolean {
  return ![...jobs.files.contents.keys()].some((path) => path.startsWith(DIRECTORY));
}

describe("an act in a private home", () => {
  test("finds the whole login there, and post knows of it; then nothing is left", async () => {
    const answer = await use(async ({ home }) => {
      expect(home).toBe(`${DIRECTORY}/home`);
      expect(await jobs.files.read(`${home}/auth.json`)).toBe(jobs.login.whole().reveal());
      expect(state()).toEqual({ directory: DIRECTORY, process: null, claim: CLAIM });
      return "the answer";
    });

    expect(answer).toBe("the answer");
    expect(isWiped()).toBe(true);
    expect(state()).toEqual({ directory: null, process: null, claim: CLAIM });
    expect(preparations).toBe(0);
  });

  test("that starts Codex tells post which process it is, and lets the handoff get ready meanwhile", async () => {
    await use(async ({ started }) => {
      await started(PROCESS);
      expect(state()).toEqual({ directory: DIRECTORY, process: PROCESS, claim: CLAIM });
      expect(preparations).toBe(1);
    });
  });

  test("that leaves the only copy there leaves the home, and post knows of it", async () => {
    await use(async (home) => {
      await home.started(PROCESS);
      home.holdsOnlyCopy = true;
    });

    expect(isWiped()).toBe(false);
    expect(state()).toEqual({ directory: DIRECTORY, process: PROCESS, claim: CLAIM });
  });

  test.each([
    ["says what went wrong leaves nothing", FAILURE, false, true],
    ["says what went wrong, after the only copy was there, leaves the home", FAILURE, true, false],
    ["is GitHub's leaves nothing", new GitHubError("No.", { status: 500 }), false, true],
    ["is a fault of ours leaves the home, at which post must look", FAULT, false, false],
  ])("that ends with an error that %s", async (_, error, holdsOnlyCopy, wiped) => {
    const act = use(async (home) => {
      home.holdsOnlyCopy = holdsOnlyCopy;
      throw error;
    });

    await expect(act).rejects.toBe(error);
    expect(isWiped()).toBe(wiped);
    expect(state()).toMatchObject({ directory: wiped ? null : DIRECTORY, claim: CLAIM });
  });

  test("is not undone by a home that cannot be removed: that is a warning", async () => {
    const answer = await use(async () => {
      jobs.files.interfere = (operation) => {
        if (operation === "remove") throw new Error("busy");
      };
      return "the answer";
    });

    expect(answer).toBe("the answer");
    expect(jobs.log.lines).toEqual(["warning: A private directory of the refresh could not be removed."]);
    expect(state()).toEqual({ directory: null, process: null, claim: CLAIM });
  });
});

test.each<[string, Error, boolean]>([
  ["a failure", FAILURE, true],
  ["GitHub's refusal", new GitHubError("No.", { status: 403 }), true],
  ["a fault of ours", FAULT, false],
])("%s says what went wrong, or not", (_, error, says) => {
  expect(isExpected(error)).toBe(says);
});
