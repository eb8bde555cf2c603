"use strict";

const require_main = require("../main.cjs");
const require_retry = require("./retry.cjs");
let node_crypto = require("node:crypto");

// src/core/failure/github-refusal.ts
const CAUSES = [
	[/IP allow list|IP address is not permitted/i, "Let this job run on a runner whose address the organization allows (GitHub-hosted runners have changing ones, larger runners can have fixed ones), or let an owner add the runner's address to the organization's IP allow list."],
	[/SAML|single sign-on|\bSSO\b/i, "Authorize the token for the organization's single sign-on: Settings → Developer settings → the token → Configure SSO. A fine-grained token is authorized when it is made for the organization. A GitHub App (`client-id`, `private-key`) needs no authorization."],
	[/installation\b.*\bsuspended|suspended\b.*\binstallation|app\b.*\bsuspended/i, "Somebody has suspended the GitHub App's installation. An owner lifts that: Settings → GitHub Apps → Configure → Unsuspend."],
	[/account\b.*\bsuspended|suspended\b.*\baccount/i, "The account that the token belongs to is suspended. Use the token of another account, or a GitHub App."],
	[/archived/i, "The repository is archived, so nothing in it can be written. Unarchive it, or take its login out of use and remove the workflow."],
	[/lifetime/i, "The organization limits how long a token may live. Make a fine-grained token that expires earlier, and store it as the secret that `secret-write-token` reads; a GitHub App has no such limit."],
	[/forbids access via a personal access token \(classic\)|classic/i, "The organization forbids classic tokens. Make a fine-grained token, or use a GitHub App (`client-id`, `private-key`)."],
	[/forbids access via a fine-grained/i, "The organization forbids fine-grained tokens. Use a GitHub App (`client-id`, `private-key`), or let an owner allow them: organization → Settings → Personal access tokens."],
	[/pending|approv/i, "An owner of the organization must approve the token first: organization → Settings → Personal access tokens → Pending requests."],
	[/two-factor|2fa/i, "The organization requires two-factor authentication of the account that the token belongs to: switch it on there, or use a GitHub App."],
	[/billing|payment|spending limit|upgrade to|your (current )?plan/i, "This is about the account's plan or its billing: see Settings → Billing. Environments of a private repository need a paid plan; a repository secret works without one."],
	[/disabled|blocked|unavailable due to|terms of service|dmca|flagged/i, "GitHub has blocked or disabled this, and only GitHub's support or an owner can lift it."],
	[/polic(y|ies)|enterprise|forbids|not permitted|not allowed|restricted/i, "A policy of the organization or the enterprise refuses this: ask an owner, and quote GitHub's sentence."]
];
function explainRefusal(error) {
	const { status, said } = error;
	if (status === 410 || status === 451) return refused(error, adviceFor(said) ?? GONE[status]);
	if (status !== 403) return null;
	const advice = adviceFor(said);
	return advice === null ? null : refused(error, advice);
}
const GONE = {
	410: "What was asked for does not exist any more on this server. On GitHub Enterprise Server, check its version.",
	451: "GitHub has made this repository unavailable for legal reasons; only GitHub's support can lift that."
};
function adviceFor(said) {
	const [, advice = null] = CAUSES.find(([pattern]) => pattern.test(said ?? "")) ?? [];
	return advice;
}
function refused(error, advice) {
	return new require_main.Failure("github-refused", require_retry.describeAnswer(error.status, error.said), advice, { cause: error });
}
function explainUnreachable(error, again) {
	const { status, said, retryAfterMs } = error;
	const minutes = retryAfterMs === null ? null : Math.ceil(retryAfterMs / 6e4);
	const hint = status !== null && status >= 400 && status < 500 && status !== 408 && minutes === null ? `GitHub does not take this request. ${again}; if it stays so, please report it, with GitHub's sentence.` : minutes !== null && minutes > 0 && status !== 503 ? `This is a limit on requests, of the account that the token belongs to. ${again} in ${minutes} min or later.` : `This usually passes: ${again.charAt(0).toLowerCase()}${again.slice(1)}, and see githubstatus.com.`;
	return new require_main.Failure("github-unreachable", require_retry.describeAnswer(status, said), hint, { cause: error });
}
function answerOf({ status, said }) {
	return said === null ? String(status) : `${status}: ${require_main.foreign(said)}`;
}

