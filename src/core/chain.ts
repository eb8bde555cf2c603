import type { Document } from "./document.ts";
import type { Note, StoreWitness } from "./note.ts";

/**
 * The answer to "is there a note under this document?".
 * `none` was answered; `not-learnt` is an error, a time-out, or an entry in the note's place that does not open.
 */
export type Lookup =
  | { readonly kind: "note"; readonly note: Note }
  | { readonly kind: "none" }
  | { readonly kind: "not-learnt" };

/** What the hand-over tells whoever was handed a document. */
export interface Chain {
  /** The newest document it leads to; the handed one where it names no successor. */
  readonly newest: Document;
  /** Before the newest; `null` where it names no successor. */
  readonly predecessor: Document | null;
  /** Everything said about the store holding `newest`. */
  readonly witnesses: readonly StoreWitness[];
  /** `false` when a look-up failed or the chain is too long: there may be more. */
  readonly complete: boolean;
}

export const MAXIMUM_LINKS = 8;

/**
 * Follows the notes from the handed document to the newest. A successor of another account, or one that leads back,
 * is no link.
 */
export async function followChain(
  handed: Document,
  look: (document: Document) => Promise<Lookup>,
): Promise<Chain> {
  const seen = [handed];
  let newest = handed;
  let predecessor: Document | null = null;
  let witnesses: StoreWitness[] = [];
  for (let link = 0; ; link++) {
    const lookup = await look(newest);
    if (lookup.kind === "not-learnt") return { newest, predecessor, witnesses, complete: false };
    if (lookup.kind === "none") return { newest, predecessor, witnesses, complete: true };
    const { note } = lookup;
    if (note.kind === "confirmation") {
      witnesses.push({ kind: "confirmed", updatedAt: note.updatedAt });
      return { newest, predecessor, witnesses, complete: true };
    }
    const { document } = note;
    if (
      document.accountId !== handed.accountId ||
      seen.some((earlier) => earlier.isSameGeneration(document))
    ) {
      return { newest, predecessor, witnesses, complete: true };
    }
    if (link === MAXIMUM_LINKS) return { newest, predecessor, witnesses, complete: false };
    seen.push(document);
    predecessor = newest;
    newest = document;
    witnesses = [note.witness];
  }
}
