import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Claim, writeClaim } from "../../src/core/claim/claim.ts";
import { type Ledger, ledgerOf, windowOf } from "../../src/core/claim/ledger.ts";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { type Claimed, claimLogin } from "../../src/login/claim-login.ts";
import { storePending } from "../../src/login/finish-killed-main.ts";
import type { UnstoredPosition } from "../../src/login/position.ts";
import type { Section } from "../../src/login/section.ts";
import type { StoreOutcome } from "../../src/login/store-outcome.ts";
import { finishPending, repair, storeRotated } from "../../src/login/store-rotated.ts";
import { MemoryLedger, PLACE, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";
import { claimHanded, openJob, openSectionOf } from "./open-job.ts";

const MINUTE_MS = 60_000;
/** Of another phase, or another job. */
const OTHER = { bytes: (count: number) => new Uint8Array(count).fill(9) };

let jobs: RefreshJobs;
let ledgerFile: MemoryLedger;
let section: Section;
let claimed: Claimed;
let home: { holdsOnlyCopy: boolean };

beforeEach(async () => {
  jobs = new RefreshJobs();
  ledgerFile = new MemoryLedger();
  section = openSectionOf(jobs, { ledgerFile });
  claimed = await claim();
  home = { holdsOnlyCopy: true };
});

async function claim(): Promise<Claimed> {
  const where = { kind: "current", login: jobs.login, predecessor: null, origin: null, takeover: 0 } as const;
  const outcome = await claimLogin(section, { ...where, updatedAt: updatedAt() });
  if (outcome.kind !== "claimed") throw new Error(`it is ${outcome.kind}`);
  return outcome;
}

function updatedAt(): Date {
  return jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
}

function store(login: AuthJson, kind: "rotated" | "renewed" = "rotated"): Promise<StoreOutcome> {
  return storeRotated(section, { outcome: { kind, login }, claimed, home });
}

/** The same refresh token, and new tokens beside it. */
function renew(): AuthJson {
  return loginNamed("0", { issuedAt: new Date("2026-11-22T11:00:30.000Z") });
}

function refuseWrites(status = 403): void {
  jobs.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET)
      throw new GitHubError(`GitHub's API answered ${status}.`, { status });
  };
}

/** What is known where, at the moment in which the secret is written. */
function atWrite<Known>(look: () => Known): Known[] {
  const known: Known[] = [];
  jobs.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) known.push(look());
  };
  return known;
}

