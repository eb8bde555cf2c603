import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { condition, interpolate } from "../../../lab/runner/expressions.ts";
import { parseFileCommands } from "../../../lab/runner/file-commands.ts";
import { Masker } from "../../../lab/runner/masking.ts";
import { livingProcess } from "../../../lab/runner/processes.ts";
import type { DispatchOptions, Run, RunResult } from "../../../lab/runner/runner.ts";
import { parseWorkflow } from "../../../lab/runner/workflow.ts";
import { World } from "../../../lab/world.ts";

const SCALED = { sigintMs: 1500, sigtermMs: 1500, streamsMs: 500, graceMs: 120_000, minuteMs: 600 };

/** A throw-away action: every phase says its name, and does what its input `pre`, `main` or `post` tells in JavaScript. */
const PHASE_SCRIPT = `
import { appendFileSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { spawn } from "node:child_process";
const phase = import.meta.filename.match(/(\\w+)\\.mjs$/)[1];
const env = process.env;
const name = env.INPUT_NAME ?? "?";
const state = (key, value) => appendFileSync(env.GITHUB_STATE, key + "=" + value + "\\n");
const output = (key, value) => appendFileSync(env.GITHUB_OUTPUT, key + "=" + value + "\\n");
console.log(name + " " + phase);
const code = env["INPUT_" + phase.toUpperCase()] ?? "";
await new (Object.getPrototypeOf(async () => {}).constructor)(
  "env", "state", "output", "appendFileSync", "readFileSync", "writeFileSync", "existsSync", "spawn", code,
)(env, state, output, appendFileSync, readFileSync, writeFileSync, existsSync, spawn);
`;

const INPUTS = `
inputs:
  name: { description: who, default: ours }
  pre: { description: JavaScript, default: "" }
  main: { description: JavaScript, default: "" }
  post: { description: JavaScript, default: "" }
  given: { description: any, default: "" }
  token: { description: any, default: "\${{ github.token }}" }
`;

let scratch: string;
let world: World;
let withPre: string;
let withoutPre: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "lab-runner-test-"));
  withPre = await action("ours", "pre: pre.mjs\n  main: main.mjs\n  post: post.mjs");
  withoutPre = await action("other", "main: main.mjs\n  post: post.mjs");
  world = await World.start({ actionRoot: withPre, timing: SCALED });
});

afterAll(async () => {
  await world.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function action(name: string, runs: string): Promise<string> {
  const directory = join(scratch, name);
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, "action.yml"),
    `name: ${name}\n${INPUTS}\nruns:\n  using: node24\n  ${runs}\n`,
  );
  for (const phase of ["pre", "main", "post"]) await writeFile(join(directory, `${phase}.mjs`), PHASE_SCRIPT);
  return directory;
}

let repositories = 0;

function dispatch(workflow: string, options: Partial<DispatchOptions> = {}): Run {
  repositories += 1;
  return world.runner.dispatch({
    repository: world.github.repository(`lab/runner-${repositories}`),
    workflow,
    actions: { "lab/other": withoutPre },
    codex: "none",
    ...options,
  });
}

/** A workflow of one job on the steps that are given, indented as they like. */
function job(steps: string, extra = ""): string {
  const indented = steps.replace(/^\n+|\s+$/g, "").replaceAll(/^/gm, "      ");
  return `on: workflow_dispatch\n${extra}\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${indented}\n`;
}

const OURS = "codex-auth-roundtrip/codex-auth-roundtrip@v1";

function said(result: RunResult): string[] {
  return result.log.split("\n").filter((line) => /^\w+ (pre|main|post)$/.test(line));
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(10);
}

async function printed(run: Run, text: string): Promise<void> {
  await until(() => run.log.split("\n").includes(text));
}

