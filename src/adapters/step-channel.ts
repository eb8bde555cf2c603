import { exportVariable, getState, saveState, setOutput, summary } from "@actions/core";
import type { StepChannel } from "../ports.ts";

/** Files of the runner that carry state, outputs and variables out of a step; it reads them even from a killed one. */
export const stepChannel: StepChannel = {
  saveState,
  state: getState,
  setOutput,
  exportVariable,
  writeSummary: async (markdown) => {
    if (process.env.GITHUB_STEP_SUMMARY) await summary.addRaw(markdown, true).write();
  },
};
