"use strict";

const require_post = require("../post.cjs");
const require_wire_job = require("./wire-job.cjs");
const require_rescue_command = require("./rescue-command.cjs");
const require_github_error = require("./github-error.cjs");
const require_processes = require("./processes.cjs");
let node_path = require("node:path");
let node_crypto = require("node:crypto");
let node_fs_promises = require("node:fs/promises");
let node_child_process = require("node:child_process");
let node_timers_promises = require("node:timers/promises");
let node_readline = require("node:readline");
let node_util = require("node:util");
let _octokit_rest = require("../packages/octokit-rest.cjs");
let node_zlib = require("node:zlib");
node_zlib = require_wire_job.__toESM(node_zlib, 1);
let tar_stream = require("../packages/tar-stream.cjs");
let _octokit_auth_app = require("../packages/octokit-auth-app.cjs");
let _octokit_request = require("../packages/octokit-request.cjs");
let node_http = require("node:http");
node_http = require_wire_job.__toESM(node_http, 1);
let libsodium_wrappers = require("../packages/libsodium.cjs");
libsodium_wrappers = require_wire_job.__toESM(libsodium_wrappers, 1);

// src/action/job/choose-codex.ts
async function provideCodex(program, channel, asked) {
	const present = asked === null ? await program.locate() : null;
	if (present) return present;
	const installed = await program.install(asked ?? "0.169.0");
	channel.addPath((0, node_path.dirname)(installed));
	return installed;
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

// src/core/login/due.ts
function remainingMs(document, now) {
	return document.accessTokenExpiresAt.getTime() - now.getTime();
}
const CODEX_WINDOW_MS = 3e5;
function codexWouldRefresh(document, now) {
	return remainingMs(document, now) <= CODEX_WINDOW_MS;
}

// src/login/retry.ts
const PAUSE_MS$3 = 1e3;
const POLL_MS$1 = 1e3;
const LIMIT_WITHIN_MS = 15e4;
async function insist$1({ clock, log }, { withinMs, tries = 3 }, ask) {
	const beganMs = clock.monotonicMs();
	for (let attempt = 1;; attempt++) try {
		return await ask();
	} catch (error) {
		if (!(error instanceof require_github_error.GitHubError) || !require_github_error.canRepair(error)) throw error;
		const waitMs = Math.max(PAUSE_MS$3 * attempt, error.retryAfterMs ?? 0);
		const isLimit = error.retryAfterMs !== null;
		const deadlineMs = beganMs + (isLimit ? LIMIT_WITHIN_MS : withinMs);
		if (attempt >= tries && !isLimit || clock.monotonicMs() + waitMs > deadlineMs) throw error;
		log.info(`${error.message} Trying again in ${Math.ceil(waitMs / 1e3)} s.`);
		await clock.sleep(waitMs);
	}
}
async function poll(clock, { withinMs, everyMs = POLL_MS$1 }, ask, willDo) {
	const deadlineMs = clock.monotonicMs() + withinMs;
	for (;;) {
		const answer = await ask();
		if (willDo(answer) || clock.monotonicMs() + everyMs > deadlineMs) return answer;
		await clock.sleep(everyMs);
	}
}

// src/login/claims.ts
const WITHIN_MS$3 = 15e3;
const TRIES$2 = 3;
var Claims = class {
	#services;
	constructor(services) {
		this.#services = services;
	}
	nameOf(document, takeover = 0) {
		return claimName(document, this.#services.place, takeover);
	}
	async read(name) {
		const variable = await this.#insist(() => this.#services.variables.read(name));
		return variable && {
			name,
			createdAt: variable.createdAt,
			claim: require_post.readClaim(variable.value)
		};
	}
	async list() {
		return (await this.#insist(() => this.#services.variables.list())).filter(({ name }) => require_post.isClaimName(name)).map(({ name, value, createdAt }) => ({
			name: name.toUpperCase(),
			createdAt,
			claim: require_post.readClaim(value)
		}));
	}
	async mark(document, updatedAt) {
		const { variables, place, log } = this.#services;
		try {
			await markSeed(variables, {
				document,
				place,
				updatedAt
			});
		} catch (error) {
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			log.debug(`The seed's marker could not be made. ${error.message}`);
		}
	}
	async tidy() {
		const { variables, serverClock, place, log } = this.#services;
		const limit = place.environment === null ? REPOSITORY_LIMIT : ENVIRONMENT_LIMIT;
		try {
			const now = (await serverClock.now()).getTime();
			const all = await variables.list();
			for (const { name, value, createdAt } of all) {
				const claim = require_post.isClaimName(name) ? require_post.readClaim(value) : null;
				if (claim?.state === "stored" && claim.run !== "seed" && now - createdAt.getTime() > FORGOTTEN_MS) await variables.remove(name);
			}
			if (all.length >= limit * NEARLY_FULL) log.warning(`The scope of the ${require_post.describePlace(place)} holds ${all.length} of the ${limit} variables that GitHub allows, and each refresh needs one. Delete variables that are no longer used.`);
		} catch (error) {
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			log.debug(`Old claims could not be deleted. ${error.message}`);
		}
	}
	async take(name, draft) {
		const { variables, clock, place, claimant } = this.#services;
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
		for (let tries = 1;; tries++) {
			const outcome = await this.#create(variables, name, require_post.writeClaim(claim));
			if (outcome === "created") return {
				kind: "ours",
				held
			};
			const seen = await this.read(name);
			if (seen?.claim?.holder === draft.holder) return {
				kind: "ours",
				held
			};
			if (outcome === "exists" || seen !== null || tries === TRIES$2) return {
				kind: "theirs",
				seen
			};
			await clock.sleep(1e3 * tries);
		}
	}
	async #create(variables, name, value) {
		const { clock, log } = this.#services;
		for (let tries = 1;; tries++) try {
			return await variables.create(name, value);
		} catch (error) {
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			if (!require_github_error.canRepair(error)) throw await this.#explainFullScope(error) ?? error;
			if (error.retryAfterMs === null) return "unanswered";
			if (tries === TRIES$2 || error.retryAfterMs > MAXIMUM_WAIT_MS) throw error;
			log.info(`${error.message} Trying again in ${Math.ceil(error.retryAfterMs / 1e3)} s.`);
			await clock.sleep(error.retryAfterMs);
		}
	}
	async #explainFullScope({ status }) {
		const { variables, place } = this.#services;
		if (status === 401 || status === 403 || status === 404) return null;
		const limit = place.environment === null ? REPOSITORY_LIMIT : ENVIRONMENT_LIMIT;
		const all = await variables.list().catch(() => []);
		if (all.length < limit) return null;
		return new require_post.Failure("claim-limit", `The scope of the ${require_post.describePlace(place)} holds ${all.length} variables, as many as GitHub allows, and a refresh needs one. Nothing was refreshed.`, "Delete variables that are no longer used.");
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
		return require_post.CLAIM_WORK_MS - elapsedMs;
	}
	async isHeld({ name, holder }) {
		const seen = await this.read(name);
		return seen?.claim?.holder === holder ? seen : null;
	}
	async tell(name, known, change) {
		const { variables, log } = this.#services;
		try {
			await this.#insist(() => variables.update(name, require_post.writeClaim({
				...known,
				...change
			})));
		} catch (error) {
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			log.debug(`The claim ${name} could not be brought up to date. ${error.message}`);
		}
	}
	async giveBack({ name, holder }) {
		const { variables, serverClock, log } = this.#services;
		try {
			const seen = await this.isHeld({
				name,
				holder
			});
			if (seen?.claim?.state !== "open" && seen?.claim?.state !== "write") return;
			if ((await serverClock.now()).getTime() - seen.createdAt.getTime() < 48e4 || seen.claim.wholeJob) await variables.remove(name);
			else await this.tell(name, seen.claim, { released: true });
		} catch (error) {
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			log.debug(`The claim ${name} could not be deleted. ${error.message}`);
		}
	}
	async isGone(seen) {
		const { serverClock, runInformation, insistence, claimant } = this.#services;
		if (seen.claim?.released) return true;
		const now = await serverClock.now();
		if (!require_post.isOld(seen, now)) return false;
		const { claim } = seen;
		const isEarlierAttempt = claim?.run === claimant.run && claim.attempt < claimant.attempt;
		const status = claim === null || isEarlierAttempt ? "ended" : await runInformation.statusOf(claim.run, claim.attempt);
		return require_post.isGone(seen, {
			now,
			status,
			forced: insistence === "forced"
		});
	}
	#insist(ask) {
		const { clock, log } = this.#services;
		return insist$1({
			clock,
			log
		}, { withinMs: WITHIN_MS$3 }, ask);
	}
};
const MAXIMUM_WAIT_MS = 12e4;
const REPOSITORY_LIMIT = 500;
const ENVIRONMENT_LIMIT = 100;
const NEARLY_FULL = .8;
const FORGOTTEN_MS = 5184e6;
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
	if (await variables.create(name, require_post.writeClaim(marker)) === "exists") await variables.update(name, require_post.writeClaim(marker));
}
const SEED_RUN = "seed";

