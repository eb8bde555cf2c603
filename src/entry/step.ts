import { readFileSync } from "node:fs";
import { type Inputs, readInputs } from "../action/inputs.ts";
import { type RunContext, readRunContext } from "../action/run-context.ts";
import { machineClock } from "../adapters/machine/clock.ts";
import { diskFiles } from "../adapters/machine/files.ts";
import { stepLog } from "../adapters/runner/log.ts";
import { stepChannel } from "../adapters/runner/step-channel.ts";
import { cite, Failure } from "../core/failure/failure.ts";
import { explainSystemError } from "../core/failure/system-error.ts";
import { given, SECRET_INPUTS } from "./step-variables.ts";

/** What Node ends with where nothing settles a promise that a module waits for: not as if all were well. */
const UNSETTLED = 13;
let exitCode = 0;

/** What the inputs are, for a phase that can do nothing without them. @throws {Failure} `input-invalid`, `write-token-invalid` */
export function takeInputs(): Inputs {
  return readInputs(given);
}

/** What every phase works with. */
export const phaseServices = { files: diskFiles, clock: machineClock, log: stepLog, channel: stepChannel };

/** The inputs that post needs to finish what is unfinished. */
const FOR_POST = new Set([
  ...SECRET_INPUTS,
  "secret-name",
  "environment",
  "codex-home",
  "client-id",
  "github-token",
]);

/**
 * As {@link takeInputs}; but an input that has become unusable since main, by way of `env:` say, must not keep post from
 * its work: that goes by the few it needs, and the failure comes after it.
 */
export function takeInputsForPost(): { inputs: Inputs; failure: Failure | null } {
  try {
    return { inputs: readInputs(given), failure: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { inputs: readInputs((name) => (FOR_POST.has(name) ? given(name) : "")), failure: error };
  }
}

export function contextOfStep(): RunContext {
  return readRunContext(process.env, readEventPayload());
}

function readEventPayload(): string | null {
  try {
    return readFileSync(process.env.GITHUB_EVENT_PATH ?? "", "utf8");
  } catch {
    return null;
  }
}

/** Fails the step: what is wrong, what to do, and the code under which docs/troubleshooting.md explains it. */
function failStep(error: unknown): void {
  // What crashed may have left it open, and no annotation is one in there.
  stepLog.relay.close();
  exitCode = 1;
  const failure = error instanceof Failure ? error : explainSystemError(error);
  if (failure) stepLog.error(`${failure.message} ${failure.hint} ${cite(failure.code)}`);
  else stepLog.error(`This is a bug of codex-auth-roundtrip: \`${describe(error).replaceAll("`", "'")}\``);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Runs a phase, fails the step with what it throws, and ends the process.
 *
 * @param end the process; called in any case
 */
export async function runPhase(phase: () => Promise<void>, end: () => void): Promise<void> {
  // What nobody catches would be printed by Node as it is, and its words may be a command's.
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      failStep(error);
      endPhase();
    });
  }
  process.removeAllListeners("warning");
  process.exitCode = UNSETTLED;
  try {
    await phase();
  } catch (error) {
    failStep(error);
  }
  end();
}

/** Ends a phase that others follow: what it says of itself is said last. */
export function endPhase(): void {
  try {
    stepChannel.seal();
  } catch (error) {
    failStep(error);
  }
  endProcess();
}

/** Ends the process now: a connection that nobody waits for must not hold the job up. */
export function endProcess(): void {
  process.exit(exitCode);
}
