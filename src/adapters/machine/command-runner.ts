import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { arch, constants as os, platform } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { CommandRunner } from "../../ports/machine.ts";
import { COLLECTOR } from "./collector.ts";
import { type Descent, descendants, sendSignal, signalProcess } from "./processes.ts";

/** As the runner does for its own steps: a process that cannot be ended may hold the pipes for ever. */
const PIPES_TIMEOUT_MS = 5_000;
/** A part of the command may still be at work when its shell has ended: `exec > >(tee log)`. */
const FINISH_MS = 1_000;
const AFTER_SIGTERM_MS = 1_000;
const AFTER_STOP_MS = 5_000;
const AFTER_SIGKILL_MS = 1_000;
const POLL_MS = 50;
const CANCEL_SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** In the environment of everything that one command starts. */
const MARKER = "CODEX_AUTH_ROUNDTRIP_COMMAND";

/**
 * Runs a command in its own process group; cancel signals to this process go to the whole group at once. What the command
 * leaves behind is ended, before the outcome is told: a process that waits for our next phase would find the login there.
 */
export const groupCommandRunner: CommandRunner = {
  run: ({ file, args, directory, environment, output, input = "", stop }) =>
    new Promise((resolvePromise, reject) => {
      const marker = `${process.pid}-${process.hrtime.bigint()}`;
      const { child, ended } = start({
        file,
        args,
        directory,
        environment: { ...environment, [MARKER]: marker },
      });
      child.stdin?.on("error", () => {}); // it need not read what we say
      child.stdin?.end(input);
      child.stdout?.on("data", (chunk: Buffer) => output("stdout", chunk));
      child.stderr?.on("data", (chunk: Buffer) => output("stderr", chunk));
      const closed = new Promise<void>((close) => child.once("close", () => close()));
      const listeners = CANCEL_SIGNALS.map((signal) => {
        const pass = (): void => {
          signalGroup(child, signal);
        };
        process.on(signal, pass);
        return () => process.off(signal, pass);
      });
      const descent = { root: child.pid ?? -1, marker: `${MARKER}=${marker}` };
      const halt = (): void => void endCommand(child, descent, ended);
      stop?.addEventListener("abort", halt, { once: true });
      if (stop?.aborted) halt();
      ended
        .then(async ({ exitCode, signal, release }) => {
          await endAll(descent);
          release();
          const timeout = new AbortController();
          await Promise.race([
            closed,
            sleep(PIPES_TIMEOUT_MS, null, { signal: timeout.signal }).catch(() => {}),
          ]);
          timeout.abort();
          return { exitCode, signal };
        })
        .finally(() => {
          for (const stopListening of listeners) stopListening();
          stop?.removeEventListener("abort", halt);
          child.stdout?.destroy();
          child.stderr?.destroy();
        })
        .then(resolvePromise, reject);
    }),
};

interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Ends the process that has collected what the command left behind. */
  readonly release: () => void;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

type Start = Pick<Parameters<CommandRunner["run"]>[0], "file" | "args" | "directory" | "environment">;

const PERL = "/usr/bin/perl";
const PRCTL: Readonly<Record<string, string>> = { x64: "157", arm64: "167" };

function start(command: Start): Started {
  const prctl = platform() === "linux" && isProgram(PERL) ? PRCTL[arch()] : undefined;
  return prctl === undefined ? startAlone(command) : startCollected(command, prctl);
}

function startAlone({ file, args, directory, environment }: Start): Started {
  const child = spawn(file, args, {
    cwd: directory,
    env: { ...environment },
    stdio: ["pipe", "pipe", "pipe"],
    detached: platform() !== "win32",
  });
  const ended = new Promise<Ended>((end, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode, signal) => end({ exitCode, signal, release: () => {} }));
  });
  return { child, ended };
}

function startCollected({ file, args, directory, environment }: Start, prctl: string): Started {
  const program = findProgram(file, { directory, path: environment.PATH ?? "" });
  if (program === null) return startAlone({ file, args, directory, environment });
  // What steers Perl is for the command, and not for ours.
  const kept = Object.entries(environment).map(([name, value]) => [
    name.startsWith("PERL") ? `KEPT_${name}` : name,
    value,
  ]);
  const child = spawn(PERL, ["-e", COLLECTOR, prctl, program, file, ...args], {
    cwd: directory,
    env: Object.fromEntries(kept),
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const control = child.stdio[3] as Duplex;
  const release = (): void => void control.destroy();
  const ended = new Promise<Ended>((end, reject) => {
    let said = "";
    control.on("error", () => {});
    control.on("data", (chunk: Buffer) => {
      said += chunk.toString("latin1");
      if (said.endsWith("\n")) end({ ...readStatus(Number(said)), release });
    });
    child.once("error", reject);
    // Killed itself, before it could say anything.
    child.once("exit", (exitCode, signal) => end({ exitCode, signal, release }));
  });
  return { child, ended };
}

/** As wait(2) tells it. */
function readStatus(status: number): Pick<Ended, "exitCode" | "signal"> {
  const number = status & 0x7f;
  if (number === 0) return { exitCode: status >> 8, signal: null };
  const name = Object.entries(os.signals).find(([, value]) => value === number)?.[0];
  return { exitCode: null, signal: (name ?? "SIGKILL") as NodeJS.Signals };
}

/** As execvp(3) finds it. */
function findProgram(file: string, { directory, path }: { directory: string; path: string }): string | null {
  const places = file.includes("/")
    ? [resolve(directory, file)]
    : path.split(delimiter).map((place) => resolve(directory, join(place, file)));
  return places.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Ends a command and all that it has started: SIGTERM, by which it may save what it has, and SIGKILL when that did not help. */
async function endCommand(child: ChildProcess, descent: Descent, ended: Promise<Ended>): Promise<void> {
  if (platform() === "win32") return endWindowsTree(child);
  let hasEnded = false;
  const noticed = ended
    .catch(() => {})
    .then(() => {
      hasEnded = true;
    });
  signalGroup(child, "SIGTERM");
  await Promise.race([noticed, sleep(AFTER_STOP_MS, null, { ref: false })]);
  if (hasEnded) return;
  // Whoever collects them stays, to tell how the command has ended.
  for (const found of descendants(descent)) signalProcess(found, "SIGKILL");
  await Promise.race([noticed, sleep(AFTER_SIGKILL_MS, null, { ref: false })]);
  if (!hasEnded) signalGroup(child, "SIGKILL");
}

function endWindowsTree({ pid }: ChildProcess): void {
  if (pid !== undefined)
    spawn("taskkill", ["/PID", String(pid), "/T", "/F"], { stdio: "ignore" }).on("error", () => {});
}

/** Ends what a command has left behind: first it may finish, then it is told to end, then it is ended. */
async function endAll(descent: Descent): Promise<void> {
  if (await areGone(descent, FINISH_MS)) return;
  for (const found of descendants(descent)) signalProcess(found, "SIGTERM");
  if (await areGone(descent, AFTER_SIGTERM_MS)) return;
  await areGone(descent, AFTER_SIGKILL_MS, "SIGKILL");
}

async function areGone(descent: Descent, timeoutMs: number, signal?: NodeJS.Signals): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const alive = descendants(descent);
    if (alive.length === 0) return true;
    if (performance.now() >= deadlineMs) return false;
    if (signal) for (const found of alive) signalProcess(found, signal);
    await sleep(POLL_MS);
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) sendSignal(platform() === "win32" ? pid : -pid, signal);
}
