/** Notes that hand a login from job to job. */

import type { Label } from "../core/handoff/envelope.ts";
import type { Lookup, Note } from "../core/handoff/note.ts";
import type { AuthJson } from "../core/login/auth-json.ts";

/** Notes in the Actions cache. No method throws or takes longer than its time box. */
export interface HandoffCache {
  /** Loads what a save needs, while there is something else to wait for. */
  prepare(): void;
  look(login: AuthJson): Promise<Lookup>;
  /** Whether the service refuses to store anything for this job, in its words; `null` where it does not say so. */
  refusesWrites(): Promise<string | null>;
  save(under: AuthJson, note: Note): Promise<"saved" | "failed" | "off">;
}

/** Seals what only the holder of a login may open. */
export interface EnvelopeCipher {
  seal(holder: AuthJson, label: Label, text: string): Promise<Uint8Array>;
  /** @returns `null` when the holder did not seal it under that label */
  open(holder: AuthJson, label: Label, envelope: Uint8Array): Promise<string | null>;
}
