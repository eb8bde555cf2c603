import { switchesProfileOff } from "../../core/codex/arguments.ts";
import type { Guarded } from "../../core/codex/config.ts";
import { Failure } from "../../core/failure/failure.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { readConfig } from "../../login/home.ts";
import { mayRefresh, secretValues } from "../inputs.ts";
import type { PromptInput } from "../prompt-input.ts";
import type { JobTools, MainServices } from "../services.ts";
import type { StepLogin } from "../step-login.ts";
import { provideCodex, tellVersion } from "./choose-codex.ts";
import { type JobEnvironment, jobEnvironment, scrubbedEnvironment } from "./job-environment.ts";
import { refuseForbiddenLogin } from "./login-settings.ts";
import { refuseForeignConfig, refusePlantedSettings } from "./own-config.ts";
import type { PromptJob } from "./prompt.ts";
import { guardedPlaces, prepareMachine } from "./protection.ts";
import { withRelay } from "./relay.ts";
import { runCommands } from "./run.ts";

/** What a job may ask of the login it runs with. */
export type JobLogin = Pick<StepLogin, "session" | "loginPath" | "recordRequirements" | "recordUsage">;

/** A job of the user's that is ready to run. */
interface Job {
  readonly tools: JobTools;
  /** Codex. */
  readonly command: string;
  readonly base: string;
  readonly home: string;
  readonly loginPath: string;
  readonly root: string;
  readonly environment: JobEnvironment;
  readonly guarded: Guarded;
  /** What the sandbox must guard when it may write below these directories, too. */
  readonly guard: (roots: readonly string[]) => Promise<Guarded>;
}

/** The Codex that was asked for, and the command or the prompt. @throws {Failure} */
export async function runJob(services: MainServices, login: JobLogin, handed: AuthJson): Promise<void> {
  const { inputs, channel, cancellation } = services;
  if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
  const secrets = [...secretValues(inputs), ...handed.tokens];
  const tools = await services.tools(scrubbedEnvironment(services, secrets));
  const command = await provideCodex(tools.program, channel, inputs.codexVersion);
  if (inputs.run === null && inputs.prompt === null) return;

  const { guarded, guard } = await protect(services, login, { command, tools, handed });
  const { base, home } = login.session;
  const job: Job = {
    ...{ tools, command, base, home, guarded, guard },
    loginPath: login.loginPath,
    root: services.context.workspace ?? process.cwd(),
    // Only now: an installed Codex has come to the PATH.
    environment: await jobEnvironment(services, { secrets, home, base, command }),
  };
  if (inputs.run !== null) await runScript(services, job, inputs.run);
  const recordUsage: PromptJob["recordUsage"] = (usage) => login.recordUsage(usage);
  if (inputs.prompt !== null) await runCodex(services, { ...job, recordUsage }, inputs.prompt);
}

/** What must be so before anything of the user's runs. */
async function protect(
  services: MainServices,
  login: JobLogin,
  { command, tools, handed }: Pick<Job, "command" | "tools"> & { readonly handed: AuthJson },
): Promise<Pick<Job, "guarded" | "guard">> {
  const { base, home } = login.session;
  const places = { home, base, loginPath: login.loginPath, programs: [command] };
  const guard: Job["guard"] = (roots) => guardedPlaces(services, places, roots);
  const guarded = await guard([]);
  await refuseForeignConfig(services, { home, guarded });
  await refusePlantedSettings(services.files, { home, base });
  await refuseForbiddenLogin(services.files, { home, login: handed });
  const { madeRequirements } = await prepareMachine(services, { guarded, machine: tools.machine });
  if (madeRequirements) login.recordRequirements();
  return { guarded, guard };
}

async function runScript(
  { inputs, files, log }: Pick<MainServices, "inputs" | "files" | "log">,
  { tools, base, root, environment }: Job,
  script: string,
): Promise<void> {
  if (inputs.protectAuth === "profile" && switchesProfileOff(script)) {
    log.warning(
      "The command in `run` gives Codex a sandbox by flag, which switches the permission profile off: what the model runs can read the login. Leave the flag out and use the input `sandbox`, or set `protect-auth: enforced`.",
    );
  }
  const { shell, workingDirectory } = inputs;
  const directory = workingDirectory ?? root;
  await withRelay({ log, ...tools }, ({ write: output }) =>
    runCommands(
      { files, commands: tools.commands },
      { base, environment: environment.commands, script, shell, directory, output },
    ),
  );
}

async function runCodex(
  services: MainServices,
  job: Job & Pick<PromptJob, "recordUsage">,
  prompt: PromptInput,
): Promise<void> {
  const { inputs, files, channel } = services;
  const { tools, command, base, home, loginPath, root, guarded, guard } = job;
  const { codex: environment, commandPath } = job.environment;
  const version = await tellVersion(tools.program, channel, command);
  const codex = { command, version };
  const { runPrompt, absolute } = await import("./prompt.ts");
  const { readArguments } = await import("./read-arguments.ts");
  const { refusePlantedFiles } = await import("./prompt-files.ts");
  const { workingDirectory } = inputs;
  const directory = absolute(root, workingDirectory);
  await refusePlantedFiles(tools.named, {
    ...{ root, home, workingDirectory, directory, loginPath },
    kept: [base, home],
    codexArgs: readArguments(prompt.codexArgs),
    config: (await readConfig(files, home)) ?? "",
  });
  const { demandSandbox } = await import("./sandbox-probe.ts");
  await demandSandbox(
    { inputs, files, program: tools.program },
    { codex, home, directory, guarded, environment },
  );
  const { recordUsage } = job;
  await runPrompt(
    { ...services, ...tools },
    {
      base,
      environment,
      commandPath,
      prompt,
      guard,
      codex,
      root,
      directory,
      protection: inputs,
      token: inputs.homeLifetime === "persistent" || mayRefresh(inputs) ? "own" : "lent",
      recordUsage,
    },
  );
}
