import { beforeEach, describe, expect, test } from "@jest/globals";
import type { SeenClaim } from "../../src/core/claim/claim.ts";
import {
  claimAfter,
  isBusy,
  lookForNote,
  type Successor,
  successorOf,
  takeoverOf,
} from "../../src/login/successor.ts";
import type { OpenServices } from "../../src/login/write-session.ts";
import { PLACE, RefreshJobs } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";
import { Chain } from "./chain.ts";
import { openJob } from "./open-job.ts";

const U = new Date("2026-11-22T10:00:00.000Z");

let jobs: RefreshJobs;
let chain: Chain;
let services: OpenServices;

beforeEach(() => {
  jobs = new RefreshJobs();
  jobs.runStatus = "ended";
  chain = new Chain(jobs);
  services = openJob(jobs);
});

async function seen(generation = 0, takeover = 0): Promise<SeenClaim> {
  const claim = await services.claims.read(chain.name(generation, takeover));
  if (claim === null) throw new Error("there is no such claim");
  return claim;
}

async function successor(): Promise<Successor> {
  return successorOf(services, { login: chain.at(0), seen: await seen(), known: [chain.at(0)] });
}

describe("the generation after this one", () => {
  test("is that of the note, which the claim on this one leads to", async () => {
    chain.stored(0, U);
    await chain.note(0);

    expect(await successor()).toMatchObject({
      kind: "found",
      successor: chain.at(1),
      origin: { name: chain.name(0) },
    });
  });

  test("is that of the note where the claim does not say which it is", async () => {
    chain.claim(0);
    await chain.note(0);

    expect(await successor()).toMatchObject({ kind: "found", origin: { name: chain.name(0) } });
  });

  test("is a later one where the note is later, and the claims lead there", async () => {
    chain.stored(0, U);
    chain.rotated(1);
    chain.stored(2, U);
    await chain.note(0, 3);

    expect(await successor()).toMatchObject({
      kind: "found",
      successor: chain.at(3),
      origin: { name: chain.name(2) },
    });
  });

  test("is reached over claims that took others over", async () => {
    chain.stored(0, U);
    chain.claim(1);
    chain.claim(1, {}, { takeover: 1 });
    chain.claim(1, { state: "stored", next: chain.name(2), after: U }, { takeover: 2 });
    await chain.note(0, 2);

    expect(await successor()).toMatchObject({
      kind: "found",
      successor: chain.at(2),
      origin: { name: chain.name(1, 2) },
    });
  });

  test("is not known where the claims lead elsewhere: somebody else has put the note there", async () => {
    chain.stored(0, U);
    await chain.note(0, 3);

    expect(await successor()).toEqual({ kind: "not-answered" });
  });

  test("is not known where the claims lead in a circle", async () => {
    chain.stored(0, U);
    chain.claim(1, { state: "stored", next: chain.name(0), after: U });
    await chain.note(0, 3);

    expect(await successor()).toEqual({ kind: "not-answered" });
  });

  test("may be two hundred rotations away", async () => {
    chain = new Chain(jobs, 202);
    for (let generation = 0; generation < 201; generation++) chain.stored(generation, U);
    await chain.note(0, 201);
    expect((await successor()).kind).toBe("found");

    chain = new Chain(jobs, 203);
    for (let generation = 0; generation < 202; generation++) chain.stored(generation, U);
    await chain.note(0, 202);
    expect((await successor()).kind).toBe("not-answered");
  });

  test("is not one that led here", async () => {
    chain.stored(0, U);
    await chain.note(0, 0);

    expect(await successor()).toEqual({ kind: "not-answered" });
  });

  test("is not there where the handoff has no note", async () => {
    chain.stored(0, U);

    expect(await successor()).toEqual({ kind: "none" });
  });

  test("is a matter of who is at work on the way there", async () => {
    chain.stored(0, U);
    chain.claim(1);
    chain.claim(1, {}, { takeover: 1, ageMs: 0 });
    await chain.note(0, 2);

    expect(await successor()).toMatchObject({ kind: "busy", seen: { name: chain.name(1, 1) } });
  });
});

describe("a claim", () => {
  test.each([
    ["stored", false],
    ["rotated", true],
    ["open", true],
    ["write", true],
  ] as const)(
    "of a job that may be at work: somebody may still act under it if it is %s: %s",
    async (state, busy) => {
      chain.claim(0, { state }, { ageMs: 0 });

      expect(await isBusy(services, await seen())).toBe(busy);
    },
  );

  test("of a job that has ended is nobody's", async () => {
    chain.claim(0);

    expect(await isBusy(services, await seen())).toBe(false);
  });

  test("for another secret says that the login is kept twice", async () => {
    chain.claim(0, { secret: "OTHER_AUTH" });

    await expect(seen().then((claim) => isBusy(services, claim))).rejects.toMatchObject({
      code: "login-shared",
      message: expect.stringMatching(/OTHER_AUTH.*CODEX_AUTH_JSON.*Nothing was refreshed\.$/),
      hint: expect.stringContaining("a login of its own"),
    });
  });

  test("for this secret is for it however the name is written", async () => {
    chain.claim(0, { secret: "codex_auth_json" });
    const place = { ...PLACE, secretName: "Codex_Auth_Json" };

    expect(await isBusy({ ...services, place }, await seen())).toBe(false);
  });

  test("that nobody can read is nobody's after ten minutes", async () => {
    chain.claim(0);

    expect(await isBusy(services, { ...(await seen()), claim: null })).toBe(false);
  });

  test("that took over this one bears the next number, nine at most", async () => {
    for (let takeover = 0; takeover <= 9; takeover++) chain.claim(0, {}, { takeover });

    const following = await claimAfter(services, await seen());
    expect(following?.name).toBe(chain.name(0, 1));
    expect((await claimAfter(services, await seen(0, 8)))?.name).toBe(chain.name(0, 9));
    expect(await claimAfter(services, await seen(0, 9))).toBeNull();
    expect(await claimAfter(services, { ...(await seen()), name: chain.name(1) })).toBeNull();
  });

  test.each([
    ["CODEX_AUTH_CLAIM_00000000000000000000", 0],
    ["CODEX_AUTH_CLAIM_00000000000000000000_R1", 1],
    ["CODEX_AUTH_CLAIM_00000000000000000000_R9", 9],
    ["CODEX_AUTH_CLAIM_R1000000000000000000", 0],
    ["CODEX_AUTH_CLAIM_R5_R3", 3],
    ["X_R2_", 0],
  ])("called %s is takeover %d", (name, takeover) => {
    expect(takeoverOf(name)).toBe(takeover);
  });
});

describe("a note", () => {
  test.each([
    [0, "note", 0],
    [3, "note", 12],
    [9, "not-answered", 12],
  ])(
    "is asked for again, for a quarter of a minute, where the cache does not answer: %d times",
    async (times, kind, seconds) => {
      await chain.note(0);
      let silences = times;
      const { handoff } = jobs;
      const look = handoff.look.bind(handoff);
      handoff.look = async (login) => (silences-- > 0 ? { kind: "not-answered" } : look(login));
      const beganMs = jobs.clock.monotonicMs();

      expect((await lookForNote(services, chain.at(0))).kind).toBe(kind);
      expect((jobs.clock.monotonicMs() - beganMs) / 1000).toBe(seconds);
    },
  );

  test("that is not there is not asked for again", async () => {
    const beganMs = jobs.clock.monotonicMs();

    expect(await lookForNote(services, loginNamed("another"))).toEqual({ kind: "none" });
    expect(jobs.clock.monotonicMs()).toBe(beganMs);
  });
});
