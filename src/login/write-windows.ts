import type { WriteWindow } from "../core/claim/ledger.ts";

/** GitHub's servers need not agree on the second, and `Date` has whole ones. */
const CLOCK_TOLERANCE_MS = 3_000;
/** A write whose answer was lost may land a moment after we gave up on it. */
const LATE_MS = 5_000;
/** A write has ten seconds, and that moment. */
const PUT_MS = 15_000;

/** The seconds in which writes of ours whose answers nobody has heard may have landed. */
export class WriteWindows {
  readonly #windows: WriteWindow[];

  constructor(windows: readonly WriteWindow[]) {
    this.#windows = [...windows];
  }

  add(window: WriteWindow): void {
    this.#windows.push(window);
  }

  cover(updatedAt: Date): boolean {
    return this.#windows.some((window) => isWithin(window, updatedAt));
  }
}

export function isWithin({ from, to }: WriteWindow, at: Date): boolean {
  return from.getTime() <= at.getTime() && at.getTime() <= to.getTime();
}

/** In which a write that begins now lands, if it does. */
export function expectedWindow(beganAt: Date): WriteWindow {
  return windowOf(beganAt, new Date(beganAt.getTime() + PUT_MS));
}

export function answeredWindow(beganAt: Date, answeredAt: Date): WriteWindow {
  return windowOf(beganAt, answeredAt);
}

/** Of a write that was given up. */
export function lateWindow(beganAt: Date, givenUpAt: Date): WriteWindow {
  return windowOf(beganAt, new Date(givenUpAt.getTime() + LATE_MS));
}

function windowOf(from: Date, to: Date): WriteWindow {
  return {
    from: new Date(from.getTime() - CLOCK_TOLERANCE_MS),
    to: new Date(to.getTime() + CLOCK_TOLERANCE_MS),
  };
}
