import { MemoryFiles } from "./files.ts";

/** A disk with links and directories, on which some places cannot be written or removed. */
export class LinkedDisk extends MemoryFiles {
  readonly directories = new Set<string>();
  /** What was removed, oldest first. */
  readonly removed: string[] = [];
  /** Places in which nothing can be written. */
  readonly full = new Set<string>();
  /** Places that cannot be removed. */
  readonly stuck = new Set<string>();
  readonly #links = new Map<string, string>();
  readonly #stamps = new Map<string, number>();
  #writes = 0;

  override async read(path: string): Promise<string | null> {
    const content = this.contents.get(this.#resolve(path));
    return content === undefined ? null : Buffer.from(content).toString("utf8");
  }

  override async readBytes(path: string): Promise<Uint8Array | null> {
    const content = this.contents.get(this.#resolve(path));
    return content === undefined ? null : Buffer.from(content);
  }

  override async write(path: string, content: string | Uint8Array): Promise<void> {
    if (isIn(this.full, path)) throw Object.assign(new Error("full"), { code: "ENOSPC" });
    this.#links.delete(path);
    this.#put(path, content);
  }

  /** As Codex writes: through a link to where it leads. */
  overwrite(path: string, content: string): void {
    this.#put(this.#resolve(path), content);
  }

  override async link(target: string, path: string): Promise<void> {
    this.contents.delete(path);
    this.#links.set(path, target);
  }

  override async moveBehindLink(path: string, target: string): Promise<void> {
    if (this.#links.has(path)) return;
    const content = this.contents.get(path);
    if (content !== undefined) {
      this.contents.delete(path);
      this.#put(target, content);
    }
    if (this.contents.has(target)) this.#links.set(path, target);
  }

  override async realpath(path: string): Promise<string | null> {
    const real = this.#resolve(path);
    return this.contents.has(real) || this.directories.has(real) ? real : null;
  }

  override async makePrivateDirectory(path = ""): Promise<"made"> {
    this.directories.add(path);
    return "made";
  }

  override async remove(path: string): Promise<void> {
    if (isIn(this.stuck, path)) throw Object.assign(new Error("stuck"), { code: "EBUSY" });
    const isBelow = (known: string): boolean => known === path || known.startsWith(`${path}/`);
    for (const kept of [this.contents, this.#links, this.directories])
      for (const known of kept.keys()) if (isBelow(known)) kept.delete(known);
    this.removed.push(path);
  }

  override async stamp(path: string): Promise<string | null> {
    const target = this.#resolve(path);
    return this.contents.has(target) ? String(this.#stamps.get(target)) : null;
  }

  /** Everything that is there: files, links and directories. */
  get paths(): readonly string[] {
    return [...this.contents.keys(), ...this.#links.keys(), ...this.directories];
  }

  #put(path: string, content: string | Uint8Array): void {
    this.contents.set(path, content);
    this.#writes += 1;
    this.#stamps.set(path, this.#writes);
  }

  #resolve(path: string): string {
    return this.#links.get(path) ?? path;
  }
}

function isIn(places: ReadonlySet<string>, path: string): boolean {
  return [...places].some((place) => path === place || path.startsWith(`${place}/`));
}
