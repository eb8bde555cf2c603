import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Claim, writeClaim } from "../../src/core/claim/claim.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import {
  Claims,
  type HeldClaim,
  type Insistence,
  newHolder,
  ownOf,
  type Taking,
} from "../../src/login/claims.ts";
import type { RunInformation } from "../../src/ports/github.ts";
import { RefreshJobs, SECRET } from "../action/refresh-jobs.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const OURS = "a".repeat(32);
const THEIRS = "b".repeat(32);

let jobs: RefreshJobs;
/** Of which runs GitHub was asked. */
let asked: string[];
let claims: Claims;
let name: string;

beforeEach(() => {
  jobs = new RefreshJobs();
  asked = [];
  claims = claimsOf();
  name = claims.nameOf(jobs.login);
});

/** The claims as a job of run 7, in its second attempt, sees them. */
function claimsOf(insistence: Insistence = "when-due"): Claims {
  const statusOf: RunInformation["statusOf"] = async (run, attempt) => {
    asked.push(`${run}/${attempt}`);
    return jobs.runStatus;
  };
  const services = jobs.services();
  return new Claims(
    {
      ...services,
      runInformation: { ...services.runInformation, statusOf },
      claimant: { run: "7", attempt: 2, ref: "default" },
    },
    jobs.store.open(),
    insistence,
  );
}

function take(state: "open" | "write" = "open", wholeJob = false): Promise<Taking> {
  return claims.take(name, { holder: OURS, state, before: null, wholeJob });
}

async function taken(state: "open" | "write" = "open", wholeJob = false): Promise<HeldClaim> {
  const taking = await take(state, wholeJob);
  if (taking.kind === "theirs") throw new Error("it is claimed already");
  return taking.held;
}

/** Somebody else's claim. */
function claimElsewhere(change: Partial<Claim> = {}): void {
  const claim: Claim = {
    holder: THEIRS,
    run: "6",
    attempt: 1,
    secret: SECRET,
    ref: "default",
    state: "open",
    before: null,
    next: null,
    after: null,
    released: false,
    wholeJob: false,
    ...change,
  };
  put(writeClaim(claim));
}

function put(value: string): void {
  jobs.store.variables.kept.set(name, { name, value, createdAt: jobs.clock.rightNow() });
}

function silence(
  request: string,
  times: number,
  error = new GitHubError("No answer.", { status: null }),
): void {
  let left = times;
  jobs.store.variables.interfere = (seen) => {
    if (seen === request && left-- > 0) throw error;
  };
}

function limit(retryAfterMs: number): GitHubError {
  return new GitHubError("Too many requests.", { status: 429, retryAfterMs });
}

