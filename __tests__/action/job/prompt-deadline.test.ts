import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { PromptLimits } from "../../../src/action/job/prompt-deadline.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const over = { isOver: true };
const busy = { isOver: false };

describe("a Codex", () => {
  test("without a limit may take for ever, as long as its turn goes on", () => {
    const limits = new PromptLimits({ timeoutMs: null, graceMs: 20 });

    limits.heard(busy);
    jest.advanceTimersByTime(10 * 86_400_000);

    expect(limits.overstay).toBeNull();
  });

  test("is ended when its time is over, whatever it says", () => {
    const limits = new PromptLimits({ timeoutMs: 100, graceMs: 20 });

    jest.advanceTimersByTime(99);
    limits.heard(busy);
    expect(limits.stop.aborted).toBe(false);
    jest.advanceTimersByTime(1);

    expect([limits.stop.aborted, limits.overstay]).toEqual([true, "timeout"]);
  });

  test("is ended when it has nothing left to do and stays; another turn, or another word, is waited for", () => {
    const limits = new PromptLimits({ timeoutMs: null, graceMs: 20 });

    limits.heard(over);
    jest.advanceTimersByTime(19);
    limits.heard(over);
    jest.advanceTimersByTime(19);
    limits.heard(busy);
    jest.advanceTimersByTime(1000);
    expect(limits.overstay).toBeNull();
    limits.heard(over);
    jest.advanceTimersByTime(20);

    expect(limits.overstay).toBe("lingering");
  });

  test("that has ended is left alone, and keeps nobody waiting", () => {
    const limits = new PromptLimits({ timeoutMs: 100, graceMs: 20 });

    limits.heard(over);
    limits.clear();
    jest.advanceTimersByTime(1000);

    expect([limits.overstay, jest.getTimerCount()]).toEqual([null, 0]);
  });

  test("may take longer than a timer can wait", () => {
    const limits = new PromptLimits({ timeoutMs: 400 * 86_400_000, graceMs: 20 });

    jest.advanceTimersByTime(86_400_000);

    expect(limits.overstay).toBeNull();
    limits.clear();
  });
});
