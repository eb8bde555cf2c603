// npm run survival -- [--years N] [--seed N] [--policy WORDS] [--fault WORDS] [--mixtures N] [--sweep] [--check]
// npm run survival -- --story [--policy WORDS] [--fault WORDS] [--account N] > FILE · --replay FILE · --chart FILE [--accounts N]
import { parseArgs } from "node:util";
import type { Grave } from "./autopsy.ts";
import { drawChart } from "./chart.ts";
import { check } from "./check.ts";
import { FAULTS, seedOfYear } from "./faults.ts";
import { liveMixtures } from "./mixtures.ts";
import { POLICIES } from "./policies.ts";
import {
  brokenPromises,
  type Cell,
  deathsOf,
  renderFailures,
  renderGraves,
  renderSweeps,
  renderTable,
  sum,
} from "./report.ts";
import { sweep } from "./sweep.ts";
import { replay, tellYear } from "./tell-year.ts";
import { liveYear, type Year } from "./week.ts";

const { values } = parseArgs({
  options: {
    years: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    policy: { type: "string", default: "" },
    fault: { type: "string", default: "" },
    /** So many years of ours under random mixtures of faults, and nothing else. */
    mixtures: { type: "string", default: "0" },
    /** The sweep alone: every await of a job that refreshes. */
    sweep: { type: "boolean", default: false },
    /** One account's year, one line an event; in a mixture: how each login was lost. */
    story: { type: "boolean", default: false },
    /** Whose story: the account's number, as a report names it. */
    account: { type: "string", default: "0" },
    /** The story in this file again: does every line happen as it says? */
    replay: { type: "string" },
    /** An SVG of the logins that are still alive, day by day. */
    chart: { type: "string" },
    accounts: { type: "string", default: "40" },
    /** No tables: what must hold, held for longer than `npm test` has time. */
    check: { type: "boolean", default: false },
  },
});
if (values.check) {
  await check();
  process.exit();
}
if (values.replay !== undefined) {
  process.exit(await replay(values.replay));
}
if (values.chart !== undefined) {
  await drawChart(values.chart, Number(values.accounts), values.seed);
  process.exit();
}
if (values.story && values.mixtures === "0") {
  await tellYear(values);
  process.exit();
}
const years = Number(values.years);
const beganMs = performance.now();

const cells: Cell[] = [];
const mixtures = Number(values.mixtures);
if (mixtures > 0) {
  const own = POLICIES.filter(({ isOurs }) => isOurs);
  cells.push(...(await liveMixtures(own, mixtures, values.seed)));
}
for (const policy of mixtures > 0 || values.sweep
  ? []
  : POLICIES.filter(({ name }) => name.includes(values.policy))) {
  for (const fault of FAULTS.filter(({ name }) => name.includes(values.fault))) {
    const lived: Year[] = [];
    for (let year = 0; year < years; year++)
      lived.push(await liveYear(policy, fault, seedOfYear(values.seed, fault, year)));
    cells.push({ policy, fault, years: lived });
  }
}
const isWhole = mixtures === 0 && values.policy === "" && values.fault === "";
const sweeps = isWhole || values.sweep ? await sweep() : [];

if (values.story) tellStories();
else if (mixtures > 0) console.log(renderMixtures());
else if (values.sweep) console.log(renderSweeps(sweeps));
else {
  const lived = cells.flatMap((cell) => cell.years);
  const own = cells.filter(({ policy }) => policy.isOurs).flatMap((cell) => cell.years);
  console.log(
    `Seed ${values.seed}, ${years} account-years a cell: ${lived.length} account-years (${own.length} of ours), ` +
      `${sum(lived.map(({ jobs }) => jobs))} jobs, ${sum(lived.map(({ rotations }) => rotations))} rotations, ` +
      `in ${Math.round((performance.now() - beganMs) / 1000)} s.`,
  );
  console.log(
    "Each cell: logins lost per 1,000 account-years · jobs that failed, untouched by the fault itself.\n",
  );
  console.log(`${renderTable(cells)}\n`);
  console.log(`Of what ours died:\n\n${renderGraves(cells)}\n`);
  console.log(`Why jobs of ours failed, where more than 1 % did:\n\n${renderFailures(cells)}\n`);
  if (sweeps.length > 0)
    console.log(`Every await of a job that refreshes, one by one:\n\n${renderSweeps(sweeps)}\n`);
}
reportBrokenPromises();

function renderMixtures(): string {
  const counts = new Map<Grave, number>();
  for (const { grave } of cells.flatMap(deathsOf)) counts.set(grave, (counts.get(grave) ?? 0) + 1);
  const graves = [...counts].map(([grave, count]) => `${grave} ${count}`).join(", ");
  return `Seed ${values.seed}, ${mixtures} account-years of ours, each under two to four faults at once. Deaths: ${graves}.`;
}

/** One story for each cause, of each policy and fault that was asked for. */
function tellStories(): void {
  for (const { policy, fault, years: lived } of cells) {
    const told = new Set<Grave>();
    for (const [year, { deaths }] of lived.entries()) {
      for (const { grave, story } of deaths) {
        if (told.has(grave)) continue;
        told.add(grave);
        console.log(`\n${policy.name} · ${fault.name} · account ${year} · ${grave}\n`);
        console.log(story.join("\n"));
      }
    }
  }
}

function reportBrokenPromises(): void {
  const broken = brokenPromises(cells);
  const swept = sweeps.flatMap(({ deaths, ...rest }) =>
    deaths.filter(({ grave }) => grave === "lost").map((death) => ({ ...rest, death })),
  );
  if (broken.length + swept.length === 0) {
    if (!values.story) console.log("Ours lost no login to anything but what the design names.");
    return;
  }
  process.exitCode = 1;
  for (const { cell, death, year } of broken) {
    console.log(`\nOURS LOST A LOGIN: ${cell.policy.name} · ${cell.fault.name} · account ${year}`);
    console.log(
      mixtures > 0
        ? `Again: npm run survival -- --seed ${values.seed} --mixtures ${mixtures} --story\n`
        : `Again: npm run survival -- --seed ${values.seed} --policy "${cell.policy.name}" --fault "${cell.fault.name}" --account ${year} --story\n`,
    );
    console.log(death.story.join("\n"));
  }
  for (const { stroke, under, death } of swept) {
    console.log(`\nOURS LOST A LOGIN: ${stroke} at point ${death.point}, ${under}\n`);
    console.log(death.story.join("\n"));
  }
}
