import "./rolldown-runtime.js";
import { a as switchesProfileOff, n as runCommands } from "./job.js";
import { dt as secretValues, ht as Failure, pt as scrubEnvironment } from "./quiet.js";
import { n as tellVersion, t as provideCodex } from "./codex.js";
import { a as warnUnlessSandboxed, n as prepareMachine, t as guardedPlaces } from "./protection2.js";

// src/core/dead-access-token.ts
const SIGN = "access token could not be refreshed";
var DeadAccessTokenWatch = class {
	#tail = "";
	#seen = false;
	read(text) {
		if (this.#seen) return;
		const joined = this.#tail + text;
		this.#seen = joined.includes(SIGN);
		this.#tail = joined.slice(-35);
	}
	reset() {
		this.#tail = "";
		this.#seen = false;
	}
	get seen() {
		return this.#seen;
	}
};

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
	const watch = new DeadAccessTokenWatch();
	const codexStamp = await files.stamp(command);
	const root = surroundings.workspace ?? process.cwd();
	const job = {
		base,
		environment: scrubbed,
		output: (text) => watch.read(text)
	};
	try {
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
			const run = () => runPrompt({
				files,
				channel,
				log,
				...tools
			}, prompt);
			await run().catch(async (error) => {
				if (!watch.seen || cancellation.requested() || !await login.replaceDeadAccessToken()) throw error;
				watch.reset();
				log.info("Trying the prompt once more, with the new access token.");
				return run();
			});
		}
	} finally {
		if (inputs.refreshToken === "present") await login.publishWhatChanged();
		if (inputs.run !== null && watch.seen && !cancellation.requested()) {
			if (await provideCodex(tools.program, channel, inputs.codexVersion) === command && await files.stamp(command) === codexStamp) await login.replaceDeadAccessToken();
			else log.warning("The command in `run` has changed `codex` on PATH, so the login is not refreshed with it.");
		}
	}
}

export { runJob as t };