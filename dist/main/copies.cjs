"use strict";

const require_main = require("../main.cjs");
const require_usage = require("./usage.cjs");
const require_github_error = require("./github-error.cjs");
const require_retry = require("./retry.cjs");
const require_write_session = require("./write-session.cjs");
let node_path = require("node:path");

// src/core/copies/parse-destinations.ts
const MAXIMUM_DESTINATIONS = 100;
const LONGEST_ENVIRONMENT = 255;
const RESERVED = [
	"CODEX_AUTH_JSON",
	"CODEX_AUTH_WRITE_PROBE",
	"CODEX_SECRET_WRITE_TOKEN",
	"CODEX_APP_CLIENT_ID",
	"CODEX_APP_PRIVATE_KEY"
];
function parseDestinations(text, place, source) {
	const found = /* @__PURE__ */ new Map();
	for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
		const words = raw.replace(/(^|\s)#.*$/u, "").split(/\s+/u).filter((word) => word !== "");
		if (words.length === 0) continue;
		const line = index + 1;
		const refuse = (message, hint) => {
			throw new require_main.Failure("input-invalid", `${source}, line ${line}: ${message}`, hint);
		};
		const destination = readDestination(words, place, refuse);
		refuseLogins(destination, place, refuse);
		const key = require_usage.keyOf(destination);
		const before = found.get(key);
		if (before !== void 0) refuse(`${require_main.foreign(destination.text)} is the secret of line ${before.line}.`, "Keep one of the two lines. GitHub ignores case in the names of secrets, environments and repositories.");
		found.set(key, {
			destination,
			line
		});
	}
	if (found.size > 100) throw new require_main.Failure("input-invalid", `${source} has ${found.size} destinations, more than ${100}.`, "Use an organization secret, which is one destination for any number of repositories.");
	return [...found.values()].map(({ destination }) => destination);
}
function readDestination(words, place, refuse) {
	const [kind = "", ...rest] = words;
	const shape = SHAPES[kind];
	if (shape === void 0) return refuse(`${require_main.foreign(kind)} is no kind of destination.`, `Write one of: ${Object.values(SHAPES).join("; ")}.`);
	const parts = kind === "environment" && rest.length > 2 ? [rest.slice(0, -1).join(" "), ...rest.slice(-1)] : rest;
	if (parts.length !== shape.split(" ").length - 1) return refuse(`${require_main.foreign(words.join(" "))} is not \`${shape}\`.`, `Write \`${shape}\`.`);
	const name = readName(parts.at(-1) ?? "", refuse);
	return {
		scope: readScope(kind, parts[0] ?? "", place, refuse),
		name,
		text: [
			kind,
			...parts.slice(0, -1),
			name
		].join(" ")
	};
}
const SHAPES = Object.assign(Object.create(null), {
	secret: "secret NAME",
	environment: "environment ENV NAME",
	repository: "repository OWNER/REPO NAME",
	organization: "organization ORG NAME"
});
function readScope(kind, where, place, refuse) {
	const { owner, repository } = place;
	switch (kind) {
		case "environment":
			if (where.length > LONGEST_ENVIRONMENT || /^\.{1,2}$/.test(where) || /\p{Cc}/u.test(where)) return refuse(`${require_main.foreign(where)} is not the name of an environment.`, "Check the name in the repository's settings.");
			return {
				kind: "repository",
				owner,
				repository,
				environment: where
			};
		case "repository": {
			const [, itsOwner = "", itsName = ""] = /^([A-Za-z0-9][\w-]*)\/([\w.-]+)$/.exec(where) ?? [];
			if (itsOwner === "" || /^\.{1,2}$|\.git$/i.test(itsName)) return refuse(`${require_main.foreign(where)} is not OWNER/REPO.`, "Write it as in the repository's address, for example `octo/app`.");
			return {
				kind: "repository",
				owner: itsOwner,
				repository: itsName,
				environment: null
			};
		}
		case "organization":
			if (!/^[A-Za-z0-9][\w-]*$/.test(where)) return refuse(`${require_main.foreign(where)} is not the name of an organization.`, "Write it as in the organization's address, for example `acme`.");
			return {
				kind: "organization",
				organization: where
			};
		default: return {
			kind: "repository",
			owner,
			repository,
			environment: null
		};
	}
}
function readName(name, refuse) {
	if (/^[A-Za-z_]\w*$/.test(name) && !/^github_/i.test(name)) return name;
	return refuse(`${require_main.foreign(name)} is not the name of a secret.`, "Use letters, digits and underscores; it must not begin with a digit or with GITHUB_.");
}
function refuseLogins({ name, text }, { secretName }, refuse) {
	const isOwn = name.toUpperCase() === secretName.toUpperCase();
	if (!isOwn && !RESERVED.includes(name.toUpperCase())) return;
	refuse(isOwn ? `${require_main.foreign(text)} has the name of the login's secret, and a copy would overwrite a login.` : `${require_main.foreign(text)} has a name under which logins and write tokens are kept.`, "Give access copies a name of their own, for example `CODEX_ACCESS_JSON`.");
}

