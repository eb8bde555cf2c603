"use strict";

const require_post = require("../post.cjs");

// src/core/github/secret-location.ts
function describePlace(place) {
	const scope = place.environment === null ? "repository" : `environment ${place.environment} of`;
	return `secret ${place.secretName} of ${scope} ${place.owner}/${place.repository}`;
}
function secretsPath(place) {
	const repository = `/repos/${place.owner}/${place.repository}`;
	return place.environment === null ? `${repository}/actions/secrets` : `${repository}/environments/${encodeName(place.environment)}/secrets`;
}
function variablesPath(place) {
	return secretsPath(place).replace(/secrets$/, "variables");
}
function encodeName(name) {
	return encodeURIComponent(name).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
function permissionOf(place) {
	return place.environment === null ? "secrets" : "environments";
}

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
	const retryAfter = Number(headers["retry-after"]);
	if (Number.isFinite(retryAfter) && retryAfter > 0) return retryAfter * 1e3;
	if (status !== 403 && status !== 429) return null;
	if (headers["x-ratelimit-remaining"] === "0") {
		const waitMs = Number(headers["x-ratelimit-reset"]) * 1e3 - now.getTime();
		return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : SECONDS_FOR_A_LIMIT * 1e3;
	}
	return /rate limit|abuse detection/i.test(said ?? "") ? SECONDS_FOR_A_LIMIT * 1e3 : null;
}
function describeAnswer(status, said) {
	if (status === null) return "GitHub's API did not answer.";
	return said === null ? `GitHub's API answered ${status}.` : `GitHub's API answered ${status}: ${require_post.foreign(said)}.`;
}
function canRepair(error) {
	const { status, retryAfterMs } = error;
	return status === null || status >= 500 || status === 429 || status === 408 || status === 403 && retryAfterMs !== null;
}
function explainSecretError(error, { place, credential, workedEarlier }) {
	const where = describePlace(place);
	const permission = `${permissionOf(place) === "secrets" ? error.permission ?? "Secrets" : "Environments"}: read and write`;
	const answer = error.said === null ? String(error.status) : `${error.status}: ${require_post.foreign(error.said)}`;
	const who = credential === "token" ? "The write token" : "The GitHub App";
	const grant = credential === "token" ? `Give the token in \`secret-write-token\` the repository permission "${permission}" for ${place.owner}/${place.repository}. GITHUB_TOKEN cannot have it.` : `Give the GitHub App the repository permission "${permission}", accept it in the installation, and install the App on ${place.owner}/${place.repository}.`;
	switch (error.status === 403 && canRepair(error) ? 429 : error.status) {
		case 401: return workedEarlier ? new require_post.Failure("write-token-revoked", `The token in \`secret-write-token\` worked earlier in this job and is now refused (${answer}).`, "A token from actions/create-github-app-token is revoked before our post step: pass `client-id` and `private-key` to this action instead, or set `skip-token-revoke: true` there.", { cause: error }) : new require_post.Failure("write-token-rejected", `GitHub does not accept the write token (${answer}): it is expired, revoked or mistyped.`, "Make a new fine-grained token and store it as the secret that `secret-write-token` reads.", { cause: error });
		case 403: return new require_post.Failure("write-token-forbidden", `${who} may not write the ${where} (${answer}).`, grant, { cause: error });
		case 404: return new require_post.Failure("write-token-cannot-reach-repository", `${who} cannot see the ${place.environment === null ? "secrets" : `environment ${place.environment}`} of ${place.owner}/${place.repository} (${answer}).`, place.environment === null ? grant : `Check the name in \`environment\`, then: ${grant}`, { cause: error });
		default: return new require_post.Failure("github-unreachable", describeAnswer(error.status, error.said), "This usually passes: run the job again, and see githubstatus.com.", { cause: error });
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
Object.defineProperty(exports, "describePlace", {
  enumerable: true,
  get: function () {
    return describePlace;
  }
});
Object.defineProperty(exports, "explainSecretError", {
  enumerable: true,
  get: function () {
    return explainSecretError;
  }
});
Object.defineProperty(exports, "permissionOf", {
  enumerable: true,
  get: function () {
    return permissionOf;
  }
});
Object.defineProperty(exports, "secretsPath", {
  enumerable: true,
  get: function () {
    return secretsPath;
  }
});
Object.defineProperty(exports, "variablesPath", {
  enumerable: true,
  get: function () {
    return variablesPath;
  }
});
Object.defineProperty(exports, "waitAskedFor", {
  enumerable: true,
  get: function () {
    return waitAskedFor;
  }
});