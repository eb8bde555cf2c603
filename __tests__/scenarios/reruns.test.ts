import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, onlyJob, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };

describe("a re-run that is handed the secret of its first attempt", () => {
  test("takes what the first attempt has made from the handoff", async () => {
    stage = await Stage.set(due);
    const workflow = stage.refreshJob({ with: { refresh: "force" } });
    const first = stage.dispatch(workflow);
    await first.finished;

    const again = await stage.run(workflow, { rerunOf: first });

    expect(again.conclusion).toBe("success");
    expect(again.log).toContain("from the handoff: the secret of this run is older");
    expect(onlyJob(again).steps[0]?.outputs).toMatchObject({ "restored-from": "handoff", rotated: "true" });
    expectOutcomes(["rotated", "rotated"]);
  });

  test("finds that nothing is due any more in what the handoff has", async () => {
    stage = await Stage.set(due);
    const workflow = stage.refreshJob({
      with: { run: "codex exec --skip-git-repo-check --sandbox read-only 'Reply OK' </dev/null" },
    });
    const first = stage.dispatch(workflow);
    await first.finished;
    stage.world.openai.rejectAccessTokensIssuedBefore(new Date(stage.world.clock.now().getTime() - 60_000));

    const again = await stage.run(workflow, { rerunOf: first });

    expect(again.conclusion).toBe("success");
    expect(stage.world.openai.responses).toBe(2);
    expectOutcomes(["rotated"]);
  });

  test.each(["repository", "environment"])(
    "goes on with its access token when the handoff is gone, with a secret of the %s",
    async (scope) => {
      stage = await Stage.set({ ...due, ...(scope === "environment" ? { environment: "codex" } : {}) });
      const workflow = stage.refreshJob({ with: { run: JOB } });
      const first = stage.dispatch(workflow);
      await first.finished;
      stage.world.cache.evictAll();

      const again = await stage.run(workflow, { rerunOf: first });

      expect(again.conclusion).toBe("success");
      expect(again.log).toContain(JOB_RAN);
      expect(onlyJob(again).steps[0]?.outputs).toMatchObject({ rotated: "false" });
      expectOutcomes(["rotated"]);
    },
  );

  test("stops when the handoff is gone and it must refresh", async () => {
    stage = await Stage.set(due);
    const workflow = stage.refreshJob({ with: { refresh: "force" } });
    const first = stage.dispatch(workflow);
    await first.finished;
    stage.world.cache.evictAll();

    const again = await stage.run(workflow, { rerunOf: first });

    expect(failureCodes(again)).toEqual(["copy-stale"]);
    expect(again.log).toContain("Start a new run (not a re-run)");
    expectOutcomes(["rotated"]);
  });
});

function expectOutcomes(outcomes: string[]): void {
  expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(outcomes);
  stage.expectLoginAlive();
}
