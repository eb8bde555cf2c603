import { beforeEach, describe, expect, test } from "@jest/globals";
import { MAXIMUM_TAKEOVERS } from "../../src/core/claim/claim.ts";
import { findCurrent, isStillInDoubt } from "../../src/login/find-current.ts";
import type { Position } from "../../src/login/position.ts";
import type { OpenServices } from "../../src/login/write-session.ts";
import type { ReadTime } from "../../src/ports/github.ts";
import { RefreshJobs } from "../action/refresh-jobs.ts";
import { Chain } from "./chain.ts";
import { openJob } from "./open-job.ts";

const T0 = new Date("2026-11-22T08:00:00.000Z");
const T1 = new Date("2026-11-22T09:00:00.000Z");
const T2 = new Date("2026-11-22T10:00:00.000Z");
const SECOND_MS = 1000;
/** Since when the secret holds what it holds, and runs created then cannot know whether they were given that. */
const U = T1;
const BEFORE_U = T0;
const AFTER_U = new Date(U.getTime() + SECOND_MS);

let jobs: RefreshJobs;
let chain: Chain;
let created: ReadTime;
let ref: string;
let services: OpenServices;

beforeEach(() => {
  jobs = new RefreshJobs();
  chain = new Chain(jobs);
  chain.secret(0, U);
  jobs.runStatus = "ended";
  createdAt(AFTER_U);
  ref = "default";
  reopen();
});

function createdAt(at: Date): void {
  created = { kind: "known", at };
}

function reopen(): void {
  const { runInformation } = jobs.services();
  services = openJob(jobs, {
    runInformation: { ...runInformation, readTime: async () => created },
    claimant: { run: "1", attempt: 1, ref },
  });
}

function find(from: "handed" | "known" = "handed"): Promise<Position> {
  return findCurrent(services, chain.at(0), { updatedAt: U, from });
}

/** A position in a few words. */
async function found(from: "handed" | "known" = "handed"): Promise<string> {
  const position = await find(from);
  const generation = (login: { generation: string }): number =>
    chain.logins.findIndex((known) => known.generation === login.generation);
  switch (position.kind) {
    case "stale":
      return `stale ${generation(position.newest)}: ${position.missing}`;
    case "busy":
      return `busy ${generation(position.newest)}`;
    default: {
      const { login, predecessor, takeover, origin } = position;
      const from = predecessor === null ? "" : ` from ${generation(predecessor)}`;
      const by =
        origin === null ? "" : ` by ${chain.logins.findIndex((_, at) => chain.name(at) === origin.name)}`;
      return `${position.kind} ${generation(login)}${from}${by}, takeover ${takeover}`;
    }
  }
}

describe("a login of which no claim tells", () => {
  test("is current in a run that was created after the secret was last written", async () => {
    expect(await find()).toEqual({
      kind: "current",
      login: chain.at(0),
      predecessor: null,
      updatedAt: U,
      takeover: 0,
      origin: null,
    });
  });

  test.each([
    ["in that second", U],
    ["before", BEFORE_U],
  ])("may be an old one in a run that was created %s", async (_, at) => {
    createdAt(at);

    expect(await found()).toBe("stale 0: secret-is-newer");
  });

  test("may be an old one where GitHub does not tell when the run was created", async () => {
    created = { kind: "unknown", because: "permission" };

    expect(await found()).toBe("stale 0: run-time-permission");
  });

  test("is no longer known to be current where this job itself has put it there", async () => {
    expect(await found("known")).toBe("stale 0: secret-is-newer");
  });
});

