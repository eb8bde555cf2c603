"use strict";
const e = require("./codex-integrity.cjs");
const t = require("../main.cjs");
const n = require("./codex.cjs");
const r = require("./protection.cjs");
let i = require("node:path");
let a = require("node:os");
// src/core/codex-arguments.ts
function o(e) {
	const { model: t, effort: n, outputSchemaPath: r, finalMessagePath: i, protection: a, extra: o } = e;
	return [
		"exec",
		"--skip-git-repo-check",
		...s(o) ? [] : ["--json"],
		...t ? ["--model", t] : [],
		...n ? ["-c", `model_reasoning_effort=${JSON.stringify(n)}`] : [],
		...r ? ["--output-schema", r] : [],
		"--output-last-message",
		i,
		...a,
		...o,
		"-"
	];
}
function s(e) {
	return e.includes("--json") || e.includes("--experimental-json");
}
const c = {
	flags: /^--?(enable|disable|oss|local-provider|profile|ignore-user-config|.*(auth|login|credential|access-token|api-key|provider|remote|-url).*)$/,
	shortFlags: /^-p/,
	settings: /auth|login|credential|token_env|bearer|forced|provider|profile|feature|plugin|marketplace|connector|_url$|endpoint|^(apps?|apps_.*|orchestrator|cloud|otel|experimental_thread_store)$/
};
const l = {
	flags: /^--?(full-auto|yolo|ignore-rules|.*(sandbox|dangerous|permission|approv|trust|hook|mcp|unsafe|escalat).*)$/,
	shortFlags: /^-[sa]/,
	settings: /permission|sandbox|approv|trust|guardian|auto_review|hook|notify|mcp|^(shell_.*|projects|agents|skills|network.*|windows|requirements|rules|zsh_path|js_repl_.*)$/
};
function u(e, n) {
	for (const [r, i] of e.entries()) {
		if (d(c, i, e[r - 1])) throw new t.wt("input-invalid", "`codex-args` holds a flag or a setting that touches authentication, providers or Codex's features.", "Remove it. For the account's connected apps and plugins there is the input `codex-apps`.");
		if (n === "protected" && d(l, i, e[r - 1])) throw new t.wt("input-invalid", "`codex-args` holds a flag or a setting that touches permissions, approvals or trust: the model's commands could read the login.", "Choose the sandbox with the input `sandbox`; to give up the protection on purpose, set `protect-auth: off`.");
	}
}
function d(e, t, n) {
	const r = f(t, n);
	if (r !== null) {
		const t = p(r);
		return t === null || e.settings.test(t);
	}
	const [i = ""] = t.split("=", 1);
	return t.startsWith("--") && e.flags.test(i.toLowerCase()) || e.shortFlags.test(t);
}
function f(e, t) {
	if (t === "-c" || t === "--config") return e;
	if (e.startsWith("--config=")) return e.slice(9);
	return /^-c./s.test(e) ? e.slice(2).replace(/^=/, "") : null;
}
function p(e) {
	return /^\s*([\w-]+)\s*[.=]/.exec(e)?.[1]?.toLowerCase() ?? null;
}
function m(e) {
	return e.flatMap((t, n) => {
		if (/^(--add-dir|--cd|-C)$/.test(e[n - 1] ?? "")) return [t];
		const r = /^(?:--add-dir=|--cd=|-C=?)(.+)$/s.exec(t)?.[1];
		return r === void 0 ? [] : [r];
	});
}
function h(e) {
	const t = e.replaceAll(/\\\r?\n/g, " ");
	return /\bcodex\b[^\n]*\s(--sandbox|-s|--full-auto|--yolo|--dangerously-bypass-[a-z-]+)(?=[\s=]|$)/m.test(t);
}
// src/action/job.ts
const g = {
	bash: {
		command: "bash --noprofile --norc -eo pipefail {0}",
		extension: "sh"
	},
	sh: {
		command: "sh -e {0}",
		extension: "sh"
	},
	pwsh: {
		command: "pwsh -command . '{0}'",
		extension: "ps1"
	},
	python: {
		command: "python {0}",
		extension: "py"
	}
};
async function _({ files: e, commands: n }, r) {
	const { command: a, extension: o } = g[r.shell] ?? {
		command: r.shell,
		extension: "sh"
	};
	const [s = "", ...c] = a.split(/\s+/);
	if (!c.some((e) => e.includes("{0}"))) throw new t.wt("input-invalid", "The input `shell` has no {0} for the script.", "Write bash, sh, pwsh, python, or a command with {0}.");
	const l = (0, i.join)(r.base, `run.${o}`);
	await e.write(l, `${r.script}\n`, 448);
	try {
		const { exitCode: e, signal: i } = await n.run({
			file: s,
			args: c.map((e) => e.replaceAll("{0}", l)),
			directory: r.directory,
			environment: r.environment,
			output: r.output
		}).catch((e) => {
			if (!v(e)) throw e;
			throw new t.wt("run-failed", `The command in \`run\` could not be started: there is no ${t.H(s)}, or no directory ${t.H(r.directory)}.`, "Check the inputs `shell` and `working-directory`.", { cause: e });
		});
		if (e === 0) return;
		const a = i ? `was ended by ${i}` : `exited with code ${e}`;
		throw new t.wt("run-failed", `The command in \`run\` ${a}.`, "See its output above.");
	} finally {
		await e.remove(l);
	}
}
function v(e) {
	return e instanceof Error && "code" in e;
}
// src/core/relay.ts
const y = 1048576;
const b = 10;
const x = 13;
const S = Buffer.from("***");
const C = Buffer.alloc(0);
var w = class {
	#e;
	#t = /* @__PURE__ */ new Map();
	#n = null;
	constructor(e) {
		this.#e = e;
	}
	write(e, t) {
		const n = [];
		const r = Buffer.from(t);
		let i = 0;
		for (let t = 0; t < r.length; t++) {
			if (r[t] !== b && r[t] !== x) continue;
			this.#i(e, r.subarray(i, t));
			this.#o(e, r.subarray(t, t + 1), n);
			i = t + 1;
		}
		this.#i(e, r.subarray(i));
		if (this.#r(e).heldBytes > y) this.#c(e, n);
		return Buffer.concat(n);
	}
	end() {
		const e = [];
		for (const [t, { heldBytes: n }] of this.#t) if (n > 0) this.#o(t, C, e);
		return Buffer.concat(e);
	}
	#r(e) {
		const t = this.#t.get(e) ?? {
			held: [],
			heldBytes: 0,
			isBegun: false,
			isSwallowed: false
		};
		this.#t.set(e, t);
		return t;
	}
	#i(e, t) {
		const n = this.#r(e);
		if (t.length === 0) return;
		n.held.push(t);
		n.heldBytes += t.length;
	}
	#a(e) {
		const t = this.#r(e);
		const n = Buffer.concat(t.held);
		t.held = [];
		t.heldBytes = 0;
		return n;
	}
	#o(e, t, n) {
		const r = this.#s(e, this.#a(e));
		Object.assign(this.#r(e), {
			isBegun: false,
			isSwallowed: false
		});
		if (r !== null) this.#l(e, Buffer.concat([r, t]), n);
	}
	#s(e, t) {
		const { isBegun: n, isSwallowed: r } = this.#r(e);
		if (r) return C;
		const i = e === "said" ? null : D(t);
		if (i === null) return this.#u(t);
		for (const e of i.values) this.#e.add(e);
		return i.before.length > 0 || n ? Buffer.concat([this.#u(i.before), S]) : null;
	}
	#c(e, t) {
		const n = this.#r(e);
		const r = this.#a(e);
		if (n.isSwallowed) return;
		n.isBegun = true;
		const i = e === "said" ? null : D(r);
		if (i !== null) {
			n.isSwallowed = true;
			this.#l(e, Buffer.concat([this.#u(i.before), S]), t);
			return;
		}
		const a = Math.max(0, ...[...this.#e].map((e) => Buffer.byteLength(e) - 1));
		const o = Math.max(0, r.length - a);
		const s = this.#d(r).find(({ start: e, end: t }) => e < o && t > o)?.start ?? o;
		this.#l(e, this.#u(r.subarray(0, s)), t);
		this.#i(e, r.subarray(s));
	}
	#l(e, t, n) {
		if (t.length === 0) return;
		if (this.#n !== null && this.#n !== e) n.push(Buffer.of(b));
		n.push(t);
		const r = t.at(-1);
		this.#n = r === b || r === x ? null : e;
	}
	#u(e) {
		const t = this.#d(e);
		if (t.length === 0) return e;
		const n = [];
		let r = 0;
		for (const { start: i, end: a } of t) {
			n.push(e.subarray(r, i), S);
			r = a;
		}
		return Buffer.concat([...n, e.subarray(r)]);
	}
	#d(e) {
		const t = [];
		for (const n of this.#e) {
			const r = Buffer.from(n);
			for (let n = e.indexOf(r); n >= 0; n = e.indexOf(r, n + 1)) t.push({
				start: n,
				end: n + r.length
			});
		}
		t.sort((e, t) => e.start - t.start);
		const n = [];
		for (const e of t) {
			const t = n.at(-1);
			if (t && e.start <= t.end) t.end = Math.max(t.end, e.end);
			else n.push(e);
		}
		return n;
	}
};
const T = /^[\s\u0085]*::add-mask(?: .*?)?::/is;
const E = /##\[add-mask(?: [^\]]*)?\]/i;
function D(e) {
	const t = e.toString("latin1");
	if (!/add-mask/i.test(t)) return null;
	const n = T.test(e.toString("utf8")) ? /::add-mask(?: .*?)?::/is.exec(t) : null;
	const r = n ?? E.exec(t);
	if (r === null) return null;
	const i = e.subarray(r.index + r[0].length).toString("utf8");
	const a = i.replace(/%(0D|0A|3B|5D|25)/gi, (e, t) => String.fromCharCode(Number.parseInt(t, 16)));
	const o = [
		i,
		a,
		...a.split(/[\r\n]+/)
	];
	return {
		before: n === null ? e.subarray(0, r.index) : C,
		values: [...new Set(o)].filter((e) => e.trim() !== "")
	};
}
// src/action/relay.ts
async function O({ log: e, randomness: t }, n) {
	const r = e.relay;
	const i = new w(r.hidden);
	let a = true;
	const o = (e, t) => {
		if (a) r.write(i.write(e, t));
	};
	r.open(Buffer.from(t.bytes(16)).toString("hex"));
	try {
		return await n({
			write: o,
			say: (e) => o("said", Buffer.from(e.endsWith("\n") ? e : `${e}\n`))
		});
	} finally {
		a = false;
		r.write(i.end());
		r.close();
	}
}
// src/action/user-job.ts
async function k(i, a, o) {
	const { inputs: s, surroundings: c, files: l, channel: u, log: d, environment: f, cancellation: p } = i;
	if (p.requested()) throw new t.wt("cancelled", "The job was cancelled.", "Run it again.");
	const { base: m, home: g } = a.session;
	const v = [...t.yt(s), ...o.tokens];
	const y = await i.tools(M(t.St(f, v), { run: null }));
	const b = await n.t(y.program, u, s.codexVersion);
	if (s.run === null && s.prompt === null) return;
	const x = {
		home: g,
		base: m,
		loginPath: a.loginPath,
		programs: [b]
	};
	const S = await r.t(i, x);
	await r.o(i, {
		home: g,
		guarded: S
	});
	await r.s(l, {
		home: g,
		base: m
	});
	const { madeRequirements: C } = await r.r(i, {
		guarded: S,
		machine: y.machine
	});
	if (C) a.recordRequirements();
	const w = {
		...M(t.St(f, v), s),
		...s.codexEnvironment,
		CODEX_HOME: g
	};
	const T = s.codexEnvironment.PATH ?? i.path.ofJob();
	const E = i.path.outsideWorkspace(T);
	const D = s.protectAuth === "off" || s.sandbox === "danger-full-access";
	const k = D ? T : await r.n(l, {
		base: m,
		command: b,
		path: T,
		trusted: E
	});
	const N = c.workspace ?? process.cwd();
	const P = {
		base: m,
		environment: j(w, k)
	};
	if (s.run !== null) {
		const e = s.workingDirectory ?? N;
		if (s.protectAuth === "profile" && h(s.run)) d.warning("The command in `run` gives Codex a sandbox by flag, which switches the permission profile off: what the model runs can read the login. Leave the flag out and use the input `sandbox`, or set `protect-auth: enforced`.");
		const { run: t, shell: n } = s;
		await O({
			log: d,
			...y
		}, (r) => _({
			files: l,
			commands: y.commands
		}, {
			...P,
			script: t,
			shell: n,
			directory: e,
			output: r.write
		}));
	}
	if (s.prompt !== null) {
		await n.n(y.program, u, b);
		const { runPrompt: o, readArguments: c, absolute: f } = await Promise.resolve().then(() => require("./prompt.cjs"));
		const { refusePlantedFiles: p } = await Promise.resolve().then(() => require("./prompt-files.cjs"));
		const { workingDirectory: h, prompt: _ } = s;
		const v = f(N, h);
		const C = (e) => i.path.outsideWorkspace(e) !== "";
		const w = D ? P.environment : {
			...j(e.r(P.environment, C), E),
			GIT_DIR: s.codexEnvironment.GIT_DIR ?? A
		};
		await p(y.named, {
			root: N,
			home: g,
			workingDirectory: h,
			directory: v,
			kept: [m, g],
			loginPath: a.loginPath,
			codexArgs: c(_.codexArgs),
			config: await t.ct(l, g) ?? ""
		});
		await r.c({
			...i,
			program: y.program
		}, {
			command: b,
			home: g,
			directory: v,
			guarded: S,
			environment: w
		});
		const T = {
			base: m,
			environment: w,
			...w.PATH === k ? {} : { commandPath: k },
			prompt: s.prompt,
			protection: s,
			guard: (e) => r.t(i, x, e),
			command: b,
			root: N,
			directory: v
		};
		await o({
			files: l,
			channel: u,
			log: d,
			...y
		}, T);
	}
}
const A = a.devNull;
function j(e, t) {
	return e.PATH === t ? e : {
		...e,
		PATH: t
	};
}
function M(e, { run: t }) {
	const n = t === null ? [] : [
		"GITHUB_ENV",
		"GITHUB_PATH",
		"GITHUB_OUTPUT",
		"GITHUB_STEP_SUMMARY"
	];
	const r = N.filter((e) => !n.includes(e));
	return Object.fromEntries(Object.entries(e).filter(([e]) => !r.includes(e)));
}
const N = [
	"GITHUB_STATE",
	"GITHUB_ENV",
	"GITHUB_PATH",
	"GITHUB_OUTPUT",
	"GITHUB_STEP_SUMMARY"
];
exports.a = s;
exports.i = u;
exports.n = v;
exports.o = m;
exports.r = o;
exports.runJob = k;
exports.t = O;
