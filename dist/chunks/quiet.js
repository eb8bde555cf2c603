import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import * as os from "os";
import "path";

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
/** Shorter values are too likely to be a part of a document by chance. */
const SHORTEST_PART = 24;
/** Whether a variable's value repeats a secret, or a good part of one: a token of a document, say. */
function repeatsSecret(value, secrets) {
	const part = value.trim();
	return secrets.some((secret) => {
		const whole = secret.reveal().trim();
		return whole !== "" && (part.includes(whole) || part.length >= SHORTEST_PART && whole.includes(part));
	});
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
/**
* Eight hexadecimal digits that tell two secrets apart (32-bit FNV-1a). They say 32 bits of a token that has hundreds;
* a cryptographic hash would say no less and cost a quiet job a tenth of a bare Node start.
*/
function fingerprint(value) {
	let hash = 2166136261;
	for (let index = 0; index < value.length; index++) hash = Math.imul(hash ^ value.charCodeAt(index), 16777619);
	return (hash >>> 0).toString(16).padStart(8, "0");
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
	const flag = (name) => choice(name, ["false", "true"]) === "true";
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
		prompt: promptInput(text),
		sandbox: choice("sandbox", [
			"workspace-write",
			"read-only",
			"danger-full-access"
		]),
		codexVersion: codexVersion(text("codex-version")),
		protectAuth: choice("protect-auth", [
			"profile",
			"enforced",
			"off"
		]),
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
		allowPublicRepository: flag("allow-public-repository"),
		alertIssue: flag("alert-issue"),
		reseed: flag("reseed"),
		expectedAccountId: text("expected-account-id")
	};
	if (inputs.role === "borrower" && inputs.refreshToken === "present") throw new Failure("input-invalid", "A borrower cannot have `refresh-token: present`.", "Remove one of the two: only a keeper may hold the refresh token.");
	if (inputs.role === "borrower" && inputs.refresh === "force") throw new Failure("input-invalid", "A borrower never refreshes, so `refresh: force` has no meaning.", "Use `role: keeper`.");
	if (inputs.role === "borrower" && inputs.reseed) throw new Failure("input-invalid", "A borrower never writes the secret, so `reseed: true` has no meaning.", "Use `role: keeper`.");
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
function promptInput(text) {
	const asked = [
		"run",
		"prompt",
		"prompt-file"
	].filter((name) => text(name) !== null);
	if (asked.length > 1) throw new Failure("input-invalid", `The inputs ${asked.map((name) => `\`${name}\``).join(" and ")} are both given.`, "Keep one of `run`, `prompt` and `prompt-file`; use the action a second time for another job.");
	if (text("output-schema") !== null && text("output-schema-file") !== null) throw new Failure("input-invalid", "Both `output-schema` and `output-schema-file` are given.", "Keep one of them.");
	const prompt = textOrFile(text("prompt"), text("prompt-file"));
	if (prompt === null) return null;
	return {
		source: prompt,
		model: text("model"),
		effort: text("effort"),
		codexArgs: text("codex-args"),
		outputFile: text("output-file"),
		outputSchema: textOrFile(text("output-schema"), text("output-schema-file"))
	};
}
function textOrFile(text, path) {
	if (text !== null) return {
		kind: "text",
		text
	};
	return path === null ? null : {
		kind: "file",
		path
	};
}
function codexVersion(version) {
	if (version === null || /^[0-9A-Za-z][0-9A-Za-z.+-]*$/.test(version)) return version;
	throw new Failure("input-invalid", "The input `codex-version` is not a version.", "Write one exactly, such as 0.169.0.");
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

// src/action/guards.ts
/**
* Where a login does not belong.
*
* @throws {Failure} `public-repository`, `pull-request-target`, `writer-missing`, `input-invalid`
*/
function guard(inputs, surroundings) {
	if (inputs.reseed) guardReseed(surroundings);
	if (surroundings.visibility === "public") refusePublic(inputs);
	if (surroundings.eventName === "pull_request_target" && inputs.role === "keeper") throw new Failure("pull-request-target", "A keeper does not run on `pull_request_target`: strangers' code would run beside the writer.", "Move the keeper to `push`, `schedule` or `workflow_dispatch`, or use `role: borrower`.");
	if ((mayRefresh(inputs) || inputs.reseed) && inputs.writer.kind === "none") throw new Failure("writer-missing", "A keeper needs a writer, and this step has none.", "Pass `secret-write-token`, or `client-id` and `private-key`; a job that only uses the login takes `role: borrower`. If you pass one, it arrived empty: check the secret's name, and that the job names its `environment:`.");
}
function guardReseed({ eventName, visibility }) {
	if (visibility === "public") refusePublicReseed();
	if (eventName === "workflow_dispatch") return;
	throw new Failure("input-invalid", "`reseed: true` waits for a person, so it needs a run that a person has started.", "Use it in a workflow of its own, whose only event is `workflow_dispatch`.");
}
/** Nothing overrides this: whoever reads the log could log in with the code, as themselves. */
function refusePublicReseed() {
	throw new Failure("public-repository", "`reseed: true` prints a one-time code into the log, and everybody reads the log of a public repository.", "Log in on a machine of your own and store that auth.json with `gh secret set`.");
}
/** @throws {Failure} `public-repository` unless it is allowed */
function refusePublic(inputs) {
	if (inputs.allowPublicRepository) return;
	throw new Failure("public-repository", "This repository is public, and OpenAI says: do not use a ChatGPT login in public repositories.", "Use an API key with openai/codex-action, or set `allow-public-repository: true` if you know who can run this workflow.");
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
	/** Whether both documents hold the same refresh token and the same access token. */
	isSameGeneration(other) {
		return this.refreshToken.equals(other.refreshToken) && this.accessToken.equals(other.accessToken);
	}
	/** A name for the generation, for people. */
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
	/**
	* The same login with an access token that looks expired: Codex then refreshes on its own account, and says why it
	* could not, which it does not say of a refresh that it was asked for.
	*/
	withExpiredAccessToken() {
		const [header, , signature] = this.accessToken.reveal().split(".");
		const claims = {
			...jwtClaims(this.accessToken.reveal()),
			exp: 1
		};
		const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
		const tokens = {
			...this.#json.tokens,
			access_token: [
				header,
				payload,
				signature
			].join(".")
		};
		return new Document({
			...this.#json,
			tokens
		}, this.encoding);
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
	if (/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)/.test(content)) throw byteOrderMark();
	const trimmed = content.trim();
	if (trimmed.startsWith("{")) return {
		text: trimmed,
		encoding: "json"
	};
	const compact = trimmed.replace(/\s+/g, "");
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw notJson("The document is neither JSON nor base64 of JSON.");
	const bytes = Buffer.from(compact, "base64");
	if (/^(efbbbf|fffe|feff)/.test(bytes.subarray(0, 3).toString("hex"))) throw byteOrderMark();
	const text = bytes.toString("utf8");
	if (!text.trim().startsWith("{")) throw notJson("The document is neither JSON nor base64 of JSON.");
	return {
		text,
		encoding: "base64"
	};
}
function byteOrderMark() {
	return new Failure("document-byte-order-mark", "The document begins with a byte order mark, which Codex cannot read.", "Store the file again without it (UTF-8 without BOM; in PowerShell, `Set-Content -Encoding utf8NoBOM`).");
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
	if (!isRfc3339(lastRefresh)) throw missing("document-last-refresh-missing", "last_refresh (without it Codex sends no token at all)");
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
/** As Codex's own parser takes it: JavaScript's `Date` reads much more, and Codex refuses the whole file for it. */
function isRfc3339(value) {
	return typeof value === "string" && /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
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

// src/action/home.ts
const AUTH_FILE = "auth.json";
const CONFIG_FILE = "config.toml";
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
	if (!(inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside))) throw new Failure("home-in-workspace", "The Codex home lies inside the workspace, from where a login is easily uploaded, cached or committed.", "Leave `codex-home` empty, or choose a directory outside the workspace, such as ${{ runner.temp }}/codex.");
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
/**
* Where the login's file really lies. The home holds a link to it, which Codex follows also when it writes (0.169.0): a
* sandbox can be kept out of this directory, but not out of the home, from which Codex starts its own helpers.
*/
function loginDirectory(base) {
	return join(base, "login");
}
/** Puts a working copy into the home. @returns the stamp of the file, by which post knows that nobody wrote it since */
async function writeWorkingCopy(files, { home, base }, copy) {
	return guardDisk(home, async () => {
		const directory = loginDirectory(base);
		const path = join(directory, AUTH_FILE);
		await files.makePrivateDirectory(directory);
		await files.write(path, copy.reveal(), 384);
		await files.link(path, authPath(home));
		return files.stamp(authPath(home));
	});
}
/**
* Where main leaves the handed document when the whole login stands in the home anyway: a post that gets no inputs
* (nested composite actions) can then still file the hand-over. Beside the login, where the model's commands cannot read.
*/
function handedPath(base) {
	return join(loginDirectory(base), "handed.json");
}
/** A config.toml that was there before. @returns `null` when there is none */
async function readConfig(files, home) {
	return guardDisk(home, () => files.read(join(home, CONFIG_FILE)));
}
async function writeConfig(files, home, config) {
	await guardDisk(home, () => files.write(join(home, CONFIG_FILE), config, 384));
}
/** Removes what we made, and nothing else. */
async function clearHome(files, { home, madeHome, madeConfig }) {
	if (madeHome) return files.remove(home);
	await files.remove(authPath(home));
	if (madeConfig) await files.remove(join(home, CONFIG_FILE));
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

// src/core/codex-config.ts
/** Our permission profile's name in config.toml. */
const PROFILE = "codex-auth-roundtrip";
const BASE_PROFILE = {
	"read-only": ":read-only",
	"workspace-write": ":workspace"
};
/**
* A config.toml under which commands that the model runs cannot read the login's directory, nor see variables that are
* named like secrets. `--sandbox` would silently switch the profile off (docs/facts.md §1).
*
* @returns `null` for `danger-full-access`, which nothing can protect
*/
function renderConfig(sandbox, loginDirectory) {
	if (sandbox === "danger-full-access") return null;
	return [
		"# Written by codex-auth-roundtrip: commands that the model runs cannot read the login.",
		"cli_auth_credentials_store = \"file\"",
		`default_permissions = ${quote(PROFILE)}`,
		"",
		`[permissions.${PROFILE}]`,
		`extends = ${quote(BASE_PROFILE[sandbox])}`,
		"",
		`[permissions.${PROFILE}.filesystem]`,
		`${quote(loginDirectory)} = "deny"`,
		"",
		"[shell_environment_policy]",
		"ignore_default_excludes = false",
		""
	].join("\n");
}
/** The same as flags, which win over any config.toml. */
function protectionFlags(sandbox, loginDirectory) {
	if (sandbox === "danger-full-access") return ["--sandbox", sandbox];
	const profile = `{extends=${quote(BASE_PROFILE[sandbox])},filesystem={${quote(loginDirectory)}="deny"}}`;
	return [
		`default_permissions=${quote(PROFILE)}`,
		`permissions.${PROFILE}=${profile}`,
		"shell_environment_policy.ignore_default_excludes=false"
	].flatMap((setting) => ["-c", setting]);
}
/** /etc/codex/requirements.toml: holds whatever flags say, and refuses `danger-full-access`. */
function renderRequirements(loginDirectory) {
	return [
		"# Written by codex-auth-roundtrip for one job, and removed after it.",
		"[permissions.filesystem]",
		`deny_read = [${quote(loginDirectory)}]`,
		""
	].join("\n");
}
/** Whether somebody's own config.toml keeps commands out of the login. */
function configProtects(config, loginDirectory) {
	return config.split("\n").some((line) => line.includes(loginDirectory) && /=\s*"deny"/.test(line)) && /^\s*default_permissions\s*=/m.test(config);
}
/** A TOML basic string; JSON's escapes are a part of its. */
function quote(text) {
	return JSON.stringify(text);
}

// src/action/protection.ts
/**
* Writes a config.toml that keeps the model's commands out of the login, for later steps and for `run` as well.
* One that is there already is not rewritten; what it lacks is said.
*
* @returns whether it was written
*/
async function protectByConfig({ inputs, files, log }, { home, base }) {
	if (inputs.protectAuth === "off") return false;
	const login = loginDirectory(base);
	const existing = await readConfig(files, home);
	const config = renderConfig(inputs.sandbox, login);
	if (existing === null) {
		if (config !== null) await writeConfig(files, home, config);
		return config !== null;
	}
	if (config !== null && !configProtects(existing, login)) log.warning(`The Codex home has a config.toml of its own, which does not keep the model's commands out of the login. Give it a permission profile with \`filesystem = { "${login}" = "deny" }\` as \`default_permissions\`, or use \`prompt\`, which brings its own.`);
	return false;
}
const REQUIREMENTS = "/etc/codex/requirements.toml";
/** Before Codex runs in this step: what the machine must allow, and what `protect-auth` asks of it. */
async function prepareMachine({ inputs, log }, { base, machine }) {
	if (inputs.sandbox === "danger-full-access") log.warning("With `sandbox: danger-full-access` nothing keeps the model's commands away from the login.");
	else await machine.allowUserNamespaces();
	if (inputs.protectAuth !== "enforced") return { madeRequirements: false };
	switch (await machine.writeRequirements(REQUIREMENTS, renderRequirements(loginDirectory(base)))) {
		case "written": return { madeRequirements: true };
		case "exists": throw new Failure("protection-impossible", `${REQUIREMENTS} exists already, and is not merged with ours.`, "Remove it, or use `protect-auth: profile`.");
		case "impossible": throw new Failure("protection-impossible", "`protect-auth: enforced` needs Linux and sudo without a password, as on GitHub's own runners.", "Use `protect-auth: profile` here.");
	}
}
async function removeRequirements(machine) {
	await machine.removeRequirements(REQUIREMENTS);
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
	return `run ${runId} attempt ${runAttempt} job ${job} ${trackingId}`;
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
/** A token that is no part of a document any more is told from other words by its length. */
const TOKEN = /[\w.~+/-]{40,}/g;
/** As {@link readHanded}, for a secret that may be empty or broken. @returns `null` for one that is */
function readWhatIsLeft(secret, log) {
	if (secret === null) return null;
	try {
		return readHanded(secret, log);
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		for (const [token] of secret.reveal().matchAll(TOKEN)) log.mask(new Secret(token));
		log.info(`The secret holds no usable login: ${error.message}`);
		return null;
	}
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
	const { inputs, files, clock, log, channel } = collaborators;
	const document = readHanded(inputs.secret, log);
	const empty = await makeHome(collaborators);
	if (!empty.ownsHome) {
		log.info("An earlier step of this job has restored the login; this one attaches to it.");
		return empty;
	}
	const session = {
		...empty,
		written: await writeWorkingCopy(files, empty, document.withheld())
	};
	saveSession(channel, session);
	const left = describeDuration(remainingMs(document, clock.now()));
	log.info(`Restored generation ${document.generation} (access token valid ${left}, refresh token withheld).`);
	return session;
}
/**
* Makes the home of this job, or attaches to the one that an earlier step of it made.
*
* @throws {Failure} everything that a person must repair
*/
async function makeHome(collaborators) {
	const { inputs, surroundings, files, clock, channel, environment } = collaborators;
	const beganMonotonicMs = clock.monotonicMs();
	const identity = jobIdentity(surroundings);
	const { environment: scope, secretName } = inputs;
	const base = join(surroundings.temporaryDirectory, scope === null ? `codex-auth-${secretName}` : `codex-auth-${secretName}-${encodeURIComponent(scope)}`);
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
	const isOwner = owner === "nobody";
	const session = {
		base,
		home,
		place: {
			secretName: inputs.secretName,
			environment: inputs.environment
		},
		madeHome,
		madeConfig: isOwner && await protectByConfig(collaborators, {
			home,
			base
		}),
		ownsHome: isOwner,
		written: null,
		beganMonotonicMs,
		madeRequirements: false,
		environment: captureEnvironment(environment)
	};
	saveSession(channel, session);
	channel.exportVariable("CODEX_HOME", home);
	return session;
}

// src/adapters/clock.ts
const machineClock = {
	now: () => /* @__PURE__ */ new Date(),
	monotonicMs: () => Number(process.hrtime.bigint() / 1000000n),
	sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms))
};

