"use strict";

const require_rolldown_runtime = require("./rolldown-runtime.cjs");
const require_post = require("../post.cjs");
const require_wire_job = require("./wire-job.cjs");
const require_processes = require("./processes.cjs");
const require_github_error = require("./github-error.cjs");
const require_write_session = require("./write-session.cjs");
const require_secret_location = require("./secret-location.cjs");
require("./retry.cjs");
let node_path = require("node:path");
let node_crypto = require("node:crypto");
let node_fs_promises = require("node:fs/promises");
let node_child_process = require("node:child_process");
let node_timers_promises = require("node:timers/promises");
let node_readline = require("node:readline");
let node_util = require("node:util");
let _octokit_rest = require("../packages/octokit-rest.cjs");
let node_zlib = require("node:zlib");
node_zlib = require_rolldown_runtime.__toESM(node_zlib, 1);
let tar_stream = require("../packages/tar-stream.cjs");
let _octokit_auth_app = require("../packages/octokit-auth-app.cjs");
let _octokit_request = require("../packages/octokit-request.cjs");
let node_http = require("node:http");
node_http = require_rolldown_runtime.__toESM(node_http, 1);
let libsodium_wrappers = require("../packages/libsodium.cjs");
libsodium_wrappers = require_rolldown_runtime.__toESM(libsodium_wrappers, 1);

// src/action/job/choose-codex.ts
async function provideCodex(program, channel, asked) {
	const present = asked === null ? await program.locate() : null;
	if (present) return present;
	const installed = await program.install(asked ?? "0.169.0");
	channel.addPath((0, node_path.dirname)(installed));
	return installed;
}

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

// src/adapters/codex/app-server.ts
const ANSWER_TIMEOUT_MS = 95e3;
const LATE_MS = 44500;
const CLOSE_TIMEOUT_MS = 5e3;
const INITIALIZE = {
	id: 1,
	method: "initialize",
	params: { clientInfo: {
		name: "codex-auth-roundtrip",
		title: "codex-auth-roundtrip",
		version: "1"
	} }
};
const INITIALIZED = { method: "initialized" };
const READ_ACCOUNT = {
	id: 2,
	method: "account/read"
};
const NOWHERE = "https://127.0.0.1:9/";
const CONFIGURATION = [
	`chatgpt_base_url="${NOWHERE}"`,
	"model_provider=\"nowhere\"",
	`model_providers.nowhere={name="nowhere",base_url="${NOWHERE}",wire_api="responses",requires_openai_auth=true,supports_websockets=false,request_max_retries=0,stream_max_retries=0}`,
	...require_post.ACCOUNT_FEATURES.map((feature) => `features.${feature}=false`)
].flatMap((setting) => ["-c", setting]);
function appServerRefresher(command, log) {
	return { refresh: async ({ home, environment, started, refreshes }) => {
		const args = [
			...FILE_STORE,
			...CONFIGURATION,
			"app-server"
		];
		const asked = `app-server (account/read, refresh ${refreshes})`;
		const codex = startCodex(command, {
			asked,
			args,
			home,
			environment,
			input: "pipe",
			group: "own",
			log
		});
		const { child, exited } = codex;
		let failedByItself = false;
		child.once("exit", (code) => {
			failedByItself = code !== null && code !== 0;
		});
		await codex.spawned;
		let account;
		let isThere = false;
		try {
			await started({
				pid: child.pid ?? 0,
				startedAt: await require_processes.startTimeOf(child.pid ?? 0)
			});
			account = await Promise.race([
				converse(child, refreshes, (userAgent) => {
					isThere = true;
					log.debug(`codex app-server says that it is ${require_post.foreign(userAgent)}.`);
				}),
				exited.then(() => "no-answer"),
				(0, node_timers_promises.setTimeout)(ANSWER_TIMEOUT_MS, "no-answer", { ref: false })
			]);
		} finally {
			child.stdin?.end();
			await Promise.race([exited, (0, node_timers_promises.setTimeout)(CLOSE_TIMEOUT_MS, void 0, { ref: false })]);
			await endCodex(codex);
		}
		log.debug(`codex app-server: account ${account}.`);
		const output = codex.output();
		if (account !== "no-answer" || isThere || !failedByItself) return {
			account,
			stderr: output
		};
		return {
			account: "unstarted",
			stderr: `${await versionOf(command, environment)}: ${output}`
		};
	} };
}
async function converse(child, refreshes, greeted) {
	const { stdin, stdout } = child;
	if (!stdin || !stdout) throw new TypeError("The app-server has no pipes.");
	const startedMs = performance.now();
	const say = (message) => void stdin.write(`${JSON.stringify(message)}\n`);
	say(INITIALIZE);
	for await (const line of (0, node_readline.createInterface)({ input: stdout })) {
		const message = parse(line);
		if (message?.id === INITIALIZE.id) {
			greeted(String(message.result?.userAgent));
			say(INITIALIZED);
			say({
				...READ_ACCOUNT,
				params: { refreshToken: refreshes === "on-request" }
			});
		} else if (message?.id === READ_ACCOUNT.id) {
			if ("error" in message) return performance.now() - startedMs >= LATE_MS ? "late-error" : "error";
			const { result } = message;
			return typeof result === "object" && result !== null && "account" in result && result.account !== null ? "present" : "absent";
		}
	}
	return "no-answer";
}
function versionOf(command, environment) {
	return new Promise((resolve) => {
		(0, node_child_process.execFile)(command, ["--version"], {
			env: { ...environment },
			timeout: 5e3
		}, (error, output) => resolve(error ? "codex" : output.trim()));
	});
}
function parse(line) {
	try {
		return JSON.parse(line);
	} catch {
		return null;
	}
}

