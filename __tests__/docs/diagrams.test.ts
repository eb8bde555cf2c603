import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { blocksOf } from "./markdown.ts";

const diagrams = blocksOf(readFileSync("docs/how-it-works.md", "utf8"), "mermaid");

test("there are pictures", () => {
  expect(diagrams.length).toBeGreaterThanOrEqual(5);
});

test.each(diagrams)("Mermaid can read picture %#", (diagram) => {
  const [kind = "", ...lines] = diagram.trimEnd().split("\n");

  expect(kind).toMatch(/^(sequenceDiagram|flowchart (LR|TB))$/);
  // Mermaid takes a semicolon for the end of a line, and a hash for an entity.
  expect(lines.filter((line) => /[;#]/.test(line))).toEqual([]);
  if (kind === "sequenceDiagram") {
    const known =
      /^ +(autonumber|participant \w+ as .+|\w+(->>|-->>|-x)\w+: .+|Note over \w+(,\w+)?: .+|alt .+|else .+|end)$/;
    expect(lines.filter((line) => !known.test(line))).toEqual([]);
  }
});
