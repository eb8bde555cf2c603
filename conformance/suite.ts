import { type Check, type Context, NotAsked, type Verdict } from "./check.ts";
import type { Row } from "./report.ts";

/** What is told while the facts are asked. */
export interface Listener {
  readonly asking: (numbers: readonly string[]) => void;
  readonly row: (row: Row) => void;
  readonly isInterrupted: () => boolean;
}

/**
 * Asks the facts, those about jobs beside the others. What an earlier run left is removed first, and at the end whatever
 * this one made, also if it is interrupted.
 *
 * @returns the answers so far, in the order of the checks, and what could not be removed
 */
export async function askAll(
  checks: readonly Check[],
  context: Context,
  listener: Listener,
): Promise<{ readonly rows: readonly Row[]; readonly left: readonly string[] }> {
  const rows = new Map<Check, Row>();
  const asking = new Set<string>();
  const askInTurn = async (lane: readonly Check[]): Promise<void> => {
    for (const check of lane) {
      if (listener.isInterrupted()) return;
      const { number, fact } = check;
      asking.add(number);
      listener.asking([...asking]);
      const row: Row = { number, fact, ...(await ask(check, context)) };
      asking.delete(number);
      // Its answer may be no more than the interruption.
      if (listener.isInterrupted()) return;
      rows.set(check, row);
      listener.row(row);
    }
  };
  let left: readonly string[] = [];
  try {
    await context.scratch.clean();
    await Promise.all(
      (["requests", "jobs"] as const).map((lane) => askInTurn(checks.filter(({ by }) => by === lane))),
    );
  } finally {
    await context.jobs.stop().catch(() => {});
    left = await context.scratch.clean();
  }
  return { rows: checks.flatMap((check) => rows.get(check) ?? []), left };
}

async function ask(check: Check, context: Context): Promise<Verdict> {
  try {
    return await check.ask(context);
  } catch (error) {
    // A check that broke has shown nothing.
    const seen =
      error instanceof NotAsked ? error.message : `the check failed: ${String((error as Error).message)}`;
    return { answer: "not asked", seen };
  }
}
