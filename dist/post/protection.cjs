"use strict";

require("../post.cjs");
let node_path = require("node:path");

// src/action/job/protection.ts
const REQUIREMENTS = "/etc/codex/requirements.toml";
async function removeRequirements(machine, guarded) {
	await machine.removeRequirements(REQUIREMENTS, guarded);
}

exports.removeRequirements = removeRequirements;