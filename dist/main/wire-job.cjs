"use strict";

const require_rolldown_runtime = require("./rolldown-runtime.cjs");
const require_main = require("../main.cjs");
const require_code_variables = require("./code-variables.cjs");
const require_processes = require("./processes.cjs");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_crypto = require("node:crypto");
let node_os = require("node:os");
let node_fs_promises = require("node:fs/promises");
let string_decoder = require("string_decoder");
let os = require("os");
os = require_rolldown_runtime.__toESM(os, 1);
let events = require("events");
events = require_rolldown_runtime.__toESM(events, 1);
let child_process = require("child_process");
child_process = require_rolldown_runtime.__toESM(child_process, 1);
let path = require("path");
path = require_rolldown_runtime.__toESM(path, 1);
require("assert");
let fs = require("fs");
fs = require_rolldown_runtime.__toESM(fs, 1);
let timers = require("timers");
let node_child_process = require("node:child_process");
let node_timers_promises = require("node:timers/promises");

// node_modules/@actions/io/lib/io-util.js
var __awaiter$3 = void 0 && (void 0).__awaiter || function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
const { chmod, copyFile, lstat, mkdir: mkdir$1, open, readdir: readdir$1, rename: rename$1, rm: rm$1, rmdir, stat: stat$1, symlink, unlink } = fs.promises;
const IS_WINDOWS$1 = process.platform === "win32";
const READONLY = fs.constants.O_RDONLY;
function exists(fsPath) {
	return __awaiter$3(this, void 0, void 0, function* () {
		try {
			yield stat$1(fsPath);
		} catch (err) {
			if (err.code === "ENOENT") return false;
			throw err;
		}
		return true;
	});
}
function isRooted(p) {
	p = normalizeSeparators(p);
	if (!p) throw new Error("isRooted() parameter \"p\" cannot be empty");
	if (IS_WINDOWS$1) return p.startsWith("\\") || /^[A-Z]:/i.test(p);
	return p.startsWith("/");
}
function tryGetExecutablePath(filePath, extensions) {
	return __awaiter$3(this, void 0, void 0, function* () {
		let stats = void 0;
		try {
			stats = yield stat$1(filePath);
		} catch (err) {
			if (err.code !== "ENOENT") console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
		}
		if (stats && stats.isFile()) {
			if (IS_WINDOWS$1) {
				const upperExt = path.extname(filePath).toUpperCase();
				if (extensions.some((validExt) => validExt.toUpperCase() === upperExt)) return filePath;
			} else if (isUnixExecutable(stats)) return filePath;
		}
		const originalFilePath = filePath;
		for (const extension of extensions) {
			filePath = originalFilePath + extension;
			stats = void 0;
			try {
				stats = yield stat$1(filePath);
			} catch (err) {
				if (err.code !== "ENOENT") console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
			}
			if (stats && stats.isFile()) {
				if (IS_WINDOWS$1) {
					try {
						const directory = path.dirname(filePath);
						const upperName = path.basename(filePath).toUpperCase();
						for (const actualName of yield readdir$1(directory)) if (upperName === actualName.toUpperCase()) {
							filePath = path.join(directory, actualName);
							break;
						}
					} catch (err) {
						console.log(`Unexpected error attempting to determine the actual case of the file '${filePath}': ${err}`);
					}
					return filePath;
				} else if (isUnixExecutable(stats)) return filePath;
			}
		}
		return "";
	});
}
function normalizeSeparators(p) {
	p = p || "";
	if (IS_WINDOWS$1) {
		p = p.replace(/\//g, "\\");
		return p.replace(/\\\\+/g, "\\");
	}
	return p.replace(/\/\/+/g, "/");
}
function isUnixExecutable(stats) {
	return (stats.mode & 1) > 0 || (stats.mode & 8) > 0 && process.getgid !== void 0 && stats.gid === process.getgid() || (stats.mode & 64) > 0 && process.getuid !== void 0 && stats.uid === process.getuid();
}

// node_modules/@actions/io/lib/io.js
var __awaiter$2 = void 0 && (void 0).__awaiter || function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
function which(tool, check) {
	return __awaiter$2(this, void 0, void 0, function* () {
		if (!tool) throw new Error("parameter 'tool' is required");
		if (check) {
			const result = yield which(tool, false);
			if (!result) {
				if (IS_WINDOWS$1) throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`);
				else throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`);
			}
			return result;
		}
		const matches = yield findInPath(tool);
		if (matches && matches.length > 0) return matches[0];
		return "";
	});
}
function findInPath(tool) {
	return __awaiter$2(this, void 0, void 0, function* () {
		if (!tool) throw new Error("parameter 'tool' is required");
		const extensions = [];
		if (IS_WINDOWS$1 && process.env["PATHEXT"]) {
			for (const extension of process.env["PATHEXT"].split(path.delimiter)) if (extension) extensions.push(extension);
		}
		if (isRooted(tool)) {
			const filePath = yield tryGetExecutablePath(tool, extensions);
			if (filePath) return [filePath];
			return [];
		}
		if (tool.includes(path.sep)) return [];
		const directories = [];
		if (process.env.PATH) {
			for (const p of process.env.PATH.split(path.delimiter)) if (p) directories.push(p);
		}
		const matches = [];
		for (const directory of directories) {
			const filePath = yield tryGetExecutablePath(path.join(directory, tool), extensions);
			if (filePath) matches.push(filePath);
		}
		return matches;
	});
}

