import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import {
  changedElsewhere,
  metadataOf,
  runCreated,
  updatedAtOf,
  updatedAtSince,
  updatedAtUnlessOutdated,
} from "../../src/login/secret-time.ts";
import type { OpenServices } from "../../src/login/write-session.ts";
import type { ReadTime } from "../../src/ports/github.ts";
import { PLACE, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { openJob } from "./open-job.ts";

const SECOND_MS = 1000;
const U = new Date("2026-11-22T10:00:00.000Z");
const EARLIER = new Date(U.getTime() - SECOND_MS);
const LATER = new Date(U.getTime() + SECOND_MS);

let jobs: RefreshJobs;
let services: OpenServices;
let beganMs: number;

beforeEach(() => {
  jobs = new RefreshJobs();
  services = openJob(jobs);
  beganMs = jobs.clock.monotonicMs();
});

function tookSeconds(): number {
  return Math.floor((jobs.clock.monotonicMs() - beganMs) / SECOND_MS);
}

/** GitHub answers with an outdated time for so long. */
function answerOutdated(seconds: number): void {
  const { metadata } = jobs.store;
  jobs.store.metadata = async (name) => {
    const seen = await metadata(name);
    return seen && tookSeconds() < seconds ? { ...seen, updatedAt: EARLIER } : seen;
  };
}

describe("since when the secret holds what it holds", () => {
  test("is what GitHub says, asked again where it does not answer", async () => {
    let silences = 2;
    let asked = 0;
    jobs.store.interfere = () => {
      if (silences-- > 0) throw new GitHubError("No answer.", { status: null });
    };

    const metadata = await metadataOf(services, () => {
      asked += 1;
    });

    expect(metadata).toMatchObject({ updatedAt: U });
    expect(asked).toBe(3);
    expect(await updatedAtOf(services)).toEqual(U);
  });

  test("is asked of the secret that was named", async () => {
    const place = { ...PLACE, secretName: "OTHER" };

    await expect(updatedAtOf({ ...services, place })).rejects.toMatchObject({
      code: "secret-not-found",
      message: expect.stringMatching(/^There is no .*OTHER.* This action never creates it\.$/),
      hint: expect.stringContaining("`secret-name` and `environment`"),
    });
  });

  test.each([
    [0, 0, U],
    [2, 2, U],
    [3, 3, U],
    [9, 3, EARLIER],
  ])(
    "is asked again for four seconds where another time is expected: outdated for %d s",
    async (outdated, took, at) => {
      answerOutdated(outdated);

      const seen = await updatedAtUnlessOutdated(services, (time) => time.getTime() === U.getTime());

      expect(seen).toEqual(at);
      expect(tookSeconds()).toBe(took);
    },
  );
});

describe("since when the secret holds what it holds, for who has seen a time already,", () => {
  const ask = () => updatedAtSince(services, U, () => {});

  test("is no earlier time: it is asked again", async () => {
    answerOutdated(30);

    expect(await ask()).toEqual(U);
    expect(tookSeconds()).toBe(30);
  });

  test("is not known where GitHub answers with an earlier time for more than forty seconds", async () => {
    answerOutdated(99);

    await expect(ask()).rejects.toMatchObject({
      name: "GitHubError",
      status: null,
      message: "GitHub's API answers with the secret's state of some time ago.",
    });
    expect(tookSeconds()).toBeGreaterThan(35);
    expect(tookSeconds()).toBeLessThanOrEqual(40);
  });

  test("is that time, or a later one, at once", async () => {
    expect(await ask()).toEqual(U);

    jobs.store.set(SECRET, "another");
    expect(await ask()).toEqual(new Date("2026-11-22T11:00:00.000Z"));
    expect(tookSeconds()).toBe(0);
  });

  test("is nothing where the secret is gone, at once", async () => {
    jobs.store.secrets.delete(SECRET);

    expect(await ask()).toBeNull();
    expect(tookSeconds()).toBe(0);
  });

  test("is told with each request that is sent", async () => {
    answerOutdated(2);
    const asked: number[] = [];

    await updatedAtSince(services, U, () => asked.push(tookSeconds()));

    expect(asked).toEqual([0, 1, 2]);
  });
});

describe("whether a run was given what the secret has held since then", () => {
  const ENVIRONMENT = { ...PLACE, environment: "codex" };

  function known(at: Date): ReadTime {
    return { kind: "known", at };
  }

  function ask(
    times: { repository: ReadTime; environment?: ReadTime },
    { place = PLACE, isRerun = false }: { place?: typeof PLACE | typeof ENVIRONMENT; isRerun?: boolean } = {},
  ): ReturnType<typeof runCreated> {
    const readTime = async (scope: "repository" | "environment"): Promise<ReadTime> =>
      times[scope] ?? { kind: "unknown", because: "permission" };
    const runInformation = { ...services.runInformation, isRerun, readTime };
    return runCreated({ ...services, runInformation, place }, U);
  }

  test.each([
    ["after it", LATER, "after"],
    ["in that second", U, "secret-is-newer"],
    ["before it", EARLIER, "secret-is-newer"],
  ])("depends on when it was created: %s", async (_, at, answer) => {
    expect(await ask({ repository: known(at), environment: known(LATER) })).toBe(answer);
  });

  test.each([
    ["created after it", LATER, EARLIER, false, "after"],
    ["created before it, and the job has started after it", EARLIER, LATER, false, "after"],
    ["created before it, and the job has started in that second", EARLIER, U, false, "secret-is-newer"],
    [
      "created before it, and started again after it, which may replay its secrets",
      EARLIER,
      LATER,
      true,
      "secret-is-newer",
    ],
  ])(
    "depends on the start of the job, too, for an environment's secret: %s",
    async (_, created, started, isRerun, answer) => {
      const times = { repository: known(created), environment: known(started) };

      expect(await ask(times, { place: ENVIRONMENT, isRerun })).toBe(answer);
    },
  );

  test.each([
    ["permission", "run-time-permission"],
    ["unreachable", "run-time-unknown"],
    ["ambiguous", "run-time-unknown"],
    ["no-such-run", "run-not-found"],
    ["no-runner-name", "runner-name-missing"],
  ] as const)("is not known where GitHub does not tell the time (%s)", async (because, answer) => {
    expect(await ask({ repository: { kind: "unknown", because } })).toBe(answer);
    expect(tookSeconds()).toBe(because === "unreachable" ? 12 : 0);
  });

  test("is asked again for a moment where GitHub cannot be reached", async () => {
    const answers: ReadTime[] = [
      { kind: "unknown", because: "unreachable" },
      { kind: "unknown", because: "unreachable" },
    ];
    const readTime = async (): Promise<ReadTime> => answers.shift() ?? known(LATER);

    const answer = await runCreated(
      { ...services, runInformation: { ...services.runInformation, readTime } },
      U,
    );

    expect(answer).toBe("after");
    expect(tookSeconds()).toBe(8);
  });
});

test("that somebody else has written the secret is told with what it means", () => {
  expect(changedElsewhere(PLACE)).toMatchObject({
    code: "secret-changed-elsewhere",
    message: expect.stringMatching(
      /CODEX_AUTH_JSON.* while this job refreshed the login\. It is left alone\.$/,
    ),
    hint: expect.stringMatching(/nothing is to be done.*run maintenance, or use the printed command/),
  });
});
