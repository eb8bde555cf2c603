import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { absolute, type PromptJob, runPrompt } from "../../../src/action/job/prompt.ts";
import { readArguments } from "../../../src/action/job/read-arguments.ts";
import type { PromptInput } from "../../../src/action/prompt-input.ts";
import { type CodexRules, protectionFlags } from "../../../src/core/codex/config.ts";
import type { Usage } from "../../../src/core/codex/session-usage.ts";
import { MemoryChannel } from "../ports/channel.ts";
import { FakeClock } from "../ports/clock.ts";
import { type Command, type Ending, MemoryCommands, succeeded } from "../ports/commands.ts";
import { MemoryFiles, systemError } from "../ports/files.ts";
import { MemoryLog } from "../ports/log.ts";
import { MemoryNamedFiles } from "../ports/named-files.ts";
import { MemoryProgram } from "../ports/program.ts";

const CODEX = "/tools/codex";
const FINAL_MESSAGE = "/temp/base/final-message.txt";
const QUESTION: PromptInput = {
  source: { kind: "text", text: "Tidy up." },
  model: null,
  effort: null,
  timeoutMs: null,
  codexArgs: null,
  outputFile: null,
  outputSchema: null,
};

const FILE_STORE = ["-c", 'cli_auth_credentials_store="file"'];

let files: MemoryFiles;
let commands: MemoryCommands;
let log: MemoryLog;
let channel: MemoryChannel;
let named: MemoryNamedFiles;
let clock: FakeClock;
let program: MemoryProgram;
let usages: Usage[];
beforeEach(() => {
  clock = new FakeClock();
  program = new MemoryProgram();
  usages = [];
  files = new MemoryFiles();
  commands = new MemoryCommands();
  log = new MemoryLog();
  channel = new MemoryChannel();
  named = new MemoryNamedFiles(files);
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
    { files, named, commands, randomness: countingRandomness(), log, channel, clock, program },
    {
      prompt: { ...QUESTION, ...prompt },
      protection: rules({ protectAuth: "off", sandbox: "read-only" }),
      guard: async (roots) => ({ loginDirectory: "/temp/base/login", anchors: roots }),
      codex: { command: CODEX, version: "0.169.0" },
      recordUsage: (usage) => usages.push(usage),
      token: "own",
      base: "/temp/base",
      root: "/work/app",
      directory: "/work/app/src",
      environment: { CODEX_HOME: "/temp/home" },
      ...job,
    },
  );
}

