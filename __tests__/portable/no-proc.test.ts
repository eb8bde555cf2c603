import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { pretend } from "./other-system.ts";

// Everything that reads /proc finds nothing there, as on macOS and on Windows.
const without = (path: unknown): void => {
  if (String(path).startsWith("/proc")) throw Object.assign(new Error("ENOENT"), { code: "ENOENT" });
};

let putBack: () => void = () => {};
let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill("SIGKILL");
  putBack();
});

async function processes(platform: "win32" | "darwin") {
  putBack = pretend(platform);
  const disk = jest.requireActual<typeof import("node:fs")>("node:fs");
  jest.unstable_mockModule("node:fs", () => ({
    ...disk,
    readFileSync: (...given: Parameters<typeof disk.readFileSync>) => {
      without(given[0]);
      return disk.readFileSync(...given);
    },
    readdirSync: (...given: [string]) => {
      without(given[0]);
      return disk.readdirSync(...given);
    },
  }));
  return import("../../src/adapters/machine/processes.ts");
}

async function started(): Promise<number> {
  child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
    stdio: "ignore",
    detached: true,
    env: { ...process.env, CODEX_HOME: "/some/home" },
  });
  await once(child, "spawn");
  return child.pid ?? 0;
}

describe.each(["win32", "darwin"] as const)("without /proc, on %s", (platform) => {
  test("a process is alive by its number, and one whose start is known is not taken for another", async () => {
    const { startTimeOf, systemProcesses } = await processes(platform);
    const pid = await started();

    expect(startTimeOf(pid)).toBeNull();
    expect(await systemProcesses.isAlive({ pid, startedAt: null })).toBe(true);
    expect(await systemProcesses.isAlive({ pid, startedAt: "12345" })).toBe(false);

    child?.kill("SIGKILL");
    if (child) await once(child, "exit");
    expect(await systemProcesses.isAlive({ pid, startedAt: null })).toBe(false);
  });

  test("nobody is found to use a home, and a command's group stands for all that it has started", async () => {
    const { descendants, systemProcesses } = await processes(platform);
    const pid = await started();

    expect(await systemProcesses.usingHome("/some/home")).toEqual([]);
    expect(descendants({ root: pid, marker: "CODEX_HOME=/some/home" })).toEqual([
      { pid: -pid, startedAt: "" },
    ]);
  });
});