describe("a claim that is asked for", () => {
  test("says whose it is, on which secret, and what for", async () => {
    const before = jobs.clock.rightNow();

    const taking = await claims.take(name, { holder: OURS, state: "write", before, wholeJob: true });

    expect(taking.kind).toBe("ours");
    expect(jobs.claim()).toEqual({
      holder: OURS,
      run: "7",
      attempt: 2,
      secret: SECRET,
      ref: "default",
      state: "write",
      before,
      next: null,
      after: null,
      released: false,
      wholeJob: true,
    });
  });

  test("is not for a whole job unless that is said", async () => {
    await claims.take(name, { holder: OURS, state: "open", before: null });

    expect(jobs.claim()).toMatchObject({ wholeJob: false });
  });

  test("is another's if that one was faster, and is shown", async () => {
    claimElsewhere();

    expect(await take()).toMatchObject({ kind: "theirs", seen: { name, claim: { holder: THEIRS } } });
  });

  test("is ours if GitHub has made it, although it does not show it yet", async () => {
    jobs.store.variables.read = async () => null;

    expect((await take()).kind).toBe("ours");
  });

  test("is another's if that one is shown when the answer was lost: nobody waits", async () => {
    jobs.store.variables.interfere = (request) => {
      if (request !== "POST") return;
      claimElsewhere();
      throw new GitHubError("No answer.", { status: null });
    };
    const beganMs = jobs.clock.monotonicMs();

    expect(await take()).toMatchObject({ kind: "theirs", seen: { claim: { holder: THEIRS } } });
    expect(jobs.clock.monotonicMs() - beganMs).toBeLessThan(SECOND_MS);
  });

  test("is ours if only the answer was lost", async () => {
    silence("POST answer", 1);

    expect((await take()).kind).toBe("ours");
  });

  test("is ours if an earlier phase of this job has made it", async () => {
    claimElsewhere({ holder: OURS });

    expect((await take()).kind).toBe("ours");
  });

  test("is asked for again, after a pause, if the request did not arrive", async () => {
    silence("POST", 2);
    const beganMs = jobs.clock.monotonicMs();

    expect((await take()).kind).toBe("ours");
    expect(jobs.clock.monotonicMs() - beganMs).toBeGreaterThan(3 * SECOND_MS);
  });

  test("is not asked for a fourth time", async () => {
    silence("POST", 3);

    expect(await take()).toEqual({ kind: "theirs", seen: null });
    expect(jobs.claim()).toBeNull();
  });

  test("and that exists, but is not shown, is another's: it is not asked for again", async () => {
    jobs.store.variables.create = async () => {
      claimElsewhere();
      return "exists";
    };
    const beganMs = jobs.clock.monotonicMs();
    jobs.store.variables.read = async () => null;

    expect(await take()).toEqual({ kind: "theirs", seen: null });
    expect(jobs.clock.monotonicMs()).toBe(beganMs);
  });

  test("waits for a rate limit, and says for how long", async () => {
    silence("POST", 2, limit(1_500));

    expect((await take()).kind).toBe("ours");
    expect(jobs.log.lines).toEqual(Array(2).fill("Too many requests. Trying again in 2 s."));
  });

  test.each([
    ["more than two minutes", 1, 2 * MINUTE_MS + 1],
    ["a third time", 3, SECOND_MS],
  ])("does not wait for a rate limit of %s", async (_, times, retryAfterMs) => {
    const error = limit(retryAfterMs);
    silence("POST", times, error);

    await expect(take()).rejects.toBe(error);
    expect(jobs.claim()).toBeNull();
  });

  test("waits two minutes if it must", async () => {
    silence("POST", 1, limit(2 * MINUTE_MS));

    expect((await take()).kind).toBe("ours");
  });

  test.each([
    ["GitHub refuses it", new GitHubError("Refused.", { status: 403 })],
    ["there is a fault of ours", new TypeError("a fault")],
  ])("is not asked for again if %s", async (_, error) => {
    jobs.store.variables.interfere = (request) => {
      if (request === "POST") throw error;
    };

    await expect(take()).rejects.toBe(error);
  });

  test("needs room: a scope that is full is told as that", async () => {
    for (let count = 0; count < 500; count++)
      jobs.store.variables.kept.set(`V${count}`, { name: `V${count}`, value: "", createdAt: new Date(0) });
    silence("POST", 1, new GitHubError("Unprocessable.", { status: 422 }));

    await expect(take()).rejects.toMatchObject({ code: "claim-limit" });
  });
});

describe("work under a claim", () => {
  test.each([
    ["the monotonic clock", (ms: number) => jobs.clock.advance(ms)],
    [
      "the machine's date",
      (ms: number) => {
        jobs.clock.wrongByMs += ms;
      },
    ],
  ])("may begin for eight minutes, by %s", async (_, pass) => {
    const held = await taken();
    const spentMs = 8 * MINUTE_MS - claims.msLeft(held);

    pass(8 * MINUTE_MS - spentMs - 1);
    expect([claims.isFresh(held), claims.msLeft(held)]).toEqual([true, 1]);

    pass(1);
    expect([claims.isFresh(held), claims.msLeft(held)]).toEqual([false, 0]);
  });
});

describe("the claims beside a secret", () => {
  test("are those variables that bear such a name, however GitHub writes it", async () => {
    claimElsewhere();
    const { kept } = jobs.store.variables;
    kept.set("OTHER", { name: "OTHER", value: "", createdAt: new Date(0) });
    const lower = `${name}_r1`.toLowerCase();
    kept.set(lower, { name: lower, value: "edited", createdAt: new Date(0) });

    expect((await claims.list()).map((seen) => [seen.name, seen.claim?.holder ?? null])).toEqual([
      [name, THEIRS],
      [`${name}_R1`, null],
    ]);
  });

  test("are ours only while GitHub names our holder", async () => {
    const held = await taken();
    expect(await claims.isHeld(ownOf(held))).toMatchObject({ name, claim: { holder: OURS } });

    claimElsewhere();
    expect(await claims.isHeld(ownOf(held))).toBeNull();

    jobs.store.variables.kept.delete(name);
    expect(await claims.isHeld(ownOf(held))).toBeNull();
  });

  test("each have a holder of their own", () => {
    let byte = 0;
    const randomness = { bytes: (count: number) => new Uint8Array(count).fill(++byte) };

    expect([newHolder(randomness), newHolder(randomness)]).toEqual(["01".repeat(16), "02".repeat(16)]);
  });
});

describe("what became of a claim", () => {
  test("is told in what GitHub shows", async () => {
    const held = await taken();

    await claims.tell(name, held.claim, { state: "rotated", released: true });

    expect(jobs.claim()).toEqual({ ...held.claim, state: "rotated", released: true });
  });

  test("is told again where GitHub does not answer, and is no failure where it never does", async () => {
    const held = await taken();
    silence("PATCH", 1);
    await claims.tell(name, held.claim, { state: "rotated" });
    expect(jobs.claim()).toMatchObject({ state: "rotated" });

    silence("PATCH", 9);
    await claims.tell(name, held.claim, { state: "stored" });
    expect(jobs.claim()).toMatchObject({ state: "rotated" });
    expect(jobs.log.debugged).toEqual([`The claim ${name} could not be brought up to date. No answer.`]);
  });
});