// src/adapters/github/alert-issues.ts
const GITHUB_ACTIONS = "github-actions[bot]";
function githubAlertBoard(client, { owner, repository, apiUrl }) {
	const issues = `/repos/${owner}/${repository}/issues`;
	return {
		find: async (marker) => {
			const us = await loginOf(client, apiUrl);
			for (let page = 1; page <= MAXIMUM_PAGES$2; page++) {
				const { data } = await client.request(`GET ${issues}?state=open&per_page=100&page=${page}`);
				const list = Array.isArray(data) ? data : [];
				const found = list.find(({ body, user }) => user?.login === us && body?.startsWith(marker));
				if (found) return {
					number: found.number,
					since: new Date(found.created_at)
				};
				if (list.length < 100) return null;
			}
			return null;
		},
		open: async (issue) => {
			await client.request(`POST ${issues}`, { ...issue });
		},
		update: async (number, issue) => {
			await client.request(`PATCH ${issues}/${number}`, { ...issue });
		},
		close: async (number, comment) => {
			await client.request(`POST ${issues}/${number}/comments`, { body: comment });
			await client.request(`PATCH ${issues}/${number}`, {
				state: "closed",
				state_reason: "completed"
			});
		}
	};
}
const MAXIMUM_PAGES$2 = 10;
async function loginOf(client, apiUrl) {
	const url = `${apiUrl.replace(/\/api\/v3\/?$/, "/api")}/graphql`;
	try {
		const { data } = await client.request(`POST ${url}`, { query: "{ viewer { login } }" });
		const login = data?.data?.viewer?.login;
		return typeof login === "string" ? login : GITHUB_ACTIONS;
	} catch (error) {
		if (!(error instanceof require_github_error.GitHubError) || require_github_error.canRepair(error)) throw error;
		return GITHUB_ACTIONS;
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
		const tell = (outcome) => log.debug(require_post.oneLine(`GitHub: ${request}: ${outcome}, ${Math.round(performance.now() - startedMs)} ms.`));
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
	async request(route, body) {
		try {
			const response = await this.#octokit.request(route, {
				...body,
				headers: { "x-github-api-version": API_VERSION }
			});
			this.#learn(response.headers);
			refuseWebPage(response);
			return {
				status: response.status,
				headers: response.headers,
				data: response.data
			};
		} catch (error) {
			throw this.#explain(error);
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
function isResponse(value) {
	return typeof value === "object" && value !== null && "headers" in value && "status" in value;
}
function refuseWebPage({ headers, data }) {
	if (!/^text\/html\b/i.test(String(headers["content-type"]))) return;
	const said = titleIn(data) ?? "a web page";
	throw new require_github_error.GitHubError(require_github_error.describeAnswer(null, said), {
		status: null,
		said
	});
}
function titleIn(data) {
	if (typeof data !== "string") return null;
	const [, title = ""] = /<title[^>]{0,200}>([^<]{1,300})/i.exec(data.slice(0, 1e4)) ?? [];
	const text = title.replace(/\s+/g, " ").trim();
	return text === "" ? null : text;
}
function refusalOf(error, machineTime) {
	const response = error instanceof Error && "response" in error ? error.response : void 0;
	if (!isResponse(response)) return new require_github_error.GitHubError(require_github_error.describeAnswer(null, null), { status: null });
	const { status, headers, data } = response;
	const { message } = require_post.fieldsOf(data);
	const said = typeof message === "string" && message !== "" ? message : titleIn(data);
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

// src/core/handoff/keys.ts
const SALT = "codex-auth-roundtrip/handoff/v1";
function handoffKeys(document, place) {
	const material = `${document.refreshToken.reveal()}\n${document.accessToken.reveal()}`;
	const derive = (label, bytes) => {
		const info = [
			label,
			place.repositoryId,
			(place.environment ?? "").toLowerCase(),
			place.secretName.toUpperCase()
		];
		return new Uint8Array((0, node_crypto.hkdfSync)("sha256", material, SALT, info.join("\0"), bytes));
	};
	return {
		cacheKeyPrefix: `codex-auth-handoff-v1-${Buffer.from(derive("find", 16)).toString("hex")}-`,
		encryptionKey: derive("open", 32)
	};
}

// src/core/handoff/note.ts
function writeNote({ document, savedAt }) {
	return JSON.stringify({
		document: document.line().reveal(),
		saved_at: savedAt.toISOString()
	});
}
function readNote(text) {
	try {
		const { document: line, saved_at } = JSON.parse(text);
		const savedAt = new Date(typeof saved_at === "string" ? saved_at : NaN);
		const document = typeof line === "string" ? require_post.AuthJson.read(line) : null;
		return document === null || Number.isNaN(savedAt.getTime()) ? null : {
			document,
			savedAt
		};
	} catch {
		return null;
	}
}

// src/core/handoff/envelope.ts
const MAGIC = "codex-auth-roundtrip envelope v1 ";
const NONCE_BYTES$1 = 24;
const TAG_BYTES = 16;
const MAXIMUM_ENVELOPE_BYTES = 65536;
const MAXIMUM_LEDGER_BYTES = 163840;
function sealEnvelope(aead, { key, nonce, label, text }) {
	if (nonce.length !== NONCE_BYTES$1) throw new RangeError(`A nonce has ${NONCE_BYTES$1} bytes.`);
	const header = headerOf(label);
	const sealed = aead.seal({
		key,
		nonce,
		plaintext: Buffer.from(text, "utf8"),
		associated: header
	});
	const envelope = Buffer.concat([
		header,
		nonce,
		sealed
	]);
	if (envelope.length > maximumBytes(label)) throw new RangeError("The envelope is too large.");
	return envelope;
}
function openEnvelope(aead, { key, label, envelope }) {
	const header = headerOf(label);
	if (envelope.length > maximumBytes(label)) return null;
	if (envelope.length < header.length + NONCE_BYTES$1 + TAG_BYTES) return null;
	if (!header.equals(envelope.subarray(0, header.length))) return null;
	const nonce = envelope.subarray(header.length, header.length + NONCE_BYTES$1);
	const opened = aead.open({
		key,
		nonce,
		sealed: envelope.subarray(header.length + NONCE_BYTES$1),
		associated: header
	});
	return opened === null ? null : Buffer.from(opened).toString("utf8");
}
function maximumBytes(label) {
	return label === "ledger" ? MAXIMUM_LEDGER_BYTES : MAXIMUM_ENVELOPE_BYTES;
}
function headerOf(label) {
	return Buffer.from(`${MAGIC}${label}\n`, "ascii");
}

// src/adapters/github/handoff-archive.ts
const MEMBER = "codex-auth-handoff.envelope";
const COMPRESSIONS = ["zstd-without-long", "gzip"];
const MAXIMUM_ARCHIVE_BYTES = MAXIMUM_ENVELOPE_BYTES + 16384;
function cacheVersion(compression) {
	const components = [
		MEMBER,
		compression,
		"1.0"
	];
	return (0, node_crypto.createHash)("sha256").update(components.join("|")).digest("hex");
}
async function readMember(archive) {
	if (isZstd(archive) && node_zlib.default.zstdDecompressSync === void 0) throw new Error("This Node cannot read zstd.");
	let tar;
	try {
		tar = decompress(archive);
	} catch {
		return null;
	}
	const reader = (0, tar_stream.extract)();
	reader.end(tar);
	try {
		for await (const entry of reader) {
			const { name, type, size = 0 } = entry.header;
			if (name.replace(/^\.\//, "") !== "codex-auth-handoff.envelope" || type !== "file" || size > 65536) {
				entry.resume();
				continue;
			}
			const chunks = [];
			for await (const chunk of entry) chunks.push(chunk);
			return Buffer.concat(chunks);
		}
	} catch {
		return null;
	}
	return null;
}
const ZSTD_MAGIC = Buffer.from([
	40,
	181,
	47,
	253
]);
function isZstd(archive) {
	return ZSTD_MAGIC.equals(archive.subarray(0, 4));
}
function decompress(archive) {
	const options = { maxOutputLength: MAXIMUM_ARCHIVE_BYTES };
	return isZstd(archive) ? node_zlib.default.zstdDecompressSync(archive, options) : node_zlib.default.gunzipSync(archive, options);
}

// src/adapters/github/cache-save.ts
const SAVE_TIMEOUT_MS = 15e3;
function importCacheClient() {
	return Promise.resolve().then(() => /* @__PURE__ */ require_rolldown_runtime.__toESM(require("../packages/actions-cache.cjs"), 1));
}
async function saveFrom(directory, key, clock) {
	const { saveCache } = await importCacheClient();
	const heard = hearOut();
	const before = {
		directory: process.cwd(),
		workspace: process.env.GITHUB_WORKSPACE
	};
	process.chdir(directory);
	process.env.GITHUB_WORKSPACE = directory;
	try {
		const saving = saveCache([MEMBER], key, void 0, true).finally(heard.release);
		return {
			isSaved: await Promise.race([saving.then((id) => id !== -1), clock.sleep(SAVE_TIMEOUT_MS).then(() => false)]),
			complaint: heard.complaint()
		};
	} finally {
		process.chdir(before.directory);
		if (before.workspace === void 0) delete process.env.GITHUB_WORKSPACE;
		else process.env.GITHUB_WORKSPACE = before.workspace;
	}
}
const COMPLAINT = /^(?:::(?:warning|error)::|Failed to save: |Attempt \d+ of \d+ failed with error: )(.+)/s;
const hearers = /* @__PURE__ */ new Set();
let letSpeak = () => {};
function hearOut() {
	let complaint = null;
	const hear = (text) => {
		complaint ??= COMPLAINT.exec(text)?.[1]?.replace(/\?\S+/g, "?…") ?? null;
	};
	if (hearers.size === 0) letSpeak = hush([process.stdout, process.stderr]);
	hearers.add(hear);
	return {
		complaint: () => complaint,
		release: () => {
			hearers.delete(hear);
			if (hearers.size === 0) letSpeak();
		}
	};
}
function hush(streams) {
	const restores = streams.map((stream) => {
		const { write } = stream;
		stream.write = (chunk) => {
			const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
			for (const hear of hearers) hear(text);
			return true;
		};
		return () => {
			stream.write = write;
		};
	});
	return () => {
		for (const restore of restores) restore();
	};
}

// src/adapters/github/handoff-cache.ts
const DOWNLOAD_URL_PATH = "twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL";
function cacheServiceOf(environment) {
	const { ACTIONS_RESULTS_URL: resultsUrl, ACTIONS_RUNTIME_TOKEN: runtimeToken, ACTIONS_CACHE_SERVICE_V2: v2 } = environment;
	const host = new URL(environment.GITHUB_SERVER_URL || "https://github.com").hostname.toLowerCase();
	const supported = host === "github.com" || host.endsWith(".ghe.com") || host.endsWith(".localhost");
	return resultsUrl && runtimeToken && v2 && supported ? {
		resultsUrl,
		runtimeToken
	} : null;
}
function actionsHandoffCache({ service, place, cipher, clock, log, temporaryDirectory }) {
	async function search(prefix, version) {
		const startedMs = performance.now();
		const tell = (outcome) => log.debug(`Cache: lookup ${shortKey(prefix)}: ${outcome}, ${elapsed(startedMs)}.`);
		try {
			const entry = await find(service, prefix, version);
			tell(entry === null ? "miss" : `hit, ${entry.archive.byteLength} bytes`);
			return entry;
		} catch (error) {
			tell(`no answer (${error instanceof UnansweredError ? error.message : "unreachable"})`);
			throw error;
		}
	}
	async function open(login, { key, archive }) {
		const envelope = await readMember(archive);
		const text = (envelope && await cipher.open(login, "note", envelope)) ?? "";
		return text.startsWith(`${key}\n`) ? readNote(text.slice(key.length + 1)) : null;
	}
	async function lookAt(login, compression) {
		const version = cacheVersion(compression);
		const { cacheKeyPrefix } = handoffKeys(login, place);
		const newest = await search(cacheKeyPrefix, version);
		if (newest === null) return { kind: "none" };
		const note = await open(login, newest);
		if (note) return {
			kind: "note",
			note
		};
		let hiding = [{
			suffix: "",
			entry: newest
		}];
		let best = null;
		for (let left = MAXIMUM_LOOKS; hiding.length > 0;) {
			const narrower = hiding.flatMap(({ suffix, entry }) => [...wholeSuffixIn(entry.key.slice(cacheKeyPrefix.length), suffix), ...narrow(suffix, clock.now())]);
			left -= narrower.length;
			if (left < 0) break;
			const entries = await Promise.all(narrower.map(async (suffix) => ({
				suffix,
				entry: await search(cacheKeyPrefix + suffix, version)
			})));
			hiding = [];
			for (const { suffix, entry } of entries) {
				if (entry === null) continue;
				const found = await open(login, entry);
				if (found === null) hiding.push({
					suffix,
					entry
				});
				else if (best === null || found.savedAt > best.note.savedAt) best = {
					suffix: entry.key.slice(cacheKeyPrefix.length),
					note: found
				};
			}
			const newestSuffix = best?.suffix ?? "";
			hiding = hiding.filter(({ suffix }) => suffix >= newestSuffix.slice(0, suffix.length));
		}
		return best === null ? { kind: "not-answered" } : {
			kind: "note",
			note: best.note
		};
	}
	return {
		prepare: () => void importCacheClient().catch(() => {}),
		look: async (login) => {
			const lookups = COMPRESSIONS.map((compression) => lookAt(login, compression));
			return newest(await Promise.all(lookups.map((lookup) => lookup.catch(() => ({ kind: "not-answered" })))));
		},
		save: async (under, note) => {
			let directory = null;
			const startedMs = performance.now();
			try {
				directory = await (0, node_fs_promises.mkdtemp)((0, node_path.join)(temporaryDirectory, "handoff-"));
				const key = handoffKeys(under, place).cacheKeyPrefix + uniqueSuffix(note.savedAt);
				const envelope = await cipher.seal(under, "note", `${key}\n${writeNote(note)}`);
				await (0, node_fs_promises.writeFile)((0, node_path.join)(directory, MEMBER), envelope, { mode: 384 });
				const { isSaved, complaint } = await saveFrom(directory, key, clock);
				log.debug(`Cache: save ${shortKey(key)}: ${isSaved ? "saved" : "failed"}, ${elapsed(startedMs)}.`);
				if (!isSaved && complaint) log.info(`The Actions cache says: ${require_post.foreign(complaint)}.`);
				return isSaved ? "saved" : "failed";
			} catch {
				return "failed";
			} finally {
				if (directory) await (0, node_fs_promises.rm)(directory, {
					recursive: true,
					force: true
				}).catch(() => {});
			}
		}
	};
}
const noHandoffCache = {
	prepare: () => {},
	look: async () => ({ kind: "none" }),
	save: async () => "off"
};
function newest(answers) {
	const [note] = answers.flatMap((answer) => answer.kind === "note" ? [answer.note] : []).sort((a, b) => b.savedAt.getTime() - a.savedAt.getTime());
	if (!note && answers.some(({ kind }) => kind === "not-answered")) return { kind: "not-answered" };
	return note ? {
		kind: "note",
		note
	} : { kind: "none" };
}
function uniqueSuffix(savedAt) {
	return `${Math.floor(savedAt.getTime() / 1e3)}-${(0, node_crypto.randomBytes)(6).toString("hex")}`;
}
var UnansweredError = class extends Error {};
function shortKey(key) {
	return key.replace(/^(.*?[0-9a-f]{8})[0-9a-f]{8,}.*$/, "$1…");
}
function elapsed(startedMs) {
	return `${Math.round(performance.now() - startedMs)} ms`;
}
const MAXIMUM_LOOKS = 120;
const SECONDS_DIGITS = 10;
const WHOLE_SUFFIX = /^\d{10}-[0-9a-f]{12}/;
const WHOLE_LENGTH = 23;
const OLDEST_SECONDS = 5184e3;
const NEWEST_SECONDS = 172800;
function wholeSuffixIn(suffix, asked) {
	const [whole] = WHOLE_SUFFIX.exec(suffix) ?? [];
	return whole === void 0 || whole === asked ? [] : [whole];
}
function narrow(suffix, now) {
	if (suffix.length >= WHOLE_LENGTH) return [];
	if (suffix.length === SECONDS_DIGITS) return [`${suffix}-`];
	if (suffix.length > SECONDS_DIGITS) return [..."0123456789abcdef"].map((digit) => suffix + digit);
	const nowSeconds = now.getTime() / 1e3;
	const width = 10 ** (SECONDS_DIGITS - suffix.length - 1);
	return [..."0123456789"].map((digit) => suffix + digit).filter((longer) => {
		const from = Number(longer) * width;
		return from <= nowSeconds + NEWEST_SECONDS && from + width > nowSeconds - OLDEST_SECONDS;
	});
}
async function find(service, prefix, version) {
	const response = await boundedFetch(new URL(DOWNLOAD_URL_PATH, withSlash(service.resultsUrl)), {
		method: "POST",
		headers: {
			authorization: `Bearer ${service.runtimeToken}`,
			"content-type": "application/json"
		},
		body: JSON.stringify({
			key: prefix,
			restore_keys: [prefix],
			version
		})
	});
	if (!response.ok) throw new UnansweredError(`status ${response.status}`);
	const answer = await response.json();
	if (!answer.ok && !answer.message) return null;
	const { signed_download_url: url, matched_key: key } = answer;
	if (!answer.ok || !url || !key?.startsWith(prefix)) throw new UnansweredError("no entry and no miss");
	return {
		key,
		archive: await download(url)
	};
}
async function download(url) {
	const response = await boundedFetch(url);
	if (!response.ok || !response.body) throw new UnansweredError(`status ${response.status} of its storage`);
	const chunks = [];
	let bytes = 0;
	for await (const chunk of response.body) {
		bytes += chunk.byteLength;
		if (bytes > MAXIMUM_ARCHIVE_BYTES) return /* @__PURE__ */ new Uint8Array();
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
function withSlash(url) {
	return url.endsWith("/") ? url : `${url}/`;
}

// src/adapters/github/run-information.ts
function githubRunInformation(client, job) {
	const repository = {
		owner: job.owner,
		repo: job.repository
	};
	const run = {
		...repository,
		run_id: Number(job.runId)
	};
	async function runCreatedAt() {
		const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}", run);
		return known(data.created_at);
	}
	async function jobStartedAt() {
		const ours = [];
		for (let page = 1; page <= MAXIMUM_PAGES$1; page++) {
			const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs", {
				...run,
				attempt_number: job.runAttempt,
				per_page: PER_PAGE$1,
				page
			});
			const { jobs } = data;
			ours.push(...jobs.filter(({ runner_name, status }) => runner_name === job.runnerName && status === "in_progress"));
			if (jobs.length < PER_PAGE$1) break;
		}
		const [only] = ours;
		return ours.length === 1 && only ? known(only.started_at) : {
			kind: "unknown",
			because: "ambiguous"
		};
	}
	return {
		isRerun: job.runAttempt > 1,
		readTime: async (scope) => {
			try {
				return scope === "repository" || job.runAttempt > 1 ? await runCreatedAt() : await jobStartedAt();
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError)) return {
					kind: "unknown",
					because: "ambiguous"
				};
				return {
					kind: "unknown",
					because: !require_github_error.canRepair(error) && (error.status === 401 || error.status === 403 || error.status === 404) ? "permission" : "unreachable"
				};
			}
		},
		statusOf: async (id, attempt) => {
			try {
				const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}", {
					...repository,
					run_id: Number(id),
					attempt_number: attempt
				});
				const { status } = data;
				return typeof status !== "string" ? "unknown" : status === "completed" ? "ended" : "in-progress";
			} catch {
				return "unknown";
			}
		},
		concurrency: async () => {
			try {
				const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups", run);
				const groups = data.concurrency_groups.map(({ group_name }) => group_name);
				const { workflow_id } = (await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}", run)).data;
				return {
					groups,
					otherRunsInProgress: (await client.ask("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", {
						...repository,
						workflow_id,
						status: "in_progress",
						per_page: 10
					}).then((answer) => answer.data.workflow_runs.filter(({ id }) => String(id) !== job.runId)).catch(() => [])).length
				};
			} catch {
				return null;
			}
		},
		visibility: async () => {
			try {
				const { private: isPrivate } = (await client.ask("GET /repos/{owner}/{repo}", repository)).data;
				return typeof isPrivate === "boolean" ? isPrivate ? "private" : "public" : null;
			} catch {
				return null;
			}
		},
		mayWrite: async (login) => {
			try {
				const { data } = await client.ask("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
					...repository,
					username: login
				});
				return [data.permission, data.role_name].some((level) => WRITING.has(level));
			} catch (error) {
				return error instanceof require_github_error.GitHubError && error.status === 404 ? false : null;
			}
		}
	};
}
const PER_PAGE$1 = 100;
const MAXIMUM_PAGES$1 = 20;
const WRITING = /* @__PURE__ */ new Set([
	"admin",
	"maintain",
	"write"
]);
function known(date) {
	const at = new Date(String(date));
	return Number.isNaN(at.getTime()) ? {
		kind: "unknown",
		because: "ambiguous"
	} : {
		kind: "known",
		at
	};
}

