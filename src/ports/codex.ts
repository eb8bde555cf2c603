/** Codex's own programs. */

import type { RefreshSymptoms } from "../core/codex/refusal.ts";
import type { SandboxTrial } from "../core/codex/sandbox-verdict.ts";
import type { ProcessIdentity } from "./machine.ts";
import type { Cancellation } from "./runner.ts";

/** A forced refresh by Codex itself. */
export interface CodexRefresher {
  /**
   * Runs `codex app-server` on a home and asks it for new tokens. Returns when the process has ended.
   * The file in the home tells what happened; the answer only helps to explain.
   */
  refresh(request: RefreshRequest): Promise<RefreshSymptoms>;
}

export interface RefreshRequest {
  /**
   * `by-itself`: Codex is only asked for the account, and refreshes because the access token is about to end. Asked for
   * new tokens besides, it would rotate twice.
   */
  readonly refreshes: "on-request" | "by-itself";
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Called as soon as the process lives, before it is told to refresh. */
  readonly started: (process: ProcessIdentity) => Promise<void>;
}

/** A login by a person, somewhere with a browser. */
export interface DeviceLogin {
  /** Runs `codex login --device-auth` in a fresh home; what it prints, link and one-time code, goes to `output`. */
  run(request: {
    home: string;
    environment: Readonly<Record<string, string>>;
    output: (text: string) => void;
    cancellation: Cancellation;
  }): Promise<{ readonly exitCode: number | null }>;
}

/** Codex's program on this machine. */
export interface CodexProgram {
  /** @returns `null` when there is none on the PATH */
  locate(): Promise<string | null>;
  /**
   * Installs exactly this version through npm into the tool cache, or finds it there.
   *
   * @returns the native binary
   * @throws {Failure} `codex-install-failed`
   */
  install(version: string): Promise<string>;
  /** @returns for example `0.169.0`, `null` when it does not say */
  version(command: string): Promise<string | null>;
  /** Lets a command in Codex's sandbox try to read a file. The home must hold no login. */
  trySandbox(command: string, probe: SandboxProbe): Promise<SandboxTrial>;
  /** The end of the session file of a thread, in which Codex logs what the model's answers say. @returns `null` for none */
  sessionTail(home: string, threadId: string): Promise<string | null>;
}

export interface SandboxProbe {
  readonly home: string;
  readonly directory: string;
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What the profile denies. */
  readonly denied: string;
}
