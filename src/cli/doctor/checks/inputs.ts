import { Failure } from "../../../core/failure/failure.ts";
import { foreign } from "../../../core/text/escape.ts";
import type { ActionInputs } from "../../../ports/doctor.ts";
import { projectPage } from "../../project-page.ts";
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
      ourSteps(subject).flatMap((step) => [
        ...explainUnknown(step, subject.inputs),
        ...wrongValues(step, subject.inputs.refuse),
      ]),
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
export function unknownInputs(step: Step, inputs: ActionInputs): readonly (readonly [string, Value])[] {
  const names = inputs.known.map(({ name }) => name);
  return [...step.with].filter(([name]) => !names.includes(name));
}

function explainUnknown(step: Step, inputs: ActionInputs): readonly Finding[] {
  return unknownInputs(step, inputs).map(([name, { at }]) => {
    const near = nearestOf(name, inputs);
    const remedy =
      near === null ? `Remove it. All inputs: ${projectPage("docs/inputs.md")}` : `Write \`${near}\`.`;
    return fail(`${foreign(name)} is no input of this action, and is ignored.`, remedy, at);
  });
}

/** What the action itself refuses, asked until it refuses nothing more. */
function wrongValues(step: Step, refuse: ActionInputs["refuse"]): readonly Finding[] {
  const given = new Map([...step.with].map(([name, { text }]) => [name, assumed(name, text?.trim() ?? "")]));
  const found: Finding[] = [];
  for (;;) {
    const failure = refusal(() => refuse((name) => given.get(name) ?? ""));
    // The write token and the App have a check of their own.
    if (!failure || failure.code === "write-token-invalid") return found;
    const named = [...given.keys()].filter(
      (name) => given.get(name) && new RegExp(`\`${name}[\`:]`).test(failure.message),
    );
    const [first, ...others] = named.flatMap((name) => step.with.get(name) ?? []);
    const isOne = first && others.length === 0 && named[0] !== "home-lifetime";
    found.push(
      fail(
        isOne
          ? `\`${named[0]}\` does not take ${foreign(first.text?.trim() ?? "")}, and the job fails.`
          : `${failure.message} The job fails.`,
        failure.hint,
        (first ?? step.uses ?? step).at,
      ),
    );
    if (named.length === 0) return found;
    for (const name of named) given.delete(name);
  }
}

/** What only a run knows may be right: something that passes stands for it. */
function assumed(name: string, text: string): string {
  if (!isExpression(text)) return text;
  return ["codex-home", "secret-write-token", "client-id", "private-key"].includes(name) ? "/given" : "";
}

function refusal(refuse: () => void): Failure | null {
  try {
    refuse();
    return null;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** @returns `null` where none is near: it is no slip of the pen */
function nearestOf(name: string, inputs: ActionInputs): string | null {
  const plain = name.replaceAll(/[_\s]/g, "-");
  const ranked = inputs.known.map(({ name: known }) => ({ known, distance: distanceOf(plain, known) }));
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
