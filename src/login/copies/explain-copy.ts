import { type CopyDestination, copyPermission, creatingCommand } from "../../core/copies/destination.ts";
import { Failure } from "../../core/failure/failure.ts";
import { canRepair, type GitHubError } from "../../core/failure/github-error.ts";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import type { Services } from "../services.ts";

/** This action creates no secret. */
export function missingCopy(destination: CopyDestination, place: SecretLocation): Failure {
  return new Failure(
    "access-copy-failed",
    "There is no such secret.",
    `Create it: \`${creatingCommand(destination, place)}\`; or seed the login again with \`--copy-to '${destination.text}'\`.`,
  );
}

/** What a refused request about a destination means, in GitHub's own words, and what to do. */
export function explainCopyError(
  { writeCredential }: Pick<Services, "writeCredential">,
  { scope }: CopyDestination,
  error: GitHubError | Failure,
): Failure {
  if (error instanceof Failure)
    return new Failure("access-copy-failed", error.message, error.hint, { cause: error });
  const who = writeCredential?.kind === "app" ? "the GitHub App" : "the token in `secret-write-token`";
  return new Failure(
    "access-copy-failed",
    error.message,
    canRepair(error)
      ? "This usually passes: run the maintenance workflow again, and see githubstatus.com."
      : `Give ${who} ${copyPermission(scope)}, and check the name; an archived repository takes no secrets.`,
    { cause: error },
  );
}
