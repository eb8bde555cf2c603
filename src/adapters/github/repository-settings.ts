import { fieldsOf } from "../../core/text/json.ts";
import type { RepositoryAnswers } from "../../ports/doctor.ts";
import { githubRepository } from "./administration.ts";
import type { GitHubClient } from "./client.ts";
import { orNull } from "./or-null.ts";
import { githubSecretStore } from "./secrets.ts";

const PAGE = 100;
const MAXIMUM_PAGES = 3;
/** Another kind of token may see them. */
const UNSEEN = [401, 403, 404];

/** Questions about a repository, asked of GitHub's REST API. */
export function githubRepositoryAnswers(
  client: GitHubClient,
  { owner, repository }: { owner: string; repository: string },
): RepositoryAnswers {
  const path = `/repos/${owner}/${repository}`;
  const exists = async (fullName: string, name: string, environment: string | null): Promise<boolean> => {
    const [itsOwner = "", itsName = ""] = fullName.split("/");
    const place = { owner: itsOwner, repository: itsName, repositoryId: "", secretName: name, environment };
    return (await githubSecretStore(client, place).metadata(name)) !== null;
  };
  return {
    describe: githubRepository(client, { owner, repository }).describe,
    secretExists: (name, environment) => exists(`${owner}/${repository}`, name, environment),
    // A repository of a person has no organization: 404.
    organizationSecrets: async () =>
      (await orNull(() => pages(client, `${path}/actions/organization-secrets`, "secrets")))?.map(
        ({ name }) => String(name).toUpperCase(),
      ) ?? [],
    environment: (name) =>
      orNull(async () => {
        const environment = `${path}/environments/${encodeURIComponent(name)}`;
        const { deployment_branch_policy, protection_rules } = fieldsOf(
          (await client.request(`GET ${environment}`)).data,
        );
        const rules = listOf(protection_rules);
        const waits = rules.some(({ type }) => type === "required_reviewers" || type === "wait_timer");
        if (!deployment_branch_policy) return { branches: "any", waits };
        if (fieldsOf(deployment_branch_policy).protected_branches === true)
          return { branches: "protected", waits };
        const policies = await pages(client, `${environment}/deployment-branch-policies`, "branch_policies");
        const ofBranches = policies.filter(({ type }) => type !== "tag");
        return { branches: ofBranches.map(({ name }) => String(name)), waits };
      }),
    workflows: async () =>
      (await pages(client, `${path}/actions/workflows`, "workflows")).map((workflow) => ({
        path: String(workflow.path),
        state: String(workflow.state),
      })),
    otherRepositories: async () => {
      const all =
        (await orNull(() => pages(client, "/user/repos?sort=pushed", null), UNSEEN)) ??
        (await orNull(() => pages(client, "/installation/repositories", "repositories"), UNSEEN));
      const names = all?.map(({ full_name }) => String(full_name));
      return names?.filter((name) => name.toLowerCase() !== `${owner}/${repository}`.toLowerCase()) ?? null;
    },
    elsewhere: (fullName, name, environment) =>
      orNull(async () => {
        if (await exists(fullName, name, null)) return true;
        return environment !== null && (await exists(fullName, name, environment));
      }, [403]),
  };
}

/** The first pages of a list. @param field that holds the items; `null`: the answer is the list */
async function pages(
  client: GitHubClient,
  address: string,
  field: string | null,
): Promise<readonly Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (let page = 1; page <= MAXIMUM_PAGES; page++) {
    const query = `${address.includes("?") ? "&" : "?"}per_page=${PAGE}&page=${page}`;
    const { data } = await client.request(`GET ${address}${query}`);
    const items = listOf(field === null ? data : fieldsOf(data)[field]);
    found.push(...items);
    if (items.length < PAGE) break;
  }
  return found;
}

function listOf(data: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(data) ? data.map(fieldsOf) : [];
}
