"use strict";

const require_post = require("../post.cjs");
const require_rescue_command = require("./rescue-command.cjs");

// src/action/finish-login.ts
async function finish(collaborators, left) {
	const finishing = new Finishing(collaborators, left);
	await finishing.run();
	return finishing;
}
var Finishing = class {
	report;
	failures = [];
	#collaborators;
	#left;
	constructor(collaborators, left) {
		this.#collaborators = collaborators;
		this.#left = left;
		this.report = left.report;
	}
	async run() {
		const { section } = this.#left;
		const handed = await this.#handedDocument();
		if (handed === null) return this.#complainOfBlindness();
		if (!(section !== null && await this.#try(handed, (online) => online.recover(section))) && await require_post.hasLedger(this.#left)) await this.#try(handed, (online) => online.storePending());
		await this.#complainOfLostLogin(handed);
		if (this.#left.report?.rotated && this.#left.report.stored) await this.#try(handed, async (online) => {
			await online.demandUnmovedSecret();
			return null;
		});
		if (await require_post.mayHaveRotatedInHome({
			...this.#left,
			report: this.report
		})) await this.#try(handed, async (online) => {
			await online.waitForHome();
			return online.storeChangedHome("job-ends");
		});
	}
	async #complainOfLostLogin(handed) {
		const { report, section } = this.#left;
		if (!report?.rotated || report.stored || section !== null) return;
		if (this.report !== report || this.failures.length > 0) return;
		await this.#try(handed, async (online) => {
			if (await online.hasStored()) return null;
			throw new require_post.Failure("write-back-pending", "The refreshed login is not stored, and what main has kept of it on this machine is gone.", "Dispatch the maintenance workflow now: it repairs the secret from the handoff. Remove the step that empties RUNNER_TEMP.");
		});
	}
	async #handedDocument() {
		const { inputs, session, files, section } = this.#left;
		if (inputs.secret) return this.#readQuietly(inputs.secret);
		const left = section?.directory && await require_rescue_command.readPrivateHome(files, require_rescue_command.privateHomeAt(section.directory));
		if (left) return left.handed;
		const text = await files.read(require_post.handedPath(session.base));
		return text === null ? null : this.#readQuietly(new require_post.Secret(text));
	}
	#readQuietly(secret) {
		try {
			return require_rescue_command.readHanded(secret, this.#collaborators.log);
		} catch (error) {
			if (error instanceof require_post.Failure) return null;
			throw error;
		}
	}
	#complainOfBlindness() {
		if (!require_post.isPending(this.#left)) return;
		this.failures.push(new require_post.Failure("write-back-pending", "The refreshed login could not be stored, and this phase got no inputs to try again. The handoff has it.", "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside nested composite actions GitHub hands post no inputs."));
	}
	async #try(handed, act) {
		try {
			if (this.#collaborators.steered) throw this.#collaborators.steered;
			const outcome = await act(await this.#collaborators.online(this.#left.session, handed));
			if (outcome) this.#settle(outcome);
			return outcome !== null;
		} catch (error) {
			this.failures.push(error);
			return false;
		}
	}
	#settle(outcome) {
		const { log } = this.#collaborators;
		const { document } = outcome.ledger;
		const stored = outcome.kind === "stored";
		const before = this.report;
		this.report = require_post.reportOf(document, {
			role: "keeper",
			restoredFrom: before?.restoredFrom ?? "secret",
			rotated: true,
			stored,
			events: [...before?.events ?? [], stored ? "Stored in post." : outcome.failure.message],
			alert: outcome.kind === "refused" ? alertOf(outcome.failure) : null,
			rescue: stored ? null : outcome.rescue
		});
		if (outcome.kind === "stored") {
			log.info(`Stored generation ${document.generation}.`);
			return;
		}
		if (outcome.rescue) require_rescue_command.tellRescue(log, "To store this job's document by hand:", outcome.rescue);
		if (outcome.kind === "refused") {
			this.failures.push(outcome.failure);
			return;
		}
		const where = outcome.handedOver ? "The handoff in the Actions cache has it." : "The handoff could not be saved either.";
		this.failures.push(new require_post.Failure("write-back-pending", `The refreshed login could not be stored. ${where} ${outcome.failure.message}`, `Repair the cause, then dispatch maintenance now: it repairs the secret from the handoff. ${outcome.failure.hint}`, { cause: outcome.failure }));
	}
};
function alertOf({ code, message, hint }) {
	return {
		code,
		message,
		hint
	};
}

exports.finish = finish;