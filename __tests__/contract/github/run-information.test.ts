import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LabClock } from "../../../lab/clock.ts";
import {
  GitHub,
  type JobRecord,
  type Permissions,
  type Repository,
  type RunRecord,
} from "../../../lab/github/github.ts";
import { type Answer, DROP } from "../../../lab/loopback-server.ts";
import { GitHubClient } from "../../../src/adapters/github/client.ts";
import { githubRunInformation } from "../../../src/adapters/github/run-information.ts";
import { Secret } from "../../../src/core/login/secret.ts";
import type { RunInformation } from "../../../src/ports/github.ts";
import type { Clock } from "../../../src/ports/machine.ts";

const createdAt = new Date("2026-11-22T09:00:00Z");
const rerunAt = new Date("2026-11-22T11:00:00Z");
const startedAt = new Date("2026-11-22T11:00:30Z");
const clock: Clock = { now: () => createdAt, monotonicMs: () => 0, sleep: async () => {} };
const known = (at: Date) => ({ kind: "known", at });
const unknown = (because: string) => ({ kind: "unknown", because });

let github: GitHub;
let repository: Repository;
let run: RunRecord;

beforeEach(async () => {
  github = await GitHub.start(new LabClock());
  repository = github.repository("octo/app");
  run = repository.registerRun({
    id: 41,
    name: "maintain",
    path: ".github/workflows/maintain.yml",
    event: "schedule",
    status: "in_progress",
    conclusion: null,
    createdAt,
    runAttempt: 1,
    headBranch: "main",
    headSha: "0".repeat(40),
    concurrencyGroups: [{ name: "codex-auth" }, { name: "builds", jobId: 2 }],
    jobs: [
      job({ id: 1, name: "codex" }),
      job({ id: 2, name: "build", runnerName: "other", startedAt: createdAt }),
      job({ id: 3, name: "earlier", status: "completed", startedAt: createdAt }),
    ],
    attempts: [],
  });
});
afterEach(() => github.stop());

function job(rest: Partial<JobRecord>): JobRecord {
  return {
    id: 0,
    name: "",
    startedAt,
    status: "in_progress",
    conclusion: null,
    runnerName: "lab-1",
    ...rest,
  };
}

function informed({
  permissions = { actions: "read" },
  runAttempt = 1,
  runId = "41",
  runnerName = "lab-1",
}: {
  permissions?: Permissions;
  runAttempt?: number;
  runId?: string;
  runnerName?: string;
} = {}): RunInformation {
  const token = new Secret(github.token(repository, permissions));
  const client = new GitHubClient({ apiUrl: github.server.url, token, clock, log: { debug: () => {} } });
  const job = { owner: "octo", repository: "app", runId, runAttempt, runnerName };
  return githubRunInformation(client, job);
}

describe("when the secret was read", () => {
  test("is when the run was created, for a repository secret", async () => {
    expect(await informed().readTime("repository")).toEqual(known(createdAt));
  });

  test("is when our job started, for an environment secret", async () => {
    expect(await informed().readTime("environment")).toEqual(known(startedAt));
  });

  test.each(["repository", "environment"] as const)(
    "is when the first attempt was created, for a %s secret in a re-run",
    async (scope) => {
      run.runAttempt = 2;
      run.attempts = [{ createdAt }, { createdAt: rerunAt }];

      const information = informed({ runAttempt: 2 });

      expect(information.isRerun).toBe(true);
      expect(await information.readTime(scope)).toEqual(known(createdAt));
    },
  );

  test("is not guessed between two jobs on runners of one name", async () => {
    run.jobs.push(job({ id: 4 }));

    expect(await informed().readTime("environment")).toEqual(unknown("ambiguous"));
  });

  test.each([99, 100, 101, 250])("is found behind %d other jobs of the run", async (count) => {
    const others = Array.from({ length: count }, (_, index) => job({ id: 10 + index, runnerName: "other" }));
    run.jobs = [...others, job({ id: 1 })];

    expect(await informed().readTime("environment")).toEqual(known(startedAt));
  });

  test("is that of the only job in progress, where the runner does not say its name; else the name is missed", async () => {
    expect(await informed({ runnerName: "" }).readTime("environment")).toEqual(unknown("no-runner-name"));

    run.jobs = [job({ id: 1 }), job({ id: 2, runnerName: "other", status: "completed" })];

    expect(await informed({ runnerName: "" }).readTime("environment")).toEqual(known(startedAt));
  });

  test("is not guessed where no job is ours", async () => {
    run.jobs = [job({ id: 2, runnerName: "other" })];

    expect(await informed().readTime("environment")).toEqual(unknown("ambiguous"));
  });

  test.each(["repository", "environment"] as const)("of a %s secret needs actions: read", async (scope) => {
    expect(await informed({ permissions: { issues: "write" } }).readTime(scope)).toEqual(
      unknown("permission"),
    );
  });

  test.each([
    ["a run that GitHub does not know", { runId: "42" }, "no-such-run"],
    ["a revoked token", {}, "permission"],
  ])("is unknown for %s", async (what, options, because) => {
    const information = informed(options);
    if (what === "a revoked token") for (const token of github.tokens) github.revokeToken(token);

    expect(await information.readTime("repository")).toEqual(unknown(because));
  });

  test.each([
    ["no answer", (): Answer => DROP, "unreachable"],
    ["a server error", () => ({ status: 500 }), "unreachable"],
    ["too many requests", () => ({ status: 429 }), "unreachable"],
    [
      "a rate limit",
      () => ({
        status: 403,
        headers: { "x-ratelimit-remaining": "0" },
        body: { message: "API rate limit exceeded for installation ID 1." },
      }),
      "unreachable",
    ],
    ["no date", () => ({ status: 200, body: {} }), "ambiguous"],
    ["a page of HTML", () => ({ status: 200, body: "<html>" }), "unreachable"],
  ] as const)("is unknown after %s", async (_what, answer, because) => {
    github.server.intercept(answer);

    expect(await informed().readTime("repository")).toEqual(unknown(because));
    expect(await informed().readTime("environment")).toEqual(unknown(because));
  });
});