// src/core/failure/secret-error.ts
function explainSecretError(error, { place, credential, workedEarlier }) {
	const where = require_main.describePlace(place);
	const permission = `${require_main.permissionOf(place) === "secrets" ? error.permission ?? "Secrets" : "Environments"}: read and write`;
	const answer = answerOf(error);
	const isInstallation = /by integration/i.test(error.said ?? "");
	const who = credential === "token" ? "The write token" : "The GitHub App";
	const grant = credential === "token" ? `Give the token in \`secret-write-token\` the repository permission "${permission}" for ${place.owner}/${place.repository}. GITHUB_TOKEN cannot have it.` : `Give the GitHub App the repository permission "${permission}", accept it in the installation, and install the App on ${place.owner}/${place.repository}.`;
	const isLimit = error.status === 403 && require_retry.canRepair(error);
	const refusal = isLimit ? null : explainRefusal(error);
	if (refusal) return refusal;
	switch (isLimit ? 429 : error.status) {
		case 401: return workedEarlier ? new require_main.Failure("write-token-revoked", `The token in \`secret-write-token\` worked earlier in this job and is now refused (${answer}).`, "A token from actions/create-github-app-token is revoked before our post step: pass `client-id` and `private-key` to this action instead, or set `skip-token-revoke: true` there.", { cause: error }) : new require_main.Failure("write-token-rejected", `GitHub does not accept the write token (${answer}): it is expired, revoked or mistyped.`, "Make a new fine-grained token and store it as the secret that `secret-write-token` reads.", { cause: error });
		case 403: return new require_main.Failure("write-token-forbidden", `${who} may not write the ${where} (${answer}).`, isInstallation && credential === "token" ? `The value in \`secret-write-token\` is GITHUB_TOKEN or an App's token, without that permission. ${grant}` : grant, { cause: error });
		case 404: return new require_main.Failure("write-token-cannot-reach-repository", `${who} cannot see the ${place.environment === null ? "secrets" : `environment ${place.environment}`} of ${place.owner}/${place.repository} (${answer}).`, place.environment === null ? grant : `Check the name in \`environment\`, then: ${grant}`, { cause: error });
		default: return explainUnreachable(error, "Run the job again");
	}
}

// src/core/claim/claim.ts
const VERSION = 1;
const CLAIM_WORK_MS = 48e4;
const CLAIM_LIFETIME_MS = 6e5;
function isClaimName(name) {
	return /^CODEX_AUTH_CLAIM_[0-9A-F]{20}(_R[1-9])?$/.test(name.toUpperCase());
}
function writeClaim(claim) {
	return JSON.stringify({
		v: VERSION,
		...claim
	});
}
function readClaim(text) {
	let json;
	try {
		json = JSON.parse(text);
	} catch {
		return null;
	}
	if (typeof json !== "object" || json === null) return null;
	const { v, holder, run, attempt, secret, ref, state, before, next, after, released, wholeJob } = json;
	if (v !== VERSION || typeof holder !== "string" || !/^[0-9a-f]{32}$/.test(holder)) return null;
	if (typeof run !== "string" || typeof attempt !== "number" || !Number.isSafeInteger(attempt)) return null;
	if (typeof secret !== "string" || typeof ref !== "string") return null;
	if (state !== "open" && state !== "write" && state !== "rotated" && state !== "stored") return null;
	if (next !== null && (typeof next !== "string" || !isClaimName(next))) return null;
	const [beforeTime, afterTime] = [before, after].map(readTime$1);
	if (beforeTime === void 0 || afterTime === void 0) return null;
	return {
		holder,
		run,
		attempt,
		secret,
		ref,
		state,
		before: beforeTime,
		next,
		after: afterTime,
		released: released === true,
		wholeJob: wholeJob === true
	};
}
function readTime$1(value) {
	if (value === null) return null;
	if (typeof value !== "string") return void 0;
	const time = new Date(value);
	return Number.isNaN(time.getTime()) ? void 0 : time;
}
function isOld({ createdAt }, now) {
	return now.getTime() - createdAt.getTime() >= CLAIM_LIFETIME_MS;
}
function isGone(seen, { now, status, forced }) {
	if (seen.claim?.released) return true;
	if (!isOld(seen, now)) return false;
	if (seen.claim === null) return true;
	return status === "ended" || status === "unknown" && forced && !seen.claim.wholeJob;
}
function isSameTime(one, other) {
	return one !== null && other !== null && one.getTime() === other.getTime();
}

