import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Climate, FAULTS } from "../../survival/faults.ts";
import { OURS, POLICIES } from "../../survival/policies.ts";
import { isOnTheList } from "../../survival/report.ts";
import { sweep } from "../../survival/sweep.ts";
import { liveYear } from "../../survival/week.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function rate(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 20 }).map((twentieths) => (twentieths / 20) * max);
}

function perYear(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max });
}

function weather(longestMs: number): fc.Arbitrary<Climate["api"]> {
  return fc.record({
    errors: rate(0.15),
    lostAnswers: rate(0.1),
    latencyMs: fc.constantFrom<readonly [number, number]>([80, 400], [80, longestMs]),
  });
}

/** Any mixture of what ours must survive, and of what it need not: the autopsy tells them apart. */
const CLIMATES: fc.Arbitrary<Partial<Climate>> = fc.record(
  {
    scope: fc.constantFrom("repository", "environment"),
    queue: fc.constantFrom("max", "single", "none"),
    api: weather(11_000),
    cache: weather(16_000),
    issuer: fc.record({
      errors: rate(0.3),
      lostAnswers: rate(0.1),
      latencyMs: fc.constant<readonly [number, number]>([150, 50_000]),
    }),
    apiOutagesPerYear: perYear(60),
    cacheOutagesPerYear: perYear(60),
    writesFailAfterRotation: rate(0.5),
    writesFailForMs: fc.constantFrom<readonly [number, number]>(
      [MINUTE_MS, 10 * MINUTE_MS],
      [HOUR_MS, 9 * DAY_MS],
    ),
    strokes: fc.record({
      "kill-main": rate(0.5),
      "kill-post": rate(0.5),
      cancel: rate(0.5),
      "lose-machine": rate(0.2),
    }),
    cancelledJobs: rate(0.2),
    droppedCrons: rate(1),
    branchJobs: rate(0.7),
    reruns: rate(0.3),
    reseedsPerYear: perYear(30),
    reseedsInJobs: rate(0.1),
    evictionsPerYear: perYear(200),
    rotatedKeys: rate(0.2),
    writerExpiriesPerYear: perYear(12),
    skewMs: fc.constantFrom<readonly [number, number]>([0, 0], [-DAY_MS, DAY_MS]),
    handover: fc.constantFrom("cache", "off"),
    deadAccessTokens: rate(0.1),
    longSilencesPerYear: perYear(6),
    jobMs: fc.constantFrom<readonly [number, number]>(
      [MINUTE_MS, 20 * MINUTE_MS],
      [2 * HOUR_MS, 6 * HOUR_MS],
    ),
  },
  { requiredKeys: [] },
);

describe("a year of an account", () => {
  test("costs no login but to what the design names, whatever the weather", async () => {
    await fc.assert(
      fc.asyncProperty(CLIMATES, fc.nat(), async (climate, seed) => {
        const { deaths } = await liveYear(OURS, { name: "", dose: "", climate }, `year ${seed}`);

        expect(deaths.filter(({ grave }) => !isOnTheList(grave)).map(({ story }) => story)).toEqual([]);
      }),
      // Shrinking a year takes minutes: the first year that fails tells its story.
      { numRuns: 25, seed: 20261122, endOnFailure: true },
    );
  }, 120_000);

  test("goes the same way again under the same seed", async () => {
    const fault = FAULTS.find(({ name }) => name === "machine dies while it refreshes");
    if (!fault) throw new Error("there is no such fault");

    const first = await liveYear(OURS, fault, "again");
    const second = await liveYear(OURS, fault, "again");

    expect(second).toEqual(first);
    expect(first.rotations).toBeGreaterThan(30);
  });

  test("kills a login that is never written back, every time that its access token ends", async () => {
    const restoreOnly = POLICIES.find(({ name }) => name === "restore only");
    const calm = FAULTS[0];
    if (!restoreOnly || !calm) throw new Error("there is no such policy");

    const { deaths } = await liveYear(restoreOnly, calm, "restore only");

    expect(deaths.length).toBeGreaterThan(25);
  });
});

describe("a job that refreshes, struck at each of its awaits in turn", () => {
  // `npm run survival` sweeps under the other climates, too.
  test("loses its login only where no process is left before the first save", async () => {
    const sweeps = await sweep(undefined, ["fair weather, environment secret"]);

    expect(sweeps.map(({ points }) => points).every((points) => points > 5)).toBe(true);
    const deaths = sweeps.flatMap((each) => each.deaths.map(({ grave }) => `${each.stroke}: ${grave}`));
    expect(new Set(deaths)).toEqual(
      new Set([
        "lose-machine: machine died before the first save",
        "force-cancel: machine died before the first save",
      ]),
    );
  }, 120_000);
});
