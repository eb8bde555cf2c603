"use strict";

const require_rolldown_runtime = require("./rolldown-runtime.cjs");
const require_main = require("../main.cjs");

// src/action/admission.ts
var admission_exports = /* @__PURE__ */ require_rolldown_runtime.__exportAll({
	demandPrivate: () => demandPrivate,
	demandWriters: () => demandWriters
});
const TRIES = 3;
const PAUSE_MS = 2e3;
async function demandWriters({ inputs, information, clock }, { eventName, actors }) {
	if (actors.length === 0) throw notAllowed(`\`${eventName}\` does not say who has caused it`);
	for (const actor of actors.filter((candidate) => !require_main.isAllowed(candidate, inputs))) {
		const answer = await insist(clock, () => information.mayWrite(actor));
		if (answer === true) continue;
		throw notAllowed(answer === null ? `GitHub does not say whether ${nameOf(actor)}, who has started it by \`${eventName}\`, may write to this repository` : `${nameOf(actor)}, who has started it by \`${eventName}\`, may not write to this repository`);
	}
}
async function demandPrivate({ inputs, information, clock }) {
	if (inputs.allowPublicRepository) return;
	const answer = await insist(clock, () => information.visibility());
	if (answer === "private") return;
	if (answer === "public") require_main.refusePublic(inputs);
	throw new require_main.Failure("public-repository", "Neither this run's event nor GitHub's API says whether this repository is public, so it is taken for public.", "Leave `github-token` as it is, which may always ask, and start a new run; or set `allow-public-repository: true` if you know who can run this workflow.");
}
async function insist(clock, ask) {
	for (let tries = 1;; tries++) {
		const answer = await ask();
		if (answer !== null || tries === TRIES) return answer;
		await clock.sleep(PAUSE_MS);
	}
}
function nameOf(actor) {
	return /^[\w-]+(\[bot\])?$/.test(actor) ? `@${actor}` : "Somebody with an impossible name";
}
function notAllowed(why) {
	return new require_main.Failure("actor-not-allowed", `The login is not used in this run: ${why}.`, "Let somebody who may write start it, or name those whom you trust in `allow-users` (`allow-bots: true` for Dependabot and github-actions).");
}

Object.defineProperty(exports, "admission_exports", {
  enumerable: true,
  get: function () {
    return admission_exports;
  }
});
Object.defineProperty(exports, "demandPrivate", {
  enumerable: true,
  get: function () {
    return demandPrivate;
  }
});