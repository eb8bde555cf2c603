import type { Route } from "./router.ts";
import { page } from "./wire.ts";

/** A live record: a story changes its state, the API serves it. */
export interface WorkflowRecord {
  /** `.github/workflows/….yml` */
  readonly path: string;
  state: "active" | "deleted" | "disabled_fork" | "disabled_inactivity" | "disabled_manually";
}

/** The list of workflows asks for `actions: read`. Shape: `workflow` in @octokit/openapi-types. */
export const workflowRoutes: Route[] = [
  {
    method: "GET",
    pattern: "/actions/workflows",
    permission: "actions",
    level: "read",
    answer: (call) => {
      const { workflows } = call.repository;
      const { items, headers } = page(call.request, workflows, call.url);
      const described = items.map(({ path, state }) => ({
        id: workflows.findIndex((workflow) => workflow.path === path) + 1,
        name: path,
        path,
        state,
      }));
      return { status: 200, headers, body: { total_count: workflows.length, workflows: described } };
    },
  },
];
