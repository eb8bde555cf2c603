import { beforeEach, describe, expect, test } from "@jest/globals";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { SectionOutcome } from "../../src/login/section.ts";
import type { RunInformation } from "../../src/ports/github.ts";
import { PLACE, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";

/** Conditions under which a healthy login is refreshed, or the truth is told: nothing is lost in any of them. */

const HOUR_MS = 3_600_000;
let jobs: RefreshJobs;

beforeEach(() => {
  jobs = new RefreshJobs();
});

function rotated(outcome: SectionOutcome): boolean {
  return outcome.kind === "refreshed" && outcome.rotated && outcome.storing.kind === "stored";
}

function expectWell(outcome: SectionOutcome, presented = 1): void {
  expect(rotated(outcome)).toBe(true);
  expect(jobs.stored.refreshToken.reveal()).toBe(jobs.issuer.living);
  expect(jobs.issuer.presented).toHaveLength(presented);
}

function informed(instead: Partial<RunInformation>): RunInformation {
  return {
    isRerun: false,
    readTime: async () => ({ kind: "unknown", because: "permission" }),
    statusOf: async () => "unknown",
    concurrency: async () => null,
    visibility: async () => "private",
    mayWrite: async () => null,
    ...instead,
  };
}

describe("one answer that fails before the rotation", () => {
  test("of the run's time is asked for again", async () => {
    const at = jobs.clock.rightNow();
    let asked = 0;
    const runInformation = informed({
      readTime: async () =>
        ++asked === 1 ? { kind: "unknown", because: "unreachable" } : { kind: "known", at },
    });

    expectWell(await jobs.newRun("force", { runInformation })());
  });

  test("of the cache is asked for again", async () => {
    const queued = jobs.newRun("force");
    jobs.clock.advance(1000);
    await jobs.newRun("force")();
    const look = jobs.handoff.look.bind(jobs.handoff);
    let looks = 0;
    jobs.handoff.look = async (login) => (++looks === 1 ? { kind: "not-answered" } : look(login));

    expectWell(await queued(), 2);
  });
});

describe("a rate limit that wants a minute", () => {
  test.each(["GET", "KEY", "PUT", "LIST", "POST", "PATCH"])("at a %s is waited for", async (limited) => {
    let left = 1;
    const interfere = (request: string): void => {
      if (request !== limited || left-- <= 0) return;
      throw new GitHubError("GitHub's API answered 403: `You have exceeded a secondary rate limit.`.", {
        status: 403,
        retryAfterMs: 60_000,
      });
    };
    jobs.store.interfere = interfere;
    jobs.store.variables.interfere = interfere;

    expectWell(await jobs.newRun("force")());
    jobs.clock.advance(HOUR_MS);
    expectWell(await jobs.newRun("force")(), 2);
  });

  test("that lasts is told as GitHub's, and not as a missing permission", async () => {
    jobs.store.interfere = () => {
      throw new GitHubError("…", { status: 403, said: "API rate limit exceeded", retryAfterMs: 60_000 });
    };

    await expect(jobs.newRun("force")()).rejects.toMatchObject({
      code: "github-unreachable",
      message: "GitHub's API answered 403: `API rate limit exceeded`.",
    });
    expect(jobs.issuer.presented).toEqual([]);
  });
});

describe("a scope that is full", () => {
  function fill(): void {
    for (let index = jobs.store.secrets.size; index < 100; index++) jobs.store.set(`S_${index}`, "x");
    jobs.store.interfere = (request, name) => {
      if (request === "PUT" && !jobs.store.secrets.has(name))
        throw new GitHubError("…", { status: 422, said: "Maximum of 100 secrets reached" });
    };
  }

  test("has no room for the probe, which it does not need: who may not write is told so before", async () => {
    fill();

    expectWell(await jobs.newRun("force")());
  });

  test("does not hide another 422", async () => {
    jobs.store.interfere = (request, name) => {
      if (request === "PUT" && name !== SECRET) throw new GitHubError("…", { status: 422 });
    };

    await expect(jobs.newRun("force")()).rejects.toMatchObject({ code: "github-unreachable" });
    expect(jobs.issuer.presented).toEqual([]);
    expect(jobs.claim()).toBeNull();
  });

  test("of variables is told, with nothing claimed", async () => {
    const { kept } = jobs.store.variables;
    for (let index = 0; index < 500; index++)
      kept.set(`V_${index}`, { name: `V_${index}`, value: "x", createdAt: jobs.clock.rightNow() });
    jobs.store.variables.interfere = (request) => {
      if (request === "POST") throw new GitHubError("…", { status: 422, said: "Maximum reached" });
    };

    await expect(jobs.newRun("force")()).rejects.toMatchObject({ code: "claim-limit" });
    expect(jobs.issuer.presented).toEqual([]);
  });
});

describe("a `codex` without an app-server", () => {
  const outdated = {
    refresher: async () => ({
      refresh: async ({
        started,
      }: {
        started: (process: { pid: number; startedAt: null }) => Promise<void>;
      }) => {
        await started({ pid: 1, startedAt: null });
        return { account: "unstarted" as const, stderr: "codex-cli 0.30.0: unrecognized subcommand" };
      },
    }),
  };

  test("is told as such, with its version, and gives the claim back", async () => {
    await expect(jobs.newRun("force", outdated)()).rejects.toMatchObject({
      code: "codex-outdated",
      message: expect.stringContaining("`codex-cli 0.30.0: unrecognized subcommand`"),
    });
    expect(jobs.store.variables.kept.size).toBe(0);

    expectWell(await jobs.newRun("force")());
  });

  test("does not stop a job that can go on without", async () => {
    expect(await jobs.newRun("auto", outdated)()).toMatchObject({
      kind: "not-refreshed",
      because: { code: "codex-outdated" },
    });
    expect(jobs.store.variables.kept.size).toBe(0);
  });
});

describe("a refresh that another cannot disturb", () => {
  test("a DELETE that lands late takes nobody else's claim", async () => {
    // Codex cannot be had: the claim is never made. Here it is made, and given back, because the secret moves.
    const removed: string[] = [];
    const remove = jobs.store.variables.remove.bind(jobs.store.variables);
    jobs.store.variables.remove = async (name) => {
      removed.push(name);
      return remove(name);
    };
    let claimed = false;
    jobs.store.variables.interfere = (request) => {
      if (request === "POST answer") claimed = true;
    };
    jobs.store.interfere = (request, name) => {
      if (request !== "GET" || name !== SECRET || !claimed) return;
      claimed = false;
      jobs.clock.advance(2000);
      jobs.store.set(SECRET, jobs.login.line().reveal());
      jobs.store.interfere = () => {};
    };

    await expect(jobs.newRun("force")()).rejects.toMatchObject({ code: "copy-stale" });

    expect(removed).toEqual([claimName(jobs.login, PLACE)]);
    expect(jobs.issuer.presented).toEqual([]);
  });

  test("a claim that is not ours any more is never deleted", async () => {
    const mine = claimName(jobs.login, PLACE);
    let removals = 0;
    jobs.store.variables.interfere = (request, name) => {
      if (request === "DELETE") removals += 1;
      // Between the POST and the look before the DELETE, somebody else's stands there.
      if (request === "POST answer" && name === mine) {
        const kept = jobs.store.variables.kept.get(mine);
        if (kept)
          jobs.store.variables.kept.set(mine, {
            ...kept,
            value: kept.value.replace(/"holder":"\w+"/, `"holder":"${"e".repeat(32)}"`),
          });
        jobs.clock.advance(2000);
        jobs.store.set(SECRET, jobs.login.line().reveal());
      }
    };

    await expect(jobs.newRun("force")()).rejects.toThrow();

    expect(removals).toBe(0);
    expect(jobs.claim()?.holder).toBe("e".repeat(32));
  });
});

describe("a job that dies when it was to write for another", () => {
  test("is followed by one that stores it, whatever is due, and by one that refreshes it", async () => {
    const refuse = (request: string, name: string): void => {
      if (request === "PUT" && name === SECRET) throw new GitHubError("…", { status: 502 });
    };
    jobs.store.interfere = refuse;
    await jobs.newRun("force")();
    // The claim to write stays, as of a machine that died: nobody gave it back.
    const next = jobs.handoff.under(jobs.login).at(-1)?.login ?? jobs.login;
    jobs.store.interfere = () => {};
    jobs.store.variables.kept.set(claimName(next, PLACE), {
      name: claimName(next, PLACE),
      createdAt: jobs.clock.rightNow(),
      value: JSON.stringify({
        v: 1,
        holder: "e".repeat(32),
        run: "77",
        attempt: 1,
        secret: SECRET,
        ref: "default",
        state: "write",
        before: jobs.store.secrets.get(SECRET)?.updatedAt,
        next: null,
        after: null,
        released: false,
        wholeJob: false,
      }),
    });
    jobs.runStatus = "ended";
    jobs.clock.advance(HOUR_MS);

    expect((await jobs.newRun("auto")()).kind).toBe("kept");
    expect(jobs.stored.refreshToken.reveal()).toBe(jobs.issuer.living);
    jobs.clock.advance(HOUR_MS);
    expectWell(await jobs.newRun("force")(), 2);
  });
});
