import "./rolldown-runtime.js";
import { r as switchesProfileOff } from "./codex-arguments.js";
import { dt as scrubEnvironment, lt as secretValues, pt as Failure } from "./quiet.js";
import { n as tellVersion, t as provideCodex } from "./codex.js";
import { a as warnUnlessSandboxed, n as prepareMachine, t as guardedPlaces } from "./protection2.js";
import { join } from "node:path";

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

// src/action/job.ts
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
	if (!template.some((word) => word.includes("{0}"))) throw new Failure("input-invalid", "The input `shell` has no {0} for the script.", "Write bash, sh, pwsh, python, or a command with {0}.");
	const path = join(job.base, `run.${extension}`);
	await files.write(path, `${job.script}\n`, 448);
	try {
		const { exitCode, signal } = await commands.run({
			file,
			args: template.map((word) => word.replaceAll("{0}", path)),
			directory: job.directory,
			environment: job.environment,
			output: job.output
		}).catch((error) => {
			throw new Failure("run-failed", `The command in \`run\` could not be started: there is no ${file}, or no directory ${job.directory}.`, "Check the inputs `shell` and `working-directory`. The login itself is taken care of.", { cause: error });
		});
		if (exitCode === 0) return;
		const end = signal ? `was ended by ${signal}` : `exited with code ${exitCode}`;
		throw new Failure("run-failed", `The command in \`run\` ${end}.`, "See its output above. The login itself is taken care of.");
	} finally {
		await files.remove(path);
	}
}

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