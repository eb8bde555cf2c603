"use strict";
Object.defineProperty(exports, Symbol.toStringTag, { value: "Module" });
let e = require("node:fs");
let t = require("node:path");
// src/adapters/own-environment.ts
const n = 47;
const r = 48;
function i({ forgotten: e, hidden: t }) {
	const n = t.map((e) => process.env[e]);
	try {
		const n = [...e, ...t].map((e) => Buffer.from(e).toString("latin1"));
		a(new Set(n));
	} catch {}
	for (const t of e) delete process.env[t];
	t.forEach((e, t) => {
		const r = n[t];
		if (r !== void 0) process.env[e] = r;
	});
}
function a(t) {
	const i = (0, e.readFileSync)("/proc/self/stat", "latin1");
	const a = i.slice(i.lastIndexOf(")") + 2).split(" ");
	const o = Number(a[n]);
	const s = Buffer.alloc(Number(a[r]) - o);
	const c = (0, e.openSync)("/proc/self/mem", "r+");
	try {
		(0, e.readSync)(c, s, 0, s.length, o);
		let n = o;
		for (const r of s.toString("latin1").split("\0")) {
			const i = r.indexOf("=");
			if (i > 0 && t.has(r.slice(0, i))) {
				const t = r.length - i - 1;
				(0, e.writeSync)(c, Buffer.alloc(t), 0, t, n + i + 1);
			}
			n += r.length + 1;
		}
	} finally {
		(0, e.closeSync)(c);
	}
}
// src/core/failure.ts
const o = [
	"document-empty",
	"document-too-large",
	"document-byte-order-mark",
	"document-not-json",
	"document-truncated",
	"document-not-codex",
	"document-api-key",
	"document-not-chatgpt",
	"document-tokens-missing",
	"document-access-token-missing",
	"document-refresh-token-missing",
	"document-id-token-missing",
	"document-account-missing",
	"document-last-refresh-missing",
	"document-other-account",
	"document-foreign-issuer",
	"input-invalid",
	"secret-empty",
	"home-in-workspace",
	"home-has-login",
	"home-unwritable",
	"public-repository",
	"pull-request-target",
	"concurrency-unguarded",
	"environment-changed",
	"event-untrusted",
	"actor-not-allowed",
	"codex-missing",
	"codex-outdated",
	"codex-install-failed",
	"prompt-unreadable",
	"file-refused",
	"prompt-failed",
	"access-token-refused",
	"protection-impossible",
	"config-refused",
	"writer-missing",
	"writer-invalid",
	"writer-rejected",
	"writer-revoked",
	"writer-forbidden",
	"writer-cannot-reach-repository",
	"app-invalid",
	"app-not-installed",
	"app-permission-missing",
	"environment-not-found",
	"secret-not-found",
	"secret-limit",
	"secret-changed-elsewhere",
	"github-unreachable",
	"claim-busy",
	"claim-limit",
	"secret-mismatch",
	"login-shared",
	"copy-stale",
	"currency-unproven",
	"access-token-expiring",
	"refresh-failed",
	"refresh-token-reused",
	"refresh-token-expired",
	"refresh-token-revoked",
	"refresh-rejected",
	"refresh-unavailable",
	"refresh-answer-lost",
	"refresh-broke-document",
	"refresh-not-rotated",
	"reseed-failed",
	"reseed-other-account",
	"publish-pending",
	"publish-refused",
	"run-failed",
	"cancelled",
	"token-missing",
	"repository-not-found",
	"secret-exists",
	"seed-unverified",
	"login-failed",
	"file-unreadable",
	"workflows-outside-checkout",
	"host-busy",
	"home-missing",
	"home-other-owner",
	"home-foreign-login",
	"seed-not-newer",
	"exec-failed",
	"timer-failed"
];
var s = class extends Error {
	code;
	hint;
	constructor(e, t, n, r) {
		super(t, r);
		this.name = "Failure";
		this.code = e;
		this.hint = n;
	}
};
// src/core/loopback.ts
function c(e) {
	try {
		return /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(new URL(e).hostname);
	} catch {
		return false;
	}
}
// src/core/environment.ts
const l = /* @__PURE__ */ new Set([
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
const u = [
	"CODEX_AGENT_IDENTITY_",
	"CODEX_APP_SERVER_LOGIN_",
	"CODEX_APP_SERVER_CHATGPT_",
	"CODEX_EXEC_SERVER_"
];
const ee = /^(?!CODEX_(CA_CERTIFICATE|HOME)$)(CODEX|OPENAI|CHATGPT)_/;
const d = "RUST_LOG";
const te = [
	"INPUT_",
	"STATE_",
	"ACTIONS_"
];
function f(e, t) {
	const n = t.map((e) => e.reveal().trim()).filter((e) => e !== "");
	const r = {};
	for (const [t, i] of Object.entries(e)) {
		if (i === void 0 || ie(t) || ee.test(t.toUpperCase())) continue;
		if (t.toUpperCase() === d) continue;
		if (n.some((e) => i.includes(e))) continue;
		r[t] = i;
	}
	return r;
}
const p = 24;
function ne(e) {
	const t = e.map((e) => e.reveal().trim()).filter((e) => e !== "");
	return (e) => {
		const n = e.trim();
		return t.some((e) => n.includes(e) || n.length >= p && e.includes(n));
	};
}
function re(e) {
	const t = {};
	for (const [n, r] of e.split(/\r?\n/).entries()) {
		if (r.trim() === "" || r.trimStart().startsWith("#")) continue;
		const e = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(r);
		if (!e) throw new s("input-invalid", `Line ${n + 1} of \`codex-env\` is not NAME=VALUE.`, "Write one NAME=VALUE a line.");
		const [, i = "", a = ""] = e;
		if (ie(i)) throw new s("input-invalid", `\`codex-env\` may not set ${i}.`, "INPUT_, STATE_ and ACTIONS_ belong to the runner.");
		if (ae(i) && !c(a)) throw new s("input-invalid", `\`codex-env\` sets ${i}, which redirects authentication, to something that is not on this machine.`, "Only loopback addresses (http://127.0.0.1:PORT) are accepted for it, for tests.");
		t[i] = a;
	}
	return t;
}
function ie(e) {
	const t = e.toUpperCase();
	return te.some((e) => t.startsWith(e));
}
function ae(e) {
	const t = e.toUpperCase();
	return l.has(t) || u.some((e) => t.startsWith(e));
}
// src/core/secret.ts
function oe(e) {
	let t = 2166136261;
	for (let n = 0; n < e.length; n++) t = Math.imul(t ^ e.charCodeAt(n), 16777619);
	return (t >>> 0).toString(16).padStart(8, "0");
}
var m = class {
	#e;
	constructor(e) {
		this.#e = e;
	}
	reveal() {
		return this.#e;
	}
	get isEmpty() {
		return this.#e === "";
	}
	equals(e) {
		return this.#e === e.#e;
	}
	get fingerprint() {
		return oe(this.#e);
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
// src/entry/own-variables.ts
const h = "INPUT_";
const se = /* @__PURE__ */ new Map();
const ce = [
	"codex-auth-json",
	"secret-write-token",
	"private-key"
];
const le = "ACTIONS_RUNTIME_TOKEN";
const ue = /^ACTIONS_\w*TOKEN$/;
const de = fe();
function fe() {
	const e = Object.entries(process.env);
	for (const [t, n] of e) if (t.startsWith(h)) se.set(t, n?.trim() ?? "");
	const t = (e) => se.get(h + e.toUpperCase()) ?? "";
	const n = ce.map(t);
	const r = ne([...n, ...n.map(pe)].map((e) => new m(e)));
	const a = ([e, t = ""]) => e.startsWith(h) || ue.test(e) && e !== le || r(t);
	i({
		forgotten: e.filter(a).map(([e]) => e),
		hidden: [le]
	});
	return t;
}
function pe(e) {
	return Buffer.from(e, "base64").toString("utf8");
}
// src/core/steering.ts
const me = /^((\w+_)?(NO_?)?PROXY|(NODE|SSL_CERT|OPENSSL|LD|DYLD)_\w+|CODEX_CA_CERTIFICATE|GCONV_PATH)$/;
const he = /* @__PURE__ */ new Set([
	"NODE_ENV",
	"NODE_VERSION",
	"NODE_AUTH_TOKEN"
]);
function ge(e) {
	const t = e.toUpperCase();
	return !he.has(t) && me.test(t);
}
function _e(e, t) {
	return [.../* @__PURE__ */ new Set([...Object.keys(e), ...Object.keys(t)])].filter((n) => ge(n) && (e[n] ?? null) !== (t[n] ?? null)).sort();
}
// src/core/duration.ts
const ve = {
	s: 1e3,
	m: 6e4,
	h: 36e5,
	d: 864e5
};
function ye(e, t) {
	const n = /^(\d{1,6})\s*([smhd])$/.exec(e.trim());
	if (!n) throw new s("input-invalid", `The input \`${t}\` is not a duration.`, "Write a number and a unit: 90s, 30m, 72h or 10d.");
	return Number(n[1]) * ve[n[2]];
}
function g(e) {
	const t = Math.max(0, Math.floor(e / 1e3));
	const [n, r, i] = [
		Math.floor(t / 86400),
		Math.floor(t / 3600) % 24,
		Math.floor(t / 60) % 60
	];
	if (n > 0) return `${n} ${n === 1 ? "day" : "days"} ${r} h`;
	if (r > 0) return `${r} h ${i} min`;
	if (i > 0) return `${i} min`;
	return `${t} s`;
}
// src/action/inputs.ts
function be(e) {
	const t = (t) => e(t) || null;
	const n = (t) => {
		const n = e(t);
		return n ? new m(n) : null;
	};
	const r = (t, n) => {
		const r = e(t) || n[0];
		const i = n.find((e) => e === r);
		if (i) return i;
		throw new s("input-invalid", `The input \`${t}\` has a value it does not know.`, `Write one of: ${n.join(", ")}.`);
	};
	const i = (e) => r(e, ["false", "true"]) === "true";
	const a = {
		secret: n("codex-auth-json"),
		secretName: Ce(e("secret-name") || "CODEX_AUTH_JSON"),
		environment: t("environment"),
		writer: Oe(n("secret-write-token"), t("client-id"), n("private-key")),
		githubToken: n("github-token"),
		role: r("role", ["keeper", "borrower"]),
		refresh: r("refresh", [
			"auto",
			"force",
			"never"
		]),
		refreshWindowMs: ye(e("refresh-window") || "72h", "refresh-window"),
		minimumLifetimeMs: ye(e("minimum-lifetime") || "6h", "minimum-lifetime"),
		refreshToken: r("refresh-token", ["withheld", "present"]),
		run: t("run"),
		prompt: Te(t),
		sandbox: r("sandbox", [
			"workspace-write",
			"read-only",
			"danger-full-access"
		]),
		codexVersion: De(t("codex-version")),
		protectAuth: r("protect-auth", [
			"profile",
			"enforced",
			"off"
		]),
		codexApps: i("codex-apps"),
		shell: e("shell") || "bash",
		workingDirectory: t("working-directory"),
		codexHome: t("codex-home"),
		codexEnvironment: re(e("codex-env")),
		handover: r("handover", ["cache", "off"]),
		concurrencyCheck: r("concurrency-check", [
			"warn",
			"fail",
			"off"
		]),
		allowPublicRepository: i("allow-public-repository"),
		allowUsers: Se(e("allow-users")),
		allowBots: i("allow-bots"),
		alertIssue: i("alert-issue"),
		homeLifetime: r("home-lifetime", ["ephemeral", "persistent"]),
		reseed: i("reseed"),
		expectedAccountId: t("expected-account-id")
	};
	if (a.homeLifetime === "persistent") we(a);
	if (a.protectAuth === "enforced" && a.sandbox === "danger-full-access") throw new s("input-invalid", "`protect-auth: enforced` does not go with `sandbox: danger-full-access`: Codex refuses to run without a sandbox where one is enforced.", "Use `sandbox: workspace-write` or `read-only`, or `protect-auth: profile`, which protects nothing without a sandbox.");
	if (a.role === "borrower" && a.refreshToken === "present") throw new s("input-invalid", "A borrower cannot have `refresh-token: present`.", "Remove one of the two: only a keeper may hold the refresh token.");
	if (a.role === "borrower" && a.refresh === "force") throw new s("input-invalid", "A borrower never refreshes, so `refresh: force` has no meaning.", "Use `role: keeper`.");
	if (a.role === "borrower" && a.reseed) throw new s("input-invalid", "A borrower never writes the secret, so `reseed: true` has no meaning.", "Use `role: keeper`.");
	return a;
}
function _(e) {
	if (e.homeLifetime === "persistent") return false;
	return e.role === "keeper" && (e.refresh !== "never" || e.refreshToken === "present");
}
function xe(e) {
	const { writer: t } = e;
	const n = t.kind === "token" ? [t.token] : t.kind === "app" ? [t.privateKey] : [];
	return [e.secret, ...n].filter((e) => e !== null);
}
function Se(e) {
	const t = e.split(",").map((e) => e.trim()).filter((e) => e !== "");
	if (t.length === 1 && t[0] === "*" || t.every((e) => /^[\w-]+(\[bot\])?$/.test(e))) return t;
	throw new s("input-invalid", "The input `allow-users` is no list of GitHub logins.", "Write logins without @, with commas between them, or `*` alone for everybody.");
}
function Ce(e) {
	if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(e)) return e;
	throw new s("input-invalid", "The input `secret-name` is not a secret's name.", "Use letters, digits and underscores, as in the repository's settings.");
}
function we(e) {
	if (e.codexHome === null) throw new s("input-invalid", "`home-lifetime: persistent` needs `codex-home`: a directory of this host that outlives the job.", "For example `codex-home: /opt/svc/.codex`.");
	if (e.reseed || e.refresh === "force") throw new s("input-invalid", "`home-lifetime: persistent` goes neither with `reseed` nor with `refresh: force`.", "On the host itself: `codex-auth-roundtrip host seed` and `codex-auth-roundtrip host refresh`.");
}
function Te(e) {
	const t = [
		"run",
		"prompt",
		"prompt-file"
	].filter((t) => e(t) !== null);
	if (t.length > 1) throw new s("input-invalid", `The inputs ${t.map((e) => `\`${e}\``).join(" and ")} are both given.`, "Keep one of `run`, `prompt` and `prompt-file`; use the action a second time for another job.");
	if (e("output-schema") !== null && e("output-schema-file") !== null) throw new s("input-invalid", "Both `output-schema` and `output-schema-file` are given.", "Keep one of them.");
	const n = Ee(e("prompt"), e("prompt-file"));
	if (n === null) return null;
	return {
		source: n,
		model: e("model"),
		effort: e("effort"),
		codexArgs: e("codex-args"),
		outputFile: e("output-file"),
		outputSchema: Ee(e("output-schema"), e("output-schema-file"))
	};
}
function Ee(e, t) {
	if (e !== null) return {
		kind: "text",
		text: e
	};
	return t === null ? null : {
		kind: "file",
		path: t
	};
}
function De(e) {
	if (e === null || /^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/.test(e)) return e;
	throw new s("input-invalid", "The input `codex-version` is not a version.", "Write one exactly, such as 0.169.0.");
}
function Oe(e, t, n) {
	if (e && (t || n)) throw new s("writer-invalid", "Both `secret-write-token` and a GitHub App are given.", "Keep one writer: `secret-write-token`, or `client-id` with `private-key`.");
	if (e) return {
		kind: "token",
		token: e
	};
	if (t && n) return {
		kind: "app",
		clientId: t,
		privateKey: n
	};
	if (t || n) throw new s("writer-invalid", `The GitHub App lacks its ${t ? "`private-key`" : "`client-id`"}.`, "Pass both, and check that the secret is visible to this job: a job without `environment:` sees no environment secret.");
	return { kind: "none" };
}
// src/action/guards.ts
function ke(e, t) {
	if (e.reseed) Me(t);
	if (t.visibility === "public") Pe(e);
	if (t.eventName === "pull_request_target" && e.role === "keeper") throw new s("pull-request-target", "A keeper does not run on `pull_request_target`: strangers' code would run beside the writer.", "Move the keeper to `push`, `schedule` or `workflow_dispatch`, or use `role: borrower`.");
	const n = e.refresh === "force" || e.refreshToken === "present";
	if (_(e) && n && t.startedBy.kind === "anybody") {
		const n = e.refresh === "force" ? "`refresh: force`" : "`refresh-token: present`";
		throw new s("event-untrusted", `This run was started by ${je(t)}, which anybody can cause, and ${n} is for runs that only writers can start.`, "Refresh on `schedule`, `push` or `workflow_dispatch`; remove the input here.");
	}
	if ((_(e) || e.reseed) && e.writer.kind === "none") throw new s("writer-missing", "A keeper needs a writer, and this step has none.", "Pass `secret-write-token`, or `client-id` and `private-key`; a job that only uses the login takes `role: borrower`. If you pass one, it arrived empty: check the secret's name, and that the job names its `environment:`.");
}
function Ae(e, { startedBy: t }) {
	return t.kind === "anybody" && _(e) ? {
		...e,
		role: "borrower",
		refresh: "never"
	} : e;
}
function je({ eventName: e }) {
	return e === "" ? "an event without a name" : `\`${e}\``;
}
function Me({ eventName: e, visibility: t }) {
	if (t === "public") Ne();
	if (e === "workflow_dispatch") return;
	throw new s("input-invalid", "`reseed: true` waits for a person, so it needs a run that a person has started.", "Use it in a workflow of its own, whose only event is `workflow_dispatch`.");
}
function Ne() {
	throw new s("public-repository", "`reseed: true` prints a one-time code into the log, and everybody reads the log of a public repository.", "Log in on a machine of your own and store that auth.json with `gh secret set`.");
}
function Pe(e) {
	if (e.allowPublicRepository) return;
	throw new s("public-repository", "This repository is public, and OpenAI says: do not use a ChatGPT login in public repositories.", "Use an API key with openai/codex-action, or set `allow-public-repository: true` if you know who can run this workflow.");
}
function Fe({ environment: e }, t) {
	const n = _e(e, t);
	if (n.length === 0) return null;
	return new s("environment-changed", `A step of this job has changed where requests go, or whom they trust, so none was sent: ${n.join(", ")}.`, "Set such variables in the job's `env:`, where they stand before the first step, and not through GITHUB_ENV; or use this action before the step that sets them, as actions/setup-python does with LD_LIBRARY_PATH. If this job has refreshed the login and could not store it, dispatch the maintenance workflow now.");
}
function v(e, t) {
	const n = Fe(e, t);
	if (n) throw n;
}
// src/core/document.ts
const Ie = 45e3;
const Le = 8;
const Re = 864e5;
const y = "Log in with `codex login` (ChatGPT) in a fresh CODEX_HOME and store the whole auth.json as the secret.";
var ze = class e {
	#e;
	encoding;
	accountId;
	accessToken;
	refreshToken;
	idToken;
	lastRefresh;
	accessTokenExpiresAt;
	accessTokenIssuedAt;
	constructor(e, t) {
		const { tokens: n } = e;
		this.#e = e;
		this.encoding = t;
		this.accountId = C(n.account_id);
		this.accessToken = new m(C(n.access_token));
		this.refreshToken = new m(C(n.refresh_token));
		this.idToken = new m(C(n.id_token));
		this.lastRefresh = C(e.last_refresh);
		const r = Xe(this.accessToken.reveal());
		this.accessTokenExpiresAt = Ze(r, this.lastRefresh);
		this.accessTokenIssuedAt = w(r.iat) ?? Qe(this.lastRefresh);
	}
	static parse(t) {
		const { text: n, encoding: r } = He(t);
		return new e(Ke(Ge(n)), r);
	}
	static read(t) {
		try {
			const n = t.trim();
			const r = n.startsWith("{");
			const i = JSON.parse(r ? n : Buffer.from(n, "base64").toString("utf8"));
			if (!x(i) || !x(i.tokens)) return null;
			if (!S(i.tokens.access_token) || !S(i.tokens.refresh_token)) return null;
			return new e(i, r ? "json" : "base64");
		} catch {
			return null;
		}
	}
	salvage(t) {
		const n = (e) => new RegExp(`"${e}"\\s*:\\s*"([^"\\\\\\s]+)"`).exec(t)?.[1] ?? null;
		const r = n("refresh_token");
		if (r === null || r === this.refreshToken.reveal()) return null;
		const i = {
			...this.#e.tokens,
			refresh_token: r,
			access_token: n("access_token") ?? this.accessToken.reveal()
		};
		return new e({
			...this.#e,
			tokens: i
		}, this.encoding);
	}
	isOfOtherAccount(e) {
		return this.accountId !== "" && e.accountId !== "" && this.accountId !== e.accountId;
	}
	isSameGeneration(e) {
		return this.refreshToken.equals(e.refreshToken) && this.accessToken.equals(e.accessToken);
	}
	get generation() {
		return oe(`${Be(this.refreshToken)}\n${Be(this.accessToken)}`);
	}
	get tokens() {
		return [
			this.refreshToken,
			this.accessToken,
			this.idToken
		];
	}
	whole() {
		return new m(`${JSON.stringify(this.#e, null, 2)}\n`);
	}
	withheld() {
		const e = {
			...this.#e,
			tokens: {
				...this.#e.tokens,
				refresh_token: ""
			}
		};
		return new m(`${JSON.stringify(e, null, 2)}\n`);
	}
	withExpiredAccessToken() {
		const [t, , n] = this.accessToken.reveal().split(".");
		const r = {
			...Xe(this.accessToken.reveal()),
			exp: 1
		};
		const i = Buffer.from(JSON.stringify(r)).toString("base64url");
		const a = {
			...this.#e.tokens,
			access_token: [
				t,
				i,
				n
			].join(".")
		};
		return new e({
			...this.#e,
			tokens: a
		}, this.encoding);
	}
	line() {
		return new m(JSON.stringify(this.#e));
	}
	content(e) {
		const t = JSON.stringify(this.#e);
		return new m(e === "base64" ? Buffer.from(t).toString("base64") : t);
	}
};
function Be(e) {
	return e.reveal().slice(-64);
}
function Ve(e) {
	let t;
	try {
		t = JSON.parse(e);
	} catch {
		return null;
	}
	const n = x(t) && x(t.tokens) ? t.tokens : null;
	if (!n || !x(t) || !S(n.access_token) || !S(t.last_refresh)) return null;
	const r = Xe(n.access_token);
	if (w(r.exp) === null && Number.isNaN(Date.parse(t.last_refresh))) return null;
	const i = Ze(r, t.last_refresh);
	return {
		refreshToken: new m(S(n.refresh_token) ? n.refresh_token : ""),
		accessTokenExpiresAt: i
	};
}
function He(e) {
	if (e.trim() === "") throw new s("document-empty", "The document is empty.", y);
	if (Buffer.byteLength(e) > 45e3) throw new s("document-too-large", `The document is larger than ${Ie} bytes, more than a secret can hold when it is written back.`, "An auth.json has 4 to 6 kB: check that the secret holds this file and nothing else.");
	if (/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)/.test(e)) throw Ue();
	const t = e.trim();
	if (t.startsWith("{")) return {
		text: t,
		encoding: "json"
	};
	const n = t.replace(/\s+/g, "");
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(n)) throw We("The document is neither JSON nor base64 of JSON.");
	const r = Buffer.from(n, "base64");
	if (/^(efbbbf|fffe|feff)/.test(r.subarray(0, 3).toString("hex"))) throw Ue();
	const i = r.toString("utf8");
	if (!i.trim().startsWith("{")) throw We("The document is neither JSON nor base64 of JSON.");
	return {
		text: i,
		encoding: "base64"
	};
}
function Ue() {
	return new s("document-byte-order-mark", "The document begins with a byte order mark, which Codex cannot read.", "Store the file again without it (UTF-8 without BOM; in PowerShell, `Set-Content -Encoding utf8NoBOM`).");
}
function We(e) {
	return new s("document-not-json", e, y);
}
function Ge(e) {
	try {
		return JSON.parse(e);
	} catch {
		if (e.trimEnd().endsWith("}")) throw We("The document is not valid JSON.");
		throw new s("document-truncated", "The document breaks off before its end.", "Store the whole auth.json again; a kill while an old Codex was writing leaves such a file.");
	}
}
function Ke(e) {
	if (!x(e)) throw new s("document-not-codex", "The document is not an auth.json of Codex.", y);
	const { auth_mode: t, OPENAI_API_KEY: n, tokens: r, last_refresh: i } = e;
	if (![
		"auth_mode",
		"OPENAI_API_KEY",
		"tokens",
		"last_refresh"
	].some((t) => t in e)) throw new s("document-not-codex", "The document is not an auth.json of Codex.", y);
	if (t === "apikey" || t == null && typeof n === "string" && n !== "") throw new s("document-api-key", "The document is an API-key login, which has nothing to refresh.", "Pass the API key to openai/codex-action instead, or log in with ChatGPT and store that auth.json.");
	if (t != null && t !== "chatgpt") throw new s("document-not-chatgpt", "The document is not a ChatGPT login.", y);
	if (!x(r)) throw b("document-tokens-missing", "tokens");
	if (!S(r.access_token)) throw b("document-access-token-missing", "tokens.access_token");
	if (!S(r.refresh_token)) throw new s("document-refresh-token-missing", "The document has no refresh token: it is a working copy, or was stripped.", y);
	if (!S(r.id_token)) throw b("document-id-token-missing", "tokens.id_token");
	if (!S(r.account_id)) throw b("document-account-missing", "tokens.account_id (without it Codex never refreshes)");
	if (!Ye(i)) throw b("document-last-refresh-missing", "last_refresh (without it Codex sends no token at all)");
	qe(r.oauth_provenance);
	return e;
}
function qe(e) {
	if (!x(e) || e.issuer === void 0) return;
	const { issuer: t } = e;
	if (typeof t === "string" && (Je(t) || c(t))) return;
	throw new s("document-foreign-issuer", "The document names an issuer that is not OpenAI's, and Codex would send the refresh token there.", y);
}
function Je(e) {
	return /^https:\/\/([a-z0-9-]+\.)*(openai|chatgpt)\.com(\/|$)/.test(e);
}
function b(e, t) {
	return new s(e, `The document lacks ${t}.`, y);
}
function x(e) {
	return typeof e === "object" && e !== null && !Array.isArray(e);
}
function S(e) {
	return typeof e === "string" && e.trim() !== "";
}
function Ye(e) {
	return typeof e === "string" && /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(e) && !Number.isNaN(Date.parse(e));
}
function Xe(e) {
	try {
		const t = JSON.parse(Buffer.from(e.split(".")[1] ?? "", "base64url").toString("utf8"));
		return x(t) ? t : {};
	} catch {
		return {};
	}
}
function Ze(e, t) {
	return w(e.exp) ?? new Date(Qe(t).getTime() + Le * Re);
}
function Qe(e) {
	const t = Date.parse(e);
	return new Date(Number.isNaN(t) ? 0 : t);
}
function C(e) {
	return typeof e === "string" ? e : "";
}
function w(e) {
	if (typeof e !== "number" || !Number.isFinite(e)) return null;
	const t = /* @__PURE__ */ new Date(e * 1e3);
	return Number.isNaN(t.getTime()) ? null : t;
}
// src/core/encodings.ts
const $e = [76, 64];
const T = 20;
function et(e) {
	return e.split(".").filter((t) => t.length >= T && t !== e);
}
function tt(e) {
	const t = [];
	for (const n of e.map((e) => Buffer.from(e))) for (const e of [
		0,
		1,
		2
	]) {
		const r = n.length - e;
		if (r < T) continue;
		const i = e + r - r % 3;
		t.push(n.toString("base64", e, i), n.toString("base64url", e, i));
	}
	return t.filter((e) => e.length >= T);
}
function nt(e, t) {
	const n = Buffer.from(e);
	const r = n.toString("base64");
	const i = [];
	for (const e of t) {
		const t = e === "" ? -1 : n.indexOf(e);
		if (t < 0) continue;
		const a = Math.floor(t * 4 / 3);
		const o = Math.ceil((t + Buffer.byteLength(e)) * 4 / 3);
		for (const e of $e) for (let t = a - a % e; t < o; t += e) i.push(r.slice(t, t + e));
	}
	return i.filter((e) => e.length >= T);
}
// src/action/handed.ts
function E(e, t, n = ct) {
	if (e === null) throw new s("secret-empty", "The input `codex-auth-json` is empty.", "Likely causes: this run comes from a fork or from Dependabot, which get no secrets; the job does not name the `environment:` that holds the secret; or the secret has not been seeded yet.");
	try {
		const r = ze.parse(e.reveal());
		t.mask(e, ...n(r));
		return r;
	} catch (r) {
		const i = r instanceof s && it.has(r.code) ? ze.read(e.reveal()) : null;
		if (!(r instanceof s) || i === null) {
			t.mask(e);
			throw r;
		}
		t.mask(e, ...n(i));
		t.warning(`The login is written as this version does not know it: ${r.message} It is used as it is.`);
		return i;
	}
}
function rt(e, t) {
	return E(e, t, ({ tokens: e }) => e);
}
const it = /* @__PURE__ */ new Set([
	"document-not-chatgpt",
	"document-id-token-missing",
	"document-account-missing",
	"document-last-refresh-missing"
]);
const at = /[\w.~+/-]{40,}/g;
function ot(e, t) {
	if (e === null) return null;
	try {
		return E(e, t);
	} catch (n) {
		if (!(n instanceof s)) throw n;
		t.mask(...[...e.reveal().matchAll(at)].map(([e]) => new m(e)));
		t.info(`The secret holds no usable login: ${n.message}`);
		return null;
	}
}
function st(e, t) {
	t.mask(...ct(e));
}
function ct(e) {
	const t = e.tokens.map((e) => e.reveal());
	const n = [
		e.withheld().reveal(),
		e.whole().reveal(),
		...t
	];
	const r = [
		...tt(t),
		...n.flatMap((e) => nt(e, t)),
		...t.flatMap(et)
	];
	return [
		...e.tokens,
		e.content("base64"),
		...[...new Set(r)].map((e) => new m(e))
	];
}
// src/core/state-shape.ts
const D = (e) => typeof e === "string";
const O = (e) => typeof e === "boolean";
const lt = Number.isFinite;
const ut = (e) => typeof e === "string" && !Number.isNaN(Date.parse(e));
const k = (e) => (t) => t === null || e(t);
const A = (...e) => (t) => e.includes(t);
const j = (e) => (t) => typeof t === "object" && t !== null && Object.entries(e).every(([e, n]) => n(t[e]));
function M(e, t) {
	try {
		const n = JSON.parse(e);
		return t(n) ? n : null;
	} catch {
		return null;
	}
}
// src/action/home.ts
const N = "auth.json";
const P = "config.toml";
const F = ".codex-auth-roundtrip.json";
function I(e) {
	return (0, t.join)(e, N);
}
function dt(e, { secretName: n, environment: r }) {
	const i = r === null ? n : `${n}-${encodeURIComponent(r)}`;
	return (0, t.join)(e, `codex-auth-${i}`);
}
function ft(e, n) {
	return (0, t.join)(e, `codex-auth-host-${n}`);
}
function pt(e) {
	return (0, t.join)(e, "mark.json");
}
async function mt(e, t) {
	const n = await e.read(pt(t));
	return n === null ? null : M(n, j({
		identity: D,
		mark: D
	}));
}
function L(e, n) {
	return (0, t.resolve)(e ?? (0, t.join)(n, "home"));
}
async function ht(e, { given: n, base: r, workspace: i }) {
	const a = L(n, r);
	if (i === null) return a;
	const [o, c] = await Promise.all([B(e, a), B(e, i)]);
	const l = (0, t.relative)(c, o);
	if (!(l === ".." || l.startsWith(`..${t.sep}`) || (0, t.isAbsolute)(l))) throw new s("home-in-workspace", "The Codex home lies inside the workspace, from where a login is easily uploaded, cached or committed.", "Leave `codex-home` empty, or choose a directory outside the workspace, below `runner.temp`.");
	return a;
}
async function gt(e, t, n) {
	try {
		await e.makePrivateDirectory(t);
		const r = await mt(e, t);
		if (r?.identity === n) return r.mark;
		const i = `${Math.random()} ${Math.random()}`;
		await e.write(pt(t), JSON.stringify({
			identity: n,
			mark: i
		}), 384);
		return i;
	} catch (e) {
		throw new s("home-unwritable", `The private directory ${t} cannot be made (${kt(e)}).`, "Check the owner of RUNNER_TEMP, and the free space there. A link, or somebody else's directory, is not taken for it: find out which step has put one there.", { cause: e });
	}
}
async function _t(e, t) {
	await V(t, async () => {
		if (await e.realpath(t) === null) await e.makePrivateDirectory(t);
	});
}
async function vt(e, { home: n, identity: r }) {
	if ((await V(n, () => Ot(e, n)))?.identity === r) {
		await V(n, () => e.makePrivateDirectory(n));
		return "earlier-step";
	}
	if (await V(n, () => e.read(I(n))) !== null) throw new s("home-has-login", "The Codex home already holds a login that this job did not put there. It is left as it is.", "Leave `codex-home` empty to use a private one; a host that has a login of its own needs none from a secret.");
	const i = await V(n, () => e.makePrivateDirectory(n));
	const a = JSON.stringify({
		identity: r,
		made: i === "made"
	});
	await V(n, () => e.write((0, t.join)(n, F), `${a}\n`, 384));
	return "nobody";
}
function R(e) {
	return (0, t.join)(e, "login");
}
function yt(e) {
	return (0, t.join)(e, "login", N);
}
async function bt(e, n) {
	const r = I(n);
	const i = (0, t.dirname)(yt(n));
	const a = await e.realpath(r);
	if (a !== null && (0, t.dirname)(a) !== await e.realpath(n)) return (0, t.dirname)(a);
	try {
		await e.makePrivateDirectory(i);
		await e.moveBehindLink(r, yt(n));
		return i;
	} catch {
		return r;
	}
}
async function z(e, { home: n, base: r }, i) {
	return V(n, async () => {
		const a = R(r);
		const o = (0, t.join)(a, N);
		await e.makePrivateDirectory(a);
		await e.write(o, i.reveal(), 384);
		await e.link(o, I(n));
		const s = await e.stamp(I(n));
		await e.write(St(r), s ?? "", 384);
		return s;
	});
}
async function xt(e, { base: t }) {
	return e.read(St(t));
}
function St(e) {
	return (0, t.join)(e, "written");
}
function Ct(e) {
	return (0, t.join)(R(e), "handed.json");
}
function wt(e) {
	return (0, t.join)(e, "ledger");
}
async function Tt(e, n) {
	return V(n, () => e.read((0, t.join)(n, P)));
}
async function Et(e, n, r) {
	await V(n, () => e.write((0, t.join)(n, P), r, 384));
}
async function Dt(e, { home: n, identity: r, madeConfig: i }) {
	const a = await Ot(e, n);
	if (a?.identity !== r) return;
	if (a.made === true) return e.remove(n);
	await e.remove(I(n));
	if (i) await e.remove((0, t.join)(n, P));
	await e.remove((0, t.join)(n, F));
}
async function Ot(e, n) {
	const r = await e.read((0, t.join)(n, F));
	return r === null ? null : M(r, j({ identity: D }));
}
async function B(e, n) {
	const r = await e.realpath(n).catch(() => null);
	if (r !== null) return r;
	const i = (0, t.dirname)(n);
	return i === n ? n : (0, t.join)(await B(e, i), (0, t.relative)(i, n));
}
async function V(e, t) {
	try {
		return await t();
	} catch (t) {
		if (t instanceof s) throw t;
		throw new s("home-unwritable", `The Codex home ${e} cannot be used (${kt(t)}).`, "Check the directory's owner and the free space, or leave `codex-home` empty.", { cause: t });
	}
}
function kt(e) {
	return e instanceof Error && "code" in e ? String(e.code) : "error";
}
// src/core/place.ts
function At(e) {
	const t = e.environment === null ? "repository" : `environment ${e.environment} of`;
	return `secret ${e.secretName} of ${t} ${e.owner}/${e.repository}`;
}
function H(e) {
	const t = `/repos/${e.owner}/${e.repository}`;
	return e.environment === null ? `${t}/actions/secrets` : `${t}/environments/${Mt(e.environment)}/secrets`;
}
function jt(e) {
	return H(e).replace(/secrets$/, "variables");
}
function Mt(e) {
	return encodeURIComponent(e).replace(/[!'()*]/g, (e) => `%${e.charCodeAt(0).toString(16).toUpperCase()}`);
}
function Nt(e) {
	return e.environment === null ? "secrets" : "environments";
}
// src/core/reseed.ts
function Pt(e) {
	const t = e.environment === null ? "" : ` --env ${Ft(e.environment)}`;
	return [
		`home=$(mktemp -d) && CODEX_HOME=$home codex -c 'cli_auth_credentials_store="file"' login`,
		`gh secret set ${e.secretName} --repo ${e.owner}/${e.repository}${t} < "$home/auth.json"`,
		`rm -r "$home"`
	].join(" && ");
}
function Ft(e) {
	return `'${e.replaceAll("'", "'\\''")}'`;
}
function It(e) {
	return `Log in afresh, on a machine with a browser, and store that login: \`${Pt(e)}\`.`;
}
// src/core/words.ts
const Lt = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u001b\u009b]\[?[0-?]*[ -/]*[@-~]?/g;
const Rt = "[\\p{Cc}\\p{Cf}\\p{DI}\\u2028\\u2029]+";
const zt = 500;
function Bt(e) {
	if (/^[ -~]*$/.test(e) && !e.includes("::") && !e.includes("##[")) return e;
	return e.replace(Lt, "").replace(new RegExp(Rt, "gu"), " ").replace(/^([\s\u0085]*):(?=:)/, "$1: ").replaceAll("##[", "## [");
}
function Vt(e) {
	const t = Bt(e).replaceAll("`", "'").trim();
	const n = [...t].slice(0, zt).join("");
	return `\`${n === t ? t : `${n}\u2026`}\``;
}
// src/core/alert.ts
const Ht = /* @__PURE__ */ new Set([
	"secret-empty",
	"secret-not-found",
	"secret-limit",
	"secret-changed-elsewhere",
	"claim-limit",
	"secret-mismatch",
	"login-shared",
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
	"access-token-expiring",
	"codex-outdated"
]);
function Ut(e) {
	return Ht.has(e) || e.startsWith("document-") && Wt(e);
}
function Wt(e) {
	return o.some((t) => t === e);
}
// src/core/due.ts
function Gt(e) {
	switch (e.policy) {
		case "force": return true;
		case "never": return false;
		case "auto": {
			const { branch: t, refreshWindowMs: n, minimumLifetimeMs: r } = e;
			const i = t === "default" ? Math.max(n, r) : r;
			return U(e.document, e.now) <= i;
		}
	}
}
function U(e, t) {
	return e.accessTokenExpiresAt.getTime() - t.getTime();
}
const Kt = 3e5;
function qt(e, t) {
	return U(e, t) <= Kt;
}
// src/action/left-over.ts
async function Jt(e, { home: t }) {
	const n = await e.read(I(t));
	return n !== null && Ve(n)?.refreshToken.isEmpty === false;
}
function Yt(e) {
	e.warning("The Codex home holds a login that this action did not put there. It is not stored: with `refresh-token: withheld` nothing is taken from the home. To store a login that you made, use `npx codex-auth-roundtrip seed`.");
}
async function Xt(e, { base: t }) {
	if (await e.stamp(Ct(t)) === null) return;
	throw new s("input-invalid", "An earlier step of this job put the whole login into the home (`refresh-token: present`), and this one withholds it.", "Give all steps of a job that use one login the same `refresh-token`.");
}
// src/core/status.ts
function Zt(e) {
	return {
		auth_mode: "chatgpt",
		last_refresh: e.lastRefresh,
		has_access_token: !e.accessToken.isEmpty,
		has_id_token: !e.idToken.isEmpty,
		has_refresh_token: !e.refreshToken.isEmpty
	};
}
// src/action/report.ts
function Qt(e, t) {
	return {
		...t,
		accessTokenExpiresAt: e.accessTokenExpiresAt.toISOString(),
		accessTokenIssuedAt: e.accessTokenIssuedAt.toISOString(),
		status: Zt(e)
	};
}
function $t(e, t) {
	e.saveState("report", JSON.stringify(t));
}
function en(e, { code: t, message: n, hint: r }) {
	e.saveState("notice", JSON.stringify({
		code: t,
		message: n,
		hint: r
	}));
}
const tn = j({
	code: A(...o, "writer-expires-soon"),
	message: D,
	hint: D
});
const nn = j({
	role: A("keeper", "borrower", "host"),
	restoredFrom: A("secret", "handover", "home"),
	rotated: O,
	published: O,
	accessTokenExpiresAt: ut,
	accessTokenIssuedAt: ut,
	status: j({
		auth_mode: A("chatgpt"),
		last_refresh: D
	}),
	events: (e) => Array.isArray(e) && e.every(D),
	alert: k(tn),
	rescue: k((e) => typeof e === "string" && !e.includes("```"))
});
function rn(e, t, n) {
	e.setOutputs({
		"codex-home": t,
		role: n.role,
		"restored-from": n.restoredFrom,
		rotated: String(n.rotated),
		published: String(n.published),
		"access-token-expires-at": n.accessTokenExpiresAt,
		"last-refresh": n.status.last_refresh
	});
}
// src/action/rescue.ts
function an(e, t, n) {
	const r = `${H(e)}/${e.secretName}`.slice(1);
	return [
		`if test "$(gh api '${r}' --jq .updated_at)" = '${n.toISOString().replace(".000Z", "Z")}'; then`,
		`  gh api --method PUT '${r}' -f key_id='${t.keyId}' \\`,
		`    -f encrypted_value='${t.encryptedValue}'`,
		"else",
		"  echo 'Nothing was changed: the secret cannot be read, or somebody has written it since.' >&2; false",
		"fi"
	].join("\n");
}
function on(e, t, n) {
	e.info(t);
	for (const t of n.split("\n")) e.info(t);
}
// src/core/claim.ts
const sn = 1;
const cn = 48e4;
const ln = 6e5;
function un(e) {
	return /^CODEX_AUTH_CLAIM_[0-9A-F]{20}(_R[1-9])?$/.test(e.toUpperCase());
}
function dn(e) {
	return JSON.stringify({
		v: sn,
		...e
	});
}
function fn(e) {
	let t;
	try {
		t = JSON.parse(e);
	} catch {
		return null;
	}
	if (typeof t !== "object" || t === null) return null;
	const { v: n, holder: r, run: i, attempt: a, secret: o, ref: s, state: c, before: l, next: u, after: ee, released: d, wholeJob: te } = t;
	if (n !== sn || typeof r !== "string" || !/^[0-9a-f]{32}$/.test(r)) return null;
	if (typeof i !== "string" || typeof a !== "number" || !Number.isSafeInteger(a)) return null;
	if (typeof o !== "string" || typeof s !== "string") return null;
	if (c !== "open" && c !== "write" && c !== "rotated" && c !== "stored") return null;
	if (u !== null && (typeof u !== "string" || !un(u))) return null;
	const [f, p] = [l, ee].map(pn);
	if (f === void 0 || p === void 0) return null;
	return {
		holder: r,
		run: i,
		attempt: a,
		secret: o,
		ref: s,
		state: c,
		before: f,
		next: u,
		after: p,
		released: d === true,
		wholeJob: te === true
	};
}
function pn(e) {
	if (e === null) return null;
	if (typeof e !== "string") return void 0;
	const t = new Date(e);
	return Number.isNaN(t.getTime()) ? void 0 : t;
}
function mn({ createdAt: e }, t) {
	return t.getTime() - e.getTime() >= ln;
}
function hn(e, { now: t, status: n, forced: r }) {
	if (e.claim?.released) return true;
	if (!mn(e, t)) return false;
	if (e.claim === null) return true;
	return n === "ended" || n === "unknown" && r && !e.claim.wholeJob;
}
function gn(e, t) {
	return e !== null && t !== null && e.getTime() === t.getTime();
}
// src/core/host-record.ts
function _n(e) {
	return (0, t.join)(e, ".codex-auth-roundtrip-host.json");
}
function vn(e) {
	return (0, t.join)(e, ".codex-auth-roundtrip-host.lock");
}
function yn(e) {
	if (e === null) return null;
	try {
		const { lastProof: t, dead: n } = JSON.parse(e);
		return {
			lastProof: bn(t),
			dead: xn(n)
		};
	} catch {
		return null;
	}
}
function bn(e) {
	const { at: t, by: n, generation: r } = e ?? {};
	if (typeof t !== "string" || typeof r !== "string") return null;
	return n === "exec" || n === "app-server" ? {
		at: t,
		by: n,
		generation: r
	} : null;
}
function xn(e) {
	const { at: t, code: n, generation: r } = e ?? {};
	if (typeof t !== "string" || typeof n !== "string" || typeof r !== "string") return null;
	return {
		at: t,
		code: n,
		generation: r
	};
}
// src/action/session.ts
const Sn = [
	"PATH",
	"HOME",
	"TMPDIR"
];
function Cn(e) {
	const t = Object.entries(e).filter(([e]) => ge(e));
	return {
		...Object.fromEntries(t.map(([e, t]) => [e, t ?? null])),
		...Tn(e)
	};
}
function wn(e, t) {
	return {
		...e,
		...Tn(t)
	};
}
function Tn(e) {
	return Object.fromEntries(Sn.map((t) => [t, e[t] ?? null]));
}
function En(e, t) {
	e.saveState("session", JSON.stringify(t));
}
function Dn(e) {
	e.saveState("session", "");
}
function On(e) {
	return M(e.state("session"), jn);
}
async function kn({ channel: e, files: t, inputs: n, surroundings: { temporaryDirectory: r } }) {
	const i = On(e);
	if (i === null) return null;
	const { base: a, home: o, place: s, hostLock: c } = i;
	if (a !== (c ? ft(r, s.secretName) : dt(r, s)) || c && c.path !== vn(o)) return null;
	const l = n.secret !== null || n.homeLifetime === "persistent";
	const u = s.secretName === n.secretName && s.environment === n.environment && o === L(n.codexHome, a);
	if (l && !u) return null;
	return i.mark === (await mt(t, a))?.mark ? i : null;
}
function An(e, t) {
	e.saveState("critical-section", t ? JSON.stringify(t) : "");
}
const jn = j({
	base: D,
	mark: D,
	home: D,
	place: j({
		secretName: (e) => typeof e === "string" && /^\w+$/.test(e),
		environment: k(D)
	}),
	ownsHome: O,
	refreshToken: A("withheld", "present"),
	madeConfig: O,
	written: k(D),
	beganMonotonicMs: lt,
	madeRequirements: O,
	hostLock: k(j({
		path: D,
		content: D,
		by: A("this-step", "earlier-step")
	})),
	environment: (e) => typeof e === "object" && e !== null && Object.values(e).every(k(D))
});
const Mn = j({
	directory: k(D),
	process: k(j({
		pid: lt,
		startedAt: k(D)
	})),
	claim: j({
		name: (e) => typeof e === "string" && un(e),
		holder: D
	})
});
// src/action/login.ts
var Nn = class {
	#e;
	#t;
	#n;
	#r;
	constructor(e, t, n) {
		this.#e = e;
		this.#t = t;
		this.#n = n;
		this.#r = Qt(t, {
			role: _(e.inputs) ? "keeper" : "borrower",
			restoredFrom: n.ownsHome ? "secret" : "home",
			rotated: false,
			published: false,
			events: [],
			alert: null,
			rescue: null
		});
	}
	get loginPath() {
		return R(this.#n.base);
	}
	get session() {
		return this.#n;
	}
	async settle() {
		const { inputs: e, clock: t, log: n } = this.#e;
		await this.#g(async () => {
			const r = await this.#a();
			if (!_(e)) this.#s(r);
			else if (e.refreshToken === "present" || this.#o(r)) {
				const t = e.refresh === "force" ? "forced" : "when-due";
				await this.#c({
					due: (e) => this.#o(e),
					insistence: t
				});
			} else {
				const e = g(U(r, t.now()));
				n.info(`Nothing is due: the access token is valid for ${e}.`);
			}
		});
	}
	async takeOver(e) {
		const { document: t } = e.ledger;
		this.#r = {
			...this.#r,
			events: [...this.#r.events, "Somebody has logged in afresh."]
		};
		await this.#g(async () => {
			this.#f(e, {
				rotated: false,
				basis: this.#t
			});
			await this.#p(t);
		});
	}
	async #i() {
		const e = await (await this.#l()).publishChangedHome("job-goes-on");
		if (e === null) return;
		await this.#g(async () => this.#f(e, {
			rotated: true,
			basis: this.#t
		}));
	}
	recordRequirements() {
		this.#n = {
			...this.#n,
			madeRequirements: true
		};
		this.#_();
	}
	recordFailure(e) {
		if (e instanceof s) this.#h(e, this.#r.rescue);
		this.#_();
	}
	async #a() {
		if (this.#n.ownsHome) return this.#t;
		const e = await this.#e.files.read(I(this.#n.home));
		return (e === null ? null : Ve(e)) ?? this.#t;
	}
	#o(e) {
		const { inputs: t, surroundings: n, clock: r } = this.#e;
		const { refresh: i, refreshWindowMs: a, minimumLifetimeMs: o } = t;
		const { branch: s } = n;
		return Gt({
			policy: i,
			document: e,
			now: r.now(),
			refreshWindowMs: a,
			minimumLifetimeMs: o,
			branch: s
		});
	}
	#s(e) {
		const { inputs: t, clock: n, log: r } = this.#e;
		const i = U(e, n.now());
		if (i < t.minimumLifetimeMs) throw new s("access-token-expiring", i > 0 ? `The access token is valid for only ${g(i)}, less than \`minimum-lifetime\`, and this job does not refresh.` : "The access token has expired, and this job does not refresh.", "Run a keeper (the maintenance workflow), then start a new run of this one.");
		r.info(`Borrowing the access token (valid ${g(i)}); this job never refreshes.`);
	}
	async #c(e) {
		await this.#u();
		const t = await this.#l();
		await t.checkSurroundings();
		const n = await t.enterCriticalSection(e);
		await this.#d(n);
	}
	#l() {
		const { online: e, environment: t } = this.#e;
		v(this.#n, t);
		return e(this.#n, this.#t);
	}
	async #u() {
		const { files: e, log: t, inputs: n } = this.#e;
		if (!await Jt(e, this.#n)) return;
		if (n.refreshToken === "present") return this.#i();
		await Xt(e, this.#n);
		Yt(t);
	}
	async #d(e) {
		const { inputs: t, clock: n, log: r } = this.#e;
		switch (e.kind) {
			case "borrowed": {
				const { document: t, because: i } = e;
				const a = g(U(t, n.now()));
				const o = `${i.message} This job goes on with the access token it has, valid for ${a}. ${i.hint} [${i.code}]`;
				if (Ut(i.code)) r.error(o);
				else r.warning(o);
				this.#r = {
					...this.#m(t, t),
					role: "borrower"
				};
				this.#h(i, null);
				await this.#p(t);
				return;
			}
			case "kept": {
				const { document: t } = e.ledger;
				this.#r = this.#m(t, t);
				await this.#p(t);
				return;
			}
			case "refreshed": {
				const { publication: n, rotated: r, ledger: i } = e;
				await this.#p(i.document);
				this.#f(n, {
					rotated: r,
					basis: i.predecessor ?? this.#t
				});
				if (t.refresh === "force" && !r) throw Pn();
			}
		}
	}
	#f(e, { rotated: t, basis: n }) {
		const { log: r } = this.#e;
		const { document: i } = e.ledger;
		this.#r = {
			...this.#m(i, n),
			rotated: t,
			published: e.kind === "published"
		};
		switch (e.kind) {
			case "published":
				r.info(`Published generation ${i.generation}.`);
				return;
			case "pending": {
				const { failure: t, rescue: n, handedOver: i } = e;
				this.#h(t, n);
				r.warning(`${t.message} The refreshed login is not stored yet; post tries again. ${t.hint} [${t.code}]`);
				if (i) return;
				if (n) on(r, "To store this job's document by hand:", n);
				throw t;
			}
			case "refused":
				this.#h(e.failure, e.rescue);
				if (e.rescue) on(r, "To store this job's document all the same:", e.rescue);
				throw e.failure;
		}
	}
	async #p(e) {
		const { inputs: t, files: n } = this.#e;
		const r = t.refreshToken === "present" && this.#r.role === "keeper";
		const i = r ? e.whole() : e.withheld();
		if (await n.read(I(this.#n.home)) === i.reveal()) return;
		this.#n = {
			...this.#n,
			written: await z(n, this.#n, i)
		};
		if (r) await n.write(Ct(this.#n.base), this.#t.line().reveal(), 384);
		this.#_();
	}
	#m(e, t) {
		const { ownsHome: n } = this.#n;
		const r = t.isSameGeneration(this.#t);
		return Qt(e, {
			...this.#r,
			restoredFrom: n ? r ? "secret" : "handover" : "home"
		});
	}
	#h(e, t) {
		const { code: n, message: r, hint: i } = e;
		this.#r = {
			...this.#r,
			events: [...this.#r.events, r],
			alert: {
				code: n,
				message: r,
				hint: i
			},
			rescue: t
		};
	}
	async #g(e) {
		try {
			await e();
		} finally {
			this.#_();
			rn(this.#e.channel, this.#n.home, this.#r);
		}
	}
	#_() {
		En(this.#e.channel, this.#n);
		$t(this.#e.channel, this.#r);
	}
};
function Pn() {
	return new s("refresh-not-rotated", "Codex renewed the tokens, but the refresh token did not change: `refresh: force` proves nothing this way.", "The renewed login is stored. Run again; if it stays so, see docs/troubleshooting.md.");
}
// src/action/main.ts
async function Fn(e) {
	const { surroundings: t } = e;
	const n = Ae(e.inputs, t);
	const r = {
		...e,
		inputs: n
	};
	if (n.homeLifetime === "persistent") {
		await Ln(e);
		return (await Promise.resolve().then(() => require("./main/host-job.cjs"))).runOnHost(r);
	}
	const { login: i, handed: a, settle: o } = await In(r, e.inputs);
	try {
		await o();
		if (n.run !== null || n.prompt !== null || n.codexVersion !== null) {
			const { runJob: e } = await Promise.resolve().then(() => require("./main/user-job.cjs"));
			await e(r, i, a);
		}
	} catch (e) {
		i.recordFailure(e);
		throw e;
	}
}
async function In(e, t) {
	const { inputs: n, channel: r } = e;
	try {
		await Ln({
			...e,
			inputs: t
		});
		if (!n.reseed) return await Rn(e);
		const { beginAfresh: r } = await Promise.resolve().then(() => require("./main/begin-afresh.cjs"));
		return await r(e);
	} catch (e) {
		if (e instanceof s) en(r, e);
		throw e;
	}
}
async function Ln(e) {
	const { inputs: t, surroundings: n, environment: r, log: i } = e;
	const { startedBy: a, visibility: o } = n;
	ke(t, n);
	const s = t.run !== null || t.prompt !== null;
	const c = o === "unknown" && s && !t.allowPublicRepository;
	if (a.kind === "writers" && !c) return;
	const l = await kn(e);
	if (l) v(l, r);
	const { demandPrivate: u, demandWriters: ee } = await Promise.resolve().then(() => require("./main/admission.cjs")).then((e) => e.t);
	const d = {
		...e,
		information: await e.runInformation()
	};
	if (c) await u(d);
	if (a.kind === "writers") return;
	await ee(d, {
		...n,
		...a
	});
	if (_(t)) i.warning(`This run was started by ${je(n)}, which anybody can cause: it goes on with the access token it has, and does not refresh the login.`);
}
async function Rn(e) {
	const { inputs: t, log: n, environment: r } = e;
	const i = await kn(e) ?? await (await Promise.resolve().then(() => require("./main/restore.cjs"))).restore(e);
	const a = rt(t.secret, n);
	const o = i.ownsHome && i.written === null ? await z(e.files, i, a.withheld()) : i.written;
	const s = {
		...i,
		written: o,
		environment: wn(i.environment, r)
	};
	if (i.ownsHome && !i.madeConfig) await zn(e, i);
	const c = new Nn(e, a, s);
	return {
		login: c,
		handed: a,
		settle: () => c.settle()
	};
}
async function zn(e, { home: t, base: n }) {
	const { guardedPlaces: r, inspectOwnConfig: i } = await Promise.resolve().then(() => require("./main/protection.cjs")).then((e) => e.a);
	await i(e, {
		home: t,
		guarded: await r(e, {
			home: t,
			base: n,
			loginPath: R(n)
		})
	});
}
// src/adapters/cancellation.ts
function Bn() {
	let e = false;
	for (const t of ["SIGINT", "SIGTERM"]) process.on(t, () => {
		e = true;
	});
	return { requested: () => e };
}
// src/adapters/clock.ts
const Vn = {
	now: () => /* @__PURE__ */ new Date(),
	monotonicMs: () => Number(process.hrtime.bigint() / 1000000n),
	sleep: (e) => new Promise((t) => setTimeout(t, e))
};
// src/adapters/files.ts
const Hn = 100;
const Un = {
	read: async (e) => Kn(e)?.toString("utf8") ?? null,
	readBytes: async (e) => Kn(e),
	write: async (t, n, r) => {
		const i = `${t}.${process.pid}-${process.hrtime.bigint()}.tmp`;
		try {
			(0, e.writeFileSync)(i, n, {
				flag: "wx",
				mode: r
			});
			(0, e.renameSync)(i, t);
		} catch (t) {
			(0, e.rmSync)(i, { force: true });
			throw t;
		}
	},
	link: async (t, n) => {
		const r = `${n}.${process.pid}-${process.hrtime.bigint()}.tmp`;
		(0, e.symlinkSync)(t, r);
		(0, e.renameSync)(r, n);
	},
	moveBehindLink: async (n, r) => {
		for (let i = 1;; i++) {
			const a = (0, e.lstatSync)(n, { throwIfNoEntry: false });
			if (a?.isSymbolicLink()) return;
			if (a) (0, e.renameSync)(n, r);
			else if (!Gn(r)) return;
			try {
				(0, e.symlinkSync)((0, t.relative)((0, t.dirname)(n), r), n);
				return;
			} catch (t) {
				if (W(t) !== "EEXIST") (0, e.renameSync)(r, n);
				else if (i < Hn) continue;
				throw t;
			}
		}
	},
	makePrivateDirectory: async (n) => {
		(0, e.mkdirSync)((0, t.dirname)(n), { recursive: true });
		try {
			(0, e.mkdirSync)(n, { mode: 448 });
			return "made";
		} catch (e) {
			if (W(e) !== "EEXIST" || !Wn(n)) throw e;
			return "existed";
		}
	},
	remove: async (t) => (0, e.rmSync)(t, {
		recursive: true,
		force: true,
		maxRetries: 3
	}),
	stamp: async (t) => {
		const n = (0, e.statSync)(t, {
			bigint: true,
			throwIfNoEntry: false
		});
		return n ? `${n.ino} ${n.size} ${n.mtimeNs} ${n.ctimeNs}` : null;
	},
	realpath: async (t) => Gn(t) ? e.realpathSync.native(t) : null
};
function Wn(t) {
	if (!process.getuid) return (0, e.lstatSync)(t).isDirectory();
	let n;
	try {
		n = (0, e.openSync)(t, e.constants.O_RDONLY | e.constants.O_DIRECTORY | e.constants.O_NOFOLLOW);
	} catch (e) {
		if ([
			"ENOTDIR",
			"ELOOP",
			"EACCES"
		].includes(String(W(e)))) return false;
		throw e;
	}
	try {
		if ((0, e.fstatSync)(n).uid !== process.getuid()) return false;
		(0, e.fchmodSync)(n, 448);
		return true;
	} finally {
		(0, e.closeSync)(n);
	}
}
function Gn(t) {
	try {
		return (0, e.statSync)(t, { throwIfNoEntry: false }) !== void 0;
	} catch (e) {
		if (W(e) === "ENOTDIR") return false;
		throw e;
	}
}
function Kn(t) {
	if (!Gn(t)) return null;
	try {
		return (0, e.readFileSync)(t);
	} catch (e) {
		if (W(e) === "ENOENT" || W(e) === "ENOTDIR") return null;
		throw e;
	}
}
function W(e) {
	return e instanceof Error && "code" in e ? e.code : void 0;
}
// src/adapters/log.ts
const qn = 1;
const Jn = 10;
const Yn = /`[^`]*`|"(?:[^"\\]|\\.)*"/g;
const Xn = 6;
function Zn(e) {
	const t = /* @__PURE__ */ new Set();
	let n = null;
	let r = false;
	let i;
	const a = (t) => {
		i = t.at(-1) ?? i;
		e(t);
	};
	const o = (e) => a(Buffer.from(`${e}\n`));
	const s = (e) => {
		let n = e;
		for (const e of t) if (e.length >= Xn) n = n.replaceAll(e, "***");
		return n;
	};
	const c = (e) => Bt(t.size === 0 ? e : e.replace(Yn, s));
	const l = (e, t) => o(Qn(e, c(t)));
	return {
		info: (e) => o(c(e)),
		warning: (e) => l("warning", e),
		error: (e) => l("error", e),
		debug: (e) => l("debug", e),
		group: (e) => l("group", e),
		endGroup: () => l("endgroup", ""),
		mask: (...e) => {
			if (r) throw new TypeError("Nothing is masked after foreign words were let into the log.");
			const t = e.filter((e) => !e.isEmpty).map((e) => Qn("add-mask", e.reveal()));
			if (t.length > 0) o(t.join("\n"));
		},
		relay: {
			hidden: t,
			open: (e) => {
				r = true;
				o(`::stop-commands::${e}`);
				n = `::${e}::`;
			},
			write: a,
			close: () => {
				if (n === null) return;
				if (i !== Jn) o("");
				o(n);
				n = null;
			}
		}
	};
}
const G = Zn((e) => {
	let t = e;
	while (t.length > 0) t = t.subarray($n(t));
});
function Qn(e, t) {
	return `::${e}::${/[%\r\n]/.test(t) ? t.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A") : t}`;
}
function $n(t) {
	try {
		return (0, e.writeSync)(qn, t);
	} catch (e) {
		if (!(e instanceof Error && "code" in e && e.code === "EAGAIN")) throw e;
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
		return 0;
	}
}
// src/core/state-keys.ts
const er = [
	"session",
	"critical-section",
	"report",
	"notice"
];
// src/adapters/step-channel.ts
const K = {
	state: {},
	outputs: {}
};
const tr = {
	saveState: (e, t) => {
		K.state[e] = t;
		q("GITHUB_STATE", { [e]: t });
	},
	state: rr,
	setOutputs: (e) => {
		Object.assign(K.outputs, e);
		q("GITHUB_OUTPUT", e);
	},
	seal: () => {
		const e = er.map((e) => [e, K.state[e] ?? rr(e)]);
		const t = process.env.GITHUB_STATE;
		if (t) nr(t, Buffer.from(e.map(ir).join("")));
		if (Object.keys(K.outputs).length > 0) q("GITHUB_OUTPUT", { ...K.outputs }, "\n");
	},
	exportVariable: (e, t) => {
		process.env[e] = t;
		q("GITHUB_ENV", { [e]: t });
	},
	addPath: (t) => {
		process.env.PATH = `${t}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
		const n = process.env.GITHUB_PATH;
		if (n) (0, e.appendFileSync)(n, `${t}\n`);
	},
	writeSummary: async (t) => {
		const n = process.env.GITHUB_STEP_SUMMARY;
		if (n) (0, e.appendFileSync)(n, t);
	}
};
function nr(t, n) {
	const r = (0, e.lstatSync)(t, { throwIfNoEntry: false });
	if (r && !(r.isFile() && r.nlink === 1)) (0, e.rmSync)(t, {
		recursive: true,
		force: true
	});
	const i = (0, e.openSync)(t, e.constants.O_RDWR | e.constants.O_CREAT, 420);
	try {
		(0, e.writeSync)(i, n, 0, n.length, 0);
		(0, e.ftruncateSync)(i, n.length);
	} finally {
		(0, e.closeSync)(i);
	}
}
function rr(e) {
	return process.env[`STATE_${e}`] ?? "";
}
function q(t, n, r = "") {
	const i = process.env[t];
	if (i) (0, e.appendFileSync)(i, r + Object.entries(n).map(ir).join(""));
}
function ir([e, t]) {
	if (!/[\r\n]/.test(t)) return `${e}=${t}\n`;
	let n = "END";
	while (t.includes(n)) n += "_END";
	return `${e}<<${n}\n${t}\n${n}\n`;
}
// src/core/command-environment.ts
const ar = [
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
].flatMap((e) => e.split(" "));
function or(e) {
	return [.../* @__PURE__ */ new Set([...ar, ...e])];
}
// src/core/codex-config.ts
const J = "codex-auth-roundtrip";
const sr = {
	"read-only": ":read-only",
	"workspace-write": ":workspace"
};
const Y = [
	"apps",
	"plugins",
	"remote_plugin"
];
function cr(e, n) {
	const r = e.flatMap((e) => n.flatMap((n) => {
		const r = (0, t.relative)(n, e);
		if (r === ".." || r.startsWith(`..${t.sep}`) || (0, t.isAbsolute)(r)) return [];
		const [i = ""] = r.split(t.sep);
		return [(0, t.join)(n, i)];
	}));
	return [...new Set(r)].sort();
}
function lr(e, n) {
	const r = (0, t.relative)(e, n);
	return r !== ".." && !r.startsWith(`..${t.sep}`) && !(0, t.isAbsolute)(r);
}
function ur(e, t) {
	const { sandbox: n, protectAuth: r, codexApps: i } = e;
	const a = n === "danger-full-access" || r === "off" ? [] : [
		`[permissions.${J}]`,
		`extends = ${X(sr[n])}`,
		"",
		`[permissions.${J}.filesystem]`,
		...hr(n, t).map(([e, t]) => `${X(e)} = ${X(t)}`),
		""
	];
	const o = r === "off" ? [] : [
		"[shell_environment_policy]",
		"ignore_default_excludes = false",
		`include_only = ${gr(e)}`,
		""
	];
	return [
		"# Written by codex-auth-roundtrip: what the model's commands may read and see, and what Codex may use.",
		"cli_auth_credentials_store = \"file\"",
		...a.length > 0 ? [`default_permissions = ${X(J)}`] : [],
		"",
		...a,
		...o,
		...i ? [] : [
			"[features]",
			...Y.map((e) => `${e} = false`),
			""
		]
	].join("\n");
}
function dr(e, t) {
	const { sandbox: n, protectAuth: r, codexApps: i } = e;
	const a = r === "off";
	const o = a || n === "danger-full-access";
	const s = [
		...o ? [] : pr(n, t),
		...a ? [] : ["shell_environment_policy.ignore_default_excludes=false", `shell_environment_policy.include_only=${gr(e)}`],
		...i ? [] : Y.map((e) => `features.${e}=false`)
	];
	return [...o ? ["--sandbox", n] : [], ...s.flatMap((e) => ["-c", e])];
}
function fr(e) {
	return ["-c", `shell_environment_policy.set.PATH=${X(e)}`];
}
function pr(e, t) {
	const n = hr(e, t).map(([e, t]) => `${X(e)}=${X(t)}`);
	const r = `{extends=${X(sr[e])},filesystem={${n.join(",")}}}`;
	return [`default_permissions=${X(J)}`, `permissions.${J}=${r}`];
}
function mr(e, { codexApps: t }) {
	return [
		"# Written by codex-auth-roundtrip for one job, and removed after it.",
		"[permissions.filesystem]",
		`deny_read = [${X(e)}]`,
		"",
		...t ? [] : [
			"[features]",
			...Y.map((e) => `${e} = false`),
			""
		]
	].join("\n");
}
function hr(e, { loginDirectory: t, anchors: n }) {
	return [...(e === "workspace-write" ? n : []).map((e) => [e, "read"]), [t, "deny"]];
}
function gr({ codexEnvironment: e }) {
	return `[${or(Object.keys(e)).map(X).join(",")}]`;
}
function X(e) {
	return JSON.stringify(e);
}
// src/entry/own-path.ts
let Z = process.env.PATH ?? "";
let Q = Z;
let _r = [];
function vr({ workingDirectory: e }) {
	const n = process.env.GITHUB_WORKSPACE ?? process.cwd();
	_r = (e === null ? [n] : [n, (0, t.resolve)(n, e)]).map(Sr);
	Z = process.env.PATH ?? "";
	Q = yr(Z);
	if (Q !== Z) process.env.PATH = Q;
}
function yr(e) {
	const n = /* @__PURE__ */ new Map();
	return e.split(t.delimiter).filter(t.isAbsolute).filter((e) => br(e, n)).join(t.delimiter);
}
function br(e, n = /* @__PURE__ */ new Map()) {
	const r = (e) => {
		const t = n.get(e) ?? Sr(e);
		n.set(e, t);
		return t;
	};
	const i = (e) => {
		const n = (0, t.dirname)(e);
		return n === e ? [e] : [...i(n), (0, t.join)(r(n), (0, t.basename)(e))];
	};
	const a = (e) => _r.some((t) => lr(t, e));
	const o = (0, t.resolve)(e);
	return r(o) === o ? !a(o) : ![...i(o), r(o)].some(a);
}
function xr() {
	const e = process.env.PATH ?? "";
	return e.endsWith(Q) ? e.slice(0, e.length - Q.length) + Z : Z;
}
function Sr(n) {
	try {
		return e.realpathSync.native(n);
	} catch {
		const e = (0, t.dirname)(n);
		return e === n ? n : (0, t.join)(Sr(e), (0, t.basename)(n));
	}
}
// src/core/trigger.ts
const Cr = /* @__PURE__ */ new Set([
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
function wr({ eventName: e, repository: t, actors: n, payload: r }) {
	const i = $(r);
	const a = $(i.workflow_run);
	const o = (e) => String($(e).full_name).toLowerCase() === t.toLowerCase();
	const s = (e, t) => Cr.has(String(e)) || e === "pull_request" && o(t);
	if (e === "workflow_run" ? o(a.head_repository) && s(a.event, a.head_repository) : s(e, $($(i.pull_request).head).repo)) return { kind: "writers" };
	const c = [
		i.sender,
		a.actor,
		a.triggering_actor
	].map((e) => $(e).login);
	const l = [...n, ...c].filter((e) => typeof e === "string" && e !== "");
	return {
		kind: "anybody",
		actors: [...new Set(l)]
	};
}
function $(e) {
	return typeof e === "object" && e !== null ? e : {};
}
const Tr = /* @__PURE__ */ new Set(["dependabot[bot]", "github-actions[bot]"]);
function Er(e, { allowUsers: t, allowBots: n }) {
	const r = e.toLowerCase();
	if (n && Tr.has(r)) return true;
	return t.some((e) => e === "*" || e.toLowerCase() === r);
}
// src/action/surroundings.ts
function Dr(e, t) {
	const n = (t) => {
		const n = e[t];
		if (n) return n;
		throw new s("input-invalid", `The variable ${t} is not set.`, "This program runs as a step of GitHub Actions.");
	};
	const [r = "", i = ""] = n("GITHUB_REPOSITORY").split("/");
	const a = jr(t);
	const o = Mr(a);
	const c = e.GITHUB_EVENT_NAME ?? "";
	const l = c === "schedule" || Ar(e.GITHUB_REF, o);
	return {
		owner: r,
		repository: i,
		repositoryId: n("GITHUB_REPOSITORY_ID"),
		runId: n("GITHUB_RUN_ID"),
		runAttempt: Number(e.GITHUB_RUN_ATTEMPT || "1"),
		job: n("GITHUB_JOB"),
		trackingId: e.RUNNER_TRACKING_ID ?? "",
		runnerName: e.RUNNER_NAME ?? "",
		eventName: c,
		startedBy: wr({
			eventName: c,
			repository: `${r}/${i}`,
			actors: [e.GITHUB_ACTOR, e.GITHUB_TRIGGERING_ACTOR],
			payload: a
		}),
		branch: l ? "default" : "other",
		ref: l ? "default" : e.GITHUB_REF ?? "",
		visibility: typeof o.private === "boolean" ? o.private ? "private" : "public" : "unknown",
		workspace: e.GITHUB_WORKSPACE ?? null,
		temporaryDirectory: n("RUNNER_TEMP"),
		apiUrl: e.GITHUB_API_URL || "https://api.github.com",
		serverUrl: e.GITHUB_SERVER_URL || "https://github.com"
	};
}
function Or({ owner: e, repository: t, repositoryId: n }, { environment: r, secretName: i }) {
	return {
		owner: e,
		repository: t,
		repositoryId: n,
		environment: r,
		secretName: i
	};
}
function kr({ runId: e, runAttempt: t, job: n, trackingId: r }) {
	return `run ${e} attempt ${t} job ${n} ${r}`;
}
function Ar(e, { default_branch: t }) {
	return typeof t === "string" && e === `refs/heads/${t}`;
}
function jr(e) {
	try {
		return JSON.parse(e ?? "");
	} catch {
		return null;
	}
}
function Mr(e) {
	return e?.repository ?? {};
}
// src/entry/step.ts
const Nr = 13;
let Pr = 0;
function Fr() {
	return be(de);
}
const Ir = /* @__PURE__ */ new Set([
	...ce,
	"secret-name",
	"environment",
	"codex-home",
	"client-id",
	"github-token"
]);
function Lr() {
	return Dr(process.env, Rr());
}
function Rr() {
	try {
		return (0, e.readFileSync)(process.env.GITHUB_EVENT_PATH ?? "", "utf8");
	} catch {
		return null;
	}
}
function zr(e) {
	G.relay.close();
	Pr = 1;
	if (e instanceof s) G.error(`${e.message} ${e.hint} [${e.code}]`);
	else G.error(`This is a bug of codex-auth-roundtrip: \`${Br(e).replaceAll("`", "'")}\``);
}
function Br(e) {
	return e instanceof Error ? e.stack ?? e.message : String(e);
}
async function Vr(e, t) {
	Hr();
	process.exitCode = Nr;
	try {
		await e();
	} catch (e) {
		zr(e);
	}
	t();
}
function Hr() {
	for (const e of ["uncaughtException", "unhandledRejection"]) process.on(e, (e) => {
		zr(e);
		Ur();
	});
	process.removeAllListeners("warning");
}
function Ur() {
	try {
		tr.seal();
	} catch (e) {
		zr(e);
	}
	Wr();
}
function Wr() {
	process.exit(Pr);
}
// src/entry/main.ts
Vr(async () => {
	const e = Bn();
	const t = Fr();
	const n = Lr();
	vr(t);
	await Fn({
		inputs: t,
		surroundings: n,
		files: Un,
		clock: Vn,
		log: G,
		channel: tr,
		environment: process.env,
		path: {
			ofJob: xr,
			outsideWorkspace: yr
		},
		tools: async (e) => {
			const { jobTools: n } = await Promise.resolve().then(() => require("./main/job-tools.cjs"));
			return n(e, t);
		},
		cancellation: e,
		runInformation: async () => {
			const { runInformationOf: e } = await Promise.resolve().then(() => require("./main/go-online.cjs"));
			return e(t, n);
		},
		hostLock: async () => (await Promise.resolve().then(() => require("./main/host-lock.cjs"))).jobHostLock,
		online: async (r, i) => {
			const { goOnline: a } = await Promise.resolve().then(() => require("./main/go-online.cjs"));
			return a({
				inputs: t,
				surroundings: n,
				session: r,
				handed: i,
				cancellation: e
			});
		},
		reseed: async (r, i) => {
			const { reseedOnline: a } = await Promise.resolve().then(() => require("./main/go-online.cjs"));
			return a({
				inputs: t,
				surroundings: n,
				session: r,
				handed: i,
				cancellation: e
			});
		}
	});
}, Ur);
exports.$ = V;
exports.A = hn;
exports.B = qt;
exports.C = En;
exports.Ct = c;
exports.D = ln;
exports.E = yn;
exports.F = an;
exports.G = Nt;
exports.H = Vt;
exports.I = Qt;
exports.J = I;
exports.K = H;
exports.L = en;
exports.M = gn;
exports.N = fn;
exports.O = cn;
exports.P = dn;
exports.Q = Dt;
exports.R = $t;
exports.S = An;
exports.St = f;
exports.T = _n;
exports.U = It;
exports.V = U;
exports.W = At;
exports.X = ht;
exports.Y = dt;
exports.Z = vt;
exports._ = Nn;
exports._t = Pe;
exports.a = xr;
exports.at = R;
exports.b = Dn;
exports.bt = g;
exports.c = lr;
exports.ct = Tt;
exports.d = ur;
exports.dt = z;
exports.et = bt;
exports.f = mr;
exports.ft = st;
exports.g = Vn;
exports.gt = v;
exports.h = Un;
exports.ht = ze;
exports.i = br;
exports.it = wt;
exports.j = mn;
exports.k = un;
exports.l = fr;
exports.lt = B;
exports.m = G;
exports.mt = ot;
exports.n = Or;
exports.nt = ft;
exports.o = Y;
exports.ot = gt;
exports.p = tr;
exports.pt = E;
exports.q = jt;
exports.r = Er;
exports.rt = xt;
exports.s = cr;
exports.st = _t;
exports.t = kr;
exports.tt = L;
exports.u = dr;
exports.ut = Et;
exports.v = kn;
exports.vt = Ne;
exports.w = vn;
exports.wt = s;
exports.x = wn;
exports.xt = m;
exports.y = Cn;
exports.yt = xe;
exports.z = rn;
