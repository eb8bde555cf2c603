"use strict";

const require_main = require("../main.cjs");

// src/core/login/compare.ts
function judge(before, after) {
	const login = after === null ? null : require_main.AuthJson.read(after) ?? before.salvage(after);
	if (after === null || login === null) return {
		kind: "broken",
		failure: new require_main.Failure("refresh-broke-login", after === null ? "Codex left no auth.json." : "Codex left an auth.json in which there is no refresh token.", "The login before it is kept.")
	};
	const oddity = login.isOfOtherAccount(before) ? "The file belongs to another ChatGPT account." : oddityOf(after);
	if (!login.refreshToken.equals(before.refreshToken)) return {
		kind: "rotated",
		login,
		oddity
	};
	if (!login.accessToken.equals(before.accessToken)) return {
		kind: "renewed",
		login,
		oddity
	};
	return { kind: "unchanged" };
}
function oddityOf(text) {
	try {
		require_main.AuthJson.parse(text);
		return null;
	} catch (error) {
		if (error instanceof require_main.Failure) return error.message;
		throw error;
	}
}

Object.defineProperty(exports, "judge", {
  enumerable: true,
  get: function () {
    return judge;
  }
});