// src/login/handoff.ts
async function saveNotes(handoff, { under, document, savedAt, log }) {
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

// src/login/store-outcome.ts
async function recordWrite(ledgerFile, ledger, window) {
	await ledgerFile.save({
		...ledger,
		writes: [...ledger.writes, window]
	}).catch(() => {});
}
async function settleLedger(ledgerFile, { ledger, outcome, inHandoff, log }) {
	switch (outcome.kind) {
		case "stored":
		case "settled": {
			if (outcome.kind === "settled") log.info("Another job has taken this login over from the handoff, and went on from there.");
			const before = (outcome.kind === "stored" ? outcome.updatedAt : null) ?? ledger.before;
			const stored = {
				...ledger,
				before,
				claim: null,
				stored: true,
				writes: []
			};
			await ledgerFile.save(stored).catch(() => log.info("The ledger of this job could not be written to disk."));
			return {
				kind: "stored",
				ledger: stored
			};
		}
		case "pending": return {
			kind: "pending",
			ledger,
			failure: outcome.failure,
			handedOver: inHandoff,
			rescue: outcome.rescue
		};
		case "refused": return {
			kind: "refused",
			ledger,
			failure: outcome.failure,
			rescue: outcome.rescue
		};
	}
}

// src/login/find-current.ts
const WITHIN_MS$2 = 15e3;
const PAUSE_MS$2 = 4e3;
const MAXIMUM_LINKS = 20;
const MAXIMUM_CLAIMS = 200;
const LAG_MS = 6e4;
var CurrentLogin = class {
	#services;
	constructor(services) {
		this.#services = services;
	}
	async find(document, updatedAt, start) {
		const { claims } = this.#services;
		const name = claims.nameOf(document);
		const all = await claims.list();
		const own = all.find((seen) => seen.name === name) ?? null;
		if (own !== null) return this.follow(document, own);
		const creation = all.some(({ claim }) => claim?.next === name && require_post.isSameTime(claim.after, updatedAt)) ? "after" : start === "known" ? "not-after" : await this.#runCreated(updatedAt);
		if (creation === "after") return {
			kind: "current",
			document,
			predecessor: null,
			updatedAt,
			takeover: 0,
			origin: null
		};
		const seen = await claims.read(name);
		if (seen !== null) return this.follow(document, seen);
		return {
			kind: "stale",
			newest: document,
			missing: creation === "not-after" ? "secret-is-newer" : creation
		};
	}
	async follow(handed, first) {
		const { claims, log } = this.#services;
		let document = handed;
		let predecessor = null;
		let origin = null;
		let seen = first;
		const known = [handed];
		for (let links = 0; links <= MAXIMUM_LINKS;) {
			const { claim } = seen;
			if (await this.#isBusy(seen)) return {
				kind: "busy",
				newest: document,
				seen
			};
			const isSpent = claim?.state === "stored" || claim?.state === "rotated";
			const found = claim?.state === "write" ? null : await this.#successorOf(document, seen, known);
			if (found === "not-answered") return {
				kind: "stale",
				newest: document,
				missing: "handoff-not-answered"
			};
			if (found === null && isSpent) return {
				kind: "stale",
				newest: document,
				missing: await this.#whyNoSuccessor(claim)
			};
			const taken = isSpent ? null : await this.#takeoverOf(seen);
			if (taken !== null) {
				seen = taken;
				continue;
			}
			if (found === null) return this.#takeOver({
				document,
				predecessor,
				origin,
				seen
			});
			if ("busy" in found) return {
				kind: "busy",
				newest: document,
				seen: found.busy
			};
			links += 1;
			const { successor } = found;
			known.push(successor);
			predecessor = document;
			document = successor;
			origin = found.origin;
			const following = await claims.read(claims.nameOf(successor));
			if (following === null) {
				log.debug(`The handoff leads to generation ${successor.generation}, which nobody has claimed.`);
				return this.#judge({
					document,
					predecessor,
					origin,
					handed
				});
			}
			seen = following;
		}
		return {
			kind: "stale",
			newest: document,
			missing: "secret-is-newer"
		};
	}
	async #whyNoSuccessor(claim) {
		if (claim?.state !== "rotated") return "secret-is-newer";
		return require_post.isSameTime(await this.updatedAt(), claim.before) ? "successor-not-found" : "secret-is-newer";
	}
	async #isBusy(seen) {
		if (seen.claim !== null) this.#refuseOtherSecret(seen.claim);
		return seen.claim?.state !== "stored" && !await this.#services.claims.isGone(seen);
	}
	async #takeoverOf({ name }) {
		const takeover = takeoverOf(name);
		if (takeover === 9) return null;
		return this.#services.claims.read(`${name.replace(/_R\d$/, "")}_R${takeover + 1}`);
	}
	async isStillInDoubt(document, takeover) {
		const { claims } = this.#services;
		let wasPresented = false;
		for (let earlier = 0; earlier < takeover; earlier++) {
			const seen = await claims.read(claims.nameOf(document, earlier));
			const { state = "open" } = seen?.claim ?? {};
			if (seen === null || state === "rotated" || state === "stored") return false;
			wasPresented ||= state === "open";
		}
		return !wasPresented || (await this.#look(document)).kind === "none";
	}
	async #judge({ document, predecessor, origin, handed }) {
		const { claim } = origin;
		const { state = "rotated", before = null, after = null } = claim ?? {};
		const updatedAt = await this.#updatedAt((at) => after === null || require_post.isSameTime(at, after));
		if (require_post.isSameTime(updatedAt, after)) {
			await this.#refuseMismatch(handed, updatedAt);
			return {
				kind: "current",
				document,
				predecessor,
				updatedAt,
				takeover: 0,
				origin
			};
		}
		const creation = state !== "stored" && require_post.isSameTime(updatedAt, before) ? "after" : await this.#runCreated(updatedAt);
		if (creation === "after") return {
			kind: "to-repair",
			document,
			predecessor,
			updatedAt,
			takeover: 0,
			origin
		};
		return {
			kind: "stale",
			newest: document,
			missing: creation === "not-after" ? "secret-is-newer" : creation
		};
	}
	async #takeOver({ document, predecessor, origin, seen: { name, claim } }) {
		const { claimant } = this.#services;
		const takeover = takeoverOf(name);
		const stale = (missing) => ({
			kind: "stale",
			newest: document,
			missing
		});
		if (takeover === 9) return stale("in-doubt");
		if (claim?.state === "open" && claim.ref !== "default" && claim.ref !== claimant.ref) return stale("handoff-not-answered");
		const updatedAt = await this.#updatedAt((at) => require_post.isSameTime(at, claim?.before ?? null));
		if (!(require_post.isSameTime(updatedAt, claim?.before ?? null) || require_post.isSameTime(updatedAt, origin?.claim?.after ?? null))) {
			const creation = await this.#runCreated(updatedAt);
			if (creation !== "after") return stale(creation === "not-after" ? "secret-is-newer" : creation);
		}
		if (claim?.state === "write" && require_post.isSameTime(updatedAt, claim.before) && predecessor !== null && origin !== null && origin.claim?.state !== "stored") return {
			kind: "to-repair",
			document,
			predecessor,
			updatedAt,
			takeover: takeover + 1,
			origin
		};
		return {
			kind: "current",
			document,
			predecessor,
			updatedAt,
			takeover: takeover + 1,
			origin
		};
	}
	async #successorOf(document, { name, claim }, known) {
		const { claims } = this.#services;
		const lookup = await this.#look(document);
		if (lookup.kind === "not-answered") return "not-answered";
		if (lookup.kind === "none") return null;
		const { document: successor } = lookup.note;
		if (known.some((earlier) => earlier.refreshToken.equals(successor.refreshToken))) return "not-answered";
		const target = claims.nameOf(successor);
		let origin = {
			name,
			claim
		};
		for (let links = 0; origin.claim?.next && origin.claim.next !== target; links++) {
			const next = await claims.read(origin.claim.next);
			if (next === null || links === MAXIMUM_CLAIMS) return "not-answered";
			let last = next;
			for (let taken = next; taken !== null;) {
				last = taken;
				if (await this.#isBusy(last)) return { busy: last };
				const { state = "open" } = last.claim ?? {};
				taken = state === "stored" || state === "rotated" ? null : await this.#takeoverOf(last);
			}
			origin = {
				name: last.name,
				claim: last.claim
			};
		}
		return {
			successor,
			origin
		};
	}
	#refuseOtherSecret({ secret }) {
		const { place } = this.#services;
		if (secret.toUpperCase() === place.secretName.toUpperCase()) return;
		throw new require_post.Failure("login-shared", `This login is also kept in the secret ${secret} beside the ${require_post.describePlace(place)}. Nothing was refreshed.`, "Give each secret a login of its own: log in again, and seed one of the two.");
	}
	async #refuseMismatch(handed, updatedAt) {
		const { place } = this.#services;
		if (await this.#runCreated(new Date(updatedAt.getTime() + LAG_MS)) !== "after") return;
		throw new require_post.Failure("secret-mismatch", `The login in \`codex-auth-json\` (generation ${handed.generation}) is not what the ${require_post.describePlace(place)} holds. Nothing was refreshed.`, "The step reads one secret and writes another: `secret-name` and `environment` must name the secret that `codex-auth-json` reads, and the job must name that `environment:` too.");
	}
	async #look(document) {
		const { handoff, clock } = this.#services;
		return poll(clock, {
			withinMs: WITHIN_MS$2,
			everyMs: PAUSE_MS$2
		}, () => handoff.look(document), ({ kind }) => kind !== "not-answered");
	}
	async #readTime(scope) {
		const { runInformation, clock } = this.#services;
		return poll(clock, {
			withinMs: WITHIN_MS$2,
			everyMs: PAUSE_MS$2
		}, () => runInformation.readTime(scope), (time) => time.kind === "known" || time.because !== "unreachable");
	}
	async #runCreated(after) {
		const { runInformation, place } = this.#services;
		const created = await this.#readTime("repository");
		if (created.kind === "known" && created.at.getTime() > after.getTime()) return "after";
		if (place.environment === null || runInformation.isRerun) return creationOf(created, after);
		return creationOf(await this.#readTime("environment"), after);
	}
	async runSaw(updatedAt) {
		return await this.#runCreated(updatedAt) === "after";
	}
	async #updatedAt(expected) {
		const { clock } = this.#services;
		return poll(clock, { withinMs: STALE_MS$1 }, () => this.updatedAt(), expected);
	}
	async updatedAt() {
		const { store, place, clock, log } = this.#services;
		const metadata = await insist$1({
			clock,
			log
		}, { withinMs: WITHIN_MS$2 }, () => store.metadata(place.secretName));
		if (metadata === null) throw secretNotFound(place);
		return metadata.updatedAt;
	}
};
const STALE_MS$1 = 4e3;
function creationOf(time, after) {
	if (time.kind === "known") return time.at.getTime() > after.getTime() ? "after" : "not-after";
	return time.because === "permission" ? "run-time-permission" : "run-time-unknown";
}
function takeoverOf(name) {
	return Number(/_R([1-9])$/.exec(name)?.[1] ?? 0);
}
function secretNotFound(place) {
	return new require_post.Failure("secret-not-found", `There is no ${require_post.describePlace(place)}. This action never creates it.`, "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.");
}

// src/login/write-back.ts
const FIRST_PAUSE_MS = 1e3;
const LONGEST_PAUSE_MS = 3e4;
const ASK_WITHIN_MS$1 = 15e3;
const CONFIRM_WITHIN_MS = 2e4;
const STALE_WITHIN_MS = 4e4;
const CLOCK_TOLERANCE_MS = 3e3;
async function writeBack(services, request) {
	const writing = new Writing(services, request);
	try {
		return await writing.run();
	} finally {
		await writing.release();
	}
}
var Writing = class {
	#services;
	#request;
	#before;
	#key;
	#sealed = null;
	#writeClaim = null;
	#isFirst;
	#lookedAt = {
		monotonicMs: 0,
		dateMs: 0
	};
	#unanswered;
	constructor(services, request) {
		this.#services = services;
		this.#request = request;
		this.#before = request.before;
		this.#key = request.key;
		this.#isFirst = request.held !== null;
		this.#unanswered = [...request.writes];
	}
	async run() {
		const { clock, log, cancelled } = this.#services;
		const deadlineMs = clock.monotonicMs() + this.#request.patienceMs;
		let pauseMs = FIRST_PAUSE_MS;
		for (let attempt = 1;; attempt++) {
			const step = await this.#attempt();
			if (step.kind === "stored" || step.kind === "settled") return step;
			if (step.kind === "refused") return {
				...step,
				rescue: await this.#rescue()
			};
			const { failure, error } = step;
			const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
			if (!require_github_error.canRepair(error) || cancelled() || clock.monotonicMs() + waitMs > deadlineMs) return {
				kind: "pending",
				failure,
				rescue: await this.#rescue()
			};
			log.info(`${failure.message} Trying again in ${Math.round(waitMs / 1e3)} s (attempt ${attempt} failed).`);
			await clock.sleep(waitMs);
			pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
		}
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
		const { place, writer, claims, session } = this.#services;
		const { held } = this.#request;
		try {
			const sealed = await this.#seal();
			if (!this.#isFirst || held === null || !claims.isFresh(held)) {
				if (!await this.#claimGeneration()) return { kind: "settled" };
			}
			const metadata = await this.#metadata();
			if (metadata === null) return {
				kind: "refused",
				failure: secretNotFound(place)
			};
			const updatedAt = metadata;
			if (!require_post.isSameTime(updatedAt, this.#before)) {
				if (this.#isOurs(updatedAt)) return await this.#settle(null);
				if (!await this.#request.mayReplace(updatedAt)) return {
					kind: "refused",
					failure: changedElsewhere(place)
				};
				this.#before = updatedAt;
				if (!require_post.isSameTime(await this.#metadata() ?? null, updatedAt)) return {
					kind: "refused",
					failure: changedElsewhere(place)
				};
			}
			this.#isFirst = false;
			return await this.#put(session, sealed);
		} catch (error) {
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			this.#isFirst = false;
			return {
				kind: "failed",
				failure: require_github_error.explainStoreError(error, {
					place,
					writer,
					workedEarlier: true
				}),
				error
			};
		}
	}
	async #put({ store, serverClock }, sealed) {
		const { place } = this.#services;
		const beganMs = (await serverClock.now()).getTime();
		const fromMs = beganMs - CLOCK_TOLERANCE_MS;
		await this.#request.begin({
			from: new Date(fromMs),
			to: new Date(beganMs + PUT_MS + CLOCK_TOLERANCE_MS)
		});
		if (this.#lookIsOld) return this.#attempt();
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
				this.#key = null;
				this.#sealed = null;
				if (!this.#keyWasRefetched) {
					this.#keyWasRefetched = true;
					return this.#attempt();
				}
			}
			if (error.status === null || error.status >= 500 || error.status === 408) this.#unanswered.push({
				from: new Date(fromMs),
				to: new Date((await serverClock.now()).getTime() + CLOCK_TOLERANCE_MS + LATE_MS$1)
			});
			throw error;
		}
		const toMs = (await serverClock.now()).getTime() + CLOCK_TOLERANCE_MS;
		const updatedAt = await this.#confirmed();
		const isSure = updatedAt !== null && updatedAt.getTime() > this.#before.getTime() && updatedAt.getTime() >= fromMs && updatedAt.getTime() <= toMs;
		return this.#settle(isSure ? updatedAt : null);
	}
	#keyWasRefetched = false;
	async #confirmed() {
		const { clock } = this.#services;
		try {
			return await poll(clock, { withinMs: CONFIRM_WITHIN_MS }, () => this.#metadata(), (at) => at !== null && at.getTime() > this.#before.getTime());
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
	#isOurs(updatedAt) {
		const at = updatedAt.getTime();
		return this.#unanswered.some(({ from, to }) => from.getTime() <= at && at <= to.getTime());
	}
	async #claimGeneration() {
		if (this.#writeClaim !== null) return true;
		const { claims, holder } = this.#services;
		const { document, takeover } = this.#request;
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
	async #metadata() {
		const { session, place, clock, log } = this.#services;
		const ask = () => insist$1({
			clock,
			log
		}, { withinMs: ASK_WITHIN_MS$1 }, () => {
			this.#lookedAt = {
				monotonicMs: clock.monotonicMs(),
				dateMs: clock.now().getTime()
			};
			return session.store.metadata(place.secretName);
		}).then((metadata) => metadata?.updatedAt ?? null);
		const isOld = (at) => at !== null && at.getTime() < this.#before.getTime();
		const updatedAt = await poll(clock, { withinMs: STALE_WITHIN_MS }, ask, (at) => !isOld(at));
		if (!isOld(updatedAt)) return updatedAt;
		throw new require_github_error.GitHubError("GitHub's API answers with the secret's state of some time ago.", { status: null });
	}
	get #lookIsOld() {
		const { clock } = this.#services;
		const { monotonicMs, dateMs } = this.#lookedAt;
		return Math.max(clock.monotonicMs() - monotonicMs, clock.now().getTime() - dateMs) > LOOK_LASTS_MS;
	}
	async #seal() {
		const { box, session } = this.#services;
		const { document, encoding } = this.#request;
		this.#key ??= await session.store.publicKey();
		this.#sealed ??= await box.seal(document.content(encoding), this.#key);
		return this.#sealed;
	}
	async #rescue() {
		const { place } = this.#services;
		try {
			return require_rescue_command.rescueCommand(place, await this.#seal(), this.#request.before);
		} catch (error) {
			if (error instanceof require_github_error.GitHubError) return null;
			throw error;
		}
	}
};
const LOOK_LASTS_MS = 3e4;
const LATE_MS$1 = 5e3;
const PUT_MS = 15e3;
function changedElsewhere(place) {
	return new require_post.Failure("secret-changed-elsewhere", `Somebody else has written the ${require_post.describePlace(place)} while this job refreshed the login. It is left alone.`, "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, the handoff keeps this job's login: run maintenance, or use the printed command.");
}

