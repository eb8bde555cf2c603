"use strict";
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
var o = class extends Error {
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
function s(e) {
	try {
		return /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(new URL(e).hostname);
	} catch {
		return false;
	}
}
// src/core/environment.ts
const c = /* @__PURE__ */ new Set([
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
const l = [
	"CODEX_AGENT_IDENTITY_",
	"CODEX_APP_SERVER_LOGIN_",
	"CODEX_APP_SERVER_CHATGPT_",
	"CODEX_EXEC_SERVER_"
];
const u = [
	"INPUT_",
	"STATE_",
	"ACTIONS_"
];
const d = 24;
function f(e) {
	const t = e.map((e) => e.reveal().trim()).filter((e) => e !== "");
	return (e) => {
		const n = e.trim();
		return t.some((e) => n.includes(e) || n.length >= d && e.includes(n));
	};
}
function p(e) {
	const t = {};
	for (const [n, r] of e.split(/\r?\n/).entries()) {
		if (r.trim() === "" || r.trimStart().startsWith("#")) continue;
		const e = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(r);
		if (!e) throw new o("input-invalid", `Line ${n + 1} of \`codex-env\` is not NAME=VALUE.`, "Write one NAME=VALUE a line.");
		const [, i = "", a = ""] = e;
		if (m(i)) throw new o("input-invalid", `\`codex-env\` may not set ${i}.`, "INPUT_, STATE_ and ACTIONS_ belong to the runner.");
		if (h(i) && !s(a)) throw new o("input-invalid", `\`codex-env\` sets ${i}, which redirects authentication, to something that is not on this machine.`, "Only loopback addresses (http://127.0.0.1:PORT) are accepted for it, for tests.");
		t[i] = a;
	}
	return t;
}
function m(e) {
	const t = e.toUpperCase();
	return u.some((e) => t.startsWith(e));
}
function h(e) {
	const t = e.toUpperCase();
	return c.has(t) || l.some((e) => t.startsWith(e));
}
// src/core/secret.ts
function g(e) {
	let t = 2166136261;
	for (let n = 0; n < e.length; n++) t = Math.imul(t ^ e.charCodeAt(n), 16777619);
	return (t >>> 0).toString(16).padStart(8, "0");
}
var _ = class {
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
		return g(this.#e);
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
const v = "INPUT_";
const y = /* @__PURE__ */ new Map();
const b = [
	"codex-auth-json",
	"secret-write-token",
	"private-key"
];
const x = "ACTIONS_RUNTIME_TOKEN";
const S = /^ACTIONS_\w*TOKEN$/;
const ee = te();
function te() {
	const e = Object.entries(process.env);
	for (const [t, n] of e) if (t.startsWith(v)) y.set(t, n?.trim() ?? "");
	const t = (e) => y.get(v + e.toUpperCase()) ?? "";
	const n = b.map(t);
	const r = f([...n, ...n.map(ne)].map((e) => new _(e)));
	const a = ([e, t = ""]) => e.startsWith(v) || S.test(e) && e !== x || r(t);
	i({
		forgotten: e.filter(a).map(([e]) => e),
		hidden: [x]
	});
	return t;
}
function ne(e) {
	return Buffer.from(e, "base64").toString("utf8");
}
// src/core/steering.ts
const re = /^((\w+_)?(NO_?)?PROXY|(NODE|SSL_CERT|OPENSSL|LD|DYLD)_\w+|CODEX_CA_CERTIFICATE|GCONV_PATH)$/;
const ie = /* @__PURE__ */ new Set([
	"NODE_ENV",
	"NODE_VERSION",
	"NODE_AUTH_TOKEN"
]);
function ae(e) {
	const t = e.toUpperCase();
	return !ie.has(t) && re.test(t);
}
// src/core/duration.ts
const oe = {
	s: 1e3,
	m: 6e4,
	h: 36e5,
	d: 864e5
};
function se(e, t) {
	const n = /^(\d{1,6})\s*([smhd])$/.exec(e.trim());
	if (!n) throw new o("input-invalid", `The input \`${t}\` is not a duration.`, "Write a number and a unit: 90s, 30m, 72h or 10d.");
	return Number(n[1]) * oe[n[2]];
}
function ce(e) {
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
function le(e) {
	const t = (t) => e(t) || null;
	const n = (t) => {
		const n = e(t);
		return n ? new _(n) : null;
	};
	const r = (t, n) => {
		const r = e(t) || n[0];
		const i = n.find((e) => e === r);
		if (i) return i;
		throw new o("input-invalid", `The input \`${t}\` has a value it does not know.`, `Write one of: ${n.join(", ")}.`);
	};
	const i = (e) => r(e, ["false", "true"]) === "true";
	const a = {
		secret: n("codex-auth-json"),
		secretName: de(e("secret-name") || "CODEX_AUTH_JSON"),
		environment: t("environment"),
		writer: ge(n("secret-write-token"), t("client-id"), n("private-key")),
		githubToken: n("github-token"),
		role: r("role", ["keeper", "borrower"]),
		refresh: r("refresh", [
			"auto",
			"force",
			"never"
		]),
		refreshWindowMs: se(e("refresh-window") || "72h", "refresh-window"),
		minimumLifetimeMs: se(e("minimum-lifetime") || "6h", "minimum-lifetime"),
		refreshToken: r("refresh-token", ["withheld", "present"]),
		run: t("run"),
		prompt: pe(t),
		sandbox: r("sandbox", [
			"workspace-write",
			"read-only",
			"danger-full-access"
		]),
		codexVersion: he(t("codex-version")),
		protectAuth: r("protect-auth", [
			"profile",
			"enforced",
			"off"
		]),
		codexApps: i("codex-apps"),
		shell: e("shell") || "bash",
		workingDirectory: t("working-directory"),
		codexHome: t("codex-home"),
		codexEnvironment: p(e("codex-env")),
		handover: r("handover", ["cache", "off"]),
		concurrencyCheck: r("concurrency-check", [
			"warn",
			"fail",
			"off"
		]),
		allowPublicRepository: i("allow-public-repository"),
		allowUsers: ue(e("allow-users")),
		allowBots: i("allow-bots"),
		alertIssue: i("alert-issue"),
		homeLifetime: r("home-lifetime", ["ephemeral", "persistent"]),
		reseed: i("reseed"),
		expectedAccountId: t("expected-account-id")
	};
	if (a.homeLifetime === "persistent") fe(a);
	if (a.protectAuth === "enforced" && a.sandbox === "danger-full-access") throw new o("input-invalid", "`protect-auth: enforced` does not go with `sandbox: danger-full-access`: Codex refuses to run without a sandbox where one is enforced.", "Use `sandbox: workspace-write` or `read-only`, or `protect-auth: profile`, which protects nothing without a sandbox.");
	if (a.role === "borrower" && a.refreshToken === "present") throw new o("input-invalid", "A borrower cannot have `refresh-token: present`.", "Remove one of the two: only a keeper may hold the refresh token.");
	if (a.role === "borrower" && a.refresh === "force") throw new o("input-invalid", "A borrower never refreshes, so `refresh: force` has no meaning.", "Use `role: keeper`.");
	if (a.role === "borrower" && a.reseed) throw new o("input-invalid", "A borrower never writes the secret, so `reseed: true` has no meaning.", "Use `role: keeper`.");
	return a;
}
function C(e) {
	if (e.homeLifetime === "persistent") return false;
	return e.role === "keeper" && (e.refresh !== "never" || e.refreshToken === "present");
}
function ue(e) {
	const t = e.split(",").map((e) => e.trim()).filter((e) => e !== "");
	if (t.length === 1 && t[0] === "*" || t.every((e) => /^[\w-]+(\[bot\])?$/.test(e))) return t;
	throw new o("input-invalid", "The input `allow-users` is no list of GitHub logins.", "Write logins without @, with commas between them, or `*` alone for everybody.");
}
function de(e) {
	if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(e)) return e;
	throw new o("input-invalid", "The input `secret-name` is not a secret's name.", "Use letters, digits and underscores, as in the repository's settings.");
}
function fe(e) {
	if (e.codexHome === null) throw new o("input-invalid", "`home-lifetime: persistent` needs `codex-home`: a directory of this host that outlives the job.", "For example `codex-home: /opt/svc/.codex`.");
	if (e.reseed || e.refresh === "force") throw new o("input-invalid", "`home-lifetime: persistent` goes neither with `reseed` nor with `refresh: force`.", "On the host itself: `codex-auth-roundtrip host seed` and `codex-auth-roundtrip host refresh`.");
}
function pe(e) {
	const t = [
		"run",
		"prompt",
		"prompt-file"
	].filter((t) => e(t) !== null);
	if (t.length > 1) throw new o("input-invalid", `The inputs ${t.map((e) => `\`${e}\``).join(" and ")} are both given.`, "Keep one of `run`, `prompt` and `prompt-file`; use the action a second time for another job.");
	if (e("output-schema") !== null && e("output-schema-file") !== null) throw new o("input-invalid", "Both `output-schema` and `output-schema-file` are given.", "Keep one of them.");
	const n = me(e("prompt"), e("prompt-file"));
	if (n === null) return null;
	return {
		source: n,
		model: e("model"),
		effort: e("effort"),
		codexArgs: e("codex-args"),
		outputFile: e("output-file"),
		outputSchema: me(e("output-schema"), e("output-schema-file"))
	};
}
function me(e, t) {
	if (e !== null) return {
		kind: "text",
		text: e
	};
	return t === null ? null : {
		kind: "file",
		path: t
	};
}
function he(e) {
	if (e === null || /^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/.test(e)) return e;
	throw new o("input-invalid", "The input `codex-version` is not a version.", "Write one exactly, such as 0.169.0.");
}
function ge(e, t, n) {
	if (e && (t || n)) throw new o("writer-invalid", "Both `secret-write-token` and a GitHub App are given.", "Keep one writer: `secret-write-token`, or `client-id` with `private-key`.");
	if (e) return {
		kind: "token",
		token: e
	};
	if (t && n) return {
		kind: "app",
		clientId: t,
		privateKey: n
	};
	if (t || n) throw new o("writer-invalid", `The GitHub App lacks its ${t ? "`private-key`" : "`client-id`"}.`, "Pass both, and check that the secret is visible to this job: a job without `environment:` sees no environment secret.");
	return { kind: "none" };
}
// src/action/guards.ts
function _e(e, t) {
	if (e.reseed) ye(t);
	if (t.visibility === "public") xe(e);
	if (t.eventName === "pull_request_target" && e.role === "keeper") throw new o("pull-request-target", "A keeper does not run on `pull_request_target`: strangers' code would run beside the writer.", "Move the keeper to `push`, `schedule` or `workflow_dispatch`, or use `role: borrower`.");
	const n = e.refresh === "force" || e.refreshToken === "present";
	if (C(e) && n && t.startedBy.kind === "anybody") {
		const n = e.refresh === "force" ? "`refresh: force`" : "`refresh-token: present`";
		throw new o("event-untrusted", `This run was started by ${ve(t)}, which anybody can cause, and ${n} is for runs that only writers can start.`, "Refresh on `schedule`, `push` or `workflow_dispatch`; remove the input here.");
	}
	if ((C(e) || e.reseed) && e.writer.kind === "none") throw new o("writer-missing", "A keeper needs a writer, and this step has none.", "Pass `secret-write-token`, or `client-id` and `private-key`; a job that only uses the login takes `role: borrower`. If you pass one, it arrived empty: check the secret's name, and that the job names its `environment:`.");
}
function ve({ eventName: e }) {
	return e === "" ? "an event without a name" : `\`${e}\``;
}
function ye({ eventName: e, visibility: t }) {
	if (t === "public") be();
	if (e === "workflow_dispatch") return;
	throw new o("input-invalid", "`reseed: true` waits for a person, so it needs a run that a person has started.", "Use it in a workflow of its own, whose only event is `workflow_dispatch`.");
}
function be() {
	throw new o("public-repository", "`reseed: true` prints a one-time code into the log, and everybody reads the log of a public repository.", "Log in on a machine of your own and store that auth.json with `gh secret set`.");
}
function xe(e) {
	if (e.allowPublicRepository) return;
	throw new o("public-repository", "This repository is public, and OpenAI says: do not use a ChatGPT login in public repositories.", "Use an API key with openai/codex-action, or set `allow-public-repository: true` if you know who can run this workflow.");
}
// src/core/due.ts
function Se(e, t) {
	return e.accessTokenExpiresAt.getTime() - t.getTime();
}
// src/core/document.ts
const Ce = 45e3;
const we = 8;
const Te = 864e5;
const w = "Log in with `codex login` (ChatGPT) in a fresh CODEX_HOME and store the whole auth.json as the secret.";
var Ee = class e {
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
		this.accountId = k(n.account_id);
		this.accessToken = new _(k(n.access_token));
		this.refreshToken = new _(k(n.refresh_token));
		this.idToken = new _(k(n.id_token));
		this.lastRefresh = k(e.last_refresh);
		const r = Fe(this.accessToken.reveal());
		this.accessTokenExpiresAt = Ie(r, this.lastRefresh);
		this.accessTokenIssuedAt = Re(r.iat) ?? Le(this.lastRefresh);
	}
	static parse(t) {
		const { text: n, encoding: r } = Oe(t);
		return new e(je(Ae(n)), r);
	}
	static read(t) {
		try {
			const n = t.trim();
			const r = n.startsWith("{");
			const i = JSON.parse(r ? n : Buffer.from(n, "base64").toString("utf8"));
			if (!D(i) || !D(i.tokens)) return null;
			if (!O(i.tokens.access_token) || !O(i.tokens.refresh_token)) return null;
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
		return g(`${De(this.refreshToken)}\n${De(this.accessToken)}`);
	}
	get tokens() {
		return [
			this.refreshToken,
			this.accessToken,
			this.idToken
		];
	}
	whole() {
		return new _(`${JSON.stringify(this.#e, null, 2)}\n`);
	}
	withheld() {
		const e = {
			...this.#e,
			tokens: {
				...this.#e.tokens,
				refresh_token: ""
			}
		};
		return new _(`${JSON.stringify(e, null, 2)}\n`);
	}
	withExpiredAccessToken() {
		const [t, , n] = this.accessToken.reveal().split(".");
		const r = {
			...Fe(this.accessToken.reveal()),
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
		return new _(JSON.stringify(this.#e));
	}
	content(e) {
		const t = JSON.stringify(this.#e);
		return new _(e === "base64" ? Buffer.from(t).toString("base64") : t);
	}
};
function De(e) {
	return e.reveal().slice(-64);
}
function Oe(e) {
	if (e.trim() === "") throw new o("document-empty", "The document is empty.", w);
	if (Buffer.byteLength(e) > 45e3) throw new o("document-too-large", `The document is larger than ${Ce} bytes, more than a secret can hold when it is written back.`, "An auth.json has 4 to 6 kB: check that the secret holds this file and nothing else.");
	if (/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)/.test(e)) throw ke();
	const t = e.trim();
	if (t.startsWith("{")) return {
		text: t,
		encoding: "json"
	};
	const n = t.replace(/\s+/g, "");
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(n)) throw T("The document is neither JSON nor base64 of JSON.");
	const r = Buffer.from(n, "base64");
	if (/^(efbbbf|fffe|feff)/.test(r.subarray(0, 3).toString("hex"))) throw ke();
	const i = r.toString("utf8");
	if (!i.trim().startsWith("{")) throw T("The document is neither JSON nor base64 of JSON.");
	return {
		text: i,
		encoding: "base64"
	};
}
function ke() {
	return new o("document-byte-order-mark", "The document begins with a byte order mark, which Codex cannot read.", "Store the file again without it (UTF-8 without BOM; in PowerShell, `Set-Content -Encoding utf8NoBOM`).");
}
function T(e) {
	return new o("document-not-json", e, w);
}
function Ae(e) {
	try {
		return JSON.parse(e);
	} catch {
		if (e.trimEnd().endsWith("}")) throw T("The document is not valid JSON.");
		throw new o("document-truncated", "The document breaks off before its end.", "Store the whole auth.json again; a kill while an old Codex was writing leaves such a file.");
	}
}
function je(e) {
	if (!D(e)) throw new o("document-not-codex", "The document is not an auth.json of Codex.", w);
	const { auth_mode: t, OPENAI_API_KEY: n, tokens: r, last_refresh: i } = e;
	if (![
		"auth_mode",
		"OPENAI_API_KEY",
		"tokens",
		"last_refresh"
	].some((t) => t in e)) throw new o("document-not-codex", "The document is not an auth.json of Codex.", w);
	if (t === "apikey" || t == null && typeof n === "string" && n !== "") throw new o("document-api-key", "The document is an API-key login, which has nothing to refresh.", "Pass the API key to openai/codex-action instead, or log in with ChatGPT and store that auth.json.");
	if (t != null && t !== "chatgpt") throw new o("document-not-chatgpt", "The document is not a ChatGPT login.", w);
	if (!D(r)) throw E("document-tokens-missing", "tokens");
	if (!O(r.access_token)) throw E("document-access-token-missing", "tokens.access_token");
	if (!O(r.refresh_token)) throw new o("document-refresh-token-missing", "The document has no refresh token: it is a working copy, or was stripped.", w);
	if (!O(r.id_token)) throw E("document-id-token-missing", "tokens.id_token");
	if (!O(r.account_id)) throw E("document-account-missing", "tokens.account_id (without it Codex never refreshes)");
	if (!Pe(i)) throw E("document-last-refresh-missing", "last_refresh (without it Codex sends no token at all)");
	Me(r.oauth_provenance);
	return e;
}
function Me(e) {
	if (!D(e) || e.issuer === void 0) return;
	const { issuer: t } = e;
	if (typeof t === "string" && (Ne(t) || s(t))) return;
	throw new o("document-foreign-issuer", "The document names an issuer that is not OpenAI's, and Codex would send the refresh token there.", w);
}
function Ne(e) {
	return /^https:\/\/([a-z0-9-]+\.)*(openai|chatgpt)\.com(\/|$)/.test(e);
}
function E(e, t) {
	return new o(e, `The document lacks ${t}.`, w);
}
function D(e) {
	return typeof e === "object" && e !== null && !Array.isArray(e);
}
function O(e) {
	return typeof e === "string" && e.trim() !== "";
}
function Pe(e) {
	return typeof e === "string" && /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(e) && !Number.isNaN(Date.parse(e));
}
function Fe(e) {
	try {
		const t = JSON.parse(Buffer.from(e.split(".")[1] ?? "", "base64url").toString("utf8"));
		return D(t) ? t : {};
	} catch {
		return {};
	}
}
function Ie(e, t) {
	return Re(e.exp) ?? new Date(Le(t).getTime() + we * Te);
}
function Le(e) {
	const t = Date.parse(e);
	return new Date(Number.isNaN(t) ? 0 : t);
}
function k(e) {
	return typeof e === "string" ? e : "";
}
function Re(e) {
	if (typeof e !== "number" || !Number.isFinite(e)) return null;
	const t = /* @__PURE__ */ new Date(e * 1e3);
	return Number.isNaN(t.getTime()) ? null : t;
}
// src/core/encodings.ts
const ze = [76, 64];
const A = 20;
function Be(e) {
	return e.split(".").filter((t) => t.length >= A && t !== e);
}
function Ve(e) {
	const t = [];
	for (const n of e.map((e) => Buffer.from(e))) for (const e of [
		0,
		1,
		2
	]) {
		const r = n.length - e;
		if (r < A) continue;
		const i = e + r - r % 3;
		t.push(n.toString("base64", e, i), n.toString("base64url", e, i));
	}
	return t.filter((e) => e.length >= A);
}
function He(e, t) {
	const n = Buffer.from(e);
	const r = n.toString("base64");
	const i = [];
	for (const e of t) {
		const t = e === "" ? -1 : n.indexOf(e);
		if (t < 0) continue;
		const a = Math.floor(t * 4 / 3);
		const o = Math.ceil((t + Buffer.byteLength(e)) * 4 / 3);
		for (const e of ze) for (let t = a - a % e; t < o; t += e) i.push(r.slice(t, t + e));
	}
	return i.filter((e) => e.length >= A);
}
// src/action/handed.ts
function Ue(e, t, n = Ge) {
	if (e === null) throw new o("secret-empty", "The input `codex-auth-json` is empty.", "Likely causes: this run comes from a fork or from Dependabot, which get no secrets; the job does not name the `environment:` that holds the secret; or the secret has not been seeded yet.");
	try {
		const r = Ee.parse(e.reveal());
		t.mask(e, ...n(r));
		return r;
	} catch (r) {
		const i = r instanceof o && We.has(r.code) ? Ee.read(e.reveal()) : null;
		if (!(r instanceof o) || i === null) {
			t.mask(e);
			throw r;
		}
		t.mask(e, ...n(i));
		t.warning(`The login is written as this version does not know it: ${r.message} It is used as it is.`);
		return i;
	}
}
const We = /* @__PURE__ */ new Set([
	"document-not-chatgpt",
	"document-id-token-missing",
	"document-account-missing",
	"document-last-refresh-missing"
]);
function Ge(e) {
	const t = e.tokens.map((e) => e.reveal());
	const n = [
		e.withheld().reveal(),
		e.whole().reveal(),
		...t
	];
	const r = [
		...Ve(t),
		...n.flatMap((e) => He(e, t)),
		...t.flatMap(Be)
	];
	return [
		...e.tokens,
		e.content("base64"),
		...[...new Set(r)].map((e) => new _(e))
	];
}
// src/core/state-shape.ts
const j = (e) => typeof e === "string";
const M = (e) => typeof e === "boolean";
const Ke = Number.isFinite;
const N = (e) => (t) => t === null || e(t);
const P = (...e) => (t) => e.includes(t);
const F = (e) => (t) => typeof t === "object" && t !== null && Object.entries(e).every(([e, n]) => n(t[e]));
function qe(e, t) {
	try {
		const n = JSON.parse(e);
		return t(n) ? n : null;
	} catch {
		return null;
	}
}
// src/action/home.ts
const Je = "auth.json";
const I = "config.toml";
const L = ".codex-auth-roundtrip.json";
function R(e) {
	return (0, t.join)(e, Je);
}
function Ye(e, { secretName: n, environment: r }) {
	const i = r === null ? n : `${n}-${encodeURIComponent(r)}`;
	return (0, t.join)(e, `codex-auth-${i}`);
}
function Xe(e) {
	return (0, t.join)(e, "mark.json");
}
async function Ze(e, t) {
	const n = await e.read(Xe(t));
	return n === null ? null : qe(n, F({
		identity: j,
		mark: j
	}));
}
function Qe(e, n) {
	return (0, t.resolve)(e ?? (0, t.join)(n, "home"));
}
async function $e(e, { given: n, base: r, workspace: i }) {
	const a = Qe(n, r);
	if (i === null) return a;
	const [s, c] = await Promise.all([V(e, a), V(e, i)]);
	const l = (0, t.relative)(c, s);
	if (!(l === ".." || l.startsWith(`..${t.sep}`) || (0, t.isAbsolute)(l))) throw new o("home-in-workspace", "The Codex home lies inside the workspace, from where a login is easily uploaded, cached or committed.", "Leave `codex-home` empty, or choose a directory outside the workspace, below `runner.temp`.");
	return a;
}
async function et(e, t, n) {
	try {
		await e.makePrivateDirectory(t);
		const r = await Ze(e, t);
		if (r?.identity === n) return r.mark;
		const i = `${Math.random()} ${Math.random()}`;
		await e.write(Xe(t), JSON.stringify({
			identity: n,
			mark: i
		}), 384);
		return i;
	} catch (e) {
		throw new o("home-unwritable", `The private directory ${t} cannot be made (${st(e)}).`, "Check the owner of RUNNER_TEMP, and the free space there. A link, or somebody else's directory, is not taken for it: find out which step has put one there.", { cause: e });
	}
}
async function tt(e, { home: n, identity: r }) {
	if ((await H(n, () => B(e, n)))?.identity === r) {
		await H(n, () => e.makePrivateDirectory(n));
		return "earlier-step";
	}
	if (await H(n, () => e.read(R(n))) !== null) throw new o("home-has-login", "The Codex home already holds a login that this job did not put there. It is left as it is.", "Leave `codex-home` empty to use a private one; a host that has a login of its own needs none from a secret.");
	const i = await H(n, () => e.makePrivateDirectory(n));
	const a = JSON.stringify({
		identity: r,
		made: i === "made"
	});
	await H(n, () => e.write((0, t.join)(n, L), `${a}\n`, 384));
	return "nobody";
}
function z(e) {
	return (0, t.join)(e, "login");
}
async function nt(e, { home: n, base: r }, i) {
	return H(n, async () => {
		const a = z(r);
		const o = (0, t.join)(a, Je);
		await e.makePrivateDirectory(a);
		await e.write(o, i.reveal(), 384);
		await e.link(o, R(n));
		const s = await e.stamp(R(n));
		await e.write(rt(r), s ?? "", 384);
		return s;
	});
}
function rt(e) {
	return (0, t.join)(e, "written");
}
async function it(e, n) {
	return H(n, () => e.read((0, t.join)(n, I)));
}
async function at(e, n, r) {
	await H(n, () => e.write((0, t.join)(n, I), r, 384));
}
async function ot(e, { home: n, identity: r, madeConfig: i }) {
	const a = await B(e, n);
	if (a?.identity !== r) return;
	if (a.made === true) return e.remove(n);
	await e.remove(R(n));
	if (i) await e.remove((0, t.join)(n, I));
	await e.remove((0, t.join)(n, L));
}
async function B(e, n) {
	const r = await e.read((0, t.join)(n, L));
	return r === null ? null : qe(r, F({ identity: j }));
}
async function V(e, n) {
	const r = await e.realpath(n).catch(() => null);
	if (r !== null) return r;
	const i = (0, t.dirname)(n);
	return i === n ? n : (0, t.join)(await V(e, i), (0, t.relative)(i, n));
}
async function H(e, t) {
	try {
		return await t();
	} catch (t) {
		if (t instanceof o) throw t;
		throw new o("home-unwritable", `The Codex home ${e} cannot be used (${st(t)}).`, "Check the directory's owner and the free space, or leave `codex-home` empty.", { cause: t });
	}
}
function st(e) {
	return e instanceof Error && "code" in e ? String(e.code) : "error";
}
// src/core/command-environment.ts
const ct = [
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
function lt(e) {
	return [.../* @__PURE__ */ new Set([...ct, ...e])];
}
// src/core/codex-config.ts
const U = "codex-auth-roundtrip";
const ut = {
	"read-only": ":read-only",
	"workspace-write": ":workspace"
};
const dt = [
	"apps",
	"plugins",
	"remote_plugin"
];
function ft(e, n) {
	const r = e.flatMap((e) => n.flatMap((n) => {
		const r = (0, t.relative)(n, e);
		if (r === ".." || r.startsWith(`..${t.sep}`) || (0, t.isAbsolute)(r)) return [];
		const [i = ""] = r.split(t.sep);
		return [(0, t.join)(n, i)];
	}));
	return [...new Set(r)].sort();
}
function W(e, n) {
	const r = (0, t.relative)(e, n);
	return r !== ".." && !r.startsWith(`..${t.sep}`) && !(0, t.isAbsolute)(r);
}
function pt(e, t) {
	const { sandbox: n, protectAuth: r, codexApps: i } = e;
	const a = n === "danger-full-access" || r === "off" ? [] : [
		`[permissions.${U}]`,
		`extends = ${G(ut[n])}`,
		"",
		`[permissions.${U}.filesystem]`,
		...mt(n, t).map(([e, t]) => `${G(e)} = ${G(t)}`),
		""
	];
	const o = r === "off" ? [] : [
		"[shell_environment_policy]",
		"ignore_default_excludes = false",
		`include_only = ${ht(e)}`,
		""
	];
	return [
		"# Written by codex-auth-roundtrip: what the model's commands may read and see, and what Codex may use.",
		"cli_auth_credentials_store = \"file\"",
		...a.length > 0 ? [`default_permissions = ${G(U)}`] : [],
		"",
		...a,
		...o,
		...i ? [] : [
			"[features]",
			...dt.map((e) => `${e} = false`),
			""
		]
	].join("\n");
}
function mt(e, { loginDirectory: t, anchors: n }) {
	return [...(e === "workspace-write" ? n : []).map((e) => [e, "read"]), [t, "deny"]];
}
function ht({ codexEnvironment: e }) {
	return `[${lt(Object.keys(e)).map(G).join(",")}]`;
}
function G(e) {
	return JSON.stringify(e);
}
// src/action/protection.ts
async function gt({ inputs: e, surroundings: n, files: r, environment: i }, { home: a, base: o, loginPath: s, programs: c = [] }, l = []) {
	const u = /* @__PURE__ */ new Map();
	const d = (e) => {
		const t = u.get(e) ?? V(r, e);
		u.set(e, t);
		return t;
	};
	const f = n.workspace ?? process.cwd();
	const p = (0, t.resolve)(f, e.workingDirectory ?? "");
	const m = e.codexEnvironment.TMPDIR ?? i.TMPDIR;
	const h = [
		f,
		p,
		"/tmp",
		...m ? [m] : [],
		...l
	];
	const g = await Promise.all(h.map((e) => d((0, t.resolve)(p, e))));
	const _ = await d(f);
	const v = (e) => (0, t.isAbsolute)(e) && !W(_, e) && g.some((t) => W(t, e));
	const y = (i.PATH ?? "").split(t.delimiter).filter(v);
	const { RUNNER_TOOL_CACHE: b = o, RUNNER_TEMP: x } = i;
	const S = [b, x === void 0 ? o : (0, t.join)(x, "codex-auth-roundtrip")];
	const ee = [i.GITHUB_STATE, i.GITHUB_EVENT_PATH].filter((e) => e !== void 0);
	const te = [
		o,
		a,
		...S,
		...c,
		...y,
		...ee.map((e) => (0, t.dirname)(e))
	];
	return {
		loginDirectory: await d(s),
		anchors: ft([...await Promise.all(te.map(d)), ...await _t(r, _)], g)
	};
}
async function _t(e, n) {
	const r = await e.realpath((0, t.dirname)((0, t.dirname)(process.argv[1] ?? "")));
	if (r === null) return [];
	if (!W(r, n)) return [r];
	const i = [
		"action.yml",
		"action.yaml",
		"dist",
		"package.json"
	].map((n) => e.realpath((0, t.join)(r, n)));
	return (await Promise.all(i)).filter((e) => e !== null);
}
async function vt({ inputs: e, files: t }, { home: n, guarded: r }) {
	if (await it(t, n) !== null) return false;
	await at(t, n, pt(e, r));
	return true;
}
// src/core/claim.ts
function yt(e) {
	return /^CODEX_AUTH_CLAIM_[0-9A-F]{20}(_R[1-9])?$/.test(e.toUpperCase());
}
// src/action/session.ts
const bt = [
	"PATH",
	"HOME",
	"TMPDIR"
];
function xt(e) {
	const t = Object.entries(e).filter(([e]) => ae(e));
	return {
		...Object.fromEntries(t.map(([e, t]) => [e, t ?? null])),
		...St(e)
	};
}
function St(e) {
	return Object.fromEntries(bt.map((t) => [t, e[t] ?? null]));
}
function Ct(e, t) {
	e.saveState("session", JSON.stringify(t));
}
function wt(e) {
	e.saveState("session", "");
}
const Tt = F({
	base: j,
	mark: j,
	home: j,
	place: F({
		secretName: (e) => typeof e === "string" && /^\w+$/.test(e),
		environment: N(j)
	}),
	ownsHome: M,
	refreshToken: P("withheld", "present"),
	madeConfig: M,
	written: N(j),
	beganMonotonicMs: Ke,
	madeRequirements: M,
	hostLock: N(F({
		path: j,
		content: j,
		by: P("this-step", "earlier-step")
	})),
	environment: (e) => typeof e === "object" && e !== null && Object.values(e).every(N(j))
});
const Et = F({
	directory: N(j),
	process: N(F({
		pid: Ke,
		startedAt: N(j)
	})),
	claim: F({
		name: (e) => typeof e === "string" && yt(e),
		holder: j
	})
});
// src/core/trigger.ts
const Dt = /* @__PURE__ */ new Set([
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
function Ot({ eventName: e, repository: t, actors: n, payload: r }) {
	const i = K(r);
	const a = K(i.workflow_run);
	const o = (e) => String(K(e).full_name).toLowerCase() === t.toLowerCase();
	const s = (e, t) => Dt.has(String(e)) || e === "pull_request" && o(t);
	if (e === "workflow_run" ? o(a.head_repository) && s(a.event, a.head_repository) : s(e, K(K(i.pull_request).head).repo)) return { kind: "writers" };
	const c = [
		i.sender,
		a.actor,
		a.triggering_actor
	].map((e) => K(e).login);
	const l = [...n, ...c].filter((e) => typeof e === "string" && e !== "");
	return {
		kind: "anybody",
		actors: [...new Set(l)]
	};
}
function K(e) {
	return typeof e === "object" && e !== null ? e : {};
}
// src/action/surroundings.ts
function kt(e, t) {
	const n = (t) => {
		const n = e[t];
		if (n) return n;
		throw new o("input-invalid", `The variable ${t} is not set.`, "This program runs as a step of GitHub Actions.");
	};
	const [r = "", i = ""] = n("GITHUB_REPOSITORY").split("/");
	const a = Mt(t);
	const s = Nt(a);
	const c = e.GITHUB_EVENT_NAME ?? "";
	const l = c === "schedule" || jt(e.GITHUB_REF, s);
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
		startedBy: Ot({
			eventName: c,
			repository: `${r}/${i}`,
			actors: [e.GITHUB_ACTOR, e.GITHUB_TRIGGERING_ACTOR],
			payload: a
		}),
		branch: l ? "default" : "other",
		ref: l ? "default" : e.GITHUB_REF ?? "",
		visibility: typeof s.private === "boolean" ? s.private ? "private" : "public" : "unknown",
		workspace: e.GITHUB_WORKSPACE ?? null,
		temporaryDirectory: n("RUNNER_TEMP"),
		apiUrl: e.GITHUB_API_URL || "https://api.github.com",
		serverUrl: e.GITHUB_SERVER_URL || "https://github.com"
	};
}
function At({ runId: e, runAttempt: t, job: n, trackingId: r }) {
	return `run ${e} attempt ${t} job ${n} ${r}`;
}
function jt(e, { default_branch: t }) {
	return typeof t === "string" && e === `refs/heads/${t}`;
}
function Mt(e) {
	try {
		return JSON.parse(e ?? "");
	} catch {
		return null;
	}
}
function Nt(e) {
	return e?.repository ?? {};
}
// src/action/restore.ts
async function Pt(e) {
	const { inputs: t, files: n, clock: r, log: i, channel: a } = e;
	const o = Ue(t.secret, i);
	const s = await Ft(e);
	if (!s.ownsHome) {
		i.info("An earlier step of this job has restored the login; this one attaches to it.");
		return s;
	}
	const c = {
		...s,
		written: await nt(n, s, o.withheld())
	};
	Ct(a, c);
	const l = ce(Se(o, r.now()));
	i.info(`Restored generation ${o.generation} (access token valid ${l}, refresh token withheld).`);
	return c;
}
async function Ft(e) {
	const { inputs: t, surroundings: n, files: r, clock: i, channel: a, environment: o } = e;
	const s = i.monotonicMs();
	const c = At(n);
	const l = {
		secretName: t.secretName,
		environment: t.environment
	};
	const u = Ye(n.temporaryDirectory, l);
	const d = await $e(r, {
		given: t.codexHome,
		base: u,
		workspace: n.workspace
	});
	const f = await et(r, u, c);
	const p = await tt(r, {
		home: d,
		identity: c
	}) === "nobody";
	if (!p) await It(r, {
		home: d,
		base: u
	});
	const m = async () => {
		try {
			return await vt(e, {
				home: d,
				guarded: await gt(e, {
					home: d,
					base: u,
					loginPath: z(u)
				})
			});
		} catch (e) {
			await ot(r, {
				home: d,
				identity: c,
				madeConfig: false
			}).catch(() => {});
			throw e;
		}
	};
	const h = {
		base: u,
		mark: f,
		home: d,
		place: l,
		refreshToken: t.refreshToken,
		madeConfig: p && await m(),
		ownsHome: p,
		written: null,
		beganMonotonicMs: s,
		madeRequirements: false,
		hostLock: null,
		environment: xt(o)
	};
	Ct(a, h);
	a.exportVariable("CODEX_HOME", d);
	return h;
}
async function It(e, { home: n, base: r }) {
	const i = (0, t.dirname)(await V(e, R(n)));
	const a = [n, z(r)].map((t) => V(e, t));
	if ((await Promise.all(a)).includes(i)) return;
	throw new o("home-has-login", "The Codex home holds the login of another secret, which an earlier step of this job put there. It is left as it is.", "Give each secret's steps a `codex-home` of their own, or leave it empty.");
}
// src/adapters/clock.ts
const Lt = {
	now: () => /* @__PURE__ */ new Date(),
	monotonicMs: () => Number(process.hrtime.bigint() / 1000000n),
	sleep: (e) => new Promise((t) => setTimeout(t, e))
};
// src/adapters/files.ts
const Rt = 100;
const zt = {
	read: async (e) => Vt(e)?.toString("utf8") ?? null,
	readBytes: async (e) => Vt(e),
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
			else if (!q(r)) return;
			try {
				(0, e.symlinkSync)((0, t.relative)((0, t.dirname)(n), r), n);
				return;
			} catch (t) {
				if (J(t) !== "EEXIST") (0, e.renameSync)(r, n);
				else if (i < Rt) continue;
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
			if (J(e) !== "EEXIST" || !Bt(n)) throw e;
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
	realpath: async (t) => q(t) ? e.realpathSync.native(t) : null
};
function Bt(t) {
	if (!process.getuid) return (0, e.lstatSync)(t).isDirectory();
	let n;
	try {
		n = (0, e.openSync)(t, e.constants.O_RDONLY | e.constants.O_DIRECTORY | e.constants.O_NOFOLLOW);
	} catch (e) {
		if ([
			"ENOTDIR",
			"ELOOP",
			"EACCES"
		].includes(String(J(e)))) return false;
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
function q(t) {
	try {
		return (0, e.statSync)(t, { throwIfNoEntry: false }) !== void 0;
	} catch (e) {
		if (J(e) === "ENOTDIR") return false;
		throw e;
	}
}
function Vt(t) {
	if (!q(t)) return null;
	try {
		return (0, e.readFileSync)(t);
	} catch (e) {
		if (J(e) === "ENOENT" || J(e) === "ENOTDIR") return null;
		throw e;
	}
}
function J(e) {
	return e instanceof Error && "code" in e ? e.code : void 0;
}
// src/core/words.ts
const Ht = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u001b\u009b]\[?[0-?]*[ -/]*[@-~]?/g;
const Ut = "[\\p{Cc}\\p{Cf}\\p{DI}\\u2028\\u2029]+";
function Wt(e) {
	if (/^[ -~]*$/.test(e) && !e.includes("::") && !e.includes("##[")) return e;
	return e.replace(Ht, "").replace(new RegExp(Ut, "gu"), " ").replace(/^([\s\u0085]*):(?=:)/, "$1: ").replaceAll("##[", "## [");
}
// src/adapters/log.ts
const Gt = 1;
const Kt = 10;
const qt = /`[^`]*`|"(?:[^"\\]|\\.)*"/g;
const Jt = 6;
function Yt(e) {
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
		for (const e of t) if (e.length >= Jt) n = n.replaceAll(e, "***");
		return n;
	};
	const c = (e) => Wt(t.size === 0 ? e : e.replace(qt, s));
	const l = (e, t) => o(Xt(e, c(t)));
	return {
		info: (e) => o(c(e)),
		warning: (e) => l("warning", e),
		error: (e) => l("error", e),
		debug: (e) => l("debug", e),
		group: (e) => l("group", e),
		endGroup: () => l("endgroup", ""),
		mask: (...e) => {
			if (r) throw new TypeError("Nothing is masked after foreign words were let into the log.");
			const t = e.filter((e) => !e.isEmpty).map((e) => Xt("add-mask", e.reveal()));
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
				if (i !== Kt) o("");
				o(n);
				n = null;
			}
		}
	};
}
const Y = Yt((e) => {
	let t = e;
	while (t.length > 0) t = t.subarray(Zt(t));
});
function Xt(e, t) {
	return `::${e}::${/[%\r\n]/.test(t) ? t.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A") : t}`;
}
function Zt(t) {
	try {
		return (0, e.writeSync)(Gt, t);
	} catch (e) {
		if (!(e instanceof Error && "code" in e && e.code === "EAGAIN")) throw e;
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
		return 0;
	}
}
// src/core/state-keys.ts
const Qt = [
	"session",
	"critical-section",
	"report",
	"notice"
];
// src/adapters/step-channel.ts
const X = {
	state: {},
	outputs: {}
};
const Z = {
	saveState: (e, t) => {
		X.state[e] = t;
		Q("GITHUB_STATE", { [e]: t });
	},
	state: en,
	setOutputs: (e) => {
		Object.assign(X.outputs, e);
		Q("GITHUB_OUTPUT", e);
	},
	seal: () => {
		const e = Qt.map((e) => [e, X.state[e] ?? en(e)]);
		const t = process.env.GITHUB_STATE;
		if (t) $t(t, Buffer.from(e.map(tn).join("")));
		if (Object.keys(X.outputs).length > 0) Q("GITHUB_OUTPUT", { ...X.outputs }, "\n");
	},
	exportVariable: (e, t) => {
		process.env[e] = t;
		Q("GITHUB_ENV", { [e]: t });
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
function $t(t, n) {
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
function en(e) {
	return process.env[`STATE_${e}`] ?? "";
}
function Q(t, n, r = "") {
	const i = process.env[t];
	if (i) (0, e.appendFileSync)(i, r + Object.entries(n).map(tn).join(""));
}
function tn([e, t]) {
	if (!/[\r\n]/.test(t)) return `${e}=${t}\n`;
	let n = "END";
	while (t.includes(n)) n += "_END";
	return `${e}<<${n}\n${t}\n${n}\n`;
}
// src/entry/step.ts
const nn = 13;
let rn = 0;
function an() {
	return le(ee);
}
const on = /* @__PURE__ */ new Set([
	...b,
	"secret-name",
	"environment",
	"codex-home",
	"client-id",
	"github-token"
]);
function sn() {
	return kt(process.env, cn());
}
function cn() {
	try {
		return (0, e.readFileSync)(process.env.GITHUB_EVENT_PATH ?? "", "utf8");
	} catch {
		return null;
	}
}
function $(e) {
	Y.relay.close();
	rn = 1;
	if (e instanceof o) Y.error(`${e.message} ${e.hint} [${e.code}]`);
	else Y.error(`This is a bug of codex-auth-roundtrip: \`${ln(e).replaceAll("`", "'")}\``);
}
function ln(e) {
	return e instanceof Error ? e.stack ?? e.message : String(e);
}
async function un(e, t) {
	dn();
	process.exitCode = nn;
	try {
		await e();
	} catch (e) {
		$(e);
	}
	t();
}
function dn() {
	for (const e of ["uncaughtException", "unhandledRejection"]) process.on(e, (e) => {
		$(e);
		fn();
	});
	process.removeAllListeners("warning");
}
function fn() {
	try {
		Z.seal();
	} catch (e) {
		$(e);
	}
	pn();
}
function pn() {
	process.exit(rn);
}
// src/entry/pre.ts
un(async () => {
	try {
		const e = an();
		const t = sn();
		_e(e, t);
		if (e.homeLifetime === "persistent") Y.info("The home of a persistent host is taken by main, for as long as the job lasts.");
		else if (t.startedBy.kind === "anybody") {
			wt(Z);
			Y.info("Anybody can start this run, so main asks who did before the login is restored.");
		} else await Pt({
			inputs: e,
			surroundings: t,
			files: zt,
			clock: Lt,
			log: Y,
			channel: Z,
			environment: process.env
		});
	} catch (e) {
		const t = e instanceof o ? `${e.message} [${e.code}]` : "something unexpected went wrong.";
		Y.info(`Not restored before the job: ${t} If this step runs, it says more.`);
	}
}, fn);
