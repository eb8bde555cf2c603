import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, onlyJob, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

describe("refresh: auto", () => {
  test("a due login is rotated, stored, and used by the job", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const before = stage.stored;

    const result = await stage.run(
      stage.keeper({
        with: { run: "codex exec --skip-git-repo-check --sandbox read-only 'Reply exactly: OK' </dev/null" },
      }),
    );

    console.log(onlyJob(result).log, onlyJob(result).summary);
    expect(result.conclusion).toBe("success");
    expect(stage.stored.tokens.refresh_token).not.toBe(before.tokens.refresh_token);
    expect(stage.world.openai.refreshes).toHaveLength(1);
    stage.expectLoginAlive();
  });
});
