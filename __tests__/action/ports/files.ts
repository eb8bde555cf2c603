import type { Files } from "../../../src/ports.ts";

/** A disk that only holds files. */
export class MemoryFiles implements Files {
  readonly contents = new Map<string, string | Uint8Array>();
  readonly #links = new Map<string, string>();
  readonly #writes = new Map<string, number>();

  async read(path: string): Promise<string | null> {
    const content = this.contents.get(this.#resolve(path));
    return content === undefined ? null : Buffer.from(content).toString("utf8");
  }

  async readBytes(path: string): Promise<Uint8Array | null> {
    const content = this.contents.get(this.#resolve(path));
    return content === undefined ? null : new Uint8Array(Buffer.from(content));
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    this.contents.set(path, content);
    this.#writes.set(path, (this.#writes.get(path) ?? 0) + 1);
  }

  async link(target: string, path: string): Promise<void> {
    this.#links.set(path, target);
  }

  async makePrivateDirectory(): Promise<"made"> {
    return "made";
  }

  async remove(path: string): Promise<void> {
    for (const known of this.contents.keys())
      if (known === path || known.startsWith(`${path}/`)) this.contents.delete(known);
  }

  async stamp(path: string): Promise<string | null> {
    const target = this.#resolve(path);
    return this.contents.has(target) ? String(this.#writes.get(target)) : null;
  }

  async realpath(path: string): Promise<string> {
    return path;
  }

  #resolve(path: string): string {
    return this.#links.get(path) ?? path;
  }
}
