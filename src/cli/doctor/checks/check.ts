/** A line of a file. */
export interface Position {
  /** Relative to the checkout, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** One mistake: what is wrong, what to do, and where it is. */
export interface Finding {
  readonly level: "warn" | "fail";
  readonly reason: string;
  readonly remedy: string;
  readonly positions: readonly Position[];
}

export type Verdict =
  | { readonly outcome: "pass"; readonly reason: string }
  | { readonly outcome: "warn" | "fail"; readonly findings: readonly [Finding, ...Finding[]] };

/** One question that doctor asks of what it has read. */
export interface Check<Subject> {
  /** Stable, kebab-case. */
  readonly id: string;
  /** What is true when it passes. */
  readonly title: string;
  /** @returns `null` when the question does not arise */
  readonly run: (subject: Subject) => Verdict | null;
}

/**
 * The worst of the findings decides; without findings the check passes, for the reason given.
 * Two routes to one mistake find it twice: it is reported once.
 */
export function verdict(findings: readonly Finding[], passed: string): Verdict {
  const seen = new Set<string>();
  const [first, ...rest] = findings.filter((finding) => {
    const identity = JSON.stringify(finding);
    return seen.has(identity) ? false : seen.add(identity);
  });
  if (!first) return { outcome: "pass", reason: passed };
  const all = [first, ...rest] as const;
  return { outcome: all.some(({ level }) => level === "fail") ? "fail" : "warn", findings: all };
}

export function fail(reason: string, remedy: string, positions: readonly Position[]): Finding {
  return { level: "fail", reason, remedy, positions };
}

export function warn(reason: string, remedy: string, positions: readonly Position[]): Finding {
  return { level: "warn", reason, remedy, positions };
}

/** `1 job`, `2 jobs`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
