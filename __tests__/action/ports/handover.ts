import type { Lookup } from "../../../src/core/chain.ts";
import type { Document } from "../../../src/core/document.ts";
import type { Note } from "../../../src/core/note.ts";
import type { HandoverCache } from "../../../src/ports.ts";

/** Notes by the document they are filed under, oldest first; the newest is found. */
export class MemoryHandover implements HandoverCache {
  /** `down`: answers nothing and keeps nothing; `read-only`: burns the key of every note; `off`: as the input says. */
  state: "well" | "down" | "read-only" | "off" = "well";
  readonly #notes = new Map<string, Note[]>();

  under(document: Document): readonly Note[] {
    return this.#notes.get(document.generation) ?? [];
  }

  prepare(): void {}

  async look(document: Document): Promise<Lookup> {
    if (this.state === "down") return { kind: "not-learnt" };
    if (this.state === "off") return { kind: "none" };
    const note = this.under(document).at(-1);
    return note ? { kind: "note", note } : { kind: "none" };
  }

  async save(under: Document, note: Note): Promise<"saved" | "failed" | "off"> {
    if (this.state === "off") return "off";
    if (this.state !== "well") return "failed";
    this.#notes.set(under.generation, [...this.under(under), note]);
    return "saved";
  }
}
