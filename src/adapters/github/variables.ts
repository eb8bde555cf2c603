import { GitHubError } from "../../core/failure/github-error.ts";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import type { Variable, Variables } from "../../ports/variables.ts";
import { dateOf, orNull, pages } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { scopeOf } from "./scope.ts";

/** The most that GitHub lists at once (docs, "List repository variables"), and a repository holds 500 at most. */
const ALL = { perPage: 30, maximum: 17 };

/** The Actions variables of a repository, or of one of its environments. */
export function githubVariables(client: GitHubClient, place: SecretLocation): Variables {
  const { routes, scope } = scopeOf(place);
  return {
    read: async (name) => {
      const found = await orNull(() => client.ask(`GET ${routes}/variables/{name}`, { ...scope, name }));
      return found && variableIn(found.data);
    },
    list: () =>
      pages(ALL, async (page) =>
        (await client.ask(`GET ${routes}/variables`, { ...scope, ...page })).data.variables.map(variableIn),
      ),
    create: async (name, value) => {
      try {
        await client.ask(`POST ${routes}/variables`, { ...scope, name, value });
        return "created";
      } catch (error) {
        if (error instanceof GitHubError && error.status === 409) return "exists";
        throw error;
      }
    },
    update: async (name, value) =>
      (await orNull(() => client.ask(`PATCH ${routes}/variables/{name}`, { ...scope, name, value }))) !==
      null,
    remove: async (name) => {
      await orNull(() => client.ask(`DELETE ${routes}/variables/{name}`, { ...scope, name }));
    },
  };
}

function variableIn({
  name,
  value,
  created_at,
}: {
  name: string;
  value: string;
  created_at: string;
}): Variable {
  return { name, value, createdAt: dateOf(created_at) };
}
