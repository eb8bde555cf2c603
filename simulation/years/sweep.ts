import type { Death } from "./autopsy.ts";
import type { Climate, Stroke } from "./faults.ts";
import { ours, type Policy } from "./policies.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./units.ts";
import { Account } from "./week.ts";

/** One stroke at every point of the phase that it can strike. */
export interface Sweep {
  readonly stroke: Stroke;
  readonly under: string;
  /** Stories told: one a point. */
  readonly points: number;
  readonly deaths: readonly (Death & { readonly point: number })[];
}

const STROKES: readonly Stroke[] = ["kill-main", "cancel", "kill-post", "lose-machine", "force-cancel"];

export const CLIMATES: Readonly<Record<string, Partial<Climate>>> = {
  "no other fault": {},
  "no other fault, environment secret": { scope: "environment" },
  "writes fail for six minutes after the rotation": {
    writesFailAfterRotation: 1,
    writesFailForMs: [6 * MINUTE_MS, 6 * MINUTE_MS],
  },
  "`handoff: off`": { handoff: "off" },
};

/** Strikes a job that refreshes at each of its awaits in turn, and lives on for two weeks. */
export async function sweep(
  policy: Policy = ours("ours"),
  climates: readonly string[] = Object.keys(CLIMATES),
  strokes: readonly Stroke[] = STROKES,
): Promise<Sweep[]> {
  const sweeps: Sweep[] = [];
  for (const [under, climate] of Object.entries(CLIMATES).filter(([name]) => climates.includes(name))) {
    for (const stroke of strokes) {
      const deaths: (Death & { point: number })[] = [];
      let point = 1;
      for (; ; point++) {
        const { account, wasStruck } = await tell(policy, climate, stroke, point);
        if (!wasStruck) break;
        deaths.push(...account.deaths.map((death) => ({ ...death, point })));
      }
      sweeps.push({ stroke, under, points: point - 1, deaths });
    }
  }
  return sweeps;
}

async function tell(policy: Policy, climate: Partial<Climate>, stroke: Stroke, point: number) {
  const account = new Account(policy, { ...climate, jobMs: [MINUTE_MS, MINUTE_MS] }, "sweep", 2 * DAY_MS);
  const { scheduler } = account.world;
  let isFirst = true;
  let wasStruck = false;
  account.prepare = (job) => {
    if (!isFirst) return;
    isFirst = false;
    job.strikeAt(stroke, point);
    job.onStroke = () => {
      wasStruck = true;
    };
  };
  const at = (ms: number): void =>
    scheduler.at(account.world.startMs + ms, () => void account.start({ kind: "push" }));
  // The struck one, two that wait behind it with the same secret, and what comes later.
  for (const ms of [HOUR_MS, HOUR_MS + 1000, HOUR_MS + 2000, 3 * HOUR_MS]) at(ms);
  for (const day of [1, 4, 8, 11, 14]) at(day * DAY_MS + 5 * HOUR_MS);
  // Whatever the last of them could not store is stored by this one, for which nothing is due.
  at(14 * DAY_MS + 6 * HOUR_MS);
  await account.finish();
  account.demandHealth();
  return { account, wasStruck };
}
