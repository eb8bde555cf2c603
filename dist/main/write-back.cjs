"use strict";

const require_main = require("../main.cjs");
const require_retry = require("./retry.cjs");
let node_crypto = require("node:crypto");

// src/core/claim/ledger.ts
function ledgerOf(facts) {
	return {
		claim: null,
		stored: false,
		writes: [],
		...facts
	};
}
const CLOCK_TOLERANCE_MS = 3e3;
function windowOf(beganAt, lastsMs) {
	return {
		from: /* @__PURE__ */ new Date(beganAt.getTime() - CLOCK_TOLERANCE_MS),
		to: new Date(beganAt.getTime() + lastsMs + CLOCK_TOLERANCE_MS)
	};
}
function isWithin({ from, to }, at) {
	return from.getTime() <= at.getTime() && at.getTime() <= to.getTime();
}
function writeLedger({ login, predecessor, ...rest }) {
	return JSON.stringify({
		...rest,
		document: login.line().reveal(),
		predecessor: predecessor?.line().reveal() ?? null
	});
}
const WRITTEN$1 = require_main.fields({
	document: require_main.isText,
	before: require_main.isTime,
	stored: require_main.isTruth
});
function readLedger(text) {
	const json = require_main.parseChecked(text, WRITTEN$1);
	const login = json && require_main.AuthJson.read(json.document);
	if (json === null || login === null) return null;
	const { before, stored, claim } = json;
	return {
		login,
		predecessor: require_main.isText(json.predecessor) ? require_main.AuthJson.read(json.predecessor) : null,
		claim: OWN_CLAIM(claim) ? claim : null,
		before: new Date(before),
		stored,
		writes: Array.isArray(json.writes) ? json.writes.filter(WINDOW).map(readWindow) : []
	};
}
const OWN_CLAIM = require_main.fields({
	name: require_main.isText,
	holder: require_main.isText
});
const WINDOW = require_main.fields({
	from: require_main.isTime,
	to: require_main.isTime
});
function readWindow({ from, to }) {
	return {
		from: new Date(from),
		to: new Date(to)
	};
}

