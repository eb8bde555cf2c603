import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Claim } from "../../src/core/claim/claim.ts";
import { type Ledger, ledgerOf } from "../../src/core/claim/ledger.ts";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import type { SectionOutcome } from "../../src/login/section.ts";
import type { Services } from "../../src/login/services.ts";
import { MemoryLedger, PLACE, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOT_DUE = { due: () => false };
const WHOLE_JOB = { claimFor: "whole-job" } as const;

let jobs: RefreshJobs;
let ledgerFile: MemoryLedger;

beforeEach(() => {
  jobs = new RefreshJobs();
  ledgerFile = new MemoryLedger();
});

type Request = Parameters<RefreshJobs["newRun"]>[2];

function run(request: Request = {}, instead: Partial<Services> = {}): Promise<SectionOutcome> {
  return jobs.newRun("auto", { ledgerFile, ...instead }, request)();
}

function updatedAt(): Date {
  return jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
}

function claimElsewhere(login: AuthJson, change: Partial<Claim> = {}, ageMs = 0): void {
  jobs.claimElsewhere(claimName(login, PLACE), change, ageMs);
}

function refuse(requests: readonly string[], status: number): void {
  jobs.store.interfere = (request, name) => {
    if (requests.includes(request) && name === SECRET)
      throw new GitHubError(`GitHub's API answered ${status}.`, { status });
  };
}

/** An earlier step of this job has rotated the login, and could not store what came of it. */
function leavePending(): Ledger {
  const next = jobs.issuer.rotate();
  const ledger = ledgerOf({ login: next, predecessor: jobs.login, before: updatedAt() });
  ledgerFile.ledger = ledger;
  return ledger;
}

describe("a login that is current", () => {
  test("and not due is kept, and the ledger knows what it is", async () => {
    const outcome = await run(NOT_DUE);

    expect(outcome).toMatchObject({
      kind: "kept",
      ledger: { login: jobs.login, predecessor: null, before: updatedAt(), stored: true, claim: null },
    });
    expect(outcome).toMatchObject({ ledger: ledgerFile.ledger });
    expect(jobs.claim()).toBeNull();
    expect(jobs.issuer.presented).toEqual([]);
    expect(jobs.log.lines).toEqual([]);
  });

  test("and not due, in a job that holds the whole login, is claimed for it: the ledger knows, and post need not", async () => {
    const outcome = await run({ ...NOT_DUE, ...WHOLE_JOB });

    const claim = jobs.claim();
    expect(claim).toMatchObject({ state: "open", wholeJob: true });
    expect(outcome).toMatchObject({ kind: "kept", ledger: { claim: { holder: claim?.holder } } });
    expect(ledgerFile.ledger).toMatchObject({ claim: { holder: claim?.holder } });
    expect(jobs.channel.saved.get("critical-section")).toBe("");
  });

  test("is kept by the next step of the job without a question about when the run was created", async () => {
    await run(NOT_DUE);
    const readTime = async () => ({ kind: "unknown", because: "permission" }) as const;
    claimElsewhere(loginNamed("before"), {
      state: "stored",
      next: claimName(jobs.login, PLACE),
      after: updatedAt(),
    });

    const outcome = await run(NOT_DUE, { runInformation: { ...jobs.services().runInformation, readTime } });

    expect(outcome.kind).toBe("kept");
  });

  test("is hidden in the log, and said to come from the handoff where it does", async () => {
    const handed = jobs.login;
    const queued = jobs.newRun("auto", { ledgerFile }, NOT_DUE);
    jobs.clock.advance(1000);
    await jobs.newRun("force")();
    jobs.log.lines.length = 0;
    jobs.log.masked.length = 0;

    const outcome = await queued();

    expect(outcome).toMatchObject({ kind: "kept", ledger: { login: jobs.stored, predecessor: handed } });
    expect(jobs.log.masked).toContain(jobs.issuer.living);
    expect(jobs.log.lines).toEqual([
      `Took login ${jobs.stored.generation} from the handoff: the secret of this run is older.`,
    ]);
  });

  test("is not said to come from the handoff where an earlier step of this job has rotated it", async () => {
    const handed = jobs.login;
    await run();

    expect(await run(NOT_DUE, { handed })).toMatchObject({ kind: "kept", ledger: { login: jobs.stored } });
    expect(jobs.log.lines.filter((line) => line.startsWith("Took login"))).toEqual([]);
  });

  test("is not refreshed where the cache takes no second copy", async () => {
    jobs.handoff.state = "denied";

    expect(await run()).toMatchObject({ kind: "not-refreshed", because: { code: "handoff-denied" } });
    expect(jobs.claim()).toBeNull();
  });

  test("is not refreshed where the machine's disk takes no ledger", async () => {
    ledgerFile.save = async () => {
      throw new Error("full");
    };

    await expect(run()).rejects.toMatchObject({ code: "home-unwritable" });
    expect(jobs.issuer.presented).toEqual([]);
  });
});

describe("the next step of a job that has claimed the login for all of it", () => {
  beforeEach(async () => {
    await run({ ...NOT_DUE, ...WHOLE_JOB });
  });

  test("keeps it under that claim", async () => {
    const known = ledgerFile.ledger;
    const claim = jobs.claim();

    expect(await run({ ...NOT_DUE, ...WHOLE_JOB })).toEqual({ kind: "kept", ledger: known });
    expect(jobs.claim()).toEqual(claim);
  });

  test("finds out before it goes on whether the secret could be written", async () => {
    jobs.store.interfere = (request) => {
      if (request === "PUT") throw new GitHubError("GitHub's API answered 403.", { status: 403 });
    };

    await expect(run({ ...NOT_DUE, ...WHOLE_JOB })).rejects.toMatchObject({ code: "write-token-forbidden" });
  });

  test("rotates it under that claim when it is due, and claims what comes of it", async () => {
    const handed = jobs.login;

    expect(await run(WHOLE_JOB)).toMatchObject({ kind: "refreshed", rotated: true });
    expect(jobs.issuer.presented).toHaveLength(1);
    expect(jobs.claim(handed)).toMatchObject({ state: "stored" });
    expect(jobs.claim(jobs.stored)).toMatchObject({ state: "open", wholeJob: true });
  });

  test("does not go by it for a refresh alone: the claim is another step's", async () => {
    expect(await run()).toMatchObject({ kind: "not-refreshed", because: { code: "claim-busy" } });
    expect(jobs.issuer.presented).toEqual([]);
  });

  test("looks for the login again where the claim is gone", async () => {
    jobs.store.variables.kept.delete(claimName(jobs.login, PLACE));

    expect(await run({ ...NOT_DUE, ...WHOLE_JOB })).toMatchObject({
      kind: "not-refreshed",
      because: { code: "copy-stale" },
    });
  });
});

describe("what an earlier step of the job could not store", () => {
  test("is stored first, and then kept", async () => {
    const { login } = leavePending();
    claimElsewhere(jobs.login, { state: "rotated", next: claimName(login, PLACE), released: true });

    const outcome = await run(NOT_DUE);

    expect(jobs.stored.isSameGeneration(login)).toBe(true);
    expect(outcome).toMatchObject({ kind: "not-refreshed", login, because: { code: "copy-stale" } });
    expect(ledgerFile.ledger).toMatchObject({ stored: true, before: updatedAt() });
  });

  test("and still cannot be stored is what the job goes on with", async () => {
    const { login } = leavePending();
    refuse(["PUT"], 502);

    expect(await run(NOT_DUE)).toMatchObject({
      kind: "not-refreshed",
      login,
      because: { code: "github-unreachable" },
    });
    expect(jobs.log.masked).toContain(login.refreshToken.reveal());
  });
});

describe("a login that an earlier run could not store", () => {
  async function leaveUnstored(): Promise<{ queued: () => Promise<SectionOutcome>; next: AuthJson }> {
    const queued = jobs.newRun("auto", { ledgerFile }, NOT_DUE);
    refuse(["PUT"], 403);
    const outcome = await jobs.newRun("auto")();
    jobs.store.interfere = () => {};
    jobs.clock.advance(15 * MINUTE_MS);
    jobs.runStatus = "ended";
    if (outcome.kind !== "refreshed") throw new Error("it was not refreshed");
    jobs.log.masked.length = 0;
    return { queued, next: outcome.ledger.login };
  }

  test("is hidden in the log, stored, and kept", async () => {
    const { queued, next } = await leaveUnstored();

    expect(await queued()).toMatchObject({
      kind: "kept",
      ledger: { login: next, predecessor: jobs.login, before: updatedAt(), stored: true },
    });
    expect(jobs.stored.isSameGeneration(next)).toBe(true);
    expect(jobs.log.masked).toContain(next.refreshToken.reveal());
  });

  test("is looked for again where it is not known since when the secret holds it", async () => {
    const { queued, next } = await leaveUnstored();
    refuse(["PUT answer"], 502);

    expect(await queued()).toMatchObject({
      kind: "not-refreshed",
      login: next,
      because: { code: "copy-stale" },
    });
    expect(jobs.stored.isSameGeneration(next)).toBe(true);
  });

  test("is what the job goes on with where it still cannot be stored", async () => {
    const { queued, next } = await leaveUnstored();
    refuse(["PUT"], 502);

    expect(await queued()).toMatchObject({
      kind: "not-refreshed",
      login: next,
      because: { code: "github-unreachable" },
    });
  });
});

describe("a job that cannot refresh goes on with its access token", () => {
  test("where another job is at work, and says since when, and how often it has looked", async () => {
    claimElsewhere(jobs.login);

    expect(await run()).toMatchObject({
      kind: "not-refreshed",
      login: jobs.login,
      because: {
        code: "claim-busy",
        message: expect.stringMatching(/^Run 99 has claimed this login 1[0-9] s ago, .*looked at 3 times/),
      },
    });
  });

  test("where the secret has been written since, and says so", async () => {
    const started = jobs.newRun("auto", { ledgerFile });
    jobs.clock.advance(MINUTE_MS);
    jobs.store.set(SECRET, loginNamed("person").line().reveal());

    expect(await started()).toMatchObject({ kind: "not-refreshed", because: { code: "copy-stale" } });
  });

  test.each([
    ["where GitHub refuses the token", 401, "write-token-rejected"],
    ["where GitHub does not answer", null, "github-unreachable"],
  ])("or stops, %s", async (_, status, code) => {
    jobs.store.interfere = () => {
      throw new GitHubError("…", { status });
    };

    const outcome = await run().catch((error: unknown) => ({ because: error }));

    expect(outcome).toMatchObject({ because: { code } });
    expect(jobs.store.openSessions).toBe(0);
  });

  test("where others are always faster, after eight rounds", async () => {
    // Each time a claim is made the secret has moved, and this run was given what it holds then.
    const { variables } = jobs.store;
    const create = variables.create.bind(variables);
    let claims = 0;
    variables.create = async (name, value) => {
      claims += 1;
      jobs.clock.advance(2000);
      jobs.store.set(SECRET, jobs.login.line().reveal());
      return create(name, value);
    };
    const { runInformation } = jobs.services();
    const readTime = async () =>
      ({ kind: "known", at: new Date(jobs.clock.rightNow().getTime() + 5000) }) as const;

    const outcome = await run({}, { runInformation: { ...runInformation, readTime } });

    expect(outcome).toMatchObject({
      kind: "not-refreshed",
      login: jobs.login,
      because: { code: "claim-busy", message: expect.stringContaining("looked at 8 times") },
    });
    expect(claims).toBe(8);
    expect(jobs.issuer.presented).toEqual([]);
    expect(jobs.claim()).toBeNull();
  });

  test("in no case where it has no write token: that is the workflow's fault", async () => {
    await expect(run({}, { writeCredential: null })).rejects.toMatchObject({ code: "write-token-missing" });
  });

  test("where the write token cannot be opened, unless a refresh was demanded", async () => {
    const open = async (): Promise<never> => {
      throw new GitHubError("…", { status: 500 });
    };
    const writeCredential = { kind: "token", open } as const;

    expect(await run({}, { writeCredential })).toMatchObject({
      kind: "not-refreshed",
      login: jobs.login,
      because: { code: "github-unreachable" },
    });
    await expect(run({ insistence: "forced" }, { writeCredential })).rejects.toMatchObject({
      code: "github-unreachable",
    });
  });
});

describe("a write token that expires", () => {
  const warned = (): boolean =>
    jobs.log.lines.some((line) => /^warning: .*expires on .* Make a new fine-grained token/.test(line));

  test.each([
    ["within two weeks is told of, in the log and to post", 13 * DAY_MS, true],
    ["later is not", 15 * DAY_MS, false],
  ])("%s", async (_, leftMs, isTold) => {
    jobs.store.tokenExpiresAt = new Date(jobs.clock.rightNow().getTime() + leftMs);

    await run(NOT_DUE);

    expect(warned()).toBe(isTold);
    expect(jobs.channel.saved.get("notice")?.includes("write-token-expires-soon") ?? false).toBe(isTold);
  });

  test("is told of also where the job stops", async () => {
    jobs.store.tokenExpiresAt = new Date(jobs.clock.rightNow().getTime() + DAY_MS);
    jobs.issuer.interfere = () => "unavailable";

    await expect(run({ insistence: "forced" })).rejects.toMatchObject({ code: "refresh-unavailable" });
    expect(warned()).toBe(true);
  });
});
