"use strict";
const e = require("../post.cjs");
const t = require("./rescue.cjs");
// src/action/finish.ts
async function n(e, t) {
	const n = new r(e, t);
	await n.run();
	return n;
}
var r = class {
	report;
	failures = [];
	#e;
	#t;
	constructor(e, t) {
		this.#e = e;
		this.#t = t;
		this.report = t.report;
	}
	async run() {
		const { section: t } = this.#t;
		const n = await this.#r();
		if (n === null) return this.#a();
		if (!(t !== null && await this.#o(n, (e) => e.recover(t))) && await e.A(this.#t)) await this.#o(n, (e) => e.publishPending());
		await this.#n(n);
		if (this.#t.report?.rotated && this.#t.report.published) await this.#o(n, async (e) => {
			await e.demandUnmovedSecret();
			return null;
		});
		if (await e.M({
			...this.#t,
			report: this.report
		})) await this.#o(n, async (e) => {
			await e.waitForHome();
			return e.publishChangedHome("job-ends");
		});
	}
	async #n(t) {
		const { report: n, section: r } = this.#t;
		if (!n?.rotated || n.published || r !== null) return;
		if (this.report !== n || this.failures.length > 0) return;
		await this.#o(t, async (t) => {
			if (await t.hasStored()) return null;
			throw new e.W("publish-pending", "The refreshed login is not stored, and what main has kept of it on this machine is gone.", "Dispatch the maintenance workflow now: it repairs the secret from the handoff. Remove the step that empties RUNNER_TEMP.");
		});
	}
	async #r() {
		const { inputs: n, session: r, files: i, section: a } = this.#t;
		if (n.secret) return this.#i(n.secret);
		const o = a?.directory && await t.o(i, t.a(a.directory));
		if (o) return o.handed;
		const s = await i.read(e.P(r.base));
		return s === null ? null : this.#i(new e.H(s));
	}
	#i(n) {
		try {
			return t.c(n, this.#e.log);
		} catch (t) {
			if (t instanceof e.W) return null;
			throw t;
		}
	}
	#a() {
		if (!e.j(this.#t)) return;
		this.failures.push(new e.W("publish-pending", "The refreshed login could not be stored, and this phase got no inputs to try again. The handoff has it.", "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside nested composite actions GitHub hands post no inputs."));
	}
	async #o(e, t) {
		try {
			if (this.#e.steered) throw this.#e.steered;
			const n = await t(await this.#e.online(this.#t.session, e));
			if (n) this.#s(n);
			return n !== null;
		} catch (e) {
			this.failures.push(e);
			return false;
		}
	}
	#s(n) {
		const { log: r } = this.#e;
		const { document: a } = n.ledger;
		const o = n.kind === "published";
		const s = this.report;
		this.report = e.y(a, {
			role: "keeper",
			restoredFrom: s?.restoredFrom ?? "secret",
			rotated: true,
			published: o,
			events: [...s?.events ?? [], o ? "Stored in post." : n.failure.message],
			alert: n.kind === "refused" ? i(n.failure) : null,
			rescue: o ? null : n.rescue
		});
		if (n.kind === "published") {
			r.info(`Published generation ${a.generation}.`);
			return;
		}
		if (n.rescue) t.n(r, "To store this job's document by hand:", n.rescue);
		if (n.kind === "refused") {
			this.failures.push(n.failure);
			return;
		}
		const c = n.handedOver ? "The handoff in the Actions cache has it." : "The handoff could not be saved either.";
		this.failures.push(new e.W("publish-pending", `The refreshed login could not be stored. ${c} ${n.failure.message}`, `Repair the cause, then dispatch maintenance now: it heals the secret from the handoff. ${n.failure.hint}`, { cause: n.failure }));
	}
};
function i({ code: e, message: t, hint: n }) {
	return {
		code: e,
		message: t,
		hint: n
	};
}
exports.finish = n;
