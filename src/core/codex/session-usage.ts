import { fieldsOf, isFiniteNumber } from "../text/json.ts";

/** How much of one of the plan's limits is used. */
export interface UsageWindow {
  /** 300: five hours; 10,080: a week. */
  readonly windowMinutes: number;
  readonly usedPercent: number;
  /** ISO 8601; `null` where Codex does not say. */
  readonly resetsAt: string | null;
}

/** The plan's limits, the shortest first, as OpenAI told Codex with its last answer. */
export type Usage = readonly UsageWindow[];

/**
 * Reads the newest limits out of the end of a Codex session file:
 *
 * ```text
 * {"timestamp":…,"type":"event_msg","payload":{"type":"token_count","rate_limits":{"limit_id":"codex",
 *   "primary":{"used_percent":100.0,"window_minutes":300,"resets_at":1795668541},"secondary":{…}}}}
 * ```
 *
 * @param tail may begin in the middle of a line
 * @returns `null` where it tells no limit
 */
export function readUsage(tail: string): Usage | null {
  for (const line of tail.split("\n").reverse()) {
    const { rate_limits: limits, type } = at(parse(line), "payload");
    if (type !== "token_count") continue;
    const { limit_id: id, primary, secondary } = fieldsOf(limits);
    // Models with a limit of their own have another.
    if (id != null && id !== "codex") continue;
    const windows = [primary, secondary].flatMap(windowOf);
    if (windows.length > 0) return windows.sort((one, other) => one.windowMinutes - other.windowMinutes);
  }
  return null;
}

function windowOf(value: unknown): UsageWindow[] {
  const { used_percent: used, window_minutes: minutes, resets_at: resetsAt } = fieldsOf(value);
  if (!isAmount(used) || !isAmount(minutes) || minutes === 0) return [];
  return [{ windowMinutes: minutes, usedPercent: used, resetsAt: isoOf(resetsAt) }];
}

/** @param time in seconds since 1970, or in milliseconds: no limit lasts until the year 5138 */
function isoOf(time: unknown): string | null {
  if (!isAmount(time) || time === 0) return null;
  const date = new Date(time < 1e11 ? time * 1000 : time);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/**
 * When a limit that was reached resets. Codex's error names the minute, on the machine's own clock face
 * (`try again at 4:49 AM`, `try again at Nov 30th, 2026 6:55 PM`; measured with 0.169.0), and its session file the second.
 *
 * @param zone of the Codex that said so: IANA's name; `undefined` for the machine's
 * @returns `null` where neither tells
 */
export function resetTime(
  error: string,
  { usage, now, zone }: { usage: Usage | null; now: Date; zone: string | undefined },
): Date | null {
  const told = timeIn(error, { now, zone });
  const known = (usage ?? []).flatMap(({ resetsAt, usedPercent }) =>
    resetsAt === null ? [] : [{ at: new Date(resetsAt), isUsedUp: usedPercent >= 100 }],
  );
  if (told === null) return latest(known.filter(({ isUsedUp }) => isUsedUp).map(({ at }) => at));
  const exact = known.find(({ at }) => minuteOf(at) === minuteOf(told));
  return exact?.at ?? told;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const TIME =
  /try again at (?:(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{1,2})(?:st|nd|rd|th), (\d{4}) )?(\d{1,2}):(\d\d) (AM|PM)/;

function timeIn(error: string, { now, zone }: { now: Date; zone: string | undefined }): Date | null {
  const found = TIME.exec(error);
  if (!found) return null;
  const [, month, day, year, hour, minute, half] = found;
  try {
    const today = new Date(wallTime(now.getTime(), zone));
    const date =
      month === undefined
        ? Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate())
        : Date.UTC(Number(year), MONTHS.indexOf(month), Number(day));
    const hours = (Number(hour) % 12) + (half === "PM" ? 12 : 0);
    const wall = date + (hours * 60 + Number(minute)) * 60_000;
    // The offset may change between now and then.
    const near = wall - (wallTime(wall, zone) - wall);
    const time = new Date(wall - (wallTime(near, zone) - near));
    return Number.isNaN(time.getTime()) ? null : time;
  } catch {
    // A zone that this Node does not know.
    return null;
  }
}

/** What a clock on the wall shows there, as if it were UTC. @throws {RangeError} for an unknown zone */
function wallTime(timeMs: number, zone: string | undefined): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" },
  });
  const parts = format.formatToParts(timeMs);
  const part = (type: string): number => Number(parts.find((candidate) => candidate.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
}

function minuteOf(date: Date): number {
  return Math.floor(date.getTime() / 60_000);
}

function latest(dates: readonly Date[]): Date | null {
  return dates.reduce<Date | null>((last, date) => (last === null || date > last ? date : last), null);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function at(value: unknown, name: string): Readonly<Record<string, unknown>> {
  return fieldsOf(fieldsOf(value)[name]);
}

function isAmount(value: unknown): value is number {
  return isFiniteNumber(value) && value >= 0;
}
