import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, onlyJob, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };

describe("`pull_request_target`", () => {
  test("is refused for a refresh job", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(stage.refreshJob({ event: "pull_request_target", with: { run: JOB } }));

    expect(failureCodes(result)).toEqual(["pull-request-target"]);
    expect(result.log).not.toContain(JOB_RAN);
    expect(stage.world.github.server.requests).toEqual([]);
    stage.expectNothingSpent();
  });
});

describe("an event that anybody can cause", () => {
  const PUBLIC = { event: "issue_comment", with: { run: JOB } };
  const by = (actor: string) => ({ event: "issue_comment", actor });

  test("runs the job for somebody who may write, and refreshes nothing although it is due", async () => {
    stage = await Stage.set(due);
    const asked = answerPermissions({ ann: "write" });

    const result = await stage.run(stage.refreshJob(PUBLIC), by("ann"));

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(warningsOf(result)).toEqual([expect.stringContaining("does not refresh the login")]);
    expect(asked).toEqual(["ann"]);
    stage.expectNothingSpent();
  });

  test.each(["issue_comment", "issues", "discussion", "discussion_comment", "pull_request_review", "watch"])(
    "%s: a stranger does not get the job, nor its steps a login",
    async (event) => {
      stage = await Stage.set(due);
      answerPermissions({ stranger: "read" });

      const result = await stage.run(
        stage.refreshJob({ event, with: { run: JOB }, before: '      - run: test -z "$CODEX_HOME"' }),
        { event, actor: "stranger" },
      );

      expect(failureCodes(result)).toEqual(["actor-not-allowed"]);
      expect(result.log).not.toContain(JOB_RAN);
      stage.expectNothingSpent();
    },
  );

  test("a state that an earlier step made up is not taken for pre's", async () => {
    stage = await Stage.set(due);
    answerPermissions({ ann: "write" });
    const made = { base: "/tmp/made-up", home: "/tmp/made-up/home", environment: {} };

    const result = await stage.run(
      stage.refreshJob({
        ...PUBLIC,
        before: `      - run: echo 'STATE_session=${JSON.stringify(made)}' >> "$GITHUB_ENV"`,
      }),
      by("ann"),
    );

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain("Restored login");
    expect(
      onlyJob(result)
        .steps.flatMap(({ state }) => Object.values(state ?? {}))
        .join(),
    ).not.toContain("/tmp/made-up");
  });

  test("a workflow_run of a fork is one, whoever else is named", async () => {
    stage = await Stage.set(due);
    const asked = answerPermissions({ ann: "admin", stranger: "none" });
    const workflow_run = {
      event: "push",
      head_repository: { full_name: "stranger/app" },
      triggering_actor: { login: "stranger" },
    };

    const result = await stage.run(stage.refreshJob({ event: "workflow_run", with: { run: JOB } }), {
      event: "workflow_run",
      actor: "ann",
      eventPayload: { workflow_run },
    });

    expect(failureCodes(result)).toEqual(["actor-not-allowed"]);
    expect(asked).toEqual(["ann", "stranger"]);
  });

  test("is refused where GitHub does not answer", async () => {
    stage = await Stage.set(due);
    stage.world.github.server.intercept((request, next) =>
      request.path.includes("/collaborators/") ? { status: 403, body: {} } : next(),
    );

    const result = await stage.run(stage.refreshJob(PUBLIC), by("ann"));

    expect(failureCodes(result)).toEqual(["actor-not-allowed"]);
    expect(result.log).not.toContain(JOB_RAN);
  });

  test("asks nobody about those in `allow-users`", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(
      stage.refreshJob({ ...PUBLIC, with: { run: JOB, "allow-users": "bob,Ann" } }),
      by("ann"),
    );

    expect(result.conclusion).toBe("success");
    expect(stage.world.github.server.requests).toEqual([]);
  });

  test("is refused to `refresh: force`", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(
      stage.refreshJob({ ...PUBLIC, with: { refresh: "force", "allow-users": "*" } }),
      by("ann"),
    );

    expect(failureCodes(result)).toEqual(["event-untrusted"]);
    stage.expectNothingSpent();
  });

  test("lets a Codex job on `pull_request_target` be asked about, too", async () => {
    stage = await Stage.set(due);
    answerPermissions({ ann: "admin" });
    const event = "pull_request_target";

    const result = await stage.run(
      stage.refreshJob({ event, with: { refresh: "never", "secret-write-token": "", run: JOB } }),
      { event, actor: "ann" },
    );

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    stage.expectNothingSpent();
  });
});

