import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { reseedCommand, reseedHint } from "../../../src/core/login/reseed-command.ts";

const PLACE = {
  owner: "octo",
  repository: "app",
  repositoryId: "7000001",
  environment: null,
  secretName: "CODEX_AUTH_JSON",
};

test("seeds again where the login is kept", () => {
  expect(reseedCommand(PLACE)).toBe("npx codex-auth-roundtrip seed --repo octo/app --reseed");
  expect(reseedCommand({ ...PLACE, environment: "codex", secretName: "MINE" })).toBe(
    "npx codex-auth-roundtrip seed --repo octo/app --environment codex --secret-name MINE --reseed",
  );
});

test("names the environment as a word of a shell", () => {
  expect(reseedCommand({ ...PLACE, environment: "it's live" })).toContain(`--environment 'it'\\''s live' `);
});

test("is what a hint says", () => {
  expect(reseedHint(PLACE)).toBe(`Log in again, and store that login: \`${reseedCommand(PLACE)}\`.`);
});

// Codex writes its file in many lines, and GitHub masks a secret line by line.
test("nothing that we say stores a file of Codex's as it is", () => {
  const said = ["src", "docs"]
    .flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => `${root}/${name}`),
    )
    .filter((path) => /\.(ts|md)$/.test(path))
    .map((path) => readFileSync(path, "utf8"));
  const ofOthers = /^-.*$/gm;
  expect(said.length).toBeGreaterThan(100);
  for (const text of said)
    expect(text.replace(ofOthers, "")).not.toMatch(/gh secret set[^\n]*< ?\S*auth\.json/);
});