// src/adapters/github/secrets.ts
function githubSecretStore(client, place) {
	const path = require_secret_location.secretsPath(place);
	return {
		metadata: async (name) => {
			try {
				const { data } = await client.request(`GET ${path}/${name}`);
				const { created_at, updated_at } = demandFields(data);
				const metadata = {
					createdAt: dateOf(created_at),
					updatedAt: dateOf(updated_at)
				};
				client.log.debug(`The secret ${name} was created ${metadata.createdAt.toISOString()}, last written ${metadata.updatedAt.toISOString()}.`);
				return metadata;
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError && error.status === 404)) throw error;
				client.log.debug(`The secret ${name} does not exist, as far as the token can see.`);
				return null;
			}
		},
		publicKey: async () => {
			const { key_id, key } = demandFields((await client.request(`GET ${path}/public-key`)).data);
			return {
				id: String(key_id),
				key: new Uint8Array(Buffer.from(String(key), "base64"))
			};
		},
		put: async (name, sealed) => {
			const { status } = await client.request(`PUT ${path}/${name}`, {
				encrypted_value: sealed.encryptedValue,
				key_id: sealed.keyId
			});
			return status === 201 ? "created" : "updated";
		},
		remove: async (name) => {
			try {
				await client.request(`DELETE ${path}/${name}`);
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError && error.status === 404)) throw error;
			}
		},
		count: async () => Number(demandFields((await client.request(`GET ${path}?per_page=1`)).data).total_count)
	};
}
function demandFields(data) {
	if (typeof data !== "object" || data === null) throw new require_github_error.GitHubError("GitHub's answer has no fields.", { status: null });
	return data;
}
function dateOf(value) {
	const date = new Date(String(value));
	if (Number.isNaN(date.getTime())) throw new require_github_error.GitHubError("GitHub's answer has no date.", { status: null });
	return date;
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

// src/adapters/github/variables.ts
const PER_PAGE = 30;
const MAXIMUM_PAGES = 17;
function githubVariables(client, place) {
	const path = require_secret_location.variablesPath(place);
	const request = async (...given) => {
		try {
			return await client.request(...given);
		} catch (error) {
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			const { message, status, retryAfterMs, said } = error;
			throw new require_github_error.GitHubError(message, {
				status,
				retryAfterMs,
				said,
				permission: "Variables",
				cause: error
			});
		}
	};
	return {
		read: async (name) => {
			const answer = await orNull(() => request(`GET ${path}/${name}`));
			return answer && variableIn(answer.data);
		},
		list: async () => {
			const found = [];
			for (let page = 1; page <= MAXIMUM_PAGES; page++) {
				const { data } = await request(`GET ${path}?per_page=${PER_PAGE}&page=${page}`);
				const { variables } = require_post.fieldsOf(data);
				const list = Array.isArray(variables) ? variables.map(variableIn) : [];
				found.push(...list);
				if (list.length < PER_PAGE) break;
			}
			return found;
		},
		create: async (name, value) => {
			try {
				await request(`POST ${path}`, {
					name,
					value
				});
				return "created";
			} catch (error) {
				if (error instanceof require_github_error.GitHubError && error.status === 409) return "exists";
				throw error;
			}
		},
		update: async (name, value) => await orNull(() => request(`PATCH ${path}/${name}`, {
			name,
			value
		})) !== null,
		remove: async (name) => {
			await orNull(() => request(`DELETE ${path}/${name}`));
		}
	};
}
function variableIn(data) {
	const { name, value, created_at } = require_post.fieldsOf(data);
	const createdAt = new Date(String(created_at));
	if (typeof name !== "string" || typeof value !== "string" || Number.isNaN(createdAt.getTime())) throw new require_github_error.GitHubError("GitHub's answer holds no variable.", { status: null });
	return {
		name,
		value,
		createdAt
	};
}

// src/adapters/github/write-credential.ts
function tokenCredential(token, { apiUrl, place, clock, log }) {
	return {
		kind: "token",
		open: async () => session(new GitHubClient({
			apiUrl,
			token,
			clock,
			log
		}), place, async () => {})
	};
}
function appCredential(clientId, privateKey, context) {
	const { apiUrl, place, clock, log } = context;
	return {
		kind: "app",
		open: async () => {
			const token = await mint(clientId, privateKey, context);
			log.mask(token);
			const client = new GitHubClient({
				apiUrl,
				token,
				clock,
				log
			});
			return session(client, place, async () => {
				await client.request("DELETE /installation/token");
			});
		}
	};
}
function session(client, place, revoke) {
	return {
		store: githubSecretStore(client, place),
		variables: githubVariables(client, place),
		serverClock: client,
		expiresAt: () => client.tokenExpiresAt(),
		close: () => revoke().catch(() => {})
	};
}
async function mint(clientId, privateKey, { apiUrl, place, clock, log }) {
	const permission = require_secret_location.permissionOf(place);
	try {
		const { hook } = (0, _octokit_auth_app.createAppAuth)({
			appId: clientId,
			privateKey: privateKey.reveal().replaceAll("\\n", "\n").trim(),
			log: { warn: () => {} }
		});
		const asApp = _octokit_request.request.defaults({
			baseUrl: apiUrl,
			headers: { "x-github-api-version": API_VERSION },
			request: {
				fetch: loggedFetch(log),
				hook
			}
		});
		const { data: installation } = await asApp("GET /repos/{owner}/{repo}/installation", {
			owner: place.owner,
			repo: place.repository
		});
		const { data } = await asApp("POST /app/installations/{installation_id}/access_tokens", {
			installation_id: installation.id,
			repositories: [place.repository],
			permissions: permission === "secrets" ? SECRETS_AND_VARIABLES : { environments: "write" }
		});
		return new require_post.Secret(data.token);
	} catch (error) {
		throw explainApp(error, {
			place,
			now: clock.now()
		});
	}
}
const SECRETS_AND_VARIABLES = {
	secrets: "write",
	actions_variables: "write"
};
function explainApp(error, { place, now }) {
	const refusal = refusalOf(error, now);
	const { status } = refusal;
	if (status !== null && require_github_error.canRepair(refusal)) return refusal;
	const repository = `${place.owner}/${place.repository}`;
	const permissions = require_secret_location.permissionOf(place) === "secrets" ? "\"Secrets: read and write\" or \"Variables: read and write\"" : "\"Environments: read and write\"";
	const answer = require_write_session.answerOf(refusal);
	const cause = require_write_session.explainRefusal(refusal);
	if (cause) return cause;
	switch (status) {
		case 401: return new require_post.Failure("app-invalid", `GitHub does not accept the App's client ID with this private key (${answer}).`, "Check that `client-id` and `private-key` belong to the same App, and that the key has not been deleted there.");
		case 404: return new require_post.Failure("app-not-installed", `The GitHub App is not installed on ${repository} (${answer}).`, `Install the App on ${repository} (the App's settings → Install App).`);
		case 403:
		case 422: return new require_post.Failure("app-permission-missing", `The GitHub App's installation on ${repository} lacks the permission ${permissions} (${answer}).`, `Give the App ${require_secret_location.permissionOf(place) === "secrets" ? "both repository permissions" : "that repository permission"} and accept the change in the installation.`);
		case null: return error instanceof Error && "status" in error ? refusal : new require_post.Failure("app-invalid", "The GitHub App's private key cannot be read.", "Pass the whole PEM file in `private-key`, with its first and last line.");
		default: return refusal;
	}
}

// src/adapters/machine/proxy.ts
const THIS_MACHINE = [
	"localhost",
	"127.0.0.1",
	"[::1]"
];
function useProxy(environment) {
	const variables = proxyVariables(environment);
	if (!variables.http_proxy && !variables.https_proxy) return null;
	if (typeof node_http.setGlobalProxyFromEnv === "function") {
		node_http.setGlobalProxyFromEnv({ ...variables });
		return null;
	}
	const canBegin = process.allowedNodeEnvironmentFlags.has("--use-env-proxy");
	if (canBegin && environment.NODE_USE_ENV_PROXY === "1") return null;
	return `A proxy is set, and this Node (${process.version}) sends requests past it. ` + (canBegin ? "Set NODE_USE_ENV_PROXY=1 from the start, or use Node 24.14 or newer." : "Use Node 24.14 or newer.");
}
function proxyVariables(environment) {
	const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = environment;
	const names = (no_proxy || NO_PROXY || "").split(",").map((name) => name.trim()).filter((name) => name !== "");
	const below = names.filter((name) => !/^[.*]/.test(name)).map((name) => `.${name}`);
	return {
		...names.includes("*") ? {
			http_proxy: void 0,
			https_proxy: void 0
		} : {
			http_proxy: withScheme(http_proxy || HTTP_PROXY),
			https_proxy: withScheme(https_proxy || HTTPS_PROXY)
		},
		no_proxy: [
			...names,
			...below,
			...THIS_MACHINE
		].join(",")
	};
}
function withScheme(proxy) {
	return !proxy || /^https?:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

// src/adapters/sodium/aead.ts
const NONCE_BYTES = 24;
async function sodiumAead() {
	await libsodium_wrappers.default.ready;
	return {
		seal: ({ key, nonce, plaintext, associated }) => libsodium_wrappers.default.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated, null, nonce, key),
		open: ({ key, nonce, sealed, associated }) => {
			try {
				return libsodium_wrappers.default.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, associated, nonce, key);
			} catch {
				return null;
			}
		}
	};
}
function envelopeCipher(place, randomness) {
	return {
		seal: async (holder, label, text) => {
			const { encryptionKey: key } = handoffKeys(holder, place);
			return sealEnvelope(await sodiumAead(), {
				key,
				nonce: randomness.bytes(NONCE_BYTES),
				label,
				text
			});
		},
		open: async (holder, label, envelope) => {
			const { encryptionKey: key } = handoffKeys(holder, place);
			return openEnvelope(await sodiumAead(), {
				key,
				label,
				envelope
			});
		}
	};
}

