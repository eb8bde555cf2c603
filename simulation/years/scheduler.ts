interface Appointment {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

/** Virtual time: nothing passes but what is scheduled, in the same order under the same seed. */
export class Scheduler {
  #nowMs: number;
  #order = 0;
  /** Latest first, so that the next is at the end. */
  readonly #appointments: Appointment[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  at(atMs: number, act: () => void): void {
    const appointment = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, act };
    let low = 0;
    let high = this.#appointments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#appointments[middle];
      if (other && other.atMs > appointment.atMs) low = middle + 1;
      else high = middle;
    }
    this.#appointments.splice(low, 0, appointment);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.#nowMs + ms, resolve));
  }

  /** Lets time pass until `untilMs`, or until nothing is left to happen. */
  async run(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    await settled();
    for (;;) {
      const next = this.#appointments.at(-1);
      if (!next || next.atMs > untilMs) break;
      this.#appointments.pop();
      this.#nowMs = next.atMs;
      next.act();
      await settled();
    }
    if (Number.isFinite(untilMs)) this.#nowMs = Math.max(this.#nowMs, untilMs);
  }
}

/** Everything that can go on without time passing has gone on: nothing here waits for anything real. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
