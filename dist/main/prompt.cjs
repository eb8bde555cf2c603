"use strict";
const e = require("./rolldown-runtime.cjs");
const t = require("./user-job.cjs");
const n = require("../main.cjs");
const r = require("./prompt-files.cjs");
let i = require("node:path");
// node_modules/shell-quote/quote.js
var a = /* @__PURE__ */ e.t(((e, t) => {
	var n = [
		"||",
		"&&",
		";;&",
		";;",
		";&",
		"|&",
		"<(",
		">(",
		"<<<",
		"<<-",
		"<<",
		">>",
		">&",
		">|",
		"&>>",
		"&>",
		"<&",
		"<>",
		"&",
		";",
		"(",
		")",
		"|",
		"<",
		">"
	];
	var r = /[\n\r\u2028\u2029]/;
	var i = /[\s#!"$&'():;<=>@\\^`|~]/g;
	t.exports = function e(t) {
		var a = false;
		return t.map(function(e) {
			if (a && typeof e === "string" && r.test(e)) throw new TypeError("a token after a `comment` must not contain line terminators");
			if (e === "") return "''";
			if (e && typeof e === "object") {
				if ("op" in e && e.op === "glob") {
					if (typeof e.pattern !== "string") throw new TypeError("glob token requires a string `pattern`");
					if (r.test(e.pattern)) throw new TypeError("glob `pattern` must not contain line terminators");
					if (e.pattern === "") return "''";
					return e.pattern.replace(i, "\\$&");
				}
				if ("op" in e && typeof e.op === "string") {
					if (n.indexOf(e.op) < 0) throw new TypeError("invalid `op` value: " + JSON.stringify(e.op));
					return e.op.replace(/[\s\S]/g, "\\$&");
				}
				if ("comment" in e && typeof e.comment === "string") {
					if (r.test(e.comment)) throw new TypeError("`comment` must not contain line terminators");
					a = true;
					return "#" + e.comment;
				}
				throw new TypeError("unrecognized object token shape");
			}
			if (/'/.test(e) && /!/.test(e)) return "'" + e.replace(/'/g, "'\"'\"'") + "'";
			if (/["\s\\]/.test(e) && !/'/.test(e)) return "'" + e + "'";
			if (/["'\s]/.test(e)) return "\"" + e.replace(/(["\\$`])/g, "\\$1") + "\"";
			return String(e).replace(/([A-Za-z]:)?([#!"$&'()*,:;<=>?@[\\\]^`{|}~])/g, "$1\\$2");
		}).join(" ");
	};
}));
// node_modules/shell-quote/parse.js
var o = /* @__PURE__ */ e.t(((e, t) => {
	var n = "(?:" + [
		"\\|\\|",
		"\\&(?:\\&|>>?)",
		";;\\&?",
		"[;|]\\&",
		"\\<\\(",
		"\\<\\<\\<",
		"\\<\\<-",
		"\\<\\<(?!\\()",
		">>",
		">[&|(]",
		"<[&>]",
		"[&;()|<>]"
	].join("|") + ")";
	var r = new RegExp("^" + n + "$");
	var i = "|&;()<> \\t";
	var a = "'([^']*?)'";
	var o = "(?:\\\\[\\s\\S]|[^\\\\'])*?";
	var s = "\\$'" + o + "'";
	var c = new RegExp("\\$'" + o + "(?:(')|\\\\?$)", "g");
	var l = "abeEfnrtv";
	var u = "\x07\b\x1B\x1B\f\n\r	\v";
	var d = /^#$/;
	var f = "'";
	var p = "\"";
	var m = "$";
	var h = "";
	var g = 4294967296;
	for (var _ = 0; _ < 4; _++) h += (g * Math.random()).toString(16);
	var v = new RegExp("^" + h);
	function y(e, t) {
		var n = t.lastIndex;
		var r = [];
		var i;
		while (i = t.exec(e)) {
			r[r.length] = i;
			if (t.lastIndex === i.index) t.lastIndex += 1;
		}
		t.lastIndex = n;
		return r;
	}
	function b(e, t, n) {
		var r = typeof e === "function" ? e(n) : e[n];
		if (typeof r === "undefined" && n != "") r = "";
		else if (typeof r === "undefined") r = "$";
		if (typeof r === "object") return t + h + JSON.stringify(r) + h;
		return t + r;
	}
	var x = /\\([0-7]{1,3}|x[\dA-Fa-f]{1,2}|u[\dA-Fa-f]{1,4}|U[\dA-Fa-f]{1,8}|c(?:\\\\|[\s\S])|[abeEfnrtv\\'"?])/g;
	function S(e, t) {
		var n = t.charAt(0);
		if (n === "c") {
			var r = t.charAt(1);
			return r === "?" ? "" : String.fromCharCode(r.charCodeAt(0) & 31);
		}
		if (n === "x" || n === "u" || n === "U") {
			var i = parseInt(t.slice(1), 16);
			if (i > 1114111) return e;
			return String.fromCharCode.apply(null, i > 65535 ? [55232 + (i >> 10), 56320 + (i & 1023)] : [i]);
		}
		if (n >= "0" && n <= "7") return String.fromCharCode(parseInt(t, 8) & 255);
		var a = l.indexOf(t);
		return a < 0 ? t : u.charAt(a);
	}
	function C(e) {
		return e.replace(x, S).split("\0")[0];
	}
	function w(e, t) {
		c.lastIndex = t;
		return !!c.exec(e)[1];
	}
	function T(e, t, o) {
		if (!o) o = {};
		var l = o.escape || "\\";
		var u = o.splitUnquoted === true ? " 	\n" : typeof o.splitUnquoted === "string" ? o.splitUnquoted : "";
		var h = "(\\" + l + "['\"$\\" + l + i + "]|\\$\\$|\\$(?!" + s.slice(2) + ")|[^\\s'\"$" + i + "])+";
		var g = "\"(?:\\" + l + "[\\s\\S]|[^\"\\" + l + "])*\"";
		var _ = y(e, new RegExp(["(" + n + ")", "(" + s + "|" + h + "|" + g + "|" + a + ")+"].join("|"), "g"));
		if (_.length === 0) return [];
		if (!t) t = {};
		var v = false;
		return _.map(function(n) {
			var i = n[0];
			if (!i || v) return;
			if (r.test(i)) return { op: i };
			var a = false;
			var o = false;
			var s = "";
			var h = [];
			var g = false;
			var _ = null;
			var y = false;
			var x;
			function S() {
				x += 1;
				var e;
				var n;
				var r = i.charAt(x);
				if (r === "{") {
					x += 1;
					if (i.charAt(x) === "}") throw new Error("Bad substitution: " + i.slice(x - 2, x + 1));
					var a = 1;
					e = x;
					while (a > 0 && e < i.length) {
						if (i.charAt(e) === "{" && i.charAt(e - 1) === "$") a += 1;
						else if (i.charAt(e) === "}") a -= 1;
						e += 1;
					}
					if (a !== 0) throw new Error("Bad substitution: " + i.slice(x));
					e -= 1;
					n = i.slice(x, e);
					x = e;
				} else if (/[*@#?$!-]/.test(r)) n = r;
				else {
					var o = i.slice(x);
					e = o.match(/[^\w\d_]/);
					if (!e) {
						n = o;
						x = i.length;
					} else {
						n = o.slice(0, e.index);
						x += e.index - 1;
					}
				}
				return b(t, "", n);
			}
			function T() {
				if (_ === null) return;
				if (_ === 0) {
					if (s !== "") {
						h[h.length] = s;
						s = "";
					}
				} else {
					h[h.length] = s;
					s = "";
					for (var e = 1; e < _; e += 1) h[h.length] = "";
				}
				_ = null;
			}
			for (x = 0; x < i.length; x++) {
				var E = i.charAt(x);
				if (u && E !== m) T();
				y = y || !a && (E === "*" || E === "?");
				if (o) {
					s += E;
					o = false;
				} else if (a) {
					if (E === a) a = false;
					else if (a == f) s += E;
					else if (E === l) {
						x += 1;
						E = i.charAt(x);
						if (E === p || E === l || E === m) s += E;
						else s += l + E;
					} else if (E === m) s += S();
					else s += E;
				} else if (E === p || E === f) {
					a = E;
					g = true;
				} else if (r.test(E)) return { op: i };
				else if (d.test(E)) {
					v = true;
					var D = { comment: e.slice(n.index + x + 1) };
					if (s.length) return [s, D];
					return [D];
				} else if (E === l) o = true;
				else if (E === m && i.charAt(x + 1) === f && w(i, x)) {
					T();
					g = true;
					s += C(i.slice(x + 2, c.lastIndex - 1));
					x = c.lastIndex - 1;
				} else if (E === m) {
					var O = S();
					if (!u) s += O;
					else for (var k = 0; k < O.length; k += 1) {
						var A = O.charAt(k);
						if (u.indexOf(A) < 0) {
							T();
							s += A;
						} else if (_ === null) _ = A === " " || A === "	" || A === "\n" ? 0 : 1;
						else if (A !== " " && A !== "	" && A !== "\n") _ += 1;
					}
				} else s += E;
			}
			if (y) return {
				op: "glob",
				pattern: s
			};
			if (u) {
				if (_ !== null && _ > 0) {
					h[h.length] = s;
					s = "";
					for (var j = 1; j < _; j += 1) h[h.length] = "";
				}
				if (s !== "" || g && h.length === 0) h[h.length] = s;
				return h;
			}
			return s;
		}).reduce(function(e, t) {
			if (typeof t === "undefined") return e;
			[].concat(t).forEach(function(t) {
				e[e.length] = t;
			});
			return e;
		}, []);
	}
	t.exports = function e(t, n, r) {
		var i = T(t, n, r);
		if (typeof n !== "function") return i;
		return i.reduce(function(e, t) {
			if (typeof t === "object") {
				e[e.length] = t;
				return e;
			}
			var n = t.split(RegExp("(" + h + ".*?" + h + ")", "g"));
			if (n.length === 1) {
				e[e.length] = n[0];
				return e;
			}
			n.filter(Boolean).forEach(function(t) {
				e[e.length] = v.test(t) ? JSON.parse(t.split(h)[1]) : t;
			});
			return e;
		}, []);
	};
}));
// node_modules/shell-quote/index.js
var s = /* @__PURE__ */ e.t(((e) => {
	e.quote = a();
	e.parse = o();
}));
// src/core/codex-events.ts
var c = s();
const l = 10;
const u = 16777216;
var d = class {
	#e;
	#t = [];
	#n = 0;
	#r = false;
	#i = null;
	#a = null;
	#o = null;
	constructor(e) {
		this.#e = e;
	}
	get failure() {
		return this.#i;
	}
	read(e) {
		const t = [];
		let n = e;
		for (let e = n.indexOf(l); e >= 0; e = n.indexOf(l)) {
			this.#s(n.subarray(0, e + 1), t);
			this.#c(t);
			n = n.subarray(e + 1);
		}
		this.#s(n, t);
		return y(t);
	}
	end() {
		const e = [];
		this.#c(e);
		return y(e);
	}
	#s(e, t) {
		if (this.#r) {
			t.push(e);
			return;
		}
		this.#t.push(e);
		this.#n += e.length;
		if (this.#n <= u) return;
		this.#r = true;
		t.push(...this.#l());
	}
	#c(e) {
		this.#r = false;
		const t = y(this.#l());
		if (t.length > 0) e.push(this.#u(t));
	}
	#l() {
		const e = this.#t;
		this.#t = [];
		this.#n = 0;
		return e;
	}
	#u(e) {
		const t = g(e);
		const n = t && this.#d(t);
		if (n === null || this.#e === "json") return e;
		return new TextEncoder().encode(n === "" || n.endsWith("\n") ? n : `${n}\n`);
	}
	#d(e) {
		switch (e.type) {
			case "thread.started": return v(e.thread_id) ? `session id: ${e.thread_id}` : null;
			case "turn.started": return "";
			case "turn.completed":
				this.#i = null;
				return f(e.usage);
			case "turn.failed": return _(e.error) ? this.#f(e.error.message) : null;
			case "error": return this.#f(e.message);
			case "item.started":
			case "item.updated": return _(e.item) ? this.#p(e.item) : null;
			case "item.completed": return _(e.item) ? this.#m(e.item) : null;
			default: return null;
		}
	}
	#f(e) {
		if (!v(e)) return null;
		this.#i = e;
		if (this.#a === e) return "";
		this.#a = e;
		return `ERROR: ${e}`;
	}
	#p(e) {
		switch (e.type) {
			case "command_execution":
				if (!v(e.command)) return null;
				if (this.#o === e.id) return "";
				this.#o = e.id;
				return `exec\n${e.command}`;
			case "mcp_tool_call": return v(e.server) && v(e.tool) ? `mcp: ${e.server}/${e.tool} started` : null;
			case "todo_list": return h(e.items);
			case "agent_message":
			case "reasoning":
			case "file_change":
			case "web_search": return "";
			default: return null;
		}
	}
	#m(e) {
		switch (e.type) {
			case "agent_message": return v(e.text) ? `codex\n${e.text}` : null;
			case "reasoning": return v(e.text) ? e.text : null;
			case "command_execution": return this.#h(e);
			case "file_change": return p(e);
			case "mcp_tool_call": return m(e);
			case "web_search": return v(e.query) ? `web search: ${e.query}` : null;
			case "todo_list": return h(e.items);
			case "error": return v(e.message) ? `warning: ${e.message}` : null;
			default: return null;
		}
	}
	#h(e) {
		const { id: t, command: n, aggregated_output: r, exit_code: i, status: a } = e;
		if (!v(n) || !v(r) || !v(a)) return null;
		const o = this.#o === t ? "" : `exec\n${n}\n`;
		this.#o = null;
		return `${o} ${i === 0 ? "succeeded" : typeof i === "number" ? `exited ${i}` : a}:\n${r}`;
	}
};
function f(e) {
	if (!_(e)) return null;
	const { input_tokens: t, cached_input_tokens: n, output_tokens: r } = e;
	if (typeof t !== "number" || typeof r !== "number") return null;
	return `tokens used: ${t} in${typeof n === "number" ? ` (${n} cached)` : ""}, ${r} out`;
}
function p({ changes: e, status: t }) {
	if (!Array.isArray(e) || !v(t)) return null;
	const n = e.map((e) => _(e) && v(e.kind) && v(e.path) ? `${e.kind} ${e.path}` : null);
	return n.includes(null) ? null : [`patch: ${t}`, ...n].join("\n");
}
function m({ server: e, tool: t, status: n, error: r }) {
	if (!v(e) || !v(t) || !v(n)) return null;
	return `mcp: ${e}/${t} (${n})${_(r) && v(r.message) ? `: ${r.message}` : ""}`;
}
function h(e) {
	if (!Array.isArray(e)) return null;
	const t = e.map((e) => _(e) && v(e.text) ? `[${e.completed === true ? "x" : " "}] ${e.text}` : null);
	return t.includes(null) ? null : ["plan", ...t].join("\n");
}
function g(e) {
	try {
		const t = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(e));
		return _(t) ? t : null;
	} catch {
		return null;
	}
}
function _(e) {
	return typeof e === "object" && e !== null && !Array.isArray(e);
}
function v(e) {
	return typeof e === "string";
}
function y(e) {
	const [t = /* @__PURE__ */ new Uint8Array(), n] = e;
	if (n === void 0) return t;
	const r = new Uint8Array(e.reduce((e, t) => e + t.length, 0));
	let i = 0;
	for (const t of e) {
		r.set(t, i);
		i += t.length;
	}
	return r;
}
// src/core/prompt-verdict.ts
const b = "Run the maintenance workflow (or a run with `refresh: force`), then start a new run.";
const x = [{
	code: "access-token-refused",
	error: /^Your access token could not be refreshed|^Failed to refresh token: |^error sending request for url \(\S+\/oauth\/token\)/,
	message: "The API refused the access token, and Codex could not get a new one",
	hint: b
}, {
	code: "access-token-refused",
	error: /^unexpected status 401 Unauthorized: /,
	message: "The API refused the access token",
	hint: `${b} If it refuses new ones, too, log in again and seed that login.`
}];
function S(e, t) {
	if (!t?.trim()) return new n.wt("prompt-failed", `${e}.`, "See its output above.");
	const r = x.find((e) => e.error.test(t));
	if (r) return new n.wt(r.code, `${r.message}: ${C(t)}.`, r.hint);
	return new n.wt("prompt-failed", `${e}: ${C(t)}.`, "Nothing in this speaks against the login.");
}
function C(e) {
	return n.H(e.replaceAll(/[\w.-]{64,}/g, "…"));
}
// src/action/prompt.ts
const w = 16777216;
async function T(e, a) {
	const { files: o, named: s, commands: c, channel: l, log: u } = e;
	const { prompt: f, protection: p, guard: m, command: h, base: g, root: _, directory: v, environment: y, commandPath: b } = a;
	const x = E(f.codexArgs);
	const C = p.protectAuth === "off" || p.sandbox === "danger-full-access";
	t.i(x, C ? "unprotected" : "protected");
	const w = [...n.u(p, await m(t.o(x))), ...b === void 0 ? [] : n.l(b)];
	const T = (0, i.join)(g, "final-message.txt");
	const D = {
		root: _,
		kept: [g, y.CODEX_HOME ?? g]
	};
	const k = await j({
		files: o,
		named: s
	}, f.outputSchema, {
		...D,
		base: g
	});
	const M = await A(s, f.source, D);
	const { model: N, effort: P } = f;
	const F = t.r({
		model: N,
		effort: P,
		outputSchemaPath: k,
		finalMessagePath: T,
		protection: w,
		extra: x
	});
	const I = new d(t.a(x) ? "json" : "readable");
	u.group("Codex");
	const L = await t.t(e, async (e) => {
		const r = (t, n) => e.write(t, t === "stdout" ? I.read(n) : n);
		const i = await c.run({
			file: h,
			args: F,
			directory: v,
			environment: y,
			output: r,
			input: M
		}).catch((e) => {
			if (!t.n(e)) throw e;
			throw new n.wt("prompt-failed", `Codex could not be started: there is no ${h}, or no directory ${v}.`, "Check the input `working-directory`.", { cause: e });
		});
		e.write("stdout", I.end());
		return i;
	}).finally(() => u.endGroup());
	const R = await O(s, {
		base: g,
		path: T
	}).finally(() => o.remove(T));
	if (R !== null && (R !== "" || L.exitCode === 0)) {
		await t.t(e, async ({ say: e }) => e(R.trimEnd()));
		l.setOutputs({ "final-message": R });
		if (f.outputFile) await r.writeNamedFile(s, {
			...D,
			path: f.outputFile,
			content: R
		});
	}
	if (L.exitCode === 0) return;
	const z = L.signal ? `was ended by ${L.signal}` : `exited with code ${L.exitCode}`;
	throw S(`Codex ${z}`, I.failure);
}
function E(e) {
	if (e === null) return [];
	if (e.startsWith("[")) {
		const t = D(e);
		if (t) return t;
		throw new n.wt("input-invalid", "The input `codex-args` begins like JSON and is no array of strings.", "Write [\"--flag\", \"value\"], or shell words.");
	}
	return (0, c.parse)(e, (e) => `$${e}`).map((e) => {
		if (typeof e === "string") return e;
		throw new n.wt("input-invalid", "The input `codex-args` holds shell syntax, and no shell reads it.", "Write plain words, or a JSON array of strings.");
	});
}
function D(e) {
	try {
		const t = JSON.parse(e);
		return Array.isArray(t) && t.every((e) => typeof e === "string") ? t : null;
	} catch {
		return null;
	}
}
async function O(e, { base: t, path: r }) {
	const i = await e.read(r, {
		root: t,
		kept: [],
		limitBytes: w
	});
	if (i.kind === "read") return Buffer.from(i.bytes).toString("utf8");
	if (i.kind === "missing") return null;
	throw new n.wt("file-refused", "What should be Codex's final message is no plain file of at most 16 MiB: something that ran beside Codex has replaced it.", "See the log for what the model ran; `sandbox: workspace-write` keeps its commands out of that directory.");
}
function k(e, t) {
	return t === null ? e : (0, i.resolve)(e, t);
}
async function A(e, t, n) {
	if (t.kind === "text") return t.text;
	return r.readNamedFile(e, "prompt-file", {
		...n,
		path: t.path
	});
}
async function j({ files: e, named: t }, n, { base: a, ...o }) {
	if (n === null) return null;
	const s = n.kind === "text" ? n.text : await r.readNamedFile(t, "output-schema-file", {
		...o,
		path: n.path
	});
	const c = (0, i.join)(a, "output-schema.json");
	await e.write(c, s, 384);
	return c;
}
exports.absolute = k;
exports.readArguments = E;
exports.runPrompt = T;
