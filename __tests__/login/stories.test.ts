import { beforeEach, describe, expect, test } from "@jest/globals";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { recover, storePending } from "../../src/login/finish-killed-main.ts";
import type { SectionOutcome } from "../../src/login/section.ts";
import { loadCriticalSection } from "../../src/login/section-state.ts";
import { markSeed } from "../../src/login/seed-marker.ts";
import type { Services } from "../../src/login/services.ts";
import type { RunInformation } from "../../src/ports/github.ts";
import { MemoryProcesses } from "../action/ports/processes.ts";
import { openBox } from "../action/ports/store.ts";
import { MemoryLedger, PLACE, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";

/** Sequences in which a login was once lost, overwritten or blocked: those that take minutes with the real Codex. */

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const REFUSED = new GitHubError("GitHub's API answered 403.", { status: 403 });
let jobs: RefreshJobs;

beforeEach(() => {
  jobs = new RefreshJobs();
});

function rotated(outcome: SectionOutcome): boolean {
  return outcome.kind === "refreshed" && outcome.rotated && outcome.storing.kind === "stored";
}

function expectAlive(): void {
  expect(jobs.stored.refreshToken.reveal()).toBe(jobs.issuer.living);
  // No token was presented twice.
  expect(new Set(jobs.issuer.presented).size).toBe(jobs.issuer.presented.length);
}

async function expectNextIsWell(): Promise<void> {
  jobs.clock.advance(HOUR_MS);
  expect(rotated(await jobs.newRun("force")())).toBe(true);
  expectAlive();
}

function refuseWrites(): () => void {
  jobs.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) throw REFUSED;
  };
  return () => {
    jobs.store.interfere = () => {};
  };
}

function person(login: AuthJson = loginNamed("person")): void {
  jobs.store.set(SECRET, login.line().reveal());
}

const SILENT: RunInformation = {
  isRerun: false,
  readTime: async () => ({ kind: "unknown", because: "permission" }),
  statusOf: async () => "unknown",
  concurrency: async () => null,
  visibility: async () => "private",
  mayWrite: async () => null,
};

/** What post of a job has, whose main has left this ledger. */
function postOf(ledger: MemoryLedger, handed: AuthJson): Services {
  const { store, handoff, clock, log, channel, files } = jobs;
  return {
    writeCredential: store.writeCredential,
    box: openBox,
    handoff,
    runInformation: SILENT,
    refresher: async () => jobs.issuer,
    ledgerFile: ledger,
    files,
    clock,
    randomness: { bytes: (count) => new Uint8Array(count).fill(200) },
    log,
    channel,
    cancellation: { requested: () => false },
    processes: new MemoryProcesses(clock),
    place: PLACE,
    claimant: { run: "1", attempt: 1, ref: "default" },
    handed,
    base: "/temp/base",
    environment: {},
  };
}

