"use strict";

const require_github_error = require("./github-error.cjs");
const require_main = require("../main.cjs");
const require_retry = require("./retry.cjs");

// src/login/prove-write.ts
const PROBE_NAME = "CODEX_AUTH_WRITE_PROBE";
const PROBE_CONTENT = "codex-auth-roundtrip writes this to learn whether its token may write here. It means nothing.";
const SECRET_LIMIT = 100;
const WITHIN_MS = 15e3;
const KEYS = 3;
async function proveSecretsWritable({ session, box, clock, log, place }) {
	if (require_main.permissionOf(place) === "environments") return null;
	const { store } = session;
	return require_retry.insist({
		clock,
		log
	}, { withinMs: WITHIN_MS }, async () => {
		for (let keys = 1;; keys++) {
			const key = await store.publicKey();
			try {
				await store.put(PROBE_NAME, await box.seal(new require_main.Secret(PROBE_CONTENT), key));
				return key;
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError) || error.status !== 422) throw error;
				if (await store.count() >= SECRET_LIMIT) return key;
				if (keys === KEYS) throw error;
			}
		}
	});
}
async function proveWritable(services) {
	const { session, clock, log } = services;
	const { variables } = session;
	await require_retry.insist({
		clock,
		log
	}, { withinMs: WITHIN_MS }, () => variables.create(PROBE_NAME, PROBE_CONTENT));
	await require_retry.insist({
		clock,
		log
	}, { withinMs: WITHIN_MS }, () => variables.remove(PROBE_NAME));
	await proveSecretsWritable(services);
}

Object.defineProperty(exports, "proveSecretsWritable", {
  enumerable: true,
  get: function () {
    return proveSecretsWritable;
  }
});
Object.defineProperty(exports, "proveWritable", {
  enumerable: true,
  get: function () {
    return proveWritable;
  }
});