import { resolve } from "node:path";
import type { Inputs } from "../action/inputs.ts";
import { provideCodex } from "../action/job/choose-codex.ts";
import type { JobTools } from "../action/services.ts";
import { appServerRefresher } from "../adapters/codex/app-server.ts";
import { npmCodexProgram } from "../adapters/codex/program.ts";
import { groupCommandRunner } from "../adapters/machine/command-runner.ts";
import { namedFiles } from "../adapters/machine/named-files.ts";
import { systemRandomness } from "../adapters/machine/randomness.ts";
import { sudoMachinePolicy } from "../adapters/machine/sandbox-policy.ts";
import { stepLog } from "../adapters/runner/log.ts";
import { stepChannel } from "../adapters/runner/step-channel.ts";
import { withoutCode } from "../core/environment/code-variables.ts";
import type { CodexProgram, CodexRefresher } from "../ports/codex.ts";
import type { MachinePolicy } from "../ports/machine.ts";
import { isOutsideWorkspace, pathOfJob } from "./trusted-path.ts";

/** What a job of the user's needs; in a chunk of its own, so that a quiet step never loads it. */
export function jobTools(environment: Readonly<Record<string, string>>, inputs: Inputs): JobTools {
  const ofCodex = withoutCode({ ...environment, ...inputs.codexEnvironment }, isOutsideWorkspace);
  return {
    commands: groupCommandRunner,
    program: codexProgram(ofCodex, inputs),
    machine: machinePolicy(environment),
    named: namedFiles,
    randomness: systemRandomness,
  };
}

export function machinePolicy(environment: Readonly<Record<string, string>>): MachinePolicy {
  return sudoMachinePolicy(environment, process.env.RUNNER_ENVIRONMENT === "github-hosted");
}

/** A model that ran earlier in this job may have written below the workspace and the working directory. */
export function codexProgram(
  environment: Readonly<Record<string, string>>,
  { workingDirectory }: Pick<Inputs, "workingDirectory">,
): CodexProgram {
  const { RUNNER_TEMP: temporaryDirectory = "", RUNNER_TOOL_CACHE, GITHUB_WORKSPACE } = process.env;
  const workspace = GITHUB_WORKSPACE ?? process.cwd();
  return npmCodexProgram({
    environment,
    toolCache: RUNNER_TOOL_CACHE ?? temporaryDirectory,
    temporaryDirectory,
    path: pathOfJob,
    replaceable: [workspace, resolve(workspace, workingDirectory ?? "")],
    log: stepLog,
  });
}

/** The Codex that a refresh or a reseed is to use. @throws {Failure} `codex-install-failed` */
export function codexFor(environment: Readonly<Record<string, string>>, inputs: Inputs): Promise<string> {
  return provideCodex(codexProgram(environment, inputs), stepChannel, inputs.codexVersion);
}

/** @throws {Failure} `codex-install-failed` */
export async function refresherFor(
  environment: Readonly<Record<string, string>>,
  inputs: Inputs,
): Promise<CodexRefresher> {
  return appServerRefresher(await codexFor(environment, inputs), stepLog);
}
