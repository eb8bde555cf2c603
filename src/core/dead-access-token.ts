/** What Codex prints when the API refuses the access token and there is no way to a new one (docs/facts.md §1). */
const SIGN = "access token could not be refreshed";

/** Watches a job's output for Codex's report of a dead access token; the words may be split over two chunks. */
export class DeadAccessTokenWatch {
  #tail = "";
  #seen = false;

  read(text: string): void {
    if (this.#seen) return;
    const joined = this.#tail + text;
    this.#seen = joined.includes(SIGN);
    this.#tail = joined.slice(-SIGN.length);
  }

  /** Begins anew, for the next try. */
  reset(): void {
    this.#tail = "";
    this.#seen = false;
  }

  get seen(): boolean {
    return this.#seen;
  }
}
