import { afterEach, describe, expect, test } from "@jest/globals";
import { CODEX_EXEC, failureCodes, onlyJob, outputsOf, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

// The sandbox does not matter here, and not every machine has one.
const PROMPT = { prompt: "Reply exactly: OK", sandbox: "danger-full-access" };

describe("an access token that looks fresh and that the model refuses", () => {
  test("in `prompt`: it is refreshed and stored, and the prompt is tried once more and succeeds", async () => {
    stage = await Stage.set();
    stage.rejectStoredAccessToken();

    const result = await stage.run(stage.keeper({ with: PROMPT }));

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ "final-message": "OK", rotated: "true", published: "true" });
    expect(stage.world.openai.responses).toBe(1);
    expectLivingStored();
  });

  test("in `run`: the run has failed, and the next one lives on what was refreshed after it", async () => {
    stage = await Stage.set();
    stage.rejectStoredAccessToken();
    const workflow = stage.keeper({ with: { run: CODEX_EXEC } });

    const result = await stage.run(workflow);
    const next = await stage.run(workflow);

    expect(failureCodes(result)).toEqual(["run-failed"]);
    expect(outputsOf(result)).toMatchObject({ rotated: "true", published: "true" });
    expect(next.conclusion).toBe("success");
    expect(outputsOf(next)).toMatchObject({ rotated: "false" });
    expect(stage.world.openai.responses).toBe(1);
    expectLivingStored();
  });

  test("in a `run` that tries again by itself: the job is good, and the refresh comes for the next one", async () => {
    stage = await Stage.set();
    stage.rejectStoredAccessToken();

    const result = await stage.run(stage.keeper({ with: { run: `${CODEX_EXEC} || true` } }));

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", published: "true" });
    expectLivingStored();
  });

  test("in `prompt`, again with a new one: it is not tried a third time", async () => {
    stage = await Stage.set();
    stage.world.clock.advance(1000);
    stage.world.openai.rejectAccessTokensIssuedBefore(
      new Date(stage.world.clock.now().getTime() + 3_600_000),
    );

    const result = await stage.run(stage.keeper({ with: PROMPT }));

    expect(failureCodes(result)).toEqual(["prompt-failed"]);
    expect(onlyJob(result).log.match(/Trying the prompt once more/g)).toHaveLength(1);
    expectLivingStored();
  });

  test("for a borrower: nothing is refreshed", async () => {
    stage = await Stage.set();
    stage.rejectStoredAccessToken();

    const result = await stage.run(
      stage.keeper({ with: { ...PROMPT, role: "borrower", "secret-write-token": "" } }),
    );

    expect(failureCodes(result)).toEqual(["prompt-failed"]);
    expect(rotations()).toBe(0);
    expect(stage.secret.writes).toBe(1);
  });
});

/** Codex itself also asks, with the empty token of its working copy: that is no use of the login. */
function rotations(): number {
  const { refreshes } = stage.world.openai;
  expect(refreshes.filter(({ outcome }) => outcome !== "rotated" && outcome !== "unknown")).toEqual([]);
  return refreshes.filter(({ outcome }) => outcome === "rotated").length;
}

function expectLivingStored(): void {
  expect(rotations()).toBe(1);
  stage.expectLoginAlive();
}
