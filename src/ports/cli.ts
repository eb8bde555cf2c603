/** What the command line needs from outside. */

import type { SecretLocation } from "../core/github/secret-location.ts";
import type { Secret } from "../core/login/secret.ts";
import type { ServerClock } from "./github.ts";
import type { SecretStore } from "./secrets.ts";
import type { Variables } from "./variables.ts";

/** Speaks to a person at a terminal, or into a pipe. Progress and result go different ways. */
export interface Reporter {
  /** Whether there is a person to ask: stdin and stdout are terminals, and JSON was not requested. */
  readonly asks: boolean;
  begin(title: string): void;
  /** A fact, or what is happening now. */
  say(sentence: string): void;
  warn(sentence: string): void;
  /** Something to read or to copy. */
  show(title: string, lines: readonly string[]): void;
  /** @param enter what the Enter key says, `yes` by default @throws {Failure} `cancelled` */
  confirm(question: string, enter?: "yes" | "no"): Promise<boolean>;
  /** @throws {Failure} `cancelled` */
  askSecret(question: string): Promise<Secret>;
  /** The outcome of the command; once, at its end. */
  result(result: Result): void;
}

export interface Result {
  /** For `--json`. */
  readonly json: object;
  readonly title: string;
  readonly lines: readonly string[];
}

export type LoginMethod = "device" | "browser";

/** `codex login`, done by a person. */
export interface PersonLogin {
  /** Returns when Codex has ended; an aborted signal ends it at once. */
  run(request: {
    method: LoginMethod;
    home: string;
    environment: Readonly<Record<string, string>>;
    /** Everything Codex prints, without colours. */
    output: (text: string) => void;
    signal: AbortSignal;
  }): Promise<{ readonly exitCode: number | null }>;
}

/** A private directory that is shredded by {@link TemporaryHome.shred}, or at the end of the process at the latest. */
export interface TemporaryHome {
  readonly path: string;
  /** Overwrites every file, then removes it. Synchronous, so that an exit handler can do it. */
  shred(): void;
}

/** A repository as its administrator sees it. Every method throws `GitHubError`. */
export interface RepositoryAdministration extends ServerClock {
  /** @returns `null` for one that the token does not see */
  describe(): Promise<RepositoryDescription | null>;
  /** @returns whether GitHub accepted the limit to the default branch, which some plans do not have */
  createEnvironment(name: string, defaultBranch: string): Promise<"limited" | "unlimited">;
  secrets(place: SecretLocation): SecretStore;
  variables(place: SecretLocation): Variables;
  /** @param workflow its file's name. @returns `null` when there is no such workflow, or it never ran */
  latestRun(workflow: string): Promise<WorkflowRun | null>;
}

export interface RepositoryDescription {
  readonly id: string;
  readonly visibility: "public" | "private";
  readonly defaultBranch: string;
}

export interface WorkflowRun {
  readonly workflow: string;
  readonly createdAt: Date;
  /** `success`, `failure`, …; `null` while it runs. */
  readonly conclusion: string | null;
  readonly url: string;
}

/** A workflow of examples/, as it is bundled. */
export interface Example {
  readonly name: string;
  readonly text: string;
}

/** Who owns a file; both numbers as the system has them. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface FileFacts {
  readonly kind: "file" | "directory" | "other";
  /** Permission bits; `null` where the system has none. */
  readonly mode: number | null;
  /** `null` where the system has none. */
  readonly owner: Owner | null;
}

/**
 * The disk of a host that keeps a login. Another user's files are touched with the rights of that user, and of nobody
 * else. Every method throws the system's errors.
 */
export interface HostDisk {
  /** Links are not followed. @returns `null` for nothing there */
  inspect(path: string): Promise<FileFacts | null>;
  read(path: string, owner: Owner | null): Promise<string | null>;
  /** Atomic, 0600, as `owner`. */
  write(path: string, content: string, owner: Owner | null): Promise<void>;
  /**
   * Makes a directory (0700) with its missing parents, or narrows one that is there. Where the owner may not make it, root
   * does, and gives it away.
   *
   * @throws {Failure} `home-unwritable` where root would have to act in a place that another user can change
   */
  makePrivate(directory: string, owner: Owner | null): Promise<void>;
  /** Removes a directory that is empty; any other stays. */
  removeEmpty(directory: string, owner: Owner | null): Promise<void>;
  /** Gives the owner's file the mode 0600; a link is left alone. */
  narrow(path: string, owner: Owner | null): Promise<void>;
  /** Creates a file that nobody else may hold. @returns `null` when a living process holds it, else how to release it */
  lock(path: string, owner: Owner | null): Promise<(() => Promise<void>) | null>;
  /** Who we are; `null` where the system has no such thing. */
  self(): Owner | null;
  /** @returns `null` for a user that the system does not know */
  user(name: string): Promise<Owner | null>;
  /** @returns the number of one who has no name */
  nameOf(owner: Owner): Promise<string>;
}

/** The users of a host. */
export interface HostUsers {
  /**
   * Makes this process that user's, for good: group, user, HOME.
   *
   * @throws the system's error for anybody but root
   */
  become(name: string, owner: Owner): void;
  /**
   * Runs a program to its end, ten minutes at most; as root, with the rights of `owner` alone.
   *
   * @returns `exitCode` is `null` for a program that could not be started, or was ended
   */
  run(
    owner: Owner | null,
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<{ readonly exitCode: number | null; readonly output: string }>;
  /** Copies a program to where every user may run it. Throws the system's errors. */
  installProgram(from: string, to: string): Promise<void>;
}

/** The host's systemd. */
export interface Systemd {
  /** Whether it runs this host. */
  isRunning(): Promise<boolean>;
  /** @returns what is wrong with the calendar expression; `null` for a good one, or where systemd cannot be asked */
  objectToCalendar(calendar: string): Promise<string | null>;
  /** Replaces a file that is there. Throws the system's errors. */
  writeUnit(path: string, text: string): Promise<void>;
  /** @throws {Failure} `timer-failed` */
  enable(timer: string): Promise<void>;
}

/** The smallest run of Codex that uses a login. */
export interface CodexExec {
  run(request: {
    home: string;
    environment: Readonly<Record<string, string>>;
  }): Promise<{ readonly exitCode: number | null; readonly output: string }>;
}
