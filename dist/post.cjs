"use strict";

Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
let node_path = require("node:path");
let node_fs = require("node:fs");

// src/core/claim/claim.ts
const VERSION = 1;
const CLAIM_WORK_MS = 48e4;
const CLAIM_LIFETIME_MS = 6e5;
function isClaimName(name) {
	return /^CODEX_AUTH_CLAIM_[0-9A-F]{20}(_R[1-9])?$/.test(name.toUpperCase());
}
function writeClaim(claim) {
	return JSON.stringify({
		v: VERSION,
		...claim
	});
}
function readClaim(text) {
	let json;
	try {
		json = JSON.parse(text);
	} catch {
		return null;
	}
	if (typeof json !== "object" || json === null) return null;
	const { v, holder, run, attempt, secret, ref, state, before, next, after, released, wholeJob } = json;
	if (v !== VERSION || typeof holder !== "string" || !/^[0-9a-f]{32}$/.test(holder)) return null;
	if (typeof run !== "string" || typeof attempt !== "number" || !Number.isSafeInteger(attempt)) return null;
	if (typeof secret !== "string" || typeof ref !== "string") return null;
	if (state !== "open" && state !== "write" && state !== "rotated" && state !== "stored") return null;
	if (next !== null && (typeof next !== "string" || !isClaimName(next))) return null;
	const [beforeTime, afterTime] = [before, after].map(readTime);
	if (beforeTime === void 0 || afterTime === void 0) return null;
	return {
		holder,
		run,
		attempt,
		secret,
		ref,
		state,
		before: beforeTime,
		next,
		after: afterTime,
		released: released === true,
		wholeJob: wholeJob === true
	};
}
function readTime(value) {
	if (value === null) return null;
	if (typeof value !== "string") return void 0;
	const time = new Date(value);
	return Number.isNaN(time.getTime()) ? void 0 : time;
}
function isOld({ createdAt }, now) {
	return now.getTime() - createdAt.getTime() >= CLAIM_LIFETIME_MS;
}
function isGone(seen, { now, status, forced }) {
	if (seen.claim?.released) return true;
	if (!isOld(seen, now)) return false;
	if (seen.claim === null) return true;
	return status === "ended" || status === "unknown" && forced && !seen.claim.wholeJob;
}
function isSameTime(one, other) {
	return one !== null && other !== null && one.getTime() === other.getTime();
}

// src/core/phase-state/shape.ts
const isText = (value) => typeof value === "string";
const isTruth = (value) => typeof value === "boolean";
const isNumber = Number.isFinite;
const isTime = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
const orNull$1 = (check) => (value) => value === null || check(value);
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

