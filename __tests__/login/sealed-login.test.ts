import { describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { SealedLogin } from "../../src/login/sealed-login.ts";
import { loginNamed } from "../action/step.ts";

describe("a login that is sealed", () => {
  test("is sealed for a key that is asked for again where the first one was none", async () => {
    const keys = ["none", "good"];
    const login = loginNamed("one");
    const sealed = new SealedLogin(
      {
        session: {
          store: { publicKey: async () => ({ id: keys.shift() ?? "", key: new Uint8Array(32) }) },
        } as never,
        box: {
          seal: async (_, { id }) => {
            if (id === "none") throw new GitHubError("no key", { status: null });
            return { keyId: id, encryptedValue: "box" };
          },
        },
        place: {} as never,
        handed: login,
      },
      { login },
    );

    await expect(sealed.seal()).rejects.toBeInstanceOf(GitHubError);
    expect(await sealed.seal()).toEqual({ keyId: "good", encryptedValue: "box" });
    expect(await sealed.seal()).toEqual({ keyId: "good", encryptedValue: "box" });
  });
});
