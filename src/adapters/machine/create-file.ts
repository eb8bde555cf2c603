import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Creates a file, with its missing parents; an existing one is an error. */
export async function createFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { flag: "wx" });
}
