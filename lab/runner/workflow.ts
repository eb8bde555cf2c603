import { parse } from "yaml";

/** A YAML scalar that may hold `${{ }}`; evaluated when its moment comes. */
export type Template = string;

export interface ConcurrencySpec {
  readonly group: Template;
  readonly cancelInProgress: Template;
  readonly queue: "single" | "max";
}

export interface StepSpec {
  readonly id: string | undefined;
  readonly name: Template | undefined;
  readonly if: Template | undefined;
  readonly uses: string | undefined;
  readonly with: Readonly<Record<string, Template>>;
  readonly env: Readonly<Record<string, Template>>;
  readonly run: Template | undefined;
  readonly shell: string | undefined;
  readonly workingDirectory: Template | undefined;
  readonly continueOnError: Template;
  readonly timeoutMinutes: Template | undefined;
}

export interface RunDefaults {
  readonly shell: string | undefined;
  readonly workingDirectory: Template | undefined;
}

export interface JobSpec {
  readonly id: string;
  readonly name: Template | undefined;
  readonly needs: readonly string[];
  readonly if: Template | undefined;
  readonly runsOn: string;
  readonly permissions: Permissions | undefined;
  readonly environment: Template | undefined;
  readonly concurrency: ConcurrencySpec | undefined;
  readonly env: Readonly<Record<string, Template>>;
  readonly outputs: Readonly<Record<string, Template>>;
  readonly runDefaults: RunDefaults;
  readonly timeoutMinutes: Template | undefined;
  readonly continueOnError: Template;
  /** One entry for each job the matrix makes; `undefined` is a job without a matrix. */
  readonly matrix: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly steps: readonly StepSpec[];
}

export interface WorkflowSpec {
  readonly name: string | undefined;
  /** The names of the events that start it. */
  readonly on: readonly string[];
  /** `workflow_dispatch` and `workflow_call` inputs' defaults. */
  readonly inputDefaults: Readonly<Record<string, string>>;
  readonly concurrency: ConcurrencySpec | undefined;
  readonly env: Readonly<Record<string, Template>>;
  readonly jobs: readonly JobSpec[];
}

/** What `permissions:` grants the job's token; a name that is absent is not granted. */
export type Permissions = Readonly<Record<string, "read" | "write">>;

const PERMISSION_NAMES = [
  "actions",
  "artifact-metadata",
  "attestations",
  "checks",
  "contents",
  "deployments",
  "discussions",
  "id-token",
  "issues",
  "models",
  "packages",
  "pages",
  "pull-requests",
  "repository-projects",
  "security-events",
  "statuses",
];

type Mapping = Record<string, unknown>;

/**
 * Reads a workflow strictly: a key this runner does not know is an error, because a story that relied on it would
 * silently test something else.
 *
 * @throws when the text is not a workflow, as GitHub refuses to queue it.
 */
export function parseWorkflow(text: string): WorkflowSpec {
  const root = mapping(parse(text), "workflow");
  known(root, "workflow", [
    "name",
    "run-name",
    "on",
    "permissions",
    "env",
    "concurrency",
    "defaults",
    "jobs",
  ]);
  const permissions = parsePermissions(root.permissions);
  const defaults = parseRunDefaults(root.defaults, { shell: undefined, workingDirectory: undefined });
  const jobs = Object.entries(mapping(root.jobs, "jobs")).map(([id, job]) =>
    parseJob(id, mapping(job, `job ${id}`), permissions, defaults),
  );
  if (jobs.length === 0) throw new Error("workflow: no jobs");
  for (const job of jobs) {
    for (const need of job.needs) {
      if (!jobs.some(({ id }) => id === need)) throw new Error(`job ${job.id}: needs unknown job ${need}`);
    }
  }
  return {
    name: optionalScalar(root.name),
    on: parseEvents(root.on),
    inputDefaults: parseInputDefaults(root.on),
    concurrency: parseConcurrency(root.concurrency),
    env: templates(root.env),
    jobs,
  };
}

/** Reads the steps of a job, or of a composite action. */
export function parseSteps(value: unknown, where: string): StepSpec[] {
  if (!Array.isArray(value)) throw new Error(`${where}: steps are missing`);
  return value.map((raw, index) => {
    const at = `${where}, step ${index + 1}`;
    const step = mapping(raw, at);
    known(step, at, [
      "id",
      "name",
      "if",
      "uses",
      "with",
      "env",
      "run",
      "shell",
      "working-directory",
      "continue-on-error",
      "timeout-minutes",
    ]);
    if ((step.uses === undefined) === (step.run === undefined)) throw new Error(`${at}: either uses or run`);
    return {
      id: optionalScalar(step.id),
      name: optionalScalar(step.name),
      if: optionalScalar(step.if),
      uses: optionalScalar(step.uses),
      with: templates(step.with),
      env: templates(step.env),
      run: optionalScalar(step.run),
      shell: optionalScalar(step.shell),
      workingDirectory: optionalScalar(step["working-directory"]),
      continueOnError: optionalScalar(step["continue-on-error"]) ?? "false",
      timeoutMinutes: optionalScalar(step["timeout-minutes"]),
    };
  });
}

/** A YAML mapping as an object; absent is empty. @throws when it is something else. */
export function mapping(value: unknown, where: string): Mapping {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw new Error(`${where}: a mapping was expected`);
  return value as Mapping;
}

/** Every value of a mapping as text, the way the runner turns YAML scalars into strings. */
export function templates(value: unknown): Record<string, Template> {
  return Object.fromEntries(
    Object.entries(mapping(value, "mapping")).map(([key, scalar]) => [key, optionalScalar(scalar) ?? ""]),
  );
}

