import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chooseRepository, refuseOtherCheckout, repositoryAt } from "../../src/cli/origin.ts";

const at = (origin: string | null) => ({ directory: "/checkout", origin: async () => origin });
const API = "https://api.github.com";
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
    "github.com:octo/app",
    "HTTPS://GitHub.com/octo/app.git",
    "git+ssh://git@github.com/octo/app.git",
    "ssh://git@ssh.github.com:443/octo/app.git",
  ])("%s", (url) => {
    expect(repositoryAt(url)).toMatchObject(octoApp);
  });

  test.each([
    "",
    "/srv/git/app.git",
    "../app",
    "file:///srv/app.git",
    "C:/git/app",
    "https://github.com/octo",
    "a/b/c/d",
  ])("none in %j", (url) => {
    expect(repositoryAt(url)).toBeNull();
  });

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
    expect(await chooseRepository(at("git@github.com:other/thing"), "octo/app", API)).toEqual(octoApp);
  });

  test("is the origin's, when none is named", async () => {
    expect(await chooseRepository(at("git@github.com:octo/app"), undefined, API)).toMatchObject(octoApp);
  });

  test("is asked for, when there is no origin", async () => {
    await expect(chooseRepository(at(null), undefined, API)).rejects.toMatchObject({
      code: "input-invalid",
      hint: expect.stringContaining("--repo OWNER/NAME"),
    });
  });
});

describe("an origin", () => {
  test.each([
    ["https://github.com/octo/app.git", API],
    ["https://x-access-token:CANARY@github.com/octo/app", API],
    ["https://www.github.com/octo/app", API],
    ["git@GitHub.com:octo/app.git", API],
    ["ssh://git@github.com/octo/app.git", API],
    ["ssh://git@ssh.github.com:443/octo/app.git", API],
    ["git@ssh.github.com:octo/app.git", API],
    ["git@octo.ghe.com:octo/app.git", "https://api.octo.ghe.com"],
    ["ssh://git@github.example:2222/octo/app", "https://github.example/api/v3"],
    ["https://github.example:8443/octo/app", "https://github.example:8443/api/v3"],
    ["git@github.com:octo/app", "http://127.0.0.1:8080"],
  ])("names the repository where it is at the GitHub that is asked: %s, %s", async (origin, api) => {
    expect(await chooseRepository(at(origin), undefined, api)).toMatchObject(octoApp);
  });

  test.each([
    ["https://gitlab.com/octo/app.git", API],
    ["git@gitlab.com:octo/app.git", API],
    ["git@work.alias:octo/app", API],
    ["work:octo/app", API],
    ["https://github.com.evil.example/octo/app", API],
    ["https://github.com@evil.example/octo/app", API],
    ["ssh://git@notgithub.com/octo/app", API],
    ["https://x-access-token:CANARY@github.example/octo/app", API],
    ["git@github.com:octo/app", "https://github.example/api/v3"],
  ])("at another host does not, without being quoted: %s, %s", async (origin, api) => {
    const chosen = chooseRepository(at(origin), undefined, api);

    await expect(chosen).rejects.toMatchObject({
      code: "input-invalid",
      message: expect.stringMatching(/^`--repo` is missing, and the remote `origin`/),
      hint: expect.stringContaining("--repo OWNER/NAME"),
    });
    await expect(chosen).rejects.toMatchObject({ message: expect.not.stringContaining("CANARY") });
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
