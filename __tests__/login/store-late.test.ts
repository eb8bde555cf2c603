import { beforeEach, describe, expect, test } from "@jest/globals";
import { type ClaimState, writeClaim } from "../../src/core/claim/claim.ts";
import { windowOf } from "../../src/core/claim/ledger.ts";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { type HeldClaim, ownOf } from "../../src/login/claims.ts";
import type { Services } from "../../src/login/services.ts";
import { type LateLogin, letGoOf, storeLate } from "../../src/login/store-late.ts";
import type { StoreOutcome } from "../../src/login/store-outcome.ts";
import { MemoryLedger, PLACE, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";
import { claimHanded, openJob } from "./open-job.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const SILENCE = new GitHubError("GitHub's API did not answer.", { status: null });

let jobs: RefreshJobs;
let ledgerFile: MemoryLedger;
let services: Services;
/** The claim of this job's main. */
let held: HeldClaim;
/** What main has rotated, or renewed. */
let next: AuthJson;
let before: Date;
/** How the claim on the handed login stood at each write of the secret. */
let claimsAtWrites: (ClaimState | undefined)[];

beforeEach(async () => {
  jobs = new RefreshJobs();
  ledgerFile = new MemoryLedger();
  services = { ...jobs.services(), ledgerFile };
  before = updatedAt();
  held = await claimHanded(openJob(jobs));
  next = jobs.issuer.rotate();
  jobs.clock.advance(MINUTE_MS);
  claimsAtWrites = [];
  jobs.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) claimsAtWrites.push(jobs.claim()?.state);
  };
});

function store(instead: Partial<LateLogin> = {}): Promise<StoreOutcome> {
  return storeLate(services, { login: next, predecessor: jobs.login, claim: ownOf(held), ...instead });
}

function updatedAt(): Date {
  return jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
}

function tell(change: Partial<HeldClaim["claim"]>): void {
  const { name, claim } = held;
  const known = jobs.store.variables.kept.get(name);
  if (!known) throw new Error("there is no claim");
  jobs.store.variables.kept.set(name, { ...known, value: writeClaim({ ...claim, ...change }) });
}

function refuseWrites(status: number): void {
  jobs.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET)
      throw new GitHubError(`GitHub's API answered ${status}.`, { status });
  };
}

/** GitHub does not answer the next questions about claims. */
function silenceClaims(times: number): void {
  let left = times;
  jobs.store.variables.interfere = (request) => {
    if (request === "GET" && left-- > 0) throw SILENCE;
  };
}

/** Of a note that the handoff has now, under the login that the run was handed. */
function noted(): AuthJson | undefined {
  return jobs.handoff.under(jobs.login).at(-1)?.login;
}

