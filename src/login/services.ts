import type { SecretLocation } from "../core/github/secret-location.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { CodexRefresher } from "../ports/codex.ts";
import type { Files } from "../ports/files.ts";
import type { RunInformation } from "../ports/github.ts";
import type { HandoffCache } from "../ports/handoff.ts";
import type { Clock, Processes, Randomness } from "../ports/machine.ts";
import type { Cancellation, Log, StepChannel } from "../ports/runner.ts";
import type { SealedBox, WriteCredential } from "../ports/secrets.ts";
import type { LedgerFile } from "./ledger-file.ts";

/** Who asks: goes into the claims that it makes. */
export interface Claimant {
  readonly run: string;
  readonly attempt: number;
  /** `default` on the default branch, else the ref: only there can its handoff notes be read. */
  readonly ref: string;
}

/** What the life of a login needs from outside, and whose life it is. Functions `Pick` what they use. */
export interface Services {
  /** `null` in a phase that was given no inputs. */
  readonly writeCredential: WriteCredential | null;
  readonly box: SealedBox;
  readonly handoff: HandoffCache;
  readonly runInformation: RunInformation;
  readonly refresher: () => Promise<CodexRefresher>;
  readonly ledgerFile: LedgerFile;
  readonly files: Files;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly channel: StepChannel;
  readonly cancellation: Cancellation;
  readonly processes: Processes;
  readonly place: SecretLocation;
  readonly claimant: Claimant;
  /** The login that the secret gave to this run. */
  readonly handed: AuthJson;
  /** Our private directory of this job. */
  readonly base: string;
  /** Of Codex: scrubbed. */
  readonly environment: Readonly<Record<string, string>>;
}
