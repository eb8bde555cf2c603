"use strict";
let e = require("node:fs");
let t = require("node:fs/promises");
// src/adapters/processes.ts
const n = {
	isAlive: async ({ pid: e, startedAt: t }) => {
		const n = await i(e);
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
			const a = await i(Number(r));
			if (a !== null) n.push({
				pid: Number(r),
				startedAt: a
			});
		}
		return n;
	}
};
function r(e) {
	return e.slice(e.lastIndexOf(")") + 2).split(" ");
}
async function i(e) {
	const n = r(await (0, t.readFile)(`/proc/${e}/stat`, "utf8").catch(() => null) ?? "");
	return n[0] === "Z" ? null : n[19] ?? null;
}
Object.defineProperty(exports, "n", {
	enumerable: true,
	get: function() {
		return n;
	}
});
Object.defineProperty(exports, "t", {
	enumerable: true,
	get: function() {
		return i;
	}
});
