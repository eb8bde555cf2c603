import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const CHUNK_BYTES = 4 * 1024 * 1024;

/** Whether the memory of other processes may be read here. */
export function mayReadMemory(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}

/**
 * Reads everything that a process has written to its memory, as root may.
 *
 * @returns which of the values stand in it, as they are or with two bytes a character
 */
export function findInMemory(pid: number, values: readonly string[]): string[] {
  const needles = values.map((value) => [value, Buffer.from(value), Buffer.from(value, "utf16le")] as const);
  const overlap = Math.max(0, ...needles.map(([, , wide]) => wide.length));
  const found = new Set<string>();
  for (const chunk of chunksOf(pid, overlap))
    for (const [value, narrow, wide] of needles)
      if (chunk.includes(narrow) || chunk.includes(wide)) found.add(value);
  return [...found];
}

/** Each begins with the end of the one before. */
function* chunksOf(pid: number, overlap: number): Generator<Buffer> {
  let memory: number;
  let maps: string;
  try {
    maps = readFileSync(`/proc/${pid}/maps`, "utf8");
    memory = openSync(`/proc/${pid}/mem`, "r");
  } catch {
    return; // it has ended
  }
  try {
    for (const line of maps.split("\n")) {
      const [, from = "", to = ""] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (from === "") continue;
      const end = Number.parseInt(to, 16);
      for (let at = Number.parseInt(from, 16); at < end; at += CHUNK_BYTES) {
        const buffer = Buffer.alloc(Math.min(CHUNK_BYTES + overlap, end - at));
        try {
          yield buffer.subarray(0, readSync(memory, buffer, 0, buffer.length, at));
        } catch {
          // a page that the kernel keeps for itself
        }
      }
    }
  } finally {
    closeSync(memory);
  }
}
