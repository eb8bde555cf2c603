import { devNull } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { jobEnvironment, scrubbedEnvironment } from "../../../src/action/job/job-environment.ts";
import { Secret } from "../../../src/core/login/secret.ts";
import { MemoryFiles } from "../ports/files.ts";
import { stepInputs } from "../step-inputs.ts";

const TOKEN = "github_pat_0a1b2c3d4e5f-CANARY";
const SECRETS = [new Secret(TOKEN)];
const STEP_FILES = {
  GITHUB_STATE: "/files/state",
  GITHUB_ENV: "/files/env",
  GITHUB_PATH: "/files/path",
  GITHUB_OUTPUT: "/files/output",
  GITHUB_STEP_SUMMARY: "/files/summary",
};
const OF_JOB = "/work/app/bin:/usr/bin";
const TRUSTED = "/usr/bin";

/** Everything below `/work` is the model's to write. */
const path = {
  ofJob: () => OF_JOB,
  outsideWorkspace: (list: string) =>
    list
      .split(":")
      .filter((entry) => !entry.startsWith("/work"))
      .join(":"),
};

async function environments(inputs: Record<string, string>, environment: Record<string, string> = {}) {
  const files = new MemoryFiles();
  await files.write("/usr/bin/bwrap", "");
  return jobEnvironment(
    { inputs: stepInputs(inputs), files, environment: { ...STEP_FILES, ...environment }, path },
    { secrets: SECRETS, home: "/base/home", base: "/base", command: "/usr/bin/codex" },
  );
}

test("a program of ours gets no secret, and none of the runner's files of this step", () => {
  const environment = { ...STEP_FILES, PATH: TRUSTED, GITHUB_ACTIONS: "true", COPY: `token ${TOKEN}` };

  expect(scrubbedEnvironment({ environment }, SECRETS)).toEqual({ PATH: TRUSTED, GITHUB_ACTIONS: "true" });
});

describe("the runner's files of this step", () => {
  const filesIn = (environment: Readonly<Record<string, string>>) =>
    Object.keys(environment)
      .filter((name) => name in STEP_FILES)
      .sort();

  test("are a script's, but for the state", async () => {
    const { commands, codex } = await environments({ run: "codex exec" });

    for (const environment of [commands, codex])
      expect(filesIn(environment)).toEqual([
        "GITHUB_ENV",
        "GITHUB_OUTPUT",
        "GITHUB_PATH",
        "GITHUB_STEP_SUMMARY",
      ]);
  });

  test.each<Record<string, string>>([{}, { "protect-auth": "off" }])(
    "are not a prompt's: %j",
    async (more) => {
      const { commands, codex } = await environments({ prompt: "Tidy up.", ...more });

      expect([...filesIn(commands), ...filesIn(codex)]).toEqual([]);
    },
  );
});

describe("Codex itself", () => {
  /** Only there is the sandbox a program. */
  const onLinux = process.platform === "linux" ? test : test.skip;

  onLinux("finds no program of the workspace, which the model's commands do", async () => {
    const { commands, codex, commandPath } = await environments({ prompt: "Tidy up." });

    expect(codex.PATH).toBe(TRUSTED);
    expect(commands.PATH).toBe(`/base/sandbox:${OF_JOB}`);
    expect(commandPath).toBe(commands.PATH);
  });

  test("needs no other PATH for them where none of it lies in the workspace", async () => {
    const { commands, codex, commandPath } = await environments({
      prompt: "Tidy up.",
      "codex-env": `PATH=${TRUSTED}`,
    });

    expect([commands.PATH, codex.PATH, commandPath]).toEqual([TRUSTED, TRUSTED, undefined]);
  });

  test("gets no variable that names code in the workspace, and keeps one that names it elsewhere", async () => {
    const { commands, codex } = await environments(
      { prompt: "Tidy up." },
      { BASH_ENV: "/work/app/.profile", PYTHONSTARTUP: "/etc/start.py", TEAM: "/work/app" },
    );

    expect(commands).toMatchObject({ BASH_ENV: "/work/app/.profile", PYTHONSTARTUP: "/etc/start.py" });
    expect(codex).toMatchObject({ PYTHONSTARTUP: "/etc/start.py", TEAM: "/work/app", GIT_DIR: devNull });
    expect(codex).not.toHaveProperty("BASH_ENV");
  });

  test.each<Record<string, string>>([{ "protect-auth": "off" }, { sandbox: "danger-full-access" }])(
    "has all that the job has where nothing is protected: %j",
    async (inputs) => {
      const { commands, codex, commandPath } = await environments(
        { prompt: "Tidy up.", ...inputs },
        { BASH_ENV: "/work/app/.profile" },
      );

      expect(codex).toEqual({ BASH_ENV: "/work/app/.profile", CODEX_HOME: "/base/home", PATH: OF_JOB });
      expect(commands).toEqual(codex);
      expect(commandPath).toBeUndefined();
    },
  );
});
