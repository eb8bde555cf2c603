import type { Scheduler } from "./scheduler.ts";

const KEPT_LINES = 400;

/** What happened to one account, line by line; the end of it is what explains a death. */
export class Story {
  readonly #scheduler: Scheduler;
  readonly #lines: { readonly atMs: number; readonly text: string }[] = [];
  #listener: ((line: string) => void) | undefined;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** From now on every line is told as it happens. */
  listen(listener: (line: string) => void): void {
    this.#listener = listener;
  }

  tell(text: string): void {
    this.#listener?.(render(this.#scheduler.nowMs, text));
    this.#lines.push({ atMs: this.#scheduler.nowMs, text });
    if (this.#lines.length > 2 * KEPT_LINES) this.#lines.splice(0, KEPT_LINES);
  }

  /** The last lines, oldest first. */
  end(count: number): string[] {
    return this.#lines.slice(-count).map(({ atMs, text }) => render(atMs, text));
  }
}

/** `2026-11-23 04:05:06.789  a person seeds login 0.0` */
function render(atMs: number, text: string): string {
  return `${new Date(atMs).toISOString().replace("T", " ").slice(0, 23)}  ${text}`;
}
