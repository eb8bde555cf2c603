import "./rolldown-runtime.js";
import { $t as Secret, Dt as readHanded, Et as maskTokens, G as mayHaveRotatedInHome, J as tellRescue, V as hasLedger, W as isPending, Y as describePlace, et as reportOf, l as isSameTime, nn as Failure, zt as handedPath } from "./quiet.js";
import { n as poll, t as insist } from "./retry2.js";
import { i as readPrivateHome, r as privateHomeAt } from "./private-home.js";
import { t as judge } from "./compare.js";
import { i as withWriteToken, n as letGoOf, r as storeLate, t as storeChangedHome } from "./store-home.js";
import { _ as claimName } from "./write-session.js";
import { t as GitHubError } from "./github-error.js";

// src/login/codex-processes.ts
const WAIT_MS = 5e4;
const POLL_MS = 250;
async function waitUntilUnused({ processes, clock, log }, home, known = null) {
	if (await poll(clock, {
		withinMs: WAIT_MS,
		everyMs: POLL_MS,
		waiting: () => log.info("Waiting for Codex to finish, 50 s at most.")
	}, async () => (await processes.usingHome(home)).length > 0 || known !== null && await processes.isAlive(known), (used) => !used)) log.warning("Codex still runs on the login after 50 s; going by what it has written so far.");
}

// src/login/recover.ts
async function recover(services, section) {
	const { files, log } = services;
	const { directory, process } = section;
	log.info("Main was ended while it refreshed the login; finishing it.");
	if (directory === null) return storeLeft(services, section);
	await waitUntilUnused(services, privateHomeAt(directory).home, process);
	const outcome = await storeLeft(services, section);
	await files.remove(directory);
	return outcome;
}
async function storeLeft(services, { claim, directory, process }) {
	const found = directory && await readPrivateHome(services.files, privateHomeAt(directory));
	const verdict = found ? judge(found.predecessor, found.after) : { kind: "unchanged" };
	if (!found || verdict.kind === "unchanged" || verdict.kind === "broken") {
		await letGoOf(services, claim, { sent: process === null ? "nothing" : "perhaps" });
		if (verdict.kind === "broken") throw verdict.failure;
		return null;
	}
	const { document } = verdict;
	maskTokens(document, services.log);
	const ledger = await services.ledgerFile.load();
	const known = ledger?.document.isSameGeneration(document) ? {
		before: ledger.before,
		writes: ledger.writes
	} : {};
	const rotated = verdict.kind === "rotated";
	return storeLate(services, {
		document,
		predecessor: found.predecessor,
		claim,
		rotated,
		...known
	});
}
async function storePending(services) {
	const ledger = await services.ledgerFile.load();
	if (ledger === null || ledger.stored || ledger.predecessor === null) return null;
	const { document, predecessor, claim, before, writes } = ledger;
	maskTokens(document, services.log);
	const rotated = !document.refreshToken.equals(predecessor.refreshToken);
	return storeLate(services, {
		document,
		predecessor,
		claim,
		rotated,
		before,
		writes
	});
}

// src/login/unmoved-secret.ts
const WITHIN_MS = 15e3;
async function demandUnmovedSecret(services) {
	const { ledgerFile, place, clock, log } = services;
	const ledger = await ledgerFile.load();
	if (ledger === null || !ledger.stored || ledger.before.getTime() === 0) return;
	await withWriteToken(services, async (open) => {
		if (open instanceof Failure) return;
		try {
			const metadata = await insist({
				clock,
				log
			}, { withinMs: WITHIN_MS }, () => open.session.store.metadata(place.secretName));
			if (metadata === null || metadata.updatedAt.getTime() <= ledger.before.getTime()) return;
			const claims = await open.claims.list();
			const name = claimName(ledger.document, place);
			if (!claims.some(({ name: seen, claim }) => seen === name || isSameTime(claim?.after ?? null, metadata.updatedAt) || claim?.next === name && claim.state !== "stored")) throw movedSince(place);
		} catch (error) {
			if (!(error instanceof GitHubError)) throw error;
			log.debug(`GitHub did not say whether the secret is as this job left it. ${error.message}`);
		}
	});
}
function movedSince(place) {
	return new Failure("secret-changed-elsewhere", `Somebody has written the ${describePlace(place)} after this job stored the refreshed login there.`, "If a step of this job does that (`gh secret set`), remove it: it has put a copy over the login, and the next job cannot refresh. Dispatch maintenance: it puts the login back from the handoff. If that was a fresh login on purpose, nothing is to be done.");
}

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
		const { section, session } = this.#left;
		const handed = await this.#handedDocument();
		if (handed === null) return this.#failWithoutInputs();
		if (!(section !== null && await this.#try(handed, (online) => recover(online, section))) && await hasLedger(this.#left)) await this.#try(handed, storePending);
		await this.#failOnLostLogin(handed);
		if (this.#left.report?.rotated && this.#left.report.stored) await this.#try(handed, async (online) => {
			await demandUnmovedSecret(online);
			return null;
		});
		if (await mayHaveRotatedInHome({
			...this.#left,
			report: this.report
		})) await this.#try(handed, async (online) => {
			await waitUntilUnused(online, session.home);
			return storeChangedHome(online, session, "job-ends");
		});
	}
	async #failOnLostLogin(handed) {
		const { report, section } = this.#left;
		if (!report?.rotated || report.stored || section !== null) return;
		if (this.report !== report || this.failures.length > 0) return;
		await this.#try(handed, async (online) => {
			if ((await online.ledgerFile.load())?.stored) return null;
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
	#failWithoutInputs() {
		if (!isPending(this.#left)) return;
		this.failures.push(new Failure("write-back-pending", "The refreshed login could not be stored, and this phase got no inputs to try again. The handoff has it.", "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside nested composite actions GitHub gives post no inputs."));
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