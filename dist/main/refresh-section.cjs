"use strict";

const require_main = require("../main.cjs");
const require_retry = require("./retry.cjs");
const require_write_session = require("./write-session.cjs");
const require_compare = require("./compare.cjs");
const require_prove_write = require("./prove-write.cjs");
let node_path = require("node:path");

// src/core/failure/failed-refresh.ts
function consequenceOf(failed, standing) {
	if (failed.kind === "transient" && standing.attemptsLeft > 0) return "retry";
	return mayBorrow(standing) ? "borrow" : "stop";
}
function mayBorrow({ accessToken, insistence }) {
	return accessToken === "lives" && insistence === "when-due";
}
function vitality(document, { now, minimumLifetimeMs }) {
	return require_main.remainingMs(document, now) >= minimumLifetimeMs ? "lives" : "dying";
}
function explainFailedRefresh(failed, reseed) {
	switch (failed.kind) {
		case "permanent": return new require_main.Failure(failed.code, PERMANENT[failed.code], reseed);
		case "answer-lost": return new require_main.Failure("refresh-answer-lost", "The answer is lost: Codex asked for new tokens and heard nothing within its 45 seconds. If OpenAI has rotated the login, nobody holds the new refresh token.", `Start a new run with \`refresh: force\`: if it fails with refresh-token-reused, the login is over. ${reseed}`);
		case "unstarted": return new require_main.Failure("codex-outdated", `The \`codex\` of this machine cannot refresh a login: it has no app-server that answers. It says: ${require_main.foreign(failed.output)}. OpenAI was not asked.`, "Install a newer Codex, or let this action do it: set `codex-version`.");
		case "broken": return new require_main.Failure("refresh-broke-login", `Codex left an unusable file after the refresh: ${failed.cause.message}`, reseed, { cause: failed.cause });
		case "transient": return new require_main.Failure("refresh-unavailable", "OpenAI did not refresh the login: it was unreachable, overloaded or answered with an error.", "The login is still good. Run the job again later, and see status.openai.com.");
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
function warnOfWriteTokenExpiry(expiresAt, now) {
	if (expiresAt === null) return null;
	const leftMs = expiresAt.getTime() - now.getTime();
	if (leftMs > SOON_MS || leftMs <= HOUR_MS) return null;
	return {
		code: "write-token-expires-soon",
		message: `The token in \`secret-write-token\` expires on ${expiresAt.toISOString().slice(0, 10)}.`,
		hint: "Make a new one before that day, with the same permission, and store it as the secret that `secret-write-token` reads."
	};
}

// src/login/borrow.ts
function borrow(services, document, because) {
	require_main.maskTokens(document, services.log);
	if (!mayBorrow(standingOf(services, document)) || require_main.hasMark(because.code, "stops-job")) throw because;
	return {
		kind: "borrowed",
		document,
		because
	};
}
function standingOf({ clock, insistence, minimumLifetimeMs }, document) {
	return {
		accessToken: vitality(document, {
			now: clock.now(),
			minimumLifetimeMs
		}),
		insistence
	};
}

// src/login/successor.ts
const LOOK_WITHIN_MS = 15e3;
const PAUSE_MS$1 = 4e3;
const MAXIMUM_CLAIMS = 200;
async function successorOf(services, { document, seen, known }) {
	const { claims } = services;
	const lookup = await lookForNote(services, document);
	if (lookup.kind !== "note") return lookup;
	const { document: successor } = lookup.note;
	if (known.some((earlier) => earlier.refreshToken.equals(successor.refreshToken))) return { kind: "not-answered" };
	const target = claims.nameOf(successor);
	let origin = {
		name: seen.name,
		claim: seen.claim
	};
	for (let links = 0; origin.claim?.next && origin.claim.next !== target; links++) {
		const next = await claims.read(origin.claim.next);
		if (next === null || links === MAXIMUM_CLAIMS) return { kind: "not-answered" };
		let last = next;
		for (let taken = next; taken !== null;) {
			last = taken;
			if (await isBusy(services, last)) return {
				kind: "busy",
				seen: last
			};
			const { state = "open" } = last.claim ?? {};
			taken = state === "stored" || state === "rotated" ? null : await claimAfter(services, last);
		}
		origin = {
			name: last.name,
			claim: last.claim
		};
	}
	return {
		kind: "found",
		successor,
		origin
	};
}
async function isBusy({ claims, place }, seen) {
	if (seen.claim !== null) refuseOtherSecret(seen.claim, place);
	return seen.claim?.state !== "stored" && !await claims.isGone(seen);
}
async function claimAfter({ claims }, { name }) {
	const takeover = takeoverOf(name);
	if (takeover === 9) return null;
	return claims.read(`${name.replace(/_R\d$/, "")}_R${takeover + 1}`);
}
function takeoverOf(name) {
	return Number(/_R([1-9])$/.exec(name)?.[1] ?? 0);
}
async function lookForNote({ handoff, clock }, document) {
	return require_retry.poll(clock, {
		withinMs: LOOK_WITHIN_MS,
		everyMs: PAUSE_MS$1
	}, () => handoff.look(document), ({ kind }) => kind !== "not-answered");
}
function refuseOtherSecret({ secret }, place) {
	if (secret.toUpperCase() === place.secretName.toUpperCase()) return;
	throw new require_main.Failure("login-shared", `This login is also kept in the secret ${secret} beside the ${require_main.describePlace(place)}. Nothing was refreshed.`, "Give each secret a login of its own: log in again, and seed one of the two.");
}

// src/login/find-current.ts
const MAXIMUM_LINKS = 20;
const LAG_MS = 6e4;
async function findCurrent(services, document, { updatedAt, from }) {
	const { claims } = services;
	const name = claims.nameOf(document);
	const all = await claims.list();
	const own = all.find((seen) => seen.name === name) ?? null;
	if (own !== null) return followClaims(services, document, own);
	const created = all.some(({ claim }) => claim?.next === name && require_write_session.isSameTime(claim.after, updatedAt)) ? "after" : from === "known" ? "not-after" : await require_write_session.runCreated(services, updatedAt);
	if (created === "after") return {
		kind: "current",
		document,
		predecessor: null,
		updatedAt,
		takeover: 0,
		origin: null
	};
	const seen = await claims.read(name);
	return seen === null ? stale(document, created) : followClaims(services, document, seen);
}
async function followClaims(services, handed, first) {
	const { claims, log } = services;
	let document = handed;
	let predecessor = null;
	let origin = null;
	let seen = first;
	const known = [handed];
	for (let links = 0; links <= MAXIMUM_LINKS;) {
		const { claim } = seen;
		if (await isBusy(services, seen)) return {
			kind: "busy",
			newest: document,
			seen
		};
		const isSpent = claim?.state === "stored" || claim?.state === "rotated";
		const found = claim?.state === "write" ? { kind: "none" } : await successorOf(services, {
			document,
			seen,
			known
		});
		if (found.kind === "not-answered") return stale(document, "handoff-not-answered");
		if (found.kind === "none" && isSpent) return stale(document, await whyNoSuccessor(services, claim));
		const taken = isSpent ? null : await claimAfter(services, seen);
		if (taken !== null) {
			seen = taken;
			continue;
		}
		if (found.kind === "none") return takeOver(services, {
			document,
			predecessor,
			origin,
			seen
		});
		if (found.kind === "busy") return {
			kind: "busy",
			newest: document,
			seen: found.seen
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
			return judge(services, {
				document,
				predecessor,
				origin,
				handed
			});
		}
		seen = following;
	}
	return stale(document, "secret-is-newer");
}
async function isStillInDoubt(services, { document, takeover }) {
	const { claims } = services;
	let wasPresented = false;
	for (let earlier = 0; earlier < takeover; earlier++) {
		const seen = await claims.read(claims.nameOf(document, earlier));
		const { state = "open" } = seen?.claim ?? {};
		if (seen === null || state === "rotated" || state === "stored") return false;
		wasPresented ||= state === "open";
	}
	return !wasPresented || (await lookForNote(services, document)).kind === "none";
}
async function whyNoSuccessor(services, claim) {
	if (claim.state !== "rotated") return "secret-is-newer";
	return require_write_session.isSameTime(await require_write_session.updatedAtOf(services), claim.before) ? "successor-not-found" : "secret-is-newer";
}
async function judge(services, { document, predecessor, origin, handed }) {
	const { state = "rotated", before = null, after = null } = origin.claim ?? {};
	const updatedAt = await require_write_session.updatedAtUnlessOutdated(services, (at) => after === null || require_write_session.isSameTime(at, after));
	const found = {
		document,
		predecessor,
		updatedAt,
		takeover: 0,
		origin
	};
	if (require_write_session.isSameTime(updatedAt, after)) {
		await refuseMismatch(services, handed, updatedAt);
		return {
			kind: "current",
			...found
		};
	}
	const created = state !== "stored" && require_write_session.isSameTime(updatedAt, before) ? "after" : await require_write_session.runCreated(services, updatedAt);
	return created === "after" ? {
		kind: "to-repair",
		...found
	} : stale(document, created);
}
async function takeOver(services, { document, predecessor, origin, seen: { name, claim } }) {
	const takeover = takeoverOf(name);
	if (takeover === 9) return stale(document, "in-doubt");
	if (claim?.state === "open" && claim.ref !== "default" && claim.ref !== services.claimant.ref) return stale(document, "handoff-not-answered");
	const before = claim?.before ?? null;
	const updatedAt = await require_write_session.updatedAtUnlessOutdated(services, (at) => require_write_session.isSameTime(at, before));
	if (!require_write_session.isSameTime(updatedAt, before) && !require_write_session.isSameTime(updatedAt, origin?.claim?.after ?? null)) {
		const created = await require_write_session.runCreated(services, updatedAt);
		if (created !== "after") return stale(document, created);
	}
	const found = {
		document,
		updatedAt,
		takeover: takeover + 1
	};
	if (claim?.state === "write" && require_write_session.isSameTime(updatedAt, before) && predecessor !== null && origin !== null && origin.claim?.state !== "stored") return {
		kind: "to-repair",
		predecessor,
		origin,
		...found
	};
	return {
		kind: "current",
		predecessor,
		origin,
		...found
	};
}
function stale(newest, missing) {
	return {
		kind: "stale",
		newest,
		missing: missing === "not-after" ? "secret-is-newer" : missing
	};
}
async function refuseMismatch(services, handed, updatedAt) {
	if (await require_write_session.runCreated(services, new Date(updatedAt.getTime() + LAG_MS)) !== "after") return;
	throw new require_main.Failure("secret-mismatch", `The login in \`codex-auth-json\` (generation ${handed.generation}) is not what the ${require_main.describePlace(services.place)} holds. Nothing was refreshed.`, "The step reads one secret and writes another: `secret-name` and `environment` must name the secret that `codex-auth-json` reads, and the job must name that `environment:` too.");
}

// src/login/open-section.ts
function saveCriticalSection(channel, section) {
	channel.saveState("critical-section", section ? JSON.stringify(section) : "");
}
const SECTION = require_main.fields({
	directory: require_main.orNull(require_main.isText),
	process: require_main.orNull(require_main.fields({
		pid: require_main.isNumber,
		startedAt: require_main.orNull(require_main.isText)
	})),
	claim: require_main.fields({
		name: (name) => typeof name === "string" && require_write_session.isClaimName(name),
		holder: require_main.isText
	})
});

// src/login/private-home.ts
const ROOM_BYTES = 16777216;
function privateHomeAt(directory) {
	return {
		directory,
		home: (0, node_path.join)(directory, "home")
	};
}
async function makePrivateHome(files, randomness, { base, document, handed }) {
	const place = privateHomeAt((0, node_path.join)(require_main.loginDirectory(base), `critical-${Buffer.from(randomness.bytes(6)).toString("hex")}`));
	try {
		await files.makePrivateDirectory(require_main.loginDirectory(base));
		await files.makePrivateDirectory(place.directory);
		await files.makePrivateDirectory(place.home);
		await files.write((0, node_path.join)(place.directory, "predecessor.json"), document.line().reveal(), 384);
		await files.write((0, node_path.join)(place.directory, "handed.json"), handed.line().reveal(), 384);
		await files.write(require_main.authPath(place.home), document.whole().reveal(), 384);
		const room = (0, node_path.join)(place.home, "room");
		await files.write(room, new Uint8Array(ROOM_BYTES), 384);
		await files.remove(room);
		return place;
	} catch (error) {
		await files.remove(place.directory).catch(() => {});
		throw noRoom(error);
	}
}
function noRoom(cause) {
	return new require_main.Failure("home-unwritable", "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed.", "Free some space under RUNNER_TEMP, or check its permissions.", { cause });
}

// src/login/why-not-refreshed.ts
function claimBusy() {
	return new require_main.Failure("claim-busy", "Another job has claimed this login to refresh it, and has not finished. This job did not refresh it.", "Start a new run when that job is over. The claim of a job that has died is taken over after ten minutes, if this job has `actions: read`, or with `refresh: force`.");
}
function claimedSinceStored() {
	return new require_main.Failure("claim-busy", "This job has refreshed the login and stored it, and another job has claimed it since. So this job cannot have the whole login.", "Start a new run when that job is over. Give all jobs with `refresh-token: present` one concurrency group.");
}
function cancelledBeforeRefresh() {
	return new require_main.Failure("cancelled", "The job was cancelled before anything was refreshed.", "Run it again.");
}
function explainMissingProof(missing) {
	switch (missing) {
		case "secret-is-newer": return new require_main.Failure("copy-stale", "The secret has been written since this run read it, so its login may be an old one. Nothing was refreshed.", "Start a new run (not a re-run): it gets the present secret.");
		case "handoff-not-answered": return new require_main.Failure("freshness-unproven", "An earlier job has refreshed this login, and the Actions cache does not tell the result. Nothing was refreshed.", "Start a new run when the cache service works again (githubstatus.com).");
		case "in-doubt": return new require_main.Failure("freshness-unproven", `${9} jobs have died while they refreshed this login, one after the other, so nobody knows whether it is spent. Nothing was refreshed.`, "Find out why they die, then log in again and seed the login; or delete the variables `CODEX_AUTH_CLAIM_…_R1` to `_R9` to try this one again.");
		case "successor-not-found": return new require_main.Failure("write-back-pending", "An earlier run has refreshed this login and could not store it, and this run finds it nowhere: the note is gone from the Actions cache, or was left on another branch. Nothing was refreshed.", "Dispatch maintenance on that run's branch, or use the command that its log shows (`status --repo` names the run). If both fail, log in again.");
		case "run-time-permission": return new require_main.Failure("freshness-unproven", "This job cannot ask when its run was created, so it cannot know whether its login is what the secret holds. Nothing was refreshed.", "Grant `actions: read` in the job's `permissions:`, then start a new run. Only the first refresh after a `gh secret set`, and a refresh after a job that died, need it.");
		case "run-time-unknown": return new require_main.Failure("freshness-unproven", "GitHub did not say when this run was created, so this job cannot know whether its login is what the secret holds. Nothing was refreshed.", "Start a new run.");
	}
}

// src/login/claim-login.ts
async function claimLogin(section, position) {
	const { document, predecessor, updatedAt, takeover, origin } = position;
	const { channel, cancellation, claims, claimFor, handed } = section;
	await section.prepare();
	if (cancellation.requested()) throw cancelledBeforeRefresh();
	const name = claims.nameOf(document, takeover);
	const own = {
		name,
		holder: require_write_session.newHolder(section.randomness)
	};
	saveCriticalSection(channel, {
		directory: null,
		process: null,
		claim: own
	});
	const wholeJob = claimFor === "whole-job";
	const taking = await claims.take(name, {
		holder: own.holder,
		state: "open",
		before: updatedAt,
		wholeJob
	});
	if (taking.kind === "theirs") {
		saveCriticalSection(channel, null);
		const { seen } = taking;
		if (seen === null) return { position: {
			kind: "busy",
			newest: document,
			seen
		} };
		return { position: await followClaims(section, document, seen) };
	}
	const { held } = taking;
	const giveBack = async () => {
		await claims.giveBack(own);
		saveCriticalSection(channel, null);
	};
	const isUnspent = takeover === 0 || await isStillInDoubt(section, {
		document,
		takeover
	});
	const now = await require_write_session.updatedAtOf(section);
	if (!isUnspent || now.getTime() !== updatedAt.getTime() || !claims.isFresh(held)) {
		await giveBack();
		return { position: await findCurrent(section, document, {
			updatedAt: now,
			from: origin === null ? "handed" : "known"
		}) };
	}
	if (cancellation.requested()) {
		await giveBack();
		throw cancelledBeforeRefresh();
	}
	return { claimed: {
		document,
		predecessor,
		updatedAt,
		held,
		takeover,
		isHanded: origin === null && document.isSameGeneration(handed)
	} };
}
async function standingClaim({ claims, clock }, { document, predecessor, before, claim: own }) {
	const seen = own && await claims.isHeld(own);
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
async function claimForJob(section, ledger, claimed) {
	const { claims, channel, randomness, ledgerFile } = section;
	const name = claims.nameOf(ledger.document);
	const holder = require_write_session.newHolder(randomness);
	saveCriticalSection(channel, {
		directory: null,
		process: null,
		claim: {
			name,
			holder
		}
	});
	const taking = await claims.take(name, {
		holder,
		state: "open",
		before: ledger.before,
		wholeJob: true
	});
	if (taking.kind === "theirs") throw claimedSinceStored();
	const own = require_write_session.ownOf(taking.held);
	try {
		if (!require_write_session.isSameTime(ledger.before, claimed.updatedAt) && (await require_write_session.updatedAtOf(section)).getTime() > ledger.before.getTime()) throw claimedSinceStored();
		return await keep(ledgerFile, {
			...ledger,
			claim: own
		});
	} catch (error) {
		await claims.giveBack(own);
		throw error;
	}
}
async function keep(ledgerFile, ledger) {
	await ledgerFile.save(ledger).catch((error) => {
		throw noRoom(error);
	});
	return ledger;
}

// src/core/text/shell.ts
function shellQuoted(word) {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

// src/core/login/reseed-command.ts
function reseedCommand(place) {
	const scope = place.environment === null ? "" : ` --env ${shellQuoted(place.environment)}`;
	return [
		`home=$(mktemp -d) && CODEX_HOME=$home codex -c 'cli_auth_credentials_store="file"' login`,
		`gh secret set ${place.secretName} --repo ${place.owner}/${place.repository}${scope} < "$home/auth.json"`,
		`rm -r "$home"`
	].join(" && ");
}
function reseedHint(place) {
	return `Log in again, on a machine with a browser, and store that login: \`${reseedCommand(place)}\`.`;
}

// src/core/codex/refusal.ts
const CAUSES = [
	[/refresh_token_reused|was already used/i, "refresh-token-reused"],
	[/refresh_token_expired|has expired/i, "refresh-token-expired"],
	[/refresh_token_invalidated|refresh_token_revoked|was revoked/i, "refresh-token-revoked"]
];
const ABOUT_MODELS = /^.*codex_models_manager.*$/gm;
function classifyRefusal({ account, stderr }) {
	const output = stderr.replace(ABOUT_MODELS, "");
	if (account === "unstarted") return {
		kind: "unstarted",
		output: output.trim()
	};
	for (const [cause, code] of CAUSES) if (cause.test(output)) return {
		kind: "permanent",
		code
	};
	if (account === "absent" || /could not be refreshed/i.test(output)) return {
		kind: "permanent",
		code: "refresh-rejected"
	};
	if (/Failed to refresh token|error sending request/i.test(output)) return { kind: "transient" };
	return account === "no-answer" || account === "late-error" ? { kind: "answer-lost" } : { kind: "transient" };
}

// src/login/refresh.ts
const ATTEMPTS = 3;
const PAUSE_MS = 2e3;
async function refresh({ refresher, files, clock, log }, request) {
	const { document, place, environment, started, fallback, timeLeft } = request;
	const attemptOnce = async (attempt) => {
		const refreshes = attempt < ATTEMPTS && require_main.codexWouldRefresh(document, clock.now()) ? "by-itself" : "on-request";
		const symptoms = await refresher.refresh({
			home: place.home,
			environment,
			started,
			refreshes
		});
		const verdict = require_compare.judge(document, await files.read(require_main.authPath(place.home)));
		if (verdict.kind === "broken") return {
			kind: "failed",
			failed: {
				kind: "broken",
				cause: verdict.failure
			}
		};
		if (verdict.kind === "unchanged") return {
			kind: "failed",
			failed: classifyRefusal(symptoms)
		};
		require_main.maskTokens(verdict.document, log);
		if (verdict.oddity !== null) log.warning(`Codex writes the login in a form that this version does not know: ${verdict.oddity} It is stored as it is.`);
		return verdict;
	};
	return require_retry.repeat(clock, attemptOnce, (outcome, attempt) => {
		if (outcome.kind !== "failed") return null;
		const attemptsLeft = timeLeft() ? ATTEMPTS - attempt : 0;
		if (consequenceOf(outcome.failed, {
			...fallback,
			attemptsLeft
		}) !== "retry") return null;
		const pauseMs = PAUSE_MS * attempt;
		log.info(`OpenAI did not refresh the login just now (attempt ${attempt} of ${ATTEMPTS}). Trying again in ${pauseMs / 1e3} s.`);
		return pauseMs;
	});
}

// src/login/store-rotated.ts
const WRITE_TIMEOUT_MS = 24e4;
async function storeRotated(section, { outcome: { kind, document: next }, claimed: { document, updatedAt, held, isHanded }, home }) {
	const { claims, clock, handed } = section;
	const rotated = kind === "rotated";
	const ledger = {
		document: next,
		predecessor: document,
		claim: rotated ? require_write_session.ownOf(held) : null,
		before: updatedAt,
		stored: false,
		writes: []
	};
	const isOnDisk = await require_write_session.saveLedger(section, ledger);
	const savedAt = await require_write_session.timeOf(section);
	const inHandoff = await require_write_session.saveNotes(section, {
		under: [document, handed],
		document: next,
		savedAt
	});
	home.holdsOnlyCopy = !isOnDisk && !inHandoff;
	const isOurs = clock.monotonicMs() - held.sinceMonotonicMs < require_write_session.CLAIM_LIFETIME_MS;
	if (rotated && isOurs) await claims.tell(held.name, held.claim, {
		state: "rotated",
		next: claims.nameOf(next)
	});
	const outcome = await require_write_session.writeBack(section, {
		document: next,
		encoding: handed.encoding,
		before: updatedAt,
		mayReplace: async (at) => isHanded && await require_write_session.runCreated(section, at) === "after",
		spent: rotated ? {
			name: held.name,
			claim: {
				...held.claim,
				state: "rotated"
			}
		} : null,
		held,
		holder: held.claim.holder,
		key: (await section.prepare()).key,
		timeoutMs: WRITE_TIMEOUT_MS,
		ledger
	});
	if (outcome.kind === "stored") {
		home.holdsOnlyCopy = false;
		if (!rotated) await claims.giveBack(require_write_session.ownOf(held));
		await require_write_session.tidyClaims(section, section.session);
	}
	return require_write_session.settleLedger(section, {
		ledger,
		outcome,
		inHandoff
	});
}
async function repair(section, { document, predecessor, updatedAt, takeover, origin }) {
	section.log.info(`An earlier run could not store generation ${document.generation}. Storing it now from the handoff.`);
	const outcome = await require_write_session.writeBack(section, {
		document,
		encoding: section.handed.encoding,
		before: updatedAt,
		spent: origin.claim && {
			name: origin.name,
			claim: origin.claim
		},
		held: null,
		takeover,
		holder: require_write_session.newHolder(section.randomness),
		timeoutMs: WRITE_TIMEOUT_MS
	});
	if (outcome.kind === "pending" || outcome.kind === "refused") return {
		kind: "blocked",
		newest: document,
		failure: outcome.failure
	};
	if (outcome.kind === "settled" || outcome.updatedAt === null) return null;
	return {
		kind: "current",
		document,
		predecessor,
		updatedAt: outcome.updatedAt,
		takeover,
		origin
	};
}
async function finishPending(section, ledger) {
	const { claims, handed } = section;
	const { claim, document, predecessor, before } = ledger;
	const seen = claim && await claims.isHeld(claim);
	const savedAt = await require_write_session.timeOf(section);
	const inHandoff = await require_write_session.saveNotes(section, {
		under: [predecessor ?? handed, handed],
		document,
		savedAt
	});
	const outcome = await require_write_session.writeBack(section, {
		document,
		encoding: handed.encoding,
		before,
		spent: seen?.claim ? {
			name: seen.name,
			claim: seen.claim
		} : null,
		held: null,
		holder: require_write_session.newHolder(section.randomness),
		timeoutMs: WRITE_TIMEOUT_MS,
		ledger
	});
	return require_write_session.settleLedger(section, {
		ledger,
		outcome,
		inHandoff
	});
}

// src/login/use-private-home.ts
async function usePrivateHome({ files, randomness, channel, log, handoff, handed, base }, { document, claim }, act) {
	const place = await makePrivateHome(files, randomness, {
		base,
		document,
		handed
	});
	const { directory } = place;
	const home = {
		place,
		holdsOnlyCopy: false,
		started: async (process) => {
			saveCriticalSection(channel, {
				directory,
				process,
				claim
			});
			handoff.prepare();
		}
	};
	const wipe = async () => {
		if (home.holdsOnlyCopy) return;
		await files.remove(directory).catch(() => log.warning("A private directory of the refresh could not be removed."));
		saveCriticalSection(channel, null);
	};
	try {
		saveCriticalSection(channel, {
			directory,
			process: null,
			claim
		});
		const result = await act(home);
		await wipe();
		return result;
	} catch (error) {
		if (isExpected(error)) await wipe();
		throw error;
	}
}
function isExpected(error) {
	return error instanceof require_main.Failure || error instanceof require_retry.GitHubError;
}

// src/login/rotate.ts
const REFRESH_AND_STORE_MS = 15e4;
async function rotate(section, ledger, claimed) {
	const { claims, claimFor } = section;
	const { document, held } = claimed;
	const claim = require_write_session.ownOf(held);
	let state = "unsent";
	try {
		return await usePrivateHome(section, {
			document,
			claim
		}, async (home) => {
			const started = async (process) => {
				state = "in-doubt";
				await home.started(process);
			};
			const outcome = await askCodex(section, held, {
				document,
				home: {
					...home,
					started
				}
			});
			if (outcome.kind === "failed") {
				if (outcome.failed.kind === "unstarted") await claims.giveBack(claim);
				else await leaveInDoubt(section, claimed);
				state = "settled";
				return afterFailedRefresh(section, ledger, outcome.failed);
			}
			home.holdsOnlyCopy = true;
			const storing = await storeRotated(section, {
				outcome,
				claimed,
				home
			});
			state = "settled";
			return {
				kind: "refreshed",
				ledger: claimFor === "whole-job" && storing.ledger.stored ? await claimForJob(section, storing.ledger, claimed) : storing.ledger,
				rotated: outcome.kind === "rotated",
				storing
			};
		});
	} catch (error) {
		if (state === "unsent") await claims.giveBack(claim);
		if (state === "in-doubt" && isExpected(error)) await leaveInDoubt(section, claimed);
		throw error;
	}
}
async function askCodex(section, held, { document, home }) {
	const { claims, clock, log } = section;
	const startedMs = clock.monotonicMs();
	const { refresher } = await section.prepare();
	const timeLeft = () => claims.msLeft(held) >= REFRESH_AND_STORE_MS;
	const ask = (before, { place, started }) => refresh({
		...section,
		refresher
	}, {
		document: before,
		place,
		started,
		environment: section.environment,
		fallback: standingOf(section, before),
		timeLeft
	});
	let outcome = await ask(document, home);
	if (isRejection(outcome) && timeLeft()) {
		const expired = document.withExpiredAccessToken();
		const again = await usePrivateHome(section, {
			document: expired,
			claim: require_write_session.ownOf(held)
		}, (second) => ask(expired, second));
		if (again.kind !== "failed" || again.failed.kind !== "transient") outcome = again;
	}
	if (outcome.kind === "failed") return outcome;
	const took = require_main.describeDuration(clock.monotonicMs() - startedMs);
	const left = require_main.describeDuration(require_main.remainingMs(outcome.document, clock.now()));
	log.info(outcome.kind === "rotated" ? `Codex rotated generation ${document.generation} to ${outcome.document.generation} in ${took} (access token valid ${left}).` : `Codex renewed the tokens and kept the refresh token (access token valid ${left}).`);
	return outcome;
}
async function leaveInDoubt({ claims }, { held, takeover }) {
	if (takeover > 0) await claims.giveBack(require_write_session.ownOf(held));
	else await claims.tell(held.name, held.claim, { released: true });
}
async function afterFailedRefresh(section, { document, before }, failed) {
	if ((await require_write_session.updatedAtOf(section)).getTime() !== before.getTime()) return borrow(section, document, explainMissingProof("secret-is-newer"));
	const failure = explainFailedRefresh(failed, reseedHint(section.place));
	const standing = {
		...standingOf(section, document),
		attemptsLeft: 0
	};
	if (consequenceOf(failed, standing) === "stop") throw failure;
	return {
		kind: "borrowed",
		document,
		because: failure
	};
}
function isRejection(outcome) {
	return outcome.kind === "failed" && outcome.failed.kind === "permanent" && outcome.failed.code === "refresh-rejected";
}

// src/login/section.ts
function openSection(services, request, session) {
	const open = {
		...require_write_session.withSession(services, session, request.insistence),
		...request
	};
	let preparation = null;
	const prepare = async () => {
		preparation ??= {
			key: await require_prove_write.proveSecretsWritable(open),
			refresher: await services.refresher()
		};
		return preparation;
	};
	return {
		...open,
		prepare
	};
}

// src/login/refresh-section.ts
const BUSY_WAIT_MS = 12e4;
const BUSY_POLL_MS = 5e3;
const ROUNDS = 8;
async function refreshSection(services, request) {
	const { writeCredential, place, handed } = services;
	if (writeCredential === null) throw require_write_session.noWriteToken();
	const session = await require_write_session.openSession(services, { workedEarlier: false });
	if (session instanceof require_main.Failure) return borrow({
		...services,
		...request
	}, handed, session);
	const section = openSection({
		...services,
		writeCredential
	}, request, session);
	try {
		return await run(section);
	} catch (error) {
		if (!(error instanceof require_retry.GitHubError)) throw error;
		const { kind: credential } = writeCredential;
		return borrow(section, handed, require_write_session.explainSecretError(error, {
			place,
			credential,
			workedEarlier: false
		}));
	} finally {
		await warnOfExpiry(section);
		await session.close();
	}
}
async function warnOfExpiry(section) {
	const { session, log, channel } = section;
	const notice = warnOfWriteTokenExpiry(session.expiresAt(), await require_write_session.timeOf(section));
	if (notice === null) return;
	log.warning(`${notice.message} ${notice.hint}`);
	require_main.saveNotice(channel, notice);
}
async function run(section) {
	const { ledgerFile, handed, due, claimFor } = section;
	let job = await ledgerFile.load();
	if (job && !job.stored) {
		const outcome = await finishPending(section, job);
		if (outcome.kind !== "stored") return borrow(section, job.document, outcome.failure);
		job = outcome.ledger;
	}
	const standing = job && claimFor === "whole-job" ? await standingClaim(section, job) : null;
	if (job !== null && standing !== null) {
		await section.prepare();
		return due(job.document) ? rotate(section, job, standing) : {
			kind: "kept",
			ledger: job
		};
	}
	return job === null ? goOnFrom(section, handed, "handed") : goOnFrom(section, job.document, "known");
}
async function goOnFrom(section, start, from) {
	const { log } = section;
	let position = await find(section, start, from);
	for (let round = 1; round <= ROUNDS; round++) switch (position.kind) {
		case "stale": return borrow(section, position.newest, explainMissingProof(position.missing));
		case "busy": return borrow(section, position.newest, claimBusy());
		case "blocked": return borrow(section, position.newest, position.failure);
		case "to-repair":
			require_main.maskTokens(position.document, log);
			position = await repair(section, position) ?? await find(section, position.document, "known");
			continue;
		case "current": {
			require_main.maskTokens(position.document, log);
			if (from === "handed" && !position.document.isSameGeneration(section.handed)) log.info(`Took generation ${position.document.generation} from the handoff: the secret of this run is older.`);
			const reached = await refreshCurrent(section, position);
			if (reached.kind === "kept" || reached.kind === "refreshed" || reached.kind === "borrowed") return reached;
			position = reached;
		}
	}
	return borrow(section, start, claimBusy());
}
async function refreshCurrent(section, position) {
	const { ledgerFile, due, claimFor, channel } = section;
	const { document, predecessor, updatedAt } = position;
	const isDue = due(document);
	const ledger = await keep(ledgerFile, {
		document,
		predecessor,
		claim: null,
		before: updatedAt,
		stored: true,
		writes: []
	});
	if (!isDue && claimFor === "refresh") return {
		kind: "kept",
		ledger
	};
	const claiming = await claimLogin(section, position);
	if ("position" in claiming) return claiming.position;
	const { claimed } = claiming;
	if (isDue) return rotate(section, ledger, claimed);
	const holding = await keep(ledgerFile, {
		...ledger,
		claim: require_write_session.ownOf(claimed.held)
	});
	saveCriticalSection(channel, null);
	return {
		kind: "kept",
		ledger: holding
	};
}
async function find(section, document, from) {
	const { clock, log, cancellation } = section;
	return require_retry.poll(clock, {
		withinMs: BUSY_WAIT_MS,
		everyMs: BUSY_POLL_MS,
		waiting: () => log.info("Another job is refreshing this login. Waiting for it, two minutes at most."),
		cancelled: () => cancellation.requested()
	}, async () => findCurrent(section, document, {
		updatedAt: await updatedAt(section),
		from
	}), (position) => position.kind !== "busy" || mayBorrow(standingOf(section, position.newest)));
}
async function updatedAt(section) {
	try {
		return await require_write_session.updatedAtOf(section);
	} catch (error) {
		if (error instanceof require_main.Failure && error.code === "secret-not-found") await section.session.store.publicKey();
		throw error;
	}
}

exports.refreshSection = refreshSection;