// src/adapters/files.ts
const { chmodSync, mkdirSync, readFileSync: readFileSync$1, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } = process.getBuiltinModule("node:fs");
/**
* The machine's disk. Nothing else happens in a phase meanwhile, and each asynchronous call would cost a quiet job a
* millisecond of thread pool for a few kilobytes.
*/
const diskFiles = {
	read: async (path) => readOrNull(path)?.toString("utf8") ?? null,
	readBytes: async (path) => readOrNull(path),
	write: async (path, content, mode) => {
		const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
		try {
			writeFileSync(temporary, content, {
				flag: "wx",
				mode
			});
			renameSync(temporary, path);
		} catch (error) {
			rmSync(temporary, { force: true });
			throw error;
		}
	},
	link: async (target, path) => {
		const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
		symlinkSync(target, temporary);
		renameSync(temporary, path);
	},
	makePrivateDirectory: async (path) => {
		mkdirSync(dirname(path), { recursive: true });
		try {
			mkdirSync(path, { mode: 448 });
			return "made";
		} catch (error) {
			if (codeOf(error) !== "EEXIST" || !statSync(path).isDirectory()) throw error;
			chmodSync(path, 448);
			return "existed";
		}
	},
	remove: async (path) => rmSync(path, {
		recursive: true,
		force: true,
		maxRetries: 3
	}),
	stamp: async (path) => {
		const file = statSync(path, {
			bigint: true,
			throwIfNoEntry: false
		});
		return file ? `${file.ino} ${file.size} ${file.mtimeNs}` : null;
	},
	realpath: async (path) => realpathSync.native(path)
};
function readOrNull(path) {
	try {
		return readFileSync$1(path);
	} catch (error) {
		if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
		throw error;
	}
}
function codeOf(error) {
	return error instanceof Error && "code" in error ? error.code : void 0;
}

