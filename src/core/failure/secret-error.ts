import {
  describeLocation,
  permissionOf,
  replaceWriteToken,
  type SecretLocation,
} from "../github/secret-location.ts";
import { Failure } from "./failure.ts";
import { canRepair, type GitHubError } from "./github-error.ts";
import { answerOf, explainRefusal, explainUnreachable } from "./github-refusal.ts";

/** What kind of credential writes the secret: it decides what a refusal means. */
export type WriteCredentialKind = "token" | "app";

/**
 * Says what a refused request about the secret means and what to do.
 *
 * @param workedEarlier whether the same credential was accepted earlier in this job
 */
export function explainSecretError(
  error: GitHubError,
  {
    place,
    credential,
    workedEarlier,
  }: { place: SecretLocation; credential: WriteCredentialKind; workedEarlier: boolean },
): Failure {
  const where = describeLocation(place);
  const needed = permissionOf(place) === "secrets" ? (error.permission ?? "Secrets") : "Environments";
  const permission = `${needed}: read and write`;
  const answer = answerOf(error);
  const isInstallation = /by integration/i.test(error.said ?? "");
  const who = credential === "token" ? "The write token" : "The GitHub App";
  const grant =
    credential === "token"
      ? `Give the token in \`secret-write-token\` the repository permission "${permission}" for ${place.owner}/${place.repository}. GITHUB_TOKEN cannot have it.`
      : `Give the GitHub App the repository permission "${permission}", accept it in the installation, and install the App on ${place.owner}/${place.repository}.`;
  const isLimit = error.status === 403 && canRepair(error);
  const refusal = isLimit ? null : explainRefusal(error);
  if (refusal) return refusal;
  switch (isLimit ? 429 : error.status) {
    case 401:
      return workedEarlier
        ? new Failure(
            "write-token-revoked",
            `The token in \`secret-write-token\` worked earlier in this job and is now refused (${answer}).`,
            "A token from actions/create-github-app-token is revoked before our post step: pass `client-id` and `private-key` to this action instead, or set `skip-token-revoke: true` there.",
            { cause: error },
          )
        : new Failure(
            "write-token-rejected",
            `GitHub does not accept the write token (${answer}): it is expired, revoked or mistyped.`,
            replaceWriteToken(place),
            { cause: error },
          );
    case 403:
      return new Failure(
        "write-token-forbidden",
        `${who} may not write the ${where} (${answer}).`,
        isInstallation && credential === "token"
          ? `The value in \`secret-write-token\` is GITHUB_TOKEN or an App's token, without that permission. ${grant}`
          : grant,
        { cause: error },
      );
    case 404:
      return new Failure(
        "write-token-cannot-reach-repository",
        `${who} cannot see the ${place.environment === null ? "secrets" : `environment ${place.environment}`} of ${place.owner}/${place.repository} (${answer}).`,
        place.environment === null ? grant : `Check the name in \`environment\`, then: ${grant}`,
        { cause: error },
      );
    default:
      return explainUnreachable(error, "Run the job again");
  }
}
