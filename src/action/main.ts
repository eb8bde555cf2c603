import { DeadAccessTokenWatch } from "../core/dead-access-token.ts";
import type { Document } from "../core/document.ts";
import { scrubEnvironment } from "../core/environment.ts";
import { Failure } from "../core/failure.ts";
import type { Cancellation, CommandRunner } from "../ports.ts";
import { guard } from "./guards.ts";
import { secretValues } from "./inputs.ts";
import { runCommands } from "./job.ts";
import { Login, type LoginCollaborators } from "./login.ts";
import { readHanded, restore } from "./restore.ts";
import { captureEnvironment, loadSession } from "./session.ts";

export interface MainCollaborators extends LoginCollaborators {
  /** Loaded only for a job of the user's. */
  readonly commands: () => Promise<CommandRunner>;
  readonly cancellation: Cancellation;
}

/** Main: restores if pre did not, refreshes when due, and runs the user's job. @throws {Failure} */
export async function main(collaborators: MainCollaborators): Promise<void> {
  const { inputs, surroundings, log, channel, environment } = collaborators;
  guard(inputs, surroundings);
  const restored = loadSession(channel) ?? (await restore(collaborators));
  const handed = readHanded(inputs.secret, log);
  const login = new Login(collaborators, handed, {
    ...restored,
    environment: captureEnvironment(environment),
  });
  try {
    await login.settle();
    if (inputs.run !== null) await runJob(collaborators, login, handed, inputs.run);
  } catch (error) {
    login.recordFailure(error);
    throw error;
  }
}

async function runJob(
  collaborators: MainCollaborators,
  login: Login,
  handed: Document,
  script: string,
): Promise<void> {
  const { inputs, surroundings, files, commands, environment, cancellation } = collaborators;
  if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
  const scrubbed = scrubEnvironment(environment, [...secretValues(inputs), ...handed.tokens]);
  const { base, home } = login.session;
  const watch = new DeadAccessTokenWatch();
  try {
    await runCommands(
      { files, commands: await commands() },
      {
        script,
        shell: inputs.shell,
        base,
        directory: inputs.workingDirectory ?? surroundings.workspace ?? process.cwd(),
        environment: { ...scrubbed, ...inputs.codexEnvironment, CODEX_HOME: home },
        output: (text) => watch.read(text),
      },
    );
  } finally {
    if (inputs.refreshToken === "present") await login.publishWhatChanged();
    if (watch.seen && !cancellation.requested()) await login.replaceDeadAccessToken();
  }
}
