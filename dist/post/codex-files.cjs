"use strict";
let e = require("node:fs");
let t = require("node:path");
let n = require("node:crypto");
let r = require("node:fs/promises");
let i = require("node:stream/promises");
// src/adapters/codex-files.ts
const a = "codex-resources/voice/";
const o = /* @__PURE__ */ new Map();
function s(e) {
	const t = o.get(e) ?? c(e);
	o.set(e, t);
	return t;
}
async function c(o) {
	const s = await (0, r.readdir)(o, {
		recursive: true,
		withFileTypes: true
	});
	if (s.some((e) => !e.isFile() && !e.isDirectory())) return null;
	const c = s.filter((e) => e.isFile()).map((e) => (0, t.relative)(o, (0, t.join)(e.parentPath, e.name)).replaceAll(t.sep, "/")).filter((e) => !e.startsWith(a)).sort();
	const l = (0, n.createHash)("sha256");
	for (const r of c) {
		const a = (0, n.createHash)("sha256");
		await (0, i.pipeline)((0, e.createReadStream)((0, t.join)(o, r), { highWaterMark: 1 << 20 }), a);
		l.update(`${r}\0${a.digest("hex")}\n`);
	}
	return l.digest("hex");
}
exports.digestOfFiles = s;
