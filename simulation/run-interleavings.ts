import { cpuMs, explore } from "./explore.ts";
import { planOf, WORLDS } from "./interleavings.ts";

const [only, seconds = "60"] = process.argv.slice(2);
for (const [name, change] of WORLDS) {
  if (only && only !== "all" && only !== name) continue;
  const began = cpuMs();
  const found = await explore(planOf(change), { seconds: Number(seconds), states: 1_000_000 });
  const took = ((cpuMs() - began) / 1000).toFixed(1);
  console.log(
    `${name}: ${found.orders} orders, ${found.states} states, ${found.ends} ends${found.isComplete ? "" : " (not all)"}, ${took} s`,
  );
  for (const [excuse, count] of found.excused) console.log(`  excused: ${excuse} × ${count}`);
  for (const [violation, story] of found.violations)
    console.log(`  RED ${violation}\n    ${story.join("\n    ")}`);
}
