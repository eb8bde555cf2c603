/** Words that somebody else chose: GitHub's, Codex's, a file's name, a branch. Nothing they say is ever obeyed. */

const TERMINAL_SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u001b\u009b]\[?[0-?]*[ -/]*[@-~]?/g;
/**
 * Control characters, line ends of all kinds, and what has no width: .NET sees `::` where one stands between the colons.
 * Text and no literal: Node looks properties of Unicode up as soon as it reads one, which costs each phase of a quiet job
 * two milliseconds.
 */
const INVISIBLE = "[\\p{Cc}\\p{Cf}\\p{DI}\\u2028\\u2029]+";
const LONGEST = 500;

/**
 * Any text as one line of a log that the runner does not read as a command: it takes `::name::` after blanks, and
 * `##[name]` anywhere.
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function oneLine(text: string): string {
  // Nearly every sentence of ours; the expressions below cost a quiet job a tenth of a millisecond each to compile.
  if (/^[ -~]*$/.test(text) && !text.includes("::") && !text.includes("##[")) return text;
  return text
    .replace(TERMINAL_SEQUENCES, "")
    .replace(new RegExp(INVISIBLE, "gu"), " ")
    .replace(/^([\s\u0085]*):(?=:)/, "$1: ")
    .replaceAll("##[", "## [");
}

/** Foreign text inside a sentence of ours, for logs and Markdown alike: one line in a code span, cut where it is long. */
export function foreign(text: string): string {
  const line = oneLine(text).replaceAll("`", "'").trim();
  const shown = [...line].slice(0, LONGEST).join("");
  return `\`${shown === line ? line : `${shown}\u2026`}\``;
}

/** A sentence of ours, perhaps with foreign text in it, as one line of Markdown: only code spans keep a meaning. */
export function markdown(sentence: string): string {
  return (
    oneLine(sentence)
      // Two backticks in a row open another kind of span.
      .split(/((?<!`)`[^`]+`(?!`))/)
      .map((part, index) =>
        index % 2 === 1 ? part : part.replace(/[\\<>[\]*~|#`@&]|:\/\/|www\./g, asEntities),
      )
      .join("")
  );
}

/** Character references are shown as the characters, and mean nothing. */
function asEntities(text: string): string {
  return [...text].map((character) => `&#${character.codePointAt(0)};`).join("");
}
