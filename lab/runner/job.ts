import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "../github/github.ts";
import type { ActionSource } from "./action-source.ts";
import { type Contexts, condition, interpolate, isTrue, type JobStatus } from "./expressions.ts";
import { type Annotation, type ExecutedCommand, JobLog, type LogPlace, type PhaseName } from "./job-log.ts";
import type { Machine } from "./machine.ts";
import type { Timing } from "./phase-process.ts";
import { type PhaseHook, PhaseRunner } from "./phase-runner.ts";
import { kill } from "./processes.ts";
import { type Outcome, type PhaseResult, phaseName, type Stage, type Step } from "./step.ts";
import type { JobSpec, Template } from "./workflow.ts";

/** Paths of a job's machine, for whoever looks at its disk while it is there. */
export interface JobPlaces {
  readonly job: string;
  readonly home: string;
  readonly temp: string;
  readonly workspace: string;
}

/** Everything that is settled when a job starts. */
export interface JobSetup {
  readonly spec: JobSpec;
  /** The job's id, with the matrix values where there are any. */
  readonly key: string;
  readonly matrix: Readonly<Record<string, unknown>>;
  readonly workflowEnv: Readonly<Record<string, Template>>;
  readonly repository: Repository;
  readonly machine: Machine;
  /** The `github` context, without what changes from phase to phase. */
  readonly github: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly needs: Readonly<Record<string, unknown>>;
  readonly tokenPermissions: Readonly<Record<string, string>>;
  /** For the processes of JavaScript actions only. */
  readonly actionsRuntime: Readonly<Record<string, string>>;
  readonly machineEnvironment: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly actions: ActionSource;
  readonly compositePostInputs: "as-runner" | "empty";
  readonly apiUrl: string;
  readonly now: () => Date;
  readonly timing: Timing;
  readonly beforePhase: PhaseHook | undefined;
  readonly afterPhase: PhaseHook | undefined;
  readonly beforeCleanup: ((places: JobPlaces) => void | Promise<void>) | undefined;
  readonly onLine: (line: string, place: LogPlace) => void;
  readonly onPhase: (event: PhaseEvent) => void;
}

export interface PhaseEvent {
  readonly job: string;
  readonly step: string;
  readonly phase: PhaseName;
  readonly state: "start" | "end";
}

export interface StepResult {
  readonly id?: string;
  readonly name: string;
  /** The composite step it belongs to. */
  readonly parent?: string;
  readonly outcome: Outcome;
  readonly conclusion: Outcome;
  readonly outputs: Readonly<Record<string, string>>;
  readonly phases: readonly PhaseResult[];
  readonly state: Readonly<Record<string, string>>;
}

export type JobConclusion = Outcome | "lost";

export interface JobResult {
  readonly conclusion: JobConclusion;
  readonly log: string;
  readonly rawLog: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** What the runner was told to do by printed lines, and did; problem matchers are noted, not applied. */
  readonly commands: readonly ExecutedCommand[];
  readonly steps: readonly StepResult[];
  readonly outputs: Readonly<Record<string, string>>;
  /** What was still running when the posts had ended, and was killed then. */
  readonly orphans: readonly { readonly pid: number; readonly command: string }[];
  readonly home: string;
  readonly temp: string;
}

interface Turn {
  readonly step: Step;
  readonly stage: Stage;
  readonly condition: string | undefined;
}

/** A turn that is being taken; composite actions nest them. */
interface Active extends Turn {
  readonly contexts: Contexts;
  aborted: boolean;
}

/** Executes one job on its machine: pres, mains, posts, cleanup. [src actions/runner Worker/{JobExtension,StepsRunner}.cs] */
export class Job {
  readonly #setup: JobSetup;
  readonly #log: JobLog;
  readonly #phases: PhaseRunner;
  readonly #env: Record<string, string> = {};
  readonly #steps: Step[] = [];
  readonly #turns: Turn[] = [];
  readonly #posts: Turn[] = [];
  readonly #active: Active[] = [];
  readonly #trackingId = `github_${randomUUID()}`;
  readonly #orphans: { pid: number; command: string }[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #outputs: Record<string, string> = {};
  #status: JobStatus = "success";
  /** Nothing more is run: the machine died, the cancellation was forced, or the grace after a cancellation is over. */
  #over: "lost" | "forced" | "abandoned" | undefined;