// src/login/recover.ts
const WITHIN_MS$1 = 15e3;
const WRITE_PATIENCE_MS$1 = 6e4;
const STALE_MS = 1e4;
const HOLDER_BYTES$1 = 16;
var PostStore = class {
	#services;
	#handed;
	constructor(services, handed) {
		this.#services = services;
		this.#handed = handed;
	}
	async recover(section) {
		const { files } = this.#services;
		const { claim, directory, process } = section;
		const found = directory === null ? null : await require_rescue_command.readPrivateHome(files, require_rescue_command.privateHomeAt(directory));
		const verdict = found === null ? { kind: "unchanged" } : judge(found.predecessor, found.after);
		if (found === null || verdict.kind === "unchanged" || verdict.kind === "broken") {
			await this.#withSession(async (session) => {
				if (session instanceof require_post.Failure) return;
				if (process === null) await this.#claims(session).giveBack(claim);
				else await this.#leaveInDoubt(this.#claims(session), claim);
			});
			if (verdict.kind === "broken") throw verdict.failure;
			return null;
		}
		const { document } = verdict;
		require_rescue_command.maskTokens(document, this.#services.log);
		const rotated = verdict.kind === "rotated";
		const ledger = await this.#services.ledgerFile.load();
		const known = ledger?.document.isSameGeneration(document) ? {
			before: ledger.before,
			writes: ledger.writes
		} : {};
		return this.#store({
			document,
			predecessor: found.predecessor,
			claim,
			rotated,
			...known
		});
	}
	async storePending() {
		const ledger = await this.#services.ledgerFile.load();
		if (ledger === null || ledger.stored || ledger.predecessor === null) return null;
		const { document, predecessor, claim } = ledger;
		require_rescue_command.maskTokens(document, this.#services.log);
		const rotated = !document.refreshToken.equals(predecessor.refreshToken);
		return this.#store({
			document,
			predecessor,
			claim,
			rotated,
			before: ledger.before,
			writes: ledger.writes
		});
	}
	async demandUnmovedSecret() {
		const { ledgerFile, place, clock, log } = this.#services;
		const ledger = await ledgerFile.load();
		if (ledger === null || !ledger.stored || ledger.before.getTime() === 0) return;
		await this.#withSession(async (session) => {
			if (session instanceof require_post.Failure) return;
			try {
				const metadata = await insist$1({
					clock,
					log
				}, { withinMs: WITHIN_MS$1 }, () => session.store.metadata(place.secretName));
				if (metadata === null || metadata.updatedAt.getTime() <= ledger.before.getTime()) return;
				const claims = await this.#claims(session).list();
				const name = claimName(ledger.document, place);
				if (!claims.some(({ name: seen, claim }) => seen === name || require_post.isSameTime(claim?.after ?? null, metadata.updatedAt) || claim?.next === name && claim.state !== "stored")) throw movedSince(place);
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError)) throw error;
				log.debug(`GitHub did not say whether the secret is as this job left it. ${error.message}`);
			}
		});
	}
	async storeHome(home, until) {
		const { log, ledgerFile } = this.#services;
		const ledger = await ledgerFile.load();
		if (ledger === null || ledger.claim === null) return null;
		const { document: before, claim } = ledger;
		const verdict = home === "untouched" ? { kind: "unchanged" } : judge(before, home.text);
		if (verdict.kind === "unchanged" || verdict.kind === "broken") {
			if (until === "job-ends") {
				const isSure = home === "untouched" && !codexWouldRefresh(before, this.#services.clock.now());
				await this.#withSession(async (session) => {
					if (session instanceof require_post.Failure) return;
					if (isSure) await this.#claims(session).giveBack(claim);
					else await this.#leaveInDoubt(this.#claims(session), claim);
				});
			}
			if (verdict.kind === "broken") throw verdict.failure;
			return null;
		}
		const { document } = verdict;
		require_rescue_command.maskTokens(document, log);
		if ([this.#handed, ledger.predecessor].some((earlier) => earlier?.refreshToken.equals(document.refreshToken)) && !document.refreshToken.equals(before.refreshToken) || document.accessTokenIssuedAt.getTime() < before.accessTokenIssuedAt.getTime() || document.isOfOtherAccount(before)) throw notOurs();
		log.info(`The login in the home has changed: generation ${before.generation} became ${document.generation}.`);
		return this.#store({
			document,
			predecessor: before,
			claim,
			rotated: verdict.kind === "rotated",
			before: ledger.before
		});
	}
	async #store({ document, predecessor, claim, rotated, before, writes = [] }) {
		const { ledgerFile, handoff, log } = this.#services;
		const ledger = {
			document,
			predecessor,
			claim,
			before: before ?? /* @__PURE__ */ new Date(0),
			stored: false,
			writes
		};
		return this.#withSession(async (session) => {
			const claims = session instanceof require_post.Failure ? null : this.#claims(session);
			const seen = claims === null ? "not-answered" : await this.#ask(claims, claim);
			const settled = this.#settled(seen, ledger);
			if (settled !== null) return settled;
			const savedAt = await this.#now(session);
			const inHandoff = await saveNotes(handoff, {
				under: [predecessor, this.#handed],
				document,
				savedAt,
				log
			});
			if (session instanceof require_post.Failure || claims === null) return {
				kind: "pending",
				ledger,
				failure: session instanceof require_post.Failure ? session : noWriter(),
				handedOver: inHandoff,
				rescue: null
			};
			const again = seen === "not-answered" && before === void 0 ? await this.#ask(claims, claim) : seen;
			const settledSince = this.#settled(again, ledger);
			if (settledSince !== null) return settledSince;
			const known = again === "not-answered" ? null : again?.claim ?? null;
			const spent = rotated && claim !== null && known !== null ? {
				name: claim.name,
				claim: known
			} : null;
			if (spent !== null) await claims.tell(spent.name, spent.claim, {
				state: "rotated",
				next: claims.nameOf(document)
			});
			const expected = before ?? known?.before ?? null;
			if (expected === null) return {
				kind: "pending",
				ledger,
				failure: noAnswer(),
				handedOver: inHandoff,
				rescue: null
			};
			const outcome = await writeBack(this.#writing(session, claims, claim), {
				document,
				encoding: this.#handed.encoding,
				before: expected,
				mayReplace: async () => false,
				spent: spent && {
					...spent,
					claim: {
						...spent.claim,
						state: "rotated"
					}
				},
				held: null,
				key: null,
				patienceMs: WRITE_PATIENCE_MS$1,
				writes,
				begin: (window) => recordWrite(ledgerFile, {
					...ledger,
					before: expected
				}, window)
			});
			if (spent !== null && outcome.kind === "pending") await claims.tell(spent.name, spent.claim, {
				state: "rotated",
				next: claims.nameOf(document),
				released: true
			});
			if (!rotated && claim !== null && outcome.kind === "stored") await claims.giveBack(claim);
			return settleLedger(ledgerFile, {
				ledger,
				outcome,
				inHandoff,
				log
			});
		});
	}
	#settled(seen, ledger) {
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
		if (next && next !== claimName(ledger.document, this.#services.place)) return {
			kind: "refused",
			ledger,
			failure: notHeld(),
			rescue: null
		};
		return null;
	}
	async #ask(claims, claim) {
		if (claim === null) return "not-answered";
		try {
			return await poll(this.#services.clock, { withinMs: STALE_MS }, () => claims.isHeld(claim), (seen) => seen !== null);
		} catch (error) {
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			return "not-answered";
		}
	}
	async #leaveInDoubt(claims, claim) {
		if (/_R\d$/.test(claim.name)) return claims.giveBack(claim);
		const seen = await this.#ask(claims, claim);
		if (seen === null || seen === "not-answered" || seen.claim?.state !== "open") return;
		await claims.tell(claim.name, seen.claim, { released: true });
	}
	#writing(session, claims, claim) {
		const { writer, box, clock, log, place, randomness, cancellation } = this.#services;
		return {
			session,
			claims,
			writer: writer?.kind ?? "token",
			box,
			clock,
			log,
			place,
			holder: claim?.holder ?? Buffer.from(randomness.bytes(HOLDER_BYTES$1)).toString("hex"),
			cancelled: () => cancellation.requested()
		};
	}
	#claims(session) {
		const { runInformation, clock, log, place, claimant } = this.#services;
		const { variables, serverClock } = session;
		return new Claims({
			variables,
			serverClock,
			runInformation,
			clock,
			log,
			place,
			claimant,
			insistence: "when-due"
		});
	}
	async #now(session) {
		const { clock } = this.#services;
		if (session instanceof require_post.Failure) return clock.now();
		return session.serverClock.now().catch(() => clock.now());
	}
	async #withSession(act) {
		const session = await this.#open();
		try {
			return await act(session);
		} finally {
			if (!(session instanceof require_post.Failure)) await session.close();
		}
	}
	async #open() {
		const { writer, clock, log, place } = this.#services;
		if (writer === null) return noWriter();
		try {
			return await insist$1({
				clock,
				log
			}, { withinMs: WITHIN_MS$1 }, () => writer.open());
		} catch (error) {
			if (error instanceof require_post.Failure) return error;
			if (error instanceof require_github_error.GitHubError) return require_github_error.explainStoreError(error, {
				place,
				writer: writer.kind,
				workedEarlier: true
			});
			throw error;
		}
	}
};
function movedSince(place) {
	return new require_post.Failure("secret-changed-elsewhere", `Somebody has written the ${require_post.describePlace(place)} after this job stored the refreshed login there.`, "If a step of this job does that (`gh secret set`), remove it: it has put a copy over the login, and the next job cannot refresh. Dispatch maintenance: it puts the login back from the handoff. If that was a fresh login on purpose, nothing is to be done.");
}
function noWriter() {
	return new require_post.Failure("write-token-missing", "The refreshed login cannot be written: this phase has no write token.", "Inside nested composite actions GitHub hands post no inputs: use this action directly in the job's steps.");
}
function noAnswer() {
	return new require_post.Failure("github-unreachable", "GitHub's API did not answer.", "This usually passes: run the job again, and see githubstatus.com.");
}
function notHeld() {
	return new require_post.Failure("write-back-refused", "What this job left behind does not agree with the claim that GitHub holds, so nothing was stored. The secret is as it was.", "Run maintenance. If it says that the login is over, log in again; and look what else runs in this job.");
}
function notOurs() {
	return new require_post.Failure("write-back-refused", "The login in the home is older than the one that this job was given, or of another account, so it was not stored. The secret is as it was.", "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.");
}

// src/core/failure/failed-refresh.ts
function consequenceOf(failed, standing) {
	if (failed.kind === "transient" && standing.triesLeft > 0) return "retry";
	return mayBorrow(standing) ? "borrow" : "stop";
}
function mayBorrow({ accessToken, insistence }) {
	return accessToken === "lives" && insistence === "when-due";
}
function vitality(document, { now, minimumLifetimeMs }) {
	return remainingMs(document, now) >= minimumLifetimeMs ? "lives" : "dying";
}
function explainFailedRefresh(failed, reseed) {
	switch (failed.kind) {
		case "permanent": return new require_post.Failure(failed.code, PERMANENT[failed.code], reseed);
		case "answer-lost": return new require_post.Failure("refresh-answer-lost", "The answer is lost: Codex asked for new tokens and heard nothing within its 45 seconds. If OpenAI has rotated the login, nobody holds the new refresh token.", `Start a new run with \`refresh: force\`: if it fails with refresh-token-reused, the login is over. ${reseed}`);
		case "unstarted": return new require_post.Failure("codex-outdated", `The \`codex\` of this machine cannot refresh a login: it has no app-server that answers. It says: ${require_post.foreign(failed.words)}. OpenAI was not asked.`, "Install a newer Codex, or let this action do it: set `codex-version`.");
		case "broken": return new require_post.Failure("refresh-broke-login", `Codex left an unusable file after the refresh: ${failed.cause.message}`, reseed, { cause: failed.cause });
		case "transient": return new require_post.Failure("refresh-unavailable", "OpenAI did not refresh the login: it was unreachable, overloaded or answered with an error.", "The login is still good. Run the job again later, and see status.openai.com.");
	}
}
const PERMANENT = {
	"refresh-token-reused": "OpenAI says that the refresh token was already used: somebody else rotated this login.",
	"refresh-token-expired": "OpenAI says that the refresh token has expired.",
	"refresh-token-revoked": "OpenAI says that the login was revoked.",
	"refresh-rejected": "OpenAI does not accept the refresh token any more."
};

// src/core/github/write-token-expiry.ts
const SOON_MS = 12096e5;
const HOUR_MS = 36e5;
function warnOfWriterExpiry(expiresAt, now) {
	if (expiresAt === null) return null;
	const leftMs = expiresAt.getTime() - now.getTime();
	if (leftMs > SOON_MS || leftMs <= HOUR_MS) return null;
	return {
		code: "write-token-expires-soon",
		message: `The token in \`secret-write-token\` expires on ${expiresAt.toISOString().slice(0, 10)}.`,
		hint: "Make a new one before that day, with the same permission, and store it as the secret that `secret-write-token` reads."
	};
}

// src/login/prove-write.ts
const PROBE_NAME = "CODEX_AUTH_WRITE_PROBE";
const PROBE_CONTENT = "codex-auth-roundtrip writes this to learn whether its token may write here. It means nothing.";
const SECRET_LIMIT = 100;
const WITHIN_MS = 15e3;
const KEYS = 3;
async function proveSecretsWritable({ session, box, clock, log, place }) {
	if (require_post.permissionOf(place) === "environments") return null;
	const { store } = session;
	return insist$1({
		clock,
		log
	}, { withinMs: WITHIN_MS }, async () => {
		for (let keys = 1;; keys++) {
			const key = await store.publicKey();
			try {
				await store.put(PROBE_NAME, await box.seal(new require_post.Secret(PROBE_CONTENT), key));
				return key;
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError) || error.status !== 422) throw error;
				if (await store.count() >= SECRET_LIMIT) return key;
				if (keys === KEYS) throw error;
			}
		}
	});
}

// src/core/codex/refusal.ts
const CAUSES = [
	[/refresh_token_reused|was already used/i, "refresh-token-reused"],
	[/refresh_token_expired|has expired/i, "refresh-token-expired"],
	[/refresh_token_invalidated|refresh_token_revoked|was revoked/i, "refresh-token-revoked"]
];
const ABOUT_MODELS = /^.*codex_models_manager.*$/gm;
function classifyRefusal({ account, words: allWords }) {
	const words = allWords.replace(ABOUT_MODELS, "");
	if (account === "unstarted") return {
		kind: "unstarted",
		words: words.trim()
	};
	for (const [cause, code] of CAUSES) if (cause.test(words)) return {
		kind: "permanent",
		code
	};
	if (account === "absent" || /could not be refreshed/i.test(words)) return {
		kind: "permanent",
		code: "refresh-rejected"
	};
	if (/Failed to refresh token|error sending request/i.test(words)) return { kind: "transient" };
	return account === "no-answer" || account === "late-error" ? { kind: "answer-lost" } : { kind: "transient" };
}

// src/login/refresh.ts
const TRIES$1 = 3;
const PAUSE_MS$1 = 2e3;
async function refresh({ refresher, files, clock, log }, request) {
	const { document, place, environment, started, fallback, timeLeft } = request;
	for (let tries = 1;; tries++) {
		const refreshes = tries < TRIES$1 && codexWouldRefresh(document, clock.now()) ? "by-itself" : "on-request";
		const symptoms = await refresher.refresh({
			home: place.home,
			environment,
			started,
			refreshes
		});
		const verdict = judge(document, await files.read(require_post.authPath(place.home)));
		if (verdict.kind === "rotated" || verdict.kind === "renewed") {
			require_rescue_command.maskTokens(verdict.document, log);
			if (verdict.oddity !== null) log.warning(`Codex writes the login as this version does not know it: ${verdict.oddity} It is stored as it is.`);
			return verdict;
		}
		const failed = verdict.kind === "broken" ? {
			kind: "broken",
			cause: verdict.failure
		} : classifyRefusal(symptoms);
		const triesLeft = timeLeft() ? TRIES$1 - tries : 0;
		if (consequenceOf(failed, {
			...fallback,
			triesLeft
		}) !== "retry") return {
			kind: "failed",
			failed
		};
		const pauseMs = PAUSE_MS$1 * tries;
		log.info(`OpenAI did not refresh the login just now (try ${tries} of ${TRIES$1}). Trying again in ${pauseMs / 1e3} s.`);
		await clock.sleep(pauseMs);
	}
}

