import type { RepositoryAdministration } from "./cli.ts";

/** What GitHub tells about a repository, if the token may ask. Every method throws `GitHubError`. */
export interface RepositoryAnswers {
  describe: RepositoryAdministration["describe"];
  secretExists(name: string, environment: string | null): Promise<boolean>;
  /** Organization secrets that the repository sees, in upper case. */
  organizationSecrets(): Promise<readonly string[]>;
  /** @returns `null` when there is no such environment */
  environment(name: string): Promise<EnvironmentRules | null>;
  workflows(): Promise<readonly WorkflowState[]>;
  /** Full names of other repositories that the token can list, most recently pushed first; `null`: it cannot list. */
  otherRepositories(): Promise<readonly string[] | null>;
  /** @returns whether another repository has a secret of that name; `null` when the token may not know */
  elsewhere(fullName: string, name: string, environment: string | null): Promise<boolean | null>;
}

export interface EnvironmentRules {
  /** Patterns of branches that may use it; `protected`: those with protection rules; `any`: all of them. */
  readonly branches: readonly string[] | "protected" | "any";
  /** Whether a job must wait for a person or a timer. */
  readonly waits: boolean;
}

export interface WorkflowState {
  readonly path: string;
  /** `active`, `disabled_manually`, `disabled_inactivity`, … */
  readonly state: string;
}

/** An answer, or that there was none. Not knowing is never good news. */
export type Known<Answer> =
  | { readonly known: true; readonly value: Answer }
  | { readonly known: false; readonly why: string };

/** The outcome of an attempt to write beside the login. */
export type Probe =
  | { readonly kind: "writes" }
  | { readonly kind: "refused"; readonly message: string; readonly hint: string };

/** What the action takes. */
export interface ActionInputs {
  /** As action.yml has them. */
  readonly known: readonly { readonly name: string }[];
  /** Throws the failure that a step with these inputs ends with. @param get `""`: not given */
  readonly refuse: (get: (name: string) => string) => void;
}

/** The files of a checkout; paths have slashes and are relative to its root. */
export interface CheckoutFiles {
  /** Names of the files in a directory, `[]` when there is none. */
  list(directory: string): Promise<readonly string[]>;
  /** Paths of the files of all actions in the checkout: `…/action.yml` and `…/action.yaml`, a thousand at most. */
  actions(): Promise<readonly string[]>;
  read(
    path: string,
  ): Promise<
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "absent" }
    | { readonly kind: "too-large"; readonly bytes: number }
  >;
}

/** What the terminal can show. */
export interface Look {
  /** Characters in a line; `null`: as many as there are. */
  readonly columns: number | null;
  readonly unicode: boolean;
  readonly colour: boolean;
}

/** The terminal, or what replaces it. */
export interface Screen {
  readonly look: Look;
  write(text: string): void;
  /** From now on shows progress to a person who has waited a while. @returns how to end that */
  watch(): { now(sentence: string): void; end(): void };
}
