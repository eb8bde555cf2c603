/** The machine a job runs on: time, randomness, processes, locks and policy. */

import type { Environment } from "../core/environment/scrub.ts";

export interface Clock {
  /** The machine's time, which may be wrong. */
  now(): Date;
  /** Milliseconds on a clock that nobody sets, the same for all processes of the machine. */
  monotonicMs(): number;
  sleep(ms: number): Promise<void>;
}

export interface Randomness {
  bytes(count: number): Uint8Array;
}

/** Numbers are given again: the start time tells two processes apart, where it is known. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string | null;
}

/** Processes of this machine. */
export interface Processes {
  /** Whether a process lives whose start time is the one given (`null`: any). */
  isAlive(process: ProcessIdentity): Promise<boolean>;
  /** Processes whose `CODEX_HOME` is this directory; empty where the system does not tell. */
  usingHome(home: string): Promise<readonly ProcessIdentity[]>;
}

/** Runs the user's command in its own process group and passes cancel signals on at once. */
export interface CommandRunner {
  run(command: {
    file: string;
    args: readonly string[];
    directory: string;
    environment: Environment;
    /** Standard input; empty unless given. */
    input?: string;
    /** Given everything the command prints, as it is printed; nothing of it is printed here. */
    output: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
    /** When it is aborted, the command ends, and all that it has started. */
    stop?: AbortSignal;
  }): Promise<{ exitCode: number | null; signal: string | null }>;
}

/** What only a machine's administrator may set. Nothing throws. */
export interface MachinePolicy {
  /** On GitHub's own Ubuntu: lets Codex's sandbox make user namespaces. */
  allowUserNamespaces(): Promise<void>;
  /** @returns `written` also where the very same stands already, `exists` where something else does */
  writeRequirements(path: string, content: string): Promise<"written" | "exists" | "impossible">;
  /** Only a file of ours, which names this directory. */
  removeRequirements(path: string, guarded: string): Promise<void>;
}

export interface TakenHostLock {
  readonly content: string;
  readonly by: "this-step" | "earlier-step";
}

/** A lock that ends with a job, whatever becomes of the job. */
export interface HostLock {
  /**
   * @param job its identity: a later step of it joins the lock of an earlier one
   * @returns what stands in the lock, or `null` when another living job holds it
   */
  take(path: string, job: string): Promise<TakenHostLock | null>;
  /** Whether a process still has the home for its `CODEX_HOME`. */
  isUsed(home: string): Promise<boolean>;
  /** Lets go of a lock with that content, and of no other. */
  letGo(path: string, content: string): Promise<void>;
}
