import type { Failure } from "../core/failure/failure.ts";
import type { SecretLocation } from "../core/github/secret-location.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { Services } from "../login/services.ts";
import type { StoreOutcome } from "../login/store-outcome.ts";
import type { CodexProgram } from "../ports/codex.ts";
import type { Files, NamedFiles } from "../ports/files.ts";
import type { AlertBoard, RunInformation } from "../ports/github.ts";
import type { Clock, CommandRunner, HostLock, MachinePolicy, Randomness } from "../ports/machine.ts";
import type { Cancellation, Log, StepChannel, StepLog } from "../ports/runner.ts";
import type { LendServices } from "./copies.ts";
import type { Inputs } from "./inputs.ts";
import type { Session } from "./phase-state.ts";
import type { RunContext } from "./run-context.ts";

/** What a step works with, in any of its phases. What a quiet phase does not need is a function that loads it. */
export interface StepServices {
  readonly inputs: Inputs;
  readonly context: RunContext;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly channel: StepChannel;
  readonly environment: NodeJS.ProcessEnv;
  readonly cancellation: Cancellation;
  readonly path: {
    /** For the job's commands. The one in `environment`, which we go by, leaves the workspace out. */
    readonly ofJob: () => string;
    readonly outsideWorkspace: (path: string) => string;
  };
  /** For whatever talks to GitHub or Codex about the login. */
  readonly goOnline: (session: Session, handed: AuthJson) => Promise<Services>;
  /** For access copies, and to try a new access token out. */
  readonly lending: (online: Services) => Promise<LendServices>;
  /** A login by a person. */
  readonly reseed: (session: Session, handed: AuthJson | null) => Promise<StoreOutcome>;
  /** For the user's job. */
  readonly tools: (environment: Readonly<Record<string, string>>) => Promise<JobTools>;
  /** For a run whose event does not say enough. */
  readonly runInformation: () => Promise<RunInformation>;
  /** For a persistent host. */
  readonly hostLock: () => Promise<HostLock>;
  /** For what main has made on the machine. */
  readonly machine: () => Promise<MachinePolicy>;
  readonly alerts: () => Promise<AlertServices>;
}

/** Of pre, and of whatever restores. */
export type RestoreServices = Pick<
  StepServices,
  "inputs" | "context" | "files" | "clock" | "log" | "channel" | "environment"
>;

export interface MainServices extends Omit<StepServices, "machine" | "alerts"> {
  readonly log: StepLog;
}

export interface PostServices
  extends Omit<RestoreServices, "environment">,
    Pick<StepServices, "goOnline" | "machine" | "hostLock" | "alerts"> {
  readonly session: Session;
  /** Why this phase must send nothing: a step has changed where requests go. */
  readonly steered: Failure | null;
}

/** What a job of the user's needs. */
export interface JobTools {
  readonly commands: CommandRunner;
  readonly program: CodexProgram;
  readonly machine: MachinePolicy;
  readonly named: NamedFiles;
  readonly randomness: Randomness;
}

export interface AlertServices extends Pick<StepServices, "clock" | "log"> {
  readonly board: AlertBoard;
  readonly place: SecretLocation;
  readonly runUrl: string;
}
