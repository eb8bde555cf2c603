import { M as describeDuration } from "./step-channel.js";

// src/core/status.ts
function redactedStatus(document) {
	return {
		auth_mode: "chatgpt",
		last_refresh: document.lastRefresh,
		has_access_token: !document.accessToken.isEmpty,
		has_id_token: !document.idToken.isEmpty,
		has_refresh_token: !document.refreshToken.isEmpty
	};
}

// src/action/report.ts
function reportOf(document, rest) {
	return {
		...rest,
		accessTokenExpiresAt: document.accessTokenExpiresAt.toISOString(),
		lastRefresh: document.lastRefresh
	};
}
function saveReport(channel, report) {
	channel.saveState("report", JSON.stringify(report));
}
function loadReport(channel) {
	const text = channel.state("report");
	return text ? JSON.parse(text) : null;
}
function setOutputs(channel, home, report) {
	channel.setOutput("codex-home", home);
	channel.setOutput("role", report.role);
	channel.setOutput("restored-from", report.restoredFrom);
	channel.setOutput("rotated", String(report.rotated));
	channel.setOutput("published", String(report.published));
	channel.setOutput("access-token-expires-at", report.accessTokenExpiresAt);
	channel.setOutput("last-refresh", report.lastRefresh);
}
/** The job summary: redacted, for people. */
function renderSummary(report, document, now) {
	const leftMs = new Date(report.accessTokenExpiresAt).getTime() - now.getTime();
	const life = leftMs > 0 ? `valid for ${describeDuration(leftMs)}` : "expired";
	const rows = [
		["Role in this job", report.role],
		["Restored from", report.restoredFrom],
		["Rotated", report.rotated ? "yes" : "no"],
		["Published", report.published ? "yes" : "no"],
		["Access token", `${life} (until ${report.accessTokenExpiresAt.slice(0, 16).replace("T", " ")} UTC)`]
	];
	if (document) for (const [name, value] of Object.entries({
		...redactedStatus(document),
		last_refresh: report.lastRefresh
	})) rows.push([`\`${name}\``, `\`${String(value)}\``]);
	const table = [
		"| Codex login | |",
		"|---|---|",
		...rows.map(([name, value]) => `| ${name} | ${value} |`)
	];
	const events = report.events.length > 0 ? ["", ...report.events.map((event) => `- ${event}`)] : [];
	const rescue = report.rescue ? [
		"",
		"**The refreshed login could not be stored.** Dispatch the maintenance workflow now, or run this (it holds only what GitHub can open):",
		"",
		"```sh",
		report.rescue,
		"```"
	] : [];
	return `${[
		"### Codex login",
		"",
		...table,
		...events,
		...rescue
	].join("\n")}\n`;
}

// src/adapters/cancellation.ts
/**
* Holds back SIGINT and SIGTERM from now on: what must be finished is finished, and everything else asks first.
* The runner sends SIGKILL ten seconds after the first of them.
*/
function watchCancellation() {
	let requested = false;
	for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {
		requested = true;
	});
	return { requested: () => requested };
}

export { saveReport as a, reportOf as i, loadReport as n, setOutputs as o, renderSummary as r, watchCancellation as t };