import { beforeEach, describe, expect, test } from "@jest/globals";
import { runCommands } from "../../../src/action/job/run.ts";
import { type Command, type Ending, MemoryCommands, succeeded } from "../ports/commands.ts";
import { MemoryFiles, systemError } from "../ports/files.ts";

let files: MemoryFiles;
let commands: MemoryCommands;
beforeEach(() => {
  files = new MemoryFiles();
  commands = new MemoryCommands();
});

function runScript(shell: string, output: Command["output"] = () => {}): Promise<void> {
  return runCommands(
    { files, commands },
    {
      script: 'codex exec "tidy up"\nexit 0',
      shell,
      base: "/temp/base",
      directory: "/work/app",
      environment: { CODEX_HOME: "/temp/home" },
      output,
    },
  );
}

describe("the user's commands", () => {
  test.each([
    {
      shell: "bash",
      file: "bash",
      args: ["--noprofile", "--norc", "-eo", "pipefail", "/temp/base/run.sh"],
    },
    { shell: "sh", file: "sh", args: ["-e", "/temp/base/run.sh"] },
    { shell: "pwsh", file: "pwsh", args: ["-command", ".", "'/temp/base/run.ps1'"] },
    { shell: "python", file: "python", args: ["/temp/base/run.py"] },
    {
      shell: "fish   --private {0} {0}.log",
      file: "fish",
      args: ["--private", "/temp/base/run.sh", "/temp/base/run.sh.log"],
    },
    { shell: "env both={0}:{0}", file: "env", args: ["both=/temp/base/run.sh:/temp/base/run.sh"] },
  ])("run with $shell as GitHub's `run` does", async ({ shell, file, args }) => {
    const started = commands.watch(file);

    await runScript(shell);

    expect(started).toMatchObject([{ file, args, directory: "/work/app" }]);
  });

  test("are given Codex's home, and nothing of ours", async () => {
    const started = commands.watch("bash");

    await runScript("bash");

    expect(started[0]?.environment).toEqual({ CODEX_HOME: "/temp/home" });
  });

  test("stand in a script of their own for as long as they run, which only we may read", async () => {
    let script: { text: string | null; mode: number | undefined } | null = null;
    commands.programs.set("bash", async ({ args }) => {
      const path = args.at(-1) ?? "";
      script = { text: await files.read(path), mode: files.modes.get(path) };
      return succeeded;
    });

    await runScript("bash");

    expect(script).toEqual({ text: 'codex exec "tidy up"\nexit 0\n', mode: 0o700 });
    expect(files.below("/")).toEqual([]);
  });

  test("are heard while they print", async () => {
    const heard: string[] = [];
    commands.programs.set("bash", async ({ output }: Command) => {
      output("stdout", Buffer.from("401 "));
      output("stderr", Buffer.from("Unauthorized"));
      return succeeded;
    });

    await runScript("bash", (stream, bytes) => heard.push(`${stream}: ${Buffer.from(bytes)}`));

    expect(heard).toEqual(["stdout: 401 ", "stderr: Unauthorized"]);
  });

  test.each<Ending & { end: string }>([
    { exitCode: 3, signal: null, end: "exited with code 3" },
    { exitCode: null, signal: "SIGTERM", end: "was ended by SIGTERM" },
  ])("that end badly fail the step: $end", async ({ end, ...ending }) => {
    commands.watch("bash", ending);

    const run = runScript("bash");

    await expect(run).rejects.toMatchObject({
      code: "run-failed",
      message: `The command in \`run\` ${end}.`,
      hint: expect.stringContaining("output above"),
    });
    expect(files.below("/")).toEqual([]);
  });

  test("that cannot be started are a failure that names the inputs, and leave no script behind", async () => {
    const run = runScript("pwsh");

    await expect(run).rejects.toMatchObject({
      code: "run-failed",
      message: expect.stringMatching(/could not be started: .*pwsh.*\/work\/app/),
      hint: expect.stringMatching(/`shell`.*`working-directory`/),
      cause: { code: "ENOENT" },
    });
    expect(files.below("/")).toEqual([]);
  });
});

test("a machine that starts no more processes is not said to lack the shell", async () => {
  commands.programs.set("bash", async () => {
    throw systemError("EAGAIN");
  });

  await expect(runScript("bash")).rejects.toMatchObject({
    code: "run-failed",
    message: expect.stringMatching(/^The operating system refused .*EAGAIN/),
    hint: expect.stringContaining("ulimit"),
  });
});

describe("a shell without a place for the script", () => {
  test.each(["fish", "fish --private", "{0}", ""])(
    "as in %j is refused before anything is written",
    async (shell) => {
      const touched: string[] = [];
      files.interfere = (operation) => touched.push(operation);

      const run = runScript(shell);

      await expect(run).rejects.toMatchObject({
        code: "input-invalid",
        message: expect.stringContaining("`shell`"),
        hint: expect.stringContaining("{0}"),
      });
      expect(touched).toEqual([]);
    },
  );
});
