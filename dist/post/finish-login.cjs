"use strict";

const require_post = require("../post.cjs");
const require_retry = require("./retry.cjs");
const require_github_error = require("./github-error.cjs");
const require_write_back = require("./write-back.cjs");
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
	const [predecessor, handed] = await Promise.all(["predecessor.json", "handed.json"].map(async (name) => {
		const text = await files.read((0, node_path.join)(place.directory, name));
		return text === null ? null : require_post.AuthJson.read(text);
	}));
	if (!predecessor || !handed) return null;
	return {
		predecessor,
		handed,
		after: await files.read(require_post.authPath(place.home))
	};
}

// src/core/login/compare.ts
function judge(before, after) {
	const login = after === null ? null : require_post.AuthJson.read(after) ?? before.salvage(after);
	if (after === null || login === null) return {
		kind: "broken",
		failure: new require_post.Failure("refresh-broke-login", after === null ? "Codex left no auth.json." : "Codex left an auth.json in which there is no refresh token.", "The login before it is kept.")
	};
	const oddity = login.isOfOtherAccount(before) ? "The file belongs to another ChatGPT account." : oddityOf(after);
	if (!login.refreshToken.equals(before.refreshToken)) return {
		kind: "rotated",
		login,
		oddity
	};
	if (!login.accessToken.equals(before.accessToken)) return {
		kind: "renewed",
		login,
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
const LATE = {
	workedEarlier: true,
	insistence: "when-due"
};
async function storeLate(services, late) {
	const { handed, clock, place } = services;
	const { login, predecessor, claim, before, writes = [] } = late;
	const ledger = require_write_back.ledgerOf({
		login,
		predecessor,
		claim,
		before: before ?? /* @__PURE__ */ new Date(0),
		writes
	});
	const isRotated = !login.refreshToken.equals(predecessor.refreshToken);
	return require_write_back.withWriteToken(services, LATE, async (open) => {
		const seen = open instanceof require_post.Failure ? "not-answered" : await askForClaim(open, claim);
		const settled = settledBy(seen, {
			ledger,
			place
		});
		if (settled !== null) return settled;
		const savedAt = open instanceof require_post.Failure ? clock.now() : await require_write_back.timeOf(open);
		const inHandoff = await require_write_back.saveNotes(services, {
			under: [predecessor, handed],
			login,
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
		const spent = isRotated && claim && known ? {
			name: claim.name,
			claim: known
		} : null;
		const rotated = {
			state: "rotated",
			next: open.claims.nameOf(login)
		};
		if (spent !== null) await open.claims.tell(spent.name, spent.claim, rotated);
		if (expected === null) {
			const silence = new require_github_error.GitHubError(require_github_error.describeAnswer(null, null), { status: null });
			return {
				...pending,
				failure: require_write_back.explainRefusal(open, silence, LATE)
			};
		}
		const outcome = await require_write_back.writeBack(open, {
			login,
			before: expected,
			spent: spent && {
				...spent,
				claim: {
					...spent.claim,
					state: "rotated"
				}
			},
			...claim && { holder: claim.holder },
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
		if (!isRotated && claim !== null && outcome.kind === "stored") await open.claims.giveBack(claim);
		return require_write_back.settleLedger(open, {
			ledger,
			outcome,
			inHandoff
		});
	});
}
function settledBy(seen, { ledger, place }) {
	if (seen === "not-answered") return null;
	const refused = {
		kind: "refused",
		ledger,
		failure: notHeld(),
		rescue: null
	};
	if (seen === null) return refused;
	if (seen.claim?.state === "stored") return {
		kind: "stored",
		ledger
	};
	const next = seen.claim?.next;
	return next && next !== require_write_back.claimName(ledger.login, place) ? refused : null;
}
async function letGoOf(services, claim, { sent }) {
	await require_write_back.withWriteToken(services, LATE, async (open) => {
		if (open instanceof require_post.Failure) return;
		if (sent === "nothing" || /_R\d$/.test(claim.name)) return open.claims.giveBack(claim);
		const seen = await askForClaim(open, claim);
		if (seen === null || seen === "not-answered" || seen.claim?.state !== "open") return;
		await open.claims.tell(claim.name, seen.claim, { released: true });
	});
}
async function askForClaim({ claims, clock }, claim) {
	if (claim === null) return "not-answered";
	const isShown = (seen) => seen !== null;
	return require_retry.unlessGitHubFails(() => require_retry.poll(clock, { withinMs: OUTDATED_MS }, () => claims.isHeld(claim), isShown), () => "not-answered");
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
	const { login } = verdict;
	require_write_back.maskTokens(login, services.log);
	const ledger = await services.ledgerFile.load();
	const known = ledger?.login.isSameGeneration(login) ? {
		before: ledger.before,
		writes: ledger.writes
	} : {};
	return storeLate(services, {
		login,
		predecessor: found.predecessor,
		claim,
		...known
	});
}
async function storePending(services) {
	const ledger = await services.ledgerFile.load();
	if (ledger === null || ledger.stored || ledger.predecessor === null) return null;
	const { login, predecessor, claim, before, writes } = ledger;
	require_write_back.maskTokens(login, services.log);
	return storeLate(services, {
		login,
		predecessor,
		claim,
		before,
		writes
	});
}

// src/core/login/due.ts
function remainingMs(login, now) {
	return login.accessTokenExpiresAt.getTime() - now.getTime();
}
const CODEX_WINDOW_MS = 3e5;
function codexWouldRefresh(login, now) {
	return remainingMs(login, now) <= CODEX_WINDOW_MS;
}

// src/login/store-home.ts
async function storeChangedHome(services, place, until) {
	const isUntouched = await isAsWritten(services, place, until);
	const text = isUntouched ? null : await services.files.read(require_post.authPath(place.home));
	const ledger = await services.ledgerFile.load();
	if (ledger === null || ledger.claim === null) return null;
	const { login: before, claim } = ledger;
	const verdict = isUntouched ? { kind: "unchanged" } : judge(before, text);
	if (verdict.kind === "unchanged" || verdict.kind === "broken") {
		if (until === "job-ends") {
			const isSure = isUntouched && !codexWouldRefresh(before, services.clock.now());
			await letGoOf(services, claim, { sent: isSure ? "nothing" : "perhaps" });
		}
		if (verdict.kind === "broken") throw verdict.failure;
		return null;
	}
	return storeChanged(services, ledger, verdict.login);
}
async function storeChanged(services, { login: before, predecessor, claim, before: updatedAt }, login) {
	const { handed, log } = services;
	require_write_back.maskTokens(login, log);
	if ([handed, predecessor].some((earlier) => earlier?.refreshToken.equals(login.refreshToken)) && !login.refreshToken.equals(before.refreshToken) || login.accessTokenIssuedAt.getTime() < before.accessTokenIssuedAt.getTime() || login.isOfOtherAccount(before)) throw new require_post.Failure("write-back-refused", "The login in the home is older than the one that this job was given, or of another account, so it was not stored. The secret is as it was.", "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.");
	log.info(`The login in the home has changed: generation ${before.generation} became ${login.generation}.`);
	return storeLate(services, {
		login,
		predecessor: before,
		claim,
		before: updatedAt
	});
}
async function isAsWritten({ files, processes }, place, until) {
	const stamp = await files.stamp(require_post.authPath(place.home));
	if (stamp === null) return false;
	if (stamp !== place.written && stamp !== await require_post.lastWritten(files, place)) return false;
	return until === "job-goes-on" || (await processes.usingHome(place.home)).length === 0;
}

// src/login/unmoved-secret.ts
async function demandUnmovedSecret(services) {
	const { ledgerFile, place, log } = services;
	const ledger = await ledgerFile.load();
	if (ledger === null || !ledger.stored || ledger.before.getTime() === 0) return;
	await require_write_back.withWriteToken(services, LATE, async (open) => {
		if (open instanceof require_post.Failure) return;
		const demand = async () => {
			const metadata = await require_write_back.metadataOf(open);
			if (metadata === null || metadata.updatedAt.getTime() <= ledger.before.getTime()) return;
			const claims = await open.claims.list();
			const name = require_write_back.claimName(ledger.login, place);
			if (!claims.some(({ name: seen, claim }) => seen === name || require_post.isSameTime(claim?.after ?? null, metadata.updatedAt) || claim?.next === name && claim.state !== "stored")) throw movedSince(place);
		};
		await require_retry.unlessGitHubFails(demand, ({ message }) => log.debug(`GitHub did not say whether the secret is as this job left it. ${message}`));
	});
}
function movedSince(place) {
	return new require_post.Failure("secret-changed-elsewhere", `Somebody has written the ${require_github_error.describeLocation(place)} after this job stored the refreshed login there.`, "If a step of this job does that (`gh secret set`), remove it: it has put a copy over the login, and the next job cannot refresh. Dispatch maintenance: it puts the login back from the handoff. If that was a fresh login on purpose, nothing is to be done.");
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
			return require_write_back.readHanded(secret, this.#services.log);
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
		const { login } = outcome.ledger;
		const stored = outcome.kind === "stored";
		const before = this.report;
		this.report = require_post.reportOf(login, {
			role: "keeper",
			restoredFrom: before?.restoredFrom ?? "secret",
			rotated: true,
			stored,
			events: [...before?.events ?? [], stored ? "Stored in post." : outcome.failure.message],
			alert: outcome.kind === "refused" ? alertOf(outcome.failure) : null,
			rescue: stored ? null : outcome.rescue
		});
		if (outcome.kind === "stored") {
			log.info(`Stored generation ${login.generation}.`);
			return;
		}
		if (outcome.rescue) require_write_back.tellRescue(log, "To store this job's login by hand:", outcome.rescue);
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