describe("a login that a claim calls the next one", () => {
  const name = () => chain.name(0);

  test.each(["handed", "known"] as const)(
    "is current while the secret is as it was then: %s",
    async (from) => {
      chain.claim(3, { state: "stored", next: name(), after: U });
      createdAt(BEFORE_U);

      expect(await found(from)).toBe("current 0, takeover 0");
    },
  );

  test("is so no longer when the secret was written since", async () => {
    chain.claim(3, { state: "stored", next: name(), after: T0 });

    expect(await found("known")).toBe("stale 0: secret-is-newer");
  });

  test("is not made so by a claim that tells of another one", async () => {
    chain.claim(3, { state: "stored", next: chain.name(2), after: U });

    expect(await found("known")).toBe("stale 0: secret-is-newer");
  });

  test("is not made so by a claim that nobody can read", async () => {
    chain.edit(3);
    chain.claim(2, { state: "stored", next: name(), after: U });

    expect(await found("known")).toBe("current 0, takeover 0");
  });

  test("is spent if a claim on it stands there that the list does not show yet", async () => {
    createdAt(BEFORE_U);
    chain.stored(0, U);
    jobs.store.variables.list = async () => [];

    expect(await found()).toBe("stale 0: secret-is-newer");
    await chain.note(0);
    expect(await found()).toBe("current 1 from 0 by 0, takeover 0");
  });
});

describe("a login that is spent", () => {
  test("and whose next one was stored leads to that", async () => {
    chain.stored(0, U);
    await chain.note(0);

    expect(await find()).toMatchObject({
      kind: "current",
      login: chain.at(1),
      predecessor: chain.at(0),
      updatedAt: U,
      takeover: 0,
      origin: { name: chain.name(0) },
    });
  });

  test("leads on as far as claims and notes go", async () => {
    chain.stored(0, T0);
    chain.stored(1, T0);
    chain.stored(2, U);
    for (const under of [0, 1, 2]) await chain.note(under);

    expect(await found()).toBe("current 3 from 2 by 2, takeover 0");
  });

  test.each([
    [20, "current 20"],
    [21, "current 21"],
    [22, "stale 21: secret-is-newer"],
  ])("%d times leads to: %s", async (times, end) => {
    chain = new Chain(jobs, times + 1);
    for (let under = 0; under < times; under++) {
      chain.stored(under, under === times - 1 ? U : T0);
      await chain.note(under);
    }

    expect(await found()).toMatch(new RegExp(`^${end}( |$)`));
  });

  test.each([
    ["stored", T0, "secret-is-newer"],
    ["stored", U, "secret-is-newer"],
    ["rotated", U, "successor-not-found"],
    ["rotated", T0, "secret-is-newer"],
    ["rotated", null, "secret-is-newer"],
  ] as const)(
    "(%s, at %s) and of whose next one there is no note is an old one: %s",
    async (state, before, missing) => {
      chain.claim(0, { state, before, next: chain.name(1), after: state === "stored" ? U : null });

      expect(await found()).toBe(`stale 0: ${missing}`);
    },
  );

  test("is an old one where the cache does not answer", async () => {
    chain.stored(0, U);
    await chain.note(0);
    jobs.handoff.state = "down";

    expect(await found()).toBe("stale 0: handoff-not-answered");
  });

  test("is an old one where the note leads back", async () => {
    chain.stored(0, T0);
    chain.claim(1, { state: "stored", next: chain.name(0), after: U });
    await chain.note(0);
    await chain.note(1, 0);

    expect(await found()).toBe("stale 1: handoff-not-answered");
  });

  test.each(["open", "write", "rotated"] as const)(
    "is busy while its job may be at work (%s)",
    async (state) => {
      chain.claim(0, { state }, { ageMs: 0 });

      expect(await found()).toBe("busy 0");
    },
  );

  test("is busy while a job may be at work on what came of it", async () => {
    chain.stored(0, U);
    await chain.note(0);
    chain.claim(1, {}, { ageMs: 0 });

    expect(await find()).toMatchObject({ kind: "busy", newest: chain.at(1), seen: { name: chain.name(1) } });
  });

  test("is busy while a job may be at work between it and the newest note", async () => {
    chain.stored(0, T0);
    await chain.note(0, 2);
    chain.claim(1, {}, { ageMs: 0 });

    expect(await find()).toMatchObject({ kind: "busy", newest: chain.at(0), seen: { name: chain.name(1) } });
  });
});

