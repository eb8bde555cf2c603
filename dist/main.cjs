"use strict";

Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
let node_fs = require("node:fs");
let node_path = require("node:path");

// src/adapters/machine/own-environment.ts
const ENV_START = 47;
const ENV_END = 48;
function concealVariables({ forgotten, hidden }) {
	const values = hidden.map((name) => process.env[name]);
	try {
		const names = [...forgotten, ...hidden].map((name) => Buffer.from(name).toString("latin1"));
		overwrite(new Set(names));
	} catch {}
	for (const name of forgotten) delete process.env[name];
	hidden.forEach((name, index) => {
		const value = values[index];
		if (value !== void 0) process.env[name] = value;
	});
}
function overwrite(names) {
	const stat = (0, node_fs.readFileSync)("/proc/self/stat", "latin1");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const start = Number(fields[ENV_START]);
	const region = Buffer.alloc(Number(fields[ENV_END]) - start);
	const memory = (0, node_fs.openSync)("/proc/self/mem", "r+");
	try {
		(0, node_fs.readSync)(memory, region, 0, region.length, start);
		let at = start;
		for (const variable of region.toString("latin1").split("\0")) {
			const equals = variable.indexOf("=");
			if (equals > 0 && names.has(variable.slice(0, equals))) {
				const length = variable.length - equals - 1;
				(0, node_fs.writeSync)(memory, Buffer.alloc(length), 0, length, at + equals + 1);
			}
			at += variable.length + 1;
		}
	} finally {
		(0, node_fs.closeSync)(memory);
	}
}

// src/core/failure/failure.ts
const FAILURES = {
	"login-empty": ["manual-action", "new-login"],
	"login-too-large": ["manual-action", "new-login"],
	"login-byte-order-mark": ["manual-action", "new-login"],
	"login-not-json": ["manual-action", "new-login"],
	"login-truncated": ["manual-action", "new-login"],
	"login-placeholder": ["manual-action", "new-login"],
	"login-is-a-path": ["manual-action", "new-login"],
	"login-is-a-token": ["manual-action", "new-login"],
	"login-encrypted": ["manual-action", "new-login"],
	"login-encoded-twice": ["manual-action", "new-login"],
	"login-not-codex": ["manual-action", "new-login"],
	"login-api-key": ["manual-action", "new-login"],
	"login-not-chatgpt": [
		"manual-action",
		"new-login",
		"tolerated"
	],
	"login-tokens-missing": ["manual-action", "new-login"],
	"login-access-token-missing": ["manual-action", "new-login"],
	"login-refresh-token-missing": ["manual-action", "new-login"],
	"login-id-token-missing": [
		"manual-action",
		"new-login",
		"tolerated"
	],
	"login-account-missing": [
		"manual-action",
		"new-login",
		"tolerated"
	],
	"login-last-refresh-missing": [
		"manual-action",
		"new-login",
		"tolerated"
	],
	"login-other-account": ["manual-action", "new-login"],
	"login-foreign-issuer": ["manual-action", "new-login"],
	"input-invalid": [],
	"secret-empty": ["manual-action", "new-login"],
	"home-in-workspace": [],
	"home-has-login": [],
	"home-unwritable": ["stops-job"],
	"public-repository": [],
	"pull-request-target": [],
	"concurrency-unguarded": [],
	"environment-changed": [],
	"event-untrusted": [],
	"actor-not-allowed": [],
	"codex-missing": ["stops-job"],
	"codex-outdated": ["manual-action"],
	"codex-install-failed": [],
	"prompt-unreadable": [],
	"file-refused": [],
	"prompt-failed": [],
	"access-token-refused": [],
	"protection-impossible": [],
	"config-refused": [],
	"write-token-missing": ["manual-action"],
	"write-token-invalid": ["manual-action"],
	"write-token-rejected": ["manual-action", "stops-job"],
	"write-token-revoked": ["manual-action", "stops-job"],
	"write-token-forbidden": ["manual-action", "stops-job"],
	"write-token-cannot-reach-repository": ["manual-action", "stops-job"],
	"app-invalid": ["manual-action", "stops-job"],
	"app-not-installed": ["manual-action", "stops-job"],
	"app-permission-missing": ["manual-action", "stops-job"],
	"environment-not-found": [],
	"secret-not-found": [
		"manual-action",
		"stops-job",
		"not-stored-later"
	],
	"secret-limit": ["manual-action", "stops-job"],
	"secret-changed-elsewhere": ["manual-action", "not-stored-later"],
	"github-unreachable": [],
	"github-refused": ["manual-action", "stops-job"],
	"claim-busy": [],
	"claim-limit": ["manual-action", "stops-job"],
	"secret-mismatch": ["manual-action", "stops-job"],
	"login-shared": ["manual-action", "stops-job"],
	"copy-stale": [],
	"freshness-unproven": [],
	"access-token-expiring": ["manual-action", "new-login"],
	"refresh-failed": ["new-login"],
	"refresh-token-reused": ["manual-action", "new-login"],
	"refresh-token-expired": ["manual-action", "new-login"],
	"refresh-token-revoked": ["manual-action", "new-login"],
	"refresh-rejected": ["manual-action", "new-login"],
	"refresh-unavailable": ["new-login"],
	"refresh-answer-lost": ["manual-action", "new-login"],
	"refresh-broke-login": ["manual-action", "new-login"],
	"refresh-not-rotated": ["new-login"],
	"reseed-failed": [],
	"reseed-other-account": [],
	"write-back-pending": ["manual-action"],
	"write-back-refused": ["not-stored-later"],
	"run-failed": [],
	cancelled: [],
	"token-missing": [],
	"repository-not-found": [],
	"secret-exists": [],
	"seed-unverified": [],
	"login-failed": [],
	"file-unreadable": [],
	"workflows-outside-checkout": [],
	"host-busy": [],
	"home-missing": [],
	"home-other-owner": [],
	"home-foreign-login": [],
	"seed-not-newer": [],
	"exec-failed": [],
	"timer-failed": []
};
const FAILURE_CODES = Object.keys(FAILURES);
const EXPIRES_SOON = "write-token-expires-soon";
function hasMark(code, mark) {
	if (code === "write-token-expires-soon") return mark === "manual-action";
	const failures = FAILURES;
	return Object.hasOwn(failures, code) && failures[code]?.includes(mark) === true;
}
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

