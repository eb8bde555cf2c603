"use strict";

const require_post = require("../post.cjs");
const require_github_error = require("./github-error.cjs");
const require_retry = require("./retry.cjs");
let node_crypto = require("node:crypto");

// src/core/login/encodings.ts
const WIDTHS = [76, 64];
const SHORTEST = 20;
function partsOf(token) {
	return token.split(".").filter((part) => part.length >= SHORTEST && part !== token);
}
function alignedForms(tokens) {
	const forms = [];
	for (const token of tokens.map((text) => Buffer.from(text))) for (const alignment of [
		0,
		1,
		2
	]) {
		const length = token.length - alignment;
		if (length < SHORTEST) continue;
		const end = alignment + length - length % 3;
		forms.push(token.toString("base64", alignment, end), token.toString("base64url", alignment, end));
	}
	return forms.filter((form) => form.length >= SHORTEST);
}
function lineForms(file, tokens) {
	const bytes = Buffer.from(file);
	const whole = bytes.toString("base64");
	const forms = [];
	for (const token of tokens) {
		const start = token === "" ? -1 : bytes.indexOf(token);
		if (start < 0) continue;
		const first = Math.floor(start * 4 / 3);
		const end = Math.ceil((start + Buffer.byteLength(token)) * 4 / 3);
		for (const width of WIDTHS) for (let line = first - first % width; line < end; line += width) forms.push(whole.slice(line, line + width));
	}
	return forms.filter((form) => form.length >= SHORTEST);
}

// src/login/read-login.ts
function readHanded(secret, log, hidden = secretsOf) {
	if (secret === null) throw new require_post.Failure("secret-empty", "The input `codex-auth-json` is empty.", "Likely causes: this run comes from a fork or from Dependabot, which get no secrets; the job does not name the `environment:` that holds the secret; or the secret has not been seeded yet.");
	try {
		const login = require_post.AuthJson.parse(secret.reveal());
		log.mask(secret, ...hidden(login));
		return login;
	} catch (error) {
		const login = error instanceof require_post.Failure && require_post.hasMark(error.code, "tolerated") ? require_post.AuthJson.read(secret.reveal()) : null;
		if (!(error instanceof require_post.Failure) || login === null) {
			log.mask(secret);
			throw error;
		}
		log.mask(secret, ...hidden(login));
		log.warning(`The login is written in a form that this version does not know: ${error.message} It is used as it is.`);
		return login;
	}
}
function maskTokens(login, log) {
	log.mask(...secretsOf(login));
}
function secretsOf(login) {
	const tokens = login.tokens.map((token) => token.reveal());
	const files = [
		login.withheld().reveal(),
		login.whole().reveal(),
		...tokens
	];
	const forms = [
		...alignedForms(tokens),
		...files.flatMap((file) => lineForms(file, tokens)),
		...tokens.flatMap(partsOf)
	];
	return [
		...login.tokens,
		login.content("base64"),
		...[...new Set(forms)].map((form) => new require_post.Secret(form))
	];
}

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
const WRITTEN = require_post.fields({
	document: require_post.isText,
	before: require_post.isTime,
	stored: require_post.isTruth
});
function readLedger(text) {
	const json = require_post.parseChecked(text, WRITTEN);
	const login = json && require_post.AuthJson.read(json.document);
	if (json === null || login === null) return null;
	const { before, stored, claim } = json;
	return {
		login,
		predecessor: require_post.isText(json.predecessor) ? require_post.AuthJson.read(json.predecessor) : null,
		claim: OWN_CLAIM(claim) ? claim : null,
		before: new Date(before),
		stored,
		writes: Array.isArray(json.writes) ? json.writes.filter(WINDOW).map(readWindow) : []
	};
}
const OWN_CLAIM = require_post.fields({
	name: require_post.isText,
	holder: require_post.isText
});
const WINDOW = require_post.fields({
	from: require_post.isTime,
	to: require_post.isTime
});
function readWindow({ from, to }) {
	return {
		from: new Date(from),
		to: new Date(to)
	};
}

