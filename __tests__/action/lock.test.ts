import { beforeEach, describe, expect, test } from "@jest/globals";
import { acquireLock, LOCK_NAME, type LockCollaborators, releaseLock } from "../../src/action/lock.ts";
import { GitHubError } from "../../src/core/github-error.ts";
import { Keepers, PLACE, SECRET } from "./keepers.ts";
import { openBox } from "./ports/store.ts";

const MINUTE_MS = 60_000;

let keepers: Keepers;
let collaborators: LockCollaborators;

beforeEach(() => {
  keepers = new Keepers();
  const { clock, log, store } = keepers;
  collaborators = { session: store.open(), writer: "token", box: openBox, place: PLACE, clock, log };
});

function lockInStore(): string | undefined {
  return keepers.store.secrets.get(LOCK_NAME)?.value;
}

/** Requests of this kind are answered so, until it is told that they are no longer. */
function answer(kind: string, status: number | null, retryAfterMs: number | null = null): void {
  keepers.store.interfere = (request) => {
    if (request === kind) throw new GitHubError("no", { status, retryAfterMs });
  };
}

describe("taking the lock", () => {
  test("makes a secret beside the store that says to a person what it is", async () => {
    const { clock, store } = keepers;
    const startMs = clock.monotonicMs();

    const attempt = await acquireLock(collaborators);

    expect(attempt).toEqual({ kind: "held", key: store.key, takenMs: startMs });
    expect(lockInStore()).toMatch(/codex-auth-roundtrip.*[Oo]lder than ten minutes.*delete/);
    expect(keepers.stored.generation).toBe(keepers.login.generation);
  });

  test.each([
    ["is fresh", 0, "busy"],
    // Each request takes a tenth of a second, and so does the look at it.
    ["is almost ten minutes old", 10 * MINUTE_MS - 101, "busy"],
    ["is ten minutes old", 10 * MINUTE_MS - 100, "held"],
    ["is much older", 60 * MINUTE_MS, "held"],
  ])("when another one %s", async (_what, ageMs, kind) => {
    const { clock, log, store } = keepers;
    store.set(LOCK_NAME, "another keeper's");
    clock.advance(ageMs);

    const attempt = await acquireLock(collaborators);

    expect(attempt.kind).toBe(kind);
    expect(lockInStore() === "another keeper's").toBe(kind === "busy");
    expect(log.lines).toEqual(kind === "busy" ? [] : ["Removed a lock that a dead machine had left."]);
  });

  test.each([-1, 1])("goes by GitHub's clock where the machine's is %i days off", async (days) => {
    const { clock, store } = keepers;
    store.set(LOCK_NAME, "another keeper's");
    clock.wrongByMs = days * 86_400_000;

    const early = await acquireLock(collaborators);
    clock.advance(11 * MINUTE_MS);
    const late = await acquireLock(collaborators);

    expect([early.kind, late.kind]).toEqual(["busy", "held"]);
  });

  test("of an old one that is gone when we look again", async () => {
    const { clock, store } = keepers;
    store.set(LOCK_NAME, "a dead machine's");
    clock.advance(11 * MINUTE_MS);
    let looks = 0;
    store.interfere = (request) => {
      if (request === "GET" && ++looks === 2) store.secrets.delete(LOCK_NAME);
    };

    const attempt = await acquireLock(collaborators);

    expect(attempt.kind).toBe("held");
  });

  test("leaves one alone that has taken an old one's place when we look again", async () => {
    const { clock, store } = keepers;
    store.set(LOCK_NAME, "a dead machine's");
    clock.advance(11 * MINUTE_MS);
    let looks = 0;
    store.interfere = (request) => {
      if (request !== "GET" || ++looks !== 2) return;
      store.secrets.delete(LOCK_NAME);
      store.set(LOCK_NAME, "another keeper's");
    };

    const attempt = await acquireLock(collaborators);

    expect(attempt).toEqual({ kind: "busy" });
    expect(lockInStore()).toBe("another keeper's");
  });

  test("is too late when another keeper is faster by a moment", async () => {
    const { store } = keepers;
    store.interfere = (request) => {
      if (request === "PUT") store.set(LOCK_NAME, "another keeper's");
    };

    const attempt = await acquireLock(collaborators);

    expect(attempt).toEqual({ kind: "busy" });
  });
});

describe("a secret of the lock's name that is not our lock", () => {
  test.each([
    ["was written again long after it was made", 10 * MINUTE_MS + 1_000],
    ["was written again a year later", 365 * 86_400_000],
  ])("because it %s stays, and a person is told to rename it", async (_what, laterMs) => {
    const { clock, store } = keepers;
    store.set(LOCK_NAME, "first");
    clock.advance(laterMs);
    store.set(LOCK_NAME, "CANARY of somebody");
    clock.advance(60 * MINUTE_MS);

    const attempt = acquireLock(collaborators);

    await expect(attempt).rejects.toMatchObject({
      code: "lock-foreign",
      message: expect.stringMatching(/CODEX_AUTH_ROUNDTRIP_LOCK.*octo\/app/),
      hint: expect.stringContaining("Rename"),
    });
    expect(lockInStore()).toBe("CANARY of somebody");
  });

  test("is told from two keepers that made it at once", async () => {
    const { clock, store } = keepers;
    store.set(LOCK_NAME, "first");
    clock.advance(10 * MINUTE_MS);
    store.set(LOCK_NAME, "second");

    const attempt = await acquireLock(collaborators);

    expect(attempt.kind).toBe("held");
  });
});

