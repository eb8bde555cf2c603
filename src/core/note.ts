import { Document } from "./document.ts";
import { Failure } from "./failure.ts";

/**
 * What a note says of the store.
 * `confirmed`: the successor was written, and this was the secret's `updated_at` then.
 * `replaces`: it was not (yet): the `updated_at` of what it is to replace.
 */
export interface StoreWitness {
  readonly kind: "confirmed" | "replaces";
  readonly updatedAt: Date;
}

/** For `replaces`, where the store could not be asked: the successor takes the place of what the job was handed. */
export const NOT_LEARNT = new Date(0);

/** A hand-over note, for whoever holds the document it is filed under. */
export type Note =
  /** That document has been rotated; this one took its place. */
  | {
      readonly kind: "successor";
      readonly document: Document;
      readonly witness: StoreWitness;
      readonly savedAt: Date;
    }
  /** That document is what the store held at `updatedAt`. */
  | { readonly kind: "confirmation"; readonly updatedAt: Date; readonly savedAt: Date };

/**
 * Writes a note as the text that goes into an envelope.
 *
 * ```text
 * { "kind": "successor", "document": "{\"auth_mode\":…}", "store": "confirmed" | "replaces",
 *   "updated_at": "2026-11-22T09:48:00.000Z", "saved_at": "2026-11-22T09:48:01.000Z" }
 * { "kind": "confirmation", "updated_at": …, "saved_at": … }
 * ```
 */
export function writeNote(note: Note): string {
  const saved_at = note.savedAt.toISOString();
  switch (note.kind) {
    case "successor":
      return JSON.stringify({
        kind: note.kind,
        document: note.document.line().reveal(),
        store: note.witness.kind,
        updated_at: note.witness.updatedAt.toISOString(),
        saved_at,
      });
    case "confirmation":
      return JSON.stringify({ kind: note.kind, updated_at: note.updatedAt.toISOString(), saved_at });
  }
}

/** @returns `null` for anything that {@link writeNote} did not write: no link. */
export function readNote(text: string): Note | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof json !== "object" || json === null) return null;
  const { kind, document, store, updated_at, saved_at } = json as Record<string, unknown>;
  const updatedAt = readDate(updated_at);
  const savedAt = readDate(saved_at);
  if (!updatedAt || !savedAt) return null;
  if (kind === "confirmation") return { kind, updatedAt, savedAt };
  if (kind !== "successor" || typeof document !== "string") return null;
  if (store !== "confirmed" && store !== "replaces") return null;
  try {
    return { kind, document: Document.parse(document), witness: { kind: store, updatedAt }, savedAt };
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

function readDate(value: unknown): Date | null {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}
