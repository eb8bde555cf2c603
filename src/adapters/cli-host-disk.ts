import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, link, lstat, mkdir, open, readFile, rename, rm, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { HostDisk, Owner } from "../cli/ports.ts";
import { startTimeOf, systemProcesses } from "./processes.ts";

const HAS_MODES = process.platform !== "win32";
const LOCK_TRIES = 3;

export const hostDisk: HostDisk = {
  inspect: async (path) => {
    try {
      const entry = await lstat(path);
      return {
        kind: entry.isFile() ? "file" : entry.isDirectory() ? "directory" : "other",
        mode: HAS_MODES ? entry.mode & 0o7777 : null,
        owner: HAS_MODES ? { uid: entry.uid, gid: entry.gid } : null,
      };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  read: async (path) => {
    try {
      return await readFile(path, "utf8");
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  write: async (path, content, owner) => {
    const temporary = await writeTemporary(path, content, owner);
    try {
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  },
  makePrivate: async (directory, owner) => {
    await mkdir(dirname(directory), { recursive: true });
    await mkdir(directory, { mode: 0o700 }).catch(async (error) => {
      // Not through a link: the other end may be anybody's.
      if (!(await lstat(directory).catch(() => null))?.isDirectory()) throw error;
    });
    await give(directory, 0o700, owner);
  },
  narrow: (path, owner) => give(path, 0o600, owner),
  lock: async (path, owner) => {
    const ours = `${JSON.stringify({ pid: process.pid, startedAt: await startTimeOf(process.pid) })}\n`;
    const temporary = await writeTemporary(path, ours, owner);
    try {
      for (let tries = 1; tries <= LOCK_TRIES; tries++) {
        // A link appears with its content, and never over another.
        if (await linked(temporary, path)) return () => letGo(path, ours);
        if (!(await removeDead(path))) return null;
      }
      return null;
    } finally {
      await rm(temporary, { force: true });
    }
  },
  self: () => {
    const { getuid, getgid } = process;
    return HAS_MODES && getuid && getgid ? { uid: getuid(), gid: getgid() } : null;
  },
  user: async (name) => {
    try {
      const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => ask("id", [flag, "--", name])));
      return { uid: Number(uid), gid: Number(gid) };
    } catch {
      return null;
    }
  },
};

async function writeTemporary(path: string, content: string, owner: Owner | null): Promise<string> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  const file = await open(temporary, "wx", 0o600);
  try {
    if (owner && isAnother(owner)) await file.chown(owner.uid, owner.gid);
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return temporary;
}

async function give(path: string, mode: number, owner: Owner | null): Promise<void> {
  if (!HAS_MODES) return;
  if (owner && isAnother(owner)) await chown(path, owner.uid, owner.gid);
  await chmod(path, mode);
}

/** Only root may give files away, and has to where they are somebody else's. */
function isAnother({ uid }: Owner): boolean {
  return process.getuid?.() !== uid;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Clears away the lock of a process that is gone.
 *
 * @returns whether the way is free now
 */
async function removeDead(path: string): Promise<boolean> {
  const seen = await hostDisk.read(path);
  if (seen === null) return true;
  if (await isHeld(seen)) return false;
  // By way of another name: what somebody has put there since is then not removed but noticed.
  const aside = `${path}.${randomBytes(6).toString("hex")}.dead`;
  await rename(path, aside).catch(() => {});
  const moved = await hostDisk.read(aside);
  if (moved !== null && moved !== seen) await linked(aside, path);
  await rm(aside, { force: true });
  return moved === seen;
}

async function isHeld(content: string): Promise<boolean> {
  try {
    const { pid, startedAt } = JSON.parse(content) as { pid: number; startedAt: string | null };
    return await systemProcesses.isAlive({ pid, startedAt });
  } catch {
    return false;
  }
}

async function letGo(path: string, ours: string): Promise<void> {
  if ((await hostDisk.read(path)) === ours) await unlink(path);
}

async function ask(command: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(command, [...args])).stdout.trim();
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
