import type { Lookup } from "../../../src/core/chain.ts";
import type { Document } from "../../../src/core/document.ts";
import type { Note } from "../../../src/core/note.ts";
import type { HandoverCache } from "../../../src/ports.ts";

/** Notes by the document they are filed under, oldest first; the newest is found. */
export class MemoryHandover implements HandoverCache {
  readonly #notes = new Map<string, Note[]>();

  under(document: Document): readonly Note[] {
    return this.#notes.get(document.generation) ?? [];
  }

  prepare(): void {}

  async look(document: Document): Promise<Lookup> {
    const note = this.under(document).at(-1);
    return note ? { kind: "note", note } : { kind: "none" };
  }

  async save(under: Document, note: Note): Promise<"saved"> {
    this.#notes.set(under.generation, [...this.under(under), note]);
    return "saved";
  }
}
