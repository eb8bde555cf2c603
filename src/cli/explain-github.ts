import { Failure } from "../core/failure.ts";
import type { GitHubError } from "../core/github-error.ts";
import { describePlace, type Place, permissionOf } from "../core/place.ts";

/** What a refused request means to the person whose token it was. */
export function explainToPerson(error: GitHubError, place: Place): Failure {
  const permission = permissionOf(place) === "secrets" ? "Secrets" : "Environments";
  const repository = `${place.owner}/${place.repository}`;
  const grant = `Use a token that administers ${repository}: \`gh auth login\`, or GH_TOKEN with a fine-grained token that has "${permission}: read and write".`;
  switch (error.status) {
    case 401:
      return new Failure(
        "writer-rejected",
        "GitHub does not accept your token (401): it is expired, revoked or mistyped.",
        "Run `gh auth login`, or set GH_TOKEN to a token that is valid.",
        { cause: error },
      );
    case 403:
      return new Failure(
        "writer-forbidden",
        `Your token may not write the ${describePlace(place)} (403).`,
        grant,
        {
          cause: error,
        },
      );
    case 404:
      return new Failure(
        "writer-cannot-reach-repository",
        `Your token cannot see the ${place.environment === null ? "secrets" : `environment ${place.environment}`} of ${repository} (404).`,
        grant,
        { cause: error },
      );
    default:
      return new Failure(
        "github-unreachable",
        error.status === null ? "GitHub's API did not answer." : `GitHub's API answered ${error.status}.`,
        "This usually passes: try again, and see githubstatus.com.",
        { cause: error },
      );
  }
}