describe("a post that comes late", () => {
  test.each([
    ["repaired", "auto"],
    ["repaired and rotated", "force"],
  ] as const)("overwrites nothing that another job has %s meanwhile", async (_, policy) => {
    const handed = jobs.login;
    const ledger = new MemoryLedger();
    const writable = refuseWrites();
    await jobs.newRun("force", { ledgerFile: ledger })();
    writable();
    jobs.clock.advance(11 * MINUTE_MS);
    jobs.runStatus = "ended";
    await jobs.newRun(policy)();
    const standing = jobs.stored.line().reveal();

    const outcome = await storePending(postOf(ledger, handed));

    expect(outcome?.kind).toBe("stored");
    expect(jobs.stored.line().reveal()).toBe(standing);
    expectAlive();
    await expectNextIsWell();
  });

  test("writes nothing over a job that is about to spend that login, although the secret is as it was", async () => {
    const handed = jobs.login;
    const ledger = new MemoryLedger();
    const writable = refuseWrites();
    await jobs.newRun("force", { ledgerFile: ledger })();
    writable();
    const { kept } = jobs.store.variables;
    const { next, ...claim } = JSON.parse(kept.get(claimName(handed, PLACE))?.value ?? "{}");
    // The other job had the login from the handoff, and has claimed it; its Codex is at work.
    await jobs.store.variables.create(
      next,
      JSON.stringify({ ...claim, state: "open", holder: "e".repeat(32) }),
    );
    const puts: string[] = [];
    jobs.store.interfere = (request, name) => {
      if (request === "PUT") puts.push(name);
    };

    await storePending(postOf(ledger, handed));

    expect(next).toMatch(/^CODEX_AUTH_CLAIM_/);
    expect(puts).toEqual([]);
    expect(kept.get(next)?.value).toContain("e".repeat(32));
  });

  test("that was overtaken before its last look does not write", async () => {
    const handed = jobs.login;
    const ledger = new MemoryLedger();
    const writable = refuseWrites();
    await jobs.newRun("force", { ledgerFile: ledger })();
    writable();
    // It has claimed the generation to write it; then its machine sleeps, and its run is given up.
    jobs.runStatus = "ended";
    let slept = false;
    const puts: string[] = [];
    let other: SectionOutcome | null = null;
    const put = jobs.store.put.bind(jobs.store);
    const metadata = jobs.store.metadata.bind(jobs.store);
    jobs.store.metadata = async (name) => {
      if (!slept) {
        slept = true;
        jobs.clock.advance(11 * MINUTE_MS);
        other = await jobs.newRun("force")();
        puts.length = 0;
      }
      return metadata(name);
    };
    jobs.store.put = async (name, sealed) => {
      puts.push(name);
      return put(name, sealed);
    };

    await storePending(postOf(ledger, handed));

    expect(other).not.toBeNull();
    expect(puts).toEqual([]);
    expectAlive();
    await expectNextIsWell();
  });
});

describe("a post whose main was killed just after the rotation", () => {
  test("asks for the claim once more where neither GitHub nor the cache answered: nobody else has the login", async () => {
    const handed = jobs.login;
    let isRotated = false;
    const refresher: Services["refresher"] = async () => ({
      refresh: async (request) => {
        await jobs.issuer.refresh(request);
        isRotated = true;
        return new Promise<never>(() => {});
      },
    });
    void jobs.newRun("force", { refresher })();
    for (let turns = 0; turns < 300; turns++) await Promise.resolve();
    expect(isRotated).toBe(true);
    jobs.channel.nextPhase();
    const section = loadCriticalSection(jobs.channel, { base: "/temp/base" });
    if (section === null) throw new Error("there is no section");
    jobs.handoff.state = "read-only";
    let silences = 3;
    jobs.store.variables.interfere = (request) => {
      if (request === "GET" && silences-- > 0) throw new GitHubError("silence", { status: null });
    };

    const outcome = await recover(postOf(new MemoryLedger(), handed), section);

    expect(silences).toBeLessThan(0);
    expect(outcome?.kind).toBe("stored");
    expectAlive();
    jobs.handoff.state = "well";
    await expectNextIsWell();
  });
});

