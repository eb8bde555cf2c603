import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ClaimState } from "../../src/core/claim/claim.ts";
import { isWithin, ledgerOf, windowOf } from "../../src/core/claim/ledger.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { type HeldClaim, ownOf } from "../../src/login/claims.ts";
import { type WriteBack, type WriteBackRequest, writeBack } from "../../src/login/write-back.ts";
import type { OpenServices } from "../../src/login/write-session.ts";
import { MemoryLedger, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";
import { claimHanded, openJob } from "./open-job.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

let jobs: RefreshJobs;
let ledgerFile: MemoryLedger;
let isCancelled: boolean;
let job: OpenServices;
/** The claim under which the handed login was spent. */
let held: HeldClaim;
/** What came of it, and is to be written. */
let next: AuthJson;
let before: Date;
/** How the claim on that login stood at each write of the secret. */
let claimsAtWrites: (ClaimState | null)[];
let writtenAtMs: number[];

type Verb = "GET" | "PUT" | "PUT answer" | "DELETE" | "KEY";
let hooks: { verb: Verb; act: () => void; left: number }[];

beforeEach(async () => {
  jobs = new RefreshJobs();
  ledgerFile = new MemoryLedger();
  isCancelled = false;
  job = openJob(jobs, { ledgerFile, cancellation: { requested: () => isCancelled } });
  before = updatedAt();
  held = await claimHanded(job);
  next = jobs.issuer.rotate();
  await job.claims.tell(held.name, held.claim, { state: "rotated", next: job.claims.nameOf(next) });
  hooks = [];
  claimsAtWrites = [];
  writtenAtMs = [];
  jobs.store.interfere = (verb, name) => {
    if (verb !== "KEY" && name !== SECRET) return;
    if (verb === "PUT") {
      claimsAtWrites.push(jobs.claim(next)?.state ?? null);
      writtenAtMs.push(jobs.clock.monotonicMs());
    }
    const hook = hooks.find((known) => known.verb === verb && known.left > 0);
    if (!hook) return;
    hook.left -= 1;
    hook.act();
  };
});

/** Does something at the next requests of a kind that are about the login's secret. */
function atNext(verb: Verb, act: () => void, times = 1): void {
  hooks.push({ verb, act, left: times });
}

function refuse(status: number | null, retryAfterMs: number | null = null): () => never {
  return () => {
    throw new GitHubError(`GitHub's API answered ${status}.`, { status, retryAfterMs });
  };
}

/** As main writes it first. */
function write(instead: Partial<WriteBackRequest> = {}): Promise<WriteBack> {
  return writeLater({ held, ...instead });
}

/** As a phase after main, or another job, writes it. */
function writeLater(instead: Partial<WriteBackRequest> = {}): Promise<WriteBack> {
  const spent = { name: held.name, claim: { ...held.claim, state: "rotated" } } as const;
  return writeBack(job, { login: next, before, spent, ...instead });
}

function updatedAt(): Date {
  return jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
}

function isStored(): boolean {
  return jobs.store.secrets.get(SECRET)?.value === next.line().reveal();
}

/** Somebody else's `gh secret set`. */
function writeElsewhere(): void {
  jobs.store.set(SECRET, loginNamed("person").line().reveal());
}

function waits(): readonly number[] {
  return jobs.log.lines.flatMap((line) => {
    const seconds = /Trying again in (\d+) s \(attempt \d+ failed\)\.$/.exec(line)?.[1];
    return seconds === undefined ? [] : Number(seconds);
  });
}

describe("a login that is written", () => {
  test("is in the secret, and the claim on the one before it says since when", async () => {
    const outcome = await write();

    expect(isStored()).toBe(true);
    expect(outcome).toEqual({ kind: "stored", updatedAt: updatedAt() });
    expect(ledgerFile.ledger).toBeNull();
    expect(jobs.claim()).toMatchObject({
      state: "stored",
      next: job.claims.nameOf(next),
      after: updatedAt(),
      released: true,
    });
  });

  test("is for anybody to claim afterwards, also where it had to be claimed to be written", async () => {
    await writeLater();

    expect(claimsAtWrites).toEqual(["write"]);
    expect(jobs.claim(next)).toBeNull();
  });

  test("is for anybody to claim afterwards, also where it could not be written", async () => {
    atNext("PUT", refuse(403));

    await writeLater();

    expect(claimsAtWrites).toEqual(["write"]);
    expect(jobs.claim(next)).toBeNull();
  });

  test("has no claim to settle where nothing was spent for it: a person has logged in", async () => {
    await job.claims.giveBack(ownOf(held));
    const standing = jobs.claim();

    const outcome = await writeLater({ spent: null });

    expect(outcome).toEqual({ kind: "stored", updatedAt: updatedAt() });
    expect(jobs.claim()).toEqual(standing);
  });
});

describe("the claim on the login that is to be written", () => {
  test("is not needed for main's first write: that is made under the claim of its refresh", async () => {
    await write();

    expect(claimsAtWrites).toEqual([null]);
  });

  test("is needed once the claim of the refresh is eight minutes old", async () => {
    jobs.clock.advance(8 * MINUTE_MS);

    await write();

    expect(claimsAtWrites).toEqual(["write"]);
  });

  test("is needed for each further attempt, in the name by which this job is known", async () => {
    const holders: (string | undefined)[] = [];
    atNext("PUT", refuse(502), 2);
    atNext("PUT", () => holders.push(jobs.claim(next)?.holder));

    await write();

    expect(claimsAtWrites).toEqual([null, "write", "write"]);
    expect(holders).toEqual([held.claim.holder]);
    expect(isStored()).toBe(true);
  });

  test.each([
    ["that another phase of this job has made is its own", "a", "stored"],
    ["of another job, which has gone on from it, leaves nothing to write", "b", "settled"],
  ])("%s", async (_, digit, kind) => {
    const holder = digit.repeat(32);
    const draft = { holder: "a".repeat(32), state: "write", before } as const;
    await job.claims.take(job.claims.nameOf(next), draft);

    const outcome = await write({ holder, held: { ...held, since: { monotonicMs: 0, dateMs: 0 } } });

    expect(outcome.kind).toBe(kind);
    expect(claimsAtWrites).toEqual(kind === "stored" ? ["write"] : []);
    expect(isStored()).toBe(kind === "stored");
  });

  test("bears the number of the attempt to take it over from whoever died", async () => {
    const names: string[] = [];
    atNext("PUT", () => names.push(...jobs.store.variables.kept.names));

    await writeLater({ takeover: 2 });

    expect(names).toContain(job.claims.nameOf(next, 2));
    expect(names).not.toContain(job.claims.nameOf(next));
  });

  test("that GitHub knows and does not show is asked for again: it does not say that anybody has gone on", async () => {
    const { variables } = jobs.store;
    const create = variables.create.bind(variables);
    let isHidden = true;
    variables.create = async (name, value) => {
      if (!isHidden) return create(name, value);
      isHidden = false;
      return "exists";
    };

    const outcome = await writeLater();

    expect(outcome).toEqual({ kind: "stored", updatedAt: updatedAt() });
    expect(isStored()).toBe(true);
  });

  test("that GitHub never shows leaves the login to be written, and says why", async () => {
    jobs.store.variables.create = async () => "exists";

    const outcome = await writeLater({ timeoutMs: MINUTE_MS });

    expect(outcome).toMatchObject({
      kind: "pending",
      failure: { cause: { message: "GitHub's API does not show who holds the claim of this login." } },
    });
    expect(isStored()).toBe(false);
  });
});

test("a claim for which the scope has no room leaves the login to be written, and is not asked for again", async () => {
  const { kept, create } = jobs.store.variables;
  for (let count = kept.size; count < 500; count++)
    kept.set(`V${count}`, { name: `V${count}`, value: "", createdAt: new Date(0) });
  jobs.store.variables.create = async (name, value) => {
    if (kept.size < 500) return create(name, value);
    throw new GitHubError("GitHub's API answered 422.", { status: 422 });
  };

  expect(await writeLater()).toMatchObject({
    kind: "pending",
    failure: { code: "claim-limit", message: expect.not.stringContaining("Nothing was refreshed") },
    rescue: expect.stringContaining("gh api --method PUT"),
  });
  expect(waits()).toEqual([]);
  expect(jobs.claim()).toMatchObject({ state: "rotated", next: job.claims.nameOf(next) });
});

describe("a write that GitHub refuses", () => {
  test("and will refuse again is not repeated, and a command is left that stores it", async () => {
    atNext("PUT", refuse(403), 9);

    const outcome = await write();

    expect(outcome).toMatchObject({
      kind: "pending",
      failure: { code: "write-token-forbidden" },
      rescue: expect.stringContaining("gh api --method PUT"),
    });
    expect(writtenAtMs).toHaveLength(1);
    expect(jobs.claim()).toMatchObject({ state: "rotated" });
  });

  test("with a token that was accepted a moment ago is told as a matter of a revoked one", async () => {
    atNext("PUT", refuse(401));

    expect(await write()).toMatchObject({ kind: "pending", failure: { code: "write-token-revoked" } });
  });

  test("is repeated after longer and longer pauses, of half a minute at most, as long as there is time", async () => {
    const beganMs = jobs.clock.monotonicMs();
    atNext("PUT", refuse(502), 99);

    const outcome = await write({ timeoutMs: 2 * MINUTE_MS });

    expect(outcome.kind).toBe("pending");
    expect(waits()).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(writtenAtMs).toHaveLength(8);
    expect(jobs.clock.monotonicMs() - beganMs).toBeLessThan(2 * MINUTE_MS);
    expect(isStored()).toBe(false);
  });

  test("is repeated for four minutes unless it is said otherwise", async () => {
    const beganMs = jobs.clock.monotonicMs();
    atNext("PUT", refuse(502), 99);

    await write();

    const tookMs = jobs.clock.monotonicMs() - beganMs;
    expect(tookMs).toBeGreaterThan(3.5 * MINUTE_MS);
    expect(tookMs).toBeLessThanOrEqual(4 * MINUTE_MS);
  });

  test("is repeated when GitHub says so, if that is later", async () => {
    atNext("PUT", refuse(429, 45 * SECOND_MS));

    const outcome = await write();

    expect(outcome.kind).toBe("stored");
    expect(waits()).toEqual([45]);
  });

  test("is not waited for where GitHub asks for more time than there is", async () => {
    atNext("PUT", refuse(429, 5 * MINUTE_MS));

    expect((await write()).kind).toBe("pending");
    expect(waits()).toEqual([]);
  });

  test("is not repeated in a job that was cancelled", async () => {
    isCancelled = true;
    atNext("PUT", refuse(502), 9);

    expect((await write()).kind).toBe("pending");
    expect(writtenAtMs).toHaveLength(1);
  });

  test("since the key was replaced is sealed to the new one, and claimed first", async () => {
    atNext("GET", () => {
      jobs.store.key = { id: "2", key: new Uint8Array(32) };
    });

    const outcome = await write();

    expect(outcome).toEqual({ kind: "stored", updatedAt: updatedAt() });
    expect(isStored()).toBe(true);
    expect(claimsAtWrites).toEqual([null, "write"]);
  });

  test("whatever the key is, is not sealed a third time", async () => {
    atNext("PUT", refuse(422), 9);

    expect((await write()).kind).toBe("pending");
    expect(writtenAtMs).toHaveLength(2);
  });

  test("by a fault of ours is no answer of GitHub's, and lets go of the claim", async () => {
    const fault = new TypeError("a fault");
    atNext("PUT", () => {
      throw fault;
    });

    await expect(writeLater()).rejects.toBe(fault);
    expect(jobs.claim(next)).toBeNull();
  });
});

describe("a write whose answer is lost", () => {
  test.each([null, 500, 502, 408])("(%s) and that has landed is not repeated", async (status) => {
    atNext("PUT answer", refuse(status));

    const outcome = await write();

    // Somebody else may have written in the same second.
    expect(outcome).toEqual({ kind: "stored", updatedAt: null });
    expect(isStored()).toBe(true);
    expect(writtenAtMs).toHaveLength(1);
    expect(jobs.claim()).toMatchObject({
      state: "rotated",
      next: job.claims.nameOf(next),
      after: null,
      released: true,
    });
  });

  test.each([null, 500, 408])("(%s) and that has not landed is repeated", async (status) => {
    atNext("PUT", refuse(status));

    expect(await write()).toEqual({ kind: "stored", updatedAt: updatedAt() });
    expect(isStored()).toBe(true);
  });

  test("may land five seconds later", async () => {
    const waitMs = 8 * SECOND_MS;
    const land = (): void => void jobs.store.set(SECRET, next.line().reveal());
    atNext("PUT", refuse(502, waitMs));
    const { sleep } = jobs.clock;
    jobs.clock.sleep = async (ms) => {
      if (ms !== waitMs) return sleep.call(jobs.clock, ms);
      jobs.clock.advance(5 * SECOND_MS);
      land();
      jobs.clock.advance(ms - 5 * SECOND_MS);
    };

    expect(await write()).toEqual({ kind: "stored", updatedAt: null });
    expect(writtenAtMs).toHaveLength(1);
  });

  test("explains no write that came long after it: that is somebody else's", async () => {
    const waitMs = 20 * SECOND_MS;
    atNext("PUT", refuse(502, waitMs));
    const { sleep } = jobs.clock;
    jobs.clock.sleep = async (ms) => {
      await sleep.call(jobs.clock, ms);
      if (ms === waitMs) writeElsewhere();
    };

    expect(await write()).toMatchObject({
      kind: "refused",
      failure: { code: "secret-changed-elsewhere" },
    });
    expect(isStored()).toBe(false);
  });

  test("is not one that GitHub has refused: what is there in that second is somebody else's", async () => {
    atNext("PUT", () => {
      writeElsewhere();
      refuse(429, SECOND_MS)();
    });

    expect(await write()).toMatchObject({
      kind: "refused",
      failure: { code: "secret-changed-elsewhere" },
    });
    expect(isStored()).toBe(false);
  });

  test("is known to the next phase from the ledger", async () => {
    jobs.clock.advance(MINUTE_MS);
    const window = windowOf(jobs.clock.rightNow(), SECOND_MS);
    jobs.store.set(SECRET, next.line().reveal());
    jobs.clock.advance(MINUTE_MS);
    const ledger = ledgerOf({ login: next, predecessor: jobs.login, before, writes: [window] });

    expect(await writeLater({ ledger })).toEqual({ kind: "stored", updatedAt: null });
    expect(writtenAtMs).toEqual([]);
  });

  test.each<[string, () => void]>([
    ["was refused", () => atNext("PUT", refuse(403), 9)],
    ["was refused twice, for another key", () => atNext("PUT", refuse(422), 9)],
    ["would have made the secret anew", () => atNext("PUT", () => jobs.store.secrets.delete(SECRET))],
    [
      "was not sent, as the machine stood still",
      () => {
        const save = ledgerFile.save.bind(ledgerFile);
        ledgerFile.save = async (ledger) => {
          jobs.clock.advance(MINUTE_MS);
          await save(ledger);
        };
      },
    ],
  ])("is nothing that the ledger knows of one that %s", async (_, happen) => {
    happen();
    const ledger = ledgerOf({ login: next, predecessor: jobs.login, before });

    expect((await write({ ledger })).kind).not.toBe("stored");

    expect(ledgerFile.ledger).toEqual(ledger);
  });

  test("stays in the ledger for the next phase, beside one that was refused since", async () => {
    atNext("PUT", refuse(500));
    atNext("PUT", refuse(403), 9);
    const ledger = ledgerOf({ login: next, predecessor: jobs.login, before });

    expect((await write({ ledger })).kind).toBe("pending");

    expect(ledgerFile.ledger?.writes).toHaveLength(1);
  });

  test("stays written down while the next attempt is on its way", async () => {
    const ledger = ledgerOf({ login: next, predecessor: jobs.login, before });
    let lost = new Date(0);
    let known = false;
    atNext("PUT answer", () => {
      lost = jobs.clock.rightNow();
      refuse(null, MINUTE_MS)();
    });
    // The answer to the second look is from before the write that was lost.
    const { metadata } = jobs.store;
    let looks = 0;
    jobs.store.metadata = async (name) => {
      const seen = await metadata(name);
      looks += 1;
      return looks === 2 && seen ? { ...seen, updatedAt: before } : seen;
    };
    atNext("PUT", () => {});
    atNext("PUT", () => {
      known = ledgerFile.ledger?.writes.some((window) => isWithin(window, lost)) ?? false;
    });

    await write({ ledger });

    expect(writtenAtMs).toHaveLength(2);
    expect(known).toBe(true);
  });
});

describe("a secret that somebody else writes", () => {
  test("before us is left alone, and a command is left that stores the login", async () => {
    const rescue = expect.stringContaining(before.toISOString().replace(".000Z", "Z"));
    writeElsewhere();

    expect(await write()).toMatchObject({
      kind: "refused",
      failure: { code: "secret-changed-elsewhere" },
      rescue,
    });
    expect(writtenAtMs).toEqual([]);
    expect(jobs.claim()).toMatchObject({ state: "rotated" });
  });

  test("is replaced where that is what this run was given", async () => {
    writeElsewhere();
    const theirs = updatedAt();
    jobs.clock.advance(MINUTE_MS);

    const outcome = await write({ mayReplace: async (at) => at.getTime() === theirs.getTime() });

    expect(outcome).toEqual({ kind: "stored", updatedAt: updatedAt() });
    expect(isStored()).toBe(true);
  });

  test("is left alone where it is written once more while we ask whether we may replace it", async () => {
    writeElsewhere();

    const outcome = await write({
      mayReplace: async () => {
        jobs.clock.advance(MINUTE_MS);
        writeElsewhere();
        return true;
      },
    });

    expect(outcome).toMatchObject({ kind: "refused", failure: { code: "secret-changed-elsewhere" } });
    expect(isStored()).toBe(false);
  });

  test("right after us leaves it open which of the two the secret holds", async () => {
    atNext("PUT answer", () => {
      jobs.clock.advance(MINUTE_MS);
      writeElsewhere();
      jobs.clock.advance(-MINUTE_MS);
    });

    expect(await write()).toEqual({ kind: "stored", updatedAt: null });
    expect(jobs.claim()).toMatchObject({ state: "rotated", after: null });
  });
});

describe("a secret that somebody deletes", () => {
  test("before us is not made again", async () => {
    jobs.store.secrets.delete(SECRET);

    expect(await write()).toMatchObject({ kind: "refused", failure: { code: "secret-not-found" } });
    expect(writtenAtMs).toEqual([]);
  });

  test("between our look and our write stays deleted", async () => {
    atNext("PUT", () => jobs.store.secrets.delete(SECRET));

    expect(await write()).toMatchObject({ kind: "refused", failure: { code: "secret-not-found" } });
    expect(jobs.store.secrets.has(SECRET)).toBe(false);
    expect(jobs.claim()).toMatchObject({ state: "rotated" });
  });

  test("right after us leaves it open what the secret holds", async () => {
    atNext("PUT answer", () => jobs.store.secrets.delete(SECRET));

    expect(await write()).toEqual({ kind: "stored", updatedAt: null });
    expect(jobs.claim()).toMatchObject({ state: "rotated", after: null });
  });
});

describe("GitHub, asked what has become of a write that it has acknowledged,", () => {
  test.each([
    [5, "is asked again"],
    [19, "is asked again"],
    [60, "is believed that it is done, though not since when"],
  ])("and answers for %d s as if there had been none, %s", async (seconds) => {
    // Just written by somebody, when our login was not yet due: so the old time is within the seconds of our write.
    jobs.store.set(SECRET, jobs.login.line().reveal());
    before = updatedAt();
    const { metadata } = jobs.store;
    atNext("PUT answer", () => {
      const untilMs = jobs.clock.monotonicMs() + seconds * SECOND_MS;
      jobs.store.metadata = async (name) => {
        const seen = await metadata(name);
        return seen && jobs.clock.monotonicMs() < untilMs ? { ...seen, updatedAt: before } : seen;
      };
    });
    jobs.clock.advance(SECOND_MS);

    const outcome = await write();

    const isSure = seconds < 20;
    expect(outcome).toEqual({ kind: "stored", updatedAt: isSure ? updatedAt() : null });
    expect(jobs.claim()).toMatchObject({ state: isSure ? "stored" : "rotated" });
  });

  test("and does not answer, is believed that it is done, though not since when", async () => {
    atNext("PUT answer", () => atNext("GET", refuse(null), 9));

    expect(await write()).toEqual({ kind: "stored", updatedAt: null });
    expect(jobs.claim()).toMatchObject({ state: "rotated", after: null });
  });
});

describe("a machine that sleeps between its last look and its write", () => {
  /** Each save of the ledger that names a coming write is followed by a sleep: after the look, and before the write. */
  function sleepAtSaves(sleptMs: number, times: number): Partial<WriteBackRequest> {
    let left = times;
    ledgerFile.save = async ({ writes }) => {
      if (writes.length > 0 && left-- > 0) jobs.clock.advance(sleptMs);
    };
    return { ledger: ledgerOf({ login: next, predecessor: jobs.login, before }) };
  }

  test.each([
    ["for half a minute goes on", 0, [null]],
    ["for longer claims what it writes before it writes", 1, ["write"]],
  ])("%s", async (_, moreMs, claims) => {
    // The look itself takes a tenth of a second.
    const outcome = await write(sleepAtSaves(30 * SECOND_MS - 100 + moreMs, 1));

    expect(outcome.kind).toBe("stored");
    expect(claimsAtWrites).toEqual(claims);
  });

  test("looks again at once, three times; and then takes it for a failed attempt", async () => {
    const three = await write(sleepAtSaves(MINUTE_MS, 3));
    const waitsOfThree = waits();
    before = updatedAt();
    const four = await write({ ...sleepAtSaves(31 * SECOND_MS, 4), before });

    expect([three.kind, four.kind]).toEqual(["stored", "stored"]);
    expect(waitsOfThree).toEqual([]);
    expect(waits()).toEqual([1]);
  });

  test("again and again says so, and what to do", async () => {
    expect(await write(sleepAtSaves(MINUTE_MS, 99))).toMatchObject({
      kind: "pending",
      failure: {
        code: "write-back-pending",
        message: expect.stringContaining("stood still between its last look at the secret and its write"),
        hint: expect.stringContaining("Run maintenance"),
      },
    });
    expect(writtenAtMs).toEqual([]);
  });
});
