import { afterEach, describe, expect, test } from "@jest/globals";
import type { LabResponse } from "../../lab/loopback-server.ts";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, onlyJob, outputsOf, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

describe("an issuer that does not decide", () => {
  const OVERLOADED = { status: 429, body: { error: "rate_limited" } };
  const BROKEN = { status: 500, body: { error: "server_error" } };

  test("for two tries rotates at the third", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    answerFirst([BROKEN, OVERLOADED]);

    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }));

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    expect(onlyJob(result).annotations).toEqual([]);
    stage.expectRotatedOnce();
  });

  test.each([
    ["500", BROKEN],
    ["429", OVERLOADED],
  ])("but says %s three times lets the job go on, and nobody need act", async (_, answer) => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    answerFirst([answer, answer, answer]);

    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }));

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(failureCodes(result)).toEqual([]);
    expect(onlyJob(result).annotations).toMatchObject([
      { level: "warning", message: expect.stringContaining("[refresh-unavailable]") },
    ]);
    expect(outputsOf(result)).toMatchObject({ rotated: "false" });
    stage.expectNothingSpent();
  });

  test("stops a job that was told to rotate, with the login as good as before", async () => {
    stage = await Stage.set();
    answerFirst([BROKEN, BROKEN, BROKEN]);

    const result = await stage.run(stage.refreshJob({ with: { refresh: "force", run: JOB } }));
    stage.expectNothingSpent();
    const next = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect(failureCodes(result)).toEqual(["refresh-unavailable"]);
    expect(result.log).not.toContain(JOB_RAN);
    expect(next.conclusion).toBe("success");
    stage.expectRotatedOnce();
  });
});

/** The issuer is handed nothing until these answers are used up. */
function answerFirst(answers: readonly LabResponse[]): void {
  const left = [...answers];
  stage.interceptRefreshes((_, next) => left.shift() ?? next());
}
