import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { sectionsOf } from "./markdown.ts";

const [table] = sectionsOf(readFileSync("docs/threat-model.md", "utf8"), 2).filter(
  ({ title }) => title === "Who gets what",
);
const rows = (table?.text ?? "").split("\n").filter((line) => line.startsWith("| **"));

/** What a cell names as its proof: `file` › *name*, *another name in that file*. */
function proofsIn(row: string): { file: string; name: string }[] {
  return [...row.matchAll(/`([\w/-]+)` › ((?:\*[^*]+\*(?:, )?)+)/g)].flatMap(([, file = "", names = ""]) =>
    [...names.matchAll(/\*([^*]+)\*/g)].map(([, name = ""]) => ({ file: `__tests__/${file}.test.ts`, name })),
  );
}

test("the threat model has its rows", () => {
  expect(rows.length).toBeGreaterThanOrEqual(15);
});

test.each(rows.flatMap(proofsIn))(
  "$file has the test that the threat model names: $name",
  ({ file, name }) => {
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8")).toContain(name);
  },
);
