import type { Files } from "../../src/ports/files.ts";

/** A job's disk in memory. Each write and removal is a moment at which the process may be killed. */
export class Disk implements Files {
  readonly contents = new Map<string, string | Uint8Array>();
  readonly #moment: () => Promise<void>;
  #writes = 0;
  readonly #stamps = new Map<string, number>();

  constructor(moment: () => Promise<void>) {
    this.#moment = moment;
  }

  textOf(path: string): string | null {
    const content = this.contents.get(path);
    return content === undefined ? null : Buffer.from(content).toString("utf8");
  }

  put(path: string, content: string | Uint8Array): void {
    this.contents.set(path, content);
    this.#stamps.set(path, ++this.#writes);
  }

  async read(path: string): Promise<string | null> {
    return this.textOf(path);
  }

  async readBytes(path: string): Promise<Uint8Array | null> {
    const content = this.contents.get(path);
    return content === undefined ? null : new Uint8Array(Buffer.from(content));
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    await this.#moment();
    this.put(path, content);
  }

  async link(): Promise<void> {}

  async moveBehindLink(): Promise<void> {}

  async makePrivateDirectory(): Promise<"made"> {
    return "made";
  }

  async remove(path: string): Promise<void> {
    await this.#moment();
    for (const known of [...this.contents.keys()])
      if (known === path || known.startsWith(`${path}/`)) this.contents.delete(known);
  }

  async demandReplaceable(): Promise<void> {}

  async stamp(path: string): Promise<string | null> {
    return this.contents.has(path) ? String(this.#stamps.get(path)) : null;
  }

  async realpath(path: string): Promise<string | null> {
    return path;
  }
}
