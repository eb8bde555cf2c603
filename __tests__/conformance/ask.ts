import type { Check } from "../../conformance/check.ts";
import { CHECKS } from "../../conformance/checks/all.ts";
import { type Deviation, labTarget } from "../../conformance/lab.ts";
import type { Row } from "../../conformance/report.ts";
import { askAll } from "../../conformance/suite.ts";

/** Asks the lab. @returns the answers, and what could not be removed */
export async function askLab(
  checks: readonly Check[],
  deviation: Deviation = {},
): Promise<{ rows: readonly Row[]; left: readonly string[] }> {
  const target = await labTarget(deviation);
  try {
    return await askAll(checks, target.context, {
      asking: () => {},
      row: () => {},
      isInterrupted: () => false,
    });
  } finally {
    await target.stop();
  }
}

export function check(number: string): Check {
  const found = CHECKS.find((candidate) => candidate.number === number);
  if (!found) throw new Error(`there is no check ${number}`);
  return found;
}