describe("phases", () => {
  test("pres come before every main, posts after, last registered first; an action with a pre is registered first", async () => {
    const result = await dispatch(
      job(`
- uses: lab/other@v1
  with: { name: one }
- uses: ${OURS}
  with: { name: two }
- uses: lab/other@v1
  with: { name: three }`),
    ).finished;

    expect(said(result)).toEqual([
      "two pre",
      "one main",
      "two main",
      "three main",
      "three post",
      "one post",
      "two post",
    ]);
    expect(result.conclusion).toBe("success");
    expect(result.jobs.job?.steps[1]?.phases.map(({ phase, exitCode }) => [phase, exitCode])).toEqual([
      ["pre", 0],
      ["main", 0],
      ["post", 0],
    ]);
  });

  test("if: false gates main only: no post for an action without a pre", async () => {
    const result = await dispatch(
      job(`
- uses: lab/other@v1
  if: false
  with: { name: one }
- uses: ${OURS}
  if: false
  with: { name: two }`),
    ).finished;

    expect(said(result)).toEqual(["two pre", "two post"]);
    expect(result.jobs.job?.steps.map(({ outcome }) => outcome)).toEqual(["skipped", "skipped"]);
  });

  test("uses: ./ needs a checkout and skips pre; uses: $/ does not", async () => {
    const local = dispatch(job("- uses: actions/checkout@v5\n- uses: ./\n  with: { name: local }"));
    const missing = dispatch(job("- uses: ./sub"));
    const remote = dispatch(job("- uses: $/\n  with: { name: remote }"));

    const result = await local.finished;

    expect(said(result)).toEqual(["local main", "local post"]);
    expect(result.jobs.job?.annotations[0]).toMatchObject({ level: "warning", message: /`pre` execution/ });
    expect(said(await remote.finished)).toEqual(["remote pre", "remote main", "remote post"]);
    expect((await missing.finished).log).toContain("Did you forget to run actions/checkout");
  });

  test("a failing pre skips the mains, a failing post fails the job, continue-on-error covers both", async () => {
    const pre = dispatch(job(`- uses: ${OURS}\n  with: { pre: process.exit(3) }\n- run: echo later`));
    const post = dispatch(job(`- uses: ${OURS}\n  with: { post: process.exit(4) }`));
    const forgiven = dispatch(
      job(
        `- uses: ${OURS}\n  continue-on-error: true\n  with: { pre: process.exit(3), post: process.exit(4) }`,
      ),
    );

    const failed = await pre.finished;
    expect(failed.conclusion).toBe("failure");
    expect(said(failed)).toEqual(["ours pre", "ours post"]);
    expect((await post.finished).conclusion).toBe("failure");
    const result = await forgiven.finished;
    expect(result.conclusion).toBe("success");
    expect(result.jobs.job?.steps[0]?.phases.map(({ exitCode }) => exitCode)).toEqual([3, 0, 4]);
  });

  test("state crosses phases, also from a main that was killed", async () => {
    const result = await dispatch(
      job(`
- uses: ${OURS}
  with:
    pre: state("fromPre", "1")
    main: state("fromMain", env.STATE_fromPre + "2"); process.kill(process.pid, "SIGKILL")
    post: console.log("post has " + env.STATE_fromMain)`),
    ).finished;

    expect(result.log).toContain("post has 12");
    expect(result.jobs.job?.steps[0]?.state).toEqual({ fromPre: "1", fromMain: "12" });
    expect(result.jobs.job?.steps[0]?.phases[1]).toMatchObject({ exitCode: null, signal: "SIGKILL" });
    expect(result.log).toContain("  STATE_fromPre: 1");
    expect(result.conclusion).toBe("failure");
  });

  test("an environment that is the machine's own, and no credentials for run: steps", async () => {
    const result = await dispatch(
      job(`
- uses: ${OURS}
  with: { "given": x, main: "console.log(JSON.stringify(env))" }
- run: env
  shell: bash
- run: 'true'`),
    ).finished;

    const env = JSON.parse(result.jobs.job?.rawLog.split("\n").find((line) => line.startsWith("{")) ?? "{}");
    expect(env).toMatchObject({
      GITHUB_ACTIONS: "true",
      CI: "true",
      GITHUB_REPOSITORY: `lab/runner-${repositories}`,
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_JOB: "job",
      GITHUB_REF: "refs/heads/main",
      GITHUB_REF_NAME: "main",
      GITHUB_EVENT_NAME: "workflow_dispatch",
      GITHUB_API_URL: world.github.server.url,
      GITHUB_SERVER_URL: "https://github.localhost",
      RUNNER_ENVIRONMENT: "github-hosted",
      INPUT_GIVEN: "x",
      ACTIONS_RESULTS_URL: `${world.cache.server.url}/`,
    });
    expect(env.INPUT_TOKEN).toMatch(/^ghs_CANARY/);
    expect(env.HOME).toContain(world.root);
    expect(env.GITHUB_WORKSPACE).toContain(env.HOME);
    expect(Object.keys(env)).not.toContain("JEST_WORKER_ID");
    expect(Object.keys(env)).not.toContain("GITHUB_ACTION_PATH");
    const ofRun = result.jobs.job?.rawLog.split("\n").filter((line) => line.startsWith("ACTIONS_"));
    expect(ofRun).toEqual([]);
  });

  test("a composite action's steps run with its inputs, and it posts for them", async () => {
    const files = {
      ".github/actions/outer/action.yml": `
name: outer
inputs: { value: { description: any } }
outputs: { result: { description: any, value: "\${{ steps.inner.outputs.said }}" } }
runs:
  using: composite
  steps:
    - uses: ${OURS}
      id: inner
      with:
        name: inner
        given: \${{ inputs.value }}
        main: output("said", env.INPUT_GIVEN + env.GITHUB_ACTION_PATH.slice(-5))
        post: console.log("post got <" + env.INPUT_GIVEN + ">")
`,
    };
    const steps = `
- uses: actions/checkout@v5
- uses: ./.github/actions/outer
  id: outer
  with: { value: deep }
- run: echo "result \${{ steps.outer.outputs.result }}"`;

    const real = await dispatch(job(steps), { files }).finished;
    const empty = await dispatch(job(steps), { files, compositePostInputs: "empty" }).finished;

    expect(said(real)).toEqual(["inner main", "inner post"]);
    expect(real.log).toContain("result deepouter");
    expect(real.log).toContain("post got <deep>");
    expect(empty.log).toContain("post got <>");
  });

  test("a post two composite actions deep does not get its inputs", async () => {
    const composite = (uses: string, given: string) => `
name: composite
inputs: { value: { description: any }, renamed: { description: any } }
runs:
  using: composite
  steps:
    - uses: ${uses}
      with: { ${given} }
`;
    const files = {
      "a/action.yml": composite("./b", `renamed: "\${{ inputs.value }}"`),
      "b/action.yml": composite(
        OURS,
        `given: "\${{ inputs.renamed }}", post: "console.log('<' + env.INPUT_GIVEN + '>')"`,
      ),
    };

    const result = await dispatch(job("- uses: actions/checkout@v5\n- uses: ./a\n  with: { value: deep }"), {
      files,
    }).finished;

    expect(result.log).toContain("  given: deep");
    expect(result.log).toContain("\n<>\n");
  });

  test("an action that the lab does not have fails the job before anything runs", async () => {
    const result = await dispatch(job("- run: echo never\n- uses: openai/codex-action@v1")).finished;

    expect(result.conclusion).toBe("failure");
    expect(result.log).toContain("openai/codex-action@v1: not in the lab");
    expect(result.log).not.toContain("never");
  });
});