// src/core/copies/result.ts
const NAMED = 5;
function describeResults(results) {
	const count = (kind) => results.filter((result) => result.kind === kind).length;
	return `Access copies: ${[
		[count("written"), "written"],
		[count("newer"), "up to date already"],
		[count("left"), "left to another run"],
		[count("failed"), "failed"]
	].flatMap(([number, what]) => number > 0 ? [`${number} ${what}`] : []).join(", ")}.`;
}
function failureOf(results) {
	const failed = results.flatMap((result) => result.kind === "failed" ? [result] : []);
	const [first] = failed;
	if (first === void 0) return null;
	const names = failed.slice(0, NAMED).map(({ destination }) => `\`${destination.text}\``);
	const more = failed.length > NAMED ? ` and ${failed.length - NAMED} more` : "";
	return new require_main.Failure("access-copy-failed", failed.length === 1 ? `The access copy ${names[0]} was not written. ${first.failure.message}` : `${failed.length} of ${results.length} access copies were not written: ${names.join(", ")}${more}. The first: ${first.failure.message}`, `${first.failure.hint} The login itself is stored; the next refresh job writes what is missing.`);
}

// src/core/copies/verdict.ts
function describeCurrent(observed) {
	switch (observed.kind) {
		case "accepted": return `OpenAI accepts the new access token.${observed.usage === null ? "" : ` Usage: ${require_usage.describeUsage(observed.usage)}.`}`;
		case "refused": return "OpenAI refuses the new access token.";
		case "unknown": return `The new access token could not be tried out. ${observed.because}`;
	}
}
function describeEarlier(observed) {
	switch (observed.kind) {
		case "accepted": return "The access token from before this refresh still works.";
		case "refused": return "This refresh has ended the access token from before it: jobs that began with an older copy need a new run.";
		case "unknown": return `Whether the access token from before this refresh still works is not known. ${observed.because}`;
	}
}
function newTokenRefused() {
	return new require_main.Failure("new-token-refused", "The login was refreshed and stored, but OpenAI refuses its new access token.", "Log in again: `npx codex-auth-roundtrip seed --reseed`, or run the reseed workflow. Access copies were left as they are.");
}

// src/core/copies/due.ts
function isCopyDue({ createdAt, updatedAt }, login) {
	const issuedMs = login.accessTokenIssuedAt.getTime();
	if (issuedMs === 0) return true;
	const issuedSecond = Math.floor(issuedMs / 1e3) * 1e3;
	return updatedAt.getTime() <= issuedSecond || updatedAt.getTime() === createdAt.getTime();
}

// src/login/copies/claim-watch.ts
async function watchClaim(services, document) {
	const session = await require_write_session.openSession(services, { workedEarlier: true });
	if (session instanceof require_main.Failure) return session;
	const { claims } = require_write_session.withSession(services, session, "when-due");
	const name = claims.nameOf(document);
	let first = null;
	return {
		isUnclaimed: async () => {
			const seen = await claims.read(name);
			first ??= { seen };
			if (isAtWork(seen)) return false;
			return seen?.claim?.holder === first.seen?.claim?.holder && seen?.claim?.state === first.seen?.claim?.state;
		},
		close: () => session.close()
	};
}
function isAtWork(seen) {
	if (seen === null) return false;
	return seen.claim === null || seen.claim.state !== "open" || !seen.claim.released;
}

