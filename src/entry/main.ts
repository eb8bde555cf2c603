// First: it takes what others must not see out of the environment.
import "./step-variables.ts";

import type { Inputs } from "../action/inputs.ts";
import { keepFailure, main } from "../action/main.ts";
import type { RunContext } from "../action/run-context.ts";
import { watchCancellation } from "../adapters/runner/cancellation.ts";
import { contextOfStep, endPhase, phaseServices, runPhase, takeInputs } from "./step.ts";
import { leaveWorkspaceOut, outsideWorkspace, pathOfJob } from "./trusted-path.ts";

void runPhase(async () => {
  const cancellation = watchCancellation();
  const { inputs, context } = await begin();
  leaveWorkspaceOut(inputs);
  await main({
    inputs,
    context,
    ...phaseServices,
    environment: process.env,
    path: { ofJob: pathOfJob, outsideWorkspace },
    tools: async (scrubbed) => {
      const { jobTools } = await import("./wire-job.ts");
      return jobTools(scrubbed, inputs);
    },
    cancellation,
    runInformation: async () => {
      const { runInformationOf } = await import("./wire-online.ts");
      return runInformationOf(inputs, context);
    },
    hostLock: async () => (await import("../adapters/machine/host-lock.ts")).jobHostLock,
    goOnline: async (session, handed) => {
      const { goOnline } = await import("./wire-online.ts");
      const { refresherFor } = await import("./wire-job.ts");
      const refresher = (environment: Parameters<typeof refresherFor>[0]) =>
        refresherFor(environment, inputs);
      return goOnline({ inputs, context, session, handed, cancellation, refresher });
    },
    lending: async (online) => {
      const { wireCopies } = await import("./wire-copies.ts");
      return wireCopies(online, inputs, context.apiUrl);
    },
    reseed: async (session, handed) => {
      const { reseedOnline } = await import("./wire-online.ts");
      const { codexFor } = await import("./wire-job.ts");
      const codex = (environment: Parameters<typeof codexFor>[0]) => codexFor(environment, inputs);
      return reseedOnline({ inputs, context, session, handed, cancellation, codex });
    },
  });
}, endPhase);

/** @throws {Failure} `input-invalid`, `write-token-invalid` */
async function begin(): Promise<{ inputs: Inputs; context: RunContext }> {
  try {
    return { inputs: takeInputs(), context: contextOfStep() };
  } catch (error) {
    throw await keepFailure({ ...phaseServices, inputs: null }, error, null);
  }
}
