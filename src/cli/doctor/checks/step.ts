import { isExpression } from "../workflow/expression.ts";
import { refreshJobsOf, type Use } from "../workflow/use.ts";
import type { Value } from "../workflow/yaml-value.ts";
import { type Check, type Finding, fail, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** As long as a claim is respected: longer than any refresh. */
const SHORT_MINUTES = 10;

/** How our step is written. */
export const stepChecks: readonly Check<Subject>[] = [
  {
    id: "pinned",
    title: "The action's version is a release or a commit",
    find: ({ uses }) => uses.map(unpinned),
    passed: ({ uses }) => [...new Set(uses.map((use) => describeRef(refOf(use))))].join(", "),
  },
  {
    id: "continue-on-error",
    title: "A failure fails the job",
    find: ({ uses }) =>
      uses
        .flatMap((use) => around(use, "continue-on-error"))
        .filter(({ text }) => text === "true" || isExpression(text ?? ""))
        .map(({ at }) =>
          warn(
            "`continue-on-error` hides that a login is lost or was not stored.",
            "Remove it, and put what may fail into a step of its own.",
            at,
          ),
        ),
    passed: () => "no `continue-on-error`",
  },
  {
    id: "timeout",
    title: "No timeout cuts a refresh short",
    find: ({ uses }) =>
      refreshJobsOf(uses)
        .flatMap((use) => around(use, "timeout-minutes"))
        .filter(({ text }) => Number(text || Number.NaN) < SHORT_MINUTES)
        .map(({ text, at }) =>
          warn(
            `After ${Number(text)} min GitHub stops a refresh that is still waiting for its turn.`,
            `Allow at least ${SHORT_MINUTES} minutes, and limit your own command separately.`,
            at,
          ),
        ),
    passed: () => `none below ${SHORT_MINUTES} min`,
  },
  {
    id: "composite",
    title: "The step is not in a nested composite",
    find: ({ uses }) =>
      uses
        .filter(({ composites }) => composites.length > 1)
        .map(({ at, jobStep }) =>
          fail(
            "In a composite action inside another one, GitHub gives our post step no inputs.",
            "Use this action directly in the steps of the job.",
            at,
            (jobStep.uses ?? jobStep).at,
          ),
        ),
    passed: ({ uses }) =>
      uses.some(({ composites }) => composites.length > 0) ? "one level" : "directly in jobs",
  },
];

/** A key of all whose fate is ours: our own step, the one that leads to it, and the jobs on the way. */
function around({ step, jobStep, route }: Use, key: string): readonly Value[] {
  const values = [jobStep.value, step.value, ...route.map(({ job }) => job.value)];
  return values.flatMap((value) => value.get(key) ?? []);
}

function unpinned(use: Use): Finding | null {
  const uses = use.step.uses;
  const ref = refOf(use);
  if (!uses || ref === "checkout" || /^[0-9a-f]{40}$/.test(ref) || /^v?\d+(\.\d+){0,2}$/.test(ref))
    return null;
  return warn(
    ref === "" ? "Without a version GitHub does not run this step." : `\`${ref}\` changes with every push.`,
    "Pin a release: `@v1`, or the 40 digits of its commit.",
    uses.at,
  );
}

/** Whose owner moves a tag moves what runs; a commit stays. */
function describeRef(ref: string): string {
  if (/^v?\d+(\.\d+)?$/.test(ref)) return `${ref} (a tag that moves with each release)`;
  return ref.includes(".") ? `${ref} (a tag)` : ref;
}

function refOf({ step }: Use): string {
  const uses = step.uses?.text ?? "";
  return /^[.$]/.test(uses) ? "checkout" : (uses.split("@")[1] ?? "");
}
