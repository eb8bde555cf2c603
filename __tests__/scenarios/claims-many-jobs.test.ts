import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Desk } from "../cli/command-line.ts";
import {
  CODEX_EXEC,
  DAY_SECONDS,
  failureCodes,
  outputsOf,
  SECRET,
  Stage,
  signal,
  WRITE_TOKEN,
} from "./stage.ts";

/** Jobs that start at once, or late, or on another clock: with the real Codex. */

const DUE = { expiresInSeconds: 2 * DAY_SECONDS };
const FORCED = { refresh: "force" };
const MINUTE_MS = 60_000;
/** A hundred are in __tests__/login/stories.test.ts: here each is three processes. */
const MANY = 24;

let stage: Stage;
afterEach(() => stage?.strike());

describe("jobs that start at once", () => {
  test("one rotates, and all run", async () => {
    stage = await Stage.set(DUE);
    const workflow = stage.refreshJob({ concurrency: "", with: { run: "true" } });

    const results = await Promise.all(Array.from({ length: MANY }, () => stage.run(workflow)));

    expect(results.map(({ conclusion }) => conclusion)).toEqual(results.map(() => "success"));
    expect(results.filter((result) => outputsOf(result).rotated === "true")).toHaveLength(1);
    stage.expectRotatedOnce();
  });

  test("two legs of one matrix: one rotates, both run Codex", async () => {
    stage = await Stage.set(DUE);
    const job = "    strategy:\n      matrix:\n        leg: [one, two]";

    const result = await stage.run(stage.refreshJob({ job, concurrency: "", with: { run: CODEX_EXEC } }));

    expect(result.conclusion).toBe("success");
    expect(Object.keys(result.jobs)).toHaveLength(2);
    expect(stage.world.openai.responses).toBe(2);
    stage.expectRotatedOnce();
  });

  test("two that ask for the whole login, in two groups: the second gets an access token only", async () => {
    stage = await Stage.set();
    const present = (group: string): string =>
      stage.refreshJob({
        concurrency: `group: ${group}`,
        with: { "refresh-token": "present", run: CODEX_EXEC },
      });
    const working = signal();
    const otherIsDone = signal();
    const stepAside = stage.world.openai.server.intercept(async ({ path }, next) => {
      if (!path.endsWith("/responses")) return next();
      stepAside();
      working.give();
      await otherIsDone.given;
      return next();
    });

    const first = stage.dispatch(present("one"));
    await working.given;
    let tokens: Record<string, string> | undefined;
    const second = await stage.run(present("two"), {
      afterPhase: ({ phase, env }) => {
        if (phase !== "main") return;
        tokens = JSON.parse(readFileSync(join(env.CODEX_HOME ?? "", "auth.json"), "utf8")).tokens;
      },
    });
    otherIsDone.give();

    expect((await first.finished).conclusion).toBe("success");
    expect(second.conclusion).toBe("success");
    expect(second.log).toContain("[claim-busy]");
    expect(tokens).toMatchObject({ access_token: stage.login.accessToken, refresh_token: "" });
    expect(stage.world.openai.responses).toBe(2);
    stage.expectLoginAlive();
  });
});

describe("a job that was handed a login of yesterday", () => {
  test("leaves a person's reseed alone, although a rotation of that login is still not stored", async () => {
    stage = await Stage.set(DUE);
    const stepAside = stage.interceptStoreWrites(() => ({ status: 403, body: { message: "Not now" } }));
    const first = stage.dispatch(stage.refreshJob({ with: FORCED }), {
      // The second is queued now: it is handed the secret as it is.
      beforePhase: ({ phase }) => {
        if (phase === "pre") queued ??= stage.dispatch(stage.refreshJob({ with: { run: "true" } }));
      },
    });
    let queued: ReturnType<Stage["dispatch"]> | undefined;
    const failed = await first.finished;
    const person = stage.reseed();
    stepAside();
    const second = await queued?.finished;

    expect(failureCodes(failed)).toEqual(["write-back-pending"]);
    expect(second?.conclusion).toBe("success");
    expect(stage.stored.tokens.refresh_token).toBe(person.refreshToken);
    expect(stage.world.openai.refreshes).toHaveLength(1);
    expect(stage.world.openai.reuses).toBe(0);
  });
});

describe("a clock that is two seconds off", () => {
  test.each([-2000, 2000])(
    "(%i ms): a forced refresh of a login that was stored just now is green",
    async (serversAheadMs) => {
      stage = await Stage.set({ ...DUE, serversAheadMs });

      const first = await stage.run(stage.refreshJob({ with: FORCED }));
      const second = await stage.run(stage.refreshJob({ with: FORCED }));

      expect([first.conclusion, second.conclusion]).toEqual(["success", "success"]);
      expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated", "rotated"]);
      stage.expectLoginAlive();
    },
  );
});

describe("main is killed when OpenAI has rotated the login", () => {
  test("and post runs a quarter of an hour later: the login is stored", async () => {
    stage = await Stage.set(DUE);
    stage.holdAnswer(500, () => stage.killMain());

    const result = await stage.run(stage.refreshJob({ with: FORCED }), {
      beforePhase: ({ phase }) => {
        if (phase === "post") stage.world.clock.advance(15 * MINUTE_MS);
      },
    });
    const next = await stage.run(stage.refreshJob({ with: FORCED }));

    expect(result.conclusion).toBe("failure");
    expect(next.conclusion).toBe("success");
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated", "rotated"]);
    stage.expectLoginAlive();
  });
});

describe("a repository that is renamed", () => {
  test("goes on with its claims: the next refresh needs no person and no `actions: read`", async () => {
    stage = await Stage.set(DUE);
    await stage.run(stage.refreshJob({ with: FORCED }));
    stage.world.github.rename(stage.repository, "octo/renamed");

    const result = await stage.run(stage.refreshJob({ permissions: "", with: FORCED }));

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });
});

describe("a login that `seed` has just stored", () => {
  let desk: Desk | undefined;
  afterEach(() => desk?.clear());

  test("is refreshed by a forced run in the same second", async () => {
    desk = await Desk.set();
    const { world, repository } = desk;
    const writeToken = world.github.token(repository, { secrets: "write", variables: "write" });
    const seeded = await desk.runAndLogIn(["seed", "--repo", "octo/app", "--write-token"], {
      environment: { [WRITE_TOKEN]: writeToken },
    });
    expect(seeded.exitCode).toBe(0);

    const workflow = `on: workflow_dispatch
permissions: {}
jobs:
  codex:
    runs-on: ubuntu-latest
    steps:
      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
        id: codex
        with:
          codex-auth-json: \${{ secrets.${SECRET} }}
          secret-write-token: \${{ secrets.${WRITE_TOKEN} }}
          refresh: force
`;
    const result = await world.runner.dispatch({ repository, workflow }).finished;

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    expect(world.openai.reuses).toBe(0);
  });
});
