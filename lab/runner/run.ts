import { EventEmitter } from "node:events";
import type { ConcurrencyGroupRecord, JobRecord, Repository, RunRecord } from "../github/github.ts";
import type { GroupTicket } from "./concurrency.ts";
import { type Contexts, condition, interpolate, isTrue, type JobStatus } from "./expressions.ts";
import type { Job, JobConclusion, JobPlaces, JobResult, PhaseEvent } from "./job.ts";
import type { LogPlace } from "./job-log.ts";
import type { Machine } from "./machine.ts";
import type { PhaseHook } from "./phase-runner.ts";
import type { ConcurrencySpec, JobSpec, WorkflowSpec } from "./workflow.ts";

export type RunConclusion = "success" | "failure" | "cancelled" | "lost";

export interface RunResult {
  readonly conclusion: RunConclusion;
  readonly log: string;
  /** By job id; a matrix job's id is followed by its values in parentheses. Jobs that never ran are here too. */
  readonly jobs: Readonly<Record<string, JobResult>>;
}

export interface RunEvents {
  /** A line of the log, masked. */
  log: [line: string, place: LogPlace];
  phase: [event: PhaseEvent];
}

/** One attempt of a workflow run. */
export interface Run {
  readonly id: number;
  readonly attempt: number;
  readonly record: RunRecord;
  /** Rejected when a hook of the story has thrown: what it expected is not so. */
  readonly finished: Promise<RunResult>;
  /** So far, masked as GitHub would show it. */
  readonly log: string;
  readonly events: EventEmitter<RunEvents>;
  /** Listens; the run begins only when the test next waits for something. */
  on<Name extends keyof RunEvents>(name: Name, listener: (...args: RunEvents[Name]) => void): this;
  /** As the button does: SIGINT, SIGTERM, SIGKILL to the running step's process, then what runs `always()`, and posts. */
  cancel(): void;
  /** As the API does: the signals, and no posts. */
  forceCancel(): void;
  /** The machines of the running jobs die: every process SIGKILLed, no posts, disk gone. */
  loseMachine(): Promise<void>;
}

/** What a story decides about a run when it queues it. */
export interface DispatchOptions {
  readonly repository: Repository;
  /** YAML. */
  readonly workflow: string;
  /** Default `.github/workflows/codex.yml`. */
  readonly path?: string;
  /** Default: the first event that the workflow listens to. */
  readonly event?: string;
  /** Merged over what the runner makes up. */
  readonly eventPayload?: Readonly<Record<string, unknown>>;
  /** Default: the default branch. */
  readonly ref?: string;
  /** `github.actor`, whose event it was; default `lab-user`. What they may do: {@link Repository.setRole}. */
  readonly actor?: string;
  /** `github.triggering_actor`, who started this attempt; default: the actor. */
  readonly triggeringActor?: string;
  /** The payload's `sender`; default: the actor. Its type is told from its name. */
  readonly sender?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** In place of what `permissions:` says. */
  readonly githubTokenPermissions?: Readonly<Record<string, "read" | "write">>;
  /** Of the machine; stands below everything the workflow sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** The repository's files, for checkout and `uses: $/path`. */
  readonly files?: Readonly<Record<string, string>>;
  /** More actions: `owner/name` to a directory with an action.yml. */
  readonly actions?: Readonly<Record<string, string>>;
  /** `none`: there is no Codex on the machine. */
  readonly codex?: "installed" | "none";
  /** A persistent machine, from {@link Runner.persistentMachine}; default: a fresh one for every job. */
  readonly machine?: Machine;
  /** The next attempt of this run: same id, and its secrets, environment secrets too. */
  readonly rerunOf?: Run;
  /** `empty`: also the posts of a composite action of the first level find no inputs. Default: as the real runner. */
  readonly compositePostInputs?: "as-runner" | "empty";
  readonly beforePhase?: PhaseHook;
  readonly afterPhase?: PhaseHook;
  /** When posts and orphans are done, before the machine's disk is removed. */
  readonly beforeCleanup?: (places: JobPlaces) => void | Promise<void>;
}

/** What a run needs from the runner it belongs to. */
export interface RunHost {
  readonly repository: Repository;
  readonly workflow: WorkflowSpec;
  readonly github: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  now(): Date;
  newJobId(): number;
  enterGroup(
    spec: { name: string; cancelInProgress: boolean; queue: "single" | "max" },
    member: { cancel(): void; moved(position: number | null): void },
  ): GroupTicket;
  /** Takes a machine, makes the job and runs it. */
  execute(
    plan: JobPlan,
    needs: Readonly<Record<string, unknown>>,
    onStart: (job: Job, machine: Machine) => void,
  ): Promise<JobResult>;
}

