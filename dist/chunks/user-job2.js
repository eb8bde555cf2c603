import "./rolldown-runtime.js";
import { r as switchesProfileOff } from "./codex-arguments.js";
import { Et as readConfig, Ht as secretValues, Jt as Failure, qt as scrubEnvironment } from "./quiet.js";
import { n as tellVersion, t as provideCodex } from "./codex.js";
import { r as runCommands, t as withRelay } from "./relay.js";
import { a as warnUnlessSandboxed, n as prepareMachine, t as guardedPlaces } from "./protection2.js";

// src/action/user-job.ts
async function runJob(collaborators, login, handed) {
	const { inputs, surroundings, files, channel, log, environment, cancellation } = collaborators;
	if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
	const { base, home } = login.session;
	const secrets = [...secretValues(inputs), ...handed.tokens];
	const tools = await collaborators.tools(scrubEnvironment(environment, secrets));
	const command = await provideCodex(tools.program, channel, inputs.codexVersion);
	if (inputs.run === null && inputs.prompt === null) return;
	const guarded = await guardedPlaces(collaborators, {
		home,
		base,
		loginPath: login.loginPath
	});
	const { madeRequirements } = await prepareMachine(collaborators, {
		guarded,
		machine: tools.machine
	});
	if (madeRequirements) login.recordRequirements();
	const scrubbed = {
		...withoutStepFiles(scrubEnvironment(environment, secrets), inputs),
		...inputs.codexEnvironment,
		CODEX_HOME: home
	};
	const root = surroundings.workspace ?? process.cwd();
	const job = {
		base,
		environment: scrubbed
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
			...collaborators,
			program: tools.program
		}, {
			command,
			home,
			directory,
			guarded,
			environment: scrubbed
		});
		const prompt = {
			...job,
			prompt: inputs.prompt,
			protection: inputs,
			guard: (roots) => guardedPlaces(collaborators, {
				home,
				base,
				loginPath: login.loginPath
			}, roots),
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