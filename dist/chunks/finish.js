import "./rolldown-runtime.js";
import { A as isPending, C as reportOf, D as hasLedger, Y as handedPath, gt as Failure, j as mayHaveRotatedInHome, ot as readHanded, pt as Secret } from "./quiet.js";
import { i as readPrivateHome, r as privateHomeAt } from "./private-home.js";

// src/action/finish.ts
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
		if (!(section !== null && await this.#try(handed, (online) => online.recover(section))) && await hasLedger(this.#left)) await this.#try(handed, (online) => online.publishPending());
		if (await mayHaveRotatedInHome({
			...this.#left,
			report: this.report
		})) await this.#try(handed, async (online) => {
			await online.waitForHome();
			return online.publishChangedHome("job-ends");
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
			return readHanded(secret, this.#collaborators.log);
		} catch (error) {
			if (error instanceof Failure) return null;
			throw error;
		}
	}
	#complainOfBlindness() {
		if (!isPending(this.#left)) return;
		this.failures.push(new Failure("publish-pending", "The refreshed login could not be stored, and this phase got no inputs to try again. The hand-over has it.", "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside nested composite actions GitHub hands post no inputs."));
	}
	async #try(handed, act) {
		try {
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
		const published = outcome.kind === "published";
		const before = this.report;
		this.report = reportOf(document, {
			role: "keeper",
			restoredFrom: before?.restoredFrom ?? "secret",
			rotated: true,
			published,
			events: [...before?.events ?? [], published ? "Stored in post." : outcome.failure.message],
			alert: outcome.kind === "refused" ? alertOf(outcome.failure) : null,
			rescue: published ? null : outcome.rescue
		});
		if (outcome.kind === "published") {
			log.info(`Published generation ${document.generation}.`);
			return;
		}
		if (outcome.rescue) log.info(`To store this job's document by hand:\n${outcome.rescue}`);
		if (outcome.kind === "refused") {
			this.failures.push(outcome.failure);
			return;
		}
		const where = outcome.handedOver ? "The hand-over in the Actions cache has it." : "The hand-over could not be saved either.";
		this.failures.push(new Failure("publish-pending", `The refreshed login could not be stored. ${where} ${outcome.failure.message}`, `Repair the cause, then dispatch maintenance now: it heals the secret from the hand-over. ${outcome.failure.hint}`, { cause: outcome.failure }));
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