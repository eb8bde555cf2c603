import "./rolldown-runtime.js";
import { join, relative, sep } from "node:path";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

// src/adapters/codex/package-files.ts
const LEFT_OUT = "codex-resources/voice/";
const digests = /* @__PURE__ */ new Map();
function digestOfFiles(directory) {
	const known = digests.get(directory) ?? digest(directory);
	digests.set(directory, known);
	return known;
}
async function digest(directory) {
	const entries = await readdir(directory, {
		recursive: true,
		withFileTypes: true
	});
	if (entries.some((entry) => !entry.isFile() && !entry.isDirectory())) return null;
	const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll(sep, "/")).filter((path) => !path.startsWith(LEFT_OUT)).sort();
	const whole = createHash("sha256");
	for (const path of paths) {
		const hash = createHash("sha256");
		await pipeline(createReadStream(join(directory, path), { highWaterMark: 1 << 20 }), hash);
		whole.update(`${path}\0${hash.digest("hex")}\n`);
	}
	return whole.digest("hex");
}

export { digestOfFiles };