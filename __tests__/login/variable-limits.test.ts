import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Claim } from "../../src/core/claim/claim.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { SEED_RUN } from "../../src/login/seed-marker.ts";
import { explainFullScope, tidyClaims } from "../../src/login/variable-limits.ts";
import type { OpenServices } from "../../src/login/write-session.ts";
import { PLACE, RefreshJobs } from "../action/refresh-jobs.ts";
import { Chain } from "./chain.ts";
import { openJob } from "./open-job.ts";

const DAY_MS = 86_400_000;
const ENVIRONMENT = { ...PLACE, environment: "codex" };

let jobs: RefreshJobs;
let job: OpenServices;
let chain: Chain;

beforeEach(() => {
  jobs = new RefreshJobs();
  job = openJob(jobs);
  chain = new Chain(jobs);
});

/** Makes so many variables of the user's own. */
function fill(count: number): void {
  for (let index = 0; index < count; index++) {
    const name = `V${index}`;
    jobs.store.variables.kept.set(name, { name, value: "", createdAt: new Date(0) });
  }
}

describe("a claim that nobody needs any more", () => {
  test.each<[string, Partial<Claim>, number, boolean]>([
    ["is deleted after sixty days", { state: "stored" }, 60 * DAY_MS + 1, false],
    ["stays for sixty days", { state: "stored" }, 60 * DAY_MS, true],
    ["is none while its login was not stored", { state: "rotated" }, 90 * DAY_MS, true],
    ["is none while it is in doubt", { state: "open" }, 90 * DAY_MS, true],
    ["is none if a seed has left it", { state: "stored", run: SEED_RUN }, 90 * DAY_MS, true],
  ])("%s", async (_, change, ageMs, stays) => {
    // Created in a whole second, as everything there.
    jobs.clock.advance(-(jobs.clock.rightNow().getTime() % 1000));
    chain.claim(0, change, { ageMs: ageMs + 100 });

    jobs.clock.advance(-100);
    await tidyClaims(job, job.session);

    expect(jobs.store.variables.kept.has(chain.name(0))).toBe(stays);
    expect(jobs.log.lines).toEqual([]);
  });

  test("is told from the user's own variables, whatever they hold", async () => {
    chain.claim(0, { state: "stored" }, { ageMs: 90 * DAY_MS });
    const value = jobs.store.variables.kept.get(chain.name(0))?.value ?? "";
    for (const [name, content] of [
      ["MINE", value],
      [chain.name(1), "edited"],
    ] as const)
      jobs.store.variables.kept.set(name, { name, value: content, createdAt: new Date(0) });

    await tidyClaims(job, job.session);

    expect(["MINE", chain.name(1), chain.name(0)].map((name) => jobs.store.variables.kept.has(name))).toEqual(
      [true, true, false],
    );
  });

  test("that cannot be deleted is no failure, and told when debugging", async () => {
    jobs.store.variables.interfere = () => {
      throw new GitHubError("No.", { status: 500 });
    };

    await tidyClaims(job, job.session);

    expect(jobs.log.debugged).toEqual(["Old claims could not be deleted. No."]);
    expect(jobs.log.lines).toEqual([]);
  });
});

describe("a scope", () => {
  test.each([
    ["of a repository", PLACE, 400, 500],
    ["of an environment", ENVIRONMENT, 80, 100],
  ])("%s that is nearly full is warned of", async (_, place, from, limit) => {
    fill(from - 1);
    await tidyClaims({ ...job, place }, job.session);
    expect(jobs.log.lines).toEqual([]);

    fill(from);
    await tidyClaims({ ...job, place }, job.session);
    expect(jobs.log.lines).toEqual([
      expect.stringMatching(
        new RegExp(`^warning: The scope of the .* holds ${from} of the ${limit} variables`),
      ),
    ]);
  });

  test.each([
    ["of a repository", PLACE, 500],
    ["of an environment", ENVIRONMENT, 100],
  ])("%s that is full is why a claim could not be made", async (_, place, limit) => {
    const error = new GitHubError("No.", { status: 422 });
    const explain = () => explainFullScope(jobs.store.variables, place, error);

    fill(limit - 1);
    expect(await explain()).toBeNull();
    fill(limit);
    expect(await explain()).toMatchObject({
      code: "claim-limit",
      message: expect.stringContaining(`holds ${limit} variables, as many as GitHub allows`),
      hint: "Delete variables that are no longer used.",
    });
  });

  test.each([401, 403, 404])("is not asked about where the token is refused (%d)", async (status) => {
    fill(500);

    expect(
      await explainFullScope(jobs.store.variables, PLACE, new GitHubError("No.", { status })),
    ).toBeNull();
  });

  test("of which GitHub does not tell is no reason", async () => {
    jobs.store.variables.interfere = () => {
      throw new GitHubError("No.", { status: 500 });
    };

    expect(
      await explainFullScope(jobs.store.variables, PLACE, new GitHubError("No.", { status: 422 })),
    ).toBeNull();
  });
});