function event(fields: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(fields)}\n`);
}

/** A Codex that answers so; `null`: it does not even make the file. */
function codexAnswers(finalMessage: string | null, ending: Ending = succeeded): Command[] {
  const started: Command[] = [];
  commands.programs.set(CODEX, async (command) => {
    started.push(command);
    command.output("stdout", event({ type: "thread.started", thread_id: "7" }));
    command.output("stderr", Buffer.from("a word on stderr\n"));
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
          ...[
            "exec",
            "--skip-git-repo-check",
            ...FILE_STORE,
            "--json",
            "--output-last-message",
            FINAL_MESSAGE,
          ],
          ...protectionFlags(rules({ protectAuth: "off", sandbox: "read-only" }), NOWHERE),
          "-",
        ],
        directory: "/work/app/src",
        environment: { CODEX_HOME: "/temp/home" },
        input: "Tidy up.",
      },
    ]);
  });

  test("gives the model's commands the PATH that Codex itself is not given", async () => {
    const started = codexAnswers("Done.");

    await ask({}, { environment: { PATH: "/bin" }, commandPath: '/work/"app"/bin:/bin' });

    expect(started[0]?.args).toContain('shell_environment_policy.set.PATH="/work/\\"app\\"/bin:/bin"');
    expect(started[0]?.environment.PATH).toBe("/bin");
  });

  test("brings the model, the effort and the user's own flags, which come last", async () => {
    const started = codexAnswers("Done.");

    await ask({ model: "gpt-5-codex", effort: "high", codexArgs: "--search -c 'a=\"b c\"'" });

    expect(started[0]?.args.slice(5, 9)).toEqual([
      "--model",
      "gpt-5-codex",
      "-c",
      'model_reasoning_effort="high"',
    ]);
    expect(started[0]?.args.slice(-4)).toEqual(["--search", "-c", 'a="b c"', "-"]);
  });

  test("may stand in a file of the workspace", async () => {
    files.contents.set("/work/app/prompts/tidy.md", "Tidy up, from a file.");
    const started = codexAnswers("Done.");

    await ask({ source: { kind: "file", path: "prompts/tidy.md" } });

    expect(started[0]?.input).toBe("Tidy up, from a file.");
  });

  test.each([
    ["missing", "prompt-unreadable", /`prompt-file` is not there: "tidy\.md"/, /checkout/],
    ["not-a-file", "prompt-unreadable", /no plain file/, /checkout/],
    ["too-large", "prompt-unreadable", /more than 16 MiB/, /checkout/],
    ["unusable", "prompt-unreadable", /cannot be read/, /checkout/],
    ["link", "file-refused", /`prompt-file` is a symbolic link, or lies behind one/, /itself/],
    ["kept", "file-refused", /`prompt-file` lies in a directory of the login/, /outside of the Codex home/],
  ] as const)("in a file that is %s is a failure, and nobody is asked", async (kind, code, message, hint) => {
    named.refusals.set("/work/app/tidy.md", kind);
    const started = codexAnswers("Done.");

    const asked = ask({ source: { kind: "file", path: "tidy.md" } });

    await expect(asked).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(started).toEqual([]);
  });

  test("is looked for outside of our own directories", async () => {
    files.contents.set("/elsewhere/tidy.md", "Tidy up.");
    codexAnswers("Done.");

    await ask({ source: { kind: "file", path: "/elsewhere/tidy.md" } });

    expect(named.places[0]).toMatchObject({ root: "/work/app", kept: ["/temp/base", "/temp/home"] });
  });

  test.each(["../other/tidy.md", "prompts/../../tidy.md"])(
    "at %j is outside the workspace, which only an absolute path may be",
    async (path) => {
      const asked = ask({ source: { kind: "file", path } });

      await expect(asked).rejects.toMatchObject({
        code: "input-invalid",
        message: expect.stringMatching(/`prompt-file` leaves the workspace/),
        hint: expect.stringContaining("absolute"),
      });
    },
  );

  test("names its file in one short line, whatever the file is called", async () => {
    const asked = ask({ source: { kind: "file", path: `a\n::error::b\r${"x".repeat(999)}` } });

    await expect(asked).rejects.toMatchObject({
      message: expect.stringMatching(/^[^\n\r]{50,400}$/),
    });
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

  test("in a file of the workspace is copied before Codex opens it", async () => {
    files.contents.set("/work/app/schemas/answer.json", '{"type":"object"}');
    const started = codexAnswers("{}");

    await ask({ outputSchema: { kind: "file", path: "schemas/answer.json" } });

    expect(started[0]?.args).toEqual(
      expect.arrayContaining(["--output-schema", "/temp/base/output-schema.json"]),
    );
    expect(await files.read("/temp/base/output-schema.json")).toBe('{"type":"object"}');
  });

  test("in a file that is a link is refused", async () => {
    named.refusals.set("/work/app/schema.json", "link");

    const asked = ask({ outputSchema: { kind: "file", path: "schema.json" } });

    await expect(asked).rejects.toMatchObject({
      code: "file-refused",
      message: expect.stringContaining("`output-schema-file`"),
    });
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
      expect(started[0]?.args.slice(7)).toEqual([...flags, "--add-dir", "../shared", "-"]);
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
    expect(log.lines.join("\n")).toContain("Done.\n\nTwo files.");
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
    });
    expect(channel.outputs.get("final-message")).toBe("Done.\n");
  });

  test("does not go through a link, and is an output all the same", async () => {
    codexAnswers("Done.\n");
    named.refusals.set("/work/app/answer.md", "link");

    const asked = ask({ outputFile: "answer.md" });

    await expect(asked).rejects.toMatchObject({
      code: "file-refused",
      message: expect.stringContaining("`output-file`"),
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

  test.each(["link", "not-a-file", "too-large", "unusable", "kept"] as const)(
    "is none that somebody has put there (%s)",
    async (kind) => {
      codexAnswers("Not Codex's.");
      named.refusals.set(FINAL_MESSAGE, kind);

      await expect(ask({ outputFile: "answer.md" })).rejects.toMatchObject({
        code: "file-refused",
        message: expect.stringContaining("final message"),
        hint: expect.stringContaining("`sandbox: workspace-write`"),
      });

      expect(named.places.at(-1)).toMatchObject({ root: "/temp/base" });
      expect(channel.outputs.has("final-message")).toBe(false);
      expect(log.lines.join("\n")).not.toContain("Not Codex's.");
      expect(files.below("/")).toEqual([]);
    },
  );

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

const REFUSED = "Your access token could not be refreshed. Please log out and sign in again.";

type Printed = Parameters<Command["output"]>;

/** A Codex that prints so, and has no answer. */
function codexFails(ending: Ending, ...printed: readonly Printed[]): void {
  commands.programs.set(CODEX, async ({ output }) => {
    for (const [stream, bytes] of printed) output(stream, bytes);
    return ending;
  });
}

const FAILED: Ending = { exitCode: 1, signal: null };

test("a Codex that says nothing at all and exits with 0 is told, as it has answered nothing", async () => {
  codexAnswers(null);
  await ask();
  expect(log.lines.join("\n")).toContain("warning: Codex exited with code 0 and has answered nothing.");

  log.lines.length = 0;
  codexAnswers("Done.");
  await ask();
  expect(log.lines.join("\n")).not.toContain("warning");
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

  test("is told with the reason that it gives", async () => {
    codexFails(FAILED, [
      "stdout",
      event({ type: "turn.failed", error: { message: "no\n::error::such model" } }),
    ]);

    await expect(ask()).rejects.toMatchObject({
      code: "prompt-failed",
      message: "Codex exited with code 1: `no ::error::such model`.",
    });
  });

  test("because the API refuses the access token says so", async () => {
    codexFails(FAILED, ["stdout", event({ type: "turn.failed", error: { message: REFUSED } })]);

    await expect(ask()).rejects.toMatchObject({
      code: "access-token-refused",
      message: expect.stringContaining(REFUSED),
      hint: expect.stringMatching(/maintenance workflow.*`refresh: force`.*new run/),
    });
  });

  test.each<[what: string, printed: Printed]>([
    ["a word on stderr", ["stderr", Buffer.from(`ERROR: ${REFUSED}\n`)]],
    ["a whole event on stderr", ["stderr", event({ type: "turn.failed", error: { message: REFUSED } })]],
    ["a line on stdout", ["stdout", Buffer.from(`${REFUSED}\n`)]],
    [
      "a message",
      ["stdout", event({ type: "item.completed", item: { type: "agent_message", text: REFUSED } })],
    ],
    ["a warning", ["stdout", event({ type: "item.completed", item: { type: "error", message: REFUSED } })]],
  ])("for another reason than %s claims says only that", async (_what, printed) => {
    codexFails(FAILED, printed);

    await expect(ask({ source: { kind: "text", text: REFUSED } })).rejects.toMatchObject({
      code: "prompt-failed",
      message: "Codex exited with code 1.",
    });
  });

  test("is not said of one that ends well, whatever it printed", async () => {
    codexFails(succeeded, ["stdout", event({ type: "turn.failed", error: { message: REFUSED } })]);

    await expect(ask()).resolves.toBeUndefined();
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
      "session id: 7",
      "a word on stderr",
      `::${FIRST}::`,
      "end of group",
      `::stop-commands::${SECOND}`,
      "::set-output name=x::y",
      `::${SECOND}::`,
    ]);
  });

  test("is shown as it comes, the last line without an end included", async () => {
    const seen: string[][] = [];
    commands.programs.set(CODEX, async ({ output }) => {
      output("stdout", event({ type: "thread.started", thread_id: "7" }));
      seen.push([...log.lines]);
      output("stdout", Buffer.from("half a line"));
      return succeeded;
    });

    await ask();

    expect(seen[0]).toContain("session id: 7");
    expect(log.lines).toContain("half a line");
  });

  test("is shown as events where `codex-args` asks for them", async () => {
    const started = codexAnswers("Done.");

    await ask({ codexArgs: "--json" });

    expect(started[0]?.args.filter((word) => word === "--json")).toHaveLength(1);
    expect(log.lines).toContain('{"type":"thread.started","thread_id":"7"}');
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

test("a Codex without a `prompt-timeout` may take its time", async () => {
  commands.programs.set(CODEX, async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await files.write(FINAL_MESSAGE, "Done.");
    return succeeded;
  });

  await ask();

  expect(channel.outputs.get("final-message")).toBe("Done.");
});

describe("a Codex that does not end", () => {
  /** It says that much, and then waits until it is ended. */
  function codexWaits(...events: object[]): void {
    commands.programs.set(CODEX, ({ output, stop }) => {
      for (const fields of events) output("stdout", event(fields));
      return new Promise((resolve) => {
        stop?.addEventListener("abort", () => resolve({ exitCode: null, signal: "SIGTERM" }));
      });
    });
  }

  test("is ended after `prompt-timeout`, and what the model said last is the output", async () => {
    codexWaits({ type: "item.completed", item: { id: "1", type: "agent_message", text: "So far." } });

    await expect(ask({ timeoutMs: 5 })).rejects.toMatchObject({
      code: "prompt-timeout",
      message: expect.stringContaining("is in the output `final-message`"),
    });
    expect(channel.outputs.get("final-message")).toBe("So far.");
  });

  test("has no answer where the model has said nothing", async () => {
    codexWaits();

    await expect(ask({ timeoutMs: 5 })).rejects.toMatchObject({ code: "prompt-timeout" });
    expect(channel.outputs.has("final-message")).toBe(false);
  });
});

describe("what Codex says on its standard error", () => {
  function codexSays(words: Readonly<Record<"stdout" | "stderr", string>>): void {
    commands.programs.set(CODEX, async ({ output }) => {
      output("stdout", Buffer.from(words.stdout));
      output("stderr", Buffer.from(words.stderr));
      return { exitCode: 1, signal: null };
    });
  }

  test("is its complaint, and what stands on its output is not", async () => {
    codexSays({ stdout: "Error: a command's\n", stderr: "Error: Codex's own\n" });

    await expect(ask()).rejects.toMatchObject({ message: "Codex exited with code 1: `Error: Codex's own`." });
  });

  test("is kept in its last part only, however much it is", async () => {
    codexSays({ stdout: "", stderr: `Error: early\n${"x".repeat(5_000)}\nError: late\n` });

    await expect(ask()).rejects.toMatchObject({ message: "Codex exited with code 1: `Error: late`." });
  });

  test("tells why it has removed the login", async () => {
    await files.write("/temp/home/auth.json", "the login");
    commands.programs.set(CODEX, async ({ output }) => {
      await files.remove("/temp/home/auth.json");
      output("stderr", Buffer.from("An API key is required.\n"));
      return { exitCode: 1, signal: null };
    });

    await expect(ask()).rejects.toMatchObject({
      code: "login-forbidden",
      message: expect.stringContaining("It says: `An API key is required.`"),
    });
  });
});

