"use strict";

const require_post = require("../post.cjs");

// src/core/failure/github-error.ts
var GitHubError = class extends Error {
	status;
	retryAfterMs;
	permission;
	said;
	constructor(message, options) {
		super(message, { cause: options.cause });
		this.name = "GitHubError";
		this.status = options.status;
		this.retryAfterMs = options.retryAfterMs ?? null;
		this.permission = options.permission ?? null;
		this.said = options.said ?? null;
	}
};
const SECONDS_FOR_A_LIMIT = 60;
function waitAskedFor({ status, said, headers, now }) {
	const retryAfterMs = readRetryAfter(headers["retry-after"], now);
	if (retryAfterMs !== null) return retryAfterMs;
	if (status !== 403 && status !== 429) return null;
	if (headers["x-ratelimit-remaining"] === "0") {
		const waitMs = Number(headers["x-ratelimit-reset"]) * 1e3 - now.getTime();
		return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : SECONDS_FOR_A_LIMIT * 1e3;
	}
	return status === 429 || LIMIT.test(said ?? "") ? SECONDS_FOR_A_LIMIT * 1e3 : null;
}
const LIMIT = /rate limit|abuse detection|temporarily blocked|too (many|quickly)|try again later|retry your request/i;
function readRetryAfter(header, now) {
	if (header === void 0) return null;
	const waitMs = /^\s*\d+\s*$/.test(header) ? Number(header) * 1e3 : Date.parse(header) - now.getTime();
	return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : null;
}
function describeAnswer(status, said) {
	if (status === null) return said === null ? "GitHub's API did not answer." : `GitHub's API gave no answer that can be read: ${require_post.foreign(said)}.`;
	return said === null ? `GitHub's API answered ${status}.` : `GitHub's API answered ${status}: ${require_post.foreign(said)}.`;
}
function canRepair(error) {
	const { status, retryAfterMs } = error;
	return status === null || status >= 500 || status === 429 || status === 408 || status === 403 && retryAfterMs !== null;
}

Object.defineProperty(exports, "GitHubError", {
  enumerable: true,
  get: function () {
    return GitHubError;
  }
});
Object.defineProperty(exports, "canRepair", {
  enumerable: true,
  get: function () {
    return canRepair;
  }
});
Object.defineProperty(exports, "describeAnswer", {
  enumerable: true,
  get: function () {
    return describeAnswer;
  }
});
Object.defineProperty(exports, "waitAskedFor", {
  enumerable: true,
  get: function () {
    return waitAskedFor;
  }
});