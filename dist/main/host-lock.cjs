"use strict";
const e = require("../main.cjs");
const t = require("./processes.cjs");
let n = require("node:fs");
let r = require("node:crypto");
// src/adapters/host-lock.ts
const i = 3;
const a = {
	take: async (e, t) => {
		const n = {
			...await o(),
			job: t
		};
		const r = await c(e, n);
		if (r !== null) return {
			content: r,
			by: "this-step"
		};
		const i = m(e);
		return i !== null && f(n, i) ? {
			content: i,
			by: "earlier-step"
		} : null;
	},
	isUsed: async (e) => (await t.i.usingHome(e)).length > 0,
	letGo: (e, t) => l(e, t)
};
async function o() {
	const n = await t.r(process.ppid);
	if (process.ppid > 0 && (n !== null || process.platform !== "linux")) return {
		pid: process.ppid,
		startedAt: n
	};
	throw new e.wt("input-invalid", "`home-lifetime: persistent` does not work in a container job: the host's processes cannot be seen from there.", "Run the job on the host itself, without `container:`.");
}
const s = (e) => e();
async function c(e, t, a = s) {
	const o = `${JSON.stringify({
		...t,
		nonce: (0, r.randomBytes)(6).toString("hex")
	})}\n`;
	const c = `${e}.${(0, r.randomBytes)(6).toString("hex")}.tmp`;
	a(() => (0, n.writeFileSync)(c, o, {
		flag: "wx",
		mode: 384
	}));
	try {
		for (let t = 1; t <= i; t++) {
			if (a(() => u(c, e))) return o;
			if (!await d(e, a)) return null;
		}
		return null;
	} finally {
		a(() => (0, n.rmSync)(c, { force: true }));
	}
}
async function l(e, t, r = s) {
	r(() => {
		if (m(e) === t) (0, n.unlinkSync)(e);
	});
}
function u(e, t) {
	try {
		(0, n.linkSync)(e, t);
		return true;
	} catch (e) {
		if (e.code === "EEXIST") return false;
		throw e;
	}
}
async function d(e, t) {
	const i = t(() => m(e));
	if (i === null) return true;
	if (await p(i)) return false;
	return t(() => {
		const t = `${e}.${(0, r.randomBytes)(6).toString("hex")}.dead`;
		try {
			(0, n.renameSync)(e, t);
		} catch {}
		const a = m(t);
		if (a !== null && a !== i) u(t, e);
		(0, n.rmSync)(t, { force: true });
		return a === i;
	});
}
function f({ pid: e, startedAt: t, job: n }, r) {
	try {
		const i = JSON.parse(r);
		return i.pid === e && i.startedAt === t && i.job === n;
	} catch {
		return false;
	}
}
async function p(e) {
	try {
		const { pid: n, startedAt: r } = JSON.parse(e);
		return await t.i.isAlive({
			pid: n,
			startedAt: r
		});
	} catch {
		return false;
	}
}
function m(e) {
	try {
		return (0, n.readFileSync)(e, "utf8");
	} catch {
		return null;
	}
}
exports.jobHostLock = a;