// src/core/failure/failure.ts
const FAILURES = {
	"login-empty": ["manual-action", "new-login"],
	"login-too-large": ["manual-action", "new-login"],
	"login-byte-order-mark": ["manual-action", "new-login"],
	"login-not-json": ["manual-action", "new-login"],
	"login-truncated": ["manual-action", "new-login"],
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
function loginDirectory(base) {
	return (0, node_path.join)(base, "login");
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

// src/login/open-section.ts
function loadCriticalSection(channel, { base }) {
	const section = parseChecked(channel.state("critical-section"), SECTION);
	if (section === null || section.directory === null) return section;
	if ((0, node_path.dirname)(section.directory) !== loginDirectory(base)) return null;
	return /^critical-[0-9a-f]+$/.test((0, node_path.basename)(section.directory)) ? section : null;
}
function hasOpenSection(channel) {
	return channel.state("critical-section") !== "";
}
const SECTION = fields({
	directory: orNull$1(isText),
	process: orNull$1(fields({
		pid: isNumber,
		startedAt: orNull$1(isText)
	})),
	claim: fields({
		name: (name) => typeof name === "string" && isClaimName(name),
		holder: isText
	})
});

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
function unlessMissing(act) {
	try {
		return act();
	} catch (error) {
		if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return null;
		throw error;
	}
}
function orNull(act) {
	try {
		return act();
	} catch {
		return null;
	}
}

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
	withOpen("/proc/self/mem", node_fs.constants.O_RDWR, (memory) => {
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
	});
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
	const values = secrets.map((secret) => secret.reveal().trim()).filter((value) => value !== "");
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
	const wholes = secrets.map((secret) => secret.reveal().trim()).filter((whole) => whole !== "");
	return (value) => {
		const part = value.trim();
		return wholes.some((whole) => part.includes(whole) || part.length >= SHORTEST_PART && whole.includes(part));
	};
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
const given = takeInputs();
function inputVariables() {
	return Object.fromEntries(INPUTS);
}
function takeInputs() {
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

// src/login/notice.ts
function loadNotice(channel) {
	return parseChecked(channel.state("notice"), ALERT_SHAPE);
}
const ALERT_SHAPE = fields({
	code: oneOf(...FAILURE_CODES, EXPIRES_SOON),
	message: isText,
	hint: isText
});

// src/action/job-report.ts
function reportOf(document, rest) {
	return {
		...rest,
		accessTokenExpiresAt: document.accessTokenExpiresAt.toISOString(),
		accessTokenIssuedAt: document.accessTokenIssuedAt.toISOString(),
		status: redactedStatus(document)
	};
}
function loadReport(channel) {
	return parseChecked(channel.state("report"), REPORT);
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
	alert: orNull$1(ALERT_SHAPE),
	rescue: orNull$1((rescue) => typeof rescue === "string" && !rescue.includes("```"))
});

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
function hostLockPath(home) {
	return (0, node_path.join)(home, ".codex-auth-roundtrip-host.lock");
}

// src/action/phase-state.ts
function applyEnvironment(captured, environment) {
	const names = /* @__PURE__ */ new Set([...Object.keys(captured), ...Object.keys(environment).filter(steers)]);
	for (const name of names) {
		const value = captured[name];
		if (value == null) delete environment[name];
		else environment[name] = value;
	}
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
		environment: orNull$1(isText)
	}),
	ownsHome: isTruth,
	refreshToken: oneOf("withheld", "present"),
	madeConfig: isTruth,
	written: orNull$1(isText),
	beganMonotonicMs: isNumber,
	madeRequirements: isTruth,
	hostLock: orNull$1(fields({
		path: isText,
		content: isText,
		by: oneOf("this-step", "earlier-step")
	})),
	environment: (value) => typeof value === "object" && value !== null && Object.values(value).every(orNull$1(isText))
});

