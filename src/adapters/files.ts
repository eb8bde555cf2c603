import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Files } from "../ports.ts";

/** The machine's disk. */
export const diskFiles: Files = {
  read: async (path) => (await readOrNull(path))?.toString("utf8") ?? null,
  readBytes: readOrNull,
  write: async (path, content, mode) => {
    const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      const file = await open(temporary, "wx", mode);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  },
  makePrivateDirectory: async (path) => {
    await mkdir(dirname(path), { recursive: true });
    try {
      await mkdir(path, { mode: 0o700 });
      return "made";
    } catch (error) {
      if (codeOf(error) !== "EEXIST" || !(await stat(path)).isDirectory()) throw error;
      await chmod(path, 0o700);
      return "existed";
    }
  },
  remove: (path) => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  realpath,
};

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
