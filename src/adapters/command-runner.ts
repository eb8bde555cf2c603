import { spawn } from "node:child_process";
import type { CommandRunner } from "../ports.ts";

/** As the runner does for its own steps: a process that the command left behind may hold the pipes for ever. */
const LAST_WORDS_MS = 5_000;
const CANCEL_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs a command in its own process group; cancel signals to this process go to the whole group at once. */
export const groupCommandRunner: CommandRunner = {
  run: ({ file, args, directory, environment, output, input = "" }) =>
    new Promise((resolve, reject) => {
      const child = spawn(file, args, {
        cwd: directory,
        env: { ...environment },
        stdio: ["pipe", "pipe", "pipe"],
        detached: process.platform !== "win32",
      });
      child.stdin.on("error", () => {}); // it need not read what we say
      child.stdin.end(input);
      for (const [from, to] of [
        [child.stdout, process.stdout],
        [child.stderr, process.stderr],
      ] as const) {
        from.on("data", (chunk: Buffer) => {
          to.write(chunk);
          output(chunk.toString("utf8"));
        });
      }
      const listeners = CANCEL_SIGNALS.map((signal) => {
        const pass = (): void => signalGroup(child.pid, signal);
        process.on(signal, pass);
        return () => process.off(signal, pass);
      });
      const finish = (): void => {
        for (const stopListening of listeners) stopListening();
      };
      child.once("error", (error) => {
        finish();
        reject(error);
      });
      const end = (): void => {
        finish();
        resolve({ exitCode: child.exitCode, signal: child.signalCode });
      };
      child.once("close", end);
      child.once("exit", () => setTimeout(end, LAST_WORDS_MS).unref());
    }),
};

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // The group is gone already.
  }
}
