"use strict";

const require_github_error = require("./github-error.cjs");

// src/login/retry.ts
const PAUSE_MS = 1e3;
const POLL_MS = 1e3;
const ATTEMPTS = 3;
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
async function insist({ clock, log }, { withinMs }, ask) {
	const beganMs = clock.monotonicMs();
	const outcome = await repeat(clock, () => answerOf(ask), ({ error = null }, attempt) => {
		if (error === null || !require_github_error.canRepair(error)) return null;
		const waitMs = Math.max(PAUSE_MS * attempt, error.retryAfterMs ?? 0);
		const isLimit = error.retryAfterMs !== null;
		const deadlineMs = beganMs + (isLimit ? LIMIT_WITHIN_MS : withinMs);
		if (attempt >= ATTEMPTS && !isLimit || clock.monotonicMs() + waitMs > deadlineMs) return null;
		log.info(`${error.message} Trying again in ${Math.ceil(waitMs / 1e3)} s.`);
		return waitMs;
	});
	if (outcome.error) throw outcome.error;
	return outcome.answer;
}
async function answerOf(ask) {
	try {
		return { answer: await ask() };
	} catch (error) {
		if (!(error instanceof require_github_error.GitHubError)) throw error;
		return { error };
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