import { beforeEach, describe, expect, test } from "@jest/globals";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { SectionOutcome } from "../../src/login/section.ts";
import type { RunInformation } from "../../src/ports/action.ts";
import { Keepers, PLACE, SECRET } from "../action/keepers.ts";

/** Conditions under which a healthy login is refreshed, or the truth is told: nothing is lost in any of them. */

const HOUR_MS = 3_600_000;
let keepers: Keepers;

beforeEach(() => {
  keepers = new Keepers();
});

function rotated(outcome: SectionOutcome): boolean {
  return outcome.kind === "refreshed" && outcome.rotated && outcome.storing.kind === "stored";
}

function expectWell(outcome: SectionOutcome, presented = 1): void {
  expect(rotated(outcome)).toBe(true);
  expect(keepers.stored.refreshToken.reveal()).toBe(keepers.issuer.living);
  expect(keepers.issuer.presented).toHaveLength(presented);
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
    const at = keepers.clock.rightNow();
    let asked = 0;
    const runInformation = informed({
      readTime: async () =>
        ++asked === 1 ? { kind: "unknown", because: "unreachable" } : { kind: "known", at },
    });

    expectWell(await keepers.newRun("force", { runInformation })());
  });

  test("of the cache is asked for again", async () => {
    const queued = keepers.newRun("force");
    keepers.clock.advance(1000);
    await keepers.newRun("force")();
    const look = keepers.handoff.look.bind(keepers.handoff);
    let looks = 0;
    keepers.handoff.look = async (document) => (++looks === 1 ? { kind: "not-answered" } : look(document));

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
    keepers.store.interfere = interfere;
    keepers.store.variables.interfere = interfere;

    expectWell(await keepers.newRun("force")());
    keepers.clock.advance(HOUR_MS);
    expectWell(await keepers.newRun("force")(), 2);
  });

  test("that lasts is told as GitHub's, and not as a missing permission", async () => {
    keepers.store.interfere = () => {
      throw new GitHubError("…", { status: 403, said: "API rate limit exceeded", retryAfterMs: 60_000 });
    };

    await expect(keepers.newRun("force")()).rejects.toMatchObject({
      code: "github-unreachable",
      message: "GitHub's API answered 403: `API rate limit exceeded`.",
    });
    expect(keepers.issuer.presented).toEqual([]);
  });
});

describe("a scope that is full", () => {
  function fill(): void {
    for (let index = keepers.store.secrets.size; index < 100; index++) keepers.store.set(`S_${index}`, "x");
    keepers.store.interfere = (request, name) => {
      if (request === "PUT" && !keepers.store.secrets.has(name))
        throw new GitHubError("…", { status: 422, said: "Maximum of 100 secrets reached" });
    };
  }

  test("has no room for the probe, which it does not need: who may not write is told so before", async () => {
    fill();

    expectWell(await keepers.newRun("force")());
  });

  test("does not hide another 422", async () => {
    keepers.store.interfere = (request, name) => {
      if (request === "PUT" && name !== SECRET) throw new GitHubError("…", { status: 422 });
    };

    await expect(keepers.newRun("force")()).rejects.toMatchObject({ code: "github-unreachable" });
    expect(keepers.issuer.presented).toEqual([]);
    expect(keepers.claim()).toBeNull();
  });

  test("of variables is told, with nothing claimed", async () => {
    const { kept } = keepers.store.variables;
    for (let index = 0; index < 500; index++)
      kept.set(`V_${index}`, { name: `V_${index}`, value: "x", createdAt: keepers.clock.rightNow() });
    keepers.store.variables.interfere = (request) => {
      if (request === "POST") throw new GitHubError("…", { status: 422, said: "Maximum reached" });
    };

    await expect(keepers.newRun("force")()).rejects.toMatchObject({ code: "claim-limit" });
    expect(keepers.issuer.presented).toEqual([]);
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
        return { account: "unstarted" as const, words: "codex-cli 0.30.0: unrecognized subcommand" };
      },
    }),
  };

  test("is told as such, with its version, and gives the claim back", async () => {
    await expect(keepers.newRun("force", outdated)()).rejects.toMatchObject({
      code: "codex-outdated",
      message: expect.stringContaining("`codex-cli 0.30.0: unrecognized subcommand`"),
    });
    expect(keepers.store.variables.kept.size).toBe(0);

    expectWell(await keepers.newRun("force")());
  });

  test("does not stop a job that can go on without", async () => {
    expect(await keepers.newRun("auto", outdated)()).toMatchObject({
      kind: "borrowed",
      because: { code: "codex-outdated" },
    });
    expect(keepers.store.variables.kept.size).toBe(0);
  });
});

