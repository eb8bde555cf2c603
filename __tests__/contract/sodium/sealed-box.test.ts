import { describe, expect, test } from "@jest/globals";
import { sodiumSealedBox } from "../../../src/adapters/sodium/sealed-box.ts";
import { GitHubError } from "../../../src/core/failure/github-error.ts";
import { Secret } from "../../../src/core/login/secret.ts";

describe("a public key that is none", () => {
  test.each([
    ["is empty", new Uint8Array(0)],
    ["is a byte short", new Uint8Array(31).fill(7)],
    ["is a byte long", new Uint8Array(33).fill(7)],
    ["is a point of which everybody knows the secret", new Uint8Array(32)],
  ])("because it %s seals nothing, and is GitHub's fault", async (_, key) => {
    const sealing = sodiumSealedBox.seal(new Secret("rt_CANARY"), { id: "1", key });

    await expect(sealing).rejects.toBeInstanceOf(GitHubError);
    await expect(sealing).rejects.not.toThrow("CANARY");
  });
});
