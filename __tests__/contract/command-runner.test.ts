import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

const RUNNER = join(import.meta.dirname, "..", "..", "src", "adapters", "command-runner.ts");

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
} {
  const main = `
    import { groupCommandRunner } from ${JSON.stringify(pathToFileURL(RUNNER).href)};
    const environment = { PATH: "/usr/bin:/bin", GIVEN: "yes", ABSENT: undefined };
    const command = { file: "/bin/sh", args: ["-c", ${JSON.stringify(script)}], directory: ${JSON.stringify(root)}, environment, output: () => {} };
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
  return { child, outcome, running };
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
  access(`/proc/${pid}`).then(
    () => true,
    () => false,
  );

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
    expect(names.sort()).toEqual(["GIVEN=yes", "PATH=/usr/bin:/bin"]);
    expect(await readFile(join(root, "stdin"), "utf8")).toBe("");
    expect((await appears("group")).trim()).toBe(await appears("pid"));
  });

  test("shows what it prints", async () => {
    const { child, outcome } = program("echo to the log");
    let printed = "";
    child.stdout?.on("data", (chunk) => {
      printed += String(chunk);
    });

    await outcome;

    expect(printed).toBe("to the log\n");
  });

  test("that is not there is an error", async () => {
    await rm(root, { recursive: true });

    expect(await program("true").outcome).toEqual({ error: "ENOENT" });
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
