import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Machine } from "../../../lab/runner/machine.ts";
import { PhaseProcess } from "../../../lab/runner/phase-process.ts";
import { isAlive, kill, livingProcess, signalProcess } from "../../../lab/runner/processes.ts";
import { Supervisor } from "../../../lab/runner/supervisor.ts";
import { World } from "../../../lab/world.ts";

const TIMING = { sigintMs: 300, sigtermMs: 200, streamsMs: 300, graceMs: 5000, minuteMs: 600 };

let world: World;
let strangers: ChildProcess[];

beforeEach(async () => {
  world = await World.start({ timing: TIMING });
  strangers = [];
});

afterEach(async () => {
  for (const stranger of strangers) stranger.kill("SIGKILL");
  await world.stop();
});

/** A process that the lab has not started, whatever it looks like. */
async function stranger(options: { cwd?: string; env?: Record<string, string>; args?: string[] } = {}) {
  const child = spawn("bash", ["-c", "sleep 300", ...(options.args ?? [])], {
    cwd: options.cwd ?? "/",
    env: { PATH: process.env.PATH, ...options.env },
    detached: true,
    stdio: "ignore",
  });
  strangers.push(child);
  const living = livingProcess(child.pid ?? 0);
  if (!living) throw new Error("the stranger does not live");
  return living;
}

async function started(
  machine: Machine,
  script: string,
): Promise<{ process: PhaseProcess; lines: string[] }> {
  const lines: string[] = [];
  const process = new PhaseProcess(
    { file: "bash", args: ["-c", script], cwd: "/", env: { PATH: "/usr/bin:/bin" } },
    { timing: TIMING, entrance: await machine.entrance(), onLine: (line) => lines.push(line) },
  );
  if (process.supervisor) machine.remember(process.supervisor);
  return { process, lines };
}

async function until(what: () => boolean): Promise<void> {
  for (let waited = 0; !what(); waited += 10) {
    if (waited > 10_000) throw new Error("waited in vain");
    await sleep(10);
  }
}

describe("what the lab ends", () => {
  test("is nothing at all when a process could not be started", async () => {
    const machine = await Machine.create(world.root, "m", "job");
    const process = new PhaseProcess(
      { file: "/nowhere/node", args: [], cwd: "/", env: {} },
      { timing: TIMING, entrance: await machine.entrance(), onLine: () => {} },
    );
    if (process.supervisor) machine.remember(process.supervisor);

    await expect(process.ended).rejects.toThrow(
      "An error occurred trying to start process '/nowhere/node' with working directory '/'. No such file or directory",
    );

    expect(process.pid).toBeNull();
    await until(() => !process.supervisor || !isAlive(process.supervisor));
    expect(machine.processes()).toEqual([]);
  });

  test("is nothing at all when not even the supervisor could be started", async () => {
    const machine = await Machine.create(world.root, "m", "job");
    const process = new PhaseProcess(
      { file: "true", args: [], cwd: "/", env: {} },
      { timing: TIMING, entrance: { prefix: ["/nowhere/unshare"] }, onLine: () => {} },
    );

    await expect(process.ended).rejects.toThrow("spawn /nowhere/unshare ENOENT");

    expect([process.pid, process.supervisor]).toEqual([null, undefined]);
    expect(livingProcess(0)).toBeUndefined();
    expect(machine.processes()).toEqual([]);
  });

  test("spares strangers who work in its directories, name them, and carry a job's own marker", async () => {
    const machine = await Machine.create(world.root, "m", "job");
    const { process, lines } = await started(
      machine,
      "RUNNER_TRACKING_ID=github_x sleep 300 & echo up; wait",
    );
    await until(() => lines.includes("up"));
    const bystanders = [
      await stranger({ cwd: machine.root }),
      await stranger({ env: { HOME: machine.home, RUNNER_TRACKING_ID: "github_x" } }),
      await stranger({ args: [machine.root, String(process.pid)] }),
    ];
    await until(() => machine.processes().length === 2);

    expect(machine.orphans("github_x").map(({ command }) => command)).toEqual(["sleep"]);
    await machine.lose();

    expect(machine.processes()).toEqual([]);
    expect(bystanders.map(isAlive)).toEqual([true, true, true]);
    expect((await process.ended).signal).toBe("SIGKILL");
  });

  test("is everything that was started, also a daemon with a session of its own and an empty environment", async () => {
    const machine = await Machine.create(world.root, "m", "job");
    const daemon = "(cd /; env -i setsid bash -c '(sleep 300 &) ; sleep 300' > /dev/null 2>&1 &)";
    const { process } = await started(machine, daemon);

    expect(await process.ended).toMatchObject({ exitCode: 0, signal: null });
    await until(() => machine.processes().filter(({ command }) => command === "sleep").length === 2);
    await machine.killEverything();

    expect(machine.processes()).toEqual([]);
    // It ends by itself, when it has reaped the last of them.
    await until(() => !process.supervisor || !isAlive(process.supervisor));
  });

  test("is never a later process of the same number", async () => {
    const bystander = await stranger();
    const before = { pid: bystander.pid, start: String(Number(bystander.start) - 1) };

    signalProcess(before, "SIGKILL");
    await kill([before]);

    expect(isAlive(before)).toBe(false);
    expect(isAlive(bystander)).toBe(true);
  });
});

test("how a program has ended is told rightly, however many end at once", async () => {
  const command = { file: "/bin/sh", args: ["-c", "exit 3"], cwd: "/", env: {} };
  // The first word counts; that of the supervisor's own end comes after it.
  const exitCode = (): Promise<number | null> =>
    new Promise((ended) => {
      new Supervisor(command, { prefix: [] }, (told) => {
        if (told.event === "exited") ended(told.exitCode);
      });
    });
  for (let round = 0; round < 5; round++)
    expect(await Promise.all(Array.from({ length: 24 }, exitCode))).toEqual(Array(24).fill(3));
});

test("a step whose process cannot be started fails, and says so; whoever stands beside it lives on", async () => {
  const bystander = await stranger({ cwd: world.root, env: { LAB: world.root } });
  const steps = [
    "- run: echo never\n        working-directory: nowhere",
    "- run: echo never\n        shell: no-such-shell {0}",
  ];

  const runs = steps.map((step) =>
    world.runner.dispatch({
      repository: world.github.repository("lab/unstartable"),
      workflow: `on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n      ${step}\n`,
      codex: "none",
    }),
  );
  const results = await Promise.all(runs.map(({ finished }) => finished));

  expect(results.map(({ conclusion }) => conclusion)).toEqual(["failure", "failure"]);
  for (const { log } of results) {
    expect(log).toMatch(/An error occurred trying to start process '.*'\. No such file or directory/);
    expect(log).not.toMatch(/^never$/m);
  }
  expect(isAlive(bystander)).toBe(true);
});

test("nothing that a program is given is in its parent's command line or environment", async () => {
  const machine = await Machine.create(world.root, "m", "job");
  const { process, lines } = await started(
    machine,
    "cat /proc/$PPID/environ /proc/$PPID/cmdline | tr '\\0' '\\n'; :",
  );
  await process.ended;

  expect(lines.join("\n")).not.toContain("cat /proc");
  expect(lines.filter((line) => /^[A-Z_]+=/.test(line))).toEqual([expect.stringMatching(/^PATH=/)]);
});