describe("an event that does not say how public the repository is", () => {
  const untold = { eventPayload: { repository: { private: undefined, visibility: undefined } } };

  test("runs no job in a public one", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS, visibility: "public" });

    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }), untold);

    expect(failureCodes(result)).toEqual(["public-repository"]);
    expect(result.log).not.toContain(JOB_RAN);
  });

  test("runs it in a private one, and a quiet step asks nobody", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });

    const quiet = await stage.run(stage.refreshJob({}), untold);
    const asked = stage.requests;
    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }), untold);

    expect([quiet.conclusion, result.conclusion]).toEqual(["success", "success"]);
    expect(asked).toEqual([]);
    expect(stage.requests).toEqual(["GET /repos/octo/app"]);
  });
});

describe("a public repository", () => {
  test("is refused, unless it is allowed", async () => {
    stage = await Stage.set({ ...due, visibility: "public" });

    const refused = await stage.run(stage.refreshJob({ with: { run: JOB } }));
    stage.expectNothingSpent();
    const allowed = await stage.run(stage.refreshJob({ with: { "allow-public-repository": "true" } }));

    expect(failureCodes(refused)).toEqual(["public-repository"]);
    expect(refused.log).not.toContain(JOB_RAN);
    expect(allowed.conclusion).toBe("success");
    stage.expectRotatedOnce();
  });
});

describe("a refresh job without a concurrency group", () => {
  const alone = { concurrency: "" };

  test("is warned before it refreshes", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(stage.refreshJob(alone));

    expect(warningsOf(result)).toEqual([expect.stringContaining("holds no concurrency group")]);
    stage.expectRotatedOnce();
  });

  test("is told so when another run of the workflow is in progress", async () => {
    stage = await Stage.set(due);
    const other = stage.dispatch(
      stage.refreshJob({ ...alone, with: { refresh: "never", run: "sleep 600" } }),
    );
    await new Promise<void>((resolve) => {
      other.on("phase", ({ phase }) => (phase === "main" ? resolve() : undefined));
    });

    const result = await stage.run(stage.refreshJob(alone));
    other.cancel();
    await other.finished;

    expect(warningsOf(result)).toEqual([
      expect.stringContaining("another run of this workflow is in progress"),
    ]);
    stage.expectRotatedOnce();
  });

  test("is stopped by `concurrency-check: fail`, with nothing spent", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(stage.refreshJob({ ...alone, with: { "concurrency-check": "fail" } }));

    expect(failureCodes(result)).toEqual(["concurrency-unguarded"]);
    stage.expectNothingSpent();
  });

  test("is stopped with `refresh-token: present`", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(stage.refreshJob({ ...alone, with: { "refresh-token": "present" } }));

    expect(failureCodes(result)).toEqual(["concurrency-unguarded"]);
    stage.expectNothingSpent();
  });

  test("is left alone by `concurrency-check: off`, which asks nobody", async () => {
    stage = await Stage.set(due);

    const result = await stage.run(stage.refreshJob({ ...alone, with: { "concurrency-check": "off" } }));

    expect(warningsOf(result)).toEqual([]);
    expect(askedForGroups()).toBe(false);
    stage.expectRotatedOnce();
  });

  test("is not warned where the API does not say", async () => {
    stage = await Stage.set(due);
    stage.world.github.server.intercept((request, next) =>
      request.path.endsWith("/concurrency_groups") ? { status: 404, body: {} } : next(),
    );

    const result = await stage.run(stage.refreshJob(alone));

    expect(warningsOf(result)).toEqual([]);
    expect(askedForGroups()).toBe(true);
    stage.expectRotatedOnce();
  });

  test("is not asked about it when nothing is due", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });

    const result = await stage.run(stage.refreshJob(alone));

    expect(result.conclusion).toBe("success");
    expect(warningsOf(result)).toEqual([]);
    expect(stage.world.github.server.requests).toEqual([]);
  });
});

test("a group at the level of the job counts", async () => {
  stage = await Stage.set(due);

  const result = await stage.run(
    stage.refreshJob({
      concurrency: "",
      job: "    concurrency: codex-auth",
      with: { "concurrency-check": "fail" },
    }),
  );

  expect(result.conclusion).toBe("success");
  stage.expectRotatedOnce();
});

/** What GitHub says of these people's permissions. @returns who was asked about */
function answerPermissions(permissions: Record<string, string>): string[] {
  const asked: string[] = [];
  stage.world.github.server.intercept((request, next) => {
    const login = /\/collaborators\/([^/]+)\/permission$/.exec(request.path)?.[1];
    if (login === undefined) return next();
    asked.push(login);
    const permission = permissions[login];
    return permission ? { status: 200, body: { permission } } : { status: 404, body: {} };
  });
  return asked;
}

function askedForGroups(): boolean {
  return stage.world.github.server.requests.some(({ path }) => path.endsWith("/concurrency_groups"));
}

function warningsOf(result: Awaited<ReturnType<Stage["run"]>>): string[] {
  return onlyJob(result)
    .annotations.filter(({ level }) => level === "warning")
    .map(({ message }) => message);
}
