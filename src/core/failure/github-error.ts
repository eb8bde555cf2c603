import { describeLocation, permissionOf, type SecretLocation } from "../github/secret-location.ts";
import { foreign } from "../text/escape.ts";
import { Failure } from "./failure.ts";

/** A request to GitHub that did not succeed. */
export class GitHubError extends Error {
  /** HTTP status; `null` when no answer came. */
  readonly status: number | null;
  /** What the server asked us to wait, if it did. */
  readonly retryAfterMs: number | null;
  /** What it takes, where that is not what the secret takes. */
  readonly permission: string | null;
  /** GitHub's own message. */
  readonly said: string | null;

  constructor(
    message: string,
    options: {
      status: number | null;
      retryAfterMs?: number | null;
      permission?: string | null;
      said?: string | null;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.name = "GitHubError";
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.permission = options.permission ?? null;
    this.said = options.said ?? null;
  }
}

const SECONDS_FOR_A_LIMIT = 60;

/**
 * What a refusal asks us to wait; `null` where it is about no limit. A limit says when it is filled again, in a header or
 * another, and the secondary ones perhaps only in their message.
 *
 * @param now GitHub's time
 */
export function waitAskedFor({
  status,
  said,
  headers,
  now,
}: {
  status: number;
  said: string | null;
  headers: Readonly<Record<string, string | undefined>>;
  now: Date;
}): number | null {
  const retryAfter = Number(headers["retry-after"]);
  if (Number.isFinite(retryAfter) && retryAfter > 0) return retryAfter * 1000;
  if (status !== 403 && status !== 429) return null;
  if (headers["x-ratelimit-remaining"] === "0") {
    const waitMs = Number(headers["x-ratelimit-reset"]) * 1000 - now.getTime();
    return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : SECONDS_FOR_A_LIMIT * 1000;
  }
  return /rate limit|abuse detection/i.test(said ?? "") ? SECONDS_FOR_A_LIMIT * 1000 : null;
}

/** What GitHub answered, as one sentence. */
export function describeAnswer(status: number | null, said: string | null): string {
  if (status === null) return "GitHub's API did not answer.";
  return said === null
    ? `GitHub's API answered ${status}.`
    : `GitHub's API answered ${status}: ${foreign(said)}.`;
}

/** Whether trying again may help: no answer, a server error, or too many requests, which GitHub also says with a 403. */
export function canRepair(error: GitHubError): boolean {
  const { status, retryAfterMs } = error;
  return (
    status === null ||
    status >= 500 ||
    status === 429 ||
    status === 408 ||
    (status === 403 && retryAfterMs !== null)
  );
}

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
  const answer = error.said === null ? String(error.status) : `${error.status}: ${foreign(error.said)}`;
  const who = credential === "token" ? "The write token" : "The GitHub App";
  const grant =
    credential === "token"
      ? `Give the token in \`secret-write-token\` the repository permission "${permission}" for ${place.owner}/${place.repository}. GITHUB_TOKEN cannot have it.`
      : `Give the GitHub App the repository permission "${permission}", accept it in the installation, and install the App on ${place.owner}/${place.repository}.`;
  switch (error.status === 403 && canRepair(error) ? 429 : error.status) {
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
            "Make a new fine-grained token and store it as the secret that `secret-write-token` reads.",
            { cause: error },
          );
    case 403:
      return new Failure("write-token-forbidden", `${who} may not write the ${where} (${answer}).`, grant, {
        cause: error,
      });
    case 404:
      return new Failure(
        "write-token-cannot-reach-repository",
        `${who} cannot see the ${place.environment === null ? "secrets" : `environment ${place.environment}`} of ${place.owner}/${place.repository} (${answer}).`,
        place.environment === null ? grant : `Check the name in \`environment\`, then: ${grant}`,
        { cause: error },
      );
    default:
      return new Failure(
        "github-unreachable",
        describeAnswer(error.status, error.said),
        "This usually passes: run the job again, and see githubstatus.com.",
        { cause: error },
      );
  }
}
