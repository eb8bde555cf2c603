import { performance } from "node:perf_hooks";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { LineReader } from "./line-reader.ts";
import {
  descendantsOf,
  innermostPid,
  type LivingProcess,
  type ProcessIdentity,
  signalProcess,
} from "./processes.ts";
import { type Entrance, type ProcessCommand, Supervisor } from "./supervisor.ts";

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
  /** Once it has ended and its output is read; rejected when it could not be started, and nothing runs then. */
  readonly ended: Promise<ProcessEnd>;
  /** What everything that it starts stays below; undefined when not even that could be started. */
  readonly supervisor: ProcessIdentity | undefined;
  readonly #supervisor: Supervisor;
  readonly #started: Promise<ProcessIdentity | undefined>;
  #pid: number | null = null;

  constructor(
    command: ProcessCommand,
    options: { timing: Timing; entrance: Entrance; onLine: (line: string) => void },
  ) {
    const started = performance.now();
    const listening = { current: true };
    let know = (_: ProcessIdentity | undefined): void => {};
    let end = (_: Omit<ProcessEnd, "durationMs">): void => {};
    let fail = (_: Error): void => {};
    this.#started = new Promise((resolve) => {
      know = resolve;
    });
    const exited = new Promise<ProcessEnd>((resolve) => {
      end = (how) => resolve({ ...how, durationMs: performance.now() - started });
    });
    this.#supervisor = new Supervisor(command, options.entrance, (told) => {
      switch (told.event) {
        case "started": {
          const process = this.#find(told.pid);
          this.#pid = process?.pid ?? told.pid;
          know(process);
          return;
        }
        case "failed":
          know(undefined);
          // The runner is a .NET program, and these are .NET's words.
          fail(
            new Error(
              `An error occurred trying to start process '${command.file}' with working directory '${command.cwd}'. ${told.reason}`,
            ),
          );
          return;
        case "exited": {
          know(undefined);
          const { exitCode, signal } = told;
          end({ exitCode, signal });
        }
      }
    });
    this.supervisor = this.#supervisor.identity;
    const batches = new Batches((line) => {
      if (!listening.current) return;
      try {
        options.onLine(line);
      } catch (error) {
        // The step is over; the runner neither reads on nor waits, and its cleanup finds the process.
        listening.current = false;
        this.release();
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
    const { stdout, stderr } = this.#supervisor;
    const outputs = [
      readLines(stdout, (line) => batches.output(line)),
      readLines(stderr, (line) => batches.error(line)),
    ];
    const broken = new Promise<never>((_, reject) => {
      fail = reject;
    });
    broken.catch(() => {});
    const finished = exited.then(async (how) => {
      const patience = new AbortController();
      const impatient = sleep(options.timing.streamsMs, undefined, { signal: patience.signal }).catch(
        () => {},
      );
      await Promise.race([Promise.all(outputs), impatient]);
      patience.abort();
      batches.flush();
      // Whoever still holds the pipes is an orphan; it may go on writing, nobody listens.
      listening.current = false;
      return how;
    });
    this.ended = Promise.race([broken, finished]);
    this.ended.catch(() => {});
  }

  /** Null until it has been started, and for ever when that failed. */
  get pid(): number | null {
    return this.#pid;
  }

  /** SIGINT, then SIGTERM, then SIGKILL, each only if the one before has not been enough. */
  async cancel(timing: Timing): Promise<void> {
    const process = await this.#started;
    if (!process) return;
    for (const [signal, waitMs] of [
      ["SIGINT", timing.sigintMs],
      ["SIGTERM", timing.sigtermMs],
    ] as const) {
      signalProcess(process, signal);
      if (await this.#endsWithin(waitMs)) return;
    }
    signalProcess(process, "SIGKILL");
  }

  /** Gives up the pipes, so that an orphan does not keep the test's event loop alive. */
  release(): void {
    this.#supervisor.release();
  }

  /** Its number here; in a PID namespace of its own it is called otherwise. */
  #find(pidThere: number): LivingProcess | undefined {
    const { identity } = this.#supervisor;
    if (!identity) return undefined;
    return descendantsOf([identity]).find(({ pid }) => innermostPid(pid) === pidThere);
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

/** @returns once the stream has ended */
function readLines(stream: Readable | null, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    if (!stream) return resolve();
    const reader = new LineReader(onLine);
    stream.on("data", (chunk: Buffer) => reader.write(chunk));
    stream.once("end", () => reader.end());
    stream.once("close", () => resolve());
    stream.once("error", () => resolve());
  });
}

/** The runner handles what has come in the meantime in one go, stderr first: the order of the two is not kept. */
class Batches {
  readonly #handle: (line: string) => void;
  #errors: string[] = [];
  #outputs: string[] = [];
  #scheduled = false;

  constructor(handle: (line: string) => void) {
    this.#handle = handle;
  }

  error(line: string): void {
    this.#errors.push(line);
    this.#schedule();
  }

  output(line: string): void {
    this.#outputs.push(line);
    this.#schedule();
  }

  flush(): void {
    this.#scheduled = false;
    const lines = [...this.#errors, ...this.#outputs];
    this.#errors = [];
    this.#outputs = [];
    for (const line of lines) this.#handle(line);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }
}
