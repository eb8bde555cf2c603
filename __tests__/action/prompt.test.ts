import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PromptInput } from "../../src/action/inputs.ts";
import { absolute, type PromptJob, readArguments, runPrompt } from "../../src/action/prompt.ts";
import { type CodexRules, protectionFlags } from "../../src/core/codex-config.ts";
import { MemoryChannel } from "./ports/channel.ts";
import { type Command, type Ending, MemoryCommands, succeeded } from "./ports/commands.ts";
import { MemoryFiles, systemError } from "./ports/files.ts";
import { MemoryLog } from "./ports/log.ts";

const CODEX = "/tools/codex";
const FINAL_MESSAGE = "/temp/base/final-message.txt";
const QUESTION: PromptInput = {
  source: { kind: "text", text: "Tidy up." },
  model: null,
  effort: null,
  codexArgs: null,
  outputFile: null,
  outputSchema: null,
};

let files: MemoryFiles;
let commands: MemoryCommands;
let log: MemoryLog;
let channel: MemoryChannel;
beforeEach(() => {
  files = new MemoryFiles();
  commands = new MemoryCommands();
  log = new MemoryLog();
  channel = new MemoryChannel();
});

/** Each time other bytes, and known ones. */
function countingRandomness(): { bytes: (count: number) => Uint8Array } {
  let drawn = 0;
  return { bytes: (count) => new Uint8Array(count).fill(++drawn) };
}

const NOWHERE = { loginDirectory: "/temp/base/login", anchors: [] };

function rules(some: Partial<CodexRules>): CodexRules {
  return {
    protectAuth: "profile",
    sandbox: "workspace-write",
    codexApps: false,
    codexEnvironment: {},
    ...some,
  };
}

function ask(prompt: Partial<PromptInput> = {}, job: Partial<PromptJob> = {}): Promise<void> {
  return runPrompt(
    { files, commands, randomness: countingRandomness(), log, channel },
    {
      prompt: { ...QUESTION, ...prompt },
      protection: rules({ protectAuth: "off", sandbox: "read-only" }),
      guard: async (roots) => ({ loginDirectory: "/temp/base/login", anchors: roots }),
      command: CODEX,
      base: "/temp/base",
      root: "/work/app",
      directory: "/work/app/src",
      environment: { CODEX_HOME: "/temp/home" },
      output: () => {},
      ...job,
    },
  );
}

/** A Codex that answers so; `null`: it does not even make the file. */
function codexAnswers(finalMessage: string | null, ending: Ending = succeeded): Command[] {
  const started: Command[] = [];
  commands.programs.set(CODEX, async (command) => {
    started.push(command);
    log.info("progress");
    const path = command.args[command.args.indexOf("--output-last-message") + 1] ?? "";
    if (finalMessage !== null) await files.write(path, finalMessage, 0o644);
    return ending;
  });
  return started;
}

describe("a prompt", () => {
  test("is given to codex exec on its standard input, in the directory and environment of the job", async () => {
    const started = codexAnswers("Done.");

    await ask();

    expect(started).toMatchObject([
      {
        file: CODEX,
        args: [
          ...["exec", "--skip-git-repo-check", "--output-last-message", FINAL_MESSAGE],
          ...protectionFlags(rules({ protectAuth: "off", sandbox: "read-only" }), NOWHERE),
          "-",
        ],
        directory: "/work/app/src",
        environment: { CODEX_HOME: "/temp/home" },
        input: "Tidy up.",
      },
    ]);
  });

  test("brings the model, the effort and the user's own flags, which come last", async () => {
    const started = codexAnswers("Done.");

    await ask({ model: "gpt-5-codex", effort: "high", codexArgs: "--json -c 'a=\"b c\"'" });

    expect(started[0]?.args.slice(2, 6)).toEqual([
      "--model",
      "gpt-5-codex",
      "-c",
      'model_reasoning_effort="high"',
    ]);
    expect(started[0]?.args.slice(-4)).toEqual(["--json", "-c", 'a="b c"', "-"]);
  });

  test("may stand in a file of the workspace", async () => {
    files.contents.set("/work/app/prompts/tidy.md", "Tidy up, from a file.");
    const started = codexAnswers("Done.");

    await ask({ source: { kind: "file", path: "prompts/tidy.md" } });

    expect(started[0]?.input).toBe("Tidy up, from a file.");
  });

  test.each(["ENOENT", "EACCES"])(
    "whose file cannot be read (%s) is a failure that asks about the checkout",
    async (fault) => {
      files.interfere = (operation, path) => {
        if (operation === "read" && path === "/work/app/tidy.md" && fault !== "ENOENT")
          throw systemError(fault);
      };
      const started = codexAnswers("Done.");

      const asked = ask({ source: { kind: "file", path: "tidy.md" } });

      await expect(asked).rejects.toMatchObject({
        code: "prompt-unreadable",
        message: expect.stringMatching(/`prompt-file`.*tidy\.md/),
        hint: expect.stringContaining("checkout"),
      });
      expect(started).toEqual([]);
    },
  );

  test("is heard while Codex prints", async () => {
    const heard: string[] = [];
    commands.programs.set(CODEX, async ({ output }) => {
      output("401 Unauthorized");
      return succeeded;
    });

    await ask({}, { output: (text) => heard.push(text) });

    expect(heard).toEqual(["401 Unauthorized"]);
  });
});

