"use strict";

let node_path = require("node:path");
let node_fs = require("node:fs");
let node_crypto = require("node:crypto");
let node_fs_promises = require("node:fs/promises");
let node_stream_promises = require("node:stream/promises");

// src/adapters/codex/package-files.ts
const LEFT_OUT = "codex-resources/voice/";
const digests = /* @__PURE__ */ new Map();
function digestOfFiles(directory) {
	const known = digests.get(directory) ?? digest(directory);
	digests.set(directory, known);
	return known;
}
async function digest(directory) {
	const entries = await (0, node_fs_promises.readdir)(directory, {
		recursive: true,
		withFileTypes: true
	});
	if (entries.some((entry) => !entry.isFile() && !entry.isDirectory())) return null;
	const paths = entries.filter((entry) => entry.isFile()).map((entry) => (0, node_path.relative)(directory, (0, node_path.join)(entry.parentPath, entry.name)).replaceAll(node_path.sep, "/")).filter((path) => !path.startsWith(LEFT_OUT)).sort();
	const whole = (0, node_crypto.createHash)("sha256");
	for (const path of paths) {
		const hash = (0, node_crypto.createHash)("sha256");
		await (0, node_stream_promises.pipeline)((0, node_fs.createReadStream)((0, node_path.join)(directory, path), { highWaterMark: 1 << 20 }), hash);
		whole.update(`${path}\0${hash.digest("hex")}\n`);
	}
	return whole.digest("hex");
}

exports.digestOfFiles = digestOfFiles;