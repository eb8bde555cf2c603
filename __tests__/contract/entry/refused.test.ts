import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

let disk: string;
beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), "refused-"));
  writeFileSync(join(disk, "file"), "");
});
afterEach(() => rmSync(disk, { recursive: true, force: true }));

/** What a phase of dist/ says where one of the runner's files cannot be written. */
function say(phase: string, variable: string, inputs: Record<string, string> = {}): string {
  const { stdout } = spawnSync(process.execPath, [`dist/${phase}.cjs`], {
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      GITHUB_REPOSITORY: "octo/app",
      GITHUB_REPOSITORY_ID: "1",
      GITHUB_RUN_ID: "1",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_JOB: "codex",
      GITHUB_EVENT_NAME: "workflow_dispatch",
      GITHUB_API_URL: "http://127.0.0.1:9",
      GITHUB_SERVER_URL: "http://127.0.0.1:9",
      RUNNER_TEMP: join(disk, "temp"),
      [variable]: join(disk, "file", "below"),
      ...inputs,
    },
  });
  return stdout;
}

describe("a file of the runner's that cannot be written", () => {
  test.each([
    ["pre", "GITHUB_STATE"],
    ["main", "GITHUB_OUTPUT"],
  ])("is what the system refused in %s, and no bug: %s", (phase, variable) => {
    const said = say(phase, variable);

    expect(said).toMatch(/::error::The operating system refused .*ENOTDIR.*\[system-error\]/);
    expect(said).not.toMatch(/bug|\.cjs:\d/);
  });

  test("hides nothing of what went wrong first", () => {
    const said = say("main", "GITHUB_STEP_SUMMARY", { INPUT_REFRESH: "sometimes" });

    expect(said).toMatch(/::error::.*\[input-invalid\]/);
    expect(said).toMatch(/::warning::.*could not be written into the job's summary/);
  });
});
