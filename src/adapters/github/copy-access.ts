import { type CopyScope, copyPermission, scopeKeyOf } from "../../core/copies/destination.ts";
import type { Failure } from "../../core/failure/failure.ts";
import { canRepair, GitHubError } from "../../core/failure/github-error.ts";
import { Secret } from "../../core/login/secret.ts";
import type { CopyAccess, CopyReach, CopySecrets } from "../../ports/copies.ts";
import type { Clock } from "../../ports/machine.ts";
import type { Log } from "../../ports/runner.ts";
import { type AppKey, appRequest, explainApp } from "./app-request.ts";
import { GitHubClient } from "./client.ts";
import { githubCopySecrets } from "./copy-secrets.ts";

interface AccessContext {
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** With a write token, which reaches what it reaches. */
export function tokenCopyAccess(token: Secret, { apiUrl, clock, log }: AccessContext): CopyAccess {
  return {
    open: () => {
      const client = new GitHubClient({ apiUrl, token, clock, log });
      return { secretsOf: async (scope) => githubCopySecrets(client, scope), close: async () => {} };
    },
  };
}

/**
 * With a GitHub App: one token for an owner's repositories and one for an organization's secrets, with only the
 * permission that the destinations need. If GitHub refuses one for several repositories, each gets its own.
 */
export function appCopyAccess(key: AppKey, context: AccessContext): CopyAccess {
  return {
    open: (destinations) => new Minter(key, context, groupsOf(destinations.map(({ scope }) => scope))),
  };
}

/** Scopes that one token may be for: of one owner, and of one kind. */
function groupsOf(all: readonly CopyScope[]): readonly (readonly CopyScope[])[] {
  const scopes = new Map(all.map((scope) => [scopeKeyOf(scope), scope])).values();
  const groups = new Map<string, CopyScope[]>();
  for (const scope of scopes) {
    const key =
      scope.kind === "organization"
        ? `organization ${scope.organization.toLowerCase()}`
        : `${scope.owner.toLowerCase()} ${permissionOf(scope)}`;
    groups.set(key, [...(groups.get(key) ?? []), scope]);
  }
  return [...groups.values()];
}

/** As GitHub's API names it. */
function permissionOf(scope: CopyScope): string {
  if (scope.kind === "organization") return "organization_secrets";
  return scope.environment === null ? "secrets" : "environments";
}

class Minter implements CopyReach {
  readonly #context: AccessContext;
  readonly #key: AppKey;
  /** Scopes that get one token; a group that GitHub refuses falls apart. */
  #groups: readonly (readonly CopyScope[])[];
  readonly #clients = new Map<string, GitHubClient>();

  constructor(key: AppKey, context: AccessContext, groups: readonly (readonly CopyScope[])[]) {
    this.#key = key;
    this.#context = context;
    this.#groups = groups;
  }

  async secretsOf(scope: CopyScope): Promise<CopySecrets> {
    const key = scopeKeyOf(scope);
    const known = this.#clients.get(key);
    if (known) return githubCopySecrets(known, scope);
    const group = this.#groups.find((candidate) => candidate.some((other) => scopeKeyOf(other) === key)) ?? [
      scope,
    ];
    try {
      const client = await this.#mint(group);
      for (const other of group) this.#clients.set(scopeKeyOf(other), client);
      return githubCopySecrets(client, scope);
    } catch (error) {
      const failure = explain(error, scope, this.#context.clock.now());
      const mayPass = failure instanceof GitHubError && canRepair(failure);
      if (group.length === 1 || mayPass) throw failure;
      const apart = group.map((other) => [other]);
      this.#groups = [...this.#groups.filter((candidate) => candidate !== group), ...apart];
      return this.secretsOf(scope);
    }
  }

  async close(): Promise<void> {
    // A token that could not be revoked ends by itself within the hour.
    for (const client of new Set(this.#clients.values()))
      await client.ask("DELETE /installation/token", {}).catch(() => {});
  }

  async #mint(group: readonly CopyScope[]): Promise<GitHubClient> {
    const asApp = appRequest(this.#key, this.#context);
    const [first] = group;
    if (!first) throw new TypeError("an empty group");
    const { data: installation } =
      first.kind === "organization"
        ? await asApp("GET /orgs/{org}/installation", { org: first.organization })
        : await asApp("GET /repos/{owner}/{repo}/installation", {
            owner: first.owner,
            repo: first.repository,
          });
    const names = group.flatMap((scope) => (scope.kind === "repository" ? [scope.repository] : []));
    const permissions: Record<string, "write"> = { [permissionOf(first)]: "write" };
    const { data } = await asApp("POST /app/installations/{installation_id}/access_tokens", {
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

function explain(error: unknown, scope: CopyScope, now: Date): Failure | GitHubError {
  const where = scope.kind === "organization" ? scope.organization : `${scope.owner}/${scope.repository}`;
  const permission = copyPermission(scope);
  return explainApp(error, { where, lacks: permission, give: permission, now });
}