test("a usage limit is read on the clock that this Codex goes by", async () => {
  const failure = { message: "You've hit your usage limit. You can try again at 4:30 PM." };
  commands.programs.set(CODEX, async ({ output }) => {
    output("stdout", event({ type: "turn.failed", error: failure }));
    return { exitCode: 1, signal: null };
  });

  const asked = ask({}, { environment: { CODEX_HOME: "/temp/home", TZ: "Asia/Tokyo" } });

  await expect(asked).rejects.toMatchObject({ code: "usage-limit" });
  expect(channel.outputs.get("usage-resets-at")).toBe("2026-11-22T07:30:00.000Z");
});

test("a fault of ours is not told as a Codex that could not be started", async () => {
  commands.programs.set(CODEX, async () => {
    throw new TypeError("a bug");
  });

  await expect(ask()).rejects.toEqual(new TypeError("a bug"));
});

test("an answer of many lines is said as it is, without the line breaks at its end, and may have 16 MiB", async () => {
  codexAnswers("  one\n\n  two\n\n\n");

  await ask();

  const said = log.lines.slice(log.lines.indexOf("  one"), -1);
  expect(said).toEqual(["  one", "", "  two"]);
  expect(named.places).toContainEqual({ root: "/temp/base", kept: [], limitBytes: 16 * 1024 * 1024 });
});
