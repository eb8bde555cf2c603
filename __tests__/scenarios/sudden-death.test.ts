import { afterEach, describe, expect, test } from "@jest/globals";
import { DROP } from "../../lab/loopback-server.ts";
import { DAY_SECONDS, JOB, mainPhase, onlyJob, SECRET, Stage, said } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };

describe("main killed in its critical section", () => {
  test("during a slow answer: post waits for Codex and stores what it left", async () => {
    stage = await Stage.set(due);
    const run = stage.dispatch(stage.refreshJob({ with: { run: JOB } }));
    stage.holdAnswer(said(run, "Waiting for Codex to finish"), () => stage.killMain());

    const result = await run.finished;

    expect(mainPhase(result).signal).toBe("SIGKILL");
    expect(result.log).toContain("Waiting for Codex to finish");
    expect(onlyJob(result).summary).toContain("Stored in post.");
    stage.expectRotatedOnce();
    await expectNextRunRotates();
  });

  test("before OpenAI was asked: nothing is spent, and the next job goes on at once", async () => {
    stage = await Stage.set(due);
    const run = stage.dispatch(stage.refreshJob());
    const stop = stage.world.openai.server.intercept((request, next) => {
      if (request.path !== "/oauth/token") return next();
      stage.killMain();
      return DROP;
    });

    const result = await run.finished;
    stop();

    expect(mainPhase(result).signal).toBe("SIGKILL");
    stage.expectNothingSpent();
    await expectNextRunRotates();
  });

  test("during a PUT that was applied: post knows its own write again", async () => {
    stage = await Stage.set(due);
    const run = stage.dispatch(stage.refreshJob());
    onUnansweredPut(async (next) => {
      await next();
      stage.killMain();
    });

    const result = await run.finished;

    expect(mainPhase(result).signal).toBe("SIGKILL");
    expect(onlyJob(result).summary).toContain("Stored in post.");
    expect(stage.secret.writes).toBe(2);
    stage.expectRotatedOnce();
    await expectNextRunRotates();
  });

  test("during a PUT that was not applied: post writes it", async () => {
    stage = await Stage.set(due);
    const run = stage.dispatch(stage.refreshJob());
    onUnansweredPut(() => stage.killMain());

    const result = await run.finished;

    expect(mainPhase(result).signal).toBe("SIGKILL");
    expect(onlyJob(result).summary).toContain("Stored in post.");
    stage.expectRotatedOnce();
    await expectNextRunRotates();
  });
});

describe("the machine dies", () => {
  test("after the handoff and before a PUT succeeds: the next refresh job repairs the secret", async () => {
    stage = await Stage.set(due);
    const run = stage.dispatch(stage.refreshJob());
    let puts = 0;
    const stop = stage.world.github.server.intercept((request, next) => {
      if (request.method !== "PUT" || !request.path.endsWith(SECRET)) return next();
      puts += 1;
      if (puts === 2) void run.loseMachine();
      return { status: 502, body: {} };
    });

    const result = await run.finished;
    stop();
    const atDeath = stage.stored.tokens.refresh_token;
    const next = await runWhenTheClaimIsOld();

    expect(result.conclusion).toBe("lost");
    expect(stage.world.openai.generationOf(atDeath)).toBe(0);
    expect(next.conclusion).toBe("success");
    expect(next.log).toContain("Storing it now from the handoff.");
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated"]);
    stage.expectLoginAlive();
  });

  test("after the PUT and before anything was confirmed: the next refresh job goes on", async () => {
    stage = await Stage.set(due);
    const run = stage.dispatch(stage.refreshJob());
    onUnansweredPut(async (next) => {
      await next();
      void run.loseMachine();
    });

    const result = await run.finished;
    stage.world.clock.advance(11 * 60_000);
    const next = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect(result.conclusion).toBe("lost");
    expect(next.conclusion).toBe("success");
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated", "rotated"]);
    stage.expectLoginAlive();
  });

  test("before the refresh: nothing is lost", async () => {
    stage = await Stage.set(due);
    const run = stage.dispatch(stage.refreshJob());
    const stop = stage.world.openai.server.intercept((request, next) => {
      if (request.path !== "/oauth/token") return next();
      void run.loseMachine();
      return DROP;
    });

    const result = await run.finished;
    stop();
    const next = await runWhenTheClaimIsOld();

    expect(result.conclusion).toBe("lost");
    expect(next.conclusion).toBe("success");
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated"]);
    stage.expectLoginAlive();
  });

  async function runWhenTheClaimIsOld(): ReturnType<Stage["run"]> {
    stage.world.clock.advance(11 * 60_000);
    return stage.run(stage.refreshJob());
  }
});

/** The first write of the secret; nobody hears what became of it. */
function onUnansweredPut(act: (apply: () => Promise<unknown>) => unknown): void {
  const stop = stage.world.github.server.intercept(async (request, next) => {
    if (request.method !== "PUT" || !request.path.endsWith(SECRET)) return next();
    stop();
    await act(next);
    return DROP;
  });
}

async function expectNextRunRotates(): Promise<void> {
  const before = stage.world.openai.refreshes.length;
  // GitHub's times have whole seconds: two writes within one are one of the listed losses' kind, and no matter here.
  stage.world.clock.advance(1_000);
  const next = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));
  expect(next.conclusion).toBe("success");
  expect(stage.world.openai.refreshes.slice(before).map(({ outcome }) => outcome)).toEqual(["rotated"]);
  stage.expectLoginAlive();
}
