import type { StepChannel } from "../../../src/ports/runner.ts";

/** The runner's files of one step: what a phase saves, the next one reads. */
export class MemoryChannel implements StepChannel {
  readonly saved = new Map<string, string>();
  readonly outputs = new Map<string, string>();
  readonly variables = new Map<string, string>();
  readonly paths: string[] = [];
  readonly summaries: string[] = [];
  #atBegin = new Map<string, string>();

  /** State is handed over between phases, not within one. */
  nextPhase(): void {
    this.#atBegin = new Map(this.saved);
  }

  /** In memory nobody else says anything. */
  seal = (): void => {};
  saveState = (name: string, value: string): void => void this.saved.set(name, value);
  state = (name: string): string => this.#atBegin.get(name) ?? "";
  setOutputs = (values: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(values)) this.outputs.set(name, value);
  };
  exportVariable = (name: string, value: string): void => void this.variables.set(name, value);
  addPath = (directory: string): void => void this.paths.push(directory);
  writeSummary = async (markdown: string): Promise<void> => void this.summaries.push(markdown);
}
