import "./rolldown-runtime.js";
import { a as writableRootsIn } from "./arguments.js";
import { nn as Failure } from "./quiet.js";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

// src/action/job/prompt-files.ts
const PROMPT_BYTES = 16777216;
const SCHEMA_BYTES = 1048576;
async function readNamedFile(named, input, { path, ...place }) {
	const limitBytes = input === "prompt-file" ? PROMPT_BYTES : SCHEMA_BYTES;
	const outcome = await named.read(placeOf(input, path, place.root), {
		...place,
		limitBytes
	});
	if (outcome.kind === "read") return Buffer.from(outcome.bytes).toString("utf8");
	const why = {
		missing: "is not there",
		"not-a-file": "is no plain file",
		"too-large": `has more than ${limitBytes / 1024 / 1024} MiB`,
		unusable: "cannot be read"
	}[elsewise(input, path, outcome)];
	throw new Failure("prompt-unreadable", `The file in \`${input}\` ${why}: ${told(path)}`, "Paths are read from the workspace; is the checkout done?");
}
async function writeNamedFile(named, { path, content, ...place }) {
	const outcome = await named.write(placeOf("output-file", path, place.root), content, place);
	if (outcome.kind === "written") return;
	elsewise("output-file", path, outcome);
	throw new Failure("input-invalid", `The file in \`output-file\` cannot be written: ${told(path)}`, "Paths are read from the workspace, and the file's directory must be there. The output `final-message` has the answer.");
}
async function refusePlantedFiles(named, job) {
	const { home, loginPath, workingDirectory, directory, codexArgs, config, ...place } = job;
	refuseFileArguments(codexArgs);
	const own = workingDirectory ?? ".";
	const asked = [{
		input: "working-directory",
		path: own,
		absolute: placeOf("working-directory", own, place.root)
	}, ...writableRootsIn(codexArgs).map((path) => ({
		input: "codex-args",
		path,
		absolute: resolve(directory, path)
	}))];
	const reads = /* @__PURE__ */ new Set([home]);
	for (const { input, path, absolute } of asked) {
		const outcome = await named.directory(absolute, place);
		if (outcome.kind === "directory") for (const above of upwards(outcome.real)) reads.add(above);
		else elsewise(input, path, outcome);
	}
	for (const path of filesInSettings(codexArgs)) {
		const limitBytes = PROMPT_BYTES;
		const outcome = await named.read(resolve(directory, path), {
			...place,
			limitBytes
		});
		if (outcome.kind !== "read") elsewise("codex-args", path, outcome);
	}
	if (await named.hasOtherNames(loginPath)) throw new Failure("file-refused", "The login's file has a second name somewhere on this machine (a hard link), which no sandbox can be kept from.", "Find and remove it (`find / -xdev -samefile …/auth.json`); an archive that a step unpacked may have made it.");
	const instructions = [...INSTRUCTIONS, ...fallbacksIn([...codexArgs, config])];
	for (const readByCodex of reads) {
		const link = await named.linkTo(readByCodex, instructions, loginPath);
		if (link === null) continue;
		throw new Failure("file-refused", `${told(join(readByCodex, link))} is a link to the login, and Codex may read such a file by itself and send it to the model.`, "Remove the link, and find out which step or checkout made it.");
	}
}
const FILE_ARGUMENTS = [[/^--output-schema(=|$)/, "output-schema-file"], [/^(--output-last-message(=|$)|-o)/, "output-file"]];
function refuseFileArguments(codexArgs) {
	for (const word of codexArgs) {
		const [, input] = FILE_ARGUMENTS.find(([pattern]) => pattern.test(word)) ?? [];
		if (input === void 0) continue;
		throw new Failure("input-invalid", "`codex-args` names a file that Codex would open itself, through any link.", `Use the input \`${input}\` for it.`);
	}
}
const INSTRUCTIONS = ["AGENTS.md", "AGENTS.override.md"];
function fallbacksIn(settings) {
	const lists = /project_doc_fallback_filenames["']?\s*=\s*\[([^\]]*)\]/g;
	return settings.flatMap((text) => [...text.matchAll(lists)].flatMap(([, list = ""]) => [...list.matchAll(/("(?:[^"\\]|\\.)*")|'([^']*)'/g)].map(([, basic, literal = ""]) => basic === void 0 ? literal : unquoted(basic))));
}
function filesInSettings(codexArgs) {
	const settings = codexArgs.flatMap((word, index) => {
		if (/^(-c|--config)$/.test(codexArgs[index - 1] ?? "")) return [word];
		return /^(?:--config=|-c=?)(.+)$/s.exec(word)?.[1] ?? [];
	});
	const named = /\w_(?:file|json|path)["']?\s*=\s*(?:("(?:[^"\\]|\\.)*")|'([^']*)'|([^\s"',{}]+))/gs;
	return settings.flatMap((setting) => [...setting.matchAll(named)].map(([, basic, literal, bare]) => basic === void 0 ? literal ?? bare ?? "" : unquoted(basic)));
}
function unquoted(text) {
	try {
		return String(JSON.parse(text));
	} catch {
		return text.slice(1, -1);
	}
}
function placeOf(input, path, root) {
	const absolute = resolve(root, path);
	if (isAbsolute(path)) return absolute;
	const inside = relative(root, absolute);
	if (inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return absolute;
	throw new Failure("input-invalid", `The path in \`${input}\` leaves the workspace: ${told(path)}`, "For a place elsewhere, write its absolute path.");
}
function elsewise(input, path, { kind }) {
	if (kind !== "link" && kind !== "kept") return kind;
	throw new Failure("file-refused", `The path in \`${input}\` ${kind === "kept" ? "lies in a directory of the login" : "is a symbolic link, or lies behind one, and may lead anywhere"}: ${told(path)}`, "Name the file or directory itself, outside of the Codex home.");
}
function upwards(directory) {
	const parent = dirname(directory);
	return parent === directory ? [directory] : [directory, ...upwards(parent)];
}
function told(path) {
	return JSON.stringify(path.length > 300 ? `${path.slice(0, 300)}…` : path);
}

export { refusePlantedFiles as n, writeNamedFile as r, readNamedFile as t };