// src/core/text/json.ts
function fieldsOf(value) {
	return typeof value === "object" && value !== null ? value : {};
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
function markdown(sentence) {
	return oneLine(sentence).split(/((?<!`)`[^`]+`(?!`))/).map((part, index) => index % 2 === 1 ? part : part.replace(/[\\<>[\]*~|#`@&]|:\/\/|www\./g, asEntities)).join("");
}
function asEntities(text) {
	return [...text].map((character) => `&#${character.codePointAt(0)};`).join("");
}

// src/action/summary.ts
const BAR_CELLS = 40;
function renderSummary({ report, now, refreshWindowMs }) {
	const alert = report.alert && hasMark(report.alert.code, "manual-action") ? report.alert : null;
	const events = [...new Set(report.events)].filter((event) => event !== alert?.message).map(markdown);
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
function headline({ role, restoredFrom, rotated, stored, alert }) {
	const source = {
		secret: "the secret",
		handoff: "the handoff of an earlier run",
		home: "an earlier step of this job"
	}[restoredFrom];
	if (role === "host") return restoredFrom === "secret" ? "This host was seeded from the secret." : "This host keeps a login of its own.";
	return `Restored from ${source}; ${rotated ? stored ? "**refreshed and stored**" : "**refreshed, but not stored yet**" : stored ? "**stored**" : role === "keeper" ? alert === null ? "**not due**, left as it was" : "**not refreshed**, left as it was" : "**borrowed**, left as it was"}.`;
}
function lifeBar(report, now, refreshWindowMs) {
	const from = Date.parse(report.accessTokenIssuedAt);
	const until = Date.parse(report.accessTokenExpiresAt);
	const cell = (time) => Math.max(0, Math.min(BAR_CELLS, Math.round((time - from) / Math.max(1, until - from) * BAR_CELLS)));
	const refreshedFrom = report.role === "host" ? null : until - refreshWindowMs;
	const used = cell(now.getTime());
	const due = Math.max(used, cell(refreshedFrom ?? until));
	return [
		"```text",
		`access token    ${"█".repeat(used) + "▒".repeat(due - used) + "░".repeat(BAR_CELLS - due)}  ${until > now.getTime() ? `${describeDuration(until - now.getTime())} left` : "expired"}`,
		`                █ gone   ▒ left${refreshedFrom === null ? "" : "   ░ refresh window"}`,
		`issued          ${day(from)}`,
		...refreshedFrom === null ? [] : [`refresh due     ${day(refreshedFrom)}`],
		`expires         ${day(until)}`,
		"```"
	].join("\n");
}
function next({ role, rotated, stored, accessTokenExpiresAt, alert }, now, refreshWindowMs) {
	if (role === "host") return "**Next:** Codex refreshes this login by itself, on this host.";
	const repairable = alert === null || !hasMark(alert.code, "not-stored-later");
	if (rotated && !stored && repairable) return "**Next:** dispatch the maintenance workflow now; it stores the login from the handoff.";
	if (alert && hasMark(alert.code, "manual-action")) {
		const over = Date.parse(accessTokenExpiresAt);
		return over > now.getTime() ? `**Next:** somebody must act before ${day(over)}; until then the access token still works.` : "**Next:** somebody must act; until then no job can use this login.";
	}
	const due = new Date(accessTokenExpiresAt).getTime() - refreshWindowMs;
	if (due > now.getTime()) return `**Next:** a refresh job that runs after ${day(due)} refreshes the login.`;
	return role === "keeper" ? "**Next:** the next refresh job refreshes the login." : "**Next:** run the maintenance workflow: it refreshes the login.";
}
function alertSection({ code, message, hint }) {
	return `> [!CAUTION]\n> **${markdown(message)}** (\`${code}\`)\n>\n> ${markdown(hint)}`;
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
				["stored", report.stored]
			].map(([name, value]) => `| \`${name}\` | ${foreign(String(value)).replaceAll("|", "\\|")} |`)
		],
		"",
		"</details>"
	].join("\n");
}
function day(time) {
	const iso = new Date(time).toISOString();
	return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

// src/core/login/auth-json.ts
const MAXIMUM_SECRET_BYTES = 45e3;
const DAYS_WITHOUT_READABLE_EXPIRY = 8;
const DAY_MS = 864e5;
const LOGIN_AGAIN = "Log in with `codex login` (ChatGPT) in a fresh CODEX_HOME and store the whole auth.json as the secret.";
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
		const { text, encoding } = decode(content);
		return new AuthJson(validate(parseJson(text)), encoding);
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
function decode(content) {
	if (content.trim() === "") throw new Failure("login-empty", "The login is empty.", LOGIN_AGAIN);
	if (Buffer.byteLength(content) > 45e3) throw new Failure("login-too-large", `The login is larger than ${MAXIMUM_SECRET_BYTES} bytes, more than a secret can hold when it is written back.`, "An auth.json has 4 to 6 kB: check that the secret holds this file and nothing else.");
	if (/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)/.test(content)) throw byteOrderMark();
	const trimmed = content.trim();
	if (trimmed.startsWith("{")) return {
		text: trimmed,
		encoding: "json"
	};
	const compact = trimmed.replace(/\s+/g, "");
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw notJson("The login is neither JSON nor base64 of JSON.");
	const bytes = Buffer.from(compact, "base64");
	if (/^(efbbbf|fffe|feff)/.test(bytes.subarray(0, 3).toString("hex"))) throw byteOrderMark();
	const text = bytes.toString("utf8");
	if (!text.trim().startsWith("{")) throw notJson("The login is neither JSON nor base64 of JSON.");
	return {
		text,
		encoding: "base64"
	};
}
function byteOrderMark() {
	return new Failure("login-byte-order-mark", "The login begins with a byte order mark, which Codex cannot read.", "Store the file again without it (UTF-8 without BOM; in PowerShell, `Set-Content -Encoding utf8NoBOM`).");
}
function notJson(message) {
	return new Failure("login-not-json", message, LOGIN_AGAIN);
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		if (text.trimEnd().endsWith("}")) throw notJson("The login is not valid JSON.");
		throw new Failure("login-truncated", "The login breaks off before its end.", "Store the whole auth.json again; a kill while an old Codex was writing leaves such a file.");
	}
}
function validate(json) {
	if (!isObject(json)) throw new Failure("login-not-codex", "This is not an auth.json of Codex.", LOGIN_AGAIN);
	const { auth_mode: mode, OPENAI_API_KEY: apiKey, tokens, last_refresh: lastRefresh } = json;
	if (![
		"auth_mode",
		"OPENAI_API_KEY",
		"tokens",
		"last_refresh"
	].some((field) => field in json)) throw new Failure("login-not-codex", "This is not an auth.json of Codex.", LOGIN_AGAIN);
	if (mode === "apikey" || mode == null && typeof apiKey === "string" && apiKey !== "") throw new Failure("login-api-key", "This is an API-key login, which has nothing to refresh.", "Pass the API key to openai/codex-action instead, or log in with ChatGPT and store that auth.json.");
	if (mode != null && mode !== "chatgpt") throw new Failure("login-not-chatgpt", "This is not a ChatGPT login.", LOGIN_AGAIN);
	if (!isObject(tokens)) throw missing("login-tokens-missing", "tokens");
	if (!isFilled(tokens.access_token)) throw missing("login-access-token-missing", "tokens.access_token");
	if (!isFilled(tokens.refresh_token)) throw new Failure("login-refresh-token-missing", "The login has no refresh token: it is a working copy, or was stripped.", LOGIN_AGAIN);
	if (!isFilled(tokens.id_token)) throw missing("login-id-token-missing", "tokens.id_token");
	if (!isFilled(tokens.account_id)) throw missing("login-account-missing", "tokens.account_id (without it Codex never refreshes)");
	if (!isRfc3339(lastRefresh)) throw missing("login-last-refresh-missing", "last_refresh (without it Codex sends no token at all)");
	refuseForeignIssuer(tokens.oauth_provenance);
	return json;
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
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isFilled(value) {
	return typeof value === "string" && value.trim() !== "";
}
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
	return secondsOf(claims.exp) ?? new Date(dateOf(lastRefresh).getTime() + DAYS_WITHOUT_READABLE_EXPIRY * DAY_MS);
}
function dateOf(text) {
	const time = Date.parse(text);
	return new Date(Number.isNaN(time) ? 0 : time);
}
function textOf(value) {
	return typeof value === "string" ? value : "";
}
function secondsOf(claim) {
	if (typeof claim !== "number" || !Number.isFinite(claim)) return null;
	const date = /* @__PURE__ */ new Date(claim * 1e3);
	return Number.isNaN(date.getTime()) ? null : date;
}

