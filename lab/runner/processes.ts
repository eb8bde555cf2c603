import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A living process as /proc shows it; zombies are not alive. */
export interface LivingProcess {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
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

/** @returns `undefined` when it has ended, reaped or not. */
export function livingProcess(pid: number): LivingProcess | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The command stands in parentheses and may hold any character, these too.
  const match = /^\d+ \((.*)\) (\S) (\d+) \d+ (\d+) /s.exec(stat);
  if (!match || match[2] === "Z" || match[2] === "X") return undefined;
  return { pid, parent: Number(match[3]), session: Number(match[4]), command: match[1] ?? "" };
}

/** `NAME=VALUE` entries the process was started with; empty when it may not be read. */
export function environmentOf(pid: number): string[] {
  return read(`/proc/${pid}/environ`).split("\0");
}

/** Its arguments; empty when it may not be read. */
export function commandLineOf(pid: number): string[] {
  return read(`/proc/${pid}/cmdline`).split("\0");
}

/** Its working directory; empty when it may not be read. */
export function workingDirectoryOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
