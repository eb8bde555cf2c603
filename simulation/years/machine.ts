import type { Files } from "../../src/ports/files.ts";
import type { StepChannel } from "../../src/ports/runner.ts";
import type { Scheduler } from "./scheduler.ts";

/** A machine of one job: its disk, its clock, its processes; all gone when it is lost. */
export class Machine {
  readonly scheduler: Scheduler;
  /** How far its clock is ahead of the servers'. */
  readonly skewMs: number;
  readonly contents = new Map<string, string | Uint8Array>();
  readonly links = new Map<string, string>();
  readonly state = new Map<string, string>();
  /** Processes that outlive whoever started them. */
  readonly children: { readonly pid: number; readonly home: string; readonly done: Promise<unknown> }[] = [];
  readonly lost: Promise<void>;
  /** Whether the last phase that could have saved anything was killed. */
  postWasKilled = false;
  #isLost = false;
  #lose = (): void => {};
  #writes = 0;
  readonly #stamps = new Map<string, number>();

  constructor(scheduler: Scheduler, skewMs = 0) {
    this.scheduler = scheduler;
    this.skewMs = skewMs;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  lose(): void {
    this.#isLost = true;
    this.#lose();
  }

  resolve(path: string): string {
    return this.links.get(path) ?? path;
  }

  text(path: string): string | null {
    const content = this.contents.get(this.resolve(path));
    return content === undefined
      ? null
      : typeof content === "string"
        ? content
        : Buffer.from(content).toString("utf8");
  }

  write(path: string, content: string | Uint8Array): void {
    if (this.#isLost) return;
    const target = this.resolve(path);
    this.contents.set(target, content);
    this.#writes += 1;
    this.#stamps.set(target, this.#writes);
  }

  remove(path: string): void {
    for (const map of [this.contents, this.links])
      for (const known of map.keys()) if (known === path || known.startsWith(`${path}/`)) map.delete(known);
  }

  stamp(path: string): string | null {
    const target = this.resolve(path);
    return this.contents.has(target) ? String(this.#stamps.get(target)) : null;
  }
}

/** One process: whoever kills it, the call it is in never returns. */
export class Process {
  readonly machine: Machine;
  readonly name: string;
  /** Resolves when it is killed, not when it has finished. */
  readonly killed: Promise<void>;
  /** Told of each point at which it could be killed, counted from 1: before and after every call. */
  watch: (point: number) => void = () => {};
  points = 0;
  #alive = true;
  #end = (): void => {};

  constructor(machine: Machine, name: string) {
    this.machine = machine;
    this.name = name;
    this.killed = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get isAlive(): boolean {
    return this.#alive && !this.machine.isLost;
  }

  kill(): void {
    this.#alive = false;
    this.#end();
  }

  /** Something that this machine does in no time. */
  async local<Result>(act: () => Result): Promise<Result> {
    await this.point();
    const result = act();
    await this.point();
    return result;
  }

  async sleep(ms: number): Promise<void> {
    await this.point();
    await this.machine.scheduler.sleep(ms);
    await this.point();
  }

  /** Returns only for the living. */
  point(): Promise<void> {
    this.points += 1;
    this.watch(this.points);
    return this.isAlive ? Promise.resolve() : new Promise(() => {});
  }
}

/** A disk as the port has it. */
export function filesOf(process: Process): Files {
  const { machine } = process;
  const { contents } = machine;
  return {
    read: (path) => process.local(() => machine.text(path)),
    readBytes: (path) =>
      process.local(() => {
        const content = contents.get(machine.resolve(path));
        return content === undefined ? null : Buffer.from(content);
      }),
    write: (path, content) =>
      process.local(() => {
        machine.links.delete(path);
        machine.write(path, content);
      }),
    link: (target, path) =>
      process.local(() => {
        contents.delete(path);
        machine.links.set(path, target);
      }),
    // Of persistent hosts only, which have no years here.
    moveBehindLink: () => process.local(() => {}),
    makePrivateDirectory: () => process.local(() => "made" as const),
    remove: (path) => process.local(() => machine.remove(path)),
    demandReplaceable: async () => {},
    stamp: (path) => process.local(() => machine.stamp(path)),
    realpath: (path) => process.local(() => machine.resolve(path)),
  };
}

/** The runner's files: what a phase says is kept even when it is killed, and read by the next one. */
export function channelOf(machine: Machine, outputs: Map<string, string>): StepChannel {
  const atBegin = new Map(machine.state);
  return {
    seal: () => {},
    saveState: (name, value) => void machine.state.set(name, value),
    state: (name) => atBegin.get(name) ?? "",
    setOutputs: (values) => {
      for (const [name, value] of Object.entries(values)) outputs.set(name, value);
    },
    exportVariable: () => {},
    addPath: () => {},
    writeSummary: async () => {},
  };
}
