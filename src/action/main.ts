import { switchesProfileOff } from "../core/codex-arguments.ts";
import { configProtects } from "../core/codex-config.ts";
import { DeadAccessTokenWatch } from "../core/dead-access-token.ts";
import type { Document } from "../core/document.ts";
import { scrubEnvironment } from "../core/environment.ts";
import { Failure } from "../core/failure.ts";
import type {
  Cancellation,
  CodexProgram,
  CommandRunner,
  HostLock,
  MachinePolicy,
  Randomness,
} from "../ports.ts";
import { provideCodex, tellVersion } from "./codex.ts";
import { guard } from "./guards.ts";
import { authPath, readConfig, writeWorkingCopy } from "./home.ts";
import { secretValues } from "./inputs.ts";
import { runCommands } from "./job.ts";
import { Login, type LoginCollaborators } from "./login.ts";
import { guardedPlaces, prepareMachine, warnUnlessSandboxed } from "./protection.ts";
import type { PublishOutcome } from "./publish.ts";
import { makeHome, readHanded, readWhatIsLeft, restore } from "./restore.ts";
import { captureEnvironment, loadSession, type Session, saveSession } from "./session.ts";

/** What a job of the user's needs; loaded only when there is one. */
export interface JobTools {
  readonly commands: CommandRunner;
  readonly program: CodexProgram;
  readonly machine: MachinePolicy;
  readonly randomness: Randomness;
}

export interface MainCollaborators extends LoginCollaborators {
  /** A login by a person; loaded only where one is asked for. */
  readonly reseed: (session: Session, handed: Document | null) => Promise<PublishOutcome>;
  readonly tools: (environment: Readonly<Record<string, string>>) => Promise<JobTools>;
  readonly cancellation: Cancellation;
  /** Loaded only on a persistent host. */
  readonly hostLock: () => Promise<HostLock>;
}

/** Main: restores if pre did not, refreshes when due, and runs the user's job. @throws {Failure} */
export async function main(collaborators: MainCollaborators): Promise<void> {
  const { inputs, surroundings } = collaborators;
  guard(inputs, surroundings);
  if (inputs.homeLifetime === "persistent") return runOnHost(collaborators);
  const { login, handed, settle } = inputs.reseed
    ? await beginAfresh(collaborators)
    : await begin(collaborators);
  try {
    await settle();
    if (inputs.run !== null || inputs.prompt !== null || inputs.codexVersion !== null) {
      await runJob(collaborators, login, handed);
    }
  } catch (error) {
    login.recordFailure(error);
    throw error;
  }
}

/** A step that has its login, but for what must happen to it before the job. */
interface Beginning {
  readonly login: Login;
  readonly handed: Document;
  readonly settle: () => Promise<void>;
}

async function begin(collaborators: MainCollaborators): Promise<Beginning> {
  const { inputs, log, channel, environment } = collaborators;
  const restored = loadSession(channel) ?? (await restore(collaborators));
  const handed = readHanded(inputs.secret, log);
  // A pre that made the home and could not fill it has left that to us.
  const isEmpty = restored.ownsHome && restored.written === null;
  const written = isEmpty
    ? await writeWorkingCopy(collaborators.files, restored, handed.withheld())
    : restored.written;
  const session = { ...restored, written, environment: captureEnvironment(environment) };
  const login = new Login(collaborators, handed, session);
  return { login, handed, settle: () => login.settle() };
}

/** What the secret holds may be no login at all: then there is nothing to restore before the person has logged in. */
async function beginAfresh(collaborators: MainCollaborators): Promise<Beginning> {
  const { inputs, log, channel, environment } = collaborators;
  const handed = readWhatIsLeft(inputs.secret, log);
  const prepare = handed === null ? makeHome : restore;
  const restored = loadSession(channel) ?? (await prepare(collaborators));
  const session = { ...restored, environment: captureEnvironment(environment) };
  saveSession(channel, session);
  const outcome = await collaborators.reseed(session, handed);
  const document = handed ?? outcome.ledger.document;
  const login = new Login(collaborators, document, session);
  return { login, handed: document, settle: () => login.takeOver(outcome) };
}

/** On a persistent host Codex keeps the login itself; this step only sees to it that there is one, and one job at a time. */
async function runOnHost(collaborators: MainCollaborators): Promise<void> {
  const { inputs, files, channel, log, cancellation } = collaborators;
  const { takePersistentHome, readLiveDocument } = await import("./persistent-home.ts");
  const hostLock = await collaborators.hostLock();
  const session =
    loadSession(channel) ?? (await takePersistentHome({ ...collaborators, hostLock }, cancellation));
  const document = await readLiveDocument(files, session.home, log);
  const config = (await readConfig(files, session.home)) ?? "";
  if (
    inputs.run !== null &&
    inputs.protectAuth === "profile" &&
    !configProtects(config, authPath(session.home))
  ) {
    log.warning(
      `The config.toml in this host's home does not keep the model's commands out of the login: what \`run\` starts can read it. Use \`prompt\`, or add a permission profile with \`"${authPath(session.home)}" = "deny"\` as \`default_permissions\`.`,
    );
  }
  if (inputs.run === null && inputs.prompt === null && inputs.codexVersion === null) return;
  const login: JobLogin = {
    session,
    loginPath: authPath(session.home),
    recordRequirements: () => saveSession(channel, { ...session, madeRequirements: true }),
    replaceDeadAccessToken: async () => false,
    publishWhatChanged: async () => {},
  };
  await runJob(collaborators, login, document);
}

/** What a job may ask of the login it runs with. */
type JobLogin = Pick<
  Login,
  "session" | "loginPath" | "recordRequirements" | "replaceDeadAccessToken" | "publishWhatChanged"
>;

async function runJob(collaborators: MainCollaborators, login: JobLogin, handed: Document): Promise<void> {
  const { inputs, surroundings, files, channel, log, environment, cancellation } = collaborators;
  if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
  const { base, home } = login.session;
  const secrets = [...secretValues(inputs), ...handed.tokens];
  const tools = await collaborators.tools(scrubEnvironment(environment, secrets));
  const command = await provideCodex(tools.program, channel, inputs.codexVersion);
  if (inputs.run === null && inputs.prompt === null) return;

  const guarded = await guardedPlaces(collaborators, { home, base, loginPath: login.loginPath });
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
        guard: (roots: readonly string[]) =>
          guardedPlaces(collaborators, { home, base, loginPath: login.loginPath }, roots),
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
