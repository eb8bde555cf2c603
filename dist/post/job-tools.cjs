"use strict";
// \0rolldown/runtime.js
var e = Object.create;
var t = Object.defineProperty;
var n = Object.getOwnPropertyDescriptor;
var r = Object.getOwnPropertyNames;
var i = Object.getPrototypeOf;
var a = Object.prototype.hasOwnProperty;
var o = (e, i, o, s) => {
	if (i && typeof i === "object" || typeof i === "function") {
		for (var c = r(i), l = 0, u = c.length, d; l < u; l++) {
			d = c[l];
			if (!a.call(e, d) && d !== o) {
				t(e, d, {
					get: ((e) => i[e]).bind(null, d),
					enumerable: !(s = n(i, d)) || s.enumerable
				});
			}
		}
	}
	return e;
};
var s = (n, r, s) => (s = n != null ? e(i(n)) : {}, o(r || !n || !n.__esModule || !a.call(n, "default") ? t(s, "default", {
	value: n,
	enumerable: true
}) : s, n));
const c = require("../post.cjs");
require("./processes.cjs");
let l = require("node:fs");
let u = require("node:path");
let d = require("node:crypto");
let f = require("node:fs/promises");
let p = require("node:child_process");
let ee = require("node:timers/promises");
let m = require("node:os");
let h = require("string_decoder");
let g = require("os");
g = s(g, 1);
let _ = require("events");
_ = s(_, 1);
let v = require("child_process");
v = s(v, 1);
let y = require("path");
y = s(y, 1);
require("assert");
let b = require("fs");
b = s(b, 1);
let te = require("timers");
// src/core/codex-integrity.ts
const x = "0.169.0";
const ne = {
	"darwin-arm64": {
		package: "sha512-5WsWFBbVP78D+6FvNo1MMVxLPZdmcoQlqVJFrF4qx/TmvneLnMQKtLyXkUo54XOTDfoYKpNouTJ/F7gTVA8FnQ==",
		files: "ef77c8bac8f8b60a67fcdc5b4008c7925452042fdbf5547fb73ef645c5d40a40"
	},
	"darwin-x64": {
		package: "sha512-K1FKSsSLl9v3z5TeagBQXyQRDBIGB5Jncy5dxsRxwT3aaTqN3AI8VrCfoxBxKMOOU9O2QX1vg7WkBwNVth/s9A==",
		files: "33764f0fb50845b2599aff8adca03fdb58925c229cd9edf84d5d1f8c85a4aafe"
	},
	"linux-arm64": {
		package: "sha512-NZ/DaQUpcQmxmqee7Z9uC1rzw3GhSbooawcaTe1LN5Yk+WlinUKGdTXJgClRT/9ogQEEM9TWxYzvxPfj5G/xFg==",
		files: "34c942f866e069628cfa9c6b22f9fb9635d335dea297788b780b5b6e1e959556"
	},
	"linux-x64": {
		package: "sha512-o05NyAOCDygSPRo1yinzxvkRSdmsZyBD9E7mbpmjRanSfM8lypqWtQgEo4XfNkwhuCR2aFu8mlGOsQGFXVbVww==",
		files: "05c78b76368b9df15b1144b17bfdffd74c6710383afd56f81f692f7a9a1c8457"
	},
	"win32-arm64": {
		package: "sha512-nTN9SpkacGohq60+I80R3t0R8Mhbnlt3OVYNahgAv1Gu77KFwhPc0vz9Ou/DAGDtYhKVWA/jiYXJXnlzkwb/JA==",
		files: "acef650eb64df6f109a44406d4a63f3aca0dd8ed2f7bc770a737f09971631637"
	},
	"win32-x64": {
		package: "sha512-nC+McFU8xRNL9tk3IhxcKdhcyOElwF/HhPO+gzSQCY7yjh3XdzSajX+MYWcHUVHWRHajfwn3/WgJYJK2wS+XWg==",
		files: "0d50c832439c95d0485c211fc16bf0b38e80196dccfe01b2af41fa01869e7582"
	}
};
// src/adapters/randomness.ts
const re = { bytes: (e) => (0, d.randomBytes)(e) };
// src/core/code-variables.ts
const ie = /^(BASH_ENV|ENV|ZDOTDIR|GIT_\w+|PERL\w*|PYTHON\w+|RUBY(OPT|LIB)|NODE_(OPTIONS|PATH)|(LD|DYLD)_\w+|GCONV_PATH)$/i;
const ae = /^(BASH_ENV|ENV)$/i;
function oe(e, t) {
	const n = ([e, n]) => n.split(/[\s:;,=]+/).every((n) => {
		const r = /^\.\.?(\/|$)|^[^-/][^/]*\//.test(n) || ae.test(e);
		return n.startsWith("/") ? t(n) : n === "" || !r;
	});
	return Object.fromEntries(Object.entries(e).filter((e) => !ie.test(e[0]) || n(e)));
}
// node_modules/@actions/io/lib/io-util.js
var S = void 0 && (void 0).__awaiter || function(e, t, n, r) {
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
const { chmod: se, copyFile: ce, lstat: le, mkdir: ue, open: de, readdir: fe, rename: pe, rm: me, rmdir: he, stat: C, symlink: ge, unlink: _e } = b.promises;
const w = process.platform === "win32";
const ve = b.constants.O_RDONLY;
function ye(e) {
	return S(this, void 0, void 0, function* () {
		try {
			yield C(e);
		} catch (e) {
			if (e.code === "ENOENT") return false;
			throw e;
		}
		return true;
	});
}
function T(e) {
	e = be(e);
	if (!e) throw new Error("isRooted() parameter \"p\" cannot be empty");
	if (w) return e.startsWith("\\") || /^[A-Z]:/i.test(e);
	return e.startsWith("/");
}
function E(e, t) {
	return S(this, void 0, void 0, function* () {
		let n = void 0;
		try {
			n = yield C(e);
		} catch (t) {
			if (t.code !== "ENOENT") console.log(`Unexpected error attempting to determine if executable file exists '${e}': ${t}`);
		}
		if (n && n.isFile()) {
			if (w) {
				const n = y.extname(e).toUpperCase();
				if (t.some((e) => e.toUpperCase() === n)) return e;
			} else if (D(n)) return e;
		}
		const r = e;
		for (const i of t) {
			e = r + i;
			n = void 0;
			try {
				n = yield C(e);
			} catch (t) {
				if (t.code !== "ENOENT") console.log(`Unexpected error attempting to determine if executable file exists '${e}': ${t}`);
			}
			if (n && n.isFile()) {
				if (w) {
					try {
						const t = y.dirname(e);
						const n = y.basename(e).toUpperCase();
						for (const r of yield fe(t)) if (n === r.toUpperCase()) {
							e = y.join(t, r);
							break;
						}
					} catch (t) {
						console.log(`Unexpected error attempting to determine the actual case of the file '${e}': ${t}`);
					}
					return e;
				} else if (D(n)) return e;
			}
		}
		return "";
	});
}
function be(e) {
	e = e || "";
	if (w) {
		e = e.replace(/\//g, "\\");
		return e.replace(/\\\\+/g, "\\");
	}
	return e.replace(/\/\/+/g, "/");
}
function D(e) {
	return (e.mode & 1) > 0 || (e.mode & 8) > 0 && process.getgid !== void 0 && e.gid === process.getgid() || (e.mode & 64) > 0 && process.getuid !== void 0 && e.uid === process.getuid();
}
// node_modules/@actions/io/lib/io.js
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
function k(e, t) {
	return O(this, void 0, void 0, function* () {
		if (!e) throw new Error("parameter 'tool' is required");
		if (t) {
			const t = yield k(e, false);
			if (!t) {
				if (w) throw new Error(`Unable to locate executable file: ${e}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`);
				else throw new Error(`Unable to locate executable file: ${e}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`);
			}
			return t;
		}
		const n = yield xe(e);
		if (n && n.length > 0) return n[0];
		return "";
	});
}
function xe(e) {
	return O(this, void 0, void 0, function* () {
		if (!e) throw new Error("parameter 'tool' is required");
		const t = [];
		if (w && process.env["PATHEXT"]) {
			for (const e of process.env["PATHEXT"].split(y.delimiter)) if (e) t.push(e);
		}
		if (T(e)) {
			const n = yield E(e, t);
			if (n) return [n];
			return [];
		}
		if (e.includes(y.sep)) return [];
		const n = [];
		if (process.env.PATH) {
			for (const e of process.env.PATH.split(y.delimiter)) if (e) n.push(e);
		}
		const r = [];
		for (const i of n) {
			const n = yield E(y.join(i, e), t);
			if (n) r.push(n);
		}
		return r;
	});
}
// node_modules/@actions/exec/lib/toolrunner.js
var A = void 0 && (void 0).__awaiter || function(e, t, n, r) {
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
const j = process.platform === "win32";
var Se = class extends _.EventEmitter {
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
		if (j) {
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
			let i = r.indexOf(g.EOL);
			while (i > -1) {
				n(r.substring(0, i));
				r = r.substring(i + g.EOL.length);
				i = r.indexOf(g.EOL);
			}
			return r;
		} catch (e) {
			this._debug(`error processing line. Failed with error ${e}`);
			return "";
		}
	}
	_getSpawnFileName() {
		if (j) {
			if (this._isCmdFile()) return process.env["COMSPEC"] || "cmd.exe";
		}
		return this.toolPath;
	}
	_getSpawnArgs(e) {
		if (j) {
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
		return A(this, void 0, void 0, function* () {
			if (!T(this.toolPath) && (this.toolPath.includes("/") || j && this.toolPath.includes("\\"))) this.toolPath = y.resolve(process.cwd(), this.options.cwd || process.cwd(), this.toolPath);
			this.toolPath = yield k(this.toolPath, true);
			return new Promise((e, t) => A(this, void 0, void 0, function* () {
				this._debug(`exec tool: ${this.toolPath}`);
				this._debug("arguments:");
				for (const e of this.args) this._debug(`   ${e}`);
				const n = this._cloneExecOptions(this.options);
				if (!n.silent && n.outStream) n.outStream.write(this._getCommandString(n) + g.EOL);
				const r = new we(n, this.toolPath);
				r.on("debug", (e) => {
					this._debug(e);
				});
				if (this.options.cwd && !(yield ye(this.options.cwd))) return t(/* @__PURE__ */ new Error(`The cwd: ${this.options.cwd} does not exist!`));
				const i = this._getSpawnFileName();
				const a = v.spawn(i, this._getSpawnArgs(n), this._getSpawnOptions(this.options, i));
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
function Ce(e) {
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
var we = class e extends _.EventEmitter {
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
		else if (this.processExited) this.timeout = (0, te.setTimeout)(e.HandleTimeout, this.delay, this);
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
var M = void 0 && (void 0).__awaiter || function(e, t, n, r) {
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
function Te(e, t, n) {
	return M(this, void 0, void 0, function* () {
		const r = Ce(e);
		if (r.length === 0) throw new Error(`Parameter 'commandLine' cannot be null or empty.`);
		const i = r[0];
		t = r.slice(1).concat(t || []);
		return new Se(i, t, n).exec();
	});
}
function N(e, t, n) {
	return M(this, void 0, void 0, function* () {
		var r, i;
		let a = "";
		let o = "";
		const s = new h.StringDecoder("utf8");
		const c = new h.StringDecoder("utf8");
		const l = (r = n === null || n === void 0 ? void 0 : n.listeners) === null || r === void 0 ? void 0 : r.stdout;
		const u = (i = n === null || n === void 0 ? void 0 : n.listeners) === null || i === void 0 ? void 0 : i.stderr;
		const d = (e) => {
			o += c.write(e);
			if (u) u(e);
		};
		const f = (e) => {
			a += s.write(e);
			if (l) l(e);
		};
		const p = Object.assign(Object.assign({}, n === null || n === void 0 ? void 0 : n.listeners), {
			stdout: f,
			stderr: d
		});
		const ee = yield Te(e, t, Object.assign(Object.assign({}, n), { listeners: p }));
		a += s.end();
		o += c.end();
		return {
			exitCode: ee,
			stdout: a,
			stderr: o
		};
	});
}
// src/adapters/codex-locator.ts
async function P(e, t = [], n = () => {}) {
	const r = await Promise.all(t.map((e) => (0, f.realpath)(e).catch(() => e)));
	const i = async (e) => {
		const t = [
			e,
			await (0, f.realpath)((0, u.dirname)(e)),
			await (0, f.realpath)(e)
		];
		return !(0, u.isAbsolute)(e) || t.some((e) => r.some((t) => c.i(t, e)));
	};
	for (const t of e.split(u.delimiter).filter((e) => e !== "")) for (const e of process.platform === "win32" ? ["codex.exe", "codex.cmd"] : ["codex"]) {
		const r = (0, u.join)(t, e);
		if (!await F(r)) continue;
		const a = await Ee(r);
		if (!await i(r) && (a === null || !await i(a))) return a ?? r;
		n();
	}
	return null;
}
async function Ee(e) {
	const t = await De(e);
	if (t === null) return null;
	const n = `codex-${process.platform}-${process.arch}`;
	for (const e of [(0, u.dirname)(t), (0, u.join)(t, "node_modules", "@openai")]) {
		const t = (0, u.join)(e, n, "vendor");
		for (const e of await (0, f.readdir)(t).catch(() => [])) {
			const n = (0, u.join)(t, e, "bin", process.platform === "win32" ? "codex.exe" : "codex");
			if (await F(n)) return n;
		}
	}
	return null;
}
async function De(e) {
	if (e.endsWith("codex.cmd")) return (0, u.join)((0, u.dirname)(e), "node_modules", "@openai", "codex");
	const t = await (0, f.realpath)(e);
	return t.endsWith((0, u.join)("@openai", "codex", "bin", "codex.js")) ? (0, u.dirname)((0, u.dirname)(t)) : null;
}
async function F(e) {
	try {
		await (0, f.access)(e, f.constants.X_OK);
		return (await (0, f.stat)(e)).isFile();
	} catch {
		return false;
	}
}
// src/adapters/codex-program.ts
function Oe({ environment: e, toolCache: t, temporaryDirectory: n, path: r, replaceable: i, log: a }) {
	const o = (0, u.join)(t, I);
	const s = async (e) => {
		const { stdout: t } = await N(e, ["--version"], l).catch(() => ({ stdout: "" }));
		return /(\d+\.\d+\.\d+\S*)/.exec(t)?.[1] ?? null;
	};
	const l = {
		silent: true,
		ignoreReturnCode: true,
		env: { ...e }
	};
	const d = async (e) => {
		const t = e === "0.169.0" ? o : (0, u.join)(n, I);
		const r = (0, u.join)(t, `codex-${e}-${(0, m.platform)()}-${(0, m.arch)()}`);
		const i = await P(V(r));
		if (i) {
			if (await L(e, i)) return i;
			a.warning(`The Codex ${e} in this machine's tool cache is not the one that was published. It is not run; another takes its place.`);
		}
		a.info(`Installing @openai/codex ${e} with npm.`);
		await (0, f.mkdir)(t, { recursive: true });
		const c = await (0, f.mkdtemp)(`${r}-`);
		try {
			const t = [
				"--no-save",
				"--no-audit",
				"--no-fund",
				"--ignore-scripts",
				"--loglevel",
				"error"
			];
			const n = [
				"--fetch-retry-mintimeout",
				"1000",
				"--fetch-retry-maxtimeout",
				"5000"
			];
			const { exitCode: a, stderr: o } = await N("npm", [
				"install",
				...t,
				...n,
				"--prefix",
				c,
				`@openai/codex@${e}`
			], l).catch(() => ({
				exitCode: null,
				stderr: R
			}));
			if (a !== 0) throw H(e, o);
			const u = await P(V(c));
			if (!u) throw H(e, z);
			if (!await L(e, u)) throw H(e, B);
			if (await s(u) !== e) throw H(e, z);
			if (i) await (0, f.rm)(r, {
				recursive: true,
				force: true
			});
			const d = await (0, f.rename)(c, r).then(() => true, () => false);
			const p = await P(V(r));
			if (p && (d || await L(e, p))) return p;
			throw H(e, "");
		} finally {
			await (0, f.rm)(c, {
				recursive: true,
				force: true
			});
		}
	};
	return {
		locate: async () => {
			const e = await P(r(), i, () => a.info("There is a `codex` inside the workspace on PATH. It is not used: a model could have replaced it, and the login is given to it."));
			return e !== null && c.i(o, e) ? d(x) : e;
		},
		install: d,
		version: s,
		canSandbox: async (e, { home: t, directory: n, flags: r, environment: i }) => {
			const a = {
				...l,
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
			const { exitCode: s } = await N(e, o, a).catch(() => ({ exitCode: 1 }));
			return s === 0;
		}
	};
}
const I = "codex-auth-roundtrip";
async function L(e, t) {
	if (e !== "0.169.0") return true;
	const n = ne[`${(0, m.platform)()}-${(0, m.arch)()}`];
	const { digestOfFiles: r } = await Promise.resolve().then(() => require("./codex-files.cjs"));
	return n !== void 0 && await r((0, u.dirname)((0, u.dirname)(await (0, f.realpath)(t)))) === n.files;
}
const R = "npm was not found";
const z = "the program for this platform is missing";
const B = "not what was published";
function V(e) {
	return (0, u.join)(e, "node_modules", ".bin");
}
function H(e, t) {
	const n = /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|network/i.test(t);
	const r = /ETARGET|E404|No matching version/i.test(t);
	return new c.W("codex-install-failed", `Codex ${e} could not be installed: ${n ? "the npm registry cannot be reached" : r ? "there is no such version" : t === R ? "there is no npm on this machine" : t === B ? "what npm brought is not what OpenAI published; something stands between this machine and the registry" : t === z ? "npm came without the program for this platform, or could not verify it" : "npm failed"}.`, "Install it in an earlier step, so that `codex` is on PATH, or choose another `codex-version`.");
}
// src/adapters/machine-policy.ts
const U = "kernel.apparmor_restrict_unprivileged_userns";
function ke(e, t) {
	const n = (t, n = "") => {
		const [r = "", ...i] = process.getuid?.() === 0 ? t : [
			"sudo",
			"-n",
			...t
		];
		return new Promise((t) => {
			const a = (0, p.spawn)(r, i, {
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
			const e = `/proc/sys/${U.replaceAll(".", "/")}`;
			if ((await (0, f.readFile)(e, "utf8").catch(() => "0")).trim() !== "0") await n([
				"sysctl",
				"-w",
				`${U}=0`
			]);
		},
		writeRequirements: async (e, t) => {
			if (process.platform !== "linux") return "impossible";
			if (await (0, f.access)(e).then(() => true, () => false)) return await (0, f.readFile)(e, "utf8").catch(() => null) === t ? "written" : "exists";
			return await n([
				"mkdir",
				"-p",
				(0, u.dirname)(e)
			]) && await n([
				"sh",
				"-c",
				"set -C; cat > \"$1\" && chmod 644 \"$1\"",
				"sh",
				e
			], t) ? "written" : "impossible";
		},
		removeRequirements: async (e, t) => {
			const r = await (0, f.readFile)(e, "utf8").catch(() => "");
			if (r.startsWith("# Written by codex-auth-roundtrip") && r.includes(t)) await n([
				"rm",
				"-f",
				e
			]);
		}
	};
}
// src/adapters/named-files.ts
const { O_RDONLY: W, O_NOFOLLOW: Ae = 0, O_NONBLOCK: je = 0, O_DIRECTORY: Me = 0 } = l.constants;
const G = "/proc/self/fd";
const Ne = Pe(process.platform === "linux" && (0, l.existsSync)(G) ? "descriptor" : "path");
function Pe(e) {
	const t = e === "descriptor" ? Re : ze;
	return {
		read: async (e, { limitBytes: n, ...r }) => q(() => {
			Y((0, l.lstatSync)(e), "file");
			return Z(e, W | Ae | je, (i) => {
				const a = (0, l.fstatSync)(i);
				Y(a, "file");
				if (a.dev === $(() => (0, l.statSync)("/proc/self").dev)) throw new K("not-a-file");
				X(t(i, e), J(e, r.root), r);
				if (a.size > n) throw new K("too-large");
				return {
					kind: "read",
					bytes: Be(i, n)
				};
			});
		}),
		write: async (n, r, i) => q(() => {
			const a = (0, u.dirname)(n);
			const o = (0, u.dirname)(J(n, i.root));
			if (e === "path") {
				X(l.realpathSync.native(a), o, i);
				Ve((0, u.join)(o, (0, u.basename)(n)), r);
				return { kind: "written" };
			}
			return Z(a, W | Me, (e) => {
				X(t(e, a), o, i);
				Ve((0, u.join)(G, String(e), (0, u.basename)(n)), r);
				return { kind: "written" };
			});
		}),
		directory: async (e, t) => q(() => {
			Y((0, l.statSync)(e), "directory");
			const n = l.realpathSync.native(e);
			X(n, J(e, t.root), t);
			return {
				kind: "directory",
				real: n
			};
		}),
		linkTo: async (e, t, n) => t.find((t) => {
			const r = $(() => l.realpathSync.native((0, u.join)(e, t)));
			return r !== null && Ie(r, [n]);
		}) ?? null,
		hasOtherNames: async (e) => Q($(() => l.realpathSync.native(e)) ?? e)
	};
}
var K = class extends Error {
	kind;
	constructor(e) {
		super(e);
		this.kind = e;
	}
};
function q(e) {
	try {
		return e();
	} catch (e) {
		if (e instanceof K) return { kind: e.kind };
		switch (e.code) {
			case "ELOOP": return { kind: "link" };
			case "ENOENT":
			case "ENOTDIR": return { kind: "missing" };
			default: return { kind: "unusable" };
		}
	}
}
function J(e, t) {
	const n = l.realpathSync.native(t);
	for (const r of [t, n]) {
		const t = (0, u.relative)(r, e);
		if (t !== ".." && !t.startsWith(`..${u.sep}`) && !(0, u.isAbsolute)(t)) return (0, u.join)(n, t);
	}
	return (0, u.join)(l.realpathSync.native((0, u.dirname)(e)), (0, u.basename)(e));
}
function Y(e, t) {
	if (e.isSymbolicLink()) throw new K("link");
	if (!(t === "file" ? e.isFile() : e.isDirectory())) throw new K("not-a-file");
}
function X(e, t, { kept: n }) {
	if (!Fe(e, t)) throw new K("link");
	if (Ie(e, n)) throw new K("kept");
}
function Fe(e, t) {
	if (e === t) return true;
	const n = process.platform === "win32" || process.platform === "darwin";
	const r = (e) => e.normalize("NFC").toLowerCase();
	return n && r(e) === r(t);
}
function Ie(e, t) {
	const n = t.map(Le).filter((e) => e !== null);
	for (let t = e;; t = (0, u.dirname)(t)) {
		const e = Le(t);
		if (e !== null && n.includes(e)) return true;
		if (t === (0, u.dirname)(t)) return false;
	}
}
function Le(e) {
	const t = $(() => (0, l.statSync)(e, { bigint: true }));
	return t && `${t.dev} ${t.ino}`;
}
function Re(e) {
	return (0, l.readlinkSync)((0, u.join)(G, String(e)));
}
function ze(e, t) {
	const n = l.realpathSync.native(t);
	const [r, i] = [(0, l.fstatSync)(e, { bigint: true }), (0, l.statSync)(n, { bigint: true })];
	if (r.dev !== i.dev || r.ino !== i.ino) throw new K("link");
	return n;
}
function Z(e, t, n) {
	const r = (0, l.openSync)(e, t);
	try {
		return n(r);
	} finally {
		(0, l.closeSync)(r);
	}
}
function Be(e, t) {
	const n = [];
	let r = 0;
	for (;;) {
		const i = /* @__PURE__ */ new Uint8Array(65536);
		const a = (0, l.readSync)(e, i, 0, i.length, null);
		if (a === 0) return Buffer.concat(n);
		r += a;
		if (r > t) throw new K("too-large");
		n.push(i.subarray(0, a));
	}
}
function Ve(e, t) {
	const n = (0, l.lstatSync)(e, { throwIfNoEntry: false });
	if (n) Y(n, "file");
	const r = `${e}.${process.pid}-${process.hrtime.bigint()}.tmp`;
	try {
		(0, l.writeFileSync)(r, t, {
			flag: "wx",
			mode: 420
		});
		(0, l.renameSync)(r, e);
	} catch (e) {
		(0, l.rmSync)(r, { force: true });
		throw e;
	}
}
function Q(e) {
	const t = $(() => (0, l.lstatSync)(e));
	if (t?.isFile()) return t.nlink > 1;
	if (!t?.isDirectory()) return false;
	return ($(() => (0, l.readdirSync)(e)) ?? []).some((t) => Q((0, u.join)(e, t)));
}
function $(e) {
	try {
		return e();
	} catch {
		return null;
	}
}
// src/entry/job-tools.ts
function He(e) {
	return ke(e, process.env.RUNNER_ENVIRONMENT === "github-hosted");
}
function Ue(e, { workingDirectory: t }) {
	const { RUNNER_TEMP: n = "", RUNNER_TOOL_CACHE: r, GITHUB_WORKSPACE: i } = process.env;
	const a = i ?? process.cwd();
	return Oe({
		environment: e,
		toolCache: r ?? n,
		temporaryDirectory: n,
		path: c.n,
		replaceable: [a, (0, u.resolve)(a, t ?? "")],
		log: c.o
	});
}
exports.codexProgram = Ue;
exports.i = s;
exports.machinePolicy = He;
exports.n = re;
exports.r = x;
exports.t = oe;
