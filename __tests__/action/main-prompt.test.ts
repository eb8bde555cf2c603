import { beforeEach, describe, expect, test } from "@jest/globals";
import { answerWithUsage, BASE, codeOf, HOME, HOUR_MS, Step } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;
const DEAD = "Your access token could not be refreshed. Please log out and sign in again.";
const FINAL = `${BASE}/final-message.txt`;

/** What Codex is told, and on which login. */
interface Telling {
  readonly file: string;
  readonly input: string | undefined;
  readonly directory: string;
  readonly auth: string | null;
}

let step: Step;
let told: Telling[];
/** How each run of Codex ends: the last one stands for all that follow. */
let runs: ("answers" | "token dead" | "fails")[];

beforeEach(() => {
  step = new Step(QUIET_MS, { run: "", prompt: "Tidy up." });
  told = [];
  runs = ["answers"];
  step.command = async ({ file, input, directory, output }) => {
    const run = runs[Math.min(told.length, runs.length - 1)];
    told.push({ file, input, directory, auth: step.auth });
    if (run === "answers") {
      await step.files.write(FINAL, `Done, at try ${told.length}.`);
      return { exitCode: 0, signal: null };
    }
    if (run === "token dead")
      output("stdout", Buffer.from(`${JSON.stringify({ type: "turn.failed", error: { message: DEAD } })}\n`));
    return { exitCode: 1, signal: null };
  };
});

describe("a prompt", () => {
  test("is answered by Codex on the working copy, and the answer is an output", async () => {
    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(told).toEqual([
      {
        file: "/usr/bin/codex",
        input: "Tidy up.",
        directory: "/work/app",
        auth: step.login.withheld().reveal(),
      },
    ]);
    expect(step.channel.outputs.get("final-message")).toBe("Done, at try 1.");
    expect(step.channel.outputs.get("codex-version")).toBe("0.169.0");
  });

  test("is read from a file of the workspace, and works in the directory asked for", async () => {
    Object.assign(step.inputs, { prompt: "", "prompt-file": "ask.md", "working-directory": "part" });
    await step.files.write("/work/app/ask.md", "From a file.");

    await step.play();

    expect(told).toMatchObject([{ input: "From a file.", directory: "/work/app/part" }]);
  });

  test("is not given to a Codex that does not run", async () => {
    step.version = null;

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("codex-missing");
    expect(told).toEqual([]);
  });

  test("that fails for another reason is not tried again", async () => {
    runs = ["fails", "answers"];

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("prompt-failed");
    expect(step.channel.outputs.has("final-message")).toBe(false);
    expect(step.wentOnline).toBe(false);
  });

  test("tells in the summary how much of the plan's limits is used", async () => {
    answerWithUsage(step, 42);

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(step.channel.summaries[0]).toContain("usage in 5 hours: 42 %");
  });

  test("does not work in the home of the login", async () => {
    step.inputs["working-directory"] = HOME;

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("file-refused");
    expect(told).toEqual([]);
  });

  test("holds in place a Codex that stands where a sandbox may write", async () => {
    step.inputs["protect-auth"] = "profile";
    step.codex = "/tmp/mine/codex";
    let args: readonly string[] = [];
    const { command } = step;
    step.command = (asked) => {
      args = asked.args;
      return command(asked);
    };

    await step.play();

    expect(args.join(" ")).toContain('"/tmp/mine"');
  });

  test("keeps the model's commands out of the login, in the home and in the flags", async () => {
    Object.assign(step.inputs, { "protect-auth": "profile", sandbox: "read-only" });
    let args: readonly string[] = [];
    const { command } = step;
    step.command = (asked) => {
      args = asked.args;
      return command(asked);
    };

    await step.play();

    expect(args.join(" ")).toContain(`${BASE}/login`);
    expect(step.said(/sandbox by flag/)).toEqual([]);
  });
});

test.each([
  ["a refresh job", {}, "login-refused"],
  [
    "a Codex job, whose login another job may have refreshed since",
    { refresh: "never" },
    "access-token-refused",
  ],
])(
  "in %s a token that was issued a moment ago and is refused is told for what that shows",
  async (_, inputs, code) => {
    step = new Step(QUIET_MS, { run: "", prompt: "Tidy up.", ...inputs });
    step.clock.advance(-0.5 * HOUR_MS);
    step.command = ({ output }) => {
      output("stdout", Buffer.from(`${JSON.stringify({ type: "turn.failed", error: { message: DEAD } })}\n`));
      return { exitCode: 1, signal: null };
    };

    expect(codeOf((await step.play()).main)).toBe(code);
  },
);

test("a prompt in which the access token is refused fails, is not tried again, and the login stays as it is", async () => {
  runs = ["token dead", "answers"];

  const ends = await step.play();

  expect(codeOf(ends.main)).toBe("access-token-refused");
  expect(told).toHaveLength(1);
  expect(step.wentOnline).toBe(false);
});
