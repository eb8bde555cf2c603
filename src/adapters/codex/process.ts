import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { Log } from "../../ports/runner.ts";

const KEPT_CHARACTERS = 20_000;
const SIGNAL_TIMEOUT_MS = 5_000;

/** Codex keeps its login in `auth.json` and nowhere else. */
export const FILE_STORE = configured('cli_auth_credentials_store="file"');

/** The arguments for settings, each `name=value`. */
export function configured(...settings: readonly string[]): readonly string[] {
  return settings.flatMap((setting) => ["-c", setting]);
}

/** A running Codex. None of the promises but `spawned` rejects. */
export interface CodexProcess {
  readonly child: ChildProcess;
  /** Rejects where it cannot be started. */
  readonly spawned: Promise<void>;
  /** It has ended; a program that it has opened may still hold its pipes. */
  readonly exited: Promise<void>;
  /** It has ended, and everything that it printed has been heard. */
  readonly closed: Promise<void>;
  /** What {@link listen} has heard, its end at least, without colours. */
  readonly output: () => string;
}

/**
 * Starts Codex on a home.
 *
 * @param asked what for, in the debug log
 * @param group `own`: a process group of its own, so that a cancelled job's SIGINT, or a person's Ctrl-C, which would kill
 *   an in-flight refresh, never reaches it
 */
export function startCodex(
  command: string,
  request: {
    asked: string;
    args: readonly string[];
    home: string;
    directory?: string;
    environment: Readonly<Record<string, string>>;
    input?: "ignore" | "pipe";
    group: "own" | "ours";
    log: Pick<Log, "debug">;
  },
): CodexProcess {
  const { asked, args, home, directory = home, environment, input = "ignore", group, log } = request;
  const startedMs = performance.now();
  const child = spawn(command, args, {
    cwd: directory,
    env: { ...environment, CODEX_HOME: home },
    stdio: [input, "pipe", "pipe"],
    detached: group === "own" && process.platform !== "win32",
  });
  child.stdin?.on("error", () => {}); // it may be gone before we have spoken
  let output = "";
  const hear = (text: string): void => {
    output = (output + text).slice(-KEPT_CHARACTERS);
  };
  // Of one that speaks JSON on stdout, only stderr is for people.
  for (const stream of input === "pipe" ? [child.stderr] : [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", hear);
  const spawned = new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  spawned.catch(() => {});
  const when = (event: "exit" | "close"): Promise<void> =>
    new Promise((resolve) => {
      child.once(event, () => resolve());
      child.once("error", () => resolve());
    });
  const exited = when("exit");
  void exited.then(() => {
    const end = child.exitCode === null ? (child.signalCode ?? "not started") : `exit code ${child.exitCode}`;
    log.debug(`codex ${asked}: ${end}, ${Math.round(performance.now() - startedMs)} ms.`);
  });
  return { child, spawned, exited, closed: when("close"), output: () => stripVTControlCharacters(output) };
}

/** Hears everything that it prints, without colours, as it is printed. */
export function listen({ child }: CodexProcess, hear: (text: string) => void): void {
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (text: string) => hear(stripVTControlCharacters(text)));
}

/** SIGTERM, which an app-server survives until a refresh is saved; SIGKILL only when that did not help. */
export async function endCodex({ child, exited }: CodexProcess): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await Promise.race([exited, sleep(SIGNAL_TIMEOUT_MS, undefined, { ref: false })]);
  }
}
