import { beforeEach, describe, expect, test } from "@jest/globals";
import { ledgerOf, windowOf } from "../../src/core/claim/ledger.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { type HeldClaim, ownOf } from "../../src/login/claims.ts";
import { recover, storePending } from "../../src/login/finish-killed-main.ts";
import { makePrivateHome, type PrivateHome } from "../../src/login/private-home.ts";
import type { OpenCriticalSection } from "../../src/login/section-state.ts";
import type { Services } from "../../src/login/services.ts";
import type { StoreOutcome } from "../../src/login/store-outcome.ts";
import { MemoryProcesses } from "../action/ports/processes.ts";
import { MemoryLedger, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";
import { claimHanded, openJob } from "./open-job.ts";

const MINUTE_MS = 60_000;

let jobs: RefreshJobs;
let ledgerFile: MemoryLedger;
let processes: MemoryProcesses;
let services: Services;
let held: HeldClaim;
let place: PrivateHome;
let before: Date;

beforeEach(async () => {
  jobs = new RefreshJobs();
  ledgerFile = new MemoryLedger();
  processes = new MemoryProcesses(jobs.clock);
  services = { ...jobs.services(), ledgerFile, processes };
  const job = openJob(jobs);
  held = await claimHanded(job);
  before = jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
  await job.claims.tell(held.name, held.claim, { before });
  place = await makePrivateHome(services, jobs.login);
});

function recoverFrom(section: Partial<OpenCriticalSection> = {}): Promise<StoreOutcome | null> {
  const began = { directory: place.directory, process: { pid: 1, startedAt: null }, claim: ownOf(held) };
  return recover(services, { ...began, ...section });
}

/** What Codex has left in the private home. */
async function leave(login: AuthJson | string): Promise<void> {
  await jobs.files.write(
    `${place.home}/auth.json`,
    typeof login === "string" ? login : login.whole().reveal(),
  );
}

function privateFiles(): readonly string[] {
  return [...jobs.files.contents.keys()].filter((path) => path.startsWith(place.directory));
}

describe("a main that was killed after Codex had rotated the login", () => {
  test("is finished: the login is hidden, stored, and nothing is left of the private home", async () => {
    const next = jobs.issuer.rotate();
    await leave(next);

    expect(await recoverFrom()).toMatchObject({
      kind: "stored",
      ledger: { login: next, predecessor: jobs.login },
    });

    expect(jobs.stored.isSameGeneration(next)).toBe(true);
    expect(jobs.claim()).toMatchObject({ state: "stored" });
    expect(jobs.log.masked).toContain(next.refreshToken.reveal());
    expect(jobs.log.lines).toContain("Main was not done with the login when it ended; finishing it.");
    expect(privateFiles()).toEqual([]);
  });

  test("and while Codex is still at work is finished after it", async () => {
    const next = jobs.issuer.rotate();
    const process = processes.start("/elsewhere", 20_000, () => {
      jobs.files.contents.set(`${place.home}/auth.json`, next.whole().reveal());
    });

    expect(await recoverFrom({ process })).toMatchObject({ kind: "stored" });
    expect(jobs.stored.isSameGeneration(next)).toBe(true);
  });

  test("and after a write without an answer goes by the ledger of that login: nothing is written again", async () => {
    const next = jobs.issuer.rotate();
    await leave(next);
    jobs.clock.advance(MINUTE_MS);
    jobs.store.set(SECRET, next.line().reveal());
    const writes = [windowOf(jobs.clock.rightNow(), 1000)];
    ledgerFile.ledger = ledgerOf({ login: next, predecessor: jobs.login, before, writes });
    let puts = 0;
    jobs.store.interfere = (request) => {
      if (request === "PUT") puts += 1;
    };

    expect(await recoverFrom()).toMatchObject({ kind: "stored" });
    expect(puts).toBe(0);
  });

  test("goes by no ledger of another login", async () => {
    const next = jobs.issuer.rotate();
    await leave(next);
    jobs.clock.advance(MINUTE_MS);
    jobs.store.set(SECRET, "a person's");
    const writes = [windowOf(jobs.clock.rightNow(), 1000)];
    ledgerFile.ledger = ledgerOf({ login: jobs.login, predecessor: null, before, writes });

    expect(await recoverFrom()).toMatchObject({ kind: "refused" });
    expect(jobs.store.secrets.get(SECRET)?.value).toBe("a person's");
  });
});

describe("a main that was killed when it was done with the private home", () => {
  test("has stored the login, if the ledger says so: by a write, too, of which nobody heard an answer", async () => {
    const next = jobs.issuer.rotate();
    await leave(next);
    jobs.clock.advance(MINUTE_MS);
    jobs.store.set(SECRET, next.line().reveal());
    ledgerFile.ledger = ledgerOf({ login: next, predecessor: jobs.login, before, stored: true });

    expect(await recoverFrom()).toMatchObject({ kind: "stored" });
  });

  test("and had given the claim of renewed tokens back leaves them to be stored by the ledger", async () => {
    const renewed = loginNamed("0", { issuedAt: jobs.clock.rightNow() });
    await leave(renewed);
    ledgerFile.ledger = ledgerOf({ login: renewed, predecessor: jobs.login, before });
    await openJob(jobs).claims.giveBack(ownOf(held));

    expect(await recoverFrom()).toMatchObject({ kind: "stored" });
    expect(jobs.stored.isSameGeneration(renewed)).toBe(true);
    expect(jobs.claim()).toBeNull();
  });
});

describe("a main that was killed when Codex had rotated a login whose access token was to look expired", () => {
  beforeEach(async () => {
    place = await makePrivateHome(services, jobs.login, jobs.login.withExpiredAccessToken());
  });

  test("has a note under that login, as the next job is given it", async () => {
    const next = jobs.issuer.rotate();
    await leave(next);
    services = { ...services, handed: loginNamed("earlier") };

    await recoverFrom();

    expect(jobs.handoff.under(jobs.login).map(({ login }) => login.generation)).toEqual([next.generation]);
  });

  test("or had not rotated it has stored nothing", async () => {
    expect(await recoverFrom()).toBeNull();
    expect(jobs.stored.isSameGeneration(jobs.login)).toBe(true);
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
  });
});

describe("a main that was killed before anything was rotated", () => {
  test("leaves a claim in doubt where Codex had been started", async () => {
    expect(await recoverFrom()).toBeNull();

    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
    expect(privateFiles()).toEqual([]);
  });

  test.each<[string, Partial<OpenCriticalSection>]>([
    ["Codex had not been started", { process: null }],
    ["there was no private home yet", { process: null, directory: null }],
  ])("leaves no claim where %s: nothing was sent", async (_, section) => {
    const beganMs = jobs.clock.monotonicMs();

    expect(await recoverFrom(section)).toBeNull();

    expect(jobs.claim()).toBeNull();
    expect(jobs.clock.monotonicMs() - beganMs).toBeLessThan(1000);
  });

  test("leaves a claim in doubt where nobody can say any more what was in the private home", async () => {
    await jobs.files.remove(`${place.directory}/predecessor.json`);
    await leave(jobs.issuer.rotate());

    expect(await recoverFrom()).toBeNull();
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
    expect(jobs.stored.isSameGeneration(jobs.login)).toBe(true);
  });

  test("leaves a claim in doubt where Codex has left no login, and says so", async () => {
    await leave('{"tokens":');

    await expect(recoverFrom()).rejects.toMatchObject({ code: "refresh-broke-login" });
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
  });
});

describe("what the ledger knows to be still to be stored", () => {
  test("is hidden, and stored", async () => {
    const next = jobs.issuer.rotate();
    ledgerFile.ledger = ledgerOf({ login: next, predecessor: jobs.login, claim: ownOf(held), before });

    expect(await storePending(services)).toMatchObject({ kind: "stored" });
    expect(jobs.stored.isSameGeneration(next)).toBe(true);
    expect(jobs.claim()).toMatchObject({ state: "stored" });
    expect(jobs.log.masked).toContain(next.refreshToken.reveal());
  });

  test("may have been stored by a write whose answer nobody has heard", async () => {
    const next = jobs.issuer.rotate();
    jobs.clock.advance(MINUTE_MS);
    jobs.store.set(SECRET, next.line().reveal());
    const writes = [windowOf(jobs.clock.rightNow(), 1000)];
    ledgerFile.ledger = ledgerOf({
      login: next,
      predecessor: jobs.login,
      claim: ownOf(held),
      before,
      writes,
    });

    expect(await storePending(services)).toMatchObject({ kind: "stored", ledger: { before } });
  });

  test.each<[string, () => void]>([
    ["there is no ledger", () => {}],
    [
      "all of it is stored",
      () => {
        const next = loginNamed("next");
        ledgerFile.ledger = ledgerOf({ login: next, predecessor: jobs.login, before, stored: true });
      },
    ],
    [
      "this job has rotated nothing",
      () => {
        ledgerFile.ledger = ledgerOf({ login: loginNamed("next"), predecessor: null, before });
      },
    ],
  ])("is nothing where %s", async (_, happen) => {
    happen();

    expect(await storePending(services)).toBeNull();
    expect(jobs.stored.isSameGeneration(jobs.login)).toBe(true);
  });
});
