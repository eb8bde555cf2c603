import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CriticalSectionOutcome } from "../../src/action/critical-section.ts";
import type { Document } from "../../src/core/document.ts";
import { GitHubError } from "../../src/core/github-error.ts";
import { Keepers, SECRET } from "./keepers.ts";
import type { FakeClock } from "./ports/clock.ts";
import type { MemoryHandover } from "./ports/handover.ts";
import type { MemoryIssuer } from "./ports/issuer.ts";
import type { MemoryStore } from "./ports/store.ts";

const MINUTE_MS = 60_000;

let keepers: Keepers;
let clock: FakeClock;
let store: MemoryStore;
let handover: MemoryHandover;
let issuer: MemoryIssuer;
let login: Document;

beforeEach(() => {
  keepers = new Keepers();
  ({ clock, store, handover, issuer, login } = keepers);
});

function stored(): Document {
  return keepers.stored;
}

function newRun(policy: "auto" | "force" = "auto"): () => Promise<CriticalSectionOutcome> {
  return keepers.newRun(policy);
}

/** Whatever of these requests for the stored secret comes within the time is answered 502. */
function breakDown(requests: readonly string[], forMs: number): void {
  const endMs = clock.monotonicMs() + forMs;
  store.interfere = (request, name) => {
    if (name === SECRET && requests.includes(request) && clock.monotonicMs() < endMs)
      throw new GitHubError("GitHub's API answered 502.", { status: 502 });
  };
}

describe("writes that fail for three minutes", () => {
  test("are made up for by retries, and the hand-over knows the document from the first failure on", async () => {
    const seeded = store.secrets.get(SECRET)?.updatedAt;
    const run = newRun();
    breakDown(["PUT"], 3 * MINUTE_MS);

    const outcome = await run();

    expect(outcome).toMatchObject({ kind: "refreshed", rotated: true, publication: { kind: "published" } });
    expect(stored().refreshToken.reveal()).toBe(issuer.living);
    const confirmedAt = store.secrets.get(SECRET)?.updatedAt;
    expect(handover.under(login)).toMatchObject([
      { kind: "successor", witness: { kind: "replaces", updatedAt: seeded } },
      { kind: "successor", witness: { kind: "confirmed", updatedAt: confirmedAt } },
    ]);
    expect(handover.under(stored())).toMatchObject([{ kind: "confirmation", updatedAt: confirmedAt }]);
    expect([...store.secrets.keys()]).toEqual([SECRET]);
  });

  test("do not keep the fresh runs that are handed the result from rotating it", async () => {
    const run = newRun();
    breakDown(["PUT"], 3 * MINUTE_MS);
    await run();
    const [first, second] = [newRun("force"), newRun("force")];

    const outcomes = [await first(), await second()];

    expect(outcomes).toMatchObject([
      { kind: "refreshed", publication: { kind: "published" } },
      { kind: "refreshed", publication: { kind: "published" } },
    ]);
    expect(issuer.presented).toEqual(["rt-CANARY-0", "rt-CANARY-1", "rt-CANARY-2"]);
    expect(stored().refreshToken.reveal()).toBe(issuer.living);
  });

  test("leave a run that was queued in the meantime the hand-over", async () => {
    const run = newRun();
    const queued = newRun("force");
    breakDown(["PUT"], 3 * MINUTE_MS);
    await run();

    const outcome = await queued();

    expect(outcome).toMatchObject({ kind: "refreshed", publication: { kind: "published" } });
    expect(new Set(issuer.presented).size).toBe(2);
    expect(stored().refreshToken.reveal()).toBe(issuer.living);
  });
});

describe("a write that GitHub made and would not speak of for three minutes", () => {
  test("is recognized as ours, and fresh runs that are handed it may rotate it", async () => {
    const run = newRun();
    // From the moment the first write has been made, nothing is answered.
    store.interfere = (request, name) => {
      if (name === SECRET && request === "PUT answer") {
        breakDown(["GET", "PUT", "PUT answer"], 3 * MINUTE_MS);
        throw new GitHubError("GitHub's API did not answer.", { status: null });
      }
    };

    const outcome = await run();
    const next = await newRun("force")();

    expect(outcome).toMatchObject({
      kind: "refreshed",
      publication: { kind: "published", ledger: { attempts: [{ outcome: "written" }] } },
    });
    expect(next).toMatchObject({ kind: "refreshed", publication: { kind: "published" } });
    expect(issuer.presented).toEqual(["rt-CANARY-0", "rt-CANARY-1"]);
    expect(stored().refreshToken.reveal()).toBe(issuer.living);
  });
});

describe("writes that fail longer than main is patient", () => {
  test("are pending with the hand-over saved, and the next keeper heals the store", async () => {
    const run = newRun();
    breakDown(["PUT"], 10 * MINUTE_MS);

    const pending = await run();
    const meanwhile = stored();
    clock.advance(10 * MINUTE_MS);
    const healing = await newRun()();

    expect(pending).toMatchObject({
      kind: "refreshed",
      publication: { kind: "pending", handedOver: true, failure: { code: "github-unreachable" } },
    });
    expect(meanwhile.generation).toBe(login.generation);
    expect(healing.kind).toBe("kept");
    expect(stored().refreshToken.reveal()).toBe(issuer.living);
    expect(issuer.presented).toEqual(["rt-CANARY-0"]);
  });
});
