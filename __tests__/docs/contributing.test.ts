import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const { dependencies, devDependencies, optionalDependencies, scripts } = JSON.parse(
  readFileSync("package.json", "utf8"),
) as Record<string, Record<string, string>>;
const contributing = readFileSync("CONTRIBUTING.md", "utf8");

test("CONTRIBUTING.md justifies each dependency, and no other", () => {
  const rows =
    contributing.slice(contributing.indexOf("## Why each dependency")).match(/^\| `.+?` \|/gm) ?? [];
  const named = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

  const present = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  expect(named.sort()).toEqual(present.sort());
});

test.each(["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/maintaining.md"])(
  "the npm scripts that %s names exist",
  (file) => {
    const named = [...readFileSync(file, "utf8").matchAll(/npm run ([a-z:-]+)/g)].map(
      ([, name = ""]) => name,
    );

    expect(named.filter((name) => !(name in (scripts ?? {})))).toEqual([]);
  },
);