// src/adapters/log.ts
const { writeSync: writeSync$1 } = process.getBuiltinModule("node:fs");
const STANDARD_OUTPUT = 1;
/**
* The step's log, in the runner's workflow commands. Written here and not with `@actions/core`, because `process.stdout`
* loads Node's streams, a sixth of a bare start, in every phase of a quiet job.
*
* @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
*/
const stepLog = {
	info: print,
	warning: (sentence) => command("warning", sentence),
	error: (sentence) => command("error", sentence),
	group: (title) => command("group", title),
	endGroup: () => command("endgroup", ""),
	mask: (secret) => {
		if (!secret.isEmpty) command("add-mask", secret.reveal());
	}
};
function command(name, message) {
	print(`::${name}::${message.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}`);
}
function print(line) {
	let rest = Buffer.from(`${line}\n`);
	while (rest.length > 0) rest = rest.subarray(writeSome(rest));
}
/** A process that shares the pipe may have made it non-blocking; a full one is then waited for. */
function writeSome(bytes) {
	try {
		return writeSync$1(STANDARD_OUTPUT, bytes);
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
		return 0;
	}
}

// src/adapters/step-channel.ts
const { appendFileSync } = process.getBuiltinModule("node:fs");
/**
* Files of the runner that carry state, outputs and variables out of a step; it reads them even from a killed one.
* Written here and not with `@actions/core`, whose random delimiters load `node:crypto`: a fifth of a bare Node start,
* in every phase of every quiet job. Most of our values have one line, and those need no delimiter; for the others one is
* chosen that they do not contain, which is all that a random one promises.
*
* ```text
* NAME=VALUE LF
* NAME<<DELIMITER LF VALUE LF DELIMITER LF
* ```
*/
const stepChannel = {
	saveState: (name, value) => append("GITHUB_STATE", name, value),
	state: (name) => process.env[`STATE_${name}`] ?? "",
	setOutput: (name, value) => append("GITHUB_OUTPUT", name, value),
	exportVariable: (name, value) => {
		process.env[name] = value;
		append("GITHUB_ENV", name, value);
	},
	addPath: (directory) => {
		process.env.PATH = `${directory}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
		const path = process.env.GITHUB_PATH;
		if (path) appendFileSync(path, `${directory}\n`);
	},
	writeSummary: async (markdown) => {
		const path = process.env.GITHUB_STEP_SUMMARY;
		if (path) appendFileSync(path, markdown);
	}
};
function append(file, name, value) {
	const path = process.env[file];
	if (!path) return;
	if (!/[\r\n]/.test(value)) return appendFileSync(path, `${name}=${value}\n`);
	let delimiter = "END";
	while (value.includes(delimiter)) delimiter += "_END";
	appendFileSync(path, `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
}

// node_modules/@actions/core/lib/utils.js
/**
* Sanitizes an input into a string so it can be passed into issueCommand safely
* @param input input to sanitize into a string
*/
function toCommandValue(input) {
	if (input === null || input === void 0) return "";
	else if (typeof input === "string" || input instanceof String) return input;
	return JSON.stringify(input);
}
/**
*
* @param annotationProperties
* @returns The command properties to send with the actual annotation command
* See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
*/
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) return {};
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}

