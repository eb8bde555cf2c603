import type { StepChannel } from "../ports.ts";

// Not imported, for the reason given in files.ts.
const { appendFileSync } = process.getBuiltinModule("node:fs");

/**
 * Files of the runner that carry state, outputs and variables out of a step; it reads them even from a killed one.
 * Written here and not with `@actions/core`, whose random delimiters load `node:crypto`: a fifth of a bare Node start,
 * in every phase of every quiet job. Our values have one line, and those need no delimiter.
 *
 * ```text
 * NAME=VALUE LF
 * ```
 */
export const stepChannel: StepChannel = {
  saveState: (name, value) => append("GITHUB_STATE", name, value),
  state: (name) => process.env[`STATE_${name}`] ?? "",
  setOutput: (name, value) => append("GITHUB_OUTPUT", name, value),
  exportVariable: (name, value) => {
    process.env[name] = value;
    append("GITHUB_ENV", name, value);
  },
  writeSummary: async (markdown) => {
    const path = process.env.GITHUB_STEP_SUMMARY;
    if (path) appendFileSync(path, markdown);
  },
};

function append(file: string, name: string, value: string): void {
  if (/[\r\n]/.test(value)) throw new RangeError(`The value of ${name} has more than one line.`);
  const path = process.env[file];
  if (path) appendFileSync(path, `${name}=${value}\n`);
}
