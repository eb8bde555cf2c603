import { beforeEach, describe, expect, test } from "@jest/globals";
import { LOCK_NAME } from "../../src/action/lock.ts";
import { GitHubError } from "../../src/core/github-error.ts";
import { Keepers, SECRET } from "./keepers.ts";

const MINUTE_MS = 60_000;
const LOCK_LIFETIME_MS = 10 * MINUTE_MS;

let keepers: Keepers;

beforeEach(() => {
  keepers = new Keepers();
});

/** How long each lock was there, from being asked for to being asked to go. */
function watchLock(): { readonly heldMs: readonly number[] } {
  const { clock, store } = keepers;
  const heldMs: number[] = [];
  let takenMs = Number.NaN;
  const { interfere } = store;
  store.interfere = (request, name) => {
    if (name === LOCK_NAME && request === "PUT") takenMs = clock.monotonicMs();
    if (name === LOCK_NAME && request === "DELETE") heldMs.push(clock.monotonicMs() - takenMs);
    interfere(request, name);
  };
  return { heldMs };
}

/** GitHub takes nine seconds for every request, and refuses every write of the login until it is told otherwise. */
function breakDownSlowly(): () => void {
  const { clock, store } = keepers;
  let isDown = true;
  store.interfere = (request, name) => {
    if (!isDown) return;
    clock.advance(9_000);
    if (name === SECRET && request === "PUT")
      throw new GitHubError("GitHub's API answered 502.", { status: 502 });
  };
  return () => {
    isDown = false;
  };
}

/** A run before ours has rotated the login and could not store it. */
async function leaveUnstored(): Promise<void> {
  const { clock, store } = keepers;
  const stepAside = breakDownSlowly();
  await keepers.newRun()();
  stepAside();
  store.interfere = () => {};
  clock.advance(20 * MINUTE_MS);
}

describe("a critical section in which everything takes as long as it may", () => {
  test("ends before its lock does, and leaves what it could not store to the hand-over", async () => {
    await leaveUnstored();
    const healing = keepers.newRun("force");
    const { clock, store, issuer, handover } = keepers;
    const unstored = issuer.living;
    // The heal succeeds at its last moment; the issuer decides at the third try; then GitHub breaks down again.
    const begunMs = clock.monotonicMs();
    store.interfere = (request, name) => {
      clock.advance(9_000);
      const healed = keepers.stored.refreshToken.reveal() === unstored;
      if (name === SECRET && request === "PUT" && (healed || clock.monotonicMs() - begunMs < 3 * MINUTE_MS))
        throw new GitHubError("GitHub's API answered 502.", { status: 502 });
    };
    let asked = 0;
    issuer.interfere = () => {
      asked += 1;
      clock.advance(60_000);
      return asked < 3 ? "unavailable" : "decides";
    };
    const lock = watchLock();

    const outcome = await healing().catch((error: unknown) => error);

    expect(outcome).toMatchObject({ kind: "refreshed", publication: { kind: "pending", handedOver: true } });
    expect(lock.heldMs).toHaveLength(1);
    expect(Math.max(...lock.heldMs)).toBeLessThan(LOCK_LIFETIME_MS);
    expect(handover.under(keepers.stored).at(-1)).toMatchObject({
      document: { refreshToken: expect.anything() },
    });
    expect(issuer.living).not.toBe(unstored);
  });

  test("asks for no refresh for which, with a write after it, there is no time left", async () => {
    const { clock, issuer, store } = keepers;
    const slowlyInstalled = async () => {
      clock.advance(6 * MINUTE_MS);
      return issuer;
    };
    const lock = watchLock();

    const outcome = await keepers.newRun("auto", { refresher: slowlyInstalled })();

    expect(outcome).toMatchObject({ kind: "borrowed", because: { code: "refresh-failed" } });
    expect(issuer.presented).toEqual([]);
    expect(lock.heldMs).toHaveLength(1);
    expect([...store.secrets.keys()]).toEqual([SECRET]);
  });

  test("does not try an issuer again that takes too long to decide nothing", async () => {
    const { clock, issuer } = keepers;
    issuer.interfere = () => {
      clock.advance(3 * MINUTE_MS);
      return "unavailable";
    };
    const lock = watchLock();

    const outcome = await keepers.newRun()();

    expect(outcome).toMatchObject({ kind: "borrowed", because: { code: "refresh-unavailable" } });
    expect(issuer.presented).toHaveLength(2);
    expect(Math.max(...lock.heldMs)).toBeLessThan(LOCK_LIFETIME_MS);
  });
});

describe("somebody else's lock", () => {
  test("that took the place of an old one in the moment it was to be removed stays, and is respected", async () => {
    const { clock, store, issuer } = keepers;
    store.set(LOCK_NAME, "of a dead machine");
    clock.advance(11 * MINUTE_MS);
    const run = keepers.newRun();
    let looks = 0;
    store.interfere = (request, name) => {
      if (name !== LOCK_NAME || request !== "GET") return;
      looks += 1;
      if (looks !== 2) return;
      store.secrets.delete(LOCK_NAME);
      store.set(LOCK_NAME, "of a keeper that was faster");
    };

    const outcome = await run();

    expect(outcome).toMatchObject({ kind: "borrowed", because: { code: "lock-busy" } });
    expect(store.secrets.get(LOCK_NAME)?.value).toBe("of a keeper that was faster");
    expect(issuer.presented).toEqual([]);
  });

  test("that took the place of ours while this machine was suspended is not removed", async () => {
    const { clock, store, issuer } = keepers;
    issuer.interfere = () => {
      clock.advance(11 * MINUTE_MS);
      store.secrets.delete(LOCK_NAME);
      store.set(LOCK_NAME, "of a keeper that found ours too old");
      return "decides";
    };

    await keepers.newRun()();

    expect(store.secrets.get(LOCK_NAME)?.value).toBe("of a keeper that found ours too old");
  });
});
