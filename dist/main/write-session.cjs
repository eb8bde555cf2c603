"use strict";

const require_main = require("../main.cjs");
const require_github_error = require("./github-error.cjs");
const require_retry = require("./retry.cjs");
let node_crypto = require("node:crypto");

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
	const [beforeTime, afterTime] = [before, after].map(readTime);
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
function readTime(value) {
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
		if (!(error instanceof require_github_error.GitHubError)) throw error;
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
const WITHIN_MS = 15e3;
const ATTEMPTS = 3;
const PAUSE_MS = 1e3;
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
			return taking.kind === "theirs" && taking.seen === null && taking.made === "unanswered" && attempts < ATTEMPTS ? PAUSE_MS * attempts : null;
		});
	}
	async #create(name, value) {
		const { clock, log, place } = this.#services;
		const attempt = async () => {
			try {
				return await this.#variables.create(name, value);
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError)) throw error;
				if (!require_github_error.canRepair(error)) throw await explainFullScope(this.#variables, place, error) ?? error;
				return error.retryAfterMs === null ? "unanswered" : error;
			}
		};
		const outcome = await require_retry.repeat(clock, attempt, (made, attempts) => {
			if (!(made instanceof require_github_error.GitHubError)) return null;
			const waitMs = made.retryAfterMs ?? 0;
			if (attempts === ATTEMPTS || waitMs > MAXIMUM_WAIT_MS) return null;
			log.info(`${made.message} Trying again in ${Math.ceil(waitMs / 1e3)} s.`);
			return waitMs;
		});
		if (outcome instanceof require_github_error.GitHubError) throw outcome;
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
			if (!(error instanceof require_github_error.GitHubError)) throw error;
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
			if (!(error instanceof require_github_error.GitHubError)) throw error;
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
		}, { withinMs: WITHIN_MS }, ask);
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
		if (!(error instanceof require_github_error.GitHubError)) throw error;
		return require_github_error.explainSecretError(error, {
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
Object.defineProperty(exports, "claimName", {
  enumerable: true,
  get: function () {
    return claimName;
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
Object.defineProperty(exports, "withSession", {
  enumerable: true,
  get: function () {
    return withSession;
  }
});