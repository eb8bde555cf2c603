import { readdir, readFile } from "node:fs/promises";
import type { Processes } from "../ports.ts";

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
    const found: { pid: number; startedAt: string | null }[] = [];
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

/**
 * When a process began, in clock ticks since boot: with its pid, its identity.
 *
 * @returns `null` for no process, a zombie, or a system without `/proc`
 */
export async function startTimeOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  // The command in parentheses may hold spaces and parentheses itself.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return fields[0] === "Z" ? null : (fields[19] ?? null);
}
