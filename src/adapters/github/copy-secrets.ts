import type { CopyScope, OrganizationScope, RepositoryScope } from "../../core/copies/destination.ts";
import { describeAnswer, GitHubError } from "../../core/failure/github-error.ts";
import type { Audience, CopySecrets } from "../../ports/copies.ts";
import { dateOf, orNull, pages, publicKeyOf } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { scopeOf } from "./scope.ts";

/** The most that GitHub lists at once (docs, "List selected repositories for an organization secret"). */
const PER_PAGE = 100;
const MAXIMUM_PAGES = 100;
/** A name that leads elsewhere is answered with a redirect, which `fetch` would follow, with the copy. */
const WITHOUT_REDIRECTS = { request: { redirect: "manual" } } as const;

/** The secrets of a repository, an environment or an organization that hold access copies. */
export function githubCopySecrets(client: GitHubClient, scope: CopyScope): CopySecrets {
  return scope.kind === "organization" ? ofOrganization(client, scope) : ofRepository(client, scope);
}

function ofRepository(client: GitHubClient, place: RepositoryScope): CopySecrets {
  const { routes, scope } = scopeOf(place);
  return {
    metadata: async (name) => {
      const found = await orNull(() =>
        client.ask(`GET ${routes}/secrets/{secret_name}`, { ...scope, secret_name: name }),
      );
      return found && datesOf(found.data);
    },
    publicKey: async () => publicKeyOf((await client.ask(`GET ${routes}/secrets/public-key`, scope)).data),
    repository: async () => {
      const { owner, repository: repo } = place;
      const { id, full_name } = (await client.ask("GET /repos/{owner}/{repo}", { owner, repo })).data;
      const [itsOwner, itsName] = String(full_name).split("/");
      if (!itsOwner || !itsName)
        throw new GitHubError("GitHub's answer names no repository.", { status: null });
      return { id: String(id), owner: itsOwner, repository: itsName };
    },
    audience: async () => null,
    put: async (name, { encryptedValue, keyId }) =>
      outcomeOf(
        await client.ask(`PUT ${routes}/secrets/{secret_name}`, {
          ...{ ...scope, secret_name: name, ...WITHOUT_REDIRECTS },
          ...{ encrypted_value: encryptedValue, key_id: keyId },
        }),
      ),
    remove: async (name) => {
      const removed = await orNull(() =>
        client.ask(`DELETE ${routes}/secrets/{secret_name}`, {
          ...{ ...scope, secret_name: name, ...WITHOUT_REDIRECTS },
        }),
      );
      if (removed !== null) refuseRedirect(removed);
    },
  };
}

function ofOrganization(client: GitHubClient, { organization: org }: OrganizationScope): CopySecrets {
  const secret = "/orgs/{org}/actions/secrets/{secret_name}";
  const ask = (name: string) => client.ask(`GET ${secret}`, { org, secret_name: name });
  return {
    metadata: async (name) => {
      const found = await orNull(() => ask(name));
      return found && datesOf(found.data);
    },
    publicKey: async () =>
      publicKeyOf((await client.ask("GET /orgs/{org}/actions/secrets/public-key", { org })).data),
    repository: async () => null,
    audience: async (name) => {
      const { visibility } = (await ask(name)).data;
      if (visibility !== "selected") return { visibility, repositories: null };
      return { visibility, repositories: await selectedFor(client, { org, secret_name: name }) };
    },
    put: async (name, { encryptedValue, keyId }, audience) => {
      if (audience === null) throw new TypeError("an organization's secret has an audience");
      return outcomeOf(
        await client.ask(`PUT ${secret}`, {
          ...{ org, secret_name: name, ...WITHOUT_REDIRECTS },
          ...{ encrypted_value: encryptedValue, key_id: keyId, visibility: audience.visibility },
          ...(audience.repositories && { selected_repository_ids: [...audience.repositories] }),
        }),
      );
    },
    remove: async (name) => {
      const removed = await orNull(() =>
        client.ask(`DELETE ${secret}`, { org, secret_name: name, ...WITHOUT_REDIRECTS }),
      );
      if (removed !== null) refuseRedirect(removed);
    },
  };
}

/** Whoever is missing here would lose the secret. @throws {GitHubError} for a list that is not whole */
async function selectedFor(
  client: GitHubClient,
  of: { org: string; secret_name: string },
): Promise<NonNullable<Audience["repositories"]>> {
  let total = 0;
  const listed = await pages({ perPage: PER_PAGE, maximum: MAXIMUM_PAGES }, async (page) => {
    const { data } = await client.ask("GET /orgs/{org}/actions/secrets/{secret_name}/repositories", {
      ...{ ...of, ...page },
    });
    if (!Array.isArray(data.repositories))
      throw new GitHubError("GitHub's answer has no list.", { status: null });
    total = data.total_count;
    return data.repositories;
  });
  const found = new Set(listed.map(({ id }) => Number(id)));
  if (found.size !== total)
    throw new GitHubError(
      `GitHub's API names ${found.size} of the ${total} repositories that the secret is visible to.`,
      { status: null },
    );
  return [...found].sort((one, other) => one - other);
}

function datesOf({ created_at, updated_at }: { created_at: string; updated_at: string }) {
  return { createdAt: dateOf(created_at), updatedAt: dateOf(updated_at) };
}

function outcomeOf(answer: { readonly status: number }): "created" | "updated" {
  refuseRedirect(answer);
  return answer.status === 201 ? "created" : "updated";
}

/** Octokit takes what is no error of HTTP for a success. @throws {GitHubError} */
function refuseRedirect({ status }: { readonly status: number }): void {
  if (status < 300) return;
  throw new GitHubError(`${describeAnswer(status, null)} What is there has moved.`, { status });
}