// src/adapters/sodium/sealed-box.ts
const sodiumSealedBox = { seal: async (content, { id, key }) => {
	await libsodium_wrappers.default.ready;
	const sealed = libsodium_wrappers.default.crypto_box_seal(Buffer.from(content.reveal(), "utf8"), key);
	return {
		keyId: id,
		encryptedValue: Buffer.from(sealed).toString("base64")
	};
} };

// src/core/claim/ledger.ts
function writeLedger(ledger) {
	return JSON.stringify({
		...ledger,
		document: ledger.document.line().reveal(),
		predecessor: ledger.predecessor?.line().reveal() ?? null
	});
}
function readLedger(text) {
	try {
		const json = JSON.parse(text);
		const document = typeof json.document === "string" ? require_post.AuthJson.read(json.document) : null;
		const predecessor = typeof json.predecessor === "string" ? require_post.AuthJson.read(json.predecessor) : null;
		const before = new Date(typeof json.before === "string" ? json.before : NaN);
		if (document === null || Number.isNaN(before.getTime()) || typeof json.stored !== "boolean") return null;
		const writes = Array.isArray(json.writes) ? json.writes.flatMap(readWindow) : [];
		return {
			document,
			predecessor,
			claim: readOwnClaim(json.claim),
			before,
			stored: json.stored,
			writes
		};
	} catch {
		return null;
	}
}
function readWindow(value) {
	const { from, to } = value;
	const window = {
		from: new Date(String(from)),
		to: new Date(String(to))
	};
	return Number.isNaN(window.from.getTime() + window.to.getTime()) ? [] : [window];
}
function readOwnClaim(value) {
	if (typeof value !== "object" || value === null) return null;
	const { name, holder } = value;
	return typeof name === "string" && typeof holder === "string" ? {
		name,
		holder
	} : null;
}

