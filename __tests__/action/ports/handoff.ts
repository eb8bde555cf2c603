import type { Lookup, Note } from "../../../src/core/handoff/note.ts";
import type { AuthJson } from "../../../src/core/login/auth-json.ts";
import type { HandoffCache } from "../../../src/ports/action.ts";

/** Notes by the generation they are filed under, oldest first; the newest is found. */
export class MemoryHandoff implements HandoffCache {
  /** `down`: answers nothing and keeps nothing; `read-only`: burns the key of every note; `off`: as the input says. */
  state: "well" | "down" | "read-only" | "off" = "well";
  readonly #notes = new Map<string, Note[]>();

  under(login: AuthJson): readonly Note[] {
    return this.#notes.get(login.generation) ?? [];
  }

  prepare(): void {}

  async look(login: AuthJson): Promise<Lookup> {
    if (this.state === "down") return { kind: "not-answered" };
    if (this.state === "off") return { kind: "none" };
    const note = this.under(login).at(-1);
    return note ? { kind: "note", note } : { kind: "none" };
  }

  async save(under: AuthJson, note: Note): Promise<"saved" | "failed" | "off"> {
    if (this.state === "off") return "off";
    if (this.state !== "well") return "failed";
    this.#notes.set(under.generation, [...this.under(under), note]);
    return "saved";
  }

  forget(): void {
    this.#notes.clear();
  }
}
