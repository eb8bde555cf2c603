import {
  type CopyDestination,
  type CopyScope,
  copyPermission,
  creatingCommand,
} from "../../core/copies/destination.ts";
import { Failure } from "../../core/failure/failure.ts";
import { canRepair, type GitHubError } from "../../core/failure/github-error.ts";
import { explainRefusal } from "../../core/failure/github-refusal.ts";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import { shellQuoted } from "../../core/text/shell.ts";
import type { Services } from "../services.ts";

/** This action creates no secret. */
export function missingCopy(destination: CopyDestination, place: SecretLocation): Failure {
  return new Failure(
    "access-copy-failed",
    "There is no such secret.",
    `Create it: \`${creatingCommand(destination, place)}\`; or seed the login again with \`--copy-to ${shellQuoted(destination.text)}\`.`,
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
  const hint = canRepair(error)
    ? "This usually passes: run the maintenance workflow again, and see githubstatus.com."
    : (explainRefusal(error)?.hint ?? adviceFor(error, scope, writeCredential?.kind ?? "token"));
  return new Failure("access-copy-failed", error.message, hint, { cause: error });
}

function adviceFor({ status }: GitHubError, scope: CopyScope, credential: "token" | "app"): string {
  // A new key was asked for already.
  if (status === 422)
    return "Run the maintenance workflow again. If it stays so, please report it, with GitHub's sentence.";
  if (status === 401 && credential === "token")
    return "Make a new fine-grained token and store it as the secret that `secret-write-token` reads.";
  const who = credential === "app" ? "the GitHub App" : "the token in `secret-write-token`";
  return `Give ${who} ${copyPermission(scope)}, and check the name.`;
}