describe("whether a run is over", () => {
  test("is told by its attempt", async () => {
    run.runAttempt = 2;
    run.attempts = [{ createdAt }, { createdAt: rerunAt }];

    expect(await informed().statusOf("41", 1)).toBe("ended");
    expect(await informed().statusOf("41", 2)).toBe("in-progress");
    run.status = "completed";
    expect(await informed().statusOf("41", 2)).toBe("ended");
  });

  test.each<[string, () => RunInformation, string]>([
    ["the permission", () => informed({ permissions: {} }), "41"],
    ["the run", () => informed(), "42"],
    ["a number", () => informed(), "seed"],
    [
      "an answer",
      () => {
        github.server.intercept(() => DROP);
        return informed();
      },
      "41",
    ],
    [
      "a status",
      () => {
        github.server.intercept(() => ({ status: 200, body: {} }));
        return informed();
      },
      "41",
    ],
  ])("is not known without %s", async (_what, information, id) => {
    expect(await information().statusOf(id, 1)).toBe("unknown");
  });
});

describe("concurrency", () => {
  test("is the run's groups, those of its jobs too", async () => {
    expect((await informed().concurrency())?.groups).toEqual(["builds", "codex-auth"]);
  });

  test("of a run without any is none, which is not the same as not knowing", async () => {
    run.concurrencyGroups = [];

    expect(await informed().concurrency()).toEqual({ groups: [], otherRunsInProgress: 0 });
  });

  test("counts the other runs of the workflow that are in progress", async () => {
    // The lab has no workflows of its own: this much of its answers is added here.
    github.server.intercept(async (request, next) => {
      if (request.path === "/repos/octo/app/actions/runs/41")
        return { status: 200, body: { id: 41, workflow_id: 9 } };
      if (request.path === "/repos/octo/app/actions/workflows/9/runs")
        return { status: 200, body: { workflow_runs: [{ id: 41 }, { id: 42 }, { id: 43 }] } };
      return next();
    });

    expect((await informed().concurrency())?.otherRunsInProgress).toBe(2);
  });

  test.each([
    ["the permission", () => informed({ permissions: {} })],
    [
      "an answer",
      () => {
        github.server.intercept(() => DROP);
        return informed();
      },
    ],
    [
      "a server that knows of groups",
      () => {
        github.server.intercept((request, next) =>
          request.path.endsWith("/concurrency_groups") ? { status: 404 } : next(),
        );
        return informed();
      },
    ],
    [
      "a list",
      () => {
        github.server.intercept(() => ({ status: 200, body: {} }));
        return informed();
      },
    ],
  ])("is not known without %s", async (_what, information) => {
    expect(await information().concurrency()).toBeNull();
  });
});

describe("visibility", () => {
  test.each(["public", "private"] as const)("is told of a %s repository", async (visibility) => {
    repository.visibility = visibility;

    expect(await informed().visibility()).toBe(visibility);
  });

  test("is not known without an answer", async () => {
    github.server.intercept(() => DROP);

    expect(await informed().visibility()).toBeNull();
  });
});

describe("who may write", () => {
  const asked: string[] = [];
  function answered(answer: Answer): Promise<boolean | null> {
    github.server.intercept((request) => {
      asked.push(request.path);
      return answer;
    });
    return informed().mayWrite("octo/../bot[bot]");
  }

  test.each<[string, Answer, boolean | null]>([
    ["admin", { status: 200, body: { permission: "admin" } }, true],
    ["write", { status: 200, body: { permission: "write" } }, true],
    ["maintain, told beside", { status: 200, body: { permission: "write", role_name: "maintain" } }, true],
    ["read", { status: 200, body: { permission: "read", role_name: "triage" } }, false],
    ["none", { status: 200, body: { permission: "none" } }, false],
    ["no collaborator", { status: 404, body: {} }, false],
    ["another answer", { status: 200, body: [] }, false],
    ["no permission to ask", { status: 403, body: {} }, null],
    ["a broken server", { status: 502, body: {} }, null],
    ["no answer", DROP, null],
  ])("is told: %s", async (_what, answer, expected) => {
    expect(await answered(answer)).toBe(expected);
    expect(asked.at(-1)).toBe("/repos/octo/app/collaborators/octo%2F..%2Fbot%5Bbot%5D/permission");
  });
});
