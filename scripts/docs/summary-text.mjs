const BOLD = "\u001b[1m";
const DIM = "\u001b[2m";
const END = "\u001b[0m";

/**
 * A job summary as it looks on GitHub, as a terminal's text.
 *
 * @param markdown of the kind that this action writes: a heading, paragraphs, lists, a block of text, closed details
 */
export function summaryText(markdown, columns) {
  const lines = [];
  let isBlock = false;
  for (const line of markdown
    .replace(/<details><summary>(.*?)<\/summary>[\s\S]*?<\/details>/g, "▸ $1")
    .trim()
    .split("\n")) {
    if (line.startsWith("```")) isBlock = !isBlock;
    else if (isBlock) lines.push(line);
    else if (line.startsWith("### ")) lines.push(`${BOLD}${line.slice(4)}${END}`);
    else if (line.startsWith("- "))
      lines.push(...fold(line.slice(2), columns - 2).map((part, at) => (at === 0 ? "• " : "  ") + part));
    else lines.push(...fold(line, columns));
  }
  return `${lines.join("\n")}\n`;
}

/** Between words; each word has its own weight, so that a fold breaks none. */
function fold(text, columns) {
  const words = text.split(/(\*\*.+?\*\*|`.+?`)/).flatMap((part) => {
    const [, bold, code] = /^(?:\*\*(.+)\*\*|`(.+)`)$/.exec(part) ?? [];
    const style = bold ? BOLD : code ? DIM : "";
    const said = (bold ?? code ?? part).split(/( )/).filter((word) => word !== "");
    return said.map((word) =>
      word === " " || style === "" ? { word, shown: word } : { word, shown: `${style}${word}${END}` },
    );
  });
  const lines = [{ length: 0, shown: "" }];
  // What no blank divides stays together: a word and the stop behind it.
  for (const group of grouped(words)) {
    const length = group.reduce((sum, { word }) => sum + word.length, 0);
    const shown = group.map((part) => part.shown).join("");
    const last = lines.at(-1);
    if (last.length === 0) Object.assign(last, { length, shown });
    else if (last.length + 1 + length <= columns)
      Object.assign(last, { length: last.length + 1 + length, shown: `${last.shown} ${shown}` });
    else lines.push({ length, shown });
  }
  return lines.map(({ shown }) => shown);
}

function grouped(words) {
  const groups = [[]];
  for (const part of words) {
    if (part.word === " ") groups.push([]);
    else groups.at(-1).push(part);
  }
  return groups.filter((group) => group.length > 0);
}
