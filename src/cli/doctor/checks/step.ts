import { isExpression } from "../workflow/expression.ts";
import { refreshJobsOf, type Use } from "../workflow/use.ts";
import type { Step } from "../workflow/workflow.ts";
import type { Value } from "../workflow/yaml-value.ts";
import { type Check, type Finding, verdict, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** As long as a claim is respected: longer than any refresh. */
const SHORT_MINUTES = 10;

/** How our step is written. */
export const stepChecks: readonly Check<Subject>[] = [
  {
    id: "pinned",
    title: "The action is pinned",
    run: ({ uses }) => verdict(uses.flatMap(unpinned), [...new Set(uses.map(refOf))].join(", ")),
  },
  {
    id: "continue-on-error",
    title: "A failure fails the job",
    run: ({ uses }) => {
      const found = uses.flatMap((use) =>
        [...stepsOf(use), ...use.route.map(({ job }) => job)].flatMap(({ continueOnError }) =>
          hushes(continueOnError)
            ? [
                warn(
                  "`continue-on-error` hides that a login is lost or was not stored.",
                  "Remove it, and put what may fail into a step of its own.",
                  [continueOnError.at],
                ),
              ]
            : [],
        ),
      );
      return verdict(found, "no `continue-on-error`");
    },
  },
  {
    id: "timeout",
    title: "No timeout cuts a refresh short",
    run: ({ uses }) => {
      const found = refreshJobsOf(uses).flatMap((use) =>
        [...stepsOf(use), ...use.route.map(({ job }) => job)].flatMap(({ timeoutMinutes }) => {
          const minutes = Number(timeoutMinutes?.text || Number.NaN);
          if (!timeoutMinutes || !(minutes < SHORT_MINUTES)) return [];
          return [
            warn(
              `After ${minutes} min GitHub stops a refresh that is still waiting for its turn.`,
              `Allow at least ${SHORT_MINUTES} minutes, and limit your own command separately.`,
              [timeoutMinutes.at],
            ),
          ];
        }),
      );
      return verdict(found, `none below ${SHORT_MINUTES} min`);
    },
  },
  {
    id: "composite",
    title: "The step is not in a nested composite",
    run: ({ uses }) => {
      const found = uses
        .filter(({ composites }) => composites.length > 1)
        .map(
          ({ at, jobStep }): Finding => ({
            level: "fail",
            reason: "In a composite action inside another one, GitHub gives our post step no inputs.",
            remedy: "Use this action directly in the steps of the job.",
            positions: [at, (jobStep.uses ?? jobStep).at],
          }),
        );
      return verdict(
        found,
        uses.some(({ composites }) => composites.length > 0) ? "one level" : "directly in jobs",
      );
    },
  },
];

/** The steps whose fate is ours: the job's, the composites' in between, and our own. */
function stepsOf(use: Use): readonly Step[] {
  return use.jobStep === use.step ? [use.step] : [use.jobStep, use.step];
}

function unpinned(use: Use): readonly Finding[] {
  const uses = use.step.uses;
  const ref = refOf(use);
  if (!uses || ref === "checkout" || /^[0-9a-f]{40}$/.test(ref) || /^v?\d+(\.\d+){0,2}$/.test(ref)) return [];
  return [
    {
      level: "warn",
      reason:
        ref === ""
          ? "Without a version GitHub does not run this step."
          : `\`${ref}\` changes with every push.`,
      remedy: "Pin a release: `@v1`, or the 40 digits of its commit.",
      positions: [uses.at],
    },
  ];
}

function refOf({ step }: Use): string {
  const uses = step.uses?.text ?? "";
  return /^[.$]/.test(uses) ? "checkout" : (uses.split("@")[1] ?? "");
}

function hushes(value: Value | null): value is Value {
  return value?.text === "true" || isExpression(value?.text ?? "");
}
