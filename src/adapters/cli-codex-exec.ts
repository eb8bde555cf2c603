import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { stripVTControlCharacters } from "node:util";
import type { CodexExec } from "../cli/host-refresh.ts";

/** Far beyond the 20 s that it gives a refresh: what is ended in mid-refresh loses the login. */
const TIMEOUT_MS = 5 * 60_000;
const ARGS = ["exec", "--skip-git-repo-check", "--sandbox", "read-only", "Reply exactly: OK"];

/**
 * `codex exec` with one tiny prompt; in a process group of its own, so that a Ctrl-C during its refresh does not lose it.
 *
 * @param command Codex's executable
 */
export function tinyCodexExec(command: string): CodexExec {
  return {
    run: ({ home, environment }) =>
      new Promise((resolve, reject) => {
        const child = spawn(command, ["-c", 'cli_auth_credentials_store="file"', ...ARGS], {
          cwd: tmpdir(),
          env: { ...environment, CODEX_HOME: home },
          stdio: ["ignore", "pipe", "pipe"],
          detached: process.platform !== "win32",
        });
        const timer = setTimeout(() => child.kill("SIGTERM"), TIMEOUT_MS);
        let words = "";
        const hear = (text: string): void => {
          words = (words + text).slice(-20_000);
        };
        child.stdout.setEncoding("utf8").on("data", hear);
        child.stderr.setEncoding("utf8").on("data", hear);
        child.once("error", (error) => {
          clearTimeout(timer);
          reject(error);
        });
        child.once("close", (exitCode) => {
          clearTimeout(timer);
          resolve({ exitCode, words: stripVTControlCharacters(words) });
        });
      }),
  };
}
