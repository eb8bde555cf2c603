import { canRepair, GitHubError } from "../../core/failure/github-error.ts";
import { fieldsOf } from "../../core/text/json.ts";
import type { AlertBoard } from "../../ports/github.ts";
import { pages } from "./answers.ts";
import type { GitHubClient } from "./client.ts";

/** Who writes with the token of a workflow. */
const GITHUB_ACTIONS = "github-actions[bot]";
const OPEN_ISSUES = { perPage: 100, maximum: 10 };

/**
 * Issues of the repository, with `issues: write`. Anybody may open an issue that reads like ours: ours is one that we
 * have opened, and that begins with the marker.
 */
export function githubAlertBoard(
  client: GitHubClient,
  { owner, repository, apiUrl }: { owner: string; repository: string; apiUrl: string },
): AlertBoard {
  const repo = { owner, repo: repository };
  const issue = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";
  return {
    find: async (marker) => {
      const us = await loginOf(client, apiUrl);
      const isOurs = ({ body, user }: { body?: string | null; user: { login: string } | null }): boolean =>
        user?.login === us && body?.startsWith(marker) === true;
      const open = await pages(
        OPEN_ISSUES,
        async (page) => {
          const route = "GET /repos/{owner}/{repo}/issues";
          return (await client.ask(route, { ...repo, state: "open", ...page })).data;
        },
        isOurs,
      );
      const found = open.find(isOurs);
      return found ? { number: found.number, since: new Date(found.created_at) } : null;
    },
    open: async (content) => {
      await client.ask("POST /repos/{owner}/{repo}/issues", { ...repo, ...content });
    },
    update: async (number, content) => {
      await client.ask(issue, { ...repo, issue_number: number, ...content });
    },
    close: async (number, comment) => {
      const which = { ...repo, issue_number: number };
      await client.ask("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...which,
        body: comment,
      });
      await client.ask(issue, { ...which, state: "closed", state_reason: "completed" });
    },
  };
}

/** Whom the token speaks for. Only GraphQL tells that of an App's token, too. */
async function loginOf(client: GitHubClient, apiUrl: string): Promise<string> {
  const url = `${apiUrl.replace(/\/api\/v3\/?$/, "/api")}/graphql`;
  try {
    const { data } = await client.request(`POST ${url}`, { query: "{ viewer { login } }" });
    const { login } = fieldsOf(fieldsOf(fieldsOf(data).data).viewer);
    return typeof login === "string" ? login : GITHUB_ACTIONS;
  } catch (error) {
    if (!(error instanceof GitHubError) || canRepair(error)) throw error;
    return GITHUB_ACTIONS;
  }
}
