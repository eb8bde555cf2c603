import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { blocksOf } from "./markdown.ts";
import { inputNames, stepsOfOurs } from "./our-steps.ts";

const readme = readFileSync("README.md", "utf8");
const snippets = [readme, readFileSync("docs/recipes.md", "utf8")].flatMap((text) => blocksOf(text, "yaml"));

describe("README.md, with docs/recipes.md,", () => {
  test("and docs/inputs.md repeat action.yml as it is now, and the pictures show their text", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["scripts/docs.mjs", "--check"]);

    const pictures = ["demo", "doctor", "summary"].map((name) => `docs/pictures/${name}.svg`);
    const parts = ["README.md", "docs/inputs.md", ...pictures];
    expect(stdout).toBe(parts.map((part) => `${part} is fresh.\n`).join(""));
  });

  test("shows every picture of what was run, and in words what it says", () => {
    for (const name of ["demo", "doctor", "summary"])
      expect(readme).toMatch(
        new RegExp(`<img src="docs/pictures/${name}.svg" width="\\d+" alt="[^"]{40,}">`),
      );
    const shown = readFileSync("docs/pictures/summary.txt", "utf8");
    expect(shown).toContain("Codex login");
    expect(shown).not.toMatch(/\*\*|```|<|CANARY/);
  });

  test("shows only steps whose inputs exist, and which have those that must be given", () => {
    const steps = snippets.flatMap((snippet) => stepsOfOurs(parse(snippet)));

    expect(steps.length).toBeGreaterThanOrEqual(8);
    for (const step of steps) {
      expect(inputNames).toEqual(expect.arrayContaining(Object.keys(step.with)));
      expect(Object.keys(step.with)).toContain("codex-auth-json");
    }
  });

  test("shows no refresh job without a write token or App", () => {
    const refreshing = snippets
      .flatMap((snippet) => stepsOfOurs(parse(snippet)))
      // A host's own login is never written back.
      .filter((step) => step.with.refresh !== "never" && step.with["home-lifetime"] !== "persistent");

    for (const { with: inputs } of refreshing) {
      const credential = inputs["secret-write-token"] ?? (inputs["client-id"] && inputs["private-key"]);
      expect(credential).toMatch(/^\$\{\{ secrets\./);
    }
  });

  test("passes no --sandbox to a bare codex: it would switch the protection of the login off", () => {
    expect(snippets.filter((snippet) => /codex exec[^\n]*--sandbox/.test(snippet))).toEqual([]);
  });
});
