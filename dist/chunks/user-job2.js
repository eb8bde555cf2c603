import "./rolldown-runtime.js";
import { a as switchesProfileOff, n as runCommands } from "./job.js";
import { ft as secretValues, gt as Failure, mt as scrubEnvironment } from "./quiet.js";
import { n as tellVersion, t as provideCodex } from "./codex.js";
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
		...scrubEnvironment(environment, secrets),
		...inputs.codexEnvironment,
		CODEX_HOME: home
	};
	const root = surroundings.workspace ?? process.cwd();
	const job = {
		base,
		environment: scrubbed,
		output: () => {}
	};
	if (inputs.run !== null) {
		const directory = inputs.workingDirectory ?? root;
		if (inputs.protectAuth === "profile" && switchesProfileOff(inputs.run)) log.warning("The command in `run` gives Codex a sandbox by flag, which switches the permission profile off: what the model runs can read the login. Leave the flag out and use the input `sandbox`, or set `protect-auth: enforced`.");
		await runCommands({
			files,
			commands: tools.commands
		}, {
			...job,
			script: inputs.run,
			shell: inputs.shell,
			directory
		});
	}
	if (inputs.prompt !== null) {
		await tellVersion(tools.program, channel, command);
		const { runPrompt, absolute } = await import("./prompt.js");
		const directory = absolute(root, inputs.workingDirectory);
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

export { runJob as t };