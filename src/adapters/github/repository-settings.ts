import type { RepositoryAnswers } from "../../ports/doctor.ts";
import { githubRepository } from "./administration.ts";
import { orNull, pages } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { githubSecretStore } from "./secrets.ts";

const FIRST_PAGES = { perPage: 100, maximum: 3 };
/** Another kind of token may see them. */
const UNSEEN = [401, 403, 404];

/** Questions about a repository, asked of GitHub's REST API. */
export function githubRepositoryAnswers(
  client: GitHubClient,
  { owner, repository }: { owner: string; repository: string },
): RepositoryAnswers {
  const repo = { owner, repo: repository };
  const exists = async (fullName: string, name: string, environment: string | null): Promise<boolean> => {
    const [itsOwner = "", itsName = ""] = fullName.split("/");
    const place = { owner: itsOwner, repository: itsName, repositoryId: "", secretName: name, environment };
    return (await githubSecretStore(client, place).metadata(name)) !== null;
  };
  return {
    describe: githubRepository(client, { owner, repository }).describe,
    secretExists: (name, environment) => exists(`${owner}/${repository}`, name, environment),
    organizationSecrets: async () => {
      const secrets = await orNull(() =>
        pages(FIRST_PAGES, async (page) => {
          const route = "GET /repos/{owner}/{repo}/actions/organization-secrets";
          return (await client.ask(route, { ...repo, ...page })).data.secrets;
        }),
      );
      // A repository of a person has no organization: 404.
      return secrets?.map(({ name }) => name.toUpperCase()) ?? [];
    },
    environment: (name) =>
      orNull(async () => {
        const environment = { ...repo, environment_name: name };
        const route = "GET /repos/{owner}/{repo}/environments/{environment_name}";
        const { deployment_branch_policy: policy, protection_rules: rules = [] } = (
          await client.ask(route, environment)
        ).data;
        const waits = rules.some(({ type }) => type === "required_reviewers" || type === "wait_timer");
        if (!policy) return { branches: "any", waits };
        if (policy.protected_branches) return { branches: "protected", waits };
        const policies = await pages(
          FIRST_PAGES,
          async (page) =>
            (await client.ask(`${route}/deployment-branch-policies`, { ...environment, ...page })).data
              .branch_policies,
        );
        const ofBranches = policies.filter(({ type }) => type !== "tag");
        return { branches: ofBranches.map(({ name = "" }) => name), waits };
      }),
    workflows: () =>
      pages(FIRST_PAGES, async (page) => {
        const route = "GET /repos/{owner}/{repo}/actions/workflows";
        return (await client.ask(route, { ...repo, ...page })).data.workflows;
      }),
    otherRepositories: async () => {
      const ofUser = () =>
        pages(
          FIRST_PAGES,
          async (page) => (await client.ask("GET /user/repos", { sort: "pushed", ...page })).data,
        );
      const ofApp = () =>
        pages(
          FIRST_PAGES,
          async (page) => (await client.ask("GET /installation/repositories", page)).data.repositories,
        );
      const all = (await orNull(ofUser, UNSEEN)) ?? (await orNull(ofApp, UNSEEN));
      const ours = `${owner}/${repository}`.toLowerCase();
      const names = all?.map(({ full_name }) => full_name);
      return names?.filter((name) => name.toLowerCase() !== ours) ?? null;
    },
    elsewhere: (fullName, name, environment) =>
      orNull(async () => {
        if (await exists(fullName, name, null)) return true;
        return environment !== null && (await exists(fullName, name, environment));
      }, [403]),
  };
}
