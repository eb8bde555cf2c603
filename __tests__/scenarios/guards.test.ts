import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, onlyJob, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };

describe("`pull_request_target`", () => {
  test("is refused for a keeper", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(stage.keeper({ event: "pull_request_target", with: { run: JOB } }));

    expect(failureCodes(result)).toEqual(["pull-request-target"]);
    expect(result.log).not.toContain(JOB_RAN);
    expect(stage.world.github.server.requests).toEqual([]);
    stage.expectNothingSpent();
  });

  test("is allowed for a borrower", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(
      stage.keeper({
        event: "pull_request_target",
        with: { role: "borrower", "secret-write-token": "", run: JOB },
      }),
    );

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(stage.world.github.server.requests).toEqual([]);
    stage.expectNothingSpent();
  });
});

describe("a public repository", () => {
  test("is refused, unless it is allowed", async () => {
    stage = await Stage.set({ ...due, visibility: "public" });

    const refused = await stage.run(stage.keeper({ with: { run: JOB } }));
    stage.expectNothingSpent();
    const allowed = await stage.run(stage.keeper({ with: { "allow-public-repository": "true" } }));

    expect(failureCodes(refused)).toEqual(["public-repository"]);
    expect(refused.log).not.toContain(JOB_RAN);
    expect(allowed.conclusion).toBe("success");
    stage.expectRotatedOnce();
  });
});

describe("a keeper without a concurrency group", () => {
  const alone = { concurrency: "" };

  test("is warned before it refreshes", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(stage.keeper(alone));

    expect(warningsOf(result)).toEqual([expect.stringContaining("holds no concurrency group")]);
    stage.expectRotatedOnce();
  });

  test("is told so when another run of the workflow is in progress", async () => {
    stage = await Stage.set(due);
    const other = stage.dispatch(stage.keeper({ ...alone, with: { role: "borrower", run: "sleep 600" } }));
    await new Promise<void>((resolve) => {
      other.on("phase", ({ phase }) => (phase === "main" ? resolve() : undefined));
    });

    const result = await stage.run(stage.keeper(alone));
    other.cancel();
    await other.finished;

    expect(warningsOf(result)).toEqual([
      expect.stringContaining("another run of this workflow is in progress"),
    ]);
    stage.expectRotatedOnce();
  });

  test("is stopped by `concurrency-check: fail`, with nothing spent", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(stage.keeper({ ...alone, with: { "concurrency-check": "fail" } }));

    expect(failureCodes(result)).toEqual(["concurrency-unguarded"]);
    stage.expectNothingSpent();
  });

  test("is stopped with `refresh-token: present`", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(stage.keeper({ ...alone, with: { "refresh-token": "present" } }));

    expect(failureCodes(result)).toEqual(["concurrency-unguarded"]);
    stage.expectNothingSpent();
  });

  test("is left alone by `concurrency-check: off`, which asks nobody", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(stage.keeper({ ...alone, with: { "concurrency-check": "off" } }));

    expect(warningsOf(result)).toEqual([]);
    expect(askedForGroups()).toBe(false);
    stage.expectRotatedOnce();
  });

  test("is not warned where the API does not say", async () => {
    stage = await Stage.set(due);
    stage.world.github.server.intercept((request, next) =>
      request.path.endsWith("/concurrency_groups") ? { status: 404, body: {} } : next(),
    );

    const result = await stage.run(stage.keeper(alone));

    expect(warningsOf(result)).toEqual([]);
    expect(askedForGroups()).toBe(true);
    stage.expectRotatedOnce();
  });

  test("is not asked about it when nothing is due", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });

    const result = await stage.run(stage.keeper(alone));

    expect(result.conclusion).toBe("success");
    expect(warningsOf(result)).toEqual([]);
    expect(stage.world.github.server.requests).toEqual([]);
  });
});

test("a group at the level of the job counts", async () => {
  stage = await Stage.set(due);

  const result = await stage.run(
    stage.keeper({
      concurrency: "",
      job: "    concurrency: codex-auth",
      with: { "concurrency-check": "fail" },
    }),
  );

  expect(result.conclusion).toBe("success");
  stage.expectRotatedOnce();
});

function askedForGroups(): boolean {
  return stage.world.github.server.requests.some(({ path }) => path.endsWith("/concurrency_groups"));
}

function warningsOf(result: Awaited<ReturnType<Stage["run"]>>): string[] {
  return onlyJob(result)
    .annotations.filter(({ level }) => level === "warning")
    .map(({ message }) => message);
}
