"use strict";

const require_choose_codex = require("./choose-codex.cjs");
const require_main = require("../main.cjs");
const require_usage = require("./usage.cjs");
const require_or_null = require("./or-null.cjs");
const require_github_error = require("./github-error.cjs");
const require_wire_job = require("./wire-job.cjs");
let node_readline = require("node:readline");
let node_timers_promises = require("node:timers/promises");

// src/adapters/codex/verifier.ts
const ANSWER_TIMEOUT_MS = 2e4;
const CLOSE_TIMEOUT_MS = 2e3;
const EXEC_TIMEOUT_MS = 12e4;
const INITIALIZE = {
	id: 1,
	method: "initialize",
	params: { clientInfo: {
		name: "codex-auth-roundtrip",
		title: "codex-auth-roundtrip",
		version: "1"
	} }
};
const READ_USAGE = {
	id: 2,
	method: "account/rateLimits/read"
};
const WITHOUT_ISSUER = { CODEX_REFRESH_TOKEN_URL_OVERRIDE: "https://127.0.0.1:9/" };
const FLAGS = [
	...require_or_null.FILE_STORE,
	...["project_root_markers=[]", "project_doc_max_bytes=0"].flatMap((setting) => ["-c", setting]),
	...require_main.ACCOUNT_FEATURES.flatMap((feature) => ["-c", `features.${feature}=false`])
];
const PROMPT = [
	"exec",
	"--json",
	"--skip-git-repo-check",
	"--sandbox",
	"read-only",
	"Reply exactly: OK"
];
function codexVerifier(command, log) {
	const start = (asked, args, { home, environment }, input) => require_or_null.startCodex(command, {
		asked,
		args: [...FLAGS, ...args],
		home,
		input,
		group: "own",
		log,
		environment
	});
	return {
		usage: async (request) => {
			const codex = start("app-server (account/rateLimits/read)", ["app-server"], withoutIssuer(request), "pipe");
			try {
				await codex.spawned;
				return await Promise.race([
					askForUsage(codex.child),
					codex.exited.then(() => unknown("Codex ended without an answer.")),
					(0, node_timers_promises.setTimeout)(ANSWER_TIMEOUT_MS, unknown("Codex did not answer in time."), { ref: false })
				]);
			} catch {
				return unknown("Codex could not be started.");
			} finally {
				codex.child.stdin?.end();
				await Promise.race([codex.exited, (0, node_timers_promises.setTimeout)(CLOSE_TIMEOUT_MS, void 0, { ref: false })]);
				await require_or_null.endCodex(codex);
			}
		},
		exec: async (request) => {
			const codex = start("exec", PROMPT, request, "ignore");
			try {
				await codex.spawned;
				const timer = setTimeout(() => codex.child.kill("SIGTERM"), EXEC_TIMEOUT_MS);
				await codex.closed;
				clearTimeout(timer);
				const { exitCode } = codex.child;
				if (exitCode === 0) return {
					kind: "accepted",
					usage: null
				};
				return failedTurn(codex.output()) ?? unknown(`Codex ended with exit code ${exitCode ?? "none"}.`);
			} catch {
				return unknown("Codex could not be started.");
			} finally {
				await require_or_null.endCodex(codex);
			}
		}
	};
}
async function askForUsage({ stdin, stdout }) {
	if (!stdin || !stdout) throw new TypeError("The app-server has no pipes.");
	const say = (message) => void stdin.write(`${JSON.stringify(message)}\n`);
	say(INITIALIZE);
	for await (const line of (0, node_readline.createInterface)({ input: stdout })) {
		const message = parse(line);
		if (message.id === INITIALIZE.id) {
			say({ method: "initialized" });
			say(READ_USAGE);
		} else if (message.id === READ_USAGE.id) return "error" in message ? verdictOf(String(require_main.fieldsOf(message.error).message)) : {
			kind: "accepted",
			usage: require_usage.readUsage(message.result)
		};
	}
	return unknown("Codex ended without an answer.");
}
function failedTurn(output) {
	for (const line of output.split("\n")) {
		const { type, error } = parse(line);
		if (type === "turn.failed") return verdictOf(String(require_main.fieldsOf(error).message));
	}
	return null;
}
const REFUSED = /^failed to fetch codex rate limits: GET \S+ failed: 401 Unauthorized;|^Your access token could not be refreshed/;
function verdictOf(message) {
	return REFUSED.test(message) ? { kind: "refused" } : unknown(`Codex says ${require_main.foreign(message)}.`);
}
function withoutIssuer(request) {
	return {
		...request,
		environment: {
			...request.environment,
			...WITHOUT_ISSUER
		}
	};
}
function unknown(because) {
	return {
		kind: "unknown",
		because
	};
}
function parse(line) {
	try {
		return require_main.fieldsOf(JSON.parse(line));
	} catch {
		return {};
	}
}