// src/core/login/credential-like.ts
const SHORTEST$1 = 20;
const SHORTEST_PART$1 = 8;
const NAMES_A_PLACE = /^["'<@]?(~|\.{0,2}[\\/]|[A-Za-z]:[\\/]|[a-z][a-z0-9+.-]*:\/\/)\S*$/;
function looksLikeCredential(value) {
	const text = value.trim();
	if (text.length < SHORTEST$1 || NAMES_A_PLACE.test(text)) return false;
	return (text.match(/[A-Za-z0-9]+/g) ?? []).some((part) => part.length >= SHORTEST_PART$1 && /\d/.test(part) && /[A-Za-z]/.test(part));
}

// src/core/environment/loopback.ts
function isLoopbackUrl(value) {
	try {
		return /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(new URL(value).hostname);
	} catch {
		return false;
	}
}

// src/core/environment/scrub.ts
const REDIRECTING = /* @__PURE__ */ new Set([
	"CODEX_API_KEY",
	"CODEX_ACCESS_TOKEN",
	"OPENAI_API_KEY",
	"OPENAI_BASE_URL",
	"CODEX_REFRESH_TOKEN_URL_OVERRIDE",
	"CODEX_REVOKE_TOKEN_URL_OVERRIDE",
	"CODEX_AUTHAPI_BASE_URL",
	"CODEX_EXEC_SERVER_URL",
	"OPENAI_FEDERATION_RULE_ID",
	"OPENAI_IDENTITY_TOKEN_FILE"
]);
const REDIRECTING_PREFIXES = [
	"CODEX_AGENT_IDENTITY_",
	"CODEX_APP_SERVER_LOGIN_",
	"CODEX_APP_SERVER_CHATGPT_",
	"CODEX_EXEC_SERVER_"
];
const OF_CODEX = /^(?!CODEX_(CA_CERTIFICATE|HOME)$)(CODEX|OPENAI|CHATGPT)_/;
const TALKATIVE = "RUST_LOG";
const RUNNER_PREFIXES = [
	"INPUT_",
	"STATE_",
	"ACTIONS_"
];
function scrubEnvironment(environment, secrets) {
	const values = valuesOf(secrets);
	const scrubbed = {};
	for (const [name, value] of Object.entries(environment)) {
		if (value === void 0 || isRunnerChannel(name) || OF_CODEX.test(name.toUpperCase())) continue;
		if (name.toUpperCase() === TALKATIVE) continue;
		if (values.some((secret) => value.includes(secret))) continue;
		scrubbed[name] = value;
	}
	return scrubbed;
}
const SHORTEST_PART = 24;
function repetitionsOf(secrets) {
	const wholes = valuesOf(secrets);
	return (value) => {
		const part = value.trim();
		const isPart = (whole) => part.length >= SHORTEST_PART && whole.includes(part) && looksLikeCredential(part);
		return wholes.some((whole) => part.includes(whole) || isPart(whole));
	};
}
function valuesOf(secrets) {
	return secrets.map((secret) => secret.reveal().trim()).filter(looksLikeCredential);
}
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

// src/core/login/secret.ts
function fingerprint(value) {
	let hash = 2166136261;
	for (let index = 0; index < value.length; index++) hash = Math.imul(hash ^ value.charCodeAt(index), 16777619);
	return (hash >>> 0).toString(16).padStart(8, "0");
}
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

// src/entry/step-variables.ts
const INPUT = "INPUT_";
const INPUTS = /* @__PURE__ */ new Map();
const SECRET_INPUTS = [
	"codex-auth-json",
	"secret-write-token",
	"private-key"
];
const RUNTIME_TOKEN = "ACTIONS_RUNTIME_TOKEN";
const RUNNER_TOKEN = /^ACTIONS_\w*TOKEN$/;
const given = takeInputs$1();
function takeInputs$1() {
	const variables = Object.entries(process.env);
	for (const [name, value] of variables) if (name.startsWith(INPUT)) INPUTS.set(name, value?.trim() ?? "");
	const input = (name) => INPUTS.get(INPUT + name.toUpperCase()) ?? "";
	const secrets = SECRET_INPUTS.map(input);
	const repeats = repetitionsOf([...secrets, ...secrets.map(decodeBase64)].map((value) => new Secret(value)));
	const isToBeForgotten = ([name, value = ""]) => name.startsWith(INPUT) || RUNNER_TOKEN.test(name) && name !== RUNTIME_TOKEN || repeats(value);
	concealVariables({
		forgotten: variables.filter(isToBeForgotten).map(([name]) => name),
		hidden: [RUNTIME_TOKEN]
	});
	return input;
}
function decodeBase64(value) {
	return Buffer.from(value, "base64").toString("utf8");
}

// src/core/phase-state/shape.ts
const isText = (value) => typeof value === "string";
const isTruth = (value) => typeof value === "boolean";
const isNumber = Number.isFinite;
const isTime = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
const orNull = (check) => (value) => value === null || check(value);
const oneOf = (...values) => (value) => values.includes(value);
const fields = (checks) => (value) => typeof value === "object" && value !== null && Object.entries(checks).every(([name, check]) => check(value[name]));
function parseChecked(text, check) {
	try {
		const value = JSON.parse(text);
		return check(value) ? value : null;
	} catch {
		return null;
	}
}

// src/login/home.ts
const AUTH_FILE = "auth.json";
const CONFIG_FILE = "config.toml";
const MARKER_FILE = ".codex-auth-roundtrip.json";
function authPath(home) {
	return (0, node_path.join)(home, AUTH_FILE);
}
function baseDirectory(temporaryDirectory, { secretName, environment }) {
	const name = environment === null ? secretName : `${secretName}-${encodeURIComponent(environment)}`;
	return (0, node_path.join)(temporaryDirectory, `codex-auth-${name}`);
}
function hostBaseDirectory(temporaryDirectory, secretName) {
	return (0, node_path.join)(temporaryDirectory, `codex-auth-host-${secretName}`);
}
function markPath(base) {
	return (0, node_path.join)(base, "mark.json");
}
async function readMark(files, base) {
	const text = await files.read(markPath(base));
	return text === null ? null : parseChecked(text, fields({
		identity: isText,
		mark: isText
	}));
}
function homeDirectory(given, base) {
	return (0, node_path.resolve)(given ?? (0, node_path.join)(base, "home"));
}
async function chooseHome(files, { given, base, workspace }) {
	const chosen = homeDirectory(given, base);
	if (workspace === null) return chosen;
	const [home, root] = await Promise.all([realpathOfNearest(files, chosen), realpathOfNearest(files, workspace)]);
	const inside = (0, node_path.relative)(root, home);
	if (!(inside === ".." || inside.startsWith(`..${node_path.sep}`) || (0, node_path.isAbsolute)(inside))) throw new Failure("home-in-workspace", "The Codex home lies inside the workspace, from where a login is easily uploaded, cached or committed.", "Leave `codex-home` empty, or choose a directory outside the workspace, below `runner.temp`.");
	return chosen;
}
async function makeBase(files, base, identity) {
	try {
		await files.makePrivateDirectory(base);
		const known = await readMark(files, base);
		if (known?.identity === identity) return known.mark;
		const mark = `${Math.random()} ${Math.random()}`;
		await files.write(markPath(base), JSON.stringify({
			identity,
			mark
		}), 384);
		return mark;
	} catch (error) {
		throw new Failure("home-unwritable", `The private directory ${base} cannot be made (${codeOf$1(error)}).`, "Check the owner of RUNNER_TEMP, and the free space there. A link, or somebody else's directory, is not taken for it: find out which step has put one there.", { cause: error });
	}
}
async function makeHostHome(files, home) {
	await guardDisk(home, async () => {
		if (await files.realpath(home) === null) await files.makePrivateDirectory(home);
	});
}
async function claimHome(files, { home, identity }) {
	if ((await guardDisk(home, () => readMarker(files, home)))?.identity === identity) {
		await guardDisk(home, () => files.makePrivateDirectory(home));
		return "earlier-step";
	}
	if (await guardDisk(home, () => files.read(authPath(home))) !== null) throw new Failure("home-has-login", "The Codex home already holds a login that this job did not put there. It is left as it is.", "Leave `codex-home` empty to use a private one; a host that has a login of its own needs none from a secret.");
	const made = await guardDisk(home, () => files.makePrivateDirectory(home));
	const ours = JSON.stringify({
		identity,
		made: made === "made"
	});
	await guardDisk(home, () => files.write((0, node_path.join)(home, MARKER_FILE), `${ours}\n`, 384));
	return "nobody";
}
function loginDirectory(base) {
	return (0, node_path.join)(base, "login");
}
function hostLoginPath(home) {
	return (0, node_path.join)(home, "login", AUTH_FILE);
}
async function hideHostLogin(files, home) {
	const path = authPath(home);
	const directory = (0, node_path.dirname)(hostLoginPath(home));
	const real = await files.realpath(path);
	if (real !== null && (0, node_path.dirname)(real) !== await files.realpath(home)) return (0, node_path.dirname)(real);
	try {
		await files.makePrivateDirectory(directory);
		await files.moveBehindLink(path, hostLoginPath(home));
		return directory;
	} catch {
		return path;
	}
}
async function writeWorkingCopy(files, { home, base }, copy) {
	return guardDisk(home, async () => {
		const directory = loginDirectory(base);
		const path = (0, node_path.join)(directory, AUTH_FILE);
		await files.makePrivateDirectory(directory);
		await files.write(path, copy.reveal(), 384);
		await files.link(path, authPath(home));
		const stamp = await files.stamp(authPath(home));
		await files.write(writtenPath(base), stamp ?? "", 384);
		return stamp;
	});
}
async function lastWritten(files, { base }) {
	return files.read(writtenPath(base));
}
function writtenPath(base) {
	return (0, node_path.join)(base, "written");
}
function handedPath(base) {
	return (0, node_path.join)(loginDirectory(base), "handed.json");
}
function ledgerPath(base) {
	return (0, node_path.join)(base, "ledger");
}
async function readConfig(files, home) {
	return guardDisk(home, () => files.read((0, node_path.join)(home, CONFIG_FILE)));
}
async function writeConfig(files, home, config) {
	await guardDisk(home, () => files.write((0, node_path.join)(home, CONFIG_FILE), config, 384));
}
async function clearHome(files, { home, identity, madeConfig }) {
	const marker = await readMarker(files, home);
	if (marker?.identity !== identity) return;
	if (marker.made === true) return files.remove(home);
	await files.remove(authPath(home));
	if (madeConfig) await files.remove((0, node_path.join)(home, CONFIG_FILE));
	await files.remove((0, node_path.join)(home, MARKER_FILE));
}
async function readMarker(files, home) {
	const text = await files.read((0, node_path.join)(home, MARKER_FILE));
	return text === null ? null : parseChecked(text, fields({ identity: isText }));
}
async function realpathOfNearest(files, path) {
	const real = await files.realpath(path).catch(() => null);
	if (real !== null) return real;
	const parent = (0, node_path.dirname)(path);
	return parent === path ? path : (0, node_path.join)(await realpathOfNearest(files, parent), (0, node_path.relative)(parent, path));
}
async function guardDisk(home, act) {
	try {
		return await act();
	} catch (error) {
		if (error instanceof Failure) throw error;
		throw new Failure("home-unwritable", `The Codex home ${home} cannot be used (${codeOf$1(error)}).`, "Check the directory's owner and the free space, or leave `codex-home` empty.", { cause: error });
	}
}
function codeOf$1(error) {
	return error instanceof Error && "code" in error ? String(error.code) : "error";
}

// src/login/notice.ts
function saveNotice(channel, { code, message, hint }) {
	channel.saveState("notice", JSON.stringify({
		code,
		message,
		hint
	}));
}
const ALERT_SHAPE = fields({
	code: oneOf(...FAILURE_CODES, EXPIRES_SOON),
	message: isText,
	hint: isText
});

// src/core/text/json.ts
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function fieldsOf(value) {
	return typeof value === "object" && value !== null ? value : {};
}

// src/core/login/access-token.ts
const DAYS_WITHOUT_READABLE_EXPIRY = 8;
const DAY_MS = 864e5;
function jwtClaims(token) {
	try {
		const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
		return isObject(claims) ? claims : {};
	} catch {
		return {};
	}
}
function expiryOf(claims, lastRefresh) {
	return secondsOf(claims.exp) ?? new Date(dateOf(lastRefresh).getTime() + DAYS_WITHOUT_READABLE_EXPIRY * DAY_MS);
}
function secondsOf(claim) {
	if (typeof claim !== "number" || !Number.isFinite(claim)) return null;
	const date = /* @__PURE__ */ new Date(claim * 1e3);
	return Number.isNaN(date.getTime()) ? null : date;
}
function dateOf(text) {
	const time = Date.parse(text);
	return new Date(Number.isNaN(time) ? 0 : time);
}

// src/core/login/other-program.ts
const RIGHT_FILE = "Store the auth.json that `codex login` (ChatGPT) leaves in its CODEX_HOME, by default `~/.codex`: as it is, and only that.";
const has = (...names) => (json) => names.every((name) => name in json);
const PROGRAMS = [
	[
		has("sops"),
		"a file that is encrypted with SOPS",
		"Decrypt it before it is stored: GitHub encrypts secrets itself."
	],
	[
		has("refresh_token", "access_token", "account_id"),
		"only the `tokens` part of an auth.json",
		"Store the whole auth.json: `auth_mode` and `last_refresh` belong to it."
	],
	[
		has("accessToken", "user"),
		"the answer of ChatGPT's session page, which has no refresh token",
		"It cannot be refreshed. Log in with `codex login` and store the auth.json that it leaves."
	],
	[has("claudeAiOauth"), "the login of Claude Code"],
	[hasOAuthEntry, "the login file of OpenCode or of a program like it, which Codex cannot read"],
	[has("access_token", "expiry_date"), "an OAuth token file of Google's libraries (Gemini CLI, for example)"],
	[(json) => json.type === "service_account" || json.type === "authorized_user", "a Google Cloud credential"],
	[has("auths"), "Docker's config.json"],
	[has("github.com"), "a GitHub login (Copilot's or gh's)"],
	[has("private_key"), "a private key in JSON"],
	[
		has("encrypted_value", "key_id"),
		"a value that is already sealed for GitHub",
		"Store the auth.json itself with `gh secret set`, which seals it."
	],
	[(json) => has("key_id", "key")(json) || has("name", "created_at", "updated_at")(json), "an answer of GitHub's API about secrets"],
	[
		has("user_code"),
		"the answer to a device login that nobody has finished",
		"Finish the login in the browser, and store the auth.json that Codex writes then."
	],
	[
		(json) => has("error")(json) || has("message", "documentation_url")(json),
		"an error message in JSON",
		`Look at what has produced the secret. ${RIGHT_FILE}`
	],
	[(json) => [
		"access_token",
		"refresh_token",
		"accessToken",
		"refreshToken",
		"token"
	].some((name) => name in json), "the token file of another program: its tokens are not where Codex has them"],
	[has("name", "version"), "a package.json, or a file like it"]
];
function describeOtherProgram(json) {
	if (Object.values(json).find(holdsLogin) !== void 0) return {
		what: "a JSON object that holds the auth.json in one of its fields, as `toJSON(secrets)` gives it",
		hint: "Pass the field by itself, `secrets.CODEX_AUTH_JSON` in an expression."
	};
	const known = PROGRAMS.find(([is]) => is(json));
	if (!known) return null;
	const [, what, hint = RIGHT_FILE] = known;
	return {
		what,
		hint
	};
}
function hasOAuthEntry(json) {
	return Object.values(json).some((entry) => {
		const { type, access, refresh, key } = fieldsOf(entry);
		return type === "oauth" && (access ?? refresh) !== void 0 || type === "api" && key !== void 0;
	});
}
function holdsLogin(value) {
	if (typeof value !== "string") return isObject(value) && isObject(value.tokens);
	return /^\s*\{.*"tokens"\s*:\s*\{/s.test(value);
}

// src/core/login/placeholder.ts
const WORDS = /^(?:abc|foo|bar|baz|test(?:ing)?|dummy|fake|mock|stub|sample|demo|example|todo|tbd|fixme|wip|n\/a|none|nil|null|undefined|nan|true|false|yes|off|empty|blank|unset|default|value|string|text|secret|token|password|key|login|auth|credentials?|placeholder|change[ _-]?me|redacted|removed|hidden|masked|stripped|omitted|censored|123\d*)$/i;
const PHRASE = /\b(?:your|my|some|replace|insert|paste|put|enter|fill|add|here|todo|placeholder|example|redacted|dummy|change[ _-]?me)\b/i;
const LONGEST$1 = 100;
const NO_LETTER_OR_DIGIT = /^[^A-Za-z0-9\u00c0-\u1fff\u3040-\uffff]+$/;
const AROUND = /^[^A-Za-z0-9\u00c0-\u1fff\u3040-\uffff]+|[^A-Za-z0-9\u00c0-\u1fff\u3040-\uffff]+$/g;
const WORDS_ONLY = /^[A-Za-z\u00c0-\u1fff\u3040-\uffff\s_.,:'’/-]+$/;
const BRACKETED = /^(<[A-Za-z][^<>{}=/]*[\s_-][^<>{}=/]*>|\[[^[\]{}]*\]|\([^(){}]*\))$/;
function isPlaceholder(value) {
	const text = value.trim();
	if (text === "" || text.length > LONGEST$1 || /[\r\n]/.test(text)) return false;
	if (NO_LETTER_OR_DIGIT.test(text)) return true;
	const bare = text.replace(AROUND, "");
	if (bare.length <= 2 || WORDS.test(bare) || /^(.)\1*$/s.test(bare) || BRACKETED.test(text)) return true;
	return WORDS_ONLY.test(bare) && PHRASE.test(bare.replaceAll("_", " "));
}

// src/core/login/stored-instead.ts
const LOGIN_AGAIN = "Log in with `codex login` (ChatGPT) in a fresh CODEX_HOME and store the whole auth.json as the secret.";
const PASS_THE_FILE = "Pass the file on standard input: `gh secret set CODEX_AUTH_JSON < auth.json` (with `--env NAME` for an environment secret).";
const DECRYPT = "Decrypt it before it is stored: GitHub encrypts secrets itself.";
const ONCE$1 = `Store the file as it is, or base64 of it, encoded once. ${PASS_THE_FILE}`;
const WHOLE_LOGIN = `A login is the whole auth.json, with all its tokens. ${PASS_THE_FILE}`;
function instead(code, what, hint) {
	return new Failure(code, `In place of a login there is ${what}.`, hint);
}
const like = (pattern) => (text) => pattern.test(text);
const word = (pattern) => (text) => !/\s/.test(text) && pattern.test(text);
const everyLine = (pattern) => (text) => text.split(/\r?\n/).every((line) => /^\s*(#|$)/.test(line) || pattern.test(line));
const KINDS = [
	[
		like(/^\$\{\{.*\}\}$|^\$\{?\w+\}?$|^%\w+%$|^\$env:\w+$/is),
		"login-placeholder",
		"the name of a variable, or an expression, that nothing has replaced by its value",
		"Write the expression where GitHub evaluates it (`with:` or `env:` of a step), check its spelling, and store the file's content as the secret."
	],
	[
		like(/^(\$\(|`|<\s|<<<|@|cat\s|type\s|gh\s|codex\s|base64\s|Get-Content\s)[^\n]*$/i),
		"login-is-a-path",
		"a command or the name of a file, and not the file's content",
		PASS_THE_FILE
	],
	[
		like(/^["']?(~|\.{1,2}[\\/]|\/(?![\w+/]{60})|[A-Za-z]:[\\/]|\$\{?(HOME|CODEX_HOME)\}?[\\/]|%\w+%[\\/]|file:\/\/)[^\n{]*$|^["']?[\w .\\/-]{0,200}\.(json|toml|ya?ml|txt|b64|base64)["']?$/i),
		"login-is-a-path",
		"a path, and not the content of the file",
		PASS_THE_FILE
	],
	[
		word(/^https?:\/\//i),
		"login-is-a-path",
		"an address, and not what is found there",
		PASS_THE_FILE
	],
	[
		word(/^["']?sk-ant-/),
		"login-is-a-token",
		"an API key of Anthropic's",
		WHOLE_LOGIN
	],
	[
		word(/^["']?sk-[\w-]+["']?$/),
		"login-api-key",
		"an API key, which has nothing to refresh",
		"Pass the API key to openai/codex-action instead, or log in with ChatGPT and store that auth.json."
	],
	[
		word(/^(gh[a-z]_|github_pat_)\w+$/),
		"login-is-a-token",
		"a token of GitHub's",
		"The write token belongs in the input `secret-write-token`, from a secret of its own. `codex-auth-json` takes the auth.json."
	],
	[
		word(/^rt[_.][\w.-]+$/),
		"login-is-a-token",
		"a refresh token by itself",
		WHOLE_LOGIN
	],
	[
		word(/^(Bearer)?eyJ[\w-]+\.[\w-]+\.[\w-]*$/i),
		"login-is-a-token",
		"a single token (a JWT)",
		WHOLE_LOGIN
	],
	[
		like(/^Bearer\s+\S+$/i),
		"login-is-a-token",
		"an Authorization header",
		WHOLE_LOGIN
	],
	[
		word(/^(glpat-|xox[a-z]-|npm_|hf_|AKIA|ASIA|pypi-|dop_v1_|AIza)[\w-]{8,}$/),
		"login-is-a-token",
		"a token of another service",
		WHOLE_LOGIN
	],
	[
		like(/^-----BEGIN [A-Z ]*(PRIVATE|PUBLIC) KEY-----|^-----BEGIN CERTIFICATE-----/),
		"login-is-a-token",
		"a key or a certificate (PEM)",
		"A GitHub App's key belongs in the input `private-key`. `codex-auth-json` takes the auth.json."
	],
	[
		like(/^(age-encryption\.org\/|-----BEGIN (AGE ENCRYPTED FILE|PGP MESSAGE|CMS|PKCS7)|\$ANSIBLE_VAULT|Salted__|vault:v\d+:|ENC\[|\$sops|gpg:)/),
		"login-encrypted",
		"something encrypted",
		DECRYPT
	],
	[
		word(/^(%7B|%22|data:)/i),
		"login-encoded-twice",
		"text that is encoded for an address (percent signs, or a data URL)",
		ONCE$1
	],
	[
		(text) => text.length % 2 === 0 && /^7b([0-9a-f]{2}){19,}$/i.test(text.replace(/\s+/g, "")),
		"login-encoded-twice",
		"the file in hexadecimal",
		ONCE$1
	],
	[
		like(/^".*"$|^'.*'$/s),
		"login-encoded-twice",
		"a text in quotation marks (JSON that was encoded as JSON again, perhaps)",
		ONCE$1
	],
	[
		like(/^(export\s+|set\s+|setx\s+|declare\s+-x\s+|\$env:)?[A-Za-z_][\w-]*\s*=\s*["'`]?(\{|[A-Za-z0-9+/]{40}\S*$)/i),
		"login-not-json",
		"an assignment (`NAME=…`), and not only its value",
		`Store only what comes after the equals sign. ${PASS_THE_FILE}`
	],
	[
		like(/^(<!doctype|<html|<\?xml|<head|<body|<[a-z]+[\s>])/i),
		"login-not-json",
		"a web page or XML",
		`Look at what has produced the secret: a download that failed, or a login page. ${RIGHT_FILE}`
	],
	[
		like(/(no such file|not found|permission denied|bad credentials|is not recognized|traceback \(most recent|^error\b|^fatal:|^usage:|^cat:)/i),
		"login-not-json",
		"an error message of a command",
		`Look at what has produced the secret. ${RIGHT_FILE}`
	],
	[
		like(/^\s*\[\s*([{["\d\]]|$)/),
		"login-not-json",
		"a JSON array",
		`Store the auth.json by itself, one object in braces. ${PASS_THE_FILE}`
	],
	[
		like(/^```/),
		"login-not-json",
		"a block of Markdown (three backticks)",
		`Store only what is inside of it. ${PASS_THE_FILE}`
	],
	[
		everyLine(/^\s*(\[[\w."-]+\]|[\w."-]+\s*=\s*\S.*)$/),
		"login-not-json",
		"a list of assignments: an .env file, or a config.toml",
		RIGHT_FILE
	],
	[
		everyLine(/^\s*(---|(- )?[\w."'-]+\s*:(\s.*)?|- .*)$/),
		"login-not-json",
		"YAML",
		RIGHT_FILE
	]
];
const SHORT = 20;
const GUESSED = ["login-not-json", "login-encoded-twice"];
function describeInstead(text) {
	const beginning = text.slice(0, 2e3);
	const [, code, what, hint] = KINDS.find(([is]) => is(beginning)) ?? [];
	if (!(code !== void 0 && !GUESSED.includes(code)) && isPlaceholder(text)) return placeholder();
	if (code !== void 0 && what !== void 0 && hint !== void 0) return instead(code, what, hint);
	if (text.length < SHORT && !/[{}]/.test(text)) return placeholder();
	return embedded(text) ?? unknown(text);
}
function placeholder() {
	return instead("login-placeholder", "a placeholder", LOGIN_AGAIN);
}
function embedded(text) {
	const tokens = text.indexOf("\"tokens\"", text.indexOf("{"));
	if (!text.includes("{") || tokens < 0) return null;
	return instead("login-not-json", "a longer text with an auth.json somewhere in it", `Store only the file, from its first brace to its last. ${PASS_THE_FILE}`);
}
function unknown(text) {
	if (/\s/.test(text)) return new Failure("login-not-json", "The login is neither JSON nor base64 of JSON.", LOGIN_AGAIN);
	return new Failure("login-not-json", "The login is neither JSON nor base64 of JSON: it is one long word, a token perhaps, or something encrypted or compressed.", PASS_THE_FILE);
}

// src/core/login/auth-json-fields.ts
function demandAuthJson(json) {
	if (!isObject(json)) throw notCodex("This is not an auth.json of Codex.", LOGIN_AGAIN);
	const { auth_mode: mode, OPENAI_API_KEY: apiKey, tokens, last_refresh: lastRefresh } = json;
	if (![
		"auth_mode",
		"OPENAI_API_KEY",
		"tokens",
		"last_refresh"
	].some((field) => field in json)) throw otherProgram(json);
	if (mode === "apikey" || mode == null && typeof apiKey === "string" && apiKey !== "") throw new Failure("login-api-key", "This is an API-key login, which has nothing to refresh.", "Pass the API key to openai/codex-action instead, or log in with ChatGPT and store that auth.json.");
	if (mode != null && mode !== "chatgpt") throw new Failure("login-not-chatgpt", "This is not a ChatGPT login.", LOGIN_AGAIN);
	if (!isObject(tokens)) throw missing("login-tokens-missing", "tokens");
	demandToken(tokens.access_token, "login-access-token-missing", "tokens.access_token");
	if (!isFilled(tokens.refresh_token)) throw new Failure("login-refresh-token-missing", "The login has no refresh token: it is a working copy, or was stripped.", LOGIN_AGAIN);
	demandToken(tokens.refresh_token, "login-refresh-token-missing", "tokens.refresh_token");
	demandToken(tokens.id_token, "login-id-token-missing", "tokens.id_token");
	if (!isFilled(tokens.account_id)) throw missing("login-account-missing", "tokens.account_id (without it Codex never refreshes)");
	if (!isRfc3339(lastRefresh)) throw missing("login-last-refresh-missing", "last_refresh (without it Codex sends no token at all)");
	refuseForeignIssuer(tokens.oauth_provenance);
	return json;
}
function isFilled(value) {
	return typeof value === "string" && value.trim() !== "";
}
function demandToken(value, code, field) {
	if (!isFilled(value)) throw missing(code, field);
	if (!isPlaceholder(value)) return;
	throw new Failure(code, `In place of ${field} there is a placeholder: somebody has taken the token out of this file.`, LOGIN_AGAIN);
}
function otherProgram(json) {
	const other = describeOtherProgram(json);
	if (other === null) return notCodex("This is not an auth.json of Codex.", LOGIN_AGAIN);
	return instead("login-not-codex", other.what, other.hint);
}
function notCodex(message, hint) {
	return new Failure("login-not-codex", message, hint);
}
function refuseForeignIssuer(provenance) {
	if (!isObject(provenance) || provenance.issuer === void 0) return;
	const { issuer } = provenance;
	if (typeof issuer === "string" && (isOpenAi(issuer) || isLoopbackUrl(issuer))) return;
	throw new Failure("login-foreign-issuer", "The login names an issuer that is not OpenAI's, and Codex would send the refresh token there.", LOGIN_AGAIN);
}
function isOpenAi(url) {
	return /^https:\/\/([a-z0-9-]+\.)*(openai|chatgpt)\.com(\/|$)/.test(url);
}
function missing(code, field) {
	return new Failure(code, `The login lacks ${field}.`, LOGIN_AGAIN);
}
function isRfc3339(value) {
	return typeof value === "string" && /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
}

// src/core/login/broken-json.ts
const AGAIN = "Store the file again, unchanged: `gh secret set CODEX_AUTH_JSON < auth.json`, and never by copy and paste.";
const DAMAGES = [
	[
		"has typographic quotation marks (“ ”), as a chat or a word processor writes them",
		(text) => text.replace(/[\u201c-\u201f\u00ab\u00bb\uff02]/g, "\""),
		AGAIN
	],
	[
		"has invisible characters in it, as a web page or a chat adds them",
		(text) => text.replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u2064\u00ad\ufeff]/g, "").replace(/[\u00a0\u2007\u202f\u3000]/g, " "),
		AGAIN
	],
	[
		"is escaped: there is a backslash before each quotation mark",
		(text) => text.replaceAll("\\n", "\n").replaceAll("\\\"", "\""),
		"Store the file as it is, not as a string in JSON, YAML or a shell."
	],
	[
		"has HTML entities (`&quot;`) in it",
		(text) => text.replace(/&(quot|#34|#x22);/gi, "\"").replace(/&amp;/gi, "&"),
		AGAIN
	],
	[
		"is in single quotation marks, as Python prints it",
		(text) => text.replaceAll("'", "\"").replace(/\bNone\b/g, "null"),
		AGAIN
	],
	[
		"has line breaks inside its tokens, as a copy from a terminal has",
		(text) => text.replace(/[\r\n]+\s*/g, ""),
		AGAIN
	],
	[
		"has a comma too many",
		(text) => text.replace(/,(\s*[}\]])/g, "$1"),
		AGAIN
	]
];
function describeBrokenJson(text) {
	const found = DAMAGES.find(([, undo]) => undo(text) !== text && isJson(undo(text))) ?? bothDamages(text);
	if (found) return new Failure("login-not-json", `The login is not valid JSON: it ${found[0]}.`, found[2]);
	if (isTwice(text)) return new Failure("login-not-json", "The login is not valid JSON: there are two objects in it, or something follows the file.", "Store one auth.json, and nothing else.");
	if (/^\{\s*\w+\s*:/.test(text)) return new Failure("login-not-json", "The login is not valid JSON: its quotation marks are gone, as a shell takes them away.", AGAIN);
	if (text.endsWith("}")) return new Failure("login-not-json", "The login is not valid JSON.", LOGIN_AGAIN);
	return new Failure("login-truncated", "The login breaks off before its end.", "Store the whole auth.json again; a kill while an old Codex was writing leaves such a file.");
}
function bothDamages(text) {
	const all = DAMAGES.slice(0, 2).reduce((repaired, [, undo]) => undo(repaired), text);
	return all !== text && isJson(all) ? DAMAGES[0] : void 0;
}
function isTwice(text) {
	const end = endOfObject(text);
	return end < text.length && isJson(text.slice(0, end));
}
function endOfObject(text) {
	let depth = 0;
	let inString = false;
	for (let index = 0; index < text.length; index++) {
		const character = text[index];
		if (inString && character === "\\") index++;
		else if (character === "\"") inString = !inString;
		else if (!inString && character === "{") depth++;
		else if (!inString && character === "}" && --depth === 0) return index + 1;
	}
	return text.length;
}
function isJson(text) {
	try {
		return isObject(JSON.parse(text));
	} catch {
		return false;
	}
}

// src/core/login/secret-text.ts
const MAXIMUM_SECRET_BYTES = 45e3;
function readSecretText(content) {
	if (content.trim() === "") throw new Failure("login-empty", "The login is empty.", LOGIN_AGAIN);
	if (Buffer.byteLength(content) > 45e3) throw new Failure("login-too-large", `The login is larger than ${MAXIMUM_SECRET_BYTES} bytes, more than a secret can hold when it is written back.`, "An auth.json has 4 to 6 kB: check that the secret holds this file and nothing else.");
	if (/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)|^\s*\S?\0/.test(content)) throw byteOrderMark();
	const trimmed = content.trim();
	if (trimmed.startsWith("{")) return {
		json: parseJson(trimmed),
		encoding: "json"
	};
	const compact = trimmed.replace(/\s+/g, "");
	const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? Buffer.from(compact, "base64") : null;
	if (bytes === null) throw describeInstead(trimmed);
	if (/^(efbbbf|fffe|feff)|^(..)?00/.test(bytes.subarray(0, 3).toString("hex"))) throw byteOrderMark();
	const text = bytes.toString("utf8").trim();
	if (text.startsWith("{")) return {
		json: parseJson(text),
		encoding: "base64"
	};
	throw describeBase64(trimmed, bytes, text);
}
const OPENSSL = "53616c7465645f5f";
const COMPRESSED = /^(1f8b|504b0304|425a68|fd377a58|28b52ffd)/;
const ONCE = "Store the file as it is, or base64 of it, encoded once.";
function describeBase64(content, bytes, text) {
	const magic = bytes.subarray(0, 8).toString("hex");
	if (magic === OPENSSL) return instead("login-encrypted", "something that OpenSSL has encrypted", "Decrypt it before it is stored: GitHub encrypts secrets itself.");
	if (COMPRESSED.test(magic)) return instead("login-encoded-twice", "base64 of a compressed file", ONCE);
	if (!(text !== "" && [...text].every((character) => character >= " " ? character !== "�" : /\s/.test(character)))) return describeInstead(content);
	if (/^ey[A-Za-z0-9+/\s]+={0,2}$/.test(text) && Buffer.from(text, "base64").toString("utf8").startsWith("{")) return instead("login-encoded-twice", "base64 of base64", ONCE);
	const { code, message, hint } = describeInstead(text);
	return new Failure(code, message.replace("there is ", "there is, in base64, "), hint);
}
function byteOrderMark() {
	return new Failure("login-byte-order-mark", "The login is UTF-16, or begins with a byte order mark, and Codex can read neither.", "Store the file again as UTF-8 without BOM (in PowerShell, `Set-Content -Encoding utf8NoBOM`).");
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		throw describeBrokenJson(text);
	}
}

// src/core/login/auth-json.ts
var AuthJson = class AuthJson {
	#json;
	encoding;
	accountId;
	accessToken;
	refreshToken;
	idToken;
	lastRefresh;
	accessTokenExpiresAt;
	accessTokenIssuedAt;
	constructor(json, encoding) {
		const { tokens } = json;
		this.#json = json;
		this.encoding = encoding;
		this.accountId = textOf(tokens.account_id);
		this.accessToken = new Secret(textOf(tokens.access_token));
		this.refreshToken = new Secret(textOf(tokens.refresh_token));
		this.idToken = new Secret(textOf(tokens.id_token));
		this.lastRefresh = textOf(json.last_refresh);
		const claims = jwtClaims(this.accessToken.reveal());
		this.accessTokenExpiresAt = expiryOf(claims, this.lastRefresh);
		this.accessTokenIssuedAt = secondsOf(claims.iat) ?? dateOf(this.lastRefresh);
	}
	static parse(content) {
		const { json, encoding } = readSecretText(content);
		return new AuthJson(demandAuthJson(json), encoding);
	}
	static read(content) {
		try {
			const trimmed = content.trim();
			const isJson = trimmed.startsWith("{");
			const json = JSON.parse(isJson ? trimmed : Buffer.from(trimmed, "base64").toString("utf8"));
			if (!isObject(json) || !isObject(json.tokens)) return null;
			if (!isFilled(json.tokens.access_token) || !isFilled(json.tokens.refresh_token)) return null;
			return new AuthJson(json, isJson ? "json" : "base64");
		} catch {
			return null;
		}
	}
	salvage(text) {
		const find = (name) => new RegExp(`"${name}"\\s*:\\s*"([^"\\\\\\s]+)"`).exec(text)?.[1] ?? null;
		const refreshToken = find("refresh_token");
		if (refreshToken === null || refreshToken === this.refreshToken.reveal()) return null;
		const tokens = {
			...this.#json.tokens,
			refresh_token: refreshToken,
			access_token: find("access_token") ?? this.accessToken.reveal()
		};
		return new AuthJson({
			...this.#json,
			tokens
		}, this.encoding);
	}
	isOfOtherAccount(other) {
		return this.accountId !== "" && other.accountId !== "" && this.accountId !== other.accountId;
	}
	isSameGeneration(other) {
		return this.refreshToken.equals(other.refreshToken) && this.accessToken.equals(other.accessToken);
	}
	get generation() {
		return fingerprint(`${endOf(this.refreshToken)}\n${endOf(this.accessToken)}`);
	}
	get tokens() {
		return [
			this.refreshToken,
			this.accessToken,
			this.idToken
		];
	}
	whole() {
		return new Secret(`${JSON.stringify(this.#json, null, 2)}\n`);
	}
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
		return new AuthJson({
			...this.#json,
			tokens
		}, this.encoding);
	}
	line() {
		return new Secret(JSON.stringify(this.#json));
	}
	content(encoding) {
		const line = JSON.stringify(this.#json);
		return new Secret(encoding === "base64" ? Buffer.from(line).toString("base64") : line);
	}
};
function endOf(token) {
	return token.reveal().slice(-64);
}
function readWorkingCopy(text) {
	let json;
	try {
		json = JSON.parse(text);
	} catch {
		return null;
	}
	const tokens = isObject(json) && isObject(json.tokens) ? json.tokens : null;
	if (!tokens || !isObject(json) || !isFilled(tokens.access_token) || !isFilled(json.last_refresh)) return null;
	const claims = jwtClaims(tokens.access_token);
	if (secondsOf(claims.exp) === null && Number.isNaN(Date.parse(json.last_refresh))) return null;
	const accessTokenExpiresAt = expiryOf(claims, json.last_refresh);
	return {
		refreshToken: new Secret(isFilled(tokens.refresh_token) ? tokens.refresh_token : ""),
		accessTokenExpiresAt
	};
}
function textOf(value) {
	return typeof value === "string" ? value : "";
}

// src/core/login/encodings.ts
const WIDTHS = [76, 64];
const SHORTEST = 20;
function partsOf(token) {
	return token.split(".").filter((part) => part.length >= SHORTEST && part !== token);
}
function alignedForms(tokens) {
	const forms = [];
	for (const token of tokens.map((text) => Buffer.from(text))) for (const alignment of [
		0,
		1,
		2
	]) {
		const length = token.length - alignment;
		if (length < SHORTEST) continue;
		const end = alignment + length - length % 3;
		forms.push(token.toString("base64", alignment, end), token.toString("base64url", alignment, end));
	}
	return forms.filter((form) => form.length >= SHORTEST);
}
function lineForms(file, tokens) {
	const bytes = Buffer.from(file);
	const whole = bytes.toString("base64");
	const forms = [];
	for (const token of tokens) {
		const start = token === "" ? -1 : bytes.indexOf(token);
		if (start < 0) continue;
		const first = Math.floor(start * 4 / 3);
		const end = Math.ceil((start + Buffer.byteLength(token)) * 4 / 3);
		for (const width of WIDTHS) for (let line = first - first % width; line < end; line += width) forms.push(whole.slice(line, line + width));
	}
	return forms.filter((form) => form.length >= SHORTEST);
}

// src/login/read-login.ts
function readHanded(secret, log, hidden = secretsOf) {
	if (secret === null) throw new Failure("secret-empty", "The input `codex-auth-json` is empty.", "Likely causes: this run comes from a fork or from Dependabot, which get no secrets; the job does not name the `environment:` that holds the secret; or the secret has not been seeded yet.");
	try {
		const document = AuthJson.parse(secret.reveal());
		log.mask(...linesOf(secret), ...hidden(document));
		return document;
	} catch (error) {
		const document = error instanceof Failure && hasMark(error.code, "tolerated") ? AuthJson.read(secret.reveal()) : null;
		if (!(error instanceof Failure) || document === null) {
			log.mask(...linesOf(secret));
			throw error;
		}
		log.mask(...linesOf(secret), ...hidden(document));
		log.warning(`The login is written in a form that this version does not know: ${error.message} It is used as it is.`);
		return document;
	}
}
function linesOf(secret) {
	return secret.reveal().split(/[\r\n]+/).filter(looksLikeCredential).map((line) => new Secret(line.trim()));
}
function readHandedAgain(secret, log) {
	return readHanded(secret, log, maskableTokens);
}
const SHORTEST_TOKEN = 8;
const TOKEN = /[\w.~+/-]{40,}/g;
function readWhatIsLeft(secret, log) {
	if (secret === null) return null;
	try {
		return readHanded(secret, log);
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		log.mask(...[...secret.reveal().matchAll(TOKEN)].map(([token]) => new Secret(token)));
		log.info(`The secret holds no usable login: ${error.message}`);
		return null;
	}
}
function maskTokens(document, log) {
	log.mask(...secretsOf(document));
}
function maskableTokens({ tokens }) {
	return tokens.filter((token) => token.reveal().length >= SHORTEST_TOKEN);
}
function secretsOf(document) {
	const tokens = document.tokens.map((token) => token.reveal());
	const files = [
		document.withheld().reveal(),
		document.whole().reveal(),
		...tokens
	];
	const forms = [
		...alignedForms(tokens),
		...files.flatMap((file) => lineForms(file, tokens)),
		...tokens.flatMap(partsOf)
	];
	return [
		...maskableTokens(document),
		document.content("base64"),
		...[...new Set(forms)].map((form) => new Secret(form))
	];
}

// src/core/text/duration.ts
const UNIT_MS = {
	s: 1e3,
	m: 6e4,
	h: 36e5,
	d: 864e5
};
function parseDurationMs(text, input) {
	const match = /^(\d{1,6})\s*([smhd])$/.exec(text.trim());
	if (!match) throw new Failure("input-invalid", `The input \`${input}\` is not a duration.`, "Write a number and a unit: 90s, 30m, 72h or 10d.");
	return Number(match[1]) * UNIT_MS[match[2]];
}
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

// src/action/inputs.ts
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
		writeCredential: writeCredentialInput(secret("secret-write-token"), text("client-id"), secret("private-key")),
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
		codexApps: flag("codex-apps"),
		shell: get("shell") || "bash",
		workingDirectory: text("working-directory"),
		codexHome: text("codex-home"),
		codexEnvironment: parseCodexEnvironment(get("codex-env")),
		handoff: choice("handoff", ["cache", "off"]),
		concurrencyCheck: choice("concurrency-check", [
			"warn",
			"fail",
			"off"
		]),
		allowPublicRepository: flag("allow-public-repository"),
		allowUsers: allowedUsers(get("allow-users")),
		allowBots: flag("allow-bots"),
		alertIssue: flag("alert-issue"),
		homeLifetime: choice("home-lifetime", ["ephemeral", "persistent"]),
		reseed: flag("reseed"),
		expectedAccountId: text("expected-account-id")
	};
	if (inputs.homeLifetime === "persistent") refuseWhatAHostCannot(inputs);
	if (inputs.protectAuth === "enforced" && inputs.sandbox === "danger-full-access") throw new Failure("input-invalid", "`protect-auth: enforced` does not go with `sandbox: danger-full-access`: Codex refuses to run without a sandbox where one is enforced.", "Use `sandbox: workspace-write` or `read-only`, or `protect-auth: profile`, which protects nothing without a sandbox.");
	if (inputs.role === "borrower" && inputs.refreshToken === "present") throw new Failure("input-invalid", "`role: borrower` does not go with `refresh-token: present`.", "Remove one of the two: only a refresh job may hold the refresh token.");
	if (inputs.role === "borrower" && inputs.refresh === "force") throw new Failure("input-invalid", "With `role: borrower` nothing is refreshed, so `refresh: force` has no meaning.", "Use `role: keeper`.");
	if (inputs.role === "borrower" && inputs.reseed) throw new Failure("input-invalid", "With `role: borrower` the secret is never written, so `reseed: true` has no meaning.", "Use `role: keeper`.");
	return inputs;
}
function mayRefresh(inputs) {
	if (inputs.homeLifetime === "persistent") return false;
	return inputs.role === "keeper" && (inputs.refresh !== "never" || inputs.refreshToken === "present");
}
function secretValues(inputs) {
	const { writeCredential } = inputs;
	const own = writeCredential.kind === "token" ? [writeCredential.token] : writeCredential.kind === "app" ? [writeCredential.privateKey] : [];
	return [inputs.secret, ...own].filter((value) => value !== null);
}
function allowedUsers(list) {
	const names = list.split(",").map((name) => name.trim()).filter((name) => name !== "");
	if (names.length === 1 && names[0] === "*" || names.every((name) => /^[\w-]+(\[bot\])?$/.test(name))) return names;
	throw new Failure("input-invalid", "The input `allow-users` is no list of GitHub logins.", "Write logins without @, with commas between them, or `*` alone for everybody.");
}
function secretName(name) {
	if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
	throw new Failure("input-invalid", "The input `secret-name` is not a secret's name.", "Use letters, digits and underscores, as in the repository's settings.");
}
function refuseWhatAHostCannot(inputs) {
	if (inputs.codexHome === null) throw new Failure("input-invalid", "`home-lifetime: persistent` needs `codex-home`: a directory of this host that outlives the job.", "For example `codex-home: /opt/svc/.codex`.");
	if (inputs.reseed || inputs.refresh === "force") throw new Failure("input-invalid", "`home-lifetime: persistent` goes neither with `reseed` nor with `refresh: force`.", "On the host itself: `codex-auth-roundtrip host seed` and `codex-auth-roundtrip host refresh`.");
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
	if (version === null || /^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/.test(version)) return version;
	throw new Failure("input-invalid", "The input `codex-version` is not a version.", "Write one exactly, such as 0.169.0.");
}
function writeCredentialInput(token, clientId, privateKey) {
	if (token && (clientId || privateKey)) throw new Failure("write-token-invalid", "Both `secret-write-token` and a GitHub App are given.", "Keep one of them: `secret-write-token`, or `client-id` with `private-key`.");
	if (token) return {
		kind: "token",
		token
	};
	if (clientId && privateKey) return {
		kind: "app",
		clientId,
		privateKey
	};
	if (clientId || privateKey) throw new Failure("write-token-invalid", `The GitHub App lacks its ${clientId ? "`private-key`" : "`client-id`"}.`, "Pass both, and check that the secret is visible to this job: a job without `environment:` sees no environment secret.");
	return { kind: "none" };
}

// src/core/environment/steering.ts
const STEERING = /^((\w+_)?(NO_?)?PROXY|(NODE|SSL_CERT|OPENSSL|LD|DYLD)_\w+|CODEX_CA_CERTIFICATE|GCONV_PATH)$/;
const HARMLESS = /* @__PURE__ */ new Set([
	"NODE_ENV",
	"NODE_VERSION",
	"NODE_AUTH_TOKEN"
]);
function steers(name) {
	const upper = name.toUpperCase();
	return !HARMLESS.has(upper) && STEERING.test(upper);
}
function changedSteering(before, now) {
	return [.../* @__PURE__ */ new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => steers(name) && (before[name] ?? null) !== (now[name] ?? null)).sort();
}

// src/core/host/record.ts
function hostRecordPath(home) {
	return (0, node_path.join)(home, ".codex-auth-roundtrip-host.json");
}
function hostLockPath(home) {
	return (0, node_path.join)(home, ".codex-auth-roundtrip-host.lock");
}
function parseHostRecord(text) {
	if (text === null) return null;
	try {
		const { lastProof, dead } = JSON.parse(text);
		return {
			lastProof: readProof(lastProof),
			dead: readDead(dead)
		};
	} catch {
		return null;
	}
}
function readProof(value) {
	const { at, by, login } = value ?? {};
	if (typeof at !== "string" || typeof login !== "string") return null;
	return by === "exec" || by === "app-server" ? {
		at,
		by,
		login
	} : null;
}
function readDead(value) {
	const { at, code, login } = value ?? {};
	if (typeof at !== "string" || typeof code !== "string" || typeof login !== "string") return null;
	return {
		at,
		code,
		login
	};
}

// src/action/phase-state.ts
const PATHS = [
	"PATH",
	"HOME",
	"TMPDIR"
];
function captureEnvironment(environment) {
	const steering = Object.entries(environment).filter(([name]) => steers(name));
	return {
		...Object.fromEntries(steering.map(([name, value]) => [name, value ?? null])),
		...pathsOf(environment)
	};
}
function recaptureEnvironment(captured, environment) {
	return {
		...captured,
		...pathsOf(environment)
	};
}
function pathsOf(environment) {
	return Object.fromEntries(PATHS.map((name) => [name, environment[name] ?? null]));
}
function saveSession(channel, session) {
	channel.saveState("session", JSON.stringify(session));
}
function forgetSession(channel) {
	channel.saveState("session", "");
}
function loadSession(channel) {
	return parseChecked(channel.state("session"), SESSION);
}
async function believeSession({ channel, files, inputs, context: { temporaryDirectory } }) {
	const session = loadSession(channel);
	if (session === null) return null;
	const { base, home, place, hostLock } = session;
	if (base !== (hostLock ? hostBaseDirectory(temporaryDirectory, place.secretName) : baseDirectory(temporaryDirectory, place)) || hostLock && hostLock.path !== hostLockPath(home)) return null;
	const hasInputs = inputs.secret !== null || inputs.homeLifetime === "persistent";
	const agrees = place.secretName === inputs.secretName && place.environment === inputs.environment && home === homeDirectory(inputs.codexHome, base);
	if (hasInputs && !agrees) return null;
	return session.mark === (await readMark(files, base))?.mark ? session : null;
}
const SESSION = fields({
	base: isText,
	mark: isText,
	home: isText,
	place: fields({
		secretName: (name) => typeof name === "string" && /^\w+$/.test(name),
		environment: orNull(isText)
	}),
	ownsHome: isTruth,
	refreshToken: oneOf("withheld", "present"),
	madeConfig: isTruth,
	written: orNull(isText),
	beganMonotonicMs: isNumber,
	madeRequirements: isTruth,
	hostLock: orNull(fields({
		path: isText,
		content: isText,
		by: oneOf("this-step", "earlier-step")
	})),
	environment: (value) => typeof value === "object" && value !== null && Object.values(value).every(orNull(isText))
});

// src/core/failure/public-reseed.ts
function refusePublicReseed() {
	throw new Failure("public-repository", "`reseed: true` prints a one-time code into the log, and everybody reads the log of a public repository.", "Log in on a machine of your own and store that auth.json with `gh secret set`.");
}

// src/action/preflight.ts
function guard(inputs, context) {
	if (inputs.reseed) guardReseed(context);
	if (context.visibility === "public") refusePublic(inputs);
	if (context.eventName === "pull_request_target" && inputs.role === "keeper") throw new Failure("pull-request-target", "A refresh job does not run on `pull_request_target`: strangers' code would run beside the write token.", "Refresh on `push`, `schedule` or `workflow_dispatch`, or use `role: borrower`.");
	const insists = inputs.refresh === "force" || inputs.refreshToken === "present";
	if (mayRefresh(inputs) && insists && context.startedBy.kind === "anybody") {
		const input = inputs.refresh === "force" ? "`refresh: force`" : "`refresh-token: present`";
		throw new Failure("event-untrusted", `This run was started by ${eventOf(context)}, which anybody can cause, and ${input} is for runs that only writers can start.`, "Refresh on `schedule`, `push` or `workflow_dispatch`; remove the input here.");
	}
	if ((mayRefresh(inputs) || inputs.reseed) && inputs.writeCredential.kind === "none") throw new Failure("write-token-missing", "A refresh job needs a write token, and this step has none.", "Pass `secret-write-token`, or `client-id` and `private-key`; a job that only uses the login takes `role: borrower`. If you pass one, it arrived empty: check the secret's name, and that the job names its `environment:`.");
}
function withoutRefresh(inputs, { startedBy }) {
	return startedBy.kind === "anybody" && mayRefresh(inputs) ? {
		...inputs,
		role: "borrower",
		refresh: "never"
	} : inputs;
}
function eventOf({ eventName }) {
	return eventName === "" ? "an event without a name" : `\`${eventName}\``;
}
function guardReseed({ eventName, visibility }) {
	if (visibility === "public") refusePublicReseed();
	if (eventName === "workflow_dispatch") return;
	throw new Failure("input-invalid", "`reseed: true` waits for a person, so it needs a run that a person has started.", "Use it in a workflow of its own, whose only event is `workflow_dispatch`.");
}
function refusePublic(inputs) {
	if (inputs.allowPublicRepository) return;
	throw new Failure("public-repository", "This repository is public, and OpenAI says: do not use a ChatGPT login in public repositories.", "Use an API key with openai/codex-action, or set `allow-public-repository: true` if you know who can run this workflow.");
}
function environmentChange({ environment: before }, now) {
	const names = changedSteering(before, now);
	if (names.length === 0) return null;
	return new Failure("environment-changed", `A step of this job has changed where requests go, or whom they trust, so none was sent: ${names.join(", ")}.`, "Set such variables in the job's `env:`, where they stand before the first step, and not through GITHUB_ENV; or use this action before the step that sets them, as actions/setup-python does with LD_LIBRARY_PATH. If this job has refreshed the login and could not store it, dispatch the maintenance workflow now.");
}
function demandSameEnvironment(session, now) {
	const change = environmentChange(session, now);
	if (change) throw change;
}

// src/core/login/due.ts
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
function remainingMs(document, now) {
	return document.accessTokenExpiresAt.getTime() - now.getTime();
}
const CODEX_WINDOW_MS = 3e5;
function codexWouldRefresh(document, now) {
	return remainingMs(document, now) <= CODEX_WINDOW_MS;
}

// src/core/login/status.ts
function redactedStatus(document) {
	return {
		auth_mode: "chatgpt",
		last_refresh: document.lastRefresh,
		has_access_token: !document.accessToken.isEmpty,
		has_id_token: !document.idToken.isEmpty,
		has_refresh_token: !document.refreshToken.isEmpty
	};
}

// src/action/job-report.ts
function reportOf(document, rest) {
	return {
		...rest,
		accessTokenExpiresAt: document.accessTokenExpiresAt.toISOString(),
		accessTokenIssuedAt: document.accessTokenIssuedAt.toISOString(),
		status: redactedStatus(document)
	};
}
function withFailure(report, { code, message, hint }, rescue) {
	return {
		...report,
		events: [...report.events, message],
		alert: {
			code,
			message,
			hint
		},
		rescue
	};
}
function saveReport(channel, report) {
	channel.saveState("report", JSON.stringify(report));
}
const REPORT = fields({
	role: oneOf("keeper", "borrower", "host"),
	restoredFrom: oneOf("secret", "handoff", "home"),
	rotated: isTruth,
	stored: isTruth,
	accessTokenExpiresAt: isTime,
	accessTokenIssuedAt: isTime,
	status: fields({
		auth_mode: oneOf("chatgpt"),
		last_refresh: isText
	}),
	events: (events) => Array.isArray(events) && events.every(isText),
	alert: orNull(ALERT_SHAPE),
	rescue: orNull((rescue) => typeof rescue === "string" && !rescue.includes("```"))
});
function setOutputs(channel, home, report) {
	channel.setOutputs({
		"codex-home": home,
		role: report.role,
		"restored-from": report.restoredFrom,
		rotated: String(report.rotated),
		stored: String(report.stored),
		"access-token-expires-at": report.accessTokenExpiresAt,
		"last-refresh": report.status.last_refresh
	});
}

// src/action/login-due.ts
function isDue({ inputs, context, clock }, document) {
	const { refresh: policy, refreshWindowMs, minimumLifetimeMs } = inputs;
	const { branch } = context;
	return refreshDue({
		policy,
		document,
		now: clock.now(),
		refreshWindowMs,
		minimumLifetimeMs,
		branch
	});
}
function demandLifetime({ inputs, clock, log }, document) {
	const leftMs = remainingMs(document, clock.now());
	if (leftMs < inputs.minimumLifetimeMs) throw new Failure("access-token-expiring", leftMs > 0 ? `The access token is valid for only ${describeDuration(leftMs)}, less than \`minimum-lifetime\`, and this job does not refresh.` : "The access token has expired, and this job does not refresh.", "Run the maintenance workflow, then start a new run of this one.");
	log.info(`Borrowing the access token (valid ${describeDuration(leftMs)}); this job never refreshes.`);
}

// src/core/github/secret-location.ts
function describePlace(place) {
	const scope = place.environment === null ? "repository" : `environment ${place.environment} of`;
	return `secret ${place.secretName} of ${scope} ${place.owner}/${place.repository}`;
}
function secretsPath(place) {
	const repository = `/repos/${place.owner}/${place.repository}`;
	return place.environment === null ? `${repository}/actions/secrets` : `${repository}/environments/${encode(place.environment)}/secrets`;
}
function variablesPath(place) {
	return secretsPath(place).replace(/secrets$/, "variables");
}
function encode(name) {
	return encodeURIComponent(name).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
function permissionOf(place) {
	return place.environment === null ? "secrets" : "environments";
}

// src/login/rescue-command.ts
function rescueCommand(place, sealed, expectedUpdatedAt) {
	const path = `${secretsPath(place)}/${place.secretName}`.slice(1);
	return [
		`if test "$(gh api '${path}' --jq .updated_at)" = '${expectedUpdatedAt.toISOString().replace(".000Z", "Z")}'; then`,
		`  gh api --method PUT '${path}' -f key_id='${sealed.keyId}' \\`,
		`    -f encrypted_value='${sealed.encryptedValue}'`,
		"else",
		"  echo 'Nothing was changed: the secret cannot be read, or somebody has written it since.' >&2; false",
		"fi"
	].join("\n");
}
function tellRescue(log, what, command) {
	log.info(what);
	for (const line of command.split("\n")) log.info(line);
}

// src/action/tell-outcome.ts
function tellStoring(log, outcome) {
	switch (outcome.kind) {
		case "stored":
			log.info(`Stored generation ${outcome.ledger.document.generation}.`);
			return null;
		case "pending": {
			const { failure, rescue, inHandoff } = outcome;
			log.warning(`${failure.message} The refreshed login is not stored yet; post tries again. ${failure.hint} [${failure.code}]`);
			if (inHandoff) return null;
			if (rescue) tellRescue(log, "To store this job's login by hand:", rescue);
			return failure;
		}
		case "refused":
			if (outcome.rescue) tellRescue(log, "To store this job's login all the same:", outcome.rescue);
			return outcome.failure;
	}
}
function tellBorrowing({ clock, log }, { document, because }) {
	const left = describeDuration(remainingMs(document, clock.now()));
	const sentence = `${because.message} This job goes on with the access token it has, valid for ${left}. ${because.hint} [${because.code}]`;
	if (hasMark(because.code, "manual-action")) log.error(sentence);
	else log.warning(sentence);
}

// src/action/unfinished.ts
async function holdsRefreshToken(files, { home }) {
	const text = await files.read(authPath(home));
	return text !== null && readWorkingCopy(text)?.refreshToken.isEmpty === false;
}
function tellUnstoredLogin(log) {
	log.warning("The Codex home holds a login that this action did not put there. It is not stored: with `refresh-token: withheld` nothing is taken from the home. To store a login that you made, use `npx codex-auth-roundtrip seed`.");
}
async function refuseMixedModes(files, { base }) {
	if (await files.stamp(handedPath(base)) === null) return;
	throw new Failure("input-invalid", "An earlier step of this job put the whole login into the home (`refresh-token: present`), and this one withholds it.", "Give all steps of a job that use one login the same `refresh-token`.");
}

// src/action/step-login.ts
var StepLogin = class {
	#services;
	#handed;
	#session;
	#report;
	constructor(services, handed, session) {
		this.#services = services;
		this.#handed = handed;
		this.#session = session;
		this.#report = reportOf(handed, {
			role: mayRefresh(services.inputs) ? "keeper" : "borrower",
			restoredFrom: session.ownsHome ? "secret" : "home",
			rotated: false,
			stored: false,
			events: [],
			alert: null,
			rescue: null
		});
	}
	get loginPath() {
		return loginDirectory(this.#session.base);
	}
	get session() {
		return this.#session;
	}
	async settle() {
		const { inputs, clock, log } = this.#services;
		await this.#keepingState(async () => {
			const present = await this.#presentCopy();
			if (!mayRefresh(inputs)) demandLifetime(this.#services, present);
			else if (inputs.refreshToken === "present" || isDue(this.#services, present)) await this.#refresh();
			else {
				const left = describeDuration(remainingMs(present, clock.now()));
				log.info(`Nothing is due: the access token is valid for ${left}.`);
			}
		});
	}
	async takeOver(reseeded) {
		this.#report = {
			...this.#report,
			events: [...this.#report.events, "Somebody has logged in again."]
		};
		await this.#keepingState(async () => {
			this.#settleStoring(reseeded, {
				rotated: false,
				basis: this.#handed
			});
			await this.#adopt(reseeded.ledger.document);
		});
	}
	recordRequirements() {
		this.#session = {
			...this.#session,
			madeRequirements: true
		};
		this.#keepState();
	}
	recordFailure(error) {
		if (error instanceof Failure) this.#report = withFailure(this.#report, error, this.#report.rescue);
		this.#keepState();
	}
	async #presentCopy() {
		if (this.#session.ownsHome) return this.#handed;
		const text = await this.#services.files.read(authPath(this.#session.home));
		return (text === null ? null : readWorkingCopy(text)) ?? this.#handed;
	}
	async #refresh() {
		const { inputs, context } = this.#services;
		const { minimumLifetimeMs } = inputs;
		await this.#saveWhatTheHomeHolds();
		const online = await this.#goOnline();
		const { demandGuardedRefresh } = await Promise.resolve().then(() => require("./main/admission.cjs"));
		await demandGuardedRefresh(online, {
			inputs,
			visibility: context.visibility
		});
		const { refreshSection } = await Promise.resolve().then(() => require("./main/refresh-section.cjs"));
		const outcome = await refreshSection(online, {
			due: (document) => isDue(this.#services, document),
			insistence: inputs.refresh === "force" ? "forced" : "when-due",
			claimFor: inputs.refreshToken === "present" ? "whole-job" : "refresh",
			minimumLifetimeMs
		});
		await this.#settleOutcome(outcome);
	}
	#goOnline() {
		const { goOnline, environment } = this.#services;
		demandSameEnvironment(this.#session, environment);
		return goOnline(this.#session, this.#handed);
	}
	async #saveWhatTheHomeHolds() {
		const { files, log, inputs } = this.#services;
		if (!await holdsRefreshToken(files, this.#session)) return;
		if (inputs.refreshToken === "present") return this.#storeWhatChanged();
		await refuseMixedModes(files, this.#session);
		tellUnstoredLogin(log);
	}
	async #storeWhatChanged() {
		const online = await this.#goOnline();
		const { storeChangedHome } = await Promise.resolve().then(() => require("./main/store-home.cjs"));
		const found = await storeChangedHome(online, this.#session, "job-goes-on");
		if (found === null) return;
		await this.#keepingState(async () => this.#settleStoring(found, {
			rotated: true,
			basis: this.#handed
		}));
	}
	async #settleOutcome(outcome) {
		switch (outcome.kind) {
			case "borrowed": {
				const { document, because } = outcome;
				tellBorrowing(this.#services, outcome);
				const report = {
					...this.#reportFor(document, document),
					role: "borrower"
				};
				this.#report = withFailure(report, because, null);
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
				const { storing, rotated, ledger } = outcome;
				await this.#adopt(ledger.document);
				this.#settleStoring(storing, {
					rotated,
					basis: ledger.predecessor ?? this.#handed
				});
				if (this.#services.inputs.refresh === "force" && !rotated) throw notRotated();
			}
		}
	}
	#settleStoring(outcome, { rotated, basis }) {
		const stored = outcome.kind === "stored";
		const report = {
			...this.#reportFor(outcome.ledger.document, basis),
			rotated,
			stored
		};
		this.#report = stored ? report : withFailure(report, outcome.failure, outcome.rescue);
		const failure = tellStoring(this.#services.log, outcome);
		if (failure) throw failure;
	}
	async #adopt(document) {
		const { inputs, files } = this.#services;
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
	#reportFor(document, basis) {
		const { ownsHome } = this.#session;
		const fromSecret = basis.isSameGeneration(this.#handed);
		return reportOf(document, {
			...this.#report,
			restoredFrom: ownsHome ? fromSecret ? "secret" : "handoff" : "home"
		});
	}
	async #keepingState(act) {
		try {
			await act();
		} finally {
			this.#keepState();
			setOutputs(this.#services.channel, this.#session.home, this.#report);
		}
	}
	#keepState() {
		saveSession(this.#services.channel, this.#session);
		saveReport(this.#services.channel, this.#report);
	}
};
function notRotated() {
	return new Failure("refresh-not-rotated", "Codex renewed the tokens, but the refresh token did not change: `refresh: force` proves nothing this way.", "The renewed login is stored. Run again; if it stays so, see docs/troubleshooting.md.");
}

// src/action/main.ts
async function main(given) {
	const { context } = given;
	const inputs = withoutRefresh(given.inputs, context);
	const services = {
		...given,
		inputs
	};
	if (inputs.homeLifetime === "persistent") {
		await admit(given);
		return (await Promise.resolve().then(() => require("./main/host-job.cjs"))).runOnHost(services);
	}
	const { login, handed, settle } = await beginOrNotice(services, given.inputs);
	try {
		await settle();
		if (inputs.run !== null || inputs.prompt !== null || inputs.codexVersion !== null) {
			const { runJob } = await Promise.resolve().then(() => require("./main/user-job.cjs"));
			await runJob(services, login, handed);
		}
	} catch (error) {
		login.recordFailure(error);
		throw error;
	}
}
async function beginOrNotice(services, given) {
	const { inputs, channel } = services;
	try {
		await admit({
			...services,
			inputs: given
		});
		if (!inputs.reseed) return await begin(services);
		const { beginWithReseed } = await Promise.resolve().then(() => require("./main/start-reseed.cjs"));
		return await beginWithReseed(services);
	} catch (error) {
		if (error instanceof Failure) saveNotice(channel, error);
		throw error;
	}
}
async function admit(services) {
	const { inputs, context, environment, log } = services;
	const { startedBy, visibility } = context;
	guard(inputs, context);
	const usesLogin = inputs.run !== null || inputs.prompt !== null;
	const isUnknown = visibility === "unknown" && usesLogin && !inputs.allowPublicRepository;
	if (startedBy.kind === "writers" && !isUnknown) return;
	const session = await believeSession(services);
	if (session) demandSameEnvironment(session, environment);
	const { demandPrivate, demandWriters } = await Promise.resolve().then(() => require("./main/admission.cjs"));
	const asking = {
		...services,
		information: await services.runInformation()
	};
	if (isUnknown) await demandPrivate(asking);
	if (startedBy.kind === "writers") return;
	await demandWriters(asking, {
		...context,
		...startedBy
	});
	if (mayRefresh(inputs)) log.warning(`This run was started by ${eventOf(context)}, which anybody can cause: it goes on with the access token it has, and does not refresh the login.`);
}
async function begin(services) {
	const { inputs, log, environment } = services;
	const restored = await believeSession(services) ?? await (await Promise.resolve().then(() => require("./main/restore.cjs"))).restore(services);
	const handed = readHandedAgain(inputs.secret, log);
	const written = restored.ownsHome && restored.written === null ? await writeWorkingCopy(services.files, restored, handed.withheld()) : restored.written;
	const session = {
		...restored,
		written,
		environment: recaptureEnvironment(restored.environment, environment)
	};
	if (restored.ownsHome && !restored.madeConfig) await inspectConfig(services, restored);
	const login = new StepLogin(services, handed, session);
	return {
		login,
		handed,
		settle: () => login.settle()
	};
}
async function inspectConfig(services, { home, base }) {
	const { guardedPlaces, inspectOwnConfig } = await Promise.resolve().then(() => require("./main/protection.cjs")).then((n) => n.protection_exports);
	await inspectOwnConfig(services, {
		home,
		guarded: await guardedPlaces(services, {
			home,
			base,
			loginPath: loginDirectory(base)
		})
	});
}

// src/adapters/machine/clock.ts
const machineClock = {
	now: () => /* @__PURE__ */ new Date(),
	monotonicMs: () => Number(process.hrtime.bigint() / 1000000n),
	sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms))
};

// src/adapters/machine/file-operations.ts
function replaceFile(path, content, { mode, durable = false }) {
	const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
	try {
		withOpen(temporary, "wx", (file) => {
			(0, node_fs.writeFileSync)(file, content);
			if (durable) (0, node_fs.fsyncSync)(file);
		}, mode);
		(0, node_fs.renameSync)(temporary, path);
	} catch (error) {
		(0, node_fs.rmSync)(temporary, { force: true });
		throw error;
	}
}
function withOpen(path, flags, act, mode) {
	const opened = (0, node_fs.openSync)(path, flags, mode);
	try {
		return act(opened);
	} finally {
		(0, node_fs.closeSync)(opened);
	}
}
function codeOf(error) {
	const { code = "" } = error;
	return String(code);
}

// src/adapters/machine/files.ts
const MAXIMUM_MOVES = 100;
const diskFiles = {
	read: async (path) => readOrNull(path)?.toString("utf8") ?? null,
	readBytes: async (path) => readOrNull(path),
	write: async (path, content, mode) => replaceFile(path, content, { mode }),
	link: async (target, path) => {
		const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
		(0, node_fs.symlinkSync)(target, temporary);
		(0, node_fs.renameSync)(temporary, path);
	},
	moveBehindLink: async (path, target) => {
		for (let attempt = 1;; attempt++) {
			const entry = (0, node_fs.lstatSync)(path, { throwIfNoEntry: false });
			if (entry?.isSymbolicLink()) return;
			if (entry) (0, node_fs.renameSync)(path, target);
			else if (!isThere(target)) return;
			try {
				(0, node_fs.symlinkSync)((0, node_path.relative)((0, node_path.dirname)(path), target), path);
				return;
			} catch (error) {
				if (codeOf(error) !== "EEXIST") (0, node_fs.renameSync)(target, path);
				else if (attempt < MAXIMUM_MOVES) continue;
				throw error;
			}
		}
	},
	makePrivateDirectory: async (path) => {
		(0, node_fs.mkdirSync)((0, node_path.dirname)(path), { recursive: true });
		try {
			(0, node_fs.mkdirSync)(path, { mode: 448 });
			return "made";
		} catch (error) {
			if (codeOf(error) !== "EEXIST" || !isOwnDirectory(path)) throw error;
			return "existed";
		}
	},
	remove: async (path) => (0, node_fs.rmSync)(path, {
		recursive: true,
		force: true,
		maxRetries: 3
	}),
	stamp: async (path) => {
		const file = (0, node_fs.statSync)(path, {
			bigint: true,
			throwIfNoEntry: false
		});
		return file ? `${file.ino} ${file.size} ${file.mtimeNs} ${file.ctimeNs}` : null;
	},
	realpath: async (path) => isThere(path) ? node_fs.realpathSync.native(path) : null
};
function isOwnDirectory(path) {
	if (!process.getuid) return (0, node_fs.lstatSync)(path).isDirectory();
	const uid = process.getuid();
	try {
		return withOpen(path, node_fs.constants.O_RDONLY | node_fs.constants.O_DIRECTORY | node_fs.constants.O_NOFOLLOW, (directory) => {
			if ((0, node_fs.fstatSync)(directory).uid !== uid) return false;
			(0, node_fs.fchmodSync)(directory, 448);
			return true;
		});
	} catch (error) {
		if ([
			"ENOTDIR",
			"ELOOP",
			"EACCES"
		].includes(codeOf(error))) return false;
		throw error;
	}
}
function isThere(path) {
	try {
		return (0, node_fs.statSync)(path, { throwIfNoEntry: false }) !== void 0;
	} catch (error) {
		if (codeOf(error) === "ENOTDIR") return false;
		throw error;
	}
}
function readOrNull(path) {
	if (!isThere(path)) return null;
	try {
		return (0, node_fs.readFileSync)(path);
	} catch (error) {
		if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return null;
		throw error;
	}
}

// src/adapters/runner/cancellation.ts
function watchCancellation() {
	let requested = false;
	for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {
		requested = true;
	});
	return { requested: () => requested };
}

// src/core/text/escape.ts
const TERMINAL_SEQUENCES = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u001b\u009b]\[?[0-?]*[ -/]*[@-~]?/g;
const INVISIBLE = "[\\p{Cc}\\p{Cf}\\p{DI}\\u2028\\u2029]+";
const LONGEST = 500;
function oneLine(text) {
	if (/^[ -~]*$/.test(text) && !text.includes("::") && !text.includes("##[")) return text;
	return text.replace(TERMINAL_SEQUENCES, "").replace(new RegExp(INVISIBLE, "gu"), " ").replace(/^([\s\u0085]*):(?=:)/, "$1: ").replaceAll("##[", "## [");
}
function foreign(text) {
	const line = oneLine(text).replaceAll("`", "'").trim();
	const shown = [...line].slice(0, LONGEST).join("");
	return `\`${shown === line ? line : `${shown}\u2026`}\``;
}

// src/adapters/runner/log.ts
const STANDARD_OUTPUT = 1;
const LF = 10;
const QUOTED = /`[^`]*`|"(?:[^"\\]|\\.)*"/g;
const SHORTEST_HIDDEN = 6;
function runnerLog(writeOut) {
	const hidden = /* @__PURE__ */ new Set();
	let endMarker = null;
	let hasRelayed = false;
	let lastByte;
	const write = (bytes) => {
		lastByte = bytes.at(-1) ?? lastByte;
		writeOut(bytes);
	};
	const print = (text) => write(Buffer.from(`${text}\n`));
	const hide = (quoted) => {
		let shown = quoted;
		for (const value of hidden) if (value.length >= SHORTEST_HIDDEN) shown = shown.replaceAll(value, "***");
		return shown;
	};
	const ours = (sentence) => oneLine(hidden.size === 0 ? sentence : sentence.replace(QUOTED, hide));
	const command = (name, message) => print(line(name, ours(message)));
	return {
		info: (sentence) => print(ours(sentence)),
		warning: (sentence) => command("warning", sentence),
		error: (sentence) => command("error", sentence),
		debug: (sentence) => {
			if (endMarker === null) command("debug", sentence);
		},
		group: (title) => command("group", title),
		endGroup: () => command("endgroup", ""),
		mask: (...secrets) => {
			if (hasRelayed) throw new TypeError("Nothing is masked after foreign words were let into the log.");
			const lines = secrets.filter((secret) => !secret.isEmpty).map((secret) => line("add-mask", secret.reveal()));
			if (lines.length > 0) print(lines.join("\n"));
		},
		relay: {
			hidden,
			open: (token) => {
				hasRelayed = true;
				print(`::stop-commands::${token}`);
				endMarker = `::${token}::`;
			},
			write,
			close: () => {
				if (endMarker === null) return;
				if (lastByte !== LF) print("");
				print(endMarker);
				endMarker = null;
			}
		}
	};
}
const stepLog = runnerLog((bytes) => {
	let rest = bytes;
	while (rest.length > 0) rest = rest.subarray(writeSome(rest));
});
function line(name, message) {
	return `::${name}::${/[%\r\n]/.test(message) ? message.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A") : message}`;
}
function writeSome(bytes) {
	try {
		return (0, node_fs.writeSync)(STANDARD_OUTPUT, bytes);
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
		return 0;
	}
}

// src/core/phase-state/keys.ts
const STATE_KEYS = [
	"session",
	"critical-section",
	"report",
	"notice"
];

// src/adapters/runner/step-channel.ts
const said = {
	state: {},
	outputs: {}
};
const stepChannel = {
	saveState: (name, value) => {
		said.state[name] = value;
		append("GITHUB_STATE", { [name]: value });
	},
	state,
	setOutputs: (values) => {
		Object.assign(said.outputs, values);
		append("GITHUB_OUTPUT", values);
	},
	seal: () => {
		const all = STATE_KEYS.map((name) => [name, said.state[name] ?? state(name)]);
		const path = process.env.GITHUB_STATE;
		if (path) rewrite(path, Buffer.from(all.map(entry).join("")));
		if (Object.keys(said.outputs).length > 0) append("GITHUB_OUTPUT", { ...said.outputs }, "\n");
	},
	exportVariable: (name, value) => {
		process.env[name] = value;
		append("GITHUB_ENV", { [name]: value });
	},
	addPath: (directory) => {
		process.env.PATH = `${directory}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
		const path = process.env.GITHUB_PATH;
		if (path) (0, node_fs.appendFileSync)(path, `${directory}\n`);
	},
	writeSummary: async (markdown) => {
		const path = process.env.GITHUB_STEP_SUMMARY;
		if (path) (0, node_fs.appendFileSync)(path, markdown);
	}
};
function rewrite(path, content) {
	const present = (0, node_fs.lstatSync)(path, { throwIfNoEntry: false });
	if (present && !(present.isFile() && present.nlink === 1)) (0, node_fs.rmSync)(path, {
		recursive: true,
		force: true
	});
	const file = (0, node_fs.openSync)(path, node_fs.constants.O_RDWR | node_fs.constants.O_CREAT, 420);
	try {
		(0, node_fs.writeSync)(file, content, 0, content.length, 0);
		(0, node_fs.ftruncateSync)(file, content.length);
	} finally {
		(0, node_fs.closeSync)(file);
	}
}
function state(name) {
	return process.env[`STATE_${name}`] ?? "";
}
function append(file, values, before = "") {
	const path = process.env[file];
	if (path) (0, node_fs.appendFileSync)(path, before + Object.entries(values).map(entry).join(""));
}
function entry([name, value]) {
	if (!/[\r\n]/.test(value)) return `${name}=${value}\n`;
	let delimiter = "END";
	while (value.includes(delimiter)) delimiter += "_END";
	return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

// src/core/github/trigger.ts
const WRITERS_CAUSE = /* @__PURE__ */ new Set([
	"schedule",
	"push",
	"workflow_dispatch",
	"repository_dispatch",
	"merge_group",
	"release",
	"create",
	"delete",
	"deployment",
	"deployment_status",
	"registry_package",
	"branch_protection_rule"
]);
function whoStarted({ eventName, repository, actors, payload }) {
	const event = fieldsOf(payload);
	const run = fieldsOf(event.workflow_run);
	const isHere = (where) => String(fieldsOf(where).full_name).toLowerCase() === repository.toLowerCase();
	const ours = (name, head) => WRITERS_CAUSE.has(String(name)) || name === "pull_request" && isHere(head);
	if (eventName === "workflow_run" ? isHere(run.head_repository) && ours(run.event, run.head_repository) : ours(eventName, fieldsOf(fieldsOf(event.pull_request).head).repo)) return { kind: "writers" };
	const named = [
		event.sender,
		run.actor,
		run.triggering_actor
	].map((who) => fieldsOf(who).login);
	const logins = [...actors, ...named].filter((login) => typeof login === "string" && login !== "");
	return {
		kind: "anybody",
		actors: [...new Set(logins)]
	};
}
const TRUSTED_BOTS = /* @__PURE__ */ new Set(["dependabot[bot]", "github-actions[bot]"]);
function isAllowed(actor, { allowUsers, allowBots }) {
	const login = actor.toLowerCase();
	if (allowBots && TRUSTED_BOTS.has(login)) return true;
	return allowUsers.some((allowed) => allowed === "*" || allowed.toLowerCase() === login);
}

// src/action/run-context.ts
function readRunContext(environment, eventPayload) {
	const need = (name) => {
		const value = environment[name];
		if (value) return value;
		throw new Failure("input-invalid", `The variable ${name} is not set.`, "This program runs as a step of GitHub Actions.");
	};
	const [owner = "", repository = ""] = need("GITHUB_REPOSITORY").split("/");
	const payload = readPayload(eventPayload);
	const event = repositoryIn(payload);
	const eventName = environment.GITHUB_EVENT_NAME ?? "";
	const isDefault = eventName === "schedule" || isDefaultBranch(environment.GITHUB_REF, event);
	return {
		owner,
		repository,
		repositoryId: need("GITHUB_REPOSITORY_ID"),
		runId: need("GITHUB_RUN_ID"),
		runAttempt: Number(environment.GITHUB_RUN_ATTEMPT || "1"),
		job: need("GITHUB_JOB"),
		trackingId: environment.RUNNER_TRACKING_ID ?? "",
		runnerName: environment.RUNNER_NAME ?? "",
		eventName,
		startedBy: whoStarted({
			eventName,
			repository: `${owner}/${repository}`,
			actors: [environment.GITHUB_ACTOR, environment.GITHUB_TRIGGERING_ACTOR],
			payload
		}),
		branch: isDefault ? "default" : "other",
		ref: isDefault ? "default" : environment.GITHUB_REF ?? "",
		visibility: typeof event.private === "boolean" ? event.private ? "private" : "public" : "unknown",
		workspace: environment.GITHUB_WORKSPACE ?? null,
		temporaryDirectory: need("RUNNER_TEMP"),
		apiUrl: environment.GITHUB_API_URL || "https://api.github.com",
		serverUrl: environment.GITHUB_SERVER_URL || "https://github.com"
	};
}
function placeOf({ owner, repository, repositoryId }, { environment, secretName }) {
	return {
		owner,
		repository,
		repositoryId,
		environment,
		secretName
	};
}
function jobIdentity({ runId, runAttempt, job, trackingId }) {
	return `run ${runId} attempt ${runAttempt} job ${job} ${trackingId}`;
}
function isDefaultBranch(ref, { default_branch: branch }) {
	return typeof branch === "string" && ref === `refs/heads/${branch}`;
}
function readPayload(text) {
	try {
		return JSON.parse(text ?? "");
	} catch {
		return null;
	}
}
function repositoryIn(payload) {
	return payload?.repository ?? {};
}

// src/entry/step.ts
const UNSETTLED = 13;
let exitCode = 0;
function takeInputs() {
	return readInputs(given);
}
const FOR_POST = /* @__PURE__ */ new Set([
	...SECRET_INPUTS,
	"secret-name",
	"environment",
	"codex-home",
	"client-id",
	"github-token"
]);
function contextOfStep() {
	return readRunContext(process.env, readEventPayload());
}
function readEventPayload() {
	try {
		return (0, node_fs.readFileSync)(process.env.GITHUB_EVENT_PATH ?? "", "utf8");
	} catch {
		return null;
	}
}
function failStep(error) {
	stepLog.relay.close();
	exitCode = 1;
	if (error instanceof Failure) stepLog.error(`${error.message} ${error.hint} [${error.code}]`);
	else stepLog.error(`This is a bug of codex-auth-roundtrip: \`${describe(error).replaceAll("`", "'")}\``);
}
function describe(error) {
	return error instanceof Error ? error.stack ?? error.message : String(error);
}
async function runPhase(phase, end) {
	catchEverything();
	process.exitCode = UNSETTLED;
	try {
		await phase();
	} catch (error) {
		failStep(error);
	}
	end();
}
function catchEverything() {
	for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => {
		failStep(error);
		endPhase();
	});
	process.removeAllListeners("warning");
}
function endPhase() {
	try {
		stepChannel.seal();
	} catch (error) {
		failStep(error);
	}
	endProcess();
}
function endProcess() {
	process.exit(exitCode);
}

// src/core/codex/command-environment.ts
const ORDINARY = [
	"PATH HOME USER LOGNAME SHELL PWD OLDPWD SHLVL TERM COLORTERM NO_COLOR FORCE_COLOR COLUMNS LINES",
	"LANG LANGUAGE LC_* TZ TMPDIR TMP TEMP XDG_* CI CODEX_HOME",
	"CODEX_CI CODEX_SANDBOX CODEX_SANDBOX_NETWORK_DISABLED CODEX_THREAD_ID",
	"GITHUB_ACTION GITHUB_ACTIONS GITHUB_ACTION_PATH GITHUB_ACTION_REF GITHUB_ACTION_REPOSITORY GITHUB_ACTOR",
	"GITHUB_ACTOR_ID GITHUB_API_URL GITHUB_BASE_REF GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_GRAPHQL_URL",
	"GITHUB_HEAD_REF GITHUB_JOB GITHUB_REF GITHUB_REF_NAME GITHUB_REF_PROTECTED GITHUB_REF_TYPE GITHUB_REPOSITORY",
	"GITHUB_REPOSITORY_ID GITHUB_REPOSITORY_OWNER GITHUB_REPOSITORY_OWNER_ID GITHUB_RETENTION_DAYS",
	"GITHUB_RUN_ATTEMPT GITHUB_RUN_ID GITHUB_RUN_NUMBER GITHUB_SERVER_URL GITHUB_SHA GITHUB_TRIGGERING_ACTOR",
	"GITHUB_WORKFLOW GITHUB_WORKFLOW_REF GITHUB_WORKFLOW_SHA GITHUB_WORKSPACE",
	"RUNNER_ARCH RUNNER_DEBUG RUNNER_ENVIRONMENT RUNNER_NAME RUNNER_OS RUNNER_TEMP RUNNER_TOOL_CACHE",
	"RUNNER_TRACKING_ID RUNNER_WORKSPACE ImageOS ImageVersion AGENT_TOOLSDIRECTORY",
	"ANDROID_HOME ANDROID_SDK_ROOT ANDROID_NDK ANDROID_NDK_HOME ANDROID_NDK_ROOT ANDROID_NDK_LATEST_HOME ANT_HOME",
	"BUN_INSTALL BUNDLE_GEMFILE BUNDLE_PATH CARGO_HOME CARGO_INCREMENTAL CARGO_TERM_COLOR CHROME_BIN CHROMEWEBDRIVER",
	"CONDA CONDA_PREFIX DENO_DIR DOTNET_ROOT DOTNET_ROOT_* EDGEWEBDRIVER GECKOWEBDRIVER GEM_HOME GEM_PATH GOBIN",
	"GOCACHE GOFLAGS GOMODCACHE GOPATH GOROOT GOROOT_* GOTOOLCHAIN GRADLE_HOME HOMEBREW_CELLAR HOMEBREW_PREFIX",
	"HOMEBREW_REPOSITORY JAVA_HOME JAVA_HOME_* LD_LIBRARY_PATH M2_HOME MAVEN_HOME NODE_ENV NODE_OPTIONS NODE_PATH",
	"NODE_VERSION NVM_DIR PIPX_BIN_DIR PIPX_HOME PKG_CONFIG_PATH PNPM_HOME POETRY_HOME PYENV_ROOT PYENV_SHELL",
	"PYENV_VIRTUALENV_INIT PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONUNBUFFERED pythonLocation Python_ROOT_DIR",
	"Python2_ROOT_DIR Python3_ROOT_DIR RBENV_ROOT RUSTFLAGS RUSTUP_HOME RUSTUP_TOOLCHAIN SDKMAN_DIR SWIFT_PATH",
	"UV_CACHE_DIR UV_PYTHON VCPKG_INSTALLATION_ROOT VIRTUAL_ENV VOLTA_HOME",
	"SSL_CERT_DIR SSL_CERT_FILE CURL_CA_BUNDLE GIT_SSL_CAINFO NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE",
	"ALLUSERSPROFILE APPDATA COMMONPROGRAMFILES COMPUTERNAME COMSPEC HOMEDRIVE HOMEPATH LOCALAPPDATA",
	"NUMBER_OF_PROCESSORS OS PATHEXT PROCESSOR_ARCHITECTURE PROGRAMDATA PROGRAMFILES PROGRAMW6432 PSMODULEPATH",
	"PUBLIC SYSTEMDRIVE SYSTEMROOT USERNAME USERPROFILE WINDIR"
].flatMap((line) => line.split(" "));
function variablesOfCommands(more) {
	return [.../* @__PURE__ */ new Set([...ORDINARY, ...more])];
}

// src/core/codex/config.ts
const PROFILE = "codex-auth-roundtrip";
const BASE_PROFILE = {
	"read-only": ":read-only",
	"workspace-write": ":workspace"
};
const ACCOUNT_FEATURES = [
	"apps",
	"plugins",
	"remote_plugin"
];
function anchorsOf(directories, writableRoots) {
	const anchors = directories.flatMap((directory) => writableRoots.flatMap((root) => {
		const inside = (0, node_path.relative)(root, directory);
		if (inside === ".." || inside.startsWith(`..${node_path.sep}`) || (0, node_path.isAbsolute)(inside)) return [];
		const [first = ""] = inside.split(node_path.sep);
		return [(0, node_path.join)(root, first)];
	}));
	return [...new Set(anchors)].sort();
}
function isBelow(root, path) {
	const inside = (0, node_path.relative)(root, path);
	return inside !== ".." && !inside.startsWith(`..${node_path.sep}`) && !(0, node_path.isAbsolute)(inside);
}
function renderConfig(rules, guarded) {
	const { sandbox, protectAuth, codexApps } = rules;
	const profile = sandbox === "danger-full-access" || protectAuth === "off" ? [] : [
		`[permissions.${PROFILE}]`,
		`extends = ${quote(BASE_PROFILE[sandbox])}`,
		"",
		`[permissions.${PROFILE}.filesystem]`,
		...filesystemRules(sandbox, guarded).map(([path, access]) => `${quote(path)} = ${quote(access)}`),
		""
	];
	const environment = protectAuth === "off" ? [] : [
		"[shell_environment_policy]",
		"ignore_default_excludes = false",
		`include_only = ${variables(rules)}`,
		""
	];
	return [
		"# Written by codex-auth-roundtrip: what the model's commands may read and see, and what Codex may use.",
		"cli_auth_credentials_store = \"file\"",
		...profile.length > 0 ? [`default_permissions = ${quote(PROFILE)}`] : [],
		"",
		...profile,
		...environment,
		...codexApps ? [] : [
			"[features]",
			...ACCOUNT_FEATURES.map((name) => `${name} = false`),
			""
		]
	].join("\n");
}
function protectionFlags(rules, guarded) {
	const { sandbox, protectAuth, codexApps } = rules;
	const isOff = protectAuth === "off";
	const unguarded = isOff || sandbox === "danger-full-access";
	const settings = [
		...unguarded ? [] : profileSettings(sandbox, guarded),
		...isOff ? [] : ["shell_environment_policy.ignore_default_excludes=false", `shell_environment_policy.include_only=${variables(rules)}`],
		...codexApps ? [] : ACCOUNT_FEATURES.map((name) => `features.${name}=false`)
	];
	return [...unguarded ? ["--sandbox", sandbox] : [], ...settings.flatMap((setting) => ["-c", setting])];
}
function pathFlags(path) {
	return ["-c", `shell_environment_policy.set.PATH=${quote(path)}`];
}
function profileSettings(sandbox, guarded) {
	const rules = filesystemRules(sandbox, guarded).map(([path, access]) => `${quote(path)}=${quote(access)}`);
	const profile = `{extends=${quote(BASE_PROFILE[sandbox])},filesystem={${rules.join(",")}}}`;
	return [`default_permissions=${quote(PROFILE)}`, `permissions.${PROFILE}=${profile}`];
}
function renderRequirements(loginDirectory, { codexApps }) {
	return [
		"# Written by codex-auth-roundtrip for one job, and removed after it.",
		"[permissions.filesystem]",
		`deny_read = [${quote(loginDirectory)}]`,
		"",
		...codexApps ? [] : [
			"[features]",
			...ACCOUNT_FEATURES.map((name) => `${name} = false`),
			""
		]
	].join("\n");
}
function filesystemRules(sandbox, { loginDirectory, anchors }) {
	return [...(sandbox === "workspace-write" ? anchors : []).map((path) => [path, "read"]), [loginDirectory, "deny"]];
}
function variables({ codexEnvironment }) {
	return `[${variablesOfCommands(Object.keys(codexEnvironment)).map(quote).join(",")}]`;
}
function quote(text) {
	return JSON.stringify(text);
}

// src/entry/trusted-path.ts
let ofJob = process.env.PATH ?? "";
let own = ofJob;
let replaceable = [];
function leaveWorkspaceOut({ workingDirectory }) {
	const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
	replaceable = (workingDirectory === null ? [workspace] : [workspace, (0, node_path.resolve)(workspace, workingDirectory)]).map(real);
	ofJob = process.env.PATH ?? "";
	own = outsideWorkspace(ofJob);
	if (own !== ofJob) process.env.PATH = own;
}
function outsideWorkspace(path) {
	const known = /* @__PURE__ */ new Map();
	return path.split(node_path.delimiter).filter(node_path.isAbsolute).filter((entry) => isOutsideWorkspace(entry, known)).join(node_path.delimiter);
}
function isOutsideWorkspace(path, known = /* @__PURE__ */ new Map()) {
	const realOf = (place) => {
		const found = known.get(place) ?? real(place);
		known.set(place, found);
		return found;
	};
	const steps = (place) => {
		const parent = (0, node_path.dirname)(place);
		return parent === place ? [place] : [...steps(parent), (0, node_path.join)(realOf(parent), (0, node_path.basename)(place))];
	};
	const leadsIn = (place) => replaceable.some((root) => isBelow(root, place));
	const place = (0, node_path.resolve)(path);
	return realOf(place) === place ? !leadsIn(place) : ![...steps(place), realOf(place)].some(leadsIn);
}
function pathOfJob() {
	const now = process.env.PATH ?? "";
	return now.endsWith(own) ? now.slice(0, now.length - own.length) + ofJob : ofJob;
}
function real(path) {
	try {
		return node_fs.realpathSync.native(path);
	} catch {
		const parent = (0, node_path.dirname)(path);
		return parent === path ? path : (0, node_path.join)(real(parent), (0, node_path.basename)(path));
	}
}

// src/entry/main.ts
runPhase(async () => {
	const cancellation = watchCancellation();
	const inputs = takeInputs();
	const context = contextOfStep();
	leaveWorkspaceOut(inputs);
	await main({
		inputs,
		context,
		files: diskFiles,
		clock: machineClock,
		log: stepLog,
		channel: stepChannel,
		environment: process.env,
		path: {
			ofJob: pathOfJob,
			outsideWorkspace
		},
		tools: async (scrubbed) => {
			const { jobTools } = await Promise.resolve().then(() => require("./main/wire-job.cjs"));
			return jobTools(scrubbed, inputs);
		},
		cancellation,
		runInformation: async () => {
			const { runInformationOf } = await Promise.resolve().then(() => require("./main/wire-online.cjs"));
			return runInformationOf(inputs, context);
		},
		hostLock: async () => (await Promise.resolve().then(() => require("./main/host-lock.cjs"))).jobHostLock,
		goOnline: async (session, handed) => {
			const { goOnline } = await Promise.resolve().then(() => require("./main/wire-online.cjs"));
			return goOnline({
				inputs,
				context,
				session,
				handed,
				cancellation
			});
		},
		reseed: async (session, handed) => {
			const { reseedOnline } = await Promise.resolve().then(() => require("./main/wire-online.cjs"));
			return reseedOnline({
				inputs,
				context,
				session,
				handed,
				cancellation
			});
		}
	});
}, endPhase);

exports.ACCOUNT_FEATURES = ACCOUNT_FEATURES;
exports.AuthJson = AuthJson;
exports.Failure = Failure;
exports.Secret = Secret;
exports.StepLogin = StepLogin;
exports.anchorsOf = anchorsOf;
exports.authPath = authPath;
exports.baseDirectory = baseDirectory;
exports.believeSession = believeSession;
exports.captureEnvironment = captureEnvironment;
exports.chooseHome = chooseHome;
exports.claimHome = claimHome;
exports.clearHome = clearHome;
exports.codeOf = codeOf;
exports.codexWouldRefresh = codexWouldRefresh;
exports.demandSameEnvironment = demandSameEnvironment;
exports.describeDuration = describeDuration;
exports.describePlace = describePlace;
exports.diskFiles = diskFiles;
exports.fields = fields;
exports.fieldsOf = fieldsOf;
exports.foreign = foreign;
exports.forgetSession = forgetSession;
exports.guardDisk = guardDisk;
exports.hasMark = hasMark;
exports.hideHostLogin = hideHostLogin;
exports.homeDirectory = homeDirectory;
exports.hostBaseDirectory = hostBaseDirectory;
exports.hostLockPath = hostLockPath;
exports.hostRecordPath = hostRecordPath;
exports.isAllowed = isAllowed;
exports.isBelow = isBelow;
exports.isLoopbackUrl = isLoopbackUrl;
exports.isNumber = isNumber;
exports.isOutsideWorkspace = isOutsideWorkspace;
exports.isText = isText;
exports.jobIdentity = jobIdentity;
exports.lastWritten = lastWritten;
exports.ledgerPath = ledgerPath;
exports.loginDirectory = loginDirectory;
exports.machineClock = machineClock;
exports.makeBase = makeBase;
exports.makeHostHome = makeHostHome;
exports.maskTokens = maskTokens;
exports.oneLine = oneLine;
exports.orNull = orNull;
exports.parseHostRecord = parseHostRecord;
exports.pathFlags = pathFlags;
exports.pathOfJob = pathOfJob;
exports.permissionOf = permissionOf;
exports.placeOf = placeOf;
exports.protectionFlags = protectionFlags;
exports.readConfig = readConfig;
exports.readHanded = readHanded;
exports.readWhatIsLeft = readWhatIsLeft;
exports.realpathOfNearest = realpathOfNearest;
exports.recaptureEnvironment = recaptureEnvironment;
exports.refusePublic = refusePublic;
exports.refusePublicReseed = refusePublicReseed;
exports.remainingMs = remainingMs;
exports.renderConfig = renderConfig;
exports.renderRequirements = renderRequirements;
exports.replaceFile = replaceFile;
exports.reportOf = reportOf;
exports.rescueCommand = rescueCommand;
exports.saveNotice = saveNotice;
exports.saveReport = saveReport;
exports.saveSession = saveSession;
exports.scrubEnvironment = scrubEnvironment;
exports.secretValues = secretValues;
exports.secretsPath = secretsPath;
exports.setOutputs = setOutputs;
exports.stepChannel = stepChannel;
exports.stepLog = stepLog;
exports.variablesPath = variablesPath;
exports.withOpen = withOpen;
exports.writeConfig = writeConfig;
exports.writeWorkingCopy = writeWorkingCopy;