import { beforeEach, describe, expect, test } from "@jest/globals";
import { LOCK_NAME } from "../../src/action/lock.ts";
import { BASE, codeOf, HOME, HOUR_MS, Step } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;
const DEAD = "Your access token could not be refreshed. Please log in again.";
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
    if (run === "token dead") output(DEAD);
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

describe("a prompt in which the access token turns out to be dead", () => {
  test("is tried once more on a refreshed one", async () => {
    runs = ["token dead", "answers"];

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(told.map(({ auth }) => auth)).toEqual([
      step.login.withheld().reveal(),
      step.stored.withheld().reveal(),
    ]);
    expect(step.stored.refreshToken.reveal()).toBe("rt-CANARY-1");
    expect(step.channel.outputs.get("final-message")).toBe("Done, at try 2.");
    expect(step.channel.outputs.get("rotated")).toBe("true");
  });

  test("is not tried a third time, and the login is not rotated a second time", async () => {
    runs = ["token dead"];

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("prompt-failed");
    expect(told).toHaveLength(2);
    expect(step.stored.refreshToken.reveal()).toBe("rt-CANARY-1");
  });

  test("is not tried again when no new access token could be had", async () => {
    runs = ["token dead", "answers"];
    step.issuer.interfere = () => "unavailable";

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("prompt-failed");
    expect(told).toHaveLength(1);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
  });

  test("is not tried again by a borrower", async () => {
    step.inputs.role = "borrower";
    runs = ["token dead", "answers"];

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("prompt-failed");
    expect(told).toHaveLength(1);
    expect(step.wentOnline).toBe(false);
  });

  test("goes without the refresh token from then on where it cannot be proven any more", async () => {
    step.inputs["refresh-token"] = "present";
    runs = ["token dead"];
    const { command } = step;
    step.command = (asked) => {
      step.store.set(LOCK_NAME, "another keeper's");
      return command(asked);
    };
    await step.pre();

    await step.main();

    expect(told[0]?.auth).toBe(step.login.whole().reveal());
    expect(step.auth).toBe(step.login.withheld().reveal());
  });

  test("is not tried again in a cancelled job", async () => {
    runs = ["token dead", "answers"];
    const { command } = step;
    step.command = (asked) => {
      step.isCancelled = true;
      return command(asked);
    };

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("prompt-failed");
    expect(told).toHaveLength(1);
    expect(step.wentOnline).toBe(false);
  });

  test("is tried again with the login that Codex itself is given, in the same home", async () => {
    runs = ["token dead", "answers"];
    const homes: (string | undefined)[] = [];
    const { command } = step;
    step.command = (asked) => {
      homes.push(asked.environment.CODEX_HOME);
      return command(asked);
    };

    await step.play();

    expect(homes).toEqual([HOME, HOME]);
  });
});
