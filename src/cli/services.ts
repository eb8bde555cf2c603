import type { Environment } from "../core/environment/scrub.ts";
import type { SecretLocation } from "../core/github/secret-location.ts";
import type { Secret } from "../core/login/secret.ts";
import type {
  CodexExec,
  Example,
  HostDisk,
  HostUsers,
  PersonLogin,
  Reporter,
  RepositoryAdministration,
  Systemd,
  TemporaryHome,
} from "../ports/cli.ts";
import type { CodexRefresher } from "../ports/codex.ts";
import type { CopyAccess } from "../ports/copies.ts";
import type { ActionInputs, CheckoutFiles, RepositoryAnswers, Screen } from "../ports/doctor.ts";
import type { Files } from "../ports/files.ts";
import type { Clock } from "../ports/machine.ts";
import type { SealedBox, WriteCredential } from "../ports/secrets.ts";
import type { WriteCredentialSource } from "./write-credential-source.ts";

/** Everything outside that the commands use. A command, and each of its parts, takes what it needs with `Pick`. */
export interface CliServices {
  readonly environment: Environment;
  /** The working directory. */
  readonly directory: string;
  /** The address of a checkout's remote `origin`. @returns `null` for none */
  readonly origin: (directory: string) => Promise<string | null>;
  readonly userHome: string;
  /** Absolute paths of Node and of this command line. */
  readonly program: { readonly node: string; readonly cli: string };
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly exitWith: (code: number) => void;
  readonly readStandardInput: () => Promise<string>;
  readonly reporterFor: (options: { json?: boolean }) => Reporter;
  readonly screen: Screen;

  readonly clock: Clock;
  readonly files: Files;
  readonly disk: HostDisk;
  readonly users: HostUsers;
  readonly systemd: Systemd;
  /** With its missing parents; fails where there is a file. */
  readonly createFile: (path: string, content: string) => Promise<void>;
  /** Throws what the system says of a new file in a directory, which may be missing. */
  readonly tryDirectory: (path: string) => Promise<void>;
  /** Reads only what the file's owner may read. */
  readonly readAsOwner: Files["read"];
  readonly temporaryHome: () => TemporaryHome;
  /** @returns `null` when there is no such directory */
  readonly checkout: (directory: string) => Promise<CheckoutFiles | null>;
  readonly examples: readonly Example[];
  /** Of this action. */
  readonly actionInputs: ActionInputs;
  readonly box: SealedBox;

  /** @throws {Failure} `codex-missing` */
  readonly codex: () => Promise<Codex>;
  /** Codex's environment, without these secrets and without what would steer it. */
  readonly codexEnvironment: (secrets: readonly Secret[]) => Readonly<Record<string, string>>;
  /** @throws {Failure} `input-invalid`, `token-missing` */
  readonly github: (apiUrl: string) => Promise<GitHub>;
}

/** The services of a command that has chosen how to report. */
export type Reporting<Names extends keyof CliServices> = Pick<CliServices, Names> & {
  readonly reporter: Reporter;
};

/** The Codex on PATH. */
export interface Codex {
  readonly path: string;
  readonly login: PersonLogin;
  readonly refresher: CodexRefresher;
  readonly exec: CodexExec;
}

/** GitHub, with the token of the person at the terminal. */
export interface GitHub {
  readonly token: Secret;
  readonly administration: (repository: RepositoryName) => RepositoryAdministration;
  readonly answers: (repository: RepositoryName) => RepositoryAnswers;
  /** For access copies, with the jobs' credential; `null`: with the person's token. */
  readonly copyAccess: (source: WriteCredentialSource | null) => CopyAccess;
  /** The jobs' credential, not the person's. */
  readonly writeCredential: (source: WriteCredentialSource, place: SecretLocation) => WriteCredential;
}

export interface RepositoryName {
  readonly owner: string;
  readonly repository: string;
}
