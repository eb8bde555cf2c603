import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { credentialStoreIn, whyNoFile } from "../../../src/core/codex/credential-store.ts";

describe("where Codex keeps its login", () => {
  test.each(["file", "keyring", "auto", "ephemeral"] as const)(
    "is %s, if the config.toml says so",
    (store) => {
      expect(
        credentialStoreIn(`model = "x"\ncli_auth_credentials_store = "${store}"\n[features]\na = true`),
      ).toBe(store);
    },
  );

  test.each([
    null,
    "",
    "model = 1",
    'cli_auth_credentials_store = "else"',
    "[x]\ncli_auth_credentials_store = 1",
    "= broken",
  ])("is not said by %j", (config) => {
    expect(credentialStoreIn(config)).toBeNull();
  });

  test("is read from any text", () => {
    fc.assert(fc.property(fc.string(), (text) => void credentialStoreIn(text)));
  });

  test("explains a file that is not there", () => {
    expect(whyNoFile("keyring", "linux")).toMatch(/keychain of the system \(.*"keyring"/);
    expect(whyNoFile("auto", "linux")).toMatch(/keychain of the system where there is one \(.*"auto"/);
    expect(whyNoFile("ephemeral", "linux")).toContain("memory");
    expect(whyNoFile(null, "darwin")).toContain("keychain");
    expect(whyNoFile(null, "linux")).toBeNull();
    expect(whyNoFile("file", "darwin")).toBeNull();
  });
});