// src/core/claim/name.ts
const PREFIX = "CODEX_AUTH_CLAIM_";
const DOMAIN = "codex-auth-roundtrip/claim/v1";
const HEX_DIGITS = 20;
function claimName(document, { repositoryId }, takeover = 0) {
	return `${PREFIX}${digest(DOMAIN, repositoryId, document)}${takeover === 0 ? "" : `_R${takeover}`}`;
}
function seedMarkerName(document, { repositoryId }) {
	return `${PREFIX}${digest(`${DOMAIN}/seed`, repositoryId, document)}`;
}
function digest(domain, repositoryId, document) {
	return (0, node_crypto.createHash)("sha256").update([
		domain,
		repositoryId,
		document.refreshToken.reveal()
	].join("\0")).digest("hex").slice(0, HEX_DIGITS).toUpperCase();
}

// src/login/seed-marker.ts
const SEED_RUN = "seed";
async function markSeed(variables, { document, place, updatedAt }) {
	const marker = {
		holder: "0".repeat(32),
		run: SEED_RUN,
		attempt: 1,
		secret: place.secretName,
		ref: "default",
		state: "stored",
		before: null,
		next: claimName(document, place),
		after: updatedAt,
		released: true,
		wholeJob: false
	};
	const name = seedMarkerName(document, place);
	if (await variables.create(name, writeClaim(marker)) === "exists") await variables.update(name, writeClaim(marker));
}

// src/login/variable-limits.ts
const REPOSITORY_LIMIT = 500;
const ENVIRONMENT_LIMIT = 100;
const NEARLY_FULL = .8;
const FORGOTTEN_MS = 5184e6;
async function tidyClaims({ place, log }, { variables, serverClock }) {
	const limit = limitOf(place);
	try {
		const now = (await serverClock.now()).getTime();
		const all = await variables.list();
		for (const { name, value, createdAt } of all) {
			const claim = isClaimName(name) ? readClaim(value) : null;
			if (claim?.state === "stored" && claim.run !== "seed" && now - createdAt.getTime() > FORGOTTEN_MS) await variables.remove(name);
		}
		if (all.length >= limit * NEARLY_FULL) log.warning(`The scope of the ${require_main.describePlace(place)} holds ${all.length} of the ${limit} variables that GitHub allows, and each refresh needs one. Delete variables that are no longer used.`);
	} catch (error) {
		if (!(error instanceof require_retry.GitHubError)) throw error;
		log.debug(`Old claims could not be deleted. ${error.message}`);
	}
}
async function explainFullScope(variables, place, { status }) {
	if (status === 401 || status === 403 || status === 404) return null;
	const all = await variables.list().catch(() => []);
	if (all.length < limitOf(place)) return null;
	return new require_main.Failure("claim-limit", `The scope of the ${require_main.describePlace(place)} holds ${all.length} variables, as many as GitHub allows, and a refresh needs one. Nothing was refreshed.`, "Delete variables that are no longer used.");
}
function limitOf({ environment }) {
	return environment === null ? REPOSITORY_LIMIT : ENVIRONMENT_LIMIT;
}