describe("a claim that is given back", () => {
  test.each(["open", "write"] as const)("under which nothing happened (%s) is deleted", async (state) => {
    const held = await taken(state);

    await claims.giveBack(ownOf(held));

    expect(jobs.store.variables.kept.has(name)).toBe(false);
  });

  test.each(["rotated", "stored"] as const)("under which the login was spent (%s) stays", async (state) => {
    const held = await taken();
    await claims.tell(name, held.claim, { state });

    await claims.giveBack(ownOf(held));

    expect(jobs.claim()).toMatchObject({ state, released: false });
  });

  test("and that is another's by now, or gone, is left alone", async () => {
    const held = await taken();
    claimElsewhere();
    await claims.giveBack(ownOf(held));
    expect(jobs.claim()).toMatchObject({ holder: THEIRS, released: false });

    jobs.store.variables.kept.delete(name);
    await claims.giveBack(ownOf(held));
    expect(jobs.store.variables.kept.has(name)).toBe(false);
  });

  test.each([
    ["is deleted before it is eight minutes old", 8 * MINUTE_MS - 1, false, null],
    ["stays from then on, since others may go by it, and nobody waits for it", 8 * MINUTE_MS, false, true],
    ["is deleted at any age if it was for the whole job", 60 * MINUTE_MS, true, null],
  ])("%s", async (_, ageMs, wholeJob, released) => {
    const held = await taken("open", wholeJob);
    const createdMs = jobs.store.variables.kept.get(name)?.createdAt.getTime() ?? Number.NaN;
    // Its age is judged after one more request, of a tenth of a second.
    jobs.clock.advance(createdMs + ageMs - jobs.clock.rightNow().getTime() - 100);

    await claims.giveBack(ownOf(held));

    expect(jobs.claim()?.released ?? null).toBe(released);
  });

  test("is asked to be deleted once, as that may land late; a failure is told only when debugging", async () => {
    const held = await taken();
    silence("DELETE", 1);

    await claims.giveBack(ownOf(held));

    expect(jobs.claim()).toMatchObject({ holder: OURS, released: false });
    expect(jobs.log.debugged).toEqual([`The claim ${name} could not be deleted. No answer.`]);
    expect(jobs.log.lines).toEqual([]);
  });
});

describe("the holder of a claim", () => {
  const TEN_MINUTES_MS = 10 * MINUTE_MS;

  async function isGone(as: Claims = claims): Promise<boolean> {
    const seen = await claims.read(name);
    if (seen === null) throw new Error("there is no claim");
    return as.isGone(seen);
  }

  test("is gone at once if it says so", async () => {
    claimElsewhere({ released: true });

    expect(await isGone()).toBe(true);
  });

  test("is not gone within ten minutes, whatever GitHub says of its run", async () => {
    claimElsewhere();
    jobs.runStatus = "ended";
    jobs.clock.advance(TEN_MINUTES_MS - 101);

    expect(await isGone(claimsOf("forced"))).toBe(false);
    expect(asked).toEqual([]);
  });

  test.each([
    ["ended", "when-due", true],
    ["in-progress", "forced", false],
    ["unknown", "when-due", false],
    ["unknown", "forced", true],
  ] as const)(
    "whose run is %s is gone after ten minutes for a refresh that is %s: %s",
    async (status, insistence, gone) => {
      claimElsewhere();
      jobs.runStatus = status;
      jobs.clock.advance(TEN_MINUTES_MS);

      expect(await isGone(claimsOf(insistence))).toBe(gone);
      expect(asked).toEqual(["6/1"]);
    },
  );

  test.each([
    ["an earlier attempt of this run has ended: nobody is asked", "7", 1, true, []],
    ["this attempt goes on in another job: GitHub is asked", "7", 2, false, ["7/2"]],
    ["an earlier attempt of another run may go on: GitHub is asked", "8", 1, false, ["8/1"]],
  ] as const)("%s", async (_, run, attempt, gone, questions) => {
    claimElsewhere({ run, attempt });
    jobs.clock.advance(TEN_MINUTES_MS);

    expect(await isGone()).toBe(gone);
    expect(asked).toEqual(questions);
  });

  test("is gone after ten minutes if nobody can read who it is", async () => {
    put("edited by hand");
    jobs.clock.advance(TEN_MINUTES_MS);

    expect(await isGone()).toBe(true);
    expect(asked).toEqual([]);
  });
});
