"use strict";
const e = require("../post.cjs");
// src/core/github-error.ts
var t = class extends Error {
	status;
	retryAfterMs;
	permission;
	said;
	constructor(e, t) {
		super(e, { cause: t.cause });
		this.name = "GitHubError";
		this.status = t.status;
		this.retryAfterMs = t.retryAfterMs ?? null;
		this.permission = t.permission ?? null;
		this.said = t.said ?? null;
	}
};
const n = 60;
function r({ status: e, said: t, headers: r, now: i }) {
	const a = Number(r["retry-after"]);
	if (Number.isFinite(a) && a > 0) return a * 1e3;
	if (e !== 403 && e !== 429) return null;
	if (r["x-ratelimit-remaining"] === "0") {
		const e = Number(r["x-ratelimit-reset"]) * 1e3 - i.getTime();
		return Number.isFinite(e) && e > 0 ? e : n * 1e3;
	}
	return /rate limit|abuse detection/i.test(t ?? "") ? n * 1e3 : null;
}
function i(t, n) {
	if (t === null) return "GitHub's API did not answer.";
	return n === null ? `GitHub's API answered ${t}.` : `GitHub's API answered ${t}: ${e.w(n)}.`;
}
function a(e) {
	const { status: t, retryAfterMs: n } = e;
	return t === null || t >= 500 || t === 429 || t === 408 || t === 403 && n !== null;
}
function o(t, { place: n, writer: r, workedEarlier: o }) {
	const s = e.E(n);
	const c = `${e.D(n) === "secrets" ? t.permission ?? "Secrets" : "Environments"}: read and write`;
	const l = t.said === null ? String(t.status) : `${t.status}: ${e.w(t.said)}`;
	const u = r === "token" ? `Give the token in \`secret-write-token\` the repository permission "${c}" for ${n.owner}/${n.repository}. GITHUB_TOKEN cannot have it.` : `Give the GitHub App the repository permission "${c}", accept it in the installation, and install the App on ${n.owner}/${n.repository}.`;
	switch (t.status === 403 && a(t) ? 429 : t.status) {
		case 401: return o ? new e.W("writer-revoked", `The token in \`secret-write-token\` worked earlier in this job and is now refused (${l}).`, "A token from actions/create-github-app-token is revoked before our post step: pass `client-id` and `private-key` to this action instead, or set `skip-token-revoke: true` there.", { cause: t }) : new e.W("writer-rejected", `GitHub does not accept the writer's token (${l}): it is expired, revoked or mistyped.`, "Make a new fine-grained token and store it as the secret that `secret-write-token` reads.", { cause: t });
		case 403: return new e.W("writer-forbidden", `The writer may not write the ${s} (${l}).`, u, { cause: t });
		case 404: return new e.W("writer-cannot-reach-repository", `The writer cannot see the ${n.environment === null ? "secrets" : `environment ${n.environment}`} of ${n.owner}/${n.repository} (${l}).`, n.environment === null ? u : `Check the name in \`environment\`, then: ${u}`, { cause: t });
		default: return new e.W("github-unreachable", i(t.status, t.said), "This usually passes: run the job again, and see githubstatus.com.", { cause: t });
	}
}
Object.defineProperty(exports, "a", {
	enumerable: true,
	get: function() {
		return r;
	}
});
Object.defineProperty(exports, "i", {
	enumerable: true,
	get: function() {
		return o;
	}
});
Object.defineProperty(exports, "n", {
	enumerable: true,
	get: function() {
		return a;
	}
});
Object.defineProperty(exports, "r", {
	enumerable: true,
	get: function() {
		return i;
	}
});
Object.defineProperty(exports, "t", {
	enumerable: true,
	get: function() {
		return t;
	}
});
