/** What GitHub tells, and where alerts are posted. */

import type { RunStatus } from "../core/claim/claim.ts";
import type { AlertIssue } from "../core/failure/alert-text.ts";

/** GitHub's clock, known from the `Date` header of its answers. */
export interface ServerClock {
  /** @throws {GitHubError} when nothing was ever answered and the server cannot be asked */
  now(): Promise<Date>;
}

/** A time on GitHub's clock; or why it is not known. */
export type ReadTime =
  | { readonly kind: "known"; readonly at: Date }
  /**
   * The API was not allowed to say (`actions: read`), did not answer, or knows no such run; or this runner does not say
   * its name (RUNNER_NAME), by which its job is found.
   */
  | {
      readonly kind: "unknown";
      readonly because: "permission" | "unreachable" | "ambiguous" | "no-such-run" | "no-runner-name";
    };

/** What GitHub tells a run about itself. None of it throws: not knowing is an answer. */
export interface RunInformation {
  /** A re-run may replay the secrets of its first attempt. */
  readonly isRerun: boolean;
  /** When this run was created (`repository`), or its job started (`environment`): when GitHub read the secret. */
  readTime(scope: "repository" | "environment"): Promise<ReadTime>;
  /** Of an attempt of any run of this repository. */
  statusOf(run: string, attempt: number): Promise<RunStatus>;
  /** `null` where the API does not say. */
  concurrency(): Promise<{ readonly groups: readonly string[]; readonly otherRunsInProgress: number } | null>;
  visibility(): Promise<"public" | "private" | null>;
  /** Whether somebody may write to the repository; `null` where the API does not say. */
  mayWrite(login: string): Promise<boolean | null>;
}

/** Where alerts are posted: the repository's issues. Every method throws `GitHubError`. */
export interface AlertBoard {
  /** The open issue that holds the marker. */
  find(marker: string): Promise<{ readonly number: number; readonly since: Date } | null>;
  open(issue: AlertIssue): Promise<void>;
  update(number: number, issue: AlertIssue): Promise<void>;
  close(number: number, comment: string): Promise<void>;
}
