"use strict";

const require_main = require("../main.cjs");
const require_github_error = require("./github-error.cjs");
let node_timers_promises = require("node:timers/promises");
let node_child_process = require("node:child_process");
let node_util = require("node:util");
let _octokit_auth_app = require("../packages/octokit-auth-app.cjs");
let _octokit_request = require("../packages/octokit-request.cjs");
let _octokit_rest = require("../packages/octokit-rest.cjs");

// src/adapters/codex/process.ts
const SIGNAL_TIMEOUT_MS = 5e3;
const FILE_STORE = ["-c", "cli_auth_credentials_store=\"file\""];
function startCodex(command, { asked, args, home, directory = home, environment, input = "ignore", group, log }) {
	const startedMs = performance.now();
	const child = (0, node_child_process.spawn)(command, args, {
		cwd: directory,
		env: {
			...environment,
			CODEX_HOME: home
		},
		stdio: [
			input,
			"pipe",
			"pipe"
		],
		detached: group === "own" && process.platform !== "win32"
	});
	child.stdin?.on("error", () => {});
	let output = "";
	const hear = (text) => {
		output = (output + text).slice(-2e4);
	};
	for (const stream of input === "pipe" ? [child.stderr] : [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", hear);
	const spawned = new Promise((resolve, reject) => {
		child.once("spawn", resolve);
		child.once("error", reject);
	});
	spawned.catch(() => {});
	const when = (event) => new Promise((resolve) => {
		child.once(event, () => resolve());
		child.once("error", () => resolve());
	});
	const exited = when("exit");
	exited.then(() => {
		const end = child.exitCode === null ? child.signalCode ?? "not started" : `exit code ${child.exitCode}`;
		log.debug(`codex ${asked}: ${end}, ${Math.round(performance.now() - startedMs)} ms.`);
	});
	return {
		child,
		spawned,
		exited,
		closed: when("close"),
		output: () => (0, node_util.stripVTControlCharacters)(output)
	};
}
async function endCodex({ child, exited }) {
	for (const signal of ["SIGTERM", "SIGKILL"]) {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill(signal);
		await Promise.race([exited, (0, node_timers_promises.setTimeout)(SIGNAL_TIMEOUT_MS, void 0, { ref: false })]);
	}
}

// src/adapters/github/bounded-fetch.ts
const REQUEST_TIMEOUT_MS = 1e4;
function boundedFetch(url, init = {}) {
	return fetch(url, {
		...init,
		signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS)
	});
}

// src/adapters/github/logged-fetch.ts
function loggedFetch(log) {
	return async (url, init = {}) => {
		const startedMs = performance.now();
		const request = `${init.method ?? "GET"} ${new URL(url).pathname}`;
		const tell = (outcome) => log.debug(require_main.oneLine(`GitHub: ${request}: ${outcome}, ${Math.round(performance.now() - startedMs)} ms.`));
		try {
			const response = await boundedFetch(url, init);
			tell(`${response.status}, request ${response.headers.get("x-github-request-id") ?? "without an id"}`);
			return response;
		} catch (error) {
			tell(`no answer (${error instanceof Error ? error.name : "unknown"})`);
			throw error;
		}
	};
}

// src/adapters/github/client.ts
const API_VERSION = "2022-11-28";
const NO_OCTOKIT_LOG = {
	debug: () => {},
	info: () => {},
	warn: () => {},
	error: () => {}
};
var GitHubClient = class {
	log;
	#octokit;
	#clock;
	#serverTime = null;
	#tokenExpiresAt = null;
	constructor({ apiUrl, token, clock, log }) {
		this.log = log;
		this.#clock = clock;
		this.#octokit = new _octokit_rest.Octokit({
			auth: token.reveal(),
			baseUrl: apiUrl,
			userAgent: "codex-auth-roundtrip",
			log: NO_OCTOKIT_LOG,
			request: { fetch: loggedFetch(log) }
		});
	}
	async ask(route, parameters) {
		return await this.request(route, parameters);
	}
	async request(route, body, { redirects = "followed" } = {}) {
		try {
			const response = await this.#octokit.request(route, {
				...body,
				headers: { "x-github-api-version": API_VERSION },
				...redirects === "refused" ? { request: { redirect: "manual" } } : {}
			});
			this.#learn(response.headers);
			if (response.status >= 300) throw redirected(response.status);
			return {
				status: response.status,
				headers: response.headers,
				data: response.data
			};
		} catch (error) {
			throw error instanceof require_github_error.GitHubError ? error : this.#explain(error);
		}
	}
	tokenExpiresAt() {
		return this.#tokenExpiresAt;
	}
	async now() {
		if (this.#serverTime === null) await this.request("GET /zen").catch(() => {});
		if (this.#serverTime === null) throw new require_github_error.GitHubError("GitHub did not tell its time.", { status: null });
		const { date, monotonicMs } = this.#serverTime;
		return new Date(date.getTime() + this.#clock.monotonicMs() - monotonicMs);
	}
	#learn(headers) {
		const date = new Date(String(headers.date));
		if (!Number.isNaN(date.getTime())) this.#serverTime = {
			date,
			monotonicMs: this.#clock.monotonicMs()
		};
		const expiry = readExpiry(headers["github-authentication-token-expiration"]);
		if (expiry) this.#tokenExpiresAt = expiry;
	}
	#explain(error) {
		const response = error instanceof Error && "response" in error ? error.response : void 0;
		if (isResponse(response)) this.#learn(response.headers);
		return refusalOf(error, this.#clock.now());
	}
};
function redirected(status) {
	return new require_github_error.GitHubError(`${require_github_error.describeAnswer(status, null)} What is there has moved.`, { status });
}
function isResponse(value) {
	return typeof value === "object" && value !== null && "headers" in value && "status" in value;
}
function refusalOf(error, machineTime) {
	const response = error instanceof Error && "response" in error ? error.response : void 0;
	if (!isResponse(response)) return new require_github_error.GitHubError(require_github_error.describeAnswer(null, null), { status: null });
	const { status, headers, data } = response;
	const message = typeof data === "object" && data !== null && "message" in data ? data.message : null;
	const said = typeof message === "string" && message !== "" ? message : null;
	const date = new Date(headers.date ?? "");
	const now = Number.isNaN(date.getTime()) ? machineTime : date;
	return new require_github_error.GitHubError(require_github_error.describeAnswer(status, said), {
		status,
		said,
		retryAfterMs: require_github_error.waitAskedFor({
			status,
			said,
			headers,
			now
		})
	});
}
function readExpiry(header) {
	if (typeof header !== "string") return null;
	const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(header.trim());
	if (!match) return null;
	const [, day, time, zone = "UTC"] = match;
	const date = /* @__PURE__ */ new Date(`${day}T${time}${zone === "UTC" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(3)}`}`);
	return Number.isNaN(date.getTime()) ? null : date;
}

// src/adapters/github/app-request.ts
function appRequest({ clientId, privateKey }, { apiUrl, log }) {
	const { hook } = (0, _octokit_auth_app.createAppAuth)({
		appId: clientId,
		privateKey: privateKey.reveal().replaceAll("\\n", "\n").trim(),
		log: { warn: () => {} }
	});
	return _octokit_request.request.defaults({
		baseUrl: apiUrl,
		headers: { "x-github-api-version": API_VERSION },
		request: {
			fetch: loggedFetch(log),
			hook
		}
	});
}

// src/adapters/github/or-null.ts
async function orNull(ask, statuses = [404]) {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof require_github_error.GitHubError && error.status !== null && statuses.includes(error.status)) return null;
		throw error;
	}
}

Object.defineProperty(exports, "FILE_STORE", {
  enumerable: true,
  get: function () {
    return FILE_STORE;
  }
});
Object.defineProperty(exports, "GitHubClient", {
  enumerable: true,
  get: function () {
    return GitHubClient;
  }
});
Object.defineProperty(exports, "appRequest", {
  enumerable: true,
  get: function () {
    return appRequest;
  }
});
Object.defineProperty(exports, "boundedFetch", {
  enumerable: true,
  get: function () {
    return boundedFetch;
  }
});
Object.defineProperty(exports, "endCodex", {
  enumerable: true,
  get: function () {
    return endCodex;
  }
});
Object.defineProperty(exports, "orNull", {
  enumerable: true,
  get: function () {
    return orNull;
  }
});
Object.defineProperty(exports, "refusalOf", {
  enumerable: true,
  get: function () {
    return refusalOf;
  }
});
Object.defineProperty(exports, "startCodex", {
  enumerable: true,
  get: function () {
    return startCodex;
  }
});