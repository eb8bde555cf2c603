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

// src/core/codex/event-sentences.ts
var import_shell_quote = require_shell_quote();
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
function isFields(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isText(value) {
	return typeof value === "string";
}

// src/core/codex/events.ts
const LINE_FEED = 10;
const LONGEST_LINE = 16777216;
var CodexEvents = class {
	#form;
	#unfinished = [];
	#unfinishedLength = 0;
	#isTooLong = false;
	#failure = null;
	#threadId = null;
	#finalMessage = null;
	#isOver = false;
	#shownError = null;
	#shownCommand = null;
	constructor(form) {
		this.#form = form;
	}
	get failure() {
		return this.#failure;
	}
	get threadId() {
		return this.#threadId;
	}
	get finalMessage() {
		return this.#finalMessage;
	}
	get isOver() {
		return this.#isOver;
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
		const event = parse$2(line);
		const text = event && this.#render(event);
		if (text === null || this.#form === "json") return line;
		return new TextEncoder().encode(text === "" || text.endsWith("\n") ? text : `${text}\n`);
	}
	#render(event) {
		switch (event.type) {
			case "thread.started":
				if (!isText(event.thread_id)) return null;
				this.#threadId = event.thread_id;
				return `session id: ${event.thread_id}`;
			case "turn.started":
				this.#isOver = false;
				return "";
			case "turn.completed":
				this.#failure = null;
				this.#isOver = true;
				return renderUsage(event.usage);
			case "turn.failed":
				this.#isOver = true;
				return isFields(event.error) ? this.#fail(event.error.message) : null;
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
			case "agent_message":
				if (!isText(item.text)) return null;
				this.#finalMessage = item.text;
				return `codex\n${item.text}`;
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
function parse$2(line) {
	try {
		const event = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
		return isFields(event) ? event : null;
	} catch {
		return null;
	}
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

// src/action/job/prompt-limits.ts
const EXIT_GRACE_MS = 2e4;
const LONGEST_MS = 2 ** 31 - 1;
var PromptLimits = class {
	#stop = new AbortController();
	#graceMs;
	#timeout;
	#grace = null;
	constructor({ timeoutMs, graceMs }) {
		this.#graceMs = graceMs;
		this.#timeout = timeoutMs === null ? null : setTimeout(() => this.#end("timeout"), Math.min(timeoutMs, LONGEST_MS));
	}
	get stop() {
		return this.#stop.signal;
	}
	get overstay() {
		return this.stop.aborted ? this.stop.reason : null;
	}
	heard({ isOver }) {
		if (this.#grace) clearTimeout(this.#grace);
		this.#grace = isOver ? setTimeout(() => this.#end("lingering"), this.#graceMs) : null;
	}
	clear() {
		for (const timer of [this.#timeout, this.#grace]) if (timer) clearTimeout(timer);
	}
	#end(why) {
		if (!this.stop.aborted) this.#stop.abort(why);
	}
};

// src/core/codex/prompt-verdict.ts
const REFRESH = "Run the maintenance workflow (or a run with `refresh: force`), then start a new run.";
const NOT_THE_LOGIN = "The login is healthy; do not log in again for this.";
const MODEL_ERROR = String.raw`^(?:unexpected status 400 Bad Request: )?(?:\{"detail":\s*"|\{"error":\s*\{"message":\s*")?The ['\x60][^'\x60]{1,200}['\x60] model `;
const VERDICTS = [
	{
		code: "access-token-refused",
		error: /^Your access token could not be refreshed/,
		message: "The API refused the access token, and Codex could not get a new one",
		hint: REFRESH,
		refusesToken: true
	},
	{
		code: "access-token-refused",
		error: /^Failed to refresh token: |^error sending request for url \(\S+\/oauth\/token\)/,
		message: "The API refused the access token, and Codex could not get a new one",
		hint: REFRESH
	},
	{
		code: "access-token-refused",
		error: /^unexpected status 401 Unauthorized: /,
		message: "The API refused the access token",
		hint: `${REFRESH} If it refuses new ones, too, log in again and seed that login.`,
		refusesToken: true
	},
	{
		code: "usage-limit",
		error: /^You.ve hit your usage limit/u,
		message: ({ resetsAt }) => `The ChatGPT account has reached its usage limit${resetsAt === null ? "" : `, which resets at ${utc(resetsAt)}`}`,
		hint: ({ resetsAt }) => `Start a new run ${resetsAt === null ? "when the limit has reset (chatgpt.com/codex/settings/usage shows when)" : "after that"}, or get more usage for the account. ${NOT_THE_LOGIN}`
	},
	{
		code: "usage-limit",
		error: /^Your workspace is out of credits/,
		message: "The ChatGPT workspace has no credits left",
		hint: `An owner of the workspace must add credits; then start a new run. ${NOT_THE_LOGIN}`
	},
	{
		code: "usage-limit",
		error: /^You hit your spend cap/,
		message: "The ChatGPT workspace's spend cap for this account is reached",
		hint: `An owner of the workspace must raise the cap; then start a new run. ${NOT_THE_LOGIN}`
	},
	{
		code: "usage-limit",
		error: /^To use Codex with your ChatGPT plan, upgrade/,
		message: "The ChatGPT account's plan does not include Codex",
		hint: `Check the plan of the account that logged in, at chatgpt.com; then start a new run. ${NOT_THE_LOGIN}`
	},
	{
		code: "usage-limit",
		error: /^Quota exceeded\./,
		message: "OpenAI says that the account's quota is exceeded",
		hint: `Check plan and billing of the account that logged in; then start a new run. ${NOT_THE_LOGIN}`
	},
	{
		code: "prompt-failed",
		error: /^exceeded retry limit, last status: 429|^rate limit exceeded/,
		message: "OpenAI limits the rate of requests, also after Codex had tried again",
		hint: `Start a new run in some minutes, with fewer jobs at once. ${NOT_THE_LOGIN}`
	},
	{
		code: "codex-outdated",
		error: new RegExp(`${MODEL_ERROR}requires a newer version of Codex`),
		message: ({ codex: { command, version } }) => `${version === null ? "The Codex" : `Codex ${version}`} at ${require_main.foreign(command)} is too old for the model`,
		hint: `Set \`codex-version\` to a newer version, or update that Codex; or choose another \`model\`. ${NOT_THE_LOGIN}`
	},
	{
		code: "prompt-failed",
		error: new RegExp(`${MODEL_ERROR}(?:is not supported|does not exist)|^The model ['\`][^'\`]{1,200}['\`] does not exist`),
		message: "OpenAI does not offer this model to the account",
		hint: `Choose another \`model\`, or leave the input empty. ${NOT_THE_LOGIN}`
	},
	{
		code: "workspace-deactivated",
		error: /^unexpected status 402 Payment Required: .*deactivated_workspace/s,
		message: "OpenAI says that the ChatGPT workspace of this login is deactivated",
		hint: "Have an owner activate the workspace again (its billing, usually), or log in to another workspace and seed that login."
	},
	{
		code: "region-refused",
		error: /^unexpected status 403 Forbidden: .*(?:Country, region, or territory not supported|unsupported_country_region_territory)/s,
		message: "OpenAI does not serve the country that this runner's requests come from",
		hint: `Use a runner, or a proxy, whose requests come from a supported country (platform.openai.com/docs/supported-countries). ${NOT_THE_LOGIN}`
	},
	{
		code: "sandbox-unavailable",
		error: /^.{0,300}cannot enforce split filesystem read restrictions/,
		message: "On this machine Codex cannot keep the model's commands out of the login",
		hint: "On Windows run this job on Linux, macOS or in WSL. With `protect-auth: off` it runs without that protection, and the model could read the login."
	},
	{
		code: "region-refused",
		error: /^Access blocked by Cloudflare\./,
		message: "Cloudflare, in front of OpenAI's API, blocked this runner's network address",
		hint: `Use a runner, or a proxy, with another address; a restricted region is the usual reason. ${NOT_THE_LOGIN}`
	}
];
const FRESH_MS = 36e5;
function promptFailure(prompt) {
	const { end, error, complaint } = prompt;
	if (!error?.trim()) {
		const words = complaint === null ? "" : `: ${quoted(complaint)}`;
		return new require_main.Failure("prompt-failed", `${end}${words}.`, "See its output above.");
	}
	const verdict = VERDICTS.find((candidate) => candidate.error.test(error));
	if (verdict?.refusesToken && isFresh(prompt)) return freshTokenRefused(prompt, error);
	if (verdict) {
		const [message, hint] = [verdict.message, verdict.hint].map((text) => typeof text === "string" ? text : text(prompt));
		return new require_main.Failure(verdict.code, `${message}: ${quoted(error)}.`, hint ?? "");
	}
	return new require_main.Failure("prompt-failed", `${end}: ${quoted(error)}.`, "Nothing in this speaks against the login.");
}
function isFresh({ tokenAgeMs }) {
	return tokenAgeMs !== null && tokenAgeMs < FRESH_MS;
}
function freshTokenRefused({ tokenAgeMs }, error) {
	const age = require_main.describeDuration(Math.max(0, tokenAgeMs ?? 0));
	return new require_main.Failure("login-refused", `The API refuses this login: the access token was issued only ${age} ago, and is refused all the same: ${quoted(error)}.`, "Another refresh brings just such a token, so do not force one. Check at chatgpt.com that the account and its plan are active, then log in again and seed that login.");
}
function quoted(error) {
	return require_main.foreign(error.replaceAll(/[\w.-]{64,}/g, "…"));
}
function utc(date) {
	return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

// src/core/codex/usage.ts
function readUsage(tail) {
	for (const line of tail.split("\n").reverse()) {
		const { rate_limits: limits, type } = at(parse$1(line), "payload");
		if (type !== "token_count") continue;
		const { limit_id: id, primary, secondary } = asFields(limits);
		if (id !== void 0 && id !== null && id !== "codex") continue;
		const windows = [primary, secondary].flatMap(windowOf);
		if (windows.length > 0) return windows.sort((one, other) => one.windowMinutes - other.windowMinutes);
	}
	return null;
}
function windowOf(value) {
	const { used_percent: used, window_minutes: minutes, resets_at: resetsAt } = asFields(value);
	if (!isAmount(used) || !isAmount(minutes) || minutes === 0) return [];
	return [{
		windowMinutes: minutes,
		usedPercent: used,
		resetsAt: isoOf(resetsAt)
	}];
}
function isoOf(seconds) {
	if (!isAmount(seconds)) return null;
	const date = /* @__PURE__ */ new Date(seconds * 1e3);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
function resetTime(error, { usage, now, zone }) {
	const told = timeIn(error, {
		now,
		zone
	});
	const known = (usage ?? []).flatMap(({ resetsAt, usedPercent }) => resetsAt === null ? [] : [{
		at: new Date(resetsAt),
		isUsedUp: usedPercent >= 100
	}]);
	if (told === null) return latest(known.filter(({ isUsedUp }) => isUsedUp).map(({ at }) => at));
	return known.find(({ at }) => minuteOf(at) === minuteOf(told))?.at ?? told;
}
const MONTHS = [
	"Jan",
	"Feb",
	"Mar",
	"Apr",
	"May",
	"Jun",
	"Jul",
	"Aug",
	"Sep",
	"Oct",
	"Nov",
	"Dec"
];
const TIME = /try again at (?:(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{1,2})(?:st|nd|rd|th), (\d{4}) )?(\d{1,2}):(\d\d) (AM|PM)/;
function timeIn(error, { now, zone }) {
	const found = TIME.exec(error);
	if (!found) return null;
	const [, month, day, year, hour, minute, half] = found;
	try {
		const today = new Date(wallTime(now.getTime(), zone));
		const wall = (month === void 0 ? Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()) : Date.UTC(Number(year), MONTHS.indexOf(month), Number(day))) + ((Number(hour) % 12 + (half === "PM" ? 12 : 0)) * 60 + Number(minute)) * 6e4;
		const near = wall - (wallTime(wall, zone) - wall);
		const time = new Date(wall - (wallTime(near, zone) - near));
		return Number.isNaN(time.getTime()) ? null : time;
	} catch {
		return null;
	}
}
function wallTime(timeMs, zone) {
	const parts = new Intl.DateTimeFormat("en-US", {
		...zone === void 0 ? {} : { timeZone: zone },
		hourCycle: "h23",
		year: "numeric",
		month: "numeric",
		day: "numeric",
		hour: "numeric",
		minute: "numeric"
	}).formatToParts(timeMs);
	const part = (type) => Number(parts.find((candidate) => candidate.type === type)?.value);
	return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
}
function minuteOf(date) {
	return Math.floor(date.getTime() / 6e4);
}
function latest(dates) {
	return dates.reduce((last, date) => last === null || date > last ? date : last, null);
}
function parse$1(line) {
	try {
		return JSON.parse(line);
	} catch {
		return null;
	}
}
function at(value, name) {
	return asFields(asFields(value)[name]);
}
function asFields(value) {
	return typeof value === "object" && value !== null ? value : {};
}
function isAmount(value) {
	return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

// src/action/job/prompt-outcome.ts
async function judgePrompt(services, asked, ended) {
	const { log } = services;
	const { events, exitCode, overstay } = ended;
	const usage = await readUsageOf(services, asked.home, events.threadId);
	if (usage) asked.recordUsage(usage);
	if (overstay !== null && events.isOver && events.failure === null) {
		log.warning(`Codex had completed its turn and did not exit within ${require_main.describeDuration(EXIT_GRACE_MS)}, so it was ended. Its answer is complete.`);
		return;
	}
	if (overstay === "timeout") throw timedOut(asked.timeoutMs ?? 0, events);
	if (exitCode === 0 && overstay === null) return;
	throw await explain(services, asked, {
		ended,
		usage
	});
}
async function readUsageOf({ program }, home, threadId) {
	const tail = threadId === null ? null : await program.sessionTail(home, threadId);
	return tail === null ? null : readUsage(tail);
}
function timedOut(timeoutMs, { finalMessage, failure }) {
	const last = finalMessage === null ? "" : " What the model said last is in the output `final-message`.";
	const error = failure === null ? "" : ` Its last error: ${require_main.foreign(failure)}.`;
	return new require_main.Failure("prompt-timeout", `Codex had not finished after ${require_main.describeDuration(timeoutMs)} (\`prompt-timeout\`), and was ended with all that it had started.${error}${last}`, "See in its output above what it was waiting for. Ask for less in one prompt, or raise `prompt-timeout` (and the job's `timeout-minutes`).");
}
async function explain({ files, clock, channel }, { codex, home, zone }, { ended, usage }) {
	const { exitCode, signal, overstay, events, errorOutput, hadLogin } = ended;
	const error = events.failure;
	const copy = await files.read(require_main.authPath(home)).catch(() => null);
	if (hadLogin && copy === null && error === null) return loginRemoved(errorOutput);
	const now = clock.now();
	const token = copy === null ? null : require_main.readWorkingCopy(copy);
	const isValid = token !== null && token.accessTokenExpiresAt > now;
	const prompt = {
		end: `Codex ${overstay ? "did not exit" : signal ? `was ended by ${signal}` : `exited with code ${exitCode}`}`,
		error,
		complaint: complaintIn(errorOutput),
		codex,
		tokenAgeMs: isValid ? now.getTime() - token.accessTokenIssuedAt.getTime() : null,
		resetsAt: error === null ? null : resetTime(error, {
			usage,
			now,
			zone
		})
	};
	const failure = promptFailure(prompt);
	if (failure.code === "usage-limit" && prompt.resetsAt) channel.setOutputs({ "usage-resets-at": prompt.resetsAt.toISOString() });
	return failure;
}
function loginRemoved(errorOutput) {
	const said = lastLineOf(errorOutput);
	return new require_main.Failure("login-forbidden", `Codex removed the login from its home, and asked the model nothing${said === null ? "" : `. It says: ${require_main.foreign(said)}`}. The stored login is untouched.`, "A setting of Codex's on this machine (`forced_login_method`, `forced_chatgpt_workspace_id`) does not allow this login: change it, or seed a login that it allows.");
}
function complaintIn(output) {
	return output.split(/\r?\n/).find((line) => /^[Ee]rror\b/.test(line)) ?? null;
}
function lastLineOf(output) {
	return output.split(/\r?\n/).map((line) => line.trim()).findLast((line) => line !== "") ?? null;
}

// src/action/job/prompt.ts
const ANSWER_BYTES = 16777216;
async function runPrompt(services, job) {
	const { files, named, commands, channel, log } = services;
	const { prompt, protection, guard, codex, base, root, directory, environment, commandPath, recordUsage } = job;
	const extra = readArguments(prompt.codexArgs);
	const isOpen = protection.protectAuth === "off" || protection.sandbox === "danger-full-access";
	require_user_job.refuseArguments(extra, isOpen ? "unprotected" : "protected");
	const flags = [...require_main.protectionFlags(protection, await guard(require_user_job.writableRootsIn(extra))), ...commandPath === void 0 ? [] : require_main.pathFlags(commandPath)];
	const finalMessagePath = (0, node_path.join)(base, "final-message.txt");
	const home = environment.CODEX_HOME ?? base;
	const place = {
		root,
		kept: [base, home]
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
	const limits = new PromptLimits({
		timeoutMs: prompt.timeoutMs,
		graceMs: EXIT_GRACE_MS
	});
	let errorOutput = "";
	const hadLogin = await files.stamp(require_main.authPath(home)) !== null;
	log.group("Codex");
	const outcome = await require_user_job.withRelay(services, async (relay) => {
		const output = (stream, bytes) => {
			if (stream === "stderr") errorOutput = (errorOutput + Buffer.from(bytes)).slice(-LAST_CHARACTERS);
			relay.write(stream, stream === "stdout" ? events.read(bytes) : bytes);
			limits.heard(events);
		};
		const ended = await commands.run({
			file: codex.command,
			args,
			directory,
			environment,
			output,
			input,
			stop: limits.stop
		}).catch((error) => {
			if (!require_user_job.isSystemError(error)) throw error;
			throw new require_main.Failure("prompt-failed", `Codex could not be started: there is no ${codex.command}, or no directory ${directory}.`, "Check the input `working-directory`.", { cause: error });
		});
		relay.write("stdout", events.end());
		return ended;
	}).finally(() => {
		limits.clear();
		log.endGroup();
	});
	const ended = {
		...outcome,
		overstay: limits.overstay,
		events,
		errorOutput,
		hadLogin
	};
	const answer = await readAnswer(named, {
		base,
		path: finalMessagePath
	}).finally(() => files.remove(finalMessagePath));
	const finalMessage = answer || (ended.overstay ? events.finalMessage : answer);
	if (finalMessage !== null && (finalMessage !== "" || outcome.exitCode === 0)) {
		await require_user_job.withRelay(services, async ({ say }) => say(finalMessage.trimEnd()));
		channel.setOutputs({ "final-message": finalMessage });
		if (prompt.outputFile) await require_prompt_files.writeNamedFile(named, {
			...place,
			path: prompt.outputFile,
			content: finalMessage
		});
	}
	const asked = {
		codex,
		home,
		timeoutMs: prompt.timeoutMs,
		recordUsage,
		zone: environment.TZ || void 0
	};
	await judgePrompt(services, asked, ended);
}
const LAST_CHARACTERS = 4e3;
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