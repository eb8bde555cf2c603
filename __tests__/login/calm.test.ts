import { beforeEach, describe, expect, test } from "@jest/globals";
import { CLAIM_LIFETIME_MS, MAXIMUM_TAKEOVERS } from "../../src/core/claim/claim.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { PROBE_NAME } from "../../src/login/prove-write.ts";
import type { CodexRefresher } from "../../src/ports/codex.ts";
import type { ReadTime } from "../../src/ports/github.ts";
import { RefreshJobs } from "../action/refresh-jobs.ts";

let jobs: RefreshJobs;

beforeEach(() => {
  jobs = new RefreshJobs();
});

describe("a refresh goes on", () => {
  test("where the cache does not answer at once what an earlier refresh came to", async () => {
    const queued = jobs.newRun("force");
    await jobs.newRun("force")();
    const look = jobs.handoff.look.bind(jobs.handoff);
    let looks = 0;
    jobs.handoff.look = async (login) => (++looks === 1 ? { kind: "not-answered" } : look(login));

    expect(await queued()).toMatchObject({ kind: "refreshed", rotated: true });
    expect(jobs.issuer.presented).toEqual(["rt-CANARY-0", "rt-CANARY-1"]);
  });

  test("where GitHub does not answer at once when the run was created", async () => {
    const createdAt = jobs.clock.rightNow();
    let asked = 0;
    const readTime = async (): Promise<ReadTime> =>
      ++asked === 1 ? { kind: "unknown", because: "unreachable" } : { kind: "known", at: createdAt };
    const run = jobs.newRun("force", {
      runInformation: {
        isRerun: false,
        readTime,
        statusOf: async () => "unknown",
        concurrency: async () => null,
        visibility: async () => "private",
        mayWrite: async () => null,
      },
    });

    expect(await run()).toMatchObject({ kind: "refreshed", rotated: true });
  });

  test("where GitHub replaces the key between the answer and the probe", async () => {
    let probes = 0;
    jobs.store.interfere = (request, name) => {
      if (request !== "PUT" || name !== PROBE_NAME || ++probes > 1) return;
      throw new GitHubError("GitHub's API answered 422.", { status: 422 });
    };

    expect(await jobs.newRun("force")()).toMatchObject({ kind: "refreshed", rotated: true });
    expect(probes).toBe(2);
  });
});

test("a login over which nine jobs have died is told as what it is", async () => {
  jobs.runStatus = "ended";
  const die = new TypeError("the machine dies");
  const codex: CodexRefresher = {
    refresh: async ({ started }) => {
      await started({ pid: 1, startedAt: null });
      throw die;
    },
  };
  const dead = { refresher: async () => codex };
  const handed = jobs.stored;
  for (let deaths = 0; deaths <= MAXIMUM_TAKEOVERS; deaths++) {
    await expect(jobs.newRun("force", dead)()).rejects.toBe(die);
    jobs.clock.advance(CLAIM_LIFETIME_MS + 1000);
  }

  await expect(jobs.newRun("force")()).rejects.toMatchObject({
    code: "freshness-unproven",
    message: expect.stringContaining("9 jobs have died"),
  });
  expect(jobs.stored.isSameGeneration(handed)).toBe(true);
});
