/** A schedule of GitHub Actions: POSIX cron, five fields, with names of months and weekdays. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Where both kinds of days are restricted, a day of either kind fires. */
  readonly days: "both" | "either";
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Fourteen months, with a leap day and the turn of a year in them. */
const WATCHED_FROM = Date.UTC(2024, 0, 1);
const WATCHED_UNTIL = Date.UTC(2025, 2, 1);

/** @returns `null` when GitHub would not take it for a schedule */
export function parseCron(text: string): Cron | null {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) return null;
  const [minute = "", hour = "", dayOfMonth = "", month = "", weekday = ""] = fields;
  const minutes = parseField(minute, { from: 0, to: 59 });
  const hours = parseField(hour, { from: 0, to: 23 });
  const daysOfMonth = parseField(dayOfMonth, { from: 1, to: 31 });
  const months = parseField(month, { from: 1, to: 12, names: MONTHS });
  const weekdays = parseField(weekday, { from: 0, to: 6, names: WEEKDAYS });
  if (!minutes || !hours || !daysOfMonth || !months || !weekdays) return null;
  const days = dayOfMonth.startsWith("*") || weekday.startsWith("*") ? "both" : "either";
  return { minutes, hours, daysOfMonth, months, weekdays, days };
}

/**
 * The longest time between two firings of any of the schedules, in milliseconds.
 *
 * @returns `Infinity` when none of them ever fires; a gap of more than a year counts as about one
 */
export function longestGapMs(schedules: readonly Cron[]): number {
  const timed = schedules.map((cron) => ({ cron, times: timesOfDayMs(cron) }));
  let longest = 0;
  let previous = WATCHED_FROM;
  let fired = false;
  for (let day = WATCHED_FROM; day < WATCHED_UNTIL; day += DAY_MS) {
    const date = new Date(day);
    const times = timed.flatMap(({ cron, times }) => (firesOn(cron, date) ? times : []));
    for (const time of times.sort((one, other) => one - other)) {
      longest = Math.max(longest, day + time - previous);
      previous = day + time;
      fired = true;
    }
  }
  return fired ? Math.max(longest, WATCHED_UNTIL - previous) : Number.POSITIVE_INFINITY;
}

function firesOn(cron: Cron, date: Date): boolean {
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const byDate = cron.daysOfMonth.has(date.getUTCDate());
  const byWeekday = cron.weekdays.has(date.getUTCDay());
  return cron.days === "both" ? byDate && byWeekday : byDate || byWeekday;
}

function timesOfDayMs(cron: Cron): number[] {
  return [...cron.hours].flatMap((hour) =>
    [...cron.minutes].map((minute) => (hour * 60 + minute) * MINUTE_MS),
  );
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

/** `*`, `3`, `1-5`, `MON,THU`, and each with a step behind `/`. */
function parseField(text: string, range: Range): ReadonlySet<number> | null {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) return null;
    const [, first = "", second, stepText] = match;
    const step = stepText === undefined ? 1 : Number(stepText);
    const from = first === "*" ? range.from : parseNumber(first, range);
    if (from === null || step === 0 || (first === "*" && second !== undefined)) return null;
    const open = first === "*" || stepText !== undefined;
    const to = second === undefined ? (open ? range.to : from) : parseNumber(second, range);
    if (to === null || to < from) return null;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

function parseNumber(text: string, { from, to, names = [] }: Range): number | null {
  const named = names.indexOf(text.toLowerCase());
  const value = named >= 0 ? named + from : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : null;
}
