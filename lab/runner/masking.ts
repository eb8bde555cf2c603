const ENCODERS: readonly ((value: string) => string)[] = [
  base64,
  (value) => base64(Buffer.from(value).subarray(1)),
  (value) => base64(Buffer.from(value).subarray(2)),
  (value) => value.replaceAll('"', '\\"'),
  (value) => value.replaceAll("'", "''"),
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => encodeURIComponent(value),
  (value) =>
    value
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&apos;"),
  (value) => (/^".*"$/s.test(value) && value.length > 2 ? value.slice(1, -1) : value),
];

/**
 * Replaces what it was told to hide by `***`, in the forms that the runner derives from a value (base64 at three
 * alignments, JSON, URI…). [src actions/runner Sdk/DTLogging/Logging/{SecretMasker,ValueEncoders}.cs]
 */
export class Masker {
  readonly #values = new Set<string>();

  /** Hides the value, and each of its lines: a log is masked line by line. */
  add(value: string): void {
    for (const part of new Set([value, ...value.split(/[\r\n]+/)])) {
      if (part === "") continue;
      this.#values.add(part);
      for (const encode of ENCODERS) {
        const encoded = encode(part);
        if (encoded !== "") this.#values.add(encoded);
      }
    }
  }

  mask(text: string): string {
    const ranges: { start: number; end: number }[] = [];
    for (const value of this.#values) {
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
        ranges.push({ start: at, end: at + value.length });
      }
    }
    ranges.sort((left, right) => left.start - right.start);
    let masked = "";
    let shown = 0;
    for (let index = 0; index < ranges.length; ) {
      const first = ranges[index];
      if (!first) break;
      let { end } = first;
      // Neighbours become one: how many secrets stood there is not shown either.
      for (index += 1; (ranges[index]?.start ?? Number.POSITIVE_INFINITY) <= end; index += 1) {
        end = Math.max(end, ranges[index]?.end ?? end);
      }
      masked += `${text.slice(shown, first.start)}***`;
      shown = end;
    }
    return masked + text.slice(shown);
  }
}

function base64(value: string | Uint8Array): string {
  return Buffer.from(value as string).toString("base64");
}
