import { p as isBelow } from "./quiet.js";

// src/entry/own-path.ts
const { realpathSync } = process.getBuiltinModule("node:fs");
const { delimiter, isAbsolute, resolve } = process.getBuiltinModule("node:path");
let ofJob = process.env.PATH ?? "";
let own = ofJob;
let replaceable = [];
function leaveWorkspaceOut({ workingDirectory }) {
	const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
	replaceable = [workspace, resolve(workspace, workingDirectory ?? "")].map(real);
	ofJob = process.env.PATH ?? "";
	own = outsideWorkspace(ofJob);
	if (own !== ofJob) process.env.PATH = own;
}
function outsideWorkspace(path) {
	return path.split(delimiter).filter(isAbsolute).filter((entry) => !replaceable.some((root) => isBelow(root, real(entry)))).join(delimiter);
}
function pathOfJob() {
	const now = process.env.PATH ?? "";
	return now.endsWith(own) ? now.slice(0, now.length - own.length) + ofJob : ofJob;
}
function real(path) {
	try {
		return realpathSync.native(path);
	} catch {
		return resolve(path);
	}
}

export { outsideWorkspace as n, pathOfJob as r, leaveWorkspaceOut as t };