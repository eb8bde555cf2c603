import { describeDuration } from "../text/duration.ts";
import { fieldsOf, isFiniteNumber } from "../text/json.ts";

/** One limit of a ChatGPT plan. */
export interface UsageWindow {
  readonly usedPercent: number;
  readonly minutes: number;
  readonly resetsAt: Date | null;
}

export type Usage = readonly UsageWindow[];

const NAMES: Readonly<Record<number, string>> = { 300: "5-hour limit", 10080: "weekly limit" };

/**
 * Reads the result of Codex's `account/rateLimits/read`.
 *
 * ```text
 * { "rateLimits": { "primary":   { "usedPercent": 12, "windowDurationMins": 300, "resetsAt": 1795000000 },
 *                   "secondary": { "usedPercent": 34, "windowDurationMins": 10080, "resetsAt": 1795500000 }, … }, … }
 * ```
 *
 * @returns `null` where it names no limit
 */
export function readUsage(result: unknown): Usage | null {
  const { primary, secondary } = fieldsOf(fieldsOf(result).rateLimits);
  const windows = [primary, secondary].flatMap((value) => {
    const { usedPercent, windowDurationMins, resetsAt } = fieldsOf(value);
    if (!isFiniteNumber(usedPercent) || !isFiniteNumber(windowDurationMins)) return [];
    const resets =
      typeof resetsAt === "number" ? new Date(resetsAt < 1e11 ? resetsAt * 1000 : resetsAt) : null;
    const isDate = resets !== null && !Number.isNaN(resets.getTime());
    return [{ usedPercent, minutes: windowDurationMins, resetsAt: isDate ? resets : null }];
  });
  return windows.length === 0 ? null : windows;
}

/** `5-hour limit 12 % used (resets 2026-11-26 14:00 UTC), weekly limit 34 % used (…)` */
export function describeUsage(usage: Usage): string {
  return usage
    .map(({ usedPercent, minutes, resetsAt }) => {
      const name = NAMES[minutes] ?? `limit of ${describeDuration(minutes * 60_000)}`;
      const reset =
        resetsAt === null ? "" : ` (resets ${resetsAt.toISOString().slice(0, 16).replace("T", " ")} UTC)`;
      return `${name} ${Math.round(usedPercent)} % used${reset}`;
    })
    .join(", ");
}