describe("a login that Codex has rotated", () => {
  test("is on disk, in the handoff and in the claim before it is written", async () => {
    const next = jobs.issuer.rotate();
    const known = atWrite(() => ({
      disk: ledgerFile.ledger,
      noted: jobs.handoff.under(jobs.login).at(-1)?.login,
      claim: jobs.claim(),
    }));

    await store(next);

    const own = { name: claimed.held.name, holder: claimed.held.claim.holder };
    expect(known).toMatchObject([
      {
        disk: { login: next, predecessor: jobs.login, claim: own, before: claimed.updatedAt, stored: false },
        noted: next,
        claim: { state: "rotated", next: claimName(next, PLACE) },
      },
    ]);
  });

  test("is stored, and nothing else holds the only copy of it", async () => {
    const next = jobs.issuer.rotate();

    expect(await store(next)).toMatchObject({
      kind: "stored",
      ledger: { login: next, stored: true, claim: null, before: updatedAt() },
    });
    expect(jobs.stored.isSameGeneration(next)).toBe(true);
    expect(jobs.claim()).toMatchObject({ state: "stored", after: updatedAt() });
    expect(home.holdsOnlyCopy).toBe(false);
  });

  test.each([
    ["neither the ledger nor the handoff takes it", true, "read-only", true],
    ["the ledger takes it", false, "read-only", false],
    ["the handoff takes it, and the ledger does not", true, "well", true],
  ] as const)(
    "has the only copy that post finds in the private home where %s: %s",
    async (_, isFull, state, only) => {
      if (isFull)
        ledgerFile.save = async () => {
          throw new Error("full");
        };
      jobs.handoff.state = state;
      refuseWrites();

      expect((await store(jobs.issuer.rotate())).kind).toBe("pending");
      expect(home.holdsOnlyCopy).toBe(only);
    },
  );

  test("and stored at last needs no copy in the private home, whoever else took none", async () => {
    ledgerFile.save = async () => {
      throw new Error("full");
    };
    jobs.handoff.state = "read-only";

    expect((await store(jobs.issuer.rotate())).kind).toBe("stored");
    expect(home.holdsOnlyCopy).toBe(false);
  });

  test.each([
    ["is told in the claim while nobody may have taken that over", 10 * MINUTE_MS - 1, "rotated"],
    ["is not told in a claim that others may have taken over", 10 * MINUTE_MS, "open"],
  ])("%s", async (_, ageMs, state) => {
    const next = jobs.issuer.rotate();
    jobs.clock.advance(claimed.held.since.monotonicMs + ageMs - jobs.clock.monotonicMs());
    const known = atWrite(() => jobs.claim()?.state);

    await store(next);

    expect(known).toEqual([state]);
  });

  test("is written over what this run was handed, where the secret was written before the run was created", async () => {
    const next = jobs.issuer.rotate();
    jobs.clock.advance(MINUTE_MS);
    jobs.store.set(SECRET, jobs.login.line().reveal());
    const at = new Date(updatedAt().getTime() + 1000);
    const runInformation = {
      ...section.runInformation,
      readTime: async () => ({ kind: "known", at }) as const,
    };
    section = { ...section, runInformation };
    const { isHanded } = claimed;

    claimed = { ...claimed, isHanded: false };
    expect(await store(next)).toMatchObject({ kind: "refused" });
    expect(jobs.stored.isSameGeneration(jobs.login)).toBe(true);
    claimed = { ...claimed, isHanded };
    expect(await store(next)).toMatchObject({ kind: "stored" });
    expect(jobs.stored.isSameGeneration(next)).toBe(true);
  });

  test("is not written over what came after this run was created", async () => {
    const next = jobs.issuer.rotate();
    jobs.clock.advance(MINUTE_MS);
    jobs.store.set(SECRET, loginNamed("person").line().reveal());

    expect(await store(next)).toMatchObject({
      kind: "refused",
      failure: { code: "secret-changed-elsewhere" },
    });
  });

  test("lets claims go that nobody needs any more", async () => {
    const name = claimName(loginNamed("old"), PLACE);
    const value = writeClaim({ ...claimed.held.claim, state: "stored" });
    jobs.store.variables.kept.set(name, { name, value, createdAt: new Date("2026-09-01T00:00:00.000Z") });

    await store(jobs.issuer.rotate());

    expect(jobs.store.variables.kept.has(name)).toBe(false);
  });
});

