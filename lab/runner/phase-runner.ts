import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { arch } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { BuiltInCall } from "./built-in-actions.ts";
import { type Contexts, interpolate } from "./expressions.ts";
import { FileCommands } from "./file-commands.ts";
import type { JobSetup } from "./job.ts";
import { type JobLog, type LogPlace, type PhaseName, PhaseOutput } from "./job-log.ts";
import { node24 } from "./machine.ts";
import { PhaseProcess } from "./phase-process.ts";
import { shellCommand } from "./shells.ts";
import { firstLine, type NodeAction, type Outcome, phaseName, type Stage, type Step } from "./step.ts";

/** What a hook is told; `env` is the process's whole environment, and changing it changes the process's. */
export interface PhaseInfo {
  readonly job: string;
  readonly step: string;
  readonly phase: PhaseName;
  readonly env: Record<string, string>;
  readonly home: string;
  readonly temp: string;
  readonly workspace: string;
}

export type PhaseHook = (info: PhaseInfo) => void | Promise<void>;

interface Phase {
  readonly step: Step;
  readonly stage: Stage;
  readonly env: Record<string, string>;
  readonly contexts: Contexts;
  readonly isAborted: () => boolean;
}

/** Of the `github` context, what a process finds as `GITHUB_…`. [src actions/runner Worker/GitHubContext.cs] */
const EXPOSED = new Set([
  "action_path",
  "action_ref",
  "action_repository",
  "action",
  "actor",
  "actor_id",
  "api_url",
  "base_ref",
  "event_name",
  "event_path",
  "graphql_url",
  "head_ref",
  "job",
  "ref_name",
  "ref_protected",
  "ref_type",
  "ref",
  "repository",
  "repository_id",
  "repository_owner",
  "repository_owner_id",
  "retention_days",
  "run_attempt",
  "run_id",
  "run_number",
  "server_url",
  "sha",
  "triggering_actor",
  "workflow",
  "workflow_ref",
  "workflow_sha",
  "workspace",
]);
const SUMMARY_LIMIT_BYTES = 1024 * 1024;

/** Runs one phase of one step: its environment, the head of its log, its process, its files. */
export class PhaseRunner {
  readonly eventPath: string;
  /** What hooks have thrown; the job goes on as if they had not. */
  readonly hookFailures: unknown[] = [];
  readonly runnerContext: Readonly<Record<string, string>>;
  readonly #setup: JobSetup;
  readonly #log: JobLog;
  /** Of the whole job; `GITHUB_ENV` adds to it. */
  readonly #env: Record<string, string>;
  readonly #workspace: string;
  readonly #trackingId: string;
  readonly #paths: string[] = [];
  readonly #composites = new Map<Step, { inputs: Record<string, string>; env: Record<string, string> }>();
  readonly #processes: PhaseProcess[] = [];
  #running: PhaseProcess | undefined;

  constructor(parts: {
    setup: JobSetup;
    log: JobLog;
    env: Record<string, string>;
    workspace: string;
    trackingId: string;
  }) {
    this.#setup = parts.setup;
    this.#log = parts.log;
    this.#env = parts.env;
    this.#workspace = parts.workspace;
    this.#trackingId = parts.trackingId;
    const { machine } = parts.setup;
    this.eventPath = join(machine.temp, "_github_workflow", "event.json");
    this.runnerContext = {
      os: "Linux",
      arch: arch() === "arm64" ? "ARM64" : "X64",
      name: machine.name,
      environment: machine.environment,
      tool_cache: machine.toolCache,
      temp: machine.temp,
      workspace: join(parts.workspace, ".."),
    };
  }

  /** Signals the process that runs, if one does; returns at once. */
  cancel(): void {
    void this.#running?.cancel(this.#setup.timing);
  }