// src/action/unfinished.ts
async function hasLeftAnything(left) {
	return isPending(left) || await hasLedger(left) || await mayHaveRotatedInHome(left);
}
function isPending({ section, report }) {
	return section !== null || report?.rotated === true && !report.stored;
}
async function hasLedger({ session, files }) {
	return await files.stamp(ledgerPath(session.base)) !== null;
}
async function mayHaveRotatedInHome(left) {
	const { session, inputs, files, report } = left;
	if (inputs.role === "borrower" || session.refreshToken === "withheld") return false;
	if (report === null && !await hasLedger(left)) return false;
	return inputs.secret !== null || await files.stamp(handedPath(session.base)) !== null;
}
async function holdsRefreshToken(files, { home }) {
	const text = await files.read(authPath(home));
	return text !== null && readWorkingCopy(text)?.refreshToken.isEmpty === false;
}
async function holdsForeignLogin({ session, files }) {
	if (!session.ownsHome || session.refreshToken === "present") return false;
	const stamp = await files.stamp(authPath(session.home));
	if (stamp === session.written || stamp === await lastWritten(files, session)) return false;
	return holdsRefreshToken(files, session);
}
function tellUnstoredLogin(log) {
	log.warning("The Codex home holds a login that this action did not put there. It is not stored: with `refresh-token: withheld` nothing is taken from the home. To store a login that you made, use `npx codex-auth-roundtrip seed`.");
}

