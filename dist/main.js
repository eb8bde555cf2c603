import { A as warnUnlessSandboxed, B as reportOf, C as readHanded, D as guardedPlaces, Dt as Failure, F as loadSession, G as refreshDue, H as saveReport, J as readWorkingCopy, K as remainingMs, L as saveSession, M as captureEnvironment, O as prepareMachine, T as restore, Tt as switchesProfileOff, U as setOutputs, X as needsAPerson, _ as stepLog, _t as describeDuration, b as watchCancellation, bt as scrubEnvironment, ct as loginDirectory, d as endProcess, dt as guard, f as failStep, g as stepChannel, ht as secretValues, lt as readConfig, m as takeInputs, mt as mayRefresh, ot as handedPath, p as surroundingsOfStep, rt as authPath, ut as writeWorkingCopy, v as diskFiles, vt as provideCodex, w as readWhatIsLeft, x as makeHome, xt as configProtects, y as machineClock, yt as tellVersion } from "./chunks/quiet.js";
const { join } = process.getBuiltinModule("node:path");

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
		});
		if (exitCode === 0) return;
		const end = signal ? `was ended by ${signal}` : `exited with code ${exitCode}`;
		throw new Failure("run-failed", `The command in \`run\` ${end}.`, "See its output above. The login itself is taken care of.");
	} finally {
		await files.remove(path);
	}
}

