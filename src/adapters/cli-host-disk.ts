import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, lstat, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { HostDisk, Owner } from "../cli/ports.ts";
import { releaseHostLock, takeHostLock } from "./host-lock.ts";
import { startTimeOf } from "./processes.ts";

const HAS_MODES = process.platform !== "win32";

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
    const holder = { pid: process.pid, startedAt: await startTimeOf(process.pid) };
    const ours = await takeHostLock(path, holder, (temporary, content) =>
      writeNew(temporary, content, owner),
    );
    return ours === null ? null : () => releaseHostLock(path, ours);
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
  await writeNew(temporary, content, owner);
  return temporary;
}

async function writeNew(path: string, content: string, owner: Owner | null): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    if (owner && isAnother(owner)) await file.chown(owner.uid, owner.gid);
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
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

async function ask(command: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(command, [...args])).stdout.trim();
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
