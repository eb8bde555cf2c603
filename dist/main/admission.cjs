"use strict";
const e = require("./rolldown-runtime.cjs");
const t = require("../main.cjs");
// src/action/admission.ts
var n = /* @__PURE__ */ e.n({
	demandPrivate: () => o,
	demandWriters: () => a
});
const r = 3;
const i = 2e3;
async function a({ inputs: e, information: n, clock: r }, { eventName: i, actors: a }) {
	if (a.length === 0) throw l(`\`${i}\` does not say who has caused it`);
	for (const o of a.filter((n) => !t.r(n, e))) {
		const e = await s(r, () => n.mayWrite(o));
		if (e === true) continue;
		throw l(e === null ? `GitHub does not say whether ${c(o)}, who has started it by \`${i}\`, may write to this repository` : `${c(o)}, who has started it by \`${i}\`, may not write to this repository`);
	}
}
async function o({ inputs: e, information: n, clock: r }) {
	if (e.allowPublicRepository) return;
	const i = await s(r, () => n.visibility());
	if (i === "private") return;
	if (i === "public") t._t(e);
	throw new t.wt("public-repository", "Neither this run's event nor GitHub's API says whether this repository is public, so it is taken for public.", "Leave `github-token` as it is, which may always ask, and start a new run; or set `allow-public-repository: true` if you know who can run this workflow.");
}
async function s(e, t) {
	for (let n = 1;; n++) {
		const a = await t();
		if (a !== null || n === r) return a;
		await e.sleep(i);
	}
}
function c(e) {
	return /^[\w-]+(\[bot\])?$/.test(e) ? `@${e}` : "Somebody with an impossible name";
}
function l(e) {
	return new t.wt("actor-not-allowed", `The login is not used in this run: ${e}.`, "Let somebody who may write start it, or name those whom you trust in `allow-users` (`allow-bots: true` for Dependabot and github-actions).");
}
Object.defineProperty(exports, "n", {
	enumerable: true,
	get: function() {
		return o;
	}
});
Object.defineProperty(exports, "t", {
	enumerable: true,
	get: function() {
		return n;
	}
});
