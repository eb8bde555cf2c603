import { beforeEach, describe, expect, test } from "@jest/globals";
import { type CriticalSectionOutcome, criticalSection } from "../../src/action/critical-section.ts";
import { Document } from "../../src/core/document.ts";
import { refreshDue } from "../../src/core/due.ts";
import { GitHubError } from "../../src/core/github-error.ts";
import type { Ledger } from "../../src/core/ledger.ts";
import { FakeClock } from "./ports/clock.ts";
import { MemoryFiles } from "./ports/files.ts";
import { MemoryHandover } from "./ports/handover.ts";
import { MemoryIssuer } from "./ports/issuer.ts";
import { MemoryStore, openBox } from "./ports/store.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECRET = "CODEX_AUTH_JSON";
const PLACE = {
  owner: "octo",
  repository: "app",
  repositoryId: "7000001",
  environment: null,
  secretName: SECRET,
};

let clock: FakeClock;
let store: MemoryStore;
let handover: MemoryHandover;
let issuer: MemoryIssuer;
let files: MemoryFiles;
let login: Document;

beforeEach(() => {
  clock = new FakeClock();
  store = new MemoryStore(clock);
  handover = new MemoryHandover();
  files = new MemoryFiles();
  issuer = new MemoryIssuer(clock, files);
  login = issuer.login(24 * HOUR_MS);
  store.set(SECRET, login.line().reveal());
  clock.advance(HOUR_MS);
});

function stored(): Document {
  return Document.parse(store.secrets.get(SECRET)?.value ?? "");
}

/** A run that is created and begins now, on a machine of its own. */
function newRun(policy: "auto" | "force" = "auto"): () => Promise<CriticalSectionOutcome> {
  const handed = stored();
  const createdAt = clock.now();
  let ledger: Ledger | null = null;
  return () =>
    criticalSection(
      {
        writer: store.writer,
        box: openBox,
        handover,
        runInformation: {
          isRerun: false,
          readTime: async () => ({ kind: "known", at: createdAt }),
          concurrency: async () => null,
          visibility: async () => "private",
        },
        refresher: async () => issuer,
        ledgerFile: {
          load: async () => ledger,
          save: async (next) => {
            ledger = next;
          },
        },
        files,
        clock,
        randomness: { bytes: (count) => new Uint8Array(count) },
        log: {
          info: () => {},
          warning: () => {},
          error: () => {},
          group: () => {},
          endGroup: () => {},
          mask: () => {},
        },
        channel: {
          saveState: () => {},
          state: () => "",
          setOutput: () => {},
          exportVariable: () => {},
          addPath: () => {},
          writeSummary: async () => {},
        },
        cancellation: { requested: () => false },
        place: PLACE,
      },
      {
        handed,
        base: "/temp/base",
        home: "/temp/home",
        environment: {},
        due: (document) =>
          refreshDue({
            policy,
            document,
            now: clock.now(),
            refreshWindowMs: 72 * HOUR_MS,
            minimumLifetimeMs: 6 * HOUR_MS,
            branch: "default",
          }),
        insistence: policy === "force" ? "forced" : "when-due",
        minimumLifetimeMs: 6 * HOUR_MS,
        beganMonotonicMs: clock.monotonicMs(),
      },
    );
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

describe("something that nobody foresaw", () => {
  test("after a rotation leaves the new document where post finds it", async () => {
    const run = newRun();
    handover.save = async () => {
      throw new TypeError("a bug");
    };

    await expect(run()).rejects.toThrow("a bug");

    const left = [...files.contents].find(([path]) => /critical-\w+\/home\/auth\.json$/.test(path));
    expect(Document.parse(String(left?.[1])).refreshToken.reveal()).toBe(issuer.living);
  });

  test("that GitHub does before a rotation leaves no login on the machine", async () => {
    const run = newRun();
    issuer.living = "rotated by somebody else";
    store.interfere = (request, name) => {
      if (request === "GET" && name === SECRET && issuer.presented.length > 0)
        throw new GitHubError("no", { status: 502 });
    };

    await expect(run()).resolves.toMatchObject({ kind: "borrowed" });

    expect([...files.contents.keys()].filter((path) => path.includes("critical-"))).toEqual([]);
  });
});
