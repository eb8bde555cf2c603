/** As long as Codex takes to exit after its last turn, and much more. */
export const EXIT_GRACE_MS = 20_000;
/** What a timer can wait at most. */
const LONGEST_MS = 2 ** 31 - 1;

/** Why Codex was ended. `timeout`: `prompt-timeout`. `lingering`: it had nothing left to do, and did not exit. */
export type Overstay = "timeout" | "lingering";

/** Ends a Codex that takes too long. */
export class PromptLimits {
  readonly #stop = new AbortController();
  readonly #graceMs: number;
  readonly #timeout: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor({ timeoutMs, graceMs }: { timeoutMs: number | null; graceMs: number }) {
    this.#graceMs = graceMs;
    if (timeoutMs !== null)
      this.#timeout = setTimeout(() => this.#end("timeout"), Math.min(timeoutMs, LONGEST_MS));
  }

  /** Aborted when Codex is to be ended. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** @returns `null` where Codex has ended by itself */
  get overstay(): Overstay | null {
    return this.stop.aborted ? (this.stop.reason as Overstay) : null;
  }

  /** Codex has said something: its turn is over, or it goes on. */
  heard({ isOver }: { isOver: boolean }): void {
    clearTimeout(this.#grace);
    this.#grace = isOver ? setTimeout(() => this.#end("lingering"), this.#graceMs) : undefined;
  }

  /** Codex has ended. */
  clear(): void {
    clearTimeout(this.#timeout);
    clearTimeout(this.#grace);
  }

  /** Of two reasons the first stays. */
  #end(why: Overstay): void {
    this.#stop.abort(why);
  }
}
