"use strict";

const require_main = require("../main.cjs");
const require_shell = require("./shell.cjs");

// src/core/copies/destination.ts
function keyOf({ scope, name }) {
	return `${scopeKeyOf(scope)} ${name.toUpperCase()}`;
}
function scopeKeyOf(scope) {
	if (scope.kind === "organization") return `organization ${scope.organization.toLowerCase()}`;
	const { owner, repository, environment } = scope;
	return `repository ${owner}/${repository} ${environment ?? ""}`.toLowerCase();
}
function isRepository({ owner, repository }, other) {
	return `${owner}/${repository}`.toLowerCase() === `${other.owner}/${other.repository}`.toLowerCase();
}
function copySecretsPath(scope) {
	if (scope.kind === "organization") return `/orgs/${scope.organization}/actions/secrets`;
	const repository = `/repos/${scope.owner}/${scope.repository}`;
	return scope.environment === null ? `${repository}/actions/secrets` : `${repository}/environments/${require_main.encodeName(scope.environment)}/secrets`;
}
function copyPermission(scope) {
	if (scope.kind === "organization") return `the organization permission "Secrets: read and write" of ${scope.organization}`;
	return `the repository permission "${scope.environment === null ? "Secrets" : "Environments"}: read and write" for ${scope.owner}/${scope.repository}`;
}
function creatingCommand({ scope, name }, place) {
	if (scope.kind === "organization") return `gh secret set ${name} --org ${scope.organization} --visibility selected --repos ${place.repository} --body new`;
	const environment = scope.environment === null ? "" : ` --env ${require_shell.shellQuoted(scope.environment)}`;
	return `gh secret set ${name} --repo ${scope.owner}/${scope.repository}${environment} --body new`;
}

// src/core/copies/usage.ts
const NAMES = {
	300: "5-hour limit",
	10080: "weekly limit"
};
function readUsage(result) {
	const { primary, secondary } = require_main.fieldsOf(require_main.fieldsOf(result).rateLimits);
	const windows = [primary, secondary].flatMap((value) => {
		const { usedPercent, windowDurationMins, resetsAt } = require_main.fieldsOf(value);
		if (typeof usedPercent !== "number" || !Number.isFinite(usedPercent)) return [];
		if (typeof windowDurationMins !== "number" || !Number.isFinite(windowDurationMins)) return [];
		const resets = typeof resetsAt === "number" ? /* @__PURE__ */ new Date(resetsAt * 1e3) : null;
		return [{
			usedPercent,
			minutes: windowDurationMins,
			resetsAt: resets !== null && !Number.isNaN(resets.getTime()) ? resets : null
		}];
	});
	return windows.length === 0 ? null : windows;
}
function describeUsage(usage) {
	return usage.map(({ usedPercent, minutes, resetsAt }) => {
		const name = NAMES[minutes] ?? `limit of ${require_main.describeDuration(minutes * 6e4)}`;
		const reset = resetsAt === null ? "" : ` (resets ${resetsAt.toISOString().slice(0, 16).replace("T", " ")} UTC)`;
		return `${name} ${Math.round(usedPercent)} % used${reset}`;
	}).join(", ");
}

Object.defineProperty(exports, "copyPermission", {
  enumerable: true,
  get: function () {
    return copyPermission;
  }
});
Object.defineProperty(exports, "copySecretsPath", {
  enumerable: true,
  get: function () {
    return copySecretsPath;
  }
});
Object.defineProperty(exports, "creatingCommand", {
  enumerable: true,
  get: function () {
    return creatingCommand;
  }
});
Object.defineProperty(exports, "describeUsage", {
  enumerable: true,
  get: function () {
    return describeUsage;
  }
});
Object.defineProperty(exports, "isRepository", {
  enumerable: true,
  get: function () {
    return isRepository;
  }
});
Object.defineProperty(exports, "keyOf", {
  enumerable: true,
  get: function () {
    return keyOf;
  }
});
Object.defineProperty(exports, "readUsage", {
  enumerable: true,
  get: function () {
    return readUsage;
  }
});
Object.defineProperty(exports, "scopeKeyOf", {
  enumerable: true,
  get: function () {
    return scopeKeyOf;
  }
});