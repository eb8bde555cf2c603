import "./chunks/rolldown-runtime.js";
import { s as info } from "./chunks/core.js";
import { A as fingerprint, N as Failure, T as readWorkingCopy, _ as clearHome, f as loadCriticalSection, g as authPath, i as machineClock, n as stepLog, o as readHanded, p as loadSession, r as diskFiles, t as stepChannel, u as applyEnvironment } from "./chunks/step-channel.js";
import { a as ledgerPath, n as privateHomeAt, r as readPrivateHome } from "./chunks/private-home.js";
import { i as reportOf, n as loadReport, r as renderSummary, t as watchCancellation } from "./chunks/cancellation.js";
import { i as takeInputs, n as failStep, r as surroundingsOfStep, t as endProcess } from "./chunks/step.js";

// src/action/post.ts
/** Post: finishes what is unfinished, removes what we made, reports. @throws {Failure} the first thing that went wrong */
async function post(collaborators) {
	await new PostStep(collaborators).run();
}
var PostStep = class {
	#collaborators;
	#failures = [];
	#report;
	#document = null;
	constructor(collaborators) {
		this.#collaborators = collaborators;
		this.#report = loadReport(collaborators.channel);
	}
	async run() {
		const { session, files, channel, clock, log } = this.#collaborators;
		const section = loadCriticalSection(channel);
		const handed = await this.#handedDocument(section);
		this.#document = handed;
		if (handed === null) this.#complainOfBlindness(section);
		else {
			if (section) await this.#try(handed, (online) => online.recover(section));
			if (await files.readBytes(ledgerPath(session.base)) !== null) await this.#try(handed, (online) => online.publishPending());
			if (await this.#mayPublishHome()) await this.#try(handed, async (online) => {
				if (this.#collaborators.inputs.refreshToken === "present") await online.waitForHome();
				return online.publishChangedHome();
			});
		}
		await this.#cleanUp();
		if (this.#report && handed) await channel.writeSummary(renderSummary(this.#report, this.#document, clock.now()));
		const [first, ...others] = this.#failures;
		for (const other of others) log.error(other instanceof Error ? other.message : String(other));
		if (first !== void 0) throw first;
	}
	/** The handed document: from the secret, or, where post gets no inputs, as main left it in its private home. */
	async #handedDocument(section) {
		const { inputs, log, files } = this.#collaborators;
		if (inputs.secret) return this.#readQuietly(inputs.secret, log);
		return (section && await readPrivateHome(files, privateHomeAt(section.directory)))?.handed ?? null;
	}
	#readQuietly(secret, log) {
		try {
			return readHanded(secret, log);
		} catch (error) {
			if (error instanceof Failure) return null;
			throw error;
		}
	}
	#complainOfBlindness(section) {
		if (!(section !== null || this.#report?.rotated === true && !this.#report.published)) return;
		this.#failures.push(new Failure("publish-pending", "The refreshed login could not be stored, and this phase got no inputs to try again. The hand-over has it.", "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside a composite action GitHub hands post no inputs."));
	}
	/** A quiet job's file is just as it was written, and then nothing is loaded and nobody is asked. */
	async #mayPublishHome() {
		const { session, inputs, files } = this.#collaborators;
		if (inputs.role === "borrower" || this.#report === null) return false;
		if (inputs.refreshToken === "present") return true;
		if (!session.ownsHome) return false;
		const text = await files.read(authPath(session.home));
		if (text === null || fingerprint(text) === session.written) return false;
		return readWorkingCopy(text)?.refreshToken.isEmpty === false;
	}
	async #try(handed, act) {
		try {
			const outcome = await act(await this.#collaborators.online(this.#collaborators.session, handed));
			if (outcome) this.#settle(outcome);
		} catch (error) {
			this.#failures.push(error);
		}
	}
	#settle(outcome) {
		const { log } = this.#collaborators;
		const { document } = outcome.ledger;
		this.#document = document;
		const published = outcome.kind === "published";
		const before = this.#report;
		this.#report = reportOf(document, {
			role: "keeper",
			restoredFrom: before?.restoredFrom ?? "secret",
			rotated: true,
			published,
			events: [...before?.events ?? [], published ? "Stored in post." : outcome.failure.message],
			rescue: published ? null : outcome.rescue
		});
		if (outcome.kind === "published") {
			log.info(`Published generation ${document.generation}.`);
			return;
		}
		if (outcome.rescue) log.info(`To store this job's document by hand:\n${outcome.rescue}`);
		if (outcome.kind === "refused") {
			this.#failures.push(outcome.failure);
			return;
		}
		const where = outcome.handedOver ? "The hand-over in the Actions cache has it." : "The hand-over could not be saved either.";
		this.#failures.push(new Failure("publish-pending", `The refreshed login could not be stored. ${where} ${outcome.failure.message}`, `Repair the cause, then dispatch maintenance now: it heals the secret from the hand-over. ${outcome.failure.hint}`, { cause: outcome.failure }));
	}
	async #cleanUp() {
		const { session, files, log } = this.#collaborators;
		if (!session.ownsHome) return;
		try {
			await clearHome(files, session);
			await files.remove(session.base);
		} catch {
			log.warning("The Codex home could not be removed completely.");
		}
	}
};

// src/entry/post.ts
try {
	const session = loadSession(stepChannel);
	if (session === null) info("Nothing was restored, so nothing is to be done.");
	else {
		applyEnvironment(session.environment, process.env);
		const cancellation = watchCancellation();
		const inputs = takeInputs();
		const surroundings = await surroundingsOfStep();
		await post({
			session,
			inputs,
			files: diskFiles,
			clock: machineClock,
			log: stepLog,
			channel: stepChannel,
			online: async (_, handed) => {
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
	}
} catch (error) {
	failStep(error);
}
endProcess();

export {  };