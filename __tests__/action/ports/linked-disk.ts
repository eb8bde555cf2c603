import { isBelow, MemoryFiles, systemError } from "./files.ts";

/** A disk on which some places cannot be written or removed, and on which Codex writes, too. */
export class LinkedDisk extends MemoryFiles {
  /** What was removed, oldest first. */
  readonly removed: string[] = [];
  /** Places in which nothing can be written. */
  readonly full = new Set<string>();
  /** Places that cannot be removed. */
  readonly stuck = new Set<string>();

  override async write(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
    if (isIn(this.full, path)) throw systemError("ENOSPC");
    await super.write(path, content, mode);
  }

  override async remove(path: string): Promise<void> {
    if (isIn(this.stuck, path)) throw systemError("EBUSY");
    await super.remove(path);
    this.removed.push(path);
  }

  /** As Codex writes: through a link to where it leads. */
  overwrite(path: string, content: string): void {
    this.put(this.resolve(path), content);
  }

  /** Everything that is there: files, links and directories. */
  get paths(): readonly string[] {
    return [...this.below("/"), ...this.directories];
  }
}

function isIn(places: ReadonlySet<string>, path: string): boolean {
  return [...places].some((place) => path === place || isBelow(path, place));
}
