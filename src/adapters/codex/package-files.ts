import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";

/** Speech for the desktop: 50 MB that nothing we start ever touches. */
const LEFT_OUT = "codex-resources/voice/";

const digests = new Map<string, Promise<string | null>>();

/**
 * What identifies the programs of a Codex: SHA-256 over the sorted lines `path, SHA-256 of the content` of the files below
 * `vendor/<triple>`. About a second for 370 MB, once in a process.
 *
 * @returns `null` where there is anything but files and directories
 */
export function digestOfFiles(directory: string): Promise<string | null> {
  const known = digests.get(directory) ?? digest(directory);
  digests.set(directory, known);
  return known;
}

async function digest(directory: string): Promise<string | null> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  if (entries.some((entry) => !entry.isFile() && !entry.isDirectory())) return null;
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .filter((path) => !path.startsWith(LEFT_OUT))
    .sort();
  const whole = createHash("sha256");
  for (const path of paths) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(directory, path), { highWaterMark: 1 << 20 }), hash);
    whole.update(`${path}\0${hash.digest("hex")}\n`);
  }
  return whole.digest("hex");
}
