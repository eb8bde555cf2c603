import { B as describePlace, V as permissionOf, gt as Failure } from "./quiet.js";

// src/core/github-error.ts
var GitHubError = class extends Error {
	status;
	retryAfterMs;
	permission;
	constructor(message, options) {
		super(message, { cause: options.cause });
		this.name = "GitHubError";
		this.status = options.status;
		this.retryAfterMs = options.retryAfterMs ?? null;
		this.permission = options.permission ?? null;
	}
};
function canHeal(error) {
	const { status, retryAfterMs } = error;
	return status === null || status >= 500 || status === 429 || status === 408 || status === 403 && retryAfterMs !== null;
}
function explainStoreError(error, { place, writer, workedEarlier }) {
	const where = describePlace(place);
	const permission = `${permissionOf(place) === "secrets" ? error.permission ?? "Secrets" : "Environments"}: read and write`;
	const grant = writer === "token" ? `Give the token in \`secret-write-token\` the repository permission "${permission}" for ${place.owner}/${place.repository}. GITHUB_TOKEN cannot have it.` : `Give the GitHub App the repository permission "${permission}", accept it in the installation, and install the App on ${place.owner}/${place.repository}.`;
	switch (error.status === 403 && canHeal(error) ? 429 : error.status) {
		case 401: return workedEarlier ? new Failure("writer-revoked", "The token in `secret-write-token` worked earlier in this job and is now refused (401).", "A token from actions/create-github-app-token is revoked before our post step: pass `client-id` and `private-key` to this action instead, or set `skip-token-revoke: true` there.", { cause: error }) : new Failure("writer-rejected", "GitHub does not accept the writer's token (401): it is expired, revoked or mistyped.", "Make a new fine-grained token and store it as the secret that `secret-write-token` reads.", { cause: error });
		case 403: return new Failure("writer-forbidden", `The writer may not write the ${where} (403).`, grant, { cause: error });
		case 404: return new Failure("writer-cannot-reach-repository", `The writer cannot see the ${place.environment === null ? "secrets" : `environment ${place.environment}`} of ${place.owner}/${place.repository} (404).`, place.environment === null ? grant : `Check the name in \`environment\`, then: ${grant}`, { cause: error });
		default: return new Failure("github-unreachable", error.status === null ? "GitHub's API did not answer." : `GitHub's API answered ${error.status}.`, "This usually passes: run the job again, and see githubstatus.com.", { cause: error });
	}
}

export { canHeal as n, explainStoreError as r, GitHubError as t };