describe("`refresh: force` without `actions: read`", () => {
  /** A first job whose machine sleeps for eleven minutes, just as its Codex asks OpenAI. */
  function sleeper(): { awake: () => Promise<SectionOutcome> } {
    let wake = (): void => {};
    const slept = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const refresher: Services["refresher"] = async () => ({
      refresh: async (request) => {
        await slept;
        return jobs.issuer.refresh(request);
      },
    });
    const outcome = jobs.newRun("force", { refresher })();
    return {
      awake: () => {
        wake();
        return outcome;
      },
    };
  }

  async function untilClaimed(): Promise<void> {
    for (let turns = 0; turns < 200; turns++) await Promise.resolve();
    expect(jobs.claim()?.state).toBe("open");
    jobs.clock.advance(11 * MINUTE_MS);
  }

  test("does not present what the job that it takes over from has rotated meanwhile", async () => {
    const first = sleeper();
    await untilClaimed();
    const variables = jobs.store.variables;
    const create = variables.create.bind(variables);
    let isAwake = false;
    variables.create = async (name, value) => {
      const outcome = await create(name, value);
      if (name === claimName(jobs.login, PLACE, 1)) {
        isAwake = true;
        const writable = refuseWrites();
        await first.awake();
        writable();
      }
      return outcome;
    };

    const second = await jobs.newRun("force", { runInformation: SILENT })();

    expect(isAwake).toBe(true);
    expect(rotated(second)).toBe(true);
    expect(jobs.issuer.presented).toHaveLength(2);
    expectAlive();
    expect(jobs.claim(jobs.login, 1)).toBeNull();
    await expectNextIsWell();
  });

  test("presents nothing that a job whose post is still to come has rotated, though no note says so", async () => {
    const handed = jobs.login;
    const ledger = new MemoryLedger();
    const writable = refuseWrites();
    jobs.handoff.state = "read-only";
    await jobs.newRun("force", { ledgerFile: ledger })();
    writable();
    jobs.handoff.state = "well";
    jobs.clock.advance(11 * MINUTE_MS);

    await expect(jobs.newRun("force", { runInformation: SILENT })()).rejects.toMatchObject({
      code: "write-back-pending",
    });

    expect(jobs.issuer.presented).toHaveLength(1);
    expect((await storePending(postOf(ledger, handed)))?.kind).toBe("stored");
    expectAlive();
    await expectNextIsWell();
  });
});

describe("a machine that sleeps between its last look and its write", () => {
  test("looks again, and writes nothing over its own successor", async () => {
    const ledger = new MemoryLedger();
    const save = ledger.save;
    let other: SectionOutcome | null = null;
    ledger.save = async (next) => {
      await save(next);
      if (next.writes.length === 0 || other !== null) return;
      jobs.clock.advance(11 * MINUTE_MS);
      jobs.runStatus = "ended";
      other = await jobs.newRun("force")();
    };

    const outcome = await jobs.newRun("force", { ledgerFile: ledger })();

    expect(other !== null && rotated(other)).toBe(true);
    expect(outcome).toMatchObject({ kind: "refreshed", storing: { kind: "stored" } });
    expectAlive();
    await expectNextIsWell();
  });

  test("for a minute: it claims what it writes before it writes", async () => {
    const ledger = new MemoryLedger();
    const save = ledger.save;
    let sleeps = 1;
    ledger.save = async (next) => {
      await save(next);
      if (next.writes.length > 0 && sleeps-- > 0) jobs.clock.advance(MINUTE_MS);
    };
    const standing: string[] = [];
    jobs.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET)
        standing.push(...[...jobs.store.variables.kept.values()].map(({ value }) => value));
    };

    const outcome = await jobs.newRun("force", { ledgerFile: ledger })();

    expect(sleeps).toBeLessThan(0);
    expect(outcome).toMatchObject({ kind: "refreshed", storing: { kind: "stored" } });
    expect(standing.filter((value) => value.includes('"state":"write"'))).toHaveLength(1);
    jobs.store.interfere = () => {};
    expectAlive();
    await expectNextIsWell();
  });

  test("each time: it stops after its time is over, and the handoff has the login", async () => {
    const ledger = new MemoryLedger();
    const save = ledger.save;
    ledger.save = async (next) => {
      await save(next);
      if (next.writes.length > 0) jobs.clock.advance(MINUTE_MS);
    };

    const outcome = await jobs.newRun("force", { ledgerFile: ledger })();

    expect(outcome).toMatchObject({ kind: "refreshed", storing: { kind: "pending" } });
    jobs.clock.advance(11 * MINUTE_MS);
    jobs.runStatus = "ended";
    await expectNextIsWell();
  });
});

