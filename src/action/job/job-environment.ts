import { devNull } from "node:os";
import { withoutCode } from "../../core/environment/code-variables.ts";
import { scrubEnvironment } from "../../core/environment/scrub.ts";
import type { Secret } from "../../core/login/secret.ts";
import type { Inputs } from "../inputs.ts";
import type { MainServices } from "../services.ts";
import { pathOfCommands } from "./protection.ts";

type Variables = Readonly<Record<string, string>>;

/** Where a job of the user's finds programs, and what else is in its environment. */
export interface JobEnvironment {
  /** Of the user's commands. */
  readonly commands: Variables;
  /** Of Codex itself, which nothing may be planted for. */
  readonly codex: Variables;
  /** The PATH of the model's commands, where Codex is given another. */
  readonly commandPath: string | undefined;
}

/** Without the secrets, and with nothing that a command could tell the runner. For programs that we start ourselves. */
export function scrubbedEnvironment(
  { environment }: Pick<MainServices, "environment">,
  secrets: readonly Secret[],
): Variables {
  return withoutStepFiles(scrubEnvironment(environment, secrets), { run: null });
}

/** @param place.command Codex, which has come to the PATH by now */
export async function jobEnvironment(
  { inputs, files, environment, path }: Pick<MainServices, "inputs" | "files" | "environment" | "path">,
  {
    secrets,
    home,
    base,
    command,
  }: { secrets: readonly Secret[]; home: string; base: string; command: string },
): Promise<JobEnvironment> {
  const scrubbed = {
    ...withoutStepFiles(scrubEnvironment(environment, secrets), inputs),
    ...inputs.codexEnvironment,
    CODEX_HOME: home,
  };
  const jobPath = inputs.codexEnvironment.PATH ?? path.ofJob();
  if (inputs.protectAuth === "off" || inputs.sandbox === "danger-full-access") {
    const commands = withPath(scrubbed, jobPath);
    return { commands, codex: commands, commandPath: undefined };
  }
  const trusted = path.outsideWorkspace(jobPath);
  const commandPath = await pathOfCommands(files, { base, command, path: jobPath, trusted });
  const commands = withPath(scrubbed, commandPath);
  const isOutside = (candidate: string): boolean => path.outsideWorkspace(candidate) !== "";
  const codex: Variables = {
    ...withPath(withoutCode(commands, isOutside), trusted),
    GIT_DIR: inputs.codexEnvironment.GIT_DIR ?? NO_REPOSITORY,
  };
  return { commands, codex, commandPath: codex.PATH === commandPath ? undefined : commandPath };
}

/**
 * Codex looks at the repository it works in with `git status`, outside the sandbox, and git runs the filters that a
 * `.git/config` names (measured with 0.169.0): in a repository below the workspace that file is the model's to write. So
 * Codex itself sees no repository; the model's commands do.
 */
const NO_REPOSITORY = devNull;

function withPath(environment: Variables, path: string): Variables {
  return environment.PATH === path ? environment : { ...environment, PATH: path };
}

/**
 * The runner's files of this step. State is ours alone; a script of the user's may set variables and outputs, as any
 * step's may, and the model's commands nothing.
 */
function withoutStepFiles(environment: Variables, { run }: Pick<Inputs, "run">): Variables {
  const kept = run === null ? [] : ["GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"];
  const files = STEP_FILES.filter((name) => !kept.includes(name));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !files.includes(name)));
}

const STEP_FILES = ["GITHUB_STATE", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"];
