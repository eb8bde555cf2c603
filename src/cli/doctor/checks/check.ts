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
  /** `not-checked`: nobody knows, for the reason given. */
  | { readonly outcome: "pass" | "not-checked"; readonly reason: string }
  | { readonly outcome: "warn" | "fail"; readonly findings: readonly [Finding, ...Finding[]] };

/** One question that doctor asks of what it has read. */
export interface Check<Subject> {
  /** Stable, kebab-case. */
  readonly id: string;
  /** What is true when it passes. */
  readonly title: string;
  /** @returns `null` when the question does not arise; a `null` among the findings is none */
  readonly find: (subject: Subject) => readonly (Finding | null)[] | NotChecked | null;
  /** By what it has passed. */
  readonly passed: (subject: Subject) => string;
}

/** That a check could not be made. It is never good news. */
export interface NotChecked {
  readonly notChecked: string;
}

/** The answer to one check. */
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
}

export function runAll<Of>(checks: readonly Check<Of>[], subject: Of): readonly Result[] {
  return checks.flatMap(({ id, title, find, passed }) => {
    const findings = find(subject);
    if (!findings) return [];
    if ("notChecked" in findings)
      return [{ id, title, verdict: { outcome: "not-checked", reason: findings.notChecked } }];
    const found = findings.filter((finding) => finding !== null);
    return [{ id, title, verdict: judge(found, () => passed(subject)) }];
  });
}

/** The worst of the findings decides. Two routes to one mistake find it twice: it is reported once. */
function judge(findings: readonly Finding[], passed: () => string): Verdict {
  const distinct = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  const [first, ...rest] = distinct.values();
  if (!first) return { outcome: "pass", reason: passed() };
  const all = [first, ...rest] as const;
  return { outcome: all.some(({ level }) => level === "fail") ? "fail" : "warn", findings: all };
}

export function fail(reason: string, remedy: string, ...positions: readonly Position[]): Finding {
  return { level: "fail", reason, remedy, positions };
}

export function warn(reason: string, remedy: string, ...positions: readonly Position[]): Finding {
  return { level: "warn", reason, remedy, positions };
}

export function notChecked(reason: string): NotChecked {
  return { notChecked: reason };
}

/** `1 job`, `2 jobs`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
