import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/**
 * Atomic: a reader sees the old content or the new. A link is replaced, not followed.
 *
 * @param options.durable waits for the disk
 */
export function replaceFile(
  path: string,
  content: string | Uint8Array,
  { mode, durable = false }: { mode: number; durable?: boolean },
): void {
  const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
  try {
    withOpen(
      temporary,
      "wx",
      (file) => {
        writeFileSync(file, content);
        if (durable) fsyncSync(file);
      },
      mode,
    );
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Creates a file, with its missing parents; an existing one is an error. */
export async function createFile(path: string, content: string): Promise<void> {
  makeDirectories(dirname(path));
  writeFileSync(path, content, { flag: "wx" });
}

/**
 * Like `mkdir -p`. Node's own never ends where the system answers ENOENT below a directory that is there, as in /proc.
 *
 * @returns whether the directory was made now
 */
export function makeDirectories(path: string): boolean {
  if (isDirectory(path)) return false;
  if (dirname(path) !== path) makeDirectories(dirname(path));
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    // Somebody else was quicker.
    if (isDirectory(path)) return false;
    throw error;
  }
}

function isDirectory(path: string): boolean {
  return unlessMissing(() => statSync(path).isDirectory()) ?? false;
}

/** Throws what the system says of a new file in a directory, which may be missing. Leaves nothing behind. */
export async function tryDirectory(path: string): Promise<void> {
  if (!isDirectory(path) && dirname(path) !== path) {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return tryDirectory(dirname(path));
    throw Object.assign(new Error("not a directory"), { code: "ENOTDIR", syscall: "mkdir", path });
  }
  rmdirSync(mkdtempSync(join(path, ".codex-auth-try-")));
}

/** Opens a file or directory, and closes it whatever happens. */
export function withOpen<Value>(
  path: string,
  flags: number | "wx",
  act: (opened: number) => Value,
  mode?: number,
): Value {
  const opened = openSync(path, flags, mode);
  try {
    return act(opened);
  } finally {
    closeSync(opened);
  }
}

/** The system's name of an error, such as `ENOENT`; `""` for other errors. `instanceof` would miss another realm's. */
export function codeOf(error: unknown): string {
  const { code = "" } = error as { code?: unknown };
  return String(code);
}

/** @returns `null` where there is nothing at the path that is looked at */
export function unlessMissing<Value>(act: () => Value): Value | null {
  try {
    return act();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return null;
    throw error;
  }
}

export function orNull<Value>(act: () => Value): Value | null {
  try {
    return act();
  } catch {
    return null;
  }
}