// src/login/copies/explain-copy.ts
function missingCopy(destination, place) {
	return new require_main.Failure("access-copy-failed", "There is no such secret.", `Create it: \`${require_usage.creatingCommand(destination, place)}\`; or seed the login again with \`--copy-to '${destination.text}'\`.`);
}
function explainCopyError({ writeCredential }, { scope }, error) {
	if (error instanceof require_main.Failure) return new require_main.Failure("access-copy-failed", error.message, error.hint, { cause: error });
	const who = writeCredential?.kind === "app" ? "the GitHub App" : "the token in `secret-write-token`";
	const isRefusal = !require_github_error.canRepair(error) && (error.status === 401 || error.status === 403 || error.status === 404);
	return new require_main.Failure("access-copy-failed", error.message, isRefusal ? `Give ${who} ${require_usage.copyPermission(scope)}, and check the name; an archived repository takes no secrets.` : "This usually passes: run the maintenance workflow again, and see githubstatus.com.", { cause: error });
}

// src/core/login/access-copy.ts
const AUTH_CLAIMS = "https://api.openai.com/auth";
const READ_CLAIMS = [
	"chatgpt_plan_type",
	"chatgpt_user_id",
	"user_id",
	"chatgpt_account_id",
	"chatgpt_account_is_fedramp"
];
function accessCopyOf(document) {
	const copy = {
		auth_mode: "chatgpt",
		OPENAI_API_KEY: null,
		tokens: {
			id_token: reduced(document.idToken.reveal()),
			access_token: document.accessToken.reveal(),
			refresh_token: "",
			account_id: document.accountId
		},
		last_refresh: document.lastRefresh
	};
	return new require_main.Secret(JSON.stringify(copy));
}
function reduced(idToken) {
	const claims = claimsOf(idToken);
	const kept = Object.fromEntries(READ_CLAIMS.flatMap((name) => name in claims ? [[name, claims[name]]] : []));
	return [...[{
		alg: "none",
		typ: "JWT"
	}, { [AUTH_CLAIMS]: kept }].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")), "none"].join(".");
}
function claimsOf(token) {
	try {
		const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"))?.[AUTH_CLAIMS];
		return typeof claims === "object" && claims !== null ? claims : {};
	} catch {
		return {};
	}
}

// src/login/copies/write-copy.ts
const WITHIN_MS = 15e3;
async function writeCopy(services, writing) {
	const { place } = services;
	const { destination, secrets, watch } = writing;
	const ask = (act) => require_retry.insist(services, { withinMs: WITHIN_MS }, act);
	const { scope } = destination;
	if (scope.kind === "repository" && !require_usage.isRepository(scope, place)) {
		const moved = refuseMoved(destination, await ask(() => secrets.repository()), place);
		if (moved !== null) return moved;
	}
	const before = await ask(() => secrets.audience(destination.name));
	if (!await watch.isUnclaimed()) return "claimed";
	if (await put(services, writing, before) === "created") {
		await ask(() => secrets.remove(destination.name));
		return missingCopy(destination, place);
	}
	const after = before && await ask(() => secrets.audience(destination.name));
	return before !== null && after !== null && !isSame(before, after) ? audienceChanged(before, after) : null;
}
async function put({ clock, log, box }, { document, destination: { name }, secrets }, audience) {
	const ask = (act) => require_retry.insist({
		clock,
		log
	}, { withinMs: WITHIN_MS }, act);
	const attempt = async () => {
		const sealed = await box.seal(accessCopyOf(document), await ask(() => secrets.publicKey()));
		return ask(() => secrets.put(name, sealed, audience));
	};
	try {
		return await attempt();
	} catch (error) {
		if (!(error instanceof require_github_error.GitHubError) || error.status !== 422) throw error;
		return attempt();
	}
}
function refuseMoved({ scope, name }, now, place) {
	if (scope.kind === "organization" || now === null) return null;
	if (now.id === place.repositoryId && name.toUpperCase() === place.secretName.toUpperCase()) return new require_main.Failure("access-copy-failed", `It is the login's own secret: ${scope.owner}/${scope.repository} is now called ${now.owner}/${now.repository}.`, "Remove this destination, or give the copy a name of its own.");
	if (require_usage.isRepository(scope, now)) return null;
	return new require_main.Failure("access-copy-failed", `The repository is now called ${now.owner}/${now.repository}.`, "Write its present name in `access-copies`.");
}
function isSame(one, other) {
	return JSON.stringify(one) === JSON.stringify(other);
}
function audienceChanged(before, after) {
	const count = ({ visibility, repositories }) => repositories === null ? `\`${visibility}\`` : `\`${visibility}\`, ${repositories.length} repositories`;
	return new require_main.Failure("access-copy-failed", `Written, but afterwards GitHub shows it to others than before: ${count(before)} before, ${count(after)} now.`, "Check who may read this secret in the organization's settings. Somebody may have changed it at the same moment.");
}

// src/login/copies/write-copies.ts
const ASK_WITHIN_MS = 15e3;
const BETWEEN_WRITES_MS = 1e3;
const ALL_WITHIN_MS = 9e5;
const FIRST_PROGRESS_MS = 2e3;
const PROGRESS_EVERY_MS = 15e3;
async function surveyCopies(services, document, destinations) {
	const due = [];
	return {
		due,
		settled: (await inTurn(services, destinations, "looked at", async (reach, destination) => {
			const looked = await look(services, reach, {
				document,
				destination
			});
			if (looked !== null) return looked;
			due.push(destination);
			return null;
		})).filter((result) => result !== null)
	};
}
async function writeCopies(services, document, destinations) {
	const { clock } = services;
	const watch = await watchClaim(services, document);
	if (watch instanceof require_main.Failure) return destinations.map((destination) => ({
		kind: "failed",
		destination,
		failure: watch
	}));
	let lastWriteMs = Number.NEGATIVE_INFINITY;
	let isClaimed = false;
	try {
		return await inTurn(services, destinations, "done", async (reach, destination) => {
			if (isClaimed) return {
				kind: "left",
				destination
			};
			const looked = await look(services, reach, {
				document,
				destination
			});
			if (looked !== null) return looked;
			await clock.sleep(Math.max(0, lastWriteMs + BETWEEN_WRITES_MS - clock.monotonicMs()));
			try {
				const secrets = reach.secretsOf(destination.scope);
				const failure = await writeCopy(services, {
					document,
					destination,
					secrets,
					watch
				});
				isClaimed = failure === "claimed";
				if (failure === "claimed") return {
					kind: "left",
					destination
				};
				return failure === null ? {
					kind: "written",
					destination
				} : {
					kind: "failed",
					destination,
					failure
				};
			} finally {
				lastWriteMs = clock.monotonicMs();
			}
		});
	} finally {
		await watch.close();
	}
}
async function look(services, reach, { document, destination }) {
	const { clock, log, place } = services;
	const secrets = reach.secretsOf(destination.scope);
	const metadata = await require_retry.insist({
		clock,
		log
	}, { withinMs: ASK_WITHIN_MS }, () => secrets.metadata(destination.name));
	if (metadata !== null) return isCopyDue(metadata, document) ? null : {
		kind: "newer",
		destination
	};
	await require_retry.insist({
		clock,
		log
	}, { withinMs: ASK_WITHIN_MS }, () => secrets.publicKey());
	return {
		kind: "failed",
		destination,
		failure: missingCopy(destination, place)
	};
}
async function inTurn(services, destinations, verb, act) {
	const { copyAccess, clock, log, cancellation } = services;
	const beganMs = clock.monotonicMs();
	let toldMs = beganMs - PROGRESS_EVERY_MS + FIRST_PROGRESS_MS;
	const results = [];
	const reach = await copyAccess.open(destinations);
	try {
		for (const destination of destinations) {
			if (cancellation.requested()) {
				results.push({
					kind: "left",
					destination
				});
				continue;
			}
			const nowMs = clock.monotonicMs();
			if (nowMs - toldMs >= PROGRESS_EVERY_MS) {
				toldMs = nowMs;
				log.info(`Access copies: ${results.length} of ${destinations.length} ${verb}.`);
			}
			if (nowMs - beganMs > ALL_WITHIN_MS) {
				results.push({
					kind: "failed",
					destination,
					failure: outOfTime()
				});
				continue;
			}
			try {
				results.push(await act(reach, destination));
			} catch (error) {
				if (!(error instanceof require_github_error.GitHubError || error instanceof require_main.Failure)) throw error;
				results.push({
					kind: "failed",
					destination,
					failure: explainCopyError(services, destination, error)
				});
			}
		}
		return results;
	} finally {
		await reach.close();
	}
}
function outOfTime() {
	return new require_main.Failure("access-copy-failed", `There was no time left for it: access copies may take ${ALL_WITHIN_MS / 6e4} minutes.`, "Run the maintenance workflow again: it goes on where this run stopped.");
}

// src/login/verify.ts
async function verify(services, verifier, { document, predecessor, mode }) {
	return {
		current: await tryOut(services, document, (request) => verifier[mode](request)),
		earlier: predecessor === null || predecessor.accessToken.equals(document.accessToken) || require_main.remainingMs(predecessor, services.clock.now()) <= 0 ? null : await tryOut(services, predecessor, (request) => verifier.usage(request))
	};
}
async function tryOut({ files, randomness, base, environment }, document, act) {
	const home = (0, node_path.join)(require_main.loginDirectory(base), `verify-${Buffer.from(randomness.bytes(6)).toString("hex")}`);
	try {
		await files.makePrivateDirectory(require_main.loginDirectory(base));
		await files.makePrivateDirectory(home);
		await files.write(require_main.authPath(home), accessCopyOf(document).reveal(), 384);
		return await act({
			home,
			environment
		});
	} catch {
		return {
			kind: "unknown",
			because: "There was no room for a home to try it out in."
		};
	} finally {
		await files.remove(home).catch(() => {});
	}
}

// src/action/copies.ts
function readDestinations(inputs, context) {
	const text = inputs.accessCopies ?? "";
	const destinations = parseDestinations(text, require_main.placeOf(context, inputs), "`access-copies`");
	if (destinations.length === 0) return destinations;
	if (!require_main.mayRefresh(inputs)) throw new require_main.Failure("input-invalid", "`access-copies` is for a job that refreshes the login, and this one does not.", "Remove it here, and set it in the maintenance workflow.");
	if (inputs.refreshToken === "present") throw new require_main.Failure("input-invalid", "`access-copies` does not go with `refresh-token: present`: Codex may refresh at any time during this job, and the copies would be of an older login.", "Write them in a maintenance workflow, with the refresh token withheld.");
	return destinations;
}
async function attend(services, { destinations, mode, settled, prove }) {
	switch (settled.kind) {
		case "quiet": {
			const { due, settled: results } = await surveyCopies(services, settled.document, destinations);
			if (due.length === 0) return tell(services.log, results);
			return lend(services, {
				settled: await prove(),
				mode,
				destinations: due,
				results
			});
		}
		default: return lend(services, {
			settled,
			mode,
			destinations,
			results: []
		});
	}
}
async function lend(services, { settled, mode, destinations, results }) {
	const { log } = services;
	if (settled.kind !== "current") {
		if (destinations.length > 0) log.warning("No access copies were written: the login is not known to be stored and current.");
		return tell(log, results);
	}
	const { document, predecessor } = settled;
	const verified = predecessor === null || mode === "off" ? NOTHING : await verifyRefresh(services, {
		document,
		predecessor
	}, mode);
	if (verified.failure !== null) return verified;
	const written = destinations.length > 0 ? await writeCopies(services, document, destinations) : [];
	const told = tell(log, [...results, ...written]);
	return {
		events: [...verified.events, ...told.events],
		failure: told.failure
	};
}
const NOTHING = {
	events: [],
	failure: null
};
async function verifyRefresh(services, logins, mode) {
	const { log, cancellation } = services;
	if (cancellation.requested()) return NOTHING;
	const verifier = await codexOf(services);
	if (verifier === null) return NOTHING;
	const { current, earlier } = await verify(services, verifier, {
		...logins,
		mode
	});
	const ofEarlier = earlier === null ? [] : [describeEarlier(earlier)];
	if (current.kind === "unknown") log.warning(describeCurrent(current));
	if (current.kind === "accepted") log.info(describeCurrent(current));
	for (const sentence of ofEarlier) log.info(sentence);
	return current.kind === "refused" ? {
		events: ofEarlier,
		failure: newTokenRefused()
	} : {
		events: [describeCurrent(current), ...ofEarlier],
		failure: null
	};
}
async function codexOf({ verifier, log }) {
	try {
		return await verifier();
	} catch (error) {
		if (!(error instanceof require_main.Failure)) throw error;
		log.warning(`The new access token was not tried out. ${error.message}`);
		return null;
	}
}
function tell(log, results) {
	if (results.length === 0) return NOTHING;
	for (const result of results) {
		if (result.kind !== "failed") continue;
		const { destination, failure } = result;
		log.warning(`Access copy \`${destination.text}\`: ${failure.message} ${failure.hint}`);
	}
	const sentence = describeResults(results);
	log.info(sentence);
	return {
		events: [sentence],
		failure: failureOf(results)
	};
}

exports.attend = attend;
exports.readDestinations = readDestinations;