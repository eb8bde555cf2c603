import { cpuMs, type Exploration, explore, explorePart } from "./explore.ts";
import { RULES } from "./sabotage.ts";
import { BY_LOT, planOf, WORLDS } from "./worlds.ts";

/**
 * `npm run interleavings`                 every world; one that is too large for its time is then drawn by lot as long
 * `npm run interleavings -- lost+stale`   the worlds whose name holds that
 * `npm run interleavings -- rules`        each rule of the protocol broken on purpose
 * `npm run interleavings -- lot`          three jobs, orders drawn by lot
 *
 * A second word says how many seconds of the processor each world gets, a third which rules are broken.
 */
const [what = "", seconds = "600", part = ""] = process.argv.slice(2);
const limits = { seconds: Number(seconds), states: 5_000_000 };
let orders = 0;
let red = 0;

function tell(name: string, found: Exploration, tookMs: number): void {
  orders += found.orders;
  red += found.violations.size;
  const all = found.isComplete ? "" : " (not all)";
  const took = (tookMs / 1000).toFixed(1);
  console.log(`${name}: ${found.orders} orders, ${found.states} states, ${found.ends} ends${all}, ${took} s`);
  for (const [excuse, count] of [...found.excused].sort()) console.log(`  excused: ${excuse} × ${count}`);
  for (const [violation, story] of found.violations)
    console.log(`  RED ${violation}\n    ${story.join("\n    ")}`);
}

async function breakRules(): Promise<void> {
  for (const [rule, sabotage, ...hints] of RULES.filter(([name]) => name.includes(part))) {
    const began = cpuMs();
    let seen: string | null = null;
    let tried = 0;
    const first = hints.flatMap((hint) => WORLDS.filter(([name]) => name === hint));
    for (const [name, change] of first.length > 0 ? first : WORLDS.slice(0, 1)) {
      const found = await explore(
        { ...planOf(change), sabotage },
        { seconds: limits.seconds, states: limits.states, first: true },
      );
      tried += found.orders;
      const [violation] = found.violations;
      if (!violation) continue;
      seen = `${name}: ${violation[0]}${what === "stories" ? `\n    ${violation[1].join("\n    ")}` : ""}`;
      break;
    }
    for (const [name, change] of seen === null ? BY_LOT : []) {
      const found = await explorePart(
        { ...planOf(change), sabotage },
        { seed: 3, orders: 20_000, seconds: limits.seconds },
      );
      tried += found.orders;
      const [violation] = found.violations;
      if (!violation) continue;
      seen = `${name}: ${violation[0]}${what === "stories" ? `\n    ${violation[1].join("\n    ")}` : ""}`;
      break;
    }
    const took = ((cpuMs() - began) / 1000).toFixed(0);
    console.log(
      `${seen === null ? "no red" : "red   "} | ${rule} | ${seen ?? "—"} | ${tried} orders, ${took} s`,
    );
  }
}

if (what === "rules" || what === "stories") await breakRules();
else if (what === "lot")
  for (const [name, change] of BY_LOT) {
    const began = cpuMs();
    tell(name, await explorePart(planOf(change), { seed: 1, orders: 20_000, ...limits }), cpuMs() - began);
  }
else
  for (const [name, change] of WORLDS) {
    if (!name.replaceAll(" ", "").includes(what.replaceAll(" ", ""))) continue;
    const began = cpuMs();
    const found = await explore(planOf(change), limits);
    tell(name, found, cpuMs() - began);
    if (found.isComplete) continue;
    // What was cut off has seen only late deviations: lots see early ones, too.
    const lotsBegan = cpuMs();
    const drawn = await explorePart(planOf(change), { seed: 1, orders: 20_000, ...limits });
    tell(`${name}, by lot`, drawn, cpuMs() - lotsBegan);
  }
console.log(`${orders} orders, ${red} red`);
if (red > 0) process.exitCode = 1;
