import { ORDINARY, type Plan } from "./world.ts";

/** A world by its name, and what is different in it. */
export const WORLDS: readonly (readonly [string, Partial<Plan>])[] = [
  ["calm", {}],
  ["kill", { budget: { kill: 1 } }],
  ["lost", { budget: { lost: 1 } }],
  ["late", { budget: { late: 1 } }],
  ["stale", { budget: { stale: 1 } }],
  ["note", { budget: { note: 1 } }],
  ["refused", { budget: { refused: 1 } }],
  ["refused twice", { budget: { refused: 2 } }],
  ["outage", { budget: { outage: 1 } }],
  ["unavailable", { budget: { unavailable: 1 } }],
  ["unheard", { budget: { unheard: 1 } }],
  ["renewed", { budget: { renewed: 1 } }],
  ["machine dies", { budget: { die: 1 } }],
  ["stall", { budget: { stall: 1 } }],
  ["reseed", { budget: { reseed: 1 } }],
  ["old file", { budget: { old: 1 } }],
];

export function planOf(change: Partial<Plan>): Plan {
  return { ...ORDINARY, ...change };
}