describe("a person's `gh secret set`", () => {
  test("in the minute in which a run without a pre starts stays", async () => {
    const run = jobs.newRun("force");
    jobs.clock.advance(30 * SECOND_MS);
    person();

    await expect(run()).rejects.toMatchObject({ code: "copy-stale" });

    expect(jobs.stored.refreshToken.reveal()).toBe("rt-CANARY-person");
    expect(jobs.issuer.presented).toEqual([]);
  });

  test("after a rotation that could not be stored stays, whichever login a run was handed", async () => {
    const queued = jobs.newRun("force");
    const writable = refuseWrites();
    jobs.clock.advance(SECOND_MS);
    await jobs.newRun("force")();
    writable();
    jobs.runStatus = "ended";
    jobs.clock.advance(HOUR_MS);
    person();

    await expect(queued()).rejects.toMatchObject({ code: "copy-stale" });

    expect(jobs.stored.refreshToken.reveal()).toBe("rt-CANARY-person");
  });

  test("and a run in the same second: whether it was handed that login cannot be known, and the message says what to do", async () => {
    person(jobs.login);
    const run = jobs.newRun("force");

    await expect(run()).rejects.toMatchObject({
      code: "copy-stale",
      hint: expect.stringContaining("Start a new run"),
    });
    jobs.clock.advance(SECOND_MS);
    expect(rotated(await jobs.newRun("force")())).toBe(true);
    expectAlive();
  });

  test("before one's own re-run is told as a matter of a new run", async () => {
    const createdAt = jobs.clock.rightNow();
    jobs.clock.advance(MINUTE_MS);
    person(jobs.login);
    const rerun = jobs.newRun("force", {
      runInformation: { ...SILENT, isRerun: true, readTime: async () => ({ kind: "known", at: createdAt }) },
    });

    await expect(rerun()).rejects.toMatchObject({
      code: "copy-stale",
      hint: expect.stringContaining("not a re-run"),
    });
    expect(jobs.issuer.presented).toEqual([]);
  });
});

describe("a seed", () => {
  test("and a forced dispatch at once, which needs no `actions: read`", async () => {
    person(jobs.login);
    const updatedAt = jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(0);
    await markSeed(jobs.store.variables, { login: jobs.login, place: PLACE, updatedAt });

    expect(rotated(await jobs.newRun("force", { runInformation: SILENT })())).toBe(true);

    expectAlive();
  });
});

describe("GitHub's servers", () => {
  test.each([2, -2])("whose clocks are %d s apart: stored, and the next one is well", async (seconds) => {
    const set = jobs.store.set.bind(jobs.store);
    jobs.store.set = (name, value) => {
      const outcome = set(name, value);
      const kept = jobs.store.secrets.get(name);
      if (kept) kept.updatedAt = new Date(kept.updatedAt.getTime() + seconds * SECOND_MS);
      return outcome;
    };

    expect(rotated(await jobs.newRun("force")())).toBe(true);
    expect(jobs.claim()?.state).toBe("stored");
    jobs.clock.advance(MINUTE_MS);
    expect(rotated(await jobs.newRun("force", { runInformation: SILENT })())).toBe(true);
    expectAlive();
  });

  test.each([3, 30])(
    "that show an old `updated_at` for %d s before the claim cost nothing",
    async (seconds) => {
      await jobs.newRun("force")();
      jobs.clock.advance(HOUR_MS);
      const old = jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(0);
      const run = jobs.newRun("force");
      const staleUntil = jobs.clock.monotonicMs() + seconds * SECOND_MS;
      const metadata = jobs.store.metadata.bind(jobs.store);
      jobs.store.metadata = async (name) => {
        const answer = await metadata(name);
        const isStale = name === SECRET && jobs.clock.monotonicMs() < staleUntil;
        return answer && isStale ? { ...answer, updatedAt: new Date(old.getTime() - HOUR_MS) } : answer;
      };

      const outcome = await run().catch((error: unknown) => error);

      jobs.store.metadata = metadata;
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "copy-stale" });
      else expect(rotated(outcome as SectionOutcome)).toBe(true);
      expectAlive();
      await expectNextIsWell();
    },
  );
});

describe("a refused write's rescue command", () => {
  test("compares with the time from before the stranger's write", async () => {
    const before = jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(0);
    jobs.issuer.interfere = () => {
      jobs.clock.advance(MINUTE_MS);
      person();
      return "decides";
    };

    const outcome = await jobs.newRun("force")();

    if (outcome.kind !== "refreshed" || outcome.storing.kind !== "refused")
      throw new Error("expected a refusal");
    expect(outcome.storing.rescue).toContain(`= '${before.toISOString().replace(".000Z", "Z")}'`);
  });
});

