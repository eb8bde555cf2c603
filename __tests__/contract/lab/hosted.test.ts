import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { nativeCodex } from "../../../lab/codex.ts";
import type { DispatchOptions, JobResult, Machine } from "../../../lab/runner/runner.ts";
import { World } from "../../../lab/world.ts";
import { hostedTest } from "../../scenarios/stage.ts";

let world: World;
let action: string;

beforeEach(async () => {
  action = await mkdtemp(join(tmpdir(), "lab-hosted-"));
  const inputs = "inputs:\n  main: { description: JavaScript }";
  await writeFile(
    join(action, "action.yml"),
    `name: tells\n${inputs}\nruns: { using: node24, main: main.mjs, post: main.mjs }\n`,
  );
  await writeFile(
    join(action, "main.mjs"),
    `import fs from "node:fs"; import { execFileSync, spawn } from "node:child_process"; new Function("fs", "execFileSync", "spawn", process.env.INPUT_MAIN ?? "")(fs, execFileSync, spawn);`,
  );
  world = await World.start({ actionRoot: action });
});

afterEach(async () => {
  await world.stop();
  await rm(action, { recursive: true, force: true });
});

async function run(
  machine: Machine,
  steps: string[],
  options: Partial<DispatchOptions> = {},
): Promise<JobResult> {
  const repository = world.github.repository("octo/app");
  const indented = steps.map((step) => step.replaceAll(/^/gm, "      ")).join("\n");
  const { jobs } = await world.runner.dispatch({
    repository,
    workflow: `on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n${indented}\n`,
    machine,
    ...options,
  }).finished;
  const { job } = jobs;
  if (!job) throw new Error("there is no job");
  return job;
}

const OURS = "- uses: codex-auth-roundtrip/codex-auth-roundtrip@v1";