// src/login/refresh-section.ts
const BUSY_WAIT_MS = 12e4;
const BUSY_POLL_MS = 5e3;
const WRITE_PATIENCE_MS = 24e4;
const REFRESH_AND_STORE_MS = 15e4;
const ASK_WITHIN_MS = 15e3;
const ROUNDS = 8;
const HOLDER_BYTES = 16;
async function refreshSection(services, request) {
	const { writer, place, clock, log, channel } = services;
	let session;
	try {
		session = await insist$1({
			clock,
			log
		}, { withinMs: ASK_WITHIN_MS }, () => writer.open());
	} catch (error) {
		return borrow(services, request, request.handed, explain(error, writer.kind, place));
	}
	try {
		return await new RefreshSection(services, request, session).run();
	} catch (error) {
		if (!(error instanceof require_github_error.GitHubError)) throw error;
		return borrow(services, request, request.handed, explain(error, writer.kind, place));
	} finally {
		const now = await session.serverClock.now().catch(() => clock.now());
		const notice = warnOfWriterExpiry(session.expiresAt(), now);
		if (notice) {
			log.warning(`${notice.message} ${notice.hint}`);
			require_post.saveNotice(channel, notice);
		}
		await session.close();
	}
}
var RefreshSection = class {
	#services;
	#request;
	#session;
	#claims;
	#current;
	#holder;
	#isUnsaved = false;
	constructor(services, request, session) {
		const { place, claimant, clock, log, runInformation, handoff } = services;
		this.#services = services;
		this.#request = request;
		this.#session = session;
		const { variables, serverClock, store } = session;
		const { insistence } = request;
		this.#claims = new Claims({
			variables,
			serverClock,
			runInformation,
			clock,
			log,
			place,
			claimant,
			insistence
		});
		this.#current = new CurrentLogin({
			store,
			claims: this.#claims,
			handoff,
			runInformation,
			clock,
			log,
			place,
			claimant
		});
		this.#holder = this.#newHolder();
	}
	#newHolder() {
		return Buffer.from(this.#services.randomness.bytes(HOLDER_BYTES)).toString("hex");
	}
	async run() {
		const { ledgerFile, log } = this.#services;
		const { handed, due, claimFor } = this.#request;
		let job = await ledgerFile.load();
		if (job && !job.stored) {
			const outcome = await this.#finishPending(job);
			if (outcome.kind !== "stored") return this.#borrow(job.document, outcome.failure);
			job = outcome.ledger;
		}
		const standing = job && claimFor === "whole-job" ? await this.#standingClaim(job) : null;
		if (job !== null && standing !== null) {
			await this.#prepare();
			return due(job.document) ? this.#rotate(job, standing) : {
				kind: "kept",
				ledger: job
			};
		}
		const start = job?.document ?? handed;
		let position = await this.#find(start, job === null ? "handed" : "known");
		for (let round = 1; round <= ROUNDS; round++) {
			switch (position.kind) {
				case "stale": return this.#borrow(position.newest, explainMissingProof(position.missing));
				case "busy": return this.#borrow(position.newest, busy());
				case "blocked": return this.#borrow(position.newest, position.failure);
				case "to-repair":
					require_rescue_command.maskTokens(position.document, log);
					position = await this.#repair(position);
					continue;
			}
			require_rescue_command.maskTokens(position.document, log);
			if (!position.document.isSameGeneration(handed) && job === null) log.info(`Took generation ${position.document.generation} from the handoff: the secret of this run is older.`);
			const isDue = due(position.document);
			const ledger = await this.#keep(position);
			if (!isDue && claimFor === "refresh") return {
				kind: "kept",
				ledger
			};
			const claimed = await this.#claim(position);
			if (claimed.kind === "position") {
				position = claimed.position;
				continue;
			}
			if (isDue) return this.#rotate(ledger, claimed);
			const holding = await this.#keep(position, ownOf(claimed.held));
			require_post.saveCriticalSection(this.#services.channel, null);
			return {
				kind: "kept",
				ledger: holding
			};
		}
		return this.#borrow(start, busy());
	}
	async #standingClaim({ document, predecessor, before, claim: own }) {
		const { clock } = this.#services;
		const seen = own && await this.#claims.isHeld(own);
		if (seen?.claim?.state !== "open" || !seen.claim.wholeJob || seen.claim.released) return null;
		return {
			document,
			predecessor,
			updatedAt: before,
			held: {
				name: seen.name,
				claim: seen.claim,
				sinceMonotonicMs: clock.monotonicMs(),
				sinceDateMs: clock.now().getTime()
			},
			takeover: 0,
			isHanded: false
		};
	}
	async #keep({ document, predecessor, updatedAt }, held = null) {
		const ledger = {
			document,
			predecessor,
			claim: held,
			before: updatedAt,
			stored: true,
			writes: []
		};
		await this.#services.ledgerFile.save(ledger).catch((error) => {
			throw require_rescue_command.noRoom(error);
		});
		return ledger;
	}
	async #find(document, start) {
		const { clock, log, cancellation } = this.#services;
		const deadlineMs = clock.monotonicMs() + BUSY_WAIT_MS;
		for (let polls = 0;; polls++) {
			const position = await this.#current.find(document, await this.#updatedAt(), start);
			if (position.kind !== "busy" || mayBorrow(this.#standing(position.newest))) return position;
			if (cancellation.requested() || clock.monotonicMs() + BUSY_POLL_MS > deadlineMs) return position;
			if (polls === 0) log.info("Another job is refreshing this login. Waiting for it, two minutes at most.");
			await clock.sleep(BUSY_POLL_MS);
		}
	}
	async #updatedAt() {
		try {
			return await this.#current.updatedAt();
		} catch (error) {
			if (!(error instanceof require_post.Failure) || error.code !== "secret-not-found") throw error;
			await this.#session.store.publicKey();
			throw error;
		}
	}
	async #claim(position) {
		const { document, predecessor, updatedAt, takeover, origin } = position;
		const { channel, cancellation } = this.#services;
		await this.#prepare();
		if (cancellation.requested()) throw cancelled();
		const name = this.#claims.nameOf(document, takeover);
		this.#holder = this.#newHolder();
		const own = {
			name,
			holder: this.#holder
		};
		require_post.saveCriticalSection(channel, {
			directory: null,
			process: null,
			claim: own
		});
		const wholeJob = this.#request.claimFor === "whole-job";
		const taking = await this.#claims.take(name, {
			holder: this.#holder,
			state: "open",
			before: updatedAt,
			wholeJob
		});
		if (taking.kind === "theirs") {
			require_post.saveCriticalSection(channel, null);
			const seen = taking.seen;
			return {
				kind: "position",
				position: seen === null ? {
					kind: "busy",
					newest: document,
					seen
				} : await this.#current.follow(document, seen)
			};
		}
		const { held } = taking;
		const isUnspent = takeover === 0 || await this.#current.isStillInDoubt(document, takeover);
		const now = await this.#updatedAt();
		if (!isUnspent || now.getTime() !== updatedAt.getTime() || !this.#claims.isFresh(held)) {
			await this.#claims.giveBack(own);
			require_post.saveCriticalSection(channel, null);
			return {
				kind: "position",
				position: await this.#current.find(document, now, origin === null ? "handed" : "known")
			};
		}
		if (cancellation.requested()) {
			await this.#claims.giveBack(own);
			require_post.saveCriticalSection(channel, null);
			throw cancelled();
		}
		return {
			kind: "claimed",
			document,
			predecessor,
			updatedAt,
			held,
			takeover,
			isHanded: origin === null && document.isSameGeneration(this.#request.handed)
		};
	}
	#refresher = null;
	#key = null;
	#isPrepared = false;
	async #prepare() {
		if (this.#isPrepared) return;
		const { place, box, clock, log } = this.#services;
		this.#key = await proveSecretsWritable({
			session: this.#session,
			place,
			box,
			clock,
			log
		});
		this.#refresher = await this.#services.refresher();
		this.#isPrepared = true;
	}
	async #rotate(ledger, claimed) {
		const { clock, log } = this.#services;
		const { document, held, takeover } = claimed;
		const refresher = this.#refresher;
		if (refresher === null) throw new TypeError("A refresh needs Codex.");
		const timeLeft = () => this.#claims.msLeft(held) >= REFRESH_AND_STORE_MS;
		let wasStarted = false;
		let isSpent = false;
		try {
			return await this.#inPrivateHome(document, held, async (place, started) => {
				const startedMs = clock.monotonicMs();
				const tools = {
					refresher,
					timeLeft,
					place,
					started: async (process) => {
						wasStarted = true;
						await started(process);
					}
				};
				let outcome = await this.#tryRefresh(document, tools);
				if (isRejection(outcome) && timeLeft()) outcome = await this.#askForTheCause(document, held, {
					...tools,
					outcome
				});
				if (outcome.kind === "failed") {
					if (outcome.failed.kind === "unstarted") await this.#claims.giveBack(ownOf(held));
					else await this.#settleDoubt(claimed);
					return this.#afterFailedRefresh(ledger, outcome.failed);
				}
				const rotated = outcome.kind === "rotated";
				const took = require_post.describeDuration(clock.monotonicMs() - startedMs);
				const left = require_post.describeDuration(remainingMs(outcome.document, clock.now()));
				log.info(rotated ? `Codex rotated generation ${document.generation} to ${outcome.document.generation} in ${took} (access token valid ${left}).` : `Codex renewed the tokens and kept the refresh token (access token valid ${left}).`);
				this.#isUnsaved = true;
				isSpent = true;
				const publication = await this.#store(outcome.document, claimed, rotated);
				return this.#holdForJob({
					kind: "refreshed",
					ledger: publication.ledger,
					rotated,
					publication
				}, claimed);
			});
		} catch (error) {
			if (!wasStarted) await this.#claims.giveBack(ownOf(held));
			else if (!isSpent && isForeseen(error)) await this.#settleDoubt({
				held,
				takeover
			});
			throw error;
		}
	}
	async #settleDoubt({ held, takeover }) {
		if (takeover > 0) await this.#claims.giveBack(ownOf(held));
		else await this.#claims.tell(held.name, held.claim, { released: true });
	}
	async #store(next, claimed, rotated) {
		const { ledgerFile, handoff, log, clock, session } = {
			...this.#services,
			session: this.#session
		};
		const { document, updatedAt, held, isHanded } = claimed;
		const { handed } = this.#request;
		const ledger = {
			document: next,
			predecessor: document,
			claim: rotated ? ownOf(held) : null,
			before: updatedAt,
			stored: false,
			writes: []
		};
		const isOnDisk = await ledgerFile.save(ledger).then(() => true, () => false);
		if (!isOnDisk) log.info("The ledger of this job could not be written to disk.");
		const savedAt = await session.serverClock.now().catch(() => clock.now());
		const inHandoff = await saveNotes(handoff, {
			under: [document, handed],
			document: next,
			savedAt,
			log
		});
		this.#isUnsaved = !isOnDisk && !inHandoff;
		const isOurs = clock.monotonicMs() - held.sinceMonotonicMs < require_post.CLAIM_LIFETIME_MS;
		if (rotated && isOurs) await this.#claims.tell(held.name, held.claim, {
			state: "rotated",
			next: this.#claims.nameOf(next)
		});
		const outcome = await this.#write(next, {
			before: updatedAt,
			spent: rotated ? {
				name: held.name,
				claim: {
					...held.claim,
					state: "rotated"
				}
			} : null,
			held,
			mayReplace: async (at) => isHanded && await this.#current.runSaw(at),
			writes: [],
			begin: (window) => recordWrite(ledgerFile, ledger, window)
		});
		if (outcome.kind === "stored") this.#isUnsaved = false;
		if (!rotated && outcome.kind === "stored") await this.#claims.giveBack(ownOf(held));
		if (outcome.kind === "stored") await this.#claims.tidy();
		return settleLedger(ledgerFile, {
			ledger,
			outcome,
			inHandoff,
			log
		});
	}
	async #holdForJob(outcome, { updatedAt }) {
		const { ledgerFile } = this.#services;
		const { ledger } = outcome;
		if (this.#request.claimFor === "refresh" || !ledger.stored) return outcome;
		this.#holder = this.#newHolder();
		const name = this.#claims.nameOf(ledger.document);
		require_post.saveCriticalSection(this.#services.channel, {
			directory: null,
			process: null,
			claim: {
				name,
				holder: this.#holder
			}
		});
		const taking = await this.#claims.take(name, {
			holder: this.#holder,
			state: "open",
			before: ledger.before,
			wholeJob: true
		});
		if (taking.kind === "theirs") throw busy();
		const holding = {
			...ledger,
			claim: ownOf(taking.held)
		};
		try {
			if (ledger.before.getTime() !== updatedAt.getTime() && (await this.#updatedAt()).getTime() > ledger.before.getTime()) throw busy();
			await ledgerFile.save(holding).catch((error) => {
				throw require_rescue_command.noRoom(error);
			});
		} catch (error) {
			await this.#claims.giveBack(ownOf(taking.held));
			throw error;
		}
		return {
			...outcome,
			ledger: holding
		};
	}
	async #repair(position) {
		const { log } = this.#services;
		const { document, predecessor, updatedAt, takeover, origin } = position;
		log.info(`An earlier run could not store generation ${document.generation}. Storing it now from the handoff.`);
		const outcome = await this.#write(document, {
			before: updatedAt,
			spent: origin.claim && {
				name: origin.name,
				claim: origin.claim
			},
			held: null,
			takeover,
			mayReplace: async () => false,
			writes: [],
			begin: async () => {}
		});
		switch (outcome.kind) {
			case "stored":
				if (outcome.updatedAt === null) return this.#find(document, "known");
				return {
					kind: "current",
					document,
					predecessor,
					updatedAt: outcome.updatedAt,
					takeover,
					origin
				};
			case "settled": return this.#find(document, "known");
			case "pending":
			case "refused": return {
				kind: "blocked",
				newest: document,
				failure: outcome.failure
			};
		}
	}
	async #finishPending(ledger) {
		const { ledgerFile, handoff, log, clock } = this.#services;
		const { handed } = this.#request;
		const { claim, document, predecessor, before } = ledger;
		const seen = claim && await this.#claims.isHeld(claim);
		const savedAt = await this.#session.serverClock.now().catch(() => clock.now());
		const inHandoff = await saveNotes(handoff, {
			under: [predecessor ?? handed, handed],
			document,
			savedAt,
			log
		});
		const outcome = await this.#write(document, {
			before,
			spent: seen?.claim ? {
				name: seen.name,
				claim: seen.claim
			} : null,
			held: null,
			mayReplace: async () => false,
			writes: ledger.writes,
			begin: (window) => recordWrite(ledgerFile, ledger, window)
		});
		return settleLedger(ledgerFile, {
			ledger,
			outcome,
			inHandoff,
			log
		});
	}
	#write(document, request) {
		const { writer, box, clock, log, place, cancellation } = this.#services;
		const { handed } = this.#request;
		return writeBack({
			session: this.#session,
			claims: this.#claims,
			writer: writer.kind,
			box,
			clock,
			log,
			place,
			holder: this.#holder,
			cancelled: () => cancellation.requested()
		}, {
			...request,
			document,
			encoding: handed.encoding,
			key: this.#key,
			patienceMs: WRITE_PATIENCE_MS
		});
	}
	async #askForTheCause(before, held, { outcome: refused, ...tools }) {
		const document = before.withExpiredAccessToken();
		return this.#inPrivateHome(document, held, async (place, started) => {
			const outcome = await this.#tryRefresh(document, {
				...tools,
				place,
				started
			});
			return outcome.kind === "failed" && outcome.failed.kind === "transient" ? refused : outcome;
		});
	}
	#tryRefresh(document, { refresher, ...request }) {
		const { files, clock, log } = this.#services;
		const { environment } = this.#request;
		const fallback = this.#standing(document);
		return refresh({
			refresher,
			files,
			clock,
			log
		}, {
			...request,
			document,
			environment,
			fallback
		});
	}
	async #inPrivateHome(document, held, act) {
		const { files, randomness, channel, log, handoff } = this.#services;
		const { handed, base } = this.#request;
		const claim = ownOf(held);
		const place = await require_rescue_command.makePrivateHome(files, randomness, {
			base,
			document,
			handed
		});
		const { directory } = place;
		const wipe = async () => {
			await files.remove(directory).catch(() => log.warning("A private directory of the refresh could not be removed."));
			require_post.saveCriticalSection(channel, null);
		};
		try {
			require_post.saveCriticalSection(channel, {
				directory,
				process: null,
				claim
			});
			const result = await act(place, async (process) => {
				require_post.saveCriticalSection(channel, {
					directory,
					process,
					claim
				});
				handoff.prepare();
			});
			if (!this.#isUnsaved) await wipe();
			return result;
		} catch (error) {
			if (isForeseen(error) && !this.#isUnsaved) await wipe();
			throw error;
		}
	}
	async #afterFailedRefresh(ledger, failed) {
		const { place } = this.#services;
		if ((await this.#updatedAt()).getTime() !== ledger.before.getTime()) return this.#borrow(ledger.document, explainMissingProof("secret-is-newer"));
		const failure = explainFailedRefresh(failed, require_post.reseedHint(place));
		const standing = {
			...this.#standing(ledger.document),
			triesLeft: 0
		};
		if (consequenceOf(failed, standing) === "stop") throw failure;
		return {
			kind: "borrowed",
			document: ledger.document,
			because: failure
		};
	}
	#borrow(document, because) {
		require_rescue_command.maskTokens(document, this.#services.log);
		return borrow(this.#services, this.#request, document, because);
	}
	#standing(document) {
		return standingOf(this.#services, this.#request, document);
	}
};
function borrow(services, request, document, because) {
	if (!mayBorrow(standingOf(services, request, document)) || SET_UP_FAULTS.has(because.code)) throw because;
	return {
		kind: "borrowed",
		document,
		because
	};
}
function standingOf({ clock }, { insistence, minimumLifetimeMs }, document) {
	return {
		accessToken: vitality(document, {
			now: clock.now(),
			minimumLifetimeMs
		}),
		insistence
	};
}
const SET_UP_FAULTS = /* @__PURE__ */ new Set([
	"write-token-rejected",
	"write-token-revoked",
	"write-token-forbidden",
	"write-token-cannot-reach-repository",
	"app-invalid",
	"app-not-installed",
	"app-permission-missing",
	"secret-not-found",
	"secret-limit",
	"claim-limit",
	"secret-mismatch",
	"login-shared",
	"codex-missing",
	"home-unwritable"
]);
function ownOf({ name, claim }) {
	return {
		name,
		holder: claim.holder
	};
}
function isForeseen(error) {
	return error instanceof require_post.Failure || error instanceof require_github_error.GitHubError;
}
function explain(error, writer, place) {
	if (error instanceof require_post.Failure) return error;
	if (error instanceof require_github_error.GitHubError) return require_github_error.explainStoreError(error, {
		place,
		writer,
		workedEarlier: false
	});
	throw error;
}
function isRejection(outcome) {
	return outcome.kind === "failed" && outcome.failed.kind === "permanent" && outcome.failed.code === "refresh-rejected";
}
function busy() {
	return new require_post.Failure("claim-busy", "Another job has claimed this login to refresh it, and has not finished. This job did not refresh it.", "Start a new run when that job is over. The claim of a job that has died is taken over after ten minutes, if this job has `actions: read`, or with `refresh: force`.");
}
function cancelled() {
	return new require_post.Failure("cancelled", "The job was cancelled before anything was refreshed.", "Run it again.");
}
function explainMissingProof(missing) {
	switch (missing) {
		case "secret-is-newer": return new require_post.Failure("copy-stale", "The secret has been written since this run read it, so its login may be an old one. Nothing was refreshed.", "Start a new run (not a re-run): it gets the present secret.");
		case "handoff-not-answered": return new require_post.Failure("freshness-unproven", "An earlier job has refreshed this login, and the Actions cache does not tell the result. Nothing was refreshed.", "Start a new run when the cache service works again (githubstatus.com).");
		case "in-doubt": return new require_post.Failure("freshness-unproven", `${9} jobs have died while they refreshed this login, one after the other, so nobody knows whether it is spent. Nothing was refreshed.`, "Find out why they die, then log in again and seed the login; or delete the variables `CODEX_AUTH_CLAIM_…_R1` to `_R9` to try this one again.");
		case "successor-not-found": return new require_post.Failure("write-back-pending", "An earlier run has refreshed this login and could not store it, and this run finds it nowhere: the note is gone from the Actions cache, or was left on another branch. Nothing was refreshed.", "Dispatch maintenance on that run's branch, or use the command that its log shows (`status --repo` names the run). If both fail, log in again.");
		case "run-time-permission": return new require_post.Failure("freshness-unproven", "This job cannot ask when its run was created, so it cannot know whether its login is what the secret holds. Nothing was refreshed.", "Grant `actions: read` in the job's `permissions:`, then start a new run. Only the first refresh after a `gh secret set`, and a refresh after a job that died, need it.");
		case "run-time-unknown": return new require_post.Failure("freshness-unproven", "GitHub did not say when this run was created, so this job cannot know whether its login is what the secret holds. Nothing was refreshed.", "Start a new run.");
	}
}

// src/action/admission.ts
const TRIES = 3;
const PAUSE_MS = 2e3;
async function demandPrivate({ inputs, information, clock }) {
	if (inputs.allowPublicRepository) return;
	const answer = await insist(clock, () => information.visibility());
	if (answer === "private") return;
	if (answer === "public") require_post.refusePublic(inputs);
	throw new require_post.Failure("public-repository", "Neither this run's event nor GitHub's API says whether this repository is public, so it is taken for public.", "Leave `github-token` as it is, which may always ask, and start a new run; or set `allow-public-repository: true` if you know who can run this workflow.");
}
async function insist(clock, ask) {
	for (let tries = 1;; tries++) {
		const answer = await ask();
		if (answer !== null || tries === TRIES) return answer;
		await clock.sleep(PAUSE_MS);
	}
}

// src/action/services.ts
const WAIT_FOR_CODEX_MS = 5e4;
const POLL_MS = 250;
var Online = class {
	#collaborators;
	#settings;
	constructor(collaborators, settings) {
		this.#collaborators = collaborators;
		this.#settings = settings;
	}
	async checkSurroundings() {
		const { inputs, visibility } = this.#settings;
		const { runInformation, log, clock } = this.#collaborators;
		if (visibility === "unknown") await demandPrivate({
			inputs,
			information: runInformation,
			clock
		});
		if (inputs.concurrencyCheck === "off") return;
		const concurrency = await runInformation.concurrency();
		if (concurrency === null || concurrency.groups.length > 0) return;
		const unguarded = new require_post.Failure("concurrency-unguarded", concurrency.otherRunsInProgress > 0 ? "This run holds no concurrency group, and another run of this workflow is in progress." : "This run holds no concurrency group, so nothing keeps two keepers of this login apart.", "Add `concurrency: { group: codex-auth, queue: max }` to every workflow with a keeper, the same name in all of them.");
		if (inputs.concurrencyCheck === "fail" || inputs.refreshToken === "present") throw unguarded;
		log.warning(`${unguarded.message} ${unguarded.hint}`);
	}
	async enterCriticalSection({ due, insistence }) {
		const { writer } = this.#collaborators;
		const { inputs, session, handed, environment } = this.#settings;
		if (writer === null) throw new TypeError("A refresh needs a write token.");
		const { base } = session;
		const { minimumLifetimeMs } = inputs;
		const claimFor = inputs.refreshToken === "present" ? "whole-job" : "refresh";
		return refreshSection({
			...this.#collaborators,
			writer
		}, {
			handed,
			base,
			environment,
			due,
			insistence,
			claimFor,
			minimumLifetimeMs
		});
	}
	async hasStored() {
		return (await this.#collaborators.ledgerFile.load())?.stored === true;
	}
	async demandUnmovedSecret() {
		return this.#post.demandUnmovedSecret();
	}
	async storePending() {
		return this.#post.storePending();
	}
	async storeChangedHome(until) {
		const { files, processes } = this.#collaborators;
		const { session } = this.#settings;
		const stamp = await files.stamp(require_post.authPath(session.home));
		const isAsWritten = stamp !== null && (stamp === session.written || stamp === await require_post.lastWritten(files, session));
		const isInUse = until === "job-ends" && (await processes.usingHome(session.home)).length > 0;
		const home = isAsWritten && !isInUse ? "untouched" : { text: await files.read(require_post.authPath(session.home)) };
		return this.#post.storeHome(home, until);
	}
	async recover(section) {
		const { files, log } = this.#collaborators;
		const { directory, process } = section;
		log.info("Main was ended while it refreshed the login; finishing it.");
		if (directory === null) return this.#post.recover(section);
		await this.#waitUntilUnused(require_rescue_command.privateHomeAt(directory).home, process);
		const outcome = await this.#post.recover(section);
		await files.remove(directory);
		return outcome;
	}
	async waitForHome() {
		await this.#waitUntilUnused(this.#settings.session.home, null);
	}
	async #waitUntilUnused(home, known) {
		const { processes, clock, log } = this.#collaborators;
		const deadlineMs = clock.monotonicMs() + WAIT_FOR_CODEX_MS;
		for (let polls = 0;; polls++) {
			if (!((await processes.usingHome(home)).length > 0 || known !== null && await processes.isAlive(known))) return;
			if (clock.monotonicMs() >= deadlineMs) {
				log.warning("Codex still runs on the login after 50 s; going by what it has written so far.");
				return;
			}
			if (polls === 0) log.info("Waiting for Codex to finish, 50 s at most.");
			await clock.sleep(POLL_MS);
		}
	}
	get #post() {
		return new PostStore(this.#collaborators, this.#settings.handed);
	}
};

// src/adapters/codex/process.ts
const SIGNAL_TIMEOUT_MS = 5e3;
const FILE_STORE = ["-c", "cli_auth_credentials_store=\"file\""];
function startCodex(command, { asked, args, home, directory = home, environment, input = "ignore", group, log }) {
	const startedMs = performance.now();
	const child = (0, node_child_process.spawn)(command, args, {
		cwd: directory,
		env: {
			...environment,
			CODEX_HOME: home
		},
		stdio: [
			input,
			"pipe",
			"pipe"
		],
		detached: group === "own" && process.platform !== "win32"
	});
	child.stdin?.on("error", () => {});
	let output = "";
	const hear = (text) => {
		output = (output + text).slice(-2e4);
	};
	for (const stream of input === "pipe" ? [child.stderr] : [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", hear);
	const spawned = new Promise((resolve, reject) => {
		child.once("spawn", resolve);
		child.once("error", reject);
	});
	spawned.catch(() => {});
	const when = (event) => new Promise((resolve) => {
		child.once(event, () => resolve());
		child.once("error", () => resolve());
	});
	const exited = when("exit");
	exited.then(() => {
		const end = child.exitCode === null ? child.signalCode ?? "not started" : `exit code ${child.exitCode}`;
		log.debug(`codex ${asked}: ${end}, ${Math.round(performance.now() - startedMs)} ms.`);
	});
	return {
		child,
		spawned,
		exited,
		closed: when("close"),
		output: () => (0, node_util.stripVTControlCharacters)(output)
	};
}
async function endCodex({ child, exited }) {
	for (const signal of ["SIGTERM", "SIGKILL"]) {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill(signal);
		await Promise.race([exited, (0, node_timers_promises.setTimeout)(SIGNAL_TIMEOUT_MS, void 0, { ref: false })]);
	}
}

// src/adapters/codex/app-server.ts
const ANSWER_TIMEOUT_MS = 95e3;
const LATE_MS = 44500;
const CLOSE_TIMEOUT_MS = 5e3;
const INITIALIZE = {
	id: 1,
	method: "initialize",
	params: { clientInfo: {
		name: "codex-auth-roundtrip",
		title: "codex-auth-roundtrip",
		version: "1"
	} }
};
const INITIALIZED = { method: "initialized" };
const READ_ACCOUNT = {
	id: 2,
	method: "account/read"
};
const NOWHERE = "https://127.0.0.1:9/";
const CONFIGURATION = [
	`chatgpt_base_url="${NOWHERE}"`,
	"model_provider=\"nowhere\"",
	`model_providers.nowhere={name="nowhere",base_url="${NOWHERE}",wire_api="responses",requires_openai_auth=true,supports_websockets=false,request_max_retries=0,stream_max_retries=0}`,
	...require_post.ACCOUNT_FEATURES.map((feature) => `features.${feature}=false`)
].flatMap((setting) => ["-c", setting]);
function appServerRefresher(command, log) {
	return { refresh: async ({ home, environment, started, refreshes }) => {
		const args = [
			...FILE_STORE,
			...CONFIGURATION,
			"app-server"
		];
		const asked = `app-server (account/read, refresh ${refreshes})`;
		const codex = startCodex(command, {
			asked,
			args,
			home,
			environment,
			input: "pipe",
			group: "own",
			log
		});
		const { child, exited } = codex;
		let failedByItself = false;
		child.once("exit", (code) => {
			failedByItself = code !== null && code !== 0;
		});
		await codex.spawned;
		let account;
		let isThere = false;
		try {
			await started({
				pid: child.pid ?? 0,
				startedAt: await require_processes.startTimeOf(child.pid ?? 0)
			});
			account = await Promise.race([
				converse(child, refreshes, (userAgent) => {
					isThere = true;
					log.debug(`codex app-server says that it is ${require_post.foreign(userAgent)}.`);
				}),
				exited.then(() => "no-answer"),
				(0, node_timers_promises.setTimeout)(ANSWER_TIMEOUT_MS, "no-answer", { ref: false })
			]);
		} finally {
			child.stdin?.end();
			await Promise.race([exited, (0, node_timers_promises.setTimeout)(CLOSE_TIMEOUT_MS, void 0, { ref: false })]);
			await endCodex(codex);
		}
		log.debug(`codex app-server: account ${account}.`);
		const output = codex.output();
		if (account !== "no-answer" || isThere || !failedByItself) return {
			account,
			words: output
		};
		return {
			account: "unstarted",
			words: `${await versionOf(command, environment)}: ${output}`
		};
	} };
}
async function converse(child, refreshes, greeted) {
	const { stdin, stdout } = child;
	if (!stdin || !stdout) throw new TypeError("The app-server has no pipes.");
	const startedMs = performance.now();
	const say = (message) => void stdin.write(`${JSON.stringify(message)}\n`);
	say(INITIALIZE);
	for await (const line of (0, node_readline.createInterface)({ input: stdout })) {
		const message = parse(line);
		if (message?.id === INITIALIZE.id) {
			greeted(String(message.result?.userAgent));
			say(INITIALIZED);
			say({
				...READ_ACCOUNT,
				params: { refreshToken: refreshes === "on-request" }
			});
		} else if (message?.id === READ_ACCOUNT.id) {
			if ("error" in message) return performance.now() - startedMs >= LATE_MS ? "late-error" : "error";
			const { result } = message;
			return typeof result === "object" && result !== null && "account" in result && result.account !== null ? "present" : "absent";
		}
	}
	return "no-answer";
}
function versionOf(command, environment) {
	return new Promise((resolve) => {
		(0, node_child_process.execFile)(command, ["--version"], {
			env: { ...environment },
			timeout: 5e3
		}, (error, output) => resolve(error ? "codex" : output.trim()));
	});
}
function parse(line) {
	try {
		return JSON.parse(line);
	} catch {
		return null;
	}
}

// src/adapters/github/alert-issues.ts
const GITHUB_ACTIONS = "github-actions[bot]";
function githubAlertBoard(client, { owner, repository, apiUrl }) {
	const issues = `/repos/${owner}/${repository}/issues`;
	return {
		find: async (marker) => {
			const us = await loginOf(client, apiUrl);
			for (let page = 1; page <= MAXIMUM_PAGES$2; page++) {
				const { data } = await client.request(`GET ${issues}?state=open&per_page=100&page=${page}`);
				const list = Array.isArray(data) ? data : [];
				const found = list.find(({ body, user }) => user?.login === us && body?.startsWith(marker));
				if (found) return {
					number: found.number,
					since: new Date(found.created_at)
				};
				if (list.length < 100) return null;
			}
			return null;
		},
		open: async (issue) => {
			await client.request(`POST ${issues}`, { ...issue });
		},
		update: async (number, issue) => {
			await client.request(`PATCH ${issues}/${number}`, { ...issue });
		},
		close: async (number, comment) => {
			await client.request(`POST ${issues}/${number}/comments`, { body: comment });
			await client.request(`PATCH ${issues}/${number}`, {
				state: "closed",
				state_reason: "completed"
			});
		}
	};
}
const MAXIMUM_PAGES$2 = 10;
async function loginOf(client, apiUrl) {
	const url = `${apiUrl.replace(/\/api\/v3\/?$/, "/api")}/graphql`;
	try {
		const { data } = await client.request(`POST ${url}`, { query: "{ viewer { login } }" });
		const login = data?.data?.viewer?.login;
		return typeof login === "string" ? login : GITHUB_ACTIONS;
	} catch (error) {
		if (!(error instanceof require_github_error.GitHubError) || require_github_error.canRepair(error)) throw error;
		return GITHUB_ACTIONS;
	}
}

// src/adapters/github/bounded-fetch.ts
const REQUEST_TIMEOUT_MS = 1e4;
function boundedFetch(url, init = {}) {
	return fetch(url, {
		...init,
		signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS)
	});
}

// src/adapters/github/logged-fetch.ts
function loggedFetch(log) {
	return async (url, init = {}) => {
		const startedMs = performance.now();
		const request = `${init.method ?? "GET"} ${new URL(url).pathname}`;
		const tell = (outcome) => log.debug(require_post.oneLine(`GitHub: ${request}: ${outcome}, ${Math.round(performance.now() - startedMs)} ms.`));
		try {
			const response = await boundedFetch(url, init);
			tell(`${response.status}, request ${response.headers.get("x-github-request-id") ?? "without an id"}`);
			return response;
		} catch (error) {
			tell(`no answer (${error instanceof Error ? error.name : "unknown"})`);
			throw error;
		}
	};
}

// src/adapters/github/client.ts
const API_VERSION = "2022-11-28";
const NO_OCTOKIT_LOG = {
	debug: () => {},
	info: () => {},
	warn: () => {},
	error: () => {}
};
var GitHubClient = class {
	log;
	#octokit;
	#clock;
	#serverTime = null;
	#tokenExpiresAt = null;
	constructor({ apiUrl, token, clock, log }) {
		this.log = log;
		this.#clock = clock;
		this.#octokit = new _octokit_rest.Octokit({
			auth: token.reveal(),
			baseUrl: apiUrl,
			userAgent: "codex-auth-roundtrip",
			log: NO_OCTOKIT_LOG,
			request: { fetch: loggedFetch(log) }
		});
	}
	async ask(route, parameters) {
		return await this.request(route, parameters);
	}
	async request(route, body) {
		try {
			const response = await this.#octokit.request(route, {
				...body,
				headers: { "x-github-api-version": API_VERSION }
			});
			this.#learn(response.headers);
			return {
				status: response.status,
				headers: response.headers,
				data: response.data
			};
		} catch (error) {
			throw this.#explain(error);
		}
	}
	tokenExpiresAt() {
		return this.#tokenExpiresAt;
	}
	async now() {
		if (this.#serverTime === null) await this.request("GET /zen").catch(() => {});
		if (this.#serverTime === null) throw new require_github_error.GitHubError("GitHub did not tell its time.", { status: null });
		const { date, monotonicMs } = this.#serverTime;
		return new Date(date.getTime() + this.#clock.monotonicMs() - monotonicMs);
	}
	#learn(headers) {
		const date = new Date(String(headers.date));
		if (!Number.isNaN(date.getTime())) this.#serverTime = {
			date,
			monotonicMs: this.#clock.monotonicMs()
		};
		const expiry = readExpiry(headers["github-authentication-token-expiration"]);
		if (expiry) this.#tokenExpiresAt = expiry;
	}
	#explain(error) {
		const response = error instanceof Error && "response" in error ? error.response : void 0;
		if (isResponse(response)) this.#learn(response.headers);
		return refusalOf(error, this.#clock.now());
	}
};
function isResponse(value) {
	return typeof value === "object" && value !== null && "headers" in value && "status" in value;
}
function refusalOf(error, machineTime) {
	const response = error instanceof Error && "response" in error ? error.response : void 0;
	if (!isResponse(response)) return new require_github_error.GitHubError(require_github_error.describeAnswer(null, null), { status: null });
	const { status, headers, data } = response;
	const message = typeof data === "object" && data !== null && "message" in data ? data.message : null;
	const said = typeof message === "string" && message !== "" ? message : null;
	const date = new Date(headers.date ?? "");
	const now = Number.isNaN(date.getTime()) ? machineTime : date;
	return new require_github_error.GitHubError(require_github_error.describeAnswer(status, said), {
		status,
		said,
		retryAfterMs: require_github_error.waitAskedFor({
			status,
			said,
			headers,
			now
		})
	});
}
function readExpiry(header) {
	if (typeof header !== "string") return null;
	const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(header.trim());
	if (!match) return null;
	const [, day, time, zone = "UTC"] = match;
	const date = /* @__PURE__ */ new Date(`${day}T${time}${zone === "UTC" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(3)}`}`);
	return Number.isNaN(date.getTime()) ? null : date;
}

// src/core/handoff/keys.ts
const SALT = "codex-auth-roundtrip/handoff/v1";
function handoffKeys(document, place) {
	const material = `${document.refreshToken.reveal()}\n${document.accessToken.reveal()}`;
	const derive = (label, bytes) => {
		const info = [
			label,
			place.repositoryId,
			(place.environment ?? "").toLowerCase(),
			place.secretName.toUpperCase()
		];
		return new Uint8Array((0, node_crypto.hkdfSync)("sha256", material, SALT, info.join("\0"), bytes));
	};
	return {
		cacheKeyPrefix: `codex-auth-handoff-v1-${Buffer.from(derive("find", 16)).toString("hex")}-`,
		encryptionKey: derive("open", 32)
	};
}

// src/core/handoff/note.ts
function writeNote({ document, savedAt }) {
	return JSON.stringify({
		document: document.line().reveal(),
		saved_at: savedAt.toISOString()
	});
}
function readNote(text) {
	try {
		const { document: line, saved_at } = JSON.parse(text);
		const savedAt = new Date(typeof saved_at === "string" ? saved_at : NaN);
		const document = typeof line === "string" ? require_post.AuthJson.read(line) : null;
		return document === null || Number.isNaN(savedAt.getTime()) ? null : {
			document,
			savedAt
		};
	} catch {
		return null;
	}
}

// src/core/handoff/envelope.ts
const MAGIC = "codex-auth-roundtrip envelope v1 ";
const NONCE_BYTES$1 = 24;
const TAG_BYTES = 16;
const MAXIMUM_ENVELOPE_BYTES = 65536;
const MAXIMUM_LEDGER_BYTES = 163840;
function sealEnvelope(aead, { key, nonce, label, text }) {
	if (nonce.length !== NONCE_BYTES$1) throw new RangeError(`A nonce has ${NONCE_BYTES$1} bytes.`);
	const header = headerOf(label);
	const sealed = aead.seal({
		key,
		nonce,
		plaintext: Buffer.from(text, "utf8"),
		associated: header
	});
	const envelope = Buffer.concat([
		header,
		nonce,
		sealed
	]);
	if (envelope.length > maximumBytes(label)) throw new RangeError("The envelope is too large.");
	return envelope;
}
function openEnvelope(aead, { key, label, envelope }) {
	const header = headerOf(label);
	if (envelope.length > maximumBytes(label)) return null;
	if (envelope.length < header.length + NONCE_BYTES$1 + TAG_BYTES) return null;
	if (!header.equals(envelope.subarray(0, header.length))) return null;
	const nonce = envelope.subarray(header.length, header.length + NONCE_BYTES$1);
	const opened = aead.open({
		key,
		nonce,
		sealed: envelope.subarray(header.length + NONCE_BYTES$1),
		associated: header
	});
	return opened === null ? null : Buffer.from(opened).toString("utf8");
}
function maximumBytes(label) {
	return label === "ledger" ? MAXIMUM_LEDGER_BYTES : MAXIMUM_ENVELOPE_BYTES;
}
function headerOf(label) {
	return Buffer.from(`${MAGIC}${label}\n`, "ascii");
}

// src/adapters/github/handoff-archive.ts
const MEMBER = "codex-auth-handoff.envelope";
const COMPRESSIONS = ["zstd-without-long", "gzip"];
const MAXIMUM_ARCHIVE_BYTES = MAXIMUM_ENVELOPE_BYTES + 16384;
function cacheVersion(compression) {
	const components = [
		MEMBER,
		compression,
		"1.0"
	];
	return (0, node_crypto.createHash)("sha256").update(components.join("|")).digest("hex");
}
async function readMember(archive) {
	if (isZstd(archive) && node_zlib.default.zstdDecompressSync === void 0) throw new Error("This Node cannot read zstd.");
	let tar;
	try {
		tar = decompress(archive);
	} catch {
		return null;
	}
	const reader = (0, tar_stream.extract)();
	reader.end(tar);
	try {
		for await (const entry of reader) {
			const { name, type, size = 0 } = entry.header;
			if (name.replace(/^\.\//, "") !== "codex-auth-handoff.envelope" || type !== "file" || size > 65536) {
				entry.resume();
				continue;
			}
			const chunks = [];
			for await (const chunk of entry) chunks.push(chunk);
			return Buffer.concat(chunks);
		}
	} catch {
		return null;
	}
	return null;
}
const ZSTD_MAGIC = Buffer.from([
	40,
	181,
	47,
	253
]);
function isZstd(archive) {
	return ZSTD_MAGIC.equals(archive.subarray(0, 4));
}
function decompress(archive) {
	const options = { maxOutputLength: MAXIMUM_ARCHIVE_BYTES };
	return isZstd(archive) ? node_zlib.default.zstdDecompressSync(archive, options) : node_zlib.default.gunzipSync(archive, options);
}

// src/adapters/github/cache-save.ts
const SAVE_TIMEOUT_MS = 15e3;
function importCacheClient() {
	return Promise.resolve().then(() => /* @__PURE__ */ require_wire_job.__toESM(require("../packages/actions-cache.cjs"), 1));
}
async function saveFrom(directory, key, clock) {
	const { saveCache } = await importCacheClient();
	const heard = hearOut();
	const before = {
		directory: process.cwd(),
		workspace: process.env.GITHUB_WORKSPACE
	};
	process.chdir(directory);
	process.env.GITHUB_WORKSPACE = directory;
	try {
		const saving = saveCache([MEMBER], key, void 0, true).finally(heard.release);
		return {
			isSaved: await Promise.race([saving.then((id) => id !== -1), clock.sleep(SAVE_TIMEOUT_MS).then(() => false)]),
			complaint: heard.complaint()
		};
	} finally {
		process.chdir(before.directory);
		if (before.workspace === void 0) delete process.env.GITHUB_WORKSPACE;
		else process.env.GITHUB_WORKSPACE = before.workspace;
	}
}
const COMPLAINT = /^(?:::(?:warning|error)::|Failed to save: |Attempt \d+ of \d+ failed with error: )(.+)/s;
const hearers = /* @__PURE__ */ new Set();
let letSpeak = () => {};
function hearOut() {
	let complaint = null;
	const hear = (text) => {
		complaint ??= COMPLAINT.exec(text)?.[1]?.replace(/\?\S+/g, "?…") ?? null;
	};
	if (hearers.size === 0) letSpeak = hush([process.stdout, process.stderr]);
	hearers.add(hear);
	return {
		complaint: () => complaint,
		release: () => {
			hearers.delete(hear);
			if (hearers.size === 0) letSpeak();
		}
	};
}
function hush(streams) {
	const restores = streams.map((stream) => {
		const { write } = stream;
		stream.write = (chunk) => {
			const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
			for (const hear of hearers) hear(text);
			return true;
		};
		return () => {
			stream.write = write;
		};
	});
	return () => {
		for (const restore of restores) restore();
	};
}

// src/adapters/github/handoff-cache.ts
const DOWNLOAD_URL_PATH = "twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL";
function cacheServiceOf(environment) {
	const { ACTIONS_RESULTS_URL: resultsUrl, ACTIONS_RUNTIME_TOKEN: runtimeToken, ACTIONS_CACHE_SERVICE_V2: v2 } = environment;
	const host = new URL(environment.GITHUB_SERVER_URL || "https://github.com").hostname.toLowerCase();
	const supported = host === "github.com" || host.endsWith(".ghe.com") || host.endsWith(".localhost");
	return resultsUrl && runtimeToken && v2 && supported ? {
		resultsUrl,
		runtimeToken
	} : null;
}
function actionsHandoffCache({ service, place, cipher, clock, log, temporaryDirectory }) {
	async function search(prefix, version) {
		const startedMs = performance.now();
		const tell = (outcome) => log.debug(`Cache: lookup ${shortKey(prefix)}: ${outcome}, ${elapsed(startedMs)}.`);
		try {
			const entry = await find(service, prefix, version);
			tell(entry === null ? "miss" : `hit, ${entry.archive.byteLength} bytes`);
			return entry;
		} catch (error) {
			tell(`no answer (${error instanceof UnansweredError ? error.message : "unreachable"})`);
			throw error;
		}
	}
	async function open(login, { key, archive }) {
		const envelope = await readMember(archive);
		const text = (envelope && await cipher.open(login, "note", envelope)) ?? "";
		return text.startsWith(`${key}\n`) ? readNote(text.slice(key.length + 1)) : null;
	}
	async function lookAt(login, compression) {
		const version = cacheVersion(compression);
		const { cacheKeyPrefix } = handoffKeys(login, place);
		const newest = await search(cacheKeyPrefix, version);
		if (newest === null) return { kind: "none" };
		const note = await open(login, newest);
		if (note) return {
			kind: "note",
			note
		};
		let hiding = [{
			suffix: "",
			entry: newest
		}];
		let best = null;
		for (let left = MAXIMUM_LOOKS; hiding.length > 0;) {
			const narrower = hiding.flatMap(({ suffix, entry }) => [...wholeSuffixIn(entry.key.slice(cacheKeyPrefix.length), suffix), ...narrow(suffix, clock.now())]);
			left -= narrower.length;
			if (left < 0) break;
			const entries = await Promise.all(narrower.map(async (suffix) => ({
				suffix,
				entry: await search(cacheKeyPrefix + suffix, version)
			})));
			hiding = [];
			for (const { suffix, entry } of entries) {
				if (entry === null) continue;
				const found = await open(login, entry);
				if (found === null) hiding.push({
					suffix,
					entry
				});
				else if (best === null || found.savedAt > best.note.savedAt) best = {
					suffix: entry.key.slice(cacheKeyPrefix.length),
					note: found
				};
			}
			const newestSuffix = best?.suffix ?? "";
			hiding = hiding.filter(({ suffix }) => suffix >= newestSuffix.slice(0, suffix.length));
		}
		return best === null ? { kind: "not-answered" } : {
			kind: "note",
			note: best.note
		};
	}
	return {
		prepare: () => void importCacheClient().catch(() => {}),
		look: async (login) => {
			const lookups = COMPRESSIONS.map((compression) => lookAt(login, compression));
			return newest(await Promise.all(lookups.map((lookup) => lookup.catch(() => ({ kind: "not-answered" })))));
		},
		save: async (under, note) => {
			let directory = null;
			const startedMs = performance.now();
			try {
				directory = await (0, node_fs_promises.mkdtemp)((0, node_path.join)(temporaryDirectory, "handoff-"));
				const key = handoffKeys(under, place).cacheKeyPrefix + uniqueSuffix(note.savedAt);
				const envelope = await cipher.seal(under, "note", `${key}\n${writeNote(note)}`);
				await (0, node_fs_promises.writeFile)((0, node_path.join)(directory, MEMBER), envelope, { mode: 384 });
				const { isSaved, complaint } = await saveFrom(directory, key, clock);
				log.debug(`Cache: save ${shortKey(key)}: ${isSaved ? "saved" : "failed"}, ${elapsed(startedMs)}.`);
				if (!isSaved && complaint) log.info(`The Actions cache says: ${require_post.foreign(complaint)}.`);
				return isSaved ? "saved" : "failed";
			} catch {
				return "failed";
			} finally {
				if (directory) await (0, node_fs_promises.rm)(directory, {
					recursive: true,
					force: true
				}).catch(() => {});
			}
		}
	};
}
const noHandoffCache = {
	prepare: () => {},
	look: async () => ({ kind: "none" }),
	save: async () => "off"
};
function newest(answers) {
	const [note] = answers.flatMap((answer) => answer.kind === "note" ? [answer.note] : []).sort((a, b) => b.savedAt.getTime() - a.savedAt.getTime());
	if (!note && answers.some(({ kind }) => kind === "not-answered")) return { kind: "not-answered" };
	return note ? {
		kind: "note",
		note
	} : { kind: "none" };
}
function uniqueSuffix(savedAt) {
	return `${Math.floor(savedAt.getTime() / 1e3)}-${(0, node_crypto.randomBytes)(6).toString("hex")}`;
}
var UnansweredError = class extends Error {};
function shortKey(key) {
	return key.replace(/^(.*?[0-9a-f]{8})[0-9a-f]{8,}.*$/, "$1…");
}
function elapsed(startedMs) {
	return `${Math.round(performance.now() - startedMs)} ms`;
}
const MAXIMUM_LOOKS = 120;
const SECONDS_DIGITS = 10;
const WHOLE_SUFFIX = /^\d{10}-[0-9a-f]{12}/;
const WHOLE_LENGTH = 23;
const OLDEST_SECONDS = 5184e3;
const NEWEST_SECONDS = 172800;
function wholeSuffixIn(suffix, asked) {
	const [whole] = WHOLE_SUFFIX.exec(suffix) ?? [];
	return whole === void 0 || whole === asked ? [] : [whole];
}
function narrow(suffix, now) {
	if (suffix.length >= WHOLE_LENGTH) return [];
	if (suffix.length === SECONDS_DIGITS) return [`${suffix}-`];
	if (suffix.length > SECONDS_DIGITS) return [..."0123456789abcdef"].map((digit) => suffix + digit);
	const nowSeconds = now.getTime() / 1e3;
	const width = 10 ** (SECONDS_DIGITS - suffix.length - 1);
	return [..."0123456789"].map((digit) => suffix + digit).filter((longer) => {
		const from = Number(longer) * width;
		return from <= nowSeconds + NEWEST_SECONDS && from + width > nowSeconds - OLDEST_SECONDS;
	});
}
async function find(service, prefix, version) {
	const response = await boundedFetch(new URL(DOWNLOAD_URL_PATH, withSlash(service.resultsUrl)), {
		method: "POST",
		headers: {
			authorization: `Bearer ${service.runtimeToken}`,
			"content-type": "application/json"
		},
		body: JSON.stringify({
			key: prefix,
			restore_keys: [prefix],
			version
		})
	});
	if (!response.ok) throw new UnansweredError(`status ${response.status}`);
	const answer = await response.json();
	if (!answer.ok && !answer.message) return null;
	const { signed_download_url: url, matched_key: key } = answer;
	if (!answer.ok || !url || !key?.startsWith(prefix)) throw new UnansweredError("no entry and no miss");
	return {
		key,
		archive: await download(url)
	};
}
async function download(url) {
	const response = await boundedFetch(url);
	if (!response.ok || !response.body) throw new UnansweredError(`status ${response.status} of its storage`);
	const chunks = [];
	let bytes = 0;
	for await (const chunk of response.body) {
		bytes += chunk.byteLength;
		if (bytes > MAXIMUM_ARCHIVE_BYTES) return /* @__PURE__ */ new Uint8Array();
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
function withSlash(url) {
	return url.endsWith("/") ? url : `${url}/`;
}

// src/adapters/github/run-information.ts
function githubRunInformation(client, job) {
	const repository = {
		owner: job.owner,
		repo: job.repository
	};
	const run = {
		...repository,
		run_id: Number(job.runId)
	};
	async function runCreatedAt() {
		const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}", run);
		return known(data.created_at);
	}
	async function jobStartedAt() {
		const ours = [];
		for (let page = 1; page <= MAXIMUM_PAGES$1; page++) {
			const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs", {
				...run,
				attempt_number: job.runAttempt,
				per_page: PER_PAGE$1,
				page
			});
			const { jobs } = data;
			ours.push(...jobs.filter(({ runner_name, status }) => runner_name === job.runnerName && status === "in_progress"));
			if (jobs.length < PER_PAGE$1) break;
		}
		const [only] = ours;
		return ours.length === 1 && only ? known(only.started_at) : {
			kind: "unknown",
			because: "ambiguous"
		};
	}
	return {
		isRerun: job.runAttempt > 1,
		readTime: async (scope) => {
			try {
				return scope === "repository" || job.runAttempt > 1 ? await runCreatedAt() : await jobStartedAt();
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError)) return {
					kind: "unknown",
					because: "ambiguous"
				};
				return {
					kind: "unknown",
					because: !require_github_error.canRepair(error) && (error.status === 401 || error.status === 403 || error.status === 404) ? "permission" : "unreachable"
				};
			}
		},
		statusOf: async (id, attempt) => {
			try {
				const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}", {
					...repository,
					run_id: Number(id),
					attempt_number: attempt
				});
				const { status } = data;
				return typeof status !== "string" ? "unknown" : status === "completed" ? "ended" : "in-progress";
			} catch {
				return "unknown";
			}
		},
		concurrency: async () => {
			try {
				const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups", run);
				const groups = data.concurrency_groups.map(({ group_name }) => group_name);
				const { workflow_id } = (await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}", run)).data;
				return {
					groups,
					otherRunsInProgress: (await client.ask("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", {
						...repository,
						workflow_id,
						status: "in_progress",
						per_page: 10
					}).then((answer) => answer.data.workflow_runs.filter(({ id }) => String(id) !== job.runId)).catch(() => [])).length
				};
			} catch {
				return null;
			}
		},
		visibility: async () => {
			try {
				const { private: isPrivate } = (await client.ask("GET /repos/{owner}/{repo}", repository)).data;
				return typeof isPrivate === "boolean" ? isPrivate ? "private" : "public" : null;
			} catch {
				return null;
			}
		},
		mayWrite: async (login) => {
			try {
				const { data } = await client.ask("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
					...repository,
					username: login
				});
				return [data.permission, data.role_name].some((level) => WRITING.has(level));
			} catch (error) {
				return error instanceof require_github_error.GitHubError && error.status === 404 ? false : null;
			}
		}
	};
}
const PER_PAGE$1 = 100;
const MAXIMUM_PAGES$1 = 20;
const WRITING = /* @__PURE__ */ new Set([
	"admin",
	"maintain",
	"write"
]);
function known(date) {
	const at = new Date(String(date));
	return Number.isNaN(at.getTime()) ? {
		kind: "unknown",
		because: "ambiguous"
	} : {
		kind: "known",
		at
	};
}

// src/adapters/github/secrets.ts
function githubSecretStore(client, place) {
	const path = require_post.secretsPath(place);
	return {
		metadata: async (name) => {
			try {
				const { data } = await client.request(`GET ${path}/${name}`);
				const { created_at, updated_at } = demandFields(data);
				const metadata = {
					createdAt: dateOf(created_at),
					updatedAt: dateOf(updated_at)
				};
				client.log.debug(`The secret ${name} was created ${metadata.createdAt.toISOString()}, last written ${metadata.updatedAt.toISOString()}.`);
				return metadata;
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError && error.status === 404)) throw error;
				client.log.debug(`The secret ${name} does not exist, as far as the token can see.`);
				return null;
			}
		},
		publicKey: async () => {
			const { key_id, key } = demandFields((await client.request(`GET ${path}/public-key`)).data);
			return {
				id: String(key_id),
				key: new Uint8Array(Buffer.from(String(key), "base64"))
			};
		},
		put: async (name, sealed) => {
			const { status } = await client.request(`PUT ${path}/${name}`, {
				encrypted_value: sealed.encryptedValue,
				key_id: sealed.keyId
			});
			return status === 201 ? "created" : "updated";
		},
		remove: async (name) => {
			try {
				await client.request(`DELETE ${path}/${name}`);
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError && error.status === 404)) throw error;
			}
		},
		count: async () => Number(demandFields((await client.request(`GET ${path}?per_page=1`)).data).total_count)
	};
}
function demandFields(data) {
	if (typeof data !== "object" || data === null) throw new require_github_error.GitHubError("GitHub's answer has no fields.", { status: null });
	return data;
}
function dateOf(value) {
	const date = new Date(String(value));
	if (Number.isNaN(date.getTime())) throw new require_github_error.GitHubError("GitHub's answer has no date.", { status: null });
	return date;
}

// src/adapters/github/or-null.ts
async function orNull(ask, statuses = [404]) {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof require_github_error.GitHubError && error.status !== null && statuses.includes(error.status)) return null;
		throw error;
	}
}

// src/adapters/github/variables.ts
const PER_PAGE = 30;
const MAXIMUM_PAGES = 17;
function githubVariables(client, place) {
	const path = require_post.variablesPath(place);
	const request = async (...given) => {
		try {
			return await client.request(...given);
		} catch (error) {
			if (!(error instanceof require_github_error.GitHubError)) throw error;
			const { message, status, retryAfterMs, said } = error;
			throw new require_github_error.GitHubError(message, {
				status,
				retryAfterMs,
				said,
				permission: "Variables",
				cause: error
			});
		}
	};
	return {
		read: async (name) => {
			const answer = await orNull(() => request(`GET ${path}/${name}`));
			return answer && variableIn(answer.data);
		},
		list: async () => {
			const found = [];
			for (let page = 1; page <= MAXIMUM_PAGES; page++) {
				const { data } = await request(`GET ${path}?per_page=${PER_PAGE}&page=${page}`);
				const { variables } = require_post.fieldsOf(data);
				const list = Array.isArray(variables) ? variables.map(variableIn) : [];
				found.push(...list);
				if (list.length < PER_PAGE) break;
			}
			return found;
		},
		create: async (name, value) => {
			try {
				await request(`POST ${path}`, {
					name,
					value
				});
				return "created";
			} catch (error) {
				if (error instanceof require_github_error.GitHubError && error.status === 409) return "exists";
				throw error;
			}
		},
		update: async (name, value) => await orNull(() => request(`PATCH ${path}/${name}`, {
			name,
			value
		})) !== null,
		remove: async (name) => {
			await orNull(() => request(`DELETE ${path}/${name}`));
		}
	};
}
function variableIn(data) {
	const { name, value, created_at } = require_post.fieldsOf(data);
	const createdAt = new Date(String(created_at));
	if (typeof name !== "string" || typeof value !== "string" || Number.isNaN(createdAt.getTime())) throw new require_github_error.GitHubError("GitHub's answer holds no variable.", { status: null });
	return {
		name,
		value,
		createdAt
	};
}

// src/adapters/github/write-credential.ts
function tokenCredential(token, { apiUrl, place, clock, log }) {
	return {
		kind: "token",
		open: async () => session(new GitHubClient({
			apiUrl,
			token,
			clock,
			log
		}), place, async () => {})
	};
}
function appCredential(clientId, privateKey, context) {
	const { apiUrl, place, clock, log } = context;
	return {
		kind: "app",
		open: async () => {
			const token = await mint(clientId, privateKey, context);
			log.mask(token);
			const client = new GitHubClient({
				apiUrl,
				token,
				clock,
				log
			});
			return session(client, place, async () => {
				await client.request("DELETE /installation/token");
			});
		}
	};
}
function session(client, place, revoke) {
	return {
		store: githubSecretStore(client, place),
		variables: githubVariables(client, place),
		serverClock: client,
		expiresAt: () => client.tokenExpiresAt(),
		close: () => revoke().catch(() => {})
	};
}
async function mint(clientId, privateKey, { apiUrl, place, clock, log }) {
	const permission = require_post.permissionOf(place);
	try {
		const { hook } = (0, _octokit_auth_app.createAppAuth)({
			appId: clientId,
			privateKey: privateKey.reveal().replaceAll("\\n", "\n").trim(),
			log: { warn: () => {} }
		});
		const asApp = _octokit_request.request.defaults({
			baseUrl: apiUrl,
			headers: { "x-github-api-version": API_VERSION },
			request: {
				fetch: loggedFetch(log),
				hook
			}
		});
		const { data: installation } = await asApp("GET /repos/{owner}/{repo}/installation", {
			owner: place.owner,
			repo: place.repository
		});
		const { data } = await asApp("POST /app/installations/{installation_id}/access_tokens", {
			installation_id: installation.id,
			repositories: [place.repository],
			permissions: permission === "secrets" ? SECRETS_AND_VARIABLES : { environments: "write" }
		});
		return new require_post.Secret(data.token);
	} catch (error) {
		throw explainApp(error, {
			place,
			now: clock.now()
		});
	}
}
const SECRETS_AND_VARIABLES = {
	secrets: "write",
	actions_variables: "write"
};
function explainApp(error, { place, now }) {
	const refusal = refusalOf(error, now);
	const { status, said } = refusal;
	if (status !== null && require_github_error.canRepair(refusal)) return refusal;
	const repository = `${place.owner}/${place.repository}`;
	const permissions = require_post.permissionOf(place) === "secrets" ? "\"Secrets: read and write\" or \"Variables: read and write\"" : "\"Environments: read and write\"";
	const answer = said === null ? String(status) : `${status}: ${require_post.foreign(said)}`;
	switch (status) {
		case 401: return new require_post.Failure("app-invalid", `GitHub does not accept the App's client ID with this private key (${answer}).`, "Check that `client-id` and `private-key` belong to the same App, and that the key has not been deleted there.");
		case 404: return new require_post.Failure("app-not-installed", `The GitHub App is not installed on ${repository} (${answer}).`, `Install the App on ${repository} (the App's settings → Install App).`);
		case 403:
		case 422: return new require_post.Failure("app-permission-missing", `The GitHub App's installation on ${repository} lacks the permission ${permissions} (${answer}).`, `Give the App ${require_post.permissionOf(place) === "secrets" ? "both repository permissions" : "that repository permission"} and accept the change in the installation.`);
		case null: return error instanceof Error && "status" in error ? refusal : new require_post.Failure("app-invalid", "The GitHub App's private key cannot be read.", "Pass the whole PEM file in `private-key`, with its first and last line.");
		default: return refusal;
	}
}

