import { jobOf, refreshJobsOf, type Use } from "../workflow/use.ts";
import type { Value } from "../workflow/yaml-value.ts";
import { type Check, type Finding, fail, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** What the job's own token may read. */
export const permissionChecks: readonly Check<Subject>[] = [
  {
    id: "actions-read",
    title: "The job may read its own run",
    find: ({ uses }) => usesOfJobToken(uses).flatMap(unreadable),
    passed: ({ uses }) => (usesOfJobToken(uses).length > 0 ? "`actions: read`" : "not needed"),
  },
];

function usesOfJobToken(uses: readonly Use[]): readonly Use[] {
  return refreshJobsOf(uses).filter(
    (use) =>
      (use.input("github-token")?.text ?? "") === "" &&
      // A fresh login needs no proof that the old one is current.
      use.input("reseed")?.text !== "true",
  );
}

/**
 * Only the API says when a run was created, and whether the run that made a claim is over.
 * A called workflow cannot have more than its caller.
 */
function unreadable(use: Use): readonly Finding[] {
  const granted = use.route
    .map(({ workflow, job }) => job.value.get("permissions") ?? workflow.root.get("permissions"))
    .filter((permissions) => permissions !== null);
  if (granted.length === 0)
    return [
      warn(
        "The repository's settings decide whether the job may read its own run.",
        "Add `permissions: { contents: read, actions: read }`.",
        jobOf(use).at,
      ),
    ];
  return granted
    .filter((permissions) => !mayReadActions(permissions))
    .map(({ at }) =>
      fail(
        "Without `actions: read` a job can neither make the first refresh after a `gh secret set`, nor take over the claim of a job that died.",
        "Add `actions: read` to `permissions:`.",
        at,
      ),
    );
}

function mayReadActions(permissions: Value): boolean {
  if (permissions.text === "read-all" || permissions.text === "write-all") return true;
  return /^(read|write)$/.test(permissions.get("actions")?.text ?? "");
}
