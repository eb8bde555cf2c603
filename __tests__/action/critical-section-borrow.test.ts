import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CriticalSectionOutcome } from "../../src/action/critical-section.ts";
import { LOCK_NAME } from "../../src/action/lock.ts";
import { Failure, type FailureCode } from "../../src/core/failure.ts";
import { GitHubError } from "../../src/core/github-error.ts";
import type { Writer } from "../../src/ports.ts";
import { Keepers, SECRET } from "./keepers.ts";

const HOUR_MS = 3_600_000;
/** The access token of the login lives 23 hours more. */
const DYING = { minimumLifetimeMs: 23 * HOUR_MS + 1 };
const STILL_LIVING = { minimumLifetimeMs: 22 * HOUR_MS };

let keepers: Keepers;

beforeEach(() => {
  keepers = new Keepers();
});

function borrowed(outcome: CriticalSectionOutcome): string | null {
  return outcome.kind === "borrowed" ? outcome.document.generation : null;
}

function failingWriter(error: Error, kind: Writer["kind"] = "token"): Writer {
  return {
    kind,
    open: async () => {
      throw error;
    },
  };
}

describe("a keeper whose way to a refresh is blocked for now", () => {
  const blocked = (): { writer: Writer } => ({
    writer: failingWriter(new GitHubError("no", { status: 502 })),
  });

  test.each([
    ["GitHub", new GitHubError("no", { status: 502 })],
    ["its writer", new Failure("github-unreachable", "what", "hint")],
  ])("by %s borrows while its access token lives", async (_what, error) => {
    const writer = failingWriter(error);

    const outcome = await keepers.newRun("auto", { writer }, STILL_LIVING)();

    expect(outcome).toMatchObject({ kind: "borrowed", because: { code: "github-unreachable" } });
    expect(borrowed(outcome)).toBe(keepers.login.generation);
  });

  test.each([
    ["whose access token does not live for the minimum", "auto", DYING],
    ["that was told to refresh", "force", {}],
  ] as const)("stops in a job %s", async (_what, policy, request) => {
    await expect(keepers.newRun(policy, blocked(), request)()).rejects.toMatchObject({
      code: "github-unreachable",
    });
  });
});

describe("a fault of the set-up", () => {
  test.each<FailureCode>([
    "writer-rejected",
    "writer-revoked",
    "writer-forbidden",
    "writer-cannot-reach-repository",
    "app-invalid",
    "app-not-installed",
    "app-permission-missing",
    "secret-not-found",
    "secret-limit",
    "lock-foreign",
    "codex-missing",
    "home-unwritable",
  ])("(%s) is never borrowed past", async (code) => {
    const writer = failingWriter(new Failure(code, "what", "hint"));

    await expect(keepers.newRun("auto", { writer })()).rejects.toMatchObject({ code });
  });

  test("of a writer's token that never worked does not say that it did", async () => {
    const writer = failingWriter(new GitHubError("no", { status: 401 }));

    await expect(keepers.newRun("auto", { writer })()).rejects.toMatchObject({ code: "writer-rejected" });
  });

  test("of the writer is explained by its kind", async () => {
    const writer = failingWriter(new GitHubError("no", { status: 403 }), "app");

    await expect(keepers.newRun("auto", { writer })()).rejects.toMatchObject({
      code: "writer-forbidden",
      hint: expect.stringContaining("GitHub App"),
    });
  });

  test("is not confused with a bug", async () => {
    const writer = failingWriter(new TypeError("a bug"));

    await expect(keepers.newRun("auto", { writer })()).rejects.toThrow("a bug");
  });

  test.each([
    ["see no secret", null, "secret-not-found"],
    ["not even see the scope", 404, "writer-cannot-reach-repository"],
  ])("that lets the writer %s is found out before a lock is asked for", async (_what, status, code) => {
    const run = keepers.newRun();
    const asked = new Set<string>();
    keepers.store.secrets.clear();
    keepers.store.interfere = (request, name) => {
      asked.add(name);
      if (request === "KEY" && status !== null) throw new GitHubError("no", { status });
    };

    await expect(run()).rejects.toMatchObject({ code });
    expect(asked).not.toContain(LOCK_NAME);
    expect([...keepers.store.secrets.keys()]).toEqual([]);
  });

  test("that is found under the lock lets go of the lock", async () => {
    const refresher = async (): Promise<never> => {
      throw new Failure("codex-missing", "what", "hint");
    };

    await expect(keepers.newRun("auto", { refresher })()).rejects.toMatchObject({ code: "codex-missing" });
    expect(keepers.store.secrets.has(LOCK_NAME)).toBe(false);
  });
});