  async hook(call: () => void | Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.hookFailures.push(error);
    }
  }

  /** Gives up the pipes that orphans may still hold. */
  release(): void {
    for (const process of this.#processes) process.release();
  }

  githubContext(base: Readonly<Record<string, unknown>>, step: Step | undefined): Record<string, unknown> {
    const context: Record<string, unknown> = {
      ...base,
      workspace: this.#workspace,
      event_path: this.eventPath,
      action: step ? actionName(step) : "",
    };
    const action =
      step?.runnable.kind === "node" || step?.runnable.kind === "composite" ? step.runnable : undefined;
    if (action?.remote) {
      context.action_repository = action.remote.repository;
      context.action_ref = action.remote.ref;
    }
    const parent = step?.parent?.runnable;
    if (parent?.kind === "composite") context.action_path = parent.directory;
    return context;
  }

  /** Prints the head of a composite action and settles its inputs for this stage. */
  enterComposite(step: Step, stage: Stage, env: Record<string, string>, contexts: Contexts): void {
    if (step.runnable.kind !== "composite") return;
    const inputs = evaluateInputs(step, step.runnable.inputs, contexts);
    this.#composites.set(step, { inputs, env });
    const place = this.#place(step, stage);
    this.#warnOfUnexpected(inputs, step.runnable.inputs, place);
    this.#head(place, stage, `Run ${step.runnable.reference}`, inputs, env);
  }

  /** As they were evaluated for the stage that is running. */
  compositeInputs(step: Step): Record<string, string> {
    return this.#composites.get(step)?.inputs ?? {};
  }

  /** The environment of a composite step, which holds for the steps in it too. */
  compositeEnv(step: Step): Record<string, string> {
    return this.#composites.get(step)?.env ?? {};
  }

  /** @throws when it cannot be run at all; the message is for the log. */
  async run(phase: Phase): Promise<Outcome> {
    const { step, stage } = phase;
    const place = this.#place(step, stage);
    const { key, onPhase } = this.#setup;
    const event = { job: key, step: step.label, phase: place.phase as PhaseName };
    const { machineEnvironment } = this.#setup;
    const allows = (name: string): boolean => isOn(machineEnvironment[name]) || isOn(phase.env[name]);
    const output = new PhaseOutput(
      this.#log,
      place,
      {
        setOutput: (name, value) => {
          step.outputs[name] = value;
        },
        saveState: (name, value) => {
          step.state[name] = value;
        },
        setEnv: (name, value) => {
          this.#env[name] = value;
        },
        addPath: (path) => this.#addPath(path),
      },
      {
        anyStopToken: allows("ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS"),
        setEnv: allows("ACTIONS_ALLOW_UNSECURE_COMMANDS"),
      },
    );
    onPhase({ ...event, state: "start" });
    try {
      const outcome =
        step.runnable.kind === "built-in"
          ? await this.#builtIn(phase, place, output)
          : await this.#process(phase, place, output);
      return output.failed && outcome === "success" ? "failure" : outcome;
    } finally {
      onPhase({ ...event, state: "end" });
    }
  }

  async #process(phase: Phase, place: LogPlace, output: PhaseOutput): Promise<Outcome> {
    const { step, stage, isAborted } = phase;
    const { machine, key, timing, beforePhase, afterPhase } = this.#setup;
    const files = await FileCommands.create(machine.temp);
    const command =
      step.runnable.kind === "node"
        ? this.#nodeCommand(phase, step.runnable, place)
        : await this.#scriptCommand(phase, place);
    const env = { ...command.env, ...files.environment };
    const info: PhaseInfo = {
      job: key,
      step: step.label,
      phase: place.phase as PhaseName,
      env,
      home: machine.home,
      temp: machine.temp,
      workspace: this.#workspace,
    };
    try {
      if (beforePhase) await this.hook(() => beforePhase(info));
      if (isAborted() || machine.lost) return "cancelled";
      await machine.giveToUser();
      const process = new PhaseProcess(
        { ...command, env },
        { timing, entrance: machine.entrance, onLine: (line) => output.line(line) },
      );
      if (process.supervisor) machine.remember(process.supervisor);
      this.#processes.push(process);
      this.#running = process;
      if (isAborted()) this.cancel();
      const timeout = this.#timeout(phase, process);
      const end = await process.ended.finally(() => {
        this.#running = undefined;
        timeout.clear();
      });
      step.phases.push({ phase: info.phase, pid: process.pid, ...end });
      if (timeout.expired) {
        this.#log.annotate(
          "error",
          `The action '${step.name}' has timed out after ${timeout.minutes} minutes.`,
          place,
        );
        return "failure";
      }
      if (isAborted()) return "cancelled";
      if (end.exitCode === 0) return "success";
      if (stage === "main" && step.runnable.kind === "script") {
        this.#log.annotate("error", `Process completed with exit code ${end.exitCode ?? end.signal}.`, place);
      }
      return "failure";
    } finally {
      const applied = await this.#collect(step, files, place);
      if (!applied) output.failed = true;
      if (afterPhase && !machine.lost) await this.hook(() => afterPhase(info));
    }
  }

  async #builtIn({ step, stage, contexts }: Phase, place: LogPlace, output: PhaseOutput): Promise<Outcome> {
    if (step.runnable.kind !== "built-in") return "failure";
    const { action, reference } = step.runnable;
    const { files, repository, apiUrl, now } = this.#setup;
    const inputs = evaluateInputs(step, action.inputs, contexts);
    this.#warnOfUnexpected(inputs, action.inputs, place);
    this.#head(place, stage, `Run ${reference}`, inputs, {});
    const started = performance.now();
    const call: BuiltInCall = {
      inputs,
      state: step.state,
      workspace: this.#workspace,
      files,
      repository,
      apiUrl,
      now: now(),
      print: (line) => output.line(line),
      setOutput: (name, value) => {
        step.outputs[name] = value;
      },
      saveState: (name, value) => {
        step.state[name] = value;
      },
    };
    try {
      await (stage === "post" ? action.post?.(call) : action.main(call));
      return "success";
    } catch (error) {
      this.#log.annotate("error", error instanceof Error ? error.message : String(error), place);
      return "failure";
    } finally {
      const durationMs = performance.now() - started;
      step.phases.push({
        phase: place.phase as PhaseName,
        exitCode: null,
        signal: null,
        pid: null,
        durationMs,
      });
    }
  }

  #nodeCommand(
    { step, stage, env, contexts }: Phase,
    action: NodeAction,
    place: LogPlace,
  ): { file: string; args: string[]; cwd: string; env: Record<string, string> } {
    const inputs = evaluateInputs(step, action.inputs, contexts);
    const shown = { ...env, ...prefixed("STATE_", step.state) };
    this.#warnOfUnexpected(inputs, action.inputs, place);
    this.#head(place, stage, `Run ${action.reference}`, inputs, shown);
    const script = action.runs[stage];
    if (script === undefined) throw new Error(`${action.reference} has no ${stage}`);
    const named = Object.entries(inputs).map(([name, value]) => [
      name.replaceAll(" ", "_").toUpperCase(),
      value,
    ]);
    return {
      file: node24(),
      args: [join(action.directory, script)],
      cwd: this.#workspace,
      env: {
        ...this.#environment(shown, step),
        ...prefixed("INPUT_", Object.fromEntries(named) as Record<string, string>),
        ...this.#setup.actionsRuntime,
      },
    };
  }

  async #scriptCommand(
    { step, env, contexts }: Phase,
    place: LogPlace,
  ): Promise<{ file: string; args: string[]; cwd: string; env: Record<string, string> }> {
    const { spec, machine } = this.#setup;
    const script = interpolate(step.spec.run ?? "", contexts);
    // `defaults.run` does not reach into composite actions.
    const defaults = step.parent ? undefined : spec.runDefaults;
    const { file, args, extension } = shellCommand(step.spec.shell ?? defaults?.shell ?? "");
    const path = join(machine.temp, `${randomUUID()}${extension}`);
    const shown = script.trimEnd().split("\n");
    this.#log.write(`##[group]Run ${firstLine(script)}`, place);
    for (const line of shown) this.#log.write(`\u001b[36;1m${line}\u001b[0m`, place);
    this.#log.write(`shell: ${file} ${args.join(" ")}`, place);
    this.#section("env", env, place);
    this.#log.write("##[endgroup]", place);
    await writeFile(path, script);
    const directory = step.spec.workingDirectory ?? defaults?.workingDirectory ?? "";
    return {
      file,
      args: args.map((word) => word.replaceAll("{0}", path)),
      cwd: join(this.#workspace, interpolate(directory, contexts)),
      env: this.#environment(env, step),
    };
  }

  /** The runner's own names stand over whatever a step has set; the machine's below. */
  #environment(env: Record<string, string>, step: Step): Record<string, string> {
    const { machineEnvironment, github } = this.#setup;
    const below: Record<string, string> = {
      ...machineEnvironment,
      RUNNER_TRACKING_ID: this.#trackingId,
      CI: "true",
      ...env,
    };
    const exposed = Object.entries(this.githubContext(github, step)).filter(
      ([name, value]) => EXPOSED.has(name) && value !== undefined,
    );
    return {
      ...below,
      PATH: [...this.#paths]
        .reverse()
        .concat(below.PATH ?? "")
        .join(":"),
      ...prefixed(
        "GITHUB_",
        Object.fromEntries(exposed.map(([name, value]) => [name.toUpperCase(), String(value)])),
      ),
      ...prefixed(
        "RUNNER_",
        Object.fromEntries(
          Object.entries(this.runnerContext).map(([name, value]) => [name.toUpperCase(), value]),
        ),
      ),
      GITHUB_ACTIONS: "true",
    };
  }

  #timeout(
    { step, contexts }: Phase,
    process: PhaseProcess,
  ): { clear: () => void; readonly expired: boolean; minutes: number } {
    const minutes = Number(interpolate(step.spec.timeoutMinutes ?? "0", contexts));
    const state = { expired: false, minutes, clear: () => {} };
    if (!(minutes > 0)) return state;
    const { timing } = this.#setup;
    const timer = setTimeout(() => {
      state.expired = true;
      void process.cancel(timing);
    }, minutes * timing.minuteMs);
    state.clear = () => clearTimeout(timer);
    return state;
  }

  /** @returns false when a file could not be understood, which fails the step. */
  async #collect(step: Step, files: FileCommands, place: LogPlace): Promise<boolean> {
    const results = await files.collect();
    for (const [name, value] of Object.entries(results.env)) {
      if (name.toUpperCase() === "NODE_OPTIONS") {
        const refusal = "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.";
        this.#log.annotate("error", refusal, place);
      } else this.#env[name] = value;
    }
    Object.assign(step.outputs, results.outputs);
    Object.assign(step.state, results.state);
    for (const path of results.paths) this.#addPath(path);
    if (Buffer.byteLength(results.summary) > SUMMARY_LIMIT_BYTES) {
      const size = Math.ceil(Buffer.byteLength(results.summary) / 1024);
      const refusal = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${size}k.`;
      this.#log.annotate("error", refusal, place);
    } else this.#log.appendSummary(results.summary);
    for (const problem of results.problems) this.#log.annotate("error", problem, place);
    return results.problems.length === 0;
  }

  #addPath(path: string): void {
    const at = this.#paths.indexOf(path);
    if (at >= 0) this.#paths.splice(at, 1);
    this.#paths.push(path);
  }

  #warnOfUnexpected(
    inputs: Record<string, string>,
    declared: Readonly<Record<string, string | undefined>>,
    place: LogPlace,
  ): void {
    const valid = Object.keys(declared);
    const lower = new Set(valid.map((name) => name.toLowerCase()));
    const unexpected = Object.keys(inputs).filter((name) => !lower.has(name.toLowerCase()));
    if (unexpected.length === 0) return;
    const warning = `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid.join("', '")}']`;
    this.#log.annotate("warning", warning, place);
  }

  #head(
    place: LogPlace,
    stage: Stage,
    title: string,
    inputs: Record<string, string>,
    env: Record<string, string>,
  ): void {
    if (stage === "post") {
      this.#log.write("Post job cleanup.", place);
      return;
    }
    this.#log.write(`##[group]${title}`, place);
    this.#section(
      "with",
      Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== "")),
      place,
    );
    this.#section("env", env, place);
    this.#log.write("##[endgroup]", place);
  }

  #section(title: string, values: Record<string, string>, place: LogPlace): void {
    const lines = Object.entries(values);
    if (lines.length === 0) return;
    this.#log.write(`${title}:`, place);
    for (const [name, value] of lines) this.#log.write(`  ${name}: ${value}`, place);
  }

  #place(step: Step, stage: Stage): LogPlace {
    return { job: this.#setup.key, step: step.label, phase: phaseName(step, stage) };
  }
}

function actionName(step: Step): string {
  const { id, uses } = step.spec;
  if (id !== undefined) return id;
  if (uses === undefined) return "__run";
  return `__${(uses.split("@")[0] ?? "").replaceAll("./", "self").replaceAll(/[^A-Za-z0-9_-]/g, "_")}`;
}

function evaluateInputs(
  step: Step,
  declared: Readonly<Record<string, string | undefined>>,
  contexts: Contexts,
): Record<string, string> {
  const given = Object.entries(step.spec.with).map(([name, template]) => [
    name,
    interpolate(template, contexts),
  ]);
  const inputs = Object.fromEntries(given) as Record<string, string>;
  const names = new Set(Object.keys(inputs).map((name) => name.toLowerCase()));
  for (const [name, fallback] of Object.entries(declared)) {
    if (!names.has(name.toLowerCase())) inputs[name] = interpolate(fallback ?? "", contexts);
  }
  return inputs;
}

/** As the runner reads its own switches. [src actions/runner Sdk/Util/StringUtil.cs] */
function isOn(value: string | undefined): boolean {
  return ["1", "true", "$true"].includes(value?.toLowerCase() ?? "");
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}