// src/login/claims.ts
const WITHIN_MS$1 = 15e3;
const ATTEMPTS = 3;
const PAUSE_MS$1 = 1e3;
const MAXIMUM_WAIT_MS = 12e4;
const HOLDER_BYTES = 16;
var Claims = class {
	#services;
	#variables;
	#serverClock;
	#insistence;
	constructor(services, { variables, serverClock }, insistence) {
		this.#services = services;
		this.#variables = variables;
		this.#serverClock = serverClock;
		this.#insistence = insistence;
	}
	nameOf(document, takeover = 0) {
		return claimName(document, this.#services.place, takeover);
	}
	async read(name) {
		const variable = await this.#insist(() => this.#variables.read(name));
		return variable && {
			name,
			createdAt: variable.createdAt,
			claim: readClaim(variable.value)
		};
	}
	async list() {
		return (await this.#insist(() => this.#variables.list())).filter(({ name }) => isClaimName(name)).map(({ name, value, createdAt }) => ({
			name: name.toUpperCase(),
			createdAt,
			claim: readClaim(value)
		}));
	}
	async take(name, draft) {
		const { clock, place, claimant } = this.#services;
		const claim = {
			...draft,
			...claimant,
			secret: place.secretName,
			next: null,
			after: null,
			released: false,
			wholeJob: draft.wholeJob ?? false
		};
		const held = {
			name,
			claim,
			sinceMonotonicMs: clock.monotonicMs(),
			sinceDateMs: clock.now().getTime()
		};
		const attempt = async () => {
			const made = await this.#create(name, writeClaim(claim));
			if (made === "created") return {
				kind: "ours",
				held,
				made
			};
			const seen = await this.read(name);
			if (seen?.claim?.holder === draft.holder) return {
				kind: "ours",
				held,
				made
			};
			return {
				kind: "theirs",
				seen,
				made
			};
		};
		return require_retry.repeat(clock, attempt, (taking, attempts) => {
			return taking.kind === "theirs" && taking.seen === null && taking.made === "unanswered" && attempts < ATTEMPTS ? PAUSE_MS$1 * attempts : null;
		});
	}
	async #create(name, value) {
		const { clock, log, place } = this.#services;
		const attempt = async () => {
			try {
				return await this.#variables.create(name, value);
			} catch (error) {
				if (!(error instanceof require_retry.GitHubError)) throw error;
				if (!require_retry.canRepair(error)) throw await explainFullScope(this.#variables, place, error) ?? error;
				return error.retryAfterMs === null ? "unanswered" : error;
			}
		};
		const outcome = await require_retry.repeat(clock, attempt, (made, attempts) => {
			if (!(made instanceof require_retry.GitHubError)) return null;
			const waitMs = made.retryAfterMs ?? 0;
			if (attempts === ATTEMPTS || waitMs > MAXIMUM_WAIT_MS) return null;
			log.info(`${made.message} Trying again in ${Math.ceil(waitMs / 1e3)} s.`);
			return waitMs;
		});
		if (outcome instanceof require_retry.GitHubError) throw outcome;
		return outcome;
	}
	isFresh({ sinceMonotonicMs, sinceDateMs }) {
		return this.msLeft({
			sinceMonotonicMs,
			sinceDateMs
		}) > 0;
	}
	msLeft({ sinceMonotonicMs, sinceDateMs }) {
		const { clock } = this.#services;
		const elapsedMs = Math.max(clock.monotonicMs() - sinceMonotonicMs, clock.now().getTime() - sinceDateMs);
		return CLAIM_WORK_MS - elapsedMs;
	}
	async isHeld({ name, holder }) {
		const seen = await this.read(name);
		return seen?.claim?.holder === holder ? seen : null;
	}
	async tell(name, known, change) {
		const { log } = this.#services;
		try {
			await this.#insist(() => this.#variables.update(name, writeClaim({
				...known,
				...change
			})));
		} catch (error) {
			if (!(error instanceof require_retry.GitHubError)) throw error;
			log.debug(`The claim ${name} could not be brought up to date. ${error.message}`);
		}
	}
	async giveBack({ name, holder }) {
		const { log } = this.#services;
		try {
			const seen = await this.isHeld({
				name,
				holder
			});
			if (seen?.claim?.state !== "open" && seen?.claim?.state !== "write") return;
			if ((await this.#serverClock.now()).getTime() - seen.createdAt.getTime() < 48e4 || seen.claim.wholeJob) await this.#variables.remove(name);
			else await this.tell(name, seen.claim, { released: true });
		} catch (error) {
			if (!(error instanceof require_retry.GitHubError)) throw error;
			log.debug(`The claim ${name} could not be deleted. ${error.message}`);
		}
	}
	async isGone(seen) {
		const { runInformation, claimant } = this.#services;
		if (seen.claim?.released) return true;
		const now = await this.#serverClock.now();
		if (!isOld(seen, now)) return false;
		const { claim } = seen;
		const isEarlierAttempt = claim?.run === claimant.run && claim.attempt < claimant.attempt;
		const status = claim === null || isEarlierAttempt ? "ended" : await runInformation.statusOf(claim.run, claim.attempt);
		return isGone(seen, {
			now,
			status,
			forced: this.#insistence === "forced"
		});
	}
	#insist(ask) {
		const { clock, log } = this.#services;
		return require_retry.insist({
			clock,
			log
		}, { withinMs: WITHIN_MS$1 }, ask);
	}
};
function newHolder(randomness) {
	return Buffer.from(randomness.bytes(HOLDER_BYTES)).toString("hex");
}
function ownOf({ name, claim }) {
	return {
		name,
		holder: claim.holder
	};
}

