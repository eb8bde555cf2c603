import { execFile } from "node:child_process";
import {
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { Failure } from "../../core/failure/failure.ts";
import type { HostDisk, Owner } from "../../ports/cli.ts";
import { codeOf, makeDirectories, orNull, replaceFile, unlessMissing, withOpen } from "./file-operations.ts";
import { releaseHostLock, takeHostLock } from "./host-lock.ts";
import { startTimeOf } from "./processes.ts";

const HAS_MODES = process.platform !== "win32";
/** Windows knows none of these flags. */
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_DIRECTORY = 0 } = constants;

/**
 * Root never touches the files of another user as root: between a look and a deed that user may put a link in their
 * place. It becomes that user for the deed, who can then only have done what is allowed anyway.
 */
export const hostDisk: HostDisk = {
  inspect: async (path) => {
    const entry = unlessMissing(() => lstatSync(path));
    return (
      entry && {
        kind: entry.isFile() ? "file" : entry.isDirectory() ? "directory" : "other",
        mode: HAS_MODES ? entry.mode & 0o7777 : null,
        owner: HAS_MODES ? { uid: entry.uid, gid: entry.gid } : null,
      }
    );
  },
  read: async (path, owner) =>
    as(owner, () =>
      unlessMissing(() =>
        // Nobody waits for a FIFO.
        withOpen(path, O_RDONLY | O_NONBLOCK, (file) => {
          demandFile(file, path);
          return readFileSync(file, "utf8");
        }),
      ),
    ),
  write: async (path, content, owner) => {
    refuseSharedPlace(dirname(path), owner);
    as(owner, () => replaceFile(path, content, { mode: 0o600, durable: true }));
  },
  makePrivate: async (directory, owner) => {
    refuseSharedPlace(dirname(directory), owner);
    try {
      as(owner, () => {
        makeDirectories(dirname(directory));
        makeDirectory(directory);
        withOpen(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, (opened) => {
          if (HAS_MODES) fchmodSync(opened, 0o700);
        });
      });
    } catch (error) {
      const denied = ["EACCES", "EPERM", "EEXIST", "ENOTDIR"].includes(codeOf(error));
      if (!owner || !isAnother(owner) || !denied) throw error;
      give(directory, owner);
    }
  },
  removeEmpty: async (directory, owner) => {
    const remove = (by: Owner | null): void => {
      refuseSharedPlace(dirname(directory), by);
      as(by, () => rmdirSync(directory));
    };
    try {
      remove(owner);
    } catch {
      // What root gave away in a directory of its own, only root can remove.
      orNull(() => remove(null));
    }
  },
  narrow: async (path, owner) => {
    refuseSharedPlace(dirname(path), owner);
    if (!HAS_MODES || lstatSync(path).isSymbolicLink()) return;
    as(owner, () =>
      withOpen(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, (file) => {
        demandFile(file, path);
        fchmodSync(file, 0o600);
      }),
    );
  },
  lock: async (path, owner) => {
    refuseSharedPlace(dirname(path), owner);
    const access = <Value>(act: () => Value): Value => as(owner, act);
    const holder = { pid: process.pid, startedAt: startTimeOf(process.pid) };
    const ours = await takeHostLock(path, holder, access);
    return ours === null ? null : () => releaseHostLock(path, ours, access);
  },
  self: () => {
    const { getuid, getgid } = process;
    return HAS_MODES && getuid && getgid ? { uid: getuid(), gid: getgid() } : null;
  },
  user: async (name) => {
    try {
      const ask = async (flag: string) =>
        Number((await promisify(execFile)("id", [flag, "--", name])).stdout);
      return { uid: await ask("-u"), gid: await ask("-g") };
    } catch {
      return null;
    }
  },
  nameOf: async ({ uid }) => {
    try {
      return (await promisify(execFile)("id", ["-un", "--", String(uid)])).stdout.trim() || String(uid);
    } catch {
      return String(uid);
    }
  },
};