describe("an output schema", () => {
  test("in the input is put where Codex can read it", async () => {
    const started = codexAnswers("{}");

    await ask({ outputSchema: { kind: "text", text: '{"type":"object"}' } });

    const args = started[0]?.args ?? [];
    const path = args[args.indexOf("--output-schema") + 1] ?? "";
    expect(await files.read(path)).toBe('{"type":"object"}');
    expect(files.modes.get(path)).toBe(0o600);
    expect(path).toBe("/temp/base/output-schema.json");
  });

  test("in a file is taken from the workspace", async () => {
    const started = codexAnswers("{}");

    await ask({ outputSchema: { kind: "file", path: "schemas/answer.json" } });

    expect(started[0]?.args).toEqual(
      expect.arrayContaining(["--output-schema", "/work/app/schemas/answer.json"]),
    );
    expect(files.below("/temp")).toEqual([]);
  });
});

describe("the protection of a prompt", () => {
  test.each(["profile", "enforced"] as const)(
    "with `protect-auth: %s` is our profile, and never --sandbox beside it",
    async (protectAuth) => {
      const started = codexAnswers("Done.");

      await ask({ codexArgs: "--add-dir ../shared" }, { protection: rules({ protectAuth }) });

      const flags = protectionFlags(rules({ protectAuth }), {
        loginDirectory: "/temp/base/login",
        anchors: ["../shared"],
      });
      expect(started[0]?.args.slice(4)).toEqual([...flags, "--add-dir", "../shared", "-"]);
      expect(started[0]?.args).not.toContain("--sandbox");
    },
  );

  test.each([
    { protectAuth: "profile", sandbox: "workspace-write" },
    { protectAuth: "profile", sandbox: "read-only" },
    { protectAuth: "enforced", sandbox: "read-only" },
  ] as const)("by $protectAuth and $sandbox cannot be switched off in `codex-args`", async (protection) => {
    const started = codexAnswers("Done.");

    const asked = ask({ codexArgs: "--yolo" }, { protection: rules(protection) });

    await expect(asked).rejects.toMatchObject({ code: "input-invalid" });
    expect(started).toEqual([]);
  });

  test.each([
    { protectAuth: "off", sandbox: "workspace-write" },
    { protectAuth: "profile", sandbox: "danger-full-access" },
  ] as const)("by $protectAuth and $sandbox is no profile, and --yolo may be given", async (protection) => {
    const started = codexAnswers("Done.");

    await ask({ codexArgs: "--yolo" }, { protection: rules(protection) });

    const args = started[0]?.args ?? [];
    expect(args).toEqual(expect.arrayContaining(["--sandbox", protection.sandbox, "features.apps=false"]));
    expect(args.slice(-2)).toEqual(["--yolo", "-"]);
  });

  test.each(["off", "profile"] as const)(
    "by %s never lets `codex-args` name a provider",
    async (protectAuth) => {
      const started = codexAnswers("Done.");

      const asked = ask({ codexArgs: "-c model_provider=evil" }, { protection: rules({ protectAuth }) });

      await expect(asked).rejects.toMatchObject({ code: "input-invalid" });
      expect(started).toEqual([]);
    },
  );
});

