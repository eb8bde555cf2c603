"use strict";

const require_post = require("../post.cjs");
const require_retry = require("./retry.cjs");
const require_write_session = require("./write-session.cjs");
const require_github_error = require("./github-error.cjs");
const require_secret_location = require("./secret-location.cjs");
let node_path = require("node:path");

// src/login/codex-processes.ts
const WAIT_MS = 5e4;
const POLL_MS = 250;
async function waitUntilUnused({ processes, clock, log }, home, known = null) {
	if (await require_retry.poll(clock, {
		withinMs: WAIT_MS,
		everyMs: POLL_MS,
		waiting: () => log.info("Waiting for Codex to finish, 50 s at most.")
	}, async () => (await processes.usingHome(home)).length > 0 || known !== null && await processes.isAlive(known), (used) => !used)) log.warning("Codex still runs on the login after 50 s; going by what it has written so far.");
}

// src/login/private-home.ts
function privateHomeAt(directory) {
	return {
		directory,
		home: (0, node_path.join)(directory, "home")
	};
}
async function readPrivateHome(files, place) {
	const predecessor = await files.read((0, node_path.join)(place.directory, "predecessor.json"));
	const handed = await files.read((0, node_path.join)(place.directory, "handed.json"));
	if (predecessor === null || handed === null) return null;
	const [before, given] = [predecessor, handed].map((text) => require_post.AuthJson.read(text));
	if (!before || !given) return null;
	return {
		predecessor: before,
		handed: given,
		after: await files.read(require_post.authPath(place.home))
	};
}

// src/core/login/compare.ts
function judge(before, after) {
	const document = after === null ? null : require_post.AuthJson.read(after) ?? before.salvage(after);
	if (after === null || document === null) return {
		kind: "broken",
		failure: new require_post.Failure("refresh-broke-login", after === null ? "Codex left no auth.json." : "Codex left an auth.json in which there is no refresh token.", "The login before it is kept.")
	};
	const oddity = document.isOfOtherAccount(before) ? "The file belongs to another ChatGPT account." : oddityOf(after);
	if (!document.refreshToken.equals(before.refreshToken)) return {
		kind: "rotated",
		document,
		oddity
	};
	if (!document.accessToken.equals(before.accessToken)) return {
		kind: "renewed",
		document,
		oddity
	};
	return { kind: "unchanged" };
}
function oddityOf(text) {
	try {
		require_post.AuthJson.parse(text);
		return null;
	} catch (error) {
		if (error instanceof require_post.Failure) return error.message;
		throw error;
	}
}

