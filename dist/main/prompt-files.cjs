"use strict";
const e = require("./user-job.cjs");
const t = require("../main.cjs");
let n = require("node:path");
// src/action/prompt-files.ts
const r = 16777216;
const i = 1048576;
async function a(e, n, { path: a, ...o }) {
	const s = n === "prompt-file" ? r : i;
	const c = await e.read(m(n, a, o.root), {
		...o,
		limitBytes: s
	});
	if (c.kind === "read") return Buffer.from(c.bytes).toString("utf8");
	const l = {
		missing: "is not there",
		"not-a-file": "is no plain file",
		"too-large": `has more than ${s / 1024 / 1024} MiB`,
		unusable: "cannot be read"
	}[h(n, a, c)];
	throw new t.wt("prompt-unreadable", `The file in \`${n}\` ${l}: ${_(a)}`, "Paths are read from the workspace; is the checkout done?");
}
async function o(e, { path: n, content: r, ...i }) {
	const a = await e.write(m("output-file", n, i.root), r, i);
	if (a.kind === "written") return;
	h("output-file", n, a);
	throw new t.wt("input-invalid", `The file in \`output-file\` cannot be written: ${_(n)}`, "Paths are read from the workspace, and the file's directory must be there. The output `final-message` has the answer.");
}
async function s(i, a) {
	const { home: o, loginPath: s, workingDirectory: c, directory: p, codexArgs: v, config: y, ...b } = a;
	l(v);
	const x = c ?? ".";
	const S = [{
		input: "working-directory",
		path: x,
		absolute: m("working-directory", x, b.root)
	}, ...e.o(v).map((e) => ({
		input: "codex-args",
		path: e,
		absolute: (0, n.resolve)(p, e)
	}))];
	const C = /* @__PURE__ */ new Set([o]);
	for (const { input: e, path: t, absolute: n } of S) {
		const r = await i.directory(n, b);
		if (r.kind === "directory") for (const e of g(r.real)) C.add(e);
		else h(e, t, r);
	}
	for (const e of f(v)) {
		const t = r;
		const a = await i.read((0, n.resolve)(p, e), {
			...b,
			limitBytes: t
		});
		if (a.kind !== "read") h("codex-args", e, a);
	}
	if (await i.hasOtherNames(s)) throw new t.wt("file-refused", "The login's file has a second name somewhere on this machine (a hard link), which no sandbox can be kept from.", "Find and remove it (`find / -xdev -samefile …/auth.json`); an archive that a step unpacked may have made it.");
	const w = [...u, ...d([...v, y])];
	for (const e of C) {
		const r = await i.linkTo(e, w, s);
		if (r === null) continue;
		throw new t.wt("file-refused", `${_((0, n.join)(e, r))} is a link to the login, and Codex may read such a file by itself and send it to the model.`, "Remove the link, and find out which step or checkout made it.");
	}
}
const c = [[/^--output-schema(=|$)/, "output-schema-file"], [/^(--output-last-message(=|$)|-o)/, "output-file"]];
function l(e) {
	for (const n of e) {
		const [, e] = c.find(([e]) => e.test(n)) ?? [];
		if (e === void 0) continue;
		throw new t.wt("input-invalid", "`codex-args` names a file that Codex would open itself, through any link.", `Use the input \`${e}\` for it.`);
	}
}
const u = ["AGENTS.md", "AGENTS.override.md"];
function d(e) {
	const t = /project_doc_fallback_filenames["']?\s*=\s*\[([^\]]*)\]/g;
	return e.flatMap((e) => [...e.matchAll(t)].flatMap(([, e = ""]) => [...e.matchAll(/("(?:[^"\\]|\\.)*")|'([^']*)'/g)].map(([, e, t = ""]) => e === void 0 ? t : p(e))));
}
function f(e) {
	const t = e.flatMap((t, n) => {
		if (/^(-c|--config)$/.test(e[n - 1] ?? "")) return [t];
		return /^(?:--config=|-c=?)(.+)$/s.exec(t)?.[1] ?? [];
	});
	const n = /\w_(?:file|json|path)["']?\s*=\s*(?:("(?:[^"\\]|\\.)*")|'([^']*)'|([^\s"',{}]+))/gs;
	return t.flatMap((e) => [...e.matchAll(n)].map(([, e, t, n]) => e === void 0 ? t ?? n ?? "" : p(e)));
}
function p(e) {
	try {
		return String(JSON.parse(e));
	} catch {
		return e.slice(1, -1);
	}
}
function m(e, r, i) {
	const a = (0, n.resolve)(i, r);
	if ((0, n.isAbsolute)(r)) return a;
	const o = (0, n.relative)(i, a);
	if (o !== ".." && !o.startsWith(`..${n.sep}`) && !(0, n.isAbsolute)(o)) return a;
	throw new t.wt("input-invalid", `The path in \`${e}\` leaves the workspace: ${_(r)}`, "For a place elsewhere, write its absolute path.");
}
function h(e, n, { kind: r }) {
	if (r !== "link" && r !== "kept") return r;
	throw new t.wt("file-refused", `The path in \`${e}\` ${r === "kept" ? "lies in a directory of the login" : "is a symbolic link, or lies behind one, and may lead anywhere"}: ${_(n)}`, "Name the file or directory itself, outside of the Codex home.");
}
function g(e) {
	const t = (0, n.dirname)(e);
	return t === e ? [e] : [e, ...g(t)];
}
function _(e) {
	return JSON.stringify(e.length > 300 ? `${e.slice(0, 300)}…` : e);
}
exports.readNamedFile = a;
exports.refusePlantedFiles = s;
exports.writeNamedFile = o;
