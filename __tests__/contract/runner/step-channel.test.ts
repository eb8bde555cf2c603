import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { FileCommands, parseFileCommands } from "../../../lab/runner/file-commands.ts";
import { stepChannel } from "../../../src/adapters/runner/step-channel.ts";
import { STATE_KEYS, type StateKey } from "../../../src/core/phase-state/keys.ts";

let root: string;
const before = { ...process.env };
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "step-channel-"));
});
afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  await rm(root, { recursive: true, force: true });
});

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,20}$/).filter((word) => !(word in process.env));
const character = fc.oneof(
  fc.string({ minLength: 1, maxLength: 1 }),
  fc.nat(0x10ffff).map((code) => String.fromCodePoint(code)),
);
/** Anything, and above all what the files' own syntax is made of. */
const value = fc.oneof(
  fc.string({ unit: character }).filter((text) => Buffer.from(text).toString("utf8") === text),
  fc
    .array(fc.constantFrom("END", "_END", "\n", "\r\n", "=", "<<", "x", "ghadelimiter_", "::", "%0A"))
    .map((parts) => parts.join("")),
);
const values = fc.dictionary(name, value, { maxKeys: 5 }).map((pairs) => ({ ...pairs }));

describe("what a step says in its files", () => {
  test("is what the runner reads, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ session: value, report: value, notice: value, "critical-section": value }),
        values,
        values,
        fc.array(value),
        async (state, outputs, variables, summaries) => {
          const files = await FileCommands.create(root);
          Object.assign(process.env, files.environment);

          for (const [key, content] of Object.entries(state)) stepChannel.saveState(key as StateKey, content);
          stepChannel.setOutputs(outputs);
          // Node cannot hold a variable with a zero in it, and nobody exports one.
          const exported = Object.fromEntries(
            Object.entries(variables).map(([key, content]) => [key, content.replaceAll("\0", "")]),
          );
          for (const [key, content] of Object.entries(exported)) stepChannel.exportVariable(key, content);
          for (const summary of summaries) await stepChannel.writeSummary(summary);

          expect(await files.collect()).toEqual({
            state,
            outputs,
            env: exported,
            paths: [],
            summary: summaries.join(""),
            problems: [],
          });
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("what a step says at the end of a phase", () => {
  test.each([
    "session=forged\ncritical-section=forged\n",
    "session<<X\nforged\nX\n",
    "session=forged\nopen<<X\n",
    "no entry at all",
    "=",
  ])("is what the runner reads, whatever somebody has put into its file: %j", async (line) => {
    const files = await FileCommands.create(root);
    Object.assign(process.env, files.environment, { STATE_report: "from before" });
    stepChannel.saveState("session", "ours");
    stepChannel.saveState("report", "");
    stepChannel.setOutputs({ rotated: "true" });
    await appendFile(files.environment.GITHUB_STATE, line);
    await appendFile(files.environment.GITHUB_OUTPUT, "mine=1\nrotated=forged");

    stepChannel.seal();

    const { state, outputs, problems } = await files.collect();
    expect(state).toMatchObject({ session: "ours", report: "" });
    expect(Object.keys(state).sort()).toEqual([...STATE_KEYS].sort());
    expect(outputs).toMatchObject({ mine: "1", rotated: "true" });
    expect(problems).toEqual([]);
  });

  test.each([
    ["a link", (path: string, victim: string) => symlinkSync(victim, path)],
    ["a second name of another file", (path: string, victim: string) => linkSync(victim, path)],
    ["a directory", (path: string) => mkdirSync(path)],
    ["a FIFO", (path: string) => void spawnSync("mkfifo", [path])],
  ])("is written to no other place, and waits for nobody: %s", async (_, put) => {
    const files = await FileCommands.create(root);
    Object.assign(process.env, files.environment);
    stepChannel.saveState("session", "ours");
    const victim = join(root, "victim");
    await writeFile(victim, "theirs");
    rmSync(files.environment.GITHUB_STATE);
    put(files.environment.GITHUB_STATE, victim);

    stepChannel.seal();

    expect(await readFile(victim, "utf8")).toBe("theirs");
    expect((await files.collect()).state).toMatchObject({ session: "ours" });
  });
});

describe("the lab's reader of these files", () => {
  /** What the reader gives out before it ends or complains. */
  function taken(text: string): [string, string][] {
    const pairs: [string, string][] = [];
    try {
      for (const pair of parseFileCommands(text)) pairs.push(pair);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).toMatch(/^Invalid (format|value)/);
    }
    return pairs;
  }
  const syntax = fc
    .array(fc.constantFrom("A", "B=", "=", "<<", "<<E", "E", "\n", "\r\n", "\n\n", "x<<E\n", "\nE\n", "ü"))
    .map((parts) => parts.join(""));

  test("takes any text: names are not empty, and nothing is given out that is not there", () => {
    fc.assert(
      fc.property(fc.oneof(syntax, fc.string({ unit: character })), (text) => {
        for (const [key, content] of taken(text)) {
          expect(key).not.toBe("");
          expect(text).toContain(key);
          expect(text).toContain(content);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("gives out of a file that was cut nothing that the whole one does not begin with, but for its last value", () => {
    fc.assert(
      fc.property(syntax, fc.nat(), (text, place) => {
        const whole = taken(text);
        const cut = taken(text.slice(0, place % (text.length + 1)));

        expect(cut.slice(0, -1)).toEqual(whole.slice(0, Math.max(0, cut.length - 1)));
      }),
      { numRuns: 1000 },
    );
  });

  test("reports a mistake as the step's problem, with what stood before it", async () => {
    const files = await FileCommands.create(root);
    await writeFile(files.environment.GITHUB_STATE, "a=1\nb<<E\nnever ends");

    const { state, problems } = await files.collect();

    expect(state).toEqual({ a: "1" });
    expect(problems.join(" ")).toContain("state");
  });
});