describe("a job that is cancelled while Codex is installed", () => {
  test("has claimed nothing, and nobody waits for it", async () => {
    let isCancelled = false;
    const cancelled = jobs.newRun("force", {
      cancellation: { requested: () => isCancelled },
      refresher: async () => {
        isCancelled = true;
        return jobs.issuer;
      },
    });

    await expect(cancelled()).rejects.toMatchObject({ code: "cancelled" });

    expect(jobs.store.variables.kept.size).toBe(0);
    expect(rotated(await jobs.newRun("force")())).toBe(true);
  });
});

describe("logins that share a scope", () => {
  test("do not wait for each other: four others are being refreshed, for how long ever", async () => {
    const logins = new Map(["a", "b", "c", "d"].map((name) => [name, loginNamed(name)]));
    for (const [name, login] of logins) jobs.store.set(`LOGIN_${name}`, login.line().reveal());
    jobs.clock.advance(HOUR_MS);
    for (const [name, login] of logins) {
      const others = new RefreshJobs();
      const place = { ...PLACE, secretName: `LOGIN_${name}` };
      // It never comes back.
      const refresher = async () => ({ refresh: () => new Promise<never>(() => {}) });
      void jobs.newRun("force", { place, refresher, log: others.log, handed: login })();
    }
    jobs.clock.advance(2 * SECOND_MS);
    for (let turns = 0; turns < 200; turns++) await Promise.resolve();
    expect(jobs.store.variables.kept.size).toBe(4);
    const beganMs = jobs.clock.monotonicMs();

    expect(rotated(await jobs.newRun("force")())).toBe(true);

    expect(jobs.clock.monotonicMs() - beganMs).toBeLessThan(10 * SECOND_MS);
    expectAlive();
  });
});

describe("a hundred jobs at once", () => {
  test("one rotates, and all go on", async () => {
    const runs = Array.from({ length: 100 }, () => jobs.newRun());

    const outcomes = await Promise.all(runs.map((run) => run()));

    expect(outcomes.filter(rotated)).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === "not-refreshed" || kind === "kept")).toHaveLength(99);
    expect(jobs.issuer.presented).toHaveLength(1);
    expectAlive();
  });
});

describe("the whole login in the home of a job", () => {
  test("is in one job only: a second one in another group stops before Codex runs", async () => {
    const whole = { claimFor: "whole-job" } as const;
    const far = { due: () => false };
    const first = await jobs.newRun("force", {}, { ...whole, ...far })();
    let ran = false;
    const refresher = async () => ({
      refresh: async () => {
        ran = true;
        throw new Error("Codex must not run");
      },
    });

    await expect(jobs.newRun("force", { refresher }, whole)()).rejects.toMatchObject({
      code: "claim-busy",
    });
    // Not even after ten minutes, with force, as long as nobody knows that the first has ended.
    jobs.clock.advance(3 * HOUR_MS);
    await expect(jobs.newRun("force", { refresher, runInformation: SILENT }, whole)()).rejects.toMatchObject({
      code: expect.stringMatching(/claim-busy|freshness-unproven/),
    });

    expect(first.kind).toBe("kept");
    expect(ran).toBe(false);
    expect(jobs.issuer.presented).toEqual([]);
  });
});

