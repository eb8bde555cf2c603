import { DURATION_INPUTS, INPUT_CHOICES } from "../../../core/inputs/choices.ts";
import { parseDurationMs } from "../../../core/text/duration.ts";
import { foreign } from "../../../core/text/escape.ts";
import type { ActionInput } from "../../../ports/doctor.ts";
import { isExpression } from "../workflow/expression.ts";
import { isOurAction } from "../workflow/use.ts";
import type { Step } from "../workflow/workflow.ts";
import type { Value } from "../workflow/yaml-value.ts";
import { type Check, count, type Finding, fail } from "./check.ts";
import type { Subject } from "./subject.ts";

/** What our steps are given, against action.yml. GitHub only warns of an input that it does not know, and goes on. */
export const inputChecks: readonly Check<Subject>[] = [
  {
    id: "inputs",
    title: "Each input exists, with a value it takes",
    find: (subject) =>
      ourSteps(subject).flatMap((step) => [...explainUnknown(step, subject.inputs), ...wrongValues(step)]),
    passed: (subject) => count(ourSteps(subject).length, "step"),
  },
  {
    id: "login-given",
    title: "Each step is given a login",
    find: ({ uses, inputs }) =>
      uses
        .filter((use) => use.kind !== "persistent" && (use.input(LOGIN)?.text ?? "") === "")
        // Misspelt: that is told above.
        .filter(({ step }) => ![...step.with.keys()].some((name) => nearestOf(name, inputs) === LOGIN))
        .map(({ at }) =>
          fail(
            "This step is given no login.",
            "Add `codex-auth-json`, with the secret that holds the login or an access copy.",
            at,
          ),
        ),
    passed: () => "`codex-auth-json`",
  },
];

export function ourSteps({ checkout, sites }: Subject): readonly Step[] {
  const steps = sites.map(({ step }) => step);
  return steps.filter(({ uses }) => isOurAction(uses?.text ?? "", checkout));
}

const LOGIN = "codex-auth-json";

/** Inputs of a step that action.yml does not have. */
export function unknownInputs(
  step: Step,
  inputs: readonly ActionInput[],
): readonly (readonly [string, Value])[] {
  const names = inputs.map(({ name }) => name);
  return [...step.with].filter(([name]) => !names.includes(name));
}

function explainUnknown(step: Step, inputs: readonly ActionInput[]): readonly Finding[] {
  return unknownInputs(step, inputs).map(([name, { at }]) => {
    const near = nearestOf(name, inputs);
    const remedy = near === null ? "Remove it: docs/inputs.md lists all inputs." : `Write \`${near}\`.`;
    return fail(`${foreign(name)} is no input of this action, and is ignored.`, remedy, at);
  });
}

function wrongValues(step: Step): readonly Finding[] {
  return [...step.with].flatMap(([name, { text, at }]) => {
    const value = text?.trim() ?? "";
    if (value === "" || isExpression(value)) return [];
    const given = `\`${name}\` does not take ${foreign(value)}, and the job fails.`;
    const choices = Object.entries(INPUT_CHOICES).find(([known]) => known === name)?.[1];
    if (choices && !choices.some((choice) => choice === value))
      return [fail(given, `Write one of: ${choices.map((choice) => `\`${choice}\``).join(", ")}.`, at)];
    if (DURATION_INPUTS.includes(name) && !isDuration(value, name))
      return [fail(given, "Write a number and a unit: `90s`, `30m`, `72h` or `10d`.", at)];
    return [];
  });
}

function isDuration(value: string, name: string): boolean {
  try {
    return parseDurationMs(value, name) >= 0;
  } catch {
    return false;
  }
}

/** @returns `null` where none is near: it is no slip of the pen */
function nearestOf(name: string, inputs: readonly ActionInput[]): string | null {
  const plain = name.replaceAll(/[_\s]/g, "-");
  const ranked = inputs.map(({ name: known }) => ({ known, distance: distanceOf(plain, known) }));
  const [first] = ranked.sort((one, other) => one.distance - other.distance);
  return first && first.distance <= Math.max(1, Math.floor(plain.length / 3)) ? first.known : null;
}

/** How many characters must be put in, taken out or replaced. Levenshtein, by rows. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [above, character] of [...one.slice(0, 100)].entries()) {
    const next = [above + 1];
    for (let column = 1; column < row.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (character === other[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