// src/action/post.ts
async function post(services) {
	await new PostStep(services).run();
}
async function postWithoutSession({ inputs, channel, log, alerts }) {
	const wasToldOfAny = loadSession(channel) !== null;
	if (!wasToldOfAny) log.info("No login was restored; nothing to clean up.");
	else log.warning("What this phase was told of the earlier ones is not borne out by this machine, so nothing is stored and nothing removed. Does a step empty RUNNER_TEMP?");
	const notice = loadNotice(channel);
	if (wasToldOfAny) failOnUnfinished(channel);
	if (!inputs.alertIssue || notice === null || !hasMark(notice.code, "manual-action")) return;
	const { raiseAlert } = await Promise.resolve().then(() => require("./post/alert.cjs"));
	await raiseAlert(notice, await alerts());
}
function failOnUnfinished(channel) {
	const report = loadReport(channel);
	if (!hasOpenSection(channel) && !(report?.rotated && !report.stored)) return;
	throw new Failure("write-back-pending", "The refreshed login may not be stored, and this phase cannot tell: our files on this machine are gone, or were changed.", "Dispatch the maintenance workflow now. Remove the step that empties RUNNER_TEMP.");
}
const ORPHAN_MS = 5e4;
const ORPHAN_POLL_MS = 250;
var PostStep = class {
	#services;
	#failures = [];
	#report;
	constructor(services) {
		this.#services = services;
		this.#report = loadReport(services.channel);
	}
	async run() {
		const { session, channel, log } = this.#services;
		if (session.hostLock) return this.#leaveHost(session.hostLock);
		const left = {
			...this.#services,
			section: loadCriticalSection(channel, session),
			report: this.#report
		};
		if (await hasLeftAnything(left)) {
			const { finish } = await Promise.resolve().then(() => require("./post/finish-login.cjs"));
			const { report, failures } = await finish(this.#services, left);
			this.#report = report;
			this.#failures.push(...failures);
		}
		if (await holdsForeignLogin(left)) tellUnstoredLogin(log);
		await this.#cleanUp();
		await this.#alert();
		await this.#summarize();
		const [first, ...others] = new Set(this.#failures);
		for (const other of others) log.error(other instanceof Error ? other.message : String(other));
		if (first !== void 0) throw first;
	}
	async #leaveHost(lock) {
		const { session } = this.#services;
		if (session.madeRequirements) await this.#liftRequirements(session.home);
		if (lock.by === "this-step") await this.#letGoOfHost(lock);
		await this.#summarize();
	}
	async #letGoOfHost(lock) {
		const { session, files, hostLock, clock } = this.#services;
		const host = await hostLock();
		const { poll } = await Promise.resolve().then(() => require("./post/retry.cjs")).then((n) => n.retry_exports);
		const isUsed = () => host.isUsed(session.home);
		await poll(clock, {
			withinMs: ORPHAN_MS,
			everyMs: ORPHAN_POLL_MS
		}, isUsed, (used) => !used);
		await host.letGo(lock.path, lock.content);
		await files.remove(session.base);
	}
	async #alert() {
		const { inputs, channel, alerts, steered } = this.#services;
		if (!inputs.alertIssue || steered) return;
		const alert = [
			...this.#failures.filter((candidate) => candidate instanceof Failure),
			this.#report?.alert ?? null,
			loadNotice(channel)
		].find((candidate) => candidate !== null && hasMark(candidate.code, "manual-action"));
		const isWell = this.#report?.rotated && this.#report.stored;
		if (!alert && !isWell) return;
		const { raiseAlert, settleAlert } = await Promise.resolve().then(() => require("./post/alert.cjs"));
		if (alert) await raiseAlert(alert, await alerts());
		else await settleAlert(await alerts());
	}
	async #summarize() {
		const { inputs, channel, clock } = this.#services;
		if (this.#report === null) return;
		const { refreshWindowMs } = inputs;
		await channel.writeSummary(renderSummary({
			report: this.#report,
			now: clock.now(),
			refreshWindowMs
		}));
	}
	async #cleanUp() {
		const { session, files, log, context } = this.#services;
		if (session.madeRequirements) await this.#liftRequirements(session.base);
		if (!session.ownsHome) return;
		const removals = [
			() => files.remove(loginDirectory(session.base)),
			() => clearHome(files, {
				...session,
				identity: jobIdentity(context)
			}),
			() => files.remove(session.base)
		];
		for (const remove of removals) await remove().catch(() => log.warning("The Codex home could not be removed completely."));
	}
	async #liftRequirements(guarded) {
		const { files, machine } = this.#services;
		const { removeRequirements } = await Promise.resolve().then(() => require("./post/protection.cjs"));
		await removeRequirements(await machine(), await realpathOfNearest(files, guarded));
	}
};

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

