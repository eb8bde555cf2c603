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
  test.each(HOSTILE)("stand in one code span, which they cannot leave: %j", (text) => {
    expect(foreign(text)).toMatch(/^`[^`\n\r]*`$/);
  });

  test("are cut where they are long", () => {
    expect(foreign("é".repeat(501))).toBe(`\`${"é".repeat(500)}…\``);
    expect(foreign("é".repeat(500))).toBe(`\`${"é".repeat(500)}\``);
  });
});

describe("a sentence as Markdown", () => {
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