describe("a login that a note leads to, and that nobody has claimed,", () => {
  test.each([
    [
      "whose write was confirmed, and the secret is as it was then",
      "stored",
      { after: U },
      BEFORE_U,
      "current",
    ],
    [
      "whose write was confirmed, but the secret was written since",
      "stored",
      { after: T0 },
      BEFORE_U,
      "stale",
    ],
    [
      "whose write was confirmed, and the secret is again as before it",
      "stored",
      { after: T0, before: U },
      BEFORE_U,
      "stale",
    ],
    ["that was never written, and the secret is as before", "rotated", { before: U }, BEFORE_U, "to-repair"],
    [
      "that was never written, and this run was given what the secret holds",
      "rotated",
      { before: T0 },
      AFTER_U,
      "to-repair",
    ],
    [
      "that was never written, and somebody else has written the secret",
      "rotated",
      { before: T0 },
      BEFORE_U,
      "stale",
    ],
  ] as const)("%s", async (_, state, times, at, kind) => {
    chain.claim(0, { state, next: chain.name(1), ...times });
    await chain.note(0);
    createdAt(at);

    const position = await find();

    expect(position.kind).toBe(kind);
    expect(position).toMatchObject(
      kind === "stale"
        ? { newest: chain.at(1), missing: "secret-is-newer" }
        : {
            login: chain.at(1),
            predecessor: chain.at(0),
            origin: { name: chain.name(0) },
            takeover: 0,
            updatedAt: U,
          },
    );
  });

  test.each<[string, () => void]>([
    ["stored", () => chain.stored(0, U)],
    ["not stored", () => chain.rotated(0, { before: U })],
  ])("and that was %s is known as soon as GitHub has answered", async (_, happen) => {
    happen();
    await chain.note(0);
    createdAt(BEFORE_U);
    const beganMs = jobs.clock.monotonicMs();

    await find();

    expect(jobs.clock.monotonicMs() - beganMs).toBeLessThan(SECOND_MS);
  });

  test.each([
    [
      "is to be repaired where this run was given what the secret holds",
      AFTER_U,
      "to-repair 1 from 0 by 0, takeover 0",
    ],
    ["is not known to be the newest where it was not", BEFORE_U, "stale 1: secret-is-newer"],
  ])("and whose claim nobody can read %s", async (_, at, end) => {
    chain.edit(0);
    await chain.note(0);
    createdAt(at);

    expect(await found()).toBe(end);
  });

  test("is told when debugging", async () => {
    chain.stored(0, U);
    await chain.note(0);

    await find();

    expect(jobs.log.debugged).toEqual([
      `The handoff leads to login ${chain.at(1).generation}, which nobody has claimed.`,
    ]);
  });

  test.each([
    [60, null],
    [61, "secret-mismatch"],
  ])("is not what a run was given that was created %d s after it was stored: %s", async (seconds, code) => {
    chain.stored(0, U);
    await chain.note(0);
    createdAt(new Date(U.getTime() + seconds * SECOND_MS));

    const outcome = await find().catch((error: { code: string }) => error);

    expect("code" in outcome ? outcome.code : null).toBe(code);
  });

  test("is not what the run was given is told with the fingerprint of that, and what to do", async () => {
    chain.stored(0, U);
    await chain.note(0);
    createdAt(new Date(U.getTime() + 3_600_000));

    await expect(find()).rejects.toMatchObject({
      message: expect.stringMatching(
        new RegExp(
          `fingerprint ${chain.at(0).generation}\\) is not what the .* holds\\. Nothing was refreshed\\.$`,
        ),
      ),
      hint: expect.stringContaining("must name the secret that `codex-auth-json` reads"),
    });
  });

  test("is asked for again where the secret's time may be an outdated one", async () => {
    chain.stored(0, T2);
    chain.secret(0, T2);
    await chain.note(0);
    createdAt(BEFORE_U);
    const { metadata } = jobs.store;
    let looks = 0;
    jobs.store.metadata = async (name) => {
      const seen = await metadata(name);
      return seen && ++looks === 1 ? { ...seen, updatedAt: U } : seen;
    };

    expect(await found()).toBe("current 1 from 0 by 0, takeover 0");
  });
});

