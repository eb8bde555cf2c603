import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { DeviceLogin } from "../../ports/action.ts";

/** The one-time code is good for so long. */
const LIFETIME_MS = 15 * 60_000;
const POLL_MS = 250;
const KILL_MS = 5_000;

/**
 * `codex login --device-auth`, which prints a link and a one-time code and waits for the person (docs/facts.md §1).
 * The home must be a fresh one: in any other it would first revoke the login that is there.
 *
 * @param command Codex's executable
 */
export function codexDeviceLogin(command: string): DeviceLogin {
  return {
    run: ({ home, environment, output, cancellation }) =>
      new Promise((resolve, reject) => {
        const child = spawn(command, ["-c", 'cli_auth_credentials_store="file"', "login", "--device-auth"], {
          cwd: home,
          env: { ...environment, CODEX_HOME: home },
          stdio: ["ignore", "pipe", "pipe"],
          // A cancelled job's SIGINT comes to us, and what is to end then is ended below.
          detached: process.platform !== "win32",
        });
        for (const stream of [child.stdout, child.stderr])
          createInterface({ input: stream }).on("line", (line) => output(stripVTControlCharacters(line)));
        child.once("error", reject);
        const ended = new Promise<void>((end) => child.once("close", () => end()));
        void ended.then(() => resolve({ exitCode: child.exitCode }));
        void endInTime(child, ended, () => cancellation.requested());
      }),
  };
}

/** Ends it when its time is over, or somebody has cancelled the job. */
async function endInTime(
  child: ReturnType<typeof spawn>,
  ended: Promise<void>,
  cancelled: () => boolean,
): Promise<void> {
  const deadlineMs = performance.now() + LIFETIME_MS;
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over && !cancelled() && performance.now() < deadlineMs) await sleep(POLL_MS);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (over) return;
    child.kill(signal);
    await Promise.race([ended, sleep(KILL_MS, undefined, { ref: false })]);
  }
}
