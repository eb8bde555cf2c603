import { loadCriticalSection } from "../login/section-state.ts";
// First: it takes what others must not see out of the environment.
import "./step-variables.ts";

import { loadReport } from "../action/job-report.ts";
import { applyEnvironment, believeSession } from "../action/phase-state.ts";
import { post, postWithoutSession } from "../action/post.ts";
import { environmentChange, withoutRefresh } from "../action/preflight.ts";
import { hasLeftAnything } from "../action/unfinished.ts";
import { diskFiles } from "../adapters/machine/files.ts";
import { watchCancellation } from "../adapters/runner/cancellation.ts";
import { stepLog } from "../adapters/runner/log.ts";
import { stepChannel } from "../adapters/runner/step-channel.ts";
import { scrubEnvironment } from "../core/environment/scrub.ts";
import { restartSteeredAs } from "./restart-clean.ts";
import { contextOfStep, endProcess, phaseServices, runPhase, takeInputsForPost } from "./step.ts";
import { leaveWorkspaceOut } from "./trusted-path.ts";

void runPhase(async () => {
  const cancellation = watchCancellation();
  const { inputs, failure } = takeInputsForPost();
  const context = contextOfStep();
  const session = await believeSession({ channel: stepChannel, files: diskFiles, inputs, context });
  const steered = session ? environmentChange(session, process.env) : null;
  if (session && steered) {
    const section = loadCriticalSection(stepChannel, session);
    const report = loadReport(stepChannel);
    // A login that only this machine has is not left behind because somebody has set a proxy.
    if (await hasLeftAnything({ session, inputs, section, report, files: diskFiles }))
      restartSteeredAs(session.environment);
  }
  if (session) applyEnvironment(session.environment, process.env);
  leaveWorkspaceOut(inputs);
  const alerts = async () => {
    const { alertsOf } = await import("./wire-online.ts");
    return alertsOf(inputs, context);
  };
  if (session === null) {
    await postWithoutSession({ inputs, channel: stepChannel, log: stepLog, alerts });
  } else {
    await post({
      session,
      context,
      steered,
      inputs: withoutRefresh(inputs, context),
      ...phaseServices,
      goOnline: async (_, handed) => {
        const { goOnline } = await import("./wire-online.ts");
        const refresher = (): never => {
          throw new TypeError("Post refreshes nothing.");
        };
        return goOnline({ inputs, context, session, handed, cancellation, refresher });
      },
      machine: async () => (await import("./wire-job.ts")).machinePolicy(scrubEnvironment(process.env, [])),
      hostLock: async () => (await import("../adapters/machine/host-lock.ts")).jobHostLock,
      alerts,
    });
    if (failure) throw failure;
  }
}, endProcess);
