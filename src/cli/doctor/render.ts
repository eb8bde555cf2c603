import type { Look } from "../../ports/doctor.ts";
import { count, type Finding, type Result } from "./checks/check.ts";

/** A heading and what was found under it. */
export interface Section {
  readonly title: string;
  /** What leads from the working directory to the checkout: `""`, or such as `../`. */
  readonly base: string;
  readonly results: readonly Result[];
}

type Outcome = Result["verdict"]["outcome"];

const marksOf = ({ unicode }: Look) =>
  unicode
    ? { pass: "✓", "not-checked": "?", warn: "!", fail: "✗", remedy: "→" }
    : { pass: "+", "not-checked": "?", warn: "!", fail: "x", remedy: "->" };
const COLOURS = { pass: 32, "not-checked": 36, warn: 33, fail: 31 } as const;
const MARGIN = " ".repeat(4);
const LEAST_TEXT = 24;

/** How many checks passed, warned, failed and were not made. */
export function tally(results: readonly Result[]): Readonly<Record<Outcome, number>> {
  const of = (outcome: Outcome): number =>
    results.filter(({ verdict }) => verdict.outcome === outcome).length;
  return { pass: of("pass"), "not-checked": of("not-checked"), warn: of("warn"), fail: of("fail") };
}

/** For `--json`. */
export function describeAsJson(sections: readonly Section[]): object {
  const results = sections.flatMap((section) => section.results);
  const counts = tally(results);
  const checks = results.map(({ id, title, verdict }) =>
    "reason" in verdict
      ? { id, title, outcome: verdict.outcome, reason: verdict.reason, findings: [] }
      : { id, title, outcome: verdict.outcome, findings: verdict.findings },
  );
  return { healthy: counts.fail === 0, counts, checks };
}

/**
 * ```text
 * ✓ Each refresh job has a concurrency group  `codex-auth`
 * ✗ The group's name is a literal
 *     Runs may end up in different groups: `codex-${{ github.ref }}`.
 *     .github/workflows/codex.yml:12
 *     → Write a fixed name instead of an expression.
 *
 * 2 checks: 1 passed, 1 failed.
 * ```
 */
export function render(sections: readonly Section[], look: Look): string {
  const results = sections.flatMap((section) => section.results);
  const width = Math.max(...results.map(({ title }) => title.length));
  const lines = sections.flatMap(({ title, base, results }) => [
    paint(title, 1, look),
    ...results.flatMap((result) => renderResult(result, { ...look, width, base })),
    "",
  ]);
  const text = [...lines, describeTally(results)].join("\n");
  return `${look.unicode ? text : toAscii(text)}\n`;
}

type Frame = Look & Pick<Section, "base"> & { readonly width: number };

function renderResult({ title, verdict }: Result, frame: Frame): readonly string[] {
  const { width } = frame;
  const mark = paint(marksOf(frame)[verdict.outcome], COLOURS[verdict.outcome], frame);
  if ("findings" in verdict) {
    return [`${mark} ${title}`, ...verdict.findings.flatMap((finding) => renderFinding(finding, frame))];
  }
  if (verdict.reason === "") return [`${mark} ${title}`];
  const margin = 2 + width + 2;
  const reason = verdict.outcome === "pass" ? verdict.reason : `not checked: ${verdict.reason}`;
  const [first = "", ...rest] = fold(reason, margin, frame);
  return [
    `${mark} ${title.padEnd(width)}  ${paint(first, 2, frame)}`,
    ...rest.map((line) => " ".repeat(margin) + paint(line, 2, frame)),
  ];
}

function renderFinding({ reason, remedy, positions }: Finding, frame: Frame): readonly string[] {
  const arrow = marksOf(frame).remedy;
  const hanging = MARGIN + " ".repeat(arrow.length + 1);
  const [first = "", ...rest] = fold(remedy, hanging.length, frame);
  return [
    ...fold(reason, MARGIN.length, frame).map((line) => MARGIN + line),
    // As compilers write it, for terminals and editors that make links of it.
    ...positions.map(({ file, line }) => MARGIN + paint(harmless(`${frame.base}${file}:${line}`), 36, frame)),
    `${MARGIN}${arrow} ${first}`,
    ...rest.map((line) => hanging + line),
  ];
}

function describeTally(results: readonly Result[]): string {
  const { pass, warn, fail, "not-checked": unknown } = tally(results);
  const parts = [
    `${pass} passed`,
    ...(unknown > 0 ? [`${unknown} not checked`] : []),
    ...(warn > 0 ? [count(warn, "warning")] : []),
    ...(fail > 0 ? [`${fail} failed`] : []),
  ];
  return `${count(results.length, "check")}: ${parts.join(", ")}.`;
}

/** Lines between words; what is code counts as one, and what is longer than a line stays whole. */
function fold(text: string, margin: number, { columns }: Look): readonly string[] {
  const room = columns === null ? Number.POSITIVE_INFINITY : Math.max(columns - margin, LEAST_TEXT);
  const lines: string[] = [];
  for (const [word] of harmless(text).matchAll(/(?:`[^`]*`|[^\s`])+|`/g)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What a file says must not move the cursor. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}

function paint(text: string, code: number, { colour }: Look): string {
  return colour ? `\u001B[${code}m${text}\u001B[0m` : text;
}

function toAscii(text: string): string {
  return text.replaceAll("→", "->").replace(/[\u0080-\u{10FFFF}]/gu, "?");
}
