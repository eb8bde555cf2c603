import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chooseRepository, refuseOtherCheckout, repositoryAt } from "../../src/cli/origin.ts";

const at = (origin: string | null) => ({ directory: "/checkout", origin: async () => origin });
const octoApp = { owner: "octo", repository: "app" };

describe("the repository that a checkout's origin names", () => {
  test.each([
    "https://github.com/octo/app.git",
    "https://github.com/octo/app",
    "https://github.com/octo/app/",
    "https://user@github.example/octo/app.git",
    "ssh://git@github.com/octo/app.git",
    "ssh://git@github.com:22/octo/app.git",
    "git@github.com:octo/app.git",
    "git@work.alias:octo/app",
    "git@github.com:/octo/app.git",
  ])("%s", (url) => {
    expect(repositoryAt(url)).toEqual(octoApp);
  });

  test.each(["", "/srv/git/app.git", "../app", "file:///srv/app.git", "https://github.com/octo", "a/b/c/d"])(
    "none in %j",
    (url) => {
      expect(repositoryAt(url)).toBeNull();
    },
  );

  test("any text is one or none, and never an error", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        repositoryAt(text);
      }),
    );
  });
});

describe("the repository that is meant", () => {
  test("is the named one, whatever the origin is", async () => {
    expect(await chooseRepository(at("git@github.com:other/thing"), "octo/app")).toEqual(octoApp);
  });

  test("is the origin's, when none is named", async () => {
    expect(await chooseRepository(at("git@github.com:octo/app"), undefined)).toEqual(octoApp);
  });

  test("is asked for, when there is no origin", async () => {
    await expect(chooseRepository(at(null), undefined)).rejects.toMatchObject({
      code: "input-invalid",
      hint: expect.stringContaining("--repo OWNER/NAME"),
    });
  });
});

describe("workflows", () => {
  test.each([["git@github.com:octo/app"], ["https://github.com/Octo/App.git"], [null]])(
    "go into a checkout of %j",
    async (origin) => {
      await refuseOtherCheckout(at(origin), octoApp);
    },
  );

  test("do not go into the checkout of another repository", async () => {
    await expect(refuseOtherCheckout(at("git@github.com:octo/other"), octoApp)).rejects.toMatchObject({
      code: "workflows-outside-checkout",
      message: "This is a checkout of octo/other, not of octo/app.",
    });
  });
});
