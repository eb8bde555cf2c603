"use strict";

const require_main = require("../main.cjs");

// src/core/codex/login-rules.ts
const NAMES = [
	"forced_login_method",
	"forced_chatgpt_workspace_id",
	"cli_auth_credentials_store"
];
function forbiddingSetting(layers, accountId) {
	for (const name of NAMES) {
		const layer = layers.find((candidate) => candidate[name] != null);
		if (layer === void 0 || !forbids(name, layer[name], accountId)) continue;
		return {
			setting: `${name} = ${JSON.stringify(layer[name])}`,
			source: layer.source
		};
	}
	return null;
}
function forbids(name, value, accountId) {
	switch (name) {
		case "forced_login_method": return value !== "chatgpt";
		case "forced_chatgpt_workspace_id": return !(Array.isArray(value) ? value : [value]).includes(accountId);
		case "cli_auth_credentials_store": return value !== "file" && value !== "auto";
	}
}
function tellForbidden({ setting, source }) {
	return `Codex's configuration on this machine does not allow this login: ${require_main.foreign(setting)} in ${require_main.foreign(source)}. The login itself is healthy, and OpenAI was not asked.`;
}
const CHANGE_SETTING = "Change that setting, use a machine without it, or seed a login that it allows. Do not log in again for this.";

Object.defineProperty(exports, "CHANGE_SETTING", {
  enumerable: true,
  get: function () {
    return CHANGE_SETTING;
  }
});
Object.defineProperty(exports, "forbiddingSetting", {
  enumerable: true,
  get: function () {
    return forbiddingSetting;
  }
});
Object.defineProperty(exports, "tellForbidden", {
  enumerable: true,
  get: function () {
    return tellForbidden;
  }
});