import { fold } from "./job.ts";
import { judge } from "./judge.ts";
import { settled } from "./settled.ts";
import { type Loss, type Plan, World } from "./world.ts";

export interface Exploration {
  /** Orders that were run, from the beginning to their end or to a state that was known. */
  readonly orders: number;
  readonly states: number;
  /** How many ways there were to end. */
  readonly ends: number;
  /** Whether every order was looked at. */
  readonly isComplete: boolean;
  /** Each kind of violation, with the first story that led to it. */
  readonly violations: ReadonlyMap<string, readonly string[]>;
  /** Ends with a loss that the design lists, by what excuses it. */
  readonly excused: ReadonlyMap<string, number>;
}

interface Node {
  readonly parent: Node | null;
  readonly choice: number;
}

export interface Limits {
  readonly seconds: number;
  readonly states: number;
  /** Stop at the first violation. */
  readonly first?: boolean;
}

/**
 * Runs the world in every order. Code cannot be copied in the middle, so each order is run again from its beginning; one
 * that comes to a state that was there before goes on no further.
 */
export async function explore(plan: Plan, limits: Limits): Promise<Exploration> {
  const deadlineMs = cpuMs() + limits.seconds * 1000;
  const seen = new Set<string>();
  const judged = new Set<string>();
  const violations = new Map<string, readonly string[]>();
  const excused = new Map<string, number>();
  const open: (Node | null)[] = [null];
  let orders = 0;
  let isComplete = true;
  while (open.length > 0) {
    const node = open.pop() ?? null;
    if (cpuMs() > deadlineMs || seen.size >= limits.states || (limits.first && violations.size > 0)) {
      isComplete = false;
      break;
    }
    orders += 1;
    const world = await replay(plan, node);
    let at = node;
    for (;;) {
      const state = fold(world.describe());
      if (seen.has(state)) break;
      seen.add(state);
      const moves = world.moves();
      if (moves.length === 0) {
        const end = fold(`${world.describe()} ${world.violation}`);
        if (judged.has(end)) break;
        judged.add(end);
        const { violation, excuses } = await judge(world);
        if (violation !== null && !violations.has(violation)) violations.set(violation, await tell(plan, at));
        tally(excused, excuses);
        break;
      }
      for (let choice = moves.length - 1; choice > 0; choice--) open.push({ parent: at, choice });
      at = { parent: at, choice: 0 };
      moves[0]?.act();
      await settled();
    }
  }
  return { orders, states: seen.size, ends: judged.size, isComplete, violations, excused };
}

/** Orders drawn by lot. */
export async function explorePart(
  plan: Plan,
  { seed, orders, seconds }: { seed: number; orders: number; seconds: number },
): Promise<Exploration> {
  const deadlineMs = cpuMs() + seconds * 1000;
  const violations = new Map<string, readonly string[]>();
  const excused = new Map<string, number>();
  const ends = new Set<string>();
  const draw = lots(seed);
  let count = 0;
  let states = 0;
  for (; count < orders && cpuMs() < deadlineMs; count++) {
    const world = new World(plan);
    await settled();
    for (;;) {
      const moves = world.moves();
      if (moves.length === 0) break;
      // What may go wrong would else go wrong at the beginning.
      const ordinary = moves.filter(({ isFault }) => !isFault);
      const among = draw() < 0.06 ? moves : ordinary.length > 0 ? ordinary : moves;
      const move = among[Math.floor(draw() * among.length)];
      world.story.push(move?.label() ?? "");
      move?.act();
      states += 1;
      await settled();
    }
    ends.add(fold(world.describe()));
    const { violation, excuses } = await judge(world);
    if (violation !== null && !violations.has(violation)) violations.set(violation, world.story);
    tally(excused, excuses);
  }
  return { orders: count, states, ends: ends.size, isComplete: count === orders, violations, excused };
}

/** The story of an order, which is not written down while orders are explored. */
async function tell(plan: Plan, node: Node | null): Promise<readonly string[]> {
  const world = await replay(plan, node, { isTold: true });
  await judge(world);
  return world.story;
}

async function replay(plan: Plan, node: Node | null, { isTold = false } = {}): Promise<World> {
  const choices: number[] = [];
  for (let at = node; at !== null; at = at.parent) choices.push(at.choice);
  const world = new World(plan);
  await settled();
  for (const choice of choices.reverse()) {
    const move = world.ordinaryMoves()[choice] ?? world.moves()[choice];
    if (!move) throw new Error("The same choices did not lead to the same state.");
    if (isTold) world.story.push(move.label());
    move.act();
    await settled();
  }
  return world;
}

/** A shared machine's clock says little about how much was done. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function tally(excused: Map<string, number>, excuses: readonly Loss[]): void {
  if (excuses.length === 0) return;
  const words = [...excuses].sort().join(" + ");
  excused.set(words, (excused.get(words) ?? 0) + 1);
}

/** A sequence of lots between 0 and 1 (mulberry32). */
function lots(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
