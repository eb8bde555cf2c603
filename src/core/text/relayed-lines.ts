/** Where a piece of text came from: a child's two streams, or something that is said about it. */
export type Source = "stdout" | "stderr" | "said";

/** A longer line leaves in pieces, so that no child can fill our memory. */
const LONGEST_LINE = 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const STARS = Buffer.from("***");
const NOTHING = Buffer.alloc(0);

interface Line {
  held: Buffer[];
  heldBytes: number;
  /** A piece of the line has left already. */
  isBegun: boolean;
  /** The rest of the line is a value to hide that was too long to be held. */
  isSwallowed: boolean;
}

/**
 * What children print, line by line from all their streams into one: a line of one never breaks one of another. Every
 * byte comes out again, but for `::add-mask::` commands: they are taken out, and the value is hidden from then on.
 */
export class RelayedLines {
  readonly #hidden: Set<string>;
  readonly #lines = new Map<Source, Line>();
  /** Whose line has been begun and not ended. */
  #open: Source | null = null;

  /** @param hidden what is hidden already; what children ask to hide is added */
  constructor(hidden: Set<string>) {
    this.#hidden = hidden;
  }

  /** @returns what can be printed by now */
  write(source: Source, bytes: Uint8Array): Buffer {
    const out: Buffer[] = [];
    const chunk = Buffer.from(bytes);
    let begin = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (chunk[at] !== LF && chunk[at] !== CR) continue;
      this.#hold(source, chunk.subarray(begin, at));
      this.#endLine(source, chunk.subarray(at, at + 1), out);
      begin = at + 1;
    }
    this.#hold(source, chunk.subarray(begin));
    if (this.#line(source).heldBytes > LONGEST_LINE) this.#letPieceOut(source, out);
    return Buffer.concat(out);
  }

  /** @returns what was held back of lines that have no end */
  end(): Buffer {
    const out: Buffer[] = [];
    for (const source of this.#lines.keys()) this.#endLine(source, NOTHING, out);
    return Buffer.concat(out);
  }

  #line(source: Source): Line {
    const line = this.#lines.get(source) ?? { held: [], heldBytes: 0, isBegun: false, isSwallowed: false };
    this.#lines.set(source, line);
    return line;
  }

  #hold(source: Source, bytes: Buffer): void {
    const line = this.#line(source);
    line.held.push(bytes);
    line.heldBytes += bytes.length;
  }

  #takeHeld(source: Source): Buffer {
    const line = this.#line(source);
    const held = Buffer.concat(line.held);
    line.held = [];
    line.heldBytes = 0;
    return held;
  }

  #endLine(source: Source, end: Buffer, out: Buffer[]): void {
    const shown = this.#showLine(source, this.#takeHeld(source));
    Object.assign(this.#line(source), { isBegun: false, isSwallowed: false });
    if (shown !== null) this.#put(source, Buffer.concat([shown, end]), out);
  }

  /** @returns `null` for a line that is nothing but a command to hide something */
  #showLine(source: Source, held: Buffer): Buffer | null {
    const { isBegun, isSwallowed } = this.#line(source);
    if (isSwallowed) return NOTHING;
    const mask = source === "said" ? null : readMask(held);
    if (mask === null) return this.#hide(held);
    for (const value of mask.values) this.#hidden.add(value);
    return mask.before.length > 0 || isBegun ? Buffer.concat([this.#hide(mask.before), STARS]) : null;
  }

  #letPieceOut(source: Source, out: Buffer[]): void {
    const line = this.#line(source);
    const held = this.#takeHeld(source);
    if (line.isSwallowed) return;
    line.isBegun = true;
    const mask = source === "said" ? null : readMask(held);
    if (mask !== null) {
      line.isSwallowed = true;
      this.#put(source, Buffer.concat([this.#hide(mask.before), STARS]), out);
      return;
    }
    // A value to hide may have begun and not ended.
    const longest = Math.max(0, ...[...this.#hidden].map((value) => Buffer.byteLength(value)));
    const cut = Math.max(0, held.length - longest);
    const straddling = this.#hiddenRanges(held).find(({ start, end }) => start < cut && end > cut);
    const at = straddling?.start ?? cut;
    this.#put(source, this.#hide(held.subarray(0, at)), out);
    this.#hold(source, held.subarray(at));
  }

  #put(source: Source, bytes: Buffer, out: Buffer[]): void {
    if (bytes.length === 0) return;
    if (this.#open !== null && this.#open !== source) out.push(Buffer.of(LF));
    out.push(bytes);
    const last = bytes.at(-1);
    this.#open = last === LF || last === CR ? null : source;
  }

  #hide(text: Buffer): Buffer {
    const ranges = this.#hiddenRanges(text);
    const parts: Buffer[] = [];
    let shown = 0;
    for (const { start, end } of ranges) {
      parts.push(text.subarray(shown, start), STARS);
      shown = end;
    }
    return Buffer.concat([...parts, text.subarray(shown)]);
  }

  /** In their order; what overlaps or touches is one. */
  #hiddenRanges(text: Buffer): { start: number; end: number }[] {
    const found: { start: number; end: number }[] = [];
    for (const value of this.#hidden) {
      const bytes = Buffer.from(value);
      for (let at = text.indexOf(bytes); at >= 0; at = text.indexOf(bytes, at + 1))
        found.push({ start: at, end: at + bytes.length });
    }
    found.sort((left, right) => left.start - right.start);
    const joined: { start: number; end: number }[] = [];
    for (const range of found) {
      const last = joined.at(-1);
      if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
      else joined.push(range);
    }
    return joined;
  }
}

interface Mask {
  /** What stands in the line before the command. */
  readonly before: Buffer;
  readonly values: readonly string[];
}

const AT_BEGIN = /^[\s\u0085]*::add-mask(?: .*?)?::/is;
const ANYWHERE = /##\[add-mask(?: [^\]]*)?\]/i;

/**
 * Reads a line as the runner would: `::add-mask::VALUE` after blanks, or `##[add-mask]VALUE` anywhere; the value and each
 * of its lines is to be hidden.
 *
 * @returns `null` for every other line
 */
function readMask(line: Buffer): Mask | null {
  // One character a byte, so that places in the text are places in the line.
  const text = line.toString("latin1");
  if (!/add-mask/i.test(text)) return null;
  const begin = AT_BEGIN.test(line.toString("utf8")) ? /::add-mask(?: .*?)?::/is.exec(text) : null;
  const command = begin ?? ANYWHERE.exec(text);
  if (command === null) return null;
  const data = line.subarray(command.index + command[0].length).toString("utf8");
  const value = data.replace(/%(0D|0A|3B|5D|25)/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const values = [data, value, ...value.split(/[\r\n]/)];
  return {
    before: begin === null ? line.subarray(0, command.index) : NOTHING,
    values: [...new Set(values)].filter((part) => part.trim() !== ""),
  };
}
