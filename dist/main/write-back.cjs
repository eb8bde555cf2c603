"use strict";

const require_main = require("../main.cjs");
const require_github_error = require("./github-error.cjs");
const require_retry = require("./retry.cjs");
const require_write_session = require("./write-session.cjs");

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
	throw new require_github_error.GitHubError("GitHub's API answers with the secret's state of some time ago.", { status: null });
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
			if (error instanceof require_github_error.GitHubError) return null;
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
			if (!require_github_error.canRepair(error) || cancellation.requested() || clock.monotonicMs() + waitMs > deadlineMs) return null;
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
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			const credential = writeCredential?.kind ?? "token";
			return {
				kind: "failed",
				failure: require_github_error.explainSecretError(error, {
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
		if (require_write_session.isSameTime(updatedAt, this.#before)) return null;
		if (this.#unanswered.cover(updatedAt)) return this.#settle(null);
		if (!await mayReplace?.(updatedAt)) return {
			kind: "refused",
			failure: changedElsewhere(place)
		};
		this.#before = updatedAt;
		if (require_write_session.isSameTime(await this.#updatedAt(), updatedAt)) return null;
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
			if (!(error instanceof require_github_error.GitHubError)) throw error;
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
			if (!(error instanceof require_github_error.GitHubError)) throw error;
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
			if (taking.seen === null) throw new require_github_error.GitHubError("GitHub's API does not show who holds the claim of this login.", { status: null });
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
		error: new require_github_error.GitHubError(message, { status: null })
	};
}
function changedElsewhere(place) {
	return new require_main.Failure("secret-changed-elsewhere", `Somebody else has written the ${require_main.describePlace(place)} while this job refreshed the login. It is left alone.`, "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, the handoff keeps this job's login: run maintenance, or use the printed command.");
}

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
Object.defineProperty(exports, "writeBack", {
  enumerable: true,
  get: function () {
    return writeBack;
  }
});