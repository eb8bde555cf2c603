import { describeDuration } from "../../core/text/duration.ts";
import type { Result } from "../../ports/cli.ts";

/** A status for people: what was seen, what is wrong with it, and what it does not prove. */
export function describeStatus(
  rows: readonly (readonly [label: string, value: string])[],
  problems: readonly string[],
  { healthy, proof }: { healthy: string; proof: readonly string[] },
): Pick<Result, "title" | "lines"> {
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  const marked = problems.map((problem) => `! ${problem}`);
  return {
    title: problems.length === 0 ? healthy : `${problems.length} problem${problems.length === 1 ? "" : "s"}.`,
    lines: [
      ...rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`),
      "",
      ...(marked.length > 0 ? [...marked, ""] : []),
      ...proof,
    ],
  };
}

export function ago(at: Date, now: Date): string {
  return `${describeDuration(now.getTime() - at.getTime())} ago`;
}
