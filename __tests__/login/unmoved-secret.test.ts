import { beforeEach, describe, expect, test } from "@jest/globals";
import { ledgerOf } from "../../src/core/claim/ledger.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { Services } from "../../src/login/services.ts";
import { demandUnmovedSecret } from "../../src/login/unmoved-secret.ts";
import { MemoryLedger, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { Chain } from "./chain.ts";

const U = new Date("2026-11-22T10:00:00.000Z");
const LATER = new Date("2026-11-22T10:30:00.000Z");

let jobs: RefreshJobs;
let chain: Chain;
let ledgerFile: MemoryLedger;
let services: Services;

beforeEach(() => {
  jobs = new RefreshJobs();
  chain = new Chain(jobs);
  ledgerFile = new MemoryLedger(
    ledgerOf({ login: chain.at(1), predecessor: chain.at(0), before: U, stored: true }),
  );
  services = { ...jobs.services(), ledgerFile };
  chain.secret(3, LATER);
});

/** Whether it is said that somebody has written the secret. */
async function isTold(): Promise<boolean> {
  try {
    await demandUnmovedSecret(services);
    return false;
  } catch (error) {
    expect(error).toMatchObject({
      code: "secret-changed-elsewhere",
      message: expect.stringMatching(
        /^Somebody has written the .* after this job stored the refreshed login there\.$/,
      ),
      hint: expect.stringMatching(/`gh secret set`.*Dispatch maintenance/),
    });
    return true;
  }
}

describe("a secret that was written after this job has stored its login", () => {
  test("is told of", async () => {
    expect(await isTold()).toBe(true);
  });

  test("is told of also where claims tell of other logins, or cannot be read", async () => {
    chain.stored(2, U);
    chain.edit(3);
    chain.claim(0, { state: "stored", next: chain.name(1), after: U });

    expect(await isTold()).toBe(true);
  });

  test.each<[string, () => void]>([
    ["by a job that has gone on from this login", () => chain.claim(1)],
    ["by a seed or a refresh that says so", () => chain.stored(2, LATER)],
    ["by this job, whose write could not be confirmed", () => chain.rotated(0)],
  ])("%s is no surprise", async (_, happen) => {
    happen();

    expect(await isTold()).toBe(false);
  });

  test.each([
    ["in that second", U],
    ["before", new Date(U.getTime() - 1000)],
  ])("is none if it was written %s", async (_, at) => {
    chain.secret(1, at);

    expect(await isTold()).toBe(false);
  });

  test("is none if there is none any more", async () => {
    jobs.store.secrets.delete(SECRET);

    expect(await isTold()).toBe(false);
  });
});

describe("a job asks nobody whether its secret was written", () => {
  test.each<[string, () => void]>([
    ["it knows of no login", () => (ledgerFile.ledger = null)],
    [
      "it has stored none",
      () => {
        if (ledgerFile.ledger) ledgerFile.ledger = { ...ledgerFile.ledger, stored: false };
      },
    ],
    [
      "it does not know since when",
      () => {
        if (ledgerFile.ledger) ledgerFile.ledger = { ...ledgerFile.ledger, before: new Date(0) };
      },
    ],
  ])("where %s", async (_, happen) => {
    happen();
    let asked = false;
    jobs.store.interfere = () => {
      asked = true;
    };

    expect(await isTold()).toBe(false);
    expect(asked).toBe(false);
  });

  test("where it has no write token", async () => {
    services = { ...services, writeCredential: null };

    expect(await isTold()).toBe(false);
  });

  test("in vain: where GitHub does not answer, that is told when debugging", async () => {
    jobs.store.interfere = () => {
      throw new GitHubError("No.", { status: 403 });
    };

    expect(await isTold()).toBe(false);
    expect(jobs.log.debugged).toEqual(["GitHub did not say whether the secret is as this job left it. No."]);
  });
});
