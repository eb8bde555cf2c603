import { createHash } from "node:crypto";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CacheService } from "../cache/cache.ts";
import type { LabClock } from "../clock.ts";
import { installCodex } from "../codex.ts";
import type { GitHub, Permission, Repository, RunRecord } from "../github/github.ts";
import type { OpenAI } from "../openai/openai.ts";
import { ActionSource } from "./action-source.ts";
import { ConcurrencyGroups } from "./concurrency.ts";
import { eventPayload, refName, secretsFor } from "./event.ts";
import { type Contexts, interpolate } from "./expressions.ts";
import { Job, type JobResult } from "./job.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import { REAL_TIMING, type Timing } from "./phase-process.ts";
import { type DispatchOptions, type JobPlan, type Run, type RunHost, WorkflowRun } from "./run.ts";
import { type JobSpec, parseWorkflow } from "./workflow.ts";

export { whyNoHostedMachine } from "./hosted.ts";
export type { JobPlaces, JobResult, PhaseEvent, StepResult } from "./job.ts";
export type { Annotation, ExecutedCommand, LogPlace, PhaseName } from "./job-log.ts";
export type { Machine, MachineOptions } from "./machine.ts";
export type { Timing } from "./phase-process.ts";
export type { PhaseHook, PhaseInfo } from "./phase-runner.ts";
export type { DispatchOptions, Run, RunResult } from "./run.ts";

/** Permissions that the lab's GitHub knows; a workflow may grant more. */
/** What hosted runners have, as far as the examples use it. */
const HOSTED_PROGRAMS = join(dirname(fileURLToPath(import.meta.url)), "hosted-programs");
const SERVED: readonly Permission[] = ["actions", "contents", "issues", "pull_requests", "metadata"];

/** Secrets as one attempt of a run was given them, for the attempts after it. */
interface GivenSecrets {
  readonly repository: Readonly<Record<string, string>>;
  /** By job key. */
  readonly environment: Map<string, Record<string, string>>;
}

/** Queues workflow runs and executes them on lab machines, as GitHub and actions/runner do. */
export class Runner {
  /** What the runner waits for; shorten it to make a story shorter. Jobs that have started keep theirs. */
  readonly timing: Timing = { ...REAL_TIMING };
  /** Every machine there ever was. */
  readonly machines: Machine[] = [];
  readonly #clock: LabClock;
  readonly #github: GitHub;
  readonly #cache: CacheService;
  readonly #openai: OpenAI;
  readonly #actionRoot: string;
  readonly #root: string;
  readonly #groups = new ConcurrencyGroups();
  readonly #runs: WorkflowRun[] = [];
  readonly #given = new WeakMap<Run, GivenSecrets>();
  readonly #actors = new WeakMap<Run, string>();
  #lastRunId = 19_000_000_000;
  #lastJobId = 55_000_000_000;
  #codex: Promise<string> | undefined;

  /** @param world.root an own directory for all machines; whoever made it removes it. */
  constructor(world: {
    clock: LabClock;
    github: GitHub;
    cache: CacheService;
    openai: OpenAI;
    actionRoot: string;
    root: string;
    timing?: Partial<Timing>;
  }) {
    this.#clock = world.clock;
    this.#github = world.github;
    this.#cache = world.cache;
    this.#openai = world.openai;
    this.#actionRoot = world.actionRoot;
    this.#root = world.root;
    Object.assign(this.timing, world.timing);
  }

