import type { RunFacts, Side } from "./side.ts";

/** One run as it is told: the sentence is printed only when every point holds. */
export interface Scene {
  readonly facts: RunFacts;
  readonly text: string;
  readonly points: Points;
  /** After it nobody holds a login that works: a person has to sign in again. */
  readonly loginLost?: true;
}

/** Claims, and whether they hold. */
export type Points = Readonly<Record<string, boolean>>;

/** What happens to one side on one day. */
export type Act = (side: Side) => Promise<Scene[]>;

export function worked(facts: RunFacts): Points {
  return {
    "the run succeeded": facts.conclusion === "success",
    "Codex lived on the login in the secret": facts.livedOnSecret,
    "the login is alive": facts.alive,
  };
}

export function rotatedNothing(facts: RunFacts): Points {
  return { "nothing was rotated": facts.rotations === 0 && facts.after === facts.before };
}

export function rotatedAndStored(facts: RunFacts): Points {
  return {
    "the login was rotated and stored": facts.rotations === 1 && facts.after === facts.before + 1,
    "the login is alive": facts.alive,
  };
}

export function rotatedAndNotStored(facts: RunFacts): Points {
  return {
    "the login was rotated": facts.rotations === 1,
    "the secret holds the old one": facts.after === facts.before && !facts.alive,
  };
}

/** What the access token had left when the run began. */
export function left({ daysLeft }: RunFacts): string {
  return daysLeft > 0 ? `${daysLeft} d left.` : "Expired.";
}