describe("a job that would hold the whole login after it has rotated it", () => {
  const whole = { claimFor: "whole-job" } as const;

  /** Something happens just before the rotated generation is claimed for the job. */
  function beforeHolding(act: (name: string, value: string) => Promise<void>): void {
    const variables = jobs.store.variables;
    const create = variables.create.bind(variables);
    let posts = 0;
    variables.create = async (name, value) => {
      posts += 1;
      if (posts === 2) await act(name, value);
      return create(name, value);
    };
  }

  test("and finds it claimed by another leaves both claims as they are", async () => {
    const { kept } = jobs.store.variables;
    let theirs = "";
    beforeHolding(async (name, value) => {
      theirs = JSON.stringify({ ...JSON.parse(value), holder: "e".repeat(32) });
      kept.set(name, { name, value: theirs, createdAt: jobs.clock.rightNow() });
    });

    expect(await jobs.newRun("force", {}, whole)()).toMatchObject({
      kind: "refreshed",
      storing: { kind: "stored" },
      unclaimed: {
        code: "claim-busy",
        message: expect.stringContaining("has refreshed the login and stored it"),
      },
    });

    expect(jobs.claim()).toMatchObject({ state: "stored" });
    expect(jobs.claim(jobs.stored)).toMatchObject({ holder: "e".repeat(32), released: false });
  });

  test("does not hold it when the secret has moved meanwhile", async () => {
    beforeHolding(async () => {
      jobs.clock.advance(MINUTE_MS);
      jobs.issuer.interfere = () => "renews";
      await jobs.newRun("force")();
      jobs.issuer.interfere = () => "decides";
    });

    expect(await jobs.newRun("force", {}, whole)()).toMatchObject({
      kind: "refreshed",
      storing: { kind: "stored" },
      unclaimed: {
        code: "claim-busy",
        message: expect.stringContaining("has refreshed the login and stored it"),
      },
    });

    expect(jobs.claim(jobs.stored)).toBeNull();
    expect(jobs.stored.refreshToken.reveal()).toBe(jobs.issuer.living);
    jobs.clock.advance(HOUR_MS);
    expect(rotated(await jobs.newRun("force")())).toBe(true);
  });
});

describe("a repository that has another name now", () => {
  test("goes on with the same claims and notes: they go by its number", async () => {
    const queued = jobs.newRun("force", { place: { ...PLACE, owner: "new", repository: "name" } });
    jobs.clock.advance(SECOND_MS);
    await jobs.newRun("force")();
    expect(jobs.store.variables.kept.has(claimName(jobs.login, PLACE))).toBe(true);

    expect(rotated(await queued())).toBe(true);

    expectAlive();
  });
});

describe("an older note that is found first", () => {
  test("does not hide a later one: the notes are followed to the end", async () => {
    const queued = jobs.newRun("force");
    jobs.clock.advance(SECOND_MS);
    const branch = jobs.login;
    await jobs.newRun("force")();
    const oldest = jobs.handoff.under(branch).at(0);
    jobs.clock.advance(HOUR_MS);
    await jobs.newRun("force")();
    const look = jobs.handoff.look.bind(jobs.handoff);
    // A branch's own caches are searched before those of the default branch.
    jobs.handoff.look = async (login) =>
      login.isSameGeneration(branch) && oldest ? { kind: "note", note: oldest } : look(login);

    expect(rotated(await queued())).toBe(true);

    expectAlive();
    expect(jobs.issuer.presented).toHaveLength(3);
  });
});

test("a note to which no claim leads is neither presented nor stored", async () => {
  const queued = jobs.newRun("force");
  jobs.clock.advance(SECOND_MS);
  const handed = jobs.login;
  await jobs.newRun("force")();
  const [genuine] = jobs.handoff.under(handed);
  if (!genuine) throw new Error("there is no note");
  const standing = jobs.stored.line().reveal();
  const presented = [...jobs.issuer.presented];
  const note = { ...genuine, login: loginNamed("forged") };
  jobs.handoff.look = async () => ({ kind: "note", note });

  await expect(queued()).rejects.toMatchObject({ name: "Failure" });

  expect(jobs.issuer.presented).toEqual(presented);
  expect(jobs.stored.line().reveal()).toBe(standing);
});

describe("an issuer that renews and keeps the refresh token", () => {
  test("leaves a login that is stored, and no claim that anybody waits for", async () => {
    jobs.issuer.interfere = () => "renews";

    const outcome = await jobs.newRun("force")();

    expect(outcome).toMatchObject({ kind: "refreshed", rotated: false, storing: { kind: "stored" } });
    expect(jobs.claim()).toBeNull();
    jobs.issuer.interfere = () => "decides";
    jobs.clock.advance(HOUR_MS);
    expect(rotated(await jobs.newRun("force")())).toBe(true);
    expect(jobs.stored.refreshToken.reveal()).toBe(jobs.issuer.living);
  });
});
