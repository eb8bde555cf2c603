import { d as setOutput, f as setSecret, i as exportVariable, l as saveState, m as warning, n as endGroup, o as getState, p as startGroup, r as error, s as info } from "./core.js";
import { EOL } from "os";
import { constants, promises } from "fs";
import { createHash, randomBytes } from "node:crypto";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { chmod, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";

// node_modules/@actions/core/lib/summary.js
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
const { access, appendFile, writeFile } = promises;
const SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
	constructor() {
		this._buffer = "";
	}
	/**
	* Finds the summary file path from the environment, rejects if env var is not found or file does not exist
	* Also checks r/w permissions.
	*
	* @returns step summary file path
	*/
	filePath() {
		return __awaiter(this, void 0, void 0, function* () {
			if (this._filePath) return this._filePath;
			const pathFromEnv = process.env[SUMMARY_ENV_VAR];
			if (!pathFromEnv) throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
			try {
				yield access(pathFromEnv, constants.R_OK | constants.W_OK);
			} catch (_a) {
				throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
			}
			this._filePath = pathFromEnv;
			return this._filePath;
		});
	}
	/**
	* Wraps content in an HTML tag, adding any HTML attributes
	*
	* @param {string} tag HTML tag to wrap
	* @param {string | null} content content within the tag
	* @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
	*
	* @returns {string} content wrapped in HTML element
	*/
	wrap(tag, content, attrs = {}) {
		const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
		if (!content) return `<${tag}${htmlAttrs}>`;
		return `<${tag}${htmlAttrs}>${content}</${tag}>`;
	}
	/**
	* Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
	*
	* @param {SummaryWriteOptions} [options] (optional) options for write operation
	*
	* @returns {Promise<Summary>} summary instance
	*/
	write(options) {
		return __awaiter(this, void 0, void 0, function* () {
			const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
			const filePath = yield this.filePath();
			yield (overwrite ? writeFile : appendFile)(filePath, this._buffer, { encoding: "utf8" });
			return this.emptyBuffer();
		});
	}
	/**
	* Clears the summary buffer and wipes the summary file
	*
	* @returns {Summary} summary instance
	*/
	clear() {
		return __awaiter(this, void 0, void 0, function* () {
			return this.emptyBuffer().write({ overwrite: true });
		});
	}
	/**
	* Returns the current summary buffer as a string
	*
	* @returns {string} string of summary buffer
	*/
	stringify() {
		return this._buffer;
	}
	/**
	* If the summary buffer is empty
	*
	* @returns {boolen} true if the buffer is empty
	*/
	isEmptyBuffer() {
		return this._buffer.length === 0;
	}
	/**
	* Resets the summary buffer without writing to summary file
	*
	* @returns {Summary} summary instance
	*/
	emptyBuffer() {
		this._buffer = "";
		return this;
	}
	/**
	* Adds raw text to the summary buffer
	*
	* @param {string} text content to add
	* @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addRaw(text, addEOL = false) {
		this._buffer += text;
		return addEOL ? this.addEOL() : this;
	}
	/**
	* Adds the operating system-specific end-of-line marker to the buffer
	*
	* @returns {Summary} summary instance
	*/
	addEOL() {
		return this.addRaw(EOL);
	}
	/**
	* Adds an HTML codeblock to the summary buffer
	*
	* @param {string} code content to render within fenced code block
	* @param {string} lang (optional) language to syntax highlight code
	*
	* @returns {Summary} summary instance
	*/
	addCodeBlock(code, lang) {
		const attrs = Object.assign({}, lang && { lang });
		const element = this.wrap("pre", this.wrap("code", code), attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML list to the summary buffer
	*
	* @param {string[]} items list of items to render
	* @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addList(items, ordered = false) {
		const tag = ordered ? "ol" : "ul";
		const listItems = items.map((item) => this.wrap("li", item)).join("");
		const element = this.wrap(tag, listItems);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML table to the summary buffer
	*
	* @param {SummaryTableCell[]} rows table rows
	*
	* @returns {Summary} summary instance
	*/
	addTable(rows) {
		const tableBody = rows.map((row) => {
			const cells = row.map((cell) => {
				if (typeof cell === "string") return this.wrap("td", cell);
				const { header, data, colspan, rowspan } = cell;
				const tag = header ? "th" : "td";
				const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
				return this.wrap(tag, data, attrs);
			}).join("");
			return this.wrap("tr", cells);
		}).join("");
		const element = this.wrap("table", tableBody);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds a collapsable HTML details element to the summary buffer
	*
	* @param {string} label text for the closed state
	* @param {string} content collapsable content
	*
	* @returns {Summary} summary instance
	*/
	addDetails(label, content) {
		const element = this.wrap("details", this.wrap("summary", label) + content);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML image tag to the summary buffer
	*
	* @param {string} src path to the image you to embed
	* @param {string} alt text description of the image
	* @param {SummaryImageOptions} options (optional) addition image attributes
	*
	* @returns {Summary} summary instance
	*/
	addImage(src, alt, options) {
		const { width, height } = options || {};
		const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
		const element = this.wrap("img", null, Object.assign({
			src,
			alt
		}, attrs));
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML section heading element
	*
	* @param {string} text heading text
	* @param {number | string} [level=1] (optional) the heading level, default: 1
	*
	* @returns {Summary} summary instance
	*/
	addHeading(text, level) {
		const tag = `h${level}`;
		const allowedTag = [
			"h1",
			"h2",
			"h3",
			"h4",
			"h5",
			"h6"
		].includes(tag) ? tag : "h1";
		const element = this.wrap(allowedTag, text);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML thematic break (<hr>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addSeparator() {
		const element = this.wrap("hr", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML line break (<br>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addBreak() {
		const element = this.wrap("br", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML blockquote to the summary buffer
	*
	* @param {string} text quote text
	* @param {string} cite (optional) citation url
	*
	* @returns {Summary} summary instance
	*/
	addQuote(text, cite) {
		const attrs = Object.assign({}, cite && { cite });
		const element = this.wrap("blockquote", text, attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML anchor tag to the summary buffer
	*
	* @param {string} text link text/content
	* @param {string} href hyperlink
	*
	* @returns {Summary} summary instance
	*/
	addLink(text, href) {
		const element = this.wrap("a", text, { href });
		return this.addRaw(element).addEOL();
	}
};
const _summary = new Summary();
const summary = _summary;

// src/core/failure.ts
/** Something a person can repair: what is wrong, and what to do next. Neither text ever quotes a document. */
var Failure = class extends Error {
	code;
	hint;
	constructor(code, message, hint, options) {
		super(message, options);
		this.name = "Failure";
		this.code = code;
		this.hint = hint;
	}
};

// src/core/duration.ts
const UNIT_MS = {
	s: 1e3,
	m: 6e4,
	h: 36e5,
	d: 864e5
};
/**
* Reads `72h`, `30m`, `10d`, `90s`.
*
* @returns milliseconds
* @throws {Failure} `input-invalid`
*/
function parseDurationMs(text, input) {
	const match = /^(\d{1,6})\s*([smhd])$/.exec(text.trim());
	if (!match) throw new Failure("input-invalid", `The input \`${input}\` is not a duration.`, "Write a number and a unit: 90s, 30m, 72h or 10d.");
	return Number(match[1]) * UNIT_MS[match[2]];
}
/** `6 days 4 h`, `3 h 12 min`, `40 s`: the two largest units, for people. */
function describeDuration(ms) {
	const seconds = Math.max(0, Math.floor(ms / 1e3));
	const [days, hours, minutes] = [
		Math.floor(seconds / 86400),
		Math.floor(seconds / 3600) % 24,
		Math.floor(seconds / 60) % 60
	];
	if (days > 0) return `${days} ${days === 1 ? "day" : "days"} ${hours} h`;
	if (hours > 0) return `${hours} h ${minutes} min`;
	if (minutes > 0) return `${minutes} min`;
	return `${seconds} s`;
}

// src/core/loopback.ts
/** Whether a URL leads to this machine and nowhere else. */
function isLoopbackUrl(value) {
	try {
		return /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(new URL(value).hostname);
	} catch {
		return false;
	}
}

// src/core/environment.ts
/** Variables that redirect or replace Codex's authentication; a redirected refresh URL carries the token off (docs/facts.md §1). */
const REDIRECTING = /* @__PURE__ */ new Set([
	"CODEX_API_KEY",
	"CODEX_ACCESS_TOKEN",
	"OPENAI_API_KEY",
	"OPENAI_BASE_URL",
	"CODEX_REFRESH_TOKEN_URL_OVERRIDE",
	"CODEX_REVOKE_TOKEN_URL_OVERRIDE",
	"CODEX_AUTHAPI_BASE_URL",
	"OPENAI_FEDERATION_RULE_ID",
	"OPENAI_IDENTITY_TOKEN_FILE"
]);
const REDIRECTING_PREFIXES = ["CODEX_APP_SERVER_LOGIN_", "CODEX_APP_SERVER_CHATGPT_"];
/** The runner's own channels to an action: inputs, state, and tokens for its services. */
const RUNNER_PREFIXES = [
	"INPUT_",
	"STATE_",
	"ACTIONS_"
];
/**
* The environment of anything we start: without the runner's channels, without what redirects authentication, and
* without any value that equals or contains one of `secrets`, under whatever name.
*/
function scrubEnvironment(environment, secrets) {
	const values = secrets.map((secret) => secret.reveal().trim()).filter((value) => value !== "");
	const scrubbed = {};
	for (const [name, value] of Object.entries(environment)) {
		if (value === void 0 || isRunnerChannel(name) || isRedirecting(name)) continue;
		if (values.some((secret) => value.includes(secret))) continue;
		scrubbed[name] = value;
	}
	return scrubbed;
}
/**
* Reads `codex-env`: one `NAME=VALUE` a line, blank lines and `#` comments ignored.
*
* @throws {Failure} `input-invalid`, also for a redirecting variable whose value is not on the loopback interface
*/
function parseCodexEnvironment(text) {
	const variables = {};
	for (const [index, line] of text.split(/\r?\n/).entries()) {
		if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
		const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
		if (!match) throw new Failure("input-invalid", `Line ${index + 1} of \`codex-env\` is not NAME=VALUE.`, "Write one NAME=VALUE a line.");
		const [, name = "", value = ""] = match;
		if (isRunnerChannel(name)) throw new Failure("input-invalid", `\`codex-env\` may not set ${name}.`, "INPUT_, STATE_ and ACTIONS_ belong to the runner.");
		if (isRedirecting(name) && !isLoopbackUrl(value)) throw new Failure("input-invalid", `\`codex-env\` sets ${name}, which redirects authentication, to something that is not on this machine.`, "Only loopback addresses (http://127.0.0.1:PORT) are accepted for it, for tests.");
		variables[name] = value;
	}
	return variables;
}
function isRunnerChannel(name) {
	const upper = name.toUpperCase();
	return RUNNER_PREFIXES.some((prefix) => upper.startsWith(prefix));
}
function isRedirecting(name) {
	const upper = name.toUpperCase();
	return REDIRECTING.has(upper) || REDIRECTING_PREFIXES.some((prefix) => upper.startsWith(prefix));
}

// src/core/secret.ts
/** Eight hexadecimal digits that tell two secrets apart and tell nothing of either. */
function fingerprint(value) {
	return createHash("sha256").update(value).digest("hex").slice(0, 8);
}
/**
* A value that must not leave its place: printing, serializing or inspecting it shows its fingerprint.
* {@link Secret.reveal} is the one way out.
*/
var Secret = class {
	#value;
	constructor(value) {
		this.#value = value;
	}
	reveal() {
		return this.#value;
	}
	get isEmpty() {
		return this.#value === "";
	}
	equals(other) {
		return this.#value === other.#value;
	}
	get fingerprint() {
		return fingerprint(this.#value);
	}
	toString() {
		return `[secret ${this.fingerprint}]`;
	}
	toJSON() {
		return this.toString();
	}
	[Symbol.for("nodejs.util.inspect.custom")]() {
		return this.toString();
	}
};

// src/action/inputs.ts
/**
* @param get the text of an input, without surrounding blanks; `""` when it is not given
* @throws {Failure} `input-invalid`, `writer-invalid`
*/
function readInputs(get) {
	const text = (name) => get(name) || null;
	const secret = (name) => {
		const value = get(name);
		return value ? new Secret(value) : null;
	};
	const choice = (name, choices) => {
		const value = get(name) || choices[0];
		const found = choices.find((candidate) => candidate === value);
		if (found) return found;
		throw new Failure("input-invalid", `The input \`${name}\` has a value it does not know.`, `Write one of: ${choices.join(", ")}.`);
	};
	const inputs = {
		secret: secret("codex-auth-json"),
		secretName: secretName(get("secret-name") || "CODEX_AUTH_JSON"),
		environment: text("environment"),
		writer: writerInput(secret("secret-write-token"), text("client-id"), secret("private-key")),
		githubToken: secret("github-token"),
		role: choice("role", ["keeper", "borrower"]),
		refresh: choice("refresh", [
			"auto",
			"force",
			"never"
		]),
		refreshWindowMs: parseDurationMs(get("refresh-window") || "72h", "refresh-window"),
		minimumLifetimeMs: parseDurationMs(get("minimum-lifetime") || "6h", "minimum-lifetime"),
		refreshToken: choice("refresh-token", ["withheld", "present"]),
		run: text("run"),
		shell: get("shell") || "bash",
		workingDirectory: text("working-directory"),
		codexHome: text("codex-home"),
		codexEnvironment: parseCodexEnvironment(get("codex-env")),
		handover: choice("handover", ["cache", "off"]),
		concurrencyCheck: choice("concurrency-check", [
			"warn",
			"fail",
			"off"
		]),
		allowPublicRepository: choice("allow-public-repository", ["false", "true"]) === "true"
	};
	if (inputs.role === "borrower" && inputs.refreshToken === "present") throw new Failure("input-invalid", "A borrower cannot have `refresh-token: present`.", "Remove one of the two: only a keeper may hold the refresh token.");
	if (inputs.role === "borrower" && inputs.refresh === "force") throw new Failure("input-invalid", "A borrower never refreshes, so `refresh: force` has no meaning.", "Use `role: keeper`.");
	return inputs;
}
/** Whether this step may refresh: a step told never to is a borrower in all but name, unless Codex itself may. */
function mayRefresh(inputs) {
	return inputs.role === "keeper" && (inputs.refresh !== "never" || inputs.refreshToken === "present");
}
/** Every value that must not reach anything we start. */
function secretValues(inputs) {
	const { writer } = inputs;
	const ofWriter = writer.kind === "token" ? [writer.token] : writer.kind === "app" ? [writer.privateKey] : [];
	return [inputs.secret, ...ofWriter].filter((value) => value !== null);
}
function secretName(name) {
	if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
	throw new Failure("input-invalid", "The input `secret-name` is not a secret's name.", "Use letters, digits and underscores, as in the repository's settings.");
}
function writerInput(token, clientId, privateKey) {
	if (token && (clientId || privateKey)) throw new Failure("writer-invalid", "Both `secret-write-token` and a GitHub App are given.", "Keep one writer: `secret-write-token`, or `client-id` with `private-key`.");
	if (token) return {
		kind: "token",
		token
	};
	if (clientId && privateKey) return {
		kind: "app",
		clientId,
		privateKey
	};
	if (clientId || privateKey) throw new Failure("writer-invalid", `The GitHub App lacks its ${clientId ? "`private-key`" : "`client-id`"}.`, "Pass both, and check that the secret is visible to this job: a job without `environment:` sees no environment secret.");
	return { kind: "none" };
}

// src/core/document.ts
/** GitHub stores 48 KB a secret, and a document written back must fit in base64 of a sealed box. */
const MAXIMUM_SECRET_BYTES = 45e3;
/** Codex goes by `last_refresh` when it cannot read the access token's `exp` (login/src/auth/manager.rs). */
const DAYS_WITHOUT_READABLE_EXPIRY = 8;
const DAY_MS = 864e5;
const LOGIN_AGAIN = "Log in with `codex login` (ChatGPT) in a fresh CODEX_HOME and store the whole auth.json as the secret.";
/**
* One whole `auth.json`: a ChatGPT login with all its tokens. Held opaquely: what leaves it is Codex's own document.
*
* ```text
* { "auth_mode": "chatgpt", "OPENAI_API_KEY": null,
*   "tokens": { "id_token": JWT, "access_token": JWT, "refresh_token": "…", "account_id": "…" },
*   "last_refresh": "2026-11-22T09:48:00.123456789Z" }
* ```
*/
var Document = class Document {
	#json;
	encoding;
	accountId;
	accessToken;
	refreshToken;
	idToken;
	/** RFC 3339, as Codex wrote it. */
	lastRefresh;
	/** When Codex will want a new access token: `exp`, or 8 days after `last_refresh` where `exp` is unreadable. */
	accessTokenExpiresAt;
	/** `iat` of the access token, else `last_refresh`. */
	accessTokenIssuedAt;
	constructor(json, encoding) {
		const { tokens } = json;
		this.#json = json;
		this.encoding = encoding;
		this.accountId = String(tokens.account_id);
		this.accessToken = new Secret(String(tokens.access_token));
		this.refreshToken = new Secret(String(tokens.refresh_token));
		this.idToken = new Secret(String(tokens.id_token));
		this.lastRefresh = String(json.last_refresh);
		const claims = jwtClaims(this.accessToken.reveal());
		this.accessTokenExpiresAt = expiryOf(claims, this.lastRefresh);
		this.accessTokenIssuedAt = secondsOf(claims.iat) ?? new Date(this.lastRefresh);
	}
	/**
	* Reads a secret's content, or a file: raw JSON (pretty or compact), or base64 of it (wraps and a trailing newline allowed).
	*
	* @throws {Failure} `document-…`, one code a kind of damage; no message quotes the input.
	*/
	static parse(content) {
		const { text, encoding } = decode(content);
		return new Document(validate(parseJson(text)), encoding);
	}
	/** Tells generations apart: equal exactly when the refresh token and the access token are. */
	get generation() {
		return fingerprint(`${this.refreshToken.reveal()}\n${this.accessToken.reveal()}`);
	}
	/** Each token by itself: the runner masks per line, and a token may be printed alone. */
	get tokens() {
		return [
			this.refreshToken,
			this.accessToken,
			this.idToken
		];
	}
	/** The whole document as a file in a home. */
	whole() {
		return new Secret(`${JSON.stringify(this.#json, null, 2)}\n`);
	}
	/** A working copy whose refresh token is withheld: Codex runs on it and can never rotate (docs/facts.md §1). */
	withheld() {
		const json = {
			...this.#json,
			tokens: {
				...this.#json.tokens,
				refresh_token: ""
			}
		};
		return new Secret(`${JSON.stringify(json, null, 2)}\n`);
	}
	/** The document on one line: what notes carry. */
	line() {
		return new Secret(JSON.stringify(this.#json));
	}
	/** What goes into the store, in the encoding the secret had. */
	content(encoding) {
		const line = JSON.stringify(this.#json);
		return new Secret(encoding === "base64" ? Buffer.from(line).toString("base64") : line);
	}
};
/**
* Reads a working copy, whole or withheld.
*
* @returns `null` when the text is none
*/
function readWorkingCopy(text) {
	let json;
	try {
		json = JSON.parse(text);
	} catch {
		return null;
	}
	const tokens = isObject(json) && isObject(json.tokens) ? json.tokens : null;
	if (!tokens || !isObject(json) || !isFilled(tokens.access_token) || !isFilled(json.last_refresh)) return null;
	const accessTokenExpiresAt = expiryOf(jwtClaims(tokens.access_token), json.last_refresh);
	if (Number.isNaN(accessTokenExpiresAt.getTime())) return null;
	return {
		refreshToken: new Secret(isFilled(tokens.refresh_token) ? tokens.refresh_token : ""),
		accessTokenExpiresAt
	};
}
function decode(content) {
	if (content.trim() === "") throw new Failure("document-empty", "The document is empty.", LOGIN_AGAIN);
	if (Buffer.byteLength(content) > 45e3) throw new Failure("document-too-large", `The document is larger than ${MAXIMUM_SECRET_BYTES} bytes, more than a secret can hold when it is written back.`, "An auth.json has 4 to 6 kB: check that the secret holds this file and nothing else.");
	refuseByteOrderMark(content);
	const trimmed = content.trim();
	if (trimmed.startsWith("{")) return {
		text: trimmed,
		encoding: "json"
	};
	const compact = trimmed.replace(/\s+/g, "");
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw notJson("The document is neither JSON nor base64 of JSON.");
	const text = Buffer.from(compact, "base64").toString("utf8");
	refuseByteOrderMark(text);
	if (!text.trim().startsWith("{")) throw notJson("The document is neither JSON nor base64 of JSON.");
	return {
		text,
		encoding: "base64"
	};
}
function refuseByteOrderMark(text) {
	if (!/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)/.test(text)) return;
	throw new Failure("document-byte-order-mark", "The document begins with a byte order mark, which Codex cannot read.", "Store the file again without it (UTF-8 without BOM; in PowerShell, `Set-Content -Encoding utf8NoBOM`).");
}
function notJson(message) {
	return new Failure("document-not-json", message, LOGIN_AGAIN);
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		if (text.trimEnd().endsWith("}")) throw notJson("The document is not valid JSON.");
		throw new Failure("document-truncated", "The document breaks off before its end.", "Store the whole auth.json again; a kill while an old Codex was writing leaves such a file.");
	}
}
function validate(json) {
	if (!isObject(json)) throw new Failure("document-not-codex", "The document is not an auth.json of Codex.", LOGIN_AGAIN);
	const { auth_mode: mode, OPENAI_API_KEY: apiKey, tokens, last_refresh: lastRefresh } = json;
	if (![
		"auth_mode",
		"OPENAI_API_KEY",
		"tokens",
		"last_refresh"
	].some((field) => field in json)) throw new Failure("document-not-codex", "The document is not an auth.json of Codex.", LOGIN_AGAIN);
	if (mode === "apikey" || mode == null && typeof apiKey === "string" && apiKey !== "") throw new Failure("document-api-key", "The document is an API-key login, which has nothing to refresh.", "Pass the API key to openai/codex-action instead, or log in with ChatGPT and store that auth.json.");
	if (mode != null && mode !== "chatgpt") throw new Failure("document-not-chatgpt", "The document is not a ChatGPT login.", LOGIN_AGAIN);
	if (!isObject(tokens)) throw missing("document-tokens-missing", "tokens");
	if (!isFilled(tokens.access_token)) throw missing("document-access-token-missing", "tokens.access_token");
	if (!isFilled(tokens.refresh_token)) throw new Failure("document-refresh-token-missing", "The document has no refresh token: it is a working copy, or was stripped.", LOGIN_AGAIN);
	if (!isFilled(tokens.id_token)) throw missing("document-id-token-missing", "tokens.id_token");
	if (!isFilled(tokens.account_id)) throw missing("document-account-missing", "tokens.account_id (without it Codex never refreshes)");
	if (!isFilled(lastRefresh) || Number.isNaN(Date.parse(lastRefresh))) throw missing("document-last-refresh-missing", "last_refresh (without it Codex sends no token at all)");
	refuseForeignIssuer(tokens.oauth_provenance);
	return json;
}
/**
* Codex sends the refresh token to `tokens.oauth_provenance.issuer`, whoever that is (measured with 0.169.0): a planted
* document would carry its successor off.
*/
function refuseForeignIssuer(provenance) {
	if (!isObject(provenance) || provenance.issuer === void 0) return;
	const { issuer } = provenance;
	if (typeof issuer === "string" && (/^https:\/\/auth\.openai\.com\/?$/.test(issuer) || isLoopbackUrl(issuer))) return;
	throw new Failure("document-foreign-issuer", "The document names an issuer that is not OpenAI's, and Codex would send the refresh token there.", LOGIN_AGAIN);
}
function missing(code, field) {
	return new Failure(code, `The document lacks ${field}.`, LOGIN_AGAIN);
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isFilled(value) {
	return typeof value === "string" && value.trim() !== "";
}
function jwtClaims(token) {
	try {
		const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
		return isObject(claims) ? claims : {};
	} catch {
		return {};
	}
}
function expiryOf(claims, lastRefresh) {
	return secondsOf(claims.exp) ?? new Date(Date.parse(lastRefresh) + DAYS_WITHOUT_READABLE_EXPIRY * DAY_MS);
}
function secondsOf(claim) {
	if (typeof claim !== "number" || !Number.isFinite(claim)) return null;
	const date = /* @__PURE__ */ new Date(claim * 1e3);
	return Number.isNaN(date.getTime()) ? null : date;
}

// src/core/due.ts
/** Whether a keeper should refresh now. The boundary itself is due. */
function refreshDue(question) {
	switch (question.policy) {
		case "force": return true;
		case "never": return false;
		case "auto": {
			const { branch, refreshWindowMs, minimumLifetimeMs } = question;
			const threshold = branch === "default" ? Math.max(refreshWindowMs, minimumLifetimeMs) : minimumLifetimeMs;
			return remainingMs(question.document, question.now) <= threshold;
		}
	}
}
/** Milliseconds the access token still lives; negative when it is over. */
function remainingMs(document, now) {
	return document.accessTokenExpiresAt.getTime() - now.getTime();
}

// src/core/place.ts
/** `secret CODEX_AUTH_JSON of environment codex in octo/app`, for people. */
function describePlace(place) {
	const scope = place.environment === null ? "repository" : `environment ${place.environment} of`;
	return `secret ${place.secretName} of ${scope} ${place.owner}/${place.repository}`;
}
/** The API path of a secret, or of its scope's collection. GitHub wants environment names percent-encoded. */
function secretsPath(place) {
	const repository = `/repos/${place.owner}/${place.repository}`;
	return place.environment === null ? `${repository}/actions/secrets` : `${repository}/environments/${encodeURIComponent(place.environment)}/secrets`;
}
/** The permission of a fine-grained token or an App that reaches the place. */
function permissionOf(place) {
	return place.environment === null ? "secrets" : "environments";
}

// src/action/home.ts
const AUTH_FILE = "auth.json";
/** Left beside the login: whose job it is. */
const MARKER_FILE = ".codex-auth-roundtrip.json";
function authPath(home) {
	return join(home, AUTH_FILE);
}
/**
* Resolves `codex-home`, or the default beside our private files.
*
* @throws {Failure} `home-in-workspace`: a checkout is uploaded, cached and committed
*/
async function chooseHome(files, { given, base, workspace }) {
	const chosen = resolve(given ?? join(base, "home"));
	if (workspace === null) return chosen;
	const [home, root] = await Promise.all([realpathOfNearest(files, chosen), realpathOfNearest(files, workspace)]);
	const inside = relative(root, home);
	if (inside === "" || !inside.startsWith("..") && !isAbsolute(inside)) throw new Failure("home-in-workspace", "The Codex home lies inside the workspace, from where a login is easily uploaded, cached or committed.", "Leave `codex-home` empty, or choose a directory outside the workspace, such as ${{ runner.temp }}/codex.");
	return chosen;
}
/**
* Makes the home, or finds out whose it is.
*
* @param identity of this job
* @throws {Failure} `home-has-login` for a login that this job did not put there, `home-unwritable`
*/
async function claimHome(files, { home, identity }) {
	const marker = await guardDisk(home, () => files.read(join(home, MARKER_FILE)));
	if (marker !== null && identityIn(marker) === identity) return {
		madeHome: false,
		owner: "earlier-step"
	};
	if (await guardDisk(home, () => files.read(authPath(home))) !== null) throw new Failure("home-has-login", "The Codex home already holds a login that this job did not put there. It is left as it is.", "Leave `codex-home` empty to use a private one; a host that has a login of its own needs none from a secret.");
	const made = await guardDisk(home, () => files.makePrivateDirectory(home));
	await guardDisk(home, () => files.write(join(home, MARKER_FILE), `${JSON.stringify({ identity })}\n`, 384));
	return {
		madeHome: made === "made",
		owner: "nobody"
	};
}
/** Puts a working copy into the home. @returns the fingerprint of what now stands there */
async function writeWorkingCopy(files, home, copy) {
	await guardDisk(home, () => files.write(authPath(home), copy.reveal(), 384));
	return fingerprint(copy.reveal());
}
/** Removes what we made, and nothing else. */
async function clearHome(files, { home, madeHome }) {
	if (madeHome) return files.remove(home);
	await files.remove(authPath(home));
	await files.remove(join(home, MARKER_FILE));
}
function identityIn(marker) {
	try {
		return JSON.parse(marker).identity;
	} catch {
		return;
	}
}
/** A path that need not exist yet, with the links in what does resolved. */
async function realpathOfNearest(files, path) {
	const parent = dirname(path);
	try {
		return await files.realpath(path);
	} catch {
		return parent === path ? path : join(await realpathOfNearest(files, parent), relative(parent, path));
	}
}
async function guardDisk(home, act) {
	try {
		return await act();
	} catch (error) {
		throw new Failure("home-unwritable", `The Codex home ${home} cannot be used (${error instanceof Error && "code" in error ? String(error.code) : "error"}).`, "Check the directory's owner and the free space, or leave `codex-home` empty.", { cause: error });
	}
}

// src/action/session.ts
/** Variables that decide where requests go and which programs are found. */
const TRUSTED_VARIABLES = [
	"PATH",
	"HOME",
	"TMPDIR",
	"HTTP_PROXY",
	"HTTPS_PROXY",
	"ALL_PROXY",
	"NO_PROXY",
	"http_proxy",
	"https_proxy",
	"all_proxy",
	"no_proxy",
	"NODE_EXTRA_CA_CERTS",
	"NODE_TLS_REJECT_UNAUTHORIZED",
	"SSL_CERT_FILE",
	"SSL_CERT_DIR"
];
function captureEnvironment(environment) {
	return Object.fromEntries(TRUSTED_VARIABLES.map((name) => [name, environment[name] ?? null]));
}
/** Puts the captured variables back, over what steps in between have set. */
function applyEnvironment(captured, environment) {
	for (const name of TRUSTED_VARIABLES) {
		const value = captured[name];
		if (value == null) delete environment[name];
		else environment[name] = value;
	}
}
function saveSession(channel, session) {
	channel.saveState("session", JSON.stringify(session));
}
function loadSession(channel) {
	const text = channel.state("session");
	return text ? JSON.parse(text) : null;
}
function saveCriticalSection(channel, section) {
	channel.saveState("critical-section", section ? JSON.stringify(section) : "");
}
function loadCriticalSection(channel) {
	const text = channel.state("critical-section");
	return text ? JSON.parse(text) : null;
}

// src/action/surroundings.ts
/**
* @param environment the step's variables
* @param eventPayload the text behind `GITHUB_EVENT_PATH`; `null` when there is none
* @throws {Failure} `input-invalid` outside GitHub Actions
*/
function readSurroundings(environment, eventPayload) {
	const need = (name) => {
		const value = environment[name];
		if (value) return value;
		throw new Failure("input-invalid", `The variable ${name} is not set.`, "This program runs as a step of GitHub Actions.");
	};
	const [owner = "", repository = ""] = need("GITHUB_REPOSITORY").split("/");
	const event = parseEvent(eventPayload);
	return {
		owner,
		repository,
		repositoryId: need("GITHUB_REPOSITORY_ID"),
		runId: need("GITHUB_RUN_ID"),
		runAttempt: Number(environment.GITHUB_RUN_ATTEMPT || "1"),
		job: need("GITHUB_JOB"),
		trackingId: environment.RUNNER_TRACKING_ID ?? "",
		runnerName: environment.RUNNER_NAME ?? "",
		eventName: environment.GITHUB_EVENT_NAME ?? "",
		branch: environment.GITHUB_REF === `refs/heads/${event.defaultBranch}` ? "default" : "other",
		visibility: event.visibility,
		workspace: environment.GITHUB_WORKSPACE ?? null,
		temporaryDirectory: need("RUNNER_TEMP"),
		apiUrl: environment.GITHUB_API_URL || "https://api.github.com",
		serverUrl: environment.GITHUB_SERVER_URL || "https://github.com"
	};
}
/** The secret this step is about. */
function placeOf({ owner, repository, repositoryId }, { environment, secretName }) {
	return {
		owner,
		repository,
		repositoryId,
		environment,
		secretName
	};
}
/** Which job a home belongs to: the same for all steps of a job, another for every other job. */
function jobIdentity({ runId, runAttempt, job, trackingId }) {
	return `run ${runId} attempt ${runAttempt} job ${job} ${fingerprint(trackingId)}`;
}
function parseEvent(payload) {
	const unknown = {
		defaultBranch: null,
		visibility: "unknown"
	};
	if (payload === null) return unknown;
	try {
		const { repository } = JSON.parse(payload);
		return {
			defaultBranch: typeof repository?.default_branch === "string" ? repository.default_branch : null,
			visibility: typeof repository?.private === "boolean" ? repository.private ? "private" : "public" : "unknown"
		};
	} catch {
		return unknown;
	}
}

// src/action/restore.ts
/**
* Reads the document that the secret handed to us, and hides every token of it.
*
* @throws {Failure} `secret-empty`, `document-…`
*/
function readHanded(secret, log) {
	if (secret === null) throw new Failure("secret-empty", "The input `codex-auth-json` is empty.", "Likely causes: this run comes from a fork or from Dependabot, which get no secrets; the job does not name the `environment:` that holds the secret; or the secret has not been seeded yet.");
	log.mask(secret);
	const document = Document.parse(secret.reveal());
	maskTokens(document, log);
	return document;
}
/** Hides each token, and the two forms in which the whole document leaves for the store. */
function maskTokens(document, log) {
	for (const token of document.tokens) log.mask(token);
	log.mask(document.content("base64"));
}
/**
* Puts a working copy with the refresh token withheld into the home, or attaches to the one an earlier step of this job
* put there. `CODEX_HOME` leads later steps to it.
*
* @throws {Failure} everything that a person must repair
*/
async function restore(collaborators) {
	const { inputs, surroundings, files, clock, log, channel, environment } = collaborators;
	const beganMonotonicMs = clock.monotonicMs();
	const document = readHanded(inputs.secret, log);
	const identity = jobIdentity(surroundings);
	const base = join(surroundings.temporaryDirectory, `codex-auth-${fingerprint(`${identity}\n${describePlace(placeOf(surroundings, inputs))}`)}`);
	const home = await chooseHome(files, {
		given: inputs.codexHome,
		base,
		workspace: surroundings.workspace
	});
	await files.makePrivateDirectory(base);
	const { madeHome, owner } = await claimHome(files, {
		home,
		identity
	});
	const session = {
		base,
		home,
		place: {
			secretName: inputs.secretName,
			environment: inputs.environment
		},
		madeHome,
		ownsHome: owner === "nobody",
		written: owner === "nobody" ? await writeWorkingCopy(files, home, document.withheld()) : null,
		beganMonotonicMs,
		environment: captureEnvironment(environment)
	};
	saveSession(channel, session);
	channel.exportVariable("CODEX_HOME", home);
	if (owner === "earlier-step") log.info("An earlier step of this job has restored the login; this one attaches to it.");
	else {
		const left = describeDuration(remainingMs(document, clock.now()));
		log.info(`Restored generation ${document.generation} (access token valid ${left}, refresh token withheld).`);
	}
	return session;
}

// src/adapters/clock.ts
const machineClock = {
	now: () => /* @__PURE__ */ new Date(),
	monotonicMs: () => Number(process.hrtime.bigint() / 1000000n),
	sleep: (ms) => setTimeout(ms)
};

// src/adapters/files.ts
/** The machine's disk. */
const diskFiles = {
	read: async (path) => (await readOrNull(path))?.toString("utf8") ?? null,
	readBytes: readOrNull,
	write: async (path, content, mode) => {
		const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
		try {
			const file = await open(temporary, "wx", mode);
			try {
				await file.writeFile(content);
				await file.sync();
			} finally {
				await file.close();
			}
			await rename(temporary, path);
		} catch (error) {
			await rm(temporary, { force: true });
			throw error;
		}
	},
	makePrivateDirectory: async (path) => {
		await mkdir(dirname(path), { recursive: true });
		try {
			await mkdir(path, { mode: 448 });
			return "made";
		} catch (error) {
			if (codeOf(error) !== "EEXIST" || !(await stat(path)).isDirectory()) throw error;
			await chmod(path, 448);
			return "existed";
		}
	},
	remove: (path) => rm(path, {
		recursive: true,
		force: true,
		maxRetries: 3
	}),
	realpath
};
async function readOrNull(path) {
	try {
		return await readFile(path);
	} catch (error) {
		if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
		throw error;
	}
}
function codeOf(error) {
	return error instanceof Error && "code" in error ? error.code : void 0;
}

// src/adapters/log.ts
/** The step's log, through the runner's workflow commands. */
const stepLog = {
	info,
	warning: (sentence) => warning(sentence),
	error: (sentence) => error(sentence),
	group: startGroup,
	endGroup,
	mask: (secret) => {
		if (!secret.isEmpty) setSecret(secret.reveal());
	}
};

// src/adapters/step-channel.ts
/** Files of the runner that carry state, outputs and variables out of a step; it reads them even from a killed one. */
const stepChannel = {
	saveState,
	state: getState,
	setOutput,
	exportVariable,
	writeSummary: async (markdown) => {
		if (process.env.GITHUB_STEP_SUMMARY) await summary.addRaw(markdown, true).write();
	}
};

export { fingerprint as A, remainingMs as C, readInputs as D, mayRefresh as E, describeDuration as M, Failure as N, secretValues as O, refreshDue as S, readWorkingCopy as T, clearHome as _, maskTokens as a, permissionOf as b, placeOf as c, captureEnvironment as d, loadCriticalSection as f, authPath as g, saveSession as h, machineClock as i, scrubEnvironment as j, Secret as k, readSurroundings as l, saveCriticalSection as m, stepLog as n, readHanded as o, loadSession as p, diskFiles as r, restore as s, stepChannel as t, applyEnvironment as u, writeWorkingCopy as v, Document as w, secretsPath as x, describePlace as y };