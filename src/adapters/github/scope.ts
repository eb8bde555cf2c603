import type { SecretLocation } from "../../core/github/secret-location.ts";

/** How GitHub's routes for the secrets and variables of a location begin, and what fills them in. */
export function scopeOf({
  owner,
  repository,
  environment,
}: Pick<SecretLocation, "owner" | "repository" | "environment">) {
  const repo = { owner, repo: repository };
  return environment === null
    ? ({ routes: "/repos/{owner}/{repo}/actions", scope: repo } as const)
    : ({
        routes: "/repos/{owner}/{repo}/environments/{environment_name}",
        scope: { ...repo, environment_name: environment },
      } as const);
}
