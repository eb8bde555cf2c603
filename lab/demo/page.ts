/** Where a line goes, and what that place can show. */
export interface Paper {
  write(text: string): void;
  readonly columns: number;
  readonly colours: boolean;
}

/** `good` and `bad` colour the result; a plain row has no news. */
export type Tone = "good" | "bad" | "plain";

/** One line of the log: whose, how the run ended, what the secret holds, and what happened. */
export interface Row {
  readonly who: string;
  readonly result: string;
  readonly secret: string;
  readonly text: string;
  readonly tone: Tone;
}

const CODES = { bold: "1", dim: "2", good: "32", bad: "31", plain: "0" };
const COLUMNS = { who: 6, result: 10, secret: 6 };
const GAP = "  ";
const INDENT =
  GAP + [COLUMNS.who, COLUMNS.result, COLUMNS.secret].map((width) => " ".repeat(width) + GAP).join("");

/** Prints a story top to bottom: nothing is ever drawn over. */
export class Page {
  readonly #paper: Paper;

  constructor(paper: Paper) {
    this.#paper = paper;
  }

  title(text: string): void {
    this.#line(this.#style("bold", text));
  }

  paragraph(text: string, indent = ""): void {
    for (const line of wrap(text, this.#width - indent.length)) this.#line(indent + line);
  }

  /** A word, and what it means. */
  term(word: string, meaning: string): void {
    const indent = GAP + " ".repeat(COLUMNS.who) + GAP;
    const [first = "", ...rest] = wrap(meaning, this.#width - indent.length);
    this.#line(GAP + this.#style("bold", word.padEnd(COLUMNS.who)) + GAP + first);
    for (const line of rest) this.#line(indent + line);
  }

  columnHeads(): void {
    this.#line(this.#style("dim", `${cells({ who: "", result: "run", secret: "secret" })}what happened`));
  }

  chapter(title: string, trouble?: string): void {
    this.#line("");
    const [first = "", ...rest] = wrap(trouble ? `${title}. ${trouble}` : title, this.#width);
    this.#line(this.#style("bold", first.slice(0, title.length)) + first.slice(title.length));
    for (const line of rest) this.#line(line);
  }

  row(row: Row): void {
    const [first = "", ...rest] = wrap(row.text, this.#width - INDENT.length);
    const { who, result, secret } = padded(row);
    this.#line(`${GAP}${who}${GAP}${this.#style(row.tone, result)}${GAP}${secret}${GAP}${first}`);
    for (const line of rest) this.#line(INDENT + line);
  }

  /** Columns of figures, right-aligned under their heads. */
  table(heads: readonly string[], rows: readonly (readonly string[])[]): void {
    const all = [heads, ...rows];
    const widths = heads.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
    all.forEach((row, index) => {
      const line = row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + 2),
      );
      this.#line(GAP + (index === 0 ? this.#style("dim", line.join("")) : line.join("")));
    });
  }

  verdict(text: string, tone: Tone): void {
    for (const line of wrap(text, this.#width)) this.#line(this.#style(tone, line));
  }

  gap(): void {
    this.#line("");
  }

  get #width(): number {
    return Math.min(Math.max(this.#paper.columns, 60), 110) - 1;
  }

  #style(style: keyof typeof CODES, text: string): string {
    return this.#paper.colours && style !== "plain" && text.trim() !== ""
      ? `\u001b[${CODES[style]}m${text}\u001b[0m`
      : text;
  }

  #line(text: string): void {
    this.#paper.write(`${text.trimEnd()}\n`);
  }
}

function padded(row: Pick<Row, "who" | "result" | "secret">): Pick<Row, "who" | "result" | "secret"> {
  return {
    who: row.who.padEnd(COLUMNS.who),
    result: row.result.padEnd(COLUMNS.result),
    secret: row.secret.padEnd(COLUMNS.secret),
  };
}

function cells(row: Pick<Row, "who" | "result" | "secret">): string {
  const { who, result, secret } = padded(row);
  return [GAP + who, result, secret, ""].join(GAP);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
