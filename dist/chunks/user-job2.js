import "./rolldown-runtime.js";
import { r as switchesProfileOff } from "./arguments.js";
import { r as withoutCode } from "./integrity.js";
import { $t as readConfig, an as scrubEnvironment, kt as secretValues, sn as Failure } from "./quiet.js";
import { n as tellVersion, t as provideCodex } from "./choose-codex.js";
import { i as prepareMachine, l as warnUnlessSandboxed, o as refuseForeignConfig, r as pathOfCommands, s as refusePlantedSettings, t as guardedPlaces } from "./protection2.js";
import { n as runCommands, r as withRelay } from "./run.js";
import { devNull } from "node:os";

// src/action/job/user-job.ts
async function runJob(services, login, handed) {
	const { inputs, context, files, channel, log, environment, cancellation } = services;
	if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
	const { base, home } = login.session;
	const secrets = [...secretValues(inputs), ...handed.tokens];
	const tools = await services.tools(withoutStepFiles(scrubEnvironment(environment, secrets), { run: null }));
	const command = await provideCodex(tools.program, channel, inputs.codexVersion);
	if (inputs.run === null && inputs.prompt === null) return;
	const places = {
		home,
		base,
		loginPath: login.loginPath,
		programs: [command]
	};
	const guarded = await guardedPlaces(services, places);
	await refuseForeignConfig(services, {
		home,
		guarded
	});
	await refusePlantedSettings(files, {
		home,
		base
	});
	const { madeRequirements } = await prepareMachine(services, {
		guarded,
		machine: tools.machine
	});
	if (madeRequirements) login.recordRequirements();
	const scrubbed = {
		...withoutStepFiles(scrubEnvironment(environment, secrets), inputs),
		...inputs.codexEnvironment,
		CODEX_HOME: home
	};
	const jobPath = inputs.codexEnvironment.PATH ?? services.path.ofJob();
	const trusted = services.path.outsideWorkspace(jobPath);
	const isOpen = inputs.protectAuth === "off" || inputs.sandbox === "danger-full-access";
	const commandPath = isOpen ? jobPath : await pathOfCommands(files, {
		base,
		command,
		path: jobPath,
		trusted
	});
	const root = context.workspace ?? process.cwd();
	const job = {
		base,
		environment: withPath(scrubbed, commandPath)
	};
	if (inputs.run !== null) {
		const directory = inputs.workingDirectory ?? root;
		if (inputs.protectAuth === "profile" && switchesProfileOff(inputs.run)) log.warning("The command in `run` gives Codex a sandbox by flag, which switches the permission profile off: what the model runs can read the login. Leave the flag out and use the input `sandbox`, or set `protect-auth: enforced`.");
		const { run, shell } = inputs;
		await withRelay({
			log,
			...tools
		}, (relay) => runCommands({
			files,
			commands: tools.commands
		}, {
			...job,
			script: run,
			shell,
			directory,
			output: relay.write
		}));
	}
	if (inputs.prompt !== null) {
		await tellVersion(tools.program, channel, command);
		const { runPrompt, readArguments, absolute } = await import("./prompt.js");
		const { refusePlantedFiles } = await import("./prompt-files.js");
		const { workingDirectory, prompt: asked } = inputs;
		const directory = absolute(root, workingDirectory);
		const isOutside = (path) => services.path.outsideWorkspace(path) !== "";
		const ofCodex = isOpen ? job.environment : {
			...withPath(withoutCode(job.environment, isOutside), trusted),
			GIT_DIR: inputs.codexEnvironment.GIT_DIR ?? NO_REPOSITORY
		};
		await refusePlantedFiles(tools.named, {
			root,
			home,
			workingDirectory,
			directory,
			kept: [base, home],
			loginPath: login.loginPath,
			codexArgs: readArguments(asked.codexArgs),
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
			environment: ofCodex
		});
		const prompt = {
			base,
			environment: ofCodex,
			...ofCodex.PATH === commandPath ? {} : { commandPath },
			prompt: inputs.prompt,
			protection: inputs,
			guard: (roots) => guardedPlaces(services, places, roots),
			command,
			root,
			directory
		};
		await runPrompt({
			files,
			channel,
			log,
			...tools
		}, prompt);
	}
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

export { runJob as t };