import { switchesProfileOff } from "../core/codex-arguments.ts";
import { DeadAccessTokenWatch } from "../core/dead-access-token.ts";
import type { Document } from "../core/document.ts";
import { scrubEnvironment } from "../core/environment.ts";
import { Failure } from "../core/failure.ts";
import { provideCodex, tellVersion } from "./codex.ts";
import { secretValues } from "./inputs.ts";
import { runCommands } from "./job.ts";
import type { Login } from "./login.ts";
import type { MainCollaborators } from "./main.ts";
import { guardedPlaces, prepareMachine, refuseForeignConfig, warnUnlessSandboxed } from "./protection.ts";

/** What a job may ask of the login it runs with. */
export type JobLogin = Pick<
  Login,
  "session" | "loginPath" | "recordRequirements" | "replaceDeadAccessToken" | "publishWhatChanged"
>;

/** The Codex that was asked for, and the command or the prompt. @throws {Failure} */
export async function runJob(
  collaborators: MainCollaborators,
  login: JobLogin,
  handed: Document,
): Promise<void> {
  const { inputs, surroundings, files, channel, log, environment, cancellation } = collaborators;
  if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
  const { base, home } = login.session;
  const secrets = [...secretValues(inputs), ...handed.tokens];
  const tools = await collaborators.tools(scrubEnvironment(environment, secrets));
  const command = await provideCodex(tools.program, channel, inputs.codexVersion);
  if (inputs.run === null && inputs.prompt === null) return;

  const places = { home, base, loginPath: login.loginPath, programs: [command] };
  const guarded = await guardedPlaces(collaborators, places);
  await refuseForeignConfig(collaborators, { home, guarded });
  const { madeRequirements } = await prepareMachine(collaborators, { guarded, machine: tools.machine });
  if (madeRequirements) login.recordRequirements();
  // Only now: an installed Codex has come to the PATH.
  const scrubbed = {
    ...scrubEnvironment(environment, secrets),
    ...inputs.codexEnvironment,
    CODEX_HOME: home,
  };
  const watch = new DeadAccessTokenWatch();
  const codexStamp = await files.stamp(command);
  const root = surroundings.workspace ?? process.cwd();
  const job = { base, environment: scrubbed, output: (text: string) => watch.read(text) };
  try {
    if (inputs.run !== null) {
      const directory = inputs.workingDirectory ?? root;
      if (inputs.protectAuth === "profile" && switchesProfileOff(inputs.run)) {
        log.warning(
          "The command in `run` gives Codex a sandbox by flag, which switches the permission profile off: what the model runs can read the login. Leave the flag out and use the input `sandbox`, or set `protect-auth: enforced`.",
        );
      }
      await runCommands(
        { files, commands: tools.commands },
        { ...job, script: inputs.run, shell: inputs.shell, directory },
      );
    }
    if (inputs.prompt !== null) {
      await tellVersion(tools.program, channel, command);
      const { runPrompt, absolute } = await import("./prompt.ts");
      const directory = absolute(root, inputs.workingDirectory);
      await warnUnlessSandboxed(
        { ...collaborators, program: tools.program },
        { command, home, directory, guarded, environment: scrubbed },
      );
      const prompt = {
        ...job,
        prompt: inputs.prompt,
        protection: inputs,
        guard: (roots: readonly string[]) => guardedPlaces(collaborators, places, roots),
        command,
        root,
        directory,
      };
      const run = (): Promise<void> => runPrompt({ files, channel, log, ...tools }, prompt);
      await run().catch(async (error) => {
        if (!watch.seen || cancellation.requested() || !(await login.replaceDeadAccessToken())) throw error;
        watch.reset();
        log.info("Trying the prompt once more, with the new access token.");
        return run();
      });
    }
  } finally {
    if (inputs.refreshToken === "present") await login.publishWhatChanged();
    if (inputs.run !== null && watch.seen && !cancellation.requested()) {
      // The whole login is given to this program next, and `run` may have put another in its place.
      const present = await provideCodex(tools.program, channel, inputs.codexVersion);
      if (present === command && (await files.stamp(command)) === codexStamp)
        await login.replaceDeadAccessToken();
      else
        log.warning(
          "The command in `run` has changed `codex` on PATH, so the login is not refreshed with it.",
        );
    }
  }
}
