"use strict";
const e = require("../post.cjs");
const t = require("./github-error.cjs");
// src/action/alert.ts
async function n(t, { board: n, place: r, runUrl: a, clock: o, log: s }) {
	await i(s, async () => {
		const i = await n.find(e.x(r));
		const c = e.S(t, {
			place: r,
			runUrl: a,
			now: o.now(),
			since: i?.since ?? null
		});
		if (i) await n.update(i.number, c);
		else await n.open(c);
		s.info(i ? `Updated issue #${i.number} about the login.` : "Opened an issue about the login.");
	});
}
async function r({ board: t, place: n, runUrl: r, log: a }) {
	await i(a, async () => {
		const i = await t.find(e.x(n));
		if (!i) return;
		await t.close(i.number, e.C(r));
		a.info(`Closed issue #${i.number}: the login is well again.`);
	});
}
async function i(e, n) {
	try {
		await n();
	} catch (n) {
		if (!(n instanceof t.t)) throw n;
		const { status: r } = n;
		const i = !t.n(n) && (r === 401 || r === 403 || r === 404);
		e.info(i ? "The alert issue needs `issues: write` in the job's `permissions:`." : "The alert issue could not be written just now.");
	}
}
exports.raiseAlert = n;
exports.settleAlert = r;
