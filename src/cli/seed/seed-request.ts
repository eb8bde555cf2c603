import type { CopyDestination } from "../../core/copies/destination.ts";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import type { RepositoryAdministration } from "../../ports/cli.ts";
import type { GitHub, Reporting } from "../services.ts";
import type { WriteCredentialSource } from "../write-credential-source.ts";
import type { LoginSource } from "./obtain-login.ts";

export interface SeedRequest {
  readonly owner: string;
  readonly repository: string;
  /** `null`: a repository secret. */
  readonly environment: string | null;
  readonly secretName: string;
  readonly source: LoginSource;
  /** `null`: not asked for; a person is offered it. `ask`: a token that the person pastes. */
  readonly writeCredential: WriteCredentialSource | "ask" | null;
  /** Where in a checkout we stand; `null`: no workflows are written. */
  readonly workflowsFrom: string | null;
  readonly reseed: boolean;
  readonly createEnvironment: boolean;
  readonly allowPublicRepository: boolean;
  readonly dryRun: boolean;
  /** Where the first access copies go. */
  readonly copies: readonly CopyDestination[];
}

export type SeedServices = Reporting<
  | "box"
  | "clock"
  | "codex"
  | "codexEnvironment"
  | "createFile"
  | "examples"
  | "files"
  | "readStandardInput"
  | "signal"
  | "temporaryHome"
  | "tryDirectory"
>;

/** One run of `seed`, and what its parts need. */
export interface Seeding {
  readonly request: SeedRequest;
  readonly services: SeedServices;
  readonly github: GitHub;
  readonly administration: RepositoryAdministration;
  readonly place: SecretLocation;
  /** Says what has been done, and keeps it for the result. */
  readonly tell: (sentence: string) => void;
}