/** A YAML scalar as text; `undefined` when absent or null. */
export function optionalScalar(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object") throw new Error(`a scalar was expected, not ${JSON.stringify(value)}`);
  return String(value);
}

function parseJob(
  id: string,
  job: Mapping,
  inherited: Permissions | undefined,
  defaults: RunDefaults,
): JobSpec {
  known(job, `job ${id}`, [
    "name",
    "runs-on",
    "needs",
    "if",
    "permissions",
    "environment",
    "concurrency",
    "env",
    "outputs",
    "defaults",
    "timeout-minutes",
    "continue-on-error",
    "strategy",
    "steps",
  ]);
  if (job["runs-on"] === undefined) throw new Error(`job ${id}: runs-on is missing`);
  return {
    id,
    name: optionalScalar(job.name),
    needs: list(job.needs),
    if: optionalScalar(job.if),
    runsOn: list(job["runs-on"]).join(", "),
    permissions: job.permissions === undefined ? inherited : parsePermissions(job.permissions),
    environment: parseEnvironment(job.environment, `job ${id}`),
    concurrency: parseConcurrency(job.concurrency),
    env: templates(job.env),
    outputs: templates(job.outputs),
    runDefaults: parseRunDefaults(job.defaults, defaults),
    timeoutMinutes: optionalScalar(job["timeout-minutes"]),
    continueOnError: optionalScalar(job["continue-on-error"]) ?? "false",
    matrix: parseMatrix(job.strategy, `job ${id}`),
    steps: parseSteps(job.steps, `job ${id}`),
  };
}

function parsePermissions(value: unknown): Permissions | undefined {
  if (value === undefined) return undefined;
  if (value === "read-all" || value === "write-all") {
    const access = value === "read-all" ? "read" : "write";
    return Object.fromEntries(PERMISSION_NAMES.map((name) => [name, access]));
  }
  const granted: Record<string, "read" | "write"> = {};
  for (const [name, access] of Object.entries(mapping(value, "permissions"))) {
    // `secrets` and `environments` are not here: GITHUB_TOKEN can have neither, and GitHub refuses such a workflow.
    if (!PERMISSION_NAMES.includes(name)) throw new Error(`permissions: unexpected value '${name}'`);
    if (access === "read" || access === "write") granted[name] = access;
    else if (access !== "none") throw new Error(`permissions: unexpected value '${String(access)}'`);
  }
  return granted;
}

function parseEnvironment(value: unknown, where: string): Template | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  const environment = mapping(value, `${where}: environment`);
  known(environment, `${where}: environment`, ["name", "url", "deployment"]);
  return optionalScalar(environment.name);
}

function parseConcurrency(value: unknown): ConcurrencySpec | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return { group: value, cancelInProgress: "false", queue: "single" };
  const concurrency = mapping(value, "concurrency");
  known(concurrency, "concurrency", ["group", "cancel-in-progress", "queue"]);
  const group = optionalScalar(concurrency.group);
  const cancelInProgress = optionalScalar(concurrency["cancel-in-progress"]) ?? "false";
  const queue = optionalScalar(concurrency.queue) ?? "single";
  if (!group) throw new Error("concurrency: group is missing");
  if (queue !== "single" && queue !== "max") throw new Error(`concurrency: unexpected queue '${queue}'`);
  if (queue === "max" && cancelInProgress === "true") {
    throw new Error("concurrency: queue: max cannot be combined with cancel-in-progress: true");
  }
  return { group, cancelInProgress, queue };
}

function parseRunDefaults(value: unknown, inherited: RunDefaults): RunDefaults {
  const run = mapping(mapping(value, "defaults").run, "defaults.run");
  return {
    shell: optionalScalar(run.shell) ?? inherited.shell,
    workingDirectory: optionalScalar(run["working-directory"]) ?? inherited.workingDirectory,
  };
}

function parseMatrix(value: unknown, where: string): Record<string, unknown>[] | undefined {
  const strategy = mapping(value, `${where}: strategy`);
  known(strategy, `${where}: strategy`, ["matrix", "fail-fast", "max-parallel"]);
  if (strategy.matrix === undefined) return undefined;
  const { include = [], ...axes } = mapping(strategy.matrix, `${where}: matrix`);
  const names = Object.keys(axes);
  if (names.length > 1 || !Array.isArray(include))
    throw new Error(`${where}: the lab expands one axis or include`);
  const rows: Record<string, unknown>[] = [];
  for (const name of names) {
    const axis = axes[name];
    if (!Array.isArray(axis)) throw new Error(`${where}: matrix.${name} is not a literal list`);
    for (const entry of axis) rows.push({ [name]: entry });
  }
  for (const extra of include as Mapping[]) {
    const fitting = rows.filter((row) =>
      names.every((name) => !(name in extra) || extra[name] === row[name]),
    );
    if (fitting.length > 0 && names.some((name) => name in extra))
      for (const row of fitting) Object.assign(row, extra);
    else rows.push({ ...extra });
  }
  return rows;
}

function parseEvents(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.map(String);
  return Object.keys(mapping(value, "on"));
}

function parseInputDefaults(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const dispatch = mapping((value as Mapping).workflow_dispatch, "workflow_dispatch");
  return Object.fromEntries(
    Object.entries(mapping(dispatch.inputs, "inputs")).map(([name, input]) => [
      name,
      optionalScalar(mapping(input, `input ${name}`).default) ?? "",
    ]),
  );
}

function list(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function known(value: Mapping, where: string, keys: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) throw new Error(`${where}: '${key}' is unknown to the lab's runner`);
  }
}
