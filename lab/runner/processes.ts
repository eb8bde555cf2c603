import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** One process and no later one of the same number: Linux uses numbers again, but never with the same start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between the boot and its start: field 22 of /proc/PID/stat. */
  readonly start: string;
}

/** A living process as /proc shows it; zombies are not alive. */
export interface LivingProcess extends ProcessIdentity {
  readonly parent: number;
  /** At most 15 characters, as the kernel keeps it. */
  readonly command: string;
}

/** Every living process of this host. Linux only. */
export function livingProcesses(): LivingProcess[] {
  const found: LivingProcess[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const living = livingProcess(Number(entry));
    if (living) found.push(living);
  }
  return found;
}

/** @returns `undefined` when it has ended, reaped or not, and for a number that is no process's. */
export function livingProcess(pid: number): LivingProcess | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const stat = read(`/proc/${pid}/stat`);
  // The command stands in parentheses and may hold any character, these too.
  const match = /^\d+ \((.*)\) (\S) (.*)$/s.exec(stat);
  const [, command = "", state = "", fields = ""] = match ?? [];
  if (!match || state === "Z" || state === "X") return undefined;
  const [parent = "", ...rest] = fields.split(" ");
  return { pid, parent: Number(parent), start: rest[17] ?? "", command };
}

/** Is it still that process, and not another one that has been given its number? */
export function isAlive({ pid, start }: ProcessIdentity): boolean {
  return livingProcess(pid)?.start === start;
}

/** What the process itself takes for its number: another one where it has a PID namespace of its own. */
export function innermostPid(pid: number): number {
  const numbers = /^NSpid:\s+(.*)$/m.exec(read(`/proc/${pid}/status`))?.[1]?.split(/\s+/);
  return Number(numbers?.at(-1) ?? pid);
}

/** Everything alive that these have started, and what that has started; not they themselves. */
export function descendantsOf(ancestors: readonly ProcessIdentity[]): LivingProcess[] {
  const living = ancestors.filter(isAlive);
  if (living.length === 0) return [];
  const all = livingProcesses();
  const family = new Set(living.map(({ pid }) => pid));
  const found: LivingProcess[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    for (const candidate of all) {
      if (!family.has(candidate.parent) || family.has(candidate.pid)) continue;
      family.add(candidate.pid);
      found.push(candidate);
      grown = true;
    }
  }
  return found;
}

/** Sends the signal, unless the process has ended. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch {
    // it was faster
  }
}

/** SIGKILL, and waits until they are gone (at most 2 s). */
export async function kill(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const target of processes) signalProcess(target, "SIGKILL");
  for (let waited = 0; waited < 2000; waited += 5) {
    if (!processes.some(isAlive)) return;
    await sleep(5);
  }
}

/** `NAME=VALUE` entries the process was started with; empty when it may not be read. */
export function environmentOf(pid: number): string[] {
  return read(`/proc/${pid}/environ`).split("\0");
}

/** Its arguments; empty when it may not be read. */
export function commandLineOf(pid: number): string[] {
  return read(`/proc/${pid}/cmdline`).split("\0");
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