  constructor(setup: JobSetup) {
    this.#setup = setup;
    this.#log = new JobLog(setup.onLine);
    this.#phases = new PhaseRunner({
      setup,
      log: this.#log,
      env: this.#env,
      workspace: this.#workspace,
      trackingId: this.#trackingId,
    });
  }

  /** So far. */
  get log(): string {
    return this.#log.shown;
  }

  async run(): Promise<JobResult> {
    const { machine, beforeCleanup } = this.#setup;
    try {
      await this.#setUp();
    } catch (error) {
      if (!this.#over) this.#log.annotate("error", message(error), this.#place);
      this.#merge("failure");
      this.#turns.length = 0;
    }
    while (!this.#over) {
      const turn = this.#turns.shift() ?? this.#posts.pop();
      if (!turn) break;
      await this.#take(turn);
    }
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#over !== "lost") {
      this.#evaluateOutputs();
      await this.#endOrphans();
      if (beforeCleanup) await this.#phases.hook(() => beforeCleanup(this.#places));
    }
    this.#phases.release();
    const result = this.#result();
    if (machine.lifetime === "job") await machine.remove();
    else if (!machine.lost) await machine.emptyTemp();
    const [failed] = this.#phases.hookFailures;
    if (failed !== undefined) throw failed;
    return result;
  }

  /** As the button does: the running step gets the signals unless its condition holds when cancelled; posts follow. */
  cancel(): void {
    if (this.#status === "cancelled" || this.#over) return;
    this.#status = "cancelled";
    this.#later(this.#setup.timing.graceMs, () => this.#abandon());
    if (this.#active.some((turn) => !this.#holds(turn, turn.contexts, "cancelled"))) this.#abort();
  }

  /** The running step gets the signals, whatever its condition; no other step and no post runs. */
  forceCancel(): void {
    if (this.#over) return;
    this.#status = "cancelled";
    this.#over = "forced";
    this.#abort();
  }

  /** The machine dies now. Resolves when nothing on it runs any more. */
  async loseMachine(): Promise<void> {
    if (this.#over === "lost") return;
    this.#over = "lost";
    await this.#setup.machine.lose();
  }

  /** The worker is killed when it takes too long; posts that are left do not run. */
  #abandon(): void {
    this.#over = "abandoned";
    this.#log.annotate("error", "The job was not finished in time after its cancellation.", this.#place);
    void this.#setup.machine.killEverything();
  }

  #abort(): void {
    for (const turn of this.#active) turn.aborted = true;
    this.#phases.cancel();
  }

  async #setUp(): Promise<void> {
    const { spec, secrets, github, actionsRuntime, machine, tokenPermissions, timing, workflowEnv } =
      this.#setup;
    for (const secret of Object.values(secrets)) this.#log.masker.add(secret);
    for (const token of [github.token, actionsRuntime.ACTIONS_RUNTIME_TOKEN])
      this.#log.masker.add(String(token));
    const granted = Object.entries(tokenPermissions).map(([name, access]) => `${name}: ${access}`);
    for (const line of [
      `Runner name: '${machine.name}'`,
      "##[group]GITHUB_TOKEN Permissions",
      ...granted,
      "##[endgroup]",
    ]) {
      this.#log.write(line, this.#place);
    }
    if (machine.lifetime === "persistent") await machine.emptyTemp();
    await machine.emptyActions();
    await mkdir(this.#workspace, { recursive: true });
    await mkdir(join(machine.temp, "_github_workflow"), { recursive: true });
    await writeFile(this.#phases.eventPath, JSON.stringify(github.event, undefined, 2));
    for (const templates of [workflowEnv, spec.env]) {
      for (const [name, template] of Object.entries(templates)) {
        this.#env[name] = interpolate(template, this.#contexts(undefined, { secrets: true }));
      }
    }
    for (const step of spec.steps) {
      this.#steps.push(await this.#setup.actions.resolve(step, undefined));
    }
    for (const step of this.#steps) {
      const pre = preCondition(step);
      if (pre !== undefined) this.#turns.push({ step, stage: "pre", condition: pre });
    }
    for (const step of this.#steps) this.#turns.push({ step, stage: "main", condition: step.spec.if });
    if (spec.timeoutMinutes !== undefined) {
      const minutes = Number(interpolate(spec.timeoutMinutes, this.#contexts(undefined, { secrets: false })));
      this.#later(minutes * timing.minuteMs, () => {
        const exceeded = `has exceeded the maximum execution time of ${minutes} minutes.`;
        this.#log.annotate("error", `The job running on runner ${machine.name} ${exceeded}`, this.#place);
        this.cancel();
      });
    }
  }

  /** One entry of the list of pres, mains and posts. */
  async #take(turn: Turn): Promise<void> {
    const { step, stage } = turn;
    const outcome = await this.#attempt(turn, () => this.#status);
    const forgiven = outcome === "failure" && this.#forgives(step);
    if (stage === "main") {
      step.outcome = outcome;
      step.conclusion = forgiven ? "success" : outcome;
    }
    if (outcome === "failure" && !forgiven) this.#merge("failure");
  }

  async #attempt(turn: Turn, status: () => JobStatus): Promise<Outcome> {
    const { step, stage } = turn;
    const place = this.#placeOf(step, stage);
    let active: Active;
    let env: Record<string, string>;
    try {
      env = this.#stepEnv(step, stage);
      active = { ...turn, aborted: false, contexts: this.#contexts(step, { env, secrets: false, stage }) };
      if (!this.#holds(turn, active.contexts, status())) return "skipped";
    } catch (error) {
      this.#log.annotate("error", message(error), place);
      return "failure";
    }
    this.#active.push(active);
    try {
      if (stage === "main") await this.#lookUpLocal(step, place);
      this.#registerPost(step, stage);
      if (active.aborted) return this.#cancelled(place);
      const outcome = await this.#perform(step, stage, env, active);
      return active.aborted && outcome !== "failure" ? this.#cancelled(place) : outcome;
    } catch (error) {
      if (active.aborted) return this.#cancelled(place);
      if (!this.#over) this.#log.annotate("error", message(error), place);
      return "failure";
    } finally {
      this.#active.pop();
    }
  }

  async #perform(step: Step, stage: Stage, env: Record<string, string>, active: Active): Promise<Outcome> {
    const contexts = this.#contexts(step, { env, secrets: step.depth === 0, stage });
    if (step.runnable.kind === "composite") return this.#performEmbedded(step, stage, env, contexts, active);
    return this.#phases.run({ step, stage, env, contexts, isAborted: () => active.aborted });
  }

  /** The steps of a composite action, each on its own terms; its pre and post are those of its steps. */
  async #performEmbedded(
    step: Step,
    stage: Stage,
    env: Record<string, string>,
    contexts: Contexts,
    active: Active,
  ): Promise<Outcome> {
    if (step.runnable.kind !== "composite") return "failure";
    this.#phases.enterComposite(step, stage, env, contexts);
    const { steps, runs } = step.runnable;
    let status: JobStatus = "success";
    for (const turn of embeddedTurns(steps, stage)) {
      if (this.#over) break;
      const outcome = await this.#attempt(turn, () => (stage === "main" ? status : this.#status));
      const forgiven = outcome === "failure" && this.#forgives(turn.step);
      if (stage === "main") {
        turn.step.outcome = outcome;
        turn.step.conclusion = forgiven ? "success" : outcome;
      }
      if (outcome === "cancelled") status = "cancelled";
      else if (outcome === "failure" && !forgiven && status === "success") status = "failure";
    }
    if (stage === "main") {
      const inner = this.#contexts(steps[0], { env, secrets: false, stage });
      for (const [name, template] of Object.entries(runs.outputs))
        step.outputs[name] = interpolate(template, inner);
    }
    return active.aborted ? "cancelled" : (status as Outcome);
  }

  async #lookUpLocal(step: Step, place: LogPlace): Promise<void> {
    const { runnable } = step;
    if (runnable.kind !== "local") return;
    step.runnable = await this.#setup.actions.resolveLocal(step, runnable.path, this.#workspace);
    if (step.runnable.kind === "node" && step.runnable.runs.pre !== undefined) {
      const warning = `\`pre\` execution is not supported for local action from '${runnable.path}'`;
      this.#log.annotate("warning", warning, place);
    }
  }

  #registerPost(step: Step, stage: Stage): void {
    if (stage === "post" || step.postRegistered || postCondition(step) === undefined) return;
    step.postRegistered = true;
    // What is embedded has its turn within the post of its composite action.
    if (!step.parent) this.#posts.push({ step, stage: "post", condition: postCondition(step) });
  }

  #stepEnv(step: Step, stage: Stage): Record<string, string> {
    const env = { ...this.#env, ...(step.parent ? this.#phases.compositeEnv(step.parent) : {}) };
    for (const [name, template] of Object.entries(step.spec.env)) {
      env[name] = interpolate(template, this.#contexts(step, { env, secrets: step.depth === 0, stage }));
    }
    return env;
  }

  /** Contexts are what the documentation allows at the place: no secrets in an `if:`, nor in a composite action. */
  #contexts(
    step: Step | undefined,
    options: { env?: Record<string, string>; secrets: boolean; stage?: Stage },
  ): Contexts {
    const { spec, github, secrets, vars, inputs, needs, matrix } = this.#setup;
    const scope = this.#scope(step, options.stage);
    const outer = step?.parent ? {} : { vars, needs, ...(options.secrets ? { secrets } : {}) };
    return {
      github: this.#phases.githubContext(github, step),
      env: options.env ?? this.#env,
      inputs: scope?.inputs ?? inputs,
      steps: stepsContext(scope?.steps ?? this.#steps),
      job: { status: this.#status },
      runner: this.#phases.runnerContext,
      matrix,
      strategy: { "job-index": 0, "job-total": spec.matrix?.length ?? 1 },
      ...outer,
    };
  }

  /** What `inputs` and `steps` mean inside a composite action. */
  #scope(
    step: Step | undefined,
    stage: Stage | undefined,
  ): { inputs: Record<string, string>; steps: Step[] } | undefined {
    const parent = step?.parent;
    if (parent?.runnable.kind !== "composite") return undefined;
    const own = { inputs: this.#phases.compositeInputs(parent), steps: [...parent.runnable.steps] };
    if (stage !== "post") return own;
    if (this.#setup.compositePostInputs === "empty") return { inputs: {}, steps: [] };
    if (!parent.parent) return own;
    // A post two composite actions deep sees the inputs of the outer one. [report actions/runner #2009, #2030, #3514]
    let outermost = parent;
    while (outermost.parent) outermost = outermost.parent;
    return { inputs: this.#phases.compositeInputs(outermost), steps: [] };
  }

  #holds(turn: Turn, contexts: Contexts, status: JobStatus): boolean {
    return condition(turn.condition, contexts, status);
  }

  #forgives(step: Step): boolean {
    return isTrue(step.spec.continueOnError, this.#contexts(step, { secrets: false }));
  }

  #cancelled(place: LogPlace): Outcome {
    this.#log.annotate("error", "The operation was canceled.", place);
    return "cancelled";
  }

  #merge(outcome: "failure"): void {
    if (this.#status === "success") this.#status = outcome;
  }

  #evaluateOutputs(): void {
    try {
      for (const [name, template] of Object.entries(this.#setup.spec.outputs)) {
        const value = interpolate(template, this.#contexts(undefined, { secrets: true }));
        if (value === "") continue;
        if (this.#log.masker.mask(value) === value) this.#outputs[name] = value;
        else this.#log.annotate("warning", `Skip output '${name}' since it may contain secret.`, this.#place);
      }
    } catch (error) {
      this.#outputs = {};
      this.#log.annotate("error", message(error), this.#place);
      this.#merge("failure");
    }
  }

  async #endOrphans(): Promise<void> {
    this.#log.write("Cleaning up orphan processes", this.#place);
    const orphans = this.#setup.machine.orphans(this.#trackingId);
    for (const { pid, command } of orphans) {
      this.#orphans.push({ pid, command });
      this.#log.write(`Terminate orphan process: pid (${pid}) (${command})`, this.#place);
    }
    await kill(orphans);
  }

  #result(): JobResult {
    const { machine } = this.#setup;
    return {
      conclusion: this.#over === "lost" ? "lost" : this.#status,
      log: this.#log.shown,
      rawLog: this.#log.raw,
      summary: this.#log.summary,
      annotations: this.#log.annotations,
      commands: this.#log.commands,
      steps: this.#steps.flatMap(stepResults),
      outputs: this.#outputs,
      orphans: this.#orphans,
      home: machine.home,
      temp: machine.temp,
    };
  }

  #later(ms: number, act: () => void): void {
    this.#timers.push(setTimeout(act, ms));
  }

  get #workspace(): string {
    return this.#setup.machine.workspace(this.#setup.repository.fullName.split("/")[1] ?? "");
  }

  get #places(): JobPlaces {
    const { key, machine } = this.#setup;
    return { job: key, home: machine.home, temp: machine.temp, workspace: this.#workspace };
  }

  get #place(): LogPlace {
    return { job: this.#setup.key, step: "", phase: "" };
  }

  #placeOf(step: Step, stage: Stage): LogPlace {
    return { job: this.#setup.key, step: step.label, phase: phaseName(step, stage) };
  }
}

/** @returns `undefined` when the step has no pre; actions of the workspace never have one. */
function preCondition(step: Step): string | undefined {
  const { runnable } = step;
  if (runnable.kind === "node")
    return runnable.runs.pre !== undefined && runnable.remote ? runnable.runs.preIf : undefined;
  if (runnable.kind === "composite") {
    return runnable.remote && runnable.steps.some((inner) => preCondition(inner) !== undefined)
      ? "always()"
      : undefined;
  }
  return undefined;
}

function postCondition(step: Step): string | undefined {
  const { runnable } = step;
  switch (runnable.kind) {
    case "node":
      return runnable.runs.post === undefined ? undefined : runnable.runs.postIf;
    case "built-in":
      return runnable.action.post ? "always()" : undefined;
    case "composite":
      // An action that is not looked up yet may have a post.
      return runnable.steps.some(
        (inner) => inner.runnable.kind === "local" || postCondition(inner) !== undefined,
      )
        ? "always()"
        : undefined;
    default:
      return undefined;
  }
}

function embeddedTurns(steps: readonly Step[], stage: Stage): Turn[] {
  switch (stage) {
    case "pre":
      return steps
        .filter((step) => preCondition(step) !== undefined)
        .map((step) => ({ step, stage, condition: preCondition(step) }));
    case "main":
      return steps.map((step) => ({ step, stage, condition: step.spec.if }));
    case "post":
      return [...steps]
        .reverse()
        .filter((step) => step.postRegistered)
        .map((step) => ({ step, stage, condition: postCondition(step) }));
  }
}

function stepsContext(steps: readonly Step[]): Record<string, object> {
  const named = steps.filter((step) => step.spec.id !== undefined);
  return Object.fromEntries(
    named.map(({ spec, outputs, outcome, conclusion }) => [spec.id ?? "", { outputs, outcome, conclusion }]),
  );
}

function stepResults(step: Step): StepResult[] {
  const { spec, name, parent, outcome, conclusion, outputs, phases, state } = step;
  const own: StepResult = {
    ...(spec.id === undefined ? {} : { id: spec.id }),
    name,
    ...(parent ? { parent: parent.name } : {}),
    outcome,
    conclusion,
    outputs,
    phases,
    state,
  };
  return [own, ...(step.runnable.kind === "composite" ? step.runnable.steps.flatMap(stepResults) : [])];
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
