import { r as TESTED_CODEX_VERSION } from "./code-variables.js";
import { nn as Failure } from "./quiet.js";
import { dirname } from "node:path";

// src/action/job/choose-codex.ts
async function provideCodex(program, channel, asked) {
	const present = asked === null ? await program.locate() : null;
	if (present) return present;
	const installed = await program.install(asked ?? "0.169.0");
	channel.addPath(dirname(installed));
	return installed;
}
async function tellVersion(program, channel, command) {
	const version = await program.version(command);
	if (version === null) throw new Failure("codex-missing", "The `codex` on PATH does not run.", "Install it again, or set `codex-version`.");
	channel.setOutputs({ "codex-version": version });
}

export { tellVersion as n, provideCodex as t };