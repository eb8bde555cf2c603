import { devNull } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { BASE, codeOf, DONE, HOME, HOUR_MS, LOGIN, Step, WRITE_TOKEN } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;

type Command = Parameters<Step["command"]>[0];

/** Only there is the sandbox a program. */
const onLinux = process.platform === "linux" ? test : test.skip;

/** The commands that have been started, oldest first. */
function watch(step: Step, then: Step["command"] = () => DONE): Command[] {
  const started: Command[] = [];
  step.command = (command) => {
    started.push(command);
    return then(command);
  };
  return started;
}

describe("the user's command", () => {
  test("runs in the workspace by the shell asked for, with the script as it was given", async () => {
    const step = new Step(QUIET_MS, { run: "codex exec 'tidy up'", shell: "sh" });
    let script: string | null = null;
    const started = watch(step, (command) => {
      script = String(step.files.contents.get(command.args.at(-1) ?? ""));
      return DONE;
    });

    await step.play();

    expect(started).toMatchObject([{ file: "sh", directory: "/work/app" }]);
    expect(script).toBe("codex exec 'tidy up'\n");
  });

  test("runs where the workflow says, and beside the process where a job has no workspace", async () => {
    const elsewhere = new Step(QUIET_MS, { "working-directory": "/work/app/part" });
    const nowhere = new Step(QUIET_MS);
    nowhere.context = { ...nowhere.context, workspace: null };
    const started = [watch(elsewhere), watch(nowhere)];

    await elsewhere.play();
    await nowhere.play();

    expect(started.map(([command]) => command?.directory)).toEqual(["/work/app/part", process.cwd()]);
  });

  test("finds the home and what `codex-env` adds, and nothing that could redirect or spend the login", async () => {
    const step = new Step(QUIET_MS, { "codex-env": "TEAM=blue\nHTTP_PROXY=http://127.0.0.1:3128" });
    Object.assign(step.environment, {
      CODEX_HOME: "/home/somebody/.codex",
      TEAM: "red",
      MINE: "kept",
      COPIED_WRITE_TOKEN: `token ${WRITE_TOKEN}`,
      COPIED_LOGIN: step.login.line().reveal(),
      COPIED_TOKEN: step.login.accessToken.reveal(),
      COPIED_ACCESS: step.login.accessToken.reveal(),
      OPENAI_BASE_URL: "https://elsewhere.example",
      ACTIONS_RUNTIME_TOKEN: "runtime-CANARY",
    });
    const started = watch(step);

    await step.play();

    expect(started[0]?.environment).toEqual({
      PATH: "/bin",
      CODEX_HOME: HOME,
      MINE: "kept",
      TEAM: "blue",
      HTTP_PROXY: "http://127.0.0.1:3128",
    });
  });

  test.each([
    { inputs: {}, kept: ["GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"] },
    { inputs: { run: "", prompt: "Tidy up." }, kept: [] },
  ])("is not handed our state: of the runner's files with %j it has $kept", async ({ inputs, kept }) => {
    const step = new Step(QUIET_MS, inputs);
    const names = ["GITHUB_STATE", "GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"];
    Object.assign(step.environment, Object.fromEntries(names.map((name) => [name, `/files/${name}`])));
    const started = watch(step);

    await step.play();

    expect(
      Object.keys(started[0]?.environment ?? {})
        .filter((name) => names.includes(name))
        .sort(),
    ).toEqual(kept);
  });

  const OF_JOB = "/work/app/bin:/usr/bin";

  function withProgramsInWorkspace(inputs: ConstructorParameters<typeof Step>[1] = {}) {
    const step = new Step(QUIET_MS, { "protect-auth": "profile", ...inputs });
    step.path = { ofJob: () => OF_JOB, outsideWorkspace: () => "/usr/bin" };
    return { step, started: watch(step) };
  }

  onLinux("finds its programs in the workspace, too, but a bubblewrap of ours first", async () => {
    const { step, started } = withProgramsInWorkspace();
    await step.files.write("/usr/bin/bwrap", "");

    await step.play();

    expect(started[0]?.environment.PATH).toBe(`${BASE}/sandbox:${OF_JOB}`);
  });

  onLinux.each([
    { what: "nothing in the workspace where there is no bubblewrap", inputs: {}, path: "/usr/bin" },
    { what: "all where nothing is to be protected", inputs: { "protect-auth": "off" }, path: OF_JOB },
  ])("finds $what", async ({ inputs, path }) => {
    const { step, started } = withProgramsInWorkspace(inputs);

    await step.play();

    expect(started[0]?.environment.PATH).toBe(path);
  });

  onLinux.each([
    { inputs: { run: "", prompt: "Hello" }, path: "/usr/bin", repository: devNull },
    {
      inputs: { run: "", prompt: "Hello", "codex-env": "GIT_DIR=/mine" },
      path: "/usr/bin",
      repository: "/mine",
    },
    { inputs: { run: "", prompt: "Hello", "protect-auth": "off" }, path: OF_JOB, repository: undefined },
    { inputs: {}, path: "/usr/bin", repository: undefined },
  ])("runs Codex without the workspace's programs and repositories: $inputs", async (given) => {
    const { step, started } = withProgramsInWorkspace(given.inputs);

    await step.play();

    expect(started[0]?.environment).toMatchObject({ PATH: given.path });
    expect(started[0]?.environment.GIT_DIR).toBe(given.repository);
  });

  test("fails the job when it fails, and the summary's state says so", async () => {
    const step = new Step(QUIET_MS);
    watch(step, () => ({ exitCode: 3, signal: null }));
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("run-failed");
    expect(step.report?.alert?.code).toBe("run-failed");
    expect(await step.post()).toBe("success");
  });

  test("does not run in a job that was cancelled meanwhile", async () => {
    const step = new Step(QUIET_MS);
    const started = watch(step);
    await step.pre();
    step.isCancelled = true;

    const end = await step.main();

    expect(end).toMatchObject({
      code: "cancelled",
      message: "The job was cancelled.",
      hint: "Run it again.",
    });
    expect(started).toEqual([]);
  });
});

