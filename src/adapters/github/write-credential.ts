import { Failure } from "../../core/failure/failure.ts";
import { canRepair, type GitHubError } from "../../core/failure/github-error.ts";
import { permissionOf, type SecretLocation } from "../../core/github/secret-location.ts";
import { Secret } from "../../core/login/secret.ts";
import { foreign } from "../../core/text/escape.ts";
import type { Clock, Log, WriteCredential, WriteSession } from "../../ports/action.ts";
import { appRequest } from "./app-request.ts";
import { GitHubClient, refusalOf } from "./client.ts";
import { githubSecretStore } from "./secrets.ts";
import { githubVariables } from "./variables.ts";

interface CredentialContext {
  readonly apiUrl: string;
  readonly place: SecretLocation;
  readonly clock: Clock;
  readonly log: Log;
}

/** A write token: fine-grained, or minted by an earlier step. */
export function tokenCredential(
  token: Secret,
  { apiUrl, place, clock, log }: CredentialContext,
): WriteCredential {
  return {
    kind: "token",
    open: async () => session(new GitHubClient({ apiUrl, token, clock, log }), place, async () => {}),
  };
}

/**
 * A GitHub App that may write: a token with one permission for this repository, minted when it is opened and revoked
 * when it is closed, so that a job may last longer than a token.
 *
 * @param privateKey PEM; newlines may be escaped, as they are in many secret stores
 */
export function appCredential(
  clientId: string,
  privateKey: Secret,
  context: CredentialContext,
): WriteCredential {
  const { apiUrl, place, clock, log } = context;
  return {
    kind: "app",
    open: async () => {
      const token = await mint(clientId, privateKey, context);
      log.mask(token);
      const client = new GitHubClient({ apiUrl, token, clock, log });
      return session(client, place, async () => {
        await client.ask("DELETE /installation/token", {});
      });
    },
  };
}

function session(client: GitHubClient, place: SecretLocation, revoke: () => Promise<void>): WriteSession {
  return {
    store: githubSecretStore(client, place),
    variables: githubVariables(client, place),
    serverClock: client,
    expiresAt: () => client.tokenExpiresAt(),
    // A token that could not be revoked ends by itself within the hour.
    close: () => revoke().catch(() => {}),
  };
}

async function mint(
  clientId: string,
  privateKey: Secret,
  { apiUrl, place, clock, log }: CredentialContext,
): Promise<Secret> {
  const permission = permissionOf(place);
  try {
    const asApp = appRequest({ clientId, privateKey }, { apiUrl, log });
    const { data: installation } = await asApp("GET /repos/{owner}/{repo}/installation", {
      owner: place.owner,
      repo: place.repository,
    });
    const { data } = await asApp("POST /app/installations/{installation_id}/access_tokens", {
      installation_id: installation.id,
      repositories: [place.repository],
      permissions: permission === "secrets" ? SECRETS_AND_VARIABLES : { environments: "write" },
    });
    return new Secret(data.token);
  } catch (error) {
    throw explainApp(error, { place, now: clock.now() });
  }
}

/** GitHub's API knows `actions_variables`; its stored types do not yet. */
const SECRETS_AND_VARIABLES: Record<string, "write"> = { secrets: "write", actions_variables: "write" };

function explainApp(
  error: unknown,
  { place, now }: { place: SecretLocation; now: Date },
): Failure | GitHubError {
  const refusal = refusalOf(error, now);
  const { status, said } = refusal;
  if (status !== null && canRepair(refusal)) return refusal;
  const repository = `${place.owner}/${place.repository}`;
  const permissions =
    permissionOf(place) === "secrets"
      ? '"Secrets: read and write" or "Variables: read and write"'
      : '"Environments: read and write"';
  const answer = said === null ? String(status) : `${status}: ${foreign(said)}`;
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
        `The GitHub App is not installed on ${repository} (${answer}).`,
        `Install the App on ${repository} (the App's settings → Install App).`,
      );
    case 403:
    case 422:
      return new Failure(
        "app-permission-missing",
        `The GitHub App's installation on ${repository} lacks the permission ${permissions} (${answer}).`,
        `Give the App ${permissionOf(place) === "secrets" ? "both repository permissions" : "that repository permission"} and accept the change in the installation.`,
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
