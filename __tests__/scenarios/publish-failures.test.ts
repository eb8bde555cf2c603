import { afterEach, describe, expect, test } from "@jest/globals";
import { DROP } from "../../lab/loopback-server.ts";
import { DAY_SECONDS, failureCodes, outputsOf, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

describe("a write whose answer is lost", () => {
  test("is recognized as ours and not made again", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    let lost = 0;
    stage.interceptStoreWrites(async (_, next) => {
      const answer = await next();
      lost += 1;
      return lost === 1 ? DROP : answer;
    });

    const result = await stage.run(stage.refreshJob());

    expect(lost).toBe(1);
    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    expect(stage.secret.history).toHaveLength(2);
    stage.expectLoginAlive();
  });

  test("is what the next run builds on; one that was queued before it cannot know whose write that was", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const forced = stage.refreshJob({ with: { refresh: "force" } });
    let writes = 0;
    stage.interceptStoreWrites(async (_, next) => {
      const answer = await next();
      writes += 1;
      return writes === 1 ? DROP : answer;
    });

    const runs = [stage.dispatch(forced), stage.dispatch(forced)];
    const results = await Promise.all(runs.map(({ finished }) => finished));

    const next = await stage.run(forced);

    expect(results.map(failureCodes)).toEqual([[], ["copy-stale"]]);
    expect(next.conclusion).toBe("success");
    expect(stage.world.openai.refreshes).toHaveLength(2);
    stage.expectLoginAlive();
  });
});

describe("a write that is refused for a moment", () => {
  test("is made again after a server error", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    let tries = 0;
    stage.interceptStoreWrites((_, next) => {
      tries += 1;
      return tries === 1 ? { status: 502, body: "Bad Gateway" } : next();
    });

    const result = await stage.run(stage.refreshJob());

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    expect(stage.secret.history).toHaveLength(2);
    stage.expectLoginAlive();
  });

  test("is sealed again when GitHub has changed its key in between", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    stage.interceptRefreshes((_, next) => {
      stage.repository.rotatePublicKey();
      return next();
    });

    const result = await stage.run(stage.refreshJob());

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });
});

describe("a secret that is deleted while the job holds the login", () => {
  test("is not created again", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    stage.interceptRefreshes((_, next) => {
      stage.repository.deleteSecret("CODEX_AUTH_JSON");
      return next();
    });

    const result = await stage.run(stage.refreshJob());

    expect(result.conclusion).toBe("failure");
    expect(failureCodes(result)).toContain("secret-not-found");
    expect(stage.repository.secret("CODEX_AUTH_JSON")).toBeUndefined();
  });
});
