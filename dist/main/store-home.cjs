"use strict";

const require_main = require("../main.cjs");
const require_compare = require("./compare.cjs");
const require_write_session = require("./write-session.cjs");
const require_github_error = require("./github-error.cjs");
const require_write_back = require("./write-back.cjs");
const require_retry = require("./retry.cjs");

// src/login/store-late.ts
const WRITE_TIMEOUT_MS = 6e4;
const OUTDATED_MS = 1e4;
async function withWriteToken(services, act) {
	const session = await require_write_session.openSession(services, { workedEarlier: true });
	if (session instanceof require_main.Failure) return act(session);
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
		const seen = open instanceof require_main.Failure ? "not-answered" : await askForClaim(open, claim);
		const settled = settledBy(seen, {
			ledger,
			place
		});
		if (settled !== null) return settled;
		const savedAt = open instanceof require_main.Failure ? clock.now() : await require_write_session.timeOf(open);
		const inHandoff = await require_write_back.saveNotes({
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
		if (open instanceof require_main.Failure) return {
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
		const outcome = await require_write_back.writeBack(open, {
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
		return require_write_back.settleLedger(open, {
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
		if (open instanceof require_main.Failure) return;
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
	return new require_main.Failure("github-unreachable", "GitHub's API did not answer.", "This usually passes: run the job again, and see githubstatus.com.");
}
function notHeld() {
	return new require_main.Failure("write-back-refused", "What this job left behind does not agree with the claim that GitHub holds, so nothing was stored. The secret is as it was.", "Run maintenance. If it says that the login is over, log in again; and look what else runs in this job.");
}

// src/login/store-home.ts
async function storeChangedHome(services, place, until) {
	const isUntouched = await isAsWritten(services, place, until);
	const text = isUntouched ? null : await services.files.read(require_main.authPath(place.home));
	const ledger = await services.ledgerFile.load();
	if (ledger === null || ledger.claim === null) return null;
	const { document: before, claim } = ledger;
	const verdict = isUntouched ? { kind: "unchanged" } : require_compare.judge(before, text);
	if (verdict.kind === "unchanged" || verdict.kind === "broken") {
		if (until === "job-ends") {
			const isSure = isUntouched && !require_main.codexWouldRefresh(before, services.clock.now());
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
	require_main.maskTokens(document, log);
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
	const stamp = await files.stamp(require_main.authPath(place.home));
	if (stamp === null) return false;
	if (stamp !== place.written && stamp !== await require_main.lastWritten(files, place)) return false;
	return until === "job-goes-on" || (await processes.usingHome(place.home)).length === 0;
}
function notOurs() {
	return new require_main.Failure("write-back-refused", "The login in the home is older than the one that this job was given, or of another account, so it was not stored. The secret is as it was.", "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.");
}

exports.storeChangedHome = storeChangedHome;