import type { LabClock } from "../clock.ts";
import type { Role } from "./collaborators.ts";
import type { IssueRecord } from "./issues.ts";
import { Refs } from "./refs.ts";
import type { RunRecord } from "./runs.ts";
import { SecretScope, type StoredSecret } from "./secrets.ts";
import { type StoredVariable, VariableScope } from "./variables.ts";
import type { WorkflowRecord } from "./workflows.ts";

export interface RepositoryOptions {
  readonly visibility?: "private" | "public";
  readonly defaultBranch?: string;
}

/** Documented. */
const REPOSITORY_VARIABLES = 500;
const ENVIRONMENT_VARIABLES = 100;

/** Where a secret or a variable lives: the repository, or one of its environments. */
export interface SecretPlace {
  readonly environment?: string;
}

interface Environment {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Date;
  readonly secrets: SecretScope;
  readonly variables: VariableScope;
  /** Which branches may use it; `null`: all of them. */
  branches: string[] | "protected" | null;
}

/** A repository of the lab's GitHub, with what an administrator does by hand as methods. */
export class Repository {
  /** Changes with a rename; the number stays. */
  fullName: string;
  readonly id: number;
  visibility: "private" | "public";
  /** Read-only for everybody. */
  archived = false;
  readonly defaultBranch: string;
  readonly secrets = new SecretScope();
  /** What runs of Dependabot are given instead. */
  readonly dependabotSecrets = new SecretScope();
  readonly variables = new VariableScope(REPOSITORY_VARIABLES);
  readonly refs: Refs;
  readonly runs: RunRecord[] = [];
  readonly issues: IssueRecord[] = [];
  /** The workflows of the default branch, as GitHub lists them. */
  readonly workflows: WorkflowRecord[] = [];
  readonly #roles = new Map<string, Role>([["lab-user", "admin"]]);
  readonly #environments = new Map<string, Environment>();
  readonly #clock: LabClock;

  constructor(fullName: string, id: number, clock: LabClock, options: RepositoryOptions = {}) {
    this.fullName = fullName;
    this.id = id;
    this.#clock = clock;
    this.visibility = options.visibility ?? "private";
    this.defaultBranch = options.defaultBranch ?? "main";
    this.refs = new Refs(this.defaultBranch);
  }

  /** Gives somebody a role here, or takes it with `none`. At first only `lab-user`, who starts runs, has one. */
  setRole(login: string, role: Role): void {
    this.#roles.set(login.toLowerCase(), role);
  }

  /** Whoever was given none may read what is public. */
  roleOf(login: string): Role {
    return this.#roles.get(login.toLowerCase()) ?? (this.visibility === "public" ? "read" : "none");
  }

  get environments(): readonly Environment[] {
    return [...this.#environments.values()];
  }

  /** Creates it unless it exists. Environment names disregard case. */
  createEnvironment(name: string): void {
    if (this.#environments.has(name.toLowerCase())) return;
    this.#environments.set(name.toLowerCase(), {
      id: this.id * 1000 + this.#environments.size + 1,
      name,
      createdAt: this.#clock.now(),
      secrets: new SecretScope(),
      variables: new VariableScope(ENVIRONMENT_VARIABLES),
      branches: null,
    });
  }

  /** With its secrets and variables. @returns whether there was one */
  deleteEnvironment(name: string): boolean {
    return this.#environments.delete(name.toLowerCase());
  }

  /** The secrets of an environment, undefined when there is no such environment. */
  environment(name: string): SecretScope | undefined {
    return this.#environments.get(name.toLowerCase())?.secrets;
  }

  /** The variables of an environment, undefined when there is no such environment. */
  environmentVariables(name: string): VariableScope | undefined {
    return this.#environments.get(name.toLowerCase())?.variables;
  }

  /** As a person with `gh variable set` would. */
  setVariable(name: string, value: string, place: SecretPlace = {}): void {
    this.#variables(place).set(name, value, this.#clock.now());
  }

  /** @returns whether there was one. */
  deleteVariable(name: string, place: SecretPlace = {}): boolean {
    return this.#variables(place).delete(name);
  }

  /** @returns the live record: a story may change its value and move its dates. */
  variable(name: string, place: SecretPlace = {}): StoredVariable | undefined {
    return this.#variables(place).get(name);
  }

  /** All of them, by name. */
  variablesOf(place: SecretPlace = {}): readonly StoredVariable[] {
    return this.#variables(place).all;
  }

  /** As an administrator with `gh secret set` would: stores and moves updated_at. */
  setSecret(name: string, value: string, place: SecretPlace = {}): void {
    this.#scope(place).set(name, value, this.#clock.now());
  }

  deleteSecret(name: string, place: SecretPlace = {}): void {
    this.#scope(place).delete(name);
  }

  /** @returns the live record: a story may move its dates. */
  secret(name: string, place: SecretPlace = {}): StoredSecret | undefined {
    return this.#scope(place).get(name);
  }

  /** GitHub changes the key: a PUT that names the old one is answered 422. */
  rotatePublicKey(place: SecretPlace = {}): void {
    this.#scope(place).rotateKey();
  }

  /** @returns the record itself: change it, and the API serves the change. */
  registerRun(run: RunRecord): RunRecord {
    this.runs.push(run);
    return run;
  }

  /** @throws for an environment that nobody created. */
  #scope({ environment }: SecretPlace): SecretScope {
    if (environment === undefined || environment === "") return this.secrets;
    const scope = this.environment(environment);
    if (!scope) throw new Error(`lab: ${this.fullName} has no environment "${environment}"`);
    return scope;
  }

  /** @throws for an environment that nobody created. */
  #variables({ environment }: SecretPlace): VariableScope {
    if (environment === undefined || environment === "") return this.variables;
    const scope = this.environmentVariables(environment);
    if (!scope) throw new Error(`lab: ${this.fullName} has no environment "${environment}"`);
    return scope;
  }
}