// src/adapters/github/copy-secrets.ts
const PER_PAGE = 100;
const MAXIMUM_PAGES = 100;
function githubCopySecrets(client, scope) {
	const path = require_usage.copySecretsPath(scope);
	return {
		metadata: async (name) => {
			const answer = await require_or_null.orNull(() => client.request(`GET ${path}/${name}`));
			if (answer === null) return null;
			const { created_at, updated_at } = require_main.fieldsOf(answer.data);
			return {
				createdAt: dateOf(created_at),
				updatedAt: dateOf(updated_at)
			};
		},
		publicKey: async () => {
			const { key_id, key } = require_main.fieldsOf((await client.request(`GET ${path}/public-key`)).data);
			return {
				id: String(key_id),
				key: new Uint8Array(Buffer.from(String(key), "base64"))
			};
		},
		repository: async () => {
			if (scope.kind === "organization") return null;
			const { data } = await client.request(`GET /repos/${scope.owner}/${scope.repository}`);
			const { id, full_name } = require_main.fieldsOf(data);
			const [owner = "", repository = ""] = String(full_name).split("/");
			if (typeof id !== "number" || repository === "") throw new require_github_error.GitHubError("GitHub's answer names no repository.", { status: null });
			return {
				id: String(id),
				owner,
				repository
			};
		},
		audience: async (name) => {
			if (scope.kind !== "organization") return null;
			const { visibility } = require_main.fieldsOf((await client.request(`GET ${path}/${name}`)).data);
			if (typeof visibility !== "string") throw new require_github_error.GitHubError("GitHub's answer has no visibility.", { status: null });
			return {
				visibility,
				repositories: visibility === "selected" ? await selected(client, path, name) : null
			};
		},
		put: async (name, sealed, audience) => {
			const { status } = await client.request(`PUT ${path}/${name}`, {
				encrypted_value: sealed.encryptedValue,
				key_id: sealed.keyId,
				...audienceFields(audience)
			}, { redirects: "refused" });
			return status === 201 ? "created" : "updated";
		},
		remove: async (name) => {
			await require_or_null.orNull(() => client.request(`DELETE ${path}/${name}`, void 0, { redirects: "refused" }));
		}
	};
}
function audienceFields(audience) {
	if (audience === null) return {};
	const { visibility, repositories } = audience;
	return {
		visibility,
		...repositories === null ? {} : { selected_repository_ids: repositories }
	};
}
async function selected(client, path, name) {
	const found = /* @__PURE__ */ new Set();
	for (let page = 1; page <= MAXIMUM_PAGES; page++) {
		const { data } = await client.request(`GET ${path}/${name}/repositories?per_page=${PER_PAGE}&page=${page}`);
		const { repositories, total_count: total } = require_main.fieldsOf(data);
		const list = Array.isArray(repositories) ? repositories.map((entry) => require_main.fieldsOf(entry).id) : [];
		for (const id of list) {
			if (typeof id !== "number") throw new require_github_error.GitHubError("GitHub's answer has no repository's id.", { status: null });
			found.add(id);
		}
		if (list.length === PER_PAGE) continue;
		if (typeof total === "number" && total !== found.size) throw new require_github_error.GitHubError(`GitHub's API names ${found.size} of the ${total} repositories that the secret is visible to.`, { status: null });
		return [...found].sort((one, other) => one - other);
	}
	throw new require_github_error.GitHubError(`The secret is visible to more than 10000 repositories.`, { status: 422 });
}
function dateOf(value) {
	const date = new Date(String(value));
	if (Number.isNaN(date.getTime())) throw new require_github_error.GitHubError("GitHub's answer has no date.", { status: null });
	return date;
}

