import "./rolldown-runtime.js";
import { $ as alertMarker, nt as renderRecovery, tt as renderAlert } from "./quiet.js";
import { n as canRepair, t as GitHubError } from "./github-error.js";

// src/action/alert.ts
async function raiseAlert(alert, { board, place, runUrl, clock, log }) {
	await withoutFailing(log, async () => {
		const open = await board.find(alertMarker(place));
		const issue = renderAlert(alert, {
			place,
			runUrl,
			now: clock.now(),
			since: open?.since ?? null
		});
		if (open) await board.update(open.number, issue);
		else await board.open(issue);
		log.info(open ? `Updated issue #${open.number} about the login.` : "Opened an issue about the login.");
	});
}
async function settleAlert({ board, place, runUrl, log }) {
	await withoutFailing(log, async () => {
		const open = await board.find(alertMarker(place));
		if (!open) return;
		await board.close(open.number, renderRecovery(runUrl));
		log.info(`Closed issue #${open.number}: the login is well again.`);
	});
}
async function withoutFailing(log, act) {
	try {
		await act();
	} catch (error) {
		if (!(error instanceof GitHubError)) throw error;
		const { status } = error;
		const denied = !canRepair(error) && (status === 401 || status === 403 || status === 404);
		log.info(denied ? "The alert issue needs `issues: write` in the job's `permissions:`." : "The alert issue could not be written just now.");
	}
}

export { raiseAlert, settleAlert };