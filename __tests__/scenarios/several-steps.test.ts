import { readdir } from "node:fs/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, onlyJob, SECRET, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };
const USE_CODEX = "codex exec --skip-git-repo-check --sandbox read-only 'Reply OK' </dev/null";

describe("two of our steps in one job", () => {
  test("both due: the first refreshes, the second finds that nothing is due any more", async () => {
    stage = await Stage.set(due);
    const { requests } = stage.world.github.server;
    let before = 0;
    const workflow = stage.refreshJob({
      after: stage.step({ id: "second", with: { run: `${JOB}\n${USE_CODEX}` } }),
    });

    const result = await stage.run(workflow, {
      beforePhase: ({ step, phase }) => {
        if (step === "second" && phase === "main") before = requests.length;
      },
    });

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(result.log).toContain("attaches to it");
    expect(stepOf(result, "codex").outputs).toMatchObject({ rotated: "true", "restored-from": "secret" });
    expect(stepOf(result, "second").outputs).toMatchObject({ rotated: "false", "restored-from": "home" });
    expect(before).toBeGreaterThan(0);
    // But for post's one look whether the secret is as the first has left it.
    expect(requests.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /repos/octo/app/actions/secrets/${SECRET}`,
    ]);
    expect(homeOf(result, "second")).toBe(homeOf(result, "codex"));
    stage.expectRotatedOnce();
  });

  test("the second forced: it rotates what the first has left, and the store ends with the newest", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(
      stage.refreshJob({ after: stage.step({ id: "second", with: { refresh: "force", run: USE_CODEX } }) }),
    );

    expect(result.conclusion).toBe("success");
    expect(generationsOf(stage)).toEqual([0, 1]);
    expect(stepOf(result, "second").outputs).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });

  test("both forced, with an environment secret: what the first wrote is no stranger's write", async () => {
    stage = await Stage.set({ ...due, environment: "codex" });

    const result = await stage.run(
      stage.refreshJob({
        with: { refresh: "force", handoff: "off" },
        after: stage.step({ id: "second", with: { refresh: "force", handoff: "off" } }),
      }),
    );

    expect(result.conclusion).toBe("success");
    expect(generationsOf(stage)).toEqual([0, 1]);
    stage.expectLoginAlive();
  });

  test("the first could not publish: the second, forced, publishes before it rotates", async () => {
    stage = await Stage.set(due);
    refusePuts(1);

    const result = await stage.run(
      stage.refreshJob({ after: stage.step({ id: "second", with: { refresh: "force" } }) }),
    );

    expect(failureCodes(result)).toEqual([]);
    expect(stage.secret.history.map(({ value }) => generation(value))).toEqual([0, 1, 2]);
    expect(generationsOf(stage)).toEqual([0, 1]);
    stage.expectLoginAlive();
  });

  test("the first could not publish and the second had nothing to do: post publishes", async () => {
    stage = await Stage.set(due);
    refusePuts(1);

    const result = await stage.run(
      stage.refreshJob({ after: stage.step({ id: "second", with: { run: JOB } }) }),
    );

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(onlyJob(result).summary).toContain("Stored in post.");
    expect(stage.secret.writes).toBe(2);
    stage.expectRotatedOnce();
  });

  test("only the second has `run`: it uses the login that the first has refreshed", async () => {
    stage = await Stage.set({ expiresInSeconds: -60 });

    const result = await stage.run(
      stage.refreshJob({ after: stage.step({ id: "second", with: { run: USE_CODEX } }) }),
    );

    expect(result.conclusion).toBe("success");
    expect(stage.world.openai.responses).toBe(1);
    stage.expectLoginAlive();
    expect(stage.world.openai.reuses).toBe(0);
  });

  test("the second is a Codex job: it attaches, and leaves home and login to the first", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(
      stage.refreshJob({
        after: stage.step({
          id: "second",
          with: { refresh: "never", "secret-write-token": "", run: USE_CODEX },
        }),
      }),
    );

    expect(result.conclusion).toBe("success");
    expect(stepOf(result, "second").outputs).toMatchObject({ rotated: "false" });
    stage.expectRotatedOnce();
  });

  test("what the second says is of what stands in the home, as a refresh job and as a Codex job", async () => {
    stage = await Stage.set({ expiresInSeconds: 23 * 3600, issuedSecondsAgo: DAY_SECONDS });
    const codexJob = { refresh: "never", "secret-write-token": "", "minimum-lifetime": "48h" };

    const result = await stage.run(
      stage.refreshJob({
        after: [
          stage.step({ id: "second" }),
          stage.step({ id: "third", with: { ...codexJob, prompt: "Hello" } }),
        ].join("\n"),
      }),
    );

    const { access_token: token } = stage.stored.tokens;
    const { exp } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    expect(result.conclusion).toBe("success");
    for (const id of ["codex", "second", "third"]) {
      expect(stepOf(result, id).outputs).toMatchObject({
        "access-token-expires-at": new Date(exp * 1000).toISOString(),
        "last-refresh": stage.stored.last_refresh,
      });
    }
    expect(onlyJob(result).summary.match(/ 9 days 23 h left/g)).toHaveLength(3);
    expect(onlyJob(result).summary).not.toMatch(
      /the next refresh job refreshes|run the maintenance workflow/,
    );
    stage.expectRotatedOnce();
  });

  test("what the first says in the end is of what the second has made of it", async () => {
    stage = await Stage.set({ issuedSecondsAgo: 5 * DAY_SECONDS });

    const result = await stage.run(
      stage.refreshJob({ after: stage.step({ id: "second", with: { refresh: "force" } }) }),
    );

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).summary.match(/ 9 days 23 h left/g)).toHaveLength(2);
    expect(onlyJob(result).summary).toContain("A later step of this job has refreshed the login.");
    stage.expectRotatedOnce();
  });

  test("nothing is left on a machine that stays", async () => {
    stage = await Stage.set(due);
    const machine = await stage.world.runner.persistentMachine();
    const left: string[] = [];

    const result = await stage.run(stage.refreshJob({ after: stage.step({ id: "second" }) }), {
      machine,
      beforeCleanup: async ({ temp }) => {
        left.push(...(await readdir(temp)).filter((name) => name.includes("codex")));
      },
    });

    expect(result.conclusion).toBe("success");
    expect(left).toEqual([]);
  });
});

/** GitHub refuses so many writes of the secret, of the lock none. */
function refusePuts(count: number): void {
  let left = count;
  stage.world.github.server.intercept((request, next) => {
    if (left === 0 || request.method !== "PUT" || !request.path.endsWith(SECRET)) return next();
    left -= 1;
    return { status: 403, body: { message: "Resource not accessible by personal access token" } };
  });
}

/** Of the refresh tokens that were presented; every one of them was accepted. */
function generationsOf({ world }: Stage): (number | undefined)[] {
  expect(world.openai.refreshes.map(({ outcome }) => outcome)).not.toContain("reused");
  return world.openai.refreshes.map(({ generation: presented }) => presented);
}

function generation(document: string): number | undefined {
  return stage.world.openai.generationOf(JSON.parse(document).tokens.refresh_token);
}

function stepOf(result: Awaited<ReturnType<Stage["run"]>>, id: string) {
  const step = onlyJob(result).steps.find((candidate) => candidate.id === id);
  if (!step) throw new Error(`there is no step ${id}`);
  return step;
}

function homeOf(result: Awaited<ReturnType<Stage["run"]>>, id: string): string | undefined {
  return stepOf(result, id).outputs["codex-home"];
}
