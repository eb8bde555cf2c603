import "./rolldown-runtime.js";
import { r as switchesProfileOff } from "./arguments.js";
import { Jt as readConfig, en as scrubEnvironment, nn as Failure, wt as secretValues } from "./quiet.js";
import { n as tellVersion, t as provideCodex } from "./choose-codex.js";
import { t as withoutCode } from "./code-variables.js";
import { i as prepareMachine, l as warnUnlessSandboxed, o as refuseForeignConfig, r as pathOfCommands, s as refusePlantedSettings, t as guardedPlaces } from "./protection2.js";
import { n as runCommands, r as withRelay } from "./run.js";
import { devNull } from "node:os";

// src/action/job/job-environment.ts
function scrubbedEnvironment({ environment }, secrets) {
	return withoutStepFiles(scrubEnvironment(environment, secrets), { run: null });
}
async function jobEnvironment({ inputs, files, environment, path }, { secrets, home, base, command }) {
	const scrubbed = {
		...withoutStepFiles(scrubEnvironment(environment, secrets), inputs),
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
	const commandPath = await pathOfCommands(files, {
		base,
		command,
		path: jobPath,
		trusted
	});
	const commands = withPath(scrubbed, commandPath);
	const isOutside = (candidate) => path.outsideWorkspace(candidate) !== "";
	const codex = {
		...withPath(withoutCode(commands, isOutside), trusted),
		GIT_DIR: inputs.codexEnvironment.GIT_DIR ?? NO_REPOSITORY
	};
	return {
		commands,
		codex,
		commandPath: codex.PATH === commandPath ? void 0 : commandPath
	};
}
const NO_REPOSITORY = devNull;
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

// src/action/job/user-job.ts
async function runJob(services, login, handed) {
	const { inputs, channel, cancellation } = services;
	if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
	const secrets = [...secretValues(inputs), ...handed.tokens];
	const tools = await services.tools(scrubbedEnvironment(services, secrets));
	const command = await provideCodex(tools.program, channel, inputs.codexVersion);
	if (inputs.run === null && inputs.prompt === null) return;
	const { guarded, guard } = await protect(services, login, {
		command,
		tools
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
	if (inputs.prompt !== null) await runCodex(services, job, inputs.prompt);
}
async function protect(services, login, { command, tools }) {
	const { base, home } = login.session;
	const places = {
		home,
		base,
		loginPath: login.loginPath,
		programs: [command]
	};
	const guard = (roots) => guardedPlaces(services, places, roots);
	const guarded = await guard([]);
	await refuseForeignConfig(services, {
		home,
		guarded
	});
	await refusePlantedSettings(services.files, {
		home,
		base
	});
	const { madeRequirements } = await prepareMachine(services, {
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
	const { inputs, files, channel, log } = services;
	const { tools, command, base, home, loginPath, root, guarded, guard } = job;
	const { codex: environment, commandPath } = job.environment;
	await tellVersion(tools.program, channel, command);
	const { runPrompt, readArguments, absolute } = await import("./prompt.js");
	const { refusePlantedFiles } = await import("./prompt-files.js");
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
		config: await readConfig(files, home) ?? ""
	});
	await warnUnlessSandboxed({
		...services,
		program: tools.program
	}, {
		command,
		home,
		directory,
		guarded,
		environment
	});
	await runPrompt({
		files,
		channel,
		log,
		...tools
	}, {
		base,
		environment,
		commandPath,
		prompt,
		guard,
		command,
		root,
		directory,
		protection: inputs
	});
}

export { runJob as t };