describe("a GitHub that breaks down under the lock", () => {
  test("lets the job borrow, and the lock goes", async () => {
    const { store } = keepers;
    store.interfere = (request, name) => {
      if (request === "GET" && name === SECRET && store.secrets.has(LOCK_NAME))
        throw new GitHubError("no", { status: 502 });
    };

    const outcome = await keepers.newRun()();

    expect(outcome).toMatchObject({ kind: "borrowed", because: { code: "github-unreachable" } });
    expect(store.secrets.has(LOCK_NAME)).toBe(false);
    expect(store.openSessions).toBe(0);
    expect(keepers.issuer.presented).toEqual([]);
  });
});

describe("a lock that another keeper holds", () => {
  let startMs: number;
  const passedMs = (): number => keepers.clock.monotonicMs() - startMs;

  /** The other keeper lets go of it after so long. */
  function hold(forMs = Number.POSITIVE_INFINITY): void {
    const { clock, store } = keepers;
    startMs = clock.monotonicMs();
    store.set(LOCK_NAME, "another keeper's");
    store.interfere = (request) => {
      if (request === "GET" && passedMs() >= forMs) {
        store.secrets.delete(LOCK_NAME);
        store.interfere = () => {};
      }
    };
  }

  test("is not waited for while the access token lives", async () => {
    hold();

    const outcome = await keepers.newRun()();

    expect(outcome).toMatchObject({
      kind: "borrowed",
      because: {
        code: "lock-busy",
        message: expect.stringContaining("Another keeper"),
        hint: expect.stringContaining("`concurrency:`"),
      },
    });
    expect(borrowed(outcome)).toBe(keepers.login.generation);
    expect(passedMs()).toBeLessThan(1_000);
    expect(keepers.log.lines).toEqual([]);
  });

  test.each([30_000, 110_000])("for %i ms more is waited for where the job must refresh", async (forMs) => {
    hold(forMs);

    const outcome = await keepers.newRun("auto", {}, DYING)();

    expect(outcome).toMatchObject({ kind: "refreshed", publication: { kind: "published" } });
    expect(passedMs()).toBeLessThan(forMs + 10_000);
    expect(keepers.log.lines.filter((line) => line.includes("Waiting for it"))).toHaveLength(1);
  });

  test("is waited for no longer than two minutes", async () => {
    hold();

    await expect(keepers.newRun("force")()).rejects.toMatchObject({ code: "lock-busy" });
    expect(passedMs()).toBeGreaterThan(114_000);
    expect(passedMs()).toBeLessThanOrEqual(120_200);
    expect(keepers.store.secrets.get(LOCK_NAME)?.value).toBe("another keeper's");
  });

  test("is not waited for in a job that is cancelled", async () => {
    hold();
    const cancellation = { requested: () => passedMs() > 20_000 };

    await expect(keepers.newRun("force", { cancellation })()).rejects.toMatchObject({ code: "lock-busy" });
    expect(passedMs()).toBeLessThan(30_000);
  });
});

describe("a copy that is not current", () => {
  test("is borrowed in its newest form, whose tokens are hidden, and never refreshed", async () => {
    const { clock, handover, issuer, log, login, store } = keepers;
    const run = keepers.newRun();
    const newest = issuer.rotate();
    const [updatedAt, savedAt] = [clock.now(), clock.now()];
    await handover.save(login, {
      kind: "successor",
      document: newest,
      witness: { kind: "confirmed", updatedAt },
      savedAt,
    });
    clock.advance(60_000);
    store.set(SECRET, "of somebody else");

    const outcome = await run();

    expect(outcome).toMatchObject({ kind: "borrowed", because: { code: "copy-stale" } });
    expect(borrowed(outcome)).toBe(newest.generation);
    expect(log.masked).toContain(issuer.living);
    expect(issuer.presented).toEqual([]);
    expect(store.secrets.get(SECRET)?.value).toBe("of somebody else");
  });

  test("ends a job that was told to refresh", async () => {
    const run = keepers.newRun("force");
    keepers.clock.advance(60_000);
    keepers.store.set(SECRET, "of somebody else");

    await expect(run()).rejects.toMatchObject({ code: "copy-stale" });
    expect(keepers.issuer.presented).toEqual([]);
    expect(keepers.store.secrets.has(LOCK_NAME)).toBe(false);
  });

  test("cannot be told where the cache is down, so nothing is refreshed", async () => {
    keepers.handover.state = "down";

    const outcome = await keepers.newRun()();

    expect(outcome).toMatchObject({ kind: "borrowed", because: { code: "currency-unproven" } });
    expect(keepers.issuer.presented).toEqual([]);
  });
});
