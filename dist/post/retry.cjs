"use strict";

const require_rolldown_runtime = require("./rolldown-runtime.cjs");
const require_github_error = require("./github-error.cjs");

// src/login/retry.ts
var retry_exports = /* @__PURE__ */ require_rolldown_runtime.__exportAll({ poll: () => poll });
const PAUSE_MS = 1e3;
const POLL_MS = 1e3;
const ATTEMPTS = 3;
const WITHIN_MS = 15e3;
const LIMIT_WITHIN_MS = 15e4;
async function repeat(clock, act, pauseMs) {
	for (let attempt = 1;; attempt++) {
		const outcome = await act(attempt);
		const waitMs = pauseMs(outcome, attempt);
		if (waitMs === null) return outcome;
		await clock.sleep(waitMs);
	}
}
async function poll(clock, { withinMs, everyMs = POLL_MS, waiting = () => {}, cancelled = () => false }, ask, willDo) {
	const deadlineMs = clock.monotonicMs() + withinMs;
	return repeat(clock, ask, (answer, attempt) => {
		if (willDo(answer) || cancelled() || clock.monotonicMs() + everyMs > deadlineMs) return null;
		if (attempt === 1) waiting();
		return everyMs;
	});
}
async function insist({ clock, log }, ask) {
	const beganMs = clock.monotonicMs();
	for (let attempt = 1;; attempt++) try {
		return await ask();
	} catch (error) {
		if (!(error instanceof require_github_error.GitHubError) || !require_github_error.canRepair(error)) throw error;
		const waitMs = Math.max(PAUSE_MS * attempt, error.retryAfterMs ?? 0);
		const isLimit = error.retryAfterMs !== null;
		const deadlineMs = beganMs + (isLimit ? LIMIT_WITHIN_MS : WITHIN_MS);
		if (attempt >= ATTEMPTS && !isLimit || clock.monotonicMs() + waitMs > deadlineMs) throw error;
		log.info(`${error.message} Trying again in ${Math.ceil(waitMs / 1e3)} s.`);
		await clock.sleep(waitMs);
	}
}
async function unlessGitHubFails(ask, instead) {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof require_github_error.GitHubError) return instead(error);
		throw error;
	}
}

Object.defineProperty(exports, "insist", {
  enumerable: true,
  get: function () {
    return insist;
  }
});
Object.defineProperty(exports, "poll", {
  enumerable: true,
  get: function () {
    return poll;
  }
});
Object.defineProperty(exports, "repeat", {
  enumerable: true,
  get: function () {
    return repeat;
  }
});
Object.defineProperty(exports, "retry_exports", {
  enumerable: true,
  get: function () {
    return retry_exports;
  }
});
Object.defineProperty(exports, "unlessGitHubFails", {
  enumerable: true,
  get: function () {
    return unlessGitHubFails;
  }
});