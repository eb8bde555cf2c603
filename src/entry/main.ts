// First: it takes what others must not see out of the environment.
import "./own-variables.ts";

import { main } from "../action/main.ts";
import { watchCancellation } from "../adapters/cancellation.ts";
import { machineClock } from "../adapters/clock.ts";
import { diskFiles } from "../adapters/files.ts";
import { stepLog } from "../adapters/log.ts";
import { stepChannel } from "../adapters/step-channel.ts";
import { leaveWorkspaceOut, outsideWorkspace, pathOfJob } from "./own-path.ts";
import { endPhase, runPhase, surroundingsOfStep, takeInputs } from "./step.ts";

void runPhase(async () => {
  const cancellation = watchCancellation();
  const inputs = takeInputs();
  const surroundings = surroundingsOfStep();
  leaveWorkspaceOut(inputs);
  await main({
    inputs,
    surroundings,
    files: diskFiles,
    clock: machineClock,
    log: stepLog,
    channel: stepChannel,
    environment: process.env,
    path: { ofJob: pathOfJob, outsideWorkspace },
    tools: async (scrubbed) => {
      const { jobTools } = await import("./job-tools.ts");
      return jobTools(scrubbed, inputs);
    },
    cancellation,
    runInformation: async () => {
      const { runInformationOf } = await import("./go-online.ts");
      return runInformationOf(inputs, surroundings);
    },
    hostLock: async () => (await import("../adapters/host-lock.ts")).jobHostLock,
    online: async (session, handed) => {
      const { goOnline } = await import("./go-online.ts");
      return goOnline({ inputs, surroundings, session, handed, cancellation });
    },
    reseed: async (session, handed) => {
      const { reseedOnline } = await import("./go-online.ts");
      return reseedOnline({ inputs, surroundings, session, handed, cancellation });
    },
  });
}, endPhase);
