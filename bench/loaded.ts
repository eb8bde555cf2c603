import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Every file that starting an entry loads: itself and its static imports. */
export function loadedBy(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const text = readFileSync(entry, "utf8");
  for (const [, path] of text.matchAll(/^(?:import|export)\s[^"'()]*?["'](\.[^"']+)["'];?$/gm))
    if (path) loadedBy(join(dirname(entry), path), seen);
  return seen;
}