describe("cancelling", () => {
  test("SIGINT, SIGTERM, SIGKILL to the direct child only; then always(), posts, and at last the orphans", async () => {
    const run = dispatch(
      job(`
- uses: ${OURS}
  with:
    main: |
      const child = spawn("sleep", ["300"], { detached: true, stdio: "ignore" });
      child.unref();
      for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => console.log("got " + signal));
      setInterval(() => {}, 1000);
      state("orphan", String(child.pid));
      console.log("main is up");
      await new Promise(() => {});
    post: process.kill(Number(env.STATE_orphan), 0); console.log("orphan still alive")
- run: echo only on success
- run: echo always comes
  if: always()
- run: echo cancelled comes
  if: cancelled()`),
    );
    await printed(run, "main is up");

    const asked = performance.now();
    run.cancel();
    const result = await run.finished;

    expect(result.conclusion).toBe("cancelled");
    const lines = result.log.split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "got SIGINT",
        "got SIGTERM",
        "always comes",
        "cancelled comes",
        "orphan still alive",
      ]),
    );
    expect(lines).not.toContain("only on success");
    const [, main] = result.jobs.job?.steps[0]?.phases ?? [];
    expect(main).toMatchObject({ phase: "main", signal: "SIGKILL" });
    expect(performance.now() - asked).toBeGreaterThan(SCALED.sigintMs + SCALED.sigtermMs);
    expect(result.jobs.job?.orphans.map(({ command }) => command)).toEqual(["sleep"]);
    expect(livingProcess(Number(result.jobs.job?.steps[0]?.state.orphan))).toBeUndefined();
    expect(run.record).toMatchObject({ status: "completed", conclusion: "cancelled" });
  });

  test("a step whose condition holds when cancelled is left alone, pre and post too", async () => {
    const run = dispatch(
      job(`
- uses: ${OURS}
  with:
    pre: console.log("pre begins"); await new Promise((done) => setTimeout(done, 3000)); console.log("pre ends")`),
    );
    await printed(run, "pre begins");

    run.cancel();
    const result = await run.finished;

    expect(result.log).toContain("pre ends");
    expect(said(result)).toEqual(["ours pre", "ours post"]);
    expect(result.conclusion).toBe("cancelled");
  });

  test("what is left after the grace does not run any more", async () => {
    const run = dispatch(
      job(`
- uses: lab/other@v1
  with: { name: first }
- uses: ${OURS}
  with: { main: "await new Promise((done) => setTimeout(done, 60_000))", post: "await new Promise((done) => setTimeout(done, 60_000))" }`),
    );
    world.runner.timing.graceMs = 6000;
    await printed(run, "ours main");
    world.runner.timing.graceMs = SCALED.graceMs;

    run.cancel();
    const result = await run.finished;

    expect(said(result)).toEqual(["ours pre", "first main", "ours main", "first post", "ours post"]);
    expect(result.conclusion).toBe("cancelled");
  });

  test("a forced cancellation runs no posts", async () => {
    const run = dispatch(
      job(`- uses: ${OURS}\n  with: { main: "await new Promise((done) => setTimeout(done, 60_000))" }`),
    );
    await printed(run, "ours main");

    run.forceCancel();

    expect(said(await run.finished)).toEqual(["ours pre", "ours main"]);
  });

  test("timeout-minutes fails a step, and cancels a job", async () => {
    const slow = "run: sleep 60";
    const step = dispatch(job(`- ${slow}\n  timeout-minutes: 1`));
    const wholeJob = dispatch(
      job(`- ${slow}`).replace("runs-on: ubuntu-latest", "runs-on: ubuntu-latest\n    timeout-minutes: 1"),
    );

    expect((await step.finished).conclusion).toBe("failure");
    expect((await step.finished).log).toContain("has timed out after 1 minutes");
    expect((await wholeJob.finished).conclusion).toBe("cancelled");
  });

  test("a machine that dies takes everything with it", async () => {
    const run = dispatch(
      job(`
- uses: ${OURS}
  with:
    main: |
      const scrubbed = spawn("sleep", ["300"], { detached: true, stdio: "ignore", env: {}, cwd: "/" });
      console.log("pid " + scrubbed.pid);
      console.log("pid " + process.pid);
      await new Promise((done) => setTimeout(done, 60_000));`),
    );
    await until(() => (run.log.match(/^pid \d+$/gm) ?? []).length === 2);
    const pids = [...run.log.matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid));

    await run.loseMachine();
    const result = await run.finished;

    expect(result.conclusion).toBe("lost");
    expect(run.record).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(said(result)).toEqual(["ours pre", "ours main"]);
    expect(pids.map(livingProcess)).toEqual([undefined, undefined]);
    await expect(readdir(result.jobs.job?.home ?? "")).rejects.toThrow("ENOENT");
  });
});