describe("Codex's answer", () => {
  test("is the output final-message as it is, and said in the log without its last line break", async () => {
    codexAnswers("Done.\n\nTwo files.\n");

    await ask();

    expect(channel.outputs.get("final-message")).toBe("Done.\n\nTwo files.\n");
    expect(log.lines).toContain("Done.\n\nTwo files.");
    expect(files.below("/")).toEqual([]);
  });

  test("goes to `output-file` as well, readable by later steps", async () => {
    codexAnswers("Done.\n");

    await ask({ outputFile: "out/answer.md" });

    expect(await files.read("/work/app/out/answer.md")).toBe("Done.\n");
    expect(files.modes.get("/work/app/out/answer.md")).toBe(0o644);
  });

  test("that cannot go to `output-file` is an output all the same, and the failure names the input", async () => {
    codexAnswers("Done.\n");
    files.interfere = (operation, path) => {
      if (operation === "write" && path === "/work/app/out/answer.md") throw systemError("ENOENT");
    };

    const asked = ask({ outputFile: "out/answer.md" });

    await expect(asked).rejects.toMatchObject({
      code: "input-invalid",
      message: expect.stringMatching(/`output-file`.*out\/answer\.md/),
      hint: expect.stringContaining("directory must be there"),
      cause: { code: "ENOENT" },
    });
    expect(channel.outputs.get("final-message")).toBe("Done.\n");
  });

  test("that is empty is an answer where Codex succeeded", async () => {
    codexAnswers("");

    await ask({ outputFile: "answer.md" });

    expect(channel.outputs.get("final-message")).toBe("");
    expect(await files.read("/work/app/answer.md")).toBe("");
  });

  test.each([
    { answer: "", what: "an empty file" },
    { answer: null, what: "no file" },
  ])("is none where Codex failed and left $what", async ({ answer }) => {
    codexAnswers(answer, { exitCode: 1, signal: null });

    await expect(ask({ outputFile: "answer.md" })).rejects.toMatchObject({ code: "prompt-failed" });

    expect(channel.outputs.has("final-message")).toBe(false);
    expect(files.below("/")).toEqual([]);
  });

  test("is none where Codex succeeded and made no file", async () => {
    codexAnswers(null);

    await ask({ outputFile: "answer.md" });

    expect(channel.outputs.has("final-message")).toBe(false);
    expect(files.below("/")).toEqual([]);
  });

  test("is kept where Codex failed after it", async () => {
    codexAnswers("Half of it.", { exitCode: 1, signal: null });

    await expect(ask()).rejects.toMatchObject({ code: "prompt-failed" });

    expect(channel.outputs.get("final-message")).toBe("Half of it.");
  });
});

describe("a Codex that ends badly", () => {
  test.each<Ending & { end: string }>([
    { exitCode: 2, signal: null, end: "exited with code 2" },
    { exitCode: null, signal: "SIGKILL", end: "was ended by SIGKILL" },
  ])("fails the step: $end", async ({ end, ...ending }) => {
    codexAnswers(null, ending);

    await expect(ask()).rejects.toMatchObject({
      code: "prompt-failed",
      message: `Codex ${end}.`,
      hint: expect.stringContaining("output above"),
    });
  });
});

describe("what a model prints", () => {
  const [FIRST, SECOND] = ["01".repeat(16), "02".repeat(16)];

  test("is no command to the runner, neither as progress nor as the answer", async () => {
    codexAnswers("::set-output name=x::y");

    await ask();

    expect(log.lines).toEqual([
      "group: Codex",
      `::stop-commands::${FIRST}`,
      "progress",
      `::${FIRST}::`,
      "end of group",
      `::stop-commands::${SECOND}`,
      "::set-output name=x::y",
      `::${SECOND}::`,
    ]);
  });

  test("is closed off where Codex could not even be started", async () => {
    const asked = ask();

    await expect(asked).rejects.toMatchObject({
      code: "prompt-failed",
      message: expect.stringMatching(/could not be started: .*\/tools\/codex.*\/work\/app\/src/),
      hint: expect.stringContaining("`working-directory`"),
      cause: { code: "ENOENT" },
    });
    expect(log.lines).toEqual(["group: Codex", `::stop-commands::${FIRST}`, `::${FIRST}::`, "end of group"]);
  });
});

describe("the working directory", () => {
  test.each([
    [null, "/work/app"],
    ["src", "/work/app/src"],
    ["../other/", "/work/other"],
    ["/elsewhere", "/elsewhere"],
  ])("named %j is %s", (named, directory) => {
    expect(absolute("/work/app", named)).toBe(directory);
  });
});

describe("codex-args", () => {
  test("as a JSON array are exactly its words", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(readArguments(JSON.stringify(words))).toEqual(words);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["[1]", /array of strings/, /\["--flag", "value"\]/],
    ["a | b", /shell syntax/, /JSON array/],
  ])("like %j are refused with what to write instead", (text, message, hint) => {
    expect(() => readArguments(text)).toThrow(
      expect.objectContaining({
        code: "input-invalid",
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
    expect(() => readArguments(text)).toThrow(/`codex-args`/);
  });
});