// node_modules/@actions/exec/lib/toolrunner.js
var __awaiter$1 = void 0 && (void 0).__awaiter || function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
const IS_WINDOWS = process.platform === "win32";
var ToolRunner = class extends events.EventEmitter {
	constructor(toolPath, args, options) {
		super();
		if (!toolPath) throw new Error("Parameter 'toolPath' cannot be null or empty.");
		this.toolPath = toolPath;
		this.args = args || [];
		this.options = options || {};
	}
	_debug(message) {
		if (this.options.listeners && this.options.listeners.debug) this.options.listeners.debug(message);
	}
	_getCommandString(options, noPrefix) {
		const toolPath = this._getSpawnFileName();
		const args = this._getSpawnArgs(options);
		let cmd = noPrefix ? "" : "[command]";
		if (IS_WINDOWS) {
			if (this._isCmdFile()) {
				cmd += toolPath;
				for (const a of args) cmd += ` ${a}`;
			} else if (options.windowsVerbatimArguments) {
				cmd += `"${toolPath}"`;
				for (const a of args) cmd += ` ${a}`;
			} else {
				cmd += this._windowsQuoteCmdArg(toolPath);
				for (const a of args) cmd += ` ${this._windowsQuoteCmdArg(a)}`;
			}
		} else {
			cmd += toolPath;
			for (const a of args) cmd += ` ${a}`;
		}
		return cmd;
	}
	_processLineBuffer(data, strBuffer, onLine) {
		try {
			let s = strBuffer + data.toString();
			let n = s.indexOf(os.EOL);
			while (n > -1) {
				onLine(s.substring(0, n));
				s = s.substring(n + os.EOL.length);
				n = s.indexOf(os.EOL);
			}
			return s;
		} catch (err) {
			this._debug(`error processing line. Failed with error ${err}`);
			return "";
		}
	}
	_getSpawnFileName() {
		if (IS_WINDOWS) {
			if (this._isCmdFile()) return process.env["COMSPEC"] || "cmd.exe";
		}
		return this.toolPath;
	}
	_getSpawnArgs(options) {
		if (IS_WINDOWS) {
			if (this._isCmdFile()) {
				let argline = `/D /S /C "${this._windowsQuoteCmdArg(this.toolPath)}`;
				for (const a of this.args) {
					argline += " ";
					argline += options.windowsVerbatimArguments ? a : this._windowsQuoteCmdArg(a);
				}
				argline += "\"";
				return [argline];
			}
		}
		return this.args;
	}
	_endsWith(str, end) {
		return str.endsWith(end);
	}
	_isCmdFile() {
		const upperToolPath = this.toolPath.toUpperCase();
		return this._endsWith(upperToolPath, ".CMD") || this._endsWith(upperToolPath, ".BAT");
	}
	_windowsQuoteCmdArg(arg) {
		if (!this._isCmdFile()) return this._uvQuoteCmdArg(arg);
		if (!arg) return "\"\"";
		const cmdSpecialChars = [
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
		let needsQuotes = false;
		for (const char of arg) if (cmdSpecialChars.some((x) => x === char)) {
			needsQuotes = true;
			break;
		}
		if (!needsQuotes) return arg;
		let reverse = "\"";
		let quoteHit = true;
		for (let i = arg.length; i > 0; i--) {
			reverse += arg[i - 1];
			if (quoteHit && arg[i - 1] === "\\") reverse += "\\";
			else if (arg[i - 1] === "\"") {
				quoteHit = true;
				reverse += "\"";
			} else quoteHit = false;
		}
		reverse += "\"";
		return reverse.split("").reverse().join("");
	}
	_uvQuoteCmdArg(arg) {
		if (!arg) return "\"\"";
		if (!arg.includes(" ") && !arg.includes("	") && !arg.includes("\"")) return arg;
		if (!arg.includes("\"") && !arg.includes("\\")) return `"${arg}"`;
		let reverse = "\"";
		let quoteHit = true;
		for (let i = arg.length; i > 0; i--) {
			reverse += arg[i - 1];
			if (quoteHit && arg[i - 1] === "\\") reverse += "\\";
			else if (arg[i - 1] === "\"") {
				quoteHit = true;
				reverse += "\\";
			} else quoteHit = false;
		}
		reverse += "\"";
		return reverse.split("").reverse().join("");
	}
	_cloneExecOptions(options) {
		options = options || {};
		const result = {
			cwd: options.cwd || process.cwd(),
			env: options.env || process.env,
			silent: options.silent || false,
			windowsVerbatimArguments: options.windowsVerbatimArguments || false,
			failOnStdErr: options.failOnStdErr || false,
			ignoreReturnCode: options.ignoreReturnCode || false,
			delay: options.delay || 1e4
		};
		result.outStream = options.outStream || process.stdout;
		result.errStream = options.errStream || process.stderr;
		return result;
	}
	_getSpawnOptions(options, toolPath) {
		options = options || {};
		const result = {};
		result.cwd = options.cwd;
		result.env = options.env;
		result["windowsVerbatimArguments"] = options.windowsVerbatimArguments || this._isCmdFile();
		if (options.windowsVerbatimArguments) result.argv0 = `"${toolPath}"`;
		return result;
	}
	exec() {
		return __awaiter$1(this, void 0, void 0, function* () {
			if (!isRooted(this.toolPath) && (this.toolPath.includes("/") || IS_WINDOWS && this.toolPath.includes("\\"))) this.toolPath = path.resolve(process.cwd(), this.options.cwd || process.cwd(), this.toolPath);
			this.toolPath = yield which(this.toolPath, true);
			return new Promise((resolve, reject) => __awaiter$1(this, void 0, void 0, function* () {
				this._debug(`exec tool: ${this.toolPath}`);
				this._debug("arguments:");
				for (const arg of this.args) this._debug(`   ${arg}`);
				const optionsNonNull = this._cloneExecOptions(this.options);
				if (!optionsNonNull.silent && optionsNonNull.outStream) optionsNonNull.outStream.write(this._getCommandString(optionsNonNull) + os.EOL);
				const state = new ExecState(optionsNonNull, this.toolPath);
				state.on("debug", (message) => {
					this._debug(message);
				});
				if (this.options.cwd && !(yield exists(this.options.cwd))) return reject(/* @__PURE__ */ new Error(`The cwd: ${this.options.cwd} does not exist!`));
				const fileName = this._getSpawnFileName();
				const cp = child_process.spawn(fileName, this._getSpawnArgs(optionsNonNull), this._getSpawnOptions(this.options, fileName));
				let stdbuffer = "";
				if (cp.stdout) cp.stdout.on("data", (data) => {
					if (this.options.listeners && this.options.listeners.stdout) this.options.listeners.stdout(data);
					if (!optionsNonNull.silent && optionsNonNull.outStream) optionsNonNull.outStream.write(data);
					stdbuffer = this._processLineBuffer(data, stdbuffer, (line) => {
						if (this.options.listeners && this.options.listeners.stdline) this.options.listeners.stdline(line);
					});
				});
				let errbuffer = "";
				if (cp.stderr) cp.stderr.on("data", (data) => {
					state.processStderr = true;
					if (this.options.listeners && this.options.listeners.stderr) this.options.listeners.stderr(data);
					if (!optionsNonNull.silent && optionsNonNull.errStream && optionsNonNull.outStream) (optionsNonNull.failOnStdErr ? optionsNonNull.errStream : optionsNonNull.outStream).write(data);
					errbuffer = this._processLineBuffer(data, errbuffer, (line) => {
						if (this.options.listeners && this.options.listeners.errline) this.options.listeners.errline(line);
					});
				});
				cp.on("error", (err) => {
					state.processError = err.message;
					state.processExited = true;
					state.processClosed = true;
					state.CheckComplete();
				});
				cp.on("exit", (code) => {
					state.processExitCode = code;
					state.processExited = true;
					this._debug(`Exit code ${code} received from tool '${this.toolPath}'`);
					state.CheckComplete();
				});
				cp.on("close", (code) => {
					state.processExitCode = code;
					state.processExited = true;
					state.processClosed = true;
					this._debug(`STDIO streams have closed for tool '${this.toolPath}'`);
					state.CheckComplete();
				});
				state.on("done", (error, exitCode) => {
					if (stdbuffer.length > 0) this.emit("stdline", stdbuffer);
					if (errbuffer.length > 0) this.emit("errline", errbuffer);
					cp.removeAllListeners();
					if (error) reject(error);
					else resolve(exitCode);
				});
				if (this.options.input) {
					if (!cp.stdin) throw new Error("child process missing stdin");
					cp.stdin.end(this.options.input);
				}
			}));
		});
	}
};
function argStringToArray(argString) {
	const args = [];
	let inQuotes = false;
	let escaped = false;
	let arg = "";
	function append(c) {
		if (escaped && c !== "\"") arg += "\\";
		arg += c;
		escaped = false;
	}
	for (let i = 0; i < argString.length; i++) {
		const c = argString.charAt(i);
		if (c === "\"") {
			if (!escaped) inQuotes = !inQuotes;
			else append(c);
			continue;
		}
		if (c === "\\" && escaped) {
			append(c);
			continue;
		}
		if (c === "\\" && inQuotes) {
			escaped = true;
			continue;
		}
		if (c === " " && !inQuotes) {
			if (arg.length > 0) {
				args.push(arg);
				arg = "";
			}
			continue;
		}
		append(c);
	}
	if (arg.length > 0) args.push(arg.trim());
	return args;
}
var ExecState = class ExecState extends events.EventEmitter {
	constructor(options, toolPath) {
		super();
		this.processClosed = false;
		this.processError = "";
		this.processExitCode = 0;
		this.processExited = false;
		this.processStderr = false;
		this.delay = 1e4;
		this.done = false;
		this.timeout = null;
		if (!toolPath) throw new Error("toolPath must not be empty");
		this.options = options;
		this.toolPath = toolPath;
		if (options.delay) this.delay = options.delay;
	}
	CheckComplete() {
		if (this.done) return;
		if (this.processClosed) this._setResult();
		else if (this.processExited) this.timeout = (0, timers.setTimeout)(ExecState.HandleTimeout, this.delay, this);
	}
	_debug(message) {
		this.emit("debug", message);
	}
	_setResult() {
		let error;
		if (this.processExited) {
			if (this.processError) error = /* @__PURE__ */ new Error(`There was an error when attempting to execute the process '${this.toolPath}'. This may indicate the process failed to start. Error: ${this.processError}`);
			else if (this.processExitCode !== 0 && !this.options.ignoreReturnCode) error = /* @__PURE__ */ new Error(`The process '${this.toolPath}' failed with exit code ${this.processExitCode}`);
			else if (this.processStderr && this.options.failOnStdErr) error = /* @__PURE__ */ new Error(`The process '${this.toolPath}' failed because one or more lines were written to the STDERR stream`);
		}
		if (this.timeout) {
			clearTimeout(this.timeout);
			this.timeout = null;
		}
		this.done = true;
		this.emit("done", error, this.processExitCode);
	}
	static HandleTimeout(state) {
		if (state.done) return;
		if (!state.processClosed && state.processExited) {
			const message = `The STDIO streams did not close within ${state.delay / 1e3} seconds of the exit event from process '${state.toolPath}'. This may indicate a child process inherited the STDIO streams and has not yet exited.`;
			state._debug(message);
		}
		state._setResult();
	}
};

// node_modules/@actions/exec/lib/exec.js
var __awaiter = void 0 && (void 0).__awaiter || function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
function exec(commandLine, args, options) {
	return __awaiter(this, void 0, void 0, function* () {
		const commandArgs = argStringToArray(commandLine);
		if (commandArgs.length === 0) throw new Error(`Parameter 'commandLine' cannot be null or empty.`);
		const toolPath = commandArgs[0];
		args = commandArgs.slice(1).concat(args || []);
		return new ToolRunner(toolPath, args, options).exec();
	});
}
function getExecOutput(commandLine, args, options) {
	return __awaiter(this, void 0, void 0, function* () {
		var _a, _b;
		let stdout = "";
		let stderr = "";
		const stdoutDecoder = new string_decoder.StringDecoder("utf8");
		const stderrDecoder = new string_decoder.StringDecoder("utf8");
		const originalStdoutListener = (_a = options === null || options === void 0 ? void 0 : options.listeners) === null || _a === void 0 ? void 0 : _a.stdout;
		const originalStdErrListener = (_b = options === null || options === void 0 ? void 0 : options.listeners) === null || _b === void 0 ? void 0 : _b.stderr;
		const stdErrListener = (data) => {
			stderr += stderrDecoder.write(data);
			if (originalStdErrListener) originalStdErrListener(data);
		};
		const stdOutListener = (data) => {
			stdout += stdoutDecoder.write(data);
			if (originalStdoutListener) originalStdoutListener(data);
		};
		const listeners = Object.assign(Object.assign({}, options === null || options === void 0 ? void 0 : options.listeners), {
			stdout: stdOutListener,
			stderr: stdErrListener
		});
		const exitCode = yield exec(commandLine, args, Object.assign(Object.assign({}, options), { listeners }));
		stdout += stdoutDecoder.end();
		stderr += stderrDecoder.end();
		return {
			exitCode,
			stdout,
			stderr
		};
	});
}

// src/adapters/codex/locator.ts
async function locateCodex(path, replaceable = [], passedOver = () => {}) {
	const roots = await Promise.all(replaceable.map((root) => (0, node_fs_promises.realpath)(root).catch(() => root)));
	const isReplaceable = async (found) => {
		const places = [
			found,
			await (0, node_fs_promises.realpath)((0, node_path.dirname)(found)),
			await (0, node_fs_promises.realpath)(found)
		];
		return !(0, node_path.isAbsolute)(found) || places.some((place) => roots.some((root) => require_main.isBelow(root, place)));
	};
	for (const directory of path.split(node_path.delimiter).filter((entry) => entry !== "")) for (const name of process.platform === "win32" ? ["codex.exe", "codex.cmd"] : ["codex"]) {
		const candidate = (0, node_path.join)(directory, name);
		if (!await isExecutable(candidate)) continue;
		const native = await nativeBehind(candidate);
		if (!await isReplaceable(candidate) && (native === null || !await isReplaceable(native))) return native ?? candidate;
		passedOver();
	}
	return null;
}
async function nativeBehind(candidate) {
	const packageRoot = await packageBehind(candidate);
	if (packageRoot === null) return null;
	const platformPackage = `codex-${process.platform}-${process.arch}`;
	for (const scope of [(0, node_path.dirname)(packageRoot), (0, node_path.join)(packageRoot, "node_modules", "@openai")]) {
		const vendor = (0, node_path.join)(scope, platformPackage, "vendor");
		for (const triple of await (0, node_fs_promises.readdir)(vendor).catch(() => [])) {
			const native = (0, node_path.join)(vendor, triple, "bin", process.platform === "win32" ? "codex.exe" : "codex");
			if (await isExecutable(native)) return native;
		}
	}
	return null;
}
async function packageBehind(candidate) {
	if (candidate.endsWith("codex.cmd")) return (0, node_path.join)((0, node_path.dirname)(candidate), "node_modules", "@openai", "codex");
	const target = await (0, node_fs_promises.realpath)(candidate);
	return target.endsWith((0, node_path.join)("@openai", "codex", "bin", "codex.js")) ? (0, node_path.dirname)((0, node_path.dirname)(target)) : null;
}
async function isExecutable(path) {
	try {
		await (0, node_fs_promises.access)(path, node_fs_promises.constants.X_OK);
		return (await (0, node_fs_promises.stat)(path)).isFile();
	} catch {
		return false;
	}
}

// src/adapters/codex/program.ts
function npmCodexProgram({ environment, toolCache, temporaryDirectory, path, replaceable, log }) {
	const ours = (0, node_path.join)(toolCache, OURS);
	const versionOf = async (command) => {
		const { stdout } = await getExecOutput(command, ["--version"], quietly).catch(() => ({ stdout: "" }));
		const version = /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? null;
		log.debug(`codex --version: ${version ?? "no version"} (${command}).`);
		return version;
	};
	const quietly = {
		silent: true,
		ignoreReturnCode: true,
		env: { ...environment }
	};
	const install = async (version) => {
		const parent = version === "0.169.0" ? ours : (0, node_path.join)(temporaryDirectory, OURS);
		const target = (0, node_path.join)(parent, `codex-${version}-${(0, node_os.platform)()}-${(0, node_os.arch)()}`);
		const present = await locateCodex(binOf(target));
		if (present) {
			if (await isPublished(version, present)) return present;
			log.warning(`The Codex ${version} in this machine's tool cache is not the one that was published. It is not run; another takes its place.`);
		}
		log.info(`Installing @openai/codex ${version} with npm.`);
		await (0, node_fs_promises.mkdir)(parent, { recursive: true });
		const fresh = await (0, node_fs_promises.mkdtemp)(`${target}-`);
		try {
			const flags = [
				"--no-save",
				"--no-audit",
				"--no-fund",
				"--ignore-scripts",
				"--loglevel",
				"error"
			];
			const timeouts = [
				"--fetch-retry-mintimeout",
				"1000",
				"--fetch-retry-maxtimeout",
				"5000"
			];
			const { exitCode, stderr } = await getExecOutput("npm", [
				"install",
				...flags,
				...timeouts,
				"--prefix",
				fresh,
				`@openai/codex@${version}`
			], quietly).catch(() => ({
				exitCode: null,
				stderr: NO_NPM
			}));
			if (exitCode !== 0) throw installFailed(version, stderr);
			const program = await locateCodex(binOf(fresh));
			if (!program) throw installFailed(version, NO_PROGRAM);
			if (!await isPublished(version, program)) throw installFailed(version, NOT_PUBLISHED);
			if (await versionOf(program) !== version) throw installFailed(version, NO_PROGRAM);
			if (present) await (0, node_fs_promises.rm)(target, {
				recursive: true,
				force: true
			});
			const isInPlace = await (0, node_fs_promises.rename)(fresh, target).then(() => true, () => false);
			const found = await locateCodex(binOf(target));
			if (found && (isInPlace || await isPublished(version, found))) return found;
			throw installFailed(version, "");
		} finally {
			await (0, node_fs_promises.rm)(fresh, {
				recursive: true,
				force: true
			});
		}
	};
	return {
		locate: async () => {
			const found = await locateCodex(path(), replaceable, () => log.info("There is a `codex` inside the workspace on PATH. It is not used: a model could have replaced it, and the login is given to it."));
			return found !== null && require_main.isBelow(ours, found) ? install(require_code_variables.TESTED_CODEX_VERSION) : found;
		},
		install,
		version: versionOf,
		canSandbox: async (command, { home, directory, flags, environment: ofCodex }) => {
			const options = {
				...quietly,
				cwd: directory,
				env: {
					...ofCodex,
					CODEX_HOME: home
				}
			};
			const args = [
				"sandbox",
				...flags,
				"--",
				"true"
			];
			const { exitCode } = await getExecOutput(command, args, options).catch(() => ({ exitCode: 1 }));
			log.debug(`codex sandbox: exit code ${exitCode}.`);
			return exitCode === 0;
		}
	};
}
const OURS = "codex-auth-roundtrip";
async function isPublished(version, program) {
	if (version !== "0.169.0") return true;
	const expected = require_code_variables.CODEX_FILES[`${(0, node_os.platform)()}-${(0, node_os.arch)()}`];
	const { digestOfFiles } = await Promise.resolve().then(() => require("./package-files.cjs"));
	return expected !== void 0 && await digestOfFiles((0, node_path.dirname)((0, node_path.dirname)(await (0, node_fs_promises.realpath)(program)))) === expected.files;
}
const NO_NPM = "npm was not found";
const NO_PROGRAM = "the program for this platform is missing";
const NOT_PUBLISHED = "not what was published";
function binOf(prefix) {
	return (0, node_path.join)(prefix, "node_modules", ".bin");
}
function installFailed(version, stderr) {
	const offline = /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|network/i.test(stderr);
	const unknown = /ETARGET|E404|No matching version/i.test(stderr);
	return new require_main.Failure("codex-install-failed", `Codex ${version} could not be installed: ${offline ? "the npm registry cannot be reached" : unknown ? "there is no such version" : stderr === NO_NPM ? "there is no npm on this machine" : stderr === NOT_PUBLISHED ? "what npm brought is not what OpenAI published; something replaces it between the registry and this machine" : stderr === NO_PROGRAM ? "npm came without the program for this platform, or could not verify it" : "npm failed"}.`, "Install it in an earlier step, so that `codex` is on PATH, or choose another `codex-version`.");
}

// src/adapters/machine/command-runner.ts
const PIPES_TIMEOUT_MS = 5e3;
const FINISH_MS = 1e3;
const AFTER_SIGTERM_MS = 1e3;
const AFTER_SIGKILL_MS = 1e3;
const POLL_MS = 50;
const CANCEL_SIGNALS = ["SIGINT", "SIGTERM"];
const MARKER = "CODEX_AUTH_ROUNDTRIP_COMMAND";
const groupCommandRunner = { run: async ({ file, args, directory, environment, output, input = "" }) => {
	const marker = `${process.pid}-${process.hrtime.bigint()}`;
	const { child, ended } = start({
		file,
		args,
		directory,
		environment: {
			...environment,
			[MARKER]: marker
		}
	});
	child.stdin?.on("error", () => {});
	child.stdin?.end(input);
	child.stdout?.on("data", (chunk) => output("stdout", chunk));
	child.stderr?.on("data", (chunk) => output("stderr", chunk));
	const closed = new Promise((close) => child.once("close", () => close()));
	const pass = (signal) => {
		if (child.pid !== void 0) require_processes.sendSignal((0, node_os.platform)() === "win32" ? child.pid : -child.pid, signal);
	};
	for (const signal of CANCEL_SIGNALS) process.on(signal, pass);
	try {
		const { exitCode, signal, release } = await ended;
		await endAll({
			root: child.pid ?? -1,
			marker: `${MARKER}=${marker}`
		});
		release();
		const timeout = new AbortController();
		await Promise.race([closed, (0, node_timers_promises.setTimeout)(PIPES_TIMEOUT_MS, null, { signal: timeout.signal }).catch(() => {})]);
		timeout.abort();
		return {
			exitCode,
			signal
		};
	} finally {
		for (const signal of CANCEL_SIGNALS) process.off(signal, pass);
		child.stdout?.destroy();
		child.stderr?.destroy();
	}
} };
const COLLECTOR = `
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
const PERL = "/usr/bin/perl";
const PRCTL = {
	x64: "157",
	arm64: "167"
};
function start(command) {
	const prctl = (0, node_os.platform)() === "linux" && isProgram(PERL) ? PRCTL[(0, node_os.arch)()] : void 0;
	return prctl === void 0 ? startAlone(command) : startCollected(command, prctl);
}
function startAlone({ file, args, directory, environment }) {
	const child = (0, node_child_process.spawn)(file, args, {
		cwd: directory,
		env: { ...environment },
		stdio: [
			"pipe",
			"pipe",
			"pipe"
		],
		detached: (0, node_os.platform)() !== "win32"
	});
	return {
		child,
		ended: new Promise((end, reject) => {
			child.once("error", reject);
			child.once("exit", (exitCode, signal) => end({
				exitCode,
				signal,
				release: () => {}
			}));
		})
	};
}
function startCollected({ file, args, directory, environment }, prctl) {
	const program = findProgram(file, {
		directory,
		path: environment.PATH ?? ""
	});
	if (program === null) return startAlone({
		file,
		args,
		directory,
		environment
	});
	const kept = Object.entries(environment).map(([name, value]) => [name.startsWith("PERL") ? `KEPT_${name}` : name, value]);
	const child = (0, node_child_process.spawn)(PERL, [
		"-e",
		COLLECTOR,
		prctl,
		program,
		file,
		...args
	], {
		cwd: directory,
		env: Object.fromEntries(kept),
		stdio: [
			"pipe",
			"pipe",
			"pipe",
			"pipe"
		],
		detached: true
	});
	const control = child.stdio[3];
	const release = () => void control.destroy();
	return {
		child,
		ended: new Promise((end, reject) => {
			let said = "";
			control.on("error", () => {});
			control.on("data", (chunk) => {
				said += chunk.toString("latin1");
				if (said.endsWith("\n")) end({
					...readStatus(Number(said)),
					release
				});
			});
			child.once("error", reject);
			child.once("exit", (exitCode, signal) => end({
				exitCode,
				signal,
				release
			}));
		})
	};
}
function readStatus(status) {
	const number = status & 127;
	if (number === 0) return {
		exitCode: status >> 8,
		signal: null
	};
	return {
		exitCode: null,
		signal: Object.entries(node_os.constants.signals).find(([, value]) => value === number)?.[0] ?? "SIGKILL"
	};
}
function findProgram(file, { directory, path }) {
	return (file.includes("/") ? [(0, node_path.resolve)(directory, file)] : path.split(node_path.delimiter).map((place) => (0, node_path.resolve)(directory, (0, node_path.join)(place, file)))).find(isProgram) ?? null;
}
function isProgram(path) {
	try {
		(0, node_fs.accessSync)(path, node_fs.constants.X_OK);
		return (0, node_fs.statSync)(path).isFile();
	} catch {
		return false;
	}
}
async function endAll(descent) {
	if (await areGone(descent, FINISH_MS)) return;
	for (const found of require_processes.descendants(descent)) require_processes.signalProcess(found, "SIGTERM");
	if (await areGone(descent, AFTER_SIGTERM_MS)) return;
	await areGone(descent, AFTER_SIGKILL_MS, "SIGKILL");
}
async function areGone(descent, timeoutMs, signal) {
	const deadlineMs = performance.now() + timeoutMs;
	for (;;) {
		const alive = require_processes.descendants(descent);
		if (alive.length === 0) return true;
		if (performance.now() >= deadlineMs) return false;
		if (signal) for (const found of alive) require_processes.signalProcess(found, signal);
		await (0, node_timers_promises.setTimeout)(POLL_MS);
	}
}

// src/adapters/machine/named-files.ts
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_DIRECTORY = 0 } = node_fs.constants;
const PROC = "/proc/self/fd";
const namedFiles = namedFilesBy(process.platform === "linux" && (0, node_fs.existsSync)(PROC) ? "descriptor" : "path");
function namedFilesBy(means) {
	const truePathOf = means === "descriptor" ? pathOfDescriptor : pathOfName;
	return {
		read: async (path, { limitBytes, ...place }) => orRefusal(() => {
			demandKind((0, node_fs.lstatSync)(path), "file");
			return require_main.withOpen(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, (file) => {
				const entry = (0, node_fs.fstatSync)(file);
				demandKind(entry, "file");
				if (entry.dev === require_main.orNull$1(() => (0, node_fs.statSync)("/proc/self").dev)) throw new Refused("not-a-file");
				demandPlace(truePathOf(file, path), expectedPath(path, place.root), place);
				if (entry.size > limitBytes) throw new Refused("too-large");
				return {
					kind: "read",
					bytes: readAll(file, limitBytes)
				};
			});
		}),
		write: async (path, content, place) => orRefusal(() => {
			const directory = (0, node_path.dirname)(path);
			const expected = (0, node_path.dirname)(expectedPath(path, place.root));
			if (means === "path") {
				demandPlace(node_fs.realpathSync.native(directory), expected, place);
				replace((0, node_path.join)(expected, (0, node_path.basename)(path)), content);
				return { kind: "written" };
			}
			return require_main.withOpen(directory, O_RDONLY | O_DIRECTORY, (opened) => {
				demandPlace(truePathOf(opened, directory), expected, place);
				replace((0, node_path.join)(PROC, String(opened), (0, node_path.basename)(path)), content);
				return { kind: "written" };
			});
		}),
		directory: async (path, place) => orRefusal(() => {
			demandKind((0, node_fs.statSync)(path), "directory");
			const real = node_fs.realpathSync.native(path);
			demandPlace(real, expectedPath(path, place.root), place);
			return {
				kind: "directory",
				real
			};
		}),
		linkTo: async (directory, names, target) => names.find((name) => {
			const real = require_main.orNull$1(() => node_fs.realpathSync.native((0, node_path.join)(directory, name)));
			return real !== null && isWithin(real, [target]);
		}) ?? null,
		hasOtherNames: async (path) => hasOtherNames(require_main.orNull$1(() => node_fs.realpathSync.native(path)) ?? path)
	};
}
var Refused = class extends Error {
	kind;
	constructor(kind) {
		super(kind);
		this.kind = kind;
	}
};
function orRefusal(act) {
	try {
		return act();
	} catch (error) {
		if (error instanceof Refused) return { kind: error.kind };
		switch (require_main.codeOf(error)) {
			case "ELOOP": return { kind: "link" };
			case "ENOENT":
			case "ENOTDIR": return { kind: "missing" };
			default: return { kind: "unusable" };
		}
	}
}
function expectedPath(path, root) {
	const realRoot = node_fs.realpathSync.native(root);
	for (const known of [root, realRoot]) {
		const inside = (0, node_path.relative)(known, path);
		if (inside !== ".." && !inside.startsWith(`..${node_path.sep}`) && !(0, node_path.isAbsolute)(inside)) return (0, node_path.join)(realRoot, inside);
	}
	return (0, node_path.join)(node_fs.realpathSync.native((0, node_path.dirname)(path)), (0, node_path.basename)(path));
}
function demandKind(entry, kind) {
	if (entry.isSymbolicLink()) throw new Refused("link");
	if (!(kind === "file" ? entry.isFile() : entry.isDirectory())) throw new Refused("not-a-file");
}
function demandPlace(real, expected, { kept }) {
	if (!isSamePath(real, expected)) throw new Refused("link");
	if (isWithin(real, kept)) throw new Refused("kept");
}
function isSamePath(one, other) {
	if (one === other) return true;
	const folds = process.platform === "win32" || process.platform === "darwin";
	const fold = (path) => path.normalize("NFC").toLowerCase();
	return folds && fold(one) === fold(other);
}
function isWithin(real, kept) {
	const ids = kept.map(identityOf).filter((id) => id !== null);
	for (let path = real;; path = (0, node_path.dirname)(path)) {
		const id = identityOf(path);
		if (id !== null && ids.includes(id)) return true;
		if (path === (0, node_path.dirname)(path)) return false;
	}
}
function identityOf(path) {
	const entry = require_main.orNull$1(() => (0, node_fs.statSync)(path, { bigint: true }));
	return entry && `${entry.dev} ${entry.ino}`;
}
function pathOfDescriptor(file) {
	return (0, node_fs.readlinkSync)((0, node_path.join)(PROC, String(file)));
}
function pathOfName(file, path) {
	const real = node_fs.realpathSync.native(path);
	const [opened, named] = [(0, node_fs.fstatSync)(file, { bigint: true }), (0, node_fs.statSync)(real, { bigint: true })];
	if (opened.dev !== named.dev || opened.ino !== named.ino) throw new Refused("link");
	return real;
}
function readAll(file, limitBytes) {
	const chunks = [];
	let total = 0;
	for (;;) {
		const chunk = /* @__PURE__ */ new Uint8Array(65536);
		const count = (0, node_fs.readSync)(file, chunk, 0, chunk.length, null);
		if (count === 0) return Buffer.concat(chunks);
		total += count;
		if (total > limitBytes) throw new Refused("too-large");
		chunks.push(chunk.subarray(0, count));
	}
}
function replace(path, content) {
	const before = (0, node_fs.lstatSync)(path, { throwIfNoEntry: false });
	if (before) demandKind(before, "file");
	require_main.replaceFile(path, content, { mode: 420 });
}
function hasOtherNames(path) {
	const entry = require_main.orNull$1(() => (0, node_fs.lstatSync)(path));
	if (entry?.isFile()) return entry.nlink > 1;
	if (!entry?.isDirectory()) return false;
	return (require_main.orNull$1(() => (0, node_fs.readdirSync)(path)) ?? []).some((name) => hasOtherNames((0, node_path.join)(path, name)));
}

// src/adapters/machine/randomness.ts
const systemRandomness = { bytes: (count) => (0, node_crypto.randomBytes)(count) };

// src/adapters/machine/sandbox-policy.ts
const APPARMOR_SWITCH = "kernel.apparmor_restrict_unprivileged_userns";
function sudoMachinePolicy(environment, hosted) {
	const asRoot = (args, input = "") => {
		const [file = "", ...rest] = process.getuid?.() === 0 ? args : [
			"sudo",
			"-n",
			...args
		];
		return new Promise((resolve) => {
			const child = (0, node_child_process.spawn)(file, rest, {
				stdio: [
					"pipe",
					"ignore",
					"ignore"
				],
				env: { ...environment }
			});
			child.once("error", () => resolve(false));
			child.once("close", (exitCode) => resolve(exitCode === 0));
			child.stdin.on("error", () => {});
			child.stdin.end(input);
		});
	};
	return {
		allowUserNamespaces: async () => {
			if (!hosted) return;
			const path = `/proc/sys/${APPARMOR_SWITCH.replaceAll(".", "/")}`;
			if ((await (0, node_fs_promises.readFile)(path, "utf8").catch(() => "0")).trim() !== "0") await asRoot([
				"sysctl",
				"-w",
				`${APPARMOR_SWITCH}=0`
			]);
		},
		writeRequirements: async (path, content) => {
			if (process.platform !== "linux") return "impossible";
			if ((0, node_fs.existsSync)(path)) return await (0, node_fs_promises.readFile)(path, "utf8").catch(() => null) === content ? "written" : "exists";
			return await asRoot([
				"mkdir",
				"-p",
				(0, node_path.dirname)(path)
			]) && await asRoot([
				"sh",
				"-c",
				"set -C; cat > \"$1\" && chmod 644 \"$1\"",
				"sh",
				path
			], content) ? "written" : "impossible";
		},
		removeRequirements: async (path, guarded) => {
			const content = await (0, node_fs_promises.readFile)(path, "utf8").catch(() => "");
			if (content.startsWith("# Written by codex-auth-roundtrip") && content.includes(guarded)) await asRoot([
				"rm",
				"-f",
				path
			]);
		}
	};
}

// src/entry/wire-job.ts
function jobTools(environment, inputs) {
	const ofCodex = require_code_variables.withoutCode({
		...environment,
		...inputs.codexEnvironment
	}, require_main.isOutsideWorkspace);
	return {
		commands: groupCommandRunner,
		program: codexProgram(ofCodex, inputs),
		machine: machinePolicy(environment),
		named: namedFiles,
		randomness: systemRandomness
	};
}
function machinePolicy(environment) {
	return sudoMachinePolicy(environment, process.env.RUNNER_ENVIRONMENT === "github-hosted");
}
function codexProgram(environment, { workingDirectory }) {
	const { RUNNER_TEMP: temporaryDirectory = "", RUNNER_TOOL_CACHE, GITHUB_WORKSPACE } = process.env;
	const workspace = GITHUB_WORKSPACE ?? process.cwd();
	return npmCodexProgram({
		environment,
		toolCache: RUNNER_TOOL_CACHE ?? temporaryDirectory,
		temporaryDirectory,
		path: require_main.pathOfJob,
		replaceable: [workspace, (0, node_path.resolve)(workspace, workingDirectory ?? "")],
		log: require_main.stepLog
	});
}

exports.codexProgram = codexProgram;
exports.jobTools = jobTools;
exports.systemRandomness = systemRandomness;