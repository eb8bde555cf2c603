import { permissionOf, type SecretLocation } from "../../core/github/secret-location.ts";
import { Secret } from "../../core/login/secret.ts";
import type { Clock } from "../../ports/machine.ts";
import type { Log } from "../../ports/runner.ts";
import type { WriteCredential, WriteSession } from "../../ports/secrets.ts";
import { appRequest, explainApp } from "./app-request.ts";
import { GitHubClient } from "./client.ts";
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
    throw explainApp(error, {
      where: `${place.owner}/${place.repository}`,
      lacks:
        permission === "secrets"
          ? 'the permission "Secrets: read and write" or "Variables: read and write"'
          : 'the permission "Environments: read and write"',
      give: permission === "secrets" ? "both repository permissions" : "that repository permission",
      now: clock.now(),
    });
  }
}

/** GitHub's API knows `actions_variables`; its stored types do not yet. */
const SECRETS_AND_VARIABLES: Record<string, "write"> = { secrets: "write", actions_variables: "write" };