describe("a refresh that another cannot disturb", () => {
  test("a DELETE that lands late takes nobody else's claim", async () => {
    // Codex cannot be had: the claim is never made. Here it is made, and given back, because the secret moves.
    const removed: string[] = [];
    const remove = keepers.store.variables.remove.bind(keepers.store.variables);
    keepers.store.variables.remove = async (name) => {
      removed.push(name);
      return remove(name);
    };
    let claimed = false;
    keepers.store.variables.interfere = (request) => {
      if (request === "POST answer") claimed = true;
    };
    keepers.store.interfere = (request, name) => {
      if (request !== "GET" || name !== SECRET || !claimed) return;
      claimed = false;
      keepers.clock.advance(2000);
      keepers.store.set(SECRET, keepers.login.line().reveal());
      keepers.store.interfere = () => {};
    };

    await expect(keepers.newRun("force")()).rejects.toMatchObject({ code: "copy-stale" });

    expect(removed).toEqual([claimName(keepers.login, PLACE)]);
    expect(keepers.issuer.presented).toEqual([]);
  });

  test("a claim that is not ours any more is never deleted", async () => {
    const mine = claimName(keepers.login, PLACE);
    let removals = 0;
    keepers.store.variables.interfere = (request, name) => {
      if (request === "DELETE") removals += 1;
      // Between the POST and the look before the DELETE, somebody else's stands there.
      if (request === "POST answer" && name === mine) {
        const kept = keepers.store.variables.kept.get(mine);
        if (kept)
          keepers.store.variables.kept.set(mine, {
            ...kept,
            value: kept.value.replace(/"holder":"\w+"/, `"holder":"${"e".repeat(32)}"`),
          });
        keepers.clock.advance(2000);
        keepers.store.set(SECRET, keepers.login.line().reveal());
      }
    };

    await expect(keepers.newRun("force")()).rejects.toThrow();

    expect(removals).toBe(0);
    expect(keepers.claim()?.holder).toBe("e".repeat(32));
  });
});

describe("a job that dies when it was to write for another", () => {
  test("is followed by one that stores it, whatever is due, and by one that refreshes it", async () => {
    const refuse = (request: string, name: string): void => {
      if (request === "PUT" && name === SECRET) throw new GitHubError("…", { status: 502 });
    };
    keepers.store.interfere = refuse;
    await keepers.newRun("force")();
    // The claim to write stays, as of a machine that died: nobody gave it back.
    const next = keepers.handoff.under(keepers.login).at(-1)?.document ?? keepers.login;
    keepers.store.interfere = () => {};
    keepers.store.variables.kept.set(claimName(next, PLACE), {
      name: claimName(next, PLACE),
      createdAt: keepers.clock.rightNow(),
      value: JSON.stringify({
        v: 1,
        holder: "e".repeat(32),
        run: "77",
        attempt: 1,
        secret: SECRET,
        ref: "default",
        state: "write",
        before: keepers.store.secrets.get(SECRET)?.updatedAt,
        next: null,
        after: null,
        released: false,
        wholeJob: false,
      }),
    });
    keepers.runStatus = "ended";
    keepers.clock.advance(HOUR_MS);

    expect((await keepers.newRun("auto")()).kind).toBe("kept");
    expect(keepers.stored.refreshToken.reveal()).toBe(keepers.issuer.living);
    keepers.clock.advance(HOUR_MS);
    expectWell(await keepers.newRun("force")(), 2);
  });
});
