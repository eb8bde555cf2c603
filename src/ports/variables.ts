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
