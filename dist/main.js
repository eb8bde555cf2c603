import "./chunks/rolldown-runtime.js";
import { A as fingerprint, C as remainingMs, E as mayRefresh, M as describeDuration, N as Failure, O as secretValues, S as refreshDue, T as readWorkingCopy, d as captureEnvironment, g as authPath, h as saveSession, i as machineClock, j as scrubEnvironment, n as stepLog, o as readHanded, p as loadSession, r as diskFiles, s as restore, t as stepChannel, v as writeWorkingCopy } from "./chunks/step-channel.js";
import { t as guard } from "./chunks/guards.js";
import { a as saveReport, i as reportOf, o as setOutputs, t as watchCancellation } from "./chunks/cancellation.js";
import { i as takeInputs, n as failStep, r as surroundingsOfStep, t as endProcess } from "./chunks/step.js";
import { join } from "node:path";
import { spawn } from "node:child_process";

// src/action/job.ts
/** How GitHub's `run:` starts the shells it knows; anything else is a template with `{0}`. */
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
/**
* Runs the user's commands.
*
* @param environment already scrubbed, with `CODEX_HOME`
* @throws {Failure} `run-failed` with the exit code, `input-invalid` for a shell without `{0}`
*/
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
			environment: job.environment
		});
		if (exitCode === 0) return;
		const end = signal ? `was ended by ${signal}` : `exited with code ${exitCode}`;
		throw new Failure("run-failed", `The command in \`run\` ${end}.`, "See its output above. The login itself is taken care of.");
	} finally {
		await files.remove(path);
	}
}

// src/action/main.ts
/** Main: restores if pre did not, refreshes when due, and runs the user's job. @throws {Failure} */
async function main(collaborators) {
	const { inputs, surroundings, log, channel, environment } = collaborators;
	guard(inputs, surroundings);
	const restored = loadSession(channel) ?? await restore(collaborators);
	const handed = readHanded(inputs.secret, log);
	const step = new MainStep(collaborators, handed, {
		...restored,
		environment: captureEnvironment(environment)
	});
	await step.settleLogin();
	await step.runJob();
}
var MainStep = class {
	#collaborators;
	#handed;
	#session;
	#report;
	constructor(collaborators, handed, session) {
		this.#collaborators = collaborators;
		this.#handed = handed;
		this.#session = session;
		this.#report = reportOf(handed, {
			role: mayRefresh(collaborators.inputs) ? "keeper" : "borrower",
			restoredFrom: session.ownsHome ? "secret" : "home",
			rotated: false,
			published: false,
			events: [],
			rescue: null
		});
	}
	/** Leaves a working copy in the home that the job can live on. */
	async settleLogin() {
		try {
			await this.#settle();
		} finally {
			this.#keepState();
			setOutputs(this.#collaborators.channel, this.#session.home, this.#report);
		}
	}
	async #settle() {
		const { inputs, clock, log } = this.#collaborators;
		const present = await this.#presentCopy();
		if (!mayRefresh(inputs)) this.#demandLifetime(present);
		else if (inputs.refreshToken === "present" || this.#due(present)) await this.#enterCriticalSection();
		else log.info(`Nothing is due: the access token is valid for ${describeDuration(remainingMs(present, clock.now()))}.`);
	}
	async runJob() {
		const { inputs, surroundings, files, commands, environment, cancellation } = this.#collaborators;
		if (inputs.run === null) return;
		if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
		const scrubbed = scrubEnvironment(environment, [...secretValues(inputs), ...this.#handed.tokens]);
		try {
			await runCommands({
				files,
				commands
			}, {
				script: inputs.run,
				shell: inputs.shell,
				base: this.#session.base,
				directory: inputs.workingDirectory ?? surroundings.workspace ?? process.cwd(),
				environment: {
					...scrubbed,
					...inputs.codexEnvironment,
					CODEX_HOME: this.#session.home
				}
			});
		} finally {
			if (inputs.refreshToken === "present") await this.#publishWhatChanged();
		}
	}
	/** What stands in the home, for deciding what is due: an earlier step may have refreshed it. */
	async #presentCopy() {
		const { files } = this.#collaborators;
		if (this.#session.ownsHome) return this.#handed;
		const text = await files.read(authPath(this.#session.home));
		return (text === null ? null : readWorkingCopy(text)) ?? this.#handed;
	}
	#due(document) {
		const { inputs, surroundings, clock } = this.#collaborators;
		const { refreshWindowMs, minimumLifetimeMs } = inputs;
		const policy = inputs.refresh;
		return refreshDue({
			policy,
			document,
			now: clock.now(),
			refreshWindowMs,
			minimumLifetimeMs,
			branch: surroundings.branch
		});
	}
	#demandLifetime(document) {
		const { inputs, clock, log } = this.#collaborators;
		const leftMs = remainingMs(document, clock.now());
		if (leftMs < inputs.minimumLifetimeMs) throw new Failure("access-token-expiring", leftMs > 0 ? `The access token is valid for only ${describeDuration(leftMs)}, less than \`minimum-lifetime\`, and this job does not refresh.` : "The access token has expired, and this job does not refresh.", "Run a keeper (the maintenance workflow), then start a new run of this one.");
		log.info(`Borrowing the access token (valid ${describeDuration(leftMs)}); this job never refreshes.`);
	}
	async #enterCriticalSection() {
		const { log } = this.#collaborators;
		const online = await this.#collaborators.online(this.#session, this.#handed);
		await online.checkSurroundings();
		const outcome = await online.enterCriticalSection({ due: (document) => this.#due(document) });
		switch (outcome.kind) {
			case "borrowed":
				log.warning(`${outcome.because.message} This job goes on with the access token it has. ${outcome.because.hint}`);
				this.#report = {
					...this.#reportFor(outcome.document, outcome.document),
					role: "borrower"
				};
				this.#note(outcome.because, null);
				await this.#adopt(outcome.document);
				return;
			case "kept":
				this.#report = this.#reportFor(outcome.ledger.document, outcome.ledger.document);
				await this.#adopt(outcome.ledger.document);
				return;
			case "refreshed":
				await this.#settleRefresh(outcome);
				return;
		}
	}
	async #settleRefresh(outcome) {
		const { inputs, log } = this.#collaborators;
		const { publication, rotated, ledger } = outcome;
		const published = publication.kind === "published";
		this.#report = {
			...this.#reportFor(ledger.document, ledger.predecessor ?? this.#handed),
			rotated,
			published
		};
		await this.#adopt(ledger.document);
		switch (publication.kind) {
			case "published":
				log.info(`Published generation ${ledger.document.generation}.`);
				break;
			case "pending":
				this.#note(publication.failure, publication.rescue);
				log.warning(`${publication.failure.message} The refreshed login is not stored yet; post tries again. ${publication.failure.hint}`);
				if (!publication.handedOver) throw publication.failure;
				break;
			case "refused":
				this.#note(publication.failure, publication.rescue);
				if (publication.rescue) log.info(`To store this job's document all the same:\n${publication.rescue}`);
				throw publication.failure;
		}
		if (inputs.refresh === "force" && !rotated) throw new Failure("refresh-not-rotated", "Codex renewed the tokens, but the refresh token did not change: `refresh: force` proves nothing this way.", "The renewed login is stored. Run again; if it stays so, see docs/troubleshooting.md.");
	}
	/** After `run` with the refresh token present: Codex may have rotated it there. */
	async #publishWhatChanged() {
		const outcome = await (await this.#collaborators.online(this.#session, this.#handed)).publishChangedHome();
		if (outcome === null) return;
		const { ledger } = outcome;
		this.#report = {
			...this.#reportFor(ledger.document, this.#handed),
			rotated: true,
			published: outcome.kind === "published"
		};
		if (outcome.kind !== "published") this.#note(outcome.failure, outcome.rescue);
		else this.#session = {
			...this.#session,
			written: await this.#fingerprintOfHome()
		};
		this.#keepState();
		setOutputs(this.#collaborators.channel, this.#session.home, this.#report);
	}
	/** Puts the document that the job shall live on into the home. */
	async #adopt(document) {
		const { inputs, files } = this.#collaborators;
		const copy = inputs.refreshToken === "present" && this.#report.role === "keeper" ? document.whole() : document.withheld();
		if (this.#session.written === fingerprint(copy.reveal())) return;
		this.#session = {
			...this.#session,
			written: await writeWorkingCopy(files, this.#session.home, copy)
		};
		this.#keepState();
	}
	/** @param basis the document that the job began with, whatever became of it */
	#reportFor(document, basis) {
		const { ownsHome } = this.#session;
		const fromSecret = basis.generation === this.#handed.generation;
		return reportOf(document, {
			...this.#report,
			restoredFrom: ownsHome ? fromSecret ? "secret" : "handover" : "home"
		});
	}
	#note(failure, rescue) {
		this.#report = {
			...this.#report,
			events: [...this.#report.events, failure.message],
			rescue
		};
	}
	#keepState() {
		saveSession(this.#collaborators.channel, this.#session);
		saveReport(this.#collaborators.channel, this.#report);
	}
	async #fingerprintOfHome() {
		const text = await this.#collaborators.files.read(authPath(this.#session.home));
		return text === null ? null : fingerprint(text);
	}
};

