import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { RelayedLines, type Source } from "../../../src/core/text/relayed-lines.ts";

type Write = readonly [source: Source, text: string | Uint8Array];

/** What comes out, as one character a byte. */
function relay(writes: readonly Write[], hidden = new Set<string>()): string {
  const lines = new RelayedLines(hidden);
  const out = writes.map(([source, text]) => lines.write(source, Buffer.from(text as string)));
  return Buffer.concat([...out, lines.end()]).toString("latin1");
}

/** The text a byte at a time. */
function byBytes(source: Source, text: string): Write[] {
  return [...Buffer.from(text)].map((byte) => [source, Buffer.of(byte)]);
}

describe("what children print", () => {
  test("comes out as it went in", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

    expect(relay([["stdout", bytes]])).toBe(Buffer.from(bytes).toString("latin1"));
  });

  test("waits for the end of its line, so that lines of two streams do not mix", () => {
    expect(
      relay([
        ["stdout", "one "],
        ["stderr", "other\n"],
        ["stdout", "line\n"],
      ]),
    ).toBe("other\none line\n");
  });

  test.each(["\n", "\r", "\r\n"])("keeps its line ends: %j", (end) => {
    expect(relay(byBytes("stdout", `a${end}b${end}`))).toBe(`a${end}b${end}`);
  });

  test("has a last line without an end, each stream's on a line of its own", () => {
    expect(
      relay([
        ["stdout", "out"],
        ["stderr", "err"],
      ]),
    ).toBe("out\nerr");
  });

  test("may be a line of 5 MB, of which little is held", () => {
    const lines = new RelayedLines(new Set());
    const chunk = Buffer.alloc(64 * 1024, "x");
    let out = 0;
    for (let index = 0; index < 80; index++) {
      out += lines.write("stdout", chunk).length;
      expect((index + 1) * chunk.length - out).toBeLessThanOrEqual(1024 * 1024 + chunk.length);
    }
    expect(out + lines.end().length).toBe(80 * chunk.length);
  });

  test("is not mixed with another's where a long line leaves in pieces", () => {
    const long = "x".repeat(1024 * 1024 + 1);

    const text = relay([
      ["stdout", long],
      ["stderr", "other\n"],
      ["stdout", "end\n"],
    ]);

    expect(text).toBe(`${long}\nother\nend\n`);
  });
});

test("a long line without an end is the last, although another stream has printed before", () => {
  const long = "x".repeat(1024 * 1024 + 1);

  const text = relay([
    ["stderr", "other\n"],
    ["stdout", long],
  ]);

  expect(text === `other\n${long}`).toBe(true);
});

describe("hidden values", () => {
  test.each<[string, string[], string, string]>([
    ["nothing of them in it", ["abc"], "ab bc", "ab bc"],
    ["one at each end", ["abc"], "abc-abc", "***-***"],
    ["two that touch", ["abc"], "abcabc", "***"],
    ["two that overlap", ["abcd", "cdef"], "1abcdef2", "1***2"],
    ["one in another", ["abcdef", "cd"], "1abcdef2", "1***2"],
    ["one in another, and more", ["cd", "abcdef", "x"], "cd abcdef x", "*** *** ***"],
    ["one that overlaps itself", ["aa"], "1aaa2", "1***2"],
    ["out of order", ["late", "early"], "early, late", "***, ***"],
    ["more than one byte a character", ["pässword"], "ä pässword ä", "ä *** ä"],
  ])("are stars in a line with %s", (_, hidden, line, shown) => {
    for (const source of ["stdout", "stderr", "said"] as const)
      expect(Buffer.from(relay([[source, `${line}\n`]], new Set(hidden)), "latin1").toString()).toBe(
        `${shown}\n`,
      );
  });

  test.each([
    ["::add-mask::a%3Bb", "a;b"],
    ["::add-mask::a%5db", "a]b"],
    ["::add-mask::a%25b", "a%b"],
    ["::add-mask::a%0ab", "a"],
    ["::add-mask::a%41b", "a%41b"],
    ["::add-mask::a::b", "a::b"],
    ["::add-mask a=b,c=d::e", "e"],
    ["\t ::add-mask::x y", "x y"],
    ["##[add-mask]a]b", "a]b"],
    ["##[add-mask x=y;z=a]b", "b"],
    ["so ##[add-mask]b", "b"],
    ["##[add-mask]::c", "::c"],
  ])("are asked for by %j: %j", (command, value) => {
    const hidden = new Set<string>();

    relay([["stderr", `${command}\n`]], hidden);

    expect(hidden).toContain(value);
  });

  test.each([
    "x ::add-mask::a",
    ":: add-mask::a",
    "::add-mask:a",
    "::add-masks::a",
    "::add-maskx=y::a",
    "#[add-mask]a",
    "##[add-mask a",
    "##[add-masks]a",
    "add-mask a",
  ])("are not asked for by %j, which is a line like any other", (line) => {
    const hidden = new Set<string>();

    expect(relay([["stdout", `${line}\n`]], hidden)).toBe(`${line}\n`);
    expect([...hidden]).toEqual([]);
  });

  test("are those of a command, each once", () => {
    const hidden = new Set<string>();

    relay([["stdout", "::add-mask::one%0D%0Atwo\n"]], hidden);

    expect([...hidden]).toEqual(["one%0D%0Atwo", "one\r\ntwo", "one", "two"]);
  });

  test("are stars before a command, too", () => {
    expect(relay([["stdout", "old ##[add-mask]new\nnew\n"]], new Set(["old"]))).toBe("*** ***\n***\n");
  });

  test("are not seen where a long line that has begun ends with a command", () => {
    const long = "x".repeat(1024 * 1024 + 1);

    const text = relay([
      ["stdout", long],
      ["stdout", "::add-mask::s3cret\nnot s3cret\n"],
    ]);

    expect(text === `${long}***\nnot ***\n`).toBe(true);
  });

  test("are left alone in a long line that only somebody said", () => {
    const long = `::add-mask::${"x".repeat(1024 * 1024)}`;

    const text = relay([
      ["said", long],
      ["said", "\n"],
    ]);

    expect(text === `${long}\n`).toBe(true);
  });
});

