import { createAppAuth } from "@octokit/auth-app";
import { request } from "@octokit/request";
import { Failure } from "../../core/failure/failure.ts";
import { canRepair, type GitHubError } from "../../core/failure/github-error.ts";
import { answerOf, explainRefusal } from "../../core/failure/github-refusal.ts";
import type { Secret } from "../../core/login/secret.ts";
import type { Log } from "../../ports/runner.ts";
import { API_VERSION, refusalOf } from "./client.ts";
import { loggedFetch } from "./fetch.ts";

/** A GitHub App's own credentials. */
export interface AppKey {
  readonly clientId: string;
  /** PEM; newlines may be escaped, as they are in many secret stores. */
  readonly privateKey: Secret;
}

/** Requests that the App itself signs, by GitHub's clock where the machine's is wrong. */
export function appRequest(
  { clientId, privateKey }: AppKey,
  { apiUrl, log }: { apiUrl: string; log: Pick<Log, "debug"> },
): typeof request {
  const { hook } = createAppAuth({
    appId: clientId,
    privateKey: privateKey.reveal().replaceAll("\\n", "\n").trim(),
    log: { warn: () => {} },
  });
  return request.defaults({
    baseUrl: apiUrl,
    headers: { "x-github-api-version": API_VERSION },
    request: { fetch: loggedFetch(log), hook },
  });
}

/**
 * What keeps an App from minting a token.
 *
 * @param of.where it must be installed
 * @param of.lacks which permission, and `give`: which to give it, for people
 */
export function explainApp(
  error: unknown,
  { where, lacks, give, now }: { where: string; lacks: string; give: string; now: Date },
): Failure | GitHubError {
  const refusal = refusalOf(error, now);
  const { status } = refusal;
  if (status !== null && canRepair(refusal)) return refusal;
  const answer = answerOf(refusal);
  const cause = explainRefusal(refusal);
  if (cause) return cause;
  switch (status) {
    case 401:
      return new Failure(
        "app-invalid",
        `GitHub does not accept the App's client ID with this private key (${answer}).`,
        "Check that `client-id` and `private-key` belong to the same App, and that the key has not been deleted there.",
      );
    case 404:
      return new Failure(
        "app-not-installed",
        `The GitHub App is not installed on ${where} (${answer}).`,
        `Install the App on ${where} (the App's settings → Install App).`,
      );
    case 403:
    case 422:
      return new Failure(
        "app-permission-missing",
        `The GitHub App's installation on ${where} lacks ${lacks} (${answer}).`,
        `Give the App ${give} and accept the change in the installation.`,
      );
    case null: {
      const reached = error instanceof Error && "status" in error;
      return reached
        ? refusal
        : new Failure(
            "app-invalid",
            "The GitHub App's private key cannot be read.",
            "Pass the whole PEM file in `private-key`, with its first and last line.",
          );
    }
    default:
      return refusal;
  }
}
