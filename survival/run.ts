// npm run survival -- [--years N] [--seed N] [--policy WORDS] [--fault WORDS] [--story]
import { parseArgs } from "node:util";
import type { Grave } from "./autopsy.ts";
import { FAULTS } from "./faults.ts";
import { POLICIES } from "./policies.ts";
import { brokenPromises, type Cell, renderGraves, renderSweeps, renderTable, sum } from "./report.ts";
import { sweep } from "./sweep.ts";
import { liveYear, type Year } from "./week.ts";

const { values } = parseArgs({
  options: {
    years: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    policy: { type: "string", default: "" },
    fault: { type: "string", default: "" },
    story: { type: "boolean", default: false },
  },
});
const years = Number(values.years);
const beganMs = performance.now();

const cells: Cell[] = [];
for (const policy of POLICIES.filter(({ name }) => name.includes(values.policy))) {
  for (const fault of FAULTS.filter(({ name }) => name.includes(values.fault))) {
    const lived: Year[] = [];
    for (let year = 0; year < years; year++)
      lived.push(await liveYear(policy, fault, `${values.seed}/${fault.name}/${year}`));
    cells.push({ policy, fault, years: lived });
  }
}
const isWhole = values.policy === "" && values.fault === "";
const sweeps = isWhole ? await sweep() : [];

if (values.story) tellStories();
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
  if (sweeps.length > 0)
    console.log(`Every await of a job that refreshes, one by one:\n\n${renderSweeps(sweeps)}\n`);
}
reportBrokenPromises();

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
      `Again: npm run survival -- --seed ${values.seed} --years ${year + 1} --fault "${cell.fault.name}" --story\n`,
    );
    console.log(death.story.join("\n"));
  }
  for (const { stroke, under, death } of swept) {
    console.log(`\nOURS LOST A LOGIN: ${stroke} at point ${death.point}, ${under}\n`);
    console.log(death.story.join("\n"));
  }
}
