import { foreign } from "../../../core/text/escape.ts";
import { jobOf, type Use } from "../workflow/use.ts";
import { type Check, fail } from "./check.ts";
import type { Subject } from "./subject.ts";

/** Secrets on their way through `workflow_call`. */
export const reusableChecks: readonly Check<Subject>[] = [
  {
    id: "secrets-handed-on",
    title: "Reusable workflows are handed their secrets",
    find: ({ uses }) => (uses.some(isCalled) ? uses.flatMap(lacking) : null),
    passed: () => "each one that is read",
  },
];

function isCalled({ route }: Use): boolean {
  return route.length > 1;
}

function lacking(use: Use) {
  // An environment's secrets come from the environment of the called job.
  if (jobOf(use).environment) return [];
  const callee = foreign(use.route.at(-1)?.workflow.file ?? "");
  return use.missing.map(({ name, at }) =>
    fail(
      `${callee} reads the secret ${foreign(name)}, which this job does not hand on: it is empty there.`,
      "Add `secrets: inherit` to the job, or the secret by its name below `secrets:`.",
      at,
    ),
  );
}
