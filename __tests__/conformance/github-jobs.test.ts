import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Api } from "../../conformance/api.ts";
import { NotAsked } from "../../conformance/check.ts";
import { GithubJobs } from "../../conformance/github-jobs.ts";
import type { LabRequest, LabResponse } from "../../lab/loopback-server.ts";
import type { Run } from "../../lab/runner/runner.ts";
import { World } from "../../lab/world.ts";

const WORKFLOW = `
on: workflow_dispatch
jobs:
  stages:
    if: inputs.part == 'stages'
    runs-on: ubuntu-latest
    steps:
      - run: echo "part $((40 + 2))"
  cancel:
    if: inputs.part == 'cancel'
    runs-on: ubuntu-latest
    steps:
      - name: hold
        run: exec sleep 60
`;

let world: World;
let jobs: GithubJobs;
const runs: Run[] = [];

beforeEach(async () => {
  runs.length = 0;
  // No signal is waited for longer than this suite waits for the end of a run.
  world = await World.start({ timing: { sigintMs: 200, sigtermMs: 200, streamsMs: 100 } });
  const repository = world.github.repository("octo/facts");
  const token = world.github.token(repository, { actions: "write", contents: "write" });
  world.github.server.intercept(async (request, next) => {
    const answer = await next();
    return typeof answer === "symbol" ? answer : (served(request) ?? withSteps(request, answer));
  });
  const options = { url: world.github.server.url, token, repository: "octo/facts", paceMs: 0 };
  // Polls often; its ten minutes are fifteen seconds.
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms / 40));
  jobs = new GithubJobs(new Api({ ...options, sleep }), sleep);
});
afterEach(() => world.stop());

/** The endpoints that only this suite uses. */
function served({ method, path, body }: LabRequest): LabResponse | undefined {
  const [, name = "", id = "", what = ""] =
    /\/actions\/(workflows|runs|jobs)\/([^/]+)\/(\w+)$/.exec(path) ?? [];
  const run = runs.find((one) => String(one.id) === id);
  if (method === "POST" && what === "dispatches" && name === "workflows") {
    const { inputs } = JSON.parse(body.toString()) as { inputs: Record<string, string> };
    dispatch(inputs);
    return { status: 204 };
  }
  if (method === "POST" && what === "cancel" && run) {
    run.cancel();
    return { status: 202, body: {} };
  }
  if (method === "POST" && what === "rerun" && run) {
    dispatch({ part: "stages", nonce: "again" }, run);
    return { status: 201, body: {} };
  }
  if (name === "jobs" && what === "logs") {
    const owner = runs.findLast(({ record }) => record.jobs.some((job) => String(job.id) === id));
    return owner ? { status: 200, body: owner.log } : undefined;
  }
  return undefined;
}

function dispatch(inputs: Record<string, string>, rerunOf?: Run): void {
  const repository = world.github.repository("octo/facts");
  const path = ".github/workflows/conformance.yml";
  const options = { repository, workflow: WORKFLOW, path, inputs, codex: "none" as const };
  const run = world.runner.dispatch({ ...options, ...(rerunOf ? { rerunOf } : {}) });
  if (!rerunOf) run.record.name = `conformance ${inputs.part} ${inputs.nonce}`;
  runs.push(run);
}

/** A job's steps, which the lab's API does not show. */
function withSteps({ path }: LabRequest, answer: LabResponse): LabResponse {
  if (!/\/runs\/\d+\/jobs$/.test(path)) return answer;
  const { jobs: shown = [] } = answer.body as { jobs?: { status: string }[] };
  const steps = [{ name: "hold", status: "in_progress" }];
  return {
    ...answer,
    body: { jobs: shown.map((job) => (job.status === "in_progress" ? { ...job, steps } : job)) },
  };
}

test("a part is started, and its log read; again is the next attempt of the same run", async () => {
  const run = await jobs.start("stages");
  const first = await run.ended();
  const second = await (await run.again()).ended();

  expect(first).toMatchObject({ conclusion: "success", attempt: 1 });
  expect(first.log).toContain("part 42");
  expect(second).toMatchObject({ conclusion: "success", attempt: 2, createdAt: first.createdAt });
});

test("a part is cancelled when its step runs, and what still runs when all is over", async () => {
  const run = await jobs.start("cancel");
  await run.reached("hold");
  await run.cancel();
  const { conclusion } = await run.ended();
  await jobs.start("cancel");
  await jobs.stop();
  await world.runner.idle();

  expect(conclusion).toBe("cancelled");
  expect(runs.map(({ record }) => record.conclusion)).toEqual(["cancelled", "cancelled"]);
});

test("where the workflow cannot be started, nothing can be asked", async () => {
  world.github.server.intercept(async (request, next) =>
    request.path.endsWith("/dispatches") ? { status: 404, body: { message: "Not Found" } } : next(),
  );

  const started = jobs.start("stages");

  await expect(started).rejects.toThrow(NotAsked);
  await expect(started).rejects.toThrow("start of the workflow conformance.yml");
});
