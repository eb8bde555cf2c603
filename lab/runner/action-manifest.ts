import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { mapping, optionalScalar, parseSteps, type StepSpec, type Template, templates } from "./workflow.ts";

/** What the runner reads of an action.yml. */
export interface ActionManifest {
  readonly name: string;
  /** Every declared input; `undefined` has no default. */
  readonly inputs: Readonly<Record<string, Template | undefined>>;
  readonly runs: NodeRuns | CompositeRuns;
}

export interface NodeRuns {
  readonly using: "node";
  readonly pre: string | undefined;
  readonly preIf: string;
  readonly main: string;
  readonly post: string | undefined;
  readonly postIf: string;
}

export interface CompositeRuns {
  readonly using: "composite";
  readonly steps: readonly StepSpec[];
  readonly outputs: Readonly<Record<string, Template>>;
}

/** @returns `undefined` when there is no action in the directory. @throws when its action.yml is not one. */
export async function readActionManifest(directory: string): Promise<ActionManifest | undefined> {
  for (const file of ["action.yml", "action.yaml"]) {
    const text = await readFile(join(directory, file), "utf8").catch(() => undefined);
    if (text !== undefined) return parseActionManifest(text);
  }
  return undefined;
}

/** @throws when the text is not the manifest of a Node 24 or composite action. */
export function parseActionManifest(text: string): ActionManifest {
  const root = mapping(parse(text), "action.yml");
  const inputs = Object.entries(mapping(root.inputs, "inputs")).map(([name, input]) => [
    name,
    optionalScalar(mapping(input, `input ${name}`).default),
  ]);
  return {
    name: optionalScalar(root.name) ?? "",
    inputs: Object.fromEntries(inputs) as Record<string, Template | undefined>,
    runs: parseRuns(mapping(root.runs, "runs"), root.outputs),
  };
}

function parseRuns(runs: Record<string, unknown>, outputs: unknown): NodeRuns | CompositeRuns {
  if (runs.using === "composite") {
    const values = Object.entries(mapping(outputs, "outputs")).map(([name, output]) => [
      name,
      mapping(output, `output ${name}`).value,
    ]);
    return {
      using: "composite",
      steps: parseSteps(runs.steps, "composite action"),
      outputs: templates(Object.fromEntries(values)),
    };
  }
  const main = optionalScalar(runs.main);
  if (runs.using !== "node24" || main === undefined) {
    throw new Error(`runs.using '${String(runs.using)}' is not in the lab: node24 (with main) or composite`);
  }
  return {
    using: "node",
    pre: optionalScalar(runs.pre),
    preIf: optionalScalar(runs["pre-if"]) ?? "always()",
    main,
    post: optionalScalar(runs.post),
    postIf: optionalScalar(runs["post-if"]) ?? "always()",
  };
}