describe("a login of which nobody knows whether it is spent", () => {
  test.each([
    ["the secret is as it was before", { before: U }, BEFORE_U, "current 0, takeover 1"],
    ["this run was given what the secret holds", { before: T0 }, AFTER_U, "current 0, takeover 1"],
    ["somebody else has written the secret", { before: T0 }, BEFORE_U, "stale 0: secret-is-newer"],
    [
      "this run cannot read the notes of that branch",
      { before: U, ref: "branch" },
      AFTER_U,
      "stale 0: handoff-not-answered",
    ],
  ] as const)("may be tried again, or not: %s", async (_, claim, at, end) => {
    chain.claim(0, claim);
    createdAt(at);

    expect(await found()).toBe(end);
  });

  test("may be tried again from the branch whose job has died", async () => {
    ref = "branch";
    reopen();
    chain.claim(0, { before: U, ref: "branch" });

    expect(await found()).toBe("current 0, takeover 1");
  });

  test("may be tried again from any branch if its job has died on the default branch", async () => {
    ref = "branch";
    reopen();
    chain.claim(0, { before: U });
    const beganMs = jobs.clock.monotonicMs();

    expect(await found()).toBe("current 0, takeover 1");
    expect(jobs.clock.monotonicMs() - beganMs).toBeLessThan(SECOND_MS);
  });

  test("is not tried again where the cache does not answer", async () => {
    chain.claim(0, { before: U });
    jobs.handoff.state = "down";

    expect(await found()).toBe("stale 0: handoff-not-answered");
  });

  test("may be tried again where somebody has edited the claim, and this run was given what the secret holds", async () => {
    chain.claim(0);
    const { kept } = jobs.store.variables;
    const name = chain.name(0);
    kept.set(name, { name, value: "edited", createdAt: T0 });

    expect(await found()).toBe("current 0, takeover 1");
    createdAt(BEFORE_U);
    expect(await found()).toBe("stale 0: secret-is-newer");
  });

  test("may be tried again after each job that has died over it, nine times", async () => {
    for (let takeover = 0; takeover < MAXIMUM_TAKEOVERS; takeover++)
      chain.claim(0, { before: U }, { takeover });
    expect(await found()).toBe(`current 0, takeover ${MAXIMUM_TAKEOVERS}`);

    chain.claim(0, { before: U }, { takeover: MAXIMUM_TAKEOVERS });
    expect(await found()).toBe("stale 0: in-doubt");
  });

  test("is busy while somebody may be trying", async () => {
    chain.claim(0, { before: U });
    chain.claim(0, { before: U }, { takeover: 1, ageMs: 0 });

    expect(await find()).toMatchObject({ kind: "busy", seen: { name: chain.name(0, 1) } });
  });

  test("leads on where somebody who tried was successful", async () => {
    chain.claim(0, { before: U });
    chain.claim(0, { state: "stored", next: chain.name(1), after: U }, { takeover: 1 });
    await chain.note(0);

    expect(await find()).toMatchObject({
      kind: "current",
      login: chain.at(1),
      origin: { name: chain.name(0, 1) },
    });
  });

  test.each<[string, () => void]>([
    ["the write of it was not confirmed", () => chain.rotated(0, { before: T0 })],
    ["nobody can read the claim that led to it", () => chain.edit(0)],
  ])("and that stands in the secret may be tried again, not written, although %s", async (_, happen) => {
    happen();
    await chain.note(0);
    chain.claim(1, { before: U });
    createdAt(BEFORE_U);

    expect(await found()).toBe("current 1 from 0 by 0, takeover 1");
  });

  test("and that a note leads to may be tried again where the secret is as it was stored", async () => {
    chain.stored(0, U);
    await chain.note(0);
    chain.claim(1, { before: T0 });
    createdAt(BEFORE_U);

    expect(await found()).toBe("current 1 from 0 by 0, takeover 1");
  });
});

