import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { storePending } from "../../src/login/finish-killed-main.ts";
import type { SectionOutcome } from "../../src/login/section.ts";
import type { Services } from "../../src/login/services.ts";
import { MemoryLedger, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";

const MINUTE_MS = 60_000;
const REFUSED = new GitHubError("GitHub's API answered 403.", { status: 403 });

let jobs: RefreshJobs;
/** The job whose tokens were renewed, and whose write was refused. */
let services: Services;

beforeEach(async () => {
  jobs = new RefreshJobs();
  jobs.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) throw REFUSED;
  };
  jobs.issuer.interfere = () => "renews";
  services = { ...jobs.services(), ledgerFile: new MemoryLedger() };
  const outcome = await jobs.newRun("auto", services)();
  expect(outcome).toMatchObject({ kind: "refreshed", rotated: false, storing: { kind: "pending" } });
  jobs.issuer.interfere = () => "decides";
});

async function refreshNext(): Promise<SectionOutcome> {
  jobs.clock.advance(MINUTE_MS);
  return jobs.newRun("force")();
}

function allowWrites(): void {
  jobs.store.interfere = () => {};
}

describe("a login whose renewed tokens could not be stored", () => {
  test("has no note, which would hide the one of the job that rotates it", async () => {
    expect(jobs.handoff.under(jobs.login)).toEqual([]);
    expect(await refreshNext()).toMatchObject({
      rotated: true,
      storing: { kind: "pending", inHandoff: true },
    });

    await storePending(services);

    allowWrites();
    jobs.clock.advance(11 * MINUTE_MS);
    jobs.runStatus = "ended";
    expect(await refreshNext()).toMatchObject({ rotated: true, storing: { kind: "stored" } });
    expect(jobs.stored.refreshToken.reveal()).toBe(jobs.issuer.living);
    expect(new Set(jobs.issuer.presented.slice(1)).size).toBe(jobs.issuer.presented.length - 1);
  });

  test("is refreshed by the job after one that did not succeed", async () => {
    allowWrites();
    jobs.issuer.interfere = () => "unavailable";
    await expect(refreshNext()).rejects.toMatchObject({ code: "refresh-unavailable" });
    jobs.issuer.interfere = () => "decides";

    expect(await refreshNext()).toMatchObject({ rotated: true, storing: { kind: "stored" } });
  });
});
