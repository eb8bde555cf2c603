"use strict";
const e = require("../main.cjs");
const t = require("./protection.cjs");
const n = require("./user-job.cjs");
// src/core/live-login.ts
const r = [
	"document-empty",
	"document-truncated",
	"document-not-json",
	"document-byte-order-mark"
];
function i(t, n) {
	if (t === null) return { kind: "none" };
	try {
		const r = e.ht.parse(t);
		return n?.dead?.generation === r.generation ? {
			kind: "dead",
			document: r,
			code: n.dead.code
		} : {
			kind: "alive",
			document: r
		};
	} catch (t) {
		if (!(t instanceof e.wt)) throw t;
		if (r.includes(t.code)) return { kind: "broken" };
		throw new e.wt("home-foreign-login", `The home holds a file that is no whole ChatGPT login. ${t.message} It is left as it is.`, "Look whose it is; `--force` replaces it.", { cause: t });
	}
}
function a(t, n) {
	if (t.kind !== "dead") return;
	const { document: r, code: i } = t;
	if (n.accessTokenIssuedAt.getTime() > r.accessTokenIssuedAt.getTime() && !n.refreshToken.equals(r.refreshToken)) return;
	throw new e.wt("seed-not-newer", `The login in the home is dead (${i}), and the one to seed is not newer.`, "Log in afresh: leave `--from` out, or pass the auth.json of a new login.");
}
// src/action/persistent-home.ts
const o = 6e5;
const s = 5e3;
async function c(t, n) {
	const { inputs: r, surroundings: i, files: a, clock: o, log: s, channel: c, environment: l, hostLock: f } = t;
	const p = e.nt(i.temporaryDirectory, r.secretName);
	const m = await e.X(a, {
		given: r.codexHome,
		base: p,
		workspace: i.workspace
	});
	const h = e.t(i);
	const g = await e.ot(a, p, h);
	await e.st(a, m);
	const _ = await e.$(m, () => u(t, {
		path: e.w(m),
		job: h,
		cancellation: n
	}));
	const v = {
		base: p,
		mark: g,
		home: m,
		place: {
			secretName: r.secretName,
			environment: r.environment
		},
		refreshToken: "withheld",
		madeConfig: false,
		ownsHome: false,
		written: null,
		beganMonotonicMs: o.monotonicMs(),
		madeRequirements: false,
		environment: e.y(l),
		hostLock: _
	};
	e.C(c, v);
	try {
		await e.et(a, m);
		const { document: n, restoredFrom: r } = await d(t, m);
		c.exportVariable("CODEX_HOME", m);
		const i = e.I(n, {
			role: "host",
			restoredFrom: r,
			rotated: false,
			published: false,
			events: [],
			alert: null,
			rescue: null
		});
		e.R(c, i);
		e.z(c, m, i);
		const l = e.bt(e.V(n, o.now()));
		s.info(r === "secret" ? `Seeded this host with generation ${n.generation} (access token valid ${l}).` : `This host has a login of its own, generation ${n.generation} (access token valid ${l}); it is left as it is.`);
		return v;
	} catch (t) {
		if (_.by === "this-step") await f.letGo(_.path, _.content);
		e.b(c);
		throw t;
	}
}
async function l(t, n, r) {
	const i = e.ht.parse(await t.read(e.J(n)) ?? "");
	e.ft(i, r);
	return i;
}
async function u({ clock: e, log: t, hostLock: n }, { path: r, job: i, cancellation: a }) {
	const c = e.monotonicMs() + o;
	for (let o = 0;; o++) {
		const l = await n.take(r, i);
		if (l !== null) return {
			path: r,
			...l
		};
		if (a.requested() || e.monotonicMs() + s > c) throw f();
		if (o === 0) t.info("Another job is at work with this host's login. Waiting for it, ten minutes at most.");
		await e.sleep(s);
	}
}
async function d({ inputs: t, files: n, log: r }, o) {
	const s = e.E(await n.read(e.T(o)));
	const c = i(await n.read(e.J(o)), s);
	if (c.kind === "alive") {
		e.ft(c.document, r);
		return {
			document: c.document,
			restoredFrom: "home"
		};
	}
	const l = e.pt(t.secret, r);
	a(c, l);
	await e.$(o, () => n.write(e.J(o), l.whole().reveal(), 384));
	return {
		document: l,
		restoredFrom: "secret"
	};
}
function f() {
	return new e.wt("host-busy", "Another job is at work with this host's login.", "Give the jobs of this host one `concurrency:` group; two at once could spend the same refresh token.");
}
// src/action/host-job.ts
async function p(r) {
	const { inputs: i, files: a, channel: o, log: s, cancellation: u } = r;
	const d = await r.hostLock();
	const f = await e.v(r) ?? await c({
		...r,
		hostLock: d
	}, u);
	const p = await l(a, f.home, s);
	const m = await e.et(a, f.home);
	const h = await e.lt(a, m);
	const g = await t.o(r, {
		home: f.home,
		guarded: {
			loginDirectory: h,
			anchors: []
		}
	});
	if (i.run !== null && i.protectAuth === "profile" && !g?.protects) s.warning(`The config.toml in this host's home does not keep the model's commands out of the login: what \`run\` starts can read it. Use \`prompt\`, or add a permission profile with \`"${h}" = "deny"\` as \`default_permissions\`.`);
	if (i.run !== null && !i.codexApps && !g?.appsAreOff) s.warning("The config.toml in this host's home does not switch off the account's connected apps and plugins: a model that `run` starts can use them. Use `prompt`, or add `[features]` with `apps = false`, `plugins = false` and `remote_plugin = false`.");
	if (i.run === null && i.prompt === null && i.codexVersion === null) return;
	await n.runJob(r, {
		session: f,
		loginPath: m,
		recordRequirements: () => e.C(o, {
			...f,
			madeRequirements: true
		})
	}, p);
}
exports.runOnHost = p;
