import { At as AuthJson, Gt as loginDirectory, Nt as authPath, nn as Failure } from "./quiet.js";
import { join } from "node:path";

// src/login/private-home.ts
const ROOM_BYTES = 16777216;
function privateHomeAt(directory) {
	return {
		directory,
		home: join(directory, "home")
	};
}
async function makePrivateHome(files, randomness, { base, document, handed }) {
	const place = privateHomeAt(join(loginDirectory(base), `critical-${Buffer.from(randomness.bytes(6)).toString("hex")}`));
	try {
		await files.makePrivateDirectory(loginDirectory(base));
		await files.makePrivateDirectory(place.directory);
		await files.makePrivateDirectory(place.home);
		await files.write(join(place.directory, "predecessor.json"), document.line().reveal(), 384);
		await files.write(join(place.directory, "handed.json"), handed.line().reveal(), 384);
		await files.write(authPath(place.home), document.whole().reveal(), 384);
		const room = join(place.home, "room");
		await files.write(room, new Uint8Array(ROOM_BYTES), 384);
		await files.remove(room);
		return place;
	} catch (error) {
		await files.remove(place.directory).catch(() => {});
		throw noRoom(error);
	}
}
function noRoom(cause) {
	return new Failure("home-unwritable", "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed.", "Free some space under RUNNER_TEMP, or check its permissions.", { cause });
}
async function readPrivateHome(files, place) {
	const predecessor = await files.read(join(place.directory, "predecessor.json"));
	const handed = await files.read(join(place.directory, "handed.json"));
	if (predecessor === null || handed === null) return null;
	const [before, given] = [predecessor, handed].map((text) => AuthJson.read(text));
	if (!before || !given) return null;
	return {
		predecessor: before,
		handed: given,
		after: await files.read(authPath(place.home))
	};
}

export { readPrivateHome as i, noRoom as n, privateHomeAt as r, makePrivateHome as t };