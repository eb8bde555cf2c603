"use strict";

const require_post = require("../post.cjs");
const require_github_error = require("./github-error.cjs");

// src/action/alert.ts
async function raiseAlert(alert, { board, place, runUrl, clock, log }) {
	await withoutFailing(log, async () => {
		const open = await board.find(require_post.alertMarker(place));
		const issue = require_post.renderAlert(alert, {
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
		const open = await board.find(require_post.alertMarker(place));
		if (!open) return;
		await board.close(open.number, require_post.renderRecovery(runUrl));
		log.info(`Closed issue #${open.number}: the login is well again.`);
	});
}
async function withoutFailing(log, act) {
	try {
		await act();
	} catch (error) {
		if (!(error instanceof require_github_error.GitHubError)) throw error;
		const { status } = error;
		const denied = !require_github_error.canRepair(error) && (status === 401 || status === 403 || status === 404);
		log.info(denied ? "The alert issue needs `issues: write` in the job's `permissions:`." : "The alert issue could not be written just now.");
	}
}

exports.raiseAlert = raiseAlert;
exports.settleAlert = settleAlert;