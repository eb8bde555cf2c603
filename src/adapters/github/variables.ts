import { GitHubError } from "../../core/failure/github-error.ts";
import { type SecretLocation, variablesPath } from "../../core/github/secret-location.ts";
import { fieldsOf } from "../../core/text/json.ts";
import type { Variable, Variables } from "../../ports/action.ts";
import type { GitHubClient } from "./client.ts";
import { orNull } from "./or-null.ts";

/** The most that GitHub lists at once (docs, "List repository variables"). */
const PER_PAGE = 30;
/** A repository holds 500 variables at most. */
const MAXIMUM_PAGES = 17;

/** The Actions variables of a repository, or of one of its environments. */
export function githubVariables(client: GitHubClient, place: SecretLocation): Variables {
  const path = variablesPath(place);
  const request = async (
    ...given: Parameters<GitHubClient["request"]>
  ): ReturnType<GitHubClient["request"]> => {
    try {
      return await client.request(...given);
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      const { message, status, retryAfterMs, said } = error;
      throw new GitHubError(message, { status, retryAfterMs, said, permission: "Variables", cause: error });
    }
  };
  return {
    read: async (name) => {
      const answer = await orNull(() => request(`GET ${path}/${name}`));
      return answer && variableIn(answer.data);
    },
    list: async () => {
      const found: Variable[] = [];
      for (let page = 1; page <= MAXIMUM_PAGES; page++) {
        const { data } = await request(`GET ${path}?per_page=${PER_PAGE}&page=${page}`);
        const { variables } = fieldsOf(data);
        const list = Array.isArray(variables) ? variables.map(variableIn) : [];
        found.push(...list);
        if (list.length < PER_PAGE) break;
      }
      return found;
    },
    create: async (name, value) => {
      try {
        await request(`POST ${path}`, { name, value });
        return "created";
      } catch (error) {
        if (error instanceof GitHubError && error.status === 409) return "exists";
        throw error;
      }
    },
    update: async (name, value) =>
      (await orNull(() => request(`PATCH ${path}/${name}`, { name, value }))) !== null,
    remove: async (name) => {
      await orNull(() => request(`DELETE ${path}/${name}`));
    },
  };
}

function variableIn(data: unknown): Variable {
  const { name, value, created_at } = fieldsOf(data);
  const createdAt = new Date(String(created_at));
  if (typeof name !== "string" || typeof value !== "string" || Number.isNaN(createdAt.getTime()))
    throw new GitHubError("GitHub's answer holds no variable.", { status: null });
  return { name, value, createdAt };
}
