"use strict";
const e = require("../main.cjs");
const t = require("./restore.cjs");
// src/action/begin-afresh.ts
async function n(n) {
	const { inputs: r, log: i, channel: a, environment: o } = n;
	const s = e.mt(r.secret, i);
	const c = s === null ? t.makeHome : t.restore;
	const l = await e.v(n) ?? await c(n);
	const u = {
		...l,
		environment: e.x(l.environment, o)
	};
	e.C(a, u);
	e.gt(u, o);
	const d = await n.reseed(u, s);
	const f = s ?? d.ledger.document;
	const p = new e._(n, f, u);
	return {
		login: p,
		handed: f,
		settle: () => p.takeOver(d)
	};
}
exports.beginAfresh = n;
