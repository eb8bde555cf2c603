import { writeFileSync } from "node:fs";
import { type Curve, renderChart } from "./chart-svg.ts";
import type { Fault } from "./faults.ts";
import { OURS, POLICIES } from "./policies.ts";
import { DAY_MS } from "./units.ts";
import { liveYear } from "./week.ts";
import { YEAR_MS } from "./world.ts";

/** What befalls anybody now and then. The rates are chosen, and far below those of the table in docs/evidence.md. */
const ORDINARY: Fault = {
  name: "an ordinary year",
  dose: "1 % of API requests fail, 5 % of jobs are cancelled, 10 % of cron runs are dropped",
  climate: {
    api: { errors: 0.01, lostAnswers: 0.002, latencyMs: [80, 400] },
    cancelledJobs: 0.05,
    droppedCrons: 0.1,
  },
};

/** As the chart names them. */
const LABELS: Readonly<Record<string, string>> = {
  [OURS.name]: "this action",
  "official recipe: always write back, repository secret": "always write back",
  "write back on success only": "write back on success only",
  "environment secret, write back what changed": "write back what changed",
  "nightly refresher beside unserialized consumers": "nightly refresher",
  "restore only": "never write back",
};

/**
 * Lives so many years under each policy, and draws how many logins are still alive on each day, as an SVG. A login
 * that a person stores after a loss does not count: it is another one.
 */
export async function drawChart(file: string, accounts: number, seed: string): Promise<void> {
  const curves: Curve[] = [];
  for (const policy of POLICIES.filter(({ name }) => name in LABELS)) {
    const lostOnDay: number[] = [];
    for (let account = 0; account < accounts; account++) {
      const { deaths, startMs } = await liveYear(policy, ORDINARY, `${seed}/chart/${account}`);
      const [first] = deaths;
      if (first) lostOnDay.push((first.atMs - startMs) / DAY_MS);
    }
    const label = LABELS[policy.name] ?? policy.name;
    const days = lostOnDay.map((day) => Math.round(day * 10) / 10).sort((a, b) => a - b);
    curves.push({ label, isOurs: policy === OURS, accounts, lostOnDay: days });
    console.log(`${label}: ${accounts - days.length} of ${accounts} logins live for the whole year.`);
  }
  const about = { climate: ORDINARY.dose, accounts, seed, days: YEAR_MS / DAY_MS };
  writeFileSync(file, renderChart(curves, about));
}
