import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { systemError } from "./ports/files.ts";
import { SECRET } from "./refresh-jobs.ts";
import { BASE, codeOf, LOGIN, Step } from "./step.ts";

let step: Step;

/** The disk takes no ledger once Codex has been asked, and GitHub refuses main's write. */
beforeEach(async () => {
  step = new Step();
  await step.pre();
  step.files.interfere = (operation, path) => {
    if (operation === "write" && path === `${BASE}/ledger` && step.issuer.presented.length > 0)
      throw systemError("ENOSPC");
  };
  step.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET)
      throw new GitHubError("GitHub's API answered 403.", { status: 403 });
  };
  expect(await step.main()).toBe("success");
  expect(step.report).toMatchObject({ rotated: true, stored: false });
});

describe("a rotated login that could neither be stored nor written into the ledger", () => {
  test("is stored by post from its private home", async () => {
    step.store.interfere = () => {};

    expect(await step.post()).toBe("success");
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.channel.summaries[0]).toContain("**refreshed and stored**");
  });

  test("and of which nothing is left fails the job, whatever the ledger says of the login before it", async () => {
    await step.files.remove(LOGIN);
    step.channel.saved.set("critical-section", "");

    expect(codeOf(await step.post())).toBe("write-back-pending");
  });
});
