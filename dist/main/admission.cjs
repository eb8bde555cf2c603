"use strict";

const require_main = require("../main.cjs");
const require_retry = require("./retry.cjs");

// src/action/admission.ts
const ATTEMPTS = 3;
const PAUSE_MS = 2e3;
async function demandWriteAccess({ inputs, information, clock }, { eventName, actors }) {
	if (actors.length === 0) throw notAllowed(`\`${eventName}\` does not say who has caused it`);
	for (const actor of actors.filter((candidate) => !require_main.isAllowed(candidate, inputs))) {
		const answer = await untilAnswered(clock, () => information.mayWrite(actor));
		if (answer === true) continue;
		throw notAllowed(answer === null ? `GitHub does not say whether ${nameOf(actor)}, who has started it by \`${eventName}\`, may write to this repository` : `${nameOf(actor)}, who has started it by \`${eventName}\`, may not write to this repository`);
	}
}
async function demandPrivate({ inputs, information, clock }) {
	if (inputs.allowPublicRepository) return;
	const answer = await untilAnswered(clock, () => information.visibility());
	if (answer === "private") return;
	if (answer === "public") require_main.refusePublic(inputs);
	throw new require_main.Failure("public-repository", "Neither this run's event nor GitHub's API says whether this repository is public, so it is taken for public.", "Leave `github-token` as it is, which may always ask, and start a new run; or set `allow-public-repository: true` if you know who can run this workflow.");
}
async function demandGuardedRefresh({ runInformation, log, clock }, { inputs, visibility }) {
	if (visibility === "unknown") await demandPrivate({
		inputs,
		information: runInformation,
		clock
	});
	if (inputs.concurrencyCheck === "off") return;
	const concurrency = await runInformation.concurrency();
	if (concurrency === null || concurrency.groups.length > 0) return;
	const unguarded = new require_main.Failure("concurrency-unguarded", concurrency.otherRunsInProgress > 0 ? "This run holds no concurrency group, and another run of this workflow is in progress." : "This run holds no concurrency group, so nothing keeps two refresh jobs of this login apart.", "Add `concurrency: { group: codex-auth, queue: max }` to every workflow with a refresh job, the same name in all of them.");
	if (inputs.concurrencyCheck === "fail" || inputs.refreshToken === "present") throw unguarded;
	log.warning(`${unguarded.message} ${unguarded.hint}`);
}
async function untilAnswered(clock, ask) {
	return require_retry.repeat(clock, ask, (answer, attempt) => answer !== null || attempt === ATTEMPTS ? null : PAUSE_MS);
}
function nameOf(actor) {
	return /^[\w-]+(\[bot\])?$/.test(actor) ? `@${actor}` : "Somebody with an impossible name";
}
function notAllowed(why) {
	return new require_main.Failure("actor-not-allowed", `The login is not used in this run: ${why}.`, "Let somebody who may write start it, or name those whom you trust in `allow-users` (`allow-bots: true` for Dependabot and github-actions).");
}

exports.demandGuardedRefresh = demandGuardedRefresh;
exports.demandPrivate = demandPrivate;
exports.demandWriteAccess = demandWriteAccess;