"use strict";

const require_main = require("../main.cjs");
const require_choose_codex = require("./choose-codex.cjs");
const require_code_variables = require("./code-variables.cjs");
const require_protection = require("./protection.cjs");
const require_login_rules = require("./login-rules.cjs");
let node_path = require("node:path");
let node_os = require("node:os");

// src/core/codex/arguments.ts
function execArguments(question) {
	const { model, effort, outputSchemaPath, finalMessagePath, protection, extra } = question;
	return [
		"exec",
		"--skip-git-repo-check",
		...["-c", "cli_auth_credentials_store=\"file\""],
		...wantsEvents(extra) ? [] : ["--json"],
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
function wantsEvents(extra) {
	return extra.includes("--json") || extra.includes("--experimental-json");
}
const NEVER = {
	flags: /^--?(enable|disable|oss|local-provider|profile|ignore-user-config|.*(auth|login|credential|access-token|api-key|provider|remote|-url).*)$/,
	shortFlags: /^-p/,
	settings: /auth|login|credential|token_env|bearer|forced|provider|profile|feature|plugin|marketplace|connector|_url$|endpoint|^(apps?|apps_.*|orchestrator|cloud|otel|experimental_thread_store)$/
};
const UNPROTECTING = {
	flags: /^--?(full-auto|yolo|ignore-rules|.*(sandbox|dangerous|permission|approv|trust|hook|mcp|unsafe|escalat).*)$/,
	shortFlags: /^-[sa]/,
	settings: /permission|sandbox|approv|trust|guardian|auto_review|hook|notify|mcp|^(shell_.*|projects|agents|skills|network.*|windows|requirements|rules|zsh_path|js_repl_.*)$/
};
function refuseArguments(extra, scope) {
	for (const [index, word] of extra.entries()) {
		if (touches(NEVER, word, extra[index - 1])) throw new require_main.Failure("input-invalid", "`codex-args` holds a flag or a setting that touches authentication, providers or Codex's features.", "Remove it. For the account's connected apps and plugins there is the input `codex-apps`.");
		if (scope === "protected" && touches(UNPROTECTING, word, extra[index - 1])) throw new require_main.Failure("input-invalid", "`codex-args` holds a flag or a setting that touches permissions, approvals or trust: the model's commands could read the login.", "Choose the sandbox with the input `sandbox`; to give up the protection on purpose, set `protect-auth: off`.");
	}
}
function touches(kind, word, before) {
	const setting = settingIn(word, before);
	if (setting !== null) {
		const key = rootOf(setting);
		return key === null || kind.settings.test(key);
	}
	const [flag = ""] = word.split("=", 1);
	return word.startsWith("--") && kind.flags.test(flag.toLowerCase()) || kind.shortFlags.test(word);
}
function settingIn(word, before) {
	if (before === "-c" || before === "--config") return word;
	if (word.startsWith("--config=")) return word.slice(9);
	return /^-c./s.test(word) ? word.slice(2).replace(/^=/, "") : null;
}
function rootOf(setting) {
	return /^\s*([\w-]+)\s*[.=]/.exec(setting)?.[1]?.toLowerCase() ?? null;
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

// src/action/job/job-environment.ts
function scrubbedEnvironment({ environment }, secrets) {
	return withoutStepFiles(require_main.scrubEnvironment(environment, secrets), { run: null });
}
async function jobEnvironment({ inputs, files, environment, path }, { secrets, home, base, command }) {
	const scrubbed = {
		...withoutStepFiles(require_main.scrubEnvironment(environment, secrets), inputs),
		...inputs.codexEnvironment,
		CODEX_HOME: home
	};
	const jobPath = inputs.codexEnvironment.PATH ?? path.ofJob();
	if (inputs.protectAuth === "off" || inputs.sandbox === "danger-full-access") {
		const commands = withPath(scrubbed, jobPath);
		return {
			commands,
			codex: commands,
			commandPath: void 0
		};
	}
	const trusted = path.outsideWorkspace(jobPath);
	const commandPath = await require_protection.pathOfCommands(files, {
		base,
		command,
		path: jobPath,
		trusted
	});
	const commands = withPath(scrubbed, commandPath);
	const isOutside = (candidate) => path.outsideWorkspace(candidate) !== "";
	const codex = {
		...withPath(require_code_variables.withoutCode(commands, isOutside), trusted),
		GIT_DIR: inputs.codexEnvironment.GIT_DIR ?? NO_REPOSITORY
	};
	return {
		commands,
		codex,
		commandPath: codex.PATH === commandPath ? void 0 : commandPath
	};
}
const NO_REPOSITORY = node_os.devNull;
function withPath(environment, path) {
	return environment.PATH === path ? environment : {
		...environment,
		PATH: path
	};
}
function withoutStepFiles(environment, { run }) {
	const kept = run === null ? [] : [
		"GITHUB_ENV",
		"GITHUB_PATH",
		"GITHUB_OUTPUT",
		"GITHUB_STEP_SUMMARY"
	];
	const files = STEP_FILES.filter((name) => !kept.includes(name));
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !files.includes(name)));
}
const STEP_FILES = [
	"GITHUB_STATE",
	"GITHUB_ENV",
	"GITHUB_PATH",
	"GITHUB_OUTPUT",
	"GITHUB_STEP_SUMMARY"
];

// src/action/job/login-settings.ts
const MANAGED = "/etc/codex/managed_config.toml";
const SYSTEM = "/etc/codex/config.toml";
async function refuseForbiddenLogin(files, { home, login }) {
	const paths = [
		MANAGED,
		(0, node_path.join)(home, "config.toml"),
		SYSTEM
	];
	const texts = await Promise.all(paths.map((path) => files.read(path).catch(() => null)));
	const asks = [
		/forced_|credentials_store/,
		/forced_/,
		/forced_/
	];
	if (!texts.some((text, index) => text !== null && asks[index]?.test(text))) return;
	const { readLoginRules } = await Promise.resolve().then(() => require("./user-config.cjs"));
	const layers = texts.flatMap((text, index) => {
		const rules = text === null ? null : readLoginRules(text);
		if (rules === null) return [];
		const source = paths[index] ?? "";
		return source === MANAGED ? [{
			...rules,
			source
		}] : [{
			...rules,
			cli_auth_credentials_store: void 0,
			source
		}];
	});
	const forbidding = require_login_rules.forbiddingSetting(layers, login.accountId);
	if (forbidding) throw new require_main.Failure("login-forbidden", require_login_rules.tellForbidden(forbidding), require_login_rules.CHANGE_SETTING);
}

// src/core/text/relay.ts
const LONGEST_LINE = 1048576;
const LF = 10;
const CR = 13;
const STARS = Buffer.from("***");
const NOTHING = Buffer.alloc(0);
var RelayedLines = class {
	#hidden;
	#lines = /* @__PURE__ */ new Map();
	#open = null;
	constructor(hidden) {
		this.#hidden = hidden;
	}
	write(source, bytes) {
		const out = [];
		const chunk = Buffer.from(bytes);
		let begin = 0;
		for (let at = 0; at < chunk.length; at++) {
			if (chunk[at] !== LF && chunk[at] !== CR) continue;
			this.#hold(source, chunk.subarray(begin, at));
			this.#endLine(source, chunk.subarray(at, at + 1), out);
			begin = at + 1;
		}
		this.#hold(source, chunk.subarray(begin));
		if (this.#line(source).heldBytes > LONGEST_LINE) this.#letPieceOut(source, out);
		return Buffer.concat(out);
	}
	end() {
		const out = [];
		for (const [source, { heldBytes }] of this.#lines) if (heldBytes > 0) this.#endLine(source, NOTHING, out);
		return Buffer.concat(out);
	}
	#line(source) {
		const line = this.#lines.get(source) ?? {
			held: [],
			heldBytes: 0,
			isBegun: false,
			isSwallowed: false
		};
		this.#lines.set(source, line);
		return line;
	}
	#hold(source, bytes) {
		const line = this.#line(source);
		if (bytes.length === 0) return;
		line.held.push(bytes);
		line.heldBytes += bytes.length;
	}
	#takeHeld(source) {
		const line = this.#line(source);
		const held = Buffer.concat(line.held);
		line.held = [];
		line.heldBytes = 0;
		return held;
	}
	#endLine(source, end, out) {
		const shown = this.#showLine(source, this.#takeHeld(source));
		Object.assign(this.#line(source), {
			isBegun: false,
			isSwallowed: false
		});
		if (shown !== null) this.#put(source, Buffer.concat([shown, end]), out);
	}
	#showLine(source, held) {
		const { isBegun, isSwallowed } = this.#line(source);
		if (isSwallowed) return NOTHING;
		const mask = source === "said" ? null : readMask(held);
		if (mask === null) return this.#hide(held);
		for (const value of mask.values) this.#hidden.add(value);
		return mask.before.length > 0 || isBegun ? Buffer.concat([this.#hide(mask.before), STARS]) : null;
	}
	#letPieceOut(source, out) {
		const line = this.#line(source);
		const held = this.#takeHeld(source);
		if (line.isSwallowed) return;
		line.isBegun = true;
		const mask = source === "said" ? null : readMask(held);
		if (mask !== null) {
			line.isSwallowed = true;
			this.#put(source, Buffer.concat([this.#hide(mask.before), STARS]), out);
			return;
		}
		const longest = Math.max(0, ...[...this.#hidden].map((value) => Buffer.byteLength(value) - 1));
		const cut = Math.max(0, held.length - longest);
		const at = this.#hiddenRanges(held).find(({ start, end }) => start < cut && end > cut)?.start ?? cut;
		this.#put(source, this.#hide(held.subarray(0, at)), out);
		this.#hold(source, held.subarray(at));
	}
	#put(source, bytes, out) {
		if (bytes.length === 0) return;
		if (this.#open !== null && this.#open !== source) out.push(Buffer.of(LF));
		out.push(bytes);
		const last = bytes.at(-1);
		this.#open = last === LF || last === CR ? null : source;
	}
	#hide(text) {
		const ranges = this.#hiddenRanges(text);
		if (ranges.length === 0) return text;
		const parts = [];
		let shown = 0;
		for (const { start, end } of ranges) {
			parts.push(text.subarray(shown, start), STARS);
			shown = end;
		}
		return Buffer.concat([...parts, text.subarray(shown)]);
	}
	#hiddenRanges(text) {
		const found = [];
		for (const value of this.#hidden) {
			const bytes = Buffer.from(value);
			for (let at = text.indexOf(bytes); at >= 0; at = text.indexOf(bytes, at + 1)) found.push({
				start: at,
				end: at + bytes.length
			});
		}
		found.sort((left, right) => left.start - right.start);
		const joined = [];
		for (const range of found) {
			const last = joined.at(-1);
			if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
			else joined.push(range);
		}
		return joined;
	}
};
const AT_BEGIN = /^[\s\u0085]*::add-mask(?: .*?)?::/is;
const ANYWHERE = /##\[add-mask(?: [^\]]*)?\]/i;
function readMask(line) {
	const text = line.toString("latin1");
	if (!/add-mask/i.test(text)) return null;
	const begin = AT_BEGIN.test(line.toString("utf8")) ? /::add-mask(?: .*?)?::/is.exec(text) : null;
	const command = begin ?? ANYWHERE.exec(text);
	if (command === null) return null;
	const data = line.subarray(command.index + command[0].length).toString("utf8");
	const value = data.replace(/%(0D|0A|3B|5D|25)/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
	const values = [
		data,
		value,
		...value.split(/[\r\n]+/)
	];
	return {
		before: begin === null ? line.subarray(0, command.index) : NOTHING,
		values: [...new Set(values)].filter((part) => part.trim() !== "")
	};
}

// src/action/job/relay.ts
async function withRelay({ log, randomness }, act) {
	const outlet = log.relay;
	const lines = new RelayedLines(outlet.hidden);
	let isOpen = true;
	const write = (source, bytes) => {
		if (isOpen) outlet.write(lines.write(source, bytes));
	};
	outlet.open(Buffer.from(randomness.bytes(16)).toString("hex"));
	try {
		return await act({
			write,
			say: (text) => write("said", Buffer.from(text.endsWith("\n") ? text : `${text}\n`))
		});
	} finally {
		isOpen = false;
		outlet.write(lines.end());
		outlet.close();
	}
}

// src/action/job/run.ts
const SHELLS = {
	bash: {
		command: "bash --noprofile --norc -eo pipefail {0}",
		extension: "sh"
	},
	sh: {
		command: "sh -e {0}",
		extension: "sh"
	},
	pwsh: {
		command: "pwsh -command . '{0}'",
		extension: "ps1"
	},
	python: {
		command: "python {0}",
		extension: "py"
	}
};
async function runCommands({ files, commands }, job) {
	const { command, extension } = SHELLS[job.shell] ?? {
		command: job.shell,
		extension: "sh"
	};
	const [file = "", ...template] = command.split(/\s+/);
	if (!template.some((word) => word.includes("{0}"))) throw new require_main.Failure("input-invalid", "The input `shell` has no {0} for the script.", "Write bash, sh, pwsh, python, or a command with {0}.");
	const path = (0, node_path.join)(job.base, `run.${extension}`);
	await files.write(path, `${job.script}\n`, 448);
	try {
		const { exitCode, signal } = await commands.run({
			file,
			args: template.map((word) => word.replaceAll("{0}", path)),
			directory: job.directory,
			environment: job.environment,
			output: job.output
		}).catch((error) => {
			if (!isSystemError(error)) throw error;
			throw new require_main.Failure("run-failed", `The command in \`run\` could not be started: there is no ${require_main.foreign(file)}, or no directory ${require_main.foreign(job.directory)}.`, "Check the inputs `shell` and `working-directory`.", { cause: error });
		});
		if (exitCode === 0) return;
		const end = signal ? `was ended by ${signal}` : `exited with code ${exitCode}`;
		throw new require_main.Failure("run-failed", `The command in \`run\` ${end}.`, "See its output above.");
	} finally {
		await files.remove(path);
	}
}
function isSystemError(error) {
	return error instanceof Error && "code" in error;
}

// src/action/job/user-job.ts
async function runJob(services, login, handed) {
	const { inputs, channel, cancellation } = services;
	if (cancellation.requested()) throw new require_main.Failure("cancelled", "The job was cancelled.", "Run it again.");
	const secrets = [...require_main.secretValues(inputs), ...handed.tokens];
	const tools = await services.tools(scrubbedEnvironment(services, secrets));
	const command = await require_choose_codex.provideCodex(tools.program, channel, inputs.codexVersion);
	if (inputs.run === null && inputs.prompt === null) return;
	const { guarded, guard } = await protect(services, login, {
		command,
		tools,
		handed
	});
	const { base, home } = login.session;
	const job = {
		tools,
		command,
		base,
		home,
		guarded,
		guard,
		loginPath: login.loginPath,
		root: services.context.workspace ?? process.cwd(),
		environment: await jobEnvironment(services, {
			secrets,
			home,
			base,
			command
		})
	};
	if (inputs.run !== null) await runScript(services, job, inputs.run);
	const recordUsage = (usage) => login.recordUsage(usage);
	if (inputs.prompt !== null) await runCodex(services, {
		...job,
		recordUsage
	}, inputs.prompt);
}
async function protect(services, login, { command, tools, handed }) {
	const { base, home } = login.session;
	const places = {
		home,
		base,
		loginPath: login.loginPath,
		programs: [command]
	};
	const guard = (roots) => require_protection.guardedPlaces(services, places, roots);
	const guarded = await guard([]);
	await require_protection.refuseForeignConfig(services, {
		home,
		guarded
	});
	await require_protection.refusePlantedSettings(services.files, {
		home,
		base
	});
	await refuseForbiddenLogin(services.files, {
		home,
		login: handed
	});
	const { madeRequirements } = await require_protection.prepareMachine(services, {
		guarded,
		machine: tools.machine
	});
	if (madeRequirements) login.recordRequirements();
	return {
		guarded,
		guard
	};
}
async function runScript({ inputs, files, log }, { tools, base, root, environment }, script) {
	if (inputs.protectAuth === "profile" && switchesProfileOff(script)) log.warning("The command in `run` gives Codex a sandbox by flag, which switches the permission profile off: what the model runs can read the login. Leave the flag out and use the input `sandbox`, or set `protect-auth: enforced`.");
	const { shell, workingDirectory } = inputs;
	const directory = workingDirectory ?? root;
	await withRelay({
		log,
		...tools
	}, ({ write: output }) => runCommands({
		files,
		commands: tools.commands
	}, {
		base,
		environment: environment.commands,
		script,
		shell,
		directory,
		output
	}));
}
async function runCodex(services, job, prompt) {
	const { inputs, files, channel } = services;
	const { tools, command, base, home, loginPath, root, guarded, guard } = job;
	const { codex: environment, commandPath } = job.environment;
	const codex = {
		command,
		version: await require_choose_codex.tellVersion(tools.program, channel, command)
	};
	const { runPrompt, readArguments, absolute } = await Promise.resolve().then(() => require("./prompt.cjs"));
	const { refusePlantedFiles } = await Promise.resolve().then(() => require("./prompt-files.cjs"));
	const { workingDirectory } = inputs;
	const directory = absolute(root, workingDirectory);
	await refusePlantedFiles(tools.named, {
		root,
		home,
		workingDirectory,
		directory,
		loginPath,
		kept: [base, home],
		codexArgs: readArguments(prompt.codexArgs),
		config: await require_main.readConfig(files, home) ?? ""
	});
	const { demandSandbox } = await Promise.resolve().then(() => require("./sandbox-probe.cjs"));
	await demandSandbox({
		inputs,
		files,
		program: tools.program
	}, {
		codex,
		home,
		directory,
		guarded,
		environment
	});
	const { recordUsage } = job;
	await runPrompt({
		...services,
		...tools
	}, {
		base,
		environment,
		commandPath,
		prompt,
		guard,
		codex,
		root,
		directory,
		protection: inputs,
		recordUsage
	});
}

exports.execArguments = execArguments;
exports.isSystemError = isSystemError;
exports.refuseArguments = refuseArguments;
exports.runJob = runJob;
exports.wantsEvents = wantsEvents;
exports.withRelay = withRelay;
exports.writableRootsIn = writableRootsIn;