"use strict";
const e = require("./job-tools.cjs");
const t = require("../post.cjs");
const n = require("./rescue.cjs");
const r = require("./github-error.cjs");
const i = require("./processes.cjs");
let a = require("node:path");
let o = require("node:crypto");
let s = require("node:fs/promises");
let c = require("../packages/libsodium.cjs");
c = e.i(c, 1);
let l = require("node:child_process");
let u = require("node:events");
let d = require("node:readline");
let f = require("node:timers/promises");
let p = require("node:util");
let m = require("../packages/octokit-rest.cjs");
let h = require("node:zlib");
h = e.i(h, 1);
let g = require("../packages/tar-stream.cjs");
let _ = require("node:http");
_ = e.i(_, 1);
let v = require("../packages/octokit-auth-app.cjs");
let y = require("../packages/octokit-request.cjs");
// src/action/codex.ts
async function ee(e, t, n) {
	const r = n === null ? await e.locate() : null;
	if (r) return r;
	const i = await e.install(n ?? "0.169.0");
	t.addPath((0, a.dirname)(i));
	return i;
}
// src/core/ledger.ts
function te(e) {
	return JSON.stringify({
		...e,
		document: e.document.line().reveal(),
		predecessor: e.predecessor?.line().reveal() ?? null
	});
}
function ne(e) {
	try {
		const n = JSON.parse(e);
		const r = typeof n.document === "string" ? t.R.read(n.document) : null;
		const i = typeof n.predecessor === "string" ? t.R.read(n.predecessor) : null;
		const a = new Date(typeof n.before === "string" ? n.before : NaN);
		if (r === null || Number.isNaN(a.getTime()) || typeof n.stored !== "boolean") return null;
		const o = Array.isArray(n.writes) ? n.writes.flatMap(re) : [];
		return {
			document: r,
			predecessor: i,
			claim: ie(n.claim),
			before: a,
			stored: n.stored,
			writes: o
		};
	} catch {
		return null;
	}
}
function re(e) {
	const { from: t, to: n } = e;
	const r = {
		from: new Date(String(t)),
		to: new Date(String(n))
	};
	return Number.isNaN(r.from.getTime() + r.to.getTime()) ? [] : [r];
}
function ie(e) {
	if (typeof e !== "object" || e === null) return null;
	const { name: t, holder: n } = e;
	return typeof t === "string" && typeof n === "string" ? {
		name: t,
		holder: n
	} : null;
}
// src/action/ledger-file.ts
function ae(e, n, { base: r, holder: i }) {
	const a = t.I(r);
	return {
		load: async () => {
			const t = await e.readBytes(a);
			const r = t && await n.open(i, "ledger", t);
			return r ? ne(r) : null;
		},
		save: async (t) => e.write(a, await n.seal(i, "ledger", te(t)), 384)
	};
}
// src/core/claim-name.ts
const b = "CODEX_AUTH_CLAIM_";
const oe = "codex-auth-roundtrip/claim/v1";
const se = 20;
function x(e, { repositoryId: t }, n = 0) {
	return `${b}${le(oe, t, e)}${n === 0 ? "" : `_R${n}`}`;
}
function ce(e, { repositoryId: t }) {
	return `${b}${le(`${oe}/seed`, t, e)}`;
}
function le(e, t, n) {
	return (0, o.createHash)("sha256").update([
		e,
		t,
		n.refreshToken.reveal()
	].join("\0")).digest("hex").slice(0, se).toUpperCase();
}
// src/core/due.ts
function S(e, t) {
	return e.accessTokenExpiresAt.getTime() - t.getTime();
}
const ue = 3e5;
function C(e, t) {
	return S(e, t) <= ue;
}
// src/core/judge.ts
function w(e, n) {
	const r = n === null ? null : t.R.read(n) ?? e.salvage(n);
	if (n === null || r === null) return {
		kind: "broken",
		failure: new t.W("refresh-broke-document", n === null ? "Codex left no auth.json." : "Codex left an auth.json in which there is no refresh token.", "The login before it is kept.")
	};
	const i = r.isOfOtherAccount(e) ? "The file belongs to another ChatGPT account." : de(n);
	if (!r.refreshToken.equals(e.refreshToken)) return {
		kind: "rotated",
		document: r,
		oddity: i
	};
	if (!r.accessToken.equals(e.accessToken)) return {
		kind: "renewed",
		document: r,
		oddity: i
	};
	return { kind: "unchanged" };
}
function de(e) {
	try {
		t.R.parse(e);
		return null;
	} catch (e) {
		if (e instanceof t.W) return e.message;
		throw e;
	}
}
// src/login/patience.ts
const fe = 1e3;
const pe = 1e3;
const me = 15e4;
async function T({ clock: e, log: t }, { withinMs: n, tries: i = 3 }, a) {
	const o = e.monotonicMs();
	for (let s = 1;; s++) try {
		return await a();
	} catch (a) {
		if (!(a instanceof r.t) || !r.n(a)) throw a;
		const c = Math.max(fe * s, a.retryAfterMs ?? 0);
		const l = a.retryAfterMs !== null;
		const u = o + (l ? me : n);
		if (s >= i && !l || e.monotonicMs() + c > u) throw a;
		t.info(`${a.message} Trying again in ${Math.ceil(c / 1e3)} s.`);
		await e.sleep(c);
	}
}
async function E(e, { withinMs: t, everyMs: n = pe }, r, i) {
	const a = e.monotonicMs() + t;
	for (;;) {
		const t = await r();
		if (i(t) || e.monotonicMs() + n > a) return t;
		await e.sleep(n);
	}
}
// src/login/claims.ts
const he = 15e3;
const ge = 3;
var _e = class {
	#e;
	constructor(e) {
		this.#e = e;
	}
	nameOf(e, t = 0) {
		return x(e, this.#e.place, t);
	}
	async read(e) {
		const n = await this.#r(() => this.#e.variables.read(e));
		return n && {
			name: e,
			createdAt: n.createdAt,
			claim: t._(n.value)
		};
	}
	async list() {
		return (await this.#r(() => this.#e.variables.list())).filter(({ name: e }) => t.p(e)).map(({ name: e, value: n, createdAt: r }) => ({
			name: e.toUpperCase(),
			createdAt: r,
			claim: t._(n)
		}));
	}
	async mark(e, t) {
		const { variables: n, place: i, log: a } = this.#e;
		try {
			await xe(n, {
				document: e,
				place: i,
				updatedAt: t
			});
		} catch (e) {
			if (!(e instanceof r.t)) throw e;
			a.debug(`The seed's marker could not be made. ${e.message}`);
		}
	}
	async tidy() {
		const { variables: e, serverClock: n, place: i, log: a } = this.#e;
		const o = i.environment === null ? D : O;
		try {
			const r = (await n.now()).getTime();
			const s = await e.list();
			for (const { name: n, value: i, createdAt: a } of s) {
				const o = t.p(n) ? t._(i) : null;
				if (o?.state === "stored" && o.run !== "seed" && r - a.getTime() > be) await e.remove(n);
			}
			if (s.length >= o * ye) a.warning(`The scope of the ${t.E(i)} holds ${s.length} of the ${o} variables that GitHub allows, and each refresh needs one. Delete variables that are no longer used.`);
		} catch (e) {
			if (!(e instanceof r.t)) throw e;
			a.debug(`Old claims could not be deleted. ${e.message}`);
		}
	}
	async take(e, n) {
		const { variables: r, clock: i, place: a, claimant: o } = this.#e;
		const s = {
			...n,
			...o,
			secret: a.secretName,
			next: null,
			after: null,
			released: false,
			wholeJob: n.wholeJob ?? false
		};
		const c = {
			name: e,
			claim: s,
			sinceMonotonicMs: i.monotonicMs(),
			sinceDateMs: i.now().getTime()
		};
		for (let a = 1;; a++) {
			const o = await this.#t(r, e, t.v(s));
			if (o === "created") return {
				kind: "ours",
				held: c
			};
			const l = await this.read(e);
			if (l?.claim?.holder === n.holder) return {
				kind: "ours",
				held: c
			};
			if (o === "exists" || l !== null || a === ge) return {
				kind: "theirs",
				seen: l
			};
			await i.sleep(1e3 * a);
		}
	}
	async #t(e, t, n) {
		const { clock: i, log: a } = this.#e;
		for (let o = 1;; o++) try {
			return await e.create(t, n);
		} catch (e) {
			if (!(e instanceof r.t)) throw e;
			if (!r.n(e)) throw await this.#n(e) ?? e;
			if (e.retryAfterMs === null) return "unanswered";
			if (o === ge || e.retryAfterMs > ve) throw e;
			a.info(`${e.message} Trying again in ${Math.ceil(e.retryAfterMs / 1e3)} s.`);
			await i.sleep(e.retryAfterMs);
		}
	}
	async #n({ status: e }) {
		const { variables: n, place: r } = this.#e;
		if (e === 401 || e === 403 || e === 404) return null;
		const i = r.environment === null ? D : O;
		const a = await n.list().catch(() => []);
		if (a.length < i) return null;
		return new t.W("claim-limit", `The scope of the ${t.E(r)} holds ${a.length} variables, as many as GitHub allows, and a refresh needs one. Nothing was refreshed.`, "Delete variables that are no longer used.");
	}
	isFresh({ sinceMonotonicMs: e, sinceDateMs: t }) {
		return this.msLeft({
			sinceMonotonicMs: e,
			sinceDateMs: t
		}) > 0;
	}
	msLeft({ sinceMonotonicMs: e, sinceDateMs: n }) {
		const { clock: r } = this.#e;
		const i = Math.max(r.monotonicMs() - e, r.now().getTime() - n);
		return t.f - i;
	}
	async isHeld({ name: e, holder: t }) {
		const n = await this.read(e);
		return n?.claim?.holder === t ? n : null;
	}
	async tell(e, n, i) {
		const { variables: a, log: o } = this.#e;
		try {
			await this.#r(() => a.update(e, t.v({
				...n,
				...i
			})));
		} catch (t) {
			if (!(t instanceof r.t)) throw t;
			o.debug(`The claim ${e} could not be brought up to date. ${t.message}`);
		}
	}
	async giveBack({ name: e, holder: t }) {
		const { variables: n, serverClock: i, log: a } = this.#e;
		try {
			const r = await this.isHeld({
				name: e,
				holder: t
			});
			if (r?.claim?.state !== "open" && r?.claim?.state !== "write") return;
			if ((await i.now()).getTime() - r.createdAt.getTime() < 48e4 || r.claim.wholeJob) await n.remove(e);
			else await this.tell(e, r.claim, { released: true });
		} catch (t) {
			if (!(t instanceof r.t)) throw t;
			a.debug(`The claim ${e} could not be deleted. ${t.message}`);
		}
	}
	async isGone(e) {
		const { serverClock: n, runInformation: r, insistence: i, claimant: a } = this.#e;
		if (e.claim?.released) return true;
		const o = await n.now();
		if (!t.h(e, o)) return false;
		const { claim: s } = e;
		const c = s?.run === a.run && s.attempt < a.attempt;
		const l = s === null || c ? "ended" : await r.statusOf(s.run, s.attempt);
		return t.m(e, {
			now: o,
			status: l,
			forced: i === "forced"
		});
	}
	#r(e) {
		const { clock: t, log: n } = this.#e;
		return T({
			clock: t,
			log: n
		}, { withinMs: he }, e);
	}
};
const ve = 12e4;
const D = 500;
const O = 100;
const ye = .8;
const be = 5184e6;
async function xe(e, { document: n, place: r, updatedAt: i }) {
	const a = {
		holder: "0".repeat(32),
		run: Se,
		attempt: 1,
		secret: r.secretName,
		ref: "default",
		state: "stored",
		before: null,
		next: x(n, r),
		after: i,
		released: true,
		wholeJob: false
	};
	const o = ce(n, r);
	if (await e.create(o, t.v(a)) === "exists") await e.update(o, t.v(a));
}
const Se = "seed";
// src/login/handoff.ts
async function k(e, { under: t, document: n, savedAt: r, log: i }) {
	const a = t.filter((e, r) => !e.isSameGeneration(n) && t.findIndex((t) => t.isSameGeneration(e)) === r);
	let o = a.length > 0;
	for (const t of a) {
		const i = await e.save(t, {
			document: n,
			savedAt: r
		});
		if (i === "off") return false;
		o &&= i === "saved";
	}
	if (!o && a.length > 0) i.info("The handoff could not be saved in the Actions cache.");
	return o;
}
// src/login/store-outcome.ts
async function A(e, t, n) {
	await e.save({
		...t,
		writes: [...t.writes, n]
	}).catch(() => {});
}
async function j(e, { ledger: t, outcome: n, inHandoff: r, log: i }) {
	switch (n.kind) {
		case "stored":
		case "settled": {
			if (n.kind === "settled") i.info("Another job has taken this login over from the handoff, and went on from there.");
			const r = (n.kind === "stored" ? n.updatedAt : null) ?? t.before;
			const a = {
				...t,
				before: r,
				claim: null,
				stored: true,
				writes: []
			};
			await e.save(a).catch(() => i.info("The ledger of this job could not be written to disk."));
			return {
				kind: "published",
				ledger: a
			};
		}
		case "pending": return {
			kind: "pending",
			ledger: t,
			failure: n.failure,
			handedOver: r,
			rescue: n.rescue
		};
		case "refused": return {
			kind: "refused",
			ledger: t,
			failure: n.failure,
			rescue: n.rescue
		};
	}
}
// src/login/find-current.ts
const M = 15e3;
const Ce = 4e3;
const we = 20;
const Te = 200;
const Ee = 6e4;
var De = class {
	#e;
	constructor(e) {
		this.#e = e;
	}
	async find(e, n, r) {
		const { claims: i } = this.#e;
		const a = i.nameOf(e);
		const o = await i.list();
		const s = o.find((e) => e.name === a) ?? null;
		if (s !== null) return this.follow(e, s);
		const c = o.some(({ claim: e }) => e?.next === a && t.g(e.after, n)) ? "after" : r === "known" ? "not-after" : await this.#d(n);
		if (c === "after") return {
			kind: "current",
			document: e,
			predecessor: null,
			updatedAt: n,
			takeover: 0,
			origin: null
		};
		const l = await i.read(a);
		if (l !== null) return this.follow(e, l);
		return {
			kind: "stale",
			newest: e,
			missing: c === "not-after" ? "secret-is-newer" : c
		};
	}
	async follow(e, t) {
		const { claims: n, log: r } = this.#e;
		let i = e;
		let a = null;
		let o = null;
		let s = t;
		const c = [e];
		for (let t = 0; t <= we;) {
			const { claim: l } = s;
			if (await this.#n(s)) return {
				kind: "busy",
				newest: i,
				seen: s
			};
			const u = l?.state === "stored" || l?.state === "rotated";
			const d = l?.state === "write" ? null : await this.#o(i, s, c);
			if (d === "not-answered") return {
				kind: "stale",
				newest: i,
				missing: "handoff-not-answered"
			};
			if (d === null && u) return {
				kind: "stale",
				newest: i,
				missing: await this.#t(l)
			};
			const f = u ? null : await this.#r(s);
			if (f !== null) {
				s = f;
				continue;
			}
			if (d === null) return this.#a({
				document: i,
				predecessor: a,
				origin: o,
				seen: s
			});
			if ("busy" in d) return {
				kind: "busy",
				newest: i,
				seen: d.busy
			};
			t += 1;
			const { successor: p } = d;
			c.push(p);
			a = i;
			i = p;
			o = d.origin;
			const m = await n.read(n.nameOf(p));
			if (m === null) {
				r.debug(`The handoff leads to generation ${p.generation}, which nobody has claimed.`);
				return this.#i({
					document: i,
					predecessor: a,
					origin: o,
					handed: e
				});
			}
			s = m;
		}
		return {
			kind: "stale",
			newest: i,
			missing: "secret-is-newer"
		};
	}
	async #t(e) {
		if (e?.state !== "rotated") return "secret-is-newer";
		return t.g(await this.updatedAt(), e.before) ? "successor-not-found" : "secret-is-newer";
	}
	async #n(e) {
		if (e.claim !== null) this.#s(e.claim);
		return e.claim?.state !== "stored" && !await this.#e.claims.isGone(e);
	}
	async #r({ name: e }) {
		const t = Ae(e);
		if (t === 9) return null;
		return this.#e.claims.read(`${e.replace(/_R\d$/, "")}_R${t + 1}`);
	}
	async #i({ document: e, predecessor: n, origin: r, handed: i }) {
		const { claim: a } = r;
		const { state: o = "rotated", before: s = null, after: c = null } = a ?? {};
		const l = await this.#f((e) => c === null || t.g(e, c));
		if (t.g(l, c)) {
			await this.#c(i, l);
			return {
				kind: "current",
				document: e,
				predecessor: n,
				updatedAt: l,
				takeover: 0,
				origin: r
			};
		}
		const u = o !== "stored" && t.g(l, s) ? "after" : await this.#d(l);
		if (u === "after") return {
			kind: "to-repair",
			document: e,
			predecessor: n,
			updatedAt: l,
			takeover: 0,
			origin: r
		};
		return {
			kind: "stale",
			newest: e,
			missing: u === "not-after" ? "secret-is-newer" : u
		};
	}
	async #a({ document: e, predecessor: n, origin: r, seen: { name: i, claim: a } }) {
		const { claimant: o } = this.#e;
		const s = Ae(i);
		const c = (t) => ({
			kind: "stale",
			newest: e,
			missing: t
		});
		if (s === 9) return c("in-doubt");
		if (a?.state === "open" && a.ref !== "default" && a.ref !== o.ref) return c("handoff-not-answered");
		const l = await this.#f((e) => t.g(e, a?.before ?? null));
		if (!(t.g(l, a?.before ?? null) || t.g(l, r?.claim?.after ?? null))) {
			const e = await this.#d(l);
			if (e !== "after") return c(e === "not-after" ? "secret-is-newer" : e);
		}
		if (a?.state === "write" && t.g(l, a.before) && n !== null && r !== null && r.claim?.state !== "stored") return {
			kind: "to-repair",
			document: e,
			predecessor: n,
			updatedAt: l,
			takeover: s + 1,
			origin: r
		};
		return {
			kind: "current",
			document: e,
			predecessor: n,
			updatedAt: l,
			takeover: s + 1,
			origin: r
		};
	}
	async #o(e, { name: t, claim: n }, r) {
		const { claims: i } = this.#e;
		const a = await this.#l(e);
		if (a.kind === "not-answered") return "not-answered";
		if (a.kind === "none") return null;
		const { document: o } = a.note;
		if (r.some((e) => e.refreshToken.equals(o.refreshToken))) return "not-answered";
		const s = i.nameOf(o);
		let c = {
			name: t,
			claim: n
		};
		for (let e = 0; c.claim?.next && c.claim.next !== s; e++) {
			const t = await i.read(c.claim.next);
			if (t === null || e === Te) return "not-answered";
			let n = t;
			for (let e = t; e !== null;) {
				n = e;
				if (await this.#n(n)) return { busy: n };
				const { state: t = "open" } = n.claim ?? {};
				e = t === "stored" || t === "rotated" ? null : await this.#r(n);
			}
			c = {
				name: n.name,
				claim: n.claim
			};
		}
		return {
			successor: o,
			origin: c
		};
	}
	#s({ secret: e }) {
		const { place: n } = this.#e;
		if (e.toUpperCase() === n.secretName.toUpperCase()) return;
		throw new t.W("login-shared", `This login is also kept in the secret ${e} beside the ${t.E(n)}. Nothing was refreshed.`, "Give each secret a login of its own: log in again, and seed one of the two.");
	}
	async #c(e, n) {
		const { place: r } = this.#e;
		if (await this.#d(new Date(n.getTime() + Ee)) !== "after") return;
		throw new t.W("secret-mismatch", `The login in \`codex-auth-json\` (generation ${e.generation}) is not what the ${t.E(r)} holds. Nothing was refreshed.`, "The step reads one secret and writes another: `secret-name` and `environment` must name the secret that `codex-auth-json` reads, and the job must name that `environment:` too.");
	}
	async #l(e) {
		const { handoff: t, clock: n } = this.#e;
		return E(n, {
			withinMs: M,
			everyMs: Ce
		}, () => t.look(e), ({ kind: e }) => e !== "not-answered");
	}
	async #u(e) {
		const { runInformation: t, clock: n } = this.#e;
		return E(n, {
			withinMs: M,
			everyMs: Ce
		}, () => t.readTime(e), (e) => e.kind === "known" || e.because !== "unreachable");
	}
	async #d(e) {
		const { runInformation: t, place: n } = this.#e;
		const r = await this.#u("repository");
		if (r.kind === "known" && r.at.getTime() > e.getTime()) return "after";
		if (n.environment === null || t.isRerun) return ke(r, e);
		return ke(await this.#u("environment"), e);
	}
	async runSaw(e) {
		return await this.#d(e) === "after";
	}
	async #f(e) {
		const { clock: t } = this.#e;
		return E(t, { withinMs: Oe }, () => this.updatedAt(), e);
	}
	async updatedAt() {
		const { store: e, place: t, clock: n, log: r } = this.#e;
		const i = await T({
			clock: n,
			log: r
		}, { withinMs: M }, () => e.metadata(t.secretName));
		if (i === null) throw N(t);
		return i.updatedAt;
	}
};
const Oe = 4e3;
function ke(e, t) {
	if (e.kind === "known") return e.at.getTime() > t.getTime() ? "after" : "not-after";
	return e.because === "permission" ? "run-time-permission" : "run-time-unknown";
}
function Ae(e) {
	return Number(/_R([1-9])$/.exec(e)?.[1] ?? 0);
}
function N(e) {
	return new t.W("secret-not-found", `There is no ${t.E(e)}. This action never creates it.`, "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.");
}
// src/login/write-back.ts
const je = 1e3;
const Me = 3e4;
const Ne = 15e3;
const Pe = 2e4;
const Fe = 4e4;
const P = 3e3;
async function Ie(e, t) {
	const n = new Le(e, t);
	try {
		return await n.run();
	} finally {
		await n.release();
	}
}
var Le = class {
	#e;
	#t;
	#n;
	#r;
	#i = null;
	#a = null;
	#o;
	#s;
	constructor(e, t) {
		this.#e = e;
		this.#t = t;
		this.#n = t.before;
		this.#r = t.key;
		this.#o = t.held !== null;
		this.#s = [...t.writes];
	}
	async run() {
		const { clock: e, log: t, cancelled: n } = this.#e;
		const i = e.monotonicMs() + this.#t.patienceMs;
		let a = je;
		for (let o = 1;; o++) {
			const s = await this.#c();
			if (s.kind === "stored" || s.kind === "settled") return s;
			if (s.kind === "refused") return {
				...s,
				rescue: await this.#_()
			};
			const { failure: c, error: l } = s;
			const u = Math.max(a, l.retryAfterMs ?? 0);
			if (!r.n(l) || n() || e.monotonicMs() + u > i) return {
				kind: "pending",
				failure: c,
				rescue: await this.#_()
			};
			t.info(`${c.message} Trying again in ${Math.round(u / 1e3)} s (attempt ${o} failed).`);
			await e.sleep(u);
			a = Math.min(a * 2, Me);
		}
	}
	async release() {
		if (this.#a === null) return;
		const { name: e, claim: t } = this.#a;
		await this.#e.claims.giveBack({
			name: e,
			holder: t.holder
		});
	}
	async #c() {
		const { place: e, writer: n, claims: i, session: a } = this.#e;
		const { held: o } = this.#t;
		try {
			const n = await this.#g();
			if (!this.#o || o === null || !i.isFresh(o)) {
				if (!await this.#m()) return { kind: "settled" };
			}
			const r = await this.#h();
			if (r === null) return {
				kind: "refused",
				failure: N(e)
			};
			const s = r;
			if (!t.g(s, this.#n)) {
				if (this.#p(s)) return await this.#f(null);
				if (!await this.#t.mayReplace(s)) return {
					kind: "refused",
					failure: Be(e)
				};
				this.#n = s;
				if (!t.g(await this.#h() ?? null, s)) return {
					kind: "refused",
					failure: Be(e)
				};
			}
			this.#o = false;
			return await this.#l(a, n);
		} catch (t) {
			if (!(t instanceof r.t)) throw t;
			this.#o = false;
			return {
				kind: "failed",
				failure: r.i(t, {
					place: e,
					writer: n,
					workedEarlier: true
				}),
				error: t
			};
		}
	}
	async #l({ store: e, serverClock: t }, n) {
		const { place: i } = this.#e;
		const a = (await t.now()).getTime();
		const o = a - P;
		await this.#t.begin({
			from: new Date(o),
			to: new Date(a + ze + P)
		});
		try {
			if (await e.put(i.secretName, n) === "created") {
				await e.remove(i.secretName);
				return {
					kind: "refused",
					failure: N(i)
				};
			}
		} catch (e) {
			if (!(e instanceof r.t)) throw e;
			if (e.status === 422) {
				this.#r = null;
				this.#i = null;
				if (!this.#u) {
					this.#u = true;
					return this.#c();
				}
			}
			if (e.status === null || e.status >= 500 || e.status === 408) this.#s.push({
				from: new Date(o),
				to: new Date((await t.now()).getTime() + P + Re)
			});
			throw e;
		}
		const s = (await t.now()).getTime() + P;
		const c = await this.#d();
		const l = c !== null && c.getTime() > this.#n.getTime() && c.getTime() >= o && c.getTime() <= s;
		return this.#f(l ? c : null);
	}
	#u = false;
	async #d() {
		const { clock: e } = this.#e;
		try {
			return await E(e, { withinMs: Pe }, () => this.#h(), (e) => e !== null && e.getTime() > this.#n.getTime());
		} catch (e) {
			if (!(e instanceof r.t)) throw e;
			return null;
		}
	}
	async #f(e) {
		const { claims: t } = this.#e;
		const { spent: n, document: r } = this.#t;
		if (n !== null) {
			const i = t.nameOf(r);
			await t.tell(n.name, n.claim, e === null ? {
				state: "rotated",
				next: i,
				after: null,
				released: true
			} : {
				state: "stored",
				next: i,
				after: e,
				released: true
			});
		}
		return {
			kind: "stored",
			updatedAt: e
		};
	}
	#p(e) {
		const t = e.getTime();
		return this.#s.some(({ from: e, to: n }) => e.getTime() <= t && t <= n.getTime());
	}
	async #m() {
		if (this.#a !== null) return true;
		const { claims: e, holder: t } = this.#e;
		const { document: n, takeover: i } = this.#t;
		const a = await e.take(e.nameOf(n, i), {
			holder: t,
			state: "write",
			before: this.#n
		});
		if (a.kind === "theirs") {
			if (a.seen === null) throw new r.t("GitHub's API does not show who holds the claim of this login.", { status: null });
			return false;
		}
		this.#a = a.held;
		return true;
	}
	async #h() {
		const { session: e, place: t, clock: n, log: i } = this.#e;
		const a = () => T({
			clock: n,
			log: i
		}, { withinMs: Ne }, () => e.store.metadata(t.secretName)).then((e) => e?.updatedAt ?? null);
		const o = (e) => e !== null && e.getTime() < this.#n.getTime();
		const s = await E(n, { withinMs: Fe }, a, (e) => !o(e));
		if (!o(s)) return s;
		throw new r.t("GitHub's API answers with the secret's state of some time ago.", { status: null });
	}
	async #g() {
		const { box: e, session: t } = this.#e;
		const { document: n, encoding: r } = this.#t;
		this.#r ??= await t.store.publicKey();
		this.#i ??= await e.seal(n.content(r), this.#r);
		return this.#i;
	}
	async #_() {
		const { place: e } = this.#e;
		try {
			return n.t(e, await this.#g(), this.#t.before);
		} catch (e) {
			if (e instanceof r.t) return null;
			throw e;
		}
	}
};
const Re = 5e3;
const ze = 15e3;
function Be(e) {
	return new t.W("secret-changed-elsewhere", `Somebody else has written the ${t.E(e)} while this job refreshed the login. It is left alone.`, "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, the handoff keeps this job's login: run maintenance, or use the printed command.");
}
// src/login/finish-in-post.ts
const Ve = 15e3;
const He = 6e4;
const Ue = 1e4;
const We = 16;
var Ge = class {
	#e;
	#t;
	constructor(e, t) {
		this.#e = e;
		this.#t = t;
	}
	async recover(e) {
		const { files: r } = this.#e;
		const { claim: i, directory: a, process: o } = e;
		const s = a === null ? null : await n.o(r, n.a(a));
		const c = s === null ? { kind: "unchanged" } : w(s.predecessor, s.after);
		if (s === null || c.kind === "unchanged" || c.kind === "broken") {
			await this.#c(async (e) => {
				if (e instanceof t.W) return;
				if (o === null) await this.#o(e).giveBack(i);
				else await this.#i(this.#o(e), i);
			});
			if (c.kind === "broken") throw c.failure;
			return null;
		}
		const { document: l } = c;
		n.s(l, this.#e.log);
		const u = c.kind === "rotated";
		const d = await this.#e.ledgerFile.load();
		const f = d?.document.isSameGeneration(l) ? {
			before: d.before,
			writes: d.writes
		} : {};
		return this.#n({
			document: l,
			predecessor: s.predecessor,
			claim: i,
			rotated: u,
			...f
		});
	}
	async storePending() {
		const e = await this.#e.ledgerFile.load();
		if (e === null || e.stored || e.predecessor === null) return null;
		const { document: t, predecessor: r, claim: i } = e;
		n.s(t, this.#e.log);
		const a = !t.refreshToken.equals(r.refreshToken);
		return this.#n({
			document: t,
			predecessor: r,
			claim: i,
			rotated: a,
			before: e.before,
			writes: e.writes
		});
	}
	async demandUnmovedSecret() {
		const { ledgerFile: e, place: n, clock: i, log: a } = this.#e;
		const o = await e.load();
		if (o === null || !o.stored || o.before.getTime() === 0) return;
		await this.#c(async (e) => {
			if (e instanceof t.W) return;
			try {
				const r = await T({
					clock: i,
					log: a
				}, { withinMs: Ve }, () => e.store.metadata(n.secretName));
				if (r === null || r.updatedAt.getTime() <= o.before.getTime()) return;
				const s = await this.#o(e).list();
				const c = x(o.document, n);
				if (!s.some(({ name: e, claim: n }) => e === c || t.g(n?.after ?? null, r.updatedAt) || n?.next === c && n.state !== "stored")) throw Ke(n);
			} catch (e) {
				if (!(e instanceof r.t)) throw e;
				a.debug(`GitHub did not say whether the secret is as this job left it. ${e.message}`);
			}
		});
	}
	async storeHome(e, r) {
		const { log: i, ledgerFile: a } = this.#e;
		const o = await a.load();
		if (o === null || o.claim === null) return null;
		const { document: s, claim: c } = o;
		const l = e === "untouched" ? { kind: "unchanged" } : w(s, e.text);
		if (l.kind === "unchanged" || l.kind === "broken") {
			if (r === "job-ends") {
				const n = e === "untouched" && !C(s, this.#e.clock.now());
				await this.#c(async (e) => {
					if (e instanceof t.W) return;
					if (n) await this.#o(e).giveBack(c);
					else await this.#i(this.#o(e), c);
				});
			}
			if (l.kind === "broken") throw l.failure;
			return null;
		}
		const { document: u } = l;
		n.s(u, i);
		if ([this.#t, o.predecessor].some((e) => e?.refreshToken.equals(u.refreshToken)) && !u.refreshToken.equals(s.refreshToken) || u.accessTokenIssuedAt.getTime() < s.accessTokenIssuedAt.getTime() || u.isOfOtherAccount(s)) throw Xe();
		i.info(`The login in the home has changed: generation ${s.generation} became ${u.generation}.`);
		return this.#n({
			document: u,
			predecessor: s,
			claim: c,
			rotated: l.kind === "rotated",
			before: o.before
		});
	}
	async #n({ document: e, predecessor: n, claim: r, rotated: i, before: a, writes: o = [] }) {
		const { ledgerFile: s, handoff: c, log: l } = this.#e;
		const u = {
			document: e,
			predecessor: n,
			claim: r,
			before: a ?? /* @__PURE__ */ new Date(0),
			stored: false,
			writes: o
		};
		return this.#c(async (d) => {
			const f = d instanceof t.W ? null : this.#o(d);
			const p = f === null ? "not-answered" : await this.#r(f, r);
			if (p === null) return {
				kind: "refused",
				ledger: u,
				failure: Ye(),
				rescue: null
			};
			if (p !== "not-answered" && p.claim?.state === "stored") return {
				kind: "published",
				ledger: u
			};
			if (p !== "not-answered" && f !== null) {
				const t = p.claim?.next;
				if (t && t !== f.nameOf(e)) return {
					kind: "refused",
					ledger: u,
					failure: Ye(),
					rescue: null
				};
			}
			const m = await this.#s(d);
			const h = await k(c, {
				under: [n, this.#t],
				document: e,
				savedAt: m,
				log: l
			});
			if (d instanceof t.W || f === null) return {
				kind: "pending",
				ledger: u,
				failure: d instanceof t.W ? d : qe(),
				handedOver: h,
				rescue: null
			};
			const g = p === "not-answered" ? null : p.claim ?? null;
			const _ = i && r !== null && g !== null ? {
				name: r.name,
				claim: g
			} : null;
			if (_ !== null) await f.tell(_.name, _.claim, {
				state: "rotated",
				next: f.nameOf(e)
			});
			const v = a ?? g?.before ?? null;
			if (v === null) return {
				kind: "pending",
				ledger: u,
				failure: Je(),
				handedOver: h,
				rescue: null
			};
			const y = await Ie(this.#a(d, f, r), {
				document: e,
				encoding: this.#t.encoding,
				before: v,
				mayReplace: async () => false,
				spent: _ && {
					..._,
					claim: {
						..._.claim,
						state: "rotated"
					}
				},
				held: null,
				key: null,
				patienceMs: He,
				writes: o,
				begin: (e) => A(s, {
					...u,
					before: v
				}, e)
			});
			if (_ !== null && y.kind === "pending") await f.tell(_.name, _.claim, {
				state: "rotated",
				next: f.nameOf(e),
				released: true
			});
			if (!i && r !== null && y.kind === "stored") await f.giveBack(r);
			return j(s, {
				ledger: u,
				outcome: y,
				inHandoff: h,
				log: l
			});
		});
	}
	async #r(e, t) {
		if (t === null) return "not-answered";
		try {
			return await E(this.#e.clock, { withinMs: Ue }, () => e.isHeld(t), (e) => e !== null);
		} catch (e) {
			if (!(e instanceof r.t)) throw e;
			return "not-answered";
		}
	}
	async #i(e, t) {
		if (/_R\d$/.test(t.name)) return e.giveBack(t);
		const n = await this.#r(e, t);
		if (n === null || n === "not-answered" || n.claim?.state !== "open") return;
		await e.tell(t.name, n.claim, { released: true });
	}
	#a(e, t, n) {
		const { writer: r, box: i, clock: a, log: o, place: s, randomness: c, cancellation: l } = this.#e;
		return {
			session: e,
			claims: t,
			writer: r?.kind ?? "token",
			box: i,
			clock: a,
			log: o,
			place: s,
			holder: n?.holder ?? Buffer.from(c.bytes(We)).toString("hex"),
			cancelled: () => l.requested()
		};
	}
	#o(e) {
		const { runInformation: t, clock: n, log: r, place: i, claimant: a } = this.#e;
		const { variables: o, serverClock: s } = e;
		return new _e({
			variables: o,
			serverClock: s,
			runInformation: t,
			clock: n,
			log: r,
			place: i,
			claimant: a,
			insistence: "when-due"
		});
	}
	async #s(e) {
		const { clock: n } = this.#e;
		if (e instanceof t.W) return n.now();
		return e.serverClock.now().catch(() => n.now());
	}
	async #c(e) {
		const n = await this.#l();
		try {
			return await e(n);
		} finally {
			if (!(n instanceof t.W)) await n.close();
		}
	}
	async #l() {
		const { writer: e, clock: n, log: i, place: a } = this.#e;
		if (e === null) return qe();
		try {
			return await T({
				clock: n,
				log: i
			}, { withinMs: Ve }, () => e.open());
		} catch (n) {
			if (n instanceof t.W) return n;
			if (n instanceof r.t) return r.i(n, {
				place: a,
				writer: e.kind,
				workedEarlier: true
			});
			throw n;
		}
	}
};
function Ke(e) {
	return new t.W("secret-changed-elsewhere", `Somebody has written the ${t.E(e)} after this job stored the refreshed login there.`, "If a step of this job does that (`gh secret set`), remove it: it has put a copy over the login, and the next job cannot refresh. Dispatch maintenance: it puts the login back from the handoff. If that was a fresh login on purpose, nothing is to be done.");
}
function qe() {
	return new t.W("writer-missing", "The refreshed login cannot be written: this phase has no write token.", "Inside nested composite actions GitHub hands post no inputs: use this action directly in the job's steps.");
}
function Je() {
	return new t.W("github-unreachable", "GitHub's API did not answer.", "This usually passes: run the job again, and see githubstatus.com.");
}
function Ye() {
	return new t.W("publish-refused", "What this job left behind does not agree with the claim that GitHub holds, so nothing was stored. The secret is as it was.", "Run maintenance. If it says that the login is over, log in again; and look what else runs in this job.");
}
function Xe() {
	return new t.W("publish-refused", "The login in the home is older than the one that this job was given, or of another account, so it was not stored. The secret is as it was.", "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.");
}
// src/core/failed-refresh.ts
function F(e, t) {
	if (e.kind === "transient" && t.triesLeft > 0) return "retry";
	return I(t) ? "borrow" : "stop";
}
function I({ accessToken: e, insistence: t }) {
	return e === "lives" && t === "when-due";
}
function Ze(e, { now: t, minimumLifetimeMs: n }) {
	return S(e, t) >= n ? "lives" : "dying";
}
function Qe(e, n) {
	switch (e.kind) {
		case "permanent": return new t.W(e.code, $e[e.code], n);
		case "answer-lost": return new t.W("refresh-answer-lost", "The answer is lost: Codex asked for new tokens and heard nothing within its 45 seconds. If OpenAI has rotated the login, nobody holds the new refresh token.", `Start a new run with \`refresh: force\`: if it fails with refresh-token-reused, the login is over. ${n}`);
		case "unstarted": return new t.W("codex-outdated", `The \`codex\` of this machine cannot refresh a login: it has no app-server that answers. It says: ${t.w(e.words)}. OpenAI was not asked.`, "Install a newer Codex, or let this action do it: set `codex-version`.");
		case "broken": return new t.W("refresh-broke-document", `Codex left an unusable file after the refresh: ${e.cause.message}`, n, { cause: e.cause });
		case "transient": return new t.W("refresh-unavailable", "OpenAI did not refresh the login: it was unreachable, overloaded or answered with an error.", "The login is still good. Run the job again later, and see status.openai.com.");
	}
}
const $e = {
	"refresh-token-reused": "OpenAI says that the refresh token was already used: somebody else rotated this login.",
	"refresh-token-expired": "OpenAI says that the refresh token has expired.",
	"refresh-token-revoked": "OpenAI says that the login was revoked.",
	"refresh-rejected": "OpenAI does not accept the refresh token any more."
};
// src/core/refusal.ts
const et = [
	[/refresh_token_reused|was already used/i, "refresh-token-reused"],
	[/refresh_token_expired|has expired/i, "refresh-token-expired"],
	[/refresh_token_invalidated|refresh_token_revoked|was revoked/i, "refresh-token-revoked"]
];
const tt = /^.*codex_models_manager.*$/gm;
function nt({ account: e, words: t }) {
	const n = t.replace(tt, "");
	if (e === "unstarted") return {
		kind: "unstarted",
		words: n.trim()
	};
	for (const [e, t] of et) if (e.test(n)) return {
		kind: "permanent",
		code: t
	};
	if (e === "absent" || /could not be refreshed/i.test(n)) return {
		kind: "permanent",
		code: "refresh-rejected"
	};
	if (/Failed to refresh token|error sending request/i.test(n)) return { kind: "transient" };
	return e === "no-answer" || e === "late-error" ? { kind: "answer-lost" } : { kind: "transient" };
}
// src/action/refresh.ts
const L = 3;
const rt = 2e3;
async function it({ refresher: e, files: r, clock: i, log: a }, o) {
	const { document: s, place: c, environment: l, started: u, fallback: d, timeLeft: f } = o;
	for (let o = 1;; o++) {
		const p = o < L && C(s, i.now()) ? "by-itself" : "on-request";
		const m = await e.refresh({
			home: c.home,
			environment: l,
			started: u,
			refreshes: p
		});
		const h = w(s, await r.read(t.N(c.home)));
		if (h.kind === "rotated" || h.kind === "renewed") {
			n.s(h.document, a);
			if (h.oddity !== null) a.warning(`Codex writes the login as this version does not know it: ${h.oddity} It is stored as it is.`);
			return h;
		}
		const g = h.kind === "broken" ? {
			kind: "broken",
			cause: h.failure
		} : nt(m);
		const _ = f() ? L - o : 0;
		if (F(g, {
			...d,
			triesLeft: _
		}) !== "retry") return {
			kind: "failed",
			failed: g
		};
		const v = rt * o;
		a.info(`OpenAI did not refresh the login just now (try ${o} of ${L}). Trying again in ${v / 1e3} s.`);
		await i.sleep(v);
	}
}
// src/core/writer-expiry.ts
const at = 12096e5;
const ot = 36e5;
function st(e, t) {
	if (e === null) return null;
	const n = e.getTime() - t.getTime();
	if (n > at || n <= ot) return null;
	return {
		code: "writer-expires-soon",
		message: `The token in \`secret-write-token\` expires on ${e.toISOString().slice(0, 10)}.`,
		hint: "Make a new one before that day, with the same permission, and store it as the secret that `secret-write-token` reads."
	};
}
// src/login/prove-write.ts
const ct = "CODEX_AUTH_WRITE_PROBE";
const lt = "codex-auth-roundtrip writes this to learn whether its token may write here. It means nothing.";
const ut = 100;
const dt = 15e3;
const ft = 3;
async function pt({ session: e, box: n, clock: i, log: a, place: o }) {
	if (t.D(o) === "environments") return null;
	const { store: s } = e;
	return T({
		clock: i,
		log: a
	}, { withinMs: dt }, async () => {
		for (let e = 1;; e++) {
			const i = await s.publicKey();
			try {
				await s.put(ct, await n.seal(new t.H(lt), i));
				return i;
			} catch (t) {
				if (!(t instanceof r.t) || t.status !== 422) throw t;
				if (await s.count() >= ut) return i;
				if (e === ft) throw t;
			}
		}
	});
}
// src/login/refresh-section.ts
const mt = 12e4;
const R = 5e3;
const ht = 24e4;
const gt = 15e4;
const _t = 15e3;
const vt = 8;
const yt = 16;
async function bt(e, n) {
	const { writer: i, place: a, clock: o, log: s, channel: c } = e;
	let l;
	try {
		l = await T({
			clock: o,
			log: s
		}, { withinMs: _t }, () => i.open());
	} catch (t) {
		return z(e, n, n.handed, U(t, i.kind, a));
	}
	try {
		return await new xt(e, n, l).run();
	} catch (t) {
		if (!(t instanceof r.t)) throw t;
		return z(e, n, n.handed, U(t, i.kind, a));
	} finally {
		const e = await l.serverClock.now().catch(() => o.now());
		const n = st(l.expiresAt(), e);
		if (n) {
			s.warning(`${n.message} ${n.hint}`);
			t.b(c, n);
		}
		await l.close();
	}
}
var xt = class {
	#e;
	#t;
	#n;
	#r;
	#i;
	#a;
	#o = false;
	constructor(e, t, n) {
		const { place: r, claimant: i, clock: a, log: o, runInformation: s, handoff: c } = e;
		this.#e = e;
		this.#t = t;
		this.#n = n;
		const { variables: l, serverClock: u, store: d } = n;
		const { insistence: f } = t;
		this.#r = new _e({
			variables: l,
			serverClock: u,
			runInformation: s,
			clock: a,
			log: o,
			place: r,
			claimant: i,
			insistence: f
		});
		this.#i = new De({
			store: d,
			claims: this.#r,
			handoff: c,
			runInformation: s,
			clock: a,
			log: o,
			place: r,
			claimant: i
		});
		this.#a = this.#s();
	}
	#s() {
		return Buffer.from(this.#e.randomness.bytes(yt)).toString("hex");
	}
	async run() {
		const { ledgerFile: e, log: r } = this.#e;
		const { handed: i, due: a, claimFor: o } = this.#t;
		let s = await e.load();
		if (s && !s.stored) {
			const e = await this.#S(s);
			if (e.kind !== "published") return this.#O(s.document, e.failure);
			s = e.ledger;
		}
		const c = s && o === "whole-job" ? await this.#c(s) : null;
		if (s !== null && c !== null) {
			await this.#g();
			return a(s.document) ? this.#_(s, c) : {
				kind: "kept",
				ledger: s
			};
		}
		const l = s?.document ?? i;
		let u = await this.#u(l, s === null ? "handed" : "known");
		for (let e = 1; e <= vt; e++) {
			switch (u.kind) {
				case "stale": return this.#O(u.newest, Tt(u.missing));
				case "busy": return this.#O(u.newest, W());
				case "blocked": return this.#O(u.newest, u.failure);
				case "to-repair":
					n.s(u.document, r);
					u = await this.#x(u);
					continue;
			}
			n.s(u.document, r);
			if (!u.document.isSameGeneration(i) && s === null) r.info(`Took generation ${u.document.generation} from the handoff: the secret of this run is older.`);
			const e = a(u.document);
			const c = await this.#l(u);
			if (!e && o === "refresh") return {
				kind: "kept",
				ledger: c
			};
			const l = await this.#f(u);
			if (l.kind === "position") {
				u = l.position;
				continue;
			}
			if (e) return this.#_(c, l);
			const d = await this.#l(u, V(l.held));
			t.u(this.#e.channel, null);
			return {
				kind: "kept",
				ledger: d
			};
		}
		return this.#O(l, W());
	}
	async #c({ document: e, predecessor: t, before: n, claim: r }) {
		const { clock: i } = this.#e;
		const a = r && await this.#r.isHeld(r);
		if (a?.claim?.state !== "open" || !a.claim.wholeJob || a.claim.released) return null;
		return {
			document: e,
			predecessor: t,
			updatedAt: n,
			held: {
				name: a.name,
				claim: a.claim,
				sinceMonotonicMs: i.monotonicMs(),
				sinceDateMs: i.now().getTime()
			},
			takeover: 0,
			isHanded: false
		};
	}
	async #l({ document: e, predecessor: t, updatedAt: r }, i = null) {
		const a = {
			document: e,
			predecessor: t,
			claim: i,
			before: r,
			stored: true,
			writes: []
		};
		await this.#e.ledgerFile.save(a).catch((e) => {
			throw n.i(e);
		});
		return a;
	}
	async #u(e, t) {
		const { clock: n, log: r, cancellation: i } = this.#e;
		const a = n.monotonicMs() + mt;
		for (let o = 0;; o++) {
			const s = await this.#i.find(e, await this.#d(), t);
			if (s.kind !== "busy" || I(this.#k(s.newest))) return s;
			if (i.requested() || n.monotonicMs() + R > a) return s;
			if (o === 0) r.info("Another job is refreshing this login. Waiting for it, two minutes at most.");
			await n.sleep(R);
		}
	}
	async #d() {
		try {
			return await this.#i.updatedAt();
		} catch (e) {
			if (!(e instanceof t.W) || e.code !== "secret-not-found") throw e;
			await this.#n.store.publicKey();
			throw e;
		}
	}
	async #f(e) {
		const { document: n, predecessor: r, updatedAt: i, takeover: a, origin: o } = e;
		const { channel: s, cancellation: c } = this.#e;
		await this.#g();
		if (c.requested()) throw wt();
		const l = this.#r.nameOf(n, a);
		this.#a = this.#s();
		const u = {
			name: l,
			holder: this.#a
		};
		t.u(s, {
			directory: null,
			process: null,
			claim: u
		});
		const d = this.#t.claimFor === "whole-job";
		const f = await this.#r.take(l, {
			holder: this.#a,
			state: "open",
			before: i,
			wholeJob: d
		});
		if (f.kind === "theirs") {
			t.u(s, null);
			const e = f.seen;
			return {
				kind: "position",
				position: e === null ? {
					kind: "busy",
					newest: n,
					seen: e
				} : await this.#i.follow(n, e)
			};
		}
		const { held: p } = f;
		const m = await this.#d();
		if (m.getTime() !== i.getTime() || !this.#r.isFresh(p)) {
			await this.#r.giveBack(u);
			t.u(s, null);
			return {
				kind: "position",
				position: await this.#i.find(n, m, o === null ? "handed" : "known")
			};
		}
		if (c.requested()) {
			await this.#r.giveBack(u);
			t.u(s, null);
			throw wt();
		}
		return {
			kind: "claimed",
			document: n,
			predecessor: r,
			updatedAt: i,
			held: p,
			takeover: a,
			isHanded: o === null && n.isSameGeneration(this.#t.handed)
		};
	}
	#p = null;
	#m = null;
	#h = false;
	async #g() {
		if (this.#h) return;
		const { place: e, box: t, clock: n, log: r } = this.#e;
		this.#m = await pt({
			session: this.#n,
			place: e,
			box: t,
			clock: n,
			log: r
		});
		this.#p = await this.#e.refresher();
		this.#h = true;
	}
	async #_(e, n) {
		const { clock: r, log: i } = this.#e;
		const { document: a, held: o, takeover: s } = n;
		const c = this.#p;
		if (c === null) throw new TypeError("A refresh needs Codex.");
		const l = () => this.#r.msLeft(o) >= gt;
		let u = false;
		try {
			return await this.#E(a, o, async (s, d) => {
				const f = r.monotonicMs();
				const p = {
					refresher: c,
					timeLeft: l,
					place: s,
					started: async (e) => {
						u = true;
						await d(e);
					}
				};
				let m = await this.#T(a, p);
				if (Ct(m) && l()) m = await this.#w(a, o, {
					...p,
					outcome: m
				});
				if (m.kind === "failed") {
					if (m.failed.kind === "unstarted") await this.#r.giveBack(V(o));
					else await this.#v(n);
					return this.#D(e, m.failed);
				}
				const h = m.kind === "rotated";
				const g = t.V(r.monotonicMs() - f);
				const _ = t.V(S(m.document, r.now()));
				i.info(h ? `Codex rotated generation ${a.generation} to ${m.document.generation} in ${g} (access token valid ${_}).` : `Codex renewed the tokens and kept the refresh token (access token valid ${_}).`);
				this.#o = true;
				const v = await this.#y(m.document, n, h);
				return this.#b({
					kind: "refreshed",
					ledger: v.ledger,
					rotated: h,
					publication: v
				});
			});
		} catch (e) {
			if (!u) await this.#r.giveBack(V(o));
			else if (H(e)) await this.#v({
				held: o,
				takeover: s
			});
			throw e;
		}
	}
	async #v({ held: e, takeover: t }) {
		if (t > 0) await this.#r.giveBack(V(e));
		else await this.#r.tell(e.name, e.claim, { released: true });
	}
	async #y(e, n, r) {
		const { ledgerFile: i, handoff: a, log: o, clock: s, session: c } = {
			...this.#e,
			session: this.#n
		};
		const { document: l, updatedAt: u, held: d, isHanded: f } = n;
		const { handed: p } = this.#t;
		const m = {
			document: e,
			predecessor: l,
			claim: r ? V(d) : null,
			before: u,
			stored: false,
			writes: []
		};
		const h = await i.save(m).then(() => true, () => false);
		if (!h) o.info("The ledger of this job could not be written to disk.");
		const g = await c.serverClock.now().catch(() => s.now());
		const _ = await k(a, {
			under: [l, p],
			document: e,
			savedAt: g,
			log: o
		});
		this.#o = !h && !_;
		const v = s.monotonicMs() - d.sinceMonotonicMs < t.d;
		if (r && v) await this.#r.tell(d.name, d.claim, {
			state: "rotated",
			next: this.#r.nameOf(e)
		});
		const y = await this.#C(e, {
			before: u,
			spent: r ? {
				name: d.name,
				claim: {
					...d.claim,
					state: "rotated"
				}
			} : null,
			held: d,
			mayReplace: async (e) => f && await this.#i.runSaw(e),
			writes: [],
			begin: (e) => A(i, m, e)
		});
		if (y.kind === "stored") this.#o = false;
		if (!r && y.kind === "stored") await this.#r.giveBack(V(d));
		if (y.kind === "stored") await this.#r.tidy();
		return j(i, {
			ledger: m,
			outcome: y,
			inHandoff: _,
			log: o
		});
	}
	async #b(e) {
		const { ledgerFile: r } = this.#e;
		const { ledger: i } = e;
		if (this.#t.claimFor === "refresh" || !i.stored) return e;
		this.#a = this.#s();
		const a = this.#r.nameOf(i.document);
		t.u(this.#e.channel, {
			directory: null,
			process: null,
			claim: {
				name: a,
				holder: this.#a
			}
		});
		const o = await this.#r.take(a, {
			holder: this.#a,
			state: "open",
			before: i.before,
			wholeJob: true
		});
		if (o.kind === "theirs") throw W();
		const s = {
			...i,
			claim: V(o.held)
		};
		await r.save(s).catch((e) => {
			throw n.i(e);
		});
		return {
			...e,
			ledger: s
		};
	}
	async #x(e) {
		const { log: t } = this.#e;
		const { document: n, predecessor: r, updatedAt: i, takeover: a, origin: o } = e;
		t.info(`An earlier run could not store generation ${n.generation}. Storing it now from the handoff.`);
		const s = await this.#C(n, {
			before: i,
			spent: o.claim && {
				name: o.name,
				claim: o.claim
			},
			held: null,
			takeover: a,
			mayReplace: async () => false,
			writes: [],
			begin: async () => {}
		});
		switch (s.kind) {
			case "stored":
				if (s.updatedAt === null) return this.#u(n, "known");
				return {
					kind: "current",
					document: n,
					predecessor: r,
					updatedAt: s.updatedAt,
					takeover: a,
					origin: o
				};
			case "settled": return this.#u(n, "known");
			case "pending":
			case "refused": return {
				kind: "blocked",
				newest: n,
				failure: s.failure
			};
		}
	}
	async #S(e) {
		const { ledgerFile: t, handoff: n, log: r, clock: i } = this.#e;
		const { handed: a } = this.#t;
		const { claim: o, document: s, predecessor: c, before: l } = e;
		const u = o && await this.#r.isHeld(o);
		const d = await this.#n.serverClock.now().catch(() => i.now());
		const f = await k(n, {
			under: [c ?? a, a],
			document: s,
			savedAt: d,
			log: r
		});
		const p = await this.#C(s, {
			before: l,
			spent: u?.claim ? {
				name: u.name,
				claim: u.claim
			} : null,
			held: null,
			mayReplace: async () => false,
			writes: e.writes,
			begin: (n) => A(t, e, n)
		});
		return j(t, {
			ledger: e,
			outcome: p,
			inHandoff: f,
			log: r
		});
	}
	#C(e, t) {
		const { writer: n, box: r, clock: i, log: a, place: o, cancellation: s } = this.#e;
		const { handed: c } = this.#t;
		return Ie({
			session: this.#n,
			claims: this.#r,
			writer: n.kind,
			box: r,
			clock: i,
			log: a,
			place: o,
			holder: this.#a,
			cancelled: () => s.requested()
		}, {
			...t,
			document: e,
			encoding: c.encoding,
			key: this.#m,
			patienceMs: ht
		});
	}
	async #w(e, t, { outcome: n, ...r }) {
		const i = e.withExpiredAccessToken();
		return this.#E(i, t, async (e, t) => {
			const a = await this.#T(i, {
				...r,
				place: e,
				started: t
			});
			return a.kind === "failed" && a.failed.kind === "transient" ? n : a;
		});
	}
	#T(e, { refresher: t, ...n }) {
		const { files: r, clock: i, log: a } = this.#e;
		const { environment: o } = this.#t;
		const s = this.#k(e);
		return it({
			refresher: t,
			files: r,
			clock: i,
			log: a
		}, {
			...n,
			document: e,
			environment: o,
			fallback: s
		});
	}
	async #E(e, r, i) {
		const { files: a, randomness: o, channel: s, log: c, handoff: l } = this.#e;
		const { handed: u, base: d } = this.#t;
		const f = V(r);
		const p = await n.r(a, o, {
			base: d,
			document: e,
			handed: u
		});
		const { directory: m } = p;
		const h = async () => {
			await a.remove(m).catch(() => c.warning("A private directory of the refresh could not be removed."));
			t.u(s, null);
		};
		try {
			t.u(s, {
				directory: m,
				process: null,
				claim: f
			});
			const e = await i(p, async (e) => {
				t.u(s, {
					directory: m,
					process: e,
					claim: f
				});
				l.prepare();
			});
			if (!this.#o) await h();
			return e;
		} catch (e) {
			if (H(e) && !this.#o) await h();
			throw e;
		}
	}
	async #D(e, n) {
		const { place: r } = this.#e;
		if ((await this.#d()).getTime() !== e.before.getTime()) return this.#O(e.document, Tt("secret-is-newer"));
		const i = Qe(n, t.T(r));
		const a = {
			...this.#k(e.document),
			triesLeft: 0
		};
		if (F(n, a) === "stop") throw i;
		return {
			kind: "borrowed",
			document: e.document,
			because: i
		};
	}
	#O(e, t) {
		n.s(e, this.#e.log);
		return z(this.#e, this.#t, e, t);
	}
	#k(e) {
		return B(this.#e, this.#t, e);
	}
};
function z(e, t, n, r) {
	if (!I(B(e, t, n)) || St.has(r.code)) throw r;
	return {
		kind: "borrowed",
		document: n,
		because: r
	};
}
function B({ clock: e }, { insistence: t, minimumLifetimeMs: n }, r) {
	return {
		accessToken: Ze(r, {
			now: e.now(),
			minimumLifetimeMs: n
		}),
		insistence: t
	};
}
const St = /* @__PURE__ */ new Set([
	"writer-rejected",
	"writer-revoked",
	"writer-forbidden",
	"writer-cannot-reach-repository",
	"app-invalid",
	"app-not-installed",
	"app-permission-missing",
	"secret-not-found",
	"secret-limit",
	"claim-limit",
	"secret-mismatch",
	"login-shared",
	"codex-missing",
	"home-unwritable"
]);
function V({ name: e, claim: t }) {
	return {
		name: e,
		holder: t.holder
	};
}
function H(e) {
	return e instanceof t.W || e instanceof r.t;
}
function U(e, n, i) {
	if (e instanceof t.W) return e;
	if (e instanceof r.t) return r.i(e, {
		place: i,
		writer: n,
		workedEarlier: false
	});
	throw e;
}
function Ct(e) {
	return e.kind === "failed" && e.failed.kind === "permanent" && e.failed.code === "refresh-rejected";
}
function W() {
	return new t.W("claim-busy", "Another job has claimed this login to refresh it, and has not finished. This job did not refresh it.", "Start a new run when that job is over. The claim of a job that has died is taken over after ten minutes, if this job has `actions: read`, or with `refresh: force`.");
}
function wt() {
	return new t.W("cancelled", "The job was cancelled before anything was refreshed.", "Run it again.");
}
function Tt(e) {
	switch (e) {
		case "secret-is-newer": return new t.W("copy-stale", "The secret has been written since this run read it, so its login may be an old one. Nothing was refreshed.", "Start a new run (not a re-run): it gets the present secret.");
		case "handoff-not-answered": return new t.W("currency-unproven", "An earlier job has refreshed this login, and the Actions cache does not tell the result. Nothing was refreshed.", "Start a new run when the cache service works again (githubstatus.com).");
		case "in-doubt": return new t.W("currency-unproven", `${9} jobs have died while they refreshed this login, one after the other, so nobody knows whether it is spent. Nothing was refreshed.`, "Find out why they die, then log in again and seed the login; or delete the variables `CODEX_AUTH_CLAIM_…_R1` to `_R9` to try this one again.");
		case "successor-not-found": return new t.W("publish-pending", "An earlier run has refreshed this login and could not store it, and this run finds it nowhere: the note is gone from the Actions cache, or was left on another branch. Nothing was refreshed.", "Dispatch maintenance on that run's branch, or use the command that its log shows (`status --repo` names the run). If both fail, log in again.");
		case "run-time-permission": return new t.W("currency-unproven", "This job cannot ask when its run was created, so it cannot know whether its login is what the secret holds. Nothing was refreshed.", "Grant `actions: read` in the job's `permissions:`, then start a new run. Only the first refresh after a `gh secret set`, and a refresh after a job that died, need it.");
		case "run-time-unknown": return new t.W("currency-unproven", "GitHub did not say when this run was created, so this job cannot know whether its login is what the secret holds. Nothing was refreshed.", "Start a new run.");
	}
}
// src/action/admission.ts
const Et = 3;
const Dt = 2e3;
async function Ot({ inputs: e, information: n, clock: r }) {
	if (e.allowPublicRepository) return;
	const i = await kt(r, () => n.visibility());
	if (i === "private") return;
	if (i === "public") t.z(e);
	throw new t.W("public-repository", "Neither this run's event nor GitHub's API says whether this repository is public, so it is taken for public.", "Leave `github-token` as it is, which may always ask, and start a new run; or set `allow-public-repository: true` if you know who can run this workflow.");
}
async function kt(e, t) {
	for (let n = 1;; n++) {
		const r = await t();
		if (r !== null || n === Et) return r;
		await e.sleep(Dt);
	}
}
// src/action/online.ts
const At = 5e4;
const jt = 250;
var Mt = class {
	#e;
	#t;
	constructor(e, t) {
		this.#e = e;
		this.#t = t;
	}
	async checkSurroundings() {
		const { inputs: e, visibility: n } = this.#t;
		const { runInformation: r, log: i, clock: a } = this.#e;
		if (n === "unknown") await Ot({
			inputs: e,
			information: r,
			clock: a
		});
		if (e.concurrencyCheck === "off") return;
		const o = await r.concurrency();
		if (o === null || o.groups.length > 0) return;
		const s = new t.W("concurrency-unguarded", o.otherRunsInProgress > 0 ? "This run holds no concurrency group, and another run of this workflow is in progress." : "This run holds no concurrency group, so nothing keeps two keepers of this login apart.", "Add `concurrency: { group: codex-auth, queue: max }` to every workflow with a keeper, the same name in all of them.");
		if (e.concurrencyCheck === "fail" || e.refreshToken === "present") throw s;
		i.warning(`${s.message} ${s.hint}`);
	}
	async enterCriticalSection({ due: e, insistence: t }) {
		const { writer: n } = this.#e;
		const { inputs: r, session: i, handed: a, environment: o } = this.#t;
		if (n === null) throw new TypeError("A refresh needs a write token.");
		const { base: s } = i;
		const { minimumLifetimeMs: c } = r;
		const l = r.refreshToken === "present" ? "whole-job" : "refresh";
		return bt({
			...this.#e,
			writer: n
		}, {
			handed: a,
			base: s,
			environment: o,
			due: e,
			insistence: t,
			claimFor: l,
			minimumLifetimeMs: c
		});
	}
	async hasStored() {
		return (await this.#e.ledgerFile.load())?.stored === true;
	}
	async demandUnmovedSecret() {
		return this.#r.demandUnmovedSecret();
	}
	async publishPending() {
		return this.#r.storePending();
	}
	async publishChangedHome(e) {
		const { files: n, processes: r } = this.#e;
		const { session: i } = this.#t;
		const a = await n.stamp(t.N(i.home));
		const o = a !== null && (a === i.written || a === await t.F(n, i));
		const s = e === "job-ends" && (await r.usingHome(i.home)).length > 0;
		const c = o && !s ? "untouched" : { text: await n.read(t.N(i.home)) };
		return this.#r.storeHome(c, e);
	}
	async recover(e) {
		const { files: t, log: r } = this.#e;
		const { directory: i, process: a } = e;
		r.info("Main was ended while it refreshed the login; finishing it.");
		if (i === null) return this.#r.recover(e);
		await this.#n(n.a(i).home, a);
		const o = await this.#r.recover(e);
		await t.remove(i);
		return o;
	}
	async waitForHome() {
		await this.#n(this.#t.session.home, null);
	}
	async #n(e, t) {
		const { processes: n, clock: r, log: i } = this.#e;
		const a = r.monotonicMs() + At;
		for (let o = 0;; o++) {
			if (!((await n.usingHome(e)).length > 0 || t !== null && await n.isAlive(t))) return;
			if (r.monotonicMs() >= a) {
				i.warning("Codex still runs on the login after 50 s; going by what it has written so far.");
				return;
			}
			if (o === 0) i.info("Waiting for Codex to finish, 50 s at most.");
			await r.sleep(jt);
		}
	}
	get #r() {
		return new Ge(this.#e, this.#t.handed);
	}
};
// src/core/envelope.ts
const Nt = "codex-auth-roundtrip envelope v1 ";
const G = 24;
const Pt = 16;
const Ft = 65536;
const It = 163840;
function Lt(e, { key: t, nonce: n, label: r, text: i }) {
	if (n.length !== G) throw new RangeError(`A nonce has ${G} bytes.`);
	const a = Bt(r);
	const o = e.seal({
		key: t,
		nonce: n,
		plaintext: Buffer.from(i, "utf8"),
		associated: a
	});
	const s = Buffer.concat([
		a,
		n,
		o
	]);
	if (s.length > zt(r)) throw new RangeError("The envelope is too large.");
	return s;
}
function Rt(e, { key: t, label: n, envelope: r }) {
	const i = Bt(n);
	if (r.length > zt(n)) return null;
	if (r.length < i.length + G + Pt) return null;
	if (!i.equals(r.subarray(0, i.length))) return null;
	const a = r.subarray(i.length, i.length + G);
	const o = e.open({
		key: t,
		nonce: a,
		sealed: r.subarray(i.length + G),
		associated: i
	});
	return o === null ? null : Buffer.from(o).toString("utf8");
}
function zt(e) {
	return e === "ledger" ? It : Ft;
}
function Bt(e) {
	return Buffer.from(`${Nt}${e}\n`, "ascii");
}
// src/core/handover-keys.ts
const Vt = "codex-auth-roundtrip/handover/v1";
function K(e, t) {
	const n = `${e.refreshToken.reveal()}\n${e.accessToken.reveal()}`;
	const r = (e, r) => {
		const i = [
			e,
			t.repositoryId,
			(t.environment ?? "").toLowerCase(),
			t.secretName.toUpperCase()
		];
		return new Uint8Array((0, o.hkdfSync)("sha256", n, Vt, i.join("\0"), r));
	};
	return {
		cacheKeyPrefix: `codex-auth-handover-v1-${Buffer.from(r("find", 16)).toString("hex")}-`,
		encryptionKey: r("open", 32)
	};
}
// src/adapters/aead.ts
const Ht = 24;
async function Ut() {
	await c.default.ready;
	return {
		seal: ({ key: e, nonce: t, plaintext: n, associated: r }) => c.default.crypto_aead_xchacha20poly1305_ietf_encrypt(n, r, null, t, e),
		open: ({ key: e, nonce: t, sealed: n, associated: r }) => {
			try {
				return c.default.crypto_aead_xchacha20poly1305_ietf_decrypt(null, n, r, t, e);
			} catch {
				return null;
			}
		}
	};
}
function Wt(e, t) {
	return {
		seal: async (n, r, i) => {
			const { encryptionKey: a } = K(n, e);
			return Lt(await Ut(), {
				key: a,
				nonce: t.bytes(Ht),
				label: r,
				text: i
			});
		},
		open: async (t, n, r) => {
			const { encryptionKey: i } = K(t, e);
			return Rt(await Ut(), {
				key: i,
				label: n,
				envelope: r
			});
		}
	};
}
// src/adapters/codex-app-server.ts
const Gt = 95e3;
const Kt = 44500;
const qt = 5e3;
const Jt = {
	id: 1,
	method: "initialize",
	params: { clientInfo: {
		name: "codex-auth-roundtrip",
		title: "codex-auth-roundtrip",
		version: "1"
	} }
};
const Yt = { method: "initialized" };
const Xt = {
	id: 2,
	method: "account/read"
};
const Zt = "https://127.0.0.1:9/";
const Qt = [
	"cli_auth_credentials_store=\"file\"",
	`chatgpt_base_url="${Zt}"`,
	"model_provider=\"nowhere\"",
	`model_providers.nowhere={name="nowhere",base_url="${Zt}",wire_api="responses",requires_openai_auth=true,supports_websockets=false,request_max_retries=0,stream_max_retries=0}`,
	...t.r.map((e) => `features.${e}=false`)
].flatMap((e) => ["-c", e]);
function $t(e) {
	return { refresh: async ({ home: t, environment: n, started: r, refreshes: a }) => {
		const o = (0, l.spawn)(e, [...Qt, "app-server"], {
			cwd: t,
			env: {
				...n,
				CODEX_HOME: t
			},
			stdio: [
				"pipe",
				"pipe",
				"pipe"
			],
			detached: process.platform !== "win32"
		});
		let s = false;
		const c = new Promise((e) => {
			o.once("exit", (t) => {
				s = t !== null && t !== 0;
				e();
			});
			o.once("error", () => e());
		});
		await (0, u.once)(o, "spawn");
		let d = "";
		o.stderr.setEncoding("utf8").on("data", (e) => {
			d = (d + e).slice(-2e4);
		});
		o.stdin.on("error", () => {});
		let m;
		let h = false;
		try {
			await r({
				pid: o.pid ?? 0,
				startedAt: await i.t(o.pid ?? 0)
			});
			m = await Promise.race([
				en(o, a, () => {
					h = true;
				}),
				c.then(() => "no-answer"),
				(0, f.setTimeout)(Gt, "no-answer", { ref: false })
			]);
		} finally {
			await rn(o, c);
		}
		const g = (0, p.stripVTControlCharacters)(d);
		if (m !== "no-answer" || h || !s) return {
			account: m,
			words: g
		};
		return {
			account: "unstarted",
			words: `${await tn(e, n)}: ${g}`
		};
	} };
}
async function en(e, t, n) {
	const { stdin: r, stdout: i } = e;
	if (!r || !i) throw new TypeError("The app-server has no pipes.");
	const a = performance.now();
	const o = (e) => void r.write(`${JSON.stringify(e)}\n`);
	o(Jt);
	for await (const e of (0, d.createInterface)({ input: i })) {
		const r = nn(e);
		if (r?.id === Jt.id) {
			n();
			o(Yt);
			o({
				...Xt,
				params: { refreshToken: t === "on-request" }
			});
		} else if (r?.id === Xt.id) {
			if ("error" in r) return performance.now() - a >= Kt ? "late-error" : "error";
			const { result: e } = r;
			return typeof e === "object" && e !== null && "account" in e && e.account !== null ? "present" : "absent";
		}
	}
	return "no-answer";
}
function tn(e, t) {
	return new Promise((n) => {
		(0, l.execFile)(e, ["--version"], {
			env: { ...t },
			timeout: 5e3
		}, (e, t) => n(e ? "codex" : t.trim()));
	});
}
function nn(e) {
	try {
		return JSON.parse(e);
	} catch {
		return null;
	}
}
async function rn(e, t) {
	const n = () => e.exitCode !== null || e.signalCode !== null;
	e.stdin?.end();
	await Promise.race([t, (0, f.setTimeout)(qt, void 0, { ref: false })]);
	for (const r of ["SIGTERM", "SIGKILL"]) {
		if (n()) return;
		e.kill(r);
		await Promise.race([t, (0, f.setTimeout)(qt, void 0, { ref: false })]);
	}
}
// src/adapters/github-alerts.ts
const an = "github-actions[bot]";
function on(e, { owner: t, repository: n, apiUrl: r }) {
	const i = `/repos/${t}/${n}/issues`;
	return {
		find: async (t) => {
			const n = await cn(e, r);
			for (let r = 1; r <= sn; r++) {
				const { data: a } = await e.request(`GET ${i}?state=open&per_page=100&page=${r}`);
				const o = Array.isArray(a) ? a : [];
				const s = o.find(({ body: e, user: r }) => r?.login === n && e?.startsWith(t));
				if (s) return {
					number: s.number,
					since: new Date(s.created_at)
				};
				if (o.length < 100) return null;
			}
			return null;
		},
		open: async (t) => {
			await e.request(`POST ${i}`, { ...t });
		},
		update: async (t, n) => {
			await e.request(`PATCH ${i}/${t}`, { ...n });
		},
		close: async (t, n) => {
			await e.request(`POST ${i}/${t}/comments`, { body: n });
			await e.request(`PATCH ${i}/${t}`, {
				state: "closed",
				state_reason: "completed"
			});
		}
	};
}
const sn = 10;
async function cn(e, t) {
	const n = `${t.replace(/\/api\/v3\/?$/, "/api")}/graphql`;
	try {
		const { data: t } = await e.request(`POST ${n}`, { query: "{ viewer { login } }" });
		const r = t?.data?.viewer?.login;
		return typeof r === "string" ? r : an;
	} catch (e) {
		if (!(e instanceof r.t) || r.n(e)) throw e;
		return an;
	}
}
// src/adapters/bounded-fetch.ts
const ln = 1e4;
function q(e, t = {}) {
	return fetch(e, {
		...t,
		signal: AbortSignal.timeout(ln)
	});
}
// src/adapters/github-client.ts
const un = "2022-11-28";
const dn = {
	debug: () => {},
	info: () => {},
	warn: () => {},
	error: () => {}
};
var J = class {
	#e;
	#t;
	#n = null;
	#r = null;
	constructor({ apiUrl: e, token: t, clock: n }) {
		this.#t = n;
		this.#e = new m.Octokit({
			auth: t.reveal(),
			baseUrl: e,
			userAgent: "codex-auth-roundtrip",
			log: dn,
			request: { fetch: q }
		});
	}
	async ask(e, t) {
		return await this.request(e, t);
	}
	async request(e, t) {
		try {
			const n = await this.#e.request(e, {
				...t,
				headers: { "x-github-api-version": un }
			});
			this.#i(n.headers);
			return {
				status: n.status,
				headers: n.headers,
				data: n.data
			};
		} catch (e) {
			throw this.#a(e);
		}
	}
	tokenExpiresAt() {
		return this.#r;
	}
	async now() {
		if (this.#n === null) await this.request("GET /zen").catch(() => {});
		if (this.#n === null) throw new r.t("GitHub did not tell its time.", { status: null });
		const { date: e, monotonicMs: t } = this.#n;
		return new Date(e.getTime() + this.#t.monotonicMs() - t);
	}
	#i(e) {
		const t = new Date(String(e.date));
		if (!Number.isNaN(t.getTime())) this.#n = {
			date: t,
			monotonicMs: this.#t.monotonicMs()
		};
		const n = mn(e["github-authentication-token-expiration"]);
		if (n) this.#r = n;
	}
	#a(e) {
		const t = e instanceof Error && "response" in e ? e.response : void 0;
		if (fn(t)) this.#i(t.headers);
		return pn(e, this.#t.now());
	}
};
function fn(e) {
	return typeof e === "object" && e !== null && "headers" in e && "status" in e;
}
function pn(e, t) {
	const n = e instanceof Error && "response" in e ? e.response : void 0;
	if (!fn(n)) return new r.t(r.r(null, null), { status: null });
	const { status: i, headers: a, data: o } = n;
	const s = typeof o === "object" && o !== null && "message" in o ? o.message : null;
	const c = typeof s === "string" && s !== "" ? s : null;
	const l = new Date(a.date ?? "");
	const u = Number.isNaN(l.getTime()) ? t : l;
	return new r.t(r.r(i, c), {
		status: i,
		said: c,
		retryAfterMs: r.a({
			status: i,
			said: c,
			headers: a,
			now: u
		})
	});
}
function mn(e) {
	if (typeof e !== "string") return null;
	const t = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(e.trim());
	if (!t) return null;
	const [, n, r, i = "UTC"] = t;
	const a = /* @__PURE__ */ new Date(`${n}T${r}${i === "UTC" ? "Z" : `${i.slice(0, 3)}:${i.slice(3)}`}`);
	return Number.isNaN(a.getTime()) ? null : a;
}
// src/core/note.ts
function hn({ document: e, savedAt: t }) {
	return JSON.stringify({
		document: e.line().reveal(),
		saved_at: t.toISOString()
	});
}
function gn(e) {
	try {
		const { document: n, saved_at: r } = JSON.parse(e);
		const i = new Date(typeof r === "string" ? r : NaN);
		const a = typeof n === "string" ? t.R.read(n) : null;
		return a === null || Number.isNaN(i.getTime()) ? null : {
			document: a,
			savedAt: i
		};
	} catch {
		return null;
	}
}
// src/adapters/handover-archive.ts
const Y = "codex-auth-handover.envelope";
const _n = ["zstd-without-long", "gzip"];
const vn = Ft + 16384;
function yn(e) {
	const t = [
		Y,
		e,
		"1.0"
	];
	return (0, o.createHash)("sha256").update(t.join("|")).digest("hex");
}
async function bn(e) {
	if (Sn(e) && h.default.zstdDecompressSync === void 0) throw new Error("This Node cannot read zstd.");
	let t;
	try {
		t = Cn(e);
	} catch {
		return null;
	}
	const n = (0, g.extract)();
	n.end(t);
	try {
		for await (const e of n) {
			const { name: t, type: n, size: r = 0 } = e.header;
			if (t.replace(/^\.\//, "") !== "codex-auth-handover.envelope" || n !== "file" || r > 65536) {
				e.resume();
				continue;
			}
			const i = [];
			for await (const t of e) i.push(t);
			return Buffer.concat(i);
		}
	} catch {
		return null;
	}
	return null;
}
const xn = Buffer.from([
	40,
	181,
	47,
	253
]);
function Sn(e) {
	return xn.equals(e.subarray(0, 4));
}
function Cn(e) {
	const t = { maxOutputLength: vn };
	return Sn(e) ? h.default.zstdDecompressSync(e, t) : h.default.gunzipSync(e, t);
}
// src/adapters/handover-cache.ts
const wn = 15e3;
const Tn = "twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL";
function En(e) {
	const { ACTIONS_RESULTS_URL: t, ACTIONS_RUNTIME_TOKEN: n, ACTIONS_CACHE_SERVICE_V2: r } = e;
	const i = new URL(e.GITHUB_SERVER_URL || "https://github.com").hostname.toLowerCase();
	const a = i === "github.com" || i.endsWith(".ghe.com") || i.endsWith(".localhost");
	return t && n && r && a ? {
		resultsUrl: t,
		runtimeToken: n
	} : null;
}
function Dn({ service: e, place: n, cipher: r, clock: i, log: o, temporaryDirectory: c }) {
	async function l(e, { key: t, archive: n }) {
		const i = await bn(n);
		const a = (i && await r.open(e, "note", i)) ?? "";
		return a.startsWith(`${t}\n`) ? gn(a.slice(t.length + 1)) : null;
	}
	async function u(t, r) {
		const a = yn(r);
		const { cacheKeyPrefix: o } = K(t, n);
		const s = await Rn(e, o, a);
		if (s === null) return { kind: "none" };
		const c = await l(t, s);
		if (c) return {
			kind: "note",
			note: c
		};
		let u = [{
			suffix: "",
			entry: s
		}];
		let d = null;
		for (let n = jn; u.length > 0;) {
			const r = u.flatMap(({ suffix: e, entry: t }) => [...In(t.key.slice(o.length), e), ...Ln(e, i.now())]);
			n -= r.length;
			if (n < 0) break;
			const s = await Promise.all(r.map(async (t) => ({
				suffix: t,
				entry: await Rn(e, o + t, a)
			})));
			u = [];
			for (const { suffix: e, entry: n } of s) {
				if (n === null) continue;
				const r = await l(t, n);
				if (r === null) u.push({
					suffix: e,
					entry: n
				});
				else if (d === null || r.savedAt > d.note.savedAt) d = {
					suffix: n.key.slice(o.length),
					note: r
				};
			}
			const c = d?.suffix ?? "";
			u = u.filter(({ suffix: e }) => e >= c.slice(0, e.length));
		}
		return d === null ? { kind: "not-answered" } : {
			kind: "note",
			note: d.note
		};
	}
	return {
		prepare: () => void Vn().catch(() => {}),
		look: async (e) => {
			const t = _n.map((t) => u(e, t));
			return kn(await Promise.all(t.map((e) => e.catch(() => ({ kind: "not-answered" })))));
		},
		save: async (e, l) => {
			let u = null;
			try {
				u = await (0, s.mkdtemp)((0, a.join)(c, "handover-"));
				const d = K(e, n).cacheKeyPrefix + An(l.savedAt);
				const f = await r.seal(e, "note", `${d}\n${hn(l)}`);
				await (0, s.writeFile)((0, a.join)(u, Y), f, { mode: 384 });
				const { isSaved: p, complaint: m } = await Hn(u, d, i);
				if (!p && m) o.info(`The Actions cache says: ${t.w(m)}.`);
				return p ? "saved" : "failed";
			} catch {
				return "failed";
			} finally {
				if (u) await (0, s.rm)(u, {
					recursive: true,
					force: true
				}).catch(() => {});
			}
		}
	};
}
const On = {
	prepare: () => {},
	look: async () => ({ kind: "none" }),
	save: async () => "off"
};
function kn(e) {
	const [t] = e.flatMap((e) => e.kind === "note" ? [e.note] : []).sort((e, t) => t.savedAt.getTime() - e.savedAt.getTime());
	if (!t && e.some(({ kind: e }) => e === "not-answered")) return { kind: "not-answered" };
	return t ? {
		kind: "note",
		note: t
	} : { kind: "none" };
}
function An(e) {
	return `${Math.floor(e.getTime() / 1e3)}-${(0, o.randomBytes)(6).toString("hex")}`;
}
const jn = 120;
const X = 10;
const Mn = /^\d{10}-[0-9a-f]{12}/;
const Nn = 23;
const Pn = 5184e3;
const Fn = 172800;
function In(e, t) {
	const [n] = Mn.exec(e) ?? [];
	return n === void 0 || n === t ? [] : [n];
}
function Ln(e, t) {
	if (e.length >= Nn) return [];
	if (e.length === X) return [`${e}-`];
	if (e.length > X) return [..."0123456789abcdef"].map((t) => e + t);
	const n = t.getTime() / 1e3;
	const r = 10 ** (X - e.length - 1);
	return [..."0123456789"].map((t) => e + t).filter((e) => {
		const t = Number(e) * r;
		return t <= n + Fn && t + r > n - Pn;
	});
}
async function Rn(e, t, n) {
	const r = await q(new URL(Tn, Bn(e.resultsUrl)), {
		method: "POST",
		headers: {
			authorization: `Bearer ${e.runtimeToken}`,
			"content-type": "application/json"
		},
		body: JSON.stringify({
			key: t,
			restore_keys: [t],
			version: n
		})
	});
	if (!r.ok) throw new Error(`The cache service answered ${r.status}.`);
	const i = await r.json();
	if (!i.ok && !i.message) return null;
	const { signed_download_url: a, matched_key: o } = i;
	if (!i.ok || !a || !o?.startsWith(t)) throw new Error("The cache service has not answered the question.");
	return {
		key: o,
		archive: await zn(a)
	};
}
async function zn(e) {
	const t = await q(e);
	if (!t.ok || !t.body) throw new Error(`The cache's storage answered ${t.status}.`);
	const n = [];
	let r = 0;
	for await (const e of t.body) {
		r += e.byteLength;
		if (r > vn) return /* @__PURE__ */ new Uint8Array();
		n.push(e);
	}
	return Buffer.concat(n);
}
function Bn(e) {
	return e.endsWith("/") ? e : `${e}/`;
}
function Vn() {
	return Promise.resolve().then(() => /* @__PURE__ */ e.i(require("../packages/actions-cache.cjs"), 1));
}
async function Hn(e, t, n) {
	const { saveCache: r } = await Vn();
	const i = Gn();
	const a = {
		directory: process.cwd(),
		workspace: process.env.GITHUB_WORKSPACE
	};
	process.chdir(e);
	process.env.GITHUB_WORKSPACE = e;
	try {
		const e = r([Y], t, void 0, true).finally(i.release);
		return {
			isSaved: await Promise.race([e.then((e) => e !== -1), n.sleep(wn).then(() => false)]),
			complaint: i.complaint()
		};
	} finally {
		process.chdir(a.directory);
		if (a.workspace === void 0) delete process.env.GITHUB_WORKSPACE;
		else process.env.GITHUB_WORKSPACE = a.workspace;
	}
}
const Un = /^(?:::(?:warning|error)::|Failed to save: |Attempt \d+ of \d+ failed with error: )(.+)/s;
const Z = /* @__PURE__ */ new Set();
let Wn = () => {};
function Gn() {
	let e = null;
	const t = (t) => {
		e ??= Un.exec(t)?.[1]?.replace(/\?\S+/g, "?…") ?? null;
	};
	if (Z.size === 0) Wn = Kn([process.stdout, process.stderr]);
	Z.add(t);
	return {
		complaint: () => e,
		release: () => {
			Z.delete(t);
			if (Z.size === 0) Wn();
		}
	};
}
function Kn(e) {
	const t = e.map((e) => {
		const { write: t } = e;
		e.write = (e) => {
			const t = typeof e === "string" ? e : Buffer.from(e).toString("utf8");
			for (const e of Z) e(t);
			return true;
		};
		return () => {
			e.write = t;
		};
	});
	return () => {
		for (const e of t) e();
	};
}
// src/adapters/proxy.ts
const qn = [
	"localhost",
	"127.0.0.1",
	"[::1]"
];
function Jn(e) {
	const t = Yn(e);
	if (!t.http_proxy && !t.https_proxy) return null;
	if (typeof _.setGlobalProxyFromEnv === "function") {
		_.setGlobalProxyFromEnv({ ...t });
		return null;
	}
	const n = process.allowedNodeEnvironmentFlags.has("--use-env-proxy");
	if (n && e.NODE_USE_ENV_PROXY === "1") return null;
	return `A proxy is set, and this Node (${process.version}) sends requests past it. ` + (n ? "Set NODE_USE_ENV_PROXY=1 from the start, or use Node 24.14 or newer." : "Use Node 24.14 or newer.");
}
function Yn(e) {
	const { http_proxy: t, HTTP_PROXY: n, https_proxy: r, HTTPS_PROXY: i, no_proxy: a, NO_PROXY: o } = e;
	const s = (a || o || "").split(",").map((e) => e.trim()).filter((e) => e !== "");
	const c = s.filter((e) => !/^[.*]/.test(e)).map((e) => `.${e}`);
	return {
		...s.includes("*") ? {
			http_proxy: void 0,
			https_proxy: void 0
		} : {
			http_proxy: Xn(t || n),
			https_proxy: Xn(r || i)
		},
		no_proxy: [
			...s,
			...c,
			...qn
		].join(",")
	};
}
function Xn(e) {
	return !e || /^https?:\/\//i.test(e) ? e : `http://${e}`;
}
// src/adapters/run-information.ts
function Zn(e, t) {
	const n = {
		owner: t.owner,
		repo: t.repository
	};
	const i = {
		...n,
		run_id: Number(t.runId)
	};
	async function a() {
		const { data: t } = await e.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}", i);
		return Q(t.created_at);
	}
	async function o() {
		const n = [];
		for (let r = 1; r <= $n; r++) {
			const { data: a } = await e.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs", {
				...i,
				attempt_number: t.runAttempt,
				per_page: Qn,
				page: r
			});
			const { jobs: o } = a;
			n.push(...o.filter(({ runner_name: e, status: n }) => e === t.runnerName && n === "in_progress"));
			if (o.length < Qn) break;
		}
		const [r] = n;
		return n.length === 1 && r ? Q(r.started_at) : {
			kind: "unknown",
			because: "ambiguous"
		};
	}
	return {
		isRerun: t.runAttempt > 1,
		readTime: async (e) => {
			try {
				return e === "repository" || t.runAttempt > 1 ? await a() : await o();
			} catch (e) {
				if (!(e instanceof r.t)) return {
					kind: "unknown",
					because: "ambiguous"
				};
				return {
					kind: "unknown",
					because: !r.n(e) && (e.status === 401 || e.status === 403 || e.status === 404) ? "permission" : "unreachable"
				};
			}
		},
		statusOf: async (t, r) => {
			try {
				const { data: i } = await e.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}", {
					...n,
					run_id: Number(t),
					attempt_number: r
				});
				const { status: a } = i;
				return typeof a !== "string" ? "unknown" : a === "completed" ? "ended" : "in-progress";
			} catch {
				return "unknown";
			}
		},
		concurrency: async () => {
			try {
				const { data: r } = await e.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups", i);
				const a = r.concurrency_groups.map(({ group_name: e }) => e);
				const { workflow_id: o } = (await e.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}", i)).data;
				return {
					groups: a,
					otherRunsInProgress: (await e.ask("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", {
						...n,
						workflow_id: o,
						status: "in_progress",
						per_page: 10
					}).then((e) => e.data.workflow_runs.filter(({ id: e }) => String(e) !== t.runId)).catch(() => [])).length
				};
			} catch {
				return null;
			}
		},
		visibility: async () => {
			try {
				const { private: t } = (await e.ask("GET /repos/{owner}/{repo}", n)).data;
				return typeof t === "boolean" ? t ? "private" : "public" : null;
			} catch {
				return null;
			}
		},
		mayWrite: async (t) => {
			try {
				const { data: r } = await e.ask("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
					...n,
					username: t
				});
				return [r.permission, r.role_name].some((e) => er.has(e));
			} catch (e) {
				return e instanceof r.t && e.status === 404 ? false : null;
			}
		}
	};
}
const Qn = 100;
const $n = 20;
const er = /* @__PURE__ */ new Set([
	"admin",
	"maintain",
	"write"
]);
function Q(e) {
	const t = new Date(String(e));
	return Number.isNaN(t.getTime()) ? {
		kind: "unknown",
		because: "ambiguous"
	} : {
		kind: "known",
		at: t
	};
}
// src/adapters/sealed-box.ts
const tr = { seal: async (e, { id: t, key: n }) => {
	await c.default.ready;
	const r = c.default.crypto_box_seal(Buffer.from(e.reveal(), "utf8"), n);
	return {
		keyId: t,
		encryptedValue: Buffer.from(r).toString("base64")
	};
} };
// src/adapters/scope-variables.ts
const nr = 30;
const rr = 17;
function ir(e, n) {
	const i = t.k(n);
	const a = async (...t) => {
		try {
			return await e.request(...t);
		} catch (e) {
			if (!(e instanceof r.t)) throw e;
			const { message: t, status: n, retryAfterMs: i, said: a } = e;
			throw new r.t(t, {
				status: n,
				retryAfterMs: i,
				said: a,
				permission: "Variables",
				cause: e
			});
		}
	};
	const o = async (e) => {
		try {
			return await e;
		} catch (e) {
			if (e instanceof r.t && e.status === 404) return null;
			throw e;
		}
	};
	return {
		read: async (e) => {
			const t = await o(a(`GET ${i}/${e}`));
			return t && ar(t.data);
		},
		list: async () => {
			const e = [];
			for (let t = 1; t <= rr; t++) {
				const { data: n } = await a(`GET ${i}?per_page=${nr}&page=${t}`);
				const { variables: r } = or(n);
				const o = Array.isArray(r) ? r.map(ar) : [];
				e.push(...o);
				if (o.length < nr) break;
			}
			return e;
		},
		create: async (e, t) => {
			try {
				await a(`POST ${i}`, {
					name: e,
					value: t
				});
				return "created";
			} catch (e) {
				if (e instanceof r.t && e.status === 409) return "exists";
				throw e;
			}
		},
		update: async (e, t) => await o(a(`PATCH ${i}/${e}`, {
			name: e,
			value: t
		})) !== null,
		remove: async (e) => {
			await o(a(`DELETE ${i}/${e}`));
		}
	};
}
function ar(e) {
	const { name: t, value: n, created_at: i } = or(e);
	const a = new Date(String(i));
	if (typeof t !== "string" || typeof n !== "string" || Number.isNaN(a.getTime())) throw new r.t("GitHub's answer holds no variable.", { status: null });
	return {
		name: t,
		value: n,
		createdAt: a
	};
}
function or(e) {
	return typeof e === "object" && e !== null ? e : {};
}
// src/adapters/secret-store.ts
function sr(e, n) {
	const i = t.O(n);
	return {
		metadata: async (t) => {
			try {
				const { data: n } = await e.request(`GET ${i}/${t}`);
				const { created_at: r, updated_at: a } = $(n);
				return {
					createdAt: cr(r),
					updatedAt: cr(a)
				};
			} catch (e) {
				if (e instanceof r.t && e.status === 404) return null;
				throw e;
			}
		},
		publicKey: async () => {
			const { key_id: t, key: n } = $((await e.request(`GET ${i}/public-key`)).data);
			return {
				id: String(t),
				key: new Uint8Array(Buffer.from(String(n), "base64"))
			};
		},
		put: async (t, n) => {
			const { status: r } = await e.request(`PUT ${i}/${t}`, {
				encrypted_value: n.encryptedValue,
				key_id: n.keyId
			});
			return r === 201 ? "created" : "updated";
		},
		remove: async (t) => {
			try {
				await e.request(`DELETE ${i}/${t}`);
			} catch (e) {
				if (!(e instanceof r.t && e.status === 404)) throw e;
			}
		},
		count: async () => Number($((await e.request(`GET ${i}?per_page=1`)).data).total_count)
	};
}
function $(e) {
	if (typeof e !== "object" || e === null) throw new r.t("GitHub's answer has no fields.", { status: null });
	return e;
}
function cr(e) {
	const t = new Date(String(e));
	if (Number.isNaN(t.getTime())) throw new r.t("GitHub's answer has no date.", { status: null });
	return t;
}
// src/adapters/writer.ts
function lr(e, { apiUrl: t, place: n, clock: r }) {
	return {
		kind: "token",
		open: async () => dr(new J({
			apiUrl: t,
			token: e,
			clock: r
		}), n, async () => {})
	};
}
function ur(e, t, n) {
	const { apiUrl: r, place: i, clock: a, log: o } = n;
	return {
		kind: "app",
		open: async () => {
			const s = await fr(e, t, n);
			o.mask(s);
			const c = new J({
				apiUrl: r,
				token: s,
				clock: a
			});
			return dr(c, i, async () => {
				await c.request("DELETE /installation/token");
			});
		}
	};
}
function dr(e, t, n) {
	return {
		store: sr(e, t),
		variables: ir(e, t),
		serverClock: e,
		expiresAt: () => e.tokenExpiresAt(),
		close: () => n().catch(() => {})
	};
}
async function fr(e, n, { apiUrl: r, place: i, clock: a }) {
	const o = t.D(i);
	try {
		const { hook: a } = (0, v.createAppAuth)({
			appId: e,
			privateKey: n.reveal().replaceAll("\\n", "\n").trim(),
			log: { warn: () => {} }
		});
		const s = y.request.defaults({
			baseUrl: r,
			headers: { "x-github-api-version": un },
			request: {
				fetch: q,
				hook: a
			}
		});
		const { data: c } = await s("GET /repos/{owner}/{repo}/installation", {
			owner: i.owner,
			repo: i.repository
		});
		const { data: l } = await s("POST /app/installations/{installation_id}/access_tokens", {
			installation_id: c.id,
			repositories: [i.repository],
			permissions: o === "secrets" ? pr : { environments: "write" }
		});
		return new t.H(l.token);
	} catch (e) {
		throw mr(e, {
			place: i,
			now: a.now()
		});
	}
}
const pr = {
	secrets: "write",
	actions_variables: "write"
};
function mr(e, { place: n, now: i }) {
	const a = pn(e, i);
	const { status: o, said: s } = a;
	if (o !== null && r.n(a)) return a;
	const c = `${n.owner}/${n.repository}`;
	const l = t.D(n) === "secrets" ? "\"Secrets: read and write\" or \"Variables: read and write\"" : "\"Environments: read and write\"";
	const u = s === null ? String(o) : `${o}: ${t.w(s)}`;
	switch (o) {
		case 401: return new t.W("app-invalid", `GitHub does not accept the App's client ID with this private key (${u}).`, "Check that `client-id` and `private-key` belong to the same App, and that the key has not been deleted there.");
		case 404: return new t.W("app-not-installed", `The GitHub App is not installed on ${c} (${u}).`, `Install the App on ${c} (the App's settings → Install App).`);
		case 403:
		case 422: return new t.W("app-permission-missing", `The GitHub App's installation on ${c} lacks the permission ${l} (${u}).`, `Give the App ${t.D(n) === "secrets" ? "both repository permissions" : "that repository permission"} and accept the change in the installation.`);
		case null: return e instanceof Error && "status" in e ? a : new t.W("app-invalid", "The GitHub App's private key cannot be read.", "Pass the whole PEM file in `private-key`, with its first and last line.");
		default: return a;
	}
}
// src/entry/go-online.ts
const hr = Jn(process.env);
if (hr !== null) t.o.warning(hr);
function gr(e) {
	const { inputs: n, surroundings: r, session: a, handed: o } = e;
	const { environment: s, codex: c, cipher: l, writer: u, ...d } = _r(e);
	return new Mt({
		...d,
		writer: u,
		refresher: async () => $t(await c()),
		ledgerFile: ae(t.s, l, {
			base: a.base,
			holder: o
		}),
		channel: t.a,
		processes: i.n
	}, {
		inputs: n,
		session: a,
		handed: o,
		visibility: r.visibility,
		environment: s
	});
}
function _r({ inputs: n, surroundings: r, session: i, handed: a, cancellation: o }) {
	const s = t.l(r, i.place);
	const c = Wt(s, e.n);
	const l = n.handover === "off" ? null : En(process.env);
	const { apiUrl: u } = r;
	const d = t.U(process.env, [...t.B(n), ...a?.tokens ?? []]);
	const f = e.t({
		...d,
		...n.codexEnvironment
	}, t.t);
	const p = {
		place: s,
		cipher: c,
		clock: t.c,
		log: t.o,
		temporaryDirectory: i.base
	};
	return {
		environment: f,
		cipher: c,
		codex: () => {
			return ee(e.codexProgram(f, n), t.a, n.codexVersion);
		},
		writer: br(n, {
			apiUrl: u,
			place: s,
			clock: t.c,
			log: t.o
		}),
		box: tr,
		handoff: l ? Dn({
			service: l,
			...p
		}) : On,
		runInformation: vr(n, r),
		files: t.s,
		clock: t.c,
		randomness: e.n,
		log: t.o,
		cancellation: o,
		place: s,
		claimant: {
			run: r.runId,
			attempt: r.runAttempt,
			ref: r.ref
		}
	};
}
function vr(e, n) {
	const { apiUrl: r } = n;
	const i = e.githubToken ?? new t.H("");
	return Zn(new J({
		apiUrl: r,
		token: i,
		clock: t.c
	}), n);
}
function yr(e, n) {
	const { apiUrl: r, serverUrl: i, owner: a, repository: o, runId: s } = n;
	const c = new J({
		apiUrl: r,
		token: e.githubToken ?? new t.H(""),
		clock: t.c
	});
	return {
		board: on(c, n),
		place: t.l(n, e),
		runUrl: `${i}/${a}/${o}/actions/runs/${s}`,
		clock: t.c,
		log: t.o
	};
}
function br(e, t) {
	const { writer: n } = e;
	switch (n.kind) {
		case "none": return null;
		case "token": return lr(n.token, t);
		case "app": return ur(n.clientId, n.privateKey, t);
	}
}
exports.alertsOf = yr;
exports.goOnline = gr;
