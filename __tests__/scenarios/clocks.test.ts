import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, fromSecret, JOB, JOB_RAN, onlyJob, Stage, signal } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const DAY_MS = DAY_SECONDS * 1000;

describe.each([
  ["a day behind", DAY_MS],
  ["a day ahead", -DAY_MS],
])("a runner whose clock is %s", (_, serversAheadMs) => {
  /** Due by either clock, and not over by either. */
  const login = { expiresInSeconds: 1.5 * DAY_SECONDS, serversAheadMs };

  test("refreshes a repository secret, run after run", async () => {
    stage = await Stage.set(login);

    const first = await stage.run(stage.refreshJob());
    const second = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect([first.conclusion, second.conclusion]).toEqual(["success", "success"]);
    expectOutcomes(["rotated", "rotated"]);
  });

  test("refreshes an environment secret", async () => {
    stage = await Stage.set({ ...login, environment: "codex" });

    const result = await stage.run(stage.refreshJob());

    expect(result.conclusion).toBe("success");
    expectOutcomes(["rotated"]);
  });

  test("is not deceived by it: a reseed while the job starts is left alone", async () => {
    stage = await Stage.set({ ...login, environment: "codex" });
    const reseed = stage.world.openai.login({ account: stage.login.account });

    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }), {
      beforePhase: ({ phase }) => {
        if (phase === "main")
          stage.repository.setSecret("CODEX_AUTH_JSON", reseed.document, { environment: "codex" });
      },
    });

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(stage.secret.value).toBe(reseed.document);
    expectOutcomes([]);
  });

  test("signs in as an App", async () => {
    stage = await Stage.set(login);
    const app = stage.world.github.app({
      repository: stage.repository,
      permissions: { secrets: "write", variables: "write" },
    });
    stage.repository.setSecret("APP_KEY", app.privateKeyPem);

    const result = await stage.run(
      stage.refreshJob({
        with: {
          "secret-write-token": "",
          "client-id": app.clientId,
          "private-key": fromSecret("APP_KEY"),
        },
      }),
    );

    expect(result.conclusion).toBe("success");
    expectOutcomes(["rotated"]);
  });

  test("does not take a living claim for a dead machine's, nor a dead one for a living", async () => {
    stage = await Stage.set(login);
    const refreshing = signal();
    const open = stage.interceptRefreshes(() => {
      refreshing.give();
      return new Promise(() => {});
    });
    const dying = stage.dispatch(stage.refreshJob());
    await refreshing.given;
    await dying.loseMachine();
    await dying.finished;
    open();

    const busy = await stage.run(stage.refreshJob());
    expectOutcomes([]);
    stage.world.clock.advance(11 * 60_000);
    await stage.run(stage.refreshJob());

    expect(onlyJob(busy).annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining("[claim-busy]"),
    ]);
    expectOutcomes(["rotated"]);
  });
});

function expectOutcomes(outcomes: string[]): void {
  expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(outcomes);
  stage.expectLoginAlive();
}
