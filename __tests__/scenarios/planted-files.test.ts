import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Machine } from "../../lab/runner/machine.ts";
import type { RunResult } from "../../lab/runner/runner.ts";
import { failureCodes, onlyJob, outputsOf, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const CHECKOUT = "      - uses: actions/checkout@v4";
/** Anybody can tell where it lies; pre has put it there before the checkout brings its links. */
const LOGIN = "$RUNNER_TEMP/codex-auth-CODEX_AUTH_JSON/login/auth.json";

/** A job as the hosted runner's: of a user who is nobody special, where the test may choose. */
async function run(
  script: string,
  inputs: Record<string, string>,
  { after = "", files = {} }: { after?: string; files?: Record<string, string> } = {},
): Promise<{ result: RunResult; machine: Machine }> {
  stage = await Stage.set();
  const user = process.getuid?.() === 0 ? { user: { uid: 65_534, gid: 65_534 } } : {};
  const machine = await stage.world.runner.persistentMachine("hosted", user);
  const before = `${CHECKOUT}\n      - run: ${JSON.stringify(script)}`;
  const result = await stage.run(stage.refreshJob({ before, with: inputs, after }), { machine, files });
  return { result, machine };
}

/** The model was not asked, and the failure says why. */
function expectRefused(result: RunResult, words: string, code = "file-refused"): void {
  expect(failureCodes(result)).toEqual([code]);
  expect(onlyJob(result).log).toContain(words);
  expect(stage.world.openai.responses).toBe(0);
}

const TEMP = `\${{ runner.temp }}`;
const HELLO = { prompt: "Hello" };

describe("what is sent to the model", () => {
  test.each([
    { what: "a link to the login", script: `mkdir d; ln -s ${LOGIN} d/ask.md`, file: "d/ask.md" },
    { what: "a link to its directory", script: `ln -s $(dirname ${LOGIN}) docs`, file: "docs/auth.json" },
    { what: "a link to a link", script: `mkdir d; ln -s ${LOGIN} d/a; ln -s a d/ask`, file: "d/ask" },
    { what: "a link to a plain file", script: "echo x > a; ln -s a ask.md", file: "ask.md" },
  ])("is no prompt-file that is or lies behind $what", async ({ script, file }) => {
    const { result } = await run(script, { "prompt-file": file });

    expectRefused(result, "`prompt-file` is a symbolic link");
  });

  test("is no login that `prompt-file` names itself", async () => {
    const { result } = await run("true", {
      "prompt-file": `${TEMP}/codex-auth-CODEX_AUTH_JSON/login/auth.json`,
    });

    expectRefused(result, "`prompt-file` lies in a directory of the login");
  });

  test("is no hard link to the login, as an archive may bring it", async () => {
    const { result } = await run(`ln ${LOGIN} ask.md`, { "prompt-file": "ask.md" });

    expectRefused(result, "a hard link");
  });

  test("is not waited for in a FIFO", async () => {
    const { result } = await run("mkfifo ask.md", { "prompt-file": "ask.md" });

    expectRefused(result, "is no plain file", "prompt-unreadable");
  });

  test("is a prompt-file outside the workspace, where an absolute path says so", async () => {
    const { result } = await run("echo From afar > $RUNNER_TEMP/ask.md", {
      "prompt-file": `${TEMP}/ask.md`,
    });

    expect(result.conclusion).toBe("success");
    expect(stage.world.openai.responses).toBe(1);
  });

  test.each([
    {
      what: "output-schema-file",
      inputs: { "output-schema-file": "d/s.json" },
      words: "`output-schema-file` is a symbolic link",
    },
    {
      what: "codex-args",
      inputs: { "codex-args": "--output-schema d/s.json" },
      words: "`output-schema-file`",
      code: "input-invalid",
    },
  ])("is no schema behind a link, by $what", async ({ inputs, words, code }) => {
    const { result } = await run(`mkdir d; ln -s ${LOGIN} d/s.json`, {
      ...HELLO,
      ...(inputs as unknown as Record<string, string>),
    });

    expectRefused(result, words, code);
  });

  test.each([
    { what: "the workspace", script: `ln -s ${LOGIN} AGENTS.md`, inputs: HELLO },
    { what: "the home", script: `ln -s ${LOGIN} $CODEX_HOME/AGENTS.override.md`, inputs: HELLO },
    {
      what: "a directory above",
      script: `ln -s ${LOGIN} AGENTS.md; git init -q .; mkdir -p part`,
      inputs: { ...HELLO, "working-directory": "part" },
    },
    {
      what: "a directory above, without any protection",
      script: `ln -s ${LOGIN} ../AGENTS.md; git init -q ..`,
      inputs: { ...HELLO, "protect-auth": "off" },
    },
    {
      what: "the workspace, by another name",
      script: `ln -s ${LOGIN} NOTES.md`,
      inputs: { ...HELLO, "codex-args": `-c 'project_doc_fallback_filenames=["NOTES.md"]'` },
    },
  ])("is no AGENTS.md in $what that is the login", async ({ script, inputs }) => {
    const { result } = await run(script, inputs);

    expectRefused(result, "is a link to the login");
  });

  test("is no file of instructions in `codex-args` that is a link", async () => {
    const { result } = await run(`mkdir d; ln -s ${LOGIN} d/how.md`, {
      ...HELLO,
      "codex-args": "-c model_instructions_file=d/how.md",
    });

    expectRefused(result, "`codex-args` is a symbolic link");
  });

  test("is an AGENTS.md that is a link to another file of the checkout", async () => {
    const { result } = await run("echo Be brief. > RULES.md; ln -s RULES.md AGENTS.md", HELLO);

    expect(result.conclusion).toBe("success");
    const [request] = stage.world.openai.server.requests.filter(({ path }) => path.endsWith("/responses"));
    expect(request?.body.toString("utf8")).toContain("Be brief.");
  });

  test("is no skill that is the login", async () => {
    const { result } = await run(
      `mkdir -p .agents/skills/a; ln -s ${LOGIN} .agents/skills/a/SKILL.md`,
      HELLO,
    );

    expect(stage.world.openai.responses).toBeLessThan(2);
    const sent = stage.world.openai.server.requests.map(({ body }) => body.toString("utf8")).join("\n");
    expect(stage.world.canaries.filter((canary) => sent.includes(canary))).toEqual([]);
    expect(["success", "failure"]).toContain(result.conclusion);
  });
});

describe("where the model works", () => {
  test.each([
    { input: "working-directory", inputs: { "working-directory": "part" } },
    { input: "codex-args", inputs: { "codex-args": "--add-dir part" } },
  ])(
    "is not behind a link in `$input`, which would open a person's files to it",
    async ({ input, inputs }) => {
      const { result } = await run("ln -s $HOME part", {
        ...HELLO,
        ...(inputs as unknown as Record<string, string>),
      });

      expectRefused(result, `\`${input}\` is a symbolic link`);
    },
  );
});

describe("the model's words", () => {
  test.each([
    { what: "GITHUB_ENV", script: "ln -s $RUNNER_TEMP/_runner_file_commands/victim answer.md" },
    { what: "a person's .bashrc", script: "ln -s $HOME/.bashrc answer.md" },
    { what: "a directory of a person's", script: "ln -s $HOME out" },
  ])("do not get into $what through a link", async ({ what, script }) => {
    const set =
      "mkdir -p $RUNNER_TEMP/_runner_file_commands; echo theirs | tee $HOME/.bashrc > $RUNNER_TEMP/_runner_file_commands/victim";
    const { result, machine } = await run(
      `${set}; ${script}`,
      {
        ...HELLO,
        "output-file": what.startsWith("a directory") ? "out/.bashrc" : "answer.md",
      },
      {
        after:
          "      - run: cat $RUNNER_TEMP/_runner_file_commands/victim $HOME/.bashrc\n        if: always()",
      },
    );

    expect(failureCodes(result)).toEqual(["file-refused"]);
    expect(outputsOf(result)["final-message"]).toBe("OK");
    expect(onlyJob(result).log.match(/^theirs$/gm)).toHaveLength(2);
    expect(await readFile(join(machine.home, ".bashrc"), "utf8")).toBe("theirs\n");
  });

  test("replace a file of the workspace, and no other name of it", async () => {
    const { result, machine } = await run("echo theirs > $HOME/.bashrc; ln $HOME/.bashrc answer.md", {
      ...HELLO,
      "output-file": "answer.md",
    });

    expect(result.conclusion).toBe("success");
    expect(await readFile(join(machine.home, ".bashrc"), "utf8")).toBe("theirs\n");
  });

  test.each(["../answer.md", `${TEMP}/codex-auth-CODEX_AUTH_JSON/home/config.toml`])(
    "are not written to %s",
    async (path) => {
      const { result } = await run("true", { ...HELLO, "output-file": path });

      expect(failureCodes(result)).toEqual([path.startsWith("..") ? "input-invalid" : "file-refused"]);
    },
  );
});

describe("our private directory, where a step before us has been there first (`uses: ./` has no pre)", () => {
  const BASE = "$RUNNER_TEMP/codex-auth-CODEX_AUTH_JSON";

  async function runWithoutPre(script: string): Promise<{ result: RunResult; machine: Machine }> {
    stage = await Stage.set();
    const user = process.getuid?.() === 0 ? { user: { uid: 65_534, gid: 65_534 } } : {};
    const machine = await stage.world.runner.persistentMachine("hosted", user);
    const before = `${CHECKOUT}\n      - run: ${JSON.stringify(`mkdir -p $HOME/theirs; ${script}`)}`;
    const workflow = stage
      .refreshJob({ before, with: { ...HELLO, refresh: "force" } })
      .replace("codex-auth-roundtrip/codex-auth-roundtrip@v1", "./");
    return { result: await stage.run(workflow, { machine }), machine };
  }

  test.each([
    { what: "itself", script: `ln -s $HOME/theirs ${BASE}` },
    { what: "`login` in it", script: `mkdir ${BASE}; ln -s $HOME/theirs ${BASE}/login` },
    { what: "`home` in it", script: `mkdir ${BASE}; ln -s $HOME/theirs ${BASE}/home` },
  ])("is not taken where $what is a link, and nothing is spent", async ({ script }) => {
    const { result, machine } = await runWithoutPre(script);

    expect(failureCodes(result)).toEqual(["home-unwritable"]);
    expect(await readdir(join(machine.home, "theirs"))).toEqual([]);
    stage.expectNothingSpent();
  });

  test("is closed to others where it stood open", async () => {
    const { result } = await runWithoutPre(`mkdir -m 777 ${BASE}; mkdir -m 777 ${BASE}/login`);

    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
  });
});
