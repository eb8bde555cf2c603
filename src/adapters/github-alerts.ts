import type { AlertIssue } from "../core/alert.ts";
import type { AlertBoard } from "../ports.ts";
import type { GitHubClient } from "./github-client.ts";

/** Issues of the repository, with `issues: write`. */
export function githubAlertBoard(
  client: GitHubClient,
  { owner, repository }: { owner: string; repository: string },
): AlertBoard {
  const issues = `/repos/${owner}/${repository}/issues`;
  return {
    find: async (marker) => {
      for (let page = 1; page <= MAXIMUM_PAGES; page++) {
        const { data } = await client.request(`GET ${issues}?state=open&per_page=100&page=${page}`);
        const list = Array.isArray(data)
          ? (data as { number: number; body: string | null; created_at: string }[])
          : [];
        const found = list.find(({ body }) => body?.includes(marker));
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
