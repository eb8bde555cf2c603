import { describe, expect, test } from "@jest/globals";
import { looksLikeCredential } from "../../../src/core/login/credential-like.ts";
import { authJson, jwt } from "./documents.ts";

describe("a credential", () => {
  test.each([
    ["a fine-grained token", `github_pat_11ABCDEFG0${"x1Y2z3".repeat(10)}`],
    ["an installation token", `ghs_${"aB3dE6".repeat(6)}`],
    ["a classic token of old", "0123456789abcdef0123456789abcdef01234567"],
    ["an API key", `sk-proj-${"aB3_dE6fG7hJ8-".repeat(5)}`],
    ["a JWT", jwt({ exp: 1 })],
    ["an auth.json", JSON.stringify(authJson())],
    ["a pretty auth.json", JSON.stringify(authJson(), null, 2)],
    ["base64 of one", Buffer.from(JSON.stringify(authJson())).toString("base64")],
    [
      "a private key",
      `-----BEGIN RSA PRIVATE KEY-----\n${"MIIEow1BAAKCAQEA".repeat(4)}\n-----END RSA PRIVATE KEY-----`,
    ],
    ["a path and a key behind it", "~/.netrc 0a1b2c3d4e5f6a7b8c9d"],
    ["twenty characters", "0a1b2c3d4e5f6a7b8c9d"],
    ["eight letters and digits among words", "prod-0a1b2c3d-prod-prod"],
    ["a random UUID", "3f2a9c1e-77aa-4b0d-9c3e-5d1f0a2b4c6d"],
  ])("is %s", (_what, value) => {
    expect(looksLikeCredential(value)).toBe(true);
    expect(looksLikeCredential(` ${value}\n`)).toBe(true);
  });

  test.each([
    ["nothing", ""],
    ["a dash", "-"],
    ["a digit", "1"],
    ["a letter", "a"],
    ["a slash", "/"],
    ["a truth", "true"],
    ["a word", "production"],
    ["a program", "node"],
    ["a directory", "/home/runner/work/_temp"],
    ["a directory with a number in it", "/home/runner/work/a1b2c3d4e5f6/_temp"],
    ["a directory in quotation marks", '"/home/runner/work/a1b2c3d4e5f6/_temp"'],
    ["nineteen characters", "0a1b2c3d4e5f6a7b8c9"],
    ["seven letters and digits among words", "prod-0a1b2c3-prod-prod"],
    ["twenty dashes", "-".repeat(20)],
    ["a file in the home", "~/.codex/auth.json"],
    ["a directory of Windows", "D:\\a\\_temp\\0a1b2c3d4e5f"],
    ["an address", "https://api.openai.com/v1/0a1b2c3d4e5f"],
    ["a repository", "some-owner/some-repository-with-a-long-name"],
    ["a ref", "refs/heads/feature/of-the-season-2026"],
    ["a runner", "GitHub Actions 1000123456"],
    ["an image", "ubuntu-24.04-arm64-large-runners"],
    ["a date", "2026-11-26T03:44:33.000Z"],
    ["words", "put the content of your auth.json here"],
    ["a locale", "en_US.UTF-8"],
    ["a list of words", '["self-hosted","linux","x64"]'],
  ])("is not %s", (_what, value) => {
    expect(looksLikeCredential(value)).toBe(false);
    expect(looksLikeCredential(` ${value}\n`)).toBe(false);
  });
});
