import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Claim } from "../../src/core/claim/claim.ts";
import { ledgerOf } from "../../src/core/claim/ledger.ts";
import { claimName } from "../../src/core/claim/name.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { type Claimed, claimForJob, claimLogin, standingClaim } from "../../src/login/claim-login.ts";
import { type HeldClaim, ownOf } from "../../src/login/claims.ts";
import type { CurrentPosition } from "../../src/login/position.ts";
import type { Section } from "../../src/login/section.ts";
import { MemoryLedger, PLACE, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";
import { openSectionOf } from "./open-job.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

let jobs: RefreshJobs;
let isCancelled: boolean;
let section: Section;
let position: CurrentPosition;

beforeEach(() => {
  jobs = new RefreshJobs();
  isCancelled = false;
  section = openSectionOf(jobs, { cancellation: { requested: () => isCancelled } });
  position = {
    kind: "current",
    login: jobs.login,
    predecessor: null,
    updatedAt: updatedAt(),
    takeover: 0,
    origin: null,
  };
});

function updatedAt(): Date {
  return jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
}

/** What post would be told now. */
function state(): unknown {
  const saved = jobs.channel.saved.get("critical-section");
  return saved ? JSON.parse(saved) : null;
}

function claimElsewhere(login: AuthJson, change: Partial<Claim> = {}): void {
  jobs.claimElsewhere(claimName(login, PLACE), change);
}

/** Does something as a claim is created: before it is there, or just after. */
function atClaim(when: "before" | "after", act: () => void): void {
  const { variables } = jobs.store;
  const create = variables.create.bind(variables);
  variables.create = async (name, value) => {
    if (when === "before") act();
    const made = await create(name, value);
    if (when === "after") act();
    return made;
  };
}

async function claimed(from = position, by = section): Promise<Claimed> {
  const outcome = await claimLogin(by, from);
  if (outcome.kind !== "claimed") throw new Error(`it is ${outcome.kind}`);
  return outcome;
}

describe("a login that is claimed", () => {
  test("is for this job alone, and GitHub says since which secret", async () => {
    const outcome = await claimed();

    const { origin: _, ...reached } = position;
    expect(outcome).toMatchObject({ ...reached, kind: "claimed", isHanded: true });
    expect(jobs.claim()).toEqual(outcome.held.claim);
    expect(jobs.claim()).toMatchObject({ state: "open", before: position.updatedAt, wholeJob: false });
  });

  test("is for the whole job where the whole login stands in the home", async () => {
    await claimed(position, openSectionOf(jobs, {}, { claimFor: "whole-job" }));

    expect(jobs.claim()).toMatchObject({ wholeJob: true });
  });

  test("is known to post before GitHub is asked for the claim", async () => {
    let known: unknown = null;
    atClaim("before", () => {
      known = state();
    });

    const { held } = await claimed();

    expect(known).toEqual({ directory: null, process: null, claim: ownOf(held) });
    expect(state()).toEqual(known);
  });

  test.each([
    ["reached from a claim", { origin: { name: "X", createdAt: new Date(0), claim: null } }],
    ["another one", { login: loginNamed("another") }],
  ])("is not the one that the run was given where it is %s", async (_, change) => {
    expect((await claimed({ ...position, ...change })).isHanded).toBe(false);
  });
});

describe("a login is not claimed", () => {
  test("in a job that is cancelled, and post has nothing to finish", async () => {
    isCancelled = true;

    await expect(claimLogin(section, position)).rejects.toMatchObject({ code: "cancelled" });
    expect(jobs.store.variables.kept.names).toEqual([]);
    expect(state()).toBeNull();
  });

  test("in a job that is cancelled meanwhile: the claim is given back", async () => {
    atClaim("after", () => {
      isCancelled = true;
    });

    await expect(claimLogin(section, position)).rejects.toMatchObject({ code: "cancelled" });
    expect(jobs.claim()).toBeNull();
    expect(state()).toBeNull();
  });

  test("where another job was faster, and post has nothing to finish", async () => {
    atClaim("before", () => claimElsewhere(jobs.login));

    expect(await claimLogin(section, position)).toMatchObject({
      kind: "busy",
      seen: { claim: { holder: "e".repeat(32) } },
    });
    expect(jobs.claim()).toMatchObject({ holder: "e".repeat(32), released: false });
    expect(state()).toBeNull();
  });

  test("where another job was faster, and is done: it looks how far that one has come", async () => {
    const next = loginNamed("next");
    await jobs.handoff.save(jobs.login, { login: next, savedAt: new Date(0) });
    atClaim("before", () => {
      jobs.store.set(SECRET, next.line().reveal());
      claimElsewhere(jobs.login, { state: "stored", next: claimName(next, PLACE), after: updatedAt() });
    });

    expect(await claimLogin(section, position)).toMatchObject({ kind: "current", login: next });
    expect(state()).toBeNull();
  });

  test("where there is a claim that GitHub does not show: post looks whether it is ours", async () => {
    jobs.store.variables.create = async () => "exists";

    expect(await claimLogin(section, position)).toEqual({ kind: "busy", newest: jobs.login, seen: null });
    expect(state()).toMatchObject({ process: null, claim: { name: section.claims.nameOf(jobs.login) } });
  });

  test.each([
    ["a moment before the claim", "before"],
    ["a moment after it", "after"],
  ] as const)("where the secret was written %s: this run was not given that login", async (_, when) => {
    atClaim(when, () => {
      jobs.clock.advance(MINUTE_MS);
      jobs.store.set(SECRET, loginNamed("person").line().reveal());
    });

    expect(await claimLogin(section, position)).toMatchObject({ kind: "stale", missing: "secret-is-newer" });
    expect(jobs.claim()).toBeNull();
    expect(state()).toBeNull();
  });

  test("where the secret was written and this run has been given that: it looks where things stand", async () => {
    section = openSectionOf(jobs, {
      runInformation: {
        ...section.runInformation,
        readTime: async () => ({ kind: "known", at: new Date(jobs.clock.rightNow().getTime() + SECOND_MS) }),
      },
    });
    atClaim("before", () => {
      jobs.clock.advance(MINUTE_MS);
      jobs.store.set(SECRET, jobs.login.line().reveal());
    });

    expect(await claimLogin(section, position)).toMatchObject({ kind: "current", updatedAt: updatedAt() });
    // What was reached from a claim was not given to this run, whenever that was created.
    const origin = { name: "X", createdAt: new Date(0), claim: null };
    expect(await claimLogin(section, { ...position, origin })).toMatchObject({ kind: "stale" });
  });

  test("where the machine sleeps until others may take the claim over: it stays, and nobody waits for it", async () => {
    atClaim("after", () => jobs.clock.advance(8 * MINUTE_MS));

    expect((await claimLogin(section, position)).kind).not.toBe("claimed");
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
    expect(state()).toBeNull();
  });
});

describe("the claim that an earlier step has made for the whole job", () => {
  const ledger = (claim: { name: string; holder: string } | null) =>
    ledgerOf({ login: jobs.login, predecessor: null, before: position.updatedAt, claim, stored: true });

  async function heldForJob(): Promise<HeldClaim> {
    return (await claimed(position, openSectionOf(jobs, {}, { claimFor: "whole-job" }))).held;
  }

  test("still stands while GitHub says so, and work under it may begin anew", async () => {
    const held = await heldForJob();
    jobs.clock.advance(60 * MINUTE_MS);

    const standing = await standingClaim(section, ledger(ownOf(held)));

    expect(standing).toMatchObject({
      kind: "claimed",
      login: jobs.login,
      predecessor: null,
      updatedAt: position.updatedAt,
      held: { name: held.name, claim: held.claim },
      takeover: 0,
      isHanded: false,
    });
    expect(standing && section.claims.isFresh(standing.held)).toBe(true);
  });

  test.each<[string, Partial<Claim>]>([
    ["under which the login was spent", { state: "rotated" }],
    ["that was given up", { released: true }],
    ["that is only for a refresh", { wholeJob: false }],
    ["of another job", { holder: "f".repeat(32) }],
  ])("%s is none", async (_, change) => {
    const held = await heldForJob();
    await section.claims.tell(held.name, held.claim, change);

    expect(await standingClaim(section, ledger(ownOf(held)))).toBeNull();
  });

  test("that cannot be read any more is none", async () => {
    const { name, claim } = await heldForJob();
    jobs.store.variables.kept.set(name, { name, value: "edited", createdAt: new Date(0) });

    expect(await standingClaim(section, ledger({ name, holder: claim.holder }))).toBeNull();
  });

  test("is none where the ledger knows of none", async () => {
    await heldForJob();

    expect(await standingClaim(section, ledger(null))).toBeNull();
  });
});

describe("a login that this job has stored, and that is to stand in its home,", () => {
  const earlier = { updatedAt: new Date("2026-11-22T09:00:00.000Z") };
  const stored = () =>
    ledgerOf({ login: jobs.login, predecessor: null, before: position.updatedAt, stored: true });

  test("is claimed for the whole job; post and the next steps know of it", async () => {
    const ledgerFile = new MemoryLedger();
    let known: unknown = null;
    atClaim("before", () => {
      known = state();
    });

    const ledger = await claimForJob({ ...section, ledgerFile }, stored(), earlier);

    expect(jobs.claim()).toMatchObject({
      state: "open",
      before: position.updatedAt,
      wholeJob: true,
      holder: ledger.claim?.holder,
    });
    expect(known).toEqual({ directory: null, process: null, claim: ledger.claim });
    expect(ledgerFile.ledger).toEqual(ledger);
  });

  test("is not for it where another job has claimed it since, whose claim stays", async () => {
    claimElsewhere(jobs.login);

    await expect(claimForJob(section, stored(), earlier)).rejects.toMatchObject({ code: "claim-busy" });
    expect(jobs.claim()).toMatchObject({ holder: "e".repeat(32) });
  });

  test("is not for it where the secret was written since: the claim is given back", async () => {
    jobs.store.set(SECRET, jobs.login.line().reveal());

    await expect(claimForJob(section, stored(), earlier)).rejects.toMatchObject({ code: "claim-busy" });
    expect(jobs.claim()).toBeNull();
  });

  test("is claimed whatever the secret's time where the write could not be confirmed", async () => {
    jobs.store.set(SECRET, jobs.login.line().reveal());

    expect(await claimForJob(section, stored(), { updatedAt: position.updatedAt })).toMatchObject({
      claim: { name: section.claims.nameOf(jobs.login) },
    });
  });

  test("is not for it where the machine's disk takes no ledger: the claim is given back", async () => {
    const ledgerFile = new MemoryLedger();
    ledgerFile.save = async () => {
      throw new Error("full");
    };

    await expect(claimForJob({ ...section, ledgerFile }, stored(), earlier)).rejects.toMatchObject({
      code: "home-unwritable",
    });
    expect(jobs.claim()).toBeNull();
  });
});
