import { type Budget, ORDINARY, type Plan } from "./world.ts";

/** A world by its name, and what is different in it. */
export type NamedWorld = readonly [string, Partial<Plan>];

const FAULTS = [
  "kill",
  "die",
  "lost",
  "late",
  "stale",
  "note",
  "refused",
  "outage",
  "stall",
  "unheard",
  "unavailable",
  "renewed",
  "reseed",
  "old",
] as const satisfies readonly (keyof Budget)[];

/** What is combined with one another; the rest are kinds of these. */
const COMBINED = ["kill", "lost", "stale", "note", "refused", "outage", "stall", "reseed", "old"] as const;

/** Ways to set the jobs up. */
const SET_UPS: readonly NamedWorld[] = [
  ["in one group", { group: true }],
  ["environment", { scope: "environment" }],
  ["environment, in one group", { scope: "environment", group: true }],
  ["when due", { insistence: "when-due" }],
  ["without actions: read", { actionsRead: false, marked: true }],
  ["second is a re-run", { rerun: true }],
];

const ONE: readonly NamedWorld[] = [
  ["calm", {}],
  ...FAULTS.map((fault) => [fault, { budget: { [fault]: 1 } }] as const),
];

const TWO: readonly NamedWorld[] = COMBINED.flatMap((one, index) =>
  COMBINED.slice(index + 1)
    // A person does one thing.
    .filter((other) => !(one === "reseed" && other === "old"))
    .map((other) => [`${one} + ${other}`, { budget: { [one]: 1, [other]: 1 } }] as const),
);

const TWICE: readonly NamedWorld[] = (["refused", "stale", "note"] as const).map((fault) => [
  `${fault} twice`,
  { budget: { [fault]: 2 } },
]);

const PRESENT: readonly NamedWorld[] = ONE.flatMap(([name, { budget }]) => [
  [`${name}, whole login in the home`, { claimFor: "whole-job", budget: { ...budget, inJob: 1 } }] as const,
]);

const ALL_FIVE: Partial<Plan> = { budget: { kill: 1, lost: 1, stale: 1, note: 1, refused: 1 } };

/** Small enough for more faults, and for a third job. */
const ONE_GROUP: readonly NamedWorld[] = [
  ...ONE.map(
    ([name, change]) => [`${name}, three jobs in one group`, { ...change, jobs: 3, group: true }] as const,
  ),
  ...TWO.map(([name, change]) => [`${name}, in one group`, { ...change, group: true }] as const),
  ["all five, in one group", { ...ALL_FIVE, group: true }],
  ["all five, environment, in one group", { ...ALL_FIVE, scope: "environment", group: true }],
];

/** Two jobs: each fault by itself in each set-up, and each two of them in the ordinary one. */
export const WORLDS: readonly NamedWorld[] = [
  ...ONE,
  ...TWICE,
  ...SET_UPS.flatMap(([setUp, change]) =>
    ONE.map(([name, fault]) => [`${name}, ${setUp}`, { ...change, ...fault }] as const),
  ),
  ...PRESENT,
  ...ONE_GROUP,
  ...TWO,
];

/** Too many to run them all. */
export const BY_LOT: readonly NamedWorld[] = [
  ["three jobs", { jobs: 3, budget: { kill: 1, lost: 1, stale: 1, note: 1, refused: 1 } }],
  ["three jobs in one group", { jobs: 3, group: true, budget: { kill: 1, lost: 1, refused: 2, outage: 1 } }],
  ["three jobs, a reseed", { jobs: 3, budget: { reseed: 1, kill: 1, lost: 1, refused: 1, stall: 1 } }],
  ["three jobs, an old file", { jobs: 3, budget: { old: 1, kill: 1, lost: 1, note: 1, outage: 1 } }],
  [
    "three jobs, environment",
    { jobs: 3, scope: "environment", budget: { kill: 1, late: 1, refused: 1, renewed: 1 } },
  ],
];

export function planOf(change: Partial<Plan>): Plan {
  return { ...ORDINARY, ...change };
}
