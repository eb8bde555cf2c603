import { afterEach, describe, expect, test } from "@jest/globals";
import type { RunResult } from "../../lab/runner/runner.ts";
import { DAY_SECONDS, failureCodes, onlyJob, outputsOf, Stage } from "./stage.ts";

const FORBIDDEN = { status: 403, body: { message: "Resource not accessible by personal access token" } };
const BRANCH = "refs/heads/topic";

let stage: Stage;
afterEach(() => stage.strike());

describe("an environment secret that cannot be written for good", () => {
  test("the job fails as pending, and the next refresh job repairs the secret from the handoff", async () => {
    stage = await Stage.set({ environment: "codex", expiresInSeconds: 2 * DAY_SECONDS });
    const before = stage.secret.value;
    const repair = stage.interceptStoreWrites(() => FORBIDDEN);

    const pending = await stage.run(stage.refreshJob({ with: { run: "echo the job ran" } }));
    const meanwhile = stage.secret.value;
    repair();
    const next = await stage.run(stage.refreshJob());

    expect(pending.conclusion).toBe("failure");
    expect(failureCodes(pending)).toEqual(["write-back-pending"]);
    expect(pending.log).toMatch(/^the job ran$/m);
    expect(pending.log).toContain("The handoff in the Actions cache has it.");
    expect(pending.log).toContain("dispatch maintenance now");
    expect(onlyJob(pending).summary).toContain("run the maintenance workflow now");
    expect(meanwhile).toBe(before);
    expect(next.conclusion).toBe("success");
    expect(outputsOf(next)).toMatchObject({ "restored-from": "handoff", rotated: "false" });
    expect(stage.world.openai.refreshes).toHaveLength(1);
    stage.expectLoginAlive();
  });

  test("runs that come after the repairing are handed the repaired secret", async () => {
    stage = await Stage.set({ environment: "codex", expiresInSeconds: 2 * DAY_SECONDS });
    const repair = stage.interceptStoreWrites(() => FORBIDDEN);
    await stage.run(stage.refreshJob());
    repair();
    await stage.run(stage.refreshJob());

    const forced = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect(outputsOf(forced)).toMatchObject({
      "restored-from": "secret",
      rotated: "true",
      stored: "true",
    });
    expect(stage.world.openai.refreshes).toHaveLength(2);
    stage.expectLoginAlive();
  });
});

describe("a repository secret that cannot be written for good", () => {
  test("is not repaired over a login that a person has stored in between", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const repair = stage.interceptStoreWrites(() => FORBIDDEN);
    const first = stage.dispatch(stage.refreshJob());
    const queued = stage.dispatch(stage.refreshJob(), {
      beforePhase: ({ phase }) => {
        if (phase !== "pre") return;
        repair();
        stage.reseed();
      },
    });

    const [pending, next] = await Promise.all([first.finished, queued.finished]);

    expect(failureCodes(pending)).toEqual(["write-back-pending"]);
    expect(next.conclusion).toBe("success");
    expect(outputsOf(next)).toMatchObject({ "restored-from": "handoff" });
    expect(stage.secret.history).toHaveLength(2);
    stage.expectLoginAlive();
  });
});

describe("a write that is still pending while its job runs", () => {
  // With force, another waits for two minutes, and stops: __tests__/login/refresh-section.test.ts.
  test("is left to that job: another goes on with its access token, and post stores", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const repair = stage.interceptStoreWrites(() => FORBIDDEN);
    const others: RunResult[] = [];

    const result = await stage.run(stage.refreshJob({ concurrency: "", with: { run: "true" } }), {
      beforePhase: async ({ phase }) => {
        if (phase !== "post") return;
        repair();
        others.push(await stage.run(stage.refreshJob({ concurrency: "" })));
      },
    });

    const [other] = others;
    expect(other && outputsOf(other)).toMatchObject({ rotated: "false" });
    expect(failureCodes(result)).toEqual([]);
    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
    expect(stage.secret.history).toHaveLength(2);
  });
});

describe("a write that fails in main", () => {
  test("is made up for in post, and the job does not fail for it", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const repair = stage.interceptStoreWrites(() => FORBIDDEN);
    const unlessRepaired = { before: "" };

    const result = await stage.run(stage.refreshJob({ with: { run: "echo the job ran" } }), {
      beforePhase: ({ phase }) => {
        if (phase !== "post") return;
        unlessRepaired.before = stage.stored.tokens.refresh_token;
        repair();
      },
    });

    expect(unlessRepaired.before).toBe(stage.login.refreshToken);
    expect(result.conclusion).toBe("success");
    expect(result.log).toMatch(/^the job ran$/m);
    expect(onlyJob(result).summary).toContain("Stored in post.");
    stage.expectLoginAlive();
  });

  test("is made up for in post also when the job itself has failed", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const repair = stage.interceptStoreWrites(() => FORBIDDEN);

    const result = await stage.run(stage.refreshJob({ with: { run: "exit 7" } }), {
      beforePhase: ({ phase }) => {
        if (phase === "post") repair();
      },
    });

    expect(failureCodes(result)).toEqual(["run-failed"]);
    stage.expectLoginAlive();
  });
});

describe("a refresh job on another branch", () => {
  test("leaves a due login to the default branch until the access token is almost over", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const early = await stage.run(stage.refreshJob(), { ref: BRANCH });
    const refreshesOnBranch = stage.world.openai.refreshes.length;
    const onDefaultBranch = await stage.run(stage.refreshJob());

    expect(early.log).toContain("The login is due, and is not refreshed here");
    expect(refreshesOnBranch).toBe(0);
    expect(outputsOf(onDefaultBranch)).toMatchObject({ rotated: "true" });
    stage.expectLoginAlive();
  });

  test("that had to refresh and can never write keeps the login from the others, who say so, and prints what saves it", async () => {
    stage = await Stage.set({ environment: "codex", expiresInSeconds: 3600 });
    const repair = stage.interceptStoreWrites(() => FORBIDDEN);

    const pending = await stage.run(stage.refreshJob(), { ref: BRANCH });
    repair();
    const elsewhere = await stage.run(stage.refreshJob());

    expect(failureCodes(pending)).toEqual(["write-back-pending"]);
    expect(failureCodes(elsewhere)).toEqual(["write-back-pending"]);
    expect(elsewhere.log).toContain("was left on another branch");
    expect(stage.world.openai.reuses).toBe(0);
    expect(stage.secret.writes).toBe(1);
    const sealed = /encrypted_value='([^']+)'/.exec(pending.log)?.[1] ?? "";
    const opened = stage.repository.environment("codex")?.open(Buffer.from(sealed, "base64"));
    expect(JSON.parse(String(opened)).tokens.refresh_token).toBe(
      stage.world.openai.livingRefreshToken(stage.login.account),
    );
  });

  test("that had to refresh and could not write is repaired by the next refresh job of its own branch", async () => {
    stage = await Stage.set({ environment: "codex", expiresInSeconds: 3600 });
    const repair = stage.interceptStoreWrites(() => FORBIDDEN);
    await stage.run(stage.refreshJob(), { ref: BRANCH });
    repair();

    const next = await stage.run(stage.refreshJob(), { ref: BRANCH });

    expect(outputsOf(next)).toMatchObject({ "restored-from": "handoff", rotated: "false" });
    stage.expectLoginAlive();
  });
});
