import { afterEach, describe, expect, test } from "@jest/globals";
import { ourJob } from "../../simulation/years/ours.ts";
import { OURS } from "../../simulation/years/policies.ts";
import { Account } from "../../simulation/years/week.ts";
import { DAY_SECONDS, outputsOf, Stage } from "../scenarios/stage.ts";

const HOUR_MS = 3_600_000;

interface Told {
  readonly runs: readonly Readonly<Record<string, string>>[];
  readonly rotations: number;
  /** Of the stored secret, by jobs. */
  readonly writes: number;
  readonly alive: boolean;
}

/** What both worlds say of a run, and each in its own words. */
function fate(conclusion: string | null, outputs: Readonly<Record<string, string>>): Record<string, string> {
  const { rotated = "", stored = "" } = outputs;
  return { conclusion: String(conclusion), rotated, stored, from: outputs["restored-from"] ?? "" };
}

/** The two worlds in which a story is told. */
interface Teller {
  /** Queues runs at once, one behind the other, and waits for all of them. */
  run(...inputs: Readonly<Record<string, string>>[]): Promise<void>;
  forbidWrites(): void;
  allowWrites(): void;
  /** A person seeds a fresh login while the next run is in its `pre`. */
  reseed(): void;
  end(): Promise<Told>;
}

let stage: Stage | null = null;
afterEach(async () => {
  await stage?.strike();
  stage = null;
});

async function inTheLab(): Promise<Teller> {
  const lab = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
  stage = lab;
  const runs: Record<string, string>[] = [];
  let stepAside = (): void => {};
  return {
    run: async (...all) => {
      const results = await Promise.all(all.map((inputs) => lab.run(lab.refreshJob({ with: inputs }))));
      runs.push(...results.map((result) => fate(result.conclusion, outputsOf(result))));
    },
    forbidWrites: () => {
      stepAside = lab.interceptStoreWrites(() => ({
        status: 403,
        body: { message: "Resource not accessible" },
      }));
    },
    allowWrites: () => stepAside(),
    reseed: () => {
      lab.reseed();
      // A person is not as fast as two runs here are: `updated_at` has whole seconds.
      lab.world.clock.advance(5_000);
    },
    end: async () => {
      const { openai } = lab.world;
      const { refreshes } = openai;
      return {
        runs,
        rotations: refreshes.filter(({ outcome }) => outcome === "rotated").length,
        writes: lab.secret.history.length - 1,
        alive: lab.stored.tokens.refresh_token === openai.livingRefreshToken(lab.login.account),
      };
    },
  };
}

async function inTheSimulation(): Promise<Teller> {
  const runs: Record<string, string>[] = [];
  let inputs: Readonly<Record<string, string>> = {};
  const outputs: Map<string, string>[] = [];
  const queue: Readonly<Record<string, string>>[] = [];
  const account = new Account(
    {
      ...OURS,
      job: (job) => {
        inputs = queue.shift() ?? {};
        outputs.push(job.outputs);
        return ourJob(job, { inputs: { run: "", ...inputs } });
      },
    },
    {},
    "same story",
    2 * DAY_SECONDS * 1000,
  );
  const { scheduler, github, issuer } = account.world;
  await scheduler.run(scheduler.nowMs + HOUR_MS);
  let reseeds = 0;
  return {
    run: async (...all) => {
      queue.push(...all);
      const begun = runs.length;
      const ended = all.map(() => account.start({ kind: "push" }));
      await scheduler.run();
      for (const [index, conclusion] of (await Promise.all(ended)).entries())
        runs.push(fate(conclusion, Object.fromEntries(outputs[begun + index] ?? [])));
    },
    forbidWrites: () => github.failWrites(403, Number.POSITIVE_INFINITY),
    allowWrites: () => github.failWrites(403, 0),
    reseed: () => {
      reseeds += 1;
      account.seed();
    },
    end: async () => ({
      runs,
      rotations: issuer.rotations,
      writes: github.writes + reseeds,
      alive: account.world.storeIsAlive,
    }),
  };
}

const STORIES: readonly { readonly title: string; readonly tell: (reporter: Teller) => Promise<void> }[] = [
  {
    title: "three runs are queued with one repository secret, the last is forced, and a fresh one follows",
    tell: async (reporter) => {
      await reporter.run({}, {}, { refresh: "force" });
      await reporter.run({});
    },
  },
  {
    title:
      "a write is refused for good, then the next refresh job repairs it, and a forced one rotates again",
    tell: async (reporter) => {
      reporter.forbidWrites();
      await reporter.run({});
      reporter.allowWrites();
      await reporter.run({});
      await reporter.run({ refresh: "force" });
    },
  },
  {
    title:
      "without a handoff the second of two queued runs goes on with its access token, and a forced third stops",
    tell: (reporter) =>
      reporter.run({ handoff: "off" }, { handoff: "off" }, { handoff: "off", refresh: "force" }),
  },
  {
    title: "a login is reseeded between two runs",
    tell: async (reporter) => {
      await reporter.run({});
      reporter.reseed();
      await reporter.run({});
      await reporter.run({ refresh: "force" });
    },
  },
];

describe.each(STORIES)("the story in which $title", ({ tell }) => {
  test("goes the same way in the lab and in the simulation", async () => {
    const [lab, simulation] = [await inTheLab(), await inTheSimulation()];

    await tell(lab);
    await tell(simulation);

    const told = await lab.end();
    expect(await simulation.end()).toEqual(told);
    expect(told.rotations).toBeGreaterThan(0);
    expect(told.alive).toBe(true);
  });
});