// src/login/handoff.ts
async function saveNotes({ handoff, log }, { under, login, savedAt }) {
	const holders = under.filter((holder, index) => !holder.isSameGeneration(login) && under.findIndex((other) => other.isSameGeneration(holder)) === index);
	let saved = holders.length > 0;
	for (const holder of holders) {
		const outcome = await handoff.save(holder, {
			login,
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
const PAUSE_MS$1 = 4e3;
const OUTDATED_MS = 4e3;
const WRITE_OUTDATED_MS = 4e4;
function metadataOf({ session, place, clock, log }, asked = () => {}) {
	return require_retry.insist({
		clock,
		log
	}, () => {
		asked();
		return session.store.metadata(place.secretName);
	});
}
async function updatedAtOf(services) {
	const metadata = await metadataOf(services);
	if (metadata === null) throw secretNotFound(services.place);
	return metadata.updatedAt;
}
async function updatedAtUnlessOutdated(services, expected) {
	return require_retry.poll(services.clock, { withinMs: OUTDATED_MS }, () => updatedAtOf(services), expected);
}
async function updatedAtSince(services, seen, asked) {
	const ask = async () => (await metadataOf(services, asked))?.updatedAt ?? null;
	const isOutdated = (at) => at !== null && at.getTime() < seen.getTime();
	const updatedAt = await require_retry.poll(services.clock, { withinMs: WRITE_OUTDATED_MS }, ask, (at) => !isOutdated(at));
	if (!isOutdated(updatedAt)) return updatedAt;
	throw new require_retry.GitHubError("GitHub's API answers with the secret's state of some time ago.", { status: null });
}
async function runCreated(services, after) {
	const { runInformation, place } = services;
	const created = compare(await readTime(services, "repository"), after);
	if (created === "after" || place.environment === null || runInformation.isRerun) return created;
	return compare(await readTime(services, "environment"), after);
}
async function readTime({ runInformation, clock }, scope) {
	return require_retry.poll(clock, {
		withinMs: WITHIN_MS,
		everyMs: PAUSE_MS$1
	}, () => runInformation.readTime(scope), (time) => time.kind === "known" || time.because !== "unreachable");
}
function compare(time, after) {
	if (time.kind === "known") return time.at.getTime() > after.getTime() ? "after" : "secret-is-newer";
	return time.because === "permission" ? "run-time-permission" : "run-time-unknown";
}
function secretNotFound(place) {
	return new require_main.Failure("secret-not-found", `There is no ${require_main.describeLocation(place)}. This action never creates it.`, "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.");
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
const WRITTEN = require_main.fields({
	v: require_main.oneOf(VERSION),
	holder: require_main.textThat((holder) => /^[0-9a-f]{32}$/.test(holder)),
	run: require_main.isText,
	attempt: (attempt) => Number.isSafeInteger(attempt),
	secret: require_main.isText,
	ref: require_main.isText,
	state: require_main.oneOf("open", "write", "rotated", "stored"),
	before: require_main.orNull(require_main.isTime),
	next: require_main.orNull(require_main.textThat(isClaimName)),
	after: require_main.orNull(require_main.isTime)
});
function readClaim(text) {
	const json = require_main.parseChecked(text, WRITTEN);
	if (json === null) return null;
	const { holder, run, attempt, secret, ref, state, next } = json;
	const [before, after] = [timeOf$1(json.before), timeOf$1(json.after)];
	const [released, wholeJob] = [json.released === true, json.wholeJob === true];
	return {
		holder,
		run,
		attempt,
		secret,
		ref,
		state,
		before,
		next,
		after,
		released,
		wholeJob
	};
}
function timeOf$1(text) {
	return text === null ? null : new Date(text);
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
function isSpent(claim) {
	return claim?.state === "stored" || claim?.state === "rotated";
}
function isSameTime(one, other) {
	return one !== null && other !== null && one.getTime() === other.getTime();
}

// src/core/claim/name.ts
const PREFIX = "CODEX_AUTH_CLAIM_";
const DOMAIN = "codex-auth-roundtrip/claim/v1";
const HEX_DIGITS = 20;
function claimName(login, { repositoryId }, takeover = 0) {
	return `${PREFIX}${digest(DOMAIN, repositoryId, login)}${takeover === 0 ? "" : `_R${takeover}`}`;
}
function seedMarkerName(login, { repositoryId }) {
	return `${PREFIX}${digest(`${DOMAIN}/seed`, repositoryId, login)}`;
}
function digest(domain, repositoryId, login) {
	return (0, node_crypto.createHash)("sha256").update([
		domain,
		repositoryId,
		login.refreshToken.reveal()
	].join("\0")).digest("hex").slice(0, HEX_DIGITS).toUpperCase();
}

// src/login/seed-marker.ts
const SEED_RUN = "seed";
async function markSeed(variables, { login, place, updatedAt }) {
	const marker = {
		holder: "0".repeat(32),
		run: SEED_RUN,
		attempt: 1,
		secret: place.secretName,
		ref: "default",
		state: "stored",
		before: null,
		next: claimName(login, place),
		after: updatedAt,
		released: true,
		wholeJob: false
	};
	const name = seedMarkerName(login, place);
	if (await variables.create(name, writeClaim(marker)) === "exists") await variables.update(name, writeClaim(marker));
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

// src/login/moment.ts
function momentOf(clock) {
	return {
		monotonicMs: clock.monotonicMs(),
		dateMs: clock.now().getTime()
	};
}
function msSince({ monotonicMs, dateMs }, clock) {
	const now = momentOf(clock);
	return Math.max(now.monotonicMs - monotonicMs, now.dateMs - dateMs);
}

// src/login/variable-limits.ts
const REPOSITORY_LIMIT = 500;
const ENVIRONMENT_LIMIT = 100;
const NEARLY_FULL = .8;
const FORGOTTEN_MS = 5184e6;
async function tidyClaims({ place, log }, { variables, serverClock }) {
	const limit = limitOf(place);
	const act = async () => {
		const now = (await serverClock.now()).getTime();
		const all = await variables.list();
		for (const { name, value, createdAt } of all) {
			const claim = isClaimName(name) ? readClaim(value) : null;
			if (claim?.state === "stored" && claim.run !== "seed" && now - createdAt.getTime() > FORGOTTEN_MS) await variables.remove(name);
		}
		if (all.length >= limit * NEARLY_FULL) log.warning(`The scope of the ${require_main.describeLocation(place)} holds ${all.length} of the ${limit} variables that GitHub allows, and each refresh needs one. Delete variables that are no longer used.`);
	};
	await require_retry.unlessGitHubFails(act, ({ message }) => log.debug(`Old claims could not be deleted. ${message}`));
}
async function explainFullScope(variables, place, { status }) {
	if (status === 401 || status === 403 || status === 404) return null;
	const all = await variables.list().catch(() => []);
	if (all.length < limitOf(place)) return null;
	return new require_main.Failure("claim-limit", `The scope of the ${require_main.describeLocation(place)} holds ${all.length} variables, as many as GitHub allows, and a refresh needs one. Nothing was refreshed.`, "Delete variables that are no longer used.");
}
function limitOf({ environment }) {
	return environment === null ? REPOSITORY_LIMIT : ENVIRONMENT_LIMIT;
}

// src/login/claims.ts
const ATTEMPTS = 3;
const PAUSE_MS = 1e3;
const MAXIMUM_WAIT_MS = 12e4;
const HOLDER_BYTES = 16;
var Claims = class {
	#services;
	#session;
	#insistence;
	constructor(services, session, insistence) {
		this.#services = services;
		this.#session = session;
		this.#insistence = insistence;
	}
	nameOf(login, takeover = 0) {
		return claimName(login, this.#services.place, takeover);
	}
	async read(name) {
		const variable = await require_retry.insist(this.#services, () => this.#session.variables.read(name));
		return variable && {
			...seenIn(variable),
			name
		};
	}
	async list() {
		return (await require_retry.insist(this.#services, () => this.#session.variables.list())).filter(({ name }) => isClaimName(name)).map(seenIn);
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
			since: momentOf(clock)
		};
		for (let attempt = 1;; attempt++) {
			const made = await this.#create(name, writeClaim(claim));
			if (made === "created") return {
				kind: "ours",
				held
			};
			const seen = await this.read(name);
			if (seen?.claim?.holder === draft.holder) return {
				kind: "ours",
				held
			};
			if (seen !== null || made === "exists" || attempt === ATTEMPTS) return {
				kind: "theirs",
				seen
			};
			await clock.sleep(PAUSE_MS * attempt);
		}
	}
	async #create(name, value) {
		const { clock, log, place } = this.#services;
		for (let attempt = 1;; attempt++) try {
			return await this.#session.variables.create(name, value);
		} catch (error) {
			if (!(error instanceof require_retry.GitHubError)) throw error;
			if (!require_retry.canRepair(error)) throw await explainFullScope(this.#session.variables, place, error) ?? error;
			const waitMs = error.retryAfterMs;
			if (waitMs === null) return "unanswered";
			if (attempt === ATTEMPTS || waitMs > MAXIMUM_WAIT_MS) throw error;
			log.info(`${error.message} Trying again in ${Math.ceil(waitMs / 1e3)} s.`);
			await clock.sleep(waitMs);
		}
	}
	isFresh(held) {
		return this.msLeft(held) > 0;
	}
	msLeft({ since }) {
		return CLAIM_WORK_MS - msSince(since, this.#services.clock);
	}
	async isHeld({ name, holder }) {
		const seen = await this.read(name);
		return seen?.claim?.holder === holder ? seen : null;
	}
	async tell(name, known, change) {
		const value = writeClaim({
			...known,
			...change
		});
		await require_retry.unlessGitHubFails(() => require_retry.insist(this.#services, () => this.#session.variables.update(name, value)), ({ message }) => this.#services.log.debug(`The claim ${name} could not be brought up to date. ${message}`));
	}
	async giveBack({ name, holder }) {
		const act = async () => {
			const seen = await this.isHeld({
				name,
				holder
			});
			if (seen?.claim?.state !== "open" && seen?.claim?.state !== "write") return;
			if ((await this.#session.serverClock.now()).getTime() - seen.createdAt.getTime() < 48e4 || seen.claim.wholeJob) await this.#session.variables.remove(name);
			else await this.tell(name, seen.claim, { released: true });
		};
		await require_retry.unlessGitHubFails(act, ({ message }) => this.#services.log.debug(`The claim ${name} could not be deleted. ${message}`));
	}
	async isGone(seen) {
		const { runInformation, claimant } = this.#services;
		if (seen.claim?.released) return true;
		const now = await this.#session.serverClock.now();
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
};
function seenIn({ name, value, createdAt }) {
	return {
		name: name.toUpperCase(),
		createdAt,
		claim: readClaim(value)
	};
}
function newHolder(randomness) {
	return Buffer.from(randomness.bytes(HOLDER_BYTES)).toString("hex");
}
function ownOf({ name, claim }) {
	return {
		name,
		holder: claim.holder
	};
}

// src/login/sealed-login.ts
var SealedLogin = class {
	#services;
	#login;
	#key;
	#payload = null;
	#timesForgotten = 0;
	constructor(services, { key = null, login }) {
		this.#services = services;
		this.#login = login;
		this.#key = key;
	}
	async seal() {
		const { box, session, handed } = this.#services;
		this.#key ??= await session.store.publicKey();
		this.#payload ??= await box.seal(this.#login.content(handed.encoding), this.#key);
		return this.#payload;
	}
	forgetKey() {
		this.#key = null;
		this.#payload = null;
		this.#timesForgotten += 1;
		return this.#timesForgotten === 1 ? "first-time" : "again";
	}
	rescue(before) {
		const command = async () => require_main.rescueCommand(this.#services.place, await this.seal(), before);
		return require_retry.unlessGitHubFails(command, () => null);
	}
};

// src/login/write-session.ts
async function withWriteToken(services, { workedEarlier, insistence }, act) {
	const session = await openSession(services, workedEarlier);
	if (session instanceof require_main.Failure) return act(session);
	try {
		return await act({
			...services,
			session,
			claims: new Claims(services, session, insistence)
		});
	} finally {
		await session.close();
	}
}
async function openSession(services, workedEarlier) {
	const { writeCredential } = services;
	if (writeCredential === null) return noWriteToken();
	try {
		return await require_retry.insist(services, () => writeCredential.open());
	} catch (error) {
		if (error instanceof require_retry.GitHubError) return explainRefusal(services, error, { workedEarlier });
		if (error instanceof require_main.Failure) return error;
		throw error;
	}
}
function explainRefusal({ place, writeCredential }, error, { workedEarlier }) {
	const credential = writeCredential?.kind ?? "token";
	return require_retry.explainSecretError(error, {
		place,
		credential,
		workedEarlier
	});
}
function timeOf({ session, clock }) {
	return session.serverClock.now().catch(() => clock.now());
}
function noWriteToken() {
	return new require_main.Failure("write-token-missing", "The refreshed login cannot be written: this phase has no write token.", "Inside nested composite actions GitHub gives post no inputs: use this action directly in the job's steps.");
}

// src/login/write-back.ts
const TIMEOUT_MS = 24e4;
const FIRST_PAUSE_MS = 1e3;
const LONGEST_PAUSE_MS = 3e4;
const CONFIRM_WITHIN_MS = 2e4;
const LATE_MS = 5e3;
const PUT_MS = 15e3;
const LOOK_LASTS_MS = 3e4;
const MAXIMUM_TIMES_HELD_UP = 3;
async function writeBack(services, request) {
	const run = new WriteBackRun(services, request);
	return run.toTheEnd().finally(() => run.release());
}
var WriteBackRun = class {
	#services;
	#request;
	#sealed;
	#unanswered;
	#before;
	#holder;
	#writeClaim = null;
	#isFirst;
	#lookedAt = {
		monotonicMs: 0,
		dateMs: 0
	};
	#timesHeldUp = 0;
	constructor(services, request) {
		this.#services = services;
		this.#request = request;
		this.#sealed = new SealedLogin(services, request);
		this.#unanswered = [...request.ledger?.writes ?? []];
		this.#before = request.before;
		this.#isFirst = request.held !== void 0;
		this.#holder = request.holder ?? request.held?.claim.holder ?? newHolder(services.randomness);
	}
	async toTheEnd() {
		const { clock, log, cancellation } = this.#services;
		const deadlineMs = clock.monotonicMs() + (this.#request.timeoutMs ?? TIMEOUT_MS);
		const step = await require_retry.repeat(clock, () => this.#attempt(), (outcome, attempt) => {
			if (outcome.kind !== "failed") return null;
			const { failure, error } = outcome;
			const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
			const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
			const isLate = clock.monotonicMs() + waitMs > deadlineMs;
			if (!require_retry.canRepair(error) || cancellation.requested() || isLate) return null;
			const seconds = Math.round(waitMs / 1e3);
			log.info(`${failure.message} Trying again in ${seconds} s (attempt ${attempt} failed).`);
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
		if (this.#writeClaim !== null) await this.#services.claims.giveBack(ownOf(this.#writeClaim));
	}
	async #attempt() {
		const attempt = async () => await this.#obstacle() ?? await this.#put();
		const step = await require_retry.unlessGitHubFails(attempt, (error) => {
			return {
				kind: "failed",
				failure: explainRefusal(this.#services, error, { workedEarlier: true }),
				error
			};
		});
		this.#isFirst = false;
		return step;
	}
	async #obstacle() {
		const { place, claims } = this.#services;
		const { held, mayReplace } = this.#request;
		await this.#sealed.seal();
		if (!(this.#isFirst && held !== void 0 && claims.isFresh(held)) && !await this.#claimGeneration()) return { kind: "settled" };
		const updatedAt = await this.#updatedAt();
		if (updatedAt === null) return {
			kind: "refused",
			failure: secretNotFound(place)
		};
		if (isSameTime(updatedAt, this.#before)) return null;
		if (this.#unanswered.some((window) => isWithin(window, updatedAt))) return this.#settle(null);
		if (await mayReplace?.(updatedAt)) {
			this.#before = updatedAt;
			if (isSameTime(await this.#updatedAt(), updatedAt)) return null;
		}
		return {
			kind: "refused",
			failure: changedElsewhere(place)
		};
	}
	async #put() {
		const { place, session, clock, ledgerFile } = this.#services;
		const { ledger } = this.#request;
		const { store, serverClock } = session;
		const sealed = await this.#sealed.seal();
		const beganAt = await serverClock.now();
		const passedMs = async () => (await serverClock.now()).getTime() - beganAt.getTime();
		const coming = windowOf(beganAt, PUT_MS);
		if (ledger) await ledgerFile.save({
			...ledger,
			writes: [...ledger.writes, coming]
		}).catch(() => {});
		if (msSince(this.#lookedAt, clock) > LOOK_LASTS_MS) {
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
			if (error.status === 422 && this.#sealed.forgetKey() === "first-time") {
				this.#isFirst = false;
				return this.#attempt();
			}
			if (error.status === null || error.status >= 500 || error.status === 408) this.#unanswered.push(windowOf(beganAt, await passedMs() + LATE_MS));
			throw error;
		}
		const window = windowOf(beganAt, await passedMs());
		const updatedAt = await this.#confirmed();
		const isSure = updatedAt !== null && updatedAt.getTime() > this.#before.getTime() && isWithin(window, updatedAt);
		return this.#settle(isSure ? updatedAt : null);
	}
	#confirmed() {
		const isNewer = (at) => at !== null && at.getTime() > this.#before.getTime();
		return require_retry.unlessGitHubFails(() => require_retry.poll(this.#services.clock, { withinMs: CONFIRM_WITHIN_MS }, () => this.#updatedAt(), isNewer), () => null);
	}
	async #settle(updatedAt) {
		const { claims } = this.#services;
		const { spent, login } = this.#request;
		const change = {
			state: updatedAt === null ? "rotated" : "stored",
			next: claims.nameOf(login),
			after: updatedAt,
			released: true
		};
		if (spent !== null) await claims.tell(spent.name, spent.claim, change);
		return {
			kind: "stored",
			updatedAt
		};
	}
	async #claimGeneration() {
		if (this.#writeClaim !== null) return true;
		const { claims } = this.#services;
		const { login, takeover } = this.#request;
		const draft = {
			holder: this.#holder,
			state: "write",
			before: this.#before
		};
		const taking = await claims.take(claims.nameOf(login, takeover), draft);
		if (taking.kind === "theirs") {
			if (taking.seen !== null) return false;
			throw new require_retry.GitHubError("GitHub's API does not show who holds the claim of this login.", { status: null });
		}
		this.#writeClaim = taking.held;
		return true;
	}
	#updatedAt() {
		return updatedAtSince(this.#services, this.#before, () => {
			this.#lookedAt = momentOf(this.#services.clock);
		});
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
	return new require_main.Failure("secret-changed-elsewhere", `Somebody else has written the ${require_main.describeLocation(place)} while this job refreshed the login. It is left alone.`, "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, the handoff keeps this job's login: run maintenance, or use the printed command.");
}

Object.defineProperty(exports, "CLAIM_LIFETIME_MS", {
  enumerable: true,
  get: function () {
    return CLAIM_LIFETIME_MS;
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
Object.defineProperty(exports, "isSpent", {
  enumerable: true,
  get: function () {
    return isSpent;
  }
});
Object.defineProperty(exports, "ledgerOf", {
  enumerable: true,
  get: function () {
    return ledgerOf;
  }
});
Object.defineProperty(exports, "markSeed", {
  enumerable: true,
  get: function () {
    return markSeed;
  }
});
Object.defineProperty(exports, "momentOf", {
  enumerable: true,
  get: function () {
    return momentOf;
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
Object.defineProperty(exports, "ownOf", {
  enumerable: true,
  get: function () {
    return ownOf;
  }
});
Object.defineProperty(exports, "readLedger", {
  enumerable: true,
  get: function () {
    return readLedger;
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
Object.defineProperty(exports, "withWriteToken", {
  enumerable: true,
  get: function () {
    return withWriteToken;
  }
});
Object.defineProperty(exports, "writeBack", {
  enumerable: true,
  get: function () {
    return writeBack;
  }
});
Object.defineProperty(exports, "writeLedger", {
  enumerable: true,
  get: function () {
    return writeLedger;
  }
});