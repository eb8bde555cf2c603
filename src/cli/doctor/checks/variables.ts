import { foreign } from "../../../core/text/escape.ts";
import { secretNamesIn } from "../workflow/expression.ts";
import type { Use } from "../workflow/use.ts";
import type { Value } from "../workflow/yaml-value.ts";
import { type Check, fail } from "./check.ts";
import { loginSecretsOf, type Subject } from "./subject.ts";

/** `env:` of a workflow or a job reaches every step, and all that they start. */
export const variableChecks: readonly Check<Subject>[] = [
  {
    id: "login-in-variables",
    title: "No variable gives the login to a whole job",
    find: ({ uses }) =>
      [...sharedVariables(uses)].map(([name, { at }]) =>
        fail(
          `The variable ${foreign(name)} gives the login or its write token to every step.`,
          "Remove it from `env:`, and write the secret in the `with:` of our step alone.",
          at,
        ),
      ),
    passed: () => "`env:` holds neither login nor write token",
  },
];

/** The variables of workflows and jobs with the login, or with what can write it. */
export function sharedVariables(uses: readonly Use[]): readonly (readonly [string, Value])[] {
  const given = ["secret-write-token", "private-key"];
  const credentials = uses.flatMap((use) =>
    given.flatMap((input) => secretNamesIn(use.input(input)?.text ?? "")),
  );
  const secrets = new Set([...loginSecretsOf(uses), ...credentials]);
  const holders = uses.flatMap(({ route }) =>
    route.flatMap(({ workflow, job }) => [workflow.root, job.value]),
  );
  return holders
    .flatMap((holder) => holder.get("env")?.entries() ?? [])
    .filter(([, value]) => secretNamesIn(value.text ?? "").some((name) => secrets.has(name)));
}
