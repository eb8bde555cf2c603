import { N as Failure, g as authPath, w as Document } from "./step-channel.js";
import { join } from "node:path";

// src/core/ledger.ts
/** A write whose answer was lost may have been applied a moment after we gave up on it. */
const AFTER_ATTEMPT_MS = 5e3;
/** A PUT that we were killed in has at most its own time-out and that moment. */
const OPEN_ATTEMPT_MS = 15e3;
/**
* Whether an `updated_at` is the work of one of our attempts: confirmed, or inside the window of one whose answer was lost.
* The window begins with the whole second the attempt began in, because `updated_at` has whole seconds.
*/
function isOurAttempt(attempts, updatedAt) {
	const at = updatedAt.getTime();
	return attempts.some((attempt) => {
		if (attempt.updatedAt !== null) return attempt.updatedAt.getTime() === at;
		if (attempt.outcome === "failed") return false;
		const from = Math.floor(attempt.startedAt.getTime() / 1e3) * 1e3;
		const to = attempt.endedAt === null ? attempt.startedAt.getTime() + OPEN_ATTEMPT_MS : attempt.endedAt.getTime() + AFTER_ATTEMPT_MS;
		return from <= at && at <= to;
	});
}
/** Writes the ledger as the text that goes into its envelope: JSON, documents as lines, dates in ISO 8601. */
function writeLedger(ledger) {
	return JSON.stringify({
		...ledger,
		document: ledger.document.line().reveal(),
		predecessor: ledger.predecessor?.line().reveal() ?? null
	});
}
/** @returns `null` for anything that {@link writeLedger} did not write. */
function readLedger(text) {
	try {
		const json = JSON.parse(text);
		if (typeof json.document !== "string" || typeof json.published !== "boolean" || !Array.isArray(json.attempts)) return null;
		return {
			document: Document.parse(json.document),
			predecessor: typeof json.predecessor === "string" ? Document.parse(json.predecessor) : null,
			expectedUpdatedAt: dateOf(json.expectedUpdatedAt),
			published: json.published,
			attempts: json.attempts.map(readAttempt)
		};
	} catch (error) {
		if (error instanceof Failure || error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError) return null;
		throw error;
	}
}
function readAttempt(json) {
	const { outcome } = json;
	if (outcome !== "written" && outcome !== "failed" && outcome !== "unanswered") throw new RangeError("no outcome");
	return {
		startedAt: dateOf(json.startedAt),
		endedAt: json.endedAt === null ? null : dateOf(json.endedAt),
		updatedAt: json.updatedAt === null ? null : dateOf(json.updatedAt),
		outcome
	};
}
function dateOf(value) {
	const date = new Date(typeof value === "string" ? value : NaN);
	if (Number.isNaN(date.getTime())) throw new RangeError("no date");
	return date;
}

// src/action/ledger-file.ts
function ledgerFile(files, cipher, { base, holder }) {
	const path = ledgerPath(base);
	return {
		load: async () => {
			const envelope = await files.readBytes(path);
			const text = envelope && await cipher.open(holder, "ledger", envelope);
			return text ? readLedger(text) : null;
		},
		save: async (ledger) => files.write(path, await cipher.seal(holder, "ledger", writeLedger(ledger)), 384)
	};
}
function ledgerPath(base) {
	return join(base, "ledger");
}

// src/action/private-home.ts
/** More than Codex needs to write the next document: a full disk is found out before the token is spent. */
const ROOM_BYTES = 262144;
function privateHomeAt(directory) {
	return {
		directory,
		home: join(directory, "home")
	};
}
/** @throws {Failure} `home-unwritable`, before anything is spent */
async function makePrivateHome(files, randomness, { base, document, handed, configFrom }) {
	const place = privateHomeAt(join(base, `critical-${Buffer.from(randomness.bytes(6)).toString("hex")}`));
	try {
		await files.makePrivateDirectory(place.directory);
		await files.makePrivateDirectory(place.home);
		await files.write(join(place.directory, "predecessor.json"), document.line().reveal(), 384);
		await files.write(join(place.directory, "handed.json"), handed.line().reveal(), 384);
		const config = await files.readBytes(join(configFrom, "config.toml"));
		if (config) await files.write(join(place.home, "config.toml"), config, 384);
		await files.write(authPath(place.home), document.whole().reveal(), 384);
		const room = join(place.home, "room");
		await files.write(room, new Uint8Array(ROOM_BYTES), 384);
		await files.remove(room);
		return place;
	} catch (error) {
		await files.remove(place.directory).catch(() => {});
		throw new Failure("home-unwritable", "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed.", "Free some space under RUNNER_TEMP, or check its permissions.", { cause: error });
	}
}
/** What a private home was made with. @returns `null` where it is gone or was never finished */
async function readPrivateHome(files, place) {
	const predecessor = await files.read(join(place.directory, "predecessor.json"));
	const handed = await files.read(join(place.directory, "handed.json"));
	if (predecessor === null || handed === null) return null;
	try {
		return {
			predecessor: Document.parse(predecessor),
			handed: Document.parse(handed),
			after: await files.read(authPath(place.home))
		};
	} catch (error) {
		if (error instanceof Failure) return null;
		throw error;
	}
}

export { ledgerPath as a, ledgerFile as i, privateHomeAt as n, isOurAttempt as o, readPrivateHome as r, makePrivateHome as t };