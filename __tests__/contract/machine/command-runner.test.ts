import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { groupCommandRunner } from "../../../src/adapters/machine/command-runner.ts";
import { systemProcesses } from "../../../src/adapters/machine/processes.ts";

const RUNNER = join(import.meta.dirname, "..", "..", "..", "src", "adapters", "machine", "command-runner.ts");

let root: string;
const programs: ChildProcess[] = [];
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "runner-")));
});
afterEach(async () => {
  for (const program of programs.splice(0)) program.kill("SIGKILL");
  // What a failed test has left: the command leads a group of its own.
  const leader = await readFile(join(root, "parent"), "utf8").catch(() => "");
  if (leader.trim() !== "" && (await alive(leader.trim()))) process.kill(-Number(leader), "SIGKILL");
  await rm(root, { recursive: true, force: true });
});

/** A program of its own, because signals are for a whole process: it runs the script and prints the outcome. */
function program(script: string): {
  child: ChildProcess;
  outcome: Promise<unknown>;
  running: Promise<unknown>;
  /** All of it. */
  printed: Promise<string>;
} {
  const main = `
    import { groupCommandRunner } from ${JSON.stringify(pathToFileURL(RUNNER).href)};
    import { writeSync } from "node:fs";
    const output = (stream, bytes) => writeSync(stream === "stdout" ? 1 : 2, bytes);
    const environment = { PATH: "/usr/bin:/bin", GIVEN: "yes", ABSENT: undefined, PERL5OPT: "-Mnothing" };
    const command = { file: "/bin/sh", args: ["-c", ${JSON.stringify(script)}], directory: ${JSON.stringify(root)}, environment, output };
    const running = groupCommandRunner.run(command);
    process.send("running");
    try { process.send(await running); } catch (error) { process.send({ error: error.code }); }
    process.disconnect();
  `;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", main], {
    env: { ...process.env, LAB_CANARY: "CANARY" },
    stdio: ["pipe", "pipe", "inherit", "ipc"],
  });
  programs.push(child);
  const messages: unknown[] = [];
  child.on("message", (message) => messages.push(message));
  const running = once(child, "message");
  const outcome = once(child, "close").then(() => messages[1]);
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += String(chunk);
  });
  return { child, outcome, running, printed: outcome.then(() => text) };
}

async function appears(name: string): Promise<string> {
  const path = join(root, name);
  for (;;) {
    const text = await readFile(path, "utf8").catch(() => "");
    if (text.endsWith("\n")) return text.trim();
    await sleep(20);
  }
}

const alive = (pid: string): Promise<boolean> =>
  systemProcesses.isAlive({ pid: Number(pid), startedAt: null });

describe("a command", () => {
  test("ends with its exit code", async () => {
    expect(await program("exit 7").outcome).toEqual({ exitCode: 7, signal: null });
  });

  test("that a signal ends says which", async () => {
    expect(await program("kill -TERM $$").outcome).toEqual({ exitCode: null, signal: "SIGTERM" });
  });

  test("runs in its directory, with its environment and nothing of ours, and reads nothing", async () => {
    const script = "pwd > pwd; env > env; cat > stdin; ps -o pgid= -p $$ > group; echo $$ > pid";

    await program(script).outcome;

    expect(await appears("pwd")).toBe(root);
    const names = (await appears("env")).split("\n").filter((line) => !/^(_|PWD|SHLVL|OLDPWD)=/.test(line));
    expect(names.sort()).toEqual([
      expect.stringMatching(/^CODEX_AUTH_ROUNDTRIP_COMMAND=[\d-]+$/),
      "GIVEN=yes",
      "PATH=/usr/bin:/bin",
      "PERL5OPT=-Mnothing",
    ]);
    expect(await readFile(join(root, "stdin"), "utf8")).toBe("");
    expect(Number(await appears("group"))).not.toBe(process.pid);
  });

  test("gives out what it prints", async () => {
    const { printed } = program("echo to the log");

    expect(await printed).toBe("to the log\n");
  });

  test("that is killed together with whoever looks after it has ended by that signal", async () => {
    expect(await program("kill -9 $PPID; sleep 60").outcome).toEqual({ exitCode: null, signal: "SIGKILL" });
  });

  test("that is not there is an error", async () => {
    await rm(root, { recursive: true });

    expect(await program("true").outcome).toEqual({ error: "ENOENT" });
  });
});

