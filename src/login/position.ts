import type { SeenClaim } from "../core/claim/claim.ts";
import type { AuthJson } from "../core/login/auth-json.ts";

/** A login that was reached from the handed one. */
interface Reached {
  readonly login: AuthJson;
  readonly updatedAt: Date;
  /** Which attempt to take over a claim in doubt, or of who was to write the login, and died. */
  readonly takeover: number;
}

/** The secret holds this login, and nobody has spent it. */
export interface CurrentPosition extends Reached {
  readonly kind: "current";
  readonly predecessor: AuthJson | null;
  /** The claim from which the login was reached; `null`: it is the one that the run was given. */
  readonly origin: SeenClaim | null;
}

/** The handoff has this login, and the secret still holds an earlier one. */
export interface UnstoredPosition extends Reached {
  readonly kind: "to-repair";
  readonly predecessor: AuthJson;
  readonly origin: SeenClaim;
}

/** What the secret holds, or should hold. */
export type Position =
  | CurrentPosition
  | UnstoredPosition
  /** Another job is refreshing it. */
  | { readonly kind: "busy"; readonly newest: AuthJson; readonly seen: SeenClaim | null }
  | { readonly kind: "stale"; readonly newest: AuthJson; readonly missing: MissingProof };

/** Why a job cannot know that its login is the newest, for the message that says what to do. */
export type MissingProof =
  | "secret-is-newer"
  | "handoff-not-answered"
  /** An earlier job has spent it and could not store what came of it, and the handoff does not have that either. */
  | "successor-not-found"
  /** So many jobs have died over it that nobody knows whether it is spent. */
  | "in-doubt"
  | "run-time-permission"
  | "run-time-unknown";
