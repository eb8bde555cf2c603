import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { startTimeOf, systemProcesses } from "../../../src/adapters/machine/processes.ts";

const children: ChildProcess[] = [];
const directories: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

const commandLineOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/cmdline`, "utf8");

async function start(
  script: string,
  env: Record<string, string> = {},
): Promise<ChildProcess & { pid: number }> {
  const child = spawn("/bin/sh", ["-c", script], { env: { PATH: process.env.PATH, ...env }, stdio: "pipe" });
  children.push(child);
  await once(child, "spawn");
  if (child.pid === undefined) throw new Error("the process did not start");
  // Not before it has become its sleep.
  while (script.startsWith("exec ") && !(await commandLineOf(child.pid)).startsWith("sleep")) await sleep(5);
  return Object.assign(child, { pid: child.pid });
}

describe("a process is alive", () => {
  test("under its own start time, and under no other", async () => {
    const { pid } = await start("exec sleep 60");
    const startedAt = await startTimeOf(pid);

    expect(startedAt).toMatch(/^\d+$/);
    expect(await systemProcesses.isAlive({ pid, startedAt })).toBe(true);
    expect(await systemProcesses.isAlive({ pid, startedAt: null })).toBe(true);
    // The number was given to another process meanwhile.
    expect(await systemProcesses.isAlive({ pid, startedAt: String(Number(startedAt) - 1) })).toBe(false);
  });

  test("no more when it has ended", async () => {
    const child = await start("exec sleep 60");
    const startedAt = await startTimeOf(child.pid);

    await end(child);

    expect(await systemProcesses.isAlive({ pid: child.pid, startedAt })).toBe(false);
    expect(await systemProcesses.isAlive({ pid: child.pid, startedAt: null })).toBe(false);
  });

  test("no more as a zombie, whom nobody has buried", async () => {
    // The shell becomes a sleep, which never waits for its child.
    const parent = await start("sleep 0.05 & echo $!; exec sleep 60");
    const [line] = (await once(parent.stdout ?? parent, "data")) as [Buffer];
    const pid = Number(String(line));
    const startedAt = await startTimeOf(pid);

    while ((await startTimeOf(pid)) !== null) await sleep(10);

    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(await systemProcesses.isAlive({ pid, startedAt })).toBe(false);
    expect(await systemProcesses.isAlive({ pid, startedAt: null })).toBe(false);
  });
});

describe("the processes of a home", () => {
  test("are those whose CODEX_HOME it is, with their start times", async () => {
    const home = await realpath(await mkdtemp(join(tmpdir(), "home-")));
    directories.push(home);
    const ours = await start("exec sleep 60", { CODEX_HOME: home });
    await start("exec sleep 60", { CODEX_HOME: `${home}2` });
    await start("exec sleep 60", { OLD_CODEX_HOME: home });
    await start("exec sleep 60");

    const found = await systemProcesses.usingHome(home);

    expect(found).toEqual([{ pid: ours.pid, startedAt: await startTimeOf(ours.pid) }]);
    await end(ours);
    expect(await systemProcesses.usingHome(home)).toEqual([]);
  });
});