// src/adapters/machine/proxy.ts
const THIS_MACHINE = [
	"localhost",
	"127.0.0.1",
	"[::1]"
];
function useProxy(environment) {
	const variables = proxyVariables(environment);
	if (!variables.http_proxy && !variables.https_proxy) return null;
	if (typeof node_http.setGlobalProxyFromEnv === "function") {
		node_http.setGlobalProxyFromEnv({ ...variables });
		return null;
	}
	const canBegin = process.allowedNodeEnvironmentFlags.has("--use-env-proxy");
	if (canBegin && environment.NODE_USE_ENV_PROXY === "1") return null;
	return `A proxy is set, and this Node (${process.version}) sends requests past it. ` + (canBegin ? "Set NODE_USE_ENV_PROXY=1 from the start, or use Node 24.14 or newer." : "Use Node 24.14 or newer.");
}
function proxyVariables(environment) {
	const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = environment;
	const names = (no_proxy || NO_PROXY || "").split(",").map((name) => name.trim()).filter((name) => name !== "");
	const below = names.filter((name) => !/^[.*]/.test(name)).map((name) => `.${name}`);
	return {
		...names.includes("*") ? {
			http_proxy: void 0,
			https_proxy: void 0
		} : {
			http_proxy: withScheme(http_proxy || HTTP_PROXY),
			https_proxy: withScheme(https_proxy || HTTPS_PROXY)
		},
		no_proxy: [
			...names,
			...below,
			...THIS_MACHINE
		].join(",")
	};
}
function withScheme(proxy) {
	return !proxy || /^https?:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

// src/adapters/sodium/aead.ts
const NONCE_BYTES = 24;
async function sodiumAead() {
	await libsodium_wrappers.default.ready;
	return {
		seal: ({ key, nonce, plaintext, associated }) => libsodium_wrappers.default.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated, null, nonce, key),
		open: ({ key, nonce, sealed, associated }) => {
			try {
				return libsodium_wrappers.default.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, associated, nonce, key);
			} catch {
				return null;
			}
		}
	};
}
function envelopeCipher(place, randomness) {
	return {
		seal: async (holder, label, text) => {
			const { encryptionKey: key } = handoffKeys(holder, place);
			return sealEnvelope(await sodiumAead(), {
				key,
				nonce: randomness.bytes(NONCE_BYTES),
				label,
				text
			});
		},
		open: async (holder, label, envelope) => {
			const { encryptionKey: key } = handoffKeys(holder, place);
			return openEnvelope(await sodiumAead(), {
				key,
				label,
				envelope
			});
		}
	};
}

