"use strict";

const require_code_variables = require("./code-variables.cjs");
const require_main = require("../main.cjs");
let node_path = require("node:path");

// src/action/job/choose-codex.ts
async function provideCodex(program, channel, asked) {
	const present = asked === null ? await program.locate() : null;
	if (present) return present;
	const installed = await program.install(asked ?? "0.169.0");
	channel.addPath((0, node_path.dirname)(installed));
	return installed;
}
async function tellVersion(program, channel, command) {
	const version = await program.version(command);
	if (version === null) throw new require_main.Failure("codex-missing", "The `codex` on PATH does not run.", "Install it again, or set `codex-version`.");
	channel.setOutputs({ "codex-version": version });
	return version;
}

Object.defineProperty(exports, "provideCodex", {
  enumerable: true,
  get: function () {
    return provideCodex;
  }
});
Object.defineProperty(exports, "tellVersion", {
  enumerable: true,
  get: function () {
    return tellVersion;
  }
});