import { type Climate, FAULTS, type Fault } from "./faults.ts";
import type { Policy } from "./policies.ts";
import { Random } from "./random.ts";
import type { Cell } from "./report.ts";
import { liveYear } from "./week.ts";

/** Years under two to four faults at once, drawn from all of them, one account each. */
export async function liveMixtures(
  policies: readonly Policy[],
  count: number,
  seed: string,
): Promise<Cell[]> {
  const random = new Random(`${seed} mixtures`);
  // Under it a repository secret is never refreshed, and so never in danger.
  const usable = FAULTS.filter(({ climate }) => climate.actionsRead !== false);
  const cells: Cell[] = [];
  for (let number = 0; number < count; number++) {
    const policy = random.pick(policies);
    const fault = mix(Array.from({ length: random.integer(2, 4) }, () => random.pick(usable)));
    cells.push({ policy, fault, years: [await liveYear(policy, fault, `${seed}/mixture/${number}`)] });
  }
  return cells;
}

function mix(faults: readonly Fault[]): Fault {
  const strokes: Climate["strokes"] = Object.assign(
    {},
    ...faults.map(({ climate }) => climate.strokes ?? {}),
  );
  const climate: Partial<Climate> = Object.assign({}, ...faults.map((fault) => fault.climate), { strokes });
  return { name: faults.map(({ name }) => name).join(" + "), dose: "", climate };
}
