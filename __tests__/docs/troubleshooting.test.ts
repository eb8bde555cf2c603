import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { FAILURE_CODES } from "../../src/core/failure/failure.ts";
import { sectionsOf } from "./markdown.ts";

const sections = sectionsOf(readFileSync("docs/troubleshooting.md", "utf8"), 3);

describe("docs/troubleshooting.md", () => {
  test("has a section for each failure code, and for nothing else", () => {
    expect(sections.map(({ title }) => title).sort()).toEqual([...FAILURE_CODES].sort());
  });

  test.each(sections)("says of $title first what to do, then symptom and cause", ({ text }) => {
    const parts = [...text.matchAll(/^\*\*(.+?)\.\*\* (.+)/gm)].map(([, name]) => name);

    expect(parts).toEqual(["What to do", "Symptom", "Why"]);
  });

  test.each(sections)(
    "says what to do about $title without sending the reader on in the section",
    ({ text }) => {
      const [, whatToDo = ""] = /^\*\*What to do\.\*\* ([\s\S]*?)^\*\*Symptom\./m.exec(text) ?? [];

      expect(whatToDo).not.toBe("");
      expect(whatToDo).not.toMatch(/\bbelow\b|\b(first|second|third|last) (form|case)\b/);
    },
  );
});
