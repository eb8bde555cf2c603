import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

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
