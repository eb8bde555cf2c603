"use strict";
const e = require("./rolldown-runtime.cjs");
const t = require("./codex.cjs");
const n = require("../main.cjs");
const r = require("./admission.cjs");
const i = require("./processes.cjs");
const a = require("./job-tools.cjs");
const o = require("./codex-integrity.cjs");
let s = require("node:path");
let c = require("node:crypto");
let l = require("node:fs/promises");
let u = require("../packages/libsodium.cjs");
u = e.r(u, 1);
let d = require("node:child_process");
let f = require("node:events");
let p = require("node:readline");
let m = require("node:timers/promises");
let h = require("node:util");
let g = require("../packages/octokit-rest.cjs");
let _ = require("node:zlib");
_ = e.r(_, 1);
let v = require("../packages/tar-stream.cjs");
let y = require("node:http");
y = e.r(y, 1);
let ee = require("../packages/octokit-auth-app.cjs");
let te = require("../packages/octokit-request.cjs");
// src/core/ledger.ts
function ne(e) {
	return JSON.stringify({
		...e,
		document: e.document.line().reveal(),
		predecessor: e.predecessor?.line().reveal() ?? null
	});
}
function re(e) {
	try {
		const t = JSON.parse(e);
		const r = typeof t.document === "string" ? n.ht.read(t.document) : null;
		const i = typeof t.predecessor === "string" ? n.ht.read(t.predecessor) : null;
		const a = new Date(typeof t.before === "string" ? t.before : NaN);
		if (r === null || Number.isNaN(a.getTime()) || typeof t.stored !== "boolean") return null;
		const o = Array.isArray(t.writes) ? t.writes.flatMap(ie) : [];
		return {
			document: r,
			predecessor: i,
			claim: ae(t.claim),
			before: a,
			stored: t.stored,
			writes: o
		};
	} catch {
		return null;
	}
}
function ie(e) {
	const { from: t, to: n } = e;
	const r = {
		from: new Date(String(t)),
		to: new Date(String(n))
	};
	return Number.isNaN(r.from.getTime() + r.to.getTime()) ? [] : [r];
}
function ae(e) {
	if (typeof e !== "object" || e === null) return null;
	const { name: t, holder: n } = e;
	return typeof t === "string" && typeof n === "string" ? {
		name: t,
		holder: n
	} : null;
}
// src/action/ledger-file.ts
function oe(e, t, { base: r, holder: i }) {
	const a = n.it(r);
	return {
		load: async () => {
			const n = await e.readBytes(a);
			const r = n && await t.open(i, "ledger", n);
			return r ? re(r) : null;
		},
		save: async (n) => e.write(a, await t.seal(i, "ledger", ne(n)), 384)
	};
}
// src/action/private-home.ts
const se = 16777216;
function b(e) {
	return {
		directory: e,
		home: (0, s.join)(e, "home")
	};
}
async function ce(e, t, { base: r, document: i, handed: a }) {
	const o = b((0, s.join)(n.at(r), `critical-${Buffer.from(t.bytes(6)).toString("hex")}`));
	try {
		await e.makePrivateDirectory(n.at(r));
		await e.makePrivateDirectory(o.directory);
		await e.makePrivateDirectory(o.home);
		await e.write((0, s.join)(o.directory, "predecessor.json"), i.line().reveal(), 384);
		await e.write((0, s.join)(o.directory, "handed.json"), a.line().reveal(), 384);
		await e.write(n.J(o.home), i.whole().reveal(), 384);
		const t = (0, s.join)(o.home, "room");
		await e.write(t, new Uint8Array(se), 384);
		await e.remove(t);
		return o;
	} catch (t) {
		await e.remove(o.directory).catch(() => {});
		throw x(t);
	}
}
function x(e) {
	return new n.wt("home-unwritable", "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed.", "Free some space under RUNNER_TEMP, or check its permissions.", { cause: e });
}
async function le(e, t) {
	const r = await e.read((0, s.join)(t.directory, "predecessor.json"));
	const i = await e.read((0, s.join)(t.directory, "handed.json"));
	if (r === null || i === null) return null;
	const [a, o] = [r, i].map((e) => n.ht.read(e));
	if (!a || !o) return null;
	return {
		predecessor: a,
		handed: o,
		after: await e.read(n.J(t.home))
	};
}
// src/core/claim-name.ts
const ue = "CODEX_AUTH_CLAIM_";
const de = "codex-auth-roundtrip/claim/v1";
const fe = 20;
function S(e, { repositoryId: t }, n = 0) {
	return `${ue}${me(de, t, e)}${n === 0 ? "" : `_R${n}`}`;
}
function pe(e, { repositoryId: t }) {
	return `${ue}${me(`${de}/seed`, t, e)}`;
}
function me(e, t, n) {
	return (0, c.createHash)("sha256").update([
		e,
		t,
		n.refreshToken.reveal()
	].join("\0")).digest("hex").slice(0, fe).toUpperCase();
}
// src/core/github-error.ts
var C = class extends Error {
	status;
	retryAfterMs;
	permission;
	said;
	constructor(e, t) {
		super(e, { cause: t.cause });
		this.name = "GitHubError";
		this.status = t.status;
		this.retryAfterMs = t.retryAfterMs ?? null;
		this.permission = t.permission ?? null;
		this.said = t.said ?? null;
	}
};
const he = 60;
function ge({ status: e, said: t, headers: n, now: r }) {
	const i = Number(n["retry-after"]);
	if (Number.isFinite(i) && i > 0) return i * 1e3;
	if (e !== 403 && e !== 429) return null;
	if (n["x-ratelimit-remaining"] === "0") {
		const e = Number(n["x-ratelimit-reset"]) * 1e3 - r.getTime();
		return Number.isFinite(e) && e > 0 ? e : he * 1e3;
	}
	return /rate limit|abuse detection/i.test(t ?? "") ? he * 1e3 : null;
}
function w(e, t) {
	if (e === null) return "GitHub's API did not answer.";
	return t === null ? `GitHub's API answered ${e}.` : `GitHub's API answered ${e}: ${n.H(t)}.`;
}
function T(e) {
	const { status: t, retryAfterMs: n } = e;
	return t === null || t >= 500 || t === 429 || t === 408 || t === 403 && n !== null;
}
function E(e, { place: t, writer: r, workedEarlier: i }) {
	const a = n.W(t);
	const o = `${n.G(t) === "secrets" ? e.permission ?? "Secrets" : "Environments"}: read and write`;
	const s = e.said === null ? String(e.status) : `${e.status}: ${n.H(e.said)}`;
	const c = r === "token" ? `Give the token in \`secret-write-token\` the repository permission "${o}" for ${t.owner}/${t.repository}. GITHUB_TOKEN cannot have it.` : `Give the GitHub App the repository permission "${o}", accept it in the installation, and install the App on ${t.owner}/${t.repository}.`;
	switch (e.status === 403 && T(e) ? 429 : e.status) {
		case 401: return i ? new n.wt("writer-revoked", `The token in \`secret-write-token\` worked earlier in this job and is now refused (${s}).`, "A token from actions/create-github-app-token is revoked before our post step: pass `client-id` and `private-key` to this action instead, or set `skip-token-revoke: true` there.", { cause: e }) : new n.wt("writer-rejected", `GitHub does not accept the writer's token (${s}): it is expired, revoked or mistyped.`, "Make a new fine-grained token and store it as the secret that `secret-write-token` reads.", { cause: e });
		case 403: return new n.wt("writer-forbidden", `The writer may not write the ${a} (${s}).`, c, { cause: e });
		case 404: return new n.wt("writer-cannot-reach-repository", `The writer cannot see the ${t.environment === null ? "secrets" : `environment ${t.environment}`} of ${t.owner}/${t.repository} (${s}).`, t.environment === null ? c : `Check the name in \`environment\`, then: ${c}`, { cause: e });
		default: return new n.wt("github-unreachable", w(e.status, e.said), "This usually passes: run the job again, and see githubstatus.com.", { cause: e });
	}
}
// src/core/judge.ts
function D(e, t) {
	const r = t === null ? null : n.ht.read(t) ?? e.salvage(t);
	if (t === null || r === null) return {
		kind: "broken",
		failure: new n.wt("refresh-broke-document", t === null ? "Codex left no auth.json." : "Codex left an auth.json in which there is no refresh token.", "The login before it is kept.")
	};
	const i = r.isOfOtherAccount(e) ? "The file belongs to another ChatGPT account." : _e(t);
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
function _e(e) {
	try {
		n.ht.parse(e);
		return null;
	} catch (e) {
		if (e instanceof n.wt) return e.message;
		throw e;
	}
}
// src/login/patience.ts
const ve = 1e3;
const ye = 1e3;
const be = 15e4;
async function O({ clock: e, log: t }, { withinMs: n, tries: r = 3 }, i) {
	const a = e.monotonicMs();
	for (let o = 1;; o++) try {
		return await i();
	} catch (i) {
		if (!(i instanceof C) || !T(i)) throw i;
		const s = Math.max(ve * o, i.retryAfterMs ?? 0);
		const c = i.retryAfterMs !== null;
		const l = a + (c ? be : n);
		if (o >= r && !c || e.monotonicMs() + s > l) throw i;
		t.info(`${i.message} Trying again in ${Math.ceil(s / 1e3)} s.`);
		await e.sleep(s);
	}
}
async function k(e, { withinMs: t, everyMs: n = ye }, r, i) {
	const a = e.monotonicMs() + t;
	for (;;) {
		const t = await r();
		if (i(t) || e.monotonicMs() + n > a) return t;
		await e.sleep(n);
	}
}
// src/login/claims.ts
const xe = 15e3;
const Se = 3;
var A = class {
	#e;
	constructor(e) {
		this.#e = e;
	}
	nameOf(e, t = 0) {
		return S(e, this.#e.place, t);
	}
	async read(e) {
		const t = await this.#r(() => this.#e.variables.read(e));
		return t && {
			name: e,
			createdAt: t.createdAt,
			claim: n.N(t.value)
		};
	}
	async list() {
		return (await this.#r(() => this.#e.variables.list())).filter(({ name: e }) => n.k(e)).map(({ name: e, value: t, createdAt: r }) => ({
			name: e.toUpperCase(),
			createdAt: r,
			claim: n.N(t)
		}));
	}
	async mark(e, t) {
		const { variables: n, place: r, log: i } = this.#e;
		try {
			await Oe(n, {
				document: e,
				place: r,
				updatedAt: t
			});
		} catch (e) {
			if (!(e instanceof C)) throw e;
			i.debug(`The seed's marker could not be made. ${e.message}`);
		}
	}
	async tidy() {
		const { variables: e, serverClock: t, place: r, log: i } = this.#e;
		const a = r.environment === null ? we : Te;
		try {
			const o = (await t.now()).getTime();
			const s = await e.list();
			for (const { name: t, value: r, createdAt: i } of s) {
				const a = n.k(t) ? n.N(r) : null;
				if (a?.state === "stored" && a.run !== "seed" && o - i.getTime() > De) await e.remove(t);
			}
			if (s.length >= a * Ee) i.warning(`The scope of the ${n.W(r)} holds ${s.length} of the ${a} variables that GitHub allows, and each refresh needs one. Delete variables that are no longer used.`);
		} catch (e) {
			if (!(e instanceof C)) throw e;
			i.debug(`Old claims could not be deleted. ${e.message}`);
		}
	}
	async take(e, t) {
		const { variables: r, clock: i, place: a, claimant: o } = this.#e;
		const s = {
			...t,
			...o,
			secret: a.secretName,
			next: null,
			after: null,
			released: false,
			wholeJob: t.wholeJob ?? false
		};
		const c = {
			name: e,
			claim: s,
			sinceMonotonicMs: i.monotonicMs(),
			sinceDateMs: i.now().getTime()
		};
		for (let a = 1;; a++) {
			const o = await this.#t(r, e, n.P(s));
			if (o === "created") return {
				kind: "ours",
				held: c
			};
			const l = await this.read(e);
			if (l?.claim?.holder === t.holder) return {
				kind: "ours",
				held: c
			};
			if (o === "exists" || l !== null || a === Se) return {
				kind: "theirs",
				seen: l
			};
			await i.sleep(1e3 * a);
		}
	}
	async #t(e, t, n) {
		const { clock: r, log: i } = this.#e;
		for (let a = 1;; a++) try {
			return await e.create(t, n);
		} catch (e) {
			if (!(e instanceof C)) throw e;
			if (!T(e)) throw await this.#n(e) ?? e;
			if (e.retryAfterMs === null) return "unanswered";
			if (a === Se || e.retryAfterMs > Ce) throw e;
			i.info(`${e.message} Trying again in ${Math.ceil(e.retryAfterMs / 1e3)} s.`);
			await r.sleep(e.retryAfterMs);
		}
	}
	async #n({ status: e }) {
		const { variables: t, place: r } = this.#e;
		if (e === 401 || e === 403 || e === 404) return null;
		const i = r.environment === null ? we : Te;
		const a = await t.list().catch(() => []);
		if (a.length < i) return null;
		return new n.wt("claim-limit", `The scope of the ${n.W(r)} holds ${a.length} variables, as many as GitHub allows, and a refresh needs one. Nothing was refreshed.`, "Delete variables that are no longer used.");
	}
	isFresh({ sinceMonotonicMs: e, sinceDateMs: t }) {
		return this.msLeft({
			sinceMonotonicMs: e,
			sinceDateMs: t
		}) > 0;
	}
	msLeft({ sinceMonotonicMs: e, sinceDateMs: t }) {
		const { clock: r } = this.#e;
		const i = Math.max(r.monotonicMs() - e, r.now().getTime() - t);
		return n.O - i;
	}
	async isHeld({ name: e, holder: t }) {
		const n = await this.read(e);
		return n?.claim?.holder === t ? n : null;
	}
	async tell(e, t, r) {
		const { variables: i, log: a } = this.#e;
		try {
			await this.#r(() => i.update(e, n.P({
				...t,
				...r
			})));
		} catch (t) {
			if (!(t instanceof C)) throw t;
			a.debug(`The claim ${e} could not be brought up to date. ${t.message}`);
		}
	}
	async giveBack({ name: e, holder: t }) {
		const { variables: n, serverClock: r, log: i } = this.#e;
		try {
			const i = await this.isHeld({
				name: e,
				holder: t
			});
			if (i?.claim?.state !== "open" && i?.claim?.state !== "write") return;
			if ((await r.now()).getTime() - i.createdAt.getTime() < 48e4 || i.claim.wholeJob) await n.remove(e);
			else await this.tell(e, i.claim, { released: true });
		} catch (t) {
			if (!(t instanceof C)) throw t;
			i.debug(`The claim ${e} could not be deleted. ${t.message}`);
		}
	}
	async isGone(e) {
		const { serverClock: t, runInformation: r, insistence: i, claimant: a } = this.#e;
		if (e.claim?.released) return true;
		const o = await t.now();
		if (!n.j(e, o)) return false;
		const { claim: s } = e;
		const c = s?.run === a.run && s.attempt < a.attempt;
		const l = s === null || c ? "ended" : await r.statusOf(s.run, s.attempt);
		return n.A(e, {
			now: o,
			status: l,
			forced: i === "forced"
		});
	}
	#r(e) {
		const { clock: t, log: n } = this.#e;
		return O({
			clock: t,
			log: n
		}, { withinMs: xe }, e);
	}
};
const Ce = 12e4;
const we = 500;
const Te = 100;
const Ee = .8;
const De = 5184e6;
async function Oe(e, { document: t, place: r, updatedAt: i }) {
	const a = {
		holder: "0".repeat(32),
		run: ke,
		attempt: 1,
		secret: r.secretName,
		ref: "default",
		state: "stored",
		before: null,
		next: S(t, r),
		after: i,
		released: true,
		wholeJob: false
	};
	const o = pe(t, r);
	if (await e.create(o, n.P(a)) === "exists") await e.update(o, n.P(a));
}
const ke = "seed";
// src/login/handoff.ts
async function j(e, { under: t, document: n, savedAt: r, log: i }) {
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
async function M(e, t, n) {
	await e.save({
		...t,
		writes: [...t.writes, n]
	}).catch(() => {});
}
async function N(e, { ledger: t, outcome: n, inHandoff: r, log: i }) {
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
const P = 15e3;
const Ae = 4e3;
const je = 20;
const Me = 200;
const Ne = 6e4;
var Pe = class {
	#e;
	constructor(e) {
		this.#e = e;
	}
	async find(e, t, r) {
		const { claims: i } = this.#e;
		const a = i.nameOf(e);
		const o = await i.list();
		const s = o.find((e) => e.name === a) ?? null;
		if (s !== null) return this.follow(e, s);
		const c = o.some(({ claim: e }) => e?.next === a && n.M(e.after, t)) ? "after" : r === "known" ? "not-after" : await this.#d(t);
		if (c === "after") return {
			kind: "current",
			document: e,
			predecessor: null,
			updatedAt: t,
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
		for (let t = 0; t <= je;) {
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
		return n.M(await this.updatedAt(), e.before) ? "successor-not-found" : "secret-is-newer";
	}
	async #n(e) {
		if (e.claim !== null) this.#s(e.claim);
		return e.claim?.state !== "stored" && !await this.#e.claims.isGone(e);
	}
	async #r({ name: e }) {
		const t = Le(e);
		if (t === 9) return null;
		return this.#e.claims.read(`${e.replace(/_R\d$/, "")}_R${t + 1}`);
	}
	async #i({ document: e, predecessor: t, origin: r, handed: i }) {
		const { claim: a } = r;
		const { state: o = "rotated", before: s = null, after: c = null } = a ?? {};
		const l = await this.#f((e) => c === null || n.M(e, c));
		if (n.M(l, c)) {
			await this.#c(i, l);
			return {
				kind: "current",
				document: e,
				predecessor: t,
				updatedAt: l,
				takeover: 0,
				origin: r
			};
		}
		const u = o !== "stored" && n.M(l, s) ? "after" : await this.#d(l);
		if (u === "after") return {
			kind: "to-repair",
			document: e,
			predecessor: t,
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
	async #a({ document: e, predecessor: t, origin: r, seen: { name: i, claim: a } }) {
		const { claimant: o } = this.#e;
		const s = Le(i);
		const c = (t) => ({
			kind: "stale",
			newest: e,
			missing: t
		});
		if (s === 9) return c("in-doubt");
		if (a?.state === "open" && a.ref !== "default" && a.ref !== o.ref) return c("handoff-not-answered");
		const l = await this.#f((e) => n.M(e, a?.before ?? null));
		if (!(n.M(l, a?.before ?? null) || n.M(l, r?.claim?.after ?? null))) {
			const e = await this.#d(l);
			if (e !== "after") return c(e === "not-after" ? "secret-is-newer" : e);
		}
		if (a?.state === "write" && n.M(l, a.before) && t !== null && r !== null && r.claim?.state !== "stored") return {
			kind: "to-repair",
			document: e,
			predecessor: t,
			updatedAt: l,
			takeover: s + 1,
			origin: r
		};
		return {
			kind: "current",
			document: e,
			predecessor: t,
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
			if (t === null || e === Me) return "not-answered";
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
		const { place: t } = this.#e;
		if (e.toUpperCase() === t.secretName.toUpperCase()) return;
		throw new n.wt("login-shared", `This login is also kept in the secret ${e} beside the ${n.W(t)}. Nothing was refreshed.`, "Give each secret a login of its own: log in again, and seed one of the two.");
	}
	async #c(e, t) {
		const { place: r } = this.#e;
		if (await this.#d(new Date(t.getTime() + Ne)) !== "after") return;
		throw new n.wt("secret-mismatch", `The login in \`codex-auth-json\` (generation ${e.generation}) is not what the ${n.W(r)} holds. Nothing was refreshed.`, "The step reads one secret and writes another: `secret-name` and `environment` must name the secret that `codex-auth-json` reads, and the job must name that `environment:` too.");
	}
	async #l(e) {
		const { handoff: t, clock: n } = this.#e;
		return k(n, {
			withinMs: P,
			everyMs: Ae
		}, () => t.look(e), ({ kind: e }) => e !== "not-answered");
	}
	async #u(e) {
		const { runInformation: t, clock: n } = this.#e;
		return k(n, {
			withinMs: P,
			everyMs: Ae
		}, () => t.readTime(e), (e) => e.kind === "known" || e.because !== "unreachable");
	}
	async #d(e) {
		const { runInformation: t, place: n } = this.#e;
		const r = await this.#u("repository");
		if (r.kind === "known" && r.at.getTime() > e.getTime()) return "after";
		if (n.environment === null || t.isRerun) return Ie(r, e);
		return Ie(await this.#u("environment"), e);
	}
	async runSaw(e) {
		return await this.#d(e) === "after";
	}
	async #f(e) {
		const { clock: t } = this.#e;
		return k(t, { withinMs: Fe }, () => this.updatedAt(), e);
	}
	async updatedAt() {
		const { store: e, place: t, clock: n, log: r } = this.#e;
		const i = await O({
			clock: n,
			log: r
		}, { withinMs: P }, () => e.metadata(t.secretName));
		if (i === null) throw F(t);
		return i.updatedAt;
	}
};
const Fe = 4e3;
function Ie(e, t) {
	if (e.kind === "known") return e.at.getTime() > t.getTime() ? "after" : "not-after";
	return e.because === "permission" ? "run-time-permission" : "run-time-unknown";
}
function Le(e) {
	return Number(/_R([1-9])$/.exec(e)?.[1] ?? 0);
}
function F(e) {
	return new n.wt("secret-not-found", `There is no ${n.W(e)}. This action never creates it.`, "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.");
}
// src/login/write-back.ts
const Re = 1e3;
const ze = 3e4;
const Be = 15e3;
const Ve = 2e4;
const He = 4e4;
const I = 3e3;
async function L(e, t) {
	const n = new Ue(e, t);
	try {
		return await n.run();
	} finally {
		await n.release();
	}
}
var Ue = class {
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
		const r = e.monotonicMs() + this.#t.patienceMs;
		let i = Re;
		for (let a = 1;; a++) {
			const o = await this.#c();
			if (o.kind === "stored" || o.kind === "settled") return o;
			if (o.kind === "refused") return {
				...o,
				rescue: await this.#_()
			};
			const { failure: s, error: c } = o;
			const l = Math.max(i, c.retryAfterMs ?? 0);
			if (!T(c) || n() || e.monotonicMs() + l > r) return {
				kind: "pending",
				failure: s,
				rescue: await this.#_()
			};
			t.info(`${s.message} Trying again in ${Math.round(l / 1e3)} s (attempt ${a} failed).`);
			await e.sleep(l);
			i = Math.min(i * 2, ze);
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
		const { place: e, writer: t, claims: r, session: i } = this.#e;
		const { held: a } = this.#t;
		try {
			const t = await this.#g();
			if (!this.#o || a === null || !r.isFresh(a)) {
				if (!await this.#m()) return { kind: "settled" };
			}
			const o = await this.#h();
			if (o === null) return {
				kind: "refused",
				failure: F(e)
			};
			const s = o;
			if (!n.M(s, this.#n)) {
				if (this.#p(s)) return await this.#f(null);
				if (!await this.#t.mayReplace(s)) return {
					kind: "refused",
					failure: Ke(e)
				};
				this.#n = s;
				if (!n.M(await this.#h() ?? null, s)) return {
					kind: "refused",
					failure: Ke(e)
				};
			}
			this.#o = false;
			return await this.#l(i, t);
		} catch (n) {
			if (!(n instanceof C)) throw n;
			this.#o = false;
			return {
				kind: "failed",
				failure: E(n, {
					place: e,
					writer: t,
					workedEarlier: true
				}),
				error: n
			};
		}
	}
	async #l({ store: e, serverClock: t }, n) {
		const { place: r } = this.#e;
		const i = (await t.now()).getTime();
		const a = i - I;
		await this.#t.begin({
			from: new Date(a),
			to: new Date(i + Ge + I)
		});
		try {
			if (await e.put(r.secretName, n) === "created") {
				await e.remove(r.secretName);
				return {
					kind: "refused",
					failure: F(r)
				};
			}
		} catch (e) {
			if (!(e instanceof C)) throw e;
			if (e.status === 422) {
				this.#r = null;
				this.#i = null;
				if (!this.#u) {
					this.#u = true;
					return this.#c();
				}
			}
			if (e.status === null || e.status >= 500 || e.status === 408) this.#s.push({
				from: new Date(a),
				to: new Date((await t.now()).getTime() + I + We)
			});
			throw e;
		}
		const o = (await t.now()).getTime() + I;
		const s = await this.#d();
		const c = s !== null && s.getTime() > this.#n.getTime() && s.getTime() >= a && s.getTime() <= o;
		return this.#f(c ? s : null);
	}
	#u = false;
	async #d() {
		const { clock: e } = this.#e;
		try {
			return await k(e, { withinMs: Ve }, () => this.#h(), (e) => e !== null && e.getTime() > this.#n.getTime());
		} catch (e) {
			if (!(e instanceof C)) throw e;
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
		const { document: n, takeover: r } = this.#t;
		const i = await e.take(e.nameOf(n, r), {
			holder: t,
			state: "write",
			before: this.#n
		});
		if (i.kind === "theirs") {
			if (i.seen === null) throw new C("GitHub's API does not show who holds the claim of this login.", { status: null });
			return false;
		}
		this.#a = i.held;
		return true;
	}
	async #h() {
		const { session: e, place: t, clock: n, log: r } = this.#e;
		const i = () => O({
			clock: n,
			log: r
		}, { withinMs: Be }, () => e.store.metadata(t.secretName)).then((e) => e?.updatedAt ?? null);
		const a = (e) => e !== null && e.getTime() < this.#n.getTime();
		const o = await k(n, { withinMs: He }, i, (e) => !a(e));
		if (!a(o)) return o;
		throw new C("GitHub's API answers with the secret's state of some time ago.", { status: null });
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
			return n.F(e, await this.#g(), this.#t.before);
		} catch (e) {
			if (e instanceof C) return null;
			throw e;
		}
	}
};
const We = 5e3;
const Ge = 15e3;
function Ke(e) {
	return new n.wt("secret-changed-elsewhere", `Somebody else has written the ${n.W(e)} while this job refreshed the login. It is left alone.`, "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, the handoff keeps this job's login: run maintenance, or use the printed command.");
}
// src/login/finish-in-post.ts
const qe = 15e3;
const Je = 6e4;
const Ye = 1e4;
const Xe = 16;
var Ze = class {
	#e;
	#t;
	constructor(e, t) {
		this.#e = e;
		this.#t = t;
	}
	async recover(e) {
		const { files: t } = this.#e;
		const { claim: r, directory: i, process: a } = e;
		const o = i === null ? null : await le(t, b(i));
		const s = o === null ? { kind: "unchanged" } : D(o.predecessor, o.after);
		if (o === null || s.kind === "unchanged" || s.kind === "broken") {
			await this.#c(async (e) => {
				if (e instanceof n.wt) return;
				if (a === null) await this.#o(e).giveBack(r);
				else await this.#i(this.#o(e), r);
			});
			if (s.kind === "broken") throw s.failure;
			return null;
		}
		const { document: c } = s;
		n.ft(c, this.#e.log);
		const l = s.kind === "rotated";
		const u = await this.#e.ledgerFile.load();
		const d = u?.document.isSameGeneration(c) ? {
			before: u.before,
			writes: u.writes
		} : {};
		return this.#n({
			document: c,
			predecessor: o.predecessor,
			claim: r,
			rotated: l,
			...d
		});
	}
	async storePending() {
		const e = await this.#e.ledgerFile.load();
		if (e === null || e.stored || e.predecessor === null) return null;
		const { document: t, predecessor: r, claim: i } = e;
		n.ft(t, this.#e.log);
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
		const { ledgerFile: e, place: t, clock: r, log: i } = this.#e;
		const a = await e.load();
		if (a === null || !a.stored || a.before.getTime() === 0) return;
		await this.#c(async (e) => {
			if (e instanceof n.wt) return;
			try {
				const o = await O({
					clock: r,
					log: i
				}, { withinMs: qe }, () => e.store.metadata(t.secretName));
				if (o === null || o.updatedAt.getTime() <= a.before.getTime()) return;
				const s = await this.#o(e).list();
				const c = S(a.document, t);
				if (!s.some(({ name: e, claim: t }) => e === c || n.M(t?.after ?? null, o.updatedAt) || t?.next === c && t.state !== "stored")) throw Qe(t);
			} catch (e) {
				if (!(e instanceof C)) throw e;
				i.debug(`GitHub did not say whether the secret is as this job left it. ${e.message}`);
			}
		});
	}
	async storeHome(e, t) {
		const { log: r, ledgerFile: i } = this.#e;
		const a = await i.load();
		if (a === null || a.claim === null) return null;
		const { document: o, claim: s } = a;
		const c = e === "untouched" ? { kind: "unchanged" } : D(o, e.text);
		if (c.kind === "unchanged" || c.kind === "broken") {
			if (t === "job-ends") {
				const t = e === "untouched" && !n.B(o, this.#e.clock.now());
				await this.#c(async (e) => {
					if (e instanceof n.wt) return;
					if (t) await this.#o(e).giveBack(s);
					else await this.#i(this.#o(e), s);
				});
			}
			if (c.kind === "broken") throw c.failure;
			return null;
		}
		const { document: l } = c;
		n.ft(l, r);
		if ([this.#t, a.predecessor].some((e) => e?.refreshToken.equals(l.refreshToken)) && !l.refreshToken.equals(o.refreshToken) || l.accessTokenIssuedAt.getTime() < o.accessTokenIssuedAt.getTime() || l.isOfOtherAccount(o)) throw nt();
		r.info(`The login in the home has changed: generation ${o.generation} became ${l.generation}.`);
		return this.#n({
			document: l,
			predecessor: o,
			claim: s,
			rotated: c.kind === "rotated",
			before: a.before
		});
	}
	async #n({ document: e, predecessor: t, claim: r, rotated: i, before: a, writes: o = [] }) {
		const { ledgerFile: s, handoff: c, log: l } = this.#e;
		const u = {
			document: e,
			predecessor: t,
			claim: r,
			before: a ?? /* @__PURE__ */ new Date(0),
			stored: false,
			writes: o
		};
		return this.#c(async (d) => {
			const f = d instanceof n.wt ? null : this.#o(d);
			const p = f === null ? "not-answered" : await this.#r(f, r);
			if (p === null) return {
				kind: "refused",
				ledger: u,
				failure: tt(),
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
					failure: tt(),
					rescue: null
				};
			}
			const m = await this.#s(d);
			const h = await j(c, {
				under: [t, this.#t],
				document: e,
				savedAt: m,
				log: l
			});
			if (d instanceof n.wt || f === null) return {
				kind: "pending",
				ledger: u,
				failure: d instanceof n.wt ? d : $e(),
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
				failure: et(),
				handedOver: h,
				rescue: null
			};
			const y = await L(this.#a(d, f, r), {
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
				patienceMs: Je,
				writes: o,
				begin: (e) => M(s, {
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
			return N(s, {
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
			return await k(this.#e.clock, { withinMs: Ye }, () => e.isHeld(t), (e) => e !== null);
		} catch (e) {
			if (!(e instanceof C)) throw e;
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
			holder: n?.holder ?? Buffer.from(c.bytes(Xe)).toString("hex"),
			cancelled: () => l.requested()
		};
	}
	#o(e) {
		const { runInformation: t, clock: n, log: r, place: i, claimant: a } = this.#e;
		const { variables: o, serverClock: s } = e;
		return new A({
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
		const { clock: t } = this.#e;
		if (e instanceof n.wt) return t.now();
		return e.serverClock.now().catch(() => t.now());
	}
	async #c(e) {
		const t = await this.#l();
		try {
			return await e(t);
		} finally {
			if (!(t instanceof n.wt)) await t.close();
		}
	}
	async #l() {
		const { writer: e, clock: t, log: r, place: i } = this.#e;
		if (e === null) return $e();
		try {
			return await O({
				clock: t,
				log: r
			}, { withinMs: qe }, () => e.open());
		} catch (t) {
			if (t instanceof n.wt) return t;
			if (t instanceof C) return E(t, {
				place: i,
				writer: e.kind,
				workedEarlier: true
			});
			throw t;
		}
	}
};
function Qe(e) {
	return new n.wt("secret-changed-elsewhere", `Somebody has written the ${n.W(e)} after this job stored the refreshed login there.`, "If a step of this job does that (`gh secret set`), remove it: it has put a copy over the login, and the next job cannot refresh. Dispatch maintenance: it puts the login back from the handoff. If that was a fresh login on purpose, nothing is to be done.");
}
function $e() {
	return new n.wt("writer-missing", "The refreshed login cannot be written: this phase has no write token.", "Inside nested composite actions GitHub hands post no inputs: use this action directly in the job's steps.");
}
function et() {
	return new n.wt("github-unreachable", "GitHub's API did not answer.", "This usually passes: run the job again, and see githubstatus.com.");
}
function tt() {
	return new n.wt("publish-refused", "What this job left behind does not agree with the claim that GitHub holds, so nothing was stored. The secret is as it was.", "Run maintenance. If it says that the login is over, log in again; and look what else runs in this job.");
}
function nt() {
	return new n.wt("publish-refused", "The login in the home is older than the one that this job was given, or of another account, so it was not stored. The secret is as it was.", "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.");
}
// src/core/failed-refresh.ts
function rt(e, t) {
	if (e.kind === "transient" && t.triesLeft > 0) return "retry";
	return R(t) ? "borrow" : "stop";
}
function R({ accessToken: e, insistence: t }) {
	return e === "lives" && t === "when-due";
}
function it(e, { now: t, minimumLifetimeMs: r }) {
	return n.V(e, t) >= r ? "lives" : "dying";
}
function at(e, t) {
	switch (e.kind) {
		case "permanent": return new n.wt(e.code, ot[e.code], t);
		case "answer-lost": return new n.wt("refresh-answer-lost", "The answer is lost: Codex asked for new tokens and heard nothing within its 45 seconds. If OpenAI has rotated the login, nobody holds the new refresh token.", `Start a new run with \`refresh: force\`: if it fails with refresh-token-reused, the login is over. ${t}`);
		case "unstarted": return new n.wt("codex-outdated", `The \`codex\` of this machine cannot refresh a login: it has no app-server that answers. It says: ${n.H(e.words)}. OpenAI was not asked.`, "Install a newer Codex, or let this action do it: set `codex-version`.");
		case "broken": return new n.wt("refresh-broke-document", `Codex left an unusable file after the refresh: ${e.cause.message}`, t, { cause: e.cause });
		case "transient": return new n.wt("refresh-unavailable", "OpenAI did not refresh the login: it was unreachable, overloaded or answered with an error.", "The login is still good. Run the job again later, and see status.openai.com.");
	}
}
const ot = {
	"refresh-token-reused": "OpenAI says that the refresh token was already used: somebody else rotated this login.",
	"refresh-token-expired": "OpenAI says that the refresh token has expired.",
	"refresh-token-revoked": "OpenAI says that the login was revoked.",
	"refresh-rejected": "OpenAI does not accept the refresh token any more."
};
// src/core/refusal.ts
const st = [
	[/refresh_token_reused|was already used/i, "refresh-token-reused"],
	[/refresh_token_expired|has expired/i, "refresh-token-expired"],
	[/refresh_token_invalidated|refresh_token_revoked|was revoked/i, "refresh-token-revoked"]
];
const ct = /^.*codex_models_manager.*$/gm;
function lt({ account: e, words: t }) {
	const n = t.replace(ct, "");
	if (e === "unstarted") return {
		kind: "unstarted",
		words: n.trim()
	};
	for (const [e, t] of st) if (e.test(n)) return {
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
const z = 3;
const ut = 2e3;
async function dt({ refresher: e, files: t, clock: r, log: i }, a) {
	const { document: o, place: s, environment: c, started: l, fallback: u, timeLeft: d } = a;
	for (let a = 1;; a++) {
		const f = a < z && n.B(o, r.now()) ? "by-itself" : "on-request";
		const p = await e.refresh({
			home: s.home,
			environment: c,
			started: l,
			refreshes: f
		});
		const m = D(o, await t.read(n.J(s.home)));
		if (m.kind === "rotated" || m.kind === "renewed") {
			n.ft(m.document, i);
			if (m.oddity !== null) i.warning(`Codex writes the login as this version does not know it: ${m.oddity} It is stored as it is.`);
			return m;
		}
		const h = m.kind === "broken" ? {
			kind: "broken",
			cause: m.failure
		} : lt(p);
		const g = d() ? z - a : 0;
		if (rt(h, {
			...u,
			triesLeft: g
		}) !== "retry") return {
			kind: "failed",
			failed: h
		};
		const _ = ut * a;
		i.info(`OpenAI did not refresh the login just now (try ${a} of ${z}). Trying again in ${_ / 1e3} s.`);
		await r.sleep(_);
	}
}
// src/core/writer-expiry.ts
const ft = 12096e5;
const pt = 36e5;
function mt(e, t) {
	if (e === null) return null;
	const n = e.getTime() - t.getTime();
	if (n > ft || n <= pt) return null;
	return {
		code: "writer-expires-soon",
		message: `The token in \`secret-write-token\` expires on ${e.toISOString().slice(0, 10)}.`,
		hint: "Make a new one before that day, with the same permission, and store it as the secret that `secret-write-token` reads."
	};
}
// src/login/prove-write.ts
const B = "CODEX_AUTH_WRITE_PROBE";
const ht = "codex-auth-roundtrip writes this to learn whether its token may write here. It means nothing.";
const gt = 100;
const V = 15e3;
const _t = 3;
async function vt({ session: e, box: t, clock: r, log: i, place: a }) {
	if (n.G(a) === "environments") return null;
	const { store: o } = e;
	return O({
		clock: r,
		log: i
	}, { withinMs: V }, async () => {
		for (let e = 1;; e++) {
			const r = await o.publicKey();
			try {
				await o.put(B, await t.seal(new n.xt(ht), r));
				return r;
			} catch (t) {
				if (!(t instanceof C) || t.status !== 422) throw t;
				if (await o.count() >= gt) return r;
				if (e === _t) throw t;
			}
		}
	});
}
async function yt(e) {
	const { session: t, clock: n, log: r } = e;
	const { variables: i } = t;
	await O({
		clock: n,
		log: r
	}, { withinMs: V }, () => i.create(B, ht));
	await O({
		clock: n,
		log: r
	}, { withinMs: V }, () => i.remove(B));
	await vt(e);
}
// src/login/refresh-section.ts
const bt = 12e4;
const xt = 5e3;
const St = 24e4;
const Ct = 15e4;
const wt = 15e3;
const Tt = 8;
const Et = 16;
async function Dt(e, t) {
	const { writer: r, place: i, clock: a, log: o, channel: s } = e;
	let c;
	try {
		c = await O({
			clock: a,
			log: o
		}, { withinMs: wt }, () => r.open());
	} catch (n) {
		return H(e, t, t.handed, Mt(n, r.kind, i));
	}
	try {
		return await new Ot(e, t, c).run();
	} catch (n) {
		if (!(n instanceof C)) throw n;
		return H(e, t, t.handed, Mt(n, r.kind, i));
	} finally {
		const e = await c.serverClock.now().catch(() => a.now());
		const t = mt(c.expiresAt(), e);
		if (t) {
			o.warning(`${t.message} ${t.hint}`);
			n.L(s, t);
		}
		await c.close();
	}
}
var Ot = class {
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
		this.#r = new A({
			variables: l,
			serverClock: u,
			runInformation: s,
			clock: a,
			log: o,
			place: r,
			claimant: i,
			insistence: f
		});
		this.#i = new Pe({
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
		return Buffer.from(this.#e.randomness.bytes(Et)).toString("hex");
	}
	async run() {
		const { ledgerFile: e, log: t } = this.#e;
		const { handed: r, due: i, claimFor: a } = this.#t;
		let o = await e.load();
		if (o && !o.stored) {
			const e = await this.#S(o);
			if (e.kind !== "published") return this.#O(o.document, e.failure);
			o = e.ledger;
		}
		const s = o && a === "whole-job" ? await this.#c(o) : null;
		if (o !== null && s !== null) {
			await this.#g();
			return i(o.document) ? this.#_(o, s) : {
				kind: "kept",
				ledger: o
			};
		}
		const c = o?.document ?? r;
		let l = await this.#u(c, o === null ? "handed" : "known");
		for (let e = 1; e <= Tt; e++) {
			switch (l.kind) {
				case "stale": return this.#O(l.newest, Ft(l.missing));
				case "busy": return this.#O(l.newest, W());
				case "blocked": return this.#O(l.newest, l.failure);
				case "to-repair":
					n.ft(l.document, t);
					l = await this.#x(l);
					continue;
			}
			n.ft(l.document, t);
			if (!l.document.isSameGeneration(r) && o === null) t.info(`Took generation ${l.document.generation} from the handoff: the secret of this run is older.`);
			const e = i(l.document);
			const s = await this.#l(l);
			if (!e && a === "refresh") return {
				kind: "kept",
				ledger: s
			};
			const c = await this.#f(l);
			if (c.kind === "position") {
				l = c.position;
				continue;
			}
			if (e) return this.#_(s, c);
			const u = await this.#l(l, U(c.held));
			n.S(this.#e.channel, null);
			return {
				kind: "kept",
				ledger: u
			};
		}
		return this.#O(c, W());
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
	async #l({ document: e, predecessor: t, updatedAt: n }, r = null) {
		const i = {
			document: e,
			predecessor: t,
			claim: r,
			before: n,
			stored: true,
			writes: []
		};
		await this.#e.ledgerFile.save(i).catch((e) => {
			throw x(e);
		});
		return i;
	}
	async #u(e, t) {
		const { clock: n, log: r, cancellation: i } = this.#e;
		const a = n.monotonicMs() + bt;
		for (let o = 0;; o++) {
			const s = await this.#i.find(e, await this.#d(), t);
			if (s.kind !== "busy" || R(this.#k(s.newest))) return s;
			if (i.requested() || n.monotonicMs() + xt > a) return s;
			if (o === 0) r.info("Another job is refreshing this login. Waiting for it, two minutes at most.");
			await n.sleep(xt);
		}
	}
	async #d() {
		try {
			return await this.#i.updatedAt();
		} catch (e) {
			if (!(e instanceof n.wt) || e.code !== "secret-not-found") throw e;
			await this.#n.store.publicKey();
			throw e;
		}
	}
	async #f(e) {
		const { document: t, predecessor: r, updatedAt: i, takeover: a, origin: o } = e;
		const { channel: s, cancellation: c } = this.#e;
		await this.#g();
		if (c.requested()) throw Pt();
		const l = this.#r.nameOf(t, a);
		this.#a = this.#s();
		const u = {
			name: l,
			holder: this.#a
		};
		n.S(s, {
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
			n.S(s, null);
			const e = f.seen;
			return {
				kind: "position",
				position: e === null ? {
					kind: "busy",
					newest: t,
					seen: e
				} : await this.#i.follow(t, e)
			};
		}
		const { held: p } = f;
		const m = await this.#d();
		if (m.getTime() !== i.getTime() || !this.#r.isFresh(p)) {
			await this.#r.giveBack(u);
			n.S(s, null);
			return {
				kind: "position",
				position: await this.#i.find(t, m, o === null ? "handed" : "known")
			};
		}
		if (c.requested()) {
			await this.#r.giveBack(u);
			n.S(s, null);
			throw Pt();
		}
		return {
			kind: "claimed",
			document: t,
			predecessor: r,
			updatedAt: i,
			held: p,
			takeover: a,
			isHanded: o === null && t.isSameGeneration(this.#t.handed)
		};
	}
	#p = null;
	#m = null;
	#h = false;
	async #g() {
		if (this.#h) return;
		const { place: e, box: t, clock: n, log: r } = this.#e;
		this.#m = await vt({
			session: this.#n,
			place: e,
			box: t,
			clock: n,
			log: r
		});
		this.#p = await this.#e.refresher();
		this.#h = true;
	}
	async #_(e, t) {
		const { clock: r, log: i } = this.#e;
		const { document: a, held: o, takeover: s } = t;
		const c = this.#p;
		if (c === null) throw new TypeError("A refresh needs Codex.");
		const l = () => this.#r.msLeft(o) >= Ct;
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
				if (Nt(m) && l()) m = await this.#w(a, o, {
					...p,
					outcome: m
				});
				if (m.kind === "failed") {
					if (m.failed.kind === "unstarted") await this.#r.giveBack(U(o));
					else await this.#v(t);
					return this.#D(e, m.failed);
				}
				const h = m.kind === "rotated";
				const g = n.bt(r.monotonicMs() - f);
				const _ = n.bt(n.V(m.document, r.now()));
				i.info(h ? `Codex rotated generation ${a.generation} to ${m.document.generation} in ${g} (access token valid ${_}).` : `Codex renewed the tokens and kept the refresh token (access token valid ${_}).`);
				this.#o = true;
				const v = await this.#y(m.document, t, h);
				return this.#b({
					kind: "refreshed",
					ledger: v.ledger,
					rotated: h,
					publication: v
				});
			});
		} catch (e) {
			if (!u) await this.#r.giveBack(U(o));
			else if (jt(e)) await this.#v({
				held: o,
				takeover: s
			});
			throw e;
		}
	}
	async #v({ held: e, takeover: t }) {
		if (t > 0) await this.#r.giveBack(U(e));
		else await this.#r.tell(e.name, e.claim, { released: true });
	}
	async #y(e, t, r) {
		const { ledgerFile: i, handoff: a, log: o, clock: s, session: c } = {
			...this.#e,
			session: this.#n
		};
		const { document: l, updatedAt: u, held: d, isHanded: f } = t;
		const { handed: p } = this.#t;
		const m = {
			document: e,
			predecessor: l,
			claim: r ? U(d) : null,
			before: u,
			stored: false,
			writes: []
		};
		const h = await i.save(m).then(() => true, () => false);
		if (!h) o.info("The ledger of this job could not be written to disk.");
		const g = await c.serverClock.now().catch(() => s.now());
		const _ = await j(a, {
			under: [l, p],
			document: e,
			savedAt: g,
			log: o
		});
		this.#o = !h && !_;
		const v = s.monotonicMs() - d.sinceMonotonicMs < n.D;
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
			begin: (e) => M(i, m, e)
		});
		if (y.kind === "stored") this.#o = false;
		if (!r && y.kind === "stored") await this.#r.giveBack(U(d));
		if (y.kind === "stored") await this.#r.tidy();
		return N(i, {
			ledger: m,
			outcome: y,
			inHandoff: _,
			log: o
		});
	}
	async #b(e) {
		const { ledgerFile: t } = this.#e;
		const { ledger: r } = e;
		if (this.#t.claimFor === "refresh" || !r.stored) return e;
		this.#a = this.#s();
		const i = this.#r.nameOf(r.document);
		n.S(this.#e.channel, {
			directory: null,
			process: null,
			claim: {
				name: i,
				holder: this.#a
			}
		});
		const a = await this.#r.take(i, {
			holder: this.#a,
			state: "open",
			before: r.before,
			wholeJob: true
		});
		if (a.kind === "theirs") throw W();
		const o = {
			...r,
			claim: U(a.held)
		};
		await t.save(o).catch((e) => {
			throw x(e);
		});
		return {
			...e,
			ledger: o
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
		const f = await j(n, {
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
			begin: (n) => M(t, e, n)
		});
		return N(t, {
			ledger: e,
			outcome: p,
			inHandoff: f,
			log: r
		});
	}
	#C(e, t) {
		const { writer: n, box: r, clock: i, log: a, place: o, cancellation: s } = this.#e;
		const { handed: c } = this.#t;
		return L({
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
			patienceMs: St
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
		return dt({
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
	async #E(e, t, r) {
		const { files: i, randomness: a, channel: o, log: s, handoff: c } = this.#e;
		const { handed: l, base: u } = this.#t;
		const d = U(t);
		const f = await ce(i, a, {
			base: u,
			document: e,
			handed: l
		});
		const { directory: p } = f;
		const m = async () => {
			await i.remove(p).catch(() => s.warning("A private directory of the refresh could not be removed."));
			n.S(o, null);
		};
		try {
			n.S(o, {
				directory: p,
				process: null,
				claim: d
			});
			const e = await r(f, async (e) => {
				n.S(o, {
					directory: p,
					process: e,
					claim: d
				});
				c.prepare();
			});
			if (!this.#o) await m();
			return e;
		} catch (e) {
			if (jt(e) && !this.#o) await m();
			throw e;
		}
	}
	async #D(e, t) {
		const { place: r } = this.#e;
		if ((await this.#d()).getTime() !== e.before.getTime()) return this.#O(e.document, Ft("secret-is-newer"));
		const i = at(t, n.U(r));
		const a = {
			...this.#k(e.document),
			triesLeft: 0
		};
		if (rt(t, a) === "stop") throw i;
		return {
			kind: "borrowed",
			document: e.document,
			because: i
		};
	}
	#O(e, t) {
		n.ft(e, this.#e.log);
		return H(this.#e, this.#t, e, t);
	}
	#k(e) {
		return kt(this.#e, this.#t, e);
	}
};
function H(e, t, n, r) {
	if (!R(kt(e, t, n)) || At.has(r.code)) throw r;
	return {
		kind: "borrowed",
		document: n,
		because: r
	};
}
function kt({ clock: e }, { insistence: t, minimumLifetimeMs: n }, r) {
	return {
		accessToken: it(r, {
			now: e.now(),
			minimumLifetimeMs: n
		}),
		insistence: t
	};
}
const At = /* @__PURE__ */ new Set([
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
function U({ name: e, claim: t }) {
	return {
		name: e,
		holder: t.holder
	};
}
function jt(e) {
	return e instanceof n.wt || e instanceof C;
}
function Mt(e, t, r) {
	if (e instanceof n.wt) return e;
	if (e instanceof C) return E(e, {
		place: r,
		writer: t,
		workedEarlier: false
	});
	throw e;
}
function Nt(e) {
	return e.kind === "failed" && e.failed.kind === "permanent" && e.failed.code === "refresh-rejected";
}
function W() {
	return new n.wt("claim-busy", "Another job has claimed this login to refresh it, and has not finished. This job did not refresh it.", "Start a new run when that job is over. The claim of a job that has died is taken over after ten minutes, if this job has `actions: read`, or with `refresh: force`.");
}
function Pt() {
	return new n.wt("cancelled", "The job was cancelled before anything was refreshed.", "Run it again.");
}
function Ft(e) {
	switch (e) {
		case "secret-is-newer": return new n.wt("copy-stale", "The secret has been written since this run read it, so its login may be an old one. Nothing was refreshed.", "Start a new run (not a re-run): it gets the present secret.");
		case "handoff-not-answered": return new n.wt("currency-unproven", "An earlier job has refreshed this login, and the Actions cache does not tell the result. Nothing was refreshed.", "Start a new run when the cache service works again (githubstatus.com).");
		case "in-doubt": return new n.wt("currency-unproven", `${9} jobs have died while they refreshed this login, one after the other, so nobody knows whether it is spent. Nothing was refreshed.`, "Find out why they die, then log in again and seed the login; or delete the variables `CODEX_AUTH_CLAIM_…_R1` to `_R9` to try this one again.");
		case "successor-not-found": return new n.wt("publish-pending", "An earlier run has refreshed this login and could not store it, and this run finds it nowhere: the note is gone from the Actions cache, or was left on another branch. Nothing was refreshed.", "Dispatch maintenance on that run's branch, or use the command that its log shows (`status --repo` names the run). If both fail, log in again.");
		case "run-time-permission": return new n.wt("currency-unproven", "This job cannot ask when its run was created, so it cannot know whether its login is what the secret holds. Nothing was refreshed.", "Grant `actions: read` in the job's `permissions:`, then start a new run. Only the first refresh after a `gh secret set`, and a refresh after a job that died, need it.");
		case "run-time-unknown": return new n.wt("currency-unproven", "GitHub did not say when this run was created, so this job cannot know whether its login is what the secret holds. Nothing was refreshed.", "Start a new run.");
	}
}
// src/action/online.ts
const It = 5e4;
const Lt = 250;
var Rt = class {
	#e;
	#t;
	constructor(e, t) {
		this.#e = e;
		this.#t = t;
	}
	async checkSurroundings() {
		const { inputs: e, visibility: t } = this.#t;
		const { runInformation: i, log: a, clock: o } = this.#e;
		if (t === "unknown") await r.n({
			inputs: e,
			information: i,
			clock: o
		});
		if (e.concurrencyCheck === "off") return;
		const s = await i.concurrency();
		if (s === null || s.groups.length > 0) return;
		const c = new n.wt("concurrency-unguarded", s.otherRunsInProgress > 0 ? "This run holds no concurrency group, and another run of this workflow is in progress." : "This run holds no concurrency group, so nothing keeps two keepers of this login apart.", "Add `concurrency: { group: codex-auth, queue: max }` to every workflow with a keeper, the same name in all of them.");
		if (e.concurrencyCheck === "fail" || e.refreshToken === "present") throw c;
		a.warning(`${c.message} ${c.hint}`);
	}
	async enterCriticalSection({ due: e, insistence: t }) {
		const { writer: n } = this.#e;
		const { inputs: r, session: i, handed: a, environment: o } = this.#t;
		if (n === null) throw new TypeError("A refresh needs a write token.");
		const { base: s } = i;
		const { minimumLifetimeMs: c } = r;
		const l = r.refreshToken === "present" ? "whole-job" : "refresh";
		return Dt({
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
		const { files: t, processes: r } = this.#e;
		const { session: i } = this.#t;
		const a = await t.stamp(n.J(i.home));
		const o = a !== null && (a === i.written || a === await n.rt(t, i));
		const s = e === "job-ends" && (await r.usingHome(i.home)).length > 0;
		const c = o && !s ? "untouched" : { text: await t.read(n.J(i.home)) };
		return this.#r.storeHome(c, e);
	}
	async recover(e) {
		const { files: t, log: n } = this.#e;
		const { directory: r, process: i } = e;
		n.info("Main was ended while it refreshed the login; finishing it.");
		if (r === null) return this.#r.recover(e);
		await this.#n(b(r).home, i);
		const a = await this.#r.recover(e);
		await t.remove(r);
		return a;
	}
	async waitForHome() {
		await this.#n(this.#t.session.home, null);
	}
	async #n(e, t) {
		const { processes: n, clock: r, log: i } = this.#e;
		const a = r.monotonicMs() + It;
		for (let o = 0;; o++) {
			if (!((await n.usingHome(e)).length > 0 || t !== null && await n.isAlive(t))) return;
			if (r.monotonicMs() >= a) {
				i.warning("Codex still runs on the login after 50 s; going by what it has written so far.");
				return;
			}
			if (o === 0) i.info("Waiting for Codex to finish, 50 s at most.");
			await r.sleep(Lt);
		}
	}
	get #r() {
		return new Ze(this.#e, this.#t.handed);
	}
};
// src/action/reseed.ts
const zt = 24e4;
const Bt = 15e3;
async function Vt(e, t) {
	return new Ht(e, t).run();
}
var Ht = class {
	#e;
	#t;
	constructor(e, t) {
		this.#e = e;
		this.#t = t;
	}
	async run() {
		const { runInformation: e } = this.#e;
		const { visibility: t } = this.#t;
		if (t === "unknown" && await e.visibility() !== "private") n.vt();
		const r = this.#n();
		const i = await this.#o(async (e) => {
			const { box: t, clock: n, log: r, place: i } = this.#e;
			const a = await e.store.metadata(i.secretName);
			if (a === null) throw F(i);
			await yt({
				session: e,
				box: t,
				clock: n,
				log: r,
				place: i
			});
			return a.updatedAt;
		});
		const a = await this.#r();
		if (a.accountId !== r) throw Gt();
		const { handed: o } = this.#t;
		await this.#e.ledgerFile(o ?? a).save({
			document: a,
			predecessor: o,
			claim: null,
			before: i,
			stored: false,
			writes: []
		}).catch(() => this.#e.log.info("The ledger of this job could not be written to disk."));
		return this.#o((e) => this.#i(a, i, e));
	}
	#n() {
		const { handed: e, expectedAccountId: t } = this.#t;
		const r = t ?? e?.accountId;
		if (r !== void 0) return r;
		throw new n.wt("input-invalid", "The secret holds no login, so this job cannot know whose a fresh one must be.", "Set `expected-account-id` to the account's ID: `jq -r .tokens.account_id` of any auth.json of it.");
	}
	async #r() {
		const { deviceLogin: e, files: t, randomness: r, log: i, cancellation: a } = this.#e;
		const { base: o, environment: c } = this.#t;
		const l = (0, s.join)(n.at(o), `reseed-${Buffer.from(r.bytes(6)).toString("hex")}`);
		const u = await e();
		await t.makePrivateDirectory(n.at(o));
		await t.makePrivateDirectory(l);
		try {
			i.info("Somebody must log in now. Do so within 15 minutes; cancel the run to give up.");
			const e = (e) => i.info(e);
			const { exitCode: r } = await u.run({
				home: l,
				environment: c,
				output: e,
				cancellation: a
			});
			if (a.requested()) throw new n.wt("cancelled", "The job was cancelled before anybody had logged in.", "Run it again.");
			const o = await t.read(n.J(l));
			if (r !== 0 || o === null) throw Wt();
			const s = Ut(o);
			n.ft(s, i);
			i.info(`Logged in: generation ${s.generation}.`);
			return s;
		} finally {
			await t.remove(l);
		}
	}
	async #i(e, t, n) {
		const { ledgerFile: r, cancellation: i, box: a, clock: o, log: s, place: c, writer: l, randomness: u, handoff: d } = this.#e;
		const { handed: f } = this.#t;
		const p = this.#a(n);
		const m = {
			document: e,
			predecessor: f,
			claim: null,
			before: t,
			stored: false,
			writes: []
		};
		const h = await L({
			session: n,
			claims: p,
			writer: l.kind,
			box: a,
			clock: o,
			log: s,
			place: c,
			holder: Buffer.from(u.bytes(16)).toString("hex"),
			cancelled: () => i.requested()
		}, {
			document: e,
			encoding: f?.encoding ?? "json",
			before: t,
			mayReplace: async () => false,
			spent: null,
			held: null,
			key: null,
			patienceMs: zt,
			writes: [],
			begin: (t) => M(r(f ?? e), m, t)
		});
		if (h.kind === "stored" && h.updatedAt !== null) await p.mark(e, h.updatedAt);
		const g = await n.serverClock.now().catch(() => o.now());
		const _ = f !== null && await j(d, {
			under: [f],
			document: e,
			savedAt: g,
			log: s
		});
		return N(r(f ?? e), {
			ledger: m,
			outcome: h,
			inHandoff: _,
			log: s
		});
	}
	#a(e) {
		const { runInformation: t, clock: n, log: r, place: i, claimant: a } = this.#e;
		const { variables: o, serverClock: s } = e;
		return new A({
			variables: o,
			serverClock: s,
			runInformation: t,
			clock: n,
			log: r,
			place: i,
			claimant: a,
			insistence: "forced"
		});
	}
	async #o(e) {
		const { writer: t, place: n, clock: r, log: i } = this.#e;
		let a = null;
		try {
			a = await O({
				clock: r,
				log: i
			}, { withinMs: Bt }, () => t.open());
			return await e(a);
		} catch (e) {
			if (!(e instanceof C)) throw e;
			throw E(e, {
				place: n,
				writer: t.kind,
				workedEarlier: false
			});
		} finally {
			await a?.close();
		}
	}
};
function Ut(e) {
	try {
		return n.ht.parse(e);
	} catch (e) {
		if (!(e instanceof n.wt)) throw e;
		throw new n.wt("reseed-failed", `Codex left an unusable login: ${e.message}`, e.hint, { cause: e });
	}
}
function Wt() {
	return new n.wt("reseed-failed", "Nobody has logged in: the one-time code was not used, or Codex says above what went wrong. The secret is as it was.", "Start a new run and use its code within 15 minutes. Device logins must be allowed in the account's or the workspace's security settings at ChatGPT.");
}
function Gt() {
	return new n.wt("reseed-other-account", "Somebody has logged in with another ChatGPT account than the one that this secret is for. Nothing was stored.", "Log in with the account that was there before, or, to change it on purpose, set `expected-account-id`.");
}
// src/core/envelope.ts
const Kt = "codex-auth-roundtrip envelope v1 ";
const G = 24;
const qt = 16;
const Jt = 65536;
const Yt = 163840;
function Xt(e, { key: t, nonce: n, label: r, text: i }) {
	if (n.length !== G) throw new RangeError(`A nonce has ${G} bytes.`);
	const a = $t(r);
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
	if (s.length > Qt(r)) throw new RangeError("The envelope is too large.");
	return s;
}
function Zt(e, { key: t, label: n, envelope: r }) {
	const i = $t(n);
	if (r.length > Qt(n)) return null;
	if (r.length < i.length + G + qt) return null;
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
function Qt(e) {
	return e === "ledger" ? Yt : Jt;
}
function $t(e) {
	return Buffer.from(`${Kt}${e}\n`, "ascii");
}
// src/core/handover-keys.ts
const en = "codex-auth-roundtrip/handover/v1";
function K(e, t) {
	const n = `${e.refreshToken.reveal()}\n${e.accessToken.reveal()}`;
	const r = (e, r) => {
		const i = [
			e,
			t.repositoryId,
			(t.environment ?? "").toLowerCase(),
			t.secretName.toUpperCase()
		];
		return new Uint8Array((0, c.hkdfSync)("sha256", n, en, i.join("\0"), r));
	};
	return {
		cacheKeyPrefix: `codex-auth-handover-v1-${Buffer.from(r("find", 16)).toString("hex")}-`,
		encryptionKey: r("open", 32)
	};
}
// src/adapters/aead.ts
const tn = 24;
async function nn() {
	await u.default.ready;
	return {
		seal: ({ key: e, nonce: t, plaintext: n, associated: r }) => u.default.crypto_aead_xchacha20poly1305_ietf_encrypt(n, r, null, t, e),
		open: ({ key: e, nonce: t, sealed: n, associated: r }) => {
			try {
				return u.default.crypto_aead_xchacha20poly1305_ietf_decrypt(null, n, r, t, e);
			} catch {
				return null;
			}
		}
	};
}
function rn(e, t) {
	return {
		seal: async (n, r, i) => {
			const { encryptionKey: a } = K(n, e);
			return Xt(await nn(), {
				key: a,
				nonce: t.bytes(tn),
				label: r,
				text: i
			});
		},
		open: async (t, n, r) => {
			const { encryptionKey: i } = K(t, e);
			return Zt(await nn(), {
				key: i,
				label: n,
				envelope: r
			});
		}
	};
}
// src/adapters/codex-app-server.ts
const an = 95e3;
const on = 44500;
const sn = 5e3;
const cn = {
	id: 1,
	method: "initialize",
	params: { clientInfo: {
		name: "codex-auth-roundtrip",
		title: "codex-auth-roundtrip",
		version: "1"
	} }
};
const ln = { method: "initialized" };
const un = {
	id: 2,
	method: "account/read"
};
const dn = "https://127.0.0.1:9/";
const fn = [
	"cli_auth_credentials_store=\"file\"",
	`chatgpt_base_url="${dn}"`,
	"model_provider=\"nowhere\"",
	`model_providers.nowhere={name="nowhere",base_url="${dn}",wire_api="responses",requires_openai_auth=true,supports_websockets=false,request_max_retries=0,stream_max_retries=0}`,
	...n.o.map((e) => `features.${e}=false`)
].flatMap((e) => ["-c", e]);
function pn(e) {
	return { refresh: async ({ home: t, environment: n, started: r, refreshes: a }) => {
		const o = (0, d.spawn)(e, [...fn, "app-server"], {
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
		await (0, f.once)(o, "spawn");
		let l = "";
		o.stderr.setEncoding("utf8").on("data", (e) => {
			l = (l + e).slice(-2e4);
		});
		o.stdin.on("error", () => {});
		let u;
		let p = false;
		try {
			await r({
				pid: o.pid ?? 0,
				startedAt: await i.r(o.pid ?? 0)
			});
			u = await Promise.race([
				mn(o, a, () => {
					p = true;
				}),
				c.then(() => "no-answer"),
				(0, m.setTimeout)(an, "no-answer", { ref: false })
			]);
		} finally {
			await _n(o, c);
		}
		const g = (0, h.stripVTControlCharacters)(l);
		if (u !== "no-answer" || p || !s) return {
			account: u,
			words: g
		};
		return {
			account: "unstarted",
			words: `${await hn(e, n)}: ${g}`
		};
	} };
}
async function mn(e, t, n) {
	const { stdin: r, stdout: i } = e;
	if (!r || !i) throw new TypeError("The app-server has no pipes.");
	const a = performance.now();
	const o = (e) => void r.write(`${JSON.stringify(e)}\n`);
	o(cn);
	for await (const e of (0, p.createInterface)({ input: i })) {
		const r = gn(e);
		if (r?.id === cn.id) {
			n();
			o(ln);
			o({
				...un,
				params: { refreshToken: t === "on-request" }
			});
		} else if (r?.id === un.id) {
			if ("error" in r) return performance.now() - a >= on ? "late-error" : "error";
			const { result: e } = r;
			return typeof e === "object" && e !== null && "account" in e && e.account !== null ? "present" : "absent";
		}
	}
	return "no-answer";
}
function hn(e, t) {
	return new Promise((n) => {
		(0, d.execFile)(e, ["--version"], {
			env: { ...t },
			timeout: 5e3
		}, (e, t) => n(e ? "codex" : t.trim()));
	});
}
function gn(e) {
	try {
		return JSON.parse(e);
	} catch {
		return null;
	}
}
async function _n(e, t) {
	const n = () => e.exitCode !== null || e.signalCode !== null;
	e.stdin?.end();
	await Promise.race([t, (0, m.setTimeout)(sn, void 0, { ref: false })]);
	for (const r of ["SIGTERM", "SIGKILL"]) {
		if (n()) return;
		e.kill(r);
		await Promise.race([t, (0, m.setTimeout)(sn, void 0, { ref: false })]);
	}
}
// src/adapters/device-login.ts
const vn = 9e5;
const yn = 250;
const bn = 5e3;
function xn(e) {
	return { run: ({ home: t, environment: n, output: r, cancellation: i }) => new Promise((a, o) => {
		const s = (0, d.spawn)(e, [
			"-c",
			"cli_auth_credentials_store=\"file\"",
			"login",
			"--device-auth"
		], {
			cwd: t,
			env: {
				...n,
				CODEX_HOME: t
			},
			stdio: [
				"ignore",
				"pipe",
				"pipe"
			],
			detached: process.platform !== "win32"
		});
		for (const e of [s.stdout, s.stderr]) (0, p.createInterface)({ input: e }).on("line", (e) => r((0, h.stripVTControlCharacters)(e)));
		s.once("error", o);
		const c = new Promise((e) => s.once("close", () => e()));
		c.then(() => a({ exitCode: s.exitCode }));
		Sn(s, c, () => i.requested());
	}) };
}
async function Sn(e, t, n) {
	const r = performance.now() + vn;
	let i = false;
	t.then(() => {
		i = true;
	});
	while (!i && !n() && performance.now() < r) await (0, m.setTimeout)(yn);
	for (const n of ["SIGTERM", "SIGKILL"]) {
		if (i) return;
		e.kill(n);
		await Promise.race([t, (0, m.setTimeout)(bn, void 0, { ref: false })]);
	}
}
// src/adapters/bounded-fetch.ts
const Cn = 1e4;
function q(e, t = {}) {
	return fetch(e, {
		...t,
		signal: AbortSignal.timeout(Cn)
	});
}
// src/adapters/github-client.ts
const wn = "2022-11-28";
const Tn = {
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
		this.#e = new g.Octokit({
			auth: t.reveal(),
			baseUrl: e,
			userAgent: "codex-auth-roundtrip",
			log: Tn,
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
				headers: { "x-github-api-version": wn }
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
		if (this.#n === null) throw new C("GitHub did not tell its time.", { status: null });
		const { date: e, monotonicMs: t } = this.#n;
		return new Date(e.getTime() + this.#t.monotonicMs() - t);
	}
	#i(e) {
		const t = new Date(String(e.date));
		if (!Number.isNaN(t.getTime())) this.#n = {
			date: t,
			monotonicMs: this.#t.monotonicMs()
		};
		const n = On(e["github-authentication-token-expiration"]);
		if (n) this.#r = n;
	}
	#a(e) {
		const t = e instanceof Error && "response" in e ? e.response : void 0;
		if (En(t)) this.#i(t.headers);
		return Dn(e, this.#t.now());
	}
};
function En(e) {
	return typeof e === "object" && e !== null && "headers" in e && "status" in e;
}
function Dn(e, t) {
	const n = e instanceof Error && "response" in e ? e.response : void 0;
	if (!En(n)) return new C(w(null, null), { status: null });
	const { status: r, headers: i, data: a } = n;
	const o = typeof a === "object" && a !== null && "message" in a ? a.message : null;
	const s = typeof o === "string" && o !== "" ? o : null;
	const c = new Date(i.date ?? "");
	const l = Number.isNaN(c.getTime()) ? t : c;
	return new C(w(r, s), {
		status: r,
		said: s,
		retryAfterMs: ge({
			status: r,
			said: s,
			headers: i,
			now: l
		})
	});
}
function On(e) {
	if (typeof e !== "string") return null;
	const t = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(e.trim());
	if (!t) return null;
	const [, n, r, i = "UTC"] = t;
	const a = /* @__PURE__ */ new Date(`${n}T${r}${i === "UTC" ? "Z" : `${i.slice(0, 3)}:${i.slice(3)}`}`);
	return Number.isNaN(a.getTime()) ? null : a;
}
// src/core/note.ts
function kn({ document: e, savedAt: t }) {
	return JSON.stringify({
		document: e.line().reveal(),
		saved_at: t.toISOString()
	});
}
function An(e) {
	try {
		const { document: t, saved_at: r } = JSON.parse(e);
		const i = new Date(typeof r === "string" ? r : NaN);
		const a = typeof t === "string" ? n.ht.read(t) : null;
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
const jn = ["zstd-without-long", "gzip"];
const Mn = Jt + 16384;
function Nn(e) {
	const t = [
		Y,
		e,
		"1.0"
	];
	return (0, c.createHash)("sha256").update(t.join("|")).digest("hex");
}
async function Pn(e) {
	if (In(e) && _.default.zstdDecompressSync === void 0) throw new Error("This Node cannot read zstd.");
	let t;
	try {
		t = Ln(e);
	} catch {
		return null;
	}
	const n = (0, v.extract)();
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
const Fn = Buffer.from([
	40,
	181,
	47,
	253
]);
function In(e) {
	return Fn.equals(e.subarray(0, 4));
}
function Ln(e) {
	const t = { maxOutputLength: Mn };
	return In(e) ? _.default.zstdDecompressSync(e, t) : _.default.gunzipSync(e, t);
}
// src/adapters/handover-cache.ts
const Rn = 15e3;
const zn = "twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL";
function Bn(e) {
	const { ACTIONS_RESULTS_URL: t, ACTIONS_RUNTIME_TOKEN: n, ACTIONS_CACHE_SERVICE_V2: r } = e;
	const i = new URL(e.GITHUB_SERVER_URL || "https://github.com").hostname.toLowerCase();
	const a = i === "github.com" || i.endsWith(".ghe.com") || i.endsWith(".localhost");
	return t && n && r && a ? {
		resultsUrl: t,
		runtimeToken: n
	} : null;
}
function Vn({ service: e, place: t, cipher: r, clock: i, log: a, temporaryDirectory: o }) {
	async function c(e, { key: t, archive: n }) {
		const i = await Pn(n);
		const a = (i && await r.open(e, "note", i)) ?? "";
		return a.startsWith(`${t}\n`) ? An(a.slice(t.length + 1)) : null;
	}
	async function u(n, r) {
		const a = Nn(r);
		const { cacheKeyPrefix: o } = K(n, t);
		const s = await Qn(e, o, a);
		if (s === null) return { kind: "none" };
		const l = await c(n, s);
		if (l) return {
			kind: "note",
			note: l
		};
		let u = [{
			suffix: "",
			entry: s
		}];
		let d = null;
		for (let t = Gn; u.length > 0;) {
			const r = u.flatMap(({ suffix: e, entry: t }) => [...Xn(t.key.slice(o.length), e), ...Zn(e, i.now())]);
			t -= r.length;
			if (t < 0) break;
			const s = await Promise.all(r.map(async (t) => ({
				suffix: t,
				entry: await Qn(e, o + t, a)
			})));
			u = [];
			for (const { suffix: e, entry: t } of s) {
				if (t === null) continue;
				const r = await c(n, t);
				if (r === null) u.push({
					suffix: e,
					entry: t
				});
				else if (d === null || r.savedAt > d.note.savedAt) d = {
					suffix: t.key.slice(o.length),
					note: r
				};
			}
			const l = d?.suffix ?? "";
			u = u.filter(({ suffix: e }) => e >= l.slice(0, e.length));
		}
		return d === null ? { kind: "not-answered" } : {
			kind: "note",
			note: d.note
		};
	}
	return {
		prepare: () => void tr().catch(() => {}),
		look: async (e) => {
			const t = jn.map((t) => u(e, t));
			return Un(await Promise.all(t.map((e) => e.catch(() => ({ kind: "not-answered" })))));
		},
		save: async (e, c) => {
			let u = null;
			try {
				u = await (0, l.mkdtemp)((0, s.join)(o, "handover-"));
				const d = K(e, t).cacheKeyPrefix + Wn(c.savedAt);
				const f = await r.seal(e, "note", `${d}\n${kn(c)}`);
				await (0, l.writeFile)((0, s.join)(u, Y), f, { mode: 384 });
				const { isSaved: p, complaint: m } = await nr(u, d, i);
				if (!p && m) a.info(`The Actions cache says: ${n.H(m)}.`);
				return p ? "saved" : "failed";
			} catch {
				return "failed";
			} finally {
				if (u) await (0, l.rm)(u, {
					recursive: true,
					force: true
				}).catch(() => {});
			}
		}
	};
}
const Hn = {
	prepare: () => {},
	look: async () => ({ kind: "none" }),
	save: async () => "off"
};
function Un(e) {
	const [t] = e.flatMap((e) => e.kind === "note" ? [e.note] : []).sort((e, t) => t.savedAt.getTime() - e.savedAt.getTime());
	if (!t && e.some(({ kind: e }) => e === "not-answered")) return { kind: "not-answered" };
	return t ? {
		kind: "note",
		note: t
	} : { kind: "none" };
}
function Wn(e) {
	return `${Math.floor(e.getTime() / 1e3)}-${(0, c.randomBytes)(6).toString("hex")}`;
}
const Gn = 120;
const X = 10;
const Kn = /^\d{10}-[0-9a-f]{12}/;
const qn = 23;
const Jn = 5184e3;
const Yn = 172800;
function Xn(e, t) {
	const [n] = Kn.exec(e) ?? [];
	return n === void 0 || n === t ? [] : [n];
}
function Zn(e, t) {
	if (e.length >= qn) return [];
	if (e.length === X) return [`${e}-`];
	if (e.length > X) return [..."0123456789abcdef"].map((t) => e + t);
	const n = t.getTime() / 1e3;
	const r = 10 ** (X - e.length - 1);
	return [..."0123456789"].map((t) => e + t).filter((e) => {
		const t = Number(e) * r;
		return t <= n + Yn && t + r > n - Jn;
	});
}
async function Qn(e, t, n) {
	const r = await q(new URL(zn, er(e.resultsUrl)), {
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
		archive: await $n(a)
	};
}
async function $n(e) {
	const t = await q(e);
	if (!t.ok || !t.body) throw new Error(`The cache's storage answered ${t.status}.`);
	const n = [];
	let r = 0;
	for await (const e of t.body) {
		r += e.byteLength;
		if (r > Mn) return /* @__PURE__ */ new Uint8Array();
		n.push(e);
	}
	return Buffer.concat(n);
}
function er(e) {
	return e.endsWith("/") ? e : `${e}/`;
}
function tr() {
	return Promise.resolve().then(() => /* @__PURE__ */ e.r(require("../packages/actions-cache.cjs"), 1));
}
async function nr(e, t, n) {
	const { saveCache: r } = await tr();
	const i = ar();
	const a = {
		directory: process.cwd(),
		workspace: process.env.GITHUB_WORKSPACE
	};
	process.chdir(e);
	process.env.GITHUB_WORKSPACE = e;
	try {
		const e = r([Y], t, void 0, true).finally(i.release);
		return {
			isSaved: await Promise.race([e.then((e) => e !== -1), n.sleep(Rn).then(() => false)]),
			complaint: i.complaint()
		};
	} finally {
		process.chdir(a.directory);
		if (a.workspace === void 0) delete process.env.GITHUB_WORKSPACE;
		else process.env.GITHUB_WORKSPACE = a.workspace;
	}
}
const rr = /^(?:::(?:warning|error)::|Failed to save: |Attempt \d+ of \d+ failed with error: )(.+)/s;
const Z = /* @__PURE__ */ new Set();
let ir = () => {};
function ar() {
	let e = null;
	const t = (t) => {
		e ??= rr.exec(t)?.[1]?.replace(/\?\S+/g, "?…") ?? null;
	};
	if (Z.size === 0) ir = or([process.stdout, process.stderr]);
	Z.add(t);
	return {
		complaint: () => e,
		release: () => {
			Z.delete(t);
			if (Z.size === 0) ir();
		}
	};
}
function or(e) {
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
const sr = [
	"localhost",
	"127.0.0.1",
	"[::1]"
];
function cr(e) {
	const t = lr(e);
	if (!t.http_proxy && !t.https_proxy) return null;
	if (typeof y.setGlobalProxyFromEnv === "function") {
		y.setGlobalProxyFromEnv({ ...t });
		return null;
	}
	const n = process.allowedNodeEnvironmentFlags.has("--use-env-proxy");
	if (n && e.NODE_USE_ENV_PROXY === "1") return null;
	return `A proxy is set, and this Node (${process.version}) sends requests past it. ` + (n ? "Set NODE_USE_ENV_PROXY=1 from the start, or use Node 24.14 or newer." : "Use Node 24.14 or newer.");
}
function lr(e) {
	const { http_proxy: t, HTTP_PROXY: n, https_proxy: r, HTTPS_PROXY: i, no_proxy: a, NO_PROXY: o } = e;
	const s = (a || o || "").split(",").map((e) => e.trim()).filter((e) => e !== "");
	const c = s.filter((e) => !/^[.*]/.test(e)).map((e) => `.${e}`);
	return {
		...s.includes("*") ? {
			http_proxy: void 0,
			https_proxy: void 0
		} : {
			http_proxy: ur(t || n),
			https_proxy: ur(r || i)
		},
		no_proxy: [
			...s,
			...c,
			...sr
		].join(",")
	};
}
function ur(e) {
	return !e || /^https?:\/\//i.test(e) ? e : `http://${e}`;
}
// src/adapters/run-information.ts
function dr(e, t) {
	const n = {
		owner: t.owner,
		repo: t.repository
	};
	const r = {
		...n,
		run_id: Number(t.runId)
	};
	async function i() {
		const { data: t } = await e.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}", r);
		return hr(t.created_at);
	}
	async function a() {
		const n = [];
		for (let i = 1; i <= pr; i++) {
			const { data: a } = await e.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs", {
				...r,
				attempt_number: t.runAttempt,
				per_page: fr,
				page: i
			});
			const { jobs: o } = a;
			n.push(...o.filter(({ runner_name: e, status: n }) => e === t.runnerName && n === "in_progress"));
			if (o.length < fr) break;
		}
		const [i] = n;
		return n.length === 1 && i ? hr(i.started_at) : {
			kind: "unknown",
			because: "ambiguous"
		};
	}
	return {
		isRerun: t.runAttempt > 1,
		readTime: async (e) => {
			try {
				return e === "repository" || t.runAttempt > 1 ? await i() : await a();
			} catch (e) {
				if (!(e instanceof C)) return {
					kind: "unknown",
					because: "ambiguous"
				};
				return {
					kind: "unknown",
					because: !T(e) && (e.status === 401 || e.status === 403 || e.status === 404) ? "permission" : "unreachable"
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
				const { data: i } = await e.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups", r);
				const a = i.concurrency_groups.map(({ group_name: e }) => e);
				const { workflow_id: o } = (await e.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}", r)).data;
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
				return [r.permission, r.role_name].some((e) => mr.has(e));
			} catch (e) {
				return e instanceof C && e.status === 404 ? false : null;
			}
		}
	};
}
const fr = 100;
const pr = 20;
const mr = /* @__PURE__ */ new Set([
	"admin",
	"maintain",
	"write"
]);
function hr(e) {
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
const gr = { seal: async (e, { id: t, key: n }) => {
	await u.default.ready;
	const r = u.default.crypto_box_seal(Buffer.from(e.reveal(), "utf8"), n);
	return {
		keyId: t,
		encryptedValue: Buffer.from(r).toString("base64")
	};
} };
// src/adapters/scope-variables.ts
const _r = 30;
const vr = 17;
function yr(e, t) {
	const r = n.q(t);
	const i = async (...t) => {
		try {
			return await e.request(...t);
		} catch (e) {
			if (!(e instanceof C)) throw e;
			const { message: t, status: n, retryAfterMs: r, said: i } = e;
			throw new C(t, {
				status: n,
				retryAfterMs: r,
				said: i,
				permission: "Variables",
				cause: e
			});
		}
	};
	const a = async (e) => {
		try {
			return await e;
		} catch (e) {
			if (e instanceof C && e.status === 404) return null;
			throw e;
		}
	};
	return {
		read: async (e) => {
			const t = await a(i(`GET ${r}/${e}`));
			return t && Q(t.data);
		},
		list: async () => {
			const e = [];
			for (let t = 1; t <= vr; t++) {
				const { data: n } = await i(`GET ${r}?per_page=${_r}&page=${t}`);
				const { variables: a } = br(n);
				const o = Array.isArray(a) ? a.map(Q) : [];
				e.push(...o);
				if (o.length < _r) break;
			}
			return e;
		},
		create: async (e, t) => {
			try {
				await i(`POST ${r}`, {
					name: e,
					value: t
				});
				return "created";
			} catch (e) {
				if (e instanceof C && e.status === 409) return "exists";
				throw e;
			}
		},
		update: async (e, t) => await a(i(`PATCH ${r}/${e}`, {
			name: e,
			value: t
		})) !== null,
		remove: async (e) => {
			await a(i(`DELETE ${r}/${e}`));
		}
	};
}
function Q(e) {
	const { name: t, value: n, created_at: r } = br(e);
	const i = new Date(String(r));
	if (typeof t !== "string" || typeof n !== "string" || Number.isNaN(i.getTime())) throw new C("GitHub's answer holds no variable.", { status: null });
	return {
		name: t,
		value: n,
		createdAt: i
	};
}
function br(e) {
	return typeof e === "object" && e !== null ? e : {};
}
// src/adapters/secret-store.ts
function xr(e, t) {
	const r = n.K(t);
	return {
		metadata: async (t) => {
			try {
				const { data: n } = await e.request(`GET ${r}/${t}`);
				const { created_at: i, updated_at: a } = $(n);
				return {
					createdAt: Sr(i),
					updatedAt: Sr(a)
				};
			} catch (e) {
				if (e instanceof C && e.status === 404) return null;
				throw e;
			}
		},
		publicKey: async () => {
			const { key_id: t, key: n } = $((await e.request(`GET ${r}/public-key`)).data);
			return {
				id: String(t),
				key: new Uint8Array(Buffer.from(String(n), "base64"))
			};
		},
		put: async (t, n) => {
			const { status: i } = await e.request(`PUT ${r}/${t}`, {
				encrypted_value: n.encryptedValue,
				key_id: n.keyId
			});
			return i === 201 ? "created" : "updated";
		},
		remove: async (t) => {
			try {
				await e.request(`DELETE ${r}/${t}`);
			} catch (e) {
				if (!(e instanceof C && e.status === 404)) throw e;
			}
		},
		count: async () => Number($((await e.request(`GET ${r}?per_page=1`)).data).total_count)
	};
}
function $(e) {
	if (typeof e !== "object" || e === null) throw new C("GitHub's answer has no fields.", { status: null });
	return e;
}
function Sr(e) {
	const t = new Date(String(e));
	if (Number.isNaN(t.getTime())) throw new C("GitHub's answer has no date.", { status: null });
	return t;
}
// src/adapters/writer.ts
function Cr(e, { apiUrl: t, place: n, clock: r }) {
	return {
		kind: "token",
		open: async () => Tr(new J({
			apiUrl: t,
			token: e,
			clock: r
		}), n, async () => {})
	};
}
function wr(e, t, n) {
	const { apiUrl: r, place: i, clock: a, log: o } = n;
	return {
		kind: "app",
		open: async () => {
			const s = await Er(e, t, n);
			o.mask(s);
			const c = new J({
				apiUrl: r,
				token: s,
				clock: a
			});
			return Tr(c, i, async () => {
				await c.request("DELETE /installation/token");
			});
		}
	};
}
function Tr(e, t, n) {
	return {
		store: xr(e, t),
		variables: yr(e, t),
		serverClock: e,
		expiresAt: () => e.tokenExpiresAt(),
		close: () => n().catch(() => {})
	};
}
async function Er(e, t, { apiUrl: r, place: i, clock: a }) {
	const o = n.G(i);
	try {
		const { hook: a } = (0, ee.createAppAuth)({
			appId: e,
			privateKey: t.reveal().replaceAll("\\n", "\n").trim(),
			log: { warn: () => {} }
		});
		const s = te.request.defaults({
			baseUrl: r,
			headers: { "x-github-api-version": wn },
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
			permissions: o === "secrets" ? Dr : { environments: "write" }
		});
		return new n.xt(l.token);
	} catch (e) {
		throw Or(e, {
			place: i,
			now: a.now()
		});
	}
}
const Dr = {
	secrets: "write",
	actions_variables: "write"
};
function Or(e, { place: t, now: r }) {
	const i = Dn(e, r);
	const { status: a, said: o } = i;
	if (a !== null && T(i)) return i;
	const s = `${t.owner}/${t.repository}`;
	const c = n.G(t) === "secrets" ? "\"Secrets: read and write\" or \"Variables: read and write\"" : "\"Environments: read and write\"";
	const l = o === null ? String(a) : `${a}: ${n.H(o)}`;
	switch (a) {
		case 401: return new n.wt("app-invalid", `GitHub does not accept the App's client ID with this private key (${l}).`, "Check that `client-id` and `private-key` belong to the same App, and that the key has not been deleted there.");
		case 404: return new n.wt("app-not-installed", `The GitHub App is not installed on ${s} (${l}).`, `Install the App on ${s} (the App's settings → Install App).`);
		case 403:
		case 422: return new n.wt("app-permission-missing", `The GitHub App's installation on ${s} lacks the permission ${c} (${l}).`, `Give the App ${n.G(t) === "secrets" ? "both repository permissions" : "that repository permission"} and accept the change in the installation.`);
		case null: return e instanceof Error && "status" in e ? i : new n.wt("app-invalid", "The GitHub App's private key cannot be read.", "Pass the whole PEM file in `private-key`, with its first and last line.");
		default: return i;
	}
}
// src/entry/go-online.ts
const kr = cr(process.env);
if (kr !== null) n.m.warning(kr);
function Ar(e) {
	const { inputs: t, surroundings: r, session: a, handed: o } = e;
	const { environment: s, codex: c, cipher: l, writer: u, ...d } = Mr(e);
	return new Rt({
		...d,
		writer: u,
		refresher: async () => pn(await c()),
		ledgerFile: oe(n.h, l, {
			base: a.base,
			holder: o
		}),
		channel: n.p,
		processes: i.i
	}, {
		inputs: t,
		session: a,
		handed: o,
		visibility: r.visibility,
		environment: s
	});
}
async function jr(e) {
	const { inputs: t, surroundings: r, session: i, handed: a } = e;
	const { environment: o, codex: s, cipher: c, writer: l, ...u } = Mr(e);
	if (l === null) throw new TypeError("A reseed needs a writer.");
	const { base: d } = i;
	return Vt({
		...u,
		writer: l,
		deviceLogin: async () => xn(await s()),
		ledgerFile: (e) => oe(n.h, c, {
			base: d,
			holder: e
		})
	}, {
		handed: a,
		expectedAccountId: t.expectedAccountId,
		visibility: r.visibility,
		base: d,
		environment: o
	});
}
function Mr({ inputs: e, surroundings: r, session: i, handed: s, cancellation: c }) {
	const l = n.n(r, i.place);
	const u = rn(l, a.t);
	const d = e.handover === "off" ? null : Bn(process.env);
	const { apiUrl: f } = r;
	const p = n.St(process.env, [...n.yt(e), ...s?.tokens ?? []]);
	const m = o.r({
		...p,
		...e.codexEnvironment
	}, n.i);
	const h = {
		place: l,
		cipher: u,
		clock: n.g,
		log: n.m,
		temporaryDirectory: i.base
	};
	return {
		environment: m,
		cipher: u,
		codex: () => {
			return t.t(a.codexProgram(m, e), n.p, e.codexVersion);
		},
		writer: Pr(e, {
			apiUrl: f,
			place: l,
			clock: n.g,
			log: n.m
		}),
		box: gr,
		handoff: d ? Vn({
			service: d,
			...h
		}) : Hn,
		runInformation: Nr(e, r),
		files: n.h,
		clock: n.g,
		randomness: a.t,
		log: n.m,
		cancellation: c,
		place: l,
		claimant: {
			run: r.runId,
			attempt: r.runAttempt,
			ref: r.ref
		}
	};
}
function Nr(e, t) {
	const { apiUrl: r } = t;
	const i = e.githubToken ?? new n.xt("");
	return dr(new J({
		apiUrl: r,
		token: i,
		clock: n.g
	}), t);
}
function Pr(e, t) {
	const { writer: n } = e;
	switch (n.kind) {
		case "none": return null;
		case "token": return Cr(n.token, t);
		case "app": return wr(n.clientId, n.privateKey, t);
	}
}
exports.goOnline = Ar;
exports.reseedOnline = jr;
exports.runInformationOf = Nr;