describe("a hosted machine", () => {
  hostedTest("has GitHub's paths, an unprivileged user, and nobody else on it", async () => {
    const machine = await world.runner.hostedMachine();
    const look = [
      `echo "places $PWD $HOME $RUNNER_TEMP $RUNNER_TOOL_CACHE $TMPDIR \${{ runner.temp }} \${{ github.workspace }}"`,
      'echo "who $(id -u) caps $(grep CapEff /proc/self/status | tr -d "\\t")"',
      "cat /proc/*/cmdline | tr '\\0' ' '; echo",
      'echo "pids $(ls /proc | grep -c "^[0-9]")"',
      'echo "homes $(ls /home) opt $(ls -m /opt) tmp $(ls -A /tmp)"',
      `ls ${process.cwd()} ${action} ${world.root} > /dev/null 2>&1 || echo "hidden"`,
      "echo x > /opt/programs/node/bin/node || echo read-only",
      "command -v codex node && codex --version && node --version",
    ].join("\n");

    const job = await run(machine, [`- run: |\n    ${look.replaceAll("\n", "\n    ")}`]);

    expect(job.conclusion).toBe("success");
    expect(job.log).toContain(
      "places /home/runner/work/app/app /home/runner /home/runner/work/_temp /opt/hostedtoolcache /tmp /home/runner/work/_temp /home/runner/work/app/app",
    );
    expect(job.log).toContain("who 1001 caps CapEff:0000000000000000");
    expect(Number(/pids (\d+)/.exec(job.log)?.[1])).toBeLessThan(10);
    expect(job.log).toContain("homes runner opt hostedtoolcache, programs tmp \n");
    expect(job.log).toMatch(/^hidden$/m);
    expect(job.log).toMatch(/^read-only$/m);
    expect(job.log).toMatch(/^\/opt\/programs\/path\/codex$/m);
    expect(job.log).toMatch(/^codex-cli 0\.169\.0$/m);
    expect(job.log).not.toMatch(/jest|tsx/);
  });

  hostedTest("carries environment, outputs, paths and background processes from step to step", async () => {
    const machine = await world.runner.hostedMachine();
    let seen = "";
    const job = await run(
      machine,
      [
        `${OURS}\n  with: { main: "fs.appendFileSync(process.env.GITHUB_ENV, 'PLANTED=' + __dirname0() + '\\\\n'); function __dirname0() { return process.argv[1]; }" }`,
        `- run: |\n    sleep 300 > /dev/null 2>&1 &\n    echo "$!" > "$RUNNER_TEMP/pid"; mkdir bin; printf '#!/bin/sh\\necho tool' > bin/tool; chmod +x bin/tool; echo "$PWD/bin" >> "$GITHUB_PATH"`,
        `- run: |\n    kill -0 "$(cat "$RUNNER_TEMP/pid")" && echo "lives"; tool; echo "action $PLANTED"`,
      ],
      {
        beforeCleanup: async ({ temp }) => {
          seen = await readFile(join(temp, "pid"), "utf8");
        },
      },
    );

    expect(job.log).toMatch(/^lives$/m);
    expect(job.log).toMatch(/^tool$/m);
    expect(job.log).toContain(
      "action /home/runner/work/_actions/codex-auth-roundtrip/codex-auth-roundtrip/v1/main.mjs",
    );
    expect(Number(seen)).toBeLessThan(1000);
    expect(job.orphans.map(({ command }) => command)).toEqual(["sleep"]);
    expect(machine.processes()).toEqual([]);
    await expect(readdir(machine.root)).rejects.toThrow("ENOENT");
  });

  hostedTest("keeps the real Codex in its sandbox, and passes on the signals of a cancellation", async () => {
    world.github.repository("octo/app").setSecret("AUTH", world.openai.login().document);
    world.openai.model = ({ outputs }) =>
      outputs.length > 0
        ? [{ message: outputs.join() }]
        : [{ exec: "echo $((6 * 7)); touch /home/runner/x; cat /proc/1/environ | wc -c" }];
    const codex = await run(await world.runner.hostedMachine(), [
      `- run: |\n    mkdir -p ~/.codex && printf '%s' "$AUTH" > ~/.codex/auth.json\n    codex exec --skip-git-repo-check --sandbox read-only hi < /dev/null 2>&1\n  env: { AUTH: "\${{ secrets.AUTH }}" }`,
    ]);
    Object.assign(world.runner.timing, { sigintMs: 2000, sigtermMs: 200 });
    const machine = await world.runner.hostedMachine();
    const waiting = world.runner.dispatch({
      repository: world.github.repository("octo/app"),
      workflow:
        "on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n      - run: \"trap 'echo got INT; exit 0' INT; echo up; while :; do sleep 0.05; done\"\n",
      machine,
    });
    await new Promise<void>((resolve) => waiting.on("log", (line) => line === "up" && resolve()));
    waiting.cancel();

    expect(codex.rawLog).toMatch(/^42$/m);
    expect(codex.rawLog).toMatch(/Read-only file system|Permission denied/);
    expect((await waiting.finished).log).toContain("got INT");
  });

  hostedTest("dies whole, and ends only its own", async () => {
    const machine = await world.runner.hostedMachine();
    const lost = world.runner.dispatch({
      repository: world.github.repository("octo/app"),
      workflow:
        "on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n      - run: setsid sleep 300 & echo up; wait\n",
      machine,
    });
    await new Promise<void>((resolve) => lost.on("log", (line) => line === "up" && resolve()));

    await lost.loseMachine();

    expect((await lost.finished).conclusion).toBe("lost");
    expect(machine.processes()).toEqual([]);
  });
});

describe("an action's checkout", () => {
  test("lies under _actions, is fresh in every job, and is not the original", async () => {
    const machine = await world.runner.persistentMachine();
    const spoil = `"console.log(process.argv[1]); fs.appendFileSync(process.argv[1], '//spoilt')"`;

    const first = await run(machine, [`${OURS}\n  with: { main: ${spoil} }`], { codex: "none" });
    const second = await run(
      machine,
      [
        `${OURS}\n  with: { main: "console.log(fs.readFileSync(process.argv[1], 'utf8').includes('spoilt'))" }`,
      ],
      { codex: "none" },
    );

    const place = join(machine.actions, "codex-auth-roundtrip/codex-auth-roundtrip/v1/main.mjs");
    expect(first.log).toContain(`\n${place}\n`);
    expect(second.log).toMatch(/^false$/m);
    expect(await readFile(join(action, "main.mjs"), "utf8")).not.toContain("spoilt");
  });

  hostedTest("belongs to the machine's user, while Node and Codex keep their owner", async () => {
    const owner = async (path: string) => (await stat(path)).uid;
    const before = await owner(nativeCodex());
    const machine = await world.runner.persistentMachine("theirs", { user: { uid: 65_534, gid: 65_534 } });

    const job = await run(machine, [
      `${OURS}\n  with: { main: "fs.appendFileSync(process.argv[1], '//mine'); console.log('uid ' + process.getuid())" }`,
    ]);

    expect(job.log).toMatch(/^uid 65534$/m);
    expect(await owner(join(machine.actions, "codex-auth-roundtrip/codex-auth-roundtrip/v1/main.mjs"))).toBe(
      65_534,
    );
    expect([await owner(nativeCodex()), await owner(machine.programs.codex)]).toEqual([before, before]);
  });
});
