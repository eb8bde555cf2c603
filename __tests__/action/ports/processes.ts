import type { HostLock, Processes, TakenHostLock } from "../../../src/ports/machine.ts";
import type { FakeClock } from "./clock.ts";

interface Living {
  readonly home: string;
  readonly pid: number;
  readonly endsAtMs: number;
  readonly atEnd: () => void;
  hasEnded: boolean;
}

/** The machine's processes: each has a home, and ends at its time. */
export class MemoryProcesses implements Processes {
  readonly #clock: FakeClock;
  readonly #started: Living[] = [];
  /** A system that does not tell which home a process uses. */
  hidesHomes = false;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** Starts one that lives so long, and does something at its end. */
  start(home: string, livesMs: number, atEnd: () => void = () => {}): { pid: number; startedAt: string } {
    const pid = 100 + this.#started.length;
    const endsAtMs = this.#clock.monotonicMs() + livesMs;
    this.#started.push({ home, pid, endsAtMs, atEnd, hasEnded: false });
    return { pid, startedAt: "then" };
  }

  isUsed(home: string): boolean {
    return this.#living.some((process) => process.home === home);
  }

  async isAlive({ pid }: { pid: number }): Promise<boolean> {
    return this.#living.some((process) => process.pid === pid);
  }

  async usingHome(home: string): ReturnType<Processes["usingHome"]> {
    if (this.hidesHomes) return [];
    return this.#living
      .filter((process) => process.home === home)
      .map(({ pid }) => ({ pid, startedAt: "then" }));
  }

  get #living(): readonly Living[] {
    for (const process of this.#started)
      if (!process.hasEnded && process.endsAtMs <= this.#clock.monotonicMs()) {
        process.hasEnded = true;
        process.atEnd();
      }
    return this.#started.filter(({ hasEnded }) => !hasEnded);
  }
}

/** The locks of a host that outlives its jobs: each holds the name of the job that took it. */
export class MemoryHostLock implements HostLock {
  readonly held = new Map<string, string>();
  readonly #processes: MemoryProcesses;
  /** Asked before each try: time may have passed, and another job may have ended. */
  beforeTake: () => void = () => {};

  constructor(processes: MemoryProcesses) {
    this.#processes = processes;
  }

  async take(path: string, job: string): Promise<TakenHostLock | null> {
    this.beforeTake();
    const held = this.held.get(path);
    if (held !== undefined) return held === job ? { content: job, by: "earlier-step" } : null;
    this.held.set(path, job);
    return { content: job, by: "this-step" };
  }

  async isUsed(home: string): Promise<boolean> {
    return this.#processes.isUsed(home);
  }

  async letGo(path: string, content: string): Promise<void> {
    if (this.held.get(path) === content) this.held.delete(path);
  }
}