describe("what main has rotated and left behind", () => {
  test("is stored, and the claim, the handoff and the ledger say so", async () => {
    tell({ before });
    const beganMs = jobs.clock.monotonicMs();

    const outcome = await store();

    expect(jobs.clock.monotonicMs() - beganMs).toBeLessThan(2 * SECOND_MS);

    expect(jobs.stored.isSameGeneration(next)).toBe(true);
    expect(outcome).toMatchObject({
      kind: "stored",
      ledger: { before: updatedAt(), claim: null, stored: true, writes: [] },
    });
    expect(claimsAtWrites).toEqual(["rotated"]);
    expect(jobs.claim()).toMatchObject({
      state: "stored",
      next: claimName(next, PLACE),
      after: updatedAt(),
      released: true,
    });
    expect(noted()?.isSameGeneration(next)).toBe(true);
    expect(ledgerFile.ledger).toMatchObject({ stored: true });
    expect(jobs.store.openSessions).toBe(1);
  });

  test("is written as the job that holds the claim: another phase of it goes on from there", async () => {
    const names: string[] = [];
    jobs.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET) names.push(jobs.claim(next)?.holder ?? "");
    };

    await store({ before });

    expect(names).toEqual([held.claim.holder]);
  });

  test("is stored where GitHub shows the claim some seconds late", async () => {
    const { read } = jobs.store.variables;
    const untilMs = jobs.clock.monotonicMs() + 9 * SECOND_MS;
    jobs.store.variables.read = async (name) => (jobs.clock.monotonicMs() < untilMs ? null : read(name));

    expect((await store({ before })).kind).toBe("stored");
  });

  test("is stored where a write of main's has landed without an answer, and nothing is written again", async () => {
    jobs.store.set(SECRET, next.line().reveal());
    const writes = [windowOf(jobs.clock.rightNow(), SECOND_MS)];

    expect(await store({ before, writes })).toMatchObject({ kind: "stored" });
    expect(claimsAtWrites).toEqual([]);
  });

  test("is not stored again where the claim says that it is", async () => {
    tell({ state: "stored", next: claimName(next, PLACE), after: before });

    expect(await store({ before })).toMatchObject({ kind: "stored" });
    expect(claimsAtWrites).toEqual([]);
    expect(noted()).toBeUndefined();
  });

  test("is stored where the claim says that it came of it", async () => {
    tell({ state: "rotated", next: claimName(next, PLACE) });

    expect(await store({ before })).toMatchObject({ kind: "stored" });
  });

  test("is stored without a claim where main needed none", async () => {
    await openJob(jobs).claims.giveBack(ownOf(held));

    expect(await store({ before, claim: null })).toMatchObject({ kind: "stored" });
    expect(jobs.claim()).toBeNull();
  });

  test("but kept the refresh token is stored, and needs no claim afterwards", async () => {
    const renewed = loginNamed("0", { issuedAt: new Date("2026-11-22T11:00:30.000Z") });
    expect(renewed.refreshToken.equals(jobs.login.refreshToken)).toBe(true);

    expect(await store({ before, login: renewed })).toMatchObject({ kind: "stored" });
    expect(claimsAtWrites).toEqual(["open"]);
    expect(jobs.claim()).toBeNull();
  });

  test("but kept the refresh token needs no claim either where it cannot be stored: nothing is spent", async () => {
    refuseWrites(403);
    const renewed = loginNamed("0", { issuedAt: new Date("2026-11-22T11:00:30.000Z") });

    expect(await store({ before, login: renewed })).toMatchObject({ kind: "pending" });
    expect(jobs.claim()).toBeNull();
  });
});

describe("what main has rotated is not ours to store", () => {
  test.each<[string, () => void]>([
    ["GitHub knows no claim of ours", () => jobs.store.variables.kept.delete(held.name)],
    ["the claim is another job's", () => tell({ holder: "f".repeat(32) })],
    ["another login came of it", () => tell({ state: "rotated", next: claimName(loginNamed("x"), PLACE) })],
  ])("where %s: neither the secret nor the handoff gets it", async (_, happen) => {
    happen();

    expect(await store({ before })).toMatchObject({
      kind: "refused",
      rescue: null,
      failure: {
        code: "write-back-refused",
        message: expect.stringContaining("does not agree with the claim that GitHub holds"),
        hint: expect.stringMatching(/^Run maintenance\./),
      },
    });
    expect(claimsAtWrites).toEqual([]);
    expect(noted()).toBeUndefined();
  });
});

