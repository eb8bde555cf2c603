import type { Call, Route } from "./github-router.ts";
import { notFound, page, timestamp } from "./github-wire.ts";

type Environment = Call["repository"]["environments"][number];

function describe(environment: Environment): object {
  const createdAt = timestamp(environment.createdAt);
  return { id: environment.id, name: environment.name, created_at: createdAt, updated_at: createdAt };
}

function named(call: Call): Environment | undefined {
  const wanted = call.parameters.environment?.toLowerCase();
  return call.repository.environments.find(({ name }) => name.toLowerCase() === wanted);
}

/** Environments as such are read with Actions and made with Administration; only their secrets ask for Environments. */
export const environmentRoutes: Route[] = [
  {
    method: "GET",
    pattern: "/environments",
    permission: "actions",
    level: "read",
    answer: (call) => {
      const { items, headers } = page(call.request, call.repository.environments, call.url);
      const body = { total_count: call.repository.environments.length, environments: items.map(describe) };
      return { status: 200, headers, body };
    },
  },
  {
    method: "GET",
    pattern: "/environments/{environment}",
    permission: "actions",
    level: "read",
    answer: (call) => {
      const environment = named(call);
      return environment ? { status: 200, body: describe(environment) } : notFound();
    },
  },
  {
    method: "PUT",
    pattern: "/environments/{environment}",
    permission: "administration",
    level: "write",
    answer: (call) => {
      call.repository.createEnvironment(call.parameters.environment ?? "");
      const environment = named(call);
      return environment ? { status: 200, body: describe(environment) } : notFound();
    },
  },
];
