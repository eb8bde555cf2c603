"use strict";

const require_secret_location = require("./secret-location.cjs");
const require_post = require("../post.cjs");
const require_github_error = require("./github-error.cjs");

// src/core/text/shell.ts
function shellQuoted(word) {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

// src/core/login/reseed-command.ts
function reseedCommand(place) {
	const scope = place.environment === null ? "" : ` --env ${shellQuoted(place.environment)}`;
	return [
		`home=$(mktemp -d) && CODEX_HOME=$home codex -c 'cli_auth_credentials_store="file"' login`,
		`gh secret set ${place.secretName} --repo ${place.owner}/${place.repository}${scope} < "$home/auth.json"`,
		`rm -r "$home"`
	].join(" && ");
}
function reseedHint(place) {
	return `Log in again, on a machine with a browser, and store that login: \`${reseedCommand(place)}\`.`;
}

// src/core/failure/alert-text.ts
function alertMarker(place) {
	return `<!-- codex-auth-roundtrip alert: ${require_secret_location.describePlace(place)} -->`;
}
function renderAlert(alert, { place, runUrl, now, since }) {
	const advice = alert.hint.replace(reseedHint(place), "Log in again, with the commands below.");
	return {
		title: "The Codex login needs manual action",
		body: [
			alertMarker(place),
			`**${require_post.markdown(alert.message)}** (\`${alert.code}\`)`,
			"",
			`- What to do: ${require_post.markdown(advice)}`,
			`- Who: somebody who may write the ${require_secret_location.describePlace(place)}.`,
			`- Since: ${day(since ?? now)}. Last seen: ${day(now)}, in [this run](${runUrl}).`,
			"",
			...require_post.hasMark(alert.code, "new-login") ? [
				"To log in again, on a machine with a browser:",
				"",
				"```sh",
				reseedCommand(place).replaceAll(" && ", " &&\n"),
				"```",
				""
			] : [],
			"This issue is closed when a job has refreshed the login and stored it again."
		].join("\n")
	};
}
function renderRecovery(runUrl) {
	return `The login was refreshed and stored in [this run](${runUrl}). Nothing more is to be done.`;
}
function day(date) {
	return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

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
		if (!(error instanceof require_github_error.GitHubError)) throw error;
		const { status } = error;
		const denied = !require_github_error.canRepair(error) && (status === 401 || status === 403 || status === 404);
		log.info(denied ? "The alert issue needs `issues: write` in the job's `permissions:`." : "The alert issue could not be written just now.");
	}
}

exports.raiseAlert = raiseAlert;
exports.settleAlert = settleAlert;