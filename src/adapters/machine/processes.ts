import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import type { Processes, ProcessIdentity } from "../../ports/action.ts";

/** Processes through `/proc`; where there is none, only whether a pid lives. */
export const systemProcesses: Processes = {
  isAlive: async ({ pid, startedAt }) => {
    const present = await startTimeOf(pid);
    if (present !== null) return startedAt === null || startedAt === present;
    // Where there is a `/proc`, it has told; a signal would reach a zombie, too.
    if (startedAt !== null || process.platform === "linux") return false;
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  },
  usingHome: async (home) => {
    const found: ProcessIdentity[] = [];
    for (const entry of await readdir("/proc").catch(() => [])) {
      if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
      const environment = await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "");
      if (!environment.split("\0").includes(`CODEX_HOME=${home}`)) continue;
      const startedAt = await startTimeOf(Number(entry));
      if (startedAt !== null) found.push({ pid: Number(entry), startedAt });
    }
    return found;
  },
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
  const all = livingProcesses();
  if (all === null) return isAlive(-root) ? [{ pid: -root, startedAt: "" }] : [];
  const found = new Set<number>([root]);
  for (const { pid, group, session } of all)
    if (group === root || session === root || hasMarker(pid, marker)) found.add(pid);
  for (let known = 0; known < found.size; ) {
    known = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid) && pid !== root && pid !== process.pid);
}

/** Never another process that has been given the same number since. */
export function signalProcess({ pid, startedAt }: LivingProcess, signal: NodeJS.Signals): void {
  if (pid > 0 && readStat(pid)?.startedAt !== startedAt) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself, or is another user's.
  }
}

function livingProcesses(): readonly Stat[] | null {
  if (process.platform !== "linux") return null;
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return pids.map((entry) => readStat(Number(entry))).filter((stat) => stat !== null);
}

function readStat(pid: number): Stat | null {
  const fields = statFields(readQuietly(`/proc/${pid}/stat`));
  const [state, parent, group, session] = fields;
  const startedAt = fields[19];
  if (startedAt === undefined || state === "Z" || state === "X") return null;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), startedAt };
}

function hasMarker(pid: number, marker: string): boolean {
  return readQuietly(`/proc/${pid}/environ`).split("\0").includes(marker);
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What follows the command, whose parentheses may hold spaces and parentheses of their own. */
function statFields(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/**
 * When a process began, in clock ticks since boot: with its pid, its identity.
 *
 * @returns `null` for no process, a zombie, or a system without `/proc`
 */
export async function startTimeOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  const fields = statFields(stat ?? "");
  return fields[0] === "Z" ? null : (fields[19] ?? null);
}
