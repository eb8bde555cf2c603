const { dirname, isAbsolute, join, relative, resolve, sep } = process.getBuiltinModule("node:path");

// src/core/failure.ts
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

// src/core/codex-arguments.ts
function execArguments(question) {
	const { model, effort, outputSchemaPath, finalMessagePath, protection, extra } = question;
	return [
		"exec",
		"--skip-git-repo-check",
		...model ? ["--model", model] : [],
		...effort ? ["-c", `model_reasoning_effort=${JSON.stringify(effort)}`] : [],
		...outputSchemaPath ? ["--output-schema", outputSchemaPath] : [],
		"--output-last-message",
		finalMessagePath,
		...protection,
		...extra,
		"-"
	];
}
const AGAINST_PROTECTION = /^(--sandbox(=.*)?|-s.*|--dangerously-bypass-.*|--full-auto|--yolo|--profile(=.*)?|-p.*|--approve-for-me)$/;
const SETTINGS_AGAINST_PROTECTION = /^[\s"']*(default_permissions|permissions|sandbox_mode|sandbox_workspace_write|shell_environment_policy|profiles?|projects)\b/;
function refuseUnprotectingArguments(extra) {
	for (const [index, word] of extra.entries()) {
		const setting = /^(-c|--config)$/.test(extra[index - 1] ?? "") ? word : word.replace(/^(-c|--config)=?/, "");
		const isSetting = setting !== word || /^(-c|--config)$/.test(extra[index - 1] ?? "");
		if (!AGAINST_PROTECTION.test(word) && !(isSetting && SETTINGS_AGAINST_PROTECTION.test(setting))) continue;
		throw new Failure("input-invalid", "`codex-args` holds a flag that would let the model's commands read the login.", "Choose the sandbox with the input `sandbox`; to give up the protection on purpose, set `protect-auth: off`.");
	}
}
function writableRootsIn(extra) {
	return extra.flatMap((word, index) => {
		if (/^(--add-dir|--cd|-C)$/.test(extra[index - 1] ?? "")) return [word];
		const joined = /^(?:--add-dir=|--cd=|-C=?)(.+)$/s.exec(word)?.[1];
		return joined === void 0 ? [] : [joined];
	});
}
function switchesProfileOff(script) {
	const commands = script.replaceAll(/\\\r?\n/g, " ");
	return /\bcodex\b[^\n]*\s(--sandbox|-s|--full-auto|--yolo|--dangerously-bypass-[a-z-]+)(?=[\s=]|$)/m.test(commands);
}

// src/core/codex-config.ts
const PROFILE = "codex-auth-roundtrip";
const BASE_PROFILE = {
	"read-only": ":read-only",
	"workspace-write": ":workspace"
};
function anchorsOf(directories, writableRoots) {
	const anchors = directories.flatMap((directory) => writableRoots.flatMap((root) => {
		const inside = relative(root, directory);
		if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return [];
		const [first = ""] = inside.split(sep);
		return [join(root, first)];
	}));
	return [...new Set(anchors)].sort();
}
function renderConfig(sandbox, guarded) {
	if (sandbox === "danger-full-access") return null;
	return [
		"# Written by codex-auth-roundtrip: commands that the model runs cannot read the login.",
		"cli_auth_credentials_store = \"file\"",
		`default_permissions = ${quote(PROFILE)}`,
		"",
		`[permissions.${PROFILE}]`,
		`extends = ${quote(BASE_PROFILE[sandbox])}`,
		"",
		`[permissions.${PROFILE}.filesystem]`,
		...filesystemRules(sandbox, guarded).map(([path, access]) => `${quote(path)} = ${quote(access)}`),
		"",
		"[shell_environment_policy]",
		"ignore_default_excludes = false",
		""
	].join("\n");
}
function protectionFlags(sandbox, guarded) {
	if (sandbox === "danger-full-access") return ["--sandbox", sandbox];
	const rules = filesystemRules(sandbox, guarded).map(([path, access]) => `${quote(path)}=${quote(access)}`);
	const profile = `{extends=${quote(BASE_PROFILE[sandbox])},filesystem={${rules.join(",")}}}`;
	return [
		`default_permissions=${quote(PROFILE)}`,
		`permissions.${PROFILE}=${profile}`,
		"shell_environment_policy.ignore_default_excludes=false"
	].flatMap((setting) => ["-c", setting]);
}
function renderRequirements(loginDirectory) {
	return [
		"# Written by codex-auth-roundtrip for one job, and removed after it.",
		"[permissions.filesystem]",
		`deny_read = [${quote(loginDirectory)}]`,
		""
	].join("\n");
}
function configProtects(config, loginDirectory) {
	if (/^\s*sandbox_mode\s*=/m.test(config)) return false;
	return config.split("\n").some((line) => line.includes(loginDirectory) && /=\s*"deny"/.test(line)) && /^\s*default_permissions\s*=/m.test(config);
}
function filesystemRules(sandbox, { loginDirectory, anchors }) {
	return [...(sandbox === "workspace-write" ? anchors : []).map((path) => [path, "read"]), [loginDirectory, "deny"]];
}
function quote(text) {
	return JSON.stringify(text);
}

// src/core/loopback.ts
function isLoopbackUrl(value) {
	try {
		return /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(new URL(value).hostname);
	} catch {
		return false;
	}
}

// src/core/environment.ts
const REDIRECTING = /* @__PURE__ */ new Set([
	"CODEX_API_KEY",
	"CODEX_ACCESS_TOKEN",
	"OPENAI_API_KEY",
	"OPENAI_BASE_URL",
	"CODEX_REFRESH_TOKEN_URL_OVERRIDE",
	"CODEX_REVOKE_TOKEN_URL_OVERRIDE",
	"CODEX_AUTHAPI_BASE_URL",
	"OPENAI_FEDERATION_RULE_ID",
	"OPENAI_IDENTITY_TOKEN_FILE"
]);
const REDIRECTING_PREFIXES = ["CODEX_APP_SERVER_LOGIN_", "CODEX_APP_SERVER_CHATGPT_"];
const RUNNER_PREFIXES = [
	"INPUT_",
	"STATE_",
	"ACTIONS_"
];
function scrubEnvironment(environment, secrets) {
	const values = secrets.map((secret) => secret.reveal().trim()).filter((value) => value !== "");
	const scrubbed = {};
	for (const [name, value] of Object.entries(environment)) {
		if (value === void 0 || isRunnerChannel(name) || isRedirecting(name)) continue;
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

// src/action/codex.ts
const TESTED_CODEX_VERSION = "0.169.0";
async function provideCodex(program, channel, asked) {
	const present = asked === null ? await program.locate() : null;
	if (present) return present;
	const installed = await program.install(asked ?? "0.169.0");
	channel.addPath(dirname(installed));
	return installed;
}
async function tellVersion(program, channel, command) {
	const version = await program.version(command);
	if (version === null) throw new Failure("codex-missing", "The `codex` on PATH does not run.", "Install it anew, or set `codex-version`.");
	channel.setOutputs({ "codex-version": version });
}

// src/core/duration.ts
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

// src/core/secret.ts
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
		writer: writerInput(secret("secret-write-token"), text("client-id"), secret("private-key")),
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
		shell: get("shell") || "bash",
		workingDirectory: text("working-directory"),
		codexHome: text("codex-home"),
		codexEnvironment: parseCodexEnvironment(get("codex-env")),
		handover: choice("handover", ["cache", "off"]),
		concurrencyCheck: choice("concurrency-check", [
			"warn",
			"fail",
			"off"
		]),
		allowPublicRepository: flag("allow-public-repository"),
		alertIssue: flag("alert-issue"),
		homeLifetime: choice("home-lifetime", ["ephemeral", "persistent"]),
		reseed: flag("reseed"),
		expectedAccountId: text("expected-account-id")
	};
	if (inputs.homeLifetime === "persistent") refuseWhatAHostCannot(inputs);
	if (inputs.role === "borrower" && inputs.refreshToken === "present") throw new Failure("input-invalid", "A borrower cannot have `refresh-token: present`.", "Remove one of the two: only a keeper may hold the refresh token.");
	if (inputs.role === "borrower" && inputs.refresh === "force") throw new Failure("input-invalid", "A borrower never refreshes, so `refresh: force` has no meaning.", "Use `role: keeper`.");
	if (inputs.role === "borrower" && inputs.reseed) throw new Failure("input-invalid", "A borrower never writes the secret, so `reseed: true` has no meaning.", "Use `role: keeper`.");
	return inputs;
}
function mayRefresh(inputs) {
	if (inputs.homeLifetime === "persistent") return false;
	return inputs.role === "keeper" && (inputs.refresh !== "never" || inputs.refreshToken === "present");
}
function secretValues(inputs) {
	const { writer } = inputs;
	const ofWriter = writer.kind === "token" ? [writer.token] : writer.kind === "app" ? [writer.privateKey] : [];
	return [inputs.secret, ...ofWriter].filter((value) => value !== null);
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
function writerInput(token, clientId, privateKey) {
	if (token && (clientId || privateKey)) throw new Failure("writer-invalid", "Both `secret-write-token` and a GitHub App are given.", "Keep one writer: `secret-write-token`, or `client-id` with `private-key`.");
	if (token) return {
		kind: "token",
		token
	};
	if (clientId && privateKey) return {
		kind: "app",
		clientId,
		privateKey
	};
	if (clientId || privateKey) throw new Failure("writer-invalid", `The GitHub App lacks its ${clientId ? "`private-key`" : "`client-id`"}.`, "Pass both, and check that the secret is visible to this job: a job without `environment:` sees no environment secret.");
	return { kind: "none" };
}

// src/action/guards.ts
function guard(inputs, surroundings) {
	if (inputs.reseed) guardReseed(surroundings);
	if (surroundings.visibility === "public") refusePublic(inputs);
	if (surroundings.eventName === "pull_request_target" && inputs.role === "keeper") throw new Failure("pull-request-target", "A keeper does not run on `pull_request_target`: strangers' code would run beside the writer.", "Move the keeper to `push`, `schedule` or `workflow_dispatch`, or use `role: borrower`.");
	if ((mayRefresh(inputs) || inputs.reseed) && inputs.writer.kind === "none") throw new Failure("writer-missing", "A keeper needs a writer, and this step has none.", "Pass `secret-write-token`, or `client-id` and `private-key`; a job that only uses the login takes `role: borrower`. If you pass one, it arrived empty: check the secret's name, and that the job names its `environment:`.");
}
function guardReseed({ eventName, visibility }) {
	if (visibility === "public") refusePublicReseed();
	if (eventName === "workflow_dispatch") return;
	throw new Failure("input-invalid", "`reseed: true` waits for a person, so it needs a run that a person has started.", "Use it in a workflow of its own, whose only event is `workflow_dispatch`.");
}
function refusePublicReseed() {
	throw new Failure("public-repository", "`reseed: true` prints a one-time code into the log, and everybody reads the log of a public repository.", "Log in on a machine of your own and store that auth.json with `gh secret set`.");
}
function refusePublic(inputs) {
	if (inputs.allowPublicRepository) return;
	throw new Failure("public-repository", "This repository is public, and OpenAI says: do not use a ChatGPT login in public repositories.", "Use an API key with openai/codex-action, or set `allow-public-repository: true` if you know who can run this workflow.");
}

// src/action/home.ts
const AUTH_FILE = "auth.json";
const CONFIG_FILE = "config.toml";
const MARKER_FILE = ".codex-auth-roundtrip.json";
function authPath(home) {
	return join(home, AUTH_FILE);
}
async function chooseHome(files, { given, base, workspace }) {
	const chosen = resolve(given ?? join(base, "home"));
	if (workspace === null) return chosen;
	const [home, root] = await Promise.all([realpathOfNearest(files, chosen), realpathOfNearest(files, workspace)]);
	const inside = relative(root, home);
	if (!(inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside))) throw new Failure("home-in-workspace", "The Codex home lies inside the workspace, from where a login is easily uploaded, cached or committed.", "Leave `codex-home` empty, or choose a directory outside the workspace, below `runner.temp`.");
	return chosen;
}
async function claimHome(files, { home, identity }) {
	const marker = await guardDisk(home, () => files.read(join(home, MARKER_FILE)));
	if (marker !== null && identityIn(marker) === identity) return {
		madeHome: false,
		owner: "earlier-step"
	};
	if (await guardDisk(home, () => files.read(authPath(home))) !== null) throw new Failure("home-has-login", "The Codex home already holds a login that this job did not put there. It is left as it is.", "Leave `codex-home` empty to use a private one; a host that has a login of its own needs none from a secret.");
	const made = await guardDisk(home, () => files.makePrivateDirectory(home));
	await guardDisk(home, () => files.write(join(home, MARKER_FILE), `${JSON.stringify({ identity })}\n`, 384));
	return {
		madeHome: made === "made",
		owner: "nobody"
	};
}
function loginDirectory(base) {
	return join(base, "login");
}
async function writeWorkingCopy(files, { home, base }, copy) {
	return guardDisk(home, async () => {
		const directory = loginDirectory(base);
		const path = join(directory, AUTH_FILE);
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
	return join(base, "written");
}
function handedPath(base) {
	return join(loginDirectory(base), "handed.json");
}
async function readConfig(files, home) {
	return guardDisk(home, () => files.read(join(home, CONFIG_FILE)));
}
async function writeConfig(files, home, config) {
	await guardDisk(home, () => files.write(join(home, CONFIG_FILE), config, 384));
}
async function clearHome(files, { home, madeHome, madeConfig }) {
	if (madeHome) return files.remove(home);
	await files.remove(authPath(home));
	if (madeConfig) await files.remove(join(home, CONFIG_FILE));
	await files.remove(join(home, MARKER_FILE));
}
function identityIn(marker) {
	try {
		return JSON.parse(marker).identity;
	} catch {
		return;
	}
}
async function realpathOfNearest(files, path) {
	const real = await files.realpath(path).catch(() => null);
	if (real !== null) return real;
	const parent = dirname(path);
	return parent === path ? path : join(await realpathOfNearest(files, parent), relative(parent, path));
}
async function guardDisk(home, act) {
	try {
		return await act();
	} catch (error) {
		throw new Failure("home-unwritable", `The Codex home ${home} cannot be used (${error instanceof Error && "code" in error ? String(error.code) : "error"}).`, "Check the directory's owner and the free space, or leave `codex-home` empty.", { cause: error });
	}
}

// src/core/place.ts
function describePlace(place) {
	const scope = place.environment === null ? "repository" : `environment ${place.environment} of`;
	return `secret ${place.secretName} of ${scope} ${place.owner}/${place.repository}`;
}
function secretsPath(place) {
	const repository = `/repos/${place.owner}/${place.repository}`;
	return place.environment === null ? `${repository}/actions/secrets` : `${repository}/environments/${encode(place.environment)}/secrets`;
}
function encode(name) {
	return encodeURIComponent(name).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
function permissionOf(place) {
	return place.environment === null ? "secrets" : "environments";
}

// src/core/reseed.ts
function reseedCommand(place) {
	const scope = place.environment === null ? "" : ` --env ${quoteForShell(place.environment)}`;
	return [
		`home=$(mktemp -d) && CODEX_HOME=$home codex -c 'cli_auth_credentials_store="file"' login`,
		`gh secret set ${place.secretName} --repo ${place.owner}/${place.repository}${scope} < "$home/auth.json"`,
		`rm -r "$home"`
	].join(" && ");
}
function quoteForShell(word) {
	return `'${word.replaceAll("'", "'\\''")}'`;
}
function reseedHint(place) {
	return `Log in afresh, on a machine with a browser, and store that login: \`${reseedCommand(place)}\`.`;
}

// src/core/alert.ts
const NEEDS_A_PERSON = /* @__PURE__ */ new Set([
	"secret-empty",
	"secret-not-found",
	"secret-limit",
	"secret-changed-elsewhere",
	"lock-foreign",
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
	"access-token-expiring"
]);
function needsAPerson(code) {
	return NEEDS_A_PERSON.has(code) || code.startsWith("document-");
}
function alertMarker(place) {
	return `<!-- codex-auth-roundtrip alert: ${describePlace(place)} -->`;
}
function renderAlert(alert, { place, runUrl, now, since }) {
	const advice = alert.hint.replace(reseedHint(place), "Log in afresh, with the commands below.");
	return {
		title: "The Codex login needs a person",
		body: [
			alertMarker(place),
			`**${alert.message}** (\`${alert.code}\`)`,
			"",
			`- What to do: ${advice}`,
			`- Who: somebody who may write the ${describePlace(place)}.`,
			`- Since: ${day(since ?? now)}. Last seen: ${day(now)}, in [this run](${runUrl}).`,
			"",
			...isAboutLogin(alert.code) ? [
				"To log in afresh, on a machine with a browser:",
				"",
				"```sh",
				reseedCommand(place).replaceAll(" && ", " &&\n"),
				"```",
				""
			] : [],
			"This issue is closed when a job has refreshed the login and stored it again."
		].join("\n")
	};
}
function renderRecovery(runUrl) {
	return `The login was refreshed and stored in [this run](${runUrl}). Nothing more is to be done.`;
}
function isAboutLogin(code) {
	return code.startsWith("refresh-") || code.startsWith("document-") || code === "access-token-expiring" || code === "secret-empty";
}
function day(date) {
	return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

// src/core/document.ts
const MAXIMUM_SECRET_BYTES = 45e3;
const DAYS_WITHOUT_READABLE_EXPIRY = 8;
const DAY_MS = 864e5;
const LOGIN_AGAIN = "Log in with `codex login` (ChatGPT) in a fresh CODEX_HOME and store the whole auth.json as the secret.";
var Document = class Document {
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
		this.accountId = String(tokens.account_id);
		this.accessToken = new Secret(String(tokens.access_token));
		this.refreshToken = new Secret(String(tokens.refresh_token));
		this.idToken = new Secret(String(tokens.id_token));
		this.lastRefresh = String(json.last_refresh);
		const claims = jwtClaims(this.accessToken.reveal());
		this.accessTokenExpiresAt = expiryOf(claims, this.lastRefresh);
		this.accessTokenIssuedAt = secondsOf(claims.iat) ?? new Date(this.lastRefresh);
	}
	static parse(content) {
		const { text, encoding } = decode(content);
		return new Document(validate(parseJson(text)), encoding);
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
		return new Document({
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
	const accessTokenExpiresAt = expiryOf(jwtClaims(tokens.access_token), json.last_refresh);
	if (Number.isNaN(accessTokenExpiresAt.getTime())) return null;
	return {
		refreshToken: new Secret(isFilled(tokens.refresh_token) ? tokens.refresh_token : ""),
		accessTokenExpiresAt
	};
}
function decode(content) {
	if (content.trim() === "") throw new Failure("document-empty", "The document is empty.", LOGIN_AGAIN);
	if (Buffer.byteLength(content) > 45e3) throw new Failure("document-too-large", `The document is larger than ${MAXIMUM_SECRET_BYTES} bytes, more than a secret can hold when it is written back.`, "An auth.json has 4 to 6 kB: check that the secret holds this file and nothing else.");
	if (/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)/.test(content)) throw byteOrderMark();
	const trimmed = content.trim();
	if (trimmed.startsWith("{")) return {
		text: trimmed,
		encoding: "json"
	};
	const compact = trimmed.replace(/\s+/g, "");
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw notJson("The document is neither JSON nor base64 of JSON.");
	const bytes = Buffer.from(compact, "base64");
	if (/^(efbbbf|fffe|feff)/.test(bytes.subarray(0, 3).toString("hex"))) throw byteOrderMark();
	const text = bytes.toString("utf8");
	if (!text.trim().startsWith("{")) throw notJson("The document is neither JSON nor base64 of JSON.");
	return {
		text,
		encoding: "base64"
	};
}
function byteOrderMark() {
	return new Failure("document-byte-order-mark", "The document begins with a byte order mark, which Codex cannot read.", "Store the file again without it (UTF-8 without BOM; in PowerShell, `Set-Content -Encoding utf8NoBOM`).");
}
function notJson(message) {
	return new Failure("document-not-json", message, LOGIN_AGAIN);
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		if (text.trimEnd().endsWith("}")) throw notJson("The document is not valid JSON.");
		throw new Failure("document-truncated", "The document breaks off before its end.", "Store the whole auth.json again; a kill while an old Codex was writing leaves such a file.");
	}
}
function validate(json) {
	if (!isObject(json)) throw new Failure("document-not-codex", "The document is not an auth.json of Codex.", LOGIN_AGAIN);
	const { auth_mode: mode, OPENAI_API_KEY: apiKey, tokens, last_refresh: lastRefresh } = json;
	if (![
		"auth_mode",
		"OPENAI_API_KEY",
		"tokens",
		"last_refresh"
	].some((field) => field in json)) throw new Failure("document-not-codex", "The document is not an auth.json of Codex.", LOGIN_AGAIN);
	if (mode === "apikey" || mode == null && typeof apiKey === "string" && apiKey !== "") throw new Failure("document-api-key", "The document is an API-key login, which has nothing to refresh.", "Pass the API key to openai/codex-action instead, or log in with ChatGPT and store that auth.json.");
	if (mode != null && mode !== "chatgpt") throw new Failure("document-not-chatgpt", "The document is not a ChatGPT login.", LOGIN_AGAIN);
	if (!isObject(tokens)) throw missing("document-tokens-missing", "tokens");
	if (!isFilled(tokens.access_token)) throw missing("document-access-token-missing", "tokens.access_token");
	if (!isFilled(tokens.refresh_token)) throw new Failure("document-refresh-token-missing", "The document has no refresh token: it is a working copy, or was stripped.", LOGIN_AGAIN);
	if (!isFilled(tokens.id_token)) throw missing("document-id-token-missing", "tokens.id_token");
	if (!isFilled(tokens.account_id)) throw missing("document-account-missing", "tokens.account_id (without it Codex never refreshes)");
	if (!isRfc3339(lastRefresh)) throw missing("document-last-refresh-missing", "last_refresh (without it Codex sends no token at all)");
	refuseForeignIssuer(tokens.oauth_provenance);
	return json;
}
function refuseForeignIssuer(provenance) {
	if (!isObject(provenance) || provenance.issuer === void 0) return;
	const { issuer } = provenance;
	if (typeof issuer === "string" && (/^https:\/\/auth\.openai\.com\/?$/.test(issuer) || isLoopbackUrl(issuer))) return;
	throw new Failure("document-foreign-issuer", "The document names an issuer that is not OpenAI's, and Codex would send the refresh token there.", LOGIN_AGAIN);
}
function missing(code, field) {
	return new Failure(code, `The document lacks ${field}.`, LOGIN_AGAIN);
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
	return secondsOf(claims.exp) ?? new Date(Date.parse(lastRefresh) + DAYS_WITHOUT_READABLE_EXPIRY * DAY_MS);
}
function secondsOf(claim) {
	if (typeof claim !== "number" || !Number.isFinite(claim)) return null;
	const date = /* @__PURE__ */ new Date(claim * 1e3);
	return Number.isNaN(date.getTime()) ? null : date;
}

// src/core/due.ts
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

// src/core/status.ts
function redactedStatus(document) {
	return {
		auth_mode: "chatgpt",
		last_refresh: document.lastRefresh,
		has_access_token: !document.accessToken.isEmpty,
		has_id_token: !document.idToken.isEmpty,
		has_refresh_token: !document.refreshToken.isEmpty
	};
}

// src/action/report.ts
function reportOf(document, rest) {
	return {
		...rest,
		accessTokenExpiresAt: document.accessTokenExpiresAt.toISOString(),
		accessTokenIssuedAt: document.accessTokenIssuedAt.toISOString(),
		status: redactedStatus(document)
	};
}
function saveReport(channel, report) {
	channel.saveState("report", JSON.stringify(report));
}
function loadReport(channel) {
	const text = channel.state("report");
	return text ? JSON.parse(text) : null;
}
function saveNotice(channel, notice) {
	channel.saveState("notice", JSON.stringify(notice));
}
function loadNotice(channel) {
	const text = channel.state("notice");
	return text ? JSON.parse(text) : null;
}
function setOutputs(channel, home, report) {
	channel.setOutputs({
		"codex-home": home,
		role: report.role,
		"restored-from": report.restoredFrom,
		rotated: String(report.rotated),
		published: String(report.published),
		"access-token-expires-at": report.accessTokenExpiresAt,
		"last-refresh": report.status.last_refresh
	});
}

// src/action/session.ts
const TRUSTED_VARIABLES = [
	"PATH",
	"HOME",
	"TMPDIR",
	"HTTP_PROXY",
	"HTTPS_PROXY",
	"ALL_PROXY",
	"NO_PROXY",
	"http_proxy",
	"https_proxy",
	"all_proxy",
	"no_proxy",
	"NODE_EXTRA_CA_CERTS",
	"NODE_TLS_REJECT_UNAUTHORIZED",
	"SSL_CERT_FILE",
	"SSL_CERT_DIR"
];
function captureEnvironment(environment) {
	return Object.fromEntries(TRUSTED_VARIABLES.map((name) => [name, environment[name] ?? null]));
}
function applyEnvironment(captured, environment) {
	for (const name of TRUSTED_VARIABLES) {
		const value = captured[name];
		if (value == null) delete environment[name];
		else environment[name] = value;
	}
}
function saveSession(channel, session) {
	channel.saveState("session", JSON.stringify(session));
}
function forgetSession(channel) {
	channel.saveState("session", "");
}
function loadSession(channel) {
	const text = channel.state("session");
	return text ? JSON.parse(text) : null;
}
function saveCriticalSection(channel, section) {
	channel.saveState("critical-section", section ? JSON.stringify(section) : "");
}
function loadCriticalSection(channel) {
	const text = channel.state("critical-section");
	return text ? JSON.parse(text) : null;
}

// src/action/protection.ts
async function guardedPlaces({ inputs, surroundings, files, environment }, { home, base, loginPath }, more = []) {
	const real = (path) => realpathOfNearest(files, path);
	const root = surroundings.workspace ?? process.cwd();
	const directory = resolve(root, inputs.workingDirectory ?? "");
	const temporary = inputs.codexEnvironment.TMPDIR ?? environment.TMPDIR;
	const roots = [
		root,
		directory,
		"/tmp",
		...temporary ? [temporary] : [],
		...more
	];
	return {
		loginDirectory: await real(loginPath),
		anchors: anchorsOf(await Promise.all([base, home].map(real)), await Promise.all(roots.map((path) => real(resolve(directory, path)))))
	};
}
async function protectByConfig({ inputs, files, log }, { home, guarded }) {
	if (inputs.protectAuth === "off") return false;
	const { loginDirectory: login } = guarded;
	const existing = await readConfig(files, home);
	const config = renderConfig(inputs.sandbox, guarded);
	if (existing === null) {
		if (config !== null) await writeConfig(files, home, config);
		return config !== null;
	}
	if (config !== null && !configProtects(existing, login)) log.warning(`The Codex home has a config.toml of its own, which does not keep the model's commands out of the login. Give it a permission profile with \`filesystem = { "${login}" = "deny" }\` as \`default_permissions\`, or use \`prompt\`, which brings its own.`);
	return false;
}
const REQUIREMENTS = "/etc/codex/requirements.toml";
async function prepareMachine({ inputs, log }, { guarded, machine }) {
	if (inputs.sandbox === "danger-full-access") log.warning("With `sandbox: danger-full-access` nothing keeps the model's commands away from the login.");
	else await machine.allowUserNamespaces();
	if (inputs.protectAuth !== "enforced") return { madeRequirements: false };
	switch (await machine.writeRequirements(REQUIREMENTS, renderRequirements(guarded.loginDirectory))) {
		case "written": return { madeRequirements: true };
		case "exists": throw new Failure("protection-impossible", `${REQUIREMENTS} exists already, and is not merged with ours.`, "Remove it, or use `protect-auth: profile`.");
		case "impossible": throw new Failure("protection-impossible", "`protect-auth: enforced` needs Linux and sudo without a password, as on GitHub's own runners.", "Use `protect-auth: profile` here.");
	}
}
async function warnUnlessSandboxed({ inputs, files, log, program }, probe) {
	if (inputs.protectAuth === "off" || inputs.sandbox === "danger-full-access") return;
	const { command, directory, guarded, environment } = probe;
	const home = join(probe.home, ".sandbox-probe");
	await files.makePrivateDirectory(home);
	const flags = protectionFlags(inputs.sandbox, guarded);
	const works = await program.canSandbox(command, {
		home,
		directory,
		flags,
		environment
	});
	await files.remove(home);
	if (works) return;
	log.warning("This machine cannot run Codex's sandbox (user namespaces or bubblewrap are missing, or the Codex home lies below the temporary directory), and without it Codex does not answer a protected prompt. With `protect-auth: off` it would, and the model could read the login.");
}
async function removeRequirements(machine) {
	await machine.removeRequirements(REQUIREMENTS);
}

// src/action/surroundings.ts
function readSurroundings(environment, eventPayload) {
	const need = (name) => {
		const value = environment[name];
		if (value) return value;
		throw new Failure("input-invalid", `The variable ${name} is not set.`, "This program runs as a step of GitHub Actions.");
	};
	const [owner = "", repository = ""] = need("GITHUB_REPOSITORY").split("/");
	const event = parseEvent(eventPayload);
	return {
		owner,
		repository,
		repositoryId: need("GITHUB_REPOSITORY_ID"),
		runId: need("GITHUB_RUN_ID"),
		runAttempt: Number(environment.GITHUB_RUN_ATTEMPT || "1"),
		job: need("GITHUB_JOB"),
		trackingId: environment.RUNNER_TRACKING_ID ?? "",
		runnerName: environment.RUNNER_NAME ?? "",
		eventName: environment.GITHUB_EVENT_NAME ?? "",
		branch: environment.GITHUB_REF === `refs/heads/${event.defaultBranch}` ? "default" : "other",
		visibility: event.visibility,
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
function parseEvent(payload) {
	const unknown = {
		defaultBranch: null,
		visibility: "unknown"
	};
	if (payload === null) return unknown;
	try {
		const { repository } = JSON.parse(payload);
		return {
			defaultBranch: typeof repository?.default_branch === "string" ? repository.default_branch : null,
			visibility: typeof repository?.private === "boolean" ? repository.private ? "private" : "public" : "unknown"
		};
	} catch {
		return unknown;
	}
}

// src/action/restore.ts
function readHanded(secret, log) {
	if (secret === null) throw new Failure("secret-empty", "The input `codex-auth-json` is empty.", "Likely causes: this run comes from a fork or from Dependabot, which get no secrets; the job does not name the `environment:` that holds the secret; or the secret has not been seeded yet.");
	try {
		const document = Document.parse(secret.reveal());
		log.mask(secret, ...secretsOf(document));
		return document;
	} catch (error) {
		log.mask(secret);
		throw error;
	}
}
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
function secretsOf(document) {
	return [...document.tokens, document.content("base64")];
}
async function restore(collaborators) {
	const { inputs, files, clock, log, channel } = collaborators;
	const document = readHanded(inputs.secret, log);
	const empty = await makeHome(collaborators);
	if (!empty.ownsHome) {
		log.info("An earlier step of this job has restored the login; this one attaches to it.");
		return empty;
	}
	const session = {
		...empty,
		written: await writeWorkingCopy(files, empty, document.withheld())
	};
	saveSession(channel, session);
	const left = describeDuration(remainingMs(document, clock.now()));
	log.info(`Restored generation ${document.generation} (access token valid ${left}, refresh token withheld).`);
	return session;
}
async function makeHome(collaborators) {
	const { inputs, surroundings, files, clock, channel, environment } = collaborators;
	const beganMonotonicMs = clock.monotonicMs();
	const identity = jobIdentity(surroundings);
	const { environment: scope, secretName } = inputs;
	const base = join(surroundings.temporaryDirectory, scope === null ? `codex-auth-${secretName}` : `codex-auth-${secretName}-${encodeURIComponent(scope)}`);
	const home = await chooseHome(files, {
		given: inputs.codexHome,
		base,
		workspace: surroundings.workspace
	});
	await files.makePrivateDirectory(base);
	const { madeHome, owner } = await claimHome(files, {
		home,
		identity
	});
	const isOwner = owner === "nobody";
	const protect = async () => protectByConfig(collaborators, {
		home,
		guarded: await guardedPlaces(collaborators, {
			home,
			base,
			loginPath: loginDirectory(base)
		})
	});
	const session = {
		base,
		home,
		place: {
			secretName: inputs.secretName,
			environment: inputs.environment
		},
		madeHome,
		madeConfig: isOwner && await protect(),
		ownsHome: isOwner,
		written: null,
		beganMonotonicMs,
		madeRequirements: false,
		hostLock: null,
		environment: captureEnvironment(environment)
	};
	saveSession(channel, session);
	channel.exportVariable("CODEX_HOME", home);
	return session;
}

// src/adapters/cancellation.ts
function watchCancellation() {
	let requested = false;
	for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {
		requested = true;
	});
	return { requested: () => requested };
}

// src/adapters/clock.ts
const machineClock = {
	now: () => /* @__PURE__ */ new Date(),
	monotonicMs: () => Number(process.hrtime.bigint() / 1000000n),
	sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms))
};

// src/adapters/files.ts
const { chmodSync, mkdirSync, readFileSync: readFileSync$1, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } = process.getBuiltinModule("node:fs");
const diskFiles = {
	read: async (path) => readOrNull(path)?.toString("utf8") ?? null,
	readBytes: async (path) => readOrNull(path),
	write: async (path, content, mode) => {
		const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
		try {
			writeFileSync(temporary, content, {
				flag: "wx",
				mode
			});
			renameSync(temporary, path);
		} catch (error) {
			rmSync(temporary, { force: true });
			throw error;
		}
	},
	link: async (target, path) => {
		const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
		symlinkSync(target, temporary);
		renameSync(temporary, path);
	},
	makePrivateDirectory: async (path) => {
		mkdirSync(dirname(path), { recursive: true });
		try {
			mkdirSync(path, { mode: 448 });
			return "made";
		} catch (error) {
			if (codeOf(error) !== "EEXIST" || !statSync(path).isDirectory()) throw error;
			chmodSync(path, 448);
			return "existed";
		}
	},
	remove: async (path) => rmSync(path, {
		recursive: true,
		force: true,
		maxRetries: 3
	}),
	stamp: async (path) => {
		const file = statSync(path, {
			bigint: true,
			throwIfNoEntry: false
		});
		return file ? `${file.ino} ${file.size} ${file.mtimeNs} ${file.ctimeNs}` : null;
	},
	realpath: async (path) => isThere(path) ? realpathSync.native(path) : null
};
function isThere(path) {
	return statSync(path, { throwIfNoEntry: false }) !== void 0;
}
function readOrNull(path) {
	if (!isThere(path)) return null;
	try {
		return readFileSync$1(path);
	} catch (error) {
		if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
		throw error;
	}
}
function codeOf(error) {
	return error instanceof Error && "code" in error ? error.code : void 0;
}

// src/adapters/log.ts
const { writeSync: writeSync$1 } = process.getBuiltinModule("node:fs");
const STANDARD_OUTPUT = 1;
const stepLog = {
	info: print,
	warning: (sentence) => command("warning", sentence),
	error: (sentence) => command("error", sentence),
	group: (title) => command("group", title),
	endGroup: () => command("endgroup", ""),
	mask: (...secrets) => {
		const lines = secrets.filter((secret) => !secret.isEmpty).map((secret) => line("add-mask", secret.reveal()));
		if (lines.length > 0) print(lines.join("\n"));
	}
};
function command(name, message) {
	print(line(name, message));
}
function line(name, message) {
	return `::${name}::${message.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}`;
}
function print(text) {
	let rest = Buffer.from(`${text}\n`);
	while (rest.length > 0) rest = rest.subarray(writeSome(rest));
}
function writeSome(bytes) {
	try {
		return writeSync$1(STANDARD_OUTPUT, bytes);
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
		return 0;
	}
}

// src/adapters/step-channel.ts
const { appendFileSync } = process.getBuiltinModule("node:fs");
const stepChannel = {
	saveState: (name, value) => append("GITHUB_STATE", { [name]: value }),
	state: (name) => process.env[`STATE_${name}`] ?? "",
	setOutputs: (values) => append("GITHUB_OUTPUT", values),
	exportVariable: (name, value) => {
		process.env[name] = value;
		append("GITHUB_ENV", { [name]: value });
	},
	addPath: (directory) => {
		process.env.PATH = `${directory}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
		const path = process.env.GITHUB_PATH;
		if (path) appendFileSync(path, `${directory}\n`);
	},
	writeSummary: async (markdown) => {
		const path = process.env.GITHUB_STEP_SUMMARY;
		if (path) appendFileSync(path, markdown);
	}
};
function append(file, values) {
	const path = process.env[file];
	if (path) appendFileSync(path, Object.entries(values).map(entry).join(""));
}
function entry([name, value]) {
	if (!/[\r\n]/.test(value)) return `${name}=${value}\n`;
	let delimiter = "END";
	while (value.includes(delimiter)) delimiter += "_END";
	return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

// src/adapters/own-environment.ts
const { closeSync, openSync, readFileSync, readSync, writeSync } = process.getBuiltinModule("node:fs");
const ENV_START = 47;
const ENV_END = 48;
function forgetVariables(isToBeForgotten) {
	const names = Object.entries(process.env).filter(([name, value]) => isToBeForgotten(name, value ?? "")).map(([name]) => name);
	try {
		overwrite(new Set(names.map((name) => Buffer.from(name).toString("latin1"))));
	} catch {}
	for (const name of names) delete process.env[name];
}
function overwrite(names) {
	const stat = readFileSync("/proc/self/stat", "latin1");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const start = Number(fields[ENV_START]);
	const region = Buffer.alloc(Number(fields[ENV_END]) - start);
	const memory = openSync("/proc/self/mem", "r+");
	try {
		readSync(memory, region, 0, region.length, start);
		let at = start;
		for (const variable of region.toString("latin1").split("\0")) {
			const equals = variable.indexOf("=");
			if (equals > 0 && names.has(variable.slice(0, equals))) {
				const length = variable.length - equals - 1;
				writeSync(memory, Buffer.alloc(length), 0, length, at + equals + 1);
			}
			at += variable.length + 1;
		}
	} finally {
		closeSync(memory);
	}
}

// src/entry/step.ts
const SECRET_INPUTS = [
	"codex-auth-json",
	"secret-write-token",
	"private-key"
];
function takeInputs() {
	return readInputs(takeGiven());
}
const FOR_POST = /* @__PURE__ */ new Set([
	...SECRET_INPUTS,
	"secret-name",
	"environment",
	"client-id",
	"github-token"
]);
function takeInputsForPost() {
	const given = takeGiven();
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
function takeGiven() {
	const given = /* @__PURE__ */ new Map();
	for (const [name, value] of Object.entries(process.env)) if (name.startsWith(INPUT)) given.set(name, value?.trim() ?? "");
	const input = (name) => given.get(`${INPUT}${name.toUpperCase()}`) ?? "";
	const secrets = SECRET_INPUTS.map(input);
	const repeats = repetitionsOf([...secrets, ...secrets.map(decodeBase64)].map((value) => new Secret(value)));
	forgetVariables((name, value) => name.startsWith(INPUT) || repeats(value));
	return input;
}
const INPUT = "INPUT_";
function decodeBase64(value) {
	return Buffer.from(value, "base64").toString("utf8");
}
function surroundingsOfStep() {
	return readSurroundings(process.env, readEventPayload());
}
function readEventPayload() {
	try {
		return process.getBuiltinModule("node:fs").readFileSync(process.env.GITHUB_EVENT_PATH ?? "", "utf8");
	} catch {
		return null;
	}
}
async function failStep(error) {
	const { setFailed } = await import("./core2.js");
	if (error instanceof Failure) setFailed(`${error.message} ${error.hint} [${error.code}]`);
	else setFailed(`This is a bug of codex-auth-roundtrip: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
}
function endProcess() {
	process.exit();
}

// src/core/github-error.ts
var GitHubError = class extends Error {
	status;
	retryAfterMs;
	constructor(message, options) {
		super(message, { cause: options.cause });
		this.name = "GitHubError";
		this.status = options.status;
		this.retryAfterMs = options.retryAfterMs ?? null;
	}
};
function canHeal(error) {
	const { status, retryAfterMs } = error;
	return status === null || status >= 500 || status === 429 || status === 408 || status === 403 && retryAfterMs !== null;
}
function explainStoreError(error, { place, writer, workedEarlier }) {
	const where = describePlace(place);
	const permission = permissionOf(place) === "secrets" ? "Secrets: read and write" : "Environments: read and write";
	const grant = writer === "token" ? `Give the token in \`secret-write-token\` the repository permission "${permission}" for ${place.owner}/${place.repository}. GITHUB_TOKEN cannot have it.` : `Give the GitHub App the repository permission "${permission}", accept it in the installation, and install the App on ${place.owner}/${place.repository}.`;
	switch (error.status === 403 && canHeal(error) ? 429 : error.status) {
		case 401: return workedEarlier ? new Failure("writer-revoked", "The token in `secret-write-token` worked earlier in this job and is now refused (401).", "A token from actions/create-github-app-token is revoked before our post step: pass `client-id` and `private-key` to this action instead, or set `skip-token-revoke: true` there.", { cause: error }) : new Failure("writer-rejected", "GitHub does not accept the writer's token (401): it is expired, revoked or mistyped.", "Make a new fine-grained token and store it as the secret that `secret-write-token` reads.", { cause: error });
		case 403: return new Failure("writer-forbidden", `The writer may not write the ${where} (403).`, grant, { cause: error });
		case 404: return new Failure("writer-cannot-reach-repository", `The writer cannot see the ${place.environment === null ? "secrets" : `environment ${place.environment}`} of ${place.owner}/${place.repository} (404).`, place.environment === null ? grant : `Check the name in \`environment\`, then: ${grant}`, { cause: error });
		default: return new Failure("github-unreachable", error.status === null ? "GitHub's API did not answer." : `GitHub's API answered ${error.status}.`, "This usually passes: run the job again, and see githubstatus.com.", { cause: error });
	}
}

// src/core/ledger.ts
const AFTER_ATTEMPT_MS = 5e3;
const OPEN_ATTEMPT_MS = 15e3;
function isOurAttempt(attempts, updatedAt) {
	const at = updatedAt.getTime();
	return attempts.some((attempt) => {
		if (attempt.updatedAt !== null) return attempt.updatedAt.getTime() === at;
		if (attempt.outcome === "failed") return false;
		const from = Math.floor(attempt.startedAt.getTime() / 1e3) * 1e3;
		const to = attempt.endedAt === null ? attempt.startedAt.getTime() + OPEN_ATTEMPT_MS : attempt.endedAt.getTime() + AFTER_ATTEMPT_MS;
		return from <= at && at <= to;
	});
}
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
		if (typeof json.document !== "string" || typeof json.published !== "boolean" || !Array.isArray(json.attempts)) return null;
		return {
			document: Document.parse(json.document),
			predecessor: typeof json.predecessor === "string" ? Document.parse(json.predecessor) : null,
			expectedUpdatedAt: dateOf(json.expectedUpdatedAt),
			published: json.published,
			attempts: json.attempts.map(readAttempt)
		};
	} catch (error) {
		if (error instanceof Failure || error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError) return null;
		throw error;
	}
}
function readAttempt(json) {
	const { outcome } = json;
	if (outcome !== "written" && outcome !== "failed" && outcome !== "unanswered") throw new RangeError("no outcome");
	return {
		startedAt: dateOf(json.startedAt),
		endedAt: json.endedAt === null ? null : dateOf(json.endedAt),
		updatedAt: json.updatedAt === null ? null : dateOf(json.updatedAt),
		outcome
	};
}
function dateOf(value) {
	const date = new Date(typeof value === "string" ? value : NaN);
	if (Number.isNaN(date.getTime())) throw new RangeError("no date");
	return date;
}

// src/action/ledger-file.ts
function ledgerFile(files, cipher, { base, holder }) {
	const path = ledgerPath(base);
	return {
		load: async () => {
			const envelope = await files.readBytes(path);
			const text = envelope && await cipher.open(holder, "ledger", envelope);
			return text ? readLedger(text) : null;
		},
		save: async (ledger) => files.write(path, await cipher.seal(holder, "ledger", writeLedger(ledger)), 384)
	};
}
function ledgerPath(base) {
	return join(base, "ledger");
}

// src/action/private-home.ts
const ROOM_BYTES = 16777216;
function privateHomeAt(directory) {
	return {
		directory,
		home: join(directory, "home")
	};
}
async function makePrivateHome(files, randomness, { base, document, handed, configFrom }) {
	const place = privateHomeAt(join(loginDirectory(base), `critical-${Buffer.from(randomness.bytes(6)).toString("hex")}`));
	try {
		await files.makePrivateDirectory(place.directory);
		await files.makePrivateDirectory(place.home);
		await files.write(join(place.directory, "predecessor.json"), document.line().reveal(), 384);
		await files.write(join(place.directory, "handed.json"), handed.line().reveal(), 384);
		const config = await files.readBytes(join(configFrom, "config.toml"));
		if (config) await files.write(join(place.home, "config.toml"), config, 384);
		await files.write(authPath(place.home), document.whole().reveal(), 384);
		const room = join(place.home, "room");
		await files.write(room, new Uint8Array(ROOM_BYTES), 384);
		await files.remove(room);
		return place;
	} catch (error) {
		await files.remove(place.directory).catch(() => {});
		throw noRoom(error);
	}
}
function noRoom(cause) {
	return new Failure("home-unwritable", "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed.", "Free some space under RUNNER_TEMP, or check its permissions.", { cause });
}
async function readPrivateHome(files, place) {
	const predecessor = await files.read(join(place.directory, "predecessor.json"));
	const handed = await files.read(join(place.directory, "handed.json"));
	if (predecessor === null || handed === null) return null;
	try {
		return {
			predecessor: Document.parse(predecessor),
			handed: Document.parse(handed),
			after: await files.read(authPath(place.home))
		};
	} catch (error) {
		if (error instanceof Failure) return null;
		throw error;
	}
}

export { reseedHint as $, warnUnlessSandboxed as A, reportOf as B, readHanded as C, execArguments as Ct, guardedPlaces as D, Failure as Dt, placeOf as E, writableRootsIn as Et, loadSession as F, refreshDue as G, saveReport as H, saveCriticalSection as I, readWorkingCopy as J, remainingMs as K, saveSession as L, captureEnvironment as M, forgetSession as N, prepareMachine as O, loadCriticalSection as P, renderRecovery as Q, loadNotice as R, maskTokens as S, protectionFlags as St, restore as T, switchesProfileOff as Tt, setOutputs as U, saveNotice as V, codexWouldRefresh as W, needsAPerson as X, alertMarker as Y, renderAlert as Z, stepLog as _, describeDuration as _t, ledgerFile as a, clearHome as at, watchCancellation as b, scrubEnvironment as bt, GitHubError as c, loginDirectory as ct, endProcess as d, guard as dt, describePlace as et, failStep as f, refusePublic as ft, stepChannel as g, Secret as gt, takeInputsForPost as h, secretValues as ht, readPrivateHome as i, chooseHome as it, applyEnvironment as j, removeRequirements as k, canHeal as l, readConfig as lt, takeInputs as m, mayRefresh as mt, noRoom as n, secretsPath as nt, ledgerPath as o, handedPath as ot, surroundingsOfStep as p, refusePublicReseed as pt, Document as q, privateHomeAt as r, authPath as rt, isOurAttempt as s, lastWritten as st, makePrivateHome as t, permissionOf as tt, explainStoreError as u, writeWorkingCopy as ut, diskFiles as v, provideCodex as vt, readWhatIsLeft as w, refuseUnprotectingArguments as wt, makeHome as x, configProtects as xt, machineClock as y, tellVersion as yt, loadReport as z };