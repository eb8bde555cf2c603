"use strict";
let e = require("node:fs");
let t = require("node:fs/promises");
// src/adapters/processes.ts
const n = {
	isAlive: async ({ pid: e, startedAt: t }) => {
		const n = await d(e);
		if (n !== null) return t === null || t === n;
		if (t !== null || process.platform === "linux") return false;
		try {
			process.kill(e, 0);
			return true;
		} catch {
			return false;
		}
	},
	usingHome: async (e) => {
		const n = [];
		for (const r of await (0, t.readdir)("/proc").catch(() => [])) {
			if (!/^\d+$/.test(r) || Number(r) === process.pid) continue;
			if (!(await (0, t.readFile)(`/proc/${r}/environ`, "utf8").catch(() => "")).split("\0").includes(`CODEX_HOME=${e}`)) continue;
			const i = await d(Number(r));
			if (i !== null) n.push({
				pid: Number(r),
				startedAt: i
			});
		}
		return n;
	}
};
function r({ root: e, marker: t }) {
	const n = a();
	if (n === null) return l(-e) ? [{
		pid: -e,
		startedAt: ""
	}] : [];
	const r = /* @__PURE__ */ new Set([e]);
	for (const { pid: i, group: a, session: o } of n) if (a === e || o === e || s(i, t)) r.add(i);
	for (let e = 0; e < r.size;) {
		e = r.size;
		for (const { pid: e, parent: t } of n) if (r.has(t)) r.add(e);
	}
	return n.filter(({ pid: t }) => r.has(t) && t !== e && t !== process.pid);
}
function i({ pid: e, startedAt: t }, n) {
	if (e > 0 && o(e)?.startedAt !== t) return;
	try {
		process.kill(e, n);
	} catch {}
}
function a() {
	if (process.platform !== "linux") return null;
	return (0, e.readdirSync)("/proc").filter((e) => /^\d+$/.test(e)).map((e) => o(Number(e))).filter((e) => e !== null);
}
function o(e) {
	const t = u(c(`/proc/${e}/stat`));
	const [n, r, i, a] = t;
	const o = t[19];
	if (o === void 0 || n === "Z" || n === "X") return null;
	return {
		pid: e,
		parent: Number(r),
		group: Number(i),
		session: Number(a),
		startedAt: o
	};
}
function s(e, t) {
	return c(`/proc/${e}/environ`).split("\0").includes(t);
}
function c(t) {
	try {
		return (0, e.readFileSync)(t, "latin1");
	} catch {
		return "";
	}
}
function l(e) {
	try {
		process.kill(e, 0);
		return true;
	} catch {
		return false;
	}
}
function u(e) {
	return e.slice(e.lastIndexOf(")") + 2).split(" ");
}
async function d(e) {
	const n = u(await (0, t.readFile)(`/proc/${e}/stat`, "utf8").catch(() => null) ?? "");
	return n[0] === "Z" ? null : n[19] ?? null;
}
Object.defineProperty(exports, "i", {
	enumerable: true,
	get: function() {
		return n;
	}
});
Object.defineProperty(exports, "n", {
	enumerable: true,
	get: function() {
		return i;
	}
});
Object.defineProperty(exports, "r", {
	enumerable: true,
	get: function() {
		return d;
	}
});
Object.defineProperty(exports, "t", {
	enumerable: true,
	get: function() {
		return r;
	}
});
