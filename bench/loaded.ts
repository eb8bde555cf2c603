import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Every file that starting an entry loads: itself and what it requires at its top. */
export function loadedBy(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const text = readFileSync(entry, "utf8");
  for (const [, path] of text.matchAll(/^const \w+ = require\("(\.[^"]+)"\);$/gm))
    if (path) loadedBy(join(dirname(entry), path), seen);
  return seen;
}