/**
 * Does something with the rights of another user, and nothing else at the same time: `act` must not wait.
 *
 * @param owner `null`, or who we are already: with our own rights
 */
function as<Value>(owner: Owner | null, act: () => Value): Value {
  const { setgroups, setegid, seteuid, getgroups, getegid } = process;
  if (!owner || !isAnother(owner) || !setgroups || !setegid || !seteuid || !getgroups || !getegid)
    return act();
  const [groups, gid] = [getgroups(), getegid()];
  try {
    setgroups([owner.gid]);
    setegid(owner.gid);
    seteuid(owner.uid);
    return act();
  } finally {
    seteuid(0);
    setegid(gid);
    setgroups(groups);
  }
}

/**
 * A file that the command line was told to read. Where somebody else than root has a directory on the way to it, root reads
 * only what that user may: a link there could lead to root's own login.
 */
export async function readAsItsOwner(path: string): Promise<string | null> {
  const owners = wayTo(dirname(resolve(path))).map((above) => lstatSync(above, { throwIfNoEntry: false }));
  const owner = owners.find((entry) => entry !== undefined && entry.uid !== 0) ?? null;
  // A shell's `<(…)` is a FIFO, and is waited for.
  return as(owner, () => (existsSync(path) ? readFileSync(path, "utf8") : null));
}

/**
 * Makes a directory where only root may, and gives it away, empty or as root has filled it. Nobody else can put anything
 * in its place in the meantime, since root alone can write on the whole way to it.
 */
function give(directory: string, owner: Owner): void {
  for (const above of wayTo(dirname(directory))) {
    makeDirectory(above, 0o755);
    demandRootsOwn(above, directory);
  }
  makeDirectory(directory);
  withOpen(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, (opened) => {
    const { uid } = fstatSync(opened);
    if (uid !== 0 && uid !== owner.uid) throw shared(directory, directory);
    fchownSync(opened, owner.uid, owner.gid);
    fchmodSync(opened, 0o700);
  });
}

/**
 * What root does for itself, it does only where nobody else can swap a directory for a link.
 *
 * @throws {Failure} `home-unwritable`
 */
export function refuseSharedPlace(directory: string, owner: Owner | null): void {
  if (process.getuid?.() !== 0 || (owner && isAnother(owner))) return;
  for (const above of wayTo(directory))
    if (lstatSync(above, { throwIfNoEntry: false })) demandRootsOwn(above, directory);
}

function demandRootsOwn(above: string, wanted: string): void {
  const entry = lstatSync(above);
  if (entry.isSymbolicLink() && entry.uid === 0) {
    // Such as /var on a Mac.
    for (const real of wayTo(realpathSync.native(above))) demandRootsOwn(real, wanted);
    return;
  }
  // In a sticky directory, such as /tmp, nobody moves what is root's.
  const isOpen = (entry.mode & 0o022) !== 0 && (entry.mode & 0o1000) === 0;
  if (!entry.isDirectory() || entry.uid !== 0 || isOpen) throw shared(above, wanted);
}

function shared(above: string, wanted: string): Failure {
  return new Failure(
    "home-unwritable",
    `As root nothing is made or changed in ${wanted}: others than root can write in ${above}, or it is a link.`,
    "Run the command as the user whose login it is, or make that directory as that user first, and pass --user.",
  );
}

/** The directory and all above it, from the root on. */
function wayTo(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [...wayTo(parent), directory];
}

function makeDirectory(path: string, mode = 0o700): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Not through a link: the other end may be anybody's.
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Only root can become somebody else, and has to where files are somebody else's. */
function isAnother({ uid }: Owner): boolean {
  return process.getuid?.() === 0 && uid !== 0;
}

function demandFile(opened: number, path: string): void {
  if (!fstatSync(opened).isFile())
    throw Object.assign(new Error("no plain file"), { code: "EINVAL", syscall: "open", path });
}
