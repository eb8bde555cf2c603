import { GitHubError } from "../../core/failure/github-error.ts";
import type { RepositoryAdministration } from "../../ports/cli.ts";
import type { GitHubClient } from "./client.ts";
import { orNull } from "./or-null.ts";
import { githubSecretStore } from "./secrets.ts";
import { githubVariables } from "./variables.ts";

/** A repository through GitHub's REST API, with the token of somebody who administers it. */
export function githubRepository(
  client: GitHubClient,
  { owner, repository }: { owner: string; repository: string },
): RepositoryAdministration {
  const path = `/repos/${owner}/${repository}`;
  return {
    now: () => client.now(),
    secrets: (place) => githubSecretStore(client, place),
    variables: (place) => githubVariables(client, place),
    describe: () =>
      orNull(async () => {
        const { data } = await client.ask("GET /repos/{owner}/{repo}", { owner, repo: repository });
        return {
          id: String(data.id),
          visibility: data.private ? "private" : "public",
          defaultBranch: data.default_branch,
        };
      }),
    createEnvironment: async (name, defaultBranch) => {
      const environment = `${path}/environments/${encodeURIComponent(name)}`;
      try {
        await client.request(`PUT ${environment}`, {
          deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
        });
        await client.request(`POST ${environment}/deployment-branch-policies`, { name: defaultBranch });
        return "limited";
      } catch (error) {
        // Plans without branch policies answer 422 to them, or know no such address.
        if (!(error instanceof GitHubError) || (error.status !== 422 && error.status !== 404)) throw error;
        await client.request(`PUT ${environment}`, { deployment_branch_policy: null });
        return "unlimited";
      }
    },
    latestRun: (workflow) =>
      orNull(async () => {
        const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", {
          ...{ owner, repo: repository },
          ...{ workflow_id: workflow, per_page: 1 },
        });
        // A page of HTML, say, has none.
        const latest = data.workflow_runs?.at(0);
        if (!latest) return null;
        return {
          workflow,
          createdAt: new Date(latest.created_at),
          conclusion: latest.conclusion,
          url: latest.html_url,
        };
      }),
  };
}
