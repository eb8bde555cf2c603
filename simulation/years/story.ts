import type { Scheduler } from "./scheduler.ts";

const KEPT_LINES = 400;

/** What happened to one account, line by line; the end of it is what explains a death. */
export class Story {
  readonly #scheduler: Scheduler;
  readonly #lines: { readonly atMs: number; readonly text: string }[] = [];

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  tell(text: string): void {
    this.#lines.push({ atMs: this.#scheduler.nowMs, text });
    if (this.#lines.length > 2 * KEPT_LINES) this.#lines.splice(0, KEPT_LINES);
  }

  /** The last lines, oldest first. */
  end(count: number): string[] {
    return this.#lines
      .slice(-count)
      .map(({ atMs, text }) => `${new Date(atMs).toISOString().replace("T", " ").slice(0, 23)}  ${text}`);
  }
}
