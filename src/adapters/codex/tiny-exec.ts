import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ACCOUNT_FEATURES } from "../../core/codex/config.ts";
import type { CodexExec } from "../../ports/cli.ts";

/** Far beyond the 20 s that it gives a refresh: what is ended in mid-refresh loses the login. */
const TIMEOUT_MS = 5 * 60_000;
const ARGS = ["exec", "--skip-git-repo-check", "--sandbox", "read-only", "Reply exactly: OK"];
/** Where a directory above has a `.git`, Codex sends the AGENTS.md of that one and of all between to the model. */
const CONFIGURATION = [
  'cli_auth_credentials_store="file"',
  "project_root_markers=[]",
  "project_doc_max_bytes=0",
  ...ACCOUNT_FEATURES.map((feature) => `features.${feature}=false`),
].flatMap((setting) => ["-c", setting]);

/**
 * `codex exec` with one tiny prompt; in a process group of its own, so that a Ctrl-C during its refresh does not lose it.
 * It runs in a fresh directory inside the home, into which nobody else can put anything for it to read.
 *
 * @param command Codex's executable
 */
export function tinyCodexExec(command: string): CodexExec {
  return {
    run: ({ home, environment }) =>
      new Promise((resolve, reject) => {
        const directory = mkdtempSync(join(home, ".codex-auth-roundtrip-"));
        const leave = (): void => rmSync(directory, { recursive: true, force: true });
        const child = spawn(command, [...CONFIGURATION, ...ARGS], {
          cwd: directory,
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
          leave();
          reject(error);
        });
        child.once("close", (exitCode) => {
          clearTimeout(timer);
          leave();
          resolve({ exitCode, words: stripVTControlCharacters(words) });
        });
      }),
  };
}
