import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { CODEX_EXEC, DAY_SECONDS, failureCodes, onlyJob, outputsOf, Stage } from "./stage.ts";

// Our patience is 45 s, and nothing here is sped up: these wait side by side.

/** The issuer rotates at once, and its answer takes so long. */
async function slowStage(answerMs: number): Promise<Stage> {
  const stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
  stage.interceptRefreshes(async (_, next) => {
    const answer = await next();
    await sleep(answerMs, undefined, { ref: false });
    return answer;
  });
  return stage;
}

describe("an issuer that rotates and is slow to say so", () => {
  test.concurrent("by 25 s, which is more than `codex exec` would wait for: the login is rotated and stored", async () => {
    const stage = await slowStage(25_000);
    try {
      const result = await stage.run(stage.refreshJob({ with: { run: CODEX_EXEC } }));

      expect(result.conclusion).toBe("success");
      expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
      stage.expectRotatedOnce();
    } finally {
      await stage.strike();
    }
  });

  test.concurrent("by 50 s: the answer is lost, which is said as an error while the job goes on, and the dead token is not sent again", async () => {
    const stage = await slowStage(50_000);
    const before = stage.secret.value;
    try {
      const result = await stage.run(stage.refreshJob({ with: { run: CODEX_EXEC } }));

      expect(result.conclusion).toBe("success");
      expect(failureCodes(result)).toEqual(["refresh-answer-lost"]);
      expect(onlyJob(result).log).toContain("npx codex-auth-roundtrip seed --repo octo/app --reseed");
      expect(outputsOf(result)).toMatchObject({ rotated: "false" });
      expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated"]);
      expect(stage.secret.value).toBe(before);
      expect(stage.heldClaims).toEqual([]);
    } finally {
      await stage.strike();
    }
  });
});
