"use strict";
const e = require("../post.cjs");
let t = require("node:path");
// src/core/encodings.ts
const n = [76, 64];
const r = 20;
function i(e) {
	return e.split(".").filter((t) => t.length >= r && t !== e);
}
function a(e) {
	const t = [];
	for (const n of e.map((e) => Buffer.from(e))) for (const e of [
		0,
		1,
		2
	]) {
		const i = n.length - e;
		if (i < r) continue;
		const a = e + i - i % 3;
		t.push(n.toString("base64", e, a), n.toString("base64url", e, a));
	}
	return t.filter((e) => e.length >= r);
}
function o(e, t) {
	const i = Buffer.from(e);
	const a = i.toString("base64");
	const o = [];
	for (const e of t) {
		const t = e === "" ? -1 : i.indexOf(e);
		if (t < 0) continue;
		const r = Math.floor(t * 4 / 3);
		const s = Math.ceil((t + Buffer.byteLength(e)) * 4 / 3);
		for (const e of n) for (let t = r - r % e; t < s; t += e) o.push(a.slice(t, t + e));
	}
	return o.filter((e) => e.length >= r);
}
// src/action/handed.ts
function s(t, n, r = u) {
	if (t === null) throw new e.W("secret-empty", "The input `codex-auth-json` is empty.", "Likely causes: this run comes from a fork or from Dependabot, which get no secrets; the job does not name the `environment:` that holds the secret; or the secret has not been seeded yet.");
	try {
		const i = e.R.parse(t.reveal());
		n.mask(t, ...r(i));
		return i;
	} catch (i) {
		const a = i instanceof e.W && c.has(i.code) ? e.R.read(t.reveal()) : null;
		if (!(i instanceof e.W) || a === null) {
			n.mask(t);
			throw i;
		}
		n.mask(t, ...r(a));
		n.warning(`The login is written as this version does not know it: ${i.message} It is used as it is.`);
		return a;
	}
}
const c = /* @__PURE__ */ new Set([
	"document-not-chatgpt",
	"document-id-token-missing",
	"document-account-missing",
	"document-last-refresh-missing"
]);
function l(e, t) {
	t.mask(...u(e));
}
function u(t) {
	const n = t.tokens.map((e) => e.reveal());
	const r = [
		t.withheld().reveal(),
		t.whole().reveal(),
		...n
	];
	const s = [
		...a(n),
		...r.flatMap((e) => o(e, n)),
		...n.flatMap(i)
	];
	return [
		...t.tokens,
		t.content("base64"),
		...[...new Set(s)].map((t) => new e.H(t))
	];
}
// src/action/private-home.ts
const d = 16777216;
function f(e) {
	return {
		directory: e,
		home: (0, t.join)(e, "home")
	};
}
async function p(n, r, { base: i, document: a, handed: o }) {
	const s = f((0, t.join)(e.L(i), `critical-${Buffer.from(r.bytes(6)).toString("hex")}`));
	try {
		await n.makePrivateDirectory(e.L(i));
		await n.makePrivateDirectory(s.directory);
		await n.makePrivateDirectory(s.home);
		await n.write((0, t.join)(s.directory, "predecessor.json"), a.line().reveal(), 384);
		await n.write((0, t.join)(s.directory, "handed.json"), o.line().reveal(), 384);
		await n.write(e.N(s.home), a.whole().reveal(), 384);
		const r = (0, t.join)(s.home, "room");
		await n.write(r, new Uint8Array(d), 384);
		await n.remove(r);
		return s;
	} catch (e) {
		await n.remove(s.directory).catch(() => {});
		throw m(e);
	}
}
function m(t) {
	return new e.W("home-unwritable", "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed.", "Free some space under RUNNER_TEMP, or check its permissions.", { cause: t });
}
async function h(n, r) {
	const i = await n.read((0, t.join)(r.directory, "predecessor.json"));
	const a = await n.read((0, t.join)(r.directory, "handed.json"));
	if (i === null || a === null) return null;
	const [o, s] = [i, a].map((t) => e.R.read(t));
	if (!o || !s) return null;
	return {
		predecessor: o,
		handed: s,
		after: await n.read(e.N(r.home))
	};
}
// src/action/rescue.ts
function g(t, n, r) {
	const i = `${e.O(t)}/${t.secretName}`.slice(1);
	return [
		`if test "$(gh api '${i}' --jq .updated_at)" = '${r.toISOString().replace(".000Z", "Z")}'; then`,
		`  gh api --method PUT '${i}' -f key_id='${n.keyId}' \\`,
		`    -f encrypted_value='${n.encryptedValue}'`,
		"else",
		"  echo 'Nothing was changed: the secret cannot be read, or somebody has written it since.' >&2; false",
		"fi"
	].join("\n");
}
function _(e, t, n) {
	e.info(t);
	for (const t of n.split("\n")) e.info(t);
}
Object.defineProperty(exports, "a", {
	enumerable: true,
	get: function() {
		return f;
	}
});
Object.defineProperty(exports, "c", {
	enumerable: true,
	get: function() {
		return s;
	}
});
Object.defineProperty(exports, "i", {
	enumerable: true,
	get: function() {
		return m;
	}
});
Object.defineProperty(exports, "n", {
	enumerable: true,
	get: function() {
		return _;
	}
});
Object.defineProperty(exports, "o", {
	enumerable: true,
	get: function() {
		return h;
	}
});
Object.defineProperty(exports, "r", {
	enumerable: true,
	get: function() {
		return p;
	}
});
Object.defineProperty(exports, "s", {
	enumerable: true,
	get: function() {
		return l;
	}
});
Object.defineProperty(exports, "t", {
	enumerable: true,
	get: function() {
		return g;
	}
});