// src/adapters/github/copy-access.ts
function tokenCopyAccess(token, { apiUrl, clock, log }) {
	return { open: async () => {
		const client = new require_or_null.GitHubClient({
			apiUrl,
			token,
			clock,
			log
		});
		return {
			secretsOf: (scope) => githubCopySecrets(client, scope),
			close: async () => {}
		};
	} };
}
function appCopyAccess(key, context) {
	return { open: async (destinations) => {
		const minter = new Minter(key, context);
		const scopes = new Map(destinations.map(({ scope }) => [require_usage.scopeKeyOf(scope), scope]));
		for (const group of groupsOf([...scopes.values()])) await minter.mint(group);
		return minter.reach();
	} };
}
function groupsOf(scopes) {
	const groups = /* @__PURE__ */ new Map();
	for (const scope of scopes) {
		const key = scope.kind === "organization" ? `organization ${scope.organization.toLowerCase()}` : `${scope.owner.toLowerCase()} ${permissionsOf(scope)[0]}`;
		groups.set(key, [...groups.get(key) ?? [], scope]);
	}
	return [...groups.values()];
}
function permissionsOf(scope) {
	if (scope.kind === "organization") return ["organization_secrets"];
	return [scope.environment === null ? "secrets" : "environments"];
}
var Minter = class {
	#context;
	#asApp;
	#clients = /* @__PURE__ */ new Map();
	#failures = /* @__PURE__ */ new Map();
	constructor(key, context) {
		this.#context = context;
		this.#asApp = require_or_null.appRequest(key, context);
	}
	async mint(group) {
		try {
			const client = await this.#clientFor(group);
			for (const scope of group) this.#clients.set(require_usage.scopeKeyOf(scope), client);
		} catch (error) {
			const failure = explain(error, group, this.#context.clock.now());
			if (group.length > 1) {
				for (const scope of group) await this.mint([scope]);
				return;
			}
			for (const scope of group) this.#failures.set(require_usage.scopeKeyOf(scope), failure);
		}
	}
	reach() {
		return {
			secretsOf: (scope) => {
				const client = this.#clients.get(require_usage.scopeKeyOf(scope));
				if (client) return githubCopySecrets(client, scope);
				throw this.#failures.get(require_usage.scopeKeyOf(scope)) ?? /* @__PURE__ */ new TypeError("nothing was minted for this scope");
			},
			close: async () => {
				for (const client of new Set(this.#clients.values())) await client.request("DELETE /installation/token").catch(() => {});
			}
		};
	}
	async #clientFor(group) {
		const [first] = group;
		if (!first) throw new TypeError("an empty group");
		const { data: installation } = first.kind === "organization" ? await this.#asApp("GET /orgs/{org}/installation", { org: first.organization }) : await this.#asApp("GET /repos/{owner}/{repo}/installation", {
			owner: first.owner,
			repo: first.repository
		});
		const names = group.flatMap((scope) => scope.kind === "repository" ? [scope.repository] : []);
		const permissions = { [permissionsOf(first)[0]]: "write" };
		const { data } = await this.#asApp("POST /app/installations/{installation_id}/access_tokens", {
			installation_id: installation.id,
			...names.length > 0 ? { repositories: [...new Set(names)] } : {},
			permissions
		});
		const token = new require_main.Secret(data.token);
		const { apiUrl, clock, log } = this.#context;
		log.mask(token);
		return new require_or_null.GitHubClient({
			apiUrl,
			token,
			clock,
			log
		});
	}
};
function explain(error, [scope], now) {
	const refusal = require_or_null.refusalOf(error, now);
	const reached = error instanceof Error && "status" in error;
	if (refusal.status === null && !reached) return new require_main.Failure("app-invalid", "The GitHub App's private key cannot be read.", "Pass the whole PEM file in `private-key`, with its first and last line.");
	if (refusal.status !== 404 || scope === void 0) return refusal;
	const where = scope.kind === "organization" ? scope.organization : `${scope.owner}/${scope.repository}`;
	return new require_main.Failure("app-not-installed", `The GitHub App is not installed on ${where} (404).`, `Install the App on ${where} (the App's settings → Install App).`);
}

// src/entry/wire-copies.ts
function wireCopies(services, inputs, apiUrl) {
	const { environment } = services;
	return {
		...services,
		copyAccess: copyAccessOf(inputs, apiUrl),
		verifier: async () => codexVerifier(await require_choose_codex.provideCodex(require_wire_job.codexProgram(environment, inputs), require_main.stepChannel, inputs.codexVersion), require_main.stepLog)
	};
}
function copyAccessOf({ writeCredential }, apiUrl) {
	const context = {
		apiUrl,
		clock: require_main.machineClock,
		log: require_main.stepLog
	};
	switch (writeCredential.kind) {
		case "none": throw new TypeError("a refresh job without a write token");
		case "token": return tokenCopyAccess(writeCredential.token, context);
		case "app": return appCopyAccess(writeCredential, context);
	}
}

exports.wireCopies = wireCopies;