"use strict";
require("../post.cjs");
let e = require("node:path");
// src/action/protection.ts
const t = "/etc/codex/requirements.toml";
async function n(e, n) {
	await e.removeRequirements(t, n);
}
exports.removeRequirements = n;
