import { AuthJson } from "../login/auth-json.ts";

/** A handoff note, for whoever holds the generation it is filed under: the generation that took its place. */
export interface Note {
  readonly login: AuthJson;
  readonly savedAt: Date;
}

/**
 * The answer to "is there a note under this generation?".
 * `none` was answered; `not-answered` is an error, a time-out, or an entry that does not open.
 */
export type Lookup =
  | { readonly kind: "note"; readonly note: Note }
  | { readonly kind: "none" }
  | { readonly kind: "not-answered" };

/**
 * Writes a note as the text that goes into an envelope.
 *
 * ```text
 * { "document": "{\"auth_mode\":…}", "saved_at": "2026-11-22T09:48:01.000Z" }
 * ```
 */
export function writeNote({ login, savedAt }: Note): string {
  return JSON.stringify({ document: login.line().reveal(), saved_at: savedAt.toISOString() });
}

/** @returns `null` for anything that {@link writeNote} did not write */
export function readNote(text: string): Note | null {
  try {
    const { document: line, saved_at } = JSON.parse(text) as Record<string, unknown>;
    const savedAt = new Date(typeof saved_at === "string" ? saved_at : Number.NaN);
    const login = typeof line === "string" ? AuthJson.read(line) : null;
    return login === null || Number.isNaN(savedAt.getTime()) ? null : { login, savedAt };
  } catch {
    return null;
  }
}
