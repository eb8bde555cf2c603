import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/github-error.ts";
import { PLACE, SECRET } from "./keepers.ts";
import { RotatedJob } from "./rotated-job.ts";

let job: RotatedJob;

beforeEach(() => {
  job = new RotatedJob();
});

function inStore(): string | undefined {
  return job.keepers.store.secrets.get(SECRET)?.value;
}

/** When the writes of the login reached GitHub, in seconds after the first of them; none of them succeeds. */
function watchWrites(failure: () => GitHubError): { readonly seconds: number[] } {
  const { clock, store } = job.keepers;
  const seconds: number[] = [];
  let firstMs = Number.NaN;
  store.interfere = (request) => {
    if (request !== "PUT") return;
    if (seconds.length === 0) firstMs = clock.monotonicMs();
    seconds.push((clock.monotonicMs() - firstMs) / 1000);
    throw failure();
  };
  return { seconds };
}

function failing(status: number | null, retryAfterMs: number | null = null): GitHubError {
  return new GitHubError("no", { status, retryAfterMs });
}

/** A write fails once. */
function failOnce(failure: GitHubError): void {
  const { store } = job.keepers;
  store.interfere = (request) => {
    if (request !== "PUT") return;
    store.interfere = () => {};
    throw failure;
  };
}

describe("a write that fails", () => {
  test.each([
    ["no answer", failing(null)],
    ["500", failing(500)],
    ["502", failing(502)],
    ["429", failing(429)],
    ["408", failing(408)],
    ["403 with a time to wait, which is a rate limit,", failing(403, 1_000)],
  ])("with %s is tried again", async (_what, failure) => {
    failOnce(failure);

    const outcome = await job.publish();

    expect(outcome.kind).toBe("published");
    expect(outcome.ledger.attempts.map((attempt) => attempt.outcome)).toEqual(["unanswered", "written"]);
    expect(inStore()).toBe(job.next.line().reveal());
    expect(job.keepers.log.lines.join("\n")).toMatch(/Trying again in 1 s/);
  });

  test.each([
    [401, "writer-revoked"],
    [403, "writer-forbidden"],
    [404, "writer-cannot-reach-repository"],
    [422, "github-unreachable"],
  ])("with %i is not: it is pending and handed over at once", async (status, code) => {
    const { clock, handover, login } = job.keepers;
    const startMs = clock.monotonicMs();
    job.breakDown(["PUT"], status);

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "pending", handedOver: true, failure: { code } });
    expect(outcome.ledger.published).toBe(false);
    expect(clock.monotonicMs() - startMs).toBeLessThan(1_000);
    expect(handover.under(login)).toMatchObject([
      { kind: "successor", witness: { kind: "replaces", updatedAt: job.seededAt } },
    ]);
    expect(inStore()).toBe(job.keepers.login.line().reveal());
  });

  test("means a writer that worked earlier and is refused now", async () => {
    job.breakDown(["GET"], 401);

    const outcome = await job.publish({}, { place: { ...PLACE, environment: "codex" } });

    expect(outcome).toMatchObject({ failure: { code: "writer-revoked" } });
  });

  test("is tried again after one second, then twice as long each time, half a minute at most", async () => {
    const writes = watchWrites(() => failing(502));

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "pending", handedOver: true });
    // Beside each pause stand the two requests of an attempt, a tenth of a second each.
    expect(writes.seconds.map((at, index) => Math.floor(at - (writes.seconds[index - 1] ?? 0)))).toEqual([
      0, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30,
    ]);
  });

  test("waits as long as GitHub asks", async () => {
    const writes = watchWrites(() => failing(503, 100_000));

    await job.publish();

    expect(writes.seconds.map(Math.floor)).toEqual([0, 100, 200]);
  });

  test("waits its own pause where GitHub asks for less", async () => {
    const writes = watchWrites(() => failing(503, 10));

    await job.publish({ patienceMs: 4_000 });

    expect(writes.seconds.map(Math.floor)).toEqual([0, 1, 3]);
  });

  test.each([
    ["just fits in", 1_100, "published"],
    ["does not quite fit in", 1_099, "pending"],
  ])("is tried again when the pause %s", async (_what, patienceMs, kind) => {
    const { clock, store } = job.keepers;
    const startMs = clock.monotonicMs();
    store.interfere = (request) => {
      if (request === "GET" && clock.monotonicMs() - startMs < 1_000) throw failing(502);
    };

    const outcome = await job.publish({ patienceMs });

    expect(outcome.kind).toBe(kind);
  });

  test("is given up at once where GitHub asks for more time than there is", async () => {
    const { clock } = job.keepers;
    const startMs = clock.monotonicMs();
    job.breakDown(["PUT"], 429, 600_000);

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "pending", handedOver: true });
    expect(clock.monotonicMs() - startMs).toBeLessThan(1_000);
  });

  test("is left to post when the job is cancelled meanwhile", async () => {
    const { clock } = job.keepers;
    const startMs = clock.monotonicMs();
    job.breakDown(["PUT"], 502);
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (ms) => {
      await sleep(ms);
      job.cancelled = clock.monotonicMs() - startMs > 6_000;
    };

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "pending", handedOver: true, ledger: { published: false } });
    expect(clock.monotonicMs() - startMs).toBeLessThan(9_000);
  });

  test("in a job that has been cancelled before is still made once", async () => {
    job.cancelled = true;

    const outcome = await job.publish();

    expect(outcome.kind).toBe("published");
    expect(inStore()).toBe(job.next.line().reveal());
  });
});

