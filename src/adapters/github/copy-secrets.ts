import { type CopyScope, copySecretsPath } from "../../core/copies/destination.ts";
import { GitHubError } from "../../core/failure/github-error.ts";
import { fieldsOf } from "../../core/text/json.ts";
import type { Audience, CopySecrets } from "../../ports/copies.ts";
import type { GitHubClient } from "./client.ts";
import { orNull } from "./or-null.ts";

const PER_PAGE = 100;
/** Of repositories that one organization secret is shared with. */
const MAXIMUM_PAGES = 100;

/** The secrets of a repository, an environment or an organization that hold access copies. */
export function githubCopySecrets(client: GitHubClient, scope: CopyScope): CopySecrets {
  const path = copySecretsPath(scope);
  return {
    metadata: async (name) => {
      const answer = await orNull(() => client.request(`GET ${path}/${name}`));
      if (answer === null) return null;
      const { created_at, updated_at } = fieldsOf(answer.data);
      return { createdAt: dateOf(created_at), updatedAt: dateOf(updated_at) };
    },
    publicKey: async () => {
      const { key_id, key } = fieldsOf((await client.request(`GET ${path}/public-key`)).data);
      return { id: String(key_id), key: new Uint8Array(Buffer.from(String(key), "base64")) };
    },
    repository: async () => {
      if (scope.kind === "organization") return null;
      const { data } = await client.request(`GET /repos/${scope.owner}/${scope.repository}`);
      const { id, full_name } = fieldsOf(data);
      const [owner = "", repository = ""] = String(full_name).split("/");
      if (typeof id !== "number" || repository === "")
        throw new GitHubError("GitHub's answer names no repository.", { status: null });
      return { id: String(id), owner, repository };
    },
    audience: async (name) => {
      if (scope.kind !== "organization") return null;
      const { visibility } = fieldsOf((await client.request(`GET ${path}/${name}`)).data);
      if (typeof visibility !== "string")
        throw new GitHubError("GitHub's answer has no visibility.", { status: null });
      return {
        visibility,
        repositories: visibility === "selected" ? await selected(client, path, name) : null,
      };
    },
    put: async (name, sealed, audience) => {
      const { status } = await client.request(
        `PUT ${path}/${name}`,
        { encrypted_value: sealed.encryptedValue, key_id: sealed.keyId, ...audienceFields(audience) },
        { redirects: "refused" },
      );
      return status === 201 ? "created" : "updated";
    },
    remove: async (name) => {
      await orNull(() => client.request(`DELETE ${path}/${name}`, undefined, { redirects: "refused" }));
    },
  };
}

function audienceFields(audience: Audience | null): Readonly<Record<string, unknown>> {
  if (audience === null) return {};
  const { visibility, repositories } = audience;
  return { visibility, ...(repositories === null ? {} : { selected_repository_ids: repositories }) };
}

async function selected(client: GitHubClient, path: string, name: string): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let page = 1; page <= MAXIMUM_PAGES; page++) {
    const { data } = await client.request(
      `GET ${path}/${name}/repositories?per_page=${PER_PAGE}&page=${page}`,
    );
    const { repositories, total_count: total } = fieldsOf(data);
    const list = Array.isArray(repositories) ? repositories.map((entry) => fieldsOf(entry).id) : [];
    for (const id of list) {
      if (typeof id !== "number")
        throw new GitHubError("GitHub's answer has no repository's id.", { status: null });
      found.add(id);
    }
    if (list.length === PER_PAGE) continue;
    // Whoever is missing here would lose the secret.
    if (typeof total === "number" && total !== found.size)
      throw new GitHubError(
        `GitHub's API names ${found.size} of the ${total} repositories that the secret is visible to.`,
        { status: null },
      );
    return [...found].sort((one, other) => one - other);
  }
  throw new GitHubError(`The secret is visible to more than ${MAXIMUM_PAGES * PER_PAGE} repositories.`, {
    status: 422,
  });
}

function dateOf(value: unknown): Date {
  const date = new Date(String(value));
  if (Number.isNaN(date.getTime())) throw new GitHubError("GitHub's answer has no date.", { status: null });
  return date;
}