// src/login/ledger-file.ts
function ledgerFile(files, cipher, { base, holder }) {
	const path = require_post.ledgerPath(base);
	return {
		load: async () => {
			const envelope = await files.readBytes(path);
			const text = envelope && await cipher.open(holder, "ledger", envelope);
			return text ? readLedger(text) : null;
		},
		save: async (ledger) => files.write(path, await cipher.seal(holder, "ledger", writeLedger(ledger)), 384)
	};
}

// src/entry/wire-online.ts
const withoutProxy = useProxy(process.env);
if (withoutProxy !== null) require_post.stepLog.warning(withoutProxy);
function goOnline(wiring) {
	const { handed } = wiring;
	const { codex, cipher, ...shared } = connect(wiring);
	return {
		...shared,
		handed,
		refresher: async () => appServerRefresher(await codex(), require_post.stepLog),
		ledgerFile: ledgerFile(require_post.diskFiles, cipher, {
			base: shared.base,
			holder: handed
		}),
		channel: require_post.stepChannel,
		processes: require_processes.systemProcesses
	};
}
function connect({ inputs, context, session, handed, cancellation }) {
	const place = require_post.placeOf(context, session.place);
	const cipher = envelopeCipher(place, require_wire_job.systemRandomness);
	const service = inputs.handoff === "off" ? null : cacheServiceOf(process.env);
	const { apiUrl } = context;
	const scrubbed = require_post.scrubEnvironment(process.env, [...require_post.secretValues(inputs), ...handed?.tokens ?? []]);
	const environment = require_wire_job.withoutCode({
		...scrubbed,
		...inputs.codexEnvironment
	}, require_post.isOutsideWorkspace);
	const handoffSettings = {
		place,
		cipher,
		clock: require_post.machineClock,
		log: require_post.stepLog,
		temporaryDirectory: session.base
	};
	return {
		base: session.base,
		environment,
		cipher,
		codex: () => {
			return provideCodex(require_wire_job.codexProgram(environment, inputs), require_post.stepChannel, inputs.codexVersion);
		},
		writeCredential: writeCredentialOf(inputs, {
			apiUrl,
			place,
			clock: require_post.machineClock,
			log: require_post.stepLog
		}),
		box: sodiumSealedBox,
		handoff: service ? actionsHandoffCache({
			service,
			...handoffSettings
		}) : noHandoffCache,
		runInformation: runInformationOf(inputs, context),
		files: require_post.diskFiles,
		clock: require_post.machineClock,
		randomness: require_wire_job.systemRandomness,
		log: require_post.stepLog,
		cancellation,
		place,
		claimant: {
			run: context.runId,
			attempt: context.runAttempt,
			ref: context.ref
		}
	};
}
function runInformationOf(inputs, context) {
	const { apiUrl } = context;
	const token = inputs.githubToken ?? new require_post.Secret("");
	return githubRunInformation(new GitHubClient({
		apiUrl,
		token,
		clock: require_post.machineClock,
		log: require_post.stepLog
	}), context);
}
function alertsOf(inputs, context) {
	const { apiUrl, serverUrl, owner, repository, runId } = context;
	const client = new GitHubClient({
		apiUrl,
		token: inputs.githubToken ?? new require_post.Secret(""),
		clock: require_post.machineClock,
		log: require_post.stepLog
	});
	return {
		board: githubAlertBoard(client, context),
		place: require_post.placeOf(context, inputs),
		runUrl: `${serverUrl}/${owner}/${repository}/actions/runs/${runId}`,
		clock: require_post.machineClock,
		log: require_post.stepLog
	};
}
function writeCredentialOf(inputs, context) {
	const { writeCredential: given } = inputs;
	switch (given.kind) {
		case "none": return null;
		case "token": return tokenCredential(given.token, context);
		case "app": return appCredential(given.clientId, given.privateKey, context);
	}
}

exports.alertsOf = alertsOf;
exports.goOnline = goOnline;