// src/login/handoff.ts
async function saveNotes({ handoff, log }, { under, document, savedAt }) {
	const holders = under.filter((holder, index) => !holder.isSameGeneration(document) && under.findIndex((other) => other.isSameGeneration(holder)) === index);
	let saved = holders.length > 0;
	for (const holder of holders) {
		const outcome = await handoff.save(holder, {
			document,
			savedAt
		});
		if (outcome === "off") return false;
		saved &&= outcome === "saved";
	}
	if (!saved && holders.length > 0) log.info("The handoff could not be saved in the Actions cache.");
	return saved;
}

// src/login/secret-time.ts
const WITHIN_MS = 15e3;
const PAUSE_MS = 4e3;
const OUTDATED_MS = 4e3;
const WRITE_OUTDATED_MS = 4e4;
async function updatedAtOf({ session, place, clock, log }) {
	const metadata = await require_retry.insist({
		clock,
		log
	}, { withinMs: WITHIN_MS }, () => session.store.metadata(place.secretName));
	if (metadata === null) throw secretNotFound(place);
	return metadata.updatedAt;
}
async function updatedAtUnlessOutdated(services, expected) {
	return require_retry.poll(services.clock, { withinMs: OUTDATED_MS }, () => updatedAtOf(services), expected);
}
async function updatedAtSince({ session, place, clock, log }, seen, asked) {
	const ask = async () => {
		return (await require_retry.insist({
			clock,
			log
		}, { withinMs: WITHIN_MS }, () => {
			asked();
			return session.store.metadata(place.secretName);
		}))?.updatedAt ?? null;
	};
	const isOutdated = (at) => at !== null && at.getTime() < seen.getTime();
	const updatedAt = await require_retry.poll(clock, { withinMs: WRITE_OUTDATED_MS }, ask, (at) => !isOutdated(at));
	if (!isOutdated(updatedAt)) return updatedAt;
	throw new require_retry.GitHubError("GitHub's API answers with the secret's state of some time ago.", { status: null });
}
async function runCreated(services, after) {
	const { runInformation, place } = services;
	const created = await readTime(services, "repository");
	if (created.kind === "known" && created.at.getTime() > after.getTime()) return "after";
	if (place.environment === null || runInformation.isRerun) return compare(created, after);
	return compare(await readTime(services, "environment"), after);
}
async function readTime({ runInformation, clock }, scope) {
	return require_retry.poll(clock, {
		withinMs: WITHIN_MS,
		everyMs: PAUSE_MS
	}, () => runInformation.readTime(scope), (time) => time.kind === "known" || time.because !== "unreachable");
}
function compare(time, after) {
	if (time.kind === "known") return time.at.getTime() > after.getTime() ? "after" : "not-after";
	return time.because === "permission" ? "run-time-permission" : "run-time-unknown";
}
function secretNotFound(place) {
	return new require_main.Failure("secret-not-found", `There is no ${require_main.describePlace(place)}. This action never creates it.`, "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.");
}

// src/login/store-outcome.ts
async function saveLedger({ ledgerFile, log }, ledger) {
	try {
		await ledgerFile.save(ledger);
		return true;
	} catch {
		log.info("The ledger of this job could not be written to disk.");
		return false;
	}
}
async function settleLedger(services, { ledger, outcome, inHandoff }) {
	if (outcome.kind === "pending") return {
		...outcome,
		ledger,
		inHandoff
	};
	if (outcome.kind === "refused") return {
		...outcome,
		ledger
	};
	if (outcome.kind === "settled") services.log.info("Another job has taken this login over from the handoff, and went on from there.");
	const before = (outcome.kind === "stored" ? outcome.updatedAt : null) ?? ledger.before;
	const stored = {
		...ledger,
		before,
		claim: null,
		stored: true,
		writes: []
	};
	await saveLedger(services, stored);
	return {
		kind: "stored",
		ledger: stored
	};
}

