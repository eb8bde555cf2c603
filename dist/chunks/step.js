import { a as getInput, u as setFailed } from "./core.js";
import { D as readInputs, N as Failure, l as readSurroundings } from "./step-channel.js";
import { readFile } from "node:fs/promises";

// src/entry/step.ts
/**
* Reads the inputs and takes them out of the environment: whatever this process starts from now on, a library's `tar`
* included, is not handed them.
*/
function takeInputs() {
	try {
		return readInputs(getInput);
	} finally {
		for (const name of Object.keys(process.env)) if (name.startsWith("INPUT_")) delete process.env[name];
	}
}
async function surroundingsOfStep() {
	const path = process.env.GITHUB_EVENT_PATH;
	const payload = path ? await readFile(path, "utf8").catch(() => null) : null;
	return readSurroundings(process.env, payload);
}
/** Fails the step: what is wrong, what to do, and the code under which docs/troubleshooting.md explains it. */
function failStep(error) {
	if (error instanceof Failure) setFailed(`${error.message} ${error.hint} [${error.code}]`);
	else setFailed(`This is a bug of codex-auth-roundtrip: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
}
/** Ends the process now: a connection that nobody waits for must not hold the job up. */
function endProcess() {
	process.exit();
}

export { takeInputs as i, failStep as n, surroundingsOfStep as r, endProcess as t };