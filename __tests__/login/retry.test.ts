import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { insist, poll, repeat, unlessGitHubFails } from "../../src/login/retry.ts";
import { FakeClock } from "../action/ports/clock.ts";
import { MemoryLog } from "../action/ports/log.ts";

const SECOND_MS = 1000;
const FAULT = new TypeError("a fault");

let clock: FakeClock;
let log: MemoryLog;
let beganMs: number;
/** When something was asked. */
let askedAt: number[];

beforeEach(() => {
  clock = new FakeClock();
  log = new MemoryLog();
  beganMs = clock.monotonicMs();
  askedAt = [];
});

function passedMs(): number {
  return clock.monotonicMs() - beganMs;
}

/** Fails with these errors, one after the other, and then answers. */
function answerAfter(errors: readonly Error[], eachMs = 0): () => Promise<string> {
  const left = [...errors];
  return async () => {
    askedAt.push(passedMs());
    clock.advance(eachMs);
    const error = left.shift();
    if (error) throw error;
    return "the answer";
  };
}

function failed(status: number | null, retryAfterMs: number | null = null): GitHubError {
  return new GitHubError("No.", { status, retryAfterMs });
}

describe("what is asked of GitHub, and may be asked again,", () => {
  const ask = (errors: readonly Error[], eachMs = 0) => insist({ clock, log }, answerAfter(errors, eachMs));

  test("is asked three times, after longer and longer pauses, of which the log tells", async () => {
    expect(await ask([failed(502), failed(null)])).toBe("the answer");

    expect(askedAt).toEqual([0, SECOND_MS, 3 * SECOND_MS]);
    expect(log.lines).toEqual(["No. Trying again in 1 s.", "No. Trying again in 2 s."]);
  });

  test("is not asked a fourth time", async () => {
    const last = failed(502);

    await expect(ask([failed(502), failed(502), last])).rejects.toBe(last);
    expect(askedAt).toHaveLength(3);
  });

  test.each([
    ["is asked again", 14 * SECOND_MS, 2],
    ["is not asked again", 14 * SECOND_MS + 1, 1],
  ])("%s where its answer took so long: %d ms", async (_, tookMs, times) => {
    await ask([failed(502)], tookMs).catch(() => {});

    expect(askedAt).toHaveLength(times);
  });

  test("is not asked again where GitHub refuses it", async () => {
    const refusal = failed(403);

    await expect(ask([refusal])).rejects.toBe(refusal);
    expect(askedAt).toEqual([0]);
    expect(log.lines).toEqual([]);
  });

  test("is not asked again because of a fault of ours", async () => {
    await expect(ask([FAULT])).rejects.toBe(FAULT);
    expect(askedAt).toEqual([0]);
  });

  test("is asked again when a rate limit is over, as often as that is said", async () => {
    const limits = Array.from({ length: 5 }, () => failed(403, 20_500));

    expect(await ask(limits)).toBe("the answer");

    expect(askedAt).toEqual([0, 1, 2, 3, 4, 5].map((times) => times * 20_500));
    expect(log.lines[0]).toBe("No. Trying again in 21 s.");
  });

  test.each([
    ["is asked again", 150 * SECOND_MS, 2],
    ["is not asked again", 150 * SECOND_MS + 1, 1],
  ])("%s after a rate limit of %d ms", async (_, retryAfterMs, times) => {
    await ask([failed(429, retryAfterMs)]).catch(() => {});

    expect(askedAt).toHaveLength(times);
  });

  test("is asked after the longer of the two pauses", async () => {
    await ask([failed(429, 10), failed(429, 10)]);

    expect(askedAt).toEqual([0, SECOND_MS, 3 * SECOND_MS]);
  });
});

describe("what is asked until the answer will do", () => {
  let waitings: number;
  let answer: number;

  beforeEach(() => {
    waitings = 0;
    answer = 0;
  });

  function ask(
    until: number,
    { withinMs = 10 * SECOND_MS, everyMs = undefined as number | undefined, cancelledAt = Number.NaN } = {},
  ): Promise<number> {
    return poll(
      clock,
      {
        withinMs,
        ...(everyMs !== undefined && { everyMs }),
        waiting: () => {
          waitings += 1;
        },
        cancelled: () => answer === cancelledAt,
      },
      async () => {
        answer += 1;
        return answer;
      },
      (given) => given >= until,
    );
  }

  test("is asked once, and nobody is told of a wait, where the first answer will do", async () => {
    expect(await ask(1)).toBe(1);
    expect([passedMs(), waitings]).toEqual([0, 0]);
  });

  test("is asked each second, and told once that somebody waits", async () => {
    expect(await ask(5)).toBe(5);
    expect([passedMs(), waitings]).toEqual([4 * SECOND_MS, 1]);
  });

  test("is asked as often as that is said", async () => {
    expect(await ask(3, { everyMs: 4 * SECOND_MS })).toBe(3);
    expect(passedMs()).toBe(8 * SECOND_MS);
  });

  test("is asked as long as the time is not over; the last answer is the answer", async () => {
    expect(await ask(99)).toBe(11);
    expect(passedMs()).toBe(10 * SECOND_MS);
  });

  test("is not asked when another pause would be too long", async () => {
    expect(await ask(99, { withinMs: 999 })).toBe(1);
    expect([passedMs(), waitings]).toEqual([0, 0]);
  });

  test("is not asked any more once that is cancelled", async () => {
    expect(await ask(99, { cancelledAt: 3 })).toBe(3);
  });

  test("needs nobody who is told, and nobody who cancels", async () => {
    let asked = 0;

    const answer = await poll(
      clock,
      { withinMs: 5 * SECOND_MS },
      async () => ++asked,
      (given) => given === 3,
    );

    expect(answer).toBe(3);
  });
});

test("what is repeated is told which attempt it is, and ends with the outcome that will do", async () => {
  const outcome = await repeat(
    clock,
    async (attempt) => attempt * 10,
    (given, attempt) => (given === 30 ? null : attempt * SECOND_MS),
  );

  expect(outcome).toBe(30);
  expect(passedMs()).toBe(3 * SECOND_MS);
});

describe("what can be done without GitHub's answer", () => {
  test("goes by the answer, or by what is made of its failure, but hides no fault of ours", async () => {
    const act = (errors: readonly Error[]) =>
      unlessGitHubFails(answerAfter(errors), ({ message }) => `instead: ${message}`);

    expect(await act([])).toBe("the answer");
    expect(await act([failed(null)])).toBe("instead: No.");
    await expect(act([FAULT])).rejects.toBe(FAULT);
  });
});
