import { createHash } from "node:crypto";
import type { Route } from "./router.ts";
import { apiError } from "./wire.ts";

export type Role = "admin" | "maintain" | "write" | "triage" | "read" | "none";

/** The older names, in which the API also answers. */
const PERMISSION_OF: Readonly<Record<Role, string>> = {
  admin: "admin",
  maintain: "write",
  write: "write",
  triage: "read",
  read: "read",
  none: "none",
};

/** What somebody may do with a repository: asks for `metadata: read`, which GITHUB_TOKEN always has. */
export const collaboratorRoutes: Route[] = [
  {
    method: "GET",
    pattern: "/collaborators/{user}/permission",
    permission: "metadata",
    level: "read",
    answer: ({ repository, parameters, caller }) => {
      if (!caller) return apiError(401, "Requires authentication");
      const { user: login = "" } = parameters;
      // An app has no role; its name is not even a user's. [report, claude-code-action]
      if (login.endsWith("[bot]")) return apiError(404, `${login} is not a user`);
      const role = repository.roleOf(login);
      const id = createHash("sha256").update(login.toLowerCase()).digest().readUInt32BE();
      return {
        status: 200,
        body: {
          permission: PERMISSION_OF[role],
          role_name: role,
          user: { login, id, type: "User", site_admin: false, role_name: role },
        },
      };
    },
  },
];
