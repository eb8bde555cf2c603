import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";

function facts(...words: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/facts.mjs", ...words], {
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

test("`npm run facts` says what it can be told", () => {
  const { status, output } = facts("--help");

  expect(status).toBe(0);
  for (const option of ["--codex VERSION", "--scenarios", "--report FILE", "--from FILE"])
    expect(output).toContain(option);
});

test.each([
  [["--codex", "/no/such/codex"], "There is no /no/such/codex."],
  [["--codex", "node_modules/@openai/codex/bin/codex.js"], "is npm's launcher"],
  [["--codex", process.execPath, "--no-such-option"], "Usage: npm run facts"],
  [["--from", "package.json"], "is not a result of `npm run conformance -- --json`"],
  [["--from", "/no/such/file"], "is not a result of `npm run conformance -- --json`"],
])("%j is refused before anything is run", (words, message) => {
  const { status, output } = facts(...words);

  expect(output).toContain(message);
  expect(status).toBe(2);
});
