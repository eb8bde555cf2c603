import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";

const directory = mkdtempSync(join(tmpdir(), "demo-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const onLinux = process.platform === "linux" ? test : test.skip;

onLinux(
  "Ctrl-C in the demo leaves no world and no process behind",
  async () => {
    // A terminal's Ctrl-C reaches npm, its shell and Node at once: a process group is as good.
    const demo = spawn("npm", ["run", "demo"], {
      detached: true,
      env: { ...process.env, TMPDIR: directory },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise((resolve) => demo.once("close", resolve));
    let said = "";
    for await (const chunk of demo.stdout.setEncoding("utf8")) {
      said += chunk;
      // The first runs have ended, and the next are at work.
      if (/^Day 1\b/m.test(said)) break;
    }
    expect(worlds()).toHaveLength(2);

    process.kill(-(demo.pid ?? 0), "SIGINT");
    await ended;
    await until(() => processes().length === 0);

    expect(worlds()).toEqual([]);
    expect(processes()).toEqual([]);
  },
  120_000,
);

function worlds(): string[] {
  return readdirSync(directory).filter((name) => name.startsWith("lab-world-"));
}

/** The processes of the demo: their environment, or their command line, names our directory. */
function processes(): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      return ["environ", "cmdline"].some((file) =>
        readFileSync(join("/proc", name, file), "latin1").includes(directory),
      );
    } catch {
      return false;
    }
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!isTrue() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
}