test.each([".env", "environments.toml"])(
  "no job runs where a step has put %s into the home",
  async (name) => {
    const step = new Step(QUIET_MS);
    const started = watch(step);
    await step.pre();
    await step.files.write(`${HOME}/${name}`, "HTTPS_PROXY=http://evil.example");

    expect(codeOf(await step.main())).toBe("config-refused");
    expect(started).toEqual([]);
  },
);

test("a home of the user's own may have them", async () => {
  const step = new Step(QUIET_MS, { "codex-home": "/home/svc/.codex" });
  const started = watch(step);
  await step.files.write("/home/svc/.codex/.env", "HTTPS_PROXY=http://proxy.example");

  await step.play();

  expect(started).toHaveLength(1);
});

describe("a config.toml that was in the home before", () => {
  const OWN = "/home/svc/.codex";

  async function stepWithConfig(config: string): Promise<Step> {
    const step = new Step(QUIET_MS, { "codex-home": OWN, "protect-auth": "profile", run: "" });
    await step.files.write(`${OWN}/config.toml`, config);
    return step;
  }

  test("is told once in a job for what it lacks, by the step that has found it", async () => {
    const step = await stepWithConfig('model = "x"\n');

    for (const _ of [1, 2]) {
      await step.pre();
      expect(await step.main()).toBe("success");
      step.beginAnother();
    }

    expect(step.said(/^warning: .*does not keep the model's commands out/)).toHaveLength(1);
    expect(step.said(new RegExp(`"${LOGIN}" = "deny"`))).toHaveLength(1);
    expect(step.said(/^warning: .*connected apps and plugins/)).toHaveLength(1);
  });

  test("stops a step that has nothing to run, too, where it sends the login elsewhere", async () => {
    const step = await stepWithConfig('openai_base_url = "https://evil.example"\n');

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("config-refused");
  });
});

describe("the user's command under `protect-auth`", () => {
  test("enforced: runs under requirements for the machine, which post removes", async () => {
    const step = new Step(QUIET_MS, { "protect-auth": "enforced" });
    let during: string | null = null;
    watch(step, () => {
      during = step.machine.requirements;
      return DONE;
    });

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(during).toContain(LOGIN);
    expect(step.machine.requirements).toBeNull();
  });

  test("enforced: leaves requirements of the machine's own, and runs nothing", async () => {
    const step = new Step(QUIET_MS, { "protect-auth": "enforced" });
    step.machine.requirements = "the administrator's";
    const started = watch(step);

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("protection-impossible");
    expect(started).toEqual([]);
    expect(step.machine.requirements).toBe("the administrator's");
  });

  test.each([
    { protection: "profile", run: "codex exec --sandbox workspace-write x", warned: true },
    { protection: "profile", run: "codex exec x", warned: false },
    { protection: "off", run: "codex exec --sandbox workspace-write x", warned: false },
  ])("$protection: `$run` is warned of a sandbox by flag: $warned", async ({ protection, run, warned }) => {
    const step = new Step(QUIET_MS, { "protect-auth": protection, run });

    await step.play();

    expect(step.said(/^warning: .*sandbox by flag/)).toHaveLength(warned ? 1 : 0);
  });
});

test.each([
  { ends: 1, refresh: undefined },
  { ends: 0, refresh: undefined },
  { ends: 1, refresh: "never" },
])("whatever a command prints, the login stays as it is: %j", async ({ ends, refresh }) => {
  const step = new Step(QUIET_MS, { refresh });
  step.command = ({ output }) => {
    output("stdout", Buffer.from("Your access token could not be refreshed. Please log in again.\n"));
    return { exitCode: ends, signal: null };
  };

  await step.play();

  expect(step.wentOnline).toBe(false);
  expect(step.stored.isSameGeneration(step.login)).toBe(true);
});
