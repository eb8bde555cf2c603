import type { Check, Verdict } from "./check.ts";

/** One fact and its answer. */
export type Row = Pick<Check, "number" | "fact"> & Verdict;

/** What `--json` writes and `npm run facts -- --from` reads. */
export interface Result {
  readonly version: 1;
  /** Where it was asked: `github.com`, another host, or `lab`. */
  readonly where: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly rows: readonly Row[];
  /** What the suite made and could not remove. */
  readonly left: readonly string[];
}

const MARKS: Readonly<Record<Verdict["answer"], string>> = {
  holds: "✓ holds",
  refuted: "✗ refuted",
  "not asked": "– not asked",
};

/** One line a fact, for a terminal. */
export function line({ number, fact, answer, seen }: Row): string {
  return `${number.padEnd(4)}${MARKS[answer].padEnd(13)}${fact}${seen === "" ? "" : `\n                 ${seen}`}`;
}

/** `41 hold, 1 is refuted, 3 could not be asked` */
export function counts(rows: readonly Row[]): string {
  const of = (answer: Verdict["answer"]): number => rows.filter((row) => row.answer === answer).length;
  const refuted = of("refuted");
  return `${of("holds")} hold, ${refuted} ${refuted === 1 ? "is" : "are"} refuted, ${of("not asked")} could not be asked`;
}

/** The table of a job summary. */
export function markdown({ where, date, rows, left }: Result): string {
  return [
    `## Facts, asked of ${where} on ${date}`,
    "",
    `${counts(rows)}.`,
    "",
    "| | fact | answer | seen |",
    "|---|---|---|---|",
    ...rows.map(
      ({ number, fact, answer, seen }) => `| ${number} | ${cell(fact)} | ${MARKS[answer]} | ${cell(seen)} |`,
    ),
    ...(left.length > 0 ? ["", "Not removed:", "", ...left.map((what) => `- ${cell(what)}`)] : []),
  ].join("\n");
}

/** GitHub's words may stand in it. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
