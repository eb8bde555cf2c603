import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ACCOUNT_FEATURES } from "../../core/codex/config.ts";
import type { CodexExec } from "../../ports/cli.ts";
import type { Log } from "../../ports/runner.ts";
import { configured, FILE_STORE, startCodex } from "./process.ts";

/** Far beyond the 20 s that it gives a refresh: ending it in mid-refresh loses the login. */
const TIMEOUT_MS = 5 * 60_000;
const ARGS = ["exec", "--skip-git-repo-check", "--sandbox", "read-only", "Reply exactly: OK"];
/** Where a directory above has a `.git`, Codex sends the AGENTS.md of that one and of all between to the model. */
const CONFIGURATION = configured(
  "project_root_markers=[]",
  "project_doc_max_bytes=0",
  ...ACCOUNT_FEATURES.map((feature) => `features.${feature}=false`),
);

/**
 * `codex exec` with one tiny prompt; in a process group of its own, so that a Ctrl-C during its refresh does not lose it.
 * It runs in a fresh directory inside the home, into which nobody else can put anything for it to read.
 *
 * @param command Codex's executable
 */
export function tinyCodexExec(command: string, log: Pick<Log, "debug">): CodexExec {
  return {
    run: async ({ home, environment }) => {
      const directory = mkdtempSync(join(home, ".codex-auth-roundtrip-"));
      const args = [...FILE_STORE, ...CONFIGURATION, ...ARGS];
      try {
        const where = { home, directory, environment };
        const codex = startCodex(command, { asked: "exec", args, ...where, group: "own", log });
        await codex.spawned;
        const timer = setTimeout(() => codex.child.kill("SIGTERM"), TIMEOUT_MS);
        await codex.closed;
        clearTimeout(timer);
        return { exitCode: codex.child.exitCode, output: codex.output() };
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}
