import { type Check, type Context, NotAsked, type Verdict } from "./check.ts";
import type { Row } from "./report.ts";

/**
 * Asks one fact after the other. What an earlier run left is removed first, and at the end whatever this one made,
 * also if it is interrupted.
 *
 * @returns the answers so far, and what could not be removed
 */
export async function askAll(
  checks: readonly Check[],
  context: Context,
  tell: { readonly row: (row: Row) => void; readonly interrupted: () => boolean },
): Promise<{ readonly rows: readonly Row[]; readonly left: readonly string[] }> {
  const rows: Row[] = [];
  let left: readonly string[] = [];
  try {
    await context.scratch.clean();
    for (const check of checks) {
      if (tell.interrupted()) break;
      const { number, fact } = check;
      const row: Row = { number, fact, ...(await ask(check, context)) };
      if (tell.interrupted()) break;
      rows.push(row);
      tell.row(row);
    }
  } finally {
    await context.jobs.stop();
    left = await context.scratch.clean();
  }
  return { rows, left };
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
