import type { Clock } from "../../../src/ports/machine.ts";

/** Time that passes only when somebody sleeps, or when a story says so. */
export class FakeClock implements Clock {
  /** How far the machine's date is off; servers have the right one. */
  wrongByMs = 0;
  #nowMs: number;

  constructor(start = "2026-11-22T10:00:00.000Z") {
    this.#nowMs = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#nowMs + this.wrongByMs);
  }

  /** The date as GitHub and OpenAI know it. */
  rightNow(): Date {
    return new Date(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  async sleep(ms: number): Promise<void> {
    this.advance(ms);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
