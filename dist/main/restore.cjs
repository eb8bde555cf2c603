"use strict";
const e = require("../main.cjs");
const t = require("./protection.cjs");
let n = require("node:path");
// src/action/restore.ts
async function r(t) {
	const { inputs: n, files: r, clock: a, log: o, channel: s } = t;
	const c = e.pt(n.secret, o);
	const l = await i(t);
	if (!l.ownsHome) {
		o.info("An earlier step of this job has restored the login; this one attaches to it.");
		return l;
	}
	const u = {
		...l,
		written: await e.dt(r, l, c.withheld())
	};
	e.C(s, u);
	const d = e.bt(e.V(c, a.now()));
	o.info(`Restored generation ${c.generation} (access token valid ${d}, refresh token withheld).`);
	return u;
}
async function i(n) {
	const { inputs: r, surroundings: i, files: o, clock: s, channel: c, environment: l } = n;
	const u = s.monotonicMs();
	const d = e.t(i);
	const f = {
		secretName: r.secretName,
		environment: r.environment
	};
	const p = e.Y(i.temporaryDirectory, f);
	const m = await e.X(o, {
		given: r.codexHome,
		base: p,
		workspace: i.workspace
	});
	const h = await e.ot(o, p, d);
	const g = await e.Z(o, {
		home: m,
		identity: d
	}) === "nobody";
	if (!g) await a(o, {
		home: m,
		base: p
	});
	const _ = async () => {
		try {
			return await t.i(n, {
				home: m,
				guarded: await t.t(n, {
					home: m,
					base: p,
					loginPath: e.at(p)
				})
			});
		} catch (t) {
			await e.Q(o, {
				home: m,
				identity: d,
				madeConfig: false
			}).catch(() => {});
			throw t;
		}
	};
	const v = {
		base: p,
		mark: h,
		home: m,
		place: f,
		refreshToken: r.refreshToken,
		madeConfig: g && await _(),
		ownsHome: g,
		written: null,
		beganMonotonicMs: u,
		madeRequirements: false,
		hostLock: null,
		environment: e.y(l)
	};
	e.C(c, v);
	c.exportVariable("CODEX_HOME", m);
	return v;
}
async function a(t, { home: r, base: i }) {
	const a = (0, n.dirname)(await e.lt(t, e.J(r)));
	const o = [r, e.at(i)].map((n) => e.lt(t, n));
	if ((await Promise.all(o)).includes(a)) return;
	throw new e.wt("home-has-login", "The Codex home holds the login of another secret, which an earlier step of this job put there. It is left as it is.", "Give each secret's steps a `codex-home` of their own, or leave it empty.");
}
exports.makeHome = i;
exports.restore = r;
