/** Every outside dependency as an interface: the architecture on one page. */

import type { RunStatus } from "../core/claim/claim.ts";
import type { RefreshSymptoms } from "../core/codex/refusal.ts";
import type { SandboxTrial } from "../core/codex/sandbox-verdict.ts";
import type { Environment } from "../core/environment/scrub.ts";
import type { AlertIssue } from "../core/failure/alert-text.ts";
import type { WriteCredentialKind } from "../core/failure/secret-error.ts";
import type { Label } from "../core/handoff/envelope.ts";
import type { Lookup, Note } from "../core/handoff/note.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
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

export interface Clock {
  /** The machine's time, which may be wrong. */
  now(): Date;
  /** Milliseconds on a clock that nobody sets, the same for all processes of the machine. */
  monotonicMs(): number;
  sleep(ms: number): Promise<void>;
}

export interface Randomness {
  bytes(count: number): Uint8Array;
}

/** GitHub's clock, known from the `Date` header of its answers. */
export interface ServerClock {
  /** @throws {GitHubError} when nothing was ever answered and the server cannot be asked */
  now(): Promise<Date>;
}

export interface SecretMetadata {
  /** Whole seconds. */
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface PublicKey {
  readonly id: string;
  /** 32 bytes, Curve25519. */
  readonly key: Uint8Array;
}

/** The secrets of one scope. Every method throws `GitHubError`; none takes longer than ten seconds. */
export interface SecretStore {
  /** @returns `null` when there is no such secret, which a missing scope also looks like */
  metadata(name: string): Promise<SecretMetadata | null>;
  publicKey(): Promise<PublicKey>;
  put(name: string, sealed: SealedPayload): Promise<"created" | "updated">;
  /** A secret that is not there counts as deleted. */
  remove(name: string): Promise<void>;
  /** How many secrets the scope holds. */
  count(): Promise<number>;
}

/** The Actions variables of the secret's scope. Every method throws `GitHubError`; none takes longer than ten seconds. */
export interface Variables {
  /** @returns `null` when there is no such variable */
  read(name: string): Promise<Variable | null>;
  list(): Promise<readonly Variable[]>;
  /** Of all who create one name at once, one is told `created`. */
  create(name: string, value: string): Promise<"created" | "exists">;
  /** @returns whether there was one to update */
  update(name: string, value: string): Promise<boolean>;
  /** A variable that is not there counts as deleted. */
  remove(name: string): Promise<void>;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  /** GitHub's own time, whole seconds. */
  readonly createdAt: Date;
}

/** Only GitHub can open it: safe to show. */
export interface SealedPayload {
  readonly keyId: string;
  /** Base64 of libsodium's `crypto_box_seal`. */
  readonly encryptedValue: string;
}

export interface SealedBox {
  /** @throws {GitHubError} for a public key that is none */
  seal(content: Secret, publicKey: PublicKey): Promise<SealedPayload>;
}

/** The write token or App, opened only when a write is needed. */
export interface WriteCredential {
  readonly kind: WriteCredentialKind;
  /**
   * @throws {Failure} `app-…` when no token can be minted
   * @throws {GitHubError}
   */
  open(): Promise<WriteSession>;
}

export interface WriteSession {
  readonly store: SecretStore;
  readonly variables: Variables;
  readonly serverClock: ServerClock;
  /** When the token ends, as far as an answer has told. */
  expiresAt(): Date | null;
  /** Revokes what was minted. Never throws. */
  close(): Promise<void>;
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

/** Notes in the Actions cache. No method throws or takes longer than its time box. */
export interface HandoffCache {
  /** Loads what a save needs, while there is something else to wait for. */
  prepare(): void;
  look(login: AuthJson): Promise<Lookup>;
  /** Whether the service refuses to store anything for this job, in its words; `null` where it does not say so. */
  refusesWrites(): Promise<string | null>;
  save(under: AuthJson, note: Note): Promise<"saved" | "failed" | "off">;
}

/** Seals what only the holder of a login may open. */
export interface EnvelopeCipher {
  seal(holder: AuthJson, label: Label, text: string): Promise<Uint8Array>;
  /** @returns `null` when the holder did not seal it under that label */
  open(holder: AuthJson, label: Label, envelope: Uint8Array): Promise<string | null>;
}

/** Files with private modes. Every method throws the system's errors. */
export interface Files {
  read(path: string): Promise<string | null>;
  readBytes(path: string): Promise<Uint8Array | null>;
  /** Atomic: temporary file, rename. Whoever reads sees the old content or the new. */
  write(path: string, content: string | Uint8Array, mode: number): Promise<void>;
  /** Atomic: a symbolic link at `path` to `target`, in place of whatever file stood there. */
  link(target: string, path: string): Promise<void>;
  /**
   * Moves a file to `target` and leaves a relative link in its place. One that appears at `path` meanwhile is newer, and
   * moves as well. Finishes what was interrupted between the two; leaves a link as it is.
   */
  moveBehindLink(path: string, target: string): Promise<void>;
  /**
   * With mode 0700 and its missing parents. One that is there is closed to others; a link, or what belongs to somebody else,
   * is an EEXIST. @returns whether it was made now
   */
  makePrivateDirectory(path: string): Promise<"made" | "existed">;
  remove(path: string): Promise<void>;
  /**
   * Whether a program of this user could write the file anew, and so much beside it: throws what the system would say of a
   * read-only file, somebody else's, an immutable one, a read-only directory or a full disk. Leaves the file as it is.
   */
  demandReplaceable(path: string, roomBytes: number): Promise<void>;
  /** Changes whenever a file is written or replaced, even by the same content. @returns `null` for no file */
  stamp(path: string): Promise<string | null>;
  /** @returns `null` where nothing is */
  realpath(path: string): Promise<string | null>;
}

/** A file that is left alone: it is not there, not where its name says, ours, no plain file, too large, or refused by the system. */
export interface Refusal {
  readonly kind: "missing" | "link" | "kept" | "not-a-file" | "too-large" | "unusable";
}

export interface NamedPlace {
  /** The workspace: below it no component of a path may be a symbolic link. */
  readonly root: string;
  /** Directories of ours, in which nothing is read or written for anybody. */
  readonly kept: readonly string[];
}

/**
 * Files that a workflow names, in directories into which a checkout, an archive or a model puts what it likes. Links are
 * not followed, whenever they appear. Nothing throws. Paths are absolute.
 */
export interface NamedFiles {
  /** Never waits, as a FIFO would make it. */
  read(
    path: string,
    place: NamedPlace & { readonly limitBytes: number },
  ): Promise<{ readonly kind: "read"; readonly bytes: Uint8Array } | Refusal>;
  /** Atomic, 0644; its directory must be there. */
  write(path: string, content: string, place: NamedPlace): Promise<{ readonly kind: "written" } | Refusal>;
  /** @returns its path without links */
  directory(
    path: string,
    place: NamedPlace,
  ): Promise<{ readonly kind: "directory"; readonly real: string } | Refusal>;
  /** @returns which of the names leads from the directory to a file at or below `target` */
  linkTo(directory: string, names: readonly string[], target: string): Promise<string | null>;
  /** Whether a file at or below the path has a second name somewhere: a hard link. */
  hasOtherNames(path: string): Promise<boolean>;
}

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

/** Numbers are given again: the start time tells two processes apart, where it is known. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string | null;
}

/** Processes of this machine. */
export interface Processes {
  /** Whether a process lives whose start time is the one given (`null`: any). */
  isAlive(process: ProcessIdentity): Promise<boolean>;
  /** Processes whose `CODEX_HOME` is this directory; empty where the system does not tell. */
  usingHome(home: string): Promise<readonly ProcessIdentity[]>;
}

/** Runs the user's command in its own process group and passes cancel signals on at once. */
export interface CommandRunner {
  run(command: {
    file: string;
    args: readonly string[];
    directory: string;
    environment: Environment;
    /** Standard input; empty unless given. */
    input?: string;
    /** Given everything the command prints, as it is printed; nothing of it is printed here. */
    output: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
    /** When it is aborted, the command ends, and all that it has started. */
    stop?: AbortSignal;
  }): Promise<{ exitCode: number | null; signal: string | null }>;
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

/** Where alerts are posted: the repository's issues. Every method throws `GitHubError`. */
export interface AlertBoard {
  /** The open issue that holds the marker. */
  find(marker: string): Promise<{ readonly number: number; readonly since: Date } | null>;
  open(issue: AlertIssue): Promise<void>;
  update(number: number, issue: AlertIssue): Promise<void>;
  close(number: number, comment: string): Promise<void>;
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

/** What only a machine's administrator may set. Nothing throws. */
export interface MachinePolicy {
  /** On GitHub's own Ubuntu: lets Codex's sandbox make user namespaces. */
  allowUserNamespaces(): Promise<void>;
  /** @returns `written` also where the very same stands already, `exists` where something else does */
  writeRequirements(path: string, content: string): Promise<"written" | "exists" | "impossible">;
  /** Only a file of ours, which names this directory. */
  removeRequirements(path: string, guarded: string): Promise<void>;
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

export interface TakenHostLock {
  readonly content: string;
  readonly by: "this-step" | "earlier-step";
}

/** A lock that ends with a job, whatever becomes of the job. */
export interface HostLock {
  /**
   * @param job its identity: a later step of it joins the lock of an earlier one
   * @returns what stands in the lock, or `null` when another living job holds it
   */
  take(path: string, job: string): Promise<TakenHostLock | null>;
  /** Whether a process still has the home for its `CODEX_HOME`. */
  isUsed(home: string): Promise<boolean>;
  /** Lets go of a lock with that content, and of no other. */
  letGo(path: string, content: string): Promise<void>;
}
