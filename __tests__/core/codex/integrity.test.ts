import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { CODEX_FILES, TESTED_CODEX_VERSION } from "../../../src/core/codex/integrity.ts";

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}
const { packages } = JSON.parse(
  readFileSync(new URL("../../../package-lock.json", import.meta.url), "utf8"),
) as Lock;

test("the tested version of Codex is the one that the scenarios run", () => {
  expect(packages["node_modules/@openai/codex"]?.version).toBe(TESTED_CODEX_VERSION);
});

describe("the tested version of Codex", () => {
  const platforms = Object.keys(packages).flatMap((path) => /@openai\/codex-(.+)$/.exec(path)?.[1] ?? []);

  test("is known for each platform that it is published for, each with files of its own", () => {
    expect(Object.keys(CODEX_FILES).sort()).toEqual(platforms.sort());
    expect(new Set(Object.values(CODEX_FILES).map(({ files }) => files)).size).toBe(platforms.length);
  });

  test.each(Object.entries(CODEX_FILES))("has npm's integrity and a SHA-256 on %s", (platform, known) => {
    expect(known.package).toBe(packages[`node_modules/@openai/codex-${platform}`]?.integrity);
    expect(known.files).toMatch(/^[0-9a-f]{64}$/);
  });
});
