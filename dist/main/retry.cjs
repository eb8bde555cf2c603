"use strict";

const require_main = require("../main.cjs");

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
	if (status === null) return said === null ? "GitHub's API did not answer." : `GitHub's API gave no answer that can be read: ${require_main.foreign(said)}.`;
	return said === null ? `GitHub's API answered ${status}.` : `GitHub's API answered ${status}: ${require_main.foreign(said)}.`;
}
function canRepair(error) {
	const { status, retryAfterMs } = error;
	return status === null || status >= 500 || status === 429 || status === 408 || status === 403 && retryAfterMs !== null;
}

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
		if (error === null || !canRepair(error)) return null;
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
		if (!(error instanceof GitHubError)) throw error;
		return { error };
	}
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
Object.defineProperty(exports, "waitAskedFor", {
  enumerable: true,
  get: function () {
    return waitAskedFor;
  }
});