// src/action/preflight.ts
function withoutRefresh(inputs, { startedBy }) {
	return startedBy.kind === "anybody" && mayRefresh(inputs) ? {
		...inputs,
		role: "borrower",
		refresh: "never"
	} : inputs;
}
function environmentChange({ environment: before }, now) {
	const names = changedSteering(before, now);
	if (names.length === 0) return null;
	return new Failure("environment-changed", `A step of this job has changed where requests go, or whom they trust, so none was sent: ${names.join(", ")}.`, "Set such variables in the job's `env:`, where they stand before the first step, and not through GITHUB_ENV; or use this action before the step that sets them, as actions/setup-python does with LD_LIBRARY_PATH. If this job has refreshed the login and could not store it, dispatch the maintenance workflow now.");
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
	return Boolean(unlessMissing(() => (0, node_fs.statSync)(path, { throwIfNoEntry: false })));
}
function readOrNull(path) {
	return isThere(path) ? unlessMissing(() => (0, node_fs.readFileSync)(path)) : null;
}

// src/adapters/runner/cancellation.ts
function watchCancellation() {
	let requested = false;
	for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {
		requested = true;
	});
	return { requested: () => requested };
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

// src/entry/restart-clean.ts
const AGAIN = "begun-again";
function restartSteeredAs(captured) {
	if (process.platform === "win32" || process.argv.includes(AGAIN)) return;
	if (typeof process.execve !== "function") return;
	const { argv, execArgv, execPath } = process;
	const kept = Object.entries(process.env).filter(([name]) => !steers(name));
	const steering = Object.entries(captured).filter(([name, value]) => steers(name) && value !== null);
	const variables = [
		...kept,
		...steering,
		...Object.entries(inputVariables())
	];
	const environment = Object.fromEntries(variables);
	process.execve(execPath, [
		execPath,
		...execArgv,
		...argv.slice(1),
		AGAIN
	], environment);
}

// src/adapters/machine/clock.ts
const machineClock = {
	now: () => /* @__PURE__ */ new Date(),
	monotonicMs: () => Number(process.hrtime.bigint() / 1000000n),
	sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms))
};

// src/entry/step.ts
const UNSETTLED = 13;
let exitCode = 0;
const phaseServices = {
	files: diskFiles,
	clock: machineClock,
	log: stepLog,
	channel: stepChannel
};
const FOR_POST = /* @__PURE__ */ new Set([
	...SECRET_INPUTS,
	"secret-name",
	"environment",
	"codex-home",
	"client-id",
	"github-token"
]);
function takeInputsForPost() {
	try {
		return {
			inputs: readInputs(given),
			failure: null
		};
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		return {
			inputs: readInputs((name) => FOR_POST.has(name) ? given(name) : ""),
			failure: error
		};
	}
}
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
	for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => {
		failStep(error);
		endPhase();
	});
	process.removeAllListeners("warning");
	process.exitCode = UNSETTLED;
	try {
		await phase();
	} catch (error) {
		failStep(error);
	}
	end();
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

