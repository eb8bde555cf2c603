import type { NamedFiles, NamedPlace, Refusal } from "../../../src/ports/files.ts";
import type { MemoryFiles } from "./files.ts";

/** The workflow's files on a disk in memory, and what is wrong with some of them. */
export class MemoryNamedFiles implements NamedFiles {
  readonly refusals = new Map<string, Refusal["kind"]>();
  /** Links to the login, by directory. */
  readonly links = new Map<string, string>();
  loginHasOtherNames = false;
  /** Where each was looked for, oldest first. */
  readonly places: NamedPlace[] = [];
  readonly #files: MemoryFiles;

  constructor(files: MemoryFiles) {
    this.#files = files;
  }

  async read(path: string, place: NamedPlace) {
    this.places.push(place);
    const bytes = await this.#files.readBytes(path);
    return (
      this.#refusal(path) ?? (bytes ? ({ kind: "read", bytes } as const) : ({ kind: "missing" } as const))
    );
  }

  async write(path: string, content: string, place: NamedPlace) {
    this.places.push(place);
    const refusal = this.#refusal(path);
    if (refusal) return refusal;
    try {
      await this.#files.write(path, content, 0o644);
      return { kind: "written" } as const;
    } catch {
      return { kind: "unusable" } as const;
    }
  }

  async directory(path: string) {
    return this.#refusal(path) ?? ({ kind: "directory", real: path } as const);
  }

  async linkTo(directory: string, names: readonly string[]): Promise<string | null> {
    return names.find((name) => this.links.get(directory) === name) ?? null;
  }

  async hasOtherNames(): Promise<boolean> {
    return this.loginHasOtherNames;
  }

  #refusal(path: string): Refusal | null {
    const kind = this.refusals.get(path);
    return kind === undefined ? null : { kind };
  }
}
