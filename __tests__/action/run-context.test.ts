import { describe, expect, test } from "@jest/globals";
import { jobIdentity, placeOf, readRunContext } from "../../src/action/run-context.ts";

/** What GitHub's runner sets for every step. */
const VARIABLES = {
  GITHUB_REPOSITORY: "octo/app",
  GITHUB_REPOSITORY_ID: "7000001",
  GITHUB_RUN_ID: "42",
  GITHUB_RUN_ATTEMPT: "3",
  GITHUB_JOB: "maintain",
  GITHUB_EVENT_NAME: "push",
  GITHUB_REF: "refs/heads/main",
  GITHUB_WORKSPACE: "/work/app/app",
  GITHUB_API_URL: "https://github.example/api/v3",
  GITHUB_SERVER_URL: "https://github.example",
  RUNNER_TEMP: "/work/_temp",
  RUNNER_NAME: "runner 1",
  RUNNER_TRACKING_ID: "github_1",
};
const PAYLOAD = JSON.stringify({ repository: { default_branch: "main", private: true } });

function without(...names: (keyof typeof VARIABLES)[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(VARIABLES).filter(([name]) => !names.some((gone) => gone === name)),
  );
}

describe("the context of a step", () => {
  test("are what the runner says", () => {
    expect(readRunContext(VARIABLES, PAYLOAD)).toEqual({
      owner: "octo",
      repository: "app",
      repositoryId: "7000001",
      runId: "42",
      runAttempt: 3,
      job: "maintain",
      trackingId: "github_1",
      runnerName: "runner 1",
      eventName: "push",
      startedBy: { kind: "with-access" },
      secretsWithheld: null,
      branch: "default",
      ref: "default",
      visibility: "private",
      workspace: "/work/app/app",
      temporaryDirectory: "/work/_temp",
      apiUrl: "https://github.example/api/v3",
      serverUrl: "https://github.example",
    });
  });

  test("are GitHub's own, in a first attempt, where the runner says no more than it must", () => {
    const there = readRunContext(
      without(
        "GITHUB_RUN_ATTEMPT",
        "GITHUB_EVENT_NAME",
        "GITHUB_REF",
        "GITHUB_WORKSPACE",
        "GITHUB_API_URL",
        "GITHUB_SERVER_URL",
        "RUNNER_NAME",
        "RUNNER_TRACKING_ID",
      ),
      null,
    );

    expect(there).toMatchObject({
      runAttempt: 1,
      eventName: "",
      branch: "other",
      ref: "",
      visibility: "unknown",
      workspace: null,
      trackingId: "",
      runnerName: "",
      apiUrl: "https://api.github.com",
      serverUrl: "https://github.com",
    });
  });

  test.each([
    "GITHUB_REPOSITORY",
    "GITHUB_REPOSITORY_ID",
    "GITHUB_RUN_ID",
    "GITHUB_JOB",
    "RUNNER_TEMP",
  ] as const)("are none without %s", (name) => {
    const refused = expect.objectContaining({
      code: "input-invalid",
      message: expect.stringContaining(name),
      hint: expect.stringContaining(`set ${name} in the job's \`env:\``),
    });

    expect(() => readRunContext(without(name), PAYLOAD)).toThrow(refused);
    expect(() => readRunContext({ ...VARIABLES, [name]: "" }, PAYLOAD)).toThrow(refused);
  });

  test("name the repository by the event where another runner does not", () => {
    const event = JSON.stringify({
      repository: { full_name: "octo/app", id: 7000001, default_branch: "main" },
    });

    expect(
      readRunContext(without("GITHUB_REPOSITORY", "GITHUB_REPOSITORY_ID", "RUNNER_NAME"), event),
    ).toMatchObject({ owner: "octo", repository: "app", repositoryId: "7000001", runnerName: "" });
    // What the runner says counts.
    expect(readRunContext({ ...VARIABLES, GITHUB_REPOSITORY_ID: "8" }, event).repositoryId).toBe("8");
  });
});

test("an event of another repository's tells nothing of ours", () => {
  const event = JSON.stringify({ repository: { full_name: "octo/other", id: 7000002 } });
  const ours = JSON.stringify({ repository: { full_name: "Octo/App", id: 7000001 } });

  expect(() => readRunContext(without("GITHUB_REPOSITORY_ID"), event)).toThrow(/GITHUB_REPOSITORY_ID/);
  expect(readRunContext(without("GITHUB_REPOSITORY_ID"), ours).repositoryId).toBe("7000001");
});

test.each(["app", "octo/", "/app"])("a repository that is called %j is refused", (name) => {
  expect(() => readRunContext({ ...VARIABLES, GITHUB_REPOSITORY: name }, PAYLOAD)).toThrow(
    expect.objectContaining({
      code: "input-invalid",
      message: expect.stringContaining("holds no `owner/name`"),
    }),
  );
});

describe("the branch of a run", () => {
  test.each([
    ["the default one", "refs/heads/main", "main", "default"],
    ["another", "refs/heads/topic", "main", "other"],
    ["one whose name ends alike", "refs/heads/old/main", "main", "other"],
    ["a tag of the same name", "refs/tags/main", "main", "other"],
    ["a pull request", "refs/pull/1/merge", "main", "other"],
    ["the default one, with a slash in it", "refs/heads/release/1", "release/1", "default"],
    ["none that is known to be the default", "refs/heads/main", undefined, "other"],
    ["none that is known, whatever it is called", "refs/heads/null", undefined, "other"],
    ["none that is named by a text", "refs/heads/7", 7, "other"],
  ])("is %s", (_which, ref, defaultBranch, branch) => {
    const payload = JSON.stringify({ repository: { default_branch: defaultBranch } });

    expect(readRunContext({ ...VARIABLES, GITHUB_REF: ref }, payload).branch).toBe(branch);
  });
});

