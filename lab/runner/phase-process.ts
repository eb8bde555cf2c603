import { type ChildProcess, spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as sleep } from "node:timers/promises";
import type { MachineUser } from "./machine.ts";

/** Milliseconds that the runner waits. Stories shorten them. [src actions/runner Sdk/ProcessInvoker.cs] */
export interface Timing {
  /** After SIGINT. */
  sigintMs: number;
  /** After SIGTERM. */
  sigtermMs: number;
  /** For the output of a process that has ended while a descendant holds its pipes. */
  streamsMs: number;
  /** For everything after a cancellation, posts included; then the worker is killed. */
  graceMs: number;
  /** A minute of `timeout-minutes`. */
  minuteMs: number;
}

export const REAL_TIMING: Readonly<Timing> = {
  sigintMs: 7500,
  sigtermMs: 2500,
  streamsMs: 5000,
  graceMs: 285_000,
  minuteMs: 60_000,
};

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
}

/**
 * A process of a step, in its own session (as nothing of the test's terminal reaches a runner), without stdin.
 * Signals go to it alone, never to what it has started.
 */
export class PhaseProcess {
  readonly pid: number;
  /** Once it has ended and its output is read; rejected when it could not be started. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;

  constructor(
    command: { file: string; args: readonly string[]; cwd: string; env: Record<string, string> },
    options: { timing: Timing; user?: MachineUser | undefined; onLine: (line: string) => void },
  ) {
    const started = performance.now();
    const { file, args, cwd, env } = command;
    const child = spawn(file, args, {
      ...options.user,
      cwd,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.pid = child.pid ?? 0;
    const listening = { current: true };
    const outputs = [child.stdout, child.stderr].map((stream) =>
      readLines(stream, (line) => {
        if (listening.current) options.onLine(line);
      }),
    );
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (exitCode, signal) => {
        const durationMs = performance.now() - started;
        const patience = new AbortController();
        const impatient = sleep(options.timing.streamsMs, undefined, { signal: patience.signal }).catch(
          () => {},
        );
        void Promise.race([Promise.all(outputs), impatient]).then(() => {
          patience.abort();
          // Whoever still holds the pipes is an orphan; it may go on writing, nobody listens.
          listening.current = false;
          resolve({ exitCode, signal, durationMs });
        });
      });
    });
    this.ended.catch(() => {});
  }

  /** SIGINT, then SIGTERM, then SIGKILL, each only if the one before has not been enough. */
  async cancel(timing: Timing): Promise<void> {
    for (const [signal, waitMs] of [
      ["SIGINT", timing.sigintMs],
      ["SIGTERM", timing.sigtermMs],
    ] as const) {
      this.#child.kill(signal);
      if (await this.#endsWithin(waitMs)) return;
    }
    this.#child.kill("SIGKILL");
  }

  /** Gives up the pipes, so that an orphan does not keep the test's event loop alive. */
  release(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.#child.unref();
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const patience = new AbortController();
    const timeout = sleep(ms, false, { signal: patience.signal }).catch(() => false);
    const ended = this.ended.then(
      () => true,
      () => true,
    );
    const result = await Promise.race([ended, timeout]);
    patience.abort();
    return result;
  }
}

function readLines(stream: Readable | null, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    if (!stream) return resolve();
    const decoder = new StringDecoder("utf8");
    let rest = "";
    stream.on("data", (chunk: Buffer) => {
      const lines = (rest + decoder.write(chunk)).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    });
    stream.once("close", () => {
      if (rest !== "") onLine(rest);
      resolve();
    });
    stream.once("error", () => resolve());
  });
}
