import { afterEach, describe, expect, test } from "@jest/globals";
import { CODEX_EXEC, JOB, JOB_RAN, outputsOf, Stage } from "./stage.ts";

const HOUR_SECONDS = 3600;
const WINDOW_SECONDS = 72 * HOUR_SECONDS;
const MINIMUM_SECONDS = 6 * HOUR_SECONDS;

let stage: Stage;
afterEach(() => stage.strike());

describe("refresh: force", () => {
  test("asks the model for nothing", async () => {
    stage = await Stage.set();

    const result = await stage.run(stage.refreshJob({ with: { refresh: "force", run: JOB } }));

    expect(result.log).toContain(JOB_RAN);
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    expect(modelRequests()).toEqual([]);
    stage.expectRotatedOnce();
  });

  test("has stored the new login, and handed it over, before `run` starts", async () => {
    stage = await Stage.set();
    const whenTheJobRan: { stored: string; notes: number }[] = [];
    stage.world.openai.model = () => {
      const { cache } = stage.world;
      const notes = cache.entries.filter(({ state }) => state === "ready").length;
      whenTheJobRan.push({ stored: stage.stored.tokens.refresh_token, notes });
      return [{ message: "OK" }];
    };

    await stage.run(stage.refreshJob({ with: { refresh: "force", run: CODEX_EXEC } }));

    const living = stage.world.openai.livingRefreshToken(stage.login.account);
    expect(whenTheJobRan).toEqual([{ stored: living, notes: 1 }]);
    stage.expectRotatedOnce();
  });
});

describe("refresh: auto", () => {
  const onBranch = { ref: "refs/heads/topic" };

  test.each([
    ["just inside the window", WINDOW_SECONDS - 30, {}, 1],
    ["just outside the window", WINDOW_SECONDS + 30, {}, 0],
    ["inside the window on another branch", WINDOW_SECONDS - 30, onBranch, 0],
    ["just above minimum-lifetime on another branch", MINIMUM_SECONDS + 30, onBranch, 0],
    ["just below minimum-lifetime on another branch", MINIMUM_SECONDS - 30, onBranch, 1],
  ])("%s", async (_, expiresInSeconds, where, rotations) => {
    stage = await Stage.set({ expiresInSeconds });

    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }), where);

    expect(result.log).toContain(JOB_RAN);
    expect(stage.world.openai.refreshes).toHaveLength(rotations);
    expect(outputsOf(result).rotated).toBe(String(rotations > 0));
    stage.expectLoginAlive();
  });

  test("an access token that has expired is no obstacle", async () => {
    stage = await Stage.set({ expiresInSeconds: -HOUR_SECONDS });

    const result = await stage.run(stage.refreshJob({ with: { run: CODEX_EXEC } }));

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    expect(stage.world.openai.responses).toBe(1);
    stage.expectLoginAlive();
  });
});

describe("refresh: never", () => {
  test("two at once beside a refresh job that refreshes: none of them asks for a token", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * 24 * HOUR_SECONDS });
    const { openai } = stage.world;
    const refresh = stage.holdRefresh();
    const refreshing = stage.dispatch(stage.refreshJob({ with: { run: CODEX_EXEC } }));
    await refresh.waiting;
    const codexJob = stage.refreshJob({
      with: { refresh: "never", "secret-write-token": "", run: CODEX_EXEC },
      concurrency: "",
      permissions: "",
    });

    const results = await Promise.all(Array.from({ length: 2 }, () => stage.run(codexJob)));
    const answeredMeanwhile = openai.responses;
    refresh.letIn();
    const refreshed = await refreshing.finished;

    expect(results.map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
    expect(answeredMeanwhile).toBe(2);
    expect(refreshed.conclusion).toBe("success");
    expect(openai.server.requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
    stage.expectRotatedOnce();
  });
});

function modelRequests(): string[] {
  const { requests } = stage.world.openai.server;
  return requests.filter(({ path }) => path.endsWith("/responses")).map(({ path }) => path);
}
