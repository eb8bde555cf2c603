// First: it takes what others must not see out of the environment.
import "./step-variables.ts";

import { forgetSession } from "../action/phase-state.ts";
import { guard } from "../action/preflight.ts";
import { restore } from "../action/restore.ts";
import { stepLog } from "../adapters/runner/log.ts";
import { stepChannel } from "../adapters/runner/step-channel.ts";
import { Failure } from "../core/failure/failure.ts";
import { explainSystemError } from "../core/failure/system-error.ts";
import { contextOfStep, endPhase, phaseServices, runPhase, takeInputs } from "./step.ts";

void runPhase(async () => {
  try {
    const inputs = takeInputs();
    const context = contextOfStep();
    guard(inputs, context);
    if (inputs.homeLifetime === "persistent") {
      stepLog.info("The home of a persistent host is taken by main, for as long as the job lasts.");
    } else if (context.startedBy.kind === "anybody") {
      // Else a step in between could set what main takes for our state.
      forgetSession(stepChannel);
      stepLog.info(
        "Anybody can start this run, so the login is not restored yet: when this step runs, it checks first who started the run.",
      );
    } else {
      await restore({
        inputs,
        context,
        ...phaseServices,
        environment: process.env,
      });
    }
  } catch (thrown) {
    const error = explainSystemError(thrown) ?? thrown;
    // A step's `if:` does not gate pre, so pre must not fail a job whose step may never run: main will say it again.
    const what =
      error instanceof Failure ? `${error.message} [${error.code}]` : "something unexpected went wrong.";
    stepLog.info(`Not restored before the job: ${what} If this step runs, it says more.`);
  }
}, endPhase);
