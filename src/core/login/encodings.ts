/** Characters a line as common tools break base64: `base64`, `openssl base64`. */
const WIDTHS = [76, 64];
/** What is shorter is likely to stand in harmless text, and tells little. */
const SHORTEST = 20;

/** What stands between the dots of a token: printed one by one (`cut -d. -f3`), they make the token. */
export function partsOf(token: string): readonly string[] {
  return token.split(".").filter((part) => part.length >= SHORTEST && part !== token);
}

/** How tokens look in base64 of any text in one line: each stands at one of three alignments there. */
export function alignedForms(tokens: readonly string[]): readonly string[] {
  const forms: string[] = [];
  for (const token of tokens.map((text) => Buffer.from(text))) {
    for (const alignment of [0, 1, 2]) {
      const length = token.length - alignment;
      if (length < SHORTEST) continue;
      const end = alignment + length - (length % 3);
      forms.push(token.toString("base64", alignment, end), token.toString("base64url", alignment, end));
    }
  }
  return forms;
}

/** The lines of a file in base64 that hold a part of a token: where a tool breaks them, no whole token stands in one. */
export function lineForms(file: string, tokens: readonly string[]): readonly string[] {
  const bytes = Buffer.from(file);
  const whole = bytes.toString("base64");
  const forms: string[] = [];
  for (const token of tokens) {
    const start = bytes.indexOf(token);
    if (start < 0) continue;
    const first = Math.floor((start * 4) / 3);
    const end = Math.ceil(((start + Buffer.byteLength(token)) * 4) / 3);
    for (const width of WIDTHS)
      for (let line = first - (first % width); line < end; line += width)
        forms.push(whole.slice(line, line + width));
  }
  return forms.filter((form) => form.length >= SHORTEST);
}
