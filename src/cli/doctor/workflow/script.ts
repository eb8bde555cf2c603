import { parse } from "shell-quote";

/** One command of a script, as a shell reads it: quotes and comments are gone, redirections as well. */
export interface Command {
  readonly words: readonly string[];
  /** Of the script, from 0. */
  readonly line: number;
  /** Whether the script runs it; `false`: it stands in a text, which something else may run. */
  readonly runs: boolean;
}

/** What is read as one piece, in this order: continued lines (of bash, PowerShell, cmd), quotes, comments, ends of lines. */
const PIECES =
  /\\\r?\n|[ \t][`^]\r?\n|\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|(?<=^|[\s;&|()])#[^\n]*|\r?\n/g;
const HERE_DOCUMENT =
  /(?<!<)<<-?[ \t]*(["']?)(\w+)\1([^\n]*\n)([\s\S]{0,50000}?)\n[ \t]*\2(?=[ \t]*\r?(?:\n|$))/g;
const EXPRESSION = /\$\{\{([\s\S]*?)\}\}/g;
const MOST_DEPTH = 3;

/** The commands of a script in bash, and nearly those of other shells. An expression is a word with a `$`. */
export function commandsIn(script: string, depth = 0): readonly Command[] {
  const inner: Command[] = [];
  const text = script
    .replace(EXPRESSION, (_, expression: string) => `$${expression.trim().replace(/[^\w.]+/g, "_")}`)
    .replace(HERE_DOCUMENT, (whole, _quote, _end, rest: string, body: string, at: number, all: string) => {
      const before = all.slice(0, at);
      const opening = before.slice(before.lastIndexOf("\n") + 1) + rest;
      const line = before.split("\n").length;
      if (depth < MOST_DEPTH)
        inner.push(...nested(body, { line, depth, runs: /(^|[\s|;&/])(ba|z|da|k)?sh(\s|$)/.test(opening) }));
      return rest + "\n".repeat(whole.split("\n").length - 2);
    });
  const outer = linesOf(text).flatMap(({ line, text }) => commandsOfLine(text, line));
  for (const { words, line } of depth < MOST_DEPTH ? outer : []) {
    const isShell = words.some((word) => /^(.*\/)?((ba|z|da|k)?sh|eval|pwsh|powershell)$/.test(word));
    for (const word of words.filter((word) => /\s/.test(word)))
      inner.push(...nested(word, { line, depth, runs: isShell || /\$\(|`/.test(word) }));
  }
  return [...outer, ...inner];
}

/** A text without the comments of a shell, and with its continued lines joined. */
export function withoutComments(script: string): string {
  return script.replace(PIECES, (piece) => (/^(#|\\\r?\n)/.test(piece) ? " " : piece));
}

function nested(
  text: string,
  { line, depth, runs }: { line: number; depth: number; runs: boolean },
): readonly Command[] {
  return commandsIn(text, depth + 1).map((command) => ({
    words: command.words,
    line: line + command.line,
    runs: runs && command.runs,
  }));
}

/** Lines as a shell takes them: continued ones are one, and so are those that a quote joins. */
function linesOf(script: string): readonly { readonly line: number; readonly text: string }[] {
  const lines: { line: number; text: string }[] = [];
  let [text, line, start, last] = ["", 0, 0, 0];
  for (const { 0: piece, index } of script.matchAll(PIECES)) {
    text += script.slice(last, index);
    last = index + piece.length;
    line += piece.split("\n").length - 1;
    if (/^\r?\n$/.test(piece)) {
      lines.push({ line: start, text });
      [text, start] = ["", line];
    } else if (/^[ \t]?[`^]\r?\n$/.test(piece)) text += " ";
    else if (!/^(\\\r?\n|#)/.test(piece)) text += piece;
  }
  return [...lines, { line: start, text: text + script.slice(last) }];
}

function commandsOfLine(text: string, line: number): readonly Command[] {
  const commands: string[][] = [[]];
  let isRedirection = false;
  for (const entry of entriesOf(text)) {
    const word = typeof entry === "string" ? entry : "pattern" in entry ? entry.pattern : null;
    const isTarget = isRedirection;
    isRedirection = typeof entry === "object" && "op" in entry && /[<>][&|<>-]*$/.test(entry.op);
    if (word === null && !isRedirection) commands.push([]);
    else if (word !== null && !isTarget) commands.at(-1)?.push(word);
  }
  return commands.filter(({ length }) => length > 0).map((words) => ({ words, line, runs: true }));
}

function entriesOf(text: string): ReturnType<typeof parse> {
  try {
    return parse(text, (name) => `$${name}`);
  } catch {
    // A substitution that it does not know: `${NAME:-with blanks}`.
    return text.split(/\s+/).filter((word) => word !== "");
  }
}
