import type { Lookup, Note } from "../../src/core/handoff/note.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";

interface Entry {
  readonly under: AuthJson;
  readonly holder: string;
  readonly ref: string;
  readonly note: Note;
  usedAtMs: number;
}

/** Whoever holds both tokens, and nobody else. */
function holderOf({ refreshToken, accessToken }: AuthJson): string {
  return `${refreshToken.reveal()}\n${accessToken.reveal()}`;
}

const KEPT_UNUSED_MS = 7 * 24 * 3_600_000;

/**
 * Notes in the Actions cache: found by whoever holds the generation they are filed under, on their own branch or on the
 * default branch, the newest first; forgotten after seven unused days.
 */
export class HandoffNotes {
  #entries: Entry[] = [];
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get entries(): readonly Entry[] {
    const oldestMs = this.#nowMs() - KEPT_UNUSED_MS;
    this.#entries = this.#entries.filter(({ usedAtMs }) => usedAtMs >= oldestMs);
    return this.#entries;
  }

  save(under: AuthJson, note: Note, ref = "main"): void {
    this.#entries.push({ under, holder: holderOf(under), ref, note, usedAtMs: this.#nowMs() });
  }

  look(under: AuthJson, ref = "main"): Lookup {
    const holder = holderOf(under);
    for (const scope of new Set([ref, "main"])) {
      const found = this.entries.findLast((entry) => entry.holder === holder && entry.ref === scope);
      if (!found) continue;
      found.usedAtMs = this.#nowMs();
      return { kind: "note", note: found.note };
    }
    return { kind: "none" };
  }

  /** All that were ever saved there, oldest first. */
  under(login: AuthJson): readonly Note[] {
    const holder = holderOf(login);
    return this.entries.flatMap((entry) => (entry.holder === holder ? entry.note : []));
  }

  evict(): void {
    this.#entries = [];
  }
}
