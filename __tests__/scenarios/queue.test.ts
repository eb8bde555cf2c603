import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, outputsOf, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

describe("queued runs, all handed the same repository secret", () => {
  test("the first refreshes, and the second takes the handoff", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const workflow = stage.refreshJob({
      with: { run: "codex exec --skip-git-repo-check --sandbox read-only 'Reply exactly: OK' </dev/null" },
    });

    const runs = [stage.dispatch(workflow), stage.dispatch(workflow)];
    const results = await Promise.all(runs.map(({ finished }) => finished));

    expect(results.map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
    const [first, second] = results.map((result) => outputsOf(result));
    expect(first).toMatchObject({ "restored-from": "secret", rotated: "true", stored: "true" });
    expect(second).toMatchObject({ "restored-from": "handoff", rotated: "false" });
    expect(second?.["access-token-expires-at"]).toBe(first?.["access-token-expires-at"]);
    expect(stage.world.openai.refreshes).toHaveLength(1);
    expect(stage.world.openai.responses).toBe(2);
    stage.expectLoginAlive();
  });

  test("five forced ones rotate one after the other, and no token is used twice", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const workflow = stage.refreshJob({ with: { refresh: "force" } });

    const runs = Array.from({ length: 5 }, () => stage.dispatch(workflow));
    const results = await Promise.all(runs.map(({ finished }) => finished));

    expect(results.map((result) => outputsOf(result))).toEqual(
      results.map((_, index) =>
        expect.objectContaining({
          "restored-from": index === 0 ? "secret" : "handoff",
          rotated: "true",
          stored: "true",
        }),
      ),
    );
    expect(stage.world.openai.refreshes.map(({ outcome, generation }) => [outcome, generation])).toEqual(
      results.map((_, index) => ["rotated", index]),
    );
    stage.expectLoginAlive();
  });
});

describe("without a handoff", () => {
  test("a refresh job with `handoff: off` refreshes and stores, and the cache is never asked", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const result = await stage.run(stage.refreshJob({ with: { handoff: "off" } }));

    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    expect(stage.world.cache.server.requests).toEqual([]);
    stage.expectLoginAlive();
  });

  test("so does one on a server without the cache service's second version", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const result = await stage.run(stage.refreshJob(), {
      beforePhase: ({ env }) => {
        delete env.ACTIONS_CACHE_SERVICE_V2;
      },
    });

    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    expect(stage.world.cache.server.requests).toEqual([]);
    stage.expectLoginAlive();
  });

  test("the second of two queued runs goes on with the access token it was handed, and a forced one stops", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const off = { handoff: "off" };

    const runs = [
      stage.dispatch(stage.refreshJob({ with: off })),
      stage.dispatch(stage.refreshJob({ with: off })),
      stage.dispatch(stage.refreshJob({ with: { ...off, refresh: "force" } })),
    ];
    const [first, second, third] = await Promise.all(runs.map(({ finished }) => finished));

    expect(first && outputsOf(first)).toMatchObject({ rotated: "true" });
    expect(second && outputsOf(second)).toMatchObject({ rotated: "false" });
    expect(second?.conclusion).toBe("success");
    expect(third && failureCodes(third)).toEqual(["copy-stale"]);
    expect(stage.world.openai.refreshes).toHaveLength(1);
    stage.expectLoginAlive();
  });

  test("a job does not run on a document that is only on its machine", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const comeBack = stage.interceptStoreWrites(() => ({ status: 403, body: {} }));

    const result = await stage.run(stage.refreshJob({ with: { handoff: "off", run: "echo the job ran" } }), {
      beforePhase: ({ phase }) => {
        if (phase === "post") comeBack();
      },
    });

    expect(result.conclusion).toBe("failure");
    expect(result.log).not.toMatch(/^the job ran/m);
    stage.expectLoginAlive();
  });
});