// src/action/login.ts
var Login = class {
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
			alert: null,
			rescue: null
		});
	}
	get loginPath() {
		return loginDirectory(this.#session.base);
	}
	get session() {
		return this.#session;
	}
	async settle() {
		const { inputs, clock, log } = this.#collaborators;
		await this.#keepingState(async () => {
			const present = await this.#presentCopy();
			if (!mayRefresh(inputs)) this.#demandLifetime(present);
			else if (inputs.refreshToken === "present" || this.#due(present)) {
				const insistence = inputs.refresh === "force" || inputs.refreshToken === "present" ? "forced" : "when-due";
				await this.#enterCriticalSection({
					due: (document) => this.#due(document),
					insistence
				});
			} else {
				const left = describeDuration(remainingMs(present, clock.now()));
				log.info(`Nothing is due: the access token is valid for ${left}.`);
			}
		});
	}
	async takeOver(reseeded) {
		const { document } = reseeded.ledger;
		this.#report = {
			...this.#report,
			events: [...this.#report.events, "Somebody has logged in afresh."]
		};
		await this.#keepingState(async () => {
			this.#settlePublication(reseeded, {
				rotated: false,
				basis: this.#handed
			});
			await this.#adopt(document);
		});
	}
	async replaceDeadAccessToken() {
		const { inputs, log } = this.#collaborators;
		if (!mayRefresh(inputs)) return false;
		log.info("Codex reports that the access token is dead, although it looks alive. Refreshing it now.");
		const refused = await this.#stampOfHome();
		await this.#keepingState(() => this.#enterCriticalSection({
			due: () => true,
			insistence: "when-due"
		}));
		return await this.#stampOfHome() !== refused;
	}
	async publishWhatChanged() {
		const found = await (await this.#collaborators.online(this.#session, this.#handed)).publishChangedHome();
		if (found === null) return;
		const { publication, stamp } = found;
		if (publication.kind === "published") this.#session = {
			...this.#session,
			written: stamp
		};
		await this.#keepingState(async () => this.#settlePublication(publication, {
			rotated: true,
			basis: this.#handed
		}));
	}
	recordRequirements() {
		this.#session = {
			...this.#session,
			madeRequirements: true
		};
		this.#keepState();
	}
	recordFailure(error) {
		if (error instanceof Failure) this.#note(error, this.#report.rescue);
		this.#keepState();
	}
	async #presentCopy() {
		if (this.#session.ownsHome) return this.#handed;
		const text = await this.#collaborators.files.read(authPath(this.#session.home));
		return (text === null ? null : readWorkingCopy(text)) ?? this.#handed;
	}
	#due(document) {
		const { inputs, surroundings, clock } = this.#collaborators;
		const { refresh: policy, refreshWindowMs, minimumLifetimeMs } = inputs;
		const { branch } = surroundings;
		return refreshDue({
			policy,
			document,
			now: clock.now(),
			refreshWindowMs,
			minimumLifetimeMs,
			branch
		});
	}
	#demandLifetime(document) {
		const { inputs, clock, log } = this.#collaborators;
		const leftMs = remainingMs(document, clock.now());
		if (leftMs < inputs.minimumLifetimeMs) throw new Failure("access-token-expiring", leftMs > 0 ? `The access token is valid for only ${describeDuration(leftMs)}, less than \`minimum-lifetime\`, and this job does not refresh.` : "The access token has expired, and this job does not refresh.", "Run a keeper (the maintenance workflow), then start a new run of this one.");
		log.info(`Borrowing the access token (valid ${describeDuration(leftMs)}); this job never refreshes.`);
	}
	async #enterCriticalSection(request) {
		await this.#saveWhatTheHomeHolds();
		const online = await this.#collaborators.online(this.#session, this.#handed);
		await online.checkSurroundings();
		const outcome = await online.enterCriticalSection(request);
		await this.#settleOutcome(outcome);
	}
	async #saveWhatTheHomeHolds() {
		const text = await this.#collaborators.files.read(authPath(this.#session.home));
		if (text !== null && readWorkingCopy(text)?.refreshToken.isEmpty === false) await this.publishWhatChanged();
	}
	async #settleOutcome(outcome) {
		const { inputs, clock, log } = this.#collaborators;
		switch (outcome.kind) {
			case "borrowed": {
				const { document, because } = outcome;
				const left = describeDuration(remainingMs(document, clock.now()));
				const words = `${because.message} This job goes on with the access token it has, valid for ${left}. ${because.hint} [${because.code}]`;
				if (needsAPerson(because.code)) log.error(words);
				else log.warning(words);
				this.#report = {
					...this.#reportFor(document, document),
					role: "borrower"
				};
				this.#note(because, null);
				await this.#adopt(document);
				return;
			}
			case "kept": {
				const { document } = outcome.ledger;
				this.#report = this.#reportFor(document, document);
				await this.#adopt(document);
				return;
			}
			case "refreshed": {
				const { publication, rotated, ledger } = outcome;
				await this.#adopt(ledger.document);
				this.#settlePublication(publication, {
					rotated,
					basis: ledger.predecessor ?? this.#handed
				});
				if (inputs.refresh === "force" && !rotated) throw notRotated();
			}
		}
	}
	#settlePublication(outcome, { rotated, basis }) {
		const { log } = this.#collaborators;
		const { document } = outcome.ledger;
		this.#report = {
			...this.#reportFor(document, basis),
			rotated,
			published: outcome.kind === "published"
		};
		switch (outcome.kind) {
			case "published":
				log.info(`Published generation ${document.generation}.`);
				return;
			case "pending": {
				const { failure, rescue, handedOver } = outcome;
				this.#note(failure, rescue);
				log.warning(`${failure.message} The refreshed login is not stored yet; post tries again. ${failure.hint} [${failure.code}]`);
				if (handedOver) return;
				if (rescue) log.info(`To store this job's document by hand:\n${rescue}`);
				throw failure;
			}
			case "refused":
				this.#note(outcome.failure, outcome.rescue);
				if (outcome.rescue) log.info(`To store this job's document all the same:\n${outcome.rescue}`);
				throw outcome.failure;
		}
	}
	async #adopt(document) {
		const { inputs, files } = this.#collaborators;
		const whole = inputs.refreshToken === "present" && this.#report.role === "keeper";
		const copy = whole ? document.whole() : document.withheld();
		if (await files.read(authPath(this.#session.home)) === copy.reveal()) return;
		this.#session = {
			...this.#session,
			written: await writeWorkingCopy(files, this.#session, copy)
		};
		if (whole) await files.write(handedPath(this.#session.base), this.#handed.line().reveal(), 384);
		this.#keepState();
	}
	#reportFor(document, basis) {
		const { ownsHome } = this.#session;
		const fromSecret = basis.isSameGeneration(this.#handed);
		return reportOf(document, {
			...this.#report,
			restoredFrom: ownsHome ? fromSecret ? "secret" : "handover" : "home"
		});
	}
	#note(failure, rescue) {
		const { code, message, hint } = failure;
		this.#report = {
			...this.#report,
			events: [...this.#report.events, message],
			alert: {
				code,
				message,
				hint
			},
			rescue
		};
	}
	async #keepingState(act) {
		try {
			await act();
		} finally {
			this.#keepState();
			setOutputs(this.#collaborators.channel, this.#session.home, this.#report);
		}
	}
	#keepState() {
		saveSession(this.#collaborators.channel, this.#session);
		saveReport(this.#collaborators.channel, this.#report);
	}
	#stampOfHome() {
		return this.#collaborators.files.stamp(authPath(this.#session.home));
	}
};
function notRotated() {
	return new Failure("refresh-not-rotated", "Codex renewed the tokens, but the refresh token did not change: `refresh: force` proves nothing this way.", "The renewed login is stored. Run again; if it stays so, see docs/troubleshooting.md.");
}

// src/action/main.ts
async function main(collaborators) {
	const { inputs, surroundings } = collaborators;
	guard(inputs, surroundings);
	if (inputs.homeLifetime === "persistent") return runOnHost(collaborators);
	const { login, handed, settle } = inputs.reseed ? await beginAfresh(collaborators) : await begin(collaborators);
	try {
		await settle();
		if (inputs.run !== null || inputs.prompt !== null || inputs.codexVersion !== null) await runJob(collaborators, login, handed);
	} catch (error) {
		login.recordFailure(error);
		throw error;
	}
}
async function begin(collaborators) {
	const { inputs, log, channel, environment } = collaborators;
	const restored = loadSession(channel) ?? await restore(collaborators);
	const handed = readHanded(inputs.secret, log);
	const written = restored.ownsHome && restored.written === null ? await writeWorkingCopy(collaborators.files, restored, handed.withheld()) : restored.written;
	const session = {
		...restored,
		written,
		environment: captureEnvironment(environment)
	};
	const login = new Login(collaborators, handed, session);
	return {
		login,
		handed,
		settle: () => login.settle()
	};
}
async function beginAfresh(collaborators) {
	const { inputs, log, channel, environment } = collaborators;
	const handed = readWhatIsLeft(inputs.secret, log);
	const prepare = handed === null ? makeHome : restore;
	const session = {
		...loadSession(channel) ?? await prepare(collaborators),
		environment: captureEnvironment(environment)
	};
	saveSession(channel, session);
	const outcome = await collaborators.reseed(session, handed);
	const document = handed ?? outcome.ledger.document;
	const login = new Login(collaborators, document, session);
	return {
		login,
		handed: document,
		settle: () => login.takeOver(outcome)
	};
}
async function runOnHost(collaborators) {
	const { inputs, files, channel, log, cancellation } = collaborators;
	const { takePersistentHome, readLiveDocument } = await import("./chunks/persistent-home.js");
	const hostLock = await collaborators.hostLock();
	const session = loadSession(channel) ?? await takePersistentHome({
		...collaborators,
		hostLock
	}, cancellation);
	const document = await readLiveDocument(files, session.home, log);
	const config = await readConfig(files, session.home) ?? "";
	if (inputs.run !== null && inputs.protectAuth === "profile" && !configProtects(config, authPath(session.home))) log.warning(`The config.toml in this host's home does not keep the model's commands out of the login: what \`run\` starts can read it. Use \`prompt\`, or add a permission profile with \`"${authPath(session.home)}" = "deny"\` as \`default_permissions\`.`);
	if (inputs.run === null && inputs.prompt === null && inputs.codexVersion === null) return;
	await runJob(collaborators, {
		session,
		loginPath: authPath(session.home),
		recordRequirements: () => saveSession(channel, {
			...session,
			madeRequirements: true
		}),
		replaceDeadAccessToken: async () => false,
		publishWhatChanged: async () => {}
	}, document);
}
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
			const { runPrompt, absolute } = await import("./chunks/prompt.js");
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

// src/entry/main.ts
try {
	const cancellation = watchCancellation();
	const inputs = takeInputs();
	const surroundings = surroundingsOfStep();
	await main({
		inputs,
		surroundings,
		files: diskFiles,
		clock: machineClock,
		log: stepLog,
		channel: stepChannel,
		environment: process.env,
		tools: async (scrubbed) => {
			const { jobTools } = await import("./chunks/job-tools2.js");
			return jobTools(scrubbed, inputs);
		},
		cancellation,
		hostLock: async () => (await import("./chunks/host-lock.js")).jobHostLock,
		online: async (session, handed) => {
			const { goOnline } = await import("./chunks/go-online.js");
			return goOnline({
				inputs,
				surroundings,
				session,
				handed,
				cancellation
			});
		},
		reseed: async (session, handed) => {
			const { reseedOnline } = await import("./chunks/go-online.js");
			return reseedOnline({
				inputs,
				surroundings,
				session,
				handed,
				cancellation
			});
		}
	});
} catch (error) {
	await failStep(error);
}
endProcess();

export {  };