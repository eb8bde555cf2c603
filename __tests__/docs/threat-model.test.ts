import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { sectionsOf } from "./markdown.ts";

const [section] = sectionsOf(readFileSync("docs/threat-model.md", "utf8"), 2).filter(
  ({ title }) => title === "Who gets what",
);
const lines = (section?.text ?? "").split("\n");
const parties = lines.filter((line) => line.startsWith("### "));
const statements = lines.filter((line) => line.startsWith("- **"));

/** The tests that a statement names: `file` › *name*, *another name in that file*. */
function proofsIn(statement: string): { file: string; name: string }[] {
  return [...statement.matchAll(/`([\w/-]+)` › ((?:\*[^*]+\*(?:, )?)+)/g)].flatMap(
    ([, file = "", names = ""]) =>
      [...names.matchAll(/\*([^*]+)\*/g)].map(([, name = ""]) => ({
        file: `__tests__/${file}.test.ts`,
        name,
      })),
  );
}

test("the threat model says of each party what it gets in each of the three kinds of job", () => {
  expect(parties.length).toBeGreaterThanOrEqual(15);
  expect(statements.length).toBe(3 * parties.length);
});

test.each(statements.flatMap(proofsIn))(
  "$file has the test that the threat model names: $name",
  ({ file, name }) => {
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8")).toContain(name);
  },
);