describe("what main has rotated is still to be written", () => {
  test("where the write is refused: the handoff has it, and nobody waits for this job", async () => {
    refuseWrites(403);

    expect(await store({ before })).toMatchObject({
      kind: "pending",
      inHandoff: true,
      failure: { code: "write-token-forbidden" },
      rescue: expect.stringContaining("gh api --method PUT"),
      ledger: { login: next, stored: false, claim: ownOf(held) },
    });
    expect(noted()?.isSameGeneration(next)).toBe(true);
    expect(jobs.claim()).toMatchObject({ state: "rotated", next: claimName(next, PLACE), released: true });
  });

  test("where the handoff does not take it either", async () => {
    refuseWrites(403);
    jobs.handoff.state = "read-only";

    expect(await store({ before })).toMatchObject({ kind: "pending", inHandoff: false });
  });

  test("after a minute of trying", async () => {
    refuseWrites(502);
    const beganMs = jobs.clock.monotonicMs();

    await store({ before });

    const tookMs = jobs.clock.monotonicMs() - beganMs;
    expect(tookMs).toBeGreaterThan(30 * SECOND_MS);
    expect(tookMs).toBeLessThanOrEqual(61 * SECOND_MS);
  });

  test("where this phase has no write token: the handoff has it", async () => {
    services = { ...services, writeCredential: null };

    expect(await store({ before })).toMatchObject({
      kind: "pending",
      inHandoff: true,
      rescue: null,
      failure: { code: "write-token-missing" },
    });
    expect(jobs.handoff.under(jobs.login)).toMatchObject([{ savedAt: jobs.clock.now() }]);
  });

  test("where GitHub does not tell of the claim, and nothing else says what may be written over", async () => {
    silenceClaims(99);

    expect(await store()).toMatchObject({
      kind: "pending",
      inHandoff: true,
      rescue: null,
      failure: { code: "github-unreachable", message: expect.stringContaining("did not answer") },
    });
    expect(claimsAtWrites).toEqual([]);
  });
});

describe("a claim of which GitHub does not tell at first", () => {
  test("is asked for once more where only it says what may be written over", async () => {
    tell({ before });
    silenceClaims(3);

    expect(await store()).toMatchObject({ kind: "stored" });
    expect(jobs.claim()).toMatchObject({ state: "stored" });
  });

  test("may then say that the login is not ours to store", async () => {
    tell({ before, holder: "f".repeat(32) });
    silenceClaims(3);

    expect(await store()).toMatchObject({ kind: "refused" });
    expect(claimsAtWrites).toEqual([]);
  });

  test("is not needed where the ledger says what may be written over", async () => {
    silenceClaims(3);

    expect(await store({ before })).toMatchObject({ kind: "stored" });
    expect(jobs.stored.isSameGeneration(next)).toBe(true);
    expect(jobs.claim()).toMatchObject({ state: "open" });
  });

  test("says nothing of what may be written over if it was made without looking", async () => {
    tell({ before: null });

    expect(await store()).toMatchObject({ kind: "pending", failure: { code: "github-unreachable" } });
    expect(jobs.claim()).toMatchObject({ state: "rotated", next: claimName(next, PLACE) });
  });
});

describe("a claim under which nothing was stored", () => {
  const letGo = (sent: "nothing" | "perhaps", name = held.name): Promise<void> =>
    letGoOf(services, { name, holder: held.claim.holder }, { sent });

  test("is deleted where nothing was sent", async () => {
    await letGo("nothing");

    expect(jobs.claim()).toBeNull();
  });

  test("stays where something may have been sent, and nobody waits for it", async () => {
    await letGo("perhaps");

    expect(jobs.claim()).toEqual({ ...held.claim, released: true });
  });

  test("is deleted where it was a takeover: the first claim stands for the doubt", async () => {
    const { claims } = openJob(jobs);
    const name = claims.nameOf(jobs.login, 3);
    await claims.take(name, { holder: held.claim.holder, state: "open", before });

    await letGo("perhaps", name);

    expect(jobs.claim(jobs.login, 3)).toBeNull();
    expect(jobs.claim()).toEqual(held.claim);
  });

  test.each<[string, Partial<HeldClaim["claim"]>]>([
    ["says that the login was spent", { state: "rotated" }],
    ["is another job's", { holder: "f".repeat(32) }],
  ])("stays as it is where it %s", async (_, change) => {
    tell(change);

    await letGo("perhaps");

    expect(jobs.claim()).toMatchObject({ ...change, released: false });
  });

  test.each<[string, () => void]>([
    ["where GitHub does not tell of it", () => silenceClaims(99)],
    [
      "in a phase without a write token",
      () => {
        services = { ...services, writeCredential: null };
      },
    ],
  ])("stays as it is %s, and is no failure", async (_, happen) => {
    happen();

    await letGo("perhaps");
    await letGo("nothing");

    expect(jobs.claim()).toEqual(held.claim);
  });
});
