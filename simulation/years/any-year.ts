import fc from "fast-check";
import type { Climate } from "./faults.ts";
import { OURS } from "./policies.ts";
import { isOnTheList } from "./report.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./units.ts";
import { liveYear } from "./week.ts";

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
export const CLIMATES: fc.Arbitrary<Partial<Climate>> = fc.record(
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
    staleReads: rate(0.5),
    markedSeeds: rate(1),
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
    writeTokenExpiriesPerYear: perYear(12),
    skewMs: fc.constantFrom<readonly [number, number]>([0, 0], [-DAY_MS, DAY_MS]),
    handoff: fc.constantFrom("cache", "off"),
    deadAccessTokens: rate(0.1),
    longSilencesPerYear: perYear(6),
    jobMs: fc.constantFrom<readonly [number, number]>(
      [MINUTE_MS, 20 * MINUTE_MS],
      [2 * HOUR_MS, 6 * HOUR_MS],
    ),
  },
  { requiredKeys: [] },
);

/**
 * So many years of ours, each in a climate of its own.
 *
 * @throws the story of the first login that was lost to what the design does not name
 */
export async function liveAnyYears(years: number, seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(CLIMATES, fc.nat(), async (climate, year) => {
      const { deaths } = await liveYear(OURS, { name: "", dose: "", climate }, `year ${year}`);
      const [lost] = deaths.filter(({ grave }) => !isOnTheList(grave));
      if (lost) throw new Error(`A login was lost:\n${lost.story.join("\n")}`);
    }),
    // Shrinking a year takes minutes: the first year that fails tells its story.
    { numRuns: years, seed, endOnFailure: true },
  );
}