// src/adapters/sodium/sealed-box.ts
const sodiumSealedBox = { seal: async (content, { id, key }) => {
	await libsodium_wrappers.default.ready;
	const sealed = libsodium_wrappers.default.crypto_box_seal(Buffer.from(content.reveal(), "utf8"), key);
	return {
		keyId: id,
		encryptedValue: Buffer.from(sealed).toString("base64")
	};
} };

// src/core/claim/ledger.ts
function writeLedger(ledger) {
	return JSON.stringify({
		...ledger,
		document: ledger.document.line().reveal(),
		predecessor: ledger.predecessor?.line().reveal() ?? null
	});
}
function readLedger(text) {
	try {
		const json = JSON.parse(text);
		const document = typeof json.document === "string" ? require_post.AuthJson.read(json.document) : null;
		const predecessor = typeof json.predecessor === "string" ? require_post.AuthJson.read(json.predecessor) : null;
		const before = new Date(typeof json.before === "string" ? json.before : NaN);
		if (document === null || Number.isNaN(before.getTime()) || typeof json.stored !== "boolean") return null;
		const writes = Array.isArray(json.writes) ? json.writes.flatMap(readWindow) : [];
		return {
			document,
			predecessor,
			claim: readOwnClaim(json.claim),
			before,
			stored: json.stored,
			writes
		};
	} catch {
		return null;
	}
}
function readWindow(value) {
	const { from, to } = value;
	const window = {
		from: new Date(String(from)),
		to: new Date(String(to))
	};
	return Number.isNaN(window.from.getTime() + window.to.getTime()) ? [] : [window];
}
function readOwnClaim(value) {
	if (typeof value !== "object" || value === null) return null;
	const { name, holder } = value;
	return typeof name === "string" && typeof holder === "string" ? {
		name,
		holder
	} : null;
}