describe("a key that GitHub has changed", () => {
  test("is asked for, and the document is sealed to it", async () => {
    const { store } = job.keepers;
    const old = store.key;
    store.key = { ...old, id: "2" };

    const outcome = await job.publish({ key: old, patienceMs: 0 });

    expect(outcome.kind).toBe("published");
    expect(outcome.ledger.attempts.map((attempt) => attempt.outcome)).toEqual(["failed", "written"]);
    expect(inStore()).toBe(job.next.line().reveal());
  });

  test("is still asked for when GitHub is down in that moment", async () => {
    const { clock, store } = job.keepers;
    const old = store.key;
    const wellAgainMs = clock.monotonicMs() + 5_000;
    store.key = { ...old, id: "2" };
    store.interfere = (request) => {
      if (request === "KEY" && clock.monotonicMs() < wellAgainMs) throw failing(502);
    };

    const outcome = await job.publish({ key: old });

    expect(outcome.kind).toBe("published");
    expect(inStore()).toBe(job.next.line().reveal());
  });

  test("is not believed twice", async () => {
    const { store } = job.keepers;
    let keys = 1;
    store.interfere = (request) => {
      if (request === "PUT") store.key = { ...store.key, id: String(++keys) };
    };

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "pending", failure: { code: "github-unreachable" } });
    expect(outcome.ledger.attempts.map((attempt) => attempt.outcome)).toEqual(["failed", "failed"]);
  });
});

describe("a write whose answer was lost", () => {
  test.each(["PUT answer", "GET"])("at its %s is recognized as ours and not made again", async (lost) => {
    const { clock, store } = job.keepers;
    let isDown = false;
    store.interfere = (request) => {
      isDown ||= request === "PUT answer";
      if (!isDown || request !== lost) return;
      store.interfere = () => {};
      throw failing(null);
    };
    const writtenBy = clock.monotonicMs() + 1_000;

    const outcome = await job.publish();

    expect(outcome).toMatchObject({
      kind: "published",
      ledger: { published: true, expectedUpdatedAt: job.updatedAt(), attempts: [{ outcome: "written" }] },
    });
    expect(job.updatedAt().getTime()).toBeLessThan(writtenBy);
    expect(inStore()).toBe(job.next.line().reveal());
  });
});