/** One job of a run: of a matrix, each of its rows is one. */
export interface JobPlan {
  readonly spec: JobSpec;
  readonly key: string;
  readonly name: string;
  readonly matrix: Readonly<Record<string, unknown>>;
  readonly record: JobRecord;
}

interface Planned extends JobPlan {
  running: Job | undefined;
  /** Decided before it ran. */
  cancelled: boolean;
  ticket: GroupTicket | undefined;
  readonly result: Promise<JobResult>;
}

/** The jobs of a run, in the order their `needs` and the concurrency groups allow. */
export class WorkflowRun implements Run {
  readonly record: RunRecord;
  readonly attempt: number;
  readonly finished: Promise<RunResult>;
  readonly events = new EventEmitter<RunEvents>();
  readonly #host: RunHost;
  readonly #jobs: Planned[] = [];
  readonly #logs: Job[] = [];
  #cancelled = false;
  #forced = false;
  #ticket: GroupTicket | undefined;

  constructor(host: RunHost, record: RunRecord) {
    this.#host = host;
    this.record = record;
    this.attempt = record.runAttempt;
    this.finished = this.#drive().finally(() => this.#ticket?.leave());
    this.finished.catch(() => {});
  }

  get id(): number {
    return this.record.id;
  }

  get log(): string {
    return this.#logs.map((job) => job.log).join("");
  }

