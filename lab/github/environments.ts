import type { Call, Route } from "./router.ts";
import { apiError, invalidRequest, jsonObject, notFound, page, timestamp } from "./wire.ts";

type Environment = Call["repository"]["environments"][number];

function describe(environment: Environment): object {
  const createdAt = timestamp(environment.createdAt);
  const { id, name, branches } = environment;
  const policy =
    branches === null
      ? null
      : { protected_branches: branches === "protected", custom_branch_policies: branches !== "protected" };
  return { id, name, created_at: createdAt, updated_at: createdAt, deployment_branch_policy: policy };
}

/** @returns `undefined` for what the schema refuses: both kinds of limit, or neither */
function branchesOf(policy: unknown, before: Environment["branches"]): Environment["branches"] | undefined {
  if (policy === null || policy === undefined) return null;
  const { protected_branches, custom_branch_policies } = policy as Record<string, unknown>;
  if (protected_branches === custom_branch_policies) return undefined;
  return protected_branches === true ? "protected" : Array.isArray(before) ? before : [];
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
      const body = jsonObject(call.request);
      if (!body) return apiError(400, "Problems parsing JSON");
      const branches = branchesOf(body.deployment_branch_policy, named(call)?.branches ?? null);
      if (branches === undefined) return invalidRequest("deployment_branch_policy must limit one way.");
      call.repository.createEnvironment(call.parameters.environment ?? "");
      const environment = named(call);
      if (!environment) return notFound();
      environment.branches = branches;
      return { status: 200, body: describe(environment) };
    },
  },
  {
    method: "DELETE",
    pattern: "/environments/{environment}",
    permission: "administration",
    level: "write",
    answer: ({ repository, parameters }) =>
      repository.deleteEnvironment(parameters.environment ?? "") ? { status: 204 } : notFound(),
  },
  {
    method: "GET",
    pattern: "/environments/{environment}/deployment-branch-policies",
    permission: "actions",
    level: "read",
    answer: (call) => {
      const branches = named(call)?.branches;
      if (!Array.isArray(branches)) return notFound();
      const policies = branches.map((name, index) => ({ id: index + 1, name, type: "branch" }));
      return { status: 200, body: { total_count: policies.length, branch_policies: policies } };
    },
  },
  {
    method: "POST",
    pattern: "/environments/{environment}/deployment-branch-policies",
    permission: "administration",
    level: "write",
    answer: (call) => {
      const branches = named(call)?.branches;
      const name = jsonObject(call.request)?.name;
      // 404 also where the environment has no custom policies.
      if (!Array.isArray(branches)) return notFound();
      if (typeof name !== "string") return invalidRequest(`"name" wasn't supplied.`);
      branches.push(name);
      return { status: 200, body: { id: branches.length, name, type: "branch" } };
    },
  },
];
