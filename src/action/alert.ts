import { type Alert, alertMarker, renderAlert, renderRecovery } from "../core/failure/alert-text.ts";
import { canRepair, GitHubError } from "../core/failure/github-error.ts";
import type { Log } from "../ports/runner.ts";
import type { AlertServices } from "./services.ts";

/** Opens the one issue about this login, or brings it up to date. Never fails a job. */
export async function raiseAlert(
  alert: Alert,
  { board, place, runUrl, clock, log }: AlertServices,
): Promise<void> {
  await withoutFailing(log, async () => {
    const open = await board.find(alertMarker(place));
    const issue = renderAlert(alert, { place, runUrl, now: clock.now(), since: open?.since ?? null });
    if (open) await board.update(open.number, issue);
    else await board.open(issue);
    log.info(open ? `Updated issue #${open.number} about the login.` : "Opened an issue about the login.");
  });
}

/** Closes the issue, if one is open, once health is proven. */
export async function settleAlert({ board, place, runUrl, log }: AlertServices): Promise<void> {
  await withoutFailing(log, async () => {
    const open = await board.find(alertMarker(place));
    if (!open) return;
    await board.close(open.number, renderRecovery(runUrl));
    log.info(`Closed issue #${open.number}: the login is well again.`);
  });
}

async function withoutFailing(log: Log, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const { status } = error;
    const denied = !canRepair(error) && (status === 401 || status === 403 || status === 404);
    log.info(
      denied
        ? "The alert issue needs `issues: write` in the job's `permissions:`."
        : "The alert issue could not be written just now.",
    );
  }
}