  on<Name extends keyof RunEvents>(name: Name, listener: (...args: RunEvents[Name]) => void): this {
    this.events.on(name, listener as never);
    return this;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#ticket?.withdraw();
    for (const job of this.#jobs) this.#cancelJob(job);
  }

  forceCancel(): void {
    this.#forced = true;
    this.#cancelled = true;
    this.#ticket?.withdraw();
    for (const { running, ticket } of this.#jobs) {
      if (running) running.forceCancel();
      else ticket?.withdraw();
    }
  }

  async loseMachine(): Promise<void> {
    await Promise.all(this.#jobs.map(({ running }) => running?.loseMachine()));
  }

  async #drive(): Promise<RunResult> {
    await Promise.resolve();
    const { workflow, inputs, vars, github } = this.#host;
    const granted = await this.#enterWorkflowGroup(workflow.concurrency, { github, inputs, vars });
    if (!granted) this.#cancelled = true;
    else this.record.status = "in_progress";
    for (const spec of workflow.jobs) for (const row of spec.matrix ?? [{}]) this.#plan(spec, row);
    const settled = await Promise.allSettled(this.#jobs.map(({ result }) => result));
    this.record.status = "completed";
    const results = settled.map((job, index) => {
      if (job.status === "rejected") throw job.reason;
      return [this.#jobs[index]?.key ?? "", job.value] as const;
    });
    const conclusion = this.#conclude(results.map(([, result]) => result));
    this.record.conclusion = conclusion === "lost" ? "failure" : conclusion;
    return { conclusion, log: this.log, jobs: Object.fromEntries(results) };
  }

  async #enterWorkflowGroup(spec: ConcurrencySpec | undefined, contexts: Contexts): Promise<boolean> {
    if (!spec) return !this.#cancelled;
    this.#ticket = this.#enter(spec, contexts, undefined, {
      cancel: () => this.cancel(),
      waits: () => {
        this.record.status = "pending";
      },
    });
    if (this.#cancelled) this.#ticket.withdraw();
    return this.#ticket.granted;
  }

  #enter(
    spec: ConcurrencySpec,
    contexts: Contexts,
    jobId: number | undefined,
    member: { cancel(): void; waits(): void },
  ): GroupTicket {
    const name = interpolate(spec.group, contexts);
    const group: ConcurrencyGroupRecord = { name, position: null, ...(jobId === undefined ? {} : { jobId }) };
    this.record.concurrencyGroups.push(group);
    return this.#host.enterGroup(
      { name, cancelInProgress: isTrue(spec.cancelInProgress, contexts), queue: spec.queue },
      {
        cancel: () => member.cancel(),
        moved: (position) => {
          group.position = position;
          if (position !== null && position > 0) member.waits();
        },
      },
    );
  }

  #plan(spec: JobSpec, matrix: Readonly<Record<string, unknown>>): void {
    const values = Object.values(matrix).map(String).join(", ");
    const key = values === "" ? spec.id : `${spec.id} (${values})`;
    const name = spec.name === undefined ? key : interpolate(spec.name, { matrix, ...this.#jobContexts({}) });
    const record: JobRecord = {
      id: this.#host.newJobId(),
      name,
      startedAt: null,
      status: "queued",
      conclusion: null,
      runnerName: "",
      runAttempt: this.attempt,
    };
    this.record.jobs.push(record);
    let start = (_result: Promise<JobResult>): void => {};
    const result = new Promise<JobResult>((resolve) => {
      start = resolve;
    });
    const planned: Planned = {
      spec,
      key,
      name,
      matrix,
      record,
      result,
      running: undefined,
      cancelled: false,
      ticket: undefined,
    };
    this.#jobs.push(planned);
    start(this.#execute(planned));
  }

  async #execute(job: Planned): Promise<JobResult> {
    try {
      const result = await this.#untilDone(job);
      job.record.conclusion = result.conclusion === "lost" ? "failure" : result.conclusion;
      return result;
    } finally {
      job.record.status = "completed";
      job.running = undefined;
      job.ticket?.leave();
    }
  }

  async #untilDone(job: Planned): Promise<JobResult> {
    const { spec, record } = job;
    const needs = await this.#needs(spec);
    const needed = Object.values(needs).map(({ result }) => result);
    const contexts = { ...this.#jobContexts(needs), matrix: job.matrix };
    if (!this.#mayRun(spec, contexts, needed)) return neverRan(this.#cancelled ? "cancelled" : "skipped");
    if (spec.concurrency) {
      job.ticket = this.#enter(spec.concurrency, contexts, record.id, {
        cancel: () => {
          job.cancelled = true;
          this.#cancelJob(job);
        },
        waits: () => {
          record.status = "pending";
        },
      });
      if (!(await job.ticket.granted)) return neverRan("cancelled");
      if (this.#cancelled && !this.#mayRun(spec, contexts, needed)) return neverRan("cancelled");
    }
    return this.#host.execute(job, needs, (running, machine) => {
      job.running = running;
      this.#logs.push(running);
      record.status = "in_progress";
      record.startedAt = this.#host.now();
      record.runnerName = machine.name;
      if (this.#forced) running.forceCancel();
      else if (job.cancelled || (this.#cancelled && !this.#mayRun(spec, contexts, needed))) running.cancel();
    });
  }

  async #needs(
    spec: JobSpec,
  ): Promise<Record<string, { result: JobConclusion; outputs: Readonly<Record<string, string>> }>> {
    // The jobs are planned in order; a job may need one that comes later in the file.
    await Promise.resolve();
    const entries = spec.needs.map(async (id) => {
      const results = await Promise.all(
        this.#jobs.filter((job) => job.spec.id === id).map(({ result }) => result),
      );
      const outputs = Object.assign({}, ...results.map((result) => result.outputs)) as Record<string, string>;
      return [id, { result: worst(results.map(({ conclusion }) => conclusion)), outputs }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  #mayRun(spec: JobSpec, contexts: Contexts, needed: readonly JobConclusion[]): boolean {
    if (this.#forced) return false;
    return condition(spec.if, contexts, this.#cancelled ? "cancelled" : statusOf(needed));
  }

  #cancelJob(job: Planned): void {
    if (job.running) {
      // A job whose own condition holds when cancelled, as with always(), is left alone.
      const contexts = { ...this.#jobContexts({}), matrix: job.matrix };
      if (job.cancelled || job.spec.if === undefined || !condition(job.spec.if, contexts, "cancelled")) {
        job.running.cancel();
      }
    } else job.ticket?.withdraw();
  }

  #jobContexts(needs: Readonly<Record<string, unknown>>): Contexts {
    const { github, inputs, vars } = this.#host;
    return { github, inputs, vars, needs };
  }

  #conclude(results: readonly JobResult[]): RunConclusion {
    const conclusions = results.map(({ conclusion }, index) => {
      const spec = this.#jobs[index]?.spec;
      const forgiven =
        conclusion === "failure" && spec && isTrue(spec.continueOnError, this.#jobContexts({}));
      return forgiven ? "success" : conclusion;
    });
    const overall = worst(conclusions);
    return overall === "skipped" ? "success" : overall;
  }
}

function worst(conclusions: readonly JobConclusion[]): JobConclusion {
  const order: readonly JobConclusion[] = ["lost", "failure", "cancelled", "skipped"];
  return (
    order.find(
      (one) => conclusions.includes(one) && (one !== "skipped" || conclusions.every((c) => c === one)),
    ) ?? "success"
  );
}

function statusOf(needed: readonly JobConclusion[]): JobStatus {
  if (needed.some((result) => result === "failure" || result === "lost")) return "failure";
  if (needed.includes("cancelled") || needed.includes("skipped")) return "skipped";
  return "success";
}

function neverRan(conclusion: "cancelled" | "skipped"): JobResult {
  return {
    conclusion,
    log: "",
    rawLog: "",
    summary: "",
    annotations: [],
    commands: [],
    steps: [],
    outputs: {},
    orphans: [],
    home: "",
    temp: "",
  };
}