test("a line of exactly a megabyte is held, one byte more is not", () => {
  const lines = new RelayedLines(new Set());

  expect(lines.write("stdout", Buffer.alloc(1024 * 1024, "x"))).toHaveLength(0);
  expect(lines.write("stdout", Buffer.from("x"))).toHaveLength(1024 * 1024 + 1);
  expect(lines.end()).toHaveLength(0);
});

test.each([
  ["\n", "\nother\n"],
  ["\r", "\rother\n"],
  [".", "\nother\n."],
])("after a long line and %j of one stream, a line of the other comes as %j", (more, shown) => {
  const long = "x".repeat(1024 * 1024 + 1);

  const text = relay([
    ["stdout", long],
    ["stdout", more],
    ["stderr", "other\n"],
  ]);

  expect(text.slice(long.length)).toBe(shown);
});

describe("a value that a child asks to hide", () => {
  test.each([
    ["::add-mask::s3cret\n", ""],
    ["  ::add-mask::s3cret\n", ""],
    ["\u00a0::ADD-MASK::s3cret\n", ""],
    ["::add-mask some=property::s3cret\n", ""],
    ["::add-mask::s3%63ret%0As3cret\r", ""],
    ["##[add-mask]s3cret\n", ""],
    ["before ##[Add-Mask x=y]s3cret\n", "before ***\n"],
  ])("by %j is not seen, and hidden from then on in both streams", (command, shown) => {
    const text = relay([
      ...byBytes("stdout", command),
      ...byBytes("stdout", "a s3cret, "),
      ["stderr", "s3crets3cret\n"],
      ...byBytes("stdout", "s3cret"),
    ]);

    expect(text).toBe(`${shown}***
a ***, ***`);
  });

  test("leaves no line behind, whatever was printed before", () => {
    expect(relay([["stdout", "one\n::add-mask::s3cret\ntwo\n"]])).toBe("one\ntwo\n");
  });

  test("is hidden with each of its lines", () => {
    expect(
      relay([
        ["stderr", "::add-mask::one%0D%0Atwo%25\n"],
        ["stdout", "one two% %\n"],
      ]),
    ).toBe("*** *** %\n");
  });

  test("is hidden in a line that leaves in pieces, where it lies across them", () => {
    const secret = "0123456789".repeat(10);
    for (const at of [1024 * 1024 - 99, 1024 * 1024 - 50, 1024 * 1024, 1024 * 1024 + 1]) {
      const text = relay(
        [
          ["stdout", "x".repeat(at) + secret.slice(0, 60)],
          ["stdout", `${secret.slice(60)}y\n`],
        ],
        new Set([secret]),
      );

      expect(text).toBe(`${"x".repeat(at)}***y\n`);
    }
  });

  test("is hidden in a line that leaves in pieces, where what leaves would end in the middle of it", () => {
    const secret = "0123456789".repeat(10);
    for (const after of [1, 50, 98]) {
      const rest = "y".repeat(after);

      const text = relay([["stdout", `${"x".repeat(1024 * 1024)}${secret}${rest}`]], new Set([secret]));

      expect(text === `${"x".repeat(1024 * 1024)}***${rest}`).toBe(true);
    }
  });

  test("holds back no more of a long line than it may have begun in", () => {
    const secret = "0123456789".repeat(10);
    const lines = new RelayedLines(new Set([secret]));

    const shown = lines.write("stdout", Buffer.from(`${secret}${"x".repeat(1024 * 1024)}`));

    expect(shown.length).toBeGreaterThan(1024 * 1024 - secret.length);
  });

  test("is not seen where it is longer than what is held", () => {
    const secret = "s".repeat(1024 * 1024);

    const text = relay([
      ["stdout", `::add-mask::${secret}`],
      ["stdout", "rest"],
      ["stdout", `${secret}rest`],
      ["stdout", "\nnext\n"],
    ]);

    expect(text).toBe("***\nnext\n");
  });

  test("is nothing where it is blank", () => {
    const hidden = new Set<string>();

    relay([["stdout", "::add-mask::\n::add-mask:: \n::add-mask::%0A\n"]], hidden);

    expect([...hidden].filter((value) => value.trim() === "")).toEqual([]);
  });

  test("is not asked for by words that somebody said", () => {
    expect(relay([["said", "::add-mask::word\na word\n"]])).toBe("::add-mask::word\na word\n");
  });
});

test("no byte is lost, in whatever pieces it comes", () => {
  const part = fc.oneof(
    fc.constantFrom("\r", "\n", "::", "##[", "group", "::stop-commands::x", "]", " "),
    fc.string(),
  );
  const text = fc.array(part).map((parts) => parts.join("").replaceAll(/add-mask/gi, ""));
  const source = fc.constantFrom<Source>("stdout", "stderr");
  fc.assert(
    fc.property(fc.array(fc.tuple(source, text)), (writes) => {
      const out = relay(writes);
      for (const stream of ["stdout", "stderr"] as const) {
        const printed = writes.filter(([from]) => from === stream).map(([, bytes]) => bytes);
        const lines = Buffer.from(printed.join(""))
          .toString("latin1")
          .split(/[\r\n]/);
        // In its order, and whole.
        let at = 0;
        for (const line of lines) {
          at = out.indexOf(line, at);
          if (at < 0) return false;
          at += line.length;
        }
      }
      return true;
    }),
  );
});
