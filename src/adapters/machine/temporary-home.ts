import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TemporaryHome } from "../../ports/cli.ts";
import { refuseSharedPlace } from "./host-disk.ts";

/** A home of its own for one login. It is gone when the process ends, however it ends, short of SIGKILL. */
export function makeTemporaryHome(): TemporaryHome {
  refuseSharedPlace(tmpdir(), null);
  const path = mkdtempSync(join(tmpdir(), "codex-auth-roundtrip-"));
  const shred = (): void => {
    process.off("exit", shred);
    shredDirectory(path);
  };
  process.on("exit", shred);
  return { path, shred };
}

/**
 * Overwrites in place before it unlinks. On a journalling or copy-on-write disk the old blocks may survive that; the
 * removal is what counts, the overwriting is what can be done beyond it.
 */
function shredDirectory(directory: string): void {
  for (const entry of readdirSafely(directory)) {
    const path = join(directory, entry);
    try {
      const { isDirectory, size } = describe(path);
      if (isDirectory) shredDirectory(path);
      else overwrite(path, size);
    } catch {
      // What cannot be overwritten can still be removed.
    }
  }
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

function readdirSafely(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function describe(path: string): { isDirectory: boolean; size: number } {
  const entry = lstatSync(path);
  return { isDirectory: entry.isDirectory(), size: entry.isFile() ? entry.size : 0 };
}

function overwrite(path: string, size: number): void {
  if (size === 0) return;
  const { O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  try {
    for (let at = 0; at < size; at += 65_536)
      writeSync(file, new Uint8Array(Math.min(65_536, size - at)), 0, null, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
