"use strict";
const e = require("./rolldown-runtime.cjs");
const t = require("../main.cjs");
const n = require("./codex-integrity.cjs");
const r = require("./processes.cjs");
let i = require("node:fs");
let a = require("node:path");
let o = require("node:os");
let s = require("node:crypto");
let c = require("node:fs/promises");
let l = require("node:child_process");
let u = require("node:timers/promises");
let d = require("string_decoder");
let f = require("os");
f = e.r(f, 1);
let p = require("events");
p = e.r(p, 1);
let m = require("child_process");
m = e.r(m, 1);
let h = require("path");
h = e.r(h, 1);
require("assert");
let g = require("fs");
g = e.r(g, 1);
let ee = require("timers");
// src/adapters/randomness.ts
const _ = { bytes: (e) => (0, s.randomBytes)(e) };
// node_modules/@actions/io/lib/io-util.js
var v = void 0 && (void 0).__awaiter || function(e, t, n, r) {
	function i(e) {
		return e instanceof n ? e : new n(function(t) {
			t(e);
		});
	}
	return new (n || (n = Promise))(function(n, a) {
		function o(e) {
			try {
				c(r.next(e));
			} catch (e) {
				a(e);
			}
		}
		function s(e) {
			try {
				c(r["throw"](e));
			} catch (e) {
				a(e);
			}
		}
		function c(e) {
			e.done ? n(e.value) : i(e.value).then(o, s);
		}
		c((r = r.apply(e, t || [])).next());
	});
};
const { chmod: te, copyFile: ne, lstat: re, mkdir: ie, open: ae, readdir: oe, rename: se, rm: ce, rmdir: le, stat: y, symlink: ue, unlink: de } = g.promises;
const b = process.platform === "win32";
const fe = g.constants.O_RDONLY;
function pe(e) {
	return v(this, void 0, void 0, function* () {
		try {
			yield y(e);
		} catch (e) {
			if (e.code === "ENOENT") return false;
			throw e;
		}
		return true;
	});
}
function x(e) {
	e = me(e);
	if (!e) throw new Error("isRooted() parameter \"p\" cannot be empty");
	if (b) return e.startsWith("\\") || /^[A-Z]:/i.test(e);
	return e.startsWith("/");
}
function S(e, t) {
	return v(this, void 0, void 0, function* () {
		let n = void 0;
		try {
			n = yield y(e);
		} catch (t) {
			if (t.code !== "ENOENT") console.log(`Unexpected error attempting to determine if executable file exists '${e}': ${t}`);
		}
		if (n && n.isFile()) {
			if (b) {
				const n = h.extname(e).toUpperCase();
				if (t.some((e) => e.toUpperCase() === n)) return e;
			} else if (C(n)) return e;
		}
		const r = e;
		for (const i of t) {
			e = r + i;
			n = void 0;
			try {
				n = yield y(e);
			} catch (t) {
				if (t.code !== "ENOENT") console.log(`Unexpected error attempting to determine if executable file exists '${e}': ${t}`);
			}
			if (n && n.isFile()) {
				if (b) {
					try {
						const t = h.dirname(e);
						const n = h.basename(e).toUpperCase();
						for (const r of yield oe(t)) if (n === r.toUpperCase()) {
							e = h.join(t, r);
							break;
						}
					} catch (t) {
						console.log(`Unexpected error attempting to determine the actual case of the file '${e}': ${t}`);
					}
					return e;
				} else if (C(n)) return e;
			}
		}
		return "";
	});
}
function me(e) {
	e = e || "";
	if (b) {
		e = e.replace(/\//g, "\\");
		return e.replace(/\\\\+/g, "\\");
	}
	return e.replace(/\/\/+/g, "/");
}
function C(e) {
	return (e.mode & 1) > 0 || (e.mode & 8) > 0 && process.getgid !== void 0 && e.gid === process.getgid() || (e.mode & 64) > 0 && process.getuid !== void 0 && e.uid === process.getuid();
}
// node_modules/@actions/io/lib/io.js
var w = void 0 && (void 0).__awaiter || function(e, t, n, r) {
	function i(e) {
		return e instanceof n ? e : new n(function(t) {
			t(e);
		});
	}
	return new (n || (n = Promise))(function(n, a) {
		function o(e) {
			try {
				c(r.next(e));
			} catch (e) {
				a(e);
			}
		}
		function s(e) {
			try {
				c(r["throw"](e));
			} catch (e) {
				a(e);
			}
		}
		function c(e) {
			e.done ? n(e.value) : i(e.value).then(o, s);
		}
		c((r = r.apply(e, t || [])).next());
	});
};
function T(e, t) {
	return w(this, void 0, void 0, function* () {
		if (!e) throw new Error("parameter 'tool' is required");
		if (t) {
			const t = yield T(e, false);
			if (!t) {
				if (b) throw new Error(`Unable to locate executable file: ${e}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`);
				else throw new Error(`Unable to locate executable file: ${e}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`);
			}
			return t;
		}
		const n = yield he(e);
		if (n && n.length > 0) return n[0];
		return "";
	});
}
function he(e) {
	return w(this, void 0, void 0, function* () {
		if (!e) throw new Error("parameter 'tool' is required");
		const t = [];
		if (b && process.env["PATHEXT"]) {
			for (const e of process.env["PATHEXT"].split(h.delimiter)) if (e) t.push(e);
		}
		if (x(e)) {
			const n = yield S(e, t);
			if (n) return [n];
			return [];
		}
		if (e.includes(h.sep)) return [];
		const n = [];
		if (process.env.PATH) {
			for (const e of process.env.PATH.split(h.delimiter)) if (e) n.push(e);
		}
		const r = [];
		for (const i of n) {
			const n = yield S(h.join(i, e), t);
			if (n) r.push(n);
		}
		return r;
	});
}
// node_modules/@actions/exec/lib/toolrunner.js
var E = void 0 && (void 0).__awaiter || function(e, t, n, r) {
	function i(e) {
		return e instanceof n ? e : new n(function(t) {
			t(e);
		});
	}
	return new (n || (n = Promise))(function(n, a) {
		function o(e) {
			try {
				c(r.next(e));
			} catch (e) {
				a(e);
			}
		}
		function s(e) {
			try {
				c(r["throw"](e));
			} catch (e) {
				a(e);
			}
		}
		function c(e) {
			e.done ? n(e.value) : i(e.value).then(o, s);
		}
		c((r = r.apply(e, t || [])).next());
	});
};
const D = process.platform === "win32";
var ge = class extends p.EventEmitter {
	constructor(e, t, n) {
		super();
		if (!e) throw new Error("Parameter 'toolPath' cannot be null or empty.");
		this.toolPath = e;
		this.args = t || [];
		this.options = n || {};
	}
	_debug(e) {
		if (this.options.listeners && this.options.listeners.debug) this.options.listeners.debug(e);
	}
	_getCommandString(e, t) {
		const n = this._getSpawnFileName();
		const r = this._getSpawnArgs(e);
		let i = t ? "" : "[command]";
		if (D) {
			if (this._isCmdFile()) {
				i += n;
				for (const e of r) i += ` ${e}`;
			} else if (e.windowsVerbatimArguments) {
				i += `"${n}"`;
				for (const e of r) i += ` ${e}`;
			} else {
				i += this._windowsQuoteCmdArg(n);
				for (const e of r) i += ` ${this._windowsQuoteCmdArg(e)}`;
			}
		} else {
			i += n;
			for (const e of r) i += ` ${e}`;
		}
		return i;
	}
	_processLineBuffer(e, t, n) {
		try {
			let r = t + e.toString();
			let i = r.indexOf(f.EOL);
			while (i > -1) {
				n(r.substring(0, i));
				r = r.substring(i + f.EOL.length);
				i = r.indexOf(f.EOL);
			}
			return r;
		} catch (e) {
			this._debug(`error processing line. Failed with error ${e}`);
			return "";
		}
	}
	_getSpawnFileName() {
		if (D) {
			if (this._isCmdFile()) return process.env["COMSPEC"] || "cmd.exe";
		}
		return this.toolPath;
	}
	_getSpawnArgs(e) {
		if (D) {
			if (this._isCmdFile()) {
				let t = `/D /S /C "${this._windowsQuoteCmdArg(this.toolPath)}`;
				for (const n of this.args) {
					t += " ";
					t += e.windowsVerbatimArguments ? n : this._windowsQuoteCmdArg(n);
				}
				t += "\"";
				return [t];
			}
		}
		return this.args;
	}
	_endsWith(e, t) {
		return e.endsWith(t);
	}
	_isCmdFile() {
		const e = this.toolPath.toUpperCase();
		return this._endsWith(e, ".CMD") || this._endsWith(e, ".BAT");
	}
	_windowsQuoteCmdArg(e) {
		if (!this._isCmdFile()) return this._uvQuoteCmdArg(e);
		if (!e) return "\"\"";
		const t = [
			" ",
			"	",
			"&",
			"(",
			")",
			"[",
			"]",
			"{",
			"}",
			"^",
			"=",
			";",
			"!",
			"'",
			"+",
			",",
			"`",
			"~",
			"|",
			"<",
			">",
			"\""
		];
		let n = false;
		for (const r of e) if (t.some((e) => e === r)) {
			n = true;
			break;
		}
		if (!n) return e;
		let r = "\"";
		let i = true;
		for (let t = e.length; t > 0; t--) {
			r += e[t - 1];
			if (i && e[t - 1] === "\\") r += "\\";
			else if (e[t - 1] === "\"") {
				i = true;
				r += "\"";
			} else i = false;
		}
		r += "\"";
		return r.split("").reverse().join("");
	}
	_uvQuoteCmdArg(e) {
		if (!e) return "\"\"";
		if (!e.includes(" ") && !e.includes("	") && !e.includes("\"")) return e;
		if (!e.includes("\"") && !e.includes("\\")) return `"${e}"`;
		let t = "\"";
		let n = true;
		for (let r = e.length; r > 0; r--) {
			t += e[r - 1];
			if (n && e[r - 1] === "\\") t += "\\";
			else if (e[r - 1] === "\"") {
				n = true;
				t += "\\";
			} else n = false;
		}
		t += "\"";
		return t.split("").reverse().join("");
	}
	_cloneExecOptions(e) {
		e = e || {};
		const t = {
			cwd: e.cwd || process.cwd(),
			env: e.env || process.env,
			silent: e.silent || false,
			windowsVerbatimArguments: e.windowsVerbatimArguments || false,
			failOnStdErr: e.failOnStdErr || false,
			ignoreReturnCode: e.ignoreReturnCode || false,
			delay: e.delay || 1e4
		};
		t.outStream = e.outStream || process.stdout;
		t.errStream = e.errStream || process.stderr;
		return t;
	}
	_getSpawnOptions(e, t) {
		e = e || {};
		const n = {};
		n.cwd = e.cwd;
		n.env = e.env;
		n["windowsVerbatimArguments"] = e.windowsVerbatimArguments || this._isCmdFile();
		if (e.windowsVerbatimArguments) n.argv0 = `"${t}"`;
		return n;
	}
	exec() {
		return E(this, void 0, void 0, function* () {
			if (!x(this.toolPath) && (this.toolPath.includes("/") || D && this.toolPath.includes("\\"))) this.toolPath = h.resolve(process.cwd(), this.options.cwd || process.cwd(), this.toolPath);
			this.toolPath = yield T(this.toolPath, true);
			return new Promise((e, t) => E(this, void 0, void 0, function* () {
				this._debug(`exec tool: ${this.toolPath}`);
				this._debug("arguments:");
				for (const e of this.args) this._debug(`   ${e}`);
				const n = this._cloneExecOptions(this.options);
				if (!n.silent && n.outStream) n.outStream.write(this._getCommandString(n) + f.EOL);
				const r = new ve(n, this.toolPath);
				r.on("debug", (e) => {
					this._debug(e);
				});
				if (this.options.cwd && !(yield pe(this.options.cwd))) return t(/* @__PURE__ */ new Error(`The cwd: ${this.options.cwd} does not exist!`));
				const i = this._getSpawnFileName();
				const a = m.spawn(i, this._getSpawnArgs(n), this._getSpawnOptions(this.options, i));
				let o = "";
				if (a.stdout) a.stdout.on("data", (e) => {
					if (this.options.listeners && this.options.listeners.stdout) this.options.listeners.stdout(e);
					if (!n.silent && n.outStream) n.outStream.write(e);
					o = this._processLineBuffer(e, o, (e) => {
						if (this.options.listeners && this.options.listeners.stdline) this.options.listeners.stdline(e);
					});
				});
				let s = "";
				if (a.stderr) a.stderr.on("data", (e) => {
					r.processStderr = true;
					if (this.options.listeners && this.options.listeners.stderr) this.options.listeners.stderr(e);
					if (!n.silent && n.errStream && n.outStream) (n.failOnStdErr ? n.errStream : n.outStream).write(e);
					s = this._processLineBuffer(e, s, (e) => {
						if (this.options.listeners && this.options.listeners.errline) this.options.listeners.errline(e);
					});
				});
				a.on("error", (e) => {
					r.processError = e.message;
					r.processExited = true;
					r.processClosed = true;
					r.CheckComplete();
				});
				a.on("exit", (e) => {
					r.processExitCode = e;
					r.processExited = true;
					this._debug(`Exit code ${e} received from tool '${this.toolPath}'`);
					r.CheckComplete();
				});
				a.on("close", (e) => {
					r.processExitCode = e;
					r.processExited = true;
					r.processClosed = true;
					this._debug(`STDIO streams have closed for tool '${this.toolPath}'`);
					r.CheckComplete();
				});
				r.on("done", (n, r) => {
					if (o.length > 0) this.emit("stdline", o);
					if (s.length > 0) this.emit("errline", s);
					a.removeAllListeners();
					if (n) t(n);
					else e(r);
				});
				if (this.options.input) {
					if (!a.stdin) throw new Error("child process missing stdin");
					a.stdin.end(this.options.input);
				}
			}));
		});
	}
};
function _e(e) {
	const t = [];
	let n = false;
	let r = false;
	let i = "";
	function a(e) {
		if (r && e !== "\"") i += "\\";
		i += e;
		r = false;
	}
	for (let o = 0; o < e.length; o++) {
		const s = e.charAt(o);
		if (s === "\"") {
			if (!r) n = !n;
			else a(s);
			continue;
		}
		if (s === "\\" && r) {
			a(s);
			continue;
		}
		if (s === "\\" && n) {
			r = true;
			continue;
		}
		if (s === " " && !n) {
			if (i.length > 0) {
				t.push(i);
				i = "";
			}
			continue;
		}
		a(s);
	}
	if (i.length > 0) t.push(i.trim());
	return t;
}
var ve = class e extends p.EventEmitter {
	constructor(e, t) {
		super();
		this.processClosed = false;
		this.processError = "";
		this.processExitCode = 0;
		this.processExited = false;
		this.processStderr = false;
		this.delay = 1e4;
		this.done = false;
		this.timeout = null;
		if (!t) throw new Error("toolPath must not be empty");
		this.options = e;
		this.toolPath = t;
		if (e.delay) this.delay = e.delay;
	}
	CheckComplete() {
		if (this.done) return;
		if (this.processClosed) this._setResult();
		else if (this.processExited) this.timeout = (0, ee.setTimeout)(e.HandleTimeout, this.delay, this);
	}
	_debug(e) {
		this.emit("debug", e);
	}
	_setResult() {
		let e;
		if (this.processExited) {
			if (this.processError) e = /* @__PURE__ */ new Error(`There was an error when attempting to execute the process '${this.toolPath}'. This may indicate the process failed to start. Error: ${this.processError}`);
			else if (this.processExitCode !== 0 && !this.options.ignoreReturnCode) e = /* @__PURE__ */ new Error(`The process '${this.toolPath}' failed with exit code ${this.processExitCode}`);
			else if (this.processStderr && this.options.failOnStdErr) e = /* @__PURE__ */ new Error(`The process '${this.toolPath}' failed because one or more lines were written to the STDERR stream`);
		}
		if (this.timeout) {
			clearTimeout(this.timeout);
			this.timeout = null;
		}
		this.done = true;
		this.emit("done", e, this.processExitCode);
	}
	static HandleTimeout(e) {
		if (e.done) return;
		if (!e.processClosed && e.processExited) {
			const t = `The STDIO streams did not close within ${e.delay / 1e3} seconds of the exit event from process '${e.toolPath}'. This may indicate a child process inherited the STDIO streams and has not yet exited.`;
			e._debug(t);
		}
		e._setResult();
	}
};
// node_modules/@actions/exec/lib/exec.js
var O = void 0 && (void 0).__awaiter || function(e, t, n, r) {
	function i(e) {
		return e instanceof n ? e : new n(function(t) {
			t(e);
		});
	}
	return new (n || (n = Promise))(function(n, a) {
		function o(e) {
			try {
				c(r.next(e));
			} catch (e) {
				a(e);
			}
		}
		function s(e) {
			try {
				c(r["throw"](e));
			} catch (e) {
				a(e);
			}
		}
		function c(e) {
			e.done ? n(e.value) : i(e.value).then(o, s);
		}
		c((r = r.apply(e, t || [])).next());
	});
};
function ye(e, t, n) {
	return O(this, void 0, void 0, function* () {
		const r = _e(e);
		if (r.length === 0) throw new Error(`Parameter 'commandLine' cannot be null or empty.`);
		const i = r[0];
		t = r.slice(1).concat(t || []);
		return new ge(i, t, n).exec();
	});
}
function k(e, t, n) {
	return O(this, void 0, void 0, function* () {
		var r, i;
		let a = "";
		let o = "";
		const s = new d.StringDecoder("utf8");
		const c = new d.StringDecoder("utf8");
		const l = (r = n === null || n === void 0 ? void 0 : n.listeners) === null || r === void 0 ? void 0 : r.stdout;
		const u = (i = n === null || n === void 0 ? void 0 : n.listeners) === null || i === void 0 ? void 0 : i.stderr;
		const f = (e) => {
			o += c.write(e);
			if (u) u(e);
		};
		const p = (e) => {
			a += s.write(e);
			if (l) l(e);
		};
		const m = Object.assign(Object.assign({}, n === null || n === void 0 ? void 0 : n.listeners), {
			stdout: p,
			stderr: f
		});
		const h = yield ye(e, t, Object.assign(Object.assign({}, n), { listeners: m }));
		a += s.end();
		o += c.end();
		return {
			exitCode: h,
			stdout: a,
			stderr: o
		};
	});
}
// src/adapters/codex-locator.ts
async function A(e, n = [], r = () => {}) {
	const i = await Promise.all(n.map((e) => (0, c.realpath)(e).catch(() => e)));
	const o = async (e) => {
		const n = [
			e,
			await (0, c.realpath)((0, a.dirname)(e)),
			await (0, c.realpath)(e)
		];
		return !(0, a.isAbsolute)(e) || n.some((e) => i.some((n) => t.c(n, e)));
	};
	for (const t of e.split(a.delimiter).filter((e) => e !== "")) for (const e of process.platform === "win32" ? ["codex.exe", "codex.cmd"] : ["codex"]) {
		const n = (0, a.join)(t, e);
		if (!await j(n)) continue;
		const i = await be(n);
		if (!await o(n) && (i === null || !await o(i))) return i ?? n;
		r();
	}
	return null;
}
async function be(e) {
	const t = await xe(e);
	if (t === null) return null;
	const n = `codex-${process.platform}-${process.arch}`;
	for (const e of [(0, a.dirname)(t), (0, a.join)(t, "node_modules", "@openai")]) {
		const t = (0, a.join)(e, n, "vendor");
		for (const e of await (0, c.readdir)(t).catch(() => [])) {
			const n = (0, a.join)(t, e, "bin", process.platform === "win32" ? "codex.exe" : "codex");
			if (await j(n)) return n;
		}
	}
	return null;
}
async function xe(e) {
	if (e.endsWith("codex.cmd")) return (0, a.join)((0, a.dirname)(e), "node_modules", "@openai", "codex");
	const t = await (0, c.realpath)(e);
	return t.endsWith((0, a.join)("@openai", "codex", "bin", "codex.js")) ? (0, a.dirname)((0, a.dirname)(t)) : null;
}
async function j(e) {
	try {
		await (0, c.access)(e, c.constants.X_OK);
		return (await (0, c.stat)(e)).isFile();
	} catch {
		return false;
	}
}
// src/adapters/codex-program.ts
function Se({ environment: e, toolCache: r, temporaryDirectory: i, path: s, replaceable: l, log: u }) {
	const d = (0, a.join)(r, M);
	const f = async (e) => {
		const { stdout: t } = await k(e, ["--version"], p).catch(() => ({ stdout: "" }));
		return /(\d+\.\d+\.\d+\S*)/.exec(t)?.[1] ?? null;
	};
	const p = {
		silent: true,
		ignoreReturnCode: true,
		env: { ...e }
	};
	const m = async (e) => {
		const t = e === "0.169.0" ? d : (0, a.join)(i, M);
		const n = (0, a.join)(t, `codex-${e}-${(0, o.platform)()}-${(0, o.arch)()}`);
		const r = await A(L(n));
		if (r) {
			if (await N(e, r)) return r;
			u.warning(`The Codex ${e} in this machine's tool cache is not the one that was published. It is not run; another takes its place.`);
		}
		u.info(`Installing @openai/codex ${e} with npm.`);
		await (0, c.mkdir)(t, { recursive: true });
		const s = await (0, c.mkdtemp)(`${n}-`);
		try {
			const t = [
				"--no-save",
				"--no-audit",
				"--no-fund",
				"--ignore-scripts",
				"--loglevel",
				"error"
			];
			const i = [
				"--fetch-retry-mintimeout",
				"1000",
				"--fetch-retry-maxtimeout",
				"5000"
			];
			const { exitCode: a, stderr: o } = await k("npm", [
				"install",
				...t,
				...i,
				"--prefix",
				s,
				`@openai/codex@${e}`
			], p).catch(() => ({
				exitCode: null,
				stderr: P
			}));
			if (a !== 0) throw R(e, o);
			const l = await A(L(s));
			if (!l) throw R(e, F);
			if (!await N(e, l)) throw R(e, I);
			if (await f(l) !== e) throw R(e, F);
			if (r) await (0, c.rm)(n, {
				recursive: true,
				force: true
			});
			const u = await (0, c.rename)(s, n).then(() => true, () => false);
			const d = await A(L(n));
			if (d && (u || await N(e, d))) return d;
			throw R(e, "");
		} finally {
			await (0, c.rm)(s, {
				recursive: true,
				force: true
			});
		}
	};
	return {
		locate: async () => {
			const e = await A(s(), l, () => u.info("There is a `codex` inside the workspace on PATH. It is not used: a model could have replaced it, and the login is given to it."));
			return e !== null && t.c(d, e) ? m(n.n) : e;
		},
		install: m,
		version: f,
		canSandbox: async (e, { home: t, directory: n, flags: r, environment: i }) => {
			const a = {
				...p,
				cwd: n,
				env: {
					...i,
					CODEX_HOME: t
				}
			};
			const o = [
				"sandbox",
				...r,
				"--",
				"true"
			];
			const { exitCode: s } = await k(e, o, a).catch(() => ({ exitCode: 1 }));
			return s === 0;
		}
	};
}
const M = "codex-auth-roundtrip";
async function N(e, t) {
	if (e !== "0.169.0") return true;
	const r = n.t[`${(0, o.platform)()}-${(0, o.arch)()}`];
	const { digestOfFiles: i } = await Promise.resolve().then(() => require("./codex-files.cjs"));
	return r !== void 0 && await i((0, a.dirname)((0, a.dirname)(await (0, c.realpath)(t)))) === r.files;
}
const P = "npm was not found";
const F = "the program for this platform is missing";
const I = "not what was published";
function L(e) {
	return (0, a.join)(e, "node_modules", ".bin");
}
function R(e, n) {
	const r = /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|network/i.test(n);
	const i = /ETARGET|E404|No matching version/i.test(n);
	return new t.wt("codex-install-failed", `Codex ${e} could not be installed: ${r ? "the npm registry cannot be reached" : i ? "there is no such version" : n === P ? "there is no npm on this machine" : n === I ? "what npm brought is not what OpenAI published; something stands between this machine and the registry" : n === F ? "npm came without the program for this platform, or could not verify it" : "npm failed"}.`, "Install it in an earlier step, so that `codex` is on PATH, or choose another `codex-version`.");
}
// src/adapters/command-runner.ts
const Ce = 5e3;
const we = 1e3;
const Te = 1e3;
const Ee = 1e3;
const De = 50;
const Oe = ["SIGINT", "SIGTERM"];
const z = "CODEX_AUTH_ROUNDTRIP_COMMAND";
const ke = { run: ({ file: e, args: t, directory: n, environment: r, output: i, input: a = "" }) => new Promise((o, s) => {
	const c = `${process.pid}-${process.hrtime.bigint()}`;
	const { child: l, ended: d } = Me({
		file: e,
		args: t,
		directory: n,
		environment: {
			...r,
			[z]: c
		}
	});
	l.stdin?.on("error", () => {});
	l.stdin?.end(a);
	l.stdout?.on("data", (e) => i("stdout", e));
	l.stderr?.on("data", (e) => i("stderr", e));
	const f = new Promise((e) => l.once("close", () => e()));
	const p = Oe.map((e) => {
		const t = () => Le(l.pid, e);
		process.on(e, t);
		return () => process.off(e, t);
	});
	d.then(async ({ exitCode: e, signal: t, letGo: n }) => {
		await Ie({
			root: l.pid ?? -1,
			marker: `${z}=${c}`
		});
		n();
		const r = new AbortController();
		await Promise.race([f, (0, u.setTimeout)(Ce, null, { signal: r.signal }).catch(() => {})]);
		r.abort();
		return {
			exitCode: e,
			signal: t
		};
	}).finally(() => {
		for (const e of p) e();
		l.stdout?.destroy();
		l.stderr?.destroy();
	}).then(o, s);
}) };
const Ae = `
my ($prctl, $program) = splice @ARGV, 0, 2;
open(my $ours, "+<&=", 3) or exit 126;
fcntl($ours, 2, 1);
syscall($prctl + 0, 36, 1, 0, 0, 0);
$SIG{INT} = $SIG{TERM} = $SIG{CHLD} = sub {};
my $pid = fork;
exit 126 unless defined $pid;
if ($pid == 0) {
  /^KEPT_(PERL.*)/ and $ENV{$1} = delete $ENV{$_} for keys %ENV;
  exec { $program } @ARGV;
  exit 127;
}
my $status;
until (defined $status) {
  my $ready = "";
  vec($ready, 3, 1) = 1;
  endAll() if select($ready, undef, undef, 0.1) > 0;
  while ((my $gone = waitpid(-1, 1)) > 0) { $status = $? if $gone == $pid }
}
syswrite($ours, "$status\n");
open(STDIN, "<", "/dev/null"); open(STDOUT, ">", "/dev/null"); open(STDERR, ">", "/dev/null");
until (defined sysread($ours, my $word, 1)) { last unless $! == 4 }
endAll();
sub endAll {
  for (1 .. 100) {
    1 while waitpid(-1, 1) > 0;
    my @children = children() or last;
    kill 9, @children;
    select(undef, undef, undef, 0.01);
  }
  exit 1;
}
sub children {
  opendir(my $proc, "/proc") or return;
  my @found;
  for my $pid (grep { /^\\d+$/ } readdir $proc) {
    open(my $stat, "<", "/proc/$pid/stat") or next;
    push @found, $pid if join("", <$stat>) =~ /.*\\) \\S (\\d+) /s and $1 == $$;
  }
  return @found;
}
`;
const B = "/usr/bin/perl";
const je = {
	x64: "157",
	arm64: "167"
};
function Me(e) {
	const t = (0, o.platform)() === "linux" && H(B) ? je[(0, o.arch)()] : void 0;
	return t === void 0 ? V(e) : Ne(e, t);
}
function V({ file: e, args: t, directory: n, environment: r }) {
	const i = (0, l.spawn)(e, t, {
		cwd: n,
		env: { ...r },
		stdio: [
			"pipe",
			"pipe",
			"pipe"
		],
		detached: (0, o.platform)() !== "win32"
	});
	return {
		child: i,
		ended: new Promise((e, t) => {
			i.once("error", t);
			i.once("exit", (t, n) => e({
				exitCode: t,
				signal: n,
				letGo: () => {}
			}));
		})
	};
}
function Ne({ file: e, args: t, directory: n, environment: r }, i) {
	const a = Fe(e, {
		directory: n,
		path: r.PATH ?? ""
	});
	if (a === null) return V({
		file: e,
		args: t,
		directory: n,
		environment: r
	});
	const o = Object.entries(r).map(([e, t]) => [e.startsWith("PERL") ? `KEPT_${e}` : e, t]);
	const s = (0, l.spawn)(B, [
		"-e",
		Ae,
		i,
		a,
		e,
		...t
	], {
		cwd: n,
		env: Object.fromEntries(o),
		stdio: [
			"pipe",
			"pipe",
			"pipe",
			"pipe"
		],
		detached: true
	});
	const c = s.stdio[3];
	const u = () => void c.destroy();
	return {
		child: s,
		ended: new Promise((e, t) => {
			let n = "";
			c.on("error", () => {});
			c.on("data", (t) => {
				n += t.toString("latin1");
				if (n.endsWith("\n")) e({
					...Pe(Number(n)),
					letGo: u
				});
			});
			s.once("error", t);
			s.once("exit", (t, n) => e({
				exitCode: t,
				signal: n,
				letGo: u
			}));
		})
	};
}
function Pe(e) {
	const t = e & 127;
	if (t === 0) return {
		exitCode: e >> 8,
		signal: null
	};
	return {
		exitCode: null,
		signal: Object.entries(o.constants.signals).find(([, e]) => e === t)?.[0] ?? "SIGKILL"
	};
}
function Fe(e, { directory: t, path: n }) {
	return (e.includes("/") ? [(0, a.resolve)(t, e)] : n.split(a.delimiter).map((n) => (0, a.resolve)(t, (0, a.join)(n, e)))).find(H) ?? null;
}
function H(e) {
	try {
		(0, i.accessSync)(e, i.constants.X_OK);
		return (0, i.statSync)(e).isFile();
	} catch {
		return false;
	}
}
async function Ie(e) {
	if (await U(e, we)) return;
	for (const t of r.t(e)) r.n(t, "SIGTERM");
	if (await U(e, Te)) return;
	await U(e, Ee, "SIGKILL");
}
async function U(e, t, n) {
	const i = performance.now() + t;
	for (;;) {
		const t = r.t(e);
		if (t.length === 0) return true;
		if (performance.now() >= i) return false;
		if (n) for (const e of t) r.n(e, n);
		await (0, u.setTimeout)(De);
	}
}
function Le(e, t) {
	if (e === void 0) return;
	try {
		process.kill((0, o.platform)() === "win32" ? e : -e, t);
	} catch {}
}
// src/adapters/machine-policy.ts
const W = "kernel.apparmor_restrict_unprivileged_userns";
function Re(e, t) {
	const n = (t, n = "") => {
		const [r = "", ...i] = process.getuid?.() === 0 ? t : [
			"sudo",
			"-n",
			...t
		];
		return new Promise((t) => {
			const a = (0, l.spawn)(r, i, {
				stdio: [
					"pipe",
					"ignore",
					"ignore"
				],
				env: { ...e }
			});
			a.once("error", () => t(false));
			a.once("close", (e) => t(e === 0));
			a.stdin.on("error", () => {});
			a.stdin.end(n);
		});
	};
	return {
		allowUserNamespaces: async () => {
			if (!t) return;
			const e = `/proc/sys/${W.replaceAll(".", "/")}`;
			if ((await (0, c.readFile)(e, "utf8").catch(() => "0")).trim() !== "0") await n([
				"sysctl",
				"-w",
				`${W}=0`
			]);
		},
		writeRequirements: async (e, t) => {
			if (process.platform !== "linux") return "impossible";
			if (await (0, c.access)(e).then(() => true, () => false)) return await (0, c.readFile)(e, "utf8").catch(() => null) === t ? "written" : "exists";
			return await n([
				"mkdir",
				"-p",
				(0, a.dirname)(e)
			]) && await n([
				"sh",
				"-c",
				"set -C; cat > \"$1\" && chmod 644 \"$1\"",
				"sh",
				e
			], t) ? "written" : "impossible";
		},
		removeRequirements: async (e, t) => {
			const r = await (0, c.readFile)(e, "utf8").catch(() => "");
			if (r.startsWith("# Written by codex-auth-roundtrip") && r.includes(t)) await n([
				"rm",
				"-f",
				e
			]);
		}
	};
}
// src/adapters/named-files.ts
const { O_RDONLY: G, O_NOFOLLOW: ze = 0, O_NONBLOCK: Be = 0, O_DIRECTORY: Ve = 0 } = i.constants;
const K = "/proc/self/fd";
const He = Ue(process.platform === "linux" && (0, i.existsSync)(K) ? "descriptor" : "path");
function Ue(e) {
	const t = e === "descriptor" ? qe : Je;
	return {
		read: async (e, { limitBytes: n, ...r }) => J(() => {
			X((0, i.lstatSync)(e), "file");
			return Ye(e, G | ze | Be, (a) => {
				const o = (0, i.fstatSync)(a);
				X(o, "file");
				if (o.dev === Q(() => (0, i.statSync)("/proc/self").dev)) throw new q("not-a-file");
				Z(t(a, e), Y(e, r.root), r);
				if (o.size > n) throw new q("too-large");
				return {
					kind: "read",
					bytes: Xe(a, n)
				};
			});
		}),
		write: async (n, r, o) => J(() => {
			const s = (0, a.dirname)(n);
			const c = (0, a.dirname)(Y(n, o.root));
			if (e === "path") {
				Z(i.realpathSync.native(s), c, o);
				Ze((0, a.join)(c, (0, a.basename)(n)), r);
				return { kind: "written" };
			}
			return Ye(s, G | Ve, (e) => {
				Z(t(e, s), c, o);
				Ze((0, a.join)(K, String(e), (0, a.basename)(n)), r);
				return { kind: "written" };
			});
		}),
		directory: async (e, t) => J(() => {
			X((0, i.statSync)(e), "directory");
			const n = i.realpathSync.native(e);
			Z(n, Y(e, t.root), t);
			return {
				kind: "directory",
				real: n
			};
		}),
		linkTo: async (e, t, n) => t.find((t) => {
			const r = Q(() => i.realpathSync.native((0, a.join)(e, t)));
			return r !== null && Ge(r, [n]);
		}) ?? null,
		hasOtherNames: async (e) => Qe(Q(() => i.realpathSync.native(e)) ?? e)
	};
}
var q = class extends Error {
	kind;
	constructor(e) {
		super(e);
		this.kind = e;
	}
};
function J(e) {
	try {
		return e();
	} catch (e) {
		if (e instanceof q) return { kind: e.kind };
		switch (e.code) {
			case "ELOOP": return { kind: "link" };
			case "ENOENT":
			case "ENOTDIR": return { kind: "missing" };
			default: return { kind: "unusable" };
		}
	}
}
function Y(e, t) {
	const n = i.realpathSync.native(t);
	for (const r of [t, n]) {
		const t = (0, a.relative)(r, e);
		if (t !== ".." && !t.startsWith(`..${a.sep}`) && !(0, a.isAbsolute)(t)) return (0, a.join)(n, t);
	}
	return (0, a.join)(i.realpathSync.native((0, a.dirname)(e)), (0, a.basename)(e));
}
function X(e, t) {
	if (e.isSymbolicLink()) throw new q("link");
	if (!(t === "file" ? e.isFile() : e.isDirectory())) throw new q("not-a-file");
}
function Z(e, t, { kept: n }) {
	if (!We(e, t)) throw new q("link");
	if (Ge(e, n)) throw new q("kept");
}
function We(e, t) {
	if (e === t) return true;
	const n = process.platform === "win32" || process.platform === "darwin";
	const r = (e) => e.normalize("NFC").toLowerCase();
	return n && r(e) === r(t);
}
function Ge(e, t) {
	const n = t.map(Ke).filter((e) => e !== null);
	for (let t = e;; t = (0, a.dirname)(t)) {
		const e = Ke(t);
		if (e !== null && n.includes(e)) return true;
		if (t === (0, a.dirname)(t)) return false;
	}
}
function Ke(e) {
	const t = Q(() => (0, i.statSync)(e, { bigint: true }));
	return t && `${t.dev} ${t.ino}`;
}
function qe(e) {
	return (0, i.readlinkSync)((0, a.join)(K, String(e)));
}
function Je(e, t) {
	const n = i.realpathSync.native(t);
	const [r, a] = [(0, i.fstatSync)(e, { bigint: true }), (0, i.statSync)(n, { bigint: true })];
	if (r.dev !== a.dev || r.ino !== a.ino) throw new q("link");
	return n;
}
function Ye(e, t, n) {
	const r = (0, i.openSync)(e, t);
	try {
		return n(r);
	} finally {
		(0, i.closeSync)(r);
	}
}
function Xe(e, t) {
	const n = [];
	let r = 0;
	for (;;) {
		const a = /* @__PURE__ */ new Uint8Array(65536);
		const o = (0, i.readSync)(e, a, 0, a.length, null);
		if (o === 0) return Buffer.concat(n);
		r += o;
		if (r > t) throw new q("too-large");
		n.push(a.subarray(0, o));
	}
}
function Ze(e, t) {
	const n = (0, i.lstatSync)(e, { throwIfNoEntry: false });
	if (n) X(n, "file");
	const r = `${e}.${process.pid}-${process.hrtime.bigint()}.tmp`;
	try {
		(0, i.writeFileSync)(r, t, {
			flag: "wx",
			mode: 420
		});
		(0, i.renameSync)(r, e);
	} catch (e) {
		(0, i.rmSync)(r, { force: true });
		throw e;
	}
}
function Qe(e) {
	const t = Q(() => (0, i.lstatSync)(e));
	if (t?.isFile()) return t.nlink > 1;
	if (!t?.isDirectory()) return false;
	return (Q(() => (0, i.readdirSync)(e)) ?? []).some((t) => Qe((0, a.join)(e, t)));
}
function Q(e) {
	try {
		return e();
	} catch {
		return null;
	}
}
// src/entry/job-tools.ts
function $e(e, r) {
	return {
		commands: ke,
		program: $(n.r({
			...e,
			...r.codexEnvironment
		}, t.i), r),
		machine: et(e),
		named: He,
		randomness: _
	};
}
function et(e) {
	return Re(e, process.env.RUNNER_ENVIRONMENT === "github-hosted");
}
function $(e, { workingDirectory: n }) {
	const { RUNNER_TEMP: r = "", RUNNER_TOOL_CACHE: i, GITHUB_WORKSPACE: o } = process.env;
	const s = o ?? process.cwd();
	return Se({
		environment: e,
		toolCache: i ?? r,
		temporaryDirectory: r,
		path: t.a,
		replaceable: [s, (0, a.resolve)(s, n ?? "")],
		log: t.m
	});
}
exports.codexProgram = $;
exports.jobTools = $e;
exports.t = _;