// src/core/codex/config.ts
const ACCOUNT_FEATURES = [
	"apps",
	"plugins",
	"remote_plugin"
];
function isBelow(root, path) {
	const inside = (0, node_path.relative)(root, path);
	return inside !== ".." && !inside.startsWith(`..${node_path.sep}`) && !(0, node_path.isAbsolute)(inside);
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

// src/entry/post.ts
runPhase(async () => {
	const cancellation = watchCancellation();
	const { inputs, failure } = takeInputsForPost();
	const context = contextOfStep();
	const session = await believeSession({
		channel: stepChannel,
		files: diskFiles,
		inputs,
		context
	});
	const steered = session ? environmentChange(session, process.env) : null;
	if (session && steered) {
		const section = loadCriticalSection(stepChannel, session);
		const report = loadReport(stepChannel);
		if (await hasLeftAnything({
			session,
			inputs,
			section,
			report,
			files: diskFiles
		})) restartSteeredAs(session.environment);
	}
	if (session) applyEnvironment(session.environment, process.env);
	leaveWorkspaceOut(inputs);
	const alerts = async () => {
		const { alertsOf } = await Promise.resolve().then(() => require("./post/wire-online.cjs"));
		return alertsOf(inputs, context);
	};
	if (session === null) await postWithoutSession({
		inputs,
		channel: stepChannel,
		log: stepLog,
		alerts
	});
	else {
		await post({
			session,
			context,
			steered,
			inputs: withoutRefresh(inputs, context),
			...phaseServices,
			goOnline: async (_, handed) => {
				const { goOnline } = await Promise.resolve().then(() => require("./post/wire-online.cjs"));
				return goOnline({
					inputs,
					context,
					session,
					handed,
					cancellation
				});
			},
			machine: async () => (await Promise.resolve().then(() => require("./post/wire-job.cjs"))).machinePolicy(scrubEnvironment(process.env, [])),
			hostLock: async () => (await Promise.resolve().then(() => require("./post/host-lock.cjs"))).jobHostLock,
			alerts
		});
		if (failure) throw failure;
	}
}, endProcess);

exports.ACCOUNT_FEATURES = ACCOUNT_FEATURES;
exports.AuthJson = AuthJson;
exports.CLAIM_WORK_MS = CLAIM_WORK_MS;
exports.Failure = Failure;
exports.Secret = Secret;
exports.authPath = authPath;
exports.codeOf = codeOf;
exports.diskFiles = diskFiles;
exports.fieldsOf = fieldsOf;
exports.foreign = foreign;
exports.handedPath = handedPath;
exports.hasLedger = hasLedger;
exports.hasMark = hasMark;
exports.isBelow = isBelow;
exports.isClaimName = isClaimName;
exports.isGone = isGone;
exports.isOld = isOld;
exports.isOutsideWorkspace = isOutsideWorkspace;
exports.isPending = isPending;
exports.isSameTime = isSameTime;
exports.lastWritten = lastWritten;
exports.ledgerPath = ledgerPath;
exports.machineClock = machineClock;
exports.markdown = markdown;
exports.mayHaveRotatedInHome = mayHaveRotatedInHome;
exports.oneLine = oneLine;
exports.orNull = orNull;
exports.pathOfJob = pathOfJob;
exports.placeOf = placeOf;
exports.readClaim = readClaim;
exports.replaceFile = replaceFile;
exports.reportOf = reportOf;
exports.scrubEnvironment = scrubEnvironment;
exports.secretValues = secretValues;
exports.stepChannel = stepChannel;
exports.stepLog = stepLog;
exports.withOpen = withOpen;
exports.writeClaim = writeClaim;