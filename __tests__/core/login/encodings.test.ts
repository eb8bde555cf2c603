import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { alignedForms, lineForms, partsOf } from "../../../src/core/login/encodings.ts";

function base64Forms(file: string, tokens: readonly string[]): readonly string[] {
  return [...new Set([...alignedForms(tokens), ...lineForms(file, tokens)])];
}

const TOKEN = fc.stringMatching(/^[A-Za-z0-9_.-]{60,300}$/);
const TEXT = fc.string({ maxLength: 200, unit: "grapheme" });

/** The longest part of a token that a log still shows, after the runner has replaced every form. */
function longestShown(log: string, { forms, token }: { forms: readonly string[]; token: string }): number {
  let masked = log;
  for (const form of [...forms].sort((a, b) => b.length - a.length)) masked = masked.replaceAll(form, "***");
  const decoded = masked
    .split(/[^A-Za-z0-9+/_-]+/)
    .flatMap((piece) =>
      [0, 1, 2, 3].map((skip) => Buffer.from(piece.slice(skip), "base64").toString("latin1")),
    );
  for (let length = 16; length > 4; length--)
    for (let at = 0; at + length <= token.length; at++)
      if (decoded.some((text) => text.includes(token.slice(at, at + length)))) return length;
  return 0;
}

function wrapped(text: string, width: number): string {
  const base64 = Buffer.from(text).toString("base64");
  return base64.replaceAll(new RegExp(`.{1,${width}}`, "g"), "$&\n");
}

describe("a token in a file", () => {
  test.each([76, 64])("is not read from its base64 in lines of %d", (width) => {
    fc.assert(
      fc.property(TEXT, TOKEN, TEXT, (before, token, after) => {
        const file = before + token + after;

        expect(longestShown(wrapped(file, width), { forms: base64Forms(file, [token]), token })).toBeLessThan(
          15,
        );
      }),
      { numRuns: 40 },
    );
  });

  test.each(["base64", "base64url"] as const)(
    "is not read from %s in one line, of any text that holds it",
    (encoding) => {
      fc.assert(
        fc.property(TEXT, TOKEN, TEXT, (before, token, after) => {
          const log = Buffer.from(before + token + after).toString(encoding);

          expect(longestShown(log, { forms: base64Forms("", [token]), token })).toBeLessThan(15);
        }),
        { numRuns: 40 },
      );
    },
  );

  test("is not read from what stands between its dots, nor, alone, from its base64 in lines", () => {
    const token = `${"h".repeat(30)}.${"p".repeat(200)}.${"s".repeat(120)}`;
    const [first = ""] = wrapped(`${token}\n`, 76).split("\n");

    expect(partsOf(token)).toEqual(["h".repeat(30), "p".repeat(200), "s".repeat(120)]);
    expect(partsOf("no-dot-at-all-in-this-long-token")).toEqual([]);
    expect(base64Forms(token, [token])).toContain(first);
  });

  test("is hidden by parts and in base64 only from 20 characters on", () => {
    expect(partsOf(`${"h".repeat(19)}.${"p".repeat(20)}`)).toEqual(["p".repeat(20)]);
    expect(alignedForms(["t".repeat(19)])).toEqual([]);
    expect(alignedForms(["t".repeat(20)])).toEqual([
      Buffer.from("t".repeat(18)).toString("base64"),
      Buffer.from("t".repeat(18)).toString("base64url"),
    ]);
  });

  test("has no line that it only touches, none that is short, and none at all in a file without it", () => {
    const line = "t".repeat(57);
    const base64 = (text: string) => Buffer.from(text).toString("base64");

    expect(lineForms(line + "b".repeat(570), [line])).not.toContain(base64("b".repeat(57)));
    for (const last of ["l".repeat(12), "l".repeat(15)])
      expect(lineForms(line + last, [line + last]).includes(base64(last))).toBe(last.length === 15);
    expect(lineForms("b".repeat(570), [line])).toEqual([]);
  });

  test("has no form of what is not the token's: lines beside it, short ends, empty tokens", () => {
    const token = "t".repeat(90);
    const before = "b".repeat(570);
    const file = `${before}${token}${before}`;
    const forms = base64Forms(file, [token, ""]);

    expect(forms).not.toContain(Buffer.from(before.slice(0, 57)).toString("base64"));
    expect(forms.every((form) => form.length >= 20)).toBe(true);
    expect(forms.length).toBeLessThan(12);
  });
});
