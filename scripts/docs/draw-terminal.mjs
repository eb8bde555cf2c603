// A terminal's text as a picture that follows the reader's light or dark theme.
const LINE_HEIGHT = 20;
const CHARACTER_WIDTH = 8.43;
const PADDING = 16;
/** Where a terminal goes on in the next line. */
const COLUMNS = 80;
const CLASSES = { 1: "bold", 2: "dim", 31: "bad", 32: "good", 33: "warn", 36: "info" };

/**
 * @param text lines with the escape sequences `ESC [ N m`
 * @returns an SVG whose `<desc>` is the text alone
 */
export function drawTerminal(text) {
  const lines = text
    .trimEnd()
    .split("\n")
    .flatMap((line) => wrap(pieces(line)));
  const plain = lines.map((line) => line.reduce((all, piece) => all + piece.text, ""));
  const width = Math.ceil(Math.max(...plain.map((line) => line.length)) * CHARACTER_WIDTH) + 2 * PADDING;
  const height = lines.length * LINE_HEIGHT + 2 * PADDING;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="d">
  <desc id="d">${escapeXml(plain.join("\n"))}</desc>
  <style>
    svg { --ink: #1f2328; --dim: #59636e; --paper: #f6f8fa; --edge: #d1d9e0;
      --bad: #cf222e; --good: #1a7f37; --warn: #9a6700; --info: #0969da; }
    @media (prefers-color-scheme: dark) {
      svg { --ink: #f0f6fc; --dim: #9198a1; --paper: #151b23; --edge: #3d444d;
        --bad: #f85149; --good: #3fb950; --warn: #d29922; --info: #4493f8; }
    }
    text { font: 14px ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
      fill: var(--ink); }
    .paper { fill: var(--paper); stroke: var(--edge); }
    .bold { font-weight: 600; }
    .dim { fill: var(--dim); }
    .bad { fill: var(--bad); }
    .good { fill: var(--good); }
    .warn { fill: var(--warn); }
    .info { fill: var(--info); }
  </style>
  <rect class="paper" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
${lines.flatMap(drawLine).join("\n")}
</svg>
`;
}

/** What stands between wide gaps gets a place of its own, so that columns stay straight in any font. */
function drawLine(line, index) {
  const y = PADDING + 15 + index * LINE_HEIGHT;
  let column = 0;
  return line.flatMap(({ text, style }) => {
    const start = column;
    column += text.length;
    return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: words, index: offset }) => {
      const x = (PADDING + (start + offset) * CHARACTER_WIDTH).toFixed(1);
      const length = (words.length * CHARACTER_WIDTH).toFixed(1);
      return `  <text x="${x}" y="${y}" textLength="${length}"${style && ` class="${style}"`}>${escapeXml(words)}</text>`;
    });
  });
}

function wrap(line) {
  const rows = [[]];
  let column = 0;
  for (const { text, style } of line) {
    for (let rest = text; rest !== ""; ) {
      if (column === COLUMNS) {
        rows.push([]);
        column = 0;
      }
      const part = rest.slice(0, COLUMNS - column);
      rows.at(-1).push({ text: part, style });
      column += part.length;
      rest = rest.slice(part.length);
    }
  }
  return rows;
}

function pieces(line) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's escape sequences begin with one.
  const parts = line.split(/\u001b\[(\d+)m/);
  return parts.flatMap((text, index) =>
    index % 2 === 0 && text !== "" ? [{ text, style: CLASSES[parts[index - 1]] ?? "" }] : [],
  );
}

function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
