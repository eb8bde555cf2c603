"use strict";

const require_main = require("../main.cjs");
const require_code_variables = require("./code-variables.cjs");
let node_path = require("node:path");

// src/core/codex/sandbox-verdict.ts
const LEAST_CODEX_VERSION = "0.138.0";
function sandboxFailure(trial, { command, version }, platform) {
	const codex = `Codex ${version} at ${require_main.foreign(command)}`;
	switch (trial.kind) {
		case "protects": return null;
		case "reads": return outdated(`${codex} does not keep commands out of the login: one in its sandbox, under our permission profile, could read a file beside it. The model was not asked.`);
		case "broken": {
			const said = lastWords(trial.output);
			const words = said === "" ? "" : `: ${require_main.foreign(said)}`;
			if (isOlder(version, "0.138.0")) return outdated(`${codex} has no permission profiles${words}. The model was not asked.`);
			return new require_main.Failure("sandbox-unavailable", `This machine cannot run Codex's sandbox, which keeps the model's commands out of the login${words}. The model was not asked.`, `${adviceFor(platform)} With \`protect-auth: off\` the prompt runs without that protection, and the model could read the login.`);
		}
	}
}
function outdated(message) {
	return new require_main.Failure("codex-outdated", message, `Set \`codex-version\` (${LEAST_CODEX_VERSION} or newer; this release was tested with ${require_code_variables.TESTED_CODEX_VERSION}), or remove that \`codex\` from PATH. With \`protect-auth: off\` it runs all the same, and the model could read the login.`);
}
function adviceFor(platform) {
	switch (platform) {
		case "linux": return "Allow user namespaces: on Ubuntu `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` in an earlier step; in a container, options such as `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`. A `codex-home` must not be below the temporary directory.";
		case "win32": return "On Windows Codex cannot deny the reading of single directories: run this job on Linux, macOS or in WSL.";
		default: return "Run this job on a GitHub-hosted runner, or where Codex's sandbox works (`codex sandbox -- true`).";
	}
}
function lastWords(output) {
	return output.split(/\r?\n/).map((line) => line.trim()).findLast((line) => line !== "" && !/^(\d+:|note:|stack backtrace)|^Stack backtrace/i.test(line)) ?? "";
}
function isOlder(version, least) {
	const [one = [], other = []] = [version, least].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
	for (const [index, number] of other.entries()) {
		const difference = (one[index] ?? 0) - number;
		if (difference !== 0) return difference < 0;
	}
	return false;
}

// src/action/job/sandbox-probe.ts
async function demandSandbox({ inputs, files, program }, probe) {
	if (inputs.protectAuth === "off" || inputs.sandbox === "danger-full-access") return;
	const { codex, directory, guarded, environment } = probe;
	const home = (0, node_path.join)(probe.home, ".sandbox-probe");
	await files.makePrivateDirectory(home);
	const canary = await placeCanary(files, guarded.loginDirectory);
	try {
		const flags = require_main.protectionFlags(inputs, guarded);
		const denied = canary ?? guarded.loginDirectory;
		const trial = await program.trySandbox(codex.command, {
			home,
			directory,
			flags,
			environment,
			denied
		});
		const failure = sandboxFailure(trial, codex, process.platform);
		if (failure) throw failure;
	} finally {
		await files.remove(home);
		if (canary !== null) await files.remove(canary);
	}
}
async function placeCanary(files, denied) {
	if ((0, node_path.basename)(denied) === "auth.json") return null;
	const canary = (0, node_path.join)(await require_main.realpathOfNearest(files, denied), "canary");
	await files.write(canary, "A command in the sandbox must not read this.\n", 384);
	return canary;
}

exports.demandSandbox = demandSandbox;