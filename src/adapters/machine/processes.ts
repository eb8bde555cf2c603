import { readdirSync, readFileSync } from "node:fs";
import type { Processes } from "../../ports/machine.ts";
import { orNull } from "./file-operations.ts";

/** Processes through `/proc`; where there is none, only whether a pid lives. */
export const systemProcesses: Processes = {
  isAlive: async ({ pid, startedAt }) => {
    const present = startTimeOf(pid);
    if (present !== null) return startedAt === null || startedAt === present;
    // Where there is a `/proc`, it has told; a signal would reach a zombie, too.
    return startedAt === null && process.platform !== "linux" && sendSignal(pid, 0);
  },
  usingHome: async (home) =>
    livingProcesses()
      .filter(({ pid }) => pid !== process.pid && hasVariable(pid, `CODEX_HOME=${home}`))
      .map(({ pid, startedAt }) => ({ pid, startedAt })),
};

/** How what one command has started is told from everything else. */
export interface Descent {
  /** The process that leads the command's session, and is not itself looked for. */
  readonly root: number;
  /** `NAME=VALUE`, in the environment of the command. */
  readonly marker: string;
}

export interface LivingProcess {
  readonly pid: number;
  readonly startedAt: string;
}

interface Stat extends LivingProcess {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/**
 * What a command has started and what is still alive: below its root, in its session or group, or with its environment.
 * Where there is no `/proc`, the group is taken for all of them.
 */
export function descendants({ root, marker }: Descent): readonly LivingProcess[] {
  if (process.platform !== "linux") return sendSignal(-root, 0) ? [{ pid: -root, startedAt: "" }] : [];
  const all = livingProcesses();
  const found = new Set<number>([root]);
  for (const { pid, group, session } of all)
    if (group === root || session === root || hasVariable(pid, marker)) found.add(pid);
  for (let known = 0; known < found.size; ) {
    known = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid) && pid !== root && pid !== process.pid);
}

/** Never another process that has been given the same number since. */
export function signalProcess({ pid, startedAt }: LivingProcess, signal: NodeJS.Signals): void {
  if (pid <= 0 || startTimeOf(pid) === startedAt) sendSignal(pid, signal);
}

/** @returns `false` for a process, or a group, that has ended or is another user's */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  return orNull(() => process.kill(pid, signal)) ?? false;
}

function livingProcesses(): readonly Stat[] {
  const pids = (orNull(() => readdirSync("/proc")) ?? []).filter((entry) => /^\d+$/.test(entry));
  return pids.map((entry) => readStat(Number(entry))).filter((stat) => stat !== null);
}

function readStat(pid: number): Stat | null {
  const stat = readQuietly(`/proc/${pid}/stat`);
  // What follows the command, whose parentheses may hold spaces and parentheses of their own.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group, session] = fields;
  const startedAt = fields[19];
  if (startedAt === undefined || state === "Z" || state === "X") return null;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), startedAt };
}

/** @param variable `NAME=VALUE` */
function hasVariable(pid: number, variable: string): boolean {
  return readQuietly(`/proc/${pid}/environ`).split("\0").includes(variable);
}

function readQuietly(path: string): string {
  return orNull(() => readFileSync(path, "utf8")) ?? "";
}

/**
 * When a process began, in clock ticks since boot: with its pid, its identity.
 *
 * @returns `null` for no process, a zombie, or a system without `/proc`
 */
export function startTimeOf(pid: number): string | null {
  return readStat(pid)?.startedAt ?? null;
}
