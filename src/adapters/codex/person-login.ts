import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import type { PersonLogin } from "../../ports/cli.ts";

/**
 * @param command Codex's executable
 * @see docs/facts.md §1, "Commands"
 */
export function codexLogin(command: string): PersonLogin {
  return {
    run: ({ method, home, environment, output, signal }) =>
      new Promise((resolve, reject) => {
        const args = method === "device" ? ["login", "--device-auth"] : ["login"];
        const child = spawn(command, ["-c", 'cli_auth_credentials_store="file"', ...args], {
          cwd: home,
          env: { ...environment, CODEX_HOME: home },
          stdio: ["ignore", "pipe", "pipe"],
        });
        // Not SIGTERM: from the moment we go on, nothing may be written into the home any more.
        const end = (): void => void child.kill("SIGKILL");
        const hear = (text: string): void => output(stripVTControlCharacters(text));
        child.stdout.setEncoding("utf8").on("data", hear);
        child.stderr.setEncoding("utf8").on("data", hear);
        signal.addEventListener("abort", end);
        process.on("exit", end);
        if (signal.aborted) end();
        const settle = (): void => {
          signal.removeEventListener("abort", end);
          process.off("exit", end);
        };
        child.once("error", (error) => {
          settle();
          reject(error);
        });
        // Not "close": a browser that Codex has opened may hold the pipes for as long as it lives.
        child.once("exit", (exitCode) => {
          settle();
          setImmediate(() => {
            child.stdout.destroy();
            child.stderr.destroy();
            resolve({ exitCode });
          });
        });
      }),
  };
}
