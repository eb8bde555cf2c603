import { TextDecoder } from "node:util";

const MARKED: ReadonlySet<number | undefined> = new Set([0xef, 0xfe, 0xff]);

/**
 * The lines of a byte stream as .NET's `StreamReader.ReadLine` finds them, through which the runner reads its steps:
 * LF, CRLF and a lone CR end a line, wherever the chunks are cut; invalid UTF-8 becomes U+FFFD; a byte order mark at
 * the very beginning chooses the encoding and is dropped. [src actions/runner Sdk/ProcessInvoker.cs; doc .NET]
 */
export class LineReader {
  readonly #onLine: (line: string) => void;
  #decoder: TextDecoder | undefined;
  #first: Buffer = Buffer.alloc(0);
  /** Parts of the line that has no end yet; joined once, so that a line of megabytes costs no more than its length. */
  #unfinished: string[] = [];
  /** The last character was a CR: its line is given out when what follows is known, for an LF belongs to it. */
  #afterCarriageReturn = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    if (this.#decoder) {
      this.#text(this.#decoder.decode(chunk, { stream: true }));
      return;
    }
    this.#first = Buffer.concat([this.#first, chunk]);
    const mayBeMark = MARKED.has(this.#first[0]) && this.#first.length < 3;
    if (this.#first.length > 0 && !mayBeMark) this.#begin();
  }

  end(): void {
    if (!this.#decoder) this.#begin();
    this.#text(this.#decoder?.decode() ?? "");
    if (this.#afterCarriageReturn || this.#unfinished.length > 0) this.#finish();
  }

  #begin(): void {
    const first = this.#first;
    const encoding =
      first[0] === 0xff && first[1] === 0xfe
        ? "utf-16le"
        : first[0] === 0xfe && first[1] === 0xff
          ? "utf-16be"
          : "utf-8";
    this.#decoder = new TextDecoder(encoding);
    this.#first = Buffer.alloc(0);
    this.#text(this.#decoder.decode(first, { stream: true }));
  }

  #text(text: string): void {
    let rest = text;
    if (this.#afterCarriageReturn && rest !== "") {
      this.#finish();
      if (rest.startsWith("\n")) rest = rest.slice(1);
    }
    let from = 0;
    const ends = /\r\n|\r|\n/g;
    for (let end = ends.exec(rest); end; end = ends.exec(rest)) {
      this.#unfinished.push(rest.slice(from, end.index));
      from = ends.lastIndex;
      if (end[0] === "\r" && from === rest.length) {
        this.#afterCarriageReturn = true;
        return;
      }
      this.#finish();
    }
    if (from < rest.length) this.#unfinished.push(rest.slice(from));
  }

  #finish(): void {
    const line = this.#unfinished.join("");
    this.#unfinished = [];
    this.#afterCarriageReturn = false;
    this.#onLine(line);
  }
}
