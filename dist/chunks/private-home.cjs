"use strict";

const require_quiet = require("./quiet.cjs");
let node_path = require("node:path");

// src/action/private-home.ts
const ROOM_BYTES = 16777216;
function privateHomeAt(directory) {
	return {
		directory,
		home: (0, node_path.join)(directory, "home")
	};
}
async function makePrivateHome(files, randomness, { base, document, handed }) {
	const place = privateHomeAt((0, node_path.join)(require_quiet.loginDirectory(base), `critical-${Buffer.from(randomness.bytes(6)).toString("hex")}`));
	try {
		await files.makePrivateDirectory(require_quiet.loginDirectory(base));
		await files.makePrivateDirectory(place.directory);
		await files.makePrivateDirectory(place.home);
		await files.write((0, node_path.join)(place.directory, "predecessor.json"), document.line().reveal(), 384);
		await files.write((0, node_path.join)(place.directory, "handed.json"), handed.line().reveal(), 384);
		await files.write(require_quiet.authPath(place.home), document.whole().reveal(), 384);
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
	return new require_quiet.Failure("home-unwritable", "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed.", "Free some space under RUNNER_TEMP, or check its permissions.", { cause });
}
async function readPrivateHome(files, place) {
	const predecessor = await files.read((0, node_path.join)(place.directory, "predecessor.json"));
	const handed = await files.read((0, node_path.join)(place.directory, "handed.json"));
	if (predecessor === null || handed === null) return null;
	const [before, given] = [predecessor, handed].map((text) => require_quiet.Document.read(text));
	if (!before || !given) return null;
	return {
		predecessor: before,
		handed: given,
		after: await files.read(require_quiet.authPath(place.home))
	};
}

Object.defineProperty(exports, "makePrivateHome", {
  enumerable: true,
  get: function () {
    return makePrivateHome;
  }
});
Object.defineProperty(exports, "noRoom", {
  enumerable: true,
  get: function () {
    return noRoom;
  }
});
Object.defineProperty(exports, "privateHomeAt", {
  enumerable: true,
  get: function () {
    return privateHomeAt;
  }
});
Object.defineProperty(exports, "readPrivateHome", {
  enumerable: true,
  get: function () {
    return readPrivateHome;
  }
});