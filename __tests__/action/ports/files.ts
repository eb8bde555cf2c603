import { basename, dirname, join } from "node:path";
import type { Files } from "../../../src/ports/files.ts";

/** An error as the system's calls throw it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: refused`), { code, syscall: "open" });
}

/** A disk in memory: files, directories and links with their modes, and whatever is wrong with it. */
export class MemoryFiles implements Files {
  /** What every file holds, by its real path. */
  readonly contents = new Map<string, string | Uint8Array>();
  /** Permission bits of the files and directories that were made here. */
  readonly modes = new Map<string, number>();
  /** How much room there is; a file that does not fit is refused, and what was there stays. */
  capacityBytes = Number.POSITIVE_INFINITY;
  /** Called before each operation: may throw what the system would. */
  interfere: (operation: keyof Files, path: string) => void = () => {};
  readonly directories = new Set<string>();
  readonly #links = new Map<string, string>();
  /** When each file was last written, as a number of all writes. */
  readonly #stamps = new Map<string, number>();
  #writes = 0;

  async read(path: string): Promise<string | null> {
    this.interfere("read", path);
    const content = this.contents.get(this.resolve(path));
    return content === undefined ? null : Buffer.from(content).toString("utf8");
  }

  async readBytes(path: string): Promise<Uint8Array | null> {
    this.interfere("readBytes", path);
    const content = this.contents.get(this.resolve(path));
    return content === undefined ? null : new Uint8Array(Buffer.from(content));
  }

  async write(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
    this.interfere("write", path);
    const place = this.#entry(path);
    const others = [...this.contents].filter(([known]) => known !== place);
    const taken = others.reduce((sum, [, other]) => sum + Buffer.byteLength(other), 0);
    if (taken + Buffer.byteLength(content) > this.capacityBytes) throw systemError("ENOSPC");
    this.#links.delete(place);
    this.put(place, content, mode);
  }

  /** By its real path. */
  protected put(place: string, content: string | Uint8Array, mode = this.modes.get(place) ?? 0o600): void {
    this.contents.set(place, content);
    this.modes.set(place, mode);
    this.#stamps.set(place, ++this.#writes);
  }

  async link(target: string, path: string): Promise<void> {
    this.interfere("link", path);
    const place = this.#entry(path);
    this.contents.delete(place);
    this.modes.delete(place);
    this.#links.set(place, target);
  }

  async moveBehindLink(path: string, target: string): Promise<void> {
    this.interfere("moveBehindLink", path);
    const [from, to] = [this.#entry(path), this.#entry(target)];
    if (this.#links.has(from)) return;
    const content = this.contents.get(from);
    if (content !== undefined) {
      this.contents.delete(from);
      this.put(to, content, this.modes.get(from));
    }
    if (this.contents.has(to)) this.#links.set(from, to);
  }

  async makePrivateDirectory(path: string): Promise<"made" | "existed"> {
    this.interfere("makePrivateDirectory", path);
    const place = this.resolve(path);
    if (this.contents.has(place)) throw systemError("EEXIST");
    const existed = this.#isDirectory(place);
    this.directories.add(place);
    this.modes.set(place, 0o700);
    return existed ? "existed" : "made";
  }

  async remove(path: string): Promise<void> {
    this.interfere("remove", path);
    const place = this.#entry(path);
    for (const kept of [this.contents, this.modes, this.directories, this.#links])
      for (const known of [...kept.keys()]) if (known === place || isBelow(known, place)) kept.delete(known);
  }

  /** Paths that nobody can write anew, with the system's code. */
  readonly unreplaceable = new Map<string, string>();

  async demandReplaceable(path: string): Promise<void> {
    const code = this.unreplaceable.get(path);
    if (code !== undefined) throw Object.assign(new Error(code), { code, syscall: "open", path });
  }

  async stamp(path: string): Promise<string | null> {
    this.interfere("stamp", path);
    const target = this.resolve(path);
    return this.contents.has(target) ? String(this.#stamps.get(target)) : null;
  }

  async realpath(path: string): Promise<string | null> {
    this.interfere("realpath", path);
    const target = this.resolve(path);
    return this.contents.has(target) || this.#isDirectory(target) ? target : null;
  }

  /** Where a link leads; `null` for what is none. */
  linkAt(path: string): string | null {
    return this.#links.get(path) ?? null;
  }

  /** A directory that somebody else made, open to others. */
  makeDirectory(path: string): void {
    this.directories.add(path);
    this.modes.set(path, 0o755);
  }

  /** Paths of the files and links at or below a directory, in order. */
  below(directory: string): readonly string[] {
    return [...this.contents.keys(), ...this.#links.keys()]
      .filter((path) => path === directory || isBelow(path, directory))
      .sort();
  }

  #isDirectory(path: string): boolean {
    if (path === "/" || this.directories.has(path)) return true;
    const known = [...this.contents.keys(), ...this.directories, ...this.#links.keys()];
    return known.some((other) => isBelow(other, path));
  }

  /** Where an entry itself lies: the links on the way to it are followed, it is not. */
  #entry(path: string): string {
    const directory = dirname(path);
    return directory === path ? path : join(this.resolve(directory), basename(path));
  }

  protected resolve(path: string): string {
    const entry = this.#entry(path);
    const target = this.#links.get(entry);
    return target === undefined ? entry : this.resolve(target);
  }
}

export function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory === "/" ? "/" : `${directory}/`);
}