// src/login/sealed-login.ts
var SealedLogin = class {
	#services;
	#login;
	#key;
	#payload = null;
	constructor(services, { key = null, ...login }) {
		this.#services = services;
		this.#login = login;
		this.#key = key;
	}
	async seal() {
		const { box, session } = this.#services;
		const { document, encoding } = this.#login;
		this.#key ??= await session.store.publicKey();
		this.#payload ??= await box.seal(document.content(encoding), this.#key);
		return this.#payload;
	}
	forgetKey() {
		this.#key = null;
		this.#payload = null;
	}
	async rescue(before) {
		try {
			return require_main.rescueCommand(this.#services.place, await this.seal(), before);
		} catch (error) {
			if (error instanceof require_retry.GitHubError) return null;
			throw error;
		}
	}
};

// src/login/write-windows.ts
const CLOCK_TOLERANCE_MS = 3e3;
const LATE_MS = 5e3;
const PUT_MS = 15e3;
var WriteWindows = class {
	#windows;
	constructor(windows) {
		this.#windows = [...windows];
	}
	add(window) {
		this.#windows.push(window);
	}
	cover(updatedAt) {
		return this.#windows.some((window) => isWithin(window, updatedAt));
	}
};
function isWithin({ from, to }, at) {
	return from.getTime() <= at.getTime() && at.getTime() <= to.getTime();
}
function expectedWindow(beganAt) {
	return windowOf(beganAt, new Date(beganAt.getTime() + PUT_MS));
}
function answeredWindow(beganAt, answeredAt) {
	return windowOf(beganAt, answeredAt);
}
function lateWindow(beganAt, givenUpAt) {
	return windowOf(beganAt, new Date(givenUpAt.getTime() + LATE_MS));
}
function windowOf(from, to) {
	return {
		from: /* @__PURE__ */ new Date(from.getTime() - CLOCK_TOLERANCE_MS),
		to: new Date(to.getTime() + CLOCK_TOLERANCE_MS)
	};
}

// src/login/write-back.ts
const FIRST_PAUSE_MS = 1e3;
const LONGEST_PAUSE_MS = 3e4;
const CONFIRM_WITHIN_MS = 2e4;
const LOOK_LASTS_MS = 3e4;
const MAXIMUM_TIMES_HELD_UP = 3;
async function writeBack(services, request) {
	const writing = new WriteBackRun(services, request);
	try {
		return await writing.run();
	} finally {
		await writing.release();
	}
}
var WriteBackRun = class {
	#services;
	#request;
	#sealed;
	#unanswered;
	#before;
	#writeClaim = null;
	#isFirst;
	#lookedAt = {
		monotonicMs: 0,
		dateMs: 0
	};
	#timesHeldUp = 0;
	#keyWasRefetched = false;
	constructor(services, request) {
		this.#services = services;
		this.#request = request;
		this.#sealed = new SealedLogin(services, request);
		this.#unanswered = new WriteWindows(request.ledger?.writes ?? []);
		this.#before = request.before;
		this.#isFirst = request.held !== null;
	}
	async run() {
		const { clock, log, cancellation } = this.#services;
		const deadlineMs = clock.monotonicMs() + this.#request.timeoutMs;
		const step = await require_retry.repeat(clock, () => this.#attempt(), (outcome, attempt) => {
			if (outcome.kind !== "failed") return null;
			const { failure, error } = outcome;
			const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
			const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
			if (!require_retry.canRepair(error) || cancellation.requested() || clock.monotonicMs() + waitMs > deadlineMs) return null;
			log.info(`${failure.message} Trying again in ${Math.round(waitMs / 1e3)} s (attempt ${attempt} failed).`);
			return waitMs;
		});
		if (step.kind === "stored" || step.kind === "settled") return step;
		const rescue = await this.#sealed.rescue(this.#request.before);
		return {
			kind: step.kind === "failed" ? "pending" : "refused",
			failure: step.failure,
			rescue
		};
	}
	async release() {
		if (this.#writeClaim === null) return;
		const { name, claim } = this.#writeClaim;
		await this.#services.claims.giveBack({
			name,
			holder: claim.holder
		});
	}
	async #attempt() {
		const { place, writeCredential } = this.#services;
		try {
			return await this.#obstacle() ?? await this.#put();
		} catch (error) {
			if (!(error instanceof require_retry.GitHubError)) throw error;
			const credential = writeCredential?.kind ?? "token";
			return {
				kind: "failed",
				failure: explainSecretError(error, {
					place,
					credential,
					workedEarlier: true
				}),
				error
			};
		} finally {
			this.#isFirst = false;
		}
	}
	async #obstacle() {
		const { place, claims } = this.#services;
		const { held, mayReplace } = this.#request;
		await this.#sealed.seal();
		if (!this.#isFirst || held === null || !claims.isFresh(held)) {
			if (!await this.#claimGeneration()) return { kind: "settled" };
		}
		const updatedAt = await this.#updatedAt();
		if (updatedAt === null) return {
			kind: "refused",
			failure: secretNotFound(place)
		};
		if (isSameTime(updatedAt, this.#before)) return null;
		if (this.#unanswered.cover(updatedAt)) return this.#settle(null);
		if (!await mayReplace?.(updatedAt)) return {
			kind: "refused",
			failure: changedElsewhere(place)
		};
		this.#before = updatedAt;
		if (isSameTime(await this.#updatedAt(), updatedAt)) return null;
		return {
			kind: "refused",
			failure: changedElsewhere(place)
		};
	}
	async #put() {
		const { place, session } = this.#services;
		const { store, serverClock } = session;
		const sealed = await this.#sealed.seal();
		const beganAt = await serverClock.now();
		await this.#writeDown(expectedWindow(beganAt));
		if (this.#lookIsOld) {
			this.#isFirst = false;
			this.#timesHeldUp += 1;
			return this.#timesHeldUp > MAXIMUM_TIMES_HELD_UP ? heldUp() : this.#attempt();
		}
		try {
			if (await store.put(place.secretName, sealed) === "created") {
				await store.remove(place.secretName);
				return {
					kind: "refused",
					failure: secretNotFound(place)
				};
			}
		} catch (error) {
			if (!(error instanceof require_retry.GitHubError)) throw error;
			if (error.status === 422) {
				this.#sealed.forgetKey();
				if (!this.#keyWasRefetched) {
					this.#keyWasRefetched = true;
					this.#isFirst = false;
					return this.#attempt();
				}
			}
			if (error.status === null || error.status >= 500 || error.status === 408) this.#unanswered.add(lateWindow(beganAt, await serverClock.now()));
			throw error;
		}
		const window = answeredWindow(beganAt, await serverClock.now());
		const updatedAt = await this.#confirmed();
		const isSure = updatedAt !== null && updatedAt.getTime() > this.#before.getTime() && isWithin(window, updatedAt);
		return this.#settle(isSure ? updatedAt : null);
	}
	async #writeDown(window) {
		const { ledger } = this.#request;
		const saved = ledger && {
			...ledger,
			writes: [...ledger.writes, window]
		};
		if (saved) await this.#services.ledgerFile.save(saved).catch(() => {});
	}
	async #confirmed() {
		const { clock } = this.#services;
		try {
			return await require_retry.poll(clock, { withinMs: CONFIRM_WITHIN_MS }, () => this.#updatedAt(), (at) => at !== null && at.getTime() > this.#before.getTime());
		} catch (error) {
			if (!(error instanceof require_retry.GitHubError)) throw error;
			return null;
		}
	}
	async #settle(updatedAt) {
		const { claims } = this.#services;
		const { spent, document } = this.#request;
		if (spent !== null) {
			const next = claims.nameOf(document);
			await claims.tell(spent.name, spent.claim, updatedAt === null ? {
				state: "rotated",
				next,
				after: null,
				released: true
			} : {
				state: "stored",
				next,
				after: updatedAt,
				released: true
			});
		}
		return {
			kind: "stored",
			updatedAt
		};
	}
	async #claimGeneration() {
		if (this.#writeClaim !== null) return true;
		const { claims } = this.#services;
		const { document, takeover, holder } = this.#request;
		const taking = await claims.take(claims.nameOf(document, takeover), {
			holder,
			state: "write",
			before: this.#before
		});
		if (taking.kind === "theirs") {
			if (taking.seen === null) throw new require_retry.GitHubError("GitHub's API does not show who holds the claim of this login.", { status: null });
			return false;
		}
		this.#writeClaim = taking.held;
		return true;
	}
	#updatedAt() {
		const { clock } = this.#services;
		const asked = () => {
			this.#lookedAt = {
				monotonicMs: clock.monotonicMs(),
				dateMs: clock.now().getTime()
			};
		};
		return updatedAtSince(this.#services, this.#before, asked);
	}
	get #lookIsOld() {
		const { clock } = this.#services;
		const { monotonicMs, dateMs } = this.#lookedAt;
		return Math.max(clock.monotonicMs() - monotonicMs, clock.now().getTime() - dateMs) > LOOK_LASTS_MS;
	}
};
function heldUp() {
	const message = "This machine stood still between its last look at the secret and its write.";
	return {
		kind: "failed",
		failure: new require_main.Failure("write-back-pending", message, "Run maintenance now: it repairs the secret from the handoff."),
		error: new require_retry.GitHubError(message, { status: null })
	};
}
function changedElsewhere(place) {
	return new require_main.Failure("secret-changed-elsewhere", `Somebody else has written the ${require_main.describePlace(place)} while this job refreshed the login. It is left alone.`, "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, the handoff keeps this job's login: run maintenance, or use the printed command.");
}

