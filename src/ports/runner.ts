/** The runner: the log of a step, its channels, its cancellation. */

import type { Secret } from "../core/login/secret.ts";
import type { StateKey } from "../core/phase-state/keys.ts";

/** Where sentences go, each as one line that is no command, and what hides values from all of them. */
export interface Log {
  info(sentence: string): void;
  warning(sentence: string): void;
  error(sentence: string): void;
  /** Shown where step debug logging is on. */
  debug(sentence: string): void;
  group(title: string): void;
  endGroup(): void;
  /**
   * Hides each of the values in everything printed from now on, by anyone in this job.
   *
   * @throws {TypeError} once a relay has been open
   */
  mask(...secrets: readonly Secret[]): void;
}

/** The log of a step that runs what others wrote. */
export interface StepLog extends Log {
  /** An annotation that is no warning. */
  notice(sentence: string): void;
  readonly relay: RelayOutlet;
}

/** Where foreign text enters the log; only `withRelay` uses it. */
export interface RelayOutlet {
  /** What children have asked to hide: replaced in everything that this process prints from now on. */
  readonly hidden: Set<string>;
  /** From here to `close` the runner obeys nothing. */
  open(token: string): void;
  /** Printed as it is. */
  write(bytes: Uint8Array): void;
  close(): void;
}

/** The runner's channels to and from a step. */
export interface StepChannel {
  saveState(name: StateKey, value: string): void;
  state(name: StateKey): string;
  /** Says all state and all outputs once more, at the end of a phase: what others have said in our name loses. */
  seal(): void;
  setOutputs(values: Readonly<Record<string, string>>): void;
  exportVariable(name: string, value: string): void;
  /** Puts a directory before all others on the PATH of this process and of later steps. */
  addPath(directory: string): void;
  writeSummary(markdown: string): Promise<void>;
}

/** Whether somebody has cancelled the job since this phase began. */
export interface Cancellation {
  requested(): boolean;
}
