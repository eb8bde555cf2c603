"use strict";
const e = require("./rolldown-runtime.cjs");
const t = require("../main.cjs");
let n = require("node:path");
// src/action/protection.ts
var r = /* @__PURE__ */ e.n({
	guardedPlaces: () => i,
	inspectOwnConfig: () => s
});
async function i({ inputs: e, surroundings: r, files: i, environment: o }, { home: s, base: c, loginPath: l, programs: u = [] }, d = []) {
	const f = /* @__PURE__ */ new Map();
	const p = (e) => {
		const n = f.get(e) ?? t.lt(i, e);
		f.set(e, n);
		return n;
	};
	const m = r.workspace ?? process.cwd();
	const h = (0, n.resolve)(m, e.workingDirectory ?? "");
	const g = e.codexEnvironment.TMPDIR ?? o.TMPDIR;
	const _ = [
		m,
		h,
		"/tmp",
		...g ? [g] : [],
		...d
	];
	const v = await Promise.all(_.map((e) => p((0, n.resolve)(h, e))));
	const y = await p(m);
	const b = (e) => (0, n.isAbsolute)(e) && !t.c(y, e) && v.some((n) => t.c(n, e));
	const x = (o.PATH ?? "").split(n.delimiter).filter(b);
	const { RUNNER_TOOL_CACHE: S = c, RUNNER_TEMP: C } = o;
	const w = [S, C === void 0 ? c : (0, n.join)(C, "codex-auth-roundtrip")];
	const T = [o.GITHUB_STATE, o.GITHUB_EVENT_PATH].filter((e) => e !== void 0);
	const E = [
		c,
		s,
		...w,
		...u,
		...x,
		...T.map((e) => (0, n.dirname)(e))
	];
	return {
		loginDirectory: await p(l),
		anchors: t.s([...await Promise.all(E.map(p)), ...await a(i, y)], v)
	};
}
async function a(e, r) {
	const i = await e.realpath((0, n.dirname)((0, n.dirname)(process.argv[1] ?? "")));
	if (i === null) return [];
	if (!t.c(i, r)) return [i];
	const a = [
		"action.yml",
		"action.yaml",
		"dist",
		"package.json"
	].map((t) => e.realpath((0, n.join)(i, t)));
	return (await Promise.all(a)).filter((e) => e !== null);
}
async function o({ inputs: e, files: n }, { home: r, guarded: i }) {
	if (await t.ct(n, r) !== null) return false;
	await t.ut(n, r, t.d(e, i));
	return true;
}
async function s({ inputs: e, files: t, log: n }, r) {
	const i = await l({
		inputs: e,
		files: t
	}, r);
	if (i !== null) c({
		inputs: e,
		log: n
	}, i, r.guarded);
}
function c({ inputs: e, log: t }, n, { loginDirectory: r }) {
	if (e.protectAuth !== "off" && e.sandbox !== "danger-full-access" && !n.protects) t.warning(`The Codex home has a config.toml of its own, which does not keep the model's commands out of the login. Give it a permission profile with \`filesystem = { "${r}" = "deny" }\` as \`default_permissions\`, or use \`prompt\`, which brings its own.`);
	if (!e.codexApps && !n.appsAreOff) t.warning("The Codex home has a config.toml of its own, which does not switch off the account's connected apps and plugins: a model that runs in `run` or in a later step can use them. Add `[features]` with `apps = false`, `plugins = false` and `remote_plugin = false`, or set `codex-apps: true` if you want them.");
}
async function l({ inputs: e, files: n }, { home: r, guarded: i }) {
	const a = await t.ct(n, r);
	if (a === null || a === t.d(e, i)) return null;
	const o = await f(a, i);
	const [s] = o.sendsLoginTo;
	if (s === void 0) return o;
	throw new t.wt("config-refused", `The config.toml in the Codex home would send the login to somebody else: ${JSON.stringify(s)} is neither an address of OpenAI's nor of this machine.`, "Find out who wrote it, and remove the setting. A provider with a key of its own (without `requires_openai_auth`) gets no login and is accepted.");
}
const u = [".env", "environments.toml"];
async function d(e, { home: r, base: i }) {
	if (r !== t.tt(null, i)) return;
	for (const i of u) {
		if (await e.stamp((0, n.join)(r, i)) === null) continue;
		throw new t.wt("config-refused", `A step of this job has put ${i} into the Codex home, by which Codex would send the login, or what it does, elsewhere.`, "Find out which step wrote it. Variables for Codex belong into `codex-env`; for a home with settings of your own there is `codex-home`.");
	}
}
async function f(e, { loginDirectory: t }) {
	const { readOwnConfig: n } = await Promise.resolve().then(() => require("./own-config.cjs"));
	return n(e, t);
}
async function p(e, { base: t, command: r, path: i, trusted: a }) {
	if (i === a) return i;
	if (process.platform !== "linux") return i;
	const o = (0, n.join)((0, n.dirname)((0, n.dirname)(r)), "codex-resources", "bwrap");
	const s = a.split(n.delimiter).map((e) => (0, n.join)(e, "bwrap"));
	for (const r of [...s, o]) {
		const a = await e.realpath(r);
		if (a === null) continue;
		const o = (0, n.join)(t, "sandbox");
		await e.makePrivateDirectory(o);
		await e.link(a, (0, n.join)(o, "bwrap"));
		return [o, i].join(n.delimiter);
	}
	return a;
}
const m = "/etc/codex/requirements.toml";
async function h({ inputs: e, log: n }, { guarded: r, machine: i }) {
	if (e.sandbox === "danger-full-access") n.warning("With `sandbox: danger-full-access` nothing keeps the model's commands away from the login.");
	else await i.allowUserNamespaces();
	if (e.protectAuth !== "enforced") return { madeRequirements: false };
	switch (await i.writeRequirements(m, t.f(r.loginDirectory, e))) {
		case "written": return { madeRequirements: true };
		case "exists": throw new t.wt("protection-impossible", `${m} exists already, and is not merged with ours.`, "Remove it, or use `protect-auth: profile`.");
		case "impossible": throw new t.wt("protection-impossible", "`protect-auth: enforced` needs Linux and sudo without a password, as on GitHub's own runners.", "Use `protect-auth: profile` here.");
	}
}
async function g({ inputs: e, files: r, log: i, program: a }, o) {
	if (e.protectAuth === "off" || e.sandbox === "danger-full-access") return;
	const { command: s, directory: c, guarded: l, environment: u } = o;
	const d = (0, n.join)(o.home, ".sandbox-probe");
	await r.makePrivateDirectory(d);
	const f = t.u(e, l);
	const p = await a.canSandbox(s, {
		home: d,
		directory: c,
		flags: f,
		environment: u
	});
	await r.remove(d);
	if (p) return;
	i.warning("This machine cannot run Codex's sandbox (user namespaces or bubblewrap are missing, or the Codex home lies below the temporary directory), and without it Codex does not answer a protected prompt. With `protect-auth: off` it would, and the model could read the login.");
}
Object.defineProperty(exports, "a", {
	enumerable: true,
	get: function() {
		return r;
	}
});
Object.defineProperty(exports, "c", {
	enumerable: true,
	get: function() {
		return g;
	}
});
Object.defineProperty(exports, "i", {
	enumerable: true,
	get: function() {
		return o;
	}
});
Object.defineProperty(exports, "n", {
	enumerable: true,
	get: function() {
		return p;
	}
});
Object.defineProperty(exports, "o", {
	enumerable: true,
	get: function() {
		return l;
	}
});
Object.defineProperty(exports, "r", {
	enumerable: true,
	get: function() {
		return h;
	}
});
Object.defineProperty(exports, "s", {
	enumerable: true,
	get: function() {
		return d;
	}
});
Object.defineProperty(exports, "t", {
	enumerable: true,
	get: function() {
		return i;
	}
});
