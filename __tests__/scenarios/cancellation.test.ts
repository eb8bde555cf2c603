import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, mainPhase, onlyJob, SECRET, Stage, said } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };
/** A main that hears of its cancellation has time to end, however slow the machine; one that does not is killed. */
const patient = { timing: { sigintMs: 60_000 } };
/** Ten seconds of the runner's patience, in one. */
const impatient = { timing: { sigintMs: 700, sigtermMs: 300 } };

describe("a cancelled job", () => {
  test.each([
    ["proves that it may write", "PUT", /\/secrets\/CODEX_AUTH_WRITE_PROBE$/],
    ["claims the login", "POST", /\/variables$/],
  ])("cancelled while it %s: nothing is spent, and nobody has to wait", async (_what, method, path) => {
    stage = await Stage.set({ ...due, ...patient });
    const run = stage.dispatch(stage.refreshJob({ with: { run: JOB } }));
    stage.world.github.server.intercept(async (request, next) => {
      if (request.method === method && path.test(request.path)) {
        run.cancel();
        await sleep(1000);
      }
      return next();
    });

    const result = await run.finished;

    expect(result.conclusion).toBe("cancelled");
    expect(failureCodes(result)).toEqual(["cancelled"]);
    expect(result.log).not.toContain(JOB_RAN);
    expect(stage.claims).toEqual([]);
    stage.expectNothingSpent();
  });

  test("cancelled while OpenAI answers: the new login is stored, and the user's command does not start", async () => {
    stage = await Stage.set({ ...due, ...patient });
    const run = stage.dispatch(stage.refreshJob({ with: { run: JOB } }));
    stage.holdAnswer(1000, () => run.cancel());

    const result = await run.finished;

    expect(result.conclusion).toBe("cancelled");
    expect(result.log).toContain("Stored login");
    expect(result.log).not.toContain(JOB_RAN);
    stage.expectRotatedOnce();
  });

  test("cancelled while the store does not answer: main leaves the rest to post, which stores it", async () => {
    stage = await Stage.set({ ...due, ...patient });
    const run = stage.dispatch(stage.refreshJob({ with: { run: JOB } }));
    let inMain = true;
    run.on("phase", ({ phase, state }) => {
      if (phase === "post" && state === "start") inMain = false;
    });
    stage.world.github.server.intercept((request, next) => {
      if (!inMain || request.method !== "PUT" || !request.path.endsWith(SECRET)) return next();
      run.cancel();
      return { status: 503, body: {} };
    });

    const result = await run.finished;

    expect(result.conclusion).toBe("cancelled");
    expect(mainPhase(result).signal).toBeNull();
    expect(onlyJob(result).summary).toContain("Stored in post.");
    stage.expectRotatedOnce();
  });

  test("cancelled in the user's command: it hears of it at once, and the login is already safe", async () => {
    stage = await Stage.set({ ...due, ...patient });
    const command =
      'trap \'echo "stopped $((40 + 2))"; exit 130\' INT\necho "job $((40 + 2))"\nfor ((i = 0; i < 300; i++)); do sleep 0.1; done';
    const run = stage.dispatch(stage.refreshJob({ with: { run: command } }));
    run.on("log", (line) => {
      if (line === JOB_RAN) run.cancel();
    });

    const result = await run.finished;

    expect(result.conclusion).toBe("cancelled");
    expect(result.log).toContain("stopped 42");
    expect(mainPhase(result).signal).toBeNull();
    stage.expectRotatedOnce();
  });

  test("cancelled while OpenAI answers so slowly that main is killed: post waits for Codex and stores what it left", async () => {
    stage = await Stage.set({ ...due, ...impatient });
    const run = stage.dispatch(stage.refreshJob({ with: { run: JOB } }));
    stage.holdAnswer(said(run, "Waiting for Codex to finish"), () => run.cancel());

    const result = await run.finished;

    expect(result.conclusion).toBe("cancelled");
    expect(mainPhase(result).signal).toBe("SIGKILL");
    expect(result.log).toContain("Waiting for Codex to finish");
    expect(onlyJob(result).summary).toContain("Stored in post.");
    expect(result.log).not.toContain(JOB_RAN);
    stage.expectRotatedOnce();
  });
});
