import { beforeEach, describe, expect, test } from "@jest/globals";
import { ledgerOf } from "../../src/core/claim/ledger.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { type HeldClaim, ownOf } from "../../src/login/claims.ts";
import { writeWorkingCopy } from "../../src/login/home.ts";
import type { Services } from "../../src/login/services.ts";
import { storeChangedHome } from "../../src/login/store-home.ts";
import type { StoreOutcome } from "../../src/login/store-outcome.ts";
import { MemoryProcesses } from "../action/ports/processes.ts";
import { MemoryLedger, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";
import { claimHanded, openJob } from "./open-job.ts";

const BASE = "/temp/base";
const HOME = `${BASE}/home`;
const AUTH = `${BASE}/login/auth.json`;
const MINUTE_MS = 60_000;

let jobs: RefreshJobs;
let ledgerFile: MemoryLedger;
let processes: MemoryProcesses;
let services: Services;
let held: HeldClaim;
let written: string | null;

beforeEach(async () => {
  jobs = new RefreshJobs();
  processes = new MemoryProcesses(jobs.clock);
  held = await claimHanded(openJob(jobs));
  const before = jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
  ledgerFile = new MemoryLedger(
    ledgerOf({ login: jobs.login, predecessor: null, before, claim: ownOf(held), stored: true }),
  );
  services = { ...jobs.services(), ledgerFile, processes };
  written = await writeWorkingCopy(jobs.files, { home: HOME, base: BASE }, jobs.login.whole());
});

function store(until: "job-goes-on" | "job-ends" = "job-ends"): Promise<StoreOutcome | null> {
  return storeChangedHome(services, { home: HOME, base: BASE, written }, until);
}

/** Codex, or anybody, writes the file in the home. */
async function leave(login: AuthJson | string): Promise<void> {
  await jobs.files.write(AUTH, typeof login === "string" ? login : login.whole().reveal());
}

function later(name: string, options: { account?: string } = {}): AuthJson {
  return loginNamed(name, { issuedAt: new Date("2026-11-22T11:30:00.000Z"), ...options });
}

describe("a home that is as it was", () => {
  test("leaves no claim when the job ends", async () => {
    expect(await store()).toBeNull();
    expect(jobs.claim()).toBeNull();
  });

  test("keeps its claim while the job goes on", async () => {
    expect(await store("job-goes-on")).toBeNull();
    expect(jobs.claim()).toEqual(held.claim);
  });

  test("leaves a claim in doubt where Codex may have refreshed: its access token is about to end", async () => {
    jobs.clock.advance(23 * 60 * MINUTE_MS - 5 * MINUTE_MS);

    expect(await store()).toBeNull();
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
  });

  test("leaves a claim in doubt while somebody still uses it, who may write it a moment later", async () => {
    processes.start(HOME, MINUTE_MS);

    expect(await store("job-goes-on")).toBeNull();
    expect(jobs.claim()).toEqual(held.claim);
    expect(await store()).toBeNull();
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
  });

  test("leaves a claim in doubt where the file was written again with the same login", async () => {
    await leave(jobs.login);

    expect(await store()).toBeNull();
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
  });

  test("is so where nobody knows any more what a later step has written", async () => {
    await jobs.files.remove(`${BASE}/written`);

    expect(await store()).toBeNull();
    expect(jobs.claim()).toBeNull();
  });

  test("is so also where a later step of ours has written it", async () => {
    await writeWorkingCopy(jobs.files, { home: HOME, base: BASE }, jobs.login.whole());

    expect(await store()).toBeNull();
    expect(jobs.claim()).toBeNull();
  });
});

describe("a login in the home that was not claimed", () => {
  test.each([
    ["there is no ledger", false],
    ["the ledger knows of no claim", true],
  ])("is nobody's, and not stored: %s", async (_, hasLedger) => {
    const { ledger } = ledgerFile;
    ledgerFile.ledger = hasLedger && ledger ? { ...ledger, claim: null } : null;
    await leave(later("next"));

    expect(await store()).toBeNull();
    expect(jobs.stored.isSameGeneration(jobs.login)).toBe(true);
    expect(jobs.claim()).toEqual(held.claim);
  });
});

describe("a login that Codex has rotated in the home", () => {
  test("is hidden, stored, and said to be another one", async () => {
    const next = later("next");
    await leave(next);

    expect(await store()).toMatchObject({ kind: "stored", ledger: { login: next, predecessor: jobs.login } });

    expect(jobs.stored.isSameGeneration(next)).toBe(true);
    expect(jobs.claim()).toMatchObject({ state: "stored" });
    expect(jobs.log.masked).toContain(next.refreshToken.reveal());
    expect(jobs.log.lines).toEqual([
      `The login in the home has changed: ${jobs.login.generation} became ${next.generation}.`,
    ]);
  });

  test("is stored also while the job goes on", async () => {
    await leave(later("next"));

    expect(await store("job-goes-on")).toMatchObject({ kind: "stored" });
  });

  test("is stored if its access token was issued in the same second", async () => {
    const next = loginNamed("next", { issuedAt: jobs.login.accessTokenIssuedAt });
    await leave(next);

    expect(await store()).toMatchObject({ kind: "stored" });
  });

  test("is stored where only its tokens were renewed", async () => {
    const renewed = later("0");
    await leave(renewed);

    expect(await store()).toMatchObject({ kind: "stored" });
    expect(jobs.stored.accessToken.equals(renewed.accessToken)).toBe(true);
    expect(jobs.claim()).toBeNull();
  });

  test("is stored where this job was handed the same login, and renewed it", async () => {
    services = { ...services, handed: later("0") };
    await leave(later("0"));

    expect(await store()).toMatchObject({ kind: "stored" });
  });
});

describe("a login that somebody has put into the home", () => {
  const issued = new Date("2026-11-22T09:59:59.000Z");

  test.each<[string, AuthJson, (login: AuthJson) => void]>([
    ["is older than that of this job", loginNamed("old", { issuedAt: issued }), () => {}],
    ["is of another account", later("other", { account: "account-2" }), () => {}],
    [
      "is the one that this job was handed, before an earlier step rotated it",
      later("handed"),
      (login) => {
        services = { ...services, handed: login };
      },
    ],
    [
      "is the one before",
      later("before"),
      (login) => {
        const { ledger } = ledgerFile;
        ledgerFile.ledger = ledger && { ...ledger, predecessor: login };
      },
    ],
  ])("and that %s is not stored", async (_, login, happen) => {
    happen(login);
    await leave(login);

    await expect(store()).rejects.toMatchObject({
      code: "write-back-refused",
      message: expect.stringMatching(/older .* or of another account.* The secret is as it was\.$/),
      hint: expect.stringContaining("Remove the step that writes an auth.json into CODEX_HOME"),
    });
    expect(jobs.stored.isSameGeneration(jobs.login)).toBe(true);
    expect(jobs.claim()).toEqual(held.claim);
  });
});

test("a home without a file is not as it was, whatever is known of the file", async () => {
  written = null;
  await jobs.files.remove(AUTH);

  await expect(store()).rejects.toMatchObject({ code: "refresh-broke-login" });
  expect(jobs.claim()).toMatchObject({ released: true });
});

describe("a file in the home that is no login", () => {
  const leavings: [string, () => Promise<void>, string][] = [
    ["no file at all", () => jobs.files.remove(AUTH), "Codex left no auth.json."],
    ["half a file", () => leave('{"tokens":{"'), "no refresh token"],
  ];

  test.each(leavings)("leaves a claim in doubt when the job ends: %s", async (_, act, message) => {
    await act();

    await expect(store()).rejects.toMatchObject({
      code: "refresh-broke-login",
      message: expect.stringContaining(message),
    });
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
  });

  test.each(leavings)("keeps its claim while the job goes on: %s", async (_, act) => {
    await act();

    await expect(store("job-goes-on")).rejects.toMatchObject({ code: "refresh-broke-login" });
    expect(jobs.claim()).toEqual(held.claim);
  });
});
