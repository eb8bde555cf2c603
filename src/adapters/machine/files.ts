import {
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, relative } from "node:path";
import type { Files } from "../../ports/files.ts";
import { codeOf, makeDirectories, replaceFile, unlessMissing, withOpen } from "./file-operations.ts";

/** Who writes a file again this often while it is moved does nothing else. */
const MAXIMUM_MOVES = 100;

/**
 * The machine's disk. Nothing else happens in a phase at the same time, and each asynchronous call would cost a quiet job a
 * millisecond of thread pool for a few kilobytes.
 */
export const diskFiles: Files = {
  read: async (path) => readOrNull(path)?.toString("utf8") ?? null,
  readBytes: async (path) => readOrNull(path),
  write: async (path, content, mode) => replaceFile(path, content, { mode }),
  link: async (target, path) => {
    const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
    symlinkSync(target, temporary);
    renameSync(temporary, path);
  },
  moveBehindLink: async (path, target) => {
    for (let attempt = 1; ; attempt++) {
      const entry = lstatSync(path, { throwIfNoEntry: false });
      if (entry?.isSymbolicLink()) return;
      if (entry) renameSync(path, target);
      else if (!isThere(target)) return;
      try {
        symlinkSync(relative(dirname(path), target), path);
        return;
      } catch (error) {
        // Somebody has written the file again in the meantime: that one is newer, and is moved in turn.
        if (codeOf(error) !== "EEXIST") renameSync(target, path);
        else if (attempt < MAXIMUM_MOVES) continue;
        throw error;
      }
    }
  },
  makePrivateDirectory: async (path) => {
    makeDirectories(dirname(path));
    try {
      mkdirSync(path, { mode: 0o700 });
      return "made";
    } catch (error) {
      if (codeOf(error) !== "EEXIST" || !isOwnDirectory(path)) throw error;
      return "existed";
    }
  },
  remove: async (path) => rmSync(path, { recursive: true, force: true, maxRetries: 3 }),
  demandReplaceable: async (path, roomBytes) => {
    const real = realpathSync.native(path);
    const uid = process.getuid?.();
    withOpen(real, constants.O_RDWR, (file) => {
      const { uid: owner, mode } = fstatSync(file);
      // Root opens a file of 0400, and Codex does not replace it all the same (docs/facts.md §1).
      const code = uid !== undefined && owner !== uid ? "EPERM" : (mode & 0o200) === 0 ? "EACCES" : null;
      if (code !== null)
        throw Object.assign(new Error("a file that Codex does not replace"), {
          code,
          syscall: "open",
          path: real,
        });
    });
    // What Codex locks first: where it cannot, it refreshes all the same, and saves nothing.
    for (const lock of [`${real}.lock`, path.replace(/\.json$/, ".lock")])
      unlessMissing(() => withOpen(lock, constants.O_RDWR, () => {}));
    // Beside the file, where Codex writes its successor, and in the home, where it keeps its databases.
    for (const directory of new Set([dirname(real), dirname(path)])) {
      const room = `${directory}/.codex-auth-room.${process.pid}-${process.hrtime.bigint()}`;
      try {
        withOpen(room, "wx", (file) => writeFileSync(file, new Uint8Array(roomBytes)), 0o600);
      } finally {
        rmSync(room, { force: true });
      }
    }
  },
  stamp: async (path) => {
    const file = statSync(path, { bigint: true, throwIfNoEntry: false });
    // The change time is the one that nobody can set back.
    return file ? `${file.ino} ${file.size} ${file.mtimeNs} ${file.ctimeNs}` : null;
  },
  realpath: async (path) => (isThere(path) ? realpathSync.native(path) : null),
};

/** Closes it to others on the way. Not through a link, and not somebody else's, who could open it again. */
function isOwnDirectory(path: string): boolean {
  // Windows has neither flags nor owners.
  if (!process.getuid) return lstatSync(path).isDirectory();
  const uid = process.getuid();
  try {
    return withOpen(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW, (directory) => {
      if (fstatSync(directory).uid !== uid) return false;
      fchmodSync(directory, 0o700);
      return true;
    });
  } catch (error) {
    if (["ENOTDIR", "ELOOP", "EACCES"].includes(codeOf(error))) return false;
    throw error;
  }
}

/** Asked first, because an error with its stack costs more than the question. */
function isThere(path: string): boolean {
  // Node 20 throws ENOTDIR where 24 does not.
  return Boolean(unlessMissing(() => statSync(path, { throwIfNoEntry: false })));
}

function readOrNull(path: string): Buffer | null {
  return isThere(path) ? unlessMissing(() => readFileSync(path)) : null;
}
