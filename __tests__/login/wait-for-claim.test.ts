import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { Position } from "../../src/login/position.ts";
import type { Section, SectionRequest } from "../../src/login/section.ts";
import { waitForClaim } from "../../src/login/wait-for-claim.ts";
import { RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { claimHanded, openJob, openSectionOf } from "./open-job.ts";

const SECOND_MS = 1000;

let jobs: RefreshJobs;
let isCancelled: boolean;
let section: Section;

beforeEach(() => {
  jobs = new RefreshJobs();
  isCancelled = false;
  section = openSectionOf(jobs, { cancellation: { requested: () => isCancelled } });
});

function wait(request: Partial<SectionRequest> = {}): Promise<Position> {
  return waitForClaim({ ...section, ...request }, jobs.login, "handed");
}

async function seconds(act: () => Promise<unknown>): Promise<number> {
  const beganMs = jobs.clock.monotonicMs();
  await act();
  return Math.floor((jobs.clock.monotonicMs() - beganMs) / SECOND_MS);
}

/** Something happens when GitHub is asked for the claims so late. */
function afterSeconds(count: number, act: () => void): void {
  const atMs = jobs.clock.monotonicMs() + count * SECOND_MS;
  jobs.store.variables.interfere = () => {
    if (jobs.clock.monotonicMs() >= atMs) act();
  };
}

/** Another job is refreshing the login. */
async function claimElsewhere(): Promise<void> {
  await claimHanded(openJob(jobs));
}

const WAITING = "Another job is refreshing this login. Waiting for it, two minutes at most.";

describe("a login that nobody is refreshing", () => {
  test("is not waited for", async () => {
    let position: Position | null = null;

    expect(
      await seconds(async () => {
        position = await wait();
      }),
    ).toBe(0);
    expect(position).toMatchObject({ kind: "current" });
    expect(jobs.log.lines).toEqual([]);
  });
});

describe("a login that another job is refreshing", () => {
  beforeEach(claimElsewhere);

  test("is waited for a moment by a job that can go on without it", async () => {
    let position: Position | null = null;

    const took = await seconds(async () => {
      position = await wait();
    });

    expect(position).toMatchObject({ kind: "busy", looks: 3 });
    expect(took).toBeGreaterThanOrEqual(10);
    expect(took).toBeLessThan(12);
    expect(jobs.log.lines).toEqual([WAITING]);
  });

  test.each<[string, Partial<SectionRequest>]>([
    ["was told to refresh", { insistence: "forced" }],
    ["has an access token that ends", { minimumLifetimeMs: 48 * 3_600_000 }],
  ])("is waited for two minutes by a job that %s", async (_, request) => {
    let position: Position | null = null;

    const took = await seconds(async () => {
      position = await wait(request);
    });

    expect(position).toMatchObject({ kind: "busy", looks: 24 });
    expect(took).toBeGreaterThan(110);
    expect(took).toBeLessThanOrEqual(120);
    expect(jobs.log.lines).toEqual([WAITING]);
  });

  test("is not waited for any longer when that job is done", async () => {
    afterSeconds(30, () => jobs.store.variables.kept.clear());
    let position: Position | null = null;

    const took = await seconds(async () => {
      position = await wait({ insistence: "forced" });
    });

    expect(position).toMatchObject({ kind: "current" });
    expect(took).toBeGreaterThanOrEqual(30);
    expect(took).toBeLessThan(36);
  });

  test("is not waited for in a job that is cancelled", async () => {
    afterSeconds(20, () => {
      isCancelled = true;
    });

    expect(await seconds(() => wait({ insistence: "forced" }))).toBeLessThan(26);
  });
});

describe("a scope in which there is no such secret", () => {
  beforeEach(() => jobs.store.secrets.delete(SECRET));

  test("and that the token may see is told as that", async () => {
    await expect(wait()).rejects.toMatchObject({ code: "secret-not-found" });
  });

  test("and that the token may not see is told as GitHub's refusal", async () => {
    const refusal = new GitHubError("GitHub's API answered 403.", { status: 403 });
    jobs.store.interfere = (request) => {
      if (request === "KEY") throw refusal;
    };

    await expect(wait()).rejects.toBe(refusal);
  });

  test("is not asked about where GitHub refuses to tell", async () => {
    const refusal = new GitHubError("GitHub's API answered 401.", { status: 401 });
    jobs.store.interfere = (request) => {
      throw request === "KEY" ? new TypeError("asked for the key") : refusal;
    };

    await expect(wait()).rejects.toBe(refusal);
  });
});
