import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const evidence = readFileSync("docs/evidence.md", "utf8");
const section = evidence.slice(evidence.indexOf("## Track record"));
const rows = [...section.matchAll(/^- .+ `([\w/-]+)` › \*(.+)\*$/gm)].map(([, file = "", name = ""]) => ({
  path: `__tests__/${file}.test.ts`,
  name,
}));

test("each fault of the track record names a test that is there", () => {
  const missing = rows.filter(
    ({ path, name }) => !existsSync(path) || !readFileSync(path, "utf8").includes(name),
  );

  expect(missing).toEqual([]);
  expect(rows.length).toBeGreaterThan(40);
});
