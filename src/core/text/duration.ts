import { Failure } from "../failure/failure.ts";

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Reads `72h`, `30m`, `10d`, `90s`.
 *
 * @returns milliseconds
 * @throws {Failure} `input-invalid`
 */
export function parseDurationMs(text: string, input: string): number {
  const match = /^(\d{1,6})\s*([smhd])$/.exec(text.trim());
  if (!match) {
    throw new Failure(
      "input-invalid",
      `The input \`${input}\` is not a duration.`,
      "Write a number and a unit: 90s, 30m, 72h or 10d.",
    );
  }
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** `6 days 4 h`, `3 h 12 min`, `40 s`: the two largest units, for people. */
export function describeDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days} ${days === 1 ? "day" : "days"} ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min`;
  return `${seconds} s`;
}
