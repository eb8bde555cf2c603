import { type CopyScope, scopeKeyOf } from "../../core/copies/destination.ts";
import { Failure } from "../../core/failure/failure.ts";
import type { GitHubError } from "../../core/failure/github-error.ts";
import { Secret } from "../../core/login/secret.ts";
import type { Clock, Log } from "../../ports/action.ts";
import type { CopyAccess, CopyReach } from "../../ports/copies.ts";
import { type AppKey, appRequest } from "./app-request.ts";
import { GitHubClient, refusalOf } from "./client.ts";
import { githubCopySecrets } from "./copy-secrets.ts";

interface AccessContext {
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** With a write token, which reaches what it reaches. */
export function tokenCopyAccess(token: Secret, { apiUrl, clock, log }: AccessContext): CopyAccess {
  return {
    open: async () => {
      const client = new GitHubClient({ apiUrl, token, clock, log });
      return { secretsOf: (scope) => githubCopySecrets(client, scope), close: async () => {} };
    },
  };
}

/**
 * With a GitHub App: one token for an owner's repositories and one for an organization's secrets, with only the
 * permissions that the destinations need. If GitHub refuses one for several repositories, each gets its own.
 */
export function appCopyAccess(key: AppKey, context: AccessContext): CopyAccess {
  return {
    open: async (destinations) => {
      const minter = new Minter(key, context);
      const scopes = new Map(destinations.map(({ scope }) => [scopeKeyOf(scope), scope]));
      for (const group of groupsOf([...scopes.values()])) await minter.mint(group);
      return minter.reach();
    },
  };
}

/** Scopes that one token may be for: of one owner, and of one kind. */
function groupsOf(scopes: readonly CopyScope[]): readonly (readonly CopyScope[])[] {
  const groups = new Map<string, CopyScope[]>();
  for (const scope of scopes) {
    const key =
      scope.kind === "organization"
        ? `organization ${scope.organization.toLowerCase()}`
        : `${scope.owner.toLowerCase()} ${permissionsOf(scope)[0]}`;
    groups.set(key, [...(groups.get(key) ?? []), scope]);
  }
  return [...groups.values()];
}

/** As GitHub's API names it. */
function permissionsOf(scope: CopyScope): readonly [string] {
  if (scope.kind === "organization") return ["organization_secrets"];
  return [scope.environment === null ? "secrets" : "environments"];
}

class Minter {
  readonly #context: AccessContext;
  readonly #asApp: ReturnType<typeof appRequest>;
  readonly #clients = new Map<string, GitHubClient>();
  readonly #failures = new Map<string, Failure | GitHubError>();

  constructor(key: AppKey, context: AccessContext) {
    this.#context = context;
    this.#asApp = appRequest(key, context);
  }

  async mint(group: readonly CopyScope[]): Promise<void> {
    try {
      const client = await this.#clientFor(group);
      for (const scope of group) this.#clients.set(scopeKeyOf(scope), client);
    } catch (error) {
      const failure = explain(error, group, this.#context.clock.now());
      if (group.length > 1) {
        for (const scope of group) await this.mint([scope]);
        return;
      }
      for (const scope of group) this.#failures.set(scopeKeyOf(scope), failure);
    }
  }

  reach(): CopyReach {
    return {
      secretsOf: (scope) => {
        const client = this.#clients.get(scopeKeyOf(scope));
        if (client) return githubCopySecrets(client, scope);
        throw this.#failures.get(scopeKeyOf(scope)) ?? new TypeError("nothing was minted for this scope");
      },
      close: async () => {
        // A token that could not be revoked ends by itself within the hour.
        for (const client of new Set(this.#clients.values()))
          await client.request("DELETE /installation/token").catch(() => {});
      },
    };
  }

  async #clientFor(group: readonly CopyScope[]): Promise<GitHubClient> {
    const [first] = group;
    if (!first) throw new TypeError("an empty group");
    const { data: installation } =
      first.kind === "organization"
        ? await this.#asApp("GET /orgs/{org}/installation", { org: first.organization })
        : await this.#asApp("GET /repos/{owner}/{repo}/installation", {
            owner: first.owner,
            repo: first.repository,
          });
    const names = group.flatMap((scope) => (scope.kind === "repository" ? [scope.repository] : []));
    const permissions: Record<string, "write"> = { [permissionsOf(first)[0]]: "write" };
    const { data } = await this.#asApp("POST /app/installations/{installation_id}/access_tokens", {
      installation_id: installation.id,
      ...(names.length > 0 ? { repositories: [...new Set(names)] } : {}),
      permissions,
    });
    const token = new Secret(data.token);
    const { apiUrl, clock, log } = this.#context;
    log.mask(token);
    return new GitHubClient({ apiUrl, token, clock, log });
  }
}

function explain(error: unknown, [scope]: readonly CopyScope[], now: Date): Failure | GitHubError {
  const refusal = refusalOf(error, now);
  const reached = error instanceof Error && "status" in error;
  if (refusal.status === null && !reached)
    return new Failure(
      "app-invalid",
      "The GitHub App's private key cannot be read.",
      "Pass the whole PEM file in `private-key`, with its first and last line.",
    );
  if (refusal.status !== 404 || scope === undefined) return refusal;
  const where = scope.kind === "organization" ? scope.organization : `${scope.owner}/${scope.repository}`;
  return new Failure(
    "app-not-installed",
    `The GitHub App is not installed on ${where} (404).`,
    `Install the App on ${where} (the App's settings → Install App).`,
  );
}