describe("a login that a job was to write, and died over,", () => {
  test.each([
    [
      "is to be repaired where the secret is as before",
      "rotated",
      U,
      U,
      BEFORE_U,
      "to-repair 1 from 0 by 0, takeover 1",
    ],
    [
      "is current where this run was given it",
      "rotated",
      T0,
      T0,
      AFTER_U,
      "current 1 from 0 by 0, takeover 1",
    ],
    [
      "is an old one where somebody else has written since",
      "rotated",
      T0,
      T0,
      BEFORE_U,
      "stale 1: secret-is-newer",
    ],
    [
      "is current where it turns out to be stored",
      "stored",
      U,
      T0,
      BEFORE_U,
      "current 1 from 0 by 0, takeover 1",
    ],
    [
      "is current where it was stored before that job began",
      "stored",
      U,
      U,
      BEFORE_U,
      "current 1 from 0 by 0, takeover 1",
    ],
  ] as const)("%s", async (_, state, time, before, at, end) => {
    const times = state === "stored" ? { after: time } : { before: time };
    chain.claim(0, { state, next: chain.name(1), ...times });
    await chain.note(0);
    chain.claim(1, { state: "write", before });
    createdAt(at);

    expect(await found()).toBe(end);
  });

  test("is to be repaired also where nobody can read the claim that led to it", async () => {
    chain.edit(0);
    await chain.note(0);
    chain.claim(1, { state: "write", before: U });
    createdAt(BEFORE_U);

    expect(await found()).toBe("to-repair 1 from 0 by 0, takeover 1");
  });

  test("is current where that was done for the very login that the run was handed", async () => {
    chain.claim(0, { state: "write", before: U });
    createdAt(BEFORE_U);

    expect(await found()).toBe("current 0, takeover 1");
  });

  test("is not a matter of the handoff, or of branches: it was never presented", async () => {
    chain.claim(0, { state: "write", before: U, ref: "branch" });
    jobs.handoff.state = "down";

    expect(await found()).toBe("current 0, takeover 1");
  });

  test("was gone on from where a claim on it followed", async () => {
    chain.claim(0, { state: "write", before: U });
    chain.claim(0, { state: "stored", next: chain.name(1), after: U }, { takeover: 1 });
    await chain.note(0);

    expect(await found()).toMatch(/^current 1 from 0/);
  });
});

describe("a login whose claim this job has taken over", () => {
  const isInDoubt = (takeover: number) => isStillInDoubt(services, { login: chain.at(0), takeover });

  test.each([
    ["is in doubt while nothing else is known", ["open", "open"], false, true],
    ["was spent if there is a note by now", ["open", "open"], true, false],
    ["was spent if the first claim says so by now", ["rotated", "open"], false, false],
    ["was spent if a later claim says so by now", ["open", "stored"], false, false],
    [
      "is known to be living if it was only ever to be written, whatever the notes",
      ["write", "write"],
      true,
      true,
    ],
    [
      "was spent if one of those who took it over presented it, and there is a note",
      ["write", "open"],
      true,
      false,
    ],
    ["was spent if the first presented it, and there is a note", ["open", "write"], true, false],
  ] as const)("%s", async (_, states, hasNote, expected) => {
    for (const [takeover, state] of states.entries()) chain.claim(0, { state }, { takeover });
    if (hasNote) await chain.note(0);

    expect(await isInDoubt(2)).toBe(expected);
  });

  test("may have been presented where nobody can read a claim on it", async () => {
    chain.edit(0);
    expect(await isInDoubt(1)).toBe(true);

    await chain.note(0);
    expect(await isInDoubt(1)).toBe(false);
  });

  test("is not known to be in doubt where an earlier claim is gone", async () => {
    chain.claim(0);

    expect([await isInDoubt(1), await isInDoubt(2)]).toEqual([true, false]);
  });

  test("is not known to be in doubt where the cache does not answer", async () => {
    chain.claim(0);
    jobs.handoff.state = "down";

    expect(await isInDoubt(1)).toBe(false);
  });
});
