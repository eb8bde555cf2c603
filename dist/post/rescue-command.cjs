"use strict";

const require_post = require("../post.cjs");
let node_path = require("node:path");

// src/login/private-home.ts
const ROOM_BYTES = 16777216;
function privateHomeAt(directory) {
	return {
		directory,
		home: (0, node_path.join)(directory, "home")
	};
}
async function makePrivateHome(files, randomness, { base, document, handed }) {
	const place = privateHomeAt((0, node_path.join)(require_post.loginDirectory(base), `critical-${Buffer.from(randomness.bytes(6)).toString("hex")}`));
	try {
		await files.makePrivateDirectory(require_post.loginDirectory(base));
		await files.makePrivateDirectory(place.directory);
		await files.makePrivateDirectory(place.home);
		await files.write((0, node_path.join)(place.directory, "predecessor.json"), document.line().reveal(), 384);
		await files.write((0, node_path.join)(place.directory, "handed.json"), handed.line().reveal(), 384);
		await files.write(require_post.authPath(place.home), document.whole().reveal(), 384);
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
	return new require_post.Failure("home-unwritable", "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed.", "Free some space under RUNNER_TEMP, or check its permissions.", { cause });
}
async function readPrivateHome(files, place) {
	const predecessor = await files.read((0, node_path.join)(place.directory, "predecessor.json"));
	const handed = await files.read((0, node_path.join)(place.directory, "handed.json"));
	if (predecessor === null || handed === null) return null;
	const [before, given] = [predecessor, handed].map((text) => require_post.AuthJson.read(text));
	if (!before || !given) return null;
	return {
		predecessor: before,
		handed: given,
		after: await files.read(require_post.authPath(place.home))
	};
}

// src/core/login/encodings.ts
const WIDTHS = [76, 64];
const SHORTEST = 20;
function partsOf(token) {
	return token.split(".").filter((part) => part.length >= SHORTEST && part !== token);
}
function alignedForms(tokens) {
	const forms = [];
	for (const token of tokens.map((text) => Buffer.from(text))) for (const alignment of [
		0,
		1,
		2
	]) {
		const length = token.length - alignment;
		if (length < SHORTEST) continue;
		const end = alignment + length - length % 3;
		forms.push(token.toString("base64", alignment, end), token.toString("base64url", alignment, end));
	}
	return forms.filter((form) => form.length >= SHORTEST);
}
function lineForms(file, tokens) {
	const bytes = Buffer.from(file);
	const whole = bytes.toString("base64");
	const forms = [];
	for (const token of tokens) {
		const start = token === "" ? -1 : bytes.indexOf(token);
		if (start < 0) continue;
		const first = Math.floor(start * 4 / 3);
		const end = Math.ceil((start + Buffer.byteLength(token)) * 4 / 3);
		for (const width of WIDTHS) for (let line = first - first % width; line < end; line += width) forms.push(whole.slice(line, line + width));
	}
	return forms.filter((form) => form.length >= SHORTEST);
}

// src/login/read-login.ts
function readHanded(secret, log, hidden = secretsOf) {
	if (secret === null) throw new require_post.Failure("secret-empty", "The input `codex-auth-json` is empty.", "Likely causes: this run comes from a fork or from Dependabot, which get no secrets; the job does not name the `environment:` that holds the secret; or the secret has not been seeded yet.");
	try {
		const document = require_post.AuthJson.parse(secret.reveal());
		log.mask(secret, ...hidden(document));
		return document;
	} catch (error) {
		const document = error instanceof require_post.Failure && TOLERATED.has(error.code) ? require_post.AuthJson.read(secret.reveal()) : null;
		if (!(error instanceof require_post.Failure) || document === null) {
			log.mask(secret);
			throw error;
		}
		log.mask(secret, ...hidden(document));
		log.warning(`The login is written as this version does not know it: ${error.message} It is used as it is.`);
		return document;
	}
}
const TOLERATED = /* @__PURE__ */ new Set([
	"login-not-chatgpt",
	"login-id-token-missing",
	"login-account-missing",
	"login-last-refresh-missing"
]);
function maskTokens(document, log) {
	log.mask(...secretsOf(document));
}
function secretsOf(document) {
	const tokens = document.tokens.map((token) => token.reveal());
	const files = [
		document.withheld().reveal(),
		document.whole().reveal(),
		...tokens
	];
	const forms = [
		...alignedForms(tokens),
		...files.flatMap((file) => lineForms(file, tokens)),
		...tokens.flatMap(partsOf)
	];
	return [
		...document.tokens,
		document.content("base64"),
		...[...new Set(forms)].map((form) => new require_post.Secret(form))
	];
}

// src/login/rescue-command.ts
function rescueCommand(place, sealed, expectedUpdatedAt) {
	const path = `${require_post.secretsPath(place)}/${place.secretName}`.slice(1);
	return [
		`if test "$(gh api '${path}' --jq .updated_at)" = '${expectedUpdatedAt.toISOString().replace(".000Z", "Z")}'; then`,
		`  gh api --method PUT '${path}' -f key_id='${sealed.keyId}' \\`,
		`    -f encrypted_value='${sealed.encryptedValue}'`,
		"else",
		"  echo 'Nothing was changed: the secret cannot be read, or somebody has written it since.' >&2; false",
		"fi"
	].join("\n");
}
function tellRescue(log, what, command) {
	log.info(what);
	for (const line of command.split("\n")) log.info(line);
}

Object.defineProperty(exports, "makePrivateHome", {
  enumerable: true,
  get: function () {
    return makePrivateHome;
  }
});
Object.defineProperty(exports, "maskTokens", {
  enumerable: true,
  get: function () {
    return maskTokens;
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
Object.defineProperty(exports, "readHanded", {
  enumerable: true,
  get: function () {
    return readHanded;
  }
});
Object.defineProperty(exports, "readPrivateHome", {
  enumerable: true,
  get: function () {
    return readPrivateHome;
  }
});
Object.defineProperty(exports, "rescueCommand", {
  enumerable: true,
  get: function () {
    return rescueCommand;
  }
});
Object.defineProperty(exports, "tellRescue", {
  enumerable: true,
  get: function () {
    return tellRescue;
  }
});