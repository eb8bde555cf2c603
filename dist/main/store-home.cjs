"use strict";

const require_main = require("../main.cjs");
const require_compare = require("./compare.cjs");
const require_write_back = require("./write-back.cjs");
const require_retry = require("./retry.cjs");

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
		const seen = open instanceof require_main.Failure ? "not-answered" : await askForClaim(open, claim);
		const settled = settledBy(seen, {
			ledger,
			place
		});
		if (settled !== null) return settled;
		const savedAt = open instanceof require_main.Failure ? clock.now() : await require_write_back.timeOf(open);
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
			const silence = new require_retry.GitHubError(require_retry.describeAnswer(null, null), { status: null });
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
		if (open instanceof require_main.Failure) return;
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
	return new require_main.Failure("write-back-refused", "What this job left behind does not agree with the claim that GitHub holds, so nothing was stored. The secret is as it was.", "Run maintenance. If it says that the login is over, log in again; and look what else runs in this job.");
}

// src/login/store-home.ts
async function storeChangedHome(services, place, until) {
	const isUntouched = await isAsWritten(services, place, until);
	const text = isUntouched ? null : await services.files.read(require_main.authPath(place.home));
	const ledger = await services.ledgerFile.load();
	if (ledger === null || ledger.claim === null) return null;
	const { login: before, claim } = ledger;
	const verdict = isUntouched ? { kind: "unchanged" } : require_compare.judge(before, text);
	if (verdict.kind === "unchanged" || verdict.kind === "broken") {
		if (until === "job-ends") {
			const isSure = isUntouched && !require_main.codexWouldRefresh(before, services.clock.now());
			await letGoOf(services, claim, { sent: isSure ? "nothing" : "perhaps" });
		}
		if (verdict.kind === "broken") throw verdict.failure;
		return null;
	}
	return storeChanged(services, ledger, verdict.login);
}
async function storeChanged(services, { login: before, predecessor, claim, before: updatedAt }, login) {
	const { handed, log } = services;
	require_main.maskTokens(login, log);
	if ([handed, predecessor].some((earlier) => earlier?.refreshToken.equals(login.refreshToken)) && !login.refreshToken.equals(before.refreshToken) || login.accessTokenIssuedAt.getTime() < before.accessTokenIssuedAt.getTime() || login.isOfOtherAccount(before)) throw new require_main.Failure("write-back-refused", "The login in the home is older than the one that this job was given, or of another account, so it was not stored. The secret is as it was.", "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.");
	log.info(`The login in the home has changed: generation ${before.generation} became ${login.generation}.`);
	return storeLate(services, {
		login,
		predecessor: before,
		claim,
		before: updatedAt
	});
}
async function isAsWritten({ files, processes }, place, until) {
	const stamp = await files.stamp(require_main.authPath(place.home));
	if (stamp === null) return false;
	if (stamp !== place.written && stamp !== await require_main.lastWritten(files, place)) return false;
	return until === "job-goes-on" || (await processes.usingHome(place.home)).length === 0;
}

exports.storeChangedHome = storeChangedHome;