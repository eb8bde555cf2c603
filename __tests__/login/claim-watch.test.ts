import { beforeEach, describe, expect, test } from "@jest/globals";
import { MAXIMUM_TAKEOVERS } from "../../src/core/claim/claim.ts";
import { type ClaimWatch, watchClaim } from "../../src/login/copies/claim-watch.ts";
import { RefreshJobs } from "../action/refresh-jobs.ts";
import { Chain } from "./chain.ts";
import { openJob } from "./open-job.ts";

let jobs: RefreshJobs;
let chain: Chain;
let watch: ClaimWatch;

beforeEach(() => {
  jobs = new RefreshJobs();
  jobs.runStatus = "ended";
  chain = new Chain(jobs);
  watch = watchClaim(openJob(jobs), chain.at(0));
});

describe("a login that is being copied", () => {
  test.each<[string, boolean, () => void]>([
    ["is still the newest while nobody has claimed it", true, () => {}],
    ["is being replaced once somebody has", false, () => chain.claim(0, {}, { ageMs: 0 })],
    ["was replaced where the claim says so", false, () => chain.stored(0, new Date(0))],
    ["was replaced where the next one is not stored yet", false, () => chain.rotated(0)],
    ["is still the newest where whoever claimed it has died", true, () => chain.claim(0)],
    ["is still the newest where a claim was edited, and is old", true, () => chain.edit(0)],
    [
      "is being replaced where somebody has taken over from the dead",
      false,
      () => {
        chain.claim(0);
        chain.claim(0, {}, { takeover: 1, ageMs: 0 });
      },
    ],
    [
      "may be spent where as many have died over it as may try",
      false,
      () => {
        for (let takeover = 0; takeover <= MAXIMUM_TAKEOVERS; takeover++) chain.claim(0, {}, { takeover });
      },
    ],
    [
      "is still the newest where one less has died",
      true,
      () => {
        for (let takeover = 0; takeover < MAXIMUM_TAKEOVERS; takeover++) chain.claim(0, {}, { takeover });
      },
    ],
  ])("%s", async (_, isUnclaimed, happen) => {
    happen();

    expect(await watch.isUnclaimed()).toBe(isUnclaimed);
  });

  test("is watched: what is true now need not be true at the next copy", async () => {
    chain.claim(0);
    expect(await watch.isUnclaimed()).toBe(true);

    chain.claim(0, {}, { takeover: 1, ageMs: 0 });
    expect(await watch.isUnclaimed()).toBe(false);
  });

  test("is watched by one question: the dead are not asked about again", async () => {
    for (const takeover of [0, 1, 2]) chain.claim(0, {}, { takeover });
    await watch.isUnclaimed();
    const asked: string[] = [];
    jobs.store.variables.interfere = (request, name) => asked.push(`${request} ${name}`);

    await watch.isUnclaimed();

    expect(asked).toEqual([`GET ${chain.name(0, 3)}`]);
  });
});