describe("what a command leaves behind has ended when the command's outcome is told", () => {
  test.each([
    { what: "in the background", script: "sleep 60 & echo $! > left" },
    { what: "that holds its output", script: "(echo $BASHPID > left; exec sleep 60) & echo first" },
    { what: "in a session of its own", script: "setsid sh -c 'echo $$ > left; exec sleep 60' >&- 2>&- &" },
    {
      what: "as a daemon without its environment",
      script:
        "env -i setsid sh -c '(echo $(exec sh -c \"echo \\$PPID\") > left; exec /bin/sleep 60) >/dev/null 2>&1 &'",
    },
    {
      what: "that does not listen to SIGTERM",
      script: "sh -c 'trap : TERM; echo $$ > left; while :; do sleep 0.1; done' &",
    },
  ])("a process $what", async ({ script }) => {
    const { outcome } = program(
      `${script.replaceAll("$BASHPID", "$(exec sh -c 'echo $PPID')")}\nwhile ! [ -s left ]; do sleep 0.01; done`,
    );

    const ended = await outcome;

    expect(ended).toEqual({ exitCode: 0, signal: null });
    expect(await alive(await appears("left"))).toBe(false);
  });

  test("and what it still has to print is heard", async () => {
    const { printed } = program("(sleep 0.4; echo late) & echo early");

    expect(await printed).toBe("early\nlate\n");
  });

  test("and nothing is waited for where there is nothing", async () => {
    const { outcome, running } = program("true");
    await running;
    const began = performance.now();

    await outcome;

    expect(performance.now() - began).toBeLessThan(900);
  });

  const collected = existsSync("/usr/bin/perl") && process.platform === "linux" ? test : test.skip;

  collected("and all of it ends with us when we are killed", async () => {
    const { child } = program(
      "trap : INT TERM; env -i setsid sh -c '(echo $(exec sh -c \"echo \\$PPID\") > left; exec /bin/sleep 60) >/dev/null 2>&1 &'; echo $$ > parent; while :; do sleep 1; done",
    );
    const both = [await appears("left"), await appears("parent")];

    child.kill("SIGKILL");

    while ((await Promise.all(both.map(alive))).includes(true)) await sleep(20);
  });

  test("and a neighbour of the command lives on", async () => {
    const neighbour = spawn("sleep", ["60"], { env: { ...process.env } });
    programs.push(neighbour);
    await program("sleep 60 & true").outcome;

    expect(neighbour.exitCode).toBeNull();
    expect(neighbour.signalCode).toBeNull();
  });
});

describe("a cancel signal to us", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "reaches the command and what it has started at once: %s",
    async (signal) => {
      await writeFile(
        join(root, "child.sh"),
        `trap 'echo heard > child-heard; exit' INT TERM; echo $$ > child; while :; do sleep 0.02; done\n`,
      );
      // Not a background job: a shell lets those ignore SIGINT.
      const { child, outcome, running } = program(
        "trap 'echo heard > heard; exit 3' INT TERM; echo $$ > parent; /bin/sh child.sh",
      );
      const [parent, grandchild] = [await appears("parent"), await appears("child")];

      await running;
      child.kill(signal);

      expect(await outcome).toEqual({ exitCode: 3, signal: null });
      expect([await appears("heard"), await appears("child-heard")]).toEqual(["heard", "heard"]);
      expect([await alive(parent), await alive(grandchild)]).toEqual([false, false]);
    },
  );

  test("does not end us before the command, which may take its time", async () => {
    const { child, outcome, running } = program(
      "trap 'sleep 0.3; echo saved > saved; exit 0' INT; echo $$ > parent; while :; do sleep 0.02; done",
    );
    await appears("parent");

    await running;
    child.kill("SIGINT");

    expect(await outcome).toEqual({ exitCode: 0, signal: null });
    expect(await appears("saved")).toBe("saved");
  });
});

describe("a command that is told to stop", () => {
  async function stopped(script: string, afterMs: number): Promise<{ ending: unknown; tookMs: number }> {
    const stop = new AbortController();
    const startedMs = performance.now();
    setTimeout(() => stop.abort(), afterMs);
    const ending = await groupCommandRunner.run({
      file: "/bin/sh",
      args: ["-c", script],
      directory: root,
      environment: { PATH: "/usr/bin:/bin" },
      output: () => {},
      stop: stop.signal,
    });
    return { ending, tookMs: performance.now() - startedMs };
  }

  test("ends by SIGTERM, with all that it has started", async () => {
    const { ending } = await stopped(`setsid sleep 617 & echo $! >${root}/daemon; sleep 618`, 500);

    expect(ending).toEqual({ exitCode: null, signal: "SIGTERM" });
    const daemon = Number(await readFile(join(root, "daemon"), "utf8"));
    expect(() => process.kill(daemon, 0)).toThrow("ESRCH");
  });

  test("may finish what it is at", async () => {
    const { ending } = await stopped("trap 'exit 7' TERM; while :; do sleep 0.1; done", 500);

    expect(ending).toEqual({ exitCode: 7, signal: null });
  });

  test("is killed where it ignores that", async () => {
    const { ending, tookMs } = await stopped("trap '' TERM; while :; do sleep 0.1; done", 500);

    expect(ending).toEqual({ exitCode: null, signal: "SIGKILL" });
    expect(tookMs).toBeGreaterThan(5_000);
  });

  test("before it has begun ends at once", async () => {
    const { ending } = await stopped("sleep 619", 0);

    expect(ending).toMatchObject({ exitCode: null });
  });
});
