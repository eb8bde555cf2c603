import { type Inputs, readInputs } from "../../src/action/inputs.ts";

/** What a step says with these inputs and no others; the names are those of action.yml. */
export function stepInputs(given: Readonly<Record<string, string>> = {}): Inputs {
  return readInputs((name) => given[name] ?? "");
}