// src/core/claim/name.ts
const PREFIX = "CODEX_AUTH_CLAIM_";
const DOMAIN = "codex-auth-roundtrip/claim/v1";
const HEX_DIGITS = 20;
function claimName(login, { repositoryId }, takeover = 0) {
	return `${PREFIX}${digest(DOMAIN, repositoryId, login)}${takeover === 0 ? "" : `_R${takeover}`}`;
}
function digest(domain, repositoryId, login) {
	return (0, node_crypto.createHash)("sha256").update([
		domain,
		repositoryId,
		login.refreshToken.reveal()
	].join("\0")).digest("hex").slice(0, HEX_DIGITS).toUpperCase();
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
async function explainFullScope(variables, place, { status }) {
	if (status === 401 || status === 403 || status === 404) return null;
	const all = await variables.list().catch(() => []);
	if (all.length < limitOf(place)) return null;
	return new require_post.Failure("claim-limit", `The scope of the ${require_github_error.describeLocation(place)} holds ${all.length} variables, as many as GitHub allows, and a refresh needs one. Nothing was refreshed.`, "Delete variables that are no longer used.");
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
		return (await require_retry.insist(this.#services, () => this.#session.variables.list())).filter(({ name }) => require_post.isClaimName(name)).map(seenIn);
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
			const made = await this.#create(name, require_post.writeClaim(claim));
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
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			if (!require_github_error.canRepair(error)) throw await explainFullScope(this.#session.variables, place, error) ?? error;
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
		return require_post.CLAIM_WORK_MS - msSince(since, this.#services.clock);
	}
	async isHeld({ name, holder }) {
		const seen = await this.read(name);
		return seen?.claim?.holder === holder ? seen : null;
	}
	async tell(name, known, change) {
		const value = require_post.writeClaim({
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
		if (!require_post.isOld(seen, now)) return false;
		const { claim } = seen;
		const isEarlierAttempt = claim?.run === claimant.run && claim.attempt < claimant.attempt;
		const status = claim === null || isEarlierAttempt ? "ended" : await runInformation.statusOf(claim.run, claim.attempt);
		return require_post.isGone(seen, {
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
		claim: require_post.readClaim(value)
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

// src/login/rescue-command.ts
function rescueCommand(place, sealed, expectedUpdatedAt) {
	const path = `${require_github_error.secretsPath(place)}/${place.secretName}`.slice(1);
	return [
		`if test "$(gh api '${path}' --jq .updated_at)" = '${expectedUpdatedAt.toISOString().replace(".000Z", "Z")}'; then`,
		`  gh api --method PUT '${path}' -f key_id='${sealed.keyId}' \\`,
		`    -f encrypted_value='${sealed.encryptedValue}'`,
		"else",
		"  echo 'Nothing was changed: the secret cannot be read, or somebody has written it since.' >&2; false",
		"fi"
	].join("\n");
}
function tellRescue(log, what, command) {
	log.info(what);
	for (const line of command.split("\n")) log.info(line);
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
		const command = async () => rescueCommand(this.#services.place, await this.seal(), before);
		return require_retry.unlessGitHubFails(command, () => null);
	}
};

// src/login/secret-time.ts
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
async function updatedAtSince(services, seen, asked) {
	const ask = async () => (await metadataOf(services, asked))?.updatedAt ?? null;
	const isOutdated = (at) => at !== null && at.getTime() < seen.getTime();
	const updatedAt = await require_retry.poll(services.clock, { withinMs: WRITE_OUTDATED_MS }, ask, (at) => !isOutdated(at));
	if (!isOutdated(updatedAt)) return updatedAt;
	throw new require_github_error.GitHubError("GitHub's API answers with the secret's state of some time ago.", { status: null });
}
function secretNotFound(place) {
	return new require_post.Failure("secret-not-found", `There is no ${require_github_error.describeLocation(place)}. This action never creates it.`, "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.");
}

// src/login/write-session.ts
async function withWriteToken(services, { workedEarlier, insistence }, act) {
	const session = await openSession(services, workedEarlier);
	if (session instanceof require_post.Failure) return act(session);
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
		if (error instanceof require_github_error.GitHubError) return explainRefusal(services, error, { workedEarlier });
		if (error instanceof require_post.Failure) return error;
		throw error;
	}
}
function explainRefusal({ place, writeCredential }, error, { workedEarlier }) {
	const credential = writeCredential?.kind ?? "token";
	return require_github_error.explainSecretError(error, {
		place,
		credential,
		workedEarlier
	});
}
function timeOf({ session, clock }) {
	return session.serverClock.now().catch(() => clock.now());
}
function noWriteToken() {
	return new require_post.Failure("write-token-missing", "The refreshed login cannot be written: this phase has no write token.", "Inside nested composite actions GitHub gives post no inputs: use this action directly in the job's steps.");
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
			if (!require_github_error.canRepair(error) || cancellation.requested() || isLate) return null;
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
		if (require_post.isSameTime(updatedAt, this.#before)) return null;
		if (this.#unanswered.some((window) => isWithin(window, updatedAt))) return this.#settle(null);
		if (await mayReplace?.(updatedAt)) {
			this.#before = updatedAt;
			if (require_post.isSameTime(await this.#updatedAt(), updatedAt)) return null;
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
			if (!(error instanceof require_github_error.GitHubError)) throw error;
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
			throw new require_github_error.GitHubError("GitHub's API does not show who holds the claim of this login.", { status: null });
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
		failure: new require_post.Failure("write-back-pending", message, "Run maintenance now: it repairs the secret from the handoff."),
		error: new require_github_error.GitHubError(message, { status: null })
	};
}
function changedElsewhere(place) {
	return new require_post.Failure("secret-changed-elsewhere", `Somebody else has written the ${require_github_error.describeLocation(place)} while this job refreshed the login. It is left alone.`, "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, the handoff keeps this job's login: run maintenance, or use the printed command.");
}

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
Object.defineProperty(exports, "ledgerOf", {
  enumerable: true,
  get: function () {
    return ledgerOf;
  }
});
Object.defineProperty(exports, "maskTokens", {
  enumerable: true,
  get: function () {
    return maskTokens;
  }
});
Object.defineProperty(exports, "metadataOf", {
  enumerable: true,
  get: function () {
    return metadataOf;
  }
});
Object.defineProperty(exports, "readHanded", {
  enumerable: true,
  get: function () {
    return readHanded;
  }
});
Object.defineProperty(exports, "readLedger", {
  enumerable: true,
  get: function () {
    return readLedger;
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
Object.defineProperty(exports, "tellRescue", {
  enumerable: true,
  get: function () {
    return tellRescue;
  }
});
Object.defineProperty(exports, "timeOf", {
  enumerable: true,
  get: function () {
    return timeOf;
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