// src/login/store-late.ts
const WRITE_TIMEOUT_MS = 6e4;
const OUTDATED_MS = 1e4;
async function withWriteToken(services, act) {
	const session = await require_write_session.openSession(services, { workedEarlier: true });
	if (session instanceof require_post.Failure) return act(session);
	try {
		return await act(require_write_session.withSession(services, session, "when-due"));
	} finally {
		await session.close();
	}
}
async function storeLate(services, login) {
	const { handed, handoff, log, clock, place } = services;
	const { document, predecessor, claim, before, writes = [] } = login;
	const ledger = {
		document,
		predecessor,
		claim,
		before: before ?? /* @__PURE__ */ new Date(0),
		stored: false,
		writes
	};
	return withWriteToken(services, async (open) => {
		const seen = open instanceof require_post.Failure ? "not-answered" : await askForClaim(open, claim);
		const settled = settledBy(seen, {
			ledger,
			place
		});
		if (settled !== null) return settled;
		const savedAt = open instanceof require_post.Failure ? clock.now() : await require_write_session.timeOf(open);
		const inHandoff = await require_write_session.saveNotes({
			handoff,
			log
		}, {
			under: [predecessor, handed],
			document,
			savedAt
		});
		const pending = {
			kind: "pending",
			ledger,
			inHandoff,
			rescue: null
		};
		if (open instanceof require_post.Failure) return {
			...pending,
			failure: open
		};
		const again = seen === "not-answered" && before === void 0 ? await askForClaim(open, claim) : seen;
		const settledSince = settledBy(again, {
			ledger,
			place
		});
		if (settledSince !== null) return settledSince;
		const known = again === "not-answered" ? null : again?.claim ?? null;
		const expected = before ?? known?.before ?? null;
		const spent = login.rotated && claim && known ? {
			name: claim.name,
			claim: known
		} : null;
		const rotated = {
			state: "rotated",
			next: open.claims.nameOf(document)
		};
		if (spent !== null) await open.claims.tell(spent.name, spent.claim, rotated);
		if (expected === null) return {
			...pending,
			failure: noAnswer()
		};
		const outcome = await require_write_session.writeBack(open, {
			document,
			encoding: handed.encoding,
			before: expected,
			spent: spent && {
				...spent,
				claim: {
					...spent.claim,
					state: "rotated"
				}
			},
			held: null,
			holder: claim?.holder ?? require_write_session.newHolder(open.randomness),
			timeoutMs: WRITE_TIMEOUT_MS,
			ledger: {
				...ledger,
				before: expected
			}
		});
		if (spent !== null && outcome.kind === "pending") await open.claims.tell(spent.name, spent.claim, {
			...rotated,
			released: true
		});
		if (!login.rotated && claim !== null && outcome.kind === "stored") await open.claims.giveBack(claim);
		return require_write_session.settleLedger(open, {
			ledger,
			outcome,
			inHandoff
		});
	});
}
function settledBy(seen, { ledger, place }) {
	if (seen === "not-answered") return null;
	if (seen === null) return {
		kind: "refused",
		ledger,
		failure: notHeld(),
		rescue: null
	};
	if (seen.claim?.state === "stored") return {
		kind: "stored",
		ledger
	};
	const next = seen.claim?.next;
	if (next && next !== require_write_session.claimName(ledger.document, place)) return {
		kind: "refused",
		ledger,
		failure: notHeld(),
		rescue: null
	};
	return null;
}
async function letGoOf(services, claim, { sent }) {
	await withWriteToken(services, async (open) => {
		if (open instanceof require_post.Failure) return;
		if (sent === "nothing" || /_R\d$/.test(claim.name)) return open.claims.giveBack(claim);
		const seen = await askForClaim(open, claim);
		if (seen === null || seen === "not-answered" || seen.claim?.state !== "open") return;
		await open.claims.tell(claim.name, seen.claim, { released: true });
	});
}
async function askForClaim({ claims, clock }, claim) {
	if (claim === null) return "not-answered";
	try {
		return await require_retry.poll(clock, { withinMs: OUTDATED_MS }, () => claims.isHeld(claim), (seen) => seen !== null);
	} catch (error) {
		if (!(error instanceof require_github_error.GitHubError)) throw error;
		return "not-answered";
	}
}
function noAnswer() {
	return new require_post.Failure("github-unreachable", "GitHub's API did not answer.", "This usually passes: run the job again, and see githubstatus.com.");
}
function notHeld() {
	return new require_post.Failure("write-back-refused", "What this job left behind does not agree with the claim that GitHub holds, so nothing was stored. The secret is as it was.", "Run maintenance. If it says that the login is over, log in again; and look what else runs in this job.");
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
	require_write_session.maskTokens(document, services.log);
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
	require_write_session.maskTokens(document, services.log);
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

// src/core/login/due.ts
function remainingMs(document, now) {
	return document.accessTokenExpiresAt.getTime() - now.getTime();
}
const CODEX_WINDOW_MS = 3e5;
function codexWouldRefresh(document, now) {
	return remainingMs(document, now) <= CODEX_WINDOW_MS;
}

// src/login/store-home.ts
async function storeChangedHome(services, place, until) {
	const isUntouched = await isAsWritten(services, place, until);
	const text = isUntouched ? null : await services.files.read(require_post.authPath(place.home));
	const ledger = await services.ledgerFile.load();
	if (ledger === null || ledger.claim === null) return null;
	const { document: before, claim } = ledger;
	const verdict = isUntouched ? { kind: "unchanged" } : judge(before, text);
	if (verdict.kind === "unchanged" || verdict.kind === "broken") {
		if (until === "job-ends") {
			const isSure = isUntouched && !codexWouldRefresh(before, services.clock.now());
			await letGoOf(services, claim, { sent: isSure ? "nothing" : "perhaps" });
		}
		if (verdict.kind === "broken") throw verdict.failure;
		return null;
	}
	return storeChanged(services, {
		...ledger,
		claim
	}, verdict);
}
async function storeChanged(services, { document: before, predecessor, claim, before: updatedAt }, { kind, document }) {
	const { handed, log } = services;
	require_write_session.maskTokens(document, log);
	if ([handed, predecessor].some((earlier) => earlier?.refreshToken.equals(document.refreshToken)) && !document.refreshToken.equals(before.refreshToken) || document.accessTokenIssuedAt.getTime() < before.accessTokenIssuedAt.getTime() || document.isOfOtherAccount(before)) throw notOurs();
	log.info(`The login in the home has changed: generation ${before.generation} became ${document.generation}.`);
	return storeLate(services, {
		document,
		predecessor: before,
		claim,
		rotated: kind === "rotated",
		before: updatedAt
	});
}
async function isAsWritten({ files, processes }, place, until) {
	const stamp = await files.stamp(require_post.authPath(place.home));
	if (stamp === null) return false;
	if (stamp !== place.written && stamp !== await require_post.lastWritten(files, place)) return false;
	return until === "job-goes-on" || (await processes.usingHome(place.home)).length === 0;
}
function notOurs() {
	return new require_post.Failure("write-back-refused", "The login in the home is older than the one that this job was given, or of another account, so it was not stored. The secret is as it was.", "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.");
}

// src/login/unmoved-secret.ts
const WITHIN_MS = 15e3;
async function demandUnmovedSecret(services) {
	const { ledgerFile, place, clock, log } = services;
	const ledger = await ledgerFile.load();
	if (ledger === null || !ledger.stored || ledger.before.getTime() === 0) return;
	await withWriteToken(services, async (open) => {
		if (open instanceof require_post.Failure) return;
		try {
			const metadata = await require_retry.insist({
				clock,
				log
			}, { withinMs: WITHIN_MS }, () => open.session.store.metadata(place.secretName));
			if (metadata === null || metadata.updatedAt.getTime() <= ledger.before.getTime()) return;
			const claims = await open.claims.list();
			const name = require_write_session.claimName(ledger.document, place);
			if (!claims.some(({ name: seen, claim }) => seen === name || require_post.isSameTime(claim?.after ?? null, metadata.updatedAt) || claim?.next === name && claim.state !== "stored")) throw movedSince(place);
		} catch (error) {
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			log.debug(`GitHub did not say whether the secret is as this job left it. ${error.message}`);
		}
	});
}
function movedSince(place) {
	return new require_post.Failure("secret-changed-elsewhere", `Somebody has written the ${require_secret_location.describePlace(place)} after this job stored the refreshed login there.`, "If a step of this job does that (`gh secret set`), remove it: it has put a copy over the login, and the next job cannot refresh. Dispatch maintenance: it puts the login back from the handoff. If that was a fresh login on purpose, nothing is to be done.");
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
		if (!(section !== null && await this.#try(handed, (online) => recover(online, section))) && await require_post.hasLedger(this.#left)) await this.#try(handed, storePending);
		await this.#failOnLostLogin(handed);
		if (this.#left.report?.rotated && this.#left.report.stored) await this.#try(handed, async (online) => {
			await demandUnmovedSecret(online);
			return null;
		});
		if (await require_post.mayHaveRotatedInHome({
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
			throw new require_post.Failure("write-back-pending", "The refreshed login is not stored, and what main has kept of it on this machine is gone.", "Dispatch the maintenance workflow now: it repairs the secret from the handoff. Remove the step that empties RUNNER_TEMP.");
		});
	}
	async #handedDocument() {
		const { inputs, session, files, section } = this.#left;
		if (inputs.secret) return this.#readQuietly(inputs.secret);
		const left = section?.directory && await readPrivateHome(files, privateHomeAt(section.directory));
		if (left) return left.handed;
		const text = await files.read(require_post.handedPath(session.base));
		return text === null ? null : this.#readQuietly(new require_post.Secret(text));
	}
	#readQuietly(secret) {
		try {
			return require_write_session.readHanded(secret, this.#services.log);
		} catch (error) {
			if (error instanceof require_post.Failure) return null;
			throw error;
		}
	}
	#failWithoutInputs() {
		if (!require_post.isPending(this.#left)) return;
		this.failures.push(new require_post.Failure("write-back-pending", "The refreshed login could not be stored, and this phase got no inputs to try again. The handoff has it.", "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside nested composite actions GitHub gives post no inputs."));
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
		if (outcome.rescue) require_write_session.tellRescue(log, "To store this job's login by hand:", outcome.rescue);
		if (outcome.kind === "refused") {
			this.failures.push(outcome.failure);
			return;
		}
		const where = outcome.inHandoff ? "The handoff in the Actions cache has it." : "The handoff could not be saved either.";
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