describe("a lock that cannot be made", () => {
  test.each([
    ["PUT", 401, "writer-rejected"],
    ["GET", 401, "writer-rejected"],
    ["KEY", 403, "writer-forbidden"],
    ["PUT", 403, "writer-forbidden"],
    ["KEY", 404, "writer-cannot-reach-repository"],
    ["PUT", 409, "github-unreachable"],
    ["PUT", 500, "github-unreachable"],
    ["PUT", null, "github-unreachable"],
  ])("because a %s is answered %s says %s", async (request, status, code) => {
    answer(request, status);

    await expect(acquireLock(collaborators)).rejects.toMatchObject({ code });
  });

  test("because of a bug says so", async () => {
    keepers.store.interfere = () => {
      throw new TypeError("a bug");
    };

    await expect(acquireLock(collaborators)).rejects.toThrow("a bug");
  });

  /** As many secrets in the scope as this. */
  function fill(count: number): void {
    const { store } = keepers;
    for (let number = store.secrets.size; number < count; number++) store.set(`SECRET_${number}`, "");
  }

  test.each([400, 409, 422, 499])("because the scope is full, which GitHub says with %i", async (status) => {
    fill(100);
    answer("PUT", status);

    await expect(acquireLock(collaborators)).rejects.toMatchObject({
      code: "secret-limit",
      message: expect.stringMatching(/octo\/app is full.*100/),
      hint: expect.stringContaining("Delete a secret"),
    });
  });

  test.each([
    ["has room", 99, 422, "github-unreachable"],
    ["is full, but the writer is refused,", 100, 401, "writer-rejected"],
    ["is full, but the writer is forbidden,", 100, 403, "writer-forbidden"],
    ["is full, but cannot be seen,", 100, 404, "writer-cannot-reach-repository"],
    ["is full, but GitHub asks for patience,", 100, 429, "github-unreachable"],
    ["is full, but GitHub is down,", 100, 500, "github-unreachable"],
    ["is full, but GitHub does not answer,", 100, null, "github-unreachable"],
  ])("in a scope that %s says so", async (_what, count, status, code) => {
    fill(count);
    answer("PUT", status);

    await expect(acquireLock(collaborators)).rejects.toMatchObject({ code });
  });

  test("where the secrets cannot be counted says what GitHub answered", async () => {
    fill(100);
    keepers.store.interfere = (request) => {
      if (request === "PUT" || request === "COUNT") throw new GitHubError("no", { status: 422 });
    };

    await expect(acquireLock(collaborators)).rejects.toMatchObject({ code: "github-unreachable" });
  });
});

describe("letting go of the lock", () => {
  async function take(): Promise<number> {
    const attempt = await acquireLock(collaborators);
    return attempt.kind === "held" ? attempt.takenMs : Number.NaN;
  }

  test("removes it, and nothing else", async () => {
    const takenMs = await take();

    await releaseLock(collaborators, { takenMs });

    expect([...keepers.store.secrets.keys()]).toEqual([SECRET]);
  });

  test.each([
    ["almost", 10 * MINUTE_MS - 1, undefined],
    ["just", 10 * MINUTE_MS, "another keeper's"],
  ])("when its time is %s over leaves what may be another's", async (_what, ageMs, left) => {
    const { clock, store } = keepers;
    const takenMs = await take();
    store.set(LOCK_NAME, "another keeper's");
    clock.advance(takenMs + ageMs - clock.monotonicMs());

    await releaseLock(collaborators, { takenMs });

    expect(lockInStore()).toBe(left);
  });

  test("is tried three times, with longer pauses, and then left to its age", async () => {
    const { clock, log } = keepers;
    const takenMs = await take();
    const startMs = clock.monotonicMs();
    const triedAfterMs: number[] = [];
    keepers.store.interfere = () => {
      triedAfterMs.push(clock.monotonicMs() - startMs);
      throw new GitHubError("no", { status: 502 });
    };

    await releaseLock(collaborators, { takenMs });

    expect(triedAfterMs).toEqual([100, 1_200, 3_300]);
    expect(lockInStore()).toBeDefined();
    expect(log.lines.join("\n")).toMatch(/lock could not be removed.*ten minutes/);
  });

  test("succeeds after GitHub was down for a moment", async () => {
    const { clock, log, store } = keepers;
    const takenMs = await take();
    const wellAgainMs = clock.monotonicMs() + 2_000;
    store.interfere = () => {
      if (clock.monotonicMs() < wellAgainMs) throw new GitHubError("no", { status: 502 });
    };

    await releaseLock(collaborators, { takenMs });

    expect(lockInStore()).toBeUndefined();
    expect(log.lines).toEqual([]);
  });

  test("is not tried again when it is forbidden", async () => {
    const { clock, log } = keepers;
    const takenMs = await take();
    const startMs = clock.monotonicMs();
    answer("DELETE", 403);

    await releaseLock(collaborators, { takenMs });

    expect(clock.monotonicMs() - startMs).toBeLessThan(1_000);
    expect(log.lines.join("\n")).toContain("lock could not be removed");
  });

  test("does not hide a bug", async () => {
    const takenMs = await take();
    keepers.store.interfere = () => {
      throw new TypeError("a bug");
    };

    await expect(releaseLock(collaborators, { takenMs })).rejects.toThrow("a bug");
  });
});
