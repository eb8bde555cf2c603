import { Failure, type FailureCode } from "../core/failure/failure.ts";
import { canRepair, describeAnswer, type GitHubError } from "../core/failure/github-error.ts";
import { describeLocation, type SecretLocation } from "../core/github/secret-location.ts";
import { foreign } from "../core/text/escape.ts";
import type { RepositoryName } from "./services.ts";
import { describeWritePermission } from "./write-credential-source.ts";

export function repositoryNotFound({ owner, repository }: RepositoryName): Failure {
  return new Failure(
    "repository-not-found",
    `There is no repository ${owner}/${repository} that your token can see.`,
    "Check the name, and that the token (GH_TOKEN, GITHUB_TOKEN, or `gh auth token`) reaches this repository.",
  );
}

/** What a refused request means to the person whose token it was. */
export function explainToPerson(error: GitHubError, place: SecretLocation): Failure {
  const repository = `${place.owner}/${place.repository}`;
  const grant = `Use a token that administers ${repository}: \`gh auth login\`, or GH_TOKEN with a fine-grained token that has "${describeWritePermission(place)}".`;
  const answer = error.said === null ? String(error.status) : `${error.status}: ${foreign(error.said)}`;
  const because = (code: FailureCode, message: string, hint: string): Failure =>
    new Failure(code, message, hint, { cause: error });
  switch (error.status === 403 && canRepair(error) ? 429 : error.status) {
    case 401:
      return because(
        "write-token-rejected",
        `GitHub does not accept your token (${answer}): it is expired, revoked or mistyped.`,
        "Run `gh auth login`, or set GH_TOKEN to a token that is valid.",
      );
    case 403:
      return because(
        "write-token-forbidden",
        `Your token may not write the ${describeLocation(place)} (${answer}).`,
        grant,
      );
    case 404:
      return because(
        "write-token-cannot-reach-repository",
        `Your token cannot see the ${place.environment === null ? "secrets" : `environment ${place.environment}`} of ${repository} (${answer}).`,
        grant,
      );
    default:
      return because(
        "github-unreachable",
        describeAnswer(error.status, error.said),
        "This usually passes: try again, and see githubstatus.com.",
      );
  }
}