// src/login/write-session.ts
const OPEN_WITHIN_MS = 15e3;
async function openSession({ writeCredential, clock, log, place }, { workedEarlier }) {
	if (writeCredential === null) return noWriteToken();
	try {
		return await require_retry.insist({
			clock,
			log
		}, { withinMs: OPEN_WITHIN_MS }, () => writeCredential.open());
	} catch (error) {
		if (error instanceof require_main.Failure) return error;
		if (!(error instanceof require_retry.GitHubError)) throw error;
		return explainSecretError(error, {
			place,
			credential: writeCredential.kind,
			workedEarlier
		});
	}
}
function withSession(services, session, insistence) {
	return {
		...services,
		session,
		claims: new Claims(services, session, insistence)
	};
}
function timeOf({ session, clock }) {
	return session.serverClock.now().catch(() => clock.now());
}
function noWriteToken() {
	return new require_main.Failure("write-token-missing", "The refreshed login cannot be written: this phase has no write token.", "Inside nested composite actions GitHub gives post no inputs: use this action directly in the job's steps.");
}

Object.defineProperty(exports, "CLAIM_LIFETIME_MS", {
  enumerable: true,
  get: function () {
    return CLAIM_LIFETIME_MS;
  }
});
Object.defineProperty(exports, "answerOf", {
  enumerable: true,
  get: function () {
    return answerOf;
  }
});
Object.defineProperty(exports, "claimName", {
  enumerable: true,
  get: function () {
    return claimName;
  }
});
Object.defineProperty(exports, "explainRefusal", {
  enumerable: true,
  get: function () {
    return explainRefusal;
  }
});
Object.defineProperty(exports, "explainSecretError", {
  enumerable: true,
  get: function () {
    return explainSecretError;
  }
});
Object.defineProperty(exports, "isClaimName", {
  enumerable: true,
  get: function () {
    return isClaimName;
  }
});
Object.defineProperty(exports, "isSameTime", {
  enumerable: true,
  get: function () {
    return isSameTime;
  }
});
Object.defineProperty(exports, "markSeed", {
  enumerable: true,
  get: function () {
    return markSeed;
  }
});
Object.defineProperty(exports, "newHolder", {
  enumerable: true,
  get: function () {
    return newHolder;
  }
});
Object.defineProperty(exports, "noWriteToken", {
  enumerable: true,
  get: function () {
    return noWriteToken;
  }
});
Object.defineProperty(exports, "openSession", {
  enumerable: true,
  get: function () {
    return openSession;
  }
});
Object.defineProperty(exports, "ownOf", {
  enumerable: true,
  get: function () {
    return ownOf;
  }
});
Object.defineProperty(exports, "runCreated", {
  enumerable: true,
  get: function () {
    return runCreated;
  }
});
Object.defineProperty(exports, "saveLedger", {
  enumerable: true,
  get: function () {
    return saveLedger;
  }
});
Object.defineProperty(exports, "saveNotes", {
  enumerable: true,
  get: function () {
    return saveNotes;
  }
});
Object.defineProperty(exports, "secretNotFound", {
  enumerable: true,
  get: function () {
    return secretNotFound;
  }
});
Object.defineProperty(exports, "settleLedger", {
  enumerable: true,
  get: function () {
    return settleLedger;
  }
});
Object.defineProperty(exports, "tidyClaims", {
  enumerable: true,
  get: function () {
    return tidyClaims;
  }
});
Object.defineProperty(exports, "timeOf", {
  enumerable: true,
  get: function () {
    return timeOf;
  }
});
Object.defineProperty(exports, "updatedAtOf", {
  enumerable: true,
  get: function () {
    return updatedAtOf;
  }
});
Object.defineProperty(exports, "updatedAtUnlessOutdated", {
  enumerable: true,
  get: function () {
    return updatedAtUnlessOutdated;
  }
});
Object.defineProperty(exports, "withSession", {
  enumerable: true,
  get: function () {
    return withSession;
  }
});
Object.defineProperty(exports, "writeBack", {
  enumerable: true,
  get: function () {
    return writeBack;
  }
});