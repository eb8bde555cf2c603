import { beforeEach, describe, expect, test } from "@jest/globals";
import { noWriter } from "../../src/action/publish.ts";
import { GitHubError } from "../../src/core/github-error.ts";
import { SECRET } from "./keepers.ts";
import { RotatedJob } from "./rotated-job.ts";

const UNSAVED = "The hand-over could not be saved in the Actions cache.";

let job: RotatedJob;

beforeEach(() => {
  job = new RotatedJob();
});

describe("the hand-over", () => {
  test("leads to the document from its predecessor and from what the job was handed", async () => {
    const { handover, issuer, login } = job.keepers;
    const document = issuer.rotate();

    await job.publish({ ledger: { ...job.ledger, document, predecessor: job.next } });

    for (const holder of [login, job.next]) {
      const [note] = handover.under(holder);
      expect(note?.kind === "successor" && note.document.generation).toBe(document.generation);
      expect(handover.under(holder)).toHaveLength(1);
    }
  });

  test("is told once where the job was handed the predecessor itself", async () => {
    const { handover, login } = job.keepers;

    await job.publish();

    expect(handover.under(login)).toHaveLength(1);
  });

  test("leads there from what the job was handed although the job rotated nothing", async () => {
    const { handover, login } = job.keepers;

    await job.publish({ ledger: { ...job.ledger, predecessor: null } });

    expect(handover.under(login)).toMatchObject([{ kind: "successor" }]);
  });

  test("names no document as its own successor", async () => {
    const { handover, log, login } = job.keepers;

    const outcome = await job.publish({ ledger: { ...job.ledger, document: login, predecessor: null } });

    expect(outcome.kind).toBe("published");
    expect(handover.under(login)).toMatchObject([{ kind: "confirmation" }]);
    expect(log.lines).not.toContain(UNSAVED);
  });

  test("of a document that is no successor of anything does not count as a copy", async () => {
    const { log, login } = job.keepers;
    job.breakDown(["PUT"], 403);

    const outcome = await job.publish({ ledger: { ...job.ledger, document: login, predecessor: null } });

    expect(outcome).toMatchObject({ kind: "pending", handedOver: false });
    expect(log.lines).not.toContain(UNSAVED);
  });

  test("is dated by GitHub's clock, not by the machine's", async () => {
    const { clock, handover, login } = job.keepers;
    clock.wrongByMs = 86_400_000;
    const startMs = clock.monotonicMs();

    await job.publish();

    const savedMs = handover.under(login)[0]?.savedAt.getTime() ?? Number.NaN;
    expect(savedMs).toBeGreaterThanOrEqual(startMs);
    expect(savedMs).toBeLessThan(startMs + 1_000);
  });

  test("is dated after what it tells of where GitHub's clock is not known", async () => {
    const { handover, login, store } = job.keepers;
    store.tellsDate = false;

    const outcome = await job.publish({ patienceMs: 0 });

    expect(outcome).toMatchObject({ kind: "pending", handedOver: true });
    const savedAt = handover.under(login)[0]?.savedAt.getTime() ?? 0;
    expect(savedAt).toBeGreaterThan(job.seededAt.getTime());
  });

  test("that is down at the first failure is told at the end", async () => {
    const { clock, handover, login } = job.keepers;
    job.breakDown(["PUT"], 502);
    handover.state = "down";
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (ms) => {
      await sleep(ms);
      handover.state = "well";
    };

    const outcome = await job.publish({ patienceMs: 10_000 });

    expect(outcome).toMatchObject({ kind: "pending", handedOver: true });
    expect(handover.under(login)).toMatchObject([{ witness: { kind: "replaces" } }]);
  });

  test("that was told at the first failure is not told the same again", async () => {
    const { handover, login } = job.keepers;
    job.breakDown(["PUT"], 502);

    await job.publish({ patienceMs: 10_000 });

    expect(handover.under(login)).toHaveLength(1);
  });

  test.each(["down", "read-only"] as const)("that is %s has no copy, and the log says so", async (state) => {
    const { handover, log } = job.keepers;
    handover.state = state;
    job.breakDown(["PUT"], 403);

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "pending", handedOver: false });
    expect(log.lines).toContain(UNSAVED);
  });

  test("that is off has no copy, and nothing is said of it", async () => {
    const { handover, log } = job.keepers;
    handover.state = "off";
    job.breakDown(["PUT"], 403);

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "pending", handedOver: false });
    expect(log.lines).not.toContain(UNSAVED);
  });

  test.each(["the predecessor", "what the job was handed"])(
    "has no copy where the note under %s could not be saved",
    async (which) => {
      const { handover, issuer, login } = job.keepers;
      const unlucky = which === "the predecessor" ? job.next : login;
      const save = handover.save.bind(handover);
      handover.save = async (under, note) => (under.isSameGeneration(unlucky) ? "failed" : save(under, note));
      job.breakDown(["PUT"], 403);

      const outcome = await job.publish({
        ledger: { ...job.ledger, document: issuer.rotate(), predecessor: job.next },
      });

      expect(outcome).toMatchObject({ kind: "pending", handedOver: false });
    },
  );
});

describe("a phase without a writer", () => {
  test("saves the hand-over, writes nothing, and says what is missing", async () => {
    const { handover, login, store } = job.keepers;

    const outcome = await job.publish({ session: noWriter() });

    expect(outcome).toMatchObject({
      kind: "pending",
      handedOver: true,
      rescue: null,
      failure: { code: "writer-missing", hint: expect.stringContaining("composite") },
    });
    expect(handover.under(login)).toMatchObject([
      { kind: "successor", witness: { kind: "replaces", updatedAt: job.seededAt } },
    ]);
    expect(handover.under(login)[0]?.savedAt.getTime()).toBeGreaterThan(job.seededAt.getTime());
    expect(store.secrets.get(SECRET)?.value).toBe(login.line().reveal());
  });
});

describe("the command that a person may run instead", () => {
  /** What the command would compare with, and what it would store. */
  function read(rescue: unknown): { readonly comparesWith?: string; readonly stores?: string } {
    const [, comparesWith = ""] = /= '([^']+)'; then/.exec(String(rescue)) ?? [];
    const [, stores = ""] = /encrypted_value='([^']+)'/.exec(String(rescue)) ?? [];
    return { comparesWith, stores: Buffer.from(stores, "base64").toString() };
  }

  function seconds(date: Date): string {
    return date.toISOString().replace(".000Z", "Z");
  }

  test.each(["PUT", "GET"])("stores the document where a %s failed", async (failed) => {
    job.breakDown([failed], 403);

    const outcome = await job.publish();

    expect(read(outcome.kind === "pending" && outcome.rescue)).toEqual({
      comparesWith: seconds(job.seededAt),
      stores: job.next.line().reveal(),
    });
  });

  test("compares with somebody else's write that we have seen", async () => {
    job.seedElsewhere();

    const outcome = await job.publish();

    expect(read(outcome.kind === "refused" && outcome.rescue)).toEqual({
      comparesWith: seconds(job.updatedAt()),
      stores: job.next.line().reveal(),
    });
    expect(job.updatedAt()).not.toEqual(job.seededAt);
  });

  test("is none where the key cannot be had", async () => {
    job.breakDown(["KEY"], 403);

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "pending", rescue: null, failure: { code: "writer-forbidden" } });
  });

  test("does not hide a bug", async () => {
    job.keepers.store.interfere = (request) => {
      if (request === "KEY") throw new TypeError("a bug");
      throw new GitHubError("no", { status: 403 });
    };

    await expect(job.publish()).rejects.toThrow("a bug");
  });
});
