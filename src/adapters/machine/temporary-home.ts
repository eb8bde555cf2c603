import { constants, fsyncSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TemporaryHome } from "../../ports/cli.ts";
import { orNull, withOpen } from "./file-operations.ts";
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
  for (const name of orNull(() => readdirSync(directory)) ?? []) {
    const path = join(directory, name);
    const entry = orNull(() => lstatSync(path));
    if (entry?.isDirectory()) shredDirectory(path);
    // What cannot be overwritten can still be removed.
    else if (entry?.isFile()) orNull(() => overwrite(path, entry.size));
  }
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

function overwrite(path: string, size: number): void {
  const { O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  withOpen(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK, (file) => {
    for (let at = 0; at < size; at += 65_536)
      writeSync(file, new Uint8Array(Math.min(65_536, size - at)), 0, null, at);
    fsyncSync(file);
  });
}