describe("a login whose tokens were renewed under the same refresh token", () => {
  test("is stored, and its claim given back: nothing was spent", async () => {
    const known = atWrite(() => jobs.claim()?.state);

    expect(await store(renew(), "renewed")).toMatchObject({ kind: "stored", ledger: { claim: null } });

    expect(jobs.stored.accessToken.equals(renew().accessToken)).toBe(true);
    expect(known).toEqual(["open"]);
    expect(jobs.claim()).toBeNull();
  });

  test("and could not be stored is stored by post: its claim is given back, and keeps nobody from it", async () => {
    refuseWrites();
    expect(await store(renew(), "renewed")).toMatchObject({ kind: "pending" });
    expect(jobs.claim()).toBeNull();
    jobs.store.interfere = () => {};

    expect(await storePending({ ...section, ledgerFile })).toMatchObject({ kind: "stored" });
    expect(jobs.stored.accessToken.equals(renew().accessToken)).toBe(true);
  });

  describe.each([0, 1])("and could not be stored, with the claim (takeover %d)", (takeover) => {
    beforeEach(async () => {
      if (takeover === 0) return;
      const { held } = claimed;
      await section.claims.tell(held.name, held.claim, { released: true });
      const again = await claimLogin(section, { ...claimed, kind: "current", origin: null, takeover });
      if (again.kind !== "claimed") throw new Error(`it is ${again.kind}`);
      claimed = again;
    });

    test.each([
      ["lost on its way to be deleted", true, "post"],
      ["deleted", false, "post"],
      ["lost on its way to be deleted", true, "the next step"],
      ["deleted", false, "the next step"],
    ] as const)("%s (%s), is stored by %s", async (_, isLost, by) => {
      refuseWrites();
      const { variables } = jobs.store;
      variables.interfere = (request) => {
        if (isLost && request === "DELETE") throw new GitHubError("no answer", { status: null });
      };
      expect(await store(renew(), "renewed")).toMatchObject({ kind: "pending" });
      expect(jobs.claim(jobs.login, takeover) !== null).toBe(isLost);
      jobs.store.interfere = () => {};
      variables.interfere = () => {};
      const left = ledgerFile.ledger;
      if (left === null) throw new Error("there is no ledger");

      const later = openSectionOf(jobs, { ledgerFile, randomness: OTHER });
      const stored = by === "post" ? await storePending(later) : await finishPending(later, left);

      expect(stored).toMatchObject({ kind: "stored" });
      expect(jobs.stored.accessToken.equals(renew().accessToken)).toBe(true);
      expect(jobs.claim(jobs.login, takeover)).toBeNull();
    });

    test("stored by main's second attempt, is given back", async () => {
      let puts = 0;
      jobs.store.interfere = (request, name) => {
        if (request === "PUT" && name === SECRET && ++puts === 1)
          throw new GitHubError("GitHub's API answered 502.", { status: 502 });
      };

      expect(await store(renew(), "renewed")).toMatchObject({ kind: "stored" });

      expect(jobs.stored.accessToken.equals(renew().accessToken)).toBe(true);
      expect(jobs.claim(jobs.login, takeover)).toBeNull();
    });
  });

  test("and that another job has claimed since is left to that one", async () => {
    refuseWrites();
    expect(await store(renew(), "renewed")).toMatchObject({ kind: "pending" });
    jobs.store.interfere = () => {};
    await claimHanded(openJob(jobs, { randomness: OTHER }));

    await storePending(openSectionOf(jobs, { ledgerFile }));

    expect(jobs.stored.accessToken.equals(renew().accessToken)).toBe(false);
    expect(jobs.claim()).toMatchObject({ state: "open" });
  });

  test("and that only the private home has is stored by post under the claim that was made for it", async () => {
    ledgerFile.save = async () => {
      throw new Error("full");
    };
    jobs.handoff.state = "read-only";
    refuseWrites();

    expect(await store(renew(), "renewed")).toMatchObject({ kind: "pending" });

    expect(home.holdsOnlyCopy).toBe(true);
    expect(jobs.claim()).toMatchObject({ state: "open", released: false });
  });
});

describe("a login that an earlier run could not store", () => {
  let next: AuthJson;
  let spent: Claim;

  beforeEach(async () => {
    next = jobs.issuer.rotate();
    spent = { ...claimed.held.claim, state: "rotated", next: claimName(next, PLACE) };
    await section.claims.tell(claimed.held.name, claimed.held.claim, spent);
    jobs.clock.advance(15 * MINUTE_MS);
  });

  function position(takeover = 0): UnstoredPosition {
    const origin = { name: claimed.held.name, createdAt: new Date(0), claim: spent };
    return {
      kind: "to-repair",
      login: next,
      predecessor: jobs.login,
      updatedAt: updatedAt(),
      takeover,
      origin,
    };
  }

  test("is stored from the handoff, and is current then", async () => {
    const outcome = await repair(section, position(1));

    expect(jobs.stored.isSameGeneration(next)).toBe(true);
    expect(outcome).toEqual({ ...position(1), kind: "current", updatedAt: updatedAt() });
    expect(jobs.claim()).toMatchObject({ state: "stored", next: claimName(next, PLACE), after: updatedAt() });
    expect(jobs.log.lines).toContain(
      `An earlier run could not store login ${next.generation}. Storing it now from the handoff.`,
    );
  });

  test("is written under a claim of its own, which bears the number of the takeover", async () => {
    const known = atWrite(() => [jobs.claim(next, 2)?.state, jobs.claim(next)]);

    await repair(section, position(2));

    expect(known).toEqual([["write", null]]);
  });

  test("is stored although nobody can read the claim that led to it", async () => {
    const { origin, ...rest } = position();

    expect(await repair(section, { ...rest, origin: { ...origin, claim: null } })).toMatchObject({
      kind: "current",
    });
    expect(jobs.claim()).toEqual(spent);
  });

  test.each<[string, () => void, string]>([
    ["the write is refused", refuseWrites, "write-token-forbidden"],
    [
      "somebody else has written the secret",
      () => jobs.store.set(SECRET, "a person's"),
      "secret-changed-elsewhere",
    ],
  ])("blocks the way where %s", async (_, happen, code) => {
    const from = position();
    happen();

    expect(await repair(section, from)).toMatchObject({ kind: "blocked", newest: next, failure: { code } });
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      "another job has gone on from it",
      () =>
        section.claims.take(claimName(next, PLACE), { holder: "f".repeat(32), state: "open", before: null }),
    ],
    [
      "it is not known since when the secret holds it",
      async () => {
        jobs.store.interfere = (request, name) => {
          if (request === "PUT answer" && name === SECRET)
            throw new GitHubError("No answer.", { status: null });
        };
      },
    ],
  ])("is looked for again where %s", async (_, happen) => {
    await happen();

    expect(await repair(section, position())).toBeNull();
  });
});

