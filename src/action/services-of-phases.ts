import type { Failure } from "../core/failure/failure.ts";
import type { Place } from "../core/github/secret-location.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { StoreOutcome } from "../login/store-outcome.ts";
import type {
  AlertBoard,
  Cancellation,
  Clock,
  CodexProgram,
  CommandRunner,
  Files,
  HostLock,
  Log,
  MachinePolicy,
  NamedFiles,
  Randomness,
  RunInformation,
  StepChannel,
  StepLog,
} from "../ports/action.ts";
import type { Inputs } from "./inputs.ts";
import type { Session } from "./phase-state.ts";
import type { RunContext } from "./run-context.ts";
import type { Online } from "./services.ts";

export interface RestoreServices {
  readonly inputs: Inputs;
  readonly context: RunContext;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly channel: StepChannel;
  readonly environment: NodeJS.ProcessEnv;
}

export interface LoginServices extends RestoreServices {
  /** Everything that talks to GitHub or Codex; loaded only when it is needed. */
  readonly online: (session: Session, handed: AuthJson) => Promise<Online>;
}

/** What a job of the user's needs; loaded only when there is one. */
export interface JobTools {
  readonly commands: CommandRunner;
  readonly program: CodexProgram;
  readonly machine: MachinePolicy;
  readonly named: NamedFiles;
  readonly randomness: Randomness;
}

export interface MainServices extends LoginServices {
  /** A login by a person; loaded only where one is asked for. */
  readonly reseed: (session: Session, handed: AuthJson | null) => Promise<StoreOutcome>;
  readonly tools: (environment: Readonly<Record<string, string>>) => Promise<JobTools>;
  readonly path: {
    /** For the job's commands. The one in `environment`, which we go by, leaves the workspace out. */
    readonly ofJob: () => string;
    readonly outsideWorkspace: (path: string) => string;
  };
  readonly cancellation: Cancellation;
  readonly log: StepLog;
  /** Loaded only where the event does not say enough. */
  readonly runInformation: () => Promise<RunInformation>;
  /** Loaded only on a persistent host. */
  readonly hostLock: () => Promise<HostLock>;
}

export interface PostServices {
  readonly session: Session;
  readonly context: RunContext;
  /** Why this phase must send nothing: a step has changed where requests go. */
  readonly steered: Failure | null;
  /** `null` where GitHub hands post no inputs, or they are unusable. */
  readonly inputs: Inputs;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly channel: StepChannel;
  readonly online: (session: Session, handed: AuthJson) => Promise<Online>;
  /** Loaded only where main has made something on the machine. */
  readonly machine: () => Promise<MachinePolicy>;
  /** Loaded only on a persistent host. */
  readonly hostLock: () => Promise<HostLock>;
  /** Where alerts go; loaded only when there is something to say. */
  readonly alerts: () => Promise<AlertServices>;
}

export interface AlertServices {
  readonly board: AlertBoard;
  readonly place: Place;
  readonly runUrl: string;
  readonly clock: Clock;
  readonly log: Log;
}
