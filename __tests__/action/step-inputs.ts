import { expect } from "@jest/globals";
import { type Inputs, readInputs } from "../../src/action/inputs.ts";
import { Failure } from "../../src/core/failure/failure.ts";

/** What a step says with these inputs and no others; the names are those of action.yml. */
export function stepInputs(given: Readonly<Record<string, string>> = {}): Inputs {
  return readInputs((name) => given[name] ?? "");
}

/** The failure of a step with these inputs; nothing it says repeats a secret. */
export function refusalOf(given: Record<string, string>): Failure {
  try {
    stepInputs(given);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(`${error.message} ${error.hint}`).not.toContain("CANARY");
    return error;
  }
  throw new Error("Nothing was refused.");
}
