import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Position } from "../checks/check.ts";

/** A YAML file that could be parsed, or where and why it could not. */
export type YamlFile =
  | { readonly kind: "parsed"; readonly root: Value }
  | { readonly kind: "malformed"; readonly reason: string; readonly at: Position };

/** @param file as it is named in positions */
export function parseYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const lineOf = (offset: number): Position => ({ file, line: Math.max(1, lines.linePos(offset).line) });
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error) {
      const [reason = "is not YAML"] = error.message.split("\n");
      return { kind: "malformed", reason, at: lineOf(error.pos[0]) };
    }
    return { kind: "parsed", root: new Value({ document, text, lineOf }, document.contents, 0) };
  } catch {
    // The parser recurses: no workflow nests that deep.
    return { kind: "malformed", reason: "Nested too deeply", at: { file, line: 1 } };
  }
}

interface Source {
  readonly document: Document;
  readonly text: string;
  readonly lineOf: (offset: number) => Position;
}

/** A node of a YAML file that knows its line. What is not of the kind asked for reads as absent. */
export class Value {
  readonly #source: Source;
  readonly #node: unknown;
  readonly #offset: number;

  /** @param offset of the key, or of the node itself in a list */
  constructor(source: Source, node: unknown, offset: number) {
    this.#source = source;
    this.#node = isAlias(node) ? node.resolve(source.document) : node;
    this.#offset = offset;
  }

  /** The line of its key: where a person looks for it. */
  get at(): Position {
    return this.#source.lineOf(this.#offset);
  }

  /** A scalar as text, nothing as `""`; `null` for maps and lists. */
  get text(): string | null {
    if (this.#node === null || this.#node === undefined) return "";
    if (!isScalar(this.#node)) return null;
    const { value } = this.#node;
    return value === null || value === undefined ? "" : String(value);
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  get(key: string): Value | null {
    return this.entries().find(([name]) => name === key)?.[1] ?? null;
  }

  entries(): readonly (readonly [string, Value])[] {
    if (!isMap(this.#node)) return [];
    return this.#node.items.map(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : "";
      return [name, new Value(this.#source, value, startOf(key) ?? startOf(value) ?? this.#offset)] as const;
    });
  }

  items(): readonly Value[] {
    if (!isSeq(this.#node)) return [];
    return this.#node.items.map((item) => new Value(this.#source, item, startOf(item) ?? this.#offset));
  }

  /** The lines of a text, each where it stands: exact for a block (`|`), else that of the key. */
  lines(): readonly { readonly text: string; readonly at: Position }[] {
    const lines = (this.text ?? "").split(/\r\n|\r|\n/);
    const node = this.#node;
    const range = isScalar(node) && node.type === "BLOCK_LITERAL" ? node.range : null;
    const first = range ? this.#source.lineOf(range[0]) : this.at;
    return lines.map((text, index) => ({
      text,
      at: range ? { file: first.file, line: first.line + 1 + index } : this.at,
    }));
  }

  /** Lines of all scalars in it that match, as they are written; not those of the values left out. */
  linesMatching(pattern: RegExp, leftOut: readonly Value[]): readonly Position[] {
    const positions: Position[] = [];
    const seen = new Set<unknown>(leftOut.map((value) => value.#node));
    const pending: unknown[] = [this.#node];
    while (pending.length > 0) {
      const node = pending.pop();
      const target = isAlias(node) ? node.resolve(this.#source.document) : node;
      if (seen.has(target)) continue;
      seen.add(target);
      if (isMap(target)) for (const { value } of target.items) pending.push(value);
      else if (isSeq(target)) pending.push(...target.items);
      else if (isScalar(target) && target.range) {
        const [start, end] = target.range;
        for (const match of this.#source.text.slice(start, end).matchAll(pattern))
          positions.push(this.#source.lineOf(start + match.index));
      }
    }
    return positions.sort((one, other) => one.line - other.line);
  }
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node)) return undefined;
  const { range } = node as { range?: readonly [number, number, number] | null };
  return range?.[0];
}
