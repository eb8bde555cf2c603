import type { Inputs } from "../action/inputs.ts";
import type { JobTools } from "../action/main.ts";
import { npmCodexProgram } from "../adapters/codex-program.ts";
import { groupCommandRunner } from "../adapters/command-runner.ts";
import { stepLog } from "../adapters/log.ts";
import { sudoMachinePolicy } from "../adapters/machine-policy.ts";
import { namedFiles } from "../adapters/named-files.ts";
import { systemRandomness } from "../adapters/randomness.ts";
import type { MachinePolicy } from "../ports.ts";

/** What a job of the user's needs; in a chunk of its own, so that a quiet step never loads it. */
export function jobTools(
  environment: Readonly<Record<string, string>>,
  { codexEnvironment }: Inputs,
): JobTools {
  return {
    commands: groupCommandRunner,
    program: npmCodexProgram({
      environment: { ...environment, ...codexEnvironment },
      toolCache: toolCache(),
      log: stepLog,
    }),
    machine: machinePolicy(environment),
    named: namedFiles,
    randomness: systemRandomness,
  };
}

export function machinePolicy(environment: Readonly<Record<string, string>>): MachinePolicy {
  return sudoMachinePolicy(environment, process.env.RUNNER_ENVIRONMENT === "github-hosted");
}

export function toolCache(): string {
  return process.env.RUNNER_TOOL_CACHE ?? process.env.RUNNER_TEMP ?? "";
}
