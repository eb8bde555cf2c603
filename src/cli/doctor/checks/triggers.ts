import { foreign } from "../../../core/text/escape.ts";
import type { EnvironmentRules } from "../../../ports/doctor.ts";
import type { Survey } from "../survey.ts";
import { literalEnvironmentOf } from "../workflow/environment.ts";
import { jobOf, type Use } from "../workflow/use.ts";
import { type Check, type Finding, fail, warn } from "./check.ts";

/** Events whose runs are on a ref of their own, and on no branch that a rule usually names. */
const ON_OTHER_REFS: ReadonlySet<string> = new Set([
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "merge_group",
]);

/** GitHub ends a job at once whose branch its environment does not allow: "branch is not allowed to deploy". */
export const triggerChecks: readonly Check<Survey>[] = [
  {
    id: "environment-trigger",
    title: "Each job may run in its environment",
    find: ({ uses, environments }) => {
      const limited = uses.flatMap((use) => {
        const name = literalEnvironmentOf(use);
        const rules = environments.find((environment) => environment.name === name)?.rules;
        return rules?.known && rules.value && rules.value.branches !== "any"
          ? [{ use, rules: rules.value }]
          : [];
      });
      return limited.length > 0 ? limited.flatMap(({ use, rules }) => rejected(use, rules)) : null;
    },
    passed: () => "by the events that start it",
  },
];

function rejected(use: Use, { branches }: EnvironmentRules): readonly Finding[] {
  const environment = jobOf(use).environment;
  if (!environment) return [];
  const allowsOthers =
    Array.isArray(branches) && branches.some((pattern) => /^refs\/pull\/|^\*\*|^\*\/\*/.test(pattern));
  const { events, root } = use.workflow;
  const others = allowsOthers ? [] : events.filter(({ name }) => ON_OTHER_REFS.has(name));
  const push = events.find(({ name }) => name === "push");
  const filter = root.get("on")?.get("push");
  const isOpen = push && !["branches", "branches-ignore", "tags"].some((key) => filter?.get(key));
  const name = foreign(environment.name);
  return [
    ...others.map((event) =>
      fail(
        `On ${foreign(event.name)} GitHub rejects this job: environment ${name} allows certain branches only.`,
        "Give the job an access copy in a repository secret, and take `environment:` away.",
        event.at,
        environment.at,
      ),
    ),
    ...(push && isOpen
      ? [
          warn(
            `After a push to a branch that environment ${name} does not allow, GitHub rejects this job.`,
            "Write `push: { branches: [main] }`, or give the job an access copy in a repository secret.",
            push.at,
            environment.at,
          ),
        ]
      : []),
  ];
}
