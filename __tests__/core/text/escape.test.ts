import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseWorkflowCommand } from "../../../lab/runner/workflow-commands.ts";
import { foreign, markdown, oneLine } from "../../../src/core/text/escape.ts";

const HOSTILE = [
  "::error::no",
  "  ::add-mask::x",
  "\u0085::save-state name=a::b",
  "::stop-commands::zzz",
  "text ##[add-mask]x",
  "two\nlines",
  "two\r::set-output name=a::b",
  "two\r\n##[error]no",
  "\u001b[31m::error::red",
  "\u001b]8;;http://example.test\u0007link",
  ":\u001b[0m:error::split by a colour",
  "#\u0000#[error]split by a zero",
  "a\u2028::error::b",
  "\u202egnitirw",
  ":\u200b:error::x",
  "\ufeff::error::x",
  "::error:\u00ad:x",
  "<img src=x>",
  "[click](http://example.test) @somebody #1 ![x](y)",
  "`code` | <b>",
];

/** Whether a runner would obey any line of it. */
function isObeyed(text: string): boolean {
  return text
    .split(/\r\n|\r|\n/)
    .some((line) => parseWorkflowCommand(line) !== undefined || /##\[/.test(line));
}

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "::",
        ":",
        "##[",
        "#",
        "[",
        "\r",
        "\n",
        " ",
        "\u001b",
        "[0m",
        "error",
        "]",
        "\u0085",
        "`",
      ),
    )
    .map((parts) => parts.join("")),
);

describe("one line", () => {
  test.each([
    ["a colour", "\u001b[31mred\u001b[0m end", "red end"],
    ["a colour of two numbers", "\u001b[1;31mred", "red"],
    ["a colour in one character", "\u009b31mred", "red"],
    ["a hidden cursor", "\u001b[?25lx", "x"],
    ["the cursor's shape", "\u001b[2 qx", "x"],
    ["a character set", "\u001b(Bplain", "plain"],
    ["a reset", "\u001bcreset", "reset"],
    ["a sequence that is not ended", "a\u001b[31", "a"],
    ["a sequence that another letter ends", "a\u001b[31é", "aé"],
    ["an escape alone", "a\u001b", "a"],
    ["a title", "\u001b]0;title\u0007x", "x"],
    ["a title that is not ended", "a\u001b]0;title", "a"],
    ["a title that a colour ends", "a\u001b]0;title\u001b[31mb", "ab"],
    ["a link", "\u001b]8;;http://a.test\u001b\\link\u001b]8;;\u001b\\ end", "link end"],
  ])("loses what a terminal would obey: %s", (_, text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  test.each([
    ["line ends", "a\r\n\n\rb", "a b"],
    ["zeros", "a\u0000\u0001b", "a b"],
    ["a next line", "a\u0085b", "a b"],
    ["a soft hyphen", "a\u00adb", "a b"],
    ["a blank without a width", "a\u200bb", "a b"],
    ["a joiner that is a letter", "a\u034fb", "a b"],
    ["a filler that is a letter", "a\u115fb", "a b"],
    ["a line separator", "a\u2028b", "a b"],
    ["a paragraph separator", "a\u2029b", "a b"],
    ["a tag beyond the first plane", "a\u{e0041}b", "a b"],
  ])("has a blank for what has no width: %s", (_, text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  test.each([
    ["::error::x", ": :error::x"],
    [" \u00a0::error::x", " \u00a0: :error::x"],
    ["\n::error::x", " : :error::x"],
    [":::x", ": ::x"],
    ["::", ": :"],
    [":", ":"],
    [": :x", ": :x"],
    ["ä::b ::c", "ä::b ::c"],
    ["a ##[x] ##[y]", "a ## [x] ## [y]"],
    ["#[x] # #[y]", "#[x] # #[y]"],
    ["", ""],
  ])("of a command is no command: %j", (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  test.each(HOSTILE)("is no command and has no breaks: %j", (text) => {
    const line = oneLine(text);

    expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
    expect(isObeyed(line)).toBe(false);
  });

  test("leaves plain words as they are", () => {
    expect(oneLine("The access token is valid for 6 days; see https://example.test/a::b.")).toBe(
      "The access token is valid for 6 days; see https://example.test/a::b.",
    );
  });

  test("is no command, whatever the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = oneLine(text);
        return !isObeyed(line) && !/[\r\n]/.test(line);
      }),
    );
  });
});

describe("foreign words", () => {
  test.each([
    ["plain", "`plain`"],
    ["  blanks \n", "`blanks`"],
    ["`a` and ``b``", "`'a' and ''b''`"],
    ["::x", "`: :x`"],
    ["", "``"],
  ])("%j are shown as one code span", (text, shown) => {
    expect(foreign(text)).toBe(shown);
  });

  test.each(HOSTILE)("stand in one code span, which they cannot leave: %j", (text) => {
    expect(foreign(text)).toMatch(/^`[^`\n\r]*`$/);
  });

  test("are cut where they are long", () => {
    expect(foreign("é".repeat(501))).toBe(`\`${"é".repeat(500)}…\``);
    expect(foreign("é".repeat(500))).toBe(`\`${"é".repeat(500)}\``);
  });
});

describe("a sentence as Markdown", () => {
  test.each([
    ["\\", "&#92;"],
    ["<", "&#60;"],
    [">", "&#62;"],
    ["[", "&#91;"],
    ["]", "&#93;"],
    ["*", "&#42;"],
    ["~", "&#126;"],
    ["|", "&#124;"],
    ["#", "&#35;"],
    ["@", "&#64;"],
    ["&", "&#38;"],
    ["://", "&#58;&#47;&#47;"],
    ["www.", "&#119;&#119;&#119;&#46;"],
  ])("shows %s, which has a meaning there", (mark, shown) => {
    expect(markdown(`a ${mark} b ${mark}`)).toBe(`a ${shown} b ${shown}`);
    expect(markdown(`a \`b\` ${mark}`)).toBe(`a \`b\` ${shown}`);
  });

  test.each([
    ["wwwx a:b c//d: e", "wwwx a:b c//d: e"],
    ["`a@b` `c#d` e", "`a@b` `c#d` e"],
    ["``a`` b", "&#96;&#96;a&#96;&#96; b"],
    ["`a``b`", "&#96;a&#96;&#96;b&#96;"],
    ["`a` ` `b`", "`a` ` `b&#96;"],
    ["::x `b`", ": :x `b`"],
  ])("%j is %j", (sentence, shown) => {
    expect(markdown(sentence)).toBe(shown);
  });

  test("keeps its code spans, and nothing else has a meaning", () => {
    expect(markdown("Set `refresh: force`, <b>@you</b> [x](y) *now* #1\n# no")).toBe(
      "Set `refresh: force`, &#60;b&#62;&#64;you&#60;/b&#62; &#91;x&#93;(y) &#42;now&#42; &#35;1 &#35; no",
    );
  });

  test("leaves our own sentences as they are", () => {
    const sentence = "The token in `secret-write-token` worked earlier in this job and is now refused (401).";

    expect(markdown(sentence)).toBe(sentence);
  });

  test.each(["```@you [x](y) <b>`", "``<b>`", "a `` b [x](y) `` c", 'of "```@you [x](y)`" and `this`'])(
    "has no code span that only we take for one: %s",
    (sentence) => {
      const outside = markdown(sentence).replace(/(?<!`)`[^`]+`(?!`)/g, "");

      expect(outside).not.toMatch(/[`@<[]/);
    },
  );

  test("has no open code span", () => {
    expect(markdown("one ` alone")).toBe("one &#96; alone");
  });
});
