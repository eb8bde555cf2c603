import { GitHubError } from "../../core/failure/github-error.ts";
import type { RepositoryAdministration } from "../../ports/cli.ts";
import { dateOf, orNull } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { githubSecretStore } from "./secrets.ts";
import { githubVariables } from "./variables.ts";

/** A repository through GitHub's REST API, with the token of somebody who administers it. */
export function githubRepository(
  client: GitHubClient,
  { owner, repository }: { owner: string; repository: string },
): RepositoryAdministration {
  const repo = { owner, repo: repository };
  return {
    now: () => client.now(),
    secrets: (place) => githubSecretStore(client, place),
    variables: (place) => githubVariables(client, place),
    describe: () =>
      orNull(async () => {
        const { data } = await client.ask("GET /repos/{owner}/{repo}", repo);
        return {
          id: String(data.id),
          visibility: data.private ? "private" : "public",
          defaultBranch: data.default_branch,
        };
      }),
    createEnvironment: async (name, defaultBranch) => {
      const route = "PUT /repos/{owner}/{repo}/environments/{environment_name}";
      const environment = { ...repo, environment_name: name };
      try {
        await client.ask(route, {
          ...environment,
          deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
        });
        await client.ask(
          "POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
          { ...environment, name: defaultBranch },
        );
        return "limited";
      } catch (error) {
        // Plans without branch policies answer 422 to them, or know no such address.
        if (!(error instanceof GitHubError) || (error.status !== 422 && error.status !== 404)) throw error;
        await client.ask(route, { ...environment, deployment_branch_policy: null });
        return "unlimited";
      }
    },
    latestRun: (workflow) =>
      orNull(async () => {
        const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", {
          ...{ ...repo, workflow_id: workflow, per_page: 1 },
        });
        const [latest] = data.workflow_runs;
        if (!latest) return null;
        const { created_at, conclusion, html_url: url } = latest;
        return { workflow, createdAt: dateOf(created_at), conclusion, url };
      }),
  };
}
