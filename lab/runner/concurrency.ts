/** Who wants into a concurrency group: a run or a job. */
export interface GroupMember {
  /** The group's rules say that it has to go. */
  cancel(): void;
  /** 0 holds the group, more waits for it, null is out of it. */
  moved(position: number | null): void;
}

export interface GroupTicket {
  /** False when it was cancelled while it waited. */
  readonly granted: Promise<boolean>;
  /** Must be called in the end, whatever became of it. */
  leave(): void;
  /** Gives up waiting; who holds the group keeps it. */
  withdraw(): void;
}

interface Seat {
  readonly member: GroupMember;
  readonly decide: (granted: boolean) => void;
}

/** Documented: more than so many do not wait; what comes then is cancelled. */
const PENDING_LIMIT = 100;

/**
 * The concurrency groups of a GitHub: one holds, the others wait in the order in which they came. Keys are the
 * repository and the group's name, and names disregard case. [doc, "Control the concurrency of workflows and jobs"]
 */
export class ConcurrencyGroups {
  readonly #groups = new Map<string, { holder: Seat | undefined; pending: Seat[] }>();

  enter(
    place: { repository: string; name: string },
    rules: { cancelInProgress: boolean; queue: "single" | "max" },
    member: GroupMember,
  ): GroupTicket {
    const key = `${place.repository}\n${place.name}`.toLowerCase();
    const group = this.#groups.get(key) ?? { holder: undefined, pending: [] };
    this.#groups.set(key, group);
    let decide = (_granted: boolean): void => {};
    const granted = new Promise<boolean>((resolve) => {
      decide = resolve;
    });
    const seat: Seat = { member, decide };
    if (rules.queue === "max" && group.pending.length >= PENDING_LIMIT) {
      decide(false);
      member.cancel();
      return { granted, leave: () => {}, withdraw: () => {} };
    }
    const displaced = rules.queue === "single" ? group.pending.splice(0) : [];
    group.pending.push(seat);
    for (const { member: loser, decide: refuse } of displaced) {
      refuse(false);
      loser.moved(null);
      loser.cancel();
    }
    if (rules.cancelInProgress) group.holder?.member.cancel();
    this.#advance(key);
    return {
      granted,
      leave: () => this.#leave(key, seat),
      withdraw: () => {
        if (this.#groups.get(key)?.holder !== seat) this.#leave(key, seat);
      },
    };
  }

  #leave(key: string, seat: Seat): void {
    const group = this.#groups.get(key);
    if (!group) return;
    if (group.holder === seat) group.holder = undefined;
    group.pending = group.pending.filter((waiting) => waiting !== seat);
    seat.decide(false);
    seat.member.moved(null);
    this.#advance(key);
  }

  #advance(key: string): void {
    const group = this.#groups.get(key);
    if (!group) return;
    if (!group.holder) {
      group.holder = group.pending.shift();
      group.holder?.decide(true);
    }
    group.holder?.member.moved(0);
    group.pending.forEach(({ member }, index) => {
      member.moved(index + 1);
    });
    if (!group.holder) this.#groups.delete(key);
  }
}
