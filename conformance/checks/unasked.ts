import { type Check, NotAsked } from "../check.ts";

/** Facts that this suite does not ask, and why. */
const UNASKED: readonly (readonly [number: string, fact: string, why: string])[] = [
  ["V9", "A repository has 500 variables at most, an environment 100.", "it would take 600 writes"],
  [
    "R5",
    "No workflow starts because of a ref outside refs/heads and refs/tags.",
    "no workflow here listens to every push",
  ],
  [
    "C6",
    "A job for `issue_comment` reads the cache and cannot write it.",
    "no workflow here listens to comments",
  ],
];

export const unaskedChecks: readonly Check[] = UNASKED.map(([number, fact, why]) => ({
  number,
  fact,
  by: "requests",
  ask: async () => {
    throw new NotAsked(why);
  },
}));
