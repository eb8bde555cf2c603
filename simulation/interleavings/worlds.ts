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

const ALL_FIVE: Partial<Plan> = { budget: { kill: 1, lost: 1, stale: 1, note: 1, refused: 1 } };

/** With `refresh-token: present`; the job's own Codex may rotate once. */
const PRESENT: readonly NamedWorld[] = (
  [
    ["whole login in the home", { whole: "all" }],
    ["whole login in the home, in turn", { whole: "all", group: true }],
    ["whole login in the home, in turn, when due", { whole: "all", group: true, insistence: "when-due" }],
    ["whole login in the home of the first", { whole: "first" }],
    ["whole login in the home of the second", { whole: "second" }],
  ] as const satisfies readonly NamedWorld[]
).flatMap(([setUp, change]) =>
  ONE.map(
    ([name, { budget }]) => [`${name}, ${setUp}`, { ...change, budget: { ...budget, inJob: 1 } }] as const,
  ),
);

/** One job by itself, and a person. */
const ALONE: readonly NamedWorld[] = (["reseed", "old"] as const).flatMap((person) => [
  [`${person}, one job`, { jobs: 1, budget: { [person]: 1 } }] as const,
  ...COMBINED.filter((fault) => fault !== "reseed" && fault !== "old").map(
    (fault) => [`${fault} + ${person}, one job`, { jobs: 1, budget: { [fault]: 1, [person]: 1 } }] as const,
  ),
  [`all five + ${person}, one job`, { jobs: 1, budget: { ...ALL_FIVE.budget, [person]: 1 } }] as const,
]);

/** Small enough for more faults, and for a third job. */
const ONE_GROUP: readonly NamedWorld[] = [
  ...ONE.map(
    ([name, change]) => [`${name}, three jobs in one group`, { ...change, jobs: 3, group: true }] as const,
  ),
  ...TWO.map(([name, change]) => [`${name}, in one group`, { ...change, group: true }] as const),
  ["all five, in one group", { ...ALL_FIVE, group: true }],
  ["all five, environment, in one group", { ...ALL_FIVE, scope: "environment", group: true }],
];

/** What a single rule needs to be seen. */
const NARROW: readonly NamedWorld[] = [
  ["kill + note twice, in one group", { group: true, budget: { kill: 1, note: 2 } }],
  ["kill + unheard, in one group", { group: true, budget: { kill: 1, unheard: 1 } }],
  ["renewed + late + refused, in one group", { group: true, budget: { renewed: 1, late: 1, refused: 1 } }],
  ["kill + note, without actions: read", { actionsRead: false, marked: true, budget: { kill: 1, note: 1 } }],
];

/** Two jobs: each fault by itself in each set-up, and each two of them in the ordinary one. */
export const WORLDS: readonly NamedWorld[] = [
  ...ONE,
  ...TWICE,
  ...SET_UPS.flatMap(([setUp, change]) =>
    ONE.map(([name, fault]) => [`${name}, ${setUp}`, { ...change, ...fault }] as const),
  ),
  ...PRESENT,
  ...ALONE,
  ...NARROW,
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
  [
    "three jobs, whole login in the home",
    { jobs: 3, whole: "all", budget: { inJob: 1, kill: 1, lost: 1, refused: 1, renewed: 1, note: 1 } },
  ],
  [
    "three jobs, whole login in the home of the first",
    { jobs: 3, whole: "first", budget: { inJob: 1, kill: 1, stale: 1, refused: 1, renewed: 1, stall: 1 } },
  ],
  [
    "three jobs, whole login in the home of the first, a reseed",
    { jobs: 3, whole: "first", budget: { inJob: 1, kill: 1, lost: 1, reseed: 1, outage: 1, stall: 1 } },
  ],
];

export function planOf(change: Partial<Plan>): Plan {
  return { ...ORDINARY, ...change };
}
