/** The clock of the lab's servers: the machine's, moved by as much as a story needs. */
export class LabClock {
  #offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  /** Moves the servers' clock; processes on the lab's machines keep their own. */
  advance(ms: number): void {
    this.#offsetMs += ms;
  }
}
