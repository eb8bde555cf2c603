"use strict";

const require_rolldown_runtime = require("./rolldown-runtime.cjs");
const require_user_job = require("./user-job.cjs");
const require_main = require("../main.cjs");
const require_prompt_files = require("./prompt-files.cjs");
let node_path = require("node:path");

// node_modules/shell-quote/quote.js
var require_quote = /* @__PURE__ */ require_rolldown_runtime.__commonJSMin(((exports, module) => {
	var OPS = [
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
	var LINE_TERMINATORS = /[\n\r\u2028\u2029]/;
	var GLOB_SHELL_SPECIAL = /[\s#!"$&'():;<=>@\\^`|~]/g;
	module.exports = function quote(xs) {
		var sawComment = false;
		return xs.map(function(s) {
			if (sawComment && typeof s === "string" && LINE_TERMINATORS.test(s)) throw new TypeError("a token after a `comment` must not contain line terminators");
			if (s === "") return "''";
			if (s && typeof s === "object") {
				if ("op" in s && s.op === "glob") {
					if (typeof s.pattern !== "string") throw new TypeError("glob token requires a string `pattern`");
					if (LINE_TERMINATORS.test(s.pattern)) throw new TypeError("glob `pattern` must not contain line terminators");
					if (s.pattern === "") return "''";
					return s.pattern.replace(GLOB_SHELL_SPECIAL, "\\$&");
				}
				if ("op" in s && typeof s.op === "string") {
					if (OPS.indexOf(s.op) < 0) throw new TypeError("invalid `op` value: " + JSON.stringify(s.op));
					return s.op.replace(/[\s\S]/g, "\\$&");
				}
				if ("comment" in s && typeof s.comment === "string") {
					if (LINE_TERMINATORS.test(s.comment)) throw new TypeError("`comment` must not contain line terminators");
					sawComment = true;
					return "#" + s.comment;
				}
				throw new TypeError("unrecognized object token shape");
			}
			if (/'/.test(s) && /!/.test(s)) return "'" + s.replace(/'/g, "'\"'\"'") + "'";
			if (/["\s\\]/.test(s) && !/'/.test(s)) return "'" + s + "'";
			if (/["'\s]/.test(s)) return "\"" + s.replace(/(["\\$`])/g, "\\$1") + "\"";
			return String(s).replace(/([A-Za-z]:)?([#!"$&'()*,:;<=>?@[\\\]^`{|}~])/g, "$1\\$2");
		}).join(" ");
	};
}));

// node_modules/shell-quote/parse.js
var require_parse = /* @__PURE__ */ require_rolldown_runtime.__commonJSMin(((exports, module) => {
	var CONTROL = "(?:" + [
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
	var controlRE = new RegExp("^" + CONTROL + "$");
	var META = "|&;()<> \\t";
	var SINGLE_QUOTE = "'([^']*?)'";
	var ANSI_C_BODY = "(?:\\\\[\\s\\S]|[^\\\\'])*?";
	var ANSI_C_QUOTE = "\\$'" + ANSI_C_BODY + "'";
	var ansiCAt = new RegExp("\\$'" + ANSI_C_BODY + "(?:(')|\\\\?$)", "g");
	var ANSI_C_LETTERS = "abeEfnrtv";
	var ANSI_C_CHARS = "\x07\b\x1B\x1B\f\n\r	\v";
	var hash = /^#$/;
	var SQ = "'";
	var DQ = "\"";
	var DS = "$";
	var TOKEN = "";
	var mult = 4294967296;
	for (var i = 0; i < 4; i++) TOKEN += (mult * Math.random()).toString(16);
	var startsWithToken = new RegExp("^" + TOKEN);
	function matchAll(s, r) {
		var origIndex = r.lastIndex;
		var matches = [];
		var matchObj;
		while (matchObj = r.exec(s)) {
			matches[matches.length] = matchObj;
			if (r.lastIndex === matchObj.index) r.lastIndex += 1;
		}
		r.lastIndex = origIndex;
		return matches;
	}
	function getVar(env, pre, key) {
		var r = typeof env === "function" ? env(key) : env[key];
		if (typeof r === "undefined" && key != "") r = "";
		else if (typeof r === "undefined") r = "$";
		if (typeof r === "object") return pre + TOKEN + JSON.stringify(r) + TOKEN;
		return pre + r;
	}
	var ansiCEscape = /\\([0-7]{1,3}|x[\dA-Fa-f]{1,2}|u[\dA-Fa-f]{1,4}|U[\dA-Fa-f]{1,8}|c(?:\\\\|[\s\S])|[abeEfnrtv\\'"?])/g;
	function expandAnsiCEscape(m, escape) {
		var kind = escape.charAt(0);
		if (kind === "c") {
			var ctrl = escape.charAt(1);
			return ctrl === "?" ? "" : String.fromCharCode(ctrl.charCodeAt(0) & 31);
		}
		if (kind === "x" || kind === "u" || kind === "U") {
			var cp = parseInt(escape.slice(1), 16);
			if (cp > 1114111) return m;
			return String.fromCharCode.apply(null, cp > 65535 ? [55232 + (cp >> 10), 56320 + (cp & 1023)] : [cp]);
		}
		if (kind >= "0" && kind <= "7") return String.fromCharCode(parseInt(escape, 8) & 255);
		var letter = ANSI_C_LETTERS.indexOf(escape);
		return letter < 0 ? escape : ANSI_C_CHARS.charAt(letter);
	}
	function expandAnsiC(body) {
		return body.replace(ansiCEscape, expandAnsiCEscape).split("\0")[0];
	}
	function closesAnsiC(s, i) {
		ansiCAt.lastIndex = i;
		return !!ansiCAt.exec(s)[1];
	}
	function parseInternal(string, env, opts) {
		if (!opts) opts = {};
		var BS = opts.escape || "\\";
		var ifs = opts.splitUnquoted === true ? " 	\n" : typeof opts.splitUnquoted === "string" ? opts.splitUnquoted : "";
		var BAREWORD = "(\\" + BS + "['\"$\\" + BS + META + "]|\\$\\$|\\$(?!" + ANSI_C_QUOTE.slice(2) + ")|[^\\s'\"$" + META + "])+";
		var DOUBLE_QUOTE = "\"(?:\\" + BS + "[\\s\\S]|[^\"\\" + BS + "])*\"";
		var matches = matchAll(string, new RegExp(["(" + CONTROL + ")", "(" + ANSI_C_QUOTE + "|" + BAREWORD + "|" + DOUBLE_QUOTE + "|" + SINGLE_QUOTE + ")+"].join("|"), "g"));
		if (matches.length === 0) return [];
		if (!env) env = {};
		var commented = false;
		return matches.map(function(match) {
			var s = match[0];
			if (!s || commented) return;
			if (controlRE.test(s)) return { op: s };
			var quote = false;
			var esc = false;
			var out = "";
			var words = [];
			var sawQuote = false;
			var pendingNw = null;
			var isGlob = false;
			var i;
			function parseEnvVar() {
				i += 1;
				var varend;
				var varname;
				var char = s.charAt(i);
				if (char === "{") {
					i += 1;
					if (s.charAt(i) === "}") throw new Error("Bad substitution: " + s.slice(i - 2, i + 1));
					var depth = 1;
					varend = i;
					while (depth > 0 && varend < s.length) {
						if (s.charAt(varend) === "{" && s.charAt(varend - 1) === "$") depth += 1;
						else if (s.charAt(varend) === "}") depth -= 1;
						varend += 1;
					}
					if (depth !== 0) throw new Error("Bad substitution: " + s.slice(i));
					varend -= 1;
					varname = s.slice(i, varend);
					i = varend;
				} else if (/[*@#?$!-]/.test(char)) varname = char;
				else {
					var slicedFromI = s.slice(i);
					varend = slicedFromI.match(/[^\w\d_]/);
					if (!varend) {
						varname = slicedFromI;
						i = s.length;
					} else {
						varname = slicedFromI.slice(0, varend.index);
						i += varend.index - 1;
					}
				}
				return getVar(env, "", varname);
			}
			function flushRun() {
				if (pendingNw === null) return;
				if (pendingNw === 0) {
					if (out !== "") {
						words[words.length] = out;
						out = "";
					}
				} else {
					words[words.length] = out;
					out = "";
					for (var fe = 1; fe < pendingNw; fe += 1) words[words.length] = "";
				}
				pendingNw = null;
			}
			for (i = 0; i < s.length; i++) {
				var c = s.charAt(i);
				if (ifs && c !== DS) flushRun();
				isGlob = isGlob || !quote && (c === "*" || c === "?");
				if (esc) {
					out += c;
					esc = false;
				} else if (quote) {
					if (c === quote) quote = false;
					else if (quote == SQ) out += c;
					else if (c === BS) {
						i += 1;
						c = s.charAt(i);
						if (c === DQ || c === BS || c === DS) out += c;
						else out += BS + c;
					} else if (c === DS) out += parseEnvVar();
					else out += c;
				} else if (c === DQ || c === SQ) {
					quote = c;
					sawQuote = true;
				} else if (controlRE.test(c)) return { op: s };
				else if (hash.test(c)) {
					commented = true;
					var commentObj = { comment: string.slice(match.index + i + 1) };
					if (out.length) return [out, commentObj];
					return [commentObj];
				} else if (c === BS) esc = true;
				else if (c === DS && s.charAt(i + 1) === SQ && closesAnsiC(s, i)) {
					flushRun();
					sawQuote = true;
					out += expandAnsiC(s.slice(i + 2, ansiCAt.lastIndex - 1));
					i = ansiCAt.lastIndex - 1;
				} else if (c === DS) {
					var value = parseEnvVar();
					if (!ifs) out += value;
					else for (var vi = 0; vi < value.length; vi += 1) {
						var vc = value.charAt(vi);
						if (ifs.indexOf(vc) < 0) {
							flushRun();
							out += vc;
						} else if (pendingNw === null) pendingNw = vc === " " || vc === "	" || vc === "\n" ? 0 : 1;
						else if (vc !== " " && vc !== "	" && vc !== "\n") pendingNw += 1;
					}
				} else out += c;
			}
			if (isGlob) return {
				op: "glob",
				pattern: out
			};
			if (ifs) {
				if (pendingNw !== null && pendingNw > 0) {
					words[words.length] = out;
					out = "";
					for (var te = 1; te < pendingNw; te += 1) words[words.length] = "";
				}
				if (out !== "" || sawQuote && words.length === 0) words[words.length] = out;
				return words;
			}
			return out;
		}).reduce(function(prev, arg) {
			if (typeof arg === "undefined") return prev;
			[].concat(arg).forEach(function(entry) {
				prev[prev.length] = entry;
			});
			return prev;
		}, []);
	}
	module.exports = function parse(s, env, opts) {
		var mapped = parseInternal(s, env, opts);
		if (typeof env !== "function") return mapped;
		return mapped.reduce(function(acc, s) {
			if (typeof s === "object") {
				acc[acc.length] = s;
				return acc;
			}
			var xs = s.split(RegExp("(" + TOKEN + ".*?" + TOKEN + ")", "g"));
			if (xs.length === 1) {
				acc[acc.length] = xs[0];
				return acc;
			}
			xs.filter(Boolean).forEach(function(x) {
				acc[acc.length] = startsWithToken.test(x) ? JSON.parse(x.split(TOKEN)[1]) : x;
			});
			return acc;
		}, []);
	};
}));

// node_modules/shell-quote/index.js
var require_shell_quote = /* @__PURE__ */ require_rolldown_runtime.__commonJSMin(((exports) => {
	exports.quote = require_quote();
	exports.parse = require_parse();
}));

// src/core/codex/events.ts
var import_shell_quote = require_shell_quote();
const LINE_FEED = 10;
const LONGEST_LINE = 16777216;
var CodexEvents = class {
	#form;
	#unfinished = [];
	#unfinishedLength = 0;
	#isTooLong = false;
	#failure = null;
	#shownError = null;
	#shownCommand = null;
	constructor(form) {
		this.#form = form;
	}
	get failure() {
		return this.#failure;
	}
	read(bytes) {
		const shown = [];
		let rest = bytes;
		for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
			this.#keep(rest.subarray(0, end + 1), shown);
			this.#finishLine(shown);
			rest = rest.subarray(end + 1);
		}
		this.#keep(rest, shown);
		return joined(shown);
	}
	end() {
		const shown = [];
		this.#finishLine(shown);
		return joined(shown);
	}
	#keep(part, shown) {
		if (this.#isTooLong) {
			shown.push(part);
			return;
		}
		this.#unfinished.push(part);
		this.#unfinishedLength += part.length;
		if (this.#unfinishedLength <= LONGEST_LINE) return;
		this.#isTooLong = true;
		shown.push(...this.#takeUnfinished());
	}
	#finishLine(shown) {
		this.#isTooLong = false;
		const line = joined(this.#takeUnfinished());
		if (line.length > 0) shown.push(this.#show(line));
	}
	#takeUnfinished() {
		const parts = this.#unfinished;
		this.#unfinished = [];
		this.#unfinishedLength = 0;
		return parts;
	}
	#show(line) {
		const event = parse$1(line);
		const text = event && this.#render(event);
		if (text === null || this.#form === "json") return line;
		return new TextEncoder().encode(text === "" || text.endsWith("\n") ? text : `${text}\n`);
	}
	#render(event) {
		switch (event.type) {
			case "thread.started": return isText(event.thread_id) ? `session id: ${event.thread_id}` : null;
			case "turn.started": return "";
			case "turn.completed":
				this.#failure = null;
				return renderUsage(event.usage);
			case "turn.failed": return isFields(event.error) ? this.#fail(event.error.message) : null;
			case "error": return this.#fail(event.message);
			case "item.started":
			case "item.updated": return isFields(event.item) ? this.#renderBegun(event.item) : null;
			case "item.completed": return isFields(event.item) ? this.#renderCompleted(event.item) : null;
			default: return null;
		}
	}
	#fail(message) {
		if (!isText(message)) return null;
		this.#failure = message;
		if (this.#shownError === message) return "";
		this.#shownError = message;
		return `ERROR: ${message}`;
	}
	#renderBegun(item) {
		switch (item.type) {
			case "command_execution":
				if (!isText(item.command)) return null;
				if (this.#shownCommand === item.id) return "";
				this.#shownCommand = item.id;
				return `exec\n${item.command}`;
			case "mcp_tool_call": return isText(item.server) && isText(item.tool) ? `mcp: ${item.server}/${item.tool} started` : null;
			case "todo_list": return renderPlan(item.items);
			case "agent_message":
			case "reasoning":
			case "file_change":
			case "web_search": return "";
			default: return null;
		}
	}
	#renderCompleted(item) {
		switch (item.type) {
			case "agent_message": return isText(item.text) ? `codex\n${item.text}` : null;
			case "reasoning": return isText(item.text) ? item.text : null;
			case "command_execution": return this.#renderCommandEnd(item);
			case "file_change": return renderChanges(item);
			case "mcp_tool_call": return renderToolCall(item);
			case "web_search": return isText(item.query) ? `web search: ${item.query}` : null;
			case "todo_list": return renderPlan(item.items);
			case "error": return isText(item.message) ? `warning: ${item.message}` : null;
			default: return null;
		}
	}
	#renderCommandEnd(item) {
		const { id, command, aggregated_output: output, exit_code: exitCode, status } = item;
		if (!isText(command) || !isText(output) || !isText(status)) return null;
		const begin = this.#shownCommand === id ? "" : `exec\n${command}\n`;
		this.#shownCommand = null;
		return `${begin} ${exitCode === 0 ? "succeeded" : typeof exitCode === "number" ? `exited ${exitCode}` : status}:\n${output}`;
	}
};
function renderUsage(usage) {
	if (!isFields(usage)) return null;
	const { input_tokens: input, cached_input_tokens: cached, output_tokens: output } = usage;
	if (typeof input !== "number" || typeof output !== "number") return null;
	return `tokens used: ${input} in${typeof cached === "number" ? ` (${cached} cached)` : ""}, ${output} out`;
}
function renderChanges({ changes, status }) {
	if (!Array.isArray(changes) || !isText(status)) return null;
	const lines = changes.map((change) => isFields(change) && isText(change.kind) && isText(change.path) ? `${change.kind} ${change.path}` : null);
	return lines.includes(null) ? null : [`patch: ${status}`, ...lines].join("\n");
}
function renderToolCall({ server, tool, status, error }) {
	if (!isText(server) || !isText(tool) || !isText(status)) return null;
	return `mcp: ${server}/${tool} (${status})${isFields(error) && isText(error.message) ? `: ${error.message}` : ""}`;
}
function renderPlan(items) {
	if (!Array.isArray(items)) return null;
	const lines = items.map((item) => isFields(item) && isText(item.text) ? `[${item.completed === true ? "x" : " "}] ${item.text}` : null);
	return lines.includes(null) ? null : ["plan", ...lines].join("\n");
}
function parse$1(line) {
	try {
		const event = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
		return isFields(event) ? event : null;
	} catch {
		return null;
	}
}
function isFields(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isText(value) {
	return typeof value === "string";
}
function joined(parts) {
	const [first = /* @__PURE__ */ new Uint8Array(), second] = parts;
	if (second === void 0) return first;
	const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

// src/core/codex/prompt-verdict.ts
const REFRESH = "Run the maintenance workflow (or a run with `refresh: force`), then start a new run.";
const VERDICTS = [{
	code: "access-token-refused",
	error: /^Your access token could not be refreshed|^Failed to refresh token: |^error sending request for url \(\S+\/oauth\/token\)/,
	message: "The API refused the access token, and Codex could not get a new one",
	hint: REFRESH
}, {
	code: "access-token-refused",
	error: /^unexpected status 401 Unauthorized: /,
	message: "The API refused the access token",
	hint: `${REFRESH} If it refuses new ones, too, log in again and seed that login.`
}];
function promptFailure(end, error) {
	if (!error?.trim()) return new require_main.Failure("prompt-failed", `${end}.`, "See its output above.");
	const verdict = VERDICTS.find((candidate) => candidate.error.test(error));
	if (verdict) return new require_main.Failure(verdict.code, `${verdict.message}: ${quoted(error)}.`, verdict.hint);
	return new require_main.Failure("prompt-failed", `${end}: ${quoted(error)}.`, "Nothing in this speaks against the login.");
}
function quoted(error) {
	return require_main.foreign(error.replaceAll(/[\w.-]{64,}/g, "…"));
}

// src/action/job/prompt.ts
const ANSWER_BYTES = 16777216;
async function runPrompt(services, job) {
	const { files, named, commands, channel, log } = services;
	const { prompt, protection, guard, command, base, root, directory, environment, commandPath } = job;
	const extra = readArguments(prompt.codexArgs);
	const isOpen = protection.protectAuth === "off" || protection.sandbox === "danger-full-access";
	require_user_job.refuseArguments(extra, isOpen ? "unprotected" : "protected");
	const flags = [...require_main.protectionFlags(protection, await guard(require_user_job.writableRootsIn(extra))), ...commandPath === void 0 ? [] : require_main.pathFlags(commandPath)];
	const finalMessagePath = (0, node_path.join)(base, "final-message.txt");
	const place = {
		root,
		kept: [base, environment.CODEX_HOME ?? base]
	};
	const outputSchemaPath = await placeSchema({
		files,
		named
	}, prompt.outputSchema, {
		...place,
		base
	});
	const input = await readPrompt(named, prompt.source, place);
	const { model, effort } = prompt;
	const args = require_user_job.execArguments({
		model,
		effort,
		outputSchemaPath,
		finalMessagePath,
		protection: flags,
		extra
	});
	const events = new CodexEvents(require_user_job.wantsEvents(extra) ? "json" : "readable");
	log.group("Codex");
	const outcome = await require_user_job.withRelay(services, async (relay) => {
		const output = (stream, bytes) => relay.write(stream, stream === "stdout" ? events.read(bytes) : bytes);
		const ended = await commands.run({
			file: command,
			args,
			directory,
			environment,
			output,
			input
		}).catch((error) => {
			if (!require_user_job.isSystemError(error)) throw error;
			throw new require_main.Failure("prompt-failed", `Codex could not be started: there is no ${command}, or no directory ${directory}.`, "Check the input `working-directory`.", { cause: error });
		});
		relay.write("stdout", events.end());
		return ended;
	}).finally(() => log.endGroup());
	const finalMessage = await readAnswer(named, {
		base,
		path: finalMessagePath
	}).finally(() => files.remove(finalMessagePath));
	if (finalMessage !== null && (finalMessage !== "" || outcome.exitCode === 0)) {
		await require_user_job.withRelay(services, async ({ say }) => say(finalMessage.trimEnd()));
		channel.setOutputs({ "final-message": finalMessage });
		if (prompt.outputFile) await require_prompt_files.writeNamedFile(named, {
			...place,
			path: prompt.outputFile,
			content: finalMessage
		});
	}
	if (outcome.exitCode === 0) return;
	const end = outcome.signal ? `was ended by ${outcome.signal}` : `exited with code ${outcome.exitCode}`;
	throw promptFailure(`Codex ${end}`, events.failure);
}
function readArguments(text) {
	if (text === null) return [];
	if (text.startsWith("[")) {
		const list = parseList(text);
		if (list) return list;
		throw new require_main.Failure("input-invalid", "The input `codex-args` begins like JSON and is no array of strings.", "Write [\"--flag\", \"value\"], or shell words.");
	}
	return (0, import_shell_quote.parse)(text, (name) => `$${name}`).map((word) => {
		if (typeof word === "string") return word;
		throw new require_main.Failure("input-invalid", "The input `codex-args` holds shell syntax, and no shell reads it.", "Write plain words, or a JSON array of strings.");
	});
}
function parseList(text) {
	try {
		const list = JSON.parse(text);
		return Array.isArray(list) && list.every((word) => typeof word === "string") ? list : null;
	} catch {
		return null;
	}
}
async function readAnswer(named, { base, path }) {
	const outcome = await named.read(path, {
		root: base,
		kept: [],
		limitBytes: ANSWER_BYTES
	});
	if (outcome.kind === "read") return Buffer.from(outcome.bytes).toString("utf8");
	if (outcome.kind === "missing") return null;
	throw new require_main.Failure("file-refused", "What should be Codex's final message is no plain file of at most 16 MiB: something that ran beside Codex has replaced it.", "See the log for what the model ran; `sandbox: workspace-write` keeps its commands out of that directory.");
}
function absolute(root, directory) {
	return directory === null ? root : (0, node_path.resolve)(root, directory);
}
async function readPrompt(named, source, place) {
	if (source.kind === "text") return source.text;
	return require_prompt_files.readNamedFile(named, "prompt-file", {
		...place,
		path: source.path
	});
}
async function placeSchema({ files, named }, schema, { base, ...place }) {
	if (schema === null) return null;
	const text = schema.kind === "text" ? schema.text : await require_prompt_files.readNamedFile(named, "output-schema-file", {
		...place,
		path: schema.path
	});
	const path = (0, node_path.join)(base, "output-schema.json");
	await files.write(path, text, 384);
	return path;
}

exports.absolute = absolute;
exports.readArguments = readArguments;
exports.runPrompt = runPrompt;