import type { AlertIssue } from "../../core/failure/alert-text.ts";
import { canRepair, GitHubError } from "../../core/failure/github-error.ts";
import type { AlertBoard } from "../../ports/action.ts";
import type { GitHubClient } from "./client.ts";

/** Who writes with the token of a workflow. */
const GITHUB_ACTIONS = "github-actions[bot]";

/**
 * Issues of the repository, with `issues: write`. Anybody may open an issue that reads like ours: ours is one that we
 * have opened, and that begins with the marker.
 */
export function githubAlertBoard(
  client: GitHubClient,
  { owner, repository, apiUrl }: { owner: string; repository: string; apiUrl: string },
): AlertBoard {
  const issues = `/repos/${owner}/${repository}/issues`;
  return {
    find: async (marker) => {
      const us = await loginOf(client, apiUrl);
      for (let page = 1; page <= MAXIMUM_PAGES; page++) {
        const { data } = await client.request(`GET ${issues}?state=open&per_page=100&page=${page}`);
        const list = Array.isArray(data) ? (data as Issue[]) : [];
        const found = list.find(({ body, user }) => user?.login === us && body?.startsWith(marker));
        if (found) return { number: found.number, since: new Date(found.created_at) };
        if (list.length < 100) return null;
      }
      return null;
    },
    open: async (issue: AlertIssue) => {
      await client.request(`POST ${issues}`, { ...issue });
    },
    update: async (number, issue) => {
      await client.request(`PATCH ${issues}/${number}`, { ...issue });
    },
    close: async (number, comment) => {
      await client.request(`POST ${issues}/${number}/comments`, { body: comment });
      await client.request(`PATCH ${issues}/${number}`, { state: "closed", state_reason: "completed" });
    },
  };
}

const MAXIMUM_PAGES = 10;

interface Issue {
  readonly number: number;
  readonly body: string | null;
  readonly created_at: string;
  readonly user: { readonly login: string } | null;
}

/** Whom the token speaks for. Only GraphQL tells that of an App's token, too. */
async function loginOf(client: GitHubClient, apiUrl: string): Promise<string> {
  const url = `${apiUrl.replace(/\/api\/v3\/?$/, "/api")}/graphql`;
  try {
    const { data } = await client.request(`POST ${url}`, { query: "{ viewer { login } }" });
    const login = (data as { data?: { viewer?: { login?: unknown } | null } | null } | null)?.data?.viewer
      ?.login;
    return typeof login === "string" ? login : GITHUB_ACTIONS;
  } catch (error) {
    if (!(error instanceof GitHubError) || canRepair(error)) throw error;
    return GITHUB_ACTIONS;
  }
}
