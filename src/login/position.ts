import type { Claim, SeenClaim } from "../core/claim/claim.ts";
import type { AuthJson } from "../core/login/auth-json.ts";

/** Where a claim stands from which the newest generation was reached. */
export interface Origin {
  readonly name: string;
  /** `null`: somebody has edited it. */
  readonly claim: Claim | null;
}

/** What the secret holds, or should hold. */
export type Position =
  /** The secret holds this login, and nobody has spent it. */
  | {
      readonly kind: "current";
      readonly login: AuthJson;
      readonly predecessor: AuthJson | null;
      readonly updatedAt: Date;
      /** Which attempt to take over a claim in doubt. */
      readonly takeover: number;
      /** `null`: the login is the one that the run was given. */
      readonly origin: Origin | null;
    }
  /** The handoff has this login, and the secret still holds an earlier one. */
  | {
      readonly kind: "to-repair";
      readonly login: AuthJson;
      readonly predecessor: AuthJson;
      readonly updatedAt: Date;
      /** Which attempt to take over the claim of who was to write it, and died. */
      readonly takeover: number;
      readonly origin: Origin;
    }
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

/** A login that the secret holds, and that nobody has spent. */
export type CurrentPosition = Extract<Position, { kind: "current" }>;

/** A login that the handoff has, and the secret does not yet. */
export type UnstoredPosition = Extract<Position, { kind: "to-repair" }>;
