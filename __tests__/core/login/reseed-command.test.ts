import { expect, test } from "@jest/globals";
import { reseedCommand, reseedHint } from "../../../src/core/login/reseed-command.ts";

const PLACE = {
  owner: "octo",
  repository: "app",
  repositoryId: "7000001",
  environment: null,
  secretName: "CODEX_AUTH_JSON",
};

test("logs in, stores the login, and leaves none behind", () => {
  expect(reseedCommand(PLACE)).toBe(
    `home=$(mktemp -d) && CODEX_HOME=$home codex -c 'cli_auth_credentials_store="file"' login && ` +
      'gh secret set CODEX_AUTH_JSON --repo octo/app < "$home/auth.json" && rm -r "$home"',
  );
});

test("names the environment as a word of a shell", () => {
  expect(reseedCommand({ ...PLACE, environment: "codex" })).toContain("--repo octo/app --env codex <");
  expect(reseedCommand({ ...PLACE, environment: "it's live" })).toContain(`--env 'it'\\''s live' <`);
});

test("is what a hint says", () => {
  expect(reseedHint(PLACE)).toMatch(/^Log in again,.* and store that login: `home=.*`\.$/);
  expect(reseedHint(PLACE)).toContain(reseedCommand(PLACE));
});