describe("a login that an earlier step of this job could not store", () => {
  let next: AuthJson;
  let ledger: Ledger;

  beforeEach(async () => {
    next = jobs.issuer.rotate();
    const { held } = claimed;
    await section.claims.tell(held.name, held.claim, { state: "rotated", next: claimName(next, PLACE) });
    const own = { name: held.name, holder: held.claim.holder };
    ledger = ledgerOf({ login: next, predecessor: jobs.login, claim: own, before: updatedAt() });
  });

  test("is stored now: in the secret, in the handoff, in the claim and in the ledger", async () => {
    expect(await finishPending(section, ledger)).toMatchObject({ kind: "stored" });

    expect(jobs.stored.isSameGeneration(next)).toBe(true);
    expect(jobs.handoff.under(jobs.login).at(-1)?.login.isSameGeneration(next)).toBe(true);
    expect(jobs.claim()).toMatchObject({ state: "stored", after: updatedAt() });
    expect(ledgerFile.ledger).toMatchObject({ stored: true, claim: null });
  });

  test("is filed for whoever was handed the login before it, or the one of this run", async () => {
    const handed = loginNamed("handed");
    await finishPending({ ...section, handed }, ledger);
    expect(jobs.handoff.under(jobs.login)).toHaveLength(1);
    expect(jobs.handoff.under(handed)).toHaveLength(1);

    const other = loginNamed("other");
    await finishPending({ ...section, handed: other }, { ...ledger, predecessor: null, before: updatedAt() });
    expect(jobs.handoff.under(other)).toHaveLength(1);
    expect(jobs.handoff.under(jobs.login)).toHaveLength(1);
  });

  test.each<[string, () => void]>([
    ["the claim is another's by now", () => {}],
    [
      "no claim was needed",
      () => {
        ledger = { ...ledger, claim: null };
      },
    ],
  ])("is stored, and says nothing in a claim, where %s", async (_, happen) => {
    happen();
    const theirs = { ...claimed.held.claim, holder: "f".repeat(32) };
    await section.claims.tell(claimed.held.name, theirs, {});

    expect(await finishPending(section, ledger)).toMatchObject({ kind: "stored" });
    expect(jobs.claim()).toEqual(theirs);
  });

  test("is stored although that step was ended while it held the claim to write it", async () => {
    const { claim } = claimed.held;
    await section.claims.take(claimName(next, PLACE), { holder: claim.holder, state: "write", before: null });

    expect(await finishPending(section, ledger)).toMatchObject({ kind: "stored" });
    expect(jobs.stored.isSameGeneration(next)).toBe(true);
    expect(jobs.claim(next)).toBeNull();
  });

  test("may have been stored by a write whose answer nobody has heard", async () => {
    jobs.clock.advance(MINUTE_MS);
    const writes = [windowOf(jobs.clock.rightNow(), 0)];
    jobs.store.set(SECRET, next.line().reveal());

    expect(await finishPending(section, { ...ledger, writes })).toMatchObject({ kind: "stored" });
  });
});
