import { devNull } from "node:os";
import { switchesProfileOff } from "../../core/codex/arguments.ts";
import { withoutCode } from "../../core/environment/code-variables.ts";
import { scrubEnvironment } from "../../core/environment/scrub.ts";
import { Failure } from "../../core/failure/failure.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { readConfig } from "../../login/home.ts";
import { type Inputs, secretValues } from "../inputs.ts";
import type { MainServices } from "../services-of-phases.ts";
import type { Login } from "../step-login.ts";
import { provideCodex, tellVersion } from "./choose-codex.ts";
import {
  guardedPlaces,
  pathOfCommands,
  prepareMachine,
  refuseForeignConfig,
  refusePlantedSettings,
  warnUnlessSandboxed,
} from "./protection.ts";
import { withRelay } from "./relay.ts";
import { runCommands } from "./run.ts";

/** What a job may ask of the login it runs with. */
export type JobLogin = Pick<Login, "session" | "loginPath" | "recordRequirements">;

/** The Codex that was asked for, and the command or the prompt. @throws {Failure} */
export async function runJob(services: MainServices, login: JobLogin, handed: AuthJson): Promise<void> {
  const { inputs, context, files, channel, log, environment, cancellation } = services;
  if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
  const { base, home } = login.session;
  const secrets = [...secretValues(inputs), ...handed.tokens];
  const tools = await services.tools(withoutStepFiles(scrubEnvironment(environment, secrets), { run: null }));
  const command = await provideCodex(tools.program, channel, inputs.codexVersion);
  if (inputs.run === null && inputs.prompt === null) return;

  const places = { home, base, loginPath: login.loginPath, programs: [command] };
  const guarded = await guardedPlaces(services, places);
  await refuseForeignConfig(services, { home, guarded });
  await refusePlantedSettings(files, { home, base });
  const { madeRequirements } = await prepareMachine(services, { guarded, machine: tools.machine });
  if (madeRequirements) login.recordRequirements();
  // Only now: an installed Codex has come to the PATH.
  const scrubbed = {
    ...withoutStepFiles(scrubEnvironment(environment, secrets), inputs),
    ...inputs.codexEnvironment,
    CODEX_HOME: home,
  };
  const jobPath = inputs.codexEnvironment.PATH ?? services.path.ofJob();
  const trusted = services.path.outsideWorkspace(jobPath);
  const isOpen = inputs.protectAuth === "off" || inputs.sandbox === "danger-full-access";
  const commandPath = isOpen
    ? jobPath
    : await pathOfCommands(files, { base, command, path: jobPath, trusted });
  const root = context.workspace ?? process.cwd();
  const job = { base, environment: withPath(scrubbed, commandPath) };
  if (inputs.run !== null) {
    const directory = inputs.workingDirectory ?? root;
    if (inputs.protectAuth === "profile" && switchesProfileOff(inputs.run)) {
      log.warning(
        "The command in `run` gives Codex a sandbox by flag, which switches the permission profile off: what the model runs can read the login. Leave the flag out and use the input `sandbox`, or set `protect-auth: enforced`.",
      );
    }
    const { run, shell } = inputs;
    await withRelay({ log, ...tools }, (relay) =>
      runCommands(
        { files, commands: tools.commands },
        { ...job, script: run, shell, directory, output: relay.write },
      ),
    );
  }
  if (inputs.prompt !== null) {
    await tellVersion(tools.program, channel, command);
    const { runPrompt, readArguments, absolute } = await import("./prompt.ts");
    const { refusePlantedFiles } = await import("./prompt-files.ts");
    const { workingDirectory, prompt: asked } = inputs;
    const directory = absolute(root, workingDirectory);
    const isOutside = (path: string): boolean => services.path.outsideWorkspace(path) !== "";
    const ofCodex = isOpen
      ? job.environment
      : {
          ...withPath(withoutCode(job.environment, isOutside), trusted),
          GIT_DIR: inputs.codexEnvironment.GIT_DIR ?? NO_REPOSITORY,
        };
    await refusePlantedFiles(tools.named, {
      ...{ root, home, workingDirectory, directory },
      kept: [base, home],
      loginPath: login.loginPath,
      codexArgs: readArguments(asked.codexArgs),
      config: (await readConfig(files, home)) ?? "",
    });
    await warnUnlessSandboxed(
      { ...services, program: tools.program },
      { command, home, directory, guarded, environment: ofCodex },
    );
    const prompt = {
      base,
      environment: ofCodex,
      ...(ofCodex.PATH === commandPath ? {} : { commandPath }),
      prompt: inputs.prompt,
      protection: inputs,
      guard: (roots: readonly string[]) => guardedPlaces(services, places, roots),
      command,
      root,
      directory,
    };
    await runPrompt({ files, channel, log, ...tools }, prompt);
  }
}

/**
 * Codex looks at the repository it works in with `git status`, outside the sandbox, and git runs the filters that a
 * `.git/config` names (measured with 0.169.0): in a repository below the workspace that file is the model's to write. So
 * Codex itself sees no repository; the model's commands do.
 */
const NO_REPOSITORY = devNull;

function withPath(
  environment: Readonly<Record<string, string>>,
  path: string,
): Readonly<Record<string, string>> {
  return environment.PATH === path ? environment : { ...environment, PATH: path };
}

/**
 * The runner's files of this step. State is ours alone; a script of the user's may set variables and outputs, as any
 * step's may, and the model's commands nothing.
 */
function withoutStepFiles(
  environment: Readonly<Record<string, string>>,
  { run }: Pick<Inputs, "run">,
): Readonly<Record<string, string>> {
  const kept = run === null ? [] : ["GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"];
  const files = STEP_FILES.filter((name) => !kept.includes(name));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !files.includes(name)));
}

const STEP_FILES = ["GITHUB_STATE", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"];
