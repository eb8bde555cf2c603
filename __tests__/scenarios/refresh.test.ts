import { afterEach, describe, expect, test } from "@jest/globals";
import { CODEX_EXEC, DAY_SECONDS, onlyJob, outputsOf, Stage } from "./stage.ts";

const HOUR_SECONDS = 3600;

let stage: Stage;
afterEach(() => stage.strike());

describe("refresh: auto", () => {
  test("a due login is rotated, stored, and used by the job", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const before = stage.stored;

    const result = await stage.run(stage.refreshJob({ with: { run: CODEX_EXEC } }));

    expect(result.conclusion).toBe("success");
    expect(stage.stored.tokens.refresh_token).not.toBe(before.tokens.refresh_token);
    expect(stage.world.openai.refreshes).toMatchObject([{ outcome: "rotated", generation: 0 }]);
    expect(stage.world.openai.responses).toBe(1);
    expect(outputsOf(result)).toMatchObject({
      "restored-from": "secret",
      rotated: "true",
      stored: "true",
      "last-refresh": stage.stored.last_refresh,
    });
    stage.expectLoginAlive();
  });

  test("the next job, on a new machine, lives on what the one before stored", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const workflow = stage.refreshJob({ with: { run: CODEX_EXEC } });
    await stage.run(workflow);
    const stored = stage.secret.value;

    const result = await stage.run(workflow);

    expect(result.conclusion).toBe("success");
    expect(stage.secret.value).toBe(stored);
    expect(stage.world.openai.refreshes).toHaveLength(1);
    expect(stage.world.openai.responses).toBe(2);
    stage.expectLoginAlive();
  });

  test("a login that is not due is used as it is, and GitHub and its cache hear nothing of it", async () => {
    stage = await Stage.set({ expiresInSeconds: 4 * DAY_SECONDS });
    const before = stage.secret.value;

    const result = await stage.run(stage.refreshJob({ with: { run: CODEX_EXEC } }));

    expect(result.conclusion).toBe("success");
    expect(stage.world.openai.responses).toBe(1);
    expect(stage.world.openai.refreshes).toEqual([]);
    expect(stage.world.github.server.requests).toEqual([]);
    expect(stage.world.cache.server.requests).toEqual([]);
    expect(stage.secret.value).toBe(before);
    expect(outputsOf(result)).toMatchObject({ rotated: "false", stored: "false" });
    stage.expectLoginAlive();
  });

  test("when nothing is due and nobody runs Codex, pre, main and post ask nobody anything", async () => {
    stage = await Stage.set();

    const result = await stage.run(stage.refreshJob({ with: { run: 'test -s "$CODEX_HOME/auth.json"' } }));

    expect(result.conclusion).toBe("success");
    const phases = onlyJob(result).steps.flatMap((step) => step.phases);
    expect(phases.map(({ phase, exitCode }) => [phase, exitCode])).toEqual([
      ["pre", 0],
      ["main", 0],
      ["post", 0],
    ]);
    expect(stage.requests).toEqual([]);
  });

  test("refresh-window decides how early a login is due", async () => {
    stage = await Stage.set({ expiresInSeconds: 4 * DAY_SECONDS });

    const result = await stage.run(stage.refreshJob({ with: { "refresh-window": "5d" } }));

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });
});

describe("refresh: force", () => {
  test("a login that is not due is rotated and stored all the same", async () => {
    stage = await Stage.set();
    const before = stage.stored;

    const result = await stage.run(stage.refreshJob({ with: { refresh: "force", run: CODEX_EXEC } }));

    expect(result.conclusion).toBe("success");
    expect(stage.stored.tokens.refresh_token).not.toBe(before.tokens.refresh_token);
    expect(stage.world.openai.refreshes).toMatchObject([{ outcome: "rotated", generation: 0 }]);
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });
});

describe("refresh: never", () => {
  test("a Codex job needs no write token, and leaves a due login as it is", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const before = stage.secret.value;

    const result = await stage.run(
      stage.refreshJob({ with: { refresh: "never", "secret-write-token": "", run: CODEX_EXEC } }),
    );

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "false", stored: "false" });
    expect(stage.world.openai.responses).toBe(1);
    expect(stage.world.openai.refreshes).toEqual([]);
    expect(stage.world.github.server.requests).toEqual([]);
    expect(stage.secret.value).toBe(before);
  });
});

describe("Codex jobs", () => {
  test("run at the same time, without write token, group or permission, and rotate nothing", async () => {
    stage = await Stage.set({ expiresInSeconds: 7 * HOUR_SECONDS });
    const before = stage.secret.value;
    const workflow = stage.refreshJob({
      with: { refresh: "never", "secret-write-token": "", "github-token": "", run: CODEX_EXEC },
      concurrency: "",
      permissions: "",
    });

    const results = await Promise.all([stage.run(workflow), stage.run(workflow)]);

    expect(results.map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
    expect(stage.world.openai.responses).toBe(2);
    expect(stage.world.openai.refreshes).toEqual([]);
    expect(stage.world.github.server.requests).toEqual([]);
    expect(stage.world.cache.server.requests).toEqual([]);
    expect(stage.secret.value).toBe(before);
  });

  test("stop before their commands when the access token lives less than minimum-lifetime", async () => {
    stage = await Stage.set({ expiresInSeconds: 5 * HOUR_SECONDS });

    const result = await stage.run(
      stage.refreshJob({ with: { refresh: "never", "secret-write-token": "", run: "echo JOB-RAN" } }),
    );

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[access-token-expiring]");
    expect(onlyJob(result).rawLog).not.toContain("JOB-RAN");
    expect(stage.requests).toEqual([]);
  });
});
