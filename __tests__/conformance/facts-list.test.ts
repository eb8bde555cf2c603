import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { CHECKS } from "../../conformance/checks/all.ts";
import type { Result } from "../../conformance/report.ts";
// @ts-expect-error: a script without types
import { takeResult } from "../../scripts/facts/take-result.mjs";

let directory: string;
let facts: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "facts-"));
  facts = join(directory, "facts.md");
  copyFileSync("docs/facts.md", facts);
  jest.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

function rowsIn(path: string): string[] {
  const text = readFileSync(path, "utf8");
  return text.match(/^- \*\*[A-Z]\d+\*\* .*$/gm) ?? [];
}

function result(change: Partial<Result> = {}): string {
  const file = join(directory, "result.json");
  const rows: Result["rows"] = [
    { number: "S1", fact: "…", answer: "holds", seen: "201 × 1 | <b>" },
    { number: "V1", fact: "…", answer: "refuted", seen: "201 × 2" },
    { number: "V9", fact: "…", answer: "not asked", seen: "it would take 600 writes" },
  ];
  const whole: Result = { version: 1, where: "github.com", date: "2027-01-31", rows, left: [], ...change };
  writeFileSync(file, JSON.stringify(whole));
  return file;
}

test("docs/facts.md has the facts of the suite, in its order and words", () => {
  const told = rowsIn("docs/facts.md").map((row) => row.split(" — ")[0]);

  expect(told).toEqual(CHECKS.map(({ number, fact }) => `- **${number}** ${fact}`));
});

test("a result is taken in with its date; what was not asked stays as it was", () => {
  const before = rowsIn(facts);

  expect(takeResult(result(), facts)).toBe(1);

  const row = (number: string, rows = rowsIn(facts)) =>
    rows.find((line) => line.startsWith(`- **${number}** `));
  expect(row("S1")).toMatch(/ — \*\*holds\*\*, github\.com, 2027-01-31: 201 × 1 \| &lt;b>$/);
  expect(row("V1")).toMatch(/ — \*\*refuted\*\*, github\.com, 2027-01-31: 201 × 2$/);
  expect(row("V9")).toBe(row("V9", before));
  expect(rowsIn(facts)).toHaveLength(before.length);
  expect(takeResult(result(), facts)).toBe(1);
});

test.each([
  ["of the lab", { where: "lab" }, "says nothing about GitHub"],
  ["of another form", { version: 2 as 1 }, "is not a result"],
  ["with a date that is none", { date: "today | <script>" }, "is not a result"],
  [
    "with a fact that there is not",
    { rows: [{ number: "Z1", fact: "", answer: "holds", seen: "" }] as Result["rows"] },
    "has no fact Z1",
  ],
])("a result %s is refused, and the document stays", (_what, change, message) => {
  const before = readFileSync(facts, "utf8");

  expect(() => takeResult(result(change), facts)).toThrow(message);
  expect(readFileSync(facts, "utf8")).toBe(before);
});