test("a schedule runs on the default branch, whether its event names a repository or not", () => {
  const scheduled = { ...VARIABLES, GITHUB_EVENT_NAME: "schedule" };

  expect(readRunContext(scheduled, '{"schedule":"7 5 * * 1"}')).toMatchObject({
    branch: "default",
    visibility: "unknown",
  });
});

test("who started the run is told by the runner and by the event", () => {
  const there = {
    ...VARIABLES,
    GITHUB_EVENT_NAME: "issues",
    GITHUB_ACTOR: "ann",
    GITHUB_TRIGGERING_ACTOR: "rae",
  };

  expect(readRunContext(there, '{"sender":{"login":"sam"}}').startedBy).toEqual({
    kind: "anybody",
    actors: ["ann", "rae", "sam"],
  });
});

describe("a repository", () => {
  test.each([
    ["private", true, "private"],
    ["public", false, "public"],
    ["neither, where the event does not say", undefined, "unknown"],
    ["neither, where the event says it in other words", "false", "unknown"],
    ["neither, where the event says nothing", null, "unknown"],
  ])("is %s", (_what, isPrivate, visibility) => {
    const payload = JSON.stringify({ repository: { private: isPrivate } });

    expect(readRunContext(VARIABLES, payload).visibility).toBe(visibility);
  });

  test.each([
    null,
    "",
    "null",
    "[]",
    "{}",
    '{"repository":null}',
    '{"repository":"octo/app"}',
    '{"repository":',
    "CANARY",
  ])("is unknown to an event of %j, and so is its default branch", (payload) => {
    expect(readRunContext(VARIABLES, payload)).toMatchObject({ visibility: "unknown", branch: "other" });
  });
});

test("a place is a secret of this repository", () => {
  const there = readRunContext(VARIABLES, PAYLOAD);

  expect(placeOf(there, { secretName: "LOGIN", environment: "codex" })).toEqual({
    owner: "octo",
    repository: "app",
    repositoryId: "7000001",
    environment: "codex",
    secretName: "LOGIN",
  });
});

describe("a job's identity", () => {
  const identify = (instead: Record<string, string> = {}): string =>
    jobIdentity(readRunContext({ ...VARIABLES, ...instead }, PAYLOAD));

  test("is the same for all its steps", () => {
    expect(identify({ GITHUB_ACTION: "__run_2", GITHUB_WORKSPACE: "/elsewhere" })).toBe(identify());
  });

  test.each([
    ["run", { GITHUB_RUN_ID: "43" }],
    ["attempt", { GITHUB_RUN_ATTEMPT: "4" }],
    ["job", { GITHUB_JOB: "build" }],
    ["job of a matrix on the same machine", { RUNNER_TRACKING_ID: "github_2" }],
  ])("is another for another %s", (_what, instead) => {
    expect(identify(instead)).not.toBe(identify());
  });
});

describe("a variable that this runner does not set", () => {
  const failing = (environment: Record<string, string>, payload: string | null = PAYLOAD): unknown => {
    try {
      return readRunContext(environment, payload);
    } catch (error) {
      return error;
    }
  };

  test.each(["GITHUB_REPOSITORY", "GITHUB_REPOSITORY_ID"] as const)(
    "is named, and that the event does not say it either: %s",
    (name) => {
      expect(failing(without(name))).toMatchObject({
        code: "input-invalid",
        message: expect.stringContaining(`${name} is not set by this runner, and the event does not say: `),
        hint: expect.stringContaining(`set ${name} in the job's \`env:\``),
      });
    },
  );

  test.each(["GITHUB_RUN_ID", "GITHUB_JOB", "RUNNER_TEMP"] as const)(
    "is named, and nothing is said of the event, which never has it: %s",
    (name) => {
      expect(failing(without(name))).toMatchObject({
        message: expect.stringContaining(`${name} is not set by this runner: `),
      });
    },
  );

  test.each(["octo", "/app", "octo/"])("is one as well where it holds %j", (GITHUB_REPOSITORY) => {
    expect(failing({ ...VARIABLES, GITHUB_REPOSITORY })).toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining("holds no `owner/name`"),
      hint: expect.stringContaining("set GITHUB_REPOSITORY"),
    });
  });
});

describe("a pull request", () => {
  const opened = (head: string): string =>
    JSON.stringify({
      action: "opened",
      repository: { full_name: "octo/app", default_branch: "main", private: true },
      pull_request: { head: { repo: { full_name: head } }, base: { repo: { full_name: "octo/app" } } },
      sender: { login: "ann" },
    });
  const environment = { ...VARIABLES, GITHUB_EVENT_NAME: "pull_request", GITHUB_ACTOR: "ann" };

  test("from a branch of this repository is one of somebody with access", () => {
    expect(readRunContext(environment, opened("octo/app"))).toMatchObject({
      startedBy: { kind: "with-access" },
      secretsWithheld: null,
    });
  });

  test("from a fork is anybody's, and gets no secrets", () => {
    expect(readRunContext(environment, opened("stranger/app"))).toMatchObject({
      startedBy: { kind: "anybody", actors: expect.arrayContaining(["ann"]) },
      secretsWithheld: "fork",
    });
  });

  test("of Dependabot gets none of the secrets of Actions", () => {
    const there = { ...environment, GITHUB_ACTOR: "dependabot[bot]" };

    expect(readRunContext(there, opened("octo/app"))).toMatchObject({ secretsWithheld: "dependabot" });
  });
});
