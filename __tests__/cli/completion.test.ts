import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

const script = (shell: string): string =>
  spawnSync(process.execPath, ["dist/cli.js", "completion", shell], { encoding: "utf8" }).stdout;
const has = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;

describe("in bash", () => {
  const complete = (...words: string[]): string[] => {
    const typed = words.map((word) => `'${word}'`).join(" ");
    const line = `COMP_WORDS=(codex-auth-roundtrip ${typed}); COMP_CWORD=${words.length}
      _codex_auth_roundtrip; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync("bash", ["-c", `${script("bash")}\n${line}`], { encoding: "utf8" });
    return stdout.split("\n").filter((word) => word !== "");
  };

  test.each([
    [[""], ["seed", "status", "doctor", "host", "completion", "--version", "--debug", "--help"]],
    [["s"], ["seed", "status"]],
    [
      ["host", ""],
      ["seed", "refresh", "status", "install-timer", "--help"],
    ],
    [["host", "install-timer", "--home", "/opt/x", "--on"], ["--on-failure"]],
    [["seed", "--cre"], ["--create-environment"]],
  ])("%j becomes one of %j", (typed, expected) => {
    expect(complete(...typed).filter((word) => word !== "--debug")).toEqual(
      expected.filter((word) => word !== "--debug"),
    );
  });
});

test.each(["bash", "zsh", "fish"])("%s reads its script without an error", (shell) => {
  const text = script(shell);

  expect(text).toContain("install-timer");
  if (!has(shell)) return;
  const directory = mkdtempSync(join(tmpdir(), "completion-"));
  try {
    const file = join(directory, "script");
    writeFileSync(file, text);
    const checked = spawnSync(shell, ["-n", file], { encoding: "utf8" });
    expect([checked.status, checked.stderr]).toEqual([0, ""]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("another shell is wrong usage", () => {
  const { status, stderr } = spawnSync(process.execPath, ["dist/cli.js", "completion", "csh"], {
    encoding: "utf8",
  });

  expect(status).toBe(2);
  expect(stderr).toContain("bash, zsh, fish");
});