// src/adapters/command-runner.ts
const CANCEL_SIGNALS = ["SIGINT", "SIGTERM"];
/** Runs a command in its own process group; cancel signals to this process go to the whole group at once. */
const groupCommandRunner = { run: ({ file, args, directory, environment }) => new Promise((resolve, reject) => {
	const child = spawn(file, args, {
		cwd: directory,
		env: { ...environment },
		stdio: [
			"ignore",
			"inherit",
			"inherit"
		],
		detached: process.platform !== "win32"
	});
	const listeners = CANCEL_SIGNALS.map((signal) => {
		const pass = () => signalGroup(child.pid, signal);
		process.on(signal, pass);
		return () => process.off(signal, pass);
	});
	const finish = () => {
		for (const stopListening of listeners) stopListening();
	};
	child.once("error", (error) => {
		finish();
		reject(error);
	});
	child.once("exit", (exitCode, signal) => {
		finish();
		resolve({
			exitCode,
			signal
		});
	});
}) };
function signalGroup(pid, signal) {
	if (pid === void 0) return;
	try {
		process.kill(process.platform === "win32" ? pid : -pid, signal);
	} catch {}
}

// src/entry/main.ts
try {
	const cancellation = watchCancellation();
	const inputs = takeInputs();
	const surroundings = await surroundingsOfStep();
	await main({
		inputs,
		surroundings,
		files: diskFiles,
		clock: machineClock,
		log: stepLog,
		channel: stepChannel,
		environment: process.env,
		commands: groupCommandRunner,
		cancellation,
		online: async (session, handed) => {
			const { goOnline } = await import("./chunks/go-online.js");
			return goOnline({
				inputs,
				surroundings,
				session,
				handed,
				cancellation
			});
		}
	});
} catch (error) {
	failStep(error);
}
endProcess();

export {  };