  /** A self-hosted machine, of root's or somebody else's, for {@link DispatchOptions.machine}: one job at a time, its home stays. */
  async persistentMachine(name = "self-hosted-1", options?: MachineOptions): Promise<Machine> {
    const machine = await Machine.create(this.#root, name, "persistent", options);
    this.machines.push(machine);
    return machine;
  }

  /**
   * A GitHub-hosted machine for one job, of an unprivileged user who sees nothing but this machine; its disk is gone
   * after the job. Only where {@link whyNoHostedMachine} has no reason against it.
   */
  async hostedMachine(options: Omit<MachineOptions, "layout"> = {}): Promise<Machine> {
    const name = `GitHub Actions ${this.machines.length + 1}`;
    const machine = await Machine.create(this.#root, name, "job", { ...options, layout: "hosted" });
    this.machines.push(machine);
    return machine;
  }

  /**
   * Queues a run now: this is its `created_at`, and the moment its repository secrets are read.
   *
   * @throws when the workflow is not valid or does not listen to the event.
   */
  dispatch(options: DispatchOptions): Run {
    const workflow = parseWorkflow(options.workflow);
    const event = options.event ?? workflow.on[0] ?? "workflow_dispatch";
    if (!workflow.on.includes(event)) throw new Error(`the workflow does not listen to ${event}`);
    const { repository, rerunOf } = options;
    const ref = options.ref ?? `refs/heads/${repository.defaultBranch}`;
    // Whoever starts a run again: it stays the run of the one who started it first.
    const actor = options.actor ?? (rerunOf && this.#actors.get(rerunOf)) ?? "lab-user";
    const path = options.path ?? ".github/workflows/codex.yml";
    const inputs = { ...workflow.inputDefaults, ...options.inputs };
    const payload = eventPayload({
      repository,
      event,
      sender: options.sender ?? actor,
      ref,
      inputs,
      given: options.eventPayload ?? {},
    });
    const name = workflow.name ?? path;
    const record = rerunOf
      ? this.#nextAttempt(rerunOf.record)
      : this.#register(repository, { name, path, event, ref });
    const secretsOf = secretsFor(event, actor, payload, repository);
    const untrusted = secretsOf !== "actions";
    const previous = rerunOf && this.#given.get(rerunOf);
    const given: GivenSecrets = previous ?? {
      repository: {
        actions: () => ({
          ...valuesOf(this.#github.organizationSecretsOf(repository)),
          ...valuesOf(repository.secrets.all),
        }),
        dependabot: () => valuesOf(repository.dependabotSecrets.all),
        none: () => ({}),
      }[secretsOf](),
      environment: new Map(),
    };
    const github = {
      ...this.#githubContext({ repository, event, actor, ref, path, name, payload }),
      triggering_actor: options.triggeringActor ?? actor,
      run_id: String(record.id),
      run_number: String(repository.runs.indexOf(record) + 1),
      run_attempt: String(record.runAttempt),
    };
    const host: RunHost = {
      repository,
      workflow,
      github,
      inputs,
      vars: options.vars ?? {},
      now: () => this.#clock.now(),
      newJobId: () => {
        this.#lastJobId += 1;
        return this.#lastJobId;
      },
      enterGroup: (spec, member) =>
        this.#groups.enter({ repository: repository.fullName, name: spec.name }, spec, member),
      execute: (plan, needs, onStart) =>
        this.#execute({ plan, needs, onStart, options, host, given, untrusted, emit: () => run }),
    };
    const run: WorkflowRun = new WorkflowRun(host, record);
    this.#given.set(run, given);
    this.#actors.set(run, actor);
    this.#runs.push(run);
    return run;
  }

  /** Resolves when no run is queued or running. */
  async idle(): Promise<void> {
    for (let seen = -1; seen !== this.#runs.length; ) {
      seen = this.#runs.length;
      await Promise.allSettled(this.#runs.map(({ finished }) => finished));
    }
  }

  /** Ends what still runs, as if every machine died. */
  async stop(): Promise<void> {
    for (const run of this.#runs) {
      run.forceCancel();
      await run.loseMachine();
    }
    await this.idle();
    for (const machine of this.machines) await machine.shutDown();
  }

  #register(
    repository: Repository,
    run: { name: string; path: string; event: string; ref: string },
  ): RunRecord {
    this.#lastRunId += 1;
    const createdAt = this.#clock.now();
    return repository.registerRun({
      id: this.#lastRunId,
      name: run.name,
      path: run.path,
      event: run.event,
      status: "queued",
      conclusion: null,
      createdAt,
      runAttempt: 1,
      headBranch: refName(run.ref),
      headSha: shaOf(run.ref),
      concurrencyGroups: [],
      jobs: [],
      attempts: [{ createdAt }],
    });
  }

  #nextAttempt(record: RunRecord): RunRecord {
    record.runAttempt += 1;
    record.status = "queued";
    record.conclusion = null;
    record.concurrencyGroups = [];
    record.attempts.push({ createdAt: this.#clock.now() });
    return record;
  }

  #githubContext(of: {
    repository: Repository;
    event: string;
    actor: string;
    ref: string;
    path: string;
    name: string;
    payload: Record<string, unknown>;
  }): Record<string, unknown> {
    const { repository, event, actor, ref, path, name, payload } = of;
    const pullRequest = payload.pull_request as
      | { head?: { ref?: string }; base?: { ref?: string } }
      | undefined;
    return {
      repository: repository.fullName,
      repository_id: String(repository.id),
      repository_owner: repository.fullName.split("/")[0],
      repository_owner_id: String(repository.id - 7_000_000 + 100),
      repository_visibility: repository.visibility,
      event: payload,
      event_name: event,
      actor,
      actor_id: "1001",
      ref,
      ref_name: refName(ref),
      ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
      ref_protected: "false",
      head_ref: pullRequest?.head?.ref ?? "",
      base_ref: pullRequest?.base?.ref ?? "",
      sha: shaOf(ref),
      workflow: name,
      workflow_ref: `${repository.fullName}/${path}@${ref}`,
      workflow_sha: shaOf(ref),
      server_url: "https://github.localhost",
      api_url: this.#github.server.url,
      graphql_url: `${this.#github.server.url}/graphql`,
      retention_days: "90",
      secret_source: "Actions",
    };
  }

  async #execute(call: {
    plan: JobPlan;
    needs: Readonly<Record<string, unknown>>;
    onStart: (job: Job, machine: Machine) => void;
    options: DispatchOptions;
    host: RunHost;
    given: GivenSecrets;
    untrusted: boolean;
    emit: () => WorkflowRun;
  }): Promise<JobResult> {
    const { plan, needs, options, host, given, untrusted } = call;
    const { repository } = options;
    const machine = options.machine ?? (await this.#freshMachine());
    const release = await machine.take();
    const permissions = options.githubTokenPermissions ?? grantedTo(plan.spec, untrusted);
    const token = this.#github.token(
      repository,
      Object.fromEntries(
        Object.entries(permissions)
          .map(([name, level]) => [name.replace("-", "_"), level] as const)
          .filter(([name]) => SERVED.includes(name as Permission)),
      ),
      { prefix: "ghs_" },
    );
    const github: Record<string, unknown> = { ...host.github, token, job: plan.spec.id };
    const contexts = { github, needs, matrix: plan.matrix, inputs: host.inputs, vars: host.vars };
    const job = new Job({
      spec: plan.spec,
      key: plan.key,
      matrix: plan.matrix,
      workflowEnv: host.workflow.env,
      repository,
      machine,
      github,
      secrets: { ...this.#secrets(plan, contexts, { repository, given, untrusted }), GITHUB_TOKEN: token },
      vars: host.vars,
      inputs: host.inputs,
      needs,
      tokenPermissions: permissions,
      actionsRuntime: this.#actionsRuntime(repository, String(github.ref), untrusted),
      machineEnvironment: {
        ...machine.baseEnvironment([
          ...(options.codex === "none" ? [] : [await this.#codexDirectory(machine)]),
          dirname(machine.programs.node),
          HOSTED_PROGRAMS,
        ]),
        ...options.env,
      },
      files: options.files ?? {},
      actions: new ActionSource({
        ours: this.#actionRoot,
        others: options.actions ?? {},
        repository: repository.fullName,
        repositoryDirectory: await this.#repositoryFiles(options.files ?? {}),
        actionsDirectory: machine.actions,
      }),
      compositePostInputs: options.compositePostInputs ?? "as-runner",
      apiUrl: this.#github.server.url,
      now: () => this.#clock.now(),
      timing: { ...this.timing },
      beforePhase: options.beforePhase,
      afterPhase: options.afterPhase,
      beforeCleanup: options.beforeCleanup,
      onLine: (line, place) => call.emit().events.emit("log", line, place),
      onPhase: (event) => call.emit().events.emit("phase", event),
    });
    try {
      call.onStart(job, machine);
      return await job.run();
    } finally {
      this.#github.revokeToken(token);
      release();
    }
  }

  /** Environment secrets are read now, when the job starts, and stand over the repository's. */
  #secrets(
    plan: JobPlan,
    contexts: Contexts,
    of: { repository: Repository; given: GivenSecrets; untrusted: boolean },
  ): Record<string, string> {
    const { repository, given, untrusted } = of;
    const name = plan.spec.environment === undefined ? "" : interpolate(plan.spec.environment, contexts);
    if (name === "" || untrusted) return { ...given.repository };
    // GitHub creates an environment that a job names for the first time.
    repository.createEnvironment(name);
    const replayed = given.environment.get(plan.key) ?? valuesOf(repository.environment(name)?.all ?? []);
    given.environment.set(plan.key, replayed);
    return { ...given.repository, ...replayed };
  }

  #actionsRuntime(repository: Repository, ref: string, untrusted: boolean): Record<string, string> {
    const { fullName, defaultBranch } = repository;
    const access = untrusted ? "read" : "write";
    return {
      ACTIONS_RUNTIME_URL: `${this.#cache.server.url}/`,
      ACTIONS_RESULTS_URL: `${this.#cache.server.url}/`,
      ACTIONS_RUNTIME_TOKEN: this.#cache.runtimeToken({ repository: fullName, ref, defaultBranch, access }),
      ACTIONS_CACHE_SERVICE_V2: "True",
    };
  }

  async #freshMachine(): Promise<Machine> {
    const machine = await Machine.create(this.#root, `GitHub Actions ${this.machines.length + 1}`, "job");
    this.machines.push(machine);
    return machine;
  }

  /** A machine of somebody else's has its own: the programs lie elsewhere there. */
  async #codexDirectory(machine: Machine): Promise<string> {
    const { codex } = machine.programs;
    if (!machine.user) {
      this.#codex ??= installCodex(join(this.#root, "codex"), this.#openai).then(dirname);
      return this.#codex;
    }
    const directory = join(dirname(dirname(dirname(codex))), "path");
    return dirname(await installCodex(directory, this.#openai, machine.inside(codex)));
  }

  async #repositoryFiles(files: Readonly<Record<string, string>>): Promise<string> {
    const directory = await mkdtemp(join(this.#root, "repository-"));
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    return directory;
  }
}

/** Default: what "Read repository contents" in the settings gives. */
function grantedTo(spec: JobSpec, untrusted: boolean): Record<string, "read" | "write"> {
  const granted = { ...(spec.permissions ?? { contents: "read" as const }), metadata: "read" as const };
  if (!untrusted) return granted;
  return Object.fromEntries(Object.keys(granted).map((name) => [name, "read" as const]));
}

function valuesOf(
  secrets: readonly { readonly name: string; readonly value: string }[],
): Record<string, string> {
  return Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
}

function shaOf(ref: string): string {
  return createHash("sha1").update(ref).digest("hex");
}
