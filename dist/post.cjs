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
const te = "RUST_LOG";
const ne = [
	"INPUT_",
	"STATE_",
	"ACTIONS_"
];
function d(e, t) {
	const n = t.map((e) => e.reveal().trim()).filter((e) => e !== "");
	const r = {};
	for (const [t, i] of Object.entries(e)) {
		if (i === void 0 || ae(t) || ee.test(t.toUpperCase())) continue;
		if (t.toUpperCase() === te) continue;
		if (n.some((e) => i.includes(e))) continue;
		r[t] = i;
	}
	return r;
}
const f = 24;
function re(e) {
	const t = e.map((e) => e.reveal().trim()).filter((e) => e !== "");
	return (e) => {
		const n = e.trim();
		return t.some((e) => n.includes(e) || n.length >= f && e.includes(n));
	};
}
function ie(e) {
	const t = {};
	for (const [n, r] of e.split(/\r?\n/).entries()) {
		if (r.trim() === "" || r.trimStart().startsWith("#")) continue;
		const e = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(r);
		if (!e) throw new s("input-invalid", `Line ${n + 1} of \`codex-env\` is not NAME=VALUE.`, "Write one NAME=VALUE a line.");
		const [, i = "", a = ""] = e;
		if (ae(i)) throw new s("input-invalid", `\`codex-env\` may not set ${i}.`, "INPUT_, STATE_ and ACTIONS_ belong to the runner.");
		if (oe(i) && !c(a)) throw new s("input-invalid", `\`codex-env\` sets ${i}, which redirects authentication, to something that is not on this machine.`, "Only loopback addresses (http://127.0.0.1:PORT) are accepted for it, for tests.");
		t[i] = a;
	}
	return t;
}
function ae(e) {
	const t = e.toUpperCase();
	return ne.some((e) => t.startsWith(e));
}
function oe(e) {
	const t = e.toUpperCase();
	return l.has(t) || u.some((e) => t.startsWith(e));
}
// src/core/secret.ts
function se(e) {
	let t = 2166136261;
	for (let n = 0; n < e.length; n++) t = Math.imul(t ^ e.charCodeAt(n), 16777619);
	return (t >>> 0).toString(16).padStart(8, "0");
}
var p = class {
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
		return se(this.#e);
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
const m = "INPUT_";
const h = /* @__PURE__ */ new Map();
const ce = [
	"codex-auth-json",
	"secret-write-token",
	"private-key"
];
const le = "ACTIONS_RUNTIME_TOKEN";
const ue = /^ACTIONS_\w*TOKEN$/;
const de = pe();
function fe() {
	return Object.fromEntries(h);
}
function pe() {
	const e = Object.entries(process.env);
	for (const [t, n] of e) if (t.startsWith(m)) h.set(t, n?.trim() ?? "");
	const t = (e) => h.get(m + e.toUpperCase()) ?? "";
	const n = ce.map(t);
	const r = re([...n, ...n.map(me)].map((e) => new p(e)));
	const a = ([e, t = ""]) => e.startsWith(m) || ue.test(e) && e !== le || r(t);
	i({
		forgotten: e.filter(a).map(([e]) => e),
		hidden: [le]
	});
	return t;
}
function me(e) {
	return Buffer.from(e, "base64").toString("utf8");
}
// src/core/steering.ts
const he = /^((\w+_)?(NO_?)?PROXY|(NODE|SSL_CERT|OPENSSL|LD|DYLD)_\w+|CODEX_CA_CERTIFICATE|GCONV_PATH)$/;
const ge = /* @__PURE__ */ new Set([
	"NODE_ENV",
	"NODE_VERSION",
	"NODE_AUTH_TOKEN"
]);
function g(e) {
	const t = e.toUpperCase();
	return !ge.has(t) && he.test(t);
}
function _e(e, t) {
	return [.../* @__PURE__ */ new Set([...Object.keys(e), ...Object.keys(t)])].filter((n) => g(n) && (e[n] ?? null) !== (t[n] ?? null)).sort();
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
function be(e) {
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
function xe(e) {
	const t = (t) => e(t) || null;
	const n = (t) => {
		const n = e(t);
		return n ? new p(n) : null;
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
		secretName: Te(e("secret-name") || "CODEX_AUTH_JSON"),
		environment: t("environment"),
		writer: Ae(n("secret-write-token"), t("client-id"), n("private-key")),
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
		prompt: De(t),
		sandbox: r("sandbox", [
			"workspace-write",
			"read-only",
			"danger-full-access"
		]),
		codexVersion: ke(t("codex-version")),
		protectAuth: r("protect-auth", [
			"profile",
			"enforced",
			"off"
		]),
		codexApps: i("codex-apps"),
		shell: e("shell") || "bash",
		workingDirectory: t("working-directory"),
		codexHome: t("codex-home"),
		codexEnvironment: ie(e("codex-env")),
		handover: r("handover", ["cache", "off"]),
		concurrencyCheck: r("concurrency-check", [
			"warn",
			"fail",
			"off"
		]),
		allowPublicRepository: i("allow-public-repository"),
		allowUsers: we(e("allow-users")),
		allowBots: i("allow-bots"),
		alertIssue: i("alert-issue"),
		homeLifetime: r("home-lifetime", ["ephemeral", "persistent"]),
		reseed: i("reseed"),
		expectedAccountId: t("expected-account-id")
	};
	if (a.homeLifetime === "persistent") Ee(a);
	if (a.protectAuth === "enforced" && a.sandbox === "danger-full-access") throw new s("input-invalid", "`protect-auth: enforced` does not go with `sandbox: danger-full-access`: Codex refuses to run without a sandbox where one is enforced.", "Use `sandbox: workspace-write` or `read-only`, or `protect-auth: profile`, which protects nothing without a sandbox.");
	if (a.role === "borrower" && a.refreshToken === "present") throw new s("input-invalid", "A borrower cannot have `refresh-token: present`.", "Remove one of the two: only a keeper may hold the refresh token.");
	if (a.role === "borrower" && a.refresh === "force") throw new s("input-invalid", "A borrower never refreshes, so `refresh: force` has no meaning.", "Use `role: keeper`.");
	if (a.role === "borrower" && a.reseed) throw new s("input-invalid", "A borrower never writes the secret, so `reseed: true` has no meaning.", "Use `role: keeper`.");
	return a;
}
function Se(e) {
	if (e.homeLifetime === "persistent") return false;
	return e.role === "keeper" && (e.refresh !== "never" || e.refreshToken === "present");
}
function Ce(e) {
	const { writer: t } = e;
	const n = t.kind === "token" ? [t.token] : t.kind === "app" ? [t.privateKey] : [];
	return [e.secret, ...n].filter((e) => e !== null);
}
function we(e) {
	const t = e.split(",").map((e) => e.trim()).filter((e) => e !== "");
	if (t.length === 1 && t[0] === "*" || t.every((e) => /^[\w-]+(\[bot\])?$/.test(e))) return t;
	throw new s("input-invalid", "The input `allow-users` is no list of GitHub logins.", "Write logins without @, with commas between them, or `*` alone for everybody.");
}
function Te(e) {
	if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(e)) return e;
	throw new s("input-invalid", "The input `secret-name` is not a secret's name.", "Use letters, digits and underscores, as in the repository's settings.");
}
function Ee(e) {
	if (e.codexHome === null) throw new s("input-invalid", "`home-lifetime: persistent` needs `codex-home`: a directory of this host that outlives the job.", "For example `codex-home: /opt/svc/.codex`.");
	if (e.reseed || e.refresh === "force") throw new s("input-invalid", "`home-lifetime: persistent` goes neither with `reseed` nor with `refresh: force`.", "On the host itself: `codex-auth-roundtrip host seed` and `codex-auth-roundtrip host refresh`.");
}
function De(e) {
	const t = [
		"run",
		"prompt",
		"prompt-file"
	].filter((t) => e(t) !== null);
	if (t.length > 1) throw new s("input-invalid", `The inputs ${t.map((e) => `\`${e}\``).join(" and ")} are both given.`, "Keep one of `run`, `prompt` and `prompt-file`; use the action a second time for another job.");
	if (e("output-schema") !== null && e("output-schema-file") !== null) throw new s("input-invalid", "Both `output-schema` and `output-schema-file` are given.", "Keep one of them.");
	const n = Oe(e("prompt"), e("prompt-file"));
	if (n === null) return null;
	return {
		source: n,
		model: e("model"),
		effort: e("effort"),
		codexArgs: e("codex-args"),
		outputFile: e("output-file"),
		outputSchema: Oe(e("output-schema"), e("output-schema-file"))
	};
}
function Oe(e, t) {
	if (e !== null) return {
		kind: "text",
		text: e
	};
	return t === null ? null : {
		kind: "file",
		path: t
	};
}
function ke(e) {
	if (e === null || /^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/.test(e)) return e;
	throw new s("input-invalid", "The input `codex-version` is not a version.", "Write one exactly, such as 0.169.0.");
}
function Ae(e, t, n) {
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
function je(e, { startedBy: t }) {
	return t.kind === "anybody" && Se(e) ? {
		...e,
		role: "borrower",
		refresh: "never"
	} : e;
}
function Me(e) {
	if (e.allowPublicRepository) return;
	throw new s("public-repository", "This repository is public, and OpenAI says: do not use a ChatGPT login in public repositories.", "Use an API key with openai/codex-action, or set `allow-public-repository: true` if you know who can run this workflow.");
}
function Ne({ environment: e }, t) {
	const n = _e(e, t);
	if (n.length === 0) return null;
	return new s("environment-changed", `A step of this job has changed where requests go, or whom they trust, so none was sent: ${n.join(", ")}.`, "Set such variables in the job's `env:`, where they stand before the first step, and not through GITHUB_ENV; or use this action before the step that sets them, as actions/setup-python does with LD_LIBRARY_PATH. If this job has refreshed the login and could not store it, dispatch the maintenance workflow now.");
}
// src/core/document.ts
const Pe = 45e3;
const Fe = 8;
const Ie = 864e5;
const _ = "Log in with `codex login` (ChatGPT) in a fresh CODEX_HOME and store the whole auth.json as the secret.";
var Le = class e {
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
		this.accessToken = new p(C(n.access_token));
		this.refreshToken = new p(C(n.refresh_token));
		this.idToken = new p(C(n.id_token));
		this.lastRefresh = C(e.last_refresh);
		const r = S(this.accessToken.reveal());
		this.accessTokenExpiresAt = qe(r, this.lastRefresh);
		this.accessTokenIssuedAt = w(r.iat) ?? Je(this.lastRefresh);
	}
	static parse(t) {
		const { text: n, encoding: r } = Be(t);
		return new e(Ue(He(n)), r);
	}
	static read(t) {
		try {
			const n = t.trim();
			const r = n.startsWith("{");
			const i = JSON.parse(r ? n : Buffer.from(n, "base64").toString("utf8"));
			if (!b(i) || !b(i.tokens)) return null;
			if (!x(i.tokens.access_token) || !x(i.tokens.refresh_token)) return null;
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
		return se(`${Re(this.refreshToken)}\n${Re(this.accessToken)}`);
	}
	get tokens() {
		return [
			this.refreshToken,
			this.accessToken,
			this.idToken
		];
	}
	whole() {
		return new p(`${JSON.stringify(this.#e, null, 2)}\n`);
	}
	withheld() {
		const e = {
			...this.#e,
			tokens: {
				...this.#e.tokens,
				refresh_token: ""
			}
		};
		return new p(`${JSON.stringify(e, null, 2)}\n`);
	}
	withExpiredAccessToken() {
		const [t, , n] = this.accessToken.reveal().split(".");
		const r = {
			...S(this.accessToken.reveal()),
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
		return new p(JSON.stringify(this.#e));
	}
	content(e) {
		const t = JSON.stringify(this.#e);
		return new p(e === "base64" ? Buffer.from(t).toString("base64") : t);
	}
};
function Re(e) {
	return e.reveal().slice(-64);
}
function ze(e) {
	let t;
	try {
		t = JSON.parse(e);
	} catch {
		return null;
	}
	const n = b(t) && b(t.tokens) ? t.tokens : null;
	if (!n || !b(t) || !x(n.access_token) || !x(t.last_refresh)) return null;
	const r = S(n.access_token);
	if (w(r.exp) === null && Number.isNaN(Date.parse(t.last_refresh))) return null;
	const i = qe(r, t.last_refresh);
	return {
		refreshToken: new p(x(n.refresh_token) ? n.refresh_token : ""),
		accessTokenExpiresAt: i
	};
}
function Be(e) {
	if (e.trim() === "") throw new s("document-empty", "The document is empty.", _);
	if (Buffer.byteLength(e) > 45e3) throw new s("document-too-large", `The document is larger than ${Pe} bytes, more than a secret can hold when it is written back.`, "An auth.json has 4 to 6 kB: check that the secret holds this file and nothing else.");
	if (/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)/.test(e)) throw Ve();
	const t = e.trim();
	if (t.startsWith("{")) return {
		text: t,
		encoding: "json"
	};
	const n = t.replace(/\s+/g, "");
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(n)) throw v("The document is neither JSON nor base64 of JSON.");
	const r = Buffer.from(n, "base64");
	if (/^(efbbbf|fffe|feff)/.test(r.subarray(0, 3).toString("hex"))) throw Ve();
	const i = r.toString("utf8");
	if (!i.trim().startsWith("{")) throw v("The document is neither JSON nor base64 of JSON.");
	return {
		text: i,
		encoding: "base64"
	};
}
function Ve() {
	return new s("document-byte-order-mark", "The document begins with a byte order mark, which Codex cannot read.", "Store the file again without it (UTF-8 without BOM; in PowerShell, `Set-Content -Encoding utf8NoBOM`).");
}
function v(e) {
	return new s("document-not-json", e, _);
}
function He(e) {
	try {
		return JSON.parse(e);
	} catch {
		if (e.trimEnd().endsWith("}")) throw v("The document is not valid JSON.");
		throw new s("document-truncated", "The document breaks off before its end.", "Store the whole auth.json again; a kill while an old Codex was writing leaves such a file.");
	}
}
function Ue(e) {
	if (!b(e)) throw new s("document-not-codex", "The document is not an auth.json of Codex.", _);
	const { auth_mode: t, OPENAI_API_KEY: n, tokens: r, last_refresh: i } = e;
	if (![
		"auth_mode",
		"OPENAI_API_KEY",
		"tokens",
		"last_refresh"
	].some((t) => t in e)) throw new s("document-not-codex", "The document is not an auth.json of Codex.", _);
	if (t === "apikey" || t == null && typeof n === "string" && n !== "") throw new s("document-api-key", "The document is an API-key login, which has nothing to refresh.", "Pass the API key to openai/codex-action instead, or log in with ChatGPT and store that auth.json.");
	if (t != null && t !== "chatgpt") throw new s("document-not-chatgpt", "The document is not a ChatGPT login.", _);
	if (!b(r)) throw y("document-tokens-missing", "tokens");
	if (!x(r.access_token)) throw y("document-access-token-missing", "tokens.access_token");
	if (!x(r.refresh_token)) throw new s("document-refresh-token-missing", "The document has no refresh token: it is a working copy, or was stripped.", _);
	if (!x(r.id_token)) throw y("document-id-token-missing", "tokens.id_token");
	if (!x(r.account_id)) throw y("document-account-missing", "tokens.account_id (without it Codex never refreshes)");
	if (!Ke(i)) throw y("document-last-refresh-missing", "last_refresh (without it Codex sends no token at all)");
	We(r.oauth_provenance);
	return e;
}
function We(e) {
	if (!b(e) || e.issuer === void 0) return;
	const { issuer: t } = e;
	if (typeof t === "string" && (Ge(t) || c(t))) return;
	throw new s("document-foreign-issuer", "The document names an issuer that is not OpenAI's, and Codex would send the refresh token there.", _);
}
function Ge(e) {
	return /^https:\/\/([a-z0-9-]+\.)*(openai|chatgpt)\.com(\/|$)/.test(e);
}
function y(e, t) {
	return new s(e, `The document lacks ${t}.`, _);
}
function b(e) {
	return typeof e === "object" && e !== null && !Array.isArray(e);
}
function x(e) {
	return typeof e === "string" && e.trim() !== "";
}
function Ke(e) {
	return typeof e === "string" && /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(e) && !Number.isNaN(Date.parse(e));
}
function S(e) {
	try {
		const t = JSON.parse(Buffer.from(e.split(".")[1] ?? "", "base64url").toString("utf8"));
		return b(t) ? t : {};
	} catch {
		return {};
	}
}
function qe(e, t) {
	return w(e.exp) ?? new Date(Je(t).getTime() + Fe * Ie);
}
function Je(e) {
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
// src/core/state-shape.ts
const T = (e) => typeof e === "string";
const E = (e) => typeof e === "boolean";
const Ye = Number.isFinite;
const Xe = (e) => typeof e === "string" && !Number.isNaN(Date.parse(e));
const D = (e) => (t) => t === null || e(t);
const O = (...e) => (t) => e.includes(t);
const k = (e) => (t) => typeof t === "object" && t !== null && Object.entries(e).every(([e, n]) => n(t[e]));
function A(e, t) {
	try {
		const n = JSON.parse(e);
		return t(n) ? n : null;
	} catch {
		return null;
	}
}
// src/action/home.ts
const Ze = "auth.json";
const Qe = "config.toml";
const $e = ".codex-auth-roundtrip.json";
function j(e) {
	return (0, t.join)(e, Ze);
}
function et(e, { secretName: n, environment: r }) {
	const i = r === null ? n : `${n}-${encodeURIComponent(r)}`;
	return (0, t.join)(e, `codex-auth-${i}`);
}
function tt(e, n) {
	return (0, t.join)(e, `codex-auth-host-${n}`);
}
function nt(e) {
	return (0, t.join)(e, "mark.json");
}
async function rt(e, t) {
	const n = await e.read(nt(t));
	return n === null ? null : A(n, k({
		identity: T,
		mark: T
	}));
}
function it(e, n) {
	return (0, t.resolve)(e ?? (0, t.join)(n, "home"));
}
function M(e) {
	return (0, t.join)(e, "login");
}
async function at(e, { base: t }) {
	return e.read(ot(t));
}
function ot(e) {
	return (0, t.join)(e, "written");
}
function st(e) {
	return (0, t.join)(M(e), "handed.json");
}
function ct(e) {
	return (0, t.join)(e, "ledger");
}
async function lt(e, { home: n, identity: r, madeConfig: i }) {
	const a = await ut(e, n);
	if (a?.identity !== r) return;
	if (a.made === true) return e.remove(n);
	await e.remove(j(n));
	if (i) await e.remove((0, t.join)(n, Qe));
	await e.remove((0, t.join)(n, $e));
}
async function ut(e, n) {
	const r = await e.read((0, t.join)(n, $e));
	return r === null ? null : A(r, k({ identity: T }));
}
async function dt(e, n) {
	const r = await e.realpath(n).catch(() => null);
	if (r !== null) return r;
	const i = (0, t.dirname)(n);
	return i === n ? n : (0, t.join)(await dt(e, i), (0, t.relative)(i, n));
}
// src/action/left-over.ts
async function ft(e) {
	return pt(e) || await N(e) || await mt(e);
}
function pt({ section: e, report: t }) {
	return e !== null || t?.rotated === true && !t.published;
}
async function N({ session: e, files: t }) {
	return await t.stamp(ct(e.base)) !== null;
}
async function mt(e) {
	const { session: t, inputs: n, files: r, report: i } = e;
	if (n.role === "borrower" || t.refreshToken === "withheld") return false;
	if (i === null && !await N(e)) return false;
	return n.secret !== null || await r.stamp(st(t.base)) !== null;
}
async function ht(e, { home: t }) {
	const n = await e.read(j(t));
	return n !== null && ze(n)?.refreshToken.isEmpty === false;
}
async function gt({ session: e, files: t }) {
	if (!e.ownsHome || e.refreshToken === "present") return false;
	const n = await t.stamp(j(e.home));
	if (n === e.written || n === await at(t, e)) return false;
	return ht(t, e);
}
function _t(e) {
	e.warning("The Codex home holds a login that this action did not put there. It is not stored: with `refresh-token: withheld` nothing is taken from the home. To store a login that you made, use `npx codex-auth-roundtrip seed`.");
}
// src/core/place.ts
function P(e) {
	const t = e.environment === null ? "repository" : `environment ${e.environment} of`;
	return `secret ${e.secretName} of ${t} ${e.owner}/${e.repository}`;
}
function vt(e) {
	const t = `/repos/${e.owner}/${e.repository}`;
	return e.environment === null ? `${t}/actions/secrets` : `${t}/environments/${bt(e.environment)}/secrets`;
}
function yt(e) {
	return vt(e).replace(/secrets$/, "variables");
}
function bt(e) {
	return encodeURIComponent(e).replace(/[!'()*]/g, (e) => `%${e.charCodeAt(0).toString(16).toUpperCase()}`);
}
function xt(e) {
	return e.environment === null ? "secrets" : "environments";
}
// src/core/reseed.ts
function St(e) {
	const t = e.environment === null ? "" : ` --env ${Ct(e.environment)}`;
	return [
		`home=$(mktemp -d) && CODEX_HOME=$home codex -c 'cli_auth_credentials_store="file"' login`,
		`gh secret set ${e.secretName} --repo ${e.owner}/${e.repository}${t} < "$home/auth.json"`,
		`rm -r "$home"`
	].join(" && ");
}
function Ct(e) {
	return `'${e.replaceAll("'", "'\\''")}'`;
}
function wt(e) {
	return `Log in afresh, on a machine with a browser, and store that login: \`${St(e)}\`.`;
}
// src/core/words.ts
const Tt = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u001b\u009b]\[?[0-?]*[ -/]*[@-~]?/g;
const Et = "[\\p{Cc}\\p{Cf}\\p{DI}\\u2028\\u2029]+";
const Dt = 500;
function F(e) {
	if (/^[ -~]*$/.test(e) && !e.includes("::") && !e.includes("##[")) return e;
	return e.replace(Tt, "").replace(new RegExp(Et, "gu"), " ").replace(/^([\s\u0085]*):(?=:)/, "$1: ").replaceAll("##[", "## [");
}
function Ot(e) {
	const t = F(e).replaceAll("`", "'").trim();
	const n = [...t].slice(0, Dt).join("");
	return `\`${n === t ? t : `${n}\u2026`}\``;
}
function I(e) {
	return F(e).split(/((?<!`)`[^`]+`(?!`))/).map((e, t) => t % 2 === 1 ? e : e.replace(/[\\<>[\]*~|#`@&]|:\/\/|www\./g, kt)).join("");
}
function kt(e) {
	return [...e].map((e) => `&#${e.codePointAt(0)};`).join("");
}
// src/core/alert.ts
const At = /* @__PURE__ */ new Set([
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
function L(e) {
	return At.has(e) || e.startsWith("document-") && jt(e);
}
function jt(e) {
	return o.some((t) => t === e);
}
function Mt(e) {
	return `<!-- codex-auth-roundtrip alert: ${P(e)} -->`;
}
function Nt(e, { place: t, runUrl: n, now: r, since: i }) {
	const a = e.hint.replace(wt(t), "Log in afresh, with the commands below.");
	return {
		title: "The Codex login needs a person",
		body: [
			Mt(t),
			`**${I(e.message)}** (\`${e.code}\`)`,
			"",
			`- What to do: ${I(a)}`,
			`- Who: somebody who may write the ${P(t)}.`,
			`- Since: ${It(i ?? r)}. Last seen: ${It(r)}, in [this run](${n}).`,
			"",
			...Ft(e.code) ? [
				"To log in afresh, on a machine with a browser:",
				"",
				"```sh",
				St(t).replaceAll(" && ", " &&\n"),
				"```",
				""
			] : [],
			"This issue is closed when a job has refreshed the login and stored it again."
		].join("\n")
	};
}
function Pt(e) {
	return `The login was refreshed and stored in [this run](${e}). Nothing more is to be done.`;
}
function Ft(e) {
	return e.startsWith("refresh-") || e.startsWith("document-") || e === "access-token-expiring" || e === "secret-empty";
}
function It(e) {
	return `${e.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
// src/core/status.ts
function Lt(e) {
	return {
		auth_mode: "chatgpt",
		last_refresh: e.lastRefresh,
		has_access_token: !e.accessToken.isEmpty,
		has_id_token: !e.idToken.isEmpty,
		has_refresh_token: !e.refreshToken.isEmpty
	};
}
// src/action/report.ts
function Rt(e, t) {
	return {
		...t,
		accessTokenExpiresAt: e.accessTokenExpiresAt.toISOString(),
		accessTokenIssuedAt: e.accessTokenIssuedAt.toISOString(),
		status: Lt(e)
	};
}
function R(e) {
	return A(e.state("report"), Ht);
}
function zt(e, { code: t, message: n, hint: r }) {
	e.saveState("notice", JSON.stringify({
		code: t,
		message: n,
		hint: r
	}));
}
function Bt(e) {
	return A(e.state("notice"), Vt);
}
const Vt = k({
	code: O(...o, "writer-expires-soon"),
	message: T,
	hint: T
});
const Ht = k({
	role: O("keeper", "borrower", "host"),
	restoredFrom: O("secret", "handover", "home"),
	rotated: E,
	published: E,
	accessTokenExpiresAt: Xe,
	accessTokenIssuedAt: Xe,
	status: k({
		auth_mode: O("chatgpt"),
		last_refresh: T
	}),
	events: (e) => Array.isArray(e) && e.every(T),
	alert: D(Vt),
	rescue: D((e) => typeof e === "string" && !e.includes("```"))
});
// src/core/claim.ts
const Ut = 1;
const Wt = 48e4;
const Gt = 6e5;
function z(e) {
	return /^CODEX_AUTH_CLAIM_[0-9A-F]{20}(_R[1-9])?$/.test(e.toUpperCase());
}
function Kt(e) {
	return JSON.stringify({
		v: Ut,
		...e
	});
}
function qt(e) {
	let t;
	try {
		t = JSON.parse(e);
	} catch {
		return null;
	}
	if (typeof t !== "object" || t === null) return null;
	const { v: n, holder: r, run: i, attempt: a, secret: o, ref: s, state: c, before: l, next: u, after: ee, released: te, wholeJob: ne } = t;
	if (n !== Ut || typeof r !== "string" || !/^[0-9a-f]{32}$/.test(r)) return null;
	if (typeof i !== "string" || typeof a !== "number" || !Number.isSafeInteger(a)) return null;
	if (typeof o !== "string" || typeof s !== "string") return null;
	if (c !== "open" && c !== "write" && c !== "rotated" && c !== "stored") return null;
	if (u !== null && (typeof u !== "string" || !z(u))) return null;
	const [d, f] = [l, ee].map(Jt);
	if (d === void 0 || f === void 0) return null;
	return {
		holder: r,
		run: i,
		attempt: a,
		secret: o,
		ref: s,
		state: c,
		before: d,
		next: u,
		after: f,
		released: te === true,
		wholeJob: ne === true
	};
}
function Jt(e) {
	if (e === null) return null;
	if (typeof e !== "string") return void 0;
	const t = new Date(e);
	return Number.isNaN(t.getTime()) ? void 0 : t;
}
function Yt({ createdAt: e }, t) {
	return t.getTime() - e.getTime() >= Gt;
}
function Xt(e, { now: t, status: n, forced: r }) {
	if (e.claim?.released) return true;
	if (!Yt(e, t)) return false;
	if (e.claim === null) return true;
	return n === "ended" || n === "unknown" && r && !e.claim.wholeJob;
}
function Zt(e, t) {
	return e !== null && t !== null && e.getTime() === t.getTime();
}
// src/core/host-record.ts
function Qt(e) {
	return (0, t.join)(e, ".codex-auth-roundtrip-host.lock");
}
// src/action/session.ts
function $t(e, t) {
	const n = /* @__PURE__ */ new Set([...Object.keys(e), ...Object.keys(t).filter(g)]);
	for (const r of n) {
		const n = e[r];
		if (n == null) delete t[r];
		else t[r] = n;
	}
}
function en(e) {
	return A(e.state("session"), on);
}
async function tn({ channel: e, files: t, inputs: n, surroundings: { temporaryDirectory: r } }) {
	const i = en(e);
	if (i === null) return null;
	const { base: a, home: o, place: s, hostLock: c } = i;
	if (a !== (c ? tt(r, s.secretName) : et(r, s)) || c && c.path !== Qt(o)) return null;
	const l = n.secret !== null || n.homeLifetime === "persistent";
	const u = s.secretName === n.secretName && s.environment === n.environment && o === it(n.codexHome, a);
	if (l && !u) return null;
	return i.mark === (await rt(t, a))?.mark ? i : null;
}
function nn(e, t) {
	e.saveState("critical-section", t ? JSON.stringify(t) : "");
}
function rn(e, { base: n }) {
	const r = A(e.state("critical-section"), sn);
	if (r === null || r.directory === null) return r;
	if ((0, t.dirname)(r.directory) !== M(n)) return null;
	return /^critical-[0-9a-f]+$/.test((0, t.basename)(r.directory)) ? r : null;
}
function an(e) {
	return e.state("critical-section") !== "";
}
const on = k({
	base: T,
	mark: T,
	home: T,
	place: k({
		secretName: (e) => typeof e === "string" && /^\w+$/.test(e),
		environment: D(T)
	}),
	ownsHome: E,
	refreshToken: O("withheld", "present"),
	madeConfig: E,
	written: D(T),
	beganMonotonicMs: Ye,
	madeRequirements: E,
	hostLock: D(k({
		path: T,
		content: T,
		by: O("this-step", "earlier-step")
	})),
	environment: (e) => typeof e === "object" && e !== null && Object.values(e).every(D(T))
});
const sn = k({
	directory: D(T),
	process: D(k({
		pid: Ye,
		startedAt: D(T)
	})),
	claim: k({
		name: (e) => typeof e === "string" && z(e),
		holder: T
	})
});
// src/action/summary.ts
const B = 40;
const cn = /* @__PURE__ */ new Set([
	"secret-changed-elsewhere",
	"secret-not-found",
	"publish-refused"
]);
function ln({ report: e, now: t, refreshWindowMs: n }) {
	const r = e.alert && L(e.alert.code) ? e.alert : null;
	const i = [...new Set(e.events)].filter((e) => e !== r?.message).map(I);
	return `${[
		"### Codex login",
		un(e),
		...r ? [pn(r)] : [],
		dn(e, t, n),
		...i.length > 0 ? [i.map((e) => `- ${e}`).join("\n")] : [],
		...e.rescue ? [mn(e.rescue)] : [],
		fn(e, t, n),
		hn(e)
	].join("\n\n")}\n`;
}
function un({ role: e, restoredFrom: t, rotated: n, published: r, alert: i }) {
	const a = {
		secret: "the secret",
		handover: "the handoff of an earlier run",
		home: "an earlier step of this job"
	}[t];
	if (e === "host") return t === "secret" ? "This host was seeded from the secret." : "This host keeps a login of its own.";
	return `Restored from ${a}; ${n ? r ? "**refreshed and stored**" : "**refreshed, but not stored yet**" : r ? "**stored**" : e === "keeper" ? i === null ? "**not due**, left as it was" : "**not refreshed**, left as it was" : "**borrowed**, left as it was"}.`;
}
function dn(e, t, n) {
	const r = Date.parse(e.accessTokenIssuedAt);
	const i = Date.parse(e.accessTokenExpiresAt);
	const a = (e) => Math.max(0, Math.min(B, Math.round((e - r) / Math.max(1, i - r) * B)));
	const o = e.role === "host" ? null : i - n;
	const s = a(t.getTime());
	const c = Math.max(s, a(o ?? i));
	return [
		"```text",
		`access token    ${"█".repeat(s) + "▒".repeat(c - s) + "░".repeat(B - c)}  ${i > t.getTime() ? `${be(i - t.getTime())} left` : "expired"}`,
		`                █ gone   ▒ left${o === null ? "" : "   ░ left, and a keeper refreshes"}`,
		`issued          ${V(r)}`,
		...o === null ? [] : [`refreshed from  ${V(o)}`],
		`expires         ${V(i)}`,
		"```"
	].join("\n");
}
function fn({ role: e, rotated: t, published: n, accessTokenExpiresAt: r, alert: i }, a, o) {
	if (e === "host") return "**Next:** Codex refreshes this login by itself, on this host.";
	const s = i === null || !cn.has(i.code);
	if (t && !n && s) return "**Next:** dispatch the maintenance workflow now; it stores the login from the handoff.";
	if (i && L(i.code)) {
		const e = Date.parse(r);
		return e > a.getTime() ? `**Next:** somebody must act before ${V(e)}; until then the access token still works.` : "**Next:** somebody must act; until then no job can use this login.";
	}
	const c = new Date(r).getTime() - o;
	if (c > a.getTime()) return `**Next:** a keeper that runs after ${V(c)} refreshes the login.`;
	return e === "keeper" ? "**Next:** the next keeper refreshes the login." : "**Next:** a keeper must refresh the login: run the maintenance workflow.";
}
function pn({ code: e, message: t, hint: n }) {
	return `> [!CAUTION]\n> **${I(t)}** (\`${e}\`)\n>\n> ${I(n)}`;
}
function mn(e) {
	return [
		"This stores the login by hand. It holds only what GitHub can open:",
		"",
		"```sh",
		e,
		"```"
	].join("\n");
}
function hn(e) {
	return [
		"<details><summary>Redacted status</summary>",
		"",
		...[
			"| | this login |",
			"|---|---|",
			...[
				...Object.entries(e.status),
				["access_token_expires_at", e.accessTokenExpiresAt],
				["rotated", e.rotated],
				["published", e.published]
			].map(([e, t]) => `| \`${e}\` | ${Ot(String(t)).replaceAll("|", "\\|")} |`)
		],
		"",
		"</details>"
	].join("\n");
}
function V(e) {
	const t = new Date(e).toISOString();
	return `${t.slice(0, 10)} ${t.slice(11, 16)} UTC`;
}
// src/core/trigger.ts
const gn = /* @__PURE__ */ new Set([
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
function _n({ eventName: e, repository: t, actors: n, payload: r }) {
	const i = H(r);
	const a = H(i.workflow_run);
	const o = (e) => String(H(e).full_name).toLowerCase() === t.toLowerCase();
	const s = (e, t) => gn.has(String(e)) || e === "pull_request" && o(t);
	if (e === "workflow_run" ? o(a.head_repository) && s(a.event, a.head_repository) : s(e, H(H(i.pull_request).head).repo)) return { kind: "writers" };
	const c = [
		i.sender,
		a.actor,
		a.triggering_actor
	].map((e) => H(e).login);
	const l = [...n, ...c].filter((e) => typeof e === "string" && e !== "");
	return {
		kind: "anybody",
		actors: [...new Set(l)]
	};
}
function H(e) {
	return typeof e === "object" && e !== null ? e : {};
}
// src/action/surroundings.ts
function vn(e, t) {
	const n = (t) => {
		const n = e[t];
		if (n) return n;
		throw new s("input-invalid", `The variable ${t} is not set.`, "This program runs as a step of GitHub Actions.");
	};
	const [r = "", i = ""] = n("GITHUB_REPOSITORY").split("/");
	const a = Sn(t);
	const o = Cn(a);
	const c = e.GITHUB_EVENT_NAME ?? "";
	const l = c === "schedule" || xn(e.GITHUB_REF, o);
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
		startedBy: _n({
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
function yn({ owner: e, repository: t, repositoryId: n }, { environment: r, secretName: i }) {
	return {
		owner: e,
		repository: t,
		repositoryId: n,
		environment: r,
		secretName: i
	};
}
function bn({ runId: e, runAttempt: t, job: n, trackingId: r }) {
	return `run ${e} attempt ${t} job ${n} ${r}`;
}
function xn(e, { default_branch: t }) {
	return typeof t === "string" && e === `refs/heads/${t}`;
}
function Sn(e) {
	try {
		return JSON.parse(e ?? "");
	} catch {
		return null;
	}
}
function Cn(e) {
	return e?.repository ?? {};
}
// src/action/post.ts
async function wn(e) {
	await new kn(e).run();
}
async function Tn({ inputs: e, channel: t, log: n, alerts: r }) {
	const i = en(t) !== null;
	if (!i) n.info("No login was restored; nothing to clean up.");
	else n.warning("What this phase was told of the earlier ones is not borne out by this machine, so nothing is stored and nothing removed. Does a step empty RUNNER_TEMP?");
	const a = Bt(t);
	if (i) En(t);
	if (!e.alertIssue || a === null || !L(a.code)) return;
	const { raiseAlert: o } = await Promise.resolve().then(() => require("./post/alert.cjs"));
	await o(a, await r());
}
function En(e) {
	const t = R(e);
	if (!an(e) && !(t?.rotated && !t.published)) return;
	throw new s("publish-pending", "The refreshed login may not be stored, and this phase cannot tell: our files on this machine are gone, or were changed.", "Dispatch the maintenance workflow now. Remove the step that empties RUNNER_TEMP.");
}
const Dn = 5e4;
const On = 250;
var kn = class {
	#e;
	#t = [];
	#n;
	constructor(e) {
		this.#e = e;
		this.#n = R(e.channel);
	}
	async run() {
		const { session: e, channel: t, log: n } = this.#e;
		if (e.hostLock) return this.#r(e.hostLock);
		const r = {
			...this.#e,
			section: rn(t, e),
			report: this.#n
		};
		if (await ft(r)) {
			const { finish: e } = await Promise.resolve().then(() => require("./post/finish.cjs"));
			const { report: t, failures: n } = await e(this.#e, r);
			this.#n = t;
			this.#t.push(...n);
		}
		if (await gt(r)) _t(n);
		await this.#s();
		await this.#a();
		await this.#o();
		const [i, ...a] = new Set(this.#t);
		for (const e of a) n.error(e instanceof Error ? e.message : String(e));
		if (i !== void 0) throw i;
	}
	async #r(e) {
		const { session: t } = this.#e;
		if (t.madeRequirements) await this.#c(t.home);
		if (e.by === "this-step") await this.#i(e);
		await this.#o();
	}
	async #i(e) {
		const { session: t, files: n, hostLock: r, clock: i } = this.#e;
		const a = await r();
		const o = i.monotonicMs() + Dn;
		while (await a.isUsed(t.home) && i.monotonicMs() < o) await i.sleep(On);
		await a.letGo(e.path, e.content);
		await n.remove(t.base);
	}
	async #a() {
		const { inputs: e, channel: t, alerts: n, steered: r } = this.#e;
		if (!e.alertIssue || r) return;
		const i = [
			...this.#t.filter((e) => e instanceof s),
			this.#n?.alert ?? null,
			Bt(t)
		].find((e) => e !== null && L(e.code));
		const a = this.#n?.rotated && this.#n.published;
		if (!i && !a) return;
		const { raiseAlert: o, settleAlert: c } = await Promise.resolve().then(() => require("./post/alert.cjs"));
		if (i) await o(i, await n());
		else await c(await n());
	}
	async #o() {
		const { inputs: e, channel: t, clock: n } = this.#e;
		if (this.#n === null) return;
		const { refreshWindowMs: r } = e;
		await t.writeSummary(ln({
			report: this.#n,
			now: n.now(),
			refreshWindowMs: r
		}));
	}
	async #s() {
		const { session: e, files: t, log: n, surroundings: r } = this.#e;
		if (e.madeRequirements) await this.#c(e.base);
		if (!e.ownsHome) return;
		const i = [
			() => t.remove(M(e.base)),
			() => lt(t, {
				...e,
				identity: bn(r)
			}),
			() => t.remove(e.base)
		];
		for (const e of i) await e().catch(() => n.warning("The Codex home could not be removed completely."));
	}
	async #c(e) {
		const { files: t, machine: n } = this.#e;
		const { removeRequirements: r } = await Promise.resolve().then(() => require("./post/protection.cjs"));
		await r(await n(), await dt(t, e));
	}
};
// src/adapters/cancellation.ts
function An() {
	let e = false;
	for (const t of ["SIGINT", "SIGTERM"]) process.on(t, () => {
		e = true;
	});
	return { requested: () => e };
}
// src/adapters/clock.ts
const jn = {
	now: () => /* @__PURE__ */ new Date(),
	monotonicMs: () => Number(process.hrtime.bigint() / 1000000n),
	sleep: (e) => new Promise((t) => setTimeout(t, e))
};
// src/adapters/files.ts
const Mn = 100;
const U = {
	read: async (e) => Pn(e)?.toString("utf8") ?? null,
	readBytes: async (e) => Pn(e),
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
			else if (!W(r)) return;
			try {
				(0, e.symlinkSync)((0, t.relative)((0, t.dirname)(n), r), n);
				return;
			} catch (t) {
				if (G(t) !== "EEXIST") (0, e.renameSync)(r, n);
				else if (i < Mn) continue;
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
			if (G(e) !== "EEXIST" || !Nn(n)) throw e;
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
	realpath: async (t) => W(t) ? e.realpathSync.native(t) : null
};
function Nn(t) {
	if (!process.getuid) return (0, e.lstatSync)(t).isDirectory();
	let n;
	try {
		n = (0, e.openSync)(t, e.constants.O_RDONLY | e.constants.O_DIRECTORY | e.constants.O_NOFOLLOW);
	} catch (e) {
		if ([
			"ENOTDIR",
			"ELOOP",
			"EACCES"
		].includes(String(G(e)))) return false;
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
function W(t) {
	try {
		return (0, e.statSync)(t, { throwIfNoEntry: false }) !== void 0;
	} catch (e) {
		if (G(e) === "ENOTDIR") return false;
		throw e;
	}
}
function Pn(t) {
	if (!W(t)) return null;
	try {
		return (0, e.readFileSync)(t);
	} catch (e) {
		if (G(e) === "ENOENT" || G(e) === "ENOTDIR") return null;
		throw e;
	}
}
function G(e) {
	return e instanceof Error && "code" in e ? e.code : void 0;
}
// src/adapters/log.ts
const Fn = 1;
const In = 10;
const Ln = /`[^`]*`|"(?:[^"\\]|\\.)*"/g;
const Rn = 6;
function zn(e) {
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
		for (const e of t) if (e.length >= Rn) n = n.replaceAll(e, "***");
		return n;
	};
	const c = (e) => F(t.size === 0 ? e : e.replace(Ln, s));
	const l = (e, t) => o(Bn(e, c(t)));
	return {
		info: (e) => o(c(e)),
		warning: (e) => l("warning", e),
		error: (e) => l("error", e),
		debug: (e) => l("debug", e),
		group: (e) => l("group", e),
		endGroup: () => l("endgroup", ""),
		mask: (...e) => {
			if (r) throw new TypeError("Nothing is masked after foreign words were let into the log.");
			const t = e.filter((e) => !e.isEmpty).map((e) => Bn("add-mask", e.reveal()));
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
				if (i !== In) o("");
				o(n);
				n = null;
			}
		}
	};
}
const K = zn((e) => {
	let t = e;
	while (t.length > 0) t = t.subarray(Vn(t));
});
function Bn(e, t) {
	return `::${e}::${/[%\r\n]/.test(t) ? t.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A") : t}`;
}
function Vn(t) {
	try {
		return (0, e.writeSync)(Fn, t);
	} catch (e) {
		if (!(e instanceof Error && "code" in e && e.code === "EAGAIN")) throw e;
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
		return 0;
	}
}
// src/core/state-keys.ts
const Hn = [
	"session",
	"critical-section",
	"report",
	"notice"
];
// src/adapters/step-channel.ts
const q = {
	state: {},
	outputs: {}
};
const J = {
	saveState: (e, t) => {
		q.state[e] = t;
		Y("GITHUB_STATE", { [e]: t });
	},
	state: Wn,
	setOutputs: (e) => {
		Object.assign(q.outputs, e);
		Y("GITHUB_OUTPUT", e);
	},
	seal: () => {
		const e = Hn.map((e) => [e, q.state[e] ?? Wn(e)]);
		const t = process.env.GITHUB_STATE;
		if (t) Un(t, Buffer.from(e.map(Gn).join("")));
		if (Object.keys(q.outputs).length > 0) Y("GITHUB_OUTPUT", { ...q.outputs }, "\n");
	},
	exportVariable: (e, t) => {
		process.env[e] = t;
		Y("GITHUB_ENV", { [e]: t });
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
function Un(t, n) {
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
function Wn(e) {
	return process.env[`STATE_${e}`] ?? "";
}
function Y(t, n, r = "") {
	const i = process.env[t];
	if (i) (0, e.appendFileSync)(i, r + Object.entries(n).map(Gn).join(""));
}
function Gn([e, t]) {
	if (!/[\r\n]/.test(t)) return `${e}=${t}\n`;
	let n = "END";
	while (t.includes(n)) n += "_END";
	return `${e}<<${n}\n${t}\n${n}\n`;
}
// src/core/command-environment.ts
const Kn = [
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
// src/core/codex-config.ts
const qn = [
	"apps",
	"plugins",
	"remote_plugin"
];
function Jn(e, n) {
	const r = (0, t.relative)(e, n);
	return r !== ".." && !r.startsWith(`..${t.sep}`) && !(0, t.isAbsolute)(r);
}
// src/entry/own-path.ts
let X = process.env.PATH ?? "";
let Z = X;
let Yn = [];
function Xn({ workingDirectory: e }) {
	const n = process.env.GITHUB_WORKSPACE ?? process.cwd();
	Yn = (e === null ? [n] : [n, (0, t.resolve)(n, e)]).map(Q);
	X = process.env.PATH ?? "";
	Z = Zn(X);
	if (Z !== X) process.env.PATH = Z;
}
function Zn(e) {
	const n = /* @__PURE__ */ new Map();
	return e.split(t.delimiter).filter(t.isAbsolute).filter((e) => Qn(e, n)).join(t.delimiter);
}
function Qn(e, n = /* @__PURE__ */ new Map()) {
	const r = (e) => {
		const t = n.get(e) ?? Q(e);
		n.set(e, t);
		return t;
	};
	const i = (e) => {
		const n = (0, t.dirname)(e);
		return n === e ? [e] : [...i(n), (0, t.join)(r(n), (0, t.basename)(e))];
	};
	const a = (e) => Yn.some((t) => Jn(t, e));
	const o = (0, t.resolve)(e);
	return r(o) === o ? !a(o) : ![...i(o), r(o)].some(a);
}
function $n() {
	const e = process.env.PATH ?? "";
	return e.endsWith(Z) ? e.slice(0, e.length - Z.length) + X : X;
}
function Q(n) {
	try {
		return e.realpathSync.native(n);
	} catch {
		const e = (0, t.dirname)(n);
		return e === n ? n : (0, t.join)(Q(e), (0, t.basename)(n));
	}
}
// src/entry/restart.ts
const er = "begun-again";
function tr(e) {
	if (process.platform === "win32" || process.argv.includes(er)) return;
	if (typeof process.execve !== "function") return;
	const { argv: t, execArgv: n, execPath: r } = process;
	const i = Object.entries(process.env).filter(([e]) => !g(e));
	const a = Object.entries(e).filter(([e, t]) => g(e) && t !== null);
	const o = Object.fromEntries([...i, ...a]);
	process.execve(r, [
		r,
		...n,
		...t.slice(1),
		er
	], {
		...o,
		...fe()
	});
}
// src/entry/step.ts
const nr = 13;
let rr = 0;
const ir = /* @__PURE__ */ new Set([
	...ce,
	"secret-name",
	"environment",
	"codex-home",
	"client-id",
	"github-token"
]);
function ar() {
	try {
		return {
			inputs: xe(de),
			failure: null
		};
	} catch (e) {
		if (!(e instanceof s)) throw e;
		return {
			inputs: xe((e) => ir.has(e) ? de(e) : ""),
			failure: e
		};
	}
}
function or() {
	return vn(process.env, sr());
}
function sr() {
	try {
		return (0, e.readFileSync)(process.env.GITHUB_EVENT_PATH ?? "", "utf8");
	} catch {
		return null;
	}
}
function $(e) {
	K.relay.close();
	rr = 1;
	if (e instanceof s) K.error(`${e.message} ${e.hint} [${e.code}]`);
	else K.error(`This is a bug of codex-auth-roundtrip: \`${cr(e).replaceAll("`", "'")}\``);
}
function cr(e) {
	return e instanceof Error ? e.stack ?? e.message : String(e);
}
async function lr(e, t) {
	ur();
	process.exitCode = nr;
	try {
		await e();
	} catch (e) {
		$(e);
	}
	t();
}
function ur() {
	for (const e of ["uncaughtException", "unhandledRejection"]) process.on(e, (e) => {
		$(e);
		dr();
	});
	process.removeAllListeners("warning");
}
function dr() {
	try {
		J.seal();
	} catch (e) {
		$(e);
	}
	fr();
}
function fr() {
	process.exit(rr);
}
// src/entry/post.ts
async function pr(e, t) {
	const n = rn(J, e);
	return ft({
		session: e,
		inputs: t,
		section: n,
		report: R(J),
		files: U
	});
}
lr(async () => {
	const e = An();
	const { inputs: t, failure: n } = ar();
	const r = or();
	const i = await tn({
		channel: J,
		files: U,
		inputs: t,
		surroundings: r
	});
	const a = i ? Ne(i, process.env) : null;
	if (i && a && await pr(i, t)) tr(i.environment);
	if (i) $t(i.environment, process.env);
	Xn(t);
	const o = async () => {
		const { alertsOf: e } = await Promise.resolve().then(() => require("./post/go-online.cjs"));
		return e(t, r);
	};
	if (i === null) await Tn({
		inputs: t,
		channel: J,
		log: K,
		alerts: o
	});
	else {
		await wn({
			session: i,
			surroundings: r,
			steered: a,
			inputs: je(t, r),
			files: U,
			clock: jn,
			log: K,
			channel: J,
			online: async (n, a) => {
				const { goOnline: o } = await Promise.resolve().then(() => require("./post/go-online.cjs"));
				return o({
					inputs: t,
					surroundings: r,
					session: i,
					handed: a,
					cancellation: e
				});
			},
			machine: async () => (await Promise.resolve().then(() => require("./post/job-tools.cjs"))).machinePolicy(d(process.env, [])),
			hostLock: async () => (await Promise.resolve().then(() => require("./post/host-lock.cjs"))).jobHostLock,
			alerts: o
		});
		if (n) throw n;
	}
}, fr);
exports.A = N;
exports.B = Ce;
exports.C = Pt;
exports.D = xt;
exports.E = P;
exports.F = at;
exports.H = p;
exports.I = ct;
exports.L = M;
exports.M = mt;
exports.N = j;
exports.O = vt;
exports.P = st;
exports.R = Le;
exports.S = Nt;
exports.T = wt;
exports.U = d;
exports.V = be;
exports.W = s;
exports._ = qt;
exports.a = J;
exports.b = zt;
exports.c = jn;
exports.d = Gt;
exports.f = Wt;
exports.g = Zt;
exports.h = Yt;
exports.i = Jn;
exports.j = pt;
exports.k = yt;
exports.l = yn;
exports.m = Xt;
exports.n = $n;
exports.o = K;
exports.p = z;
exports.r = qn;
exports.s = U;
exports.t = Qn;
exports.u = nn;
exports.v = Kt;
exports.w = Ot;
exports.x = Mt;
exports.y = Rt;
exports.z = Me;
