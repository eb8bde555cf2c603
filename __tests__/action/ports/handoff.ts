import { HandoffNotes } from "../../../simulation/models/handoff-cache.ts";
import type { Lookup, Note } from "../../../src/core/handoff/note.ts";
import type { AuthJson } from "../../../src/core/login/auth-json.ts";
import type { HandoffCache } from "../../../src/ports/handoff.ts";

/** The notes of one branch, which nobody forgets but when told to. */
export class MemoryHandoff implements HandoffCache {
  /** `down`: answers nothing and keeps nothing; `read-only`: burns the key of every note; `off`: as the input says; `denied`: refuses writes, in words. */
  state: "well" | "down" | "read-only" | "off" | "denied" = "well";
  readonly #notes = new HandoffNotes(() => 0);

  under(login: AuthJson): readonly Note[] {
    return this.#notes.under(login);
  }

  prepare(): void {}

  async look(login: AuthJson): Promise<Lookup> {
    if (this.state === "down") return { kind: "not-answered" };
    return this.state === "off" ? { kind: "none" } : this.#notes.look(login);
  }

  async refusesWrites(): Promise<string | null> {
    return this.state === "denied" ? "cache write denied: token has no writable scopes" : null;
  }

  async save(under: AuthJson, note: Note): Promise<"saved" | "failed" | "off"> {
    if (this.state === "off") return "off";
    if (this.state !== "well") return "failed";
    this.#notes.save(under, note);
    return "saved";
  }

  forget(): void {
    this.#notes.evict();
  }
}