// node_modules/@actions/core/lib/command.js
/**
* Issues a command to the GitHub Actions runner
*
* @param command - The command name to issue
* @param properties - Additional properties for the command (key-value pairs)
* @param message - The message to include with the command
* @remarks
* This function outputs a specially formatted string to stdout that the Actions
* runner interprets as a command. These commands can control workflow behavior,
* set outputs, create annotations, mask values, and more.
*
* Command Format:
*   ::name key=value,key=value::message
*
* @example
* ```typescript
* // Issue a warning annotation
* issueCommand('warning', {}, 'This is a warning message');
* // Output: ::warning::This is a warning message
*
* // Set an environment variable
* issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
* // Output: ::set-env name=MY_VAR::some value
*
* // Add a secret mask
* issueCommand('add-mask', {}, 'secretValue123');
* // Output: ::add-mask::secretValue123
* ```
*
* @internal
* This is an internal utility function that powers the public API functions
* such as setSecret, warning, error, and exportVariable.
*/
function issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + os.EOL);
}
const CMD_STRING = "::";
var Command = class {
	constructor(command, properties, message) {
		if (!command) command = "missing.command";
		this.command = command;
		this.properties = properties;
		this.message = message;
	}
	toString() {
		let cmdStr = CMD_STRING + this.command;
		if (this.properties && Object.keys(this.properties).length > 0) {
			cmdStr += " ";
			let first = true;
			for (const key in this.properties) if (this.properties.hasOwnProperty(key)) {
				const val = this.properties[key];
				if (val) {
					if (first) first = false;
					else cmdStr += ",";
					cmdStr += `${key}=${escapeProperty(val)}`;
				}
			}
		}
		cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
		return cmdStr;
	}
};
function escapeData(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/core.js
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
/**
* The code to exit an action
*/
var ExitCode;
(function(ExitCode) {
	/**
	* A code indicating that the action was successful
	*/
	ExitCode[ExitCode["Success"] = 0] = "Success";
	/**
	* A code indicating that the action was a failure
	*/
	ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
/**
* Registers a secret which will get masked from logs
*
* @param secret - Value of the secret to be masked
* @remarks
* This function instructs the Actions runner to mask the specified value in any
* logs produced during the workflow run. Once registered, the secret value will
* be replaced with asterisks (***) whenever it appears in console output, logs,
* or error messages.
*
* This is useful for protecting sensitive information such as:
* - API keys
* - Access tokens
* - Authentication credentials
* - URL parameters containing signatures (SAS tokens)
*
* Note that masking only affects future logs; any previous appearances of the
* secret in logs before calling this function will remain unmasked.
*
* @example
* ```typescript
* // Register an API token as a secret
* const apiToken = "abc123xyz456";
* setSecret(apiToken);
*
* // Now any logs containing this value will show *** instead
* console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
* ```
*/
function setSecret(secret) {
	issueCommand("add-mask", {}, secret);
}
/**
* Gets the value of an input.
* Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
* Returns an empty string if the value is not defined.
*
* @param     name     name of the input to get
* @param     options  optional. See InputOptions.
* @returns   string
*/
function getInput(name, options) {
	const val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
	if (options && options.required && !val) throw new Error(`Input required and not supplied: ${name}`);
	if (options && options.trimWhitespace === false) return val;
	return val.trim();
}
/**
* Sets the action status to failed.
* When the action exits it will be with an exit code of 1
* @param message add error issue message
*/
function setFailed(message) {
	process.exitCode = ExitCode.Failure;
	error(message);
}
/**
* Gets whether Actions Step Debug is on or not
*/
function isDebug() {
	return process.env["RUNNER_DEBUG"] === "1";
}
/**
* Writes debug message to user log
* @param message debug message
*/
function debug(message) {
	issueCommand("debug", {}, message);
}
/**
* Adds an error issue
* @param message error issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function error(message, properties = {}) {
	issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Adds a warning issue
* @param message warning issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function warning(message, properties = {}) {
	issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Writes info to log with console.log.
* @param message info message
*/
function info(message) {
	process.stdout.write(message + os.EOL);
}

// src/adapters/own-environment.ts
const { closeSync, openSync, readFileSync, readSync, writeSync } = process.getBuiltinModule("node:fs");
/** Positions after the command's name in `/proc/self/stat` (proc(5): env_start is field 50, env_end field 51). */
const ENV_START = 47;
const ENV_END = 48;
/**
* Takes variables out of this process's environment, and out of what `/proc/PID/environ` shows of it, which is the
* memory that the process was started with: whatever runs as the same user could read it there as long as we live.
* Where there is no `/proc`, only the first happens.
*/
function forgetVariables(isToBeForgotten) {
	const names = Object.keys(process.env).filter((name) => isToBeForgotten(name, process.env[name] ?? ""));
	try {
		overwrite(names);
	} catch {}
	for (const name of names) delete process.env[name];
}
function overwrite(names) {
	const stat = readFileSync("/proc/self/stat", "latin1");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const start = Number(fields[ENV_START]);
	const region = Buffer.alloc(Number(fields[ENV_END]) - start);
	const memory = openSync("/proc/self/mem", "r+");
	try {
		readSync(memory, region, 0, region.length, start);
		for (let at = 0; at < region.length;) {
			const stop = region.indexOf(0, at);
			const end = stop < 0 ? region.length : stop;
			const equals = region.indexOf("=", at);
			if (equals > at && equals < end && names.includes(region.toString("utf8", at, equals))) {
				const length = end - equals - 1;
				writeSync(memory, Buffer.alloc(length), 0, length, start + equals + 1);
			}
			at = end + 1;
		}
	} finally {
		closeSync(memory);
	}
}

// src/entry/step.ts
const SECRET_INPUTS = [
	"codex-auth-json",
	"secret-write-token",
	"private-key"
];
/**
* Reads the inputs and takes them out of the environment: whatever this process starts from now on, a library's `tar`
* included, is not handed them, and finds them nowhere.
*/
function takeInputs() {
	const given = SECRET_INPUTS.map((name) => getInput(name));
	const secrets = [...given, ...given.map(decodeBase64)].map((value) => new Secret(value));
	try {
		return readInputs(getInput);
	} finally {
		forgetVariables((name, value) => name.startsWith("INPUT_") || repeatsSecret(value, secrets));
	}
}
function decodeBase64(value) {
	return Buffer.from(value, "base64").toString("utf8");
}
function surroundingsOfStep() {
	return readSurroundings(process.env, readEventPayload());
}
function readEventPayload() {
	try {
		return process.getBuiltinModule("node:fs").readFileSync(process.env.GITHUB_EVENT_PATH ?? "", "utf8");
	} catch {
		return null;
	}
}
/** Fails the step: what is wrong, what to do, and the code under which docs/troubleshooting.md explains it. */
function failStep(error) {
	if (error instanceof Failure) setFailed(`${error.message} ${error.hint} [${error.code}]`);
	else setFailed(`This is a bug of codex-auth-roundtrip: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
}
/** Ends the process now: a connection that nobody waits for must not hold the job up. */
function endProcess() {
	process.exit();
}

// src/core/dead-access-token.ts
/** What Codex prints when the API refuses the access token and there is no way to a new one (docs/facts.md §1). */
const SIGN = "access token could not be refreshed";
/** Watches a job's output for Codex's report of a dead access token; the words may be split over two chunks. */
var DeadAccessTokenWatch = class {
	#tail = "";
	#seen = false;
	read(text) {
		if (this.#seen) return;
		const joined = this.#tail + text;
		this.#seen = joined.includes(SIGN);
		this.#tail = joined.slice(-35);
	}
	/** Begins anew, for the next try. */
	reset() {
		this.#tail = "";
		this.#seen = false;
	}
	get seen() {
		return this.#seen;
	}
};

// src/action/codex.ts
/** The version that this release was tested with; installed where a machine has none of its own. */
const TESTED_CODEX_VERSION = "0.169.0";
/**
* The Codex to run: the version asked for, else the one on PATH, else the tested one. What was installed comes first
* on the PATH, also of later steps.
*
* @throws {Failure} `codex-install-failed`
*/
async function provideCodex(program, channel, asked) {
	const present = asked === null ? await program.locate() : null;
	if (present) return present;
	const installed = await program.install(asked ?? "0.169.0");
	channel.addPath(dirname(installed));
	return installed;
}
/** Sets the output `codex-version`. */
async function tellVersion(program, channel, command) {
	const version = await program.version(command);
	if (version === null) throw new Failure("codex-missing", "The `codex` on PATH does not run.", "Install it anew, or set `codex-version`.");
	channel.setOutput("codex-version", version);
}

// src/action/job.ts
/** How GitHub's `run:` starts the shells it knows; anything else is a template with `{0}`. */
const SHELLS = {
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
/**
* Runs the user's commands.
*
* @param environment already scrubbed, with `CODEX_HOME`
* @throws {Failure} `run-failed` with the exit code, `input-invalid` for a shell without `{0}`
*/
async function runCommands({ files, commands }, job) {
	const { command, extension } = SHELLS[job.shell] ?? {
		command: job.shell,
		extension: "sh"
	};
	const [file = "", ...template] = command.split(/\s+/);
	if (!template.some((word) => word.includes("{0}"))) throw new Failure("input-invalid", "The input `shell` has no {0} for the script.", "Write bash, sh, pwsh, python, or a command with {0}.");
	const path = join(job.base, `run.${extension}`);
	await files.write(path, `${job.script}\n`, 448);
	try {
		const { exitCode, signal } = await commands.run({
			file,
			args: template.map((word) => word.replaceAll("{0}", path)),
			directory: job.directory,
			environment: job.environment,
			output: job.output
		});
		if (exitCode === 0) return;
		const end = signal ? `was ended by ${signal}` : `exited with code ${exitCode}`;
		throw new Failure("run-failed", `The command in \`run\` ${end}.`, "See its output above. The login itself is taken care of.");
	} finally {
		await files.remove(path);
	}
}

// src/core/place.ts
/** `secret CODEX_AUTH_JSON of environment codex of octo/app`, for people. */
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

// src/core/reseed.ts
/** One line for a shell: a fresh login in a home of its own, stored and not left behind. */
function reseedCommand(place) {
	const scope = place.environment === null ? "" : ` --env '${place.environment}'`;
	return [
		`home=$(mktemp -d) && CODEX_HOME=$home codex -c 'cli_auth_credentials_store="file"' login`,
		`gh secret set ${place.secretName} --repo ${place.owner}/${place.repository}${scope} < "$home/auth.json"`,
		`rm -r "$home"`
	].join(" && ");
}
/** What to do when a login is over. */
function reseedHint(place) {
	return `Log in afresh, on a machine with a browser, and store that login: \`${reseedCommand(place)}\`.`;
}

// src/core/alert.ts
/** Codes that stay until a person has done something; all others may pass by themselves. */
const NEEDS_A_PERSON = /* @__PURE__ */ new Set([
	"secret-empty",
	"secret-not-found",
	"secret-limit",
	"secret-changed-elsewhere",
	"lock-foreign",
	"writer-missing",
	"writer-expires-soon",
	"writer-invalid",
	"writer-rejected",
	"writer-revoked",
	"writer-forbidden",
	"writer-cannot-reach-repository",
	"app-invalid",
	"app-not-installed",
	"app-permission-missing",
	"refresh-token-reused",
	"refresh-token-expired",
	"refresh-token-revoked",
	"refresh-rejected",
	"refresh-answer-lost",
	"refresh-broke-document",
	"publish-pending",
	"access-token-expiring"
]);
function needsAPerson(code) {
	return NEEDS_A_PERSON.has(code) || code.startsWith("document-");
}
/** Found again by this line, whatever people do to the title. */
function alertMarker(place) {
	return `<!-- codex-auth-roundtrip alert: ${describePlace(place)} -->`;
}
/**
* Writes the one issue about a login that needs a person.
*
* @param since when the issue was opened; `null` for a new one
*/
function renderAlert(alert, { place, runUrl, now, since }) {
	const advice = alert.hint.replace(reseedHint(place), "Log in afresh, with the commands below.");
	return {
		title: "The Codex login needs a person",
		body: [
			alertMarker(place),
			`**${alert.message}** (\`${alert.code}\`)`,
			"",
			`- What to do: ${advice}`,
			`- Who: somebody who may write the ${describePlace(place)}.`,
			`- Since: ${day$1(since ?? now)}. Last seen: ${day$1(now)}, in [this run](${runUrl}).`,
			"",
			...isAboutLogin(alert.code) ? [
				"To log in afresh, on a machine with a browser:",
				"",
				"```sh",
				reseedCommand(place).replaceAll(" && ", " &&\n"),
				"```",
				""
			] : [],
			"This issue is closed when a job has refreshed the login and stored it again."
		].join("\n")
	};
}
/** The comment that closes the issue. */
function renderRecovery(runUrl) {
	return `The login was refreshed and stored in [this run](${runUrl}). Nothing more is to be done.`;
}
function isAboutLogin(code) {
	return code.startsWith("refresh-") || code.startsWith("document-") || code === "access-token-expiring" || code === "secret-empty";
}
function day$1(date) {
	return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

// src/core/status.ts
function redactedStatus(document) {
	return {
		auth_mode: "chatgpt",
		last_refresh: document.lastRefresh,
		has_access_token: !document.accessToken.isEmpty,
		has_id_token: !document.idToken.isEmpty,
		has_refresh_token: !document.refreshToken.isEmpty
	};
}

// src/action/report.ts
function reportOf(document, rest) {
	return {
		...rest,
		accessTokenExpiresAt: document.accessTokenExpiresAt.toISOString(),
		accessTokenIssuedAt: document.accessTokenIssuedAt.toISOString(),
		status: redactedStatus(document)
	};
}
function saveReport(channel, report) {
	channel.saveState("report", JSON.stringify(report));
}
function loadReport(channel) {
	const text = channel.state("report");
	return text ? JSON.parse(text) : null;
}
/** Keeps what a person should know although nothing has failed. */
function saveNotice(channel, notice) {
	channel.saveState("notice", JSON.stringify(notice));
}
function loadNotice(channel) {
	const text = channel.state("notice");
	return text ? JSON.parse(text) : null;
}
function setOutputs(channel, home, report) {
	channel.setOutput("codex-home", home);
	channel.setOutput("role", report.role);
	channel.setOutput("restored-from", report.restoredFrom);
	channel.setOutput("rotated", String(report.rotated));
	channel.setOutput("published", String(report.published));
	channel.setOutput("access-token-expires-at", report.accessTokenExpiresAt);
	channel.setOutput("last-refresh", report.status.last_refresh);
}

// src/action/login.ts
/** The login of one step in main: what stands in the home, and what became of it. */
var Login = class {
	#collaborators;
	#handed;
	#session;
	#report;
	constructor(collaborators, handed, session) {
		this.#collaborators = collaborators;
		this.#handed = handed;
		this.#session = session;
		this.#report = reportOf(handed, {
			role: mayRefresh(collaborators.inputs) ? "keeper" : "borrower",
			restoredFrom: session.ownsHome ? "secret" : "home",
			rotated: false,
			published: false,
			events: [],
			alert: null,
			rescue: null
		});
	}
	get session() {
		return this.#session;
	}
	/** Leaves a working copy in the home that the job can live on. @throws {Failure} */
	async settle() {
		const { inputs, clock, log } = this.#collaborators;
		await this.#keepingState(async () => {
			const present = await this.#presentCopy();
			if (!mayRefresh(inputs)) this.#demandLifetime(present);
			else if (inputs.refreshToken === "present" || this.#due(present)) {
				const insistence = inputs.refresh === "force" || inputs.refreshToken === "present" ? "forced" : "when-due";
				await this.#enterCriticalSection({
					due: (document) => this.#due(document),
					insistence
				});
			} else {
				const left = describeDuration(remainingMs(present, clock.now()));
				log.info(`Nothing is due: the access token is valid for ${left}.`);
			}
		});
	}
	/** A person has logged in afresh: from here on the job lives on that login. @throws {Failure} it was not stored */
	async takeOver(reseeded) {
		const { document } = reseeded.ledger;
		this.#report = {
			...this.#report,
			events: [...this.#report.events, "Somebody has logged in afresh."]
		};
		await this.#keepingState(async () => {
			this.#settlePublication(reseeded, {
				rotated: false,
				basis: this.#handed
			});
			await this.#adopt(document);
		});
	}
	/**
	* After Codex has reported a dead access token: refreshes it, however fresh it looks.
	*
	* @returns whether the home now holds another one
	*/
	async replaceDeadAccessToken() {
		const { inputs, log } = this.#collaborators;
		if (!mayRefresh(inputs)) return false;
		log.info("Codex reports that the access token is dead, although it looks alive. Refreshing it now.");
		const refused = await this.#stampOfHome();
		await this.#keepingState(() => this.#enterCriticalSection({
			due: () => true,
			insistence: "when-due"
		}));
		return await this.#stampOfHome() !== refused;
	}
	/** With the refresh token present: Codex may have rotated it in the job. */
	async publishWhatChanged() {
		const outcome = await (await this.#collaborators.online(this.#session, this.#handed)).publishChangedHome();
		if (outcome === null) return;
		this.#session = {
			...this.#session,
			written: await this.#stampOfHome()
		};
		await this.#keepingState(async () => this.#settlePublication(outcome, {
			rotated: true,
			basis: this.#handed
		}));
	}
	/** Post is to remove what `protect-auth: enforced` has made. */
	recordRequirements() {
		this.#session = {
			...this.#session,
			madeRequirements: true
		};
		this.#keepState();
	}
	/** Keeps what a phase failed of, for post's report and alert. */
	recordFailure(error) {
		if (error instanceof Failure) this.#note(error, this.#report.rescue);
		this.#keepState();
	}
	/** What stands in the home, for deciding what is due: an earlier step may have refreshed it. */
	async #presentCopy() {
		if (this.#session.ownsHome) return this.#handed;
		const text = await this.#collaborators.files.read(authPath(this.#session.home));
		return (text === null ? null : readWorkingCopy(text)) ?? this.#handed;
	}
	#due(document) {
		const { inputs, surroundings, clock } = this.#collaborators;
		const { refresh: policy, refreshWindowMs, minimumLifetimeMs } = inputs;
		const { branch } = surroundings;
		return refreshDue({
			policy,
			document,
			now: clock.now(),
			refreshWindowMs,
			minimumLifetimeMs,
			branch
		});
	}
	#demandLifetime(document) {
		const { inputs, clock, log } = this.#collaborators;
		const leftMs = remainingMs(document, clock.now());
		if (leftMs < inputs.minimumLifetimeMs) throw new Failure("access-token-expiring", leftMs > 0 ? `The access token is valid for only ${describeDuration(leftMs)}, less than \`minimum-lifetime\`, and this job does not refresh.` : "The access token has expired, and this job does not refresh.", "Run a keeper (the maintenance workflow), then start a new run of this one.");
		log.info(`Borrowing the access token (valid ${describeDuration(leftMs)}); this job never refreshes.`);
	}
	async #enterCriticalSection(request) {
		const online = await this.#collaborators.online(this.#session, this.#handed);
		await online.checkSurroundings();
		const outcome = await online.enterCriticalSection(request);
		await this.#settleOutcome(outcome);
	}
	async #settleOutcome(outcome) {
		const { inputs, clock, log } = this.#collaborators;
		switch (outcome.kind) {
			case "borrowed": {
				const { document, because } = outcome;
				const left = describeDuration(remainingMs(document, clock.now()));
				const words = `${because.message} This job goes on with the access token it has, valid for ${left}. ${because.hint} [${because.code}]`;
				if (needsAPerson(because.code)) log.error(words);
				else log.warning(words);
				this.#report = {
					...this.#reportFor(document, document),
					role: "borrower"
				};
				this.#note(because, null);
				await this.#adopt(document);
				return;
			}
			case "kept": {
				const { document } = outcome.ledger;
				this.#report = this.#reportFor(document, document);
				await this.#adopt(document);
				return;
			}
			case "refreshed": {
				const { publication, rotated, ledger } = outcome;
				await this.#adopt(ledger.document);
				this.#settlePublication(publication, {
					rotated,
					basis: ledger.predecessor ?? this.#handed
				});
				if (inputs.refresh === "force" && !rotated) throw notRotated();
			}
		}
	}
	#settlePublication(outcome, { rotated, basis }) {
		const { log } = this.#collaborators;
		const { document } = outcome.ledger;
		this.#report = {
			...this.#reportFor(document, basis),
			rotated,
			published: outcome.kind === "published"
		};
		switch (outcome.kind) {
			case "published":
				log.info(`Published generation ${document.generation}.`);
				return;
			case "pending": {
				const { failure, rescue, handedOver } = outcome;
				this.#note(failure, rescue);
				log.warning(`${failure.message} The refreshed login is not stored yet; post tries again. ${failure.hint} [${failure.code}]`);
				if (handedOver) return;
				if (rescue) log.info(`To store this job's document by hand:\n${rescue}`);
				throw failure;
			}
			case "refused":
				this.#note(outcome.failure, outcome.rescue);
				if (outcome.rescue) log.info(`To store this job's document all the same:\n${outcome.rescue}`);
				throw outcome.failure;
		}
	}
	/** Puts the document that the job shall live on into the home. */
	async #adopt(document) {
		const { inputs, files } = this.#collaborators;
		const whole = inputs.refreshToken === "present" && this.#report.role === "keeper";
		const copy = whole ? document.whole() : document.withheld();
		if (await files.read(authPath(this.#session.home)) === copy.reveal()) return;
		this.#session = {
			...this.#session,
			written: await writeWorkingCopy(files, this.#session, copy)
		};
		if (whole) await files.write(handedPath(this.#session.base), this.#handed.line().reveal(), 384);
		this.#keepState();
	}
	/** @param basis the document that the job began with, whatever became of it */
	#reportFor(document, basis) {
		const { ownsHome } = this.#session;
		const fromSecret = basis.isSameGeneration(this.#handed);
		return reportOf(document, {
			...this.#report,
			restoredFrom: ownsHome ? fromSecret ? "secret" : "handover" : "home"
		});
	}
	#note(failure, rescue) {
		const { code, message, hint } = failure;
		this.#report = {
			...this.#report,
			events: [...this.#report.events, message],
			alert: {
				code,
				message,
				hint
			},
			rescue
		};
	}
	async #keepingState(act) {
		try {
			await act();
		} finally {
			this.#keepState();
			setOutputs(this.#collaborators.channel, this.#session.home, this.#report);
		}
	}
	#keepState() {
		saveSession(this.#collaborators.channel, this.#session);
		saveReport(this.#collaborators.channel, this.#report);
	}
	#stampOfHome() {
		return this.#collaborators.files.stamp(authPath(this.#session.home));
	}
};
function notRotated() {
	return new Failure("refresh-not-rotated", "Codex renewed the tokens, but the refresh token did not change: `refresh: force` proves nothing this way.", "The renewed login is stored. Run again; if it stays so, see docs/troubleshooting.md.");
}

// src/action/main.ts
/** Main: restores if pre did not, refreshes when due, and runs the user's job. @throws {Failure} */
async function main(collaborators) {
	const { inputs, surroundings } = collaborators;
	guard(inputs, surroundings);
	const { login, handed, settle } = inputs.reseed ? await beginAfresh(collaborators) : await begin(collaborators);
	try {
		await settle();
		if (inputs.run !== null || inputs.prompt !== null || inputs.codexVersion !== null) await runJob(collaborators, login, handed);
	} catch (error) {
		login.recordFailure(error);
		throw error;
	}
}
async function begin(collaborators) {
	const { inputs, log, channel, environment } = collaborators;
	const restored = loadSession(channel) ?? await restore(collaborators);
	const handed = readHanded(inputs.secret, log);
	const session = {
		...restored,
		environment: captureEnvironment(environment)
	};
	const login = new Login(collaborators, handed, session);
	return {
		login,
		handed,
		settle: () => login.settle()
	};
}
/** What the secret holds may be no login at all: then there is nothing to restore before the person has logged in. */
async function beginAfresh(collaborators) {
	const { inputs, log, channel, environment } = collaborators;
	const handed = readWhatIsLeft(inputs.secret, log);
	const prepare = handed === null ? makeHome : restore;
	const session = {
		...loadSession(channel) ?? await prepare(collaborators),
		environment: captureEnvironment(environment)
	};
	saveSession(channel, session);
	const outcome = await collaborators.reseed(session, handed);
	const document = handed ?? outcome.ledger.document;
	const login = new Login(collaborators, document, session);
	return {
		login,
		handed: document,
		settle: () => login.takeOver(outcome)
	};
}
async function runJob(collaborators, login, handed) {
	const { inputs, surroundings, files, channel, log, environment, cancellation } = collaborators;
	if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
	const { base, home } = login.session;
	const secrets = [...secretValues(inputs), ...handed.tokens];
	const tools = await collaborators.tools(scrubEnvironment(environment, secrets));
	const command = await provideCodex(tools.program, channel, inputs.codexVersion);
	if (inputs.run === null && inputs.prompt === null) return;
	const { madeRequirements } = await prepareMachine(collaborators, {
		base,
		machine: tools.machine
	});
	if (madeRequirements) login.recordRequirements();
	const scrubbed = {
		...scrubEnvironment(environment, secrets),
		...inputs.codexEnvironment,
		CODEX_HOME: home
	};
	const watch = new DeadAccessTokenWatch();
	const root = surroundings.workspace ?? process.cwd();
	const job = {
		base,
		environment: scrubbed,
		output: (text) => watch.read(text)
	};
	try {
		if (inputs.run !== null) {
			const directory = inputs.workingDirectory ?? root;
			await runCommands({
				files,
				commands: tools.commands
			}, {
				...job,
				script: inputs.run,
				shell: inputs.shell,
				directory
			});
		}
		if (inputs.prompt !== null) {
			await tellVersion(tools.program, channel, command);
			const { runPrompt, absolute } = await import("./prompt.js");
			if (inputs.protectAuth !== "off" && inputs.sandbox !== "danger-full-access" && !await tools.program.canSandbox(command, scrubbed)) log.warning("This machine cannot run Codex's sandbox (user namespaces or bubblewrap are missing): every command that the model wants to run will fail.");
			const prompt = {
				...job,
				prompt: inputs.prompt,
				protection: inputs,
				command,
				root,
				directory: absolute(root, inputs.workingDirectory)
			};
			const run = () => runPrompt({
				files,
				channel,
				log,
				...tools
			}, prompt);
			await run().catch(async (error) => {
				if (!watch.seen || cancellation.requested() || !await login.replaceDeadAccessToken()) throw error;
				watch.reset();
				log.info("Trying the prompt once more, with the new access token.");
				return run();
			});
		}
	} finally {
		if (inputs.refreshToken === "present") await login.publishWhatChanged();
		if (inputs.run !== null && watch.seen && !cancellation.requested()) await login.replaceDeadAccessToken();
	}
}

// src/adapters/cancellation.ts
/**
* Holds back SIGINT and SIGTERM from now on: what must be finished is finished, and everything else asks first.
* The runner sends SIGKILL ten seconds after the first of them.
*/
function watchCancellation() {
	let requested = false;
	for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {
		requested = true;
	});
	return { requested: () => requested };
}

// src/core/github-error.ts
/** A request to GitHub that did not succeed. */
var GitHubError = class extends Error {
	/** HTTP status; `null` when no answer came. */
	status;
	/** What the server asked us to wait, if it did. */
	retryAfterMs;
	constructor(message, options) {
		super(message, { cause: options.cause });
		this.name = "GitHubError";
		this.status = options.status;
		this.retryAfterMs = options.retryAfterMs ?? null;
	}
};
/** Whether trying again may help: no answer, a server error, or too many requests, which GitHub also says with a 403. */
function canHeal(error) {
	const { status, retryAfterMs } = error;
	return status === null || status >= 500 || status === 429 || status === 408 || status === 403 && retryAfterMs !== null;
}
/**
* Says what a refused request to the store means and what to do.
*
* @param workedEarlier whether the same writer was accepted earlier in this job
*/
function explainStoreError(error, { place, writer, workedEarlier }) {
	const where = describePlace(place);
	const permission = permissionOf(place) === "secrets" ? "Secrets: read and write" : "Environments: read and write";
	const grant = writer === "token" ? `Give the token in \`secret-write-token\` the repository permission "${permission}" for ${place.owner}/${place.repository}. GITHUB_TOKEN cannot have it.` : `Give the GitHub App the repository permission "${permission}", accept it in the installation, and install the App on ${place.owner}/${place.repository}.`;
	switch (error.status === 403 && canHeal(error) ? 429 : error.status) {
		case 401: return workedEarlier ? new Failure("writer-revoked", "The token in `secret-write-token` worked earlier in this job and is now refused (401).", "A token from actions/create-github-app-token is revoked before our post step: pass `client-id` and `private-key` to this action instead, or set `skip-token-revoke: true` there.", { cause: error }) : new Failure("writer-rejected", "GitHub does not accept the writer's token (401): it is expired, revoked or mistyped.", "Make a new fine-grained token and store it as the secret that `secret-write-token` reads.", { cause: error });
		case 403: return new Failure("writer-forbidden", `The writer may not write the ${where} (403).`, grant, { cause: error });
		case 404: return new Failure("writer-cannot-reach-repository", `The writer cannot see the ${place.environment === null ? "secrets" : `environment ${place.environment}`} of ${place.owner}/${place.repository} (404).`, place.environment === null ? grant : `Check the name in \`environment\`, then: ${grant}`, { cause: error });
		default: return new Failure("github-unreachable", error.status === null ? "GitHub's API did not answer." : `GitHub's API answered ${error.status}.`, "This usually passes: run the job again, and see githubstatus.com.", { cause: error });
	}
}

// src/action/alert.ts
/** Opens the one issue about this login, or brings it up to date. Never fails a job. */
async function raiseAlert(alert, { board, place, runUrl, clock, log }) {
	await withoutFailing(log, async () => {
		const open = await board.find(alertMarker(place));
		const issue = renderAlert(alert, {
			place,
			runUrl,
			now: clock.now(),
			since: open?.since ?? null
		});
		if (open) await board.update(open.number, issue);
		else await board.open(issue);
		log.info(open ? `Updated issue #${open.number} about the login.` : "Opened an issue about the login.");
	});
}
/** Closes the issue, if one is open, once health is proven. */
async function settleAlert({ board, place, runUrl, log }) {
	await withoutFailing(log, async () => {
		const open = await board.find(alertMarker(place));
		if (!open) return;
		await board.close(open.number, renderRecovery(runUrl));
		log.info(`Closed issue #${open.number}: the login is well again.`);
	});
}
async function withoutFailing(log, act) {
	try {
		await act();
	} catch (error) {
		if (!(error instanceof GitHubError)) throw error;
		const denied = error.status === 401 || error.status === 403 || error.status === 404;
		log.info(denied ? "The alert issue needs `issues: write` in the job's `permissions:`." : "The alert issue could not be written just now.");
	}
}

// src/core/ledger.ts
/** A write whose answer was lost may have been applied a moment after we gave up on it. */
const AFTER_ATTEMPT_MS = 5e3;
/** A PUT that we were killed in has at most its own time-out and that moment. */
const OPEN_ATTEMPT_MS = 15e3;
/**
* Whether an `updated_at` is the work of one of our attempts: confirmed, or inside the window of one whose answer was lost.
* The window begins with the whole second the attempt began in, because `updated_at` has whole seconds.
*/
function isOurAttempt(attempts, updatedAt) {
	const at = updatedAt.getTime();
	return attempts.some((attempt) => {
		if (attempt.updatedAt !== null) return attempt.updatedAt.getTime() === at;
		if (attempt.outcome === "failed") return false;
		const from = Math.floor(attempt.startedAt.getTime() / 1e3) * 1e3;
		const to = attempt.endedAt === null ? attempt.startedAt.getTime() + OPEN_ATTEMPT_MS : attempt.endedAt.getTime() + AFTER_ATTEMPT_MS;
		return from <= at && at <= to;
	});
}
/** Writes the ledger as the text that goes into its envelope: JSON, documents as lines, dates in ISO 8601. */
function writeLedger(ledger) {
	return JSON.stringify({
		...ledger,
		document: ledger.document.line().reveal(),
		predecessor: ledger.predecessor?.line().reveal() ?? null
	});
}
/** @returns `null` for anything that {@link writeLedger} did not write. */
function readLedger(text) {
	try {
		const json = JSON.parse(text);
		if (typeof json.document !== "string" || typeof json.published !== "boolean" || !Array.isArray(json.attempts)) return null;
		return {
			document: Document.parse(json.document),
			predecessor: typeof json.predecessor === "string" ? Document.parse(json.predecessor) : null,
			expectedUpdatedAt: dateOf(json.expectedUpdatedAt),
			published: json.published,
			attempts: json.attempts.map(readAttempt)
		};
	} catch (error) {
		if (error instanceof Failure || error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError) return null;
		throw error;
	}
}
function readAttempt(json) {
	const { outcome } = json;
	if (outcome !== "written" && outcome !== "failed" && outcome !== "unanswered") throw new RangeError("no outcome");
	return {
		startedAt: dateOf(json.startedAt),
		endedAt: json.endedAt === null ? null : dateOf(json.endedAt),
		updatedAt: json.updatedAt === null ? null : dateOf(json.updatedAt),
		outcome
	};
}
function dateOf(value) {
	const date = new Date(typeof value === "string" ? value : NaN);
	if (Number.isNaN(date.getTime())) throw new RangeError("no date");
	return date;
}

// src/action/ledger-file.ts
function ledgerFile(files, cipher, { base, holder }) {
	const path = ledgerPath(base);
	return {
		load: async () => {
			const envelope = await files.readBytes(path);
			const text = envelope && await cipher.open(holder, "ledger", envelope);
			return text ? readLedger(text) : null;
		},
		save: async (ledger) => files.write(path, await cipher.seal(holder, "ledger", writeLedger(ledger)), 384)
	};
}
function ledgerPath(base) {
	return join(base, "ledger");
}

// src/action/private-home.ts
/**
* A full disk is found out before the token is spent. Before it refreshes, an app-server writes databases and skills of
* its own into its home, 1.1 MB with 0.169.0; on a disk of 1 MB they left no room for the new auth.json.
*/
const ROOM_BYTES = 16777216;
function privateHomeAt(directory) {
	return {
		directory,
		home: join(directory, "home")
	};
}
/** @throws {Failure} `home-unwritable`, before anything is spent */
async function makePrivateHome(files, randomness, { base, document, handed, configFrom }) {
	const place = privateHomeAt(join(base, `critical-${Buffer.from(randomness.bytes(6)).toString("hex")}`));
	try {
		await files.makePrivateDirectory(place.directory);
		await files.makePrivateDirectory(place.home);
		await files.write(join(place.directory, "predecessor.json"), document.line().reveal(), 384);
		await files.write(join(place.directory, "handed.json"), handed.line().reveal(), 384);
		const config = await files.readBytes(join(configFrom, "config.toml"));
		if (config) await files.write(join(place.home, "config.toml"), config, 384);
		await files.write(authPath(place.home), document.whole().reveal(), 384);
		const room = join(place.home, "room");
		await files.write(room, new Uint8Array(ROOM_BYTES), 384);
		await files.remove(room);
		return place;
	} catch (error) {
		await files.remove(place.directory).catch(() => {});
		throw noRoom(error);
	}
}
function noRoom(cause) {
	return new Failure("home-unwritable", "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed.", "Free some space under RUNNER_TEMP, or check its permissions.", { cause });
}
/** What a private home was made with. @returns `null` where it is gone or was never finished */
async function readPrivateHome(files, place) {
	const predecessor = await files.read(join(place.directory, "predecessor.json"));
	const handed = await files.read(join(place.directory, "handed.json"));
	if (predecessor === null || handed === null) return null;
	try {
		return {
			predecessor: Document.parse(predecessor),
			handed: Document.parse(handed),
			after: await files.read(authPath(place.home))
		};
	} catch (error) {
		if (error instanceof Failure) return null;
		throw error;
	}
}

// src/action/summary.ts
const BAR_CELLS = 40;
/** The job summary: redacted, for people. */
function renderSummary({ report, now, refreshWindowMs }) {
	const alert = report.alert && needsAPerson(report.alert.code) ? report.alert : null;
	const events = report.events.filter((event) => event !== alert?.message);
	return `${[
		"### Codex login",
		headline(report),
		...alert ? [alertSection(alert)] : [],
		lifeBar(report, now, refreshWindowMs),
		...events.length > 0 ? [events.map((event) => `- ${event}`).join("\n")] : [],
		...report.rescue ? [rescueSection(report.rescue)] : [],
		next(report, now, refreshWindowMs),
		statusSection(report)
	].join("\n\n")}\n`;
}
function headline({ role, restoredFrom, rotated, published }) {
	return `Restored from ${{
		secret: "the secret",
		handover: "the hand-over of an earlier run",
		home: "an earlier step of this job"
	}[restoredFrom]}; ${rotated ? published ? "**refreshed and stored**" : "**refreshed, but not stored yet**" : published ? "**stored**" : role === "keeper" ? "**not due**, left as it was" : "**borrowed**, left as it was"}.`;
}
/**
* ```text
* access token    ██████████████▒▒▒▒▒▒░░░░  6 days 4 h left
*                 █ gone   ▒ left   ░ left, and a keeper refreshes
* ```
*/
function lifeBar(report, now, refreshWindowMs) {
	const from = Date.parse(report.accessTokenIssuedAt);
	const until = Date.parse(report.accessTokenExpiresAt);
	const cell = (time) => Math.max(0, Math.min(BAR_CELLS, Math.round((time - from) / Math.max(1, until - from) * BAR_CELLS)));
	const used = cell(now.getTime());
	const due = Math.max(used, cell(until - refreshWindowMs));
	return [
		"```text",
		`access token    ${"█".repeat(used) + "▒".repeat(due - used) + "░".repeat(BAR_CELLS - due)}  ${until > now.getTime() ? `${describeDuration(until - now.getTime())} left` : "expired"}`,
		"                █ gone   ▒ left   ░ left, and a keeper refreshes",
		`issued          ${day(from)}`,
		`refreshed from  ${day(until - refreshWindowMs)}`,
		`expires         ${day(until)}`,
		"```"
	].join("\n");
}
function next({ role, rotated, published, accessTokenExpiresAt, alert }, now, refreshWindowMs) {
	if (rotated && !published) return "**Next:** dispatch the maintenance workflow now; it stores the login from the hand-over.";
	if (alert && needsAPerson(alert.code)) {
		const over = Date.parse(accessTokenExpiresAt);
		return over > now.getTime() ? `**Next:** somebody must act before ${day(over)}; until then the access token still works.` : "**Next:** somebody must act; until then no job can use this login.";
	}
	const due = new Date(accessTokenExpiresAt).getTime() - refreshWindowMs;
	if (due > now.getTime()) return `**Next:** a keeper that runs after ${day(due)} refreshes the login.`;
	return role === "keeper" ? "**Next:** the next keeper refreshes the login." : "**Next:** a keeper must refresh the login: run the maintenance workflow.";
}
function alertSection({ code, message, hint }) {
	return `> [!CAUTION]\n> **${message}** (\`${code}\`)\n>\n> ${hint}`;
}
function rescueSection(rescue) {
	return [
		"This stores the login by hand. It holds only what GitHub can open:",
		"",
		"```sh",
		rescue,
		"```"
	].join("\n");
}
function statusSection(report) {
	return [
		"<details><summary>Redacted status</summary>",
		"",
		...[
			"| | this login |",
			"|---|---|",
			...[
				...Object.entries(report.status),
				["access_token_expires_at", report.accessTokenExpiresAt],
				["rotated", report.rotated],
				["published", report.published]
			].map(([name, value]) => `| \`${name}\` | \`${String(value)}\` |`)
		],
		"",
		"</details>"
	].join("\n");
}
function day(time) {
	const [date = "", clock = ""] = new Date(time).toISOString().split("T");
	return `${date} ${clock.slice(0, 5)} UTC`;
}

// src/action/post.ts
/** Post: finishes what is unfinished, removes what we made, reports. @throws {Failure} the first thing that went wrong */
async function post(collaborators) {
	await new PostStep(collaborators).run();
}
var PostStep = class {
	#collaborators;
	#failures = [];
	#report;
	constructor(collaborators) {
		this.#collaborators = collaborators;
		this.#report = loadReport(collaborators.channel);
	}
	async run() {
		const { session, files, channel, log } = this.#collaborators;
		const section = loadCriticalSection(channel);
		const handed = await this.#handedDocument(section);
		if (handed === null) this.#complainOfBlindness(section);
		else {
			if (section) await this.#try(handed, (online) => online.recover(section));
			if (await files.readBytes(ledgerPath(session.base)) !== null) await this.#try(handed, (online) => online.publishPending());
			if (await this.#mayPublishHome()) await this.#try(handed, async (online) => {
				if (await this.#hasWholeLogin()) await online.waitForHome();
				return online.publishChangedHome();
			});
		}
		await this.#cleanUp();
		await this.#alert();
		await this.#summarize();
		const [first, ...others] = this.#failures;
		for (const other of others) log.error(other instanceof Error ? other.message : String(other));
		if (first !== void 0) throw first;
	}
	async #alert() {
		const { inputs, channel, alerts } = this.#collaborators;
		if (!inputs.alertIssue) return;
		const alert = [
			...this.#failures.filter((candidate) => candidate instanceof Failure),
			this.#report?.alert ?? null,
			loadNotice(channel)
		].find((candidate) => candidate !== null && needsAPerson(candidate.code));
		if (alert) await raiseAlert(alert, await alerts());
		else if (this.#report?.rotated && this.#report.published) await settleAlert(await alerts());
	}
	async #summarize() {
		const { inputs, channel, clock } = this.#collaborators;
		if (this.#report === null) return;
		const { refreshWindowMs } = inputs;
		await channel.writeSummary(renderSummary({
			report: this.#report,
			now: clock.now(),
			refreshWindowMs
		}));
	}
	/** The handed document: from the secret, or, where post gets no inputs, as main left it on this machine. */
	async #handedDocument(section) {
		const { inputs, session, log, files } = this.#collaborators;
		if (inputs.secret) return this.#readQuietly(inputs.secret, log);
		const left = section && await readPrivateHome(files, privateHomeAt(section.directory));
		if (left) return left.handed;
		const text = await files.read(handedPath(session.base));
		return text === null ? null : this.#readQuietly(new Secret(text), log);
	}
	#readQuietly(secret, log) {
		try {
			return readHanded(secret, log);
		} catch (error) {
			if (error instanceof Failure) return null;
			throw error;
		}
	}
	#complainOfBlindness(section) {
		if (!(section !== null || this.#report?.rotated === true && !this.#report.published)) return;
		this.#failures.push(new Failure("publish-pending", "The refreshed login could not be stored, and this phase got no inputs to try again. The hand-over has it.", "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside a composite action GitHub hands post no inputs."));
	}
	/** A quiet job's file is just as it was written, and then nothing is loaded and nobody is asked. */
	async #mayPublishHome() {
		const { session, inputs, files } = this.#collaborators;
		if (inputs.role === "borrower" || this.#report === null) return false;
		if (await this.#hasWholeLogin()) return true;
		if (!session.ownsHome) return false;
		if (await files.stamp(authPath(session.home)) === session.written) return false;
		const text = await files.read(authPath(session.home));
		return text !== null && readWorkingCopy(text)?.refreshToken.isEmpty === false;
	}
	/** Whether Codex may have rotated in the home itself: the inputs say so, or, where there are none, what main left. */
	async #hasWholeLogin() {
		const { session, inputs, files } = this.#collaborators;
		if (inputs.refreshToken === "present") return true;
		return inputs.secret === null && await files.stamp(handedPath(session.base)) !== null;
	}
	async #try(handed, act) {
		try {
			const outcome = await act(await this.#collaborators.online(this.#collaborators.session, handed));
			if (outcome) this.#settle(outcome);
		} catch (error) {
			this.#failures.push(error);
		}
	}
	#settle(outcome) {
		const { log } = this.#collaborators;
		const { document } = outcome.ledger;
		const published = outcome.kind === "published";
		const before = this.#report;
		this.#report = reportOf(document, {
			role: "keeper",
			restoredFrom: before?.restoredFrom ?? "secret",
			rotated: true,
			published,
			events: [...before?.events ?? [], published ? "Stored in post." : outcome.failure.message],
			alert: null,
			rescue: published ? null : outcome.rescue
		});
		if (outcome.kind === "published") {
			log.info(`Published generation ${document.generation}.`);
			return;
		}
		if (outcome.rescue) log.info(`To store this job's document by hand:\n${outcome.rescue}`);
		if (outcome.kind === "refused") {
			this.#failures.push(outcome.failure);
			return;
		}
		const where = outcome.handedOver ? "The hand-over in the Actions cache has it." : "The hand-over could not be saved either.";
		this.#failures.push(new Failure("publish-pending", `The refreshed login could not be stored. ${where} ${outcome.failure.message}`, `Repair the cause, then dispatch maintenance now: it heals the secret from the hand-over. ${outcome.failure.hint}`, { cause: outcome.failure }));
	}
	async #cleanUp() {
		const { session, files, log, machine } = this.#collaborators;
		if (session.madeRequirements) await removeRequirements(await machine());
		if (!session.ownsHome) return;
		try {
			await clearHome(files, session);
			await files.remove(session.base);
		} catch {
			log.warning("The Codex home could not be removed completely.");
		}
	}
};

export { stepLog as A, authPath as B, debug as C, setSecret as D, isDebug as E, placeOf as F, refusePublic as G, remainingMs as H, applyEnvironment as I, Secret as J, refusePublicReseed as K, loadSession as L, machineClock as M, maskTokens as N, warning as O, restore as P, saveCriticalSection as R, takeInputs as S, info as T, Document as U, loginDirectory as V, guard as W, describeDuration as X, scrubEnvironment as Y, Failure as Z, secretsPath as _, readPrivateHome as a, failStep as b, GitHubError as c, watchCancellation as d, main as f, permissionOf as g, describePlace as h, privateHomeAt as i, diskFiles as j, stepChannel as k, canHeal as l, reseedHint as m, makePrivateHome as n, ledgerFile as o, saveNotice as p, secretValues as q, noRoom as r, isOurAttempt as s, post as t, explainStoreError as u, provideCodex as v, error as w, surroundingsOfStep as x, endProcess as y, protectionFlags as z };