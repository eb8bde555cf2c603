"use strict";
const e = require("./codex-integrity.cjs");
const t = require("../main.cjs");
let n = require("node:path");
// src/action/codex.ts
async function r(e, t, r) {
	const i = r === null ? await e.locate() : null;
	if (i) return i;
	const a = await e.install(r ?? "0.169.0");
	t.addPath((0, n.dirname)(a));
	return a;
}
async function i(e, n, r) {
	const i = await e.version(r);
	if (i === null) throw new t.wt("codex-missing", "The `codex` on PATH does not run.", "Install it anew, or set `codex-version`.");
	n.setOutputs({ "codex-version": i });
}
Object.defineProperty(exports, "n", {
	enumerable: true,
	get: function() {
		return i;
	}
});
Object.defineProperty(exports, "t", {
	enumerable: true,
	get: function() {
		return r;
	}
});
