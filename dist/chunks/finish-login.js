import "./rolldown-runtime.js";
import { $t as Secret, Dt as readHanded, G as mayHaveRotatedInHome, J as tellRescue, V as hasLedger, W as isPending, et as reportOf, nn as Failure, zt as handedPath } from "./quiet.js";
import { i as readPrivateHome, r as privateHomeAt } from "./private-home.js";

// src/action/finish-login.ts
async function finish(services, left) {
	const finishing = new Finishing(services, left);
	await finishing.run();
	return finishing;
}
var Finishing = class {
	report;
	failures = [];
	#services;
	#left;
	constructor(services, left) {
		this.#services = services;
		this.#left = left;
		this.report = left.report;
	}
	async run() {
		const { section } = this.#left;
		const handed = await this.#handedDocument();
		if (handed === null) return this.#complainOfBlindness();
		if (!(section !== null && await this.#try(handed, (online) => online.recover(section))) && await hasLedger(this.#left)) await this.#try(handed, (online) => online.storePending());
		await this.#complainOfLostLogin(handed);
		if (this.#left.report?.rotated && this.#left.report.stored) await this.#try(handed, async (online) => {
			await online.demandUnmovedSecret();
			return null;
		});
		if (await mayHaveRotatedInHome({
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
			throw new Failure("write-back-pending", "The refreshed login is not stored, and what main has kept of it on this machine is gone.", "Dispatch the maintenance workflow now: it repairs the secret from the handoff. Remove the step that empties RUNNER_TEMP.");
		});
	}
	async #handedDocument() {
		const { inputs, session, files, section } = this.#left;
		if (inputs.secret) return this.#readQuietly(inputs.secret);
		const left = section?.directory && await readPrivateHome(files, privateHomeAt(section.directory));
		if (left) return left.handed;
		const text = await files.read(handedPath(session.base));
		return text === null ? null : this.#readQuietly(new Secret(text));
	}
	#readQuietly(secret) {
		try {
			return readHanded(secret, this.#services.log);
		} catch (error) {
			if (error instanceof Failure) return null;
			throw error;
		}
	}
	#complainOfBlindness() {
		if (!isPending(this.#left)) return;
		this.failures.push(new Failure("write-back-pending", "The refreshed login could not be stored, and this phase got no inputs to try again. The handoff has it.", "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside nested composite actions GitHub hands post no inputs."));
	}
	async #try(handed, act) {
		try {
			if (this.#services.steered) throw this.#services.steered;
			const outcome = await act(await this.#services.goOnline(this.#left.session, handed));
			if (outcome) this.#settle(outcome);
			return outcome !== null;
		} catch (error) {
			this.failures.push(error);
			return false;
		}
	}
	#settle(outcome) {
		const { log } = this.#services;
		const { document } = outcome.ledger;
		const stored = outcome.kind === "stored";
		const before = this.report;
		this.report = reportOf(document, {
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
		if (outcome.rescue) tellRescue(log, "To store this job's login by hand:", outcome.rescue);
		if (outcome.kind === "refused") {
			this.failures.push(outcome.failure);
			return;
		}
		const where = outcome.inHandoff ? "The handoff in the Actions cache has it." : "The handoff could not be saved either.";
		this.failures.push(new Failure("write-back-pending", `The refreshed login could not be stored. ${where} ${outcome.failure.message}`, `Repair the cause, then dispatch maintenance now: it repairs the secret from the handoff. ${outcome.failure.hint}`, { cause: outcome.failure }));
	}
};
function alertOf({ code, message, hint }) {
	return {
		code,
		message,
		hint
	};
}

export { finish };