// src/login/ledger-file.ts
function ledgerFile(files, cipher, { base, holder }) {
	const path = require_post.ledgerPath(base);
	return {
		load: async () => {
			const envelope = await files.readBytes(path);
			const text = envelope && await cipher.open(holder, "ledger", envelope);
			return text ? readLedger(text) : null;
		},
		save: async (ledger) => files.write(path, await cipher.seal(holder, "ledger", writeLedger(ledger)), 384)
	};
}

// src/entry/wire-online.ts
const withoutProxy = useProxy(process.env);
if (withoutProxy !== null) require_post.stepLog.warning(withoutProxy);
function goOnline(wiring) {
	const { inputs, surroundings, session, handed } = wiring;
	const { environment, codex, cipher, writer, ...shared } = connect(wiring);
	return new Online({
		...shared,
		writer,
		refresher: async () => appServerRefresher(await codex(), require_post.stepLog),
		ledgerFile: ledgerFile(require_post.diskFiles, cipher, {
			base: session.base,
			holder: handed
		}),
		channel: require_post.stepChannel,
		processes: require_processes.systemProcesses
	}, {
		inputs,
		session,
		handed,
		visibility: surroundings.visibility,
		environment
	});
}
function connect({ inputs, surroundings, session, handed, cancellation }) {
	const place = require_post.placeOf(surroundings, session.place);
	const cipher = envelopeCipher(place, require_wire_job.systemRandomness);
	const service = inputs.handoff === "off" ? null : cacheServiceOf(process.env);
	const { apiUrl } = surroundings;
	const scrubbed = require_post.scrubEnvironment(process.env, [...require_post.secretValues(inputs), ...handed?.tokens ?? []]);
	const environment = require_wire_job.withoutCode({
		...scrubbed,
		...inputs.codexEnvironment
	}, require_post.isOutsideWorkspace);
	const handoffSettings = {
		place,
		cipher,
		clock: require_post.machineClock,
		log: require_post.stepLog,
		temporaryDirectory: session.base
	};
	return {
		environment,
		cipher,
		codex: () => {
			return provideCodex(require_wire_job.codexProgram(environment, inputs), require_post.stepChannel, inputs.codexVersion);
		},
		writer: writerOf(inputs, {
			apiUrl,
			place,
			clock: require_post.machineClock,
			log: require_post.stepLog
		}),
		box: sodiumSealedBox,
		handoff: service ? actionsHandoffCache({
			service,
			...handoffSettings
		}) : noHandoffCache,
		runInformation: runInformationOf(inputs, surroundings),
		files: require_post.diskFiles,
		clock: require_post.machineClock,
		randomness: require_wire_job.systemRandomness,
		log: require_post.stepLog,
		cancellation,
		place,
		claimant: {
			run: surroundings.runId,
			attempt: surroundings.runAttempt,
			ref: surroundings.ref
		}
	};
}
function runInformationOf(inputs, surroundings) {
	const { apiUrl } = surroundings;
	const token = inputs.githubToken ?? new require_post.Secret("");
	return githubRunInformation(new GitHubClient({
		apiUrl,
		token,
		clock: require_post.machineClock,
		log: require_post.stepLog
	}), surroundings);
}
function alertsOf(inputs, surroundings) {
	const { apiUrl, serverUrl, owner, repository, runId } = surroundings;
	const client = new GitHubClient({
		apiUrl,
		token: inputs.githubToken ?? new require_post.Secret(""),
		clock: require_post.machineClock,
		log: require_post.stepLog
	});
	return {
		board: githubAlertBoard(client, surroundings),
		place: require_post.placeOf(surroundings, inputs),
		runUrl: `${serverUrl}/${owner}/${repository}/actions/runs/${runId}`,
		clock: require_post.machineClock,
		log: require_post.stepLog
	};
}
function writerOf(inputs, surroundings) {
	const { writer } = inputs;
	switch (writer.kind) {
		case "none": return null;
		case "token": return tokenCredential(writer.token, surroundings);
		case "app": return appCredential(writer.clientId, writer.privateKey, surroundings);
	}
}

exports.alertsOf = alertsOf;
exports.goOnline = goOnline;