describe("secrets", () => {
  test("repository secrets are read when the run is queued, environment secrets when the job starts", async () => {
    const repository = world.github.repository("lab/secrets");
    repository.setSecret("REPO", "repo CANARY 1");
    repository.setSecret("BOTH", "repo CANARY both");
    repository.createEnvironment("codex");
    repository.setSecret("ENV", "env CANARY 1", { environment: "codex" });
    const workflow = `
on: workflow_dispatch
concurrency: one
jobs:
  with:
    runs-on: x
    environment: { name: codex, deployment: false }
    steps:
      - uses: ${OURS}
        with: { given: "\${{ secrets.REPO }}|\${{ secrets.ENV }}|\${{ secrets.both }}", main: "console.log(env.INPUT_GIVEN.replaceAll('CAN' + 'ARY', '-'))" }
  without:
    runs-on: x
    steps:
      - uses: ${OURS}
        with: { given: "\${{ secrets.REPO }}|\${{ secrets.ENV }}", main: "console.log(env.INPUT_GIVEN.replaceAll('CAN' + 'ARY', '-'))" }
`;
    const slow = dispatch(
      job("- run: touch $HOME/up; while [ ! -e $HOME/go ]; do sleep 0.05; done", "concurrency: ONE"),
      { repository },
    );
    const queued = world.runner.dispatch({ repository, workflow, codex: "none" });
    await until(() => slow.record.status === "in_progress" && queued.record.status === "pending");

    repository.setSecret("REPO", "repo CANARY 2");
    repository.setSecret("ENV", "env CANARY 2", { environment: "codex" });
    repository.setSecret("BOTH", "env CANARY both", { environment: "codex" });
    slow.cancel();
    const result = await queued.finished;
    repository.setSecret("ENV", "env CANARY 3", { environment: "codex" });
    const again = await world.runner.dispatch({ repository, workflow, codex: "none", rerunOf: queued })
      .finished;

    expect(result.jobs.with?.rawLog).toContain("repo - 1|env - 2|env - both");
    expect(result.jobs.without?.rawLog).toContain("repo - 1|\n");
    expect(result.log).not.toContain("CANARY");
    expect(again.jobs.with?.rawLog).toContain("repo - 1|env - 2|env - both");
    expect(queued.record).toMatchObject({ runAttempt: 2, attempts: [{}, {}] });
    expect(queued.record.jobs.map(({ runAttempt }) => runAttempt)).toEqual([1, 1, 2, 2]);
  });

  test("Dependabot gets its own, also when a person starts its run again; and a person's push all of them", async () => {
    const repository = world.github.repository("lab/dependabot");
    repository.setSecret("REPO", "repo CANARY");
    repository.dependabotSecrets.set("REPO", "dependabot", world.clock.now());
    const workflow = job(
      `- uses: ${OURS}\n  with: { given: "<\${{ secrets.REPO }}>", main: "console.log(env.INPUT_GIVEN.length)" }`,
    ).replace("workflow_dispatch", "[pull_request, push, workflow_dispatch, pull_request_target]");
    const lengthGiven = async (options: Partial<DispatchOptions>): Promise<string | undefined> => {
      const run = dispatch(workflow, { repository, ...options });
      return /^(\d+)$/m.exec((await run.finished).jobs.job?.log ?? "")?.[1];
    };
    const own = { pull_request: { user: { login: "dependabot[bot]" } } };
    const actor = "dependabot[bot]";
    const first = dispatch(workflow, { repository, event: "pull_request", actor, eventPayload: own });
    await first.finished;

    expect(await lengthGiven({ event: "push", actor })).toBe("12");
    expect(await lengthGiven({ event: "pull_request", rerunOf: first, triggeringActor: "lab-user" })).toBe(
      "12",
    );
    expect(await lengthGiven({ event: "pull_request", eventPayload: own })).toBe("13");
    expect(await lengthGiven({ event: "workflow_dispatch", actor })).toBe("13");
    expect(await lengthGiven({ event: "pull_request_target", actor, eventPayload: own })).toBe("2");
  });

  test("forks and Dependabot get none, and a token that only reads", async () => {
    const repository = world.github.repository("lab/untrusted");
    repository.setSecret("REPO", "repo CANARY");
    const workflow = `${job(`- uses: ${OURS}\n  with: { given: "<\${{ secrets.REPO }}>", main: console.log(env.INPUT_GIVEN) }`).replace("workflow_dispatch", "pull_request")}\npermissions: { contents: write }\n`;
    const fork = { pull_request: { head: { ref: "x", repo: { fork: true, full_name: "other/untrusted" } } } };

    for (const options of [{ eventPayload: fork, ref: "refs/pull/1/merge" }, { actor: "dependabot[bot]" }]) {
      const result = await dispatch(workflow, { repository, ...options }).finished;

      expect(result.jobs.job?.rawLog).toContain("<>");
      expect(result.log).toContain("contents: read");
    }
  });

  test("every line of a secret is masked, and every form of it; the log shows inputs masked", async () => {
    const repository = world.github.repository("lab/masking");
    repository.setSecret("DOC", '{\n  "token": "CANARY-1"\n}');

    const result = await dispatch(
      job(`
- uses: ${OURS}
  with:
    given: \${{ secrets.DOC }}
    main: |
      console.log("x {" + " y");
      const secret = "CAN" + "ARY-2";
      console.log("::add-mask::" + secret);
      console.log(secret + " " + Buffer.from("a:" + secret).toString("base64"));
      console.log("::warning title=T::" + secret + " here");
      console.log("::stop-commands::tok3n");
      console.log("::error::not a command");
      console.log("::tok3n::");
      console.log("::error::a command");
      appendFileSync(env.GITHUB_STEP_SUMMARY, "summary " + secret);
- run: exit 7`),
      { repository },
    ).finished;

    const shown = result.jobs.job;
    expect(shown?.log).toContain("x *** y");
    expect(shown?.log).not.toContain("CANARY");
    expect(shown?.log).not.toContain(Buffer.from("CANARY-2").toString("base64").slice(4, 8));
    expect(shown?.rawLog).toContain("::add-mask::CANARY-2");
    expect(shown?.summary).toBe("summary ***\n");
    expect(shown?.log).toContain("\n::error::not a command\n");
    expect(shown?.annotations).toEqual([
      { level: "warning", message: "*** here", title: "T" },
      { level: "error", message: "a command" },
      { level: "error", message: "Process completed with exit code 7." },
    ]);
    expect(shown?.log).toMatch(/##\[group\]Run codex-auth-roundtrip.*\nwith:\n {2}given: \*\*\*/);
  });
});

describe("concurrency", () => {
  const waiting = "- run: 'trap : INT; while :; do sleep 0.05; done'";

  test("one runs, one waits, a newer one takes the place of the one that waits; API positions follow", async () => {
    const repository = world.github.repository("lab/single");
    const workflow = job(waiting, "concurrency: Group");
    const [first, second, third] = [1, 2, 3].map(() => dispatch(workflow, { repository })) as [Run, Run, Run];
    await until(() => third.record.status === "pending");

    expect((await second.finished).conclusion).toBe("cancelled");
    expect(first.record.concurrencyGroups).toEqual([{ name: "Group", position: 0 }]);
    expect(third.record.concurrencyGroups).toEqual([{ name: "Group", position: 1 }]);

    first.cancel();
    await until(() => third.record.jobs[0]?.status === "in_progress");
    expect(first.record.status).toBe("completed");
    third.cancel();
    await third.finished;
  });

  test("queue: max keeps them in order; cancel-in-progress ends the one that runs; job level too", async () => {
    const repository = world.github.repository("lab/max");
    const queue = job("- run: echo x", "concurrency: { group: g, queue: max }");
    const order: number[] = [];
    const runs = [1, 2, 3, 4].map((number) => {
      const run = dispatch(queue, { repository });
      void run.finished.then(() => order.push(number));
      return run;
    });
    const slow = dispatch(job(waiting, "concurrency: h"), { repository });
    const levelled = job("- run: echo y").replace(
      "runs-on: ubuntu-latest",
      "runs-on: ubuntu-latest\n    concurrency: { group: H, cancel-in-progress: true }",
    );
    await until(() => slow.record.jobs[0]?.status === "in_progress");
    const impatient = dispatch(levelled, { repository });

    expect((await slow.finished).conclusion).toBe("cancelled");
    expect((await impatient.finished).conclusion).toBe("success");
    expect(
      (await Promise.all(runs.map(({ finished }) => finished))).map(({ conclusion }) => conclusion),
    ).toEqual(Array(4).fill("success"));
    expect(order).toEqual([1, 2, 3, 4]);
    expect(() =>
      dispatch(job("- run: x", "concurrency: { group: g, queue: max, cancel-in-progress: true }")),
    ).toThrow("cannot be combined");
  });
});

describe("jobs", () => {
  test("needs, outputs, conditions and a matrix", async () => {
    const result = await dispatch(`
on: workflow_dispatch
jobs:
  last:
    needs: [first, bad]
    if: always()
    runs-on: x
    steps: [{ run: "echo got \${{ needs.first.outputs.word }} \${{ needs.bad.result }}" }]
  first:
    runs-on: x
    outputs: { word: "\${{ steps.say.outputs.word }}" }
    steps: [{ id: say, run: "echo word=hello >> $GITHUB_OUTPUT" }]
  bad:
    strategy: { matrix: { n: [1, 2] } }
    runs-on: x
    steps: [{ run: "exit \${{ matrix.n == 2 && 1 || 0 }}" }]
  never:
    needs: bad
    runs-on: x
    steps: [{ run: echo never }]
`).finished;

    expect(Object.entries(result.jobs).map(([key, { conclusion }]) => [key, conclusion])).toEqual([
      ["last", "success"],
      ["first", "success"],
      ["bad (1)", "success"],
      ["bad (2)", "failure"],
      ["never", "skipped"],
    ]);
    expect(result.jobs.last?.log).toContain("got hello failure");
    expect(result.conclusion).toBe("failure");
  });

  test("later steps see GITHUB_ENV and GITHUB_PATH, but the runner's own names stand", async () => {
    const result = await dispatch(
      job(`
- run: |
    mkdir bin; printf '#!/bin/sh\\necho found' > bin/tool; chmod +x bin/tool
    echo "$PWD/bin" >> "$GITHUB_PATH"
    {
      echo 'A<<EOF'; echo one; echo two; echo EOF
      echo GITHUB_REPOSITORY=evil; echo RUNNER_TEMP=evil; echo INPUT_GIVEN=evil; echo NODE_OPTIONS=--evil
    } >> "$GITHUB_ENV"
- run: tool; echo "$A" | tr '\\n' ,; echo
- uses: lab/other@v1
  with: { given: good, main: "console.log([env.GITHUB_REPOSITORY, env.RUNNER_TEMP, env.INPUT_GIVEN, env.NODE_OPTIONS].join())" }`),
    ).finished;

    expect(result.log).toContain("\nfound\n");
    expect(result.log).toContain("\none,two,\n");
    expect(result.jobs.job?.rawLog).not.toContain("evil");
    expect(result.log).toContain("Can't store NODE_OPTIONS");
    expect(result.conclusion).toBe("success");
  });

  test("a persistent machine keeps its home and empties its temp; a hosted one is removed", async () => {
    const machine = await world.runner.persistentMachine();
    const workflow = job(
      "- run: ls $HOME $RUNNER_TEMP; echo $RUNNER_ENVIRONMENT; touch $HOME/kept $RUNNER_TEMP/gone",
    );
    let seen: string[] = [];
    await dispatch(workflow, { machine }).finished;

    const result = await dispatch(workflow, {
      machine,
      beforeCleanup: async ({ temp }) => {
        seen = await readdir(temp);
      },
    }).finished;
    const hosted = await dispatch(job("- run: echo")).finished;

    expect(result.log).toMatch(/^kept$/m);
    expect(result.log).not.toMatch(/^gone$/m);
    expect(result.log).toContain("self-hosted");
    expect(seen).toContain("gone");
    await expect(readdir(dirname(hosted.jobs.job?.home ?? ""))).rejects.toThrow("ENOENT");
  });

  test("hooks stand around each phase, events and the record follow it", async () => {
    const seen: string[] = [];
    const run = dispatch(job(`- uses: ${OURS}\n  id: it\n  with: { main: "console.log(env.ADDED)" }`), {
      beforePhase: async ({ step, phase, env }) => {
        env.ADDED = "by the hook";
        seen.push(`before ${step} ${phase}`);
      },
      afterPhase: async ({ phase, temp }) => {
        await readFile(join(temp, "_github_workflow", "event.json"));
        seen.push(`after ${phase}`);
      },
    });
    run.on("phase", ({ phase, state }) => seen.push(`${phase} ${state}`));
    run.on("log", (line) => line === "by the hook" && seen.push(run.record.jobs[0]?.status ?? ""));

    await run.finished;

    expect(seen).toEqual([
      ...["pre start", "before it pre", "after pre", "pre end"],
      ...["main start", "before it main", "in_progress", "after main", "main end"],
      ...["post start", "before it post", "after post", "post end"],
    ]);
    expect(run.record.jobs[0]).toMatchObject({ name: "job", status: "completed", conclusion: "success" });
  });

  test("a hook that throws fails the story, not the job", async () => {
    const seen: string[] = [];
    const run = dispatch(job(`- uses: ${OURS}`), {
      beforePhase: ({ phase }) => {
        seen.push(phase);
        if (phase === "main") throw new Error("not what I expected");
      },
    });

    await expect(run.finished).rejects.toThrow("not what I expected");

    expect(seen).toEqual(["pre", "main", "post"]);
    expect(run.record).toMatchObject({ status: "completed", jobs: [{ status: "completed" }] });
  });

  test("create-github-app-token's token works until its own post, which comes before the post of an action with a pre", async () => {
    const repository = world.github.repository("lab/app");
    const app = world.github.app({ repository, permissions: { secrets: "write" } });
    repository.setSecret("KEY", app.privateKeyPem);
    const ask = `const r = await fetch(env.GITHUB_API_URL + "/repos/" + env.GITHUB_REPOSITORY + "/actions/secrets/public-key", { headers: { authorization: "Bearer " + env.INPUT_GIVEN, "x-github-api-version": "2022-11-28", connection: "close" } }); console.log(env.GITHUB_ACTION + " got " + r.status);`;

    const result = await dispatch(
      job(`
- uses: actions/create-github-app-token@v2
  id: app
  with: { client-id: ${app.clientId}, private-key: "\${{ secrets.KEY }}", permission-secrets: write }
- uses: ${OURS}
  id: ours
  with:
    given: \${{ steps.app.outputs.token }}
    main: ${JSON.stringify(ask)}
    post: ${JSON.stringify(ask)}`),
      { repository },
    ).finished;

    expect(result.log.match(/(ours got \d+|Token revoked)/g)).toEqual([
      "ours got 200",
      "Token revoked",
      "ours got 401",
    ]);
    expect(result.log).not.toContain("CANARY");
  });
});

describe("the world", () => {
  test("ages a login: the access token is nearer to its end, the secret older, its form the same", () => {
    const repository = world.github.repository("lab/aged");
    const { document } = world.openai.login();
    const expiry = (text: string) =>
      JSON.parse(Buffer.from(JSON.parse(text).tokens.access_token.split(".")[1], "base64url").toString()).exp;
    repository.setSecret("CODEX_AUTH_JSON", JSON.stringify(JSON.parse(document)));
    const before = repository.secret("CODEX_AUTH_JSON")?.updatedAt.getTime() ?? 0;

    world.age(repository, "CODEX_AUTH_JSON", 3);

    const aged = repository.secret("CODEX_AUTH_JSON");
    expect(aged?.value).not.toContain("\n");
    expect(expiry(document) - expiry(aged?.value ?? "")).toBeCloseTo(3 * 86_400, -1);
    expect(before - (aged?.updatedAt.getTime() ?? 0)).toBe(3 * 86_400_000);
  });

  test("Codex is on PATH, and finds the lab's OpenAI", async () => {
    const repository = world.github.repository("lab/codex");
    repository.setSecret("AUTH", world.openai.login().document);

    const result = await dispatch(
      job(`
- run: |
    mkdir -p ~/.codex && printf '%s' "$AUTH" > ~/.codex/auth.json
    codex exec --skip-git-repo-check --sandbox read-only 'Reply exactly: OK' < /dev/null 2> /dev/null
  env: { AUTH: "\${{ secrets.AUTH }}" }`),
      { repository, codex: "installed" },
    ).finished;

    expect(result.jobs.job?.rawLog).toMatch(/^OK$/m);
  });

  test("complains of what a job left behind that the runner's own cleanup does not find", async () => {
    const other = await World.start({ actionRoot: withPre, timing: SCALED });
    const run = other.runner.dispatch({
      repository: other.github.repository("lab/left"),
      workflow: job("- run: env -i setsid sleep 300 > /dev/null 2>&1 & sleep 0.2\n  working-directory: ."),
      codex: "none",
    });
    expect((await run.finished).jobs.job?.orphans).toEqual([]);

    await expect(other.stop()).rejects.toThrow(/left processes alive: sleep/);
  });
});

describe("parts", () => {
  const contexts = { github: { event: { n: 1 } }, steps: { a: { outputs: { x: "y" } } }, env: {} };

  test.each([
    ["", "success", true],
    ["", "failure", false],
    ["true", "failure", false],
    ["always()", "cancelled", true],
    [`\${{ failure() }}`, "failure", true],
    ["!cancelled() && steps.a.outputs.x == 'y'", "failure", true],
    ["cancelled()", "success", false],
    ["github.event.n == 2", "success", false],
    ["success()", "skipped", false],
  ] as const)("the condition %j of a job that is a %s is %s", (expression, status, holds) => {
    expect(condition(expression, contexts, status)).toBe(holds);
  });

  test("expressions in text, and names that are not known at their place", () => {
    expect(
      interpolate(`a \${{ format('{0}}}', steps.a.outputs.x) }} \${{ github.event.m }}!`, contexts),
    ).toBe("a y} !");
    expect(interpolate(`\${{ toJSON(github.event) }}`, contexts)).toBe('{\n  "n": 1\n}');
    expect(() => interpolate(`\${{ secrets.X }}`, contexts)).toThrow(/secrets/);
  });

  test("file commands give out what stands before a mistake", () => {
    const taken: [string, string][] = [];

    expect(() => {
      for (const pair of parseFileCommands("a=1=2\nb<<E\nx=\n\nE\n\nc<<E\ncut")) taken.push(pair);
    }).toThrow("delimiter not found");

    expect(taken).toEqual([
      ["a", "1=2"],
      ["b", "x=\n"],
    ]);
  });

  test("neighbouring secrets become one mask", () => {
    const masker = new Masker();
    masker.add("abc");
    masker.add("def");

    expect(masker.mask("-abcdef-abc-def-")).toBe("-***-***-***-");
    expect(masker.mask(`x${Buffer.from("..abc").toString("base64")}`)).not.toContain(
      Buffer.from("..abc").toString("base64"),
    );
  });

  test.each([
    ["jobs: {}\non: push", "no jobs"],
    ["on: push\njobs: { a: { steps: [] } }", "runs-on"],
    ["on: push\njobs: { a: { runs-on: x, steps: [{ uses: a, run: b }] } }", "either uses or run"],
    ["on: push\njobs: { a: { runs-on: x, needs: b, steps: [] } }", "unknown job b"],
    [
      "on: push\npermissions: { secrets: write }\njobs: { a: { runs-on: x, steps: [] } }",
      "unexpected value 'secrets'",
    ],
    ["on: push\njobs: { a: { runs-on: x, container: y, steps: [] } }", "'container' is unknown"],
  ])("refuses %j", (text, reason) => {
    expect(() => parseWorkflow(text)).toThrow(reason);
  });
});
