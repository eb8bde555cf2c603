import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, outputsOf, Stage } from "./stage.ts";

const WITHOUT_ACTIONS_READ = "";

let stage: Stage;
afterEach(() => stage.strike());

describe("without `actions: read`, a repository secret", () => {
  test("is not rotated, and the job borrows while the access token lives", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const result = await stage.run(stage.keeper({ permissions: WITHOUT_ACTIONS_READ }));

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ role: "borrower", rotated: "false" });
    expect(result.log).toContain("Grant `actions: read`");
    expect(stage.world.openai.refreshes).toHaveLength(0);
    stage.expectLoginAlive();
  });

  test("is not rotated, and a job whose access token is almost over stops and says what to grant", async () => {
    stage = await Stage.set({ expiresInSeconds: 3600 });

    const result = await stage.run(stage.keeper({ permissions: WITHOUT_ACTIONS_READ }));

    expect(result.conclusion).toBe("failure");
    expect(failureCodes(result)).toEqual(["currency-unproven"]);
    expect(result.log).toContain("Grant `actions: read` in the job's `permissions:`");
    expect(stage.world.openai.refreshes).toHaveLength(0);
    stage.expectLoginAlive();
  });

  test("is rotated all the same when the hand-over confirms what the store holds", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    await stage.run(stage.keeper());

    const result = await stage.run(
      stage.keeper({ permissions: WITHOUT_ACTIONS_READ, with: { refresh: "force" } }),
    );

    expect(outputsOf(result)).toMatchObject({ rotated: "true", published: "true" });
    stage.expectLoginAlive();
  });
});

describe("without `actions: read`, an environment secret", () => {
  test("is taken to have been read in the minute before the job's first phase", async () => {
    stage = await Stage.set({ environment: "codex", expiresInSeconds: 2 * DAY_SECONDS });
    const keeper = stage.keeper({ permissions: WITHOUT_ACTIONS_READ });
    const anHourAgo = stage.secret.updatedAt;

    stage.secret.updatedAt = new Date(stage.world.clock.now().getTime() - 50_000);
    const withinTheMinute = await stage.run(keeper);
    const refreshesWithin = stage.world.openai.refreshes.length;
    stage.secret.updatedAt = anHourAgo;
    const before = await stage.run(keeper);

    expect(outputsOf(withinTheMinute)).toMatchObject({ role: "borrower", rotated: "false" });
    expect(refreshesWithin).toBe(0);
    expect(outputsOf(before)).toMatchObject({ role: "keeper", rotated: "true" });
    stage.expectLoginAlive();
  });
});
