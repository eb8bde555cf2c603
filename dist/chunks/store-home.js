import "./rolldown-runtime.js";
import { Et as maskTokens, Nt as authPath, Ut as lastWritten, nn as Failure, rt as codexWouldRefresh } from "./quiet.js";
import { t as judge } from "./compare.js";
import { t as GitHubError } from "./github-error.js";
import { a as writeBack, d as settleLedger, f as saveNotes, i as withSession, n as openSession, p as newHolder, r as timeOf } from "./write-session.js";
import { n as poll } from "./retry2.js";

// src/login/store-late.ts
const WRITE_TIMEOUT_MS = 6e4;
const OUTDATED_MS = 1e4;
async function withWriteToken(services, act) {
	const session = await openSession(services, { workedEarlier: true });
	if (session instanceof Failure) return act(session);
	try {
		return await act(withSession(services, session, "when-due"));
	} finally {
		await session.close();
	}
}
async function storeLate(services, login) {
	const { handed, handoff, log, clock } = services;
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
		const seen = open instanceof Failure ? "not-answered" : await askForClaim(open, claim);
		if (seen === null) return {
			kind: "refused",
			ledger,
			failure: notHeld(),
			rescue: null
		};
		if (!(open instanceof Failure) && seen !== "not-answered") {
			if (seen.claim?.state === "stored") return {
				kind: "stored",
				ledger
			};
			const next = seen.claim?.next;
			if (next && next !== open.claims.nameOf(document)) return {
				kind: "refused",
				ledger,
				failure: notHeld(),
				rescue: null
			};
		}
		const savedAt = open instanceof Failure ? clock.now() : await timeOf(open);
		const inHandoff = await saveNotes({
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
		if (open instanceof Failure) return {
			...pending,
			failure: open
		};
		const known = seen === "not-answered" ? null : seen.claim;
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
		const outcome = await writeBack(open, {
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
			holder: claim?.holder ?? newHolder(open.randomness),
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
		return settleLedger(open, {
			ledger,
			outcome,
			inHandoff
		});
	});
}
async function letGoOf(services, claim, { sent }) {
	await withWriteToken(services, async (open) => {
		if (open instanceof Failure) return;
		if (sent === "nothing" || /_R\d$/.test(claim.name)) return open.claims.giveBack(claim);
		const seen = await askForClaim(open, claim);
		if (seen === null || seen === "not-answered" || seen.claim?.state !== "open") return;
		await open.claims.tell(claim.name, seen.claim, { released: true });
	});
}
async function askForClaim({ claims, clock }, claim) {
	if (claim === null) return "not-answered";
	try {
		return await poll(clock, { withinMs: OUTDATED_MS }, () => claims.isHeld(claim), (seen) => seen !== null);
	} catch (error) {
		if (!(error instanceof GitHubError)) throw error;
		return "not-answered";
	}
}
function noAnswer() {
	return new Failure("github-unreachable", "GitHub's API did not answer.", "This usually passes: run the job again, and see githubstatus.com.");
}
function notHeld() {
	return new Failure("write-back-refused", "What this job left behind does not agree with the claim that GitHub holds, so nothing was stored. The secret is as it was.", "Run maintenance. If it says that the login is over, log in again; and look what else runs in this job.");
}

// src/login/store-home.ts
async function storeChangedHome(services, place, until) {
	const isUntouched = await isAsWritten(services, place, until);
	const text = isUntouched ? null : await services.files.read(authPath(place.home));
	const ledger = await services.ledgerFile.load();
	if (ledger === null || ledger.claim === null) return null;
	const { document: before, claim } = ledger;
	const verdict = isUntouched ? { kind: "unchanged" } : judge(before, text);
	if (verdict.kind === "unchanged" || verdict.kind === "broken") {
		if (until === "job-ends") {
			const isSure = isUntouched && !codexWouldRefresh(before, services.clock.now());
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
	maskTokens(document, log);
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
	const stamp = await files.stamp(authPath(place.home));
	if (stamp === null) return false;
	if (stamp !== place.written && stamp !== await lastWritten(files, place)) return false;
	return until === "job-goes-on" || (await processes.usingHome(place.home)).length === 0;
}
function notOurs() {
	return new Failure("write-back-refused", "The login in the home is older than the one that this job was given, or of another account, so it was not stored. The secret is as it was.", "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.");
}

export { withWriteToken as i, letGoOf as n, storeLate